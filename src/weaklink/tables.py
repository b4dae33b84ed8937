"""What does each column of each table mean, and in which unit?

Every table that the product stores or prints is declared here, once. Headers, documentation, the formula
that `explain` prints and the Arrow types all follow from these declarations.
"""

from __future__ import annotations

from weaklink import indicators
from weaklink.columns import Column, TableSchema

YEAR = Column("year", "integer", "calendar year", "year of the trade flow")
PRODUCT = Column("product", "text", "", "six-digit product code, text, in the nomenclature of the data set")
LABEL = Column("label", "text", "", "short name of the product; the source's own label is in the data set")
IMPORTER = Column("importer", "text", "ISO 3166 alpha-3", "country that imports")
EXPORTER = Column("exporter", "text", "ISO 3166 alpha-3", "country that exports; ZZZ where not identified")
VALUE_USD = Column("value_usd", "integer", "US dollars, current", "value of the flow")
QUANTITY_KG = Column("quantity_kg", "integer", "kilograms", "net mass of the flow; empty where not reported")

FLOWS = TableSchema(
    "flows",
    "what one country imported of one product from another in one year",
    (YEAR, PRODUCT, IMPORTER, EXPORTER, VALUE_USD, QUANTITY_KG),
)

IMPORTS_USD = Column(
    "imports_usd",
    "integer",
    "US dollars, current",
    "imports from outside the bloc",
    "M = Σ_s m_s, m_s the imports of all members from supplier s outside the bloc",
    "CEPII BACI value of trade; flows between members are left out",
)
TOP_SUPPLIER = Column(
    "top_supplier",
    "text",
    "ISO 3166 alpha-3",
    "largest supplier outside the bloc; of equals, the first in alphabetical order",
    "argmax_s m_s",
)
SCREEN = TableSchema(
    "screen",
    "how the importer depends on suppliers of one product in one year",
    (
        PRODUCT,
        LABEL,
        IMPORTS_USD,
        TOP_SUPPLIER,
        indicators.TOP_SHARE,
        indicators.GROUP_SHARE,
        Column(
            "group_share_change",
            "number",
            "share points",
            "group_share less its value five years earlier; empty where that year has no data",
            "group_share(year) - group_share(year - 5)",
        ),
        indicators.HERFINDAHL,
        indicators.EXTERNAL_SHARE,
        indicators.IMPORT_EXPORT_RATIO,
        indicators.WORLD_EXPORT_HERFINDAHL,
        indicators.SUPPLIERS,
        indicators.COVERAGE,
        indicators.EFFECTIVE_SUPPLIERS,
        Column(
            "group_imports_usd",
            "integer",
            "US dollars, current",
            "imports from the chosen supplier group",
            "Σ value of import flows from suppliers in the group",
        ),
        Column(
            "top_regime",
            "text",
            "",
            "class of the largest supplier's political regime in that year",
            "",
            "Regimes of the World (V-Dem): Lührmann et al. (2018), Politics and Governance 6(1), 60",
        ),
        Column(
            "exports_usd",
            "integer",
            "US dollars, current",
            "exports of the members to the outside of the bloc",
            "X = Σ value of flows from members to others",
            "CEPII BACI value of trade; flows between members are left out",
        ),
        Column(
            "imports_kg", "integer", "kilograms", "imports from outside the bloc, reported quantities only"
        ),
        indicators.WORLD_COVERAGE,
    ),
)

HISTORY = TableSchema(
    "history",
    "how the dependence on one product stood in one year",
    (
        YEAR,
        PRODUCT,
        LABEL,
        IMPORTS_USD,
        indicators.HERFINDAHL,
        TOP_SUPPLIER,
        indicators.TOP_SHARE,
        indicators.GROUP_SHARE,
        indicators.COVERAGE,
    ),
)

SUPPLIERS = TableSchema(
    "suppliers",
    "how much the importer bought of one product from one supplier in one year",
    (
        YEAR,
        PRODUCT,
        LABEL,
        Column("supplier", "text", "ISO 3166 alpha-3", "supplier outside the bloc; ZZZ where not identified"),
        Column("supplier_name", "text", "", "English short name of the supplier"),
        Column("regime", "text", "", "class of the supplier's political regime in that year"),
        Column("in_group", "text", "yes or no", "whether the supplier belongs to the chosen group"),
        VALUE_USD,
        QUANTITY_KG,
        Column(
            "share",
            "number",
            "share, 0 to 1",
            "share in imports from identified suppliers; empty for ZZZ",
            "m_s / Σ_s m_s",
        ),
    ),
)

