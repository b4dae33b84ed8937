"""What does each column on look-through dependence mean: exposure, trade in value added, extraction, products?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema
from weaklink.tables.flows import YEAR

BALDWIN = "Baldwin, Freeman and Theodorakopoulos (2023), NBER working paper 31820 (recalled, not read)"
IMPORTING = Column(
    "importer", "text", "", "who depends: the bloc expression as resolved, members as one unit"
)
SECTOR = Column("sector", "text", "", "industry, as the table codes it; `all` for all of them by output")
SECTOR_NAME = Column("sector_name", "text", "", "what the code means, where the source says it")
SUPPLYING = Column("supplier", "text", "", "ISO3 of a supplying country, or the bloc expression as resolved")
OUTPUT = Column(
    "output",
    "number",
    "millions of the table's currency, current",
    "gross output of the sector in the importer",
    "Σ_m x_mj",
)
TABLE_COVERAGE = Column(
    "coverage",
    "number",
    "share, 0 to 1",
    "share of the group's countries that the table has as regions of their own; the others are in its rest of the "
    "world and are not counted",
    "countries with rows / countries of the group",
    "own definition",
    0.0,
    1.0,
)

EXPOSURE = TableSchema(
    "exposure",
    "how far a sector of the importer relies on a supplier, at face value and through its suppliers' suppliers",
    (
        IMPORTING,
        SECTOR,
        SECTOR_NAME,
        SUPPLYING,
        Column(
            "face_value",
            "number",
            "supplier's output per unit of output",
            "what the sector buys of the supplier's industries directly",
            "Σ_{i in s} a_ij",
            BALDWIN,
        ),
        Column(
            "look_through",
            "number",
            "supplier's output per unit of output",
            "what is needed of the supplier's industries in all rounds of inputs: no share, since a good counts each "
            "time it is sold on",
            "Σ_{i in s} (L - I)_ij, or as --definition says",
            BALDWIN,
        ),
        Column(
            "hidden",
            "number",
            "supplier's output per unit of output",
            "hidden exposure: what face value does not show",
            "look_through - face_value",
            BALDWIN,
        ),
        Column(
            "ratio",
            "number",
            "ratio, 0 and above",
            "how many times face value the look-through is; empty where nothing is bought directly",
            "look_through / face_value",
        ),
        Column(
            "value_added_share",
            "number",
            "value per unit of output, 0 to 1",
            "share of the value of the sector's output that was made by the supplier, at any remove: over all "
            "suppliers and the importer it sums to one",
            "Σ_{i in s} v_i L_ij",
            "Timmer et al. (2014), Journal of Economic Perspectives 28(2), 99",
            0.0,
            1.0,
        ),
        Column(
            "foreign_share",
            "number",
            "share, 0 to 1",
            "share of the supplier in all that the sector's look-through finds outside the importer",
            "look_through / Σ_{s outside} look_through",
            "own measure",
        ),
        Column(
            "rest_of_world",
            "number",
            "supplier's output per unit of output",
            "look-through to the rest of the world, of which the group's countries without rows are a part: an upper "
            "bound of what they add; 0 where all have rows",
            "Σ_{i in ROW} (L - I)_ij",
            "own bound",
        ),
        OUTPUT,
        TABLE_COVERAGE,
    ),
)

EXPOSURE_HISTORY = TableSchema(
    "exposure_history",
    "the exposure of a sector in one year of a table of several years",
    (YEAR, *EXPOSURE.columns),
)

EXPOSURE_PATHS = TableSchema(
    "exposure_paths",
    "one path by which the supplier's output reaches the importer's sector",
    (
        Column("rank", "integer", "place, from 1", "the largest path first"),
        Column(
            "path",
            "text",
            "",
            "the industries in the order of delivery, the supplier's first, the importer's last",
        ),
        Column(
            "steps",
            "integer",
            "deliveries",
            "deliveries on the path: 1 is a direct purchase, which is face value",
        ),
        Column(
            "amount",
            "number",
            "supplier's output per unit of output",
            "what the path carries",
            "a_ik · a_kl · … · a_zj, of the first industry's output per unit of the last one's",
            "Defourny and Thorbecke (1984), Economic Journal 94(373), 111",
        ),
        Column(
            "share",
            "number",
            "share, 0 to 1",
            "share of the path in the look-through",
            "amount / look_through",
        ),
        Column("cumulative", "number", "share, 0 to 1", "share of this and all larger paths", "Σ share"),
        Column("through", "text", "ISO 3166 alpha-3", "countries between the supplier and the importer"),
    ),
)

MARKET_EXPOSURE = TableSchema(
    "market_exposure",
    "how far a sector of the exporter relies on the buyers' market, directly and through its customers' customers",
    (
        Column("exporter", "text", "", "who depends: the bloc expression as resolved, members as one unit"),
        SECTOR,
        SECTOR_NAME,
        Column("market", "text", "", "the buyers, as resolved"),
        Column(
            "face_value",
            "number",
            "sales per unit of output, 0 to 1",
            "share of the sector's output that is sold to the market directly, to industries and final buyers",
            "Σ_{j in m} b_ij + y_im / x_i",
            BALDWIN,
        ),
        Column(
            "look_through",
            "number",
            "buyers' output and final purchases per unit of output",
            "the same through all rounds of further processing: no share",
            "Σ_{j in m} (G - I)_ij + final demand reached, G = x̂⁻¹ L x̂",
            BALDWIN,
        ),
        Column(
            "hidden",
            "number",
            "per unit of output",
            "look-through less face value",
            "look_through - face_value",
        ),
        Column(
            "absorbed_share",
            "number",
            "output per unit of output, 0 to 1",
            "share of the sector's output that the market's final buyers use up in the end; over all markets it sums "
            "to one",
            "(L y_m)_i / x_i",
            "Johnson and Noguera (2012), Journal of International Economics 86(2), 224",
            0.0,
            1.0,
        ),
        OUTPUT,
        TABLE_COVERAGE,
    ),
)

VALUE_ADDED_TRADE = TableSchema(
    "value_added_trade",
    "one figure of the exports of a bloc by what is in them",
    (
        Column("exporter", "text", "", "whose exports: the bloc expression as resolved, members as one unit"),
        Column(
            "measure",
            "text",
            "",
            "EXGR gross exports, DC domestic content, DVA domestic value added, VAX value added absorbed abroad, REF "
            "reflected, DDC double counted, FC foreign content",
        ),
        Column("origin", "text", "", "whose value added it is; empty for the total"),
        Column(
            "amount",
            "number",
            "millions of the table's currency, current",
            "the figure",
            "see docs/exposure.md",
            "Koopman, Wang and Wei (2014), American Economic Review 104(2), 459; Los, Timmer and de Vries (2016), "
            "American Economic Review 106(7), 1958",
        ),
        Column("share", "number", "share, 0 to 1", "share of gross exports", "amount / EXGR"),
    ),
)

EXTRACTION = TableSchema(
    "extraction",
    "how much output and value added of a region's sector hang on what is taken out of the table",
    (
        Column(
            "region", "text", "", "who loses: ISO3, or the table's own region; the importer as one unit first"
        ),
        Column("region_name", "text", "", "its name"),
        SECTOR,
        SECTOR_NAME,
        Column(
            "output_loss",
            "number",
            "millions of the table's currency, current",
            "gross output that hangs on what is taken out: participation, neither an upper nor a lower bound of a loss",
            "x - x̄, x̄ = (I - Ā)⁻¹ ȳ",
            "Dietzenbacher, van Burken and Kondo (2019), Economic Systems Research 31(2), 178",
        ),
        Column("loss_share", "number", "loss per unit of output", "share of its output", "output_loss / x"),
        Column(
            "value_added_loss",
            "number",
            "millions of the table's currency, current",
            "value added that goes with it",
            "v (x - x̄)",
        ),
    ),
)

CROSSINGS = TableSchema(
    "crossings",
    "how much of a sector's output crosses a border, once or after any number of further steps",
    (
        IMPORTING,
        SECTOR,
        SECTOR_NAME,
        Column(
            "exported_share",
            "number",
            "share, 0 to 1",
            "share of output that is sold abroad directly",
            "1 - h",
        ),
        Column(
            "high_order_trade",
            "number",
            "share, 0 to 1",
            "share of output that crosses a border at any order of the downstream chain",
            "1 - (I - H_dom)⁻¹ h_dom",
            "definition of Imbs and Pauwels (2022), Journal of Political Economy (abstract read; formula ours)",
            0.0,
            1.0,
        ),
        SUPPLYING,
        Column(
            "visits",
            "number",
            "visits per unit of output",
            "expected number of times that a chain of inputs ending in the sector passes through the supplier",
            "Σ_{i in s} (L - I)_ij",
            "after Inomata and Hanaka (2024), pass-through frequency (normalisation ours, theirs was not read)",
        ),
        Column(
            "chance",
            "number",
            "value per unit of output, 0 to 1",
            "share of the value of the sector's output whose chain of inputs touches the supplier anywhere",
            "h_j = Σ_{i in s} a_ij + Σ_{i not in s} h_i a_ij",
            "own measure",
            0.0,
            1.0,
        ),
        OUTPUT,
    ),
)

INOPERABILITY = TableSchema(
    "inoperability",
    "how far a sector becomes inoperable where the supplier's industries are hit",
    (
        IMPORTING,
        SECTOR,
        SECTOR_NAME,
        Column("step", "integer", "steps from the blow", "empty for the end of all steps"),
        Column(
            "perturbation",
            "number",
            "share, 0 to 1",
            "share of the suppliers' output that the blow takes",
            "c*",
        ),
        Column(
            "inoperability",
            "number",
            "lost output per unit of output, 0 to 1",
            "share of output lost in the end, capped at one after the solve",
            "q = (I - A*)⁻¹ c*, A* = x̂⁻¹ A x̂",
            "Haimes and Jiang (2001), Journal of Infrastructure Systems 7(1), 1",
            0.0,
            1.0,
        ),
        OUTPUT,
    ),
)

PRODUCT_SECTORS = TableSchema(
    "product_sectors",
    "which sector of the table makes a product, with which weight",
    (
        Column("product", "text", "", "HS code as asked"),
        Column("label", "text", "", "what the code means"),
        Column("sector", "text", "", "the sector that makes it"),
        SECTOR_NAME,
        Column("weight", "number", "share, 0 to 1", "share of the product that is mapped to this sector"),
        Column("isic", "text", "ISIC Rev. 4", "the division through which it is joined"),
        Column("rule", "text", "HS heading or chapter", "the row of the concordance that applies"),
        Column(
            "sureness",
            "text",
            "sure, likely, split or stated",
            "how sure that row is; stated by a sheet of your own",
        ),
    ),
)

PRODUCT_USERS = TableSchema(
    "product_users",
    "which sector of the importer stands downstream of the sectors that make the products",
    (
        IMPORTING,
        SECTOR,
        SECTOR_NAME,
        Column(
            "value_added",
            "number",
            "millions of the table's currency, current",
            "value added of the sector in the importer",
        ),
        Column(
            "direct_use",
            "number",
            "makers' output per unit of output",
            "what it buys of the making sectors abroad, per unit of its output",
            "Σ_i w_i a_ij, i the makers among the suppliers",
        ),
        Column(
            "total_use",
            "number",
            "makers' output per unit of output",
            "the same through all rounds of inputs",
            "Σ_i w_i (L - I)_ij",
        ),
        Column(
            "at_risk",
            "number",
            "millions of the table's currency, current",
            "value added that rests on output of the making sectors, at most all of it: exposure, no loss",
            "value_added · min(1, total_use)",
            "own measure",
        ),
        Column(
            "share",
            "number",
            "share, 0 to 1",
            "share of the importer's whole value added at risk",
            "at_risk / Σ at_risk",
        ),
    ),
)

IO_TABLES = TableSchema(
    "io_tables",
    "which input-output table can be asked",
    (
        Column("table", "text", "", "name for --table"),
        Column("kind", "text", "", "embedded or stored"),
        YEAR,
        Column("regions", "integer", "regions", "countries and other regions"),
        Column("sectors", "integer", "sectors", "industries or products"),
        Column("unit", "text", "", "unit of the amounts"),
        Column(
            "imbalance",
            "number",
            "share of output",
            "sum of the residuals of all rows",
            "Σ |x - Z1 - Y1| / Σ x",
        ),
        Column("classification", "text", "", "list of sectors, by which products are joined to them"),
        Column("vintage", "text", "", "release"),
        Column("licence", "text", "", "terms"),
        Column("source", "text", "", "whose table"),
    ),
)
