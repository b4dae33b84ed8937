"""How concentrated is the production of raw materials, and in whose hands? One row per mineral."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict, Unpack

import numpy as np

from weaklink import data, tables
from weaklink.blocs.expression import Bloc, resolve
from weaklink.errors import RequestError
from weaklink.minerals.extraction import Extraction, extraction
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.study import mineral_caveats
from weaklink.study.production import flags, governance_weights, named, production, stages, years
from weaklink.trade.concentration import Flags
from weaklink.trade.lens import COVERAGE_FLOOR
from weaklink.version import VERSION

CHANGE_YEARS = 5  # the trend that is shown beside a share
CARDS = ("mining_production", "political_stability", "mineral_stages")


class MineralOptions(TypedDict):
    """The parts of a question about minerals that have a default; `MineralQuestion` says what each means."""

    mineral: NotRequired[str]
    suppliers: NotRequired[str]
    importer: NotRequired[str]
    coverage_floor: NotRequired[float]
    by_governance: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class MineralQuestion:
    """One question about production.

    `mineral` names minerals, separated by semicolons, empty for all. `suppliers` and `importer` are bloc
    expressions, the latter empty where its own production is not asked; a term without a date is taken as of
    31 December of the year. Below `coverage_floor` a figure is not given. `by_governance` puts the largest
    governance-weighted concentration first, else the largest share of the supplier group is.
    """

    year: int
    mineral: str = ""
    suppliers: str = "authoritarian"
    importer: str = ""
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
            "coverage_floor": str(self.coverage_floor),
            "by_governance": "yes" if self.by_governance else "no",
        }

    def blocs(self) -> dict[str, Bloc]:
        """The blocs by their role, the importer only where it is asked."""
        asked = {"supplier group": self.suppliers, "importer": self.importer}
        return {role: resolve(text, year=self.year) for role, text in asked.items() if text}


def minerals(year: int, **options: Unpack[MineralOptions]) -> Result:
    """How concentrated the production of each mineral was in one year, and in whose hands.

    The options are those of `MineralQuestion`; the columns are declared in `weaklink.tables.MINERALS`. Raises
    BlocError, CodeError or RequestError for what cannot be asked.

    >>> row = minerals(2022, mineral="cobalt", importer="EU").records()[0]
    >>> row["largest_producer"], round(row["largest_share"], 2), round(row["governance_herfindahl"], 1)
    ('COD', 0.69, 4.4)
    """
    question = MineralQuestion(year, **options)
    chosen = set(named(question.mineral))
    records = [record for record in _records(question) if record["mineral"] in chosen]
    return Result(
        schema=tables.MINERALS,
        table=tabulated(tables.MINERALS, sorted(records, key=_rank(question))),
        caveats=tuple(dict.fromkeys(mineral_caveats.of_minerals(question, records))),
        provenance=Provenance(
            cards=tuple(data.card(name) for name in CARDS),
            version=VERSION,
            parameters=question.parameters(),
            blocs={bloc.canonical: bloc.countries for bloc in question.blocs().values()},
        ),
    )


def figures(question: MineralQuestion, year: int) -> Extraction:
    """The figures of all minerals in the year asked or an earlier one; blocs with a date stay the same."""
    mined = production(year)
    group, importer = (_flags(question, role, year) for role in ("supplier group", "importer"))
    weights = governance_weights(mined.countries, year)
    return extraction(mined, weights, group, importer, question.coverage_floor)


def _flags(question: MineralQuestion, role: str, year: int) -> Flags:
    """The producing countries that are in a bloc in a year; none where the bloc is not asked."""
    bloc = question.blocs().get(role)
    if bloc is not None and bloc.undated:
        bloc = resolve(bloc.expression, year=year)
    return flags(production(year).countries, bloc.countries if bloc else ())


def _records(question: MineralQuestion) -> Iterator[dict[str, Any]]:
    """One record per mineral, in the columns of `tables.MINERALS`."""
    mined, found = production(question.year), figures(question, question.year)
    before = _five_years_before(question)
    for item, mineral in enumerate(mined.minerals):
        largest = found.largest[item]
        yield {
            "mineral": mineral,
            "production": found.production[item],
            "unit": mined.units[item],
            "largest_producer": mined.countries[largest] if largest >= 0 else None,
            "largest_share": found.largest_share[item],
            "group_share": found.group_share[item],
            "herfindahl": found.herfindahl[item],
            "governance_herfindahl": found.governance_herfindahl[item],
            "producers": found.producers[item],
            "importer_share": found.importer_share[item] if question.importer else None,
            "group_share_change": found.group_share[item] - before.group_share[item] if before else None,
            "herfindahl_change": found.herfindahl[item] - before.herfindahl[item] if before else None,
            "stage": stages()[mineral],
            "coverage": found.coverage[item],
            "governance_coverage": found.governance_coverage[item],
            "estimated_share": found.estimated_share[item],
            "known_rows": found.known_row_share[item],
        }


def _five_years_before(question: MineralQuestion) -> Extraction | None:
    """The figures five years earlier, where that year has data."""
    year = question.year - CHANGE_YEARS
    return figures(question, year) if year in years() else None


def _rank(question: MineralQuestion) -> Callable[[Mapping[str, Any]], tuple[float, str]]:
    """Largest figure first, undefined ones last, equals by name."""
    name = "governance_herfindahl" if question.by_governance else "group_share"

    def key(record: Mapping[str, Any]) -> tuple[float, str]:
        figure = float(record[name])
        return (math.inf if np.isnan(figure) else -figure, record["mineral"])

    return key
