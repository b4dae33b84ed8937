"""What does each column on the market mean: scarce inputs, a year without imports, trade in the long run?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema
from weaklink.tables.exposure import SECTOR, SECTOR_NAME

BACHMANN = "Bachmann et al. (2024), Economica 91(364), appendix A"
BAQAEE_FARHI = "Baqaee and Farhi (2019), Econometrica 87(4), 1155"
ELASTICITY = Column(
    "elasticity", "number", "elasticity of substitution", "between the input and everything else"
)
FIRST = Column(
    "first_order",
    "number",
    "%",
    "loss if weights did not change: what is missing at prices before",
    "1 - exp(Σ w_i x_i)",
    "Hulten (1978), Review of Economic Studies 45(3), 511",
)
SECOND = Column(
    "second_order",
    "number",
    "%",
    "loss with half the change of weights: right for small changes only",
    "1 - exp(Σ w_i x_i + ½ Σ_ij ∂w_i/∂x_j x_i x_j)",
    BAQAEE_FARHI,
)
EXACT = Column("loss", "number", "%", "loss of real output or expenditure, exactly")
REGION = Column(
    "region", "text", "", "ISO3 of a region of the table, or the bloc expression for all members together"
)
REGION_NAME = Column("region_name", "text", "", "what the region is called")
EXPENDITURE = Column(
    "expenditure",
    "number",
    "millions of the table's currency, current",
    "gross national expenditure: consumption and investment, from home and abroad",
)

CES_LOSSES = TableSchema(
    "ces_losses",
    "what a sector or economy with one scarce input loses at one elasticity",
    (
        Column("cut", "number", "share, 0 to 1", "share of the input that is missing", "c"),
        ELASTICITY,
        Column(
            "loss",
            "number",
            "%",
            "loss of output, exactly",
            "1 - [a (1 - c)^((σ-1)/σ) + (1 - a)]^(σ/(σ-1)), with share a and cut c",
            BACHMANN,
        ),
        Column("first_order", "number", "%", "loss to first order: the share times the cut", "a c", BACHMANN),
        Column(
            "second_order",
            "number",
            "%",
            "loss to second order, formula A4, with the cut for the change of the logarithm as in the paper; "
            "empty at σ = 0",
            "a c - ½ (1 - 1/σ) a (1 - a) c²",
            BACHMANN,
        ),
        Column("share_after", "number", "%", "the input's share of cost once it is scarce; empty at σ = 0"),
        Column(
            "price_change",
            "number",
            "%",
            "change of the price of the input in units of output; empty at σ = 0",
            "((1 - loss) / (1 - c))^(1/σ) - 1",
        ),
    ),
)

SHORT_RUN = TableSchema(
    "short_run",
    "what a country loses in a year without part of what it imports from a group",
    (
        REGION,
        REGION_NAME,
        EXPENDITURE,
        Column(
            "imports_share",
            "number",
            "%",
            "what is bought of the group in the sectors asked, as a share of gross national expenditure",
        ),
        FIRST,
        SECOND,
        EXACT,
        Column("loss_rigid", "number", "%", "loss with every elasticity at the low end of its range"),
        Column("loss_flexible", "number", "%", "loss with every elasticity at the high end of its range"),
    ),
)

SHORT_RUN_SECTORS = TableSchema(
    "short_run_sectors",
    "what becomes of one sector of a country, and of imports of its product, in a year without part of them",
    (
        REGION,
        SECTOR,
        SECTOR_NAME,
        Column(
            "domar_weight",
            "number",
            "%",
            "gross output of the sector over gross national expenditure",
            "λ",
        ),
        Column("import_weight", "number", "%", "imports of the product over gross national expenditure", "Λ"),
        Column(
            "imports_cut",
            "number",
            "%",
            "imports of the product that are missing, suppliers taken together",
        ),
        Column("import_price", "number", "%", "change of what imports of the product are worth"),
        Column(
            "price",
            "number",
            "%",
            "change of the price of the sector's output, relative to that of expenditure",
        ),
        Column("output", "number", "%", "change of the output of the sector"),
    ),
)

LONG_RUN = TableSchema(
    "long_run",
    "what a region gains or loses once all has adjusted to dearer trade between two groups, or to none",
    (
        Column("side", "text", "", "importer, suppliers, others, or world"),
        REGION,
        REGION_NAME,
        EXPENDITURE,
        Column(
            "trade_before",
            "number",
            "%",
            "imports from the other side as a share of what the region buys, in the balanced world before",
        ),
        Column("trade_after", "number", "%", "the same once all has adjusted: exactly 0 after an embargo"),
        Column(
            "welfare",
            "number",
            "%",
            "change of real final spending; a loss is negative",
            "Î_j / Π_k P̂_jk^α_jk - 1",
            "Caliendo and Parro (2015), Review of Economic Studies 82(1), 1",
        ),
        Column(
            "welfare_inelastic",
            "number",
            "%",
            "the same with all trade elasticities at the low end of what is common to them",
        ),
        Column("welfare_elastic", "number", "%", "the same at the high end"),
    ),
)

ALL_OF_MARKET = (CES_LOSSES, SHORT_RUN, SHORT_RUN_SECTORS, LONG_RUN)
