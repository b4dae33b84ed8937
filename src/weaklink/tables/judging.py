"""What does each column on definitions, members and red lines mean?"""

from __future__ import annotations

from weaklink import indicators
from weaklink.columns import Column, TableSchema
from weaklink.tables.flows import IMPORTS_USD, LABEL, PRODUCT, TOP_SUPPLIER, YEAR

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
