"""What does each column on mining and supply risk mean?"""

from __future__ import annotations

from weaklink import indicators
from weaklink.columns import Column, TableSchema
from weaklink.tables.flows import IMPORTS_USD, LABEL, PRODUCT, TOP_SUPPLIER

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
