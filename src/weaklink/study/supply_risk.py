"""How risky is the supply of materials, by the European Commission's formula with every term in sight?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from weaklink import data, tables
from weaklink.blocs.expression import resolve
from weaklink.errors import RequestError
from weaklink.minerals import supply_risk as formula
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.sources.supply_risk import Material, read
from weaklink.study import supply_risk_caveats
from weaklink.study.supply_concentration import (
    MINING,
    SHARES,
    Concentration,
    Weighting,
    concentration_of,
)
from weaklink.trade.lens import COVERAGE_FLOOR
from weaklink.trade.runs import Figures
from weaklink.version import VERSION

GROUP = "group"  # the stage of a row that is the mean of others
Key = tuple[bool, str]  # what is judged by itself: whether a group, and its name


@dataclass(frozen=True, slots=True)
class Rules:
    """What the formula leaves open, set as in the European Commission's studies.

    Suppliers in the bloc expression `partners` count by `partner_factor`, unless your barriers say otherwise. A
    material is critical where its risk and its importance reach the thresholds. Below `coverage_floor` no
    concentration is computed.
    """

    partners: str = "EU"
    partner_factor: float = 0.8
    risk_threshold: float = 1.0
    importance_threshold: float = 2.8
    coverage_floor: float = COVERAGE_FLOOR

    def __post_init__(self) -> None:
        if not 0 <= self.coverage_floor <= 1:
            raise RequestError(f"--coverage-floor is {self.coverage_floor}; it must be between 0 and 1.")
        if not 0 < self.partner_factor <= 1:
            raise RequestError(f"--partner-factor is {self.partner_factor}; it must be above 0, at most 1.")
        for name in ("risk_threshold", "importance_threshold"):
            if not 0 <= getattr(self, name) < math.inf:
                option = f"--{name.replace('_', '-')}"
                raise RequestError(f"{option} is {getattr(self, name)}; it must be a number from 0 on.")


STUDY = Rules()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Risk and importance of a material or a group, and whether it is critical: yes, no, or not known."""

    risk: float
    importance: float
    critical: str | None


def supply_risk(
    materials: Path,
    year: int,
    *,
    shares: Path | None = None,
    barriers: Path | None = None,
    rules: Rules = STUDY,
) -> Result:
    r"""Supply risk of each material of a sheet, and of each group, riskiest first.

    `materials` is your sheet of terms, one row per material and stage. `shares` may add who supplies how much,
    of which the concentration is computed with the governance of `year`; `barriers` the trade parameters that
    differ from the rule. The page Minerals describes the sheets; the columns are declared in
    `weaklink.tables.SUPPLY_RISK`. Raises SourceError with all problems of the sheets together.

    >>> import tempfile
    >>> sheet = Path(tempfile.mkdtemp()) / "terms.csv"
    >>> _ = sheet.write_text("material,stage,global_herfindahl,recycling,substitution\nOre,E,4,0.5,0.9\n")
    >>> supply_risk(sheet, 2022).column("supply_risk")
    [1.8]
    """
    stated = read(materials, shares, barriers)
    partners = resolve(rules.partners, year=year) if rules.partners else None
    weighting = Weighting(stated, year, partners, rules.partner_factor, rules.coverage_floor)
    known = [
        (concentration_of(row, "global", weighting), concentration_of(row, "importer", weighting))
        for row in stated.materials
    ]
    records = _records(stated.materials, known, rules)
    return Result(
        schema=tables.SUPPLY_RISK,
        table=tabulated(tables.SUPPLY_RISK, records),
        caveats=tuple(dict.fromkeys(supply_risk_caveats.of(weighting, records, rules))),
        provenance=Provenance(
            cards=(*(sheet.card() for sheet in stated.sheets), *_cards(known)),
            version=VERSION,
            parameters={"year": str(year), **{name: str(value) for name, value in asdict(rules).items()}},
            blocs={partners.canonical: partners.countries} if partners else {},
        ),
    )