EXPLANATION = TableSchema(
    "explanation",
    "one row of the source that a figure was computed from",
    (
        YEAR,
        PRODUCT,
        IMPORTER,
        EXPORTER,
        VALUE_USD,
        QUANTITY_KG,
        Column("role", "text", "", "what the flow counts as: import, internal, export, or world"),
        Column("group", "text", "yes or no", "whether the exporter belongs to the chosen supplier group"),
        Column("vintage", "text", "", "release of the source"),
        Column("licence", "text", "", "licence of the source"),
    ),
)

BLOC_MEMBERS = TableSchema(
    "bloc_members",
    "one country of a bloc on a day",
    (
        Column("iso3", "text", "ISO 3166 alpha-3", "the country"),
        Column("name", "text", "", "English short name"),
        Column("bloc", "text", "", "the bloc, or empty for a country named by itself"),
        Column("status", "text", "", "member, invitee or partner"),
        Column("since", "text", "ISO date", "first day of the membership"),
        Column("until", "text", "ISO date", "first day on which it is over; empty while it lasts"),
        Column("regime", "text", "", "class of the political regime in that year; empty where not classed"),
        Column("source", "text", "", "the document that the row rests on"),
    ),
)

BLOC_NAMES = TableSchema(
    "bloc_names",
    "one bloc that an expression can name",
    (
        Column("bloc", "text", "", "name of the bloc in expressions"),
        Column("title", "text", "", "full name"),
        Column("aliases", "text", "", "other names that are understood"),
        Column("note", "text", "", "what the rows of the bloc count and what they leave out"),
    ),
)

PRODUCT_MATCHES = TableSchema(
    "product_matches",
    "one product code that fits the words",
    (
        PRODUCT,
        Column("nomenclature", "text", "", "edition of the Harmonized System"),
        Column("label", "text", "", "label of the code in that edition"),
        Column("score", "number", "0 to 100", "how well the words fit; 100 is exact"),
        Column("how", "text", "", "what fitted: a synonym, all words, or a spelling"),
    ),
)

DATASETS = TableSchema(
    "datasets",
    "one data set that can be asked",
    (
        Column("name", "text", "", "name to give to --data"),
        Column("kind", "text", "", "embedded in the product, or a snapshot that you added"),
        Column("vintage", "text", "", "release of the source"),
        Column(
            "nomenclature", "text", "", "edition of the Harmonized System; empty where it has no products"
        ),
        Column("years", "text", "", "first and last year"),
        Column("rows", "integer", "rows", "number of rows"),
        Column("licence", "text", "", "terms of the source"),
        Column("source", "text", "", "who published it"),
        Column("sha256", "text", "", "digest of the stored file"),
    ),
)

VERIFICATION = TableSchema(
    "verification",
    "whether one stored file is still what was stored",
    (
        Column("name", "text", "", "data set"),
        Column("sha256", "text", "", "digest recorded when the file was stored"),
        Column("state", "text", "", "intact, or what is wrong with it"),
    ),
)

PROBLEMS = TableSchema(
    "problems",
    "one thing that is wrong with a file",
    (
        Column("file", "text", "", "name of the file"),
        Column("row", "integer", "line of the file, from 1", "where; empty where the whole file is meant"),
        Column("column", "text", "", "column of the file"),
        Column("value", "text", "", "what stands there"),
        Column("expected", "text", "", "what was expected"),
        Column("remedy", "text", "", "what to do"),
    ),
)

MINERAL = Column(
    "mineral", "text", "", "mineral as World Mining Data names it; the brackets say what is weighed"
)
LARGEST_PRODUCER = Column(
    "largest_producer",
    "text",
    "ISO 3166 alpha-3",
    "largest producer; of equals, the first in alphabetical order",
    "argmax_c p_c",
)
EXTRACTION_GROUP_SHARE = Column(
    "group_share",
    "number",
    "share, 0 to 1",
    "share of the chosen supplier group in known world production",
    "Σ_{c in group} p_c / Σ_c p_c",
)
EXTRACTION_HERFINDAHL = Column(
    "herfindahl",
    "number",
    "0 to 1",
    "concentration of producing countries: Herfindahl-Hirschman index of known world production",
    "Σ_c (p_c / Σ_c p_c)², p_c the production of country c",
    "Hirschman (1964), American Economic Review 54(5), 761",
)
IMPORTER_PRODUCTION_SHARE = Column(
    "importer_share",
    "number",
    "share, 0 to 1",
    "share of the importer's own members in known world production; empty where no importer is named",
    "Σ_{c in importer} p_c / Σ_c p_c",
)
EXTRACTION_COVERAGE = Column(
    "coverage",
    "number",
    "share, 0 to 1",
    "share of production that is known, where a country's unknown production is taken for that of its nearest "
    "known year; below the floor no figure is given",
    "Σ_c p_c / (Σ_c p_c + stand-ins)",
    "our own measure",
)

