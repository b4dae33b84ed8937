"""Which figures describe a dependence? Each is declared once: name, unit, formula, source and range.

`weaklink.trade.lens` says how each is computed. Definitions of a dependency are criteria over these names; the
headers of tables, the page of indicators and what `explain` prints all follow from here.

Letters: m_s imports from supplier s outside the bloc; M imports, X exports, I trade between members; w_e world
exports of country e; G the chosen group of suppliers.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from weaklink.columns import Column

SHARE = "share, 0 to 1"


def _share(name: str, meaning: str, formula: str, source: str) -> Column:
    return Column(name, "number", SHARE, meaning, formula, source, 0.0, 1.0)


HERFINDAHL = Column(
    "herfindahl",
    "number",
    "0 to 1",
    "concentration of suppliers: Herfindahl-Hirschman index of imports from outside the bloc",
    "H = Σ_s (m_s / Σ_s m_s)², s the identified suppliers outside the bloc",
    "Hirschman (1964), American Economic Review 54(5), 761; CDI1 of European Commission SWD(2021)352",
    0.0,
    1.0,
)
EFFECTIVE_SUPPLIERS = Column(
    "effective_suppliers",
    "number",
    "suppliers",
    "the number of equal suppliers that would be as concentrated",
    "1 / H",
    "Laakso and Taagepera (1979), Comparative Political Studies 12(1), 3",
    1.0,
)
SUPPLIERS = Column(
    "suppliers",
    "integer",
    "suppliers",
    "number of identified suppliers outside the bloc",
    "number of s with m_s > 0",
    "plain count",
    0.0,
)
TOP_SHARE = _share(
    "top_share",
    "share of the largest supplier in imports from identified suppliers",
    "max_s m_s / Σ_s m_s",
    "one-firm concentration ratio; the 65 % rule of Regulation (EU) 2024/1252, Article 5",
)
THREE_LARGEST = _share(
    "top3_share",
    "joint share of the three largest suppliers in imports from identified suppliers",
    "Σ of the three largest m_s / Σ_s m_s",
    "concentration ratio CR3",
)
GROUP_SHARE = _share(
    "group_share",
    "share of the chosen supplier group in imports from identified suppliers",
    "Σ_{s in G} m_s / Σ_s m_s",
    "plain share",
)
GROUP_TOP_SHARE = _share(
    "group_top_share",
    "share of the largest supplier that belongs to the chosen group; 0 where none does",
    "max_{s in G} m_s / Σ_s m_s",
    "plain share",
)
GROUP_SHARE_LOW = _share(
    "group_share_low",
    "least share of the group by origin: what members of the group may only pass on is taken away",
    "Σ_{s in G} max(0, m_s - imports of s from outside G) / Σ_s m_s",
    "own bound; no supplier can pass on more than it imports",
)
GROUP_SHARE_HIGH = _share(
    "group_share_high",
    "greatest share of the group by origin: what others may pass on from the group is added",
    "(Σ_{s in G} m_s + Σ_{s not in G} min(m_s, imports of s from G)) / Σ_s m_s",
    "own bound; no supplier can pass on more than it imports",
)
GROUP_WORLD_SHARE = _share(
    "group_world_share",
    "share of the group in the world's exports, all flows counted",
    "Σ_{e in G} w_e / Σ_e w_e",
    "plain share",
)
IMPORT_EXPORT_RATIO = Column(
    "import_export_ratio",
    "number",
    "ratio, 0 and above",
    "imports over exports; empty where there are no exports (CEPII GeoDep writes 9999 there)",
    "M / X",
    "CDI3 of European Commission SWD(2021)352; Lefebvre and Wibaux (2024), CEPII GeoDep",
    0.0,
)
IMPORT_SUPPLY_RATIO = Column(
    "import_supply_ratio",
    "number",
    "ratio, 0 and above",
    "imports over home supply, for which trade between members and exports stand; empty where both are nil",
    "M / (I + X)",
    "Guinea and Sharma (2022), ECIPE Policy Brief 5/2022",
    0.0,
)
EXTERNAL_SHARE = _share(
    "external_share",
    "share of all the members' imports that comes from outside the bloc",
    "M / (M + I)",
    "CDI2 of European Commission SWD(2021)352",
)
WORLD_EXPORT_HERFINDAHL = Column(
    "world_export_herfindahl",
    "number",
    "0 to 1",
    "concentration of the world's exporters, each country by itself, all flows counted",
    "Σ_e (w_e / Σ_e w_e)²",
    "second criterion of CEPII GeoDep; Lefebvre and Wibaux (2024), CEPII Policy Brief 47",
    0.0,
    1.0,
)
EXPORTER_CENTRALIZATION = Column(
    "exporter_centralization",
    "number",
    "0 to 1",
    "how far the world's exports of the product hang on one central exporter: 0 all equal, 1 a single one",
    "Σ_e (c_max - c_e) / (n - 1), c_e = w_e / Σ_e w_e the weighted outdegree of e, n the countries that trade it",
    "Freeman (1978), Social Networks 1(3), 215, on the outdegrees of Korniyenko, Pinat and Dew (2017), IMF WP/17/30",
    0.0,
    1.0,
)
CLUSTERING = Column(
    "clustering",
    "number",
    "0 to 1",
    "tendency of the product's trade network to fall into tight groups: closed triples among all triples",
    "3 × triangles / connected triples of the network of countries that trade the product",
    "transitivity, Newman (2003), SIAM Review 45(2), 167; factor of Korniyenko, Pinat and Dew (2017), IMF WP/17/30",
    0.0,
    1.0,
)
UNIT_VALUE_OUTLIERS = _share(
    "unit_value_outliers",
    "share of import value in flows whose price per kilogram is far from the world's: doubt these first",
    "share of value with |ln u - median| > 3.5 × 1.4826 × MAD, u dollars per kilogram over all flows of the product",
    "modified z-score of Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers",
)
COVERAGE = _share(
    "coverage",
    "share of import value in flows with an identified supplier and, by quantity, a known quantity",
    "Σ value of usable import flows / Σ value of all import flows",
    "own definition",
)
WORLD_COVERAGE = _share(
    "world_coverage",
    "as coverage, for the world's exports",
    "Σ value of usable world flows / Σ value of all world flows",
    "own definition",
)

INDICATORS: Mapping[str, Column] = MappingProxyType(
    {
        column.name: column
        for column in (
            TOP_SHARE,
            THREE_LARGEST,
            GROUP_SHARE,
            GROUP_TOP_SHARE,
            GROUP_SHARE_LOW,
            GROUP_SHARE_HIGH,
            GROUP_WORLD_SHARE,
            HERFINDAHL,
            EFFECTIVE_SUPPLIERS,
            SUPPLIERS,
            EXTERNAL_SHARE,
            IMPORT_EXPORT_RATIO,
            IMPORT_SUPPLY_RATIO,
            WORLD_EXPORT_HERFINDAHL,
            EXPORTER_CENTRALIZATION,
            CLUSTERING,
            UNIT_VALUE_OUTLIERS,
            COVERAGE,
            WORLD_COVERAGE,
        )
    }
)
