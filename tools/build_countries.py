"""How are the country tables of `weaklink.data` made from the originals?

    python tools/build_countries.py ORIGINALS_DIR

`countries.csv` and its card are derived from two published tables in ORIGINALS_DIR and from the overrides
below. The two tables compiled by hand, `country_aliases.csv` and `areas.csv`, are read only: their cards
get the new digest and the new count of rows.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from weaklink.data import ROOT
from weaklink.provenance import Card

ISO_FILE = "country-codes.csv"
BACI_FILE = "baci_country_codes_V202401b.csv"
COLUMNS = ("iso3", "iso2", "name", "m49", "comtrade", "eurostat", "until", "note", "other_names")
NAME_COLUMNS = ("CLDR display name", "UNTERM English Short", "UNTERM English Formal", "official_name_en")

# Numbers of customs territories that UN Comtrade and BACI use in place of the ISO number.
TRADE_NUMBERS = {
    "CHE": "757",
    "FRA": "251",
    "IND": "699",
    "NOR": "579",
    "TWN": "490",
    "USA": "842",
}
EUROSTAT_LETTERS = {"GBR": "UK", "GRC": "EL"}

# Short names that read well in a table, where the Common Locale Data Repository's does not.
SHORT_NAMES = {
    "BIH": "Bosnia and Herzegovina",
    "COD": "DR Congo",
    "COG": "Congo Republic",
    "CPV": "Cabo Verde",
    "GBR": "United Kingdom",
    "MAF": "Saint Martin (French part)",
    "SGS": "South Georgia",
    "UMI": "US Outlying Islands",
    "USA": "United States",
    "VIR": "US Virgin Islands",
}

NOTES = {
    "CHN": "mainland: Hong Kong and Macao are customs territories of their own",
    "HKG": "a customs territory of its own, never counted in China",
    "MAC": "a customs territory of its own, never counted in China",
    "MNE": "from 2006-06-03; before, part of Serbia and Montenegro",
    "NAM": "its two letters are NA, which careless readers take for a missing value",
    "SDN": "until 2011-07-09 with what is now South Sudan",
    "SRB": "from 2006-06-03; BACI and Comtrade count Kosovo in it; XS in Eurostat's Comext",
    "SSD": "from 2011-07-09",
    "TWN": "UN sources do not name it: 'Other Asia, not elsewhere specified' stands for it",
}

# Codes that the original lacks: Kosovo (user-assigned) and former areas (ISO 3166-3). An area keeps the
# alpha-3 code that ISO withdrew with it; where the code lives on (Germany, Sudan), so does the country.
ADDED: tuple[Mapping[str, str], ...] = (
    {
        "iso3": "XKX",
        "iso2": "XK",
        "name": "Kosovo",
        "comtrade": "412",
        "eurostat": "XK",
        "note": "user-assigned code; BACI and Comtrade show no flows, they count it in Serbia",
    },
    {
        "iso3": "ANT",
        "iso2": "AN",
        "name": "Netherlands Antilles",
        "m49": "530",
        "until": "2010-10-10",
        "note": "then Curaçao, Sint Maarten and the Caribbean Netherlands",
    },
    {
        "iso3": "CSK",
        "iso2": "CS",
        "name": "Czechoslovakia",
        "m49": "200",
        "until": "1993-01-01",
        "note": "then Czechia and Slovakia",
    },
    {
        "iso3": "DDR",
        "iso2": "DD",
        "name": "German Democratic Republic",
        "m49": "278",
        "until": "1990-10-03",
        "note": "then part of Germany",
    },
    {
        "iso3": "NTZ",
        "iso2": "NT",
        "name": "Neutral Zone",
        "m49": "536",
        "until": "1993-07-12",
        "note": "between Iraq and Saudi Arabia; the date is that of ISO's withdrawal of the code",
    },
    {
        "iso3": "PCI",
        "iso2": "PC",
        "name": "US Pacific Trust Territory",
        "other_names": "Pacific Islands (trust territory)",
        "m49": "582",
        "until": "1994-10-01",
        "note": "then the Marshall Islands, Micronesia, the Northern Marianas and, last, Palau",
    },
    {
        "iso3": "PCZ",
        "iso2": "PZ",
        "name": "Panama Canal Zone",
        "m49": "592",
        "until": "1979-10-01",
        "note": "then part of Panama",
    },
    {
        "iso3": "SCG",
        "iso2": "CS",
        "name": "Serbia and Montenegro",
        "m49": "891",
        "until": "2006-06-03",
        "note": "then Serbia, and Montenegro; until 2003 the Federal Republic of Yugoslavia",
    },
    {
        "iso3": "SUN",
        "iso2": "SU",
        "name": "USSR",
        "m49": "810",
        "until": "1991-12-26",
        "note": "then fifteen countries",
    },
    {
        "iso3": "VDR",
        "iso2": "VD",
        "name": "North Vietnam",
        "m49": "866",
        "until": "1976-07-02",
        "note": "then part of Vietnam; number as in UN Comtrade",
    },
    {
        "iso3": "YMD",
        "iso2": "YD",
        "name": "South Yemen",
        "m49": "720",
        "until": "1990-05-22",
        "note": "then part of Yemen",
    },
    {
        "iso3": "YUG",
        "iso2": "YU",
        "name": "Yugoslavia",
        "m49": "890",
        "until": "1992-04-27",
        "note": "the Socialist Federal Republic; what came after it until 2006 is SCG here, with number 891",
    },
)


def read(path: Path) -> list[dict[str, str]]:
    """All rows of a published table, every cell as text: Namibia's `NA` stays."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def short_name(row: Mapping[str, str]) -> str:
    """The name for tables and charts."""
    name = SHORT_NAMES.get(row["ISO3166-1-Alpha-3"], row["CLDR display name"])
    return name.replace("’", "'").replace(" & ", " and ")