MINERALS = TableSchema(
    "minerals",
    "how concentrated the production of one mineral was in one year, and in which hands",
    (
        MINERAL,
        Column("production", "integer", "as `unit` says", "known world production of the year"),
        Column(
            "unit", "text", "", "unit of production: metric tonnes, kilograms, carats, million cubic metres"
        ),
        LARGEST_PRODUCER,
        Column(
            "largest_share",
            "number",
            "share, 0 to 1",
            "share of the largest producer in known world production",
            "max_c p_c / Σ_c p_c",
        ),
        EXTRACTION_GROUP_SHARE,
        EXTRACTION_HERFINDAHL,
        Column(
            "governance_herfindahl",
            "number",
            "0 to 10",
            "concentration in which each producer's squared share counts by its governance, 10 the worst; a "
            "producer without an estimate adds nothing",
            "Σ_c (p_c / Σ_c p_c)² · g_c, g_c = (2.5 - political stability of c) · 2, held between 0 and 10",
            "after HHI_WGI of European Commission (2017), Methodology for establishing the EU list of critical raw "
            "materials, which takes the mean of six governance indicators",
        ),
        Column(
            "producers",
            "integer",
            "countries",
            "number of countries with known production",
            "number of p_c > 0",
        ),
        IMPORTER_PRODUCTION_SHARE,
        Column(
            "group_share_change",
            "number",
            "share points",
            "group_share less its value five years earlier; empty where that year has no data",
            "group_share(year) - group_share(year - 5)",
        ),
        Column(
            "herfindahl_change",
            "number",
            "index points",
            "herfindahl less its value five years earlier; empty where that year has no data",
            "herfindahl(year) - herfindahl(year - 5)",
        ),
        Column(
            "stage",
            "text",
            "",
            "what the source counts: extraction (the mine) or processing (smelter or refinery)",
        ),
        EXTRACTION_COVERAGE,
        Column(
            "governance_coverage",
            "number",
            "share, 0 to 1",
            "as coverage, counting only producers with a governance estimate",
            "Σ_{c with g_c} p_c / (Σ_c p_c + stand-ins)",
            "our own measure",
        ),
        Column(
            "estimated_share",
            "number",
            "share, 0 to 1",
            "share of known production that the source has estimated",
            "Σ estimated p_c / Σ_c p_c",
        ),
        Column(
            "known_rows",
            "number",
            "share, 0 to 1",
            "share of the countries listed for the mineral whose production is known",
            "countries of known production / countries listed",
        ),
    ),
)

MINERAL_TRADE = TableSchema(
    "mineral_trade",
    "how the extraction of one mineral compares with the trade in one of the products it is sold as",
    (
        MINERAL,
        PRODUCT,
        LABEL,
        Column("extraction_herfindahl", "number", "0 to 1", "herfindahl of table minerals"),
        indicators.WORLD_EXPORT_HERFINDAHL,
        Column("import_herfindahl", "number", "0 to 1", "herfindahl of table screen"),
        LARGEST_PRODUCER,
        Column("largest_share", "number", "share, 0 to 1", "largest_share of table minerals"),
        TOP_SUPPLIER,
        indicators.TOP_SHARE,
        Column("extraction_group_share", "number", "share, 0 to 1", "group_share of table minerals"),
        Column("import_group_share", "number", "share, 0 to 1", "group_share of table screen"),
        IMPORTER_PRODUCTION_SHARE,
        IMPORTS_USD,
        Column("form", "text", "", "form in which the product is sold: ore, mineral, compound or metal"),
        Column("alone", "text", "yes or no", "whether the code is of this mineral alone"),
        Column("extraction_coverage", "number", "share, 0 to 1", "coverage of table minerals"),
        Column("import_coverage", "number", "share, 0 to 1", "coverage of table screen"),
    ),
)

