"""What does each column on the other direction mean: reverse, common weak points, substitutes?"""

from __future__ import annotations

from weaklink import indicators
from weaklink.columns import Column, TableSchema
from weaklink.tables.flows import IMPORTS_USD, LABEL, PRODUCT
from weaklink.tables.screening import SCREEN

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
            "concentration of the group's customers, the importer being one of them and every other country "
            "by itself",
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
    "who could supply more of one product in place of a supplier, in order",
    (
        PRODUCT,
        LABEL,
        Column("rank", "integer", "count", "1 for who can add most that does not rest on the old supplier"),
        Column("candidate", "text", "ISO 3166 alpha-3", "the country that exports"),
        Column("candidate_name", "text", "", "its English short name"),
        Column("role", "text", "", "member of the importing bloc, or other"),
        Column("regime", "text", "", "its political regime; empty where there is no class"),
        Column(
            "needed_usd", "integer", "US dollars, current", "the importer's purchases from the old supplier"
        ),
        Column("exports_outside_usd", "integer", "US dollars, current", "its exports outside the importer"),
        Column(
            "own_exports_usd",
            "integer",
            "US dollars, current",
            "least part of its exports outside that it cannot only have passed on",
            "min(outside exports, max(0, exports - imports))",
            "own bound; what it imports is taken to be exported first",
        ),
        Column(
            "independent_usd",
            "integer",
            "US dollars, current",
            "what it could add that does not rest on the old supplier: by this it is ranked",
            "spare · own exports · (1 - max(passing_on, look_through))",
            "own measure",
        ),
        Column(
            "cover",
            "number",
            "ratio, 0 and above",
            "the same over what is needed",
            "independent / needed",
            "own measure",
        ),
        Column(
            "exports_to_members_usd",
            "integer",
            "US dollars, current",
            "what it sells to the importer already",
        ),
        Column(
            "growth", "number", "share a year", "mean yearly growth of its exports outside, over five years"
        ),
        Column(
            "old_share",
            "number",
            "share, 0 to 1",
            "the old supplier's share in its own imports of the product",
        ),
        Column(
            "passing_on",
            "number",
            "share, 0 to 1",
            "most of what it sells that may be the old supplier's, if it sells on what it buys",
            "old_share · min(1, imports / exports outside)",
            "own bound",
        ),
        Column(
            "look_through",
            "number",
            "share, 0 to 1",
            "the old supplier's share in the value of what its making industries produce; empty where no table says",
        ),
        Column("premium", "number", "share", "its unit value over the old supplier's, less one, at least 0"),
        Column("nautical_miles", "number", "nautical miles", "way by sea to the largest buyer; 0 by land"),
        Column("stability", "number", "standard normal units", "political stability, higher is better"),
        Column("reasons", "text", "", "why it stands where it stands"),
    ),
)
