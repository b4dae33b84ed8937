"""What does each column on measures for materials mean?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema
from weaklink.tables.reducing import MEASURE

PRODUCT = Column("product", "text", "", "code of the product, six digits")
LABEL = Column("label", "text", "", "short name of the product")
MONEY = "million US dollars, current"

REDUCE_MATERIALS = TableSchema(
    "reduce_materials",
    "one measure for one product in the cheapest mix that meets the targets",
    (
        PRODUCT,
        LABEL,
        MEASURE,
        Column("seller", "text", "ISO 3166 alpha-3", "who sells it instead; empty for other measures"),
        Column("instead_of", "text", "ISO 3166 alpha-3", "whose goods it replaces; empty for stocks"),
        Column("amount", "number", "as the column unit says", "how much of it, at the prices before"),
        Column("unit", "text", "", "unit of the amount"),
        Column("share_of_most", "number", "share, 0 to 1", "amount over the most that can be had"),
        Column("unit_cost", "number", "share of value a year", "cost of a unit beyond the price before"),
        Column("cost", "number", f"{MONEY}, a year", "cost of the amount"),
        Column(
            "missing_without",
            "number",
            MONEY,
            "how much more is missing without it, all else as it is, where most: of the scenarios of its product",
            "max_ω (L_ω(mix without it) - L_ω(mix))",
        ),
        Column(
            "share_without",
            "number",
            "share, 0 to 1",
            "share of whose goods it replaces without it, all else as it is",
        ),
        Column("quality", "text", "", "how good the source of its cost and limit is"),
        Column("source", "text", "", "where its cost and limits are from"),
    ),
)

REDUCE_PRODUCTS = TableSchema(
    "reduce_products",
    "one product before and after the mix",
    (
        PRODUCT,
        LABEL,
        Column("imports_musd", "number", MONEY, "imports of the bloc from outside in the year"),
        Column("supplier", "text", "ISO 3166 alpha-3", "largest supplier outside before the mix"),
        Column("share_before", "number", "share, 0 to 1", "its share in them"),
        Column(
            "share_after",
            "number",
            "share, 0 to 1",
            "its share with the mix in what is used, imported or recovered at home",
        ),
        Column("largest_after", "text", "ISO 3166 alpha-3", "largest supplier outside with the mix"),
        Column("largest_share_after", "number", "share, 0 to 1", "its share in what is used"),
        Column(
            "missing_before",
            "number",
            "share of a year's use",
            "largest loss over the scenarios of the product without the mix, in the lens of goods",
        ),
        Column("missing_after", "number", "share of a year's use", "the same with the mix"),
        Column("worst", "text", "", "without whom that is"),
        Column("cost", "number", f"{MONEY}, a year", "cost of the measures for the product"),
        Column("kept", "text", "", "yes, or which limit no mix of these measures keeps"),
    ),
)

MATERIALS_FRONTIER = TableSchema(
    "reduce_materials_frontier",
    "one point of the frontier: the cheapest mix at one level of what is missing",
    (
        Column("cost", "number", f"{MONEY}, a year", "cost of the mix"),
        Column(
            "missing",
            "number",
            MONEY,
            "what is missing as optimised: each product without its suppliers, added up; with targets on "
            "`unserved`, the "
            "mean over draws of the scenario",
            "Σ_ω L_ω, or Σ_ω p_ω L_ω",
        ),
        Column("replayed", "number", MONEY, "the same in the simulator, by day"),
        Column(
            "worst_share", "number", "share of a year's use", "largest share of a product that is missing"
        ),
        Column("price", "number", "dollars a dollar", "cost of one dollar less missing", "-∂cost/∂missing"),
        Column(
            "gap", "number", "share", "how far above the cheapest it can be at most", "(cost - bound) / cost"
        ),
    ),
)

ALL_OF_REDUCING_MATERIALS = (REDUCE_MATERIALS, REDUCE_PRODUCTS, MATERIALS_FRONTIER)