SUPPLY_RISK = TableSchema(
    "supply_risk",
    "how risky the supply of a material is at one stage, or of a group of materials, term by term",
    (
        Column("material", "text", "", "material as your file names it, or the group"),
        Column("group", "text", "", "group that the material is assessed with; empty where it stands alone"),
        Column("stage", "text", "", "extraction, processing, or group: the mean of the members"),
        Column(
            "supply_risk",
            "number",
            "0 and above",
            "supply risk of the material: of its riskiest stage; of a group: the mean of its members",
            "SR = max over stages of stage_risk; group: Σ SR / members",
            "European Commission (2017), Methodology for establishing the EU list of critical raw materials",
        ),
        Column("economic_importance", "number", "0 to 10", "economic importance as your file states it"),
        Column(
            "critical",
            "text",
            "yes or no",
            "whether risk and importance both reach their thresholds; a member of a group is judged with it; "
            "empty where a deciding figure is missing",
            "SR ≥ 1.0 and EI ≥ 2.8; both thresholds can be set",
            "European Commission (2017), Methodology for establishing the EU list of critical raw materials",
        ),
        Column(
            "stage_risk",
            "number",
            "0 and above",
            "supply risk of the stage",
            "[HHI_GS · IR/2 + HHI_EU · (1 - IR/2)] · (1 - EoL_RIR) · SI_SR; a sole known HHI stands alone",
            "European Commission (2017), Methodology for establishing the EU list of critical raw materials",
        ),
        Column("used", "text", "", "concentrations that stage_risk rests on: GS+EU, GS or EU"),
        Column(
            "global_herfindahl",
            "number",
            "0 to 15",
            "HHI_GS: concentration of the global supply, weighted by governance and trade barriers",
            "Σ_c S_c² · g_c · t_c, S_c shares from 0 to 1, g_c as in table minerals, t_c the trade parameter",
            "European Commission (2017), Methodology for establishing the EU list of critical raw materials",
        ),
        Column(
            "global_from", "text", "", "where HHI_GS comes from: your file, your shares, or World Mining Data"
        ),
        Column(
            "global_coverage", "number", "share, 0 to 1", "share of supply with a country and its governance"
        ),
        Column(
            "importer_herfindahl",
            "number",
            "0 to 15",
            "HHI_EU: as global_herfindahl, for the importer's own sourcing, home production included",
            "Σ_c S_c² · g_c · t_c",
            "European Commission (2017), Methodology for establishing the EU list of critical raw materials",
        ),
        Column("importer_from", "text", "", "where HHI_EU comes from: your file or your shares"),
        Column(
            "importer_coverage", "number", "share, 0 to 1", "as global_coverage, for the importer's sourcing"
        ),
        Column(
            "import_reliance",
            "number",
            "share, 0 to 1",
            "IR: as your file states it, or from its imports, exports and domestic production",
            "(imports - exports) / (domestic production + imports - exports), 0 for a net exporter",
            "recalled, not verified against the study",
        ),
        Column(
            "recycling", "number", "share, 0 to 1", "EoL_RIR: share of demand met by end-of-life recycling"
        ),
        Column(
            "substitution",
            "number",
            "0 to 1",
            "SI_SR: index of substitution, 1 where nothing can replace the material; taken as your file states it",
        ),
    ),
)

AGREEMENT = TableSchema(
    "agreement",
    "how far two definitions agree on one year's products",
    (
        Column("definition", "text", "", "the one definition"),
        Column("other", "text", "", "the other definition"),
        Column("listed", "integer", "products", "products that the one definition lists"),
        Column("other_listed", "integer", "products", "products that the other definition lists"),
        Column("both", "integer", "products", "products that both list"),
        Column(
            "jaccard",
            "number",
            "0 to 1",
            "products on both lists over products on either",
            "|A ∩ B| / |A ∪ B|",
        ),
        Column(
            "rank_correlation",
            "number",
            "-1 to 1",
            "rank correlation of the margins, over products that both have a margin for",
            "Spearman's rho",
            "Spearman (1904), American Journal of Psychology 15(1), 72",
        ),
    ),
)

CHURN = TableSchema(
    "churn",
    "how many products left and entered a definition's list since the year before",
    (
        Column("definition", "text", "", "the definition"),
        YEAR,
        Column("listed", "integer", "products", "products on the list in that year"),
        Column("entered", "integer", "products", "on the list, and not the year before"),
        Column("left", "integer", "products", "on the list the year before, and no longer"),
        Column(
            "churn",
            "number",
            "share, 0 to 1",
            "share of the list of the year before that is no longer on it",
            "|D(t-1) \\ D(t)| / |D(t-1)|",
            "Vicard and Wibaux (2023), CEPII Policy Brief 41",
        ),
    ),
)

