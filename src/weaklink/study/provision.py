"""On whom does a country or bloc depend for technologies, services and infrastructures? One row per item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from weaklink import tables
from weaklink.blocs.expression import Bloc, resolve
from weaklink.codes.countries import UNIDENTIFIED
from weaklink.definitions.library import available, chosen
from weaklink.definitions.model import Definition
from weaklink.definitions.verdict import NO, UNKNOWN, YES, Facts, Verdicts, at_least, judged
from weaklink.errors import RequestError
from weaklink.provenance import Provenance
from weaklink.provision.market import BUYER, FIGURES, Part, as_flows, with_rest
from weaklink.result import Result, tabulated
from weaklink.sources.provision import WORLD, Provision, read
from weaklink.sources.sheet import Sheet
from weaklink.trade.lens import COVERAGE_FLOOR, Case, figures, largest_supplier
from weaklink.trade.supply import market, supply
from weaklink.version import VERSION

Basis = Literal["own", "members", "world"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question about a sheet of provision.

    `importer` is a bloc expression or `world`; `suppliers` the group whose share is asked. `period` must be given
    where the sheet has several; blocs without a date are taken at the end of its year. `item` limits the answer
    to one. `definitions` are names separated by commas, or `all`.
    """

    path: Path
    importer: str
    period: str = ""
    suppliers: str = "authoritarian"
    item: str = ""
    definitions: str = "crma_65"
    coverage_floor: float = COVERAGE_FLOOR

    def __post_init__(self) -> None:
        if not 0 <= self.coverage_floor <= 1:
            raise RequestError(f"--coverage-floor is {self.coverage_floor}; it must be between 0 and 1.")


@dataclass(frozen=True, slots=True)
class Market:
    """A question with its rows: those that say who provides each item to the importer.

    `bases` says of each item whose provision it is: the importer's own, that of its members added up, or the
    world's. `left_out` are items of which shares of several dependents cannot be added. `importer` is None for
    the world.
    """

    asked: Asked
    sheet: Sheet
    period: str
    rows: tuple[Provision, ...]
    bases: Mapping[str, Basis]
    left_out: tuple[str, ...]
    importer: Bloc | None
    group: Bloc

    @property
    def year(self) -> int:
        """The year of the period."""
        return int(self.period[:4])

    @property
    def members(self) -> tuple[str, ...]:
        """The countries of the importer, whose provision to each other is no dependence."""
        return self.importer.countries if self.importer else ()

    def parts(self) -> list[Part]:
        """What each supplier provides of each item, shares filled up to the whole."""
        shares = [Part(row.item, row.supplier, row.share) for row in self.rows if row.quantity is None]
        counted = [
            Part(row.item, row.supplier, row.quantity) for row in self.rows if row.quantity is not None
        ]
        return [*with_rest(shares), *counted]

    def case(self) -> Case:
        """The items as the indicators of trade take them."""
        flows = as_flows(self.parts(), self.year)
        members = flows.flags((BUYER, *self.members))
        all_trade = market(flows, ~flows.flags((UNIDENTIFIED,)), "value")
        group = flows.flags(self.group.countries)
        return Case(all_trade, supply(all_trade, members), members, group, self.asked.coverage_floor)

    def provenance(self) -> Provenance:
        """What is needed to make an answer again."""
        blocs = [self.group] if self.importer is None else [self.importer, self.group]
        asked = self.asked
        return Provenance(
            (self.sheet.card(),),
            VERSION,
            {
                "importer": asked.importer,
                "period": self.period,
                "suppliers": asked.suppliers,
                "item": asked.item or "all",
                "definitions": asked.definitions,
                "coverage_floor": str(asked.coverage_floor),
            },
            {bloc.canonical: bloc.countries for bloc in blocs},
        )


def screen(asked: Asked) -> Result:
    """How the importer depends on suppliers of each item, the largest share of the group first.

    The columns are declared in `weaklink.tables.PROVISION_SCREEN`. Raises SourceError for a sheet that cannot be
    read, BlocError, CodeError or RequestError for what cannot be asked.
    """
    market = set_up(asked)
    records = list(_records(market))
    records.sort(key=lambda row: (-np.nan_to_num(row["group_share"], nan=-1.0), row["item"]))
    return Result(
        tables.PROVISION_SCREEN,
        tabulated(tables.PROVISION_SCREEN, records),
        tuple(caveats(market)),
        market.provenance(),
    )


def set_up(asked: Asked) -> Market:
    """Read the sheet and choose, for each item, the rows that say who provides it to the importer."""
    sheet, rows = read(asked.path)
    period = _period(asked, rows)
    named = _named([row for row in rows if row.period == period], asked.item)
    year = int(period[:4])
    importer = None if asked.importer.casefold() == WORLD else resolve(asked.importer, year=year)
    members = importer.countries if importer else ()
    bases: dict[str, Basis] = {}
    used: list[Provision] = []
    left_out = []
    for item, those in named.items():
        basis, its = _of_importer(those, members)
        if its:
            bases[item] = basis
            used += its
        elif any(row.dependents and set(row.dependents) <= set(members) for row in those):
            left_out.append(item)
    if not used:
        dependents = ", ".join(sorted({row.dependent for those in named.values() for row in those}))
        raise RequestError(
            f"{sheet.file} says nothing of {asked.importer}: its dependents are {dependents}. "
            "Ask for one of these, or add its rows."
        )
    group = resolve(asked.suppliers, year=year)
    return Market(asked, sheet, period, tuple(used), bases, tuple(left_out), importer, group)


