"""How does each member of a bloc stand against each requirement of a framework, and by which figures?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from weaklink.blocs.expression import Bloc, resolve
from weaklink.codes.countries import name
from weaklink.columns import TableSchema
from weaklink.errors import RequestError
from weaklink.guidelines import library
from weaklink.guidelines.model import Framework, Requirement
from weaklink.guidelines.scoring import (
    DIVERGENT,
    Assessment,
    Finding,
    Judged,
    assessed,
    divergence,
    level_of,
    missing,
    not_applicable,
)
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.sources.guideline_sheets import (
    NOTHING,
    Entered,
    EnteredSheet,
    read_entered,
    read_self_assessed,
)
from weaklink.study.guideline_figures import find
from weaklink.study.guideline_findings import BLOC, Found, Party
from weaklink.study.guidelines_library import checked_figures, subjects, units
from weaklink.tables.guidelines import ASSESSMENT, ASSESSMENT_INDICATORS
from weaklink.version import VERSION

BOUND = (
    "An indicator without a value lowers coverage and nothing else; a minimum over those that are known is an upper "
    "bound of the minimum over all."
)


@dataclass(frozen=True, slots=True)
class Assessed:
    """The answer: a row for each member and requirement, a row for each indicator, and what they rest on."""

    framework: Framework
    bloc: Bloc
    assessments: tuple[Assessment, ...]
    requirements: Result
    indicators: Result


def assess(
    framework: str,
    bloc: str,
    *,
    year: int = 2022,
    entered: Path | None = None,
    self_assessed: Path | None = None,
    each: str = "",
) -> Assessed:
    """Assess the members of a bloc, or the bloc as one, against a framework: a name, or a TOML file.

    `year` is that of trade and production; networks have their own winter. `entered` and `self_assessed` are sheets
    (`weaklink guidelines template`). `each` is member or bloc, else the framework says which. Columns in
    `weaklink.tables.ASSESSMENT` and `ASSESSMENT_INDICATORS`. Raises BlocError, RequestError or SourceError.

    >>> row = assess("crma_2030", "EU@2022-12-31").requirements.records()[-1]
    >>> row["requirement"], row["benchmarks"], row["weakest"]
    ('diversification', '8 of 12', 'borates_top_share')
    """
    asked = checked_figures(library.framework(framework))
    resolved = resolve(bloc, year=year)
    parties = _parties(resolved, each or asked.assessed)
    values = read_entered(entered, units(asked)) if entered else NOTHING
    claims = read_self_assessed(self_assessed, subjects(asked)) if self_assessed else NOTHING
    computed = _computed(asked, parties, year, values)
    found = tuple(
        _assessment(asked, requirement, party, computed, values, claims)
        for party in parties
        for requirement in asked.requirement
    )
    parameters = {
        "framework": framework,
        "bloc": bloc,
        "year": str(year),
        "entered": entered.name if entered else "",
        "self_assessed": self_assessed.name if self_assessed else "",
        "assessed": each or asked.assessed,
    }
    cards = _cards(computed.values(), values, claims)
    provenance = Provenance(cards, VERSION, parameters, {resolved.canonical: resolved.countries})
    caveats = tuple(dict.fromkeys(_caveats(asked, resolved, computed.values())))

    def answer(schema: TableSchema, rows: Iterable[Mapping[str, Any]]) -> Result:
        return Result(schema, tabulated(schema, rows), caveats, provenance)

    return Assessed(
        asked,
        resolved,
        found,
        answer(ASSESSMENT, [_row(one, asked) for one in found]),
        answer(ASSESSMENT_INDICATORS, [row for one in found for row in _indicator_rows(one)]),
    )


def only_flagged(result: Result) -> Result:
    """The rows whose score, self-assessment and stress test diverge by more than one level."""
    return replace(result, table=result.table.filter(pc.equal(result.table["flag"], "yes")))


def _parties(bloc: Bloc, each: str) -> tuple[Party, ...]:
    if each == "bloc":
        return (Party(BLOC, bloc.canonical, bloc.countries),)
    if each != "member":
        raise RequestError(f"--each is {each!r}; it is member or bloc.")
    return tuple(Party(code, code, (code,)) for code in bloc.countries)


def _computed(
    framework: Framework, parties: tuple[Party, ...], year: int, values: EnteredSheet
) -> dict[str, Found]:
    """What each computed indicator finds, by its name; a figure that is asked twice is computed once."""
    once: dict[tuple[str, tuple[tuple[str, str], ...]], Found] = {}
    found = {}
    for _, one in framework.indicators():
        if one.kind == "computed":
            key = one.figure, tuple(sorted(one.given.items()))
            if key not in once:
                once[key] = find(one.figure, parties, year, one.given, values.values)
            found[one.name] = once[key]
    return found


def _assessment(
    framework: Framework,
    requirement: Requirement,
    party: Party,
    computed: Mapping[str, Found],
    values: EnteredSheet,
    claims: EnteredSheet,
) -> Assessment:
    findings = []
    for one in requirement.indicator:
        if one.kind == "computed":
            findings.append(computed[one.name].findings[party.code])
        else:
            sheet = values if one.kind == "entered" else claims
            findings.append(_of_entry(sheet.values.get((party.code, one.name))))
    claim = claims.values.get((party.code, requirement.name))
    return assessed(
        party.code, requirement, findings, framework.coverage_floor, claim.value if claim else math.nan
    )


def _of_entry(entry: Entered | None) -> Finding:
    if entry is None:
        return missing("not entered")
    if math.isnan(entry.value):
        return not_applicable(f"{entry.source}, {entry.date}")
    return Finding(entry.value, "known", entry.source, entry.date)


def _row(one: Assessment, framework: Framework) -> dict[str, Any]:
    judged_by = one.score_by(framework.level_by)
    apart = divergence((judged_by, one.claimed, one.stressed), framework)
    counted = [
        part for part in one.judged if part.indicator.kind != "self-assessed" and not part.indicator.stress
    ]
    known = [part for part in counted if part.finding.state == "known"]
    told = [part.met for part in one.judged if part.met is not None]
    weakest = min(known, key=lambda part: part.score, default=None)
    return {
        "country": one.party,
        "name": _party_name(one.party),
        "requirement": one.requirement.name,
        "title": one.requirement.title,
        "score_minimum": one.minimum,
        "score_geometric": one.geometric,
        "level": _level(judged_by, framework),
        "coverage": one.coverage,
        "known": len(known),
        "applying": sum(part.finding.state != "not applicable" for part in counted),
        "benchmarks": f"{sum(told)} of {len(told)}" if told else "",
        "self_score": one.claimed,
        "self_level": _level(one.claimed, framework),
        "stress_score": one.stressed,
        "stress_level": _level(one.stressed, framework),
        "divergence": apart,
        "flag": "" if apart is None else "yes" if apart >= DIVERGENT else "no",
        "weakest": weakest.indicator.name if weakest else "",
        "indicators": "; ".join(map(_said, one.judged)),
        "sources": "; ".join(
            dict.fromkeys(part.finding.source for part in one.judged if part.finding.source)
        ),
    }


def _said(part: Judged) -> str:
    """An indicator in words: its value and its score, or why it has none."""
    if part.finding.state != "known":
        return f"{part.indicator.name}: {part.finding.state} ({part.finding.note})"
    return f"{part.indicator.name}: {part.finding.value:.3g} {part.indicator.unit} (score {part.score:.1f})"


def _level(score: float, framework: Framework) -> str:
    place = level_of(score, framework.level)
    return framework.level[place].name if place >= 0 else ""


def _indicator_rows(one: Assessment) -> Iterator[dict[str, Any]]:
    for part in one.judged:
        indicator = part.indicator
        yield {
            "country": one.party,
            "name": _party_name(one.party),
            "requirement": one.requirement.name,
            "indicator": indicator.name,
            "title": indicator.title,
            "kind": "stress" if indicator.stress else indicator.kind,
            "state": part.finding.state,
            "value": part.finding.value,
            "unit": indicator.unit,
            "score": part.score,
            "worst": indicator.goalposts.worst,
            "best": indicator.goalposts.best,
            "goalposts_status": indicator.goalposts.status,
            "benchmark_met": "" if part.met is None else "yes" if part.met else "no",
            "date": part.finding.date,
            "source": part.finding.source,
            "note": part.finding.note,
        }


def _party_name(code: str) -> str:
    return "taken as one" if code == BLOC else name(code)


def _cards(computed: Iterable[Found], *sheets: EnteredSheet) -> tuple[Card, ...]:
    cards = {card.name: card for found in computed for card in found.cards}
    cards.update({sheet.card.name: sheet.card for sheet in sheets if sheet.card})
    return tuple(cards.values())


def _caveats(framework: Framework, bloc: Bloc, computed: Iterable[Found]) -> Iterator[str]:
    yield from framework.caveats
    yield _goalposts(framework)
    yield BOUND
    yield f"Below a coverage of {framework.coverage_floor:.0%} there is no score."
    if bloc.undated:
        yield f"{bloc.expression} has no date and was taken as {bloc.canonical}."
    yield from bloc.notes
    for found in computed:
        yield from found.caveats


def _goalposts(framework: Framework) -> str:
    statuses: Sequence[str] = [one.goalposts.status for _, one in framework.indicators()]
    return f"Goalposts of {statuses.count('own')} of {len(statuses)} indicators are our own choice."