THRESHOLDS = TableSchema(
    "thresholds",
    "what a definition's list would be with one threshold moved",
    (
        Column("definition", "text", "", "the definition"),
        Column("indicator", "text", "", "the indicator whose threshold is moved"),
        Column("threshold", "number", "unit of the indicator", "the threshold"),
        Column("moved", "number", "relative", "how far it is from the definition's own"),
        Column("listed", "integer", "products", "products on the list"),
        Column("entered", "text", "", "products that enter the list"),
        Column("left", "text", "", "products that leave it"),
    ),
)

CHANGES = TableSchema(
    "changes",
    "one product that left or entered a definition's list since the year before",
    (
        Column("definition", "text", "", "the definition"),
        PRODUCT,
        LABEL,
        Column("change", "text", "", "entered or left"),
        Column("margin_before", "number", "relative to the threshold", "margin in the year before"),
        Column("margin", "number", "relative to the threshold", "margin in the year asked"),
    ),
)

DEFINITIONS = TableSchema(
    "definitions",
    "one definition of a dependency",
    (
        Column("name", "text", "", "name to give to --definitions"),
        Column("rule", "text", "", "its criteria in words"),
        Column(
            "status", "text", "", "whether its criteria were read in the source, recalled, or are our own"
        ),
        Column("title", "text", "", "what it is called"),
        Column("zero_exports", "text", "", "what holds for a ratio to exports where nothing is exported"),
        Column("perimeter", "text", "", "what its authors applied it to"),
        Column("citation", "text", "", "who published it"),
    ),
)

MEMBERS = TableSchema(
    "members",
    "how the bloc as one, or one of its members by itself, depends on suppliers of one product",
    (
        PRODUCT,
        LABEL,
        Column("importer", "text", "", "the bloc, or one member"),
        Column("importer_name", "text", "", "its name"),
        IMPORTS_USD,
        TOP_SUPPLIER,
        indicators.TOP_SHARE,
        indicators.GROUP_SHARE,
        indicators.HERFINDAHL,
        indicators.COVERAGE,
    ),
)

RED_LINES = TableSchema(
    "red_lines",
    "how one red line stands for one importer and product",
    (
        Column("line", "text", "", "name of the red line"),
        Column("importer", "text", "", "the bloc, or one member"),
        PRODUCT,
        LABEL,
        Column("figure", "text", "", "the indicator that is limited, or days of stock"),
        Column("value", "number", "unit of the indicator", "where it stands"),
        Column("limit", "number", "unit of the indicator", "where the line is drawn"),
        Column("state", "text", "", "breached, kept, or unknown where too little is known"),
        Column(
            "excess", "number", "unit of the indicator", "how far it is beyond the line; negative: within it"
        ),
        Column("since", "integer", "calendar year", "first year of the breach that has lasted until now"),
        Column(
            "to_move",
            "number",
            "share, 0 to 1",
            "least share of imports that would have to come from new small suppliers to keep the line",
            "share s and limit l: s - l; concentration: the cut from the largest suppliers that brings H to l",
            "own bound: moved imports are taken to go to suppliers too small to count",
        ),
        Column(
            "to_move_usd",
            "integer",
            "US dollars, current",
            "the same in money; for stock, the stock that lacks",
        ),
    ),
)