def _of_importer(rows: Sequence[Provision], members: tuple[str, ...]) -> tuple[Basis, list[Provision]]:
    """The rows of one item that are the importer's: its own, else its members' quantities, else the world's."""
    own = [row for row in rows if row.dependents == members]
    if own:
        return ("own" if members else "world"), own
    within = [row for row in rows if row.dependents and set(row.dependents) <= set(members)]
    buyers = {row.dependents for row in within}
    apart = len({country for one in buyers for country in one}) == sum(map(len, buyers))
    if buyers and apart and all(row.quantity is not None for row in within):
        return "members", within
    return "world", [] if within else [row for row in rows if not row.dependents]


def _period(asked: Asked, rows: Sequence[Provision]) -> str:
    periods = sorted({row.period for row in rows})
    period = asked.period or (periods[0] if len(periods) == 1 else "")
    if period not in periods:
        said = f"no period {period!r}" if period else "several periods"
        raise RequestError(f"{asked.path.name} has {said}. Give --period as one of: {', '.join(periods)}.")
    return period


def _named(rows: Sequence[Provision], item: str) -> dict[str, list[Provision]]:
    """The rows of each item, in alphabetical order; of one item where it is named."""
    found: dict[str, list[Provision]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.item):
        found[row.item].append(row)
    if item and item not in found:
        raise RequestError(f"no item {item!r} in this period. There are: {', '.join(found)}.")
    return {item: found[item]} if item else found


def _records(market: Market) -> Iterator[dict[str, Any]]:
    """One record per item, in the columns of `tables.PROVISION_SCREEN`."""
    case = market.case()
    shown = figures(case, FIGURES.keys() & set(tables.PROVISION_SCREEN.names))
    definitions = _definitions(market.asked)
    verdicts = {one.name: verdict(one, case) for one in definitions}
    first = {row.item: row for row in reversed(market.rows)}
    top = largest_supplier(case)
    for place, index in enumerate(case.supply.product):
        item = case.flows.products[index]
        yield {
            "item": item,
            "domain": first[item].domain,
            "basis": market.bases[item],
            "unit": first[item].unit,
            "period": market.period,
            "top_supplier": case.flows.countries[top[place]] if top[place] >= 0 else None,
            "dependency_by": _held(verdicts, place, YES),
            "unknown_by": _held(verdicts, place, UNKNOWN),
            **{name: figure[place] for name, figure in shown.items()},
        }


def _definitions(asked: Asked) -> tuple[Definition, ...]:
    return chosen(asked.definitions, available(None)) if asked.definitions else ()


def _held(verdicts: Mapping[str, Verdicts], place: int, answer: np.int8) -> str | None:
    return ", ".join(name for name, each in verdicts.items() if each[place] == answer) or None


def verdict(definition: Definition, case: Case) -> Verdicts:
    """What a definition says of each item of one period.

    Figures that a list of suppliers cannot give are unknown, and so are the other years of a definition over
    several; a definition that is limited to headings of goods does not speak of items.
    """
    size = len(case.supply.product)
    nothing = np.full(size, np.nan)
    known = figures(case, FIGURES.keys() & set(definition.indicators))
    facts = Facts(
        figures={name: known.get(name, nothing) for name in definition.indicators},
        imported=case.supply.imports.value_usd > 0,
        exported=np.ones(size, dtype=np.bool_),  # nothing is known of exports, so no convention applies
    )
    if definition.perimeter.products:
        return np.full(size, UNKNOWN, dtype=np.int8)
    one = judged(definition, facts).verdict
    other = np.where(facts.imported, UNKNOWN, NO).astype(np.int8)
    return at_least(np.stack([one, *[other] * (definition.years.window - 1)]), definition.years.least)


def caveats(market: Market) -> Iterator[str]:
    """What must be said with figures of provision."""
    yield f"{market.sheet.file}: your own sheet; what it says was not checked against other sources."
    yield from sorted({f"{row.source} ({row.licence})." for row in market.rows})
    worldwide = [item for item, basis in market.bases.items() if basis == "world"]
    if market.importer is not None:
        yield from market.importer.notes
        if worldwide:
            yield (
                f"Known for the world only: {_listed(worldwide)}. Their shares are of the provision by suppliers "
                f"outside {market.importer.canonical}; external_share says how much of the world's that is."
            )
    if market.left_out:
        yield (
            f"Left out, since shares of single members cannot be added up: {_listed(market.left_out)}. "
            "Give quantities, or ask for one dependent."
        )
    unknown = sorted({row.item for row in market.rows if row.share is None and row.quantity is None})
    if unknown:
        yield f"Suppliers without a known share lower the coverage: {_listed(unknown)}."
    if any(basis == "members" for basis in market.bases.values()) and market.importer is not None:
        seen = {country for row in market.rows for country in row.dependents}
        if silent := sorted(set(market.importer.countries) - seen):
            yield f"The sheet says nothing of {_listed(silent)}, so figures of members added up lack them."


def _listed(names: Iterable[str], most: int = 8) -> str:
    shown = list(names)
    more = len(shown) - most
    return ", ".join(shown[:most]) + (f" and {more} more" if more > 0 else "")