def published_names(row: Mapping[str, str]) -> list[str]:
    """English names in the original, without its footnote asterisks."""
    return [row[column].replace("*", "").strip() for column in NAME_COLUMNS]


def baci_names(baci: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """BACI's names by ISO3, without dated areas, and as they were before somebody read UTF-8 as Latin-1."""
    return {
        row["country_iso3"]: row["country_name"].encode("latin-1").decode("utf-8")
        for row in baci
        if "(..." not in row["country_name"]
    }


def country_row(row: Mapping[str, str], baci: Mapping[str, str]) -> dict[str, str]:
    """One row of `countries.csv` from one of the original."""
    iso3, iso2 = row["ISO3166-1-Alpha-3"], row["ISO3166-1-Alpha-2"]
    name = short_name(row)
    others = dict.fromkeys(one for one in (*published_names(row), baci.get(iso3, "")) if one and one != name)
    return {
        "iso3": iso3,
        "iso2": iso2,
        "name": name,
        "m49": row["ISO3166-1-numeric"].zfill(3),
        "comtrade": TRADE_NUMBERS.get(iso3, ""),
        "eurostat": EUROSTAT_LETTERS.get(iso3, iso2),
        "until": "",
        "note": NOTES.get(iso3, ""),
        "other_names": " | ".join(others),
    }


def country_rows(originals: Path) -> list[dict[str, str]]:
    """All rows of `countries.csv`, by ISO3."""
    baci = baci_names(read(originals / BACI_FILE))
    made = [country_row(row, baci) for row in read(originals / ISO_FILE)]
    added = [{column: row.get(column, "") for column in COLUMNS} for row in ADDED]
    return sorted([*made, *added], key=lambda row: row["iso3"])


def csv_text(rows: Iterable[Mapping[str, str]]) -> str:
    """A comma-separated table with LF line ends."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def digest(path: Path) -> str:
    """The sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def table_cards(originals: Path) -> list[Card]:
    """The cards of the three tables, with the digests of the files as they stand."""
    return [
        Card(
            name="countries",
            what="Countries and territories: ISO 3166, UN, Comtrade and Eurostat codes, English names",
            source=(
                "Country Codes data package, Open Knowledge (from UN Statistics Division, UNTERM, ISO and "
                "CLDR). BACI names: CEPII, BACI, release 202401b, country code table"
            ),
            licence=(
                "Country Codes: ODC Public Domain Dedication and License 1.0. BACI: Etalab Open Licence 2.0"
            ),
            vintage="Country Codes: undated copy, after the renaming of Türkiye in 2022. BACI: 202401b",
            sha256=digest(ROOT / "countries.csv"),
            derived_by=(
                "tools/build_countries.py: columns chosen and renamed, numbers padded to three digits, short "
                "names and Comtrade numbers overridden as listed there, BACI's mis-decoded names mended, "
                f"Kosovo and {len(ADDED) - 1} former areas (ISO 3166-3) added by hand"
            ),
            original_sha256=f"{digest(originals / ISO_FILE)} {digest(originals / BACI_FILE)}",
            rows=len(read(ROOT / "countries.csv")),
            caveats=(
                "`until` is the political date, recalled and checked only against the later dates when ISO "
                "withdrew the codes.",
            ),
        ),
        Card(
            name="country_aliases",
            what="Names and codes of countries that ISO 3166 does not list; several ISO3 mark ambiguity",
            source=(
                "Compiled by hand from the spellings of World Bank, IMF, OECD, WTO, FAO, Eurostat, CEPII, "
                "UN Comtrade and Natural Earth tables, and from ISO 3166-3"
            ),
            licence="Apache-2.0, as the product",
            vintage="2026-11",
            sha256=digest(ROOT / "country_aliases.csv"),
            derived_by="compiled by hand; checked against pycountry and country_converter in the tests",
            rows=len(read(ROOT / "country_aliases.csv")),
        ),
        Card(
            name="areas",
            what="What becomes of the statistical areas of trade sources that are not simply countries",
            source=(
                "Policy of this product. Codes: CEPII, BACI, release 202401b, country code table; UN "
                "Comtrade, list of partner areas; Eurostat, Geonomenclature 2020"
            ),
            licence="Apache-2.0, as the product",
            vintage="2026-11",
            sha256=digest(ROOT / "areas.csv"),
            derived_by="compiled by hand; `note` says which codes were seen only at second hand",
            rows=len(read(ROOT / "areas.csv")),
            caveats=(
                "Comtrade and Eurostat codes that no data set here uses were copied from secondary lists.",
            ),
        ),
    ]


def main(originals: Path) -> None:
    """Write `countries.csv` and the three cards, and say so."""
    (ROOT / "countries.csv").write_text(csv_text(country_rows(originals)), encoding="utf-8", newline="\n")
    for card in table_cards(originals):
        path = ROOT / f"{card.name}.card.json"
        path.write_text(card.to_json(), encoding="utf-8")
        print(f"{card.name}.csv: {card.rows} rows, sha256 {card.sha256}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