REVERSE = TableSchema(
    "reverse",
    "how the importer and the supplier group lean on each other for one product, or for all shown",
    (
        Column("product", "text", "", "six-digit product code; `all` for the sum of the products shown"),
        LABEL,
        SCREEN.column("group_imports_usd"),
        indicators.GROUP_SHARE,
        Column(
            "market_share",
            "number",
            "share, 0 to 1",
            "share of the importer in the group's exports outside itself, to identified customers: how far the "
            "group depends on our market",
            "Σ_{s in G} m_s / Σ_c x_c, x_c the group's exports to customer c outside it",
            "influence of a buyer: Hirschman (1945), National Power and the Structure of Foreign Trade; own measure",
        ),
        Column(
            "balance",
            "number",
            "share points",
            "who leans more on whom: above zero the importer on the group's goods, below zero the group on "
            "the importer's market",
            "group_share - market_share",
            "asymmetry of Keohane and Nye (1977), Power and Interdependence; own measure",
        ),
        Column(
            "mutual_dependence",
            "number",
            "share, 0 to 1",
            "the dependence that both sides have at least",
            "min(group_share, market_share)",
            "own measure",
        ),
        Column(
            "other_importers",
            "integer",
            "countries",
            "identified countries, the importer's aside, that buy the product from the group",
            "number of c outside the importer with x_c > 0",
        ),
        Column(
            "customer_herfindahl",
            "number",
            "0 to 1",
            "concentration of the group's customers, the importer being one of them and every other country by itself",
            "Σ_c (x_c / Σ_c x_c)²",
            "Hirschman (1964), American Economic Review 54(5), 761",
        ),
        Column(
            "absorption",
            "number",
            "ratio, 0 and above",
            "by what share the imports of everybody else would have to grow to take what the group sells to us: "
            "the smaller, the easier it goes elsewhere",
            "Σ_{s in G} m_s / all imports of countries outside the importer and the group",
            "own measure",
        ),
        Column(
            "exports_to_group_usd",
            "integer",
            "US dollars, current",
            "exports of the importer to the group",
            "Σ value of flows from members to the group",
        ),
        Column(
            "supplied_share",
            "number",
            "share, 0 to 1",
            "share of the importer in the group's imports from identified suppliers outside itself",
            "exports to the group / imports of the group",
            "plain share",
        ),
        Column(
            "supply_balance",
            "number",
            "share points",
            "above zero the importer takes more of its imports from the group than the group of its own from it",
            "group_share - supplied_share",
            "own measure",
        ),
        Column(
            "export_share",
            "number",
            "share, 0 to 1",
            "share of the group in the importer's exports to identified customers outside itself",
            "exports to the group / exports",
            "plain share",
        ),
        Column(
            "trade_balance_usd",
            "integer",
            "US dollars, current",
            "what the importer sells to the group less what it buys from it",
            "exports_to_group_usd - group_imports_usd",
        ),
        IMPORTS_USD,
        SCREEN.column("exports_usd"),
        Column(
            "group_exports_usd",
            "integer",
            "US dollars, current",
            "exports of the group to the outside of itself",
            "Σ value of flows from the group to others",
        ),
        Column(
            "group_total_imports_usd",
            "integer",
            "US dollars, current",
            "imports of the group from outside itself",
            "Σ value of flows from others to the group",
        ),
        Column(
            "others_imports_usd",
            "integer",
            "US dollars, current",
            "all imports of countries outside the importer and the group, from each other too",
            "Σ value of flows to countries in neither",
        ),
        indicators.COVERAGE,
        Column(
            "market_coverage",
            "number",
            "share, 0 to 1",
            "as coverage, for the group's exports outside itself",
            "Σ value of usable export flows of the group / Σ value of all of them",
            "own definition",
            0.0,
            1.0,
        ),
    ),
)

COMMON = TableSchema(
    "common",
    "which members have the same largest supplier of one product, each by itself",
    (
        PRODUCT,
        LABEL,
        Column("supplier", "text", "ISO 3166 alpha-3", "the supplier, outside the bloc"),
        Column("supplier_name", "text", "", "English short name of the supplier"),
        Column("in_group", "text", "yes or no", "whether the supplier belongs to the chosen group"),
        Column(
            "members",
            "integer",
            "countries",
            "members whose largest supplier it is, with at least the share asked; every foreign supplier counts, "
            "other members too",
            "number of members i with argmax_s m_is = s and m_is / Σ_s m_is ≥ share asked",
            "own definition",
        ),
        Column("member_codes", "text", "ISO 3166 alpha-3", "those members, the largest buyer first"),
        Column("buying_members", "integer", "countries", "members that import the product at all"),
        Column(
            "joint_imports_usd",
            "integer",
            "US dollars, current",
            "what those members together buy from the supplier",
            "Σ_i m_is",
        ),
        Column(
            "joint_share",
            "number",
            "share, 0 to 1",
            "the same over all that those members import of the product, unidentified suppliers and other members "
            "included; in dollars",
            "Σ_i m_is / Σ_i Σ_s m_is",
            "own definition",
        ),
        Column(
            "least_share", "number", "share, 0 to 1", "smallest share of the supplier among those members"
        ),
    ),
)

