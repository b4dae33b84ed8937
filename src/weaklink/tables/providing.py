"""What does each column on technology, infrastructure and sea passages mean?"""

from __future__ import annotations

from weaklink import indicators
from weaklink.columns import Column, TableSchema
from weaklink.tables.flows import TOP_SUPPLIER

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
