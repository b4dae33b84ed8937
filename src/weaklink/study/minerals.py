"""How concentrated is the production of raw materials, and in whose hands? One row per mineral and stage."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NotRequired, TypedDict, Unpack

from weaklink import data, tables
from weaklink.blocs.expression import Bloc, resolve
from weaklink.errors import RequestError
from weaklink.minerals.extraction import Extraction, Production, extraction
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.sources.supply_risk import read_shares
from weaklink.study import mineral_caveats
from weaklink.study.production import flags, governance_weights, named, production, stages, years
from weaklink.study.refining import refined
from weaklink.trade.lens import COVERAGE_FLOOR
from weaklink.trade.runs import Flags
from weaklink.version import VERSION

CHANGE_YEARS = 5  # the trend that is shown beside a share
CARDS = ("mining_production", "mineral_stages", "political_stability")


class MineralOptions(TypedDict):
    """The parts of a question about minerals that have a default; `MineralQuestion` says what each means."""

    mineral: NotRequired[str]
    suppliers: NotRequired[str]
    importer: NotRequired[str]
    refining: NotRequired[Path | None]
    coverage_floor: NotRequired[float]
    by_governance: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class MineralQuestion:
    """One question about production.

    `mineral` names minerals, separated by semicolons, empty for all. `suppliers` and `importer` are bloc
    expressions, the latter empty where its own production is not asked; a term without a date is taken as of
    31 December of the year. `refining` is a sheet of your own with shares of supply, which adds rows. Below
    `coverage_floor` a figure is not given. `by_governance` puts the largest governance-weighted concentration
    first, else the largest share of the supplier group is.
    """

    year: int
    mineral: str = ""
    suppliers: str = "authoritarian"
    importer: str = ""
    refining: Path | None = None
    coverage_floor: float = COVERAGE_FLOOR
    by_governance: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.coverage_floor <= 1:
            raise RequestError(f"--coverage-floor is {self.coverage_floor}; it must be between 0 and 1.")

    def parameters(self) -> dict[str, str]:
        """The question as text, defaults included: what provenance records."""
        return {
            "year": str(self.year),
            "mineral": self.mineral or "all",
            "suppliers": self.suppliers,
            "importer": self.importer,
            "refining": self.refining.name if self.refining else "",
            "coverage_floor": str(self.coverage_floor),
            "by_governance": "yes" if self.by_governance else "no",
        }

    def blocs(self) -> dict[str, Bloc]:
        """The blocs by their role, the importer only where it is asked."""
        asked = {"supplier group": self.suppliers, "importer": self.importer}
        return {role: resolve(text, year=self.year) for role, text in asked.items() if text}


@dataclass(frozen=True, slots=True)
class Part:
    """Production of one stage with its figures, and those of five years before where there are any."""

    produced: Production
    figures: Extraction
    before: Extraction | None


def minerals(year: int, **options: Unpack[MineralOptions]) -> Result:
    """How concentrated the production of each mineral was in one year, and in whose hands.

    The options are those of `MineralQuestion`; the columns are declared in `weaklink.tables.MINERALS`. Raises
    BlocError, CodeError or RequestError for what cannot be asked, SourceError for a sheet that is wrong.

    >>> row = minerals(2022, mineral="cobalt", importer="EU").records()[0]
    >>> row["largest_producer"], round(row["largest_share"], 2), round(row["governance_herfindahl"], 1)
    ('COD', 0.69, 4.4)
    """
    question = MineralQuestion(year, **options)
    mined = _mined(question)
    further, sheets = _further(question)
    records = [*_records_of_mines(mined, question), *_records_of_sheet(further, question)]
    produced = (mined.produced, *(part.produced for part in further.values()))
    return Result(
        schema=tables.MINERALS,
        table=tabulated(tables.MINERALS, sorted(records, key=_rank(question))),
        caveats=tuple(dict.fromkeys(mineral_caveats.of_minerals(question, records, produced))),
        provenance=Provenance(
            cards=(*(data.card(name) for name in CARDS), *sheets),
            version=VERSION,
            parameters=question.parameters(),
            blocs={bloc.canonical: bloc.countries for bloc in question.blocs().values()},
        ),
    )


def _mined(question: MineralQuestion) -> Part:
    """World Mining Data of the asked minerals."""
    asked, earlier = named(question.mineral), question.year - CHANGE_YEARS
    now = production(question.year).only(asked)
    before = _figures(production(earlier).only(asked), question, earlier) if earlier in years() else None
    return Part(now, _figures(now, question, question.year), before)


def _further(question: MineralQuestion) -> tuple[dict[str, Part], tuple[Card, ...]]:
    """What the user's own sheet says of each stage, and its card."""
    if question.refining is None:
        return {}, ()
    sheet, shares = read_shares(question.refining)
    known = sorted({part.stage for part in shares if part.supply == "global"})
    stated = {stage: refined(shares, stage) for stage in known}
    parts = {stage: Part(one, _figures(one, question, question.year), None) for stage, one in stated.items()}
    return {str(stage): part for stage, part in parts.items()}, (sheet.card(),)