SUBSTITUTES = TableSchema(
    "substitutes",
    "which members lack one product without the supplier group, and who already exports it",
    (
        PRODUCT,
        LABEL,
        Column(
            "lacking",
            "integer",
            "countries",
            "members that take at least the share asked of their own imports from the group",
            "number of members i with Σ_{s in G} m_is / Σ_s m_is ≥ share asked, members no part of G",
            "own definition",
        ),
        Column("lacking_codes", "text", "ISO 3166 alpha-3", "those members, the largest importer first"),
        SCREEN.column("group_imports_usd"),
        indicators.GROUP_SHARE,
        Column(
            "cover",
            "number",
            "ratio, 0 and above",
            "exports of members and partners to the outside over the bloc's imports from the group: from 1 on they "
            "could replace it, were all of it sold to the bloc instead",
            "Σ_e outside exports of candidate e / Σ_{s in G} m_s",
            "own measure; says nothing of price, contracts, grade or free capacity",
        ),
        Column(
            "cover_low",
            "number",
            "ratio, 0 and above",
            "the same without what candidates may only have passed on",
            "Σ_e min(outside exports, max(0, exports - imports of e)) / Σ_{s in G} m_s",
            "own bound; what a candidate imports is taken to be exported first",
        ),
        Column(
            "member_cover",
            "number",
            "ratio, 0 and above",
            "as cover, members alone",
            "Σ_{e member} outside exports / Σ_{s in G} m_s",
            "own measure",
        ),
        Column("candidates", "text", "ISO 3166 alpha-3", "largest exporters to the outside, largest first"),
        Column("member_exporters", "integer", "countries", "members that export it to the outside"),
        Column("member_exports_usd", "integer", "US dollars, current", "exports of members outside the bloc"),
        Column(
            "member_exports_kg",
            "integer",
            "kilograms",
            "the same in mass; empty where too many quantities are not reported",
        ),
        Column("member_to_members_usd", "integer", "US dollars, current", "trade between members"),
        Column(
            "partner_exporters",
            "integer",
            "countries",
            "partners that export it to anyone outside the bloc; 0 where none were named",
        ),
        Column(
            "partner_exports_usd",
            "integer",
            "US dollars, current",
            "exports of partners outside the bloc, to each other too",
        ),
        Column(
            "partner_exports_kg",
            "integer",
            "kilograms",
            "the same in mass; empty where too many quantities are not reported",
        ),
        Column("partner_to_members_usd", "integer", "US dollars, current", "exports of partners to members"),
        indicators.COVERAGE,
    ),
)

CANDIDATES = TableSchema(
    "candidates",
    "how much one member or partner exports of one product that the bloc buys from the supplier group",
    (
        PRODUCT,
        LABEL,
        Column("candidate", "text", "ISO 3166 alpha-3", "the country that exports"),
        Column("candidate_name", "text", "", "its English short name"),
        Column("role", "text", "", "member or partner"),
        Column("exports_outside_usd", "integer", "US dollars, current", "its exports outside the bloc"),
        Column(
            "exports_outside_kg",
            "integer",
            "kilograms",
            "the same in mass; empty where too many quantities are not reported",
        ),
        Column(
            "exports_to_members_usd", "integer", "US dollars, current", "its exports to members of the bloc"
        ),
        Column(
            "own_exports_usd",
            "integer",
            "US dollars, current",
            "least part of its exports outside that it cannot only have passed on",
            "min(outside exports, max(0, exports - imports))",
            "own bound; what it imports is taken to be exported first",
        ),
        Column(
            "cover",
            "number",
            "ratio, 0 and above",
            "its exports outside over the bloc's imports from the group",
            "outside exports / Σ_{s in G} m_s",
            "own measure",
        ),
        Column("own_group_share", "number", "share, 0 to 1", "share of the group in its own imports"),
    ),
)