def _records(
    materials: Sequence[Material], known: Sequence[tuple[Concentration, Concentration]], rules: Rules
) -> list[dict[str, Any]]:
    """One record per stage, and one per group, in the columns of `tables.SUPPLY_RISK`, riskiest first."""
    terms = _terms(materials, known)
    stage_risks, rests_on = formula.stage_risk(terms), formula.used(terms)
    own = _of_materials(materials, stage_risks, rules)
    judged = _of_groups(materials, own, rules)
    stages = (
        {
            "material": row.material,
            "group": row.group,
            "stage": row.stage,
            "supply_risk": own[row.material].risk,
            "economic_importance": row.economic_importance,
            "critical": judged[_key(row)].critical,
            "stage_risk": stage_risks[place],
            "used": rests_on[place],
            "global_herfindahl": at_large.index,
            "global_from": at_large.origin,
            "global_coverage": at_large.coverage,
            "importer_herfindahl": sourced.index,
            "importer_from": sourced.origin,
            "importer_coverage": sourced.coverage,
            "import_reliance": terms.import_reliance[place],
            "recycling": row.recycling,
            "substitution": row.substitution,
        }
        for place, (row, (at_large, sourced)) in enumerate(zip(materials, known, strict=True))
    )
    groups = (_group_record(name, verdict) for (group, name), verdict in judged.items() if group)
    return sorted((*stages, *groups), key=lambda record: _rank(record, judged))


def _terms(
    materials: Sequence[Material], known: Sequence[tuple[Concentration, Concentration]]
) -> formula.Terms:
    """The terms of each row; a reliance that is not stated is computed where imports and production are."""
    stated, imports, exports, production, recycling, substitution = np.array(
        [
            (
                row.import_reliance,
                row.imports,
                row.exports,
                row.domestic_production,
                row.recycling,
                row.substitution,
            )
            for row in materials
        ]
    ).T
    return formula.Terms(
        global_herfindahl=np.array([at_large.index for at_large, _ in known]),
        importer_herfindahl=np.array([sourced.index for _, sourced in known]),
        import_reliance=np.where(
            np.isnan(stated), formula.import_reliance(imports, exports, production), stated
        ),
        recycling=recycling,
        substitution=substitution,
    )


def _of_materials(materials: Sequence[Material], stage_risks: Figures, rules: Rules) -> dict[str, Verdict]:
    """Each material judged by itself, by its riskiest stage."""
    stages: dict[str, list[float]] = {}
    for row, risk in zip(materials, stage_risks.tolist(), strict=True):
        stages.setdefault(row.material, []).append(risk)
    importance = {row.material: row.economic_importance for row in materials}
    return {
        material: _verdict(formula.material_risk(risks), importance[material], rules)
        for material, risks in stages.items()
    }


def _of_groups(materials: Sequence[Material], own: Mapping[str, Verdict], rules: Rules) -> dict[Key, Verdict]:
    """What is judged: each group by the mean of its members, each material without a group by itself."""
    members: dict[Key, list[Verdict]] = {}
    for row in {row.material: row for row in materials}.values():
        members.setdefault(_key(row), []).append(own[row.material])
    return {
        key: _verdict(
            formula.group_mean([one.risk for one in parts]),
            formula.group_mean([one.importance for one in parts]),
            rules,
        )
        for key, parts in members.items()
    }


def _verdict(risk: float, importance: float, rules: Rules) -> Verdict:
    met = formula.critical(risk, importance, rules.risk_threshold, rules.importance_threshold)
    return Verdict(risk, importance, None if met is None else "yes" if met else "no")


def _key(row: Material) -> Key:
    return bool(row.group), row.group or row.material


def _group_record(name: str, verdict: Verdict) -> dict[str, Any]:
    return {
        **dict.fromkeys(tables.SUPPLY_RISK.names),
        "material": name,
        "group": name,
        "stage": GROUP,
        "supply_risk": verdict.risk,
        "economic_importance": verdict.importance,
        "critical": verdict.critical,
    }


def _rank(
    record: Mapping[str, Any], judged: Mapping[Key, Verdict]
) -> tuple[float, str, bool, float, str, str]:
    """What is judged riskiest first, a group before its members, unknown risks last, then by name."""
    name = record["group"] or record["material"]
    return (
        _descending(judged[bool(record["group"]), name].risk),
        name,
        record["stage"] != GROUP,
        _descending(record["supply_risk"]),
        record["material"],
        record["stage"],
    )


def _descending(figure: float) -> float:
    return math.inf if math.isnan(figure) else -figure


def _cards(known: Sequence[tuple[Concentration, Concentration]]) -> Iterator[Card]:
    """The cards of the embedded data that some concentration rests on."""
    origins = {one.origin for pair in known for one in pair}
    if MINING in origins:
        yield data.card("mining_production")
        yield data.card("mineral_stages")
    if origins & {MINING, SHARES}:
        yield data.card("political_stability")
