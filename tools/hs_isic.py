"""Which ISIC Rev. 4 division makes the goods of each heading of the Harmonized System? The rules, as compiled.

Compiled by hand from the titles of HS headings (edition 2022) and of ISIC Rev. 4 divisions and classes. The
correspondence tables of the United Nations Statistics Division were not at hand, so each rule says how sure it is. Two
stretches (HS 2846 to 2912 and 8503 to 8524) were read beside the World Bank's concordance of HS and ISIC Rev. 3: they
agree, but for headings whose meaning changed between editions; those have rules of their own for the older codes.

    sure    the title of the heading is what the division makes
    likely  most of the heading, or the usual reading; some of it is made elsewhere
    split   two divisions make it and nothing here says how much each: equal parts

`tools/build_io.py` writes them to src/weaklink/data/hs_isic.csv, a row for each code; the longest code applies.
"""

from __future__ import annotations

# codes (a hyphen spans headings), divisions, sureness
RULES = """
01 | 01 | sure
02 | 10 | sure
03 | 10 | likely
0301-0302 | 03 | sure
0303-0305 | 10 | sure
0306-0308 | 03 10 | split
0309 | 10 | sure
04 | 10 | sure
0407 | 01 | sure
0409 | 01 | sure
0410 | 01 | likely
05 | 10 | likely
0501 | 01 | likely
0508 | 03 | likely
06 | 01 | sure
07 | 01 | sure
0710-0712 | 10 | sure
08 | 01 | sure
0811-0814 | 10 | sure
09 | 01 | likely
0902 | 01 10 | split
0903 | 10 | likely
090121 090122 090190 | 10 | sure
10 | 01 | sure
100620 100630 100640 | 10 | sure
11 | 10 | sure
12 | 01 | sure
1208 | 10 | sure
1212 | 01 | likely
121221 121229 | 03 | likely
13 | 02 | likely
1302 | 10 20 | split
14 | 01 | likely
1401 | 02 | likely
15 | 10 | sure
1520 | 20 | likely
16-21 | 10 | sure
22 | 11 | sure
2207 | 20 | likely
2209 | 10 | sure
23 | 10 | sure
2307 | 11 | likely
24 | 12 | sure
2401 | 01 | likely
25 | 08 | sure
2503 | 08 19 | split
2519 | 08 23 | split
2520 | 08 | likely
2522-2523 | 23 | sure
26 | 07 | sure
2618-2621 | 24 | likely
27 | 19 | likely
2701-2702 | 05 | sure
2703 | 08 | sure
2704 | 19 | sure
2705 | 35 | sure
2707 | 19 20 | split
2709 | 06 | sure
2710 | 19 | sure
271111 271121 | 06 | sure
2711 | 19 | likely
2712-2713 | 19 | sure
2714 | 08 | likely
2715 | 23 | likely
2716 | 35 | sure
28 | 20 | sure
281820 | 24 | likely
29 | 20 | sure
291821 291822 | 21 | likely
2933-2934 | 20 | likely
2935 | 21 | likely
2936-2937 2939 2941 | 21 | sure
2938 | 21 | likely
30 | 21 | sure
300640 | 32 | likely
31-32 | 20 | sure
33 | 20 | sure
34 | 20 | sure
3406 | 32 | sure
3407 | 32 | likely
35 | 20 | likely
350110 3505 | 10 | likely
3506 | 20 | sure
36 | 20 | sure
37 | 20 | sure
3704-3706 | 59 | likely
38 | 20 | sure
3801 | 20 23 | split
3816 | 23 | sure
3818 | 20 26 | split
3822 | 21 | likely
3825 | 38 | sure
3826 | 20 | likely
39 | 22 | sure
3901-3914 | 20 | sure
3915 | 38 | likely
40 | 22 | sure
4001 | 01 | likely
4002 | 20 | sure
4004 | 38 | likely
41 | 15 | sure
4101-4103 | 10 | likely
42 | 15 | sure
4203 | 14 | sure
4206 | 32 | likely
43 | 14 | sure
4301 | 01 | likely
4302 | 15 | sure
44 | 16 | sure
4401 | 02 16 | split
4402 | 02 20 | split
4403 | 02 | sure
4404 | 02 | likely
45 | 16 | sure
4501 | 02 | likely
46 | 16 | sure
47 | 17 | sure
4707 | 38 | sure
48 | 17 | sure
49 | 18 | likely
4901-4905 | 58 | sure
50-53 | 13 | sure
5001 | 01 | sure
5101-5102 | 01 | likely
5201 | 01 | likely
5301-5305 | 01 | likely
54 | 13 | sure
5402-5405 | 20 | likely
55 | 13 | sure
5501-5504 5506-5507 | 20 | sure
5505 | 20 | likely
56-60 | 13 | sure
61-62 | 14 | sure
63 | 13 | sure
6309-6310 | 38 | likely
64 | 15 | sure
65 | 14 | likely
6506 | 32 | likely
66-67 | 32 | sure
68-70 | 23 | sure
7001 | 38 | likely
71 | 32 | sure
7101 | 03 32 | split
7102 | 08 | likely
710229 710239 | 32 | sure
710310 | 08 | sure
7104-7105 | 32 | likely
7106-7111 | 24 | sure
7112 | 38 | sure
72 | 24 | sure
7204 | 38 | sure
73 | 25 | sure
7301 | 24 | likely
7302-7306 | 24 | sure
7307 | 24 | likely
7321 | 27 | sure
7325 | 24 25 | split
74 | 24 | sure
7404 | 38 | sure
7413 | 25 | likely
7415-7419 | 25 | sure
75 | 24 | sure
7503 | 38 | sure
7508 | 25 | likely
76 | 24 | sure
7602 | 38 | sure
7610-7616 | 25 | sure
78 | 24 | sure
7802 | 38 | sure
7806 | 25 | likely
79 | 24 | sure
7902 | 38 | sure
7907 | 25 | likely
80 | 24 | sure
8002 | 38 | sure
8007 | 25 | likely
81 | 24 | sure
810197 810297 810330 810420 810530 810730 810830 810930 810931 810939 811020 811213 811222 | 38 | sure
82-83 | 25 | sure
84 | 28 | sure
8401-8404 | 25 | sure
840710 840910 | 30 | sure
840731 840732 840733 840734 840820 | 29 | sure
840991 840999 | 28 29 | split
841111 841112 841121 841122 841191 841210 | 30 | sure
841810 841821 841829 841830 841840 | 27 | sure
842112 842211 8450 845121 | 27 | sure
844331 844332 | 26 | sure
844399 | 26 28 | split
8471 847330 | 26 | sure
8486 | 28 | sure
85 | 27 | sure
8505 | 25 | likely
850520 850590 | 27 | likely
850810 850820 850880 850890 | 28 | sure
8511 | 29 | sure
8512 | 27 | likely
851240 | 29 | likely
8514 | 28 | sure
8515 | 27 | likely
8517-8529 | 26 | sure
852410 852431 852432 852439 852440 852451 852452 852453 | 59 | likely
8531 | 27 | likely
8532-8534 | 26 | sure
8536 | 27 | likely
8540-8542 | 26 | sure
8546-8547 | 27 | likely
8548 | 27 38 | split
8549 | 38 | sure
86 | 30 | sure
8608 | 30 | likely
8609 | 29 | likely
87 | 29 | sure
8701 | 28 | likely
870120 870121 870122 870123 870124 870129 | 29 | sure
8709 | 28 | sure
8710-8715 | 30 | sure
8716 | 29 | likely
88 | 30 | sure
8804 | 13 | sure
8805 | 30 | likely
89 | 30 | sure
8908 | 38 | likely
90 | 26 | sure
900110 | 27 | sure
9003-9004 | 32 | sure
9010 9017 | 26 | likely
9016 | 28 | sure
9018-9021 | 32 | sure
901811 901812 901813 901814 901819 901820 902140 902150 | 26 | sure
9023 | 32 | sure
91 | 26 | sure
9113 | 32 | likely
92 | 32 | sure
93 | 25 | sure
94 | 31 | sure
940110 | 30 | likely
940120 | 29 | likely
9402 | 32 | sure
9405 | 27 | sure
9406 | 16 25 | split
95-96 | 32 | sure
9619 | 17 | sure
97 | 90 | likely
"""