ITEM = Column("item", "text", "", "a technology, service or infrastructure, named as in the sheet")
PERIOD = Column("period", "text", "", "year, month or day that the row is of")
PROVISION = TableSchema(
    "provision",
    "who provides how much of one item to whom",
    (
        ITEM,
        Column("domain", "text", "", "technology, gas, power, cloud, telecom, ports or cables"),
        Column("dependent", "text", "", "a country, a bloc expression, or world"),
        Column("supplier", "text", "ISO 3166 alpha-3", "country that provides; ZZZ where not identified"),
        Column("provider", "text", "", "the firm, where one is named"),
        Column("place", "text", "", "the port, landing or entry point, where there is one"),
        Column("share", "number", "share, 0 to 1", "share of all that the dependent uses of the item"),
        Column("quantity", "number", "as `unit` says", "how much; either this or a share is given"),
        Column("unit", "text", "", "unit of the quantity, or what the share is of"),
        PERIOD,
        Column("source", "text", "", "who published it"),
        Column("licence", "text", "", "terms of the source"),
    ),
)
NEEDS = TableSchema(
    "needs",
    "what one item needs",
    (
        ITEM,
        Column("input", "text", "", "another item that goes into it"),
        Column("choice", "text", "", "name shared by inputs of which one suffices; empty: it is needed"),
        Column("source", "text", "", "who published it"),
        Column("licence", "text", "", "terms of the source"),
    ),
)
PROVISION_SCREEN = TableSchema(
    "provision_screen",
    "how the importer depends on suppliers of one item",
    (
        ITEM,
        Column("domain", "text", "", "technology, gas, power, cloud, telecom, ports or cables"),
        TOP_SUPPLIER,
        indicators.TOP_SHARE,
        indicators.GROUP_SHARE,
        indicators.HERFINDAHL,
        indicators.SUPPLIERS,
        indicators.EXTERNAL_SHARE,
        indicators.COVERAGE,
        Column("dependency_by", "text", "", "definitions by which it is a dependency"),
        Column("unknown_by", "text", "", "definitions that need more than is known"),
        indicators.THREE_LARGEST,
        indicators.EFFECTIVE_SUPPLIERS,
        Column(
            "basis", "text", "", "whose provision: the importer's own, its members added up, or the world's"
        ),
        Column("unit", "text", "", "unit of the quantities, or what shares are of"),
        PERIOD,
    ),
)
CHAIN_STOPPERS = TableSchema(
    "chain_stoppers",
    "whether one country could stop a whole chain alone",
    (
        Column("country", "text", "ISO 3166 alpha-3", "the country"),
        Column("name", "text", "", "its English short name"),
        Column("verdict", "text", "", "yes, or unknown where shares that decide are not known"),
        Column("bottlenecks", "text", "", "items that it holds and that the chain cannot do without"),
        Column("count", "integer", "items", "how many these are"),
        Column(
            "share_low", "number", "share, 0 to 1", "its least share in the bottleneck nearest to the end"
        ),
        Column("share_high", "number", "share, 0 to 1", "its greatest share there"),
        Column("way", "text", "", "how that bottleneck leads to the end of the chain"),
    ),
)
PASSAGES = TableSchema(
    "passages",
    "how much of the importer's imports passes one strait or canal",
    (
        Column("passage", "text", "", "short name, to close it by"),
        Column("title", "text", "", "its name"),
        Column("through_usd", "integer", "US dollars, current", "imports whose shortest sea route passes it"),
        Column(
            "share",
            "number",
            "share, 0 to 1",
            "share of all imports of the asked products from outside",
            "imports through the passage / imports from outside",
        ),
        Column(
            "sea_share",
            "number",
            "share, 0 to 1",
            "share of the imports that come by sea",
            "imports through the passage / imports by sea",
        ),
        Column(
            "stranded_usd", "integer", "US dollars, current", "of these, imports that have no other sea route"
        ),
        Column(
            "detour_nm",
            "number",
            "nautical miles",
            "mean detour of the others where it closes, weighted by value",
            "Σ value × (length with it closed - length) / Σ value",
        ),
        Column("top_supplier", "text", "ISO 3166 alpha-3", "supplier of most that passes"),
        Column("top_product", "text", "", "product of most that passes"),
    ),
)
SEA_ROUTES = TableSchema(
    "sea_routes",
    "the shortest route between two countries, as things are or with one passage closed",
    (
        Column("closed", "text", "", "the passages that are closed"),
        Column("nautical_miles", "integer", "nautical miles", "length; empty where there is no route"),
        Column("passages", "text", "", "the passages that it goes through, in order"),
        Column("way", "text", "", "the points of the sea that it leads by"),
    ),
)

ALL = (
    FLOWS,
    SCREEN,
    HISTORY,
    SUPPLIERS,
    EXPLANATION,
    BLOC_MEMBERS,
    BLOC_NAMES,
    PRODUCT_MATCHES,
    DATASETS,
    VERIFICATION,
    PROBLEMS,
    DEFINITIONS,
    AGREEMENT,
    CHURN,
    THRESHOLDS,
    CHANGES,
    MEMBERS,
    RED_LINES,
    REVERSE,
    COMMON,
    SUBSTITUTES,
    CANDIDATES,
    MINERALS,
    MINERAL_TRADE,
    SUPPLY_RISK,
    PROVISION,
    NEEDS,
    PROVISION_SCREEN,
    CHAIN_STOPPERS,
    PASSAGES,
    SEA_ROUTES,
)