def _figures(produced: Production, question: MineralQuestion, year: int) -> Extraction:
    """The figures of a year; blocs with a date are the same in every year."""
    group, importer = (_flags(produced, question, role, year) for role in ("supplier group", "importer"))
    weights = governance_weights(produced.countries, year)
    return extraction(produced, weights, group, importer, question.coverage_floor)


def _flags(produced: Production, question: MineralQuestion, role: str, year: int) -> Flags:
    """The producing countries that are in a bloc in a year; none where the bloc is not asked."""
    bloc = question.blocs().get(role)
    if bloc is not None and bloc.undated:
        bloc = resolve(bloc.expression, year=year)
    return flags(produced.countries, bloc.countries if bloc else ())


def _records_of_mines(part: Part, question: MineralQuestion) -> Iterator[dict[str, Any]]:
    """One record per mineral, in the columns of `tables.MINERALS`."""
    found, before = part.figures, part.before
    for item, record in enumerate(_records(part, question)):
        yield {
            **record,
            "production": found.production[item],
            "group_share_change": found.group_share[item] - before.group_share[item] if before else math.nan,
            "herfindahl_change": found.herfindahl[item] - before.herfindahl[item] if before else math.nan,
            "stage": stages()[record["mineral"]],
            "estimated_share": found.estimated_share[item],
            "known_rows": found.known_row_share[item],
        }


def _records_of_sheet(further: Mapping[str, Part], question: MineralQuestion) -> Iterator[dict[str, Any]]:
    """One record per material and stage of the user's own sheet: it has shares and no amounts."""
    for stage, part in further.items():
        for record in _records(part, question):
            yield {**dict.fromkeys(tables.MINERALS.names), **record, "stage": stage}


def _records(part: Part, question: MineralQuestion) -> Iterator[dict[str, Any]]:
    """What is known of production in amounts as in shares."""
    found = part.figures
    for item, (mineral, unit) in enumerate(zip(part.produced.minerals, part.produced.units, strict=True)):
        largest = found.largest[item]
        yield {
            "mineral": mineral,
            "unit": unit,
            "largest_producer": part.produced.countries[largest] if largest >= 0 else None,
            "largest_share": found.largest_share[item],
            "group_share": found.group_share[item],
            "herfindahl": found.herfindahl[item],
            "governance_herfindahl": found.governance_herfindahl[item],
            "producers": found.producers[item],
            "importer_share": found.importer_share[item] if question.importer else None,
            "coverage": found.coverage[item],
            "governance_coverage": found.governance_coverage[item],
        }


def _rank(question: MineralQuestion) -> Callable[[Mapping[str, Any]], tuple[float, str, str]]:
    """Largest figure first, undefined ones last, equals by name and stage."""
    name = "governance_herfindahl" if question.by_governance else "group_share"

    def key(record: Mapping[str, Any]) -> tuple[float, str, str]:
        figure = float(record[name])
        return (math.inf if math.isnan(figure) else -figure, record["mineral"], record["stage"])

    return key