# Sectors of tables whose codes do not say their divisions; those of others are read from the code itself.
SECTORS = {
    "ICIO11": {
        "AGRI_MIN_FOOD": "01-12",
        "MANUF_EXFOOD": "13-33",
        "UTILITIES": "35-39",
        "CONSTRUCTION": "41-43",
        "TRADE": "45-47",
        "TRANSPORT": "49-53",
        "ACCOM_ICT": "55-63",
        "FIN_REALESTATE": "64-68",
        "PROF_ADMIN_PUBADM": "69-84",
        "EDU_HEALTH": "85-88",
        "ARTS_OTHER": "90-98",
    },
    # The release of 2013 follows ISIC Rev. 3: the nearest divisions of Rev. 4, by their titles.
    "WIOD35": {
        "c1 AtB": "01-03",
        "c2 C": "05-09",
        "c3 15t16": "10-12",
        "c4 17t18": "13-14",
        "c5 19": "15",
        "c6 20": "16",
        "c7 21t22": "17-18 58",
        "c8 23": "19",
        "c9 24": "20-21",
        "c10 25": "22",
        "c11 26": "23",
        "c12 27t28": "24-25",
        "c13 29": "28",
        "c14 30t33": "26-27",
        "c15 34t35": "29-30",
        "c16 36t37": "31-32 38",
        "c17 E": "35-36",
        "c18 F": "41-43",
        "c19 50": "45",
        "c20 51": "46",
        "c21 52": "47",
        "c22 H": "55-56",
        "c23 60": "49",
        "c24 61": "50",
        "c25 62": "51",
        "c26 63": "52 79",
        "c27 64": "53 61",
        "c28 J": "64-66",
        "c29 70": "68",
        "c30 71t74": "62-63 69-75 77-78 80-82",
        "c31 L": "84",
        "c32 M": "85",
        "c33 N": "86-88",
        "c34 O": "37 39 59-60 90-96",
        "c35 P": "97-98",
    },
}

