"""What must be said with supply risks? Sentences that follow from the sheets and the rules."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from weaklink import data
from weaklink.study.mineral_caveats import GOVERNANCE, listed, of_bloc
from weaklink.study.supply_concentration import FILE, MINING, SHARES, Weighting

if TYPE_CHECKING:
    from weaklink.study.supply_risk import Rules

BY_DECISION = ("copper", "nickel")
NEEDED = {
    "import_reliance": "import reliance",
    "recycling": "recycling",
    "substitution": "substitution",
}
Records = Sequence[Mapping[str, Any]]


def of(weighting: Weighting, records: Records, rules: Rules) -> Iterator[str]:
    """Caveats of an answer, the weightiest first."""
    stages = [record for record in records if record["used"] is not None]
    yield from _incomplete(stages)
    yield from _thin(stages, rules)
    yield from _computed(stages, weighting, rules)
    yield from _reliance(weighting)
    yield from _both(weighting)
    yield from _groups(records)
    yield from _nearly(records, rules)
    yield from _by_decision(records)
    for sheet in weighting.stated.sheets:
        if sheet.ignored:
            yield f"Columns of {sheet.file} that are not read: {', '.join(sheet.ignored)}."


def _incomplete(stages: Records) -> Iterator[str]:
    """Which stages have no risk, and for want of what."""
    for record in stages:
        if not math.isnan(record["stage_risk"]):
            continue
        missing = [words for name, words in NEEDED.items() if math.isnan(record[name])]
        if record["used"] != "GS+EU":
            missing = [words for words in missing if words != NEEDED["import_reliance"]]
        if not record["used"]:
            missing = ["concentration", *missing]
        yield (
            f"{record['material']}, {record['stage']}: no risk, for want of {', '.join(missing)}; so the material "
            "has none, for this stage may be its riskiest."
        )


def _thin(stages: Records, rules: Rules) -> Iterator[str]:
    floor = rules.coverage_floor
    thin = [
        f"{record['material']}, {record['stage']}, {which} ({record[f'{which}_coverage']:.0%})"
        for record in stages
        for which in ("global", "importer")
        if record[f"{which}_coverage"] < floor
    ]
    if thin:
        yield (
            f"Less than {floor:.0%} of the supply comes from known countries with a governance estimate, so no "
            f"concentration: {listed(thin)}."
        )


def _computed(stages: Records, weighting: Weighting, rules: Rules) -> Iterator[str]:
    """What concentrations computed here rest on."""
    origins = {record[f"{which}_from"] for record in stages for which in ("global", "importer")}
    if not origins & {SHARES, MINING}:
        return
    yield GOVERNANCE
    if weighting.partners is not None:
        yield from of_bloc("group of partners", weighting.partners, weighting.year)
        yield (
            f"Suppliers in {weighting.partners.canonical} count by the trade parameter {rules.partner_factor}, all "
            "others by 1, unless your barriers say otherwise."
        )
    if MINING in origins:
        yield f"Concentrations from World Mining Data are of the production of {weighting.year} alone."
        yield from data.card("mining_production").caveats


def _reliance(weighting: Weighting) -> Iterator[str]:
    computed = [
        f"{row.material}, {row.stage}"
        for row in weighting.stated.materials
        if math.isnan(row.import_reliance)
        and not any(map(math.isnan, (row.imports, row.exports, row.domestic_production)))
    ]
    if computed:
        yield (
            "Import reliance computed as (imports - exports) / (domestic production + imports - exports), a formula "
            f"recalled, not verified against the study: {listed(computed)}. State import_reliance to set it yourself."
        )


def _both(weighting: Weighting) -> Iterator[str]:
    """Concentrations that are stated although shares are given, too."""
    supplies = {(part.material, part.stage, part.supply) for part in weighting.stated.shares}
    passed_over = [
        f"{row.material}, {row.stage}, {supply}"
        for row in weighting.stated.materials
        for supply, index in (("global", row.global_herfindahl), ("importer", row.importer_herfindahl))
        if not math.isnan(index) and (row.material, row.stage, supply) in supplies
    ]
    if passed_over:
        yield f"The concentration that your {FILE} states is used, not your shares: {listed(passed_over)}."


def _groups(records: Records) -> Iterator[str]:
    if groups := [record["material"] for record in records if record["used"] is None]:
        yield (
            f"{listed(groups)}: judged as groups, by the arithmetic mean of their members; 'critical' of a member "
            "is that of its group."
        )


def _nearly(records: Records, rules: Rules) -> Iterator[str]:
    """What rounding to one decimal, as the study prints, would lift to a threshold."""
    thresholds = {
        "supply_risk": rules.risk_threshold,
        "economic_importance": rules.importance_threshold,
    }
    near = [
        record["material"]
        for record in records
        if record["critical"] == "no"
        and (record["used"] is None or not record["group"])
        and all(round(record[name], 1) >= threshold for name, threshold in thresholds.items())
    ]
    if near:
        yield (
            f"Not critical as computed, but critical if figures are rounded to one decimal first, as the study "
            f"prints them: {listed(list(dict.fromkeys(near)))}."
        )


def _by_decision(records: Records) -> Iterator[str]:
    named = {
        record["material"]
        for record in records
        if record["material"].casefold() in BY_DECISION and record["critical"] == "no"
    }
    if named:
        yield (
            f"{' and '.join(sorted(named))}: on the European list of 2023 as strategic raw materials, by decision, "
            "not by this rule."
        )
