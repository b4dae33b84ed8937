"""What does each column of a screen, its history, suppliers and explanation mean?"""

from __future__ import annotations

from weaklink import indicators
from weaklink.columns import Column, TableSchema
from weaklink.tables.flows import (
    EXPORTER,
    IMPORTER,
    IMPORTS_USD,
    LABEL,
    PRODUCT,
    QUANTITY_KG,
    TOP_SUPPLIER,
    VALUE_USD,
    YEAR,
)

GROUP_IMPORTS_USD = Column(
    "group_imports_usd",
    "integer",
    "US dollars, current",
    "imports from the chosen supplier group",
    "Σ value of import flows from suppliers in the group",
)
EXPORTS_USD = Column(
    "exports_usd",
    "integer",
    "US dollars, current",
    "exports of the members to the outside of the bloc",
    "X = Σ value of flows from members to others",
    "CEPII BACI value of trade; flows between members are left out",
)
IMPORTS_KG = Column(
    "imports_kg", "integer", "kilograms", "imports from outside the bloc, reported quantities only"
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
        GROUP_IMPORTS_USD,
        Column(
            "top_regime",
            "text",
            "",
            "class of the largest supplier's political regime in that year",
            "",
            "Regimes of the World (V-Dem): Lührmann et al. (2018), Politics and Governance 6(1), 60",
        ),
        EXPORTS_USD,
        IMPORTS_KG,
        indicators.WORLD_COVERAGE,
    ),
)

PANEL = TableSchema(
    "panel",
    "how one importer, a bloc or a country by itself, depends on suppliers of one product in one year",
    (
        YEAR,
        PRODUCT,
        Column(
            "importer", "text", "", "ISO 3166 alpha-3 of a country by itself, or the expression of a bloc"
        ),
        IMPORTS_USD,
        TOP_SUPPLIER,
        indicators.TOP_SHARE,
        indicators.GROUP_SHARE,
        indicators.HERFINDAHL,
        indicators.EXTERNAL_SHARE,
        indicators.IMPORT_EXPORT_RATIO,
        indicators.WORLD_EXPORT_HERFINDAHL,
        indicators.SUPPLIERS,
        indicators.COVERAGE,
        GROUP_IMPORTS_USD,
        EXPORTS_USD,
        IMPORTS_KG,
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