# Short names of the sections and divisions of ISIC Rev. 4, after their titles.
TITLES = """
A Agriculture, forestry, fishing
B Mining
C Manufacturing
D Electricity, gas
E Water, waste
F Construction
G Trade
H Transport, storage
I Hotels, restaurants
J Information, communication
K Finance, insurance
L Real estate
M Professional services
N Support services
O Public administration
P Education
Q Health, social work
R Arts, recreation
S Other services
T Households as employers
U International organizations
01 Crops, animals
02 Forestry
03 Fishing
05 Coal
06 Oil, gas
07 Metal ores
08 Other mining
09 Mining support
10 Food
11 Beverages
12 Tobacco
13 Textiles
14 Clothing
15 Leather, shoes
16 Wood
17 Paper
18 Printing
19 Coke, refined petroleum
20 Chemicals
21 Pharmaceuticals
22 Rubber, plastics
23 Glass, cement, ceramics
24 Basic metals
25 Metal products
26 Electronics
27 Electrical equipment
28 Machinery
29 Motor vehicles
30 Other transport equipment
31 Furniture
32 Other manufacturing
33 Repair of machinery
35 Electricity, gas
36 Water
37 Sewerage
38 Waste, recycling
39 Remediation
41 Buildings
42 Civil engineering
43 Special construction
45 Motor trade
46 Wholesale trade
47 Retail trade
49 Land transport
50 Water transport
51 Air transport
52 Warehousing
53 Post
55 Hotels
56 Restaurants
58 Publishing
59 Film, music
60 Broadcasting
61 Telecommunications
62 Computer programming
63 Information services
64 Finance
65 Insurance
66 Financial services
68 Real estate
69 Law, accounting
70 Management
71 Architecture, engineering
72 Research
73 Advertising
74 Other professional services
75 Veterinary services
77 Rental
78 Employment services
79 Travel agencies
80 Security
81 Building services
82 Office support
84 Public administration
85 Education
86 Health
87 Residential care
88 Social work
90 Arts
91 Libraries, museums
92 Gambling
93 Sports, recreation
94 Membership organizations
95 Repair of goods
96 Other personal services
97 Households as employers
98 Households' own production
99 International organizations
"""
