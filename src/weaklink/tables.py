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
)
