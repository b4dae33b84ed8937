"""Who are the importer and the supplier group in each year, and what did they trade?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from weaklink.blocs.expression import Bloc, resolve
from weaklink.blocs.regimes import regime, years
from weaklink.codes.countries import UNIDENTIFIED
from weaklink.codes.products import select
from weaklink.errors import RequestError
from weaklink.flows import Flows
from weaklink.provenance import Provenance
from weaklink.study.datasets import Data, chosen
from weaklink.study.question import Question
from weaklink.study.traded import Traded, mapped
from weaklink.trade.entries import Measure
from weaklink.trade.lens import Case
from weaklink.trade.panel import Asked, Block, panel_of
from weaklink.trade.supply import market, supply
from weaklink.version import VERSION


@dataclass(frozen=True, slots=True)
class Setting:
    """A question with its data: the flows of the asked products, year by year as they are asked for.

    `products` are the codes asked about, all of the data where none was named; `traders` are the countries
    that trade in anything in the year asked.

    Blocs whose expression has no date follow the year; dated ones are the same in every year.
    """

    question: Question
    data: Data
    flows: Traded
    importer: Bloc
    group: Bloc
    products: tuple[str, ...]
    traders: frozenset[str]

    def importer_in(self, year: int) -> Bloc:
        """The importer as it was in a year."""
        return resolve(self.question.importer, year=year) if self.importer.undated else self.importer

    def group_in(self, year: int) -> Bloc:
        """The supplier group as it was in a year."""
        return resolve(self.question.suppliers, year=year) if self.group.undated else self.group

    def case_in(self, year: int, by: Measure | None = None) -> Case:
        """The importer's trade in each asked product in one year, by the asked measure or another."""
        return self.case_of(self.flows.in_year(year), year, by)

    def case_of(self, flows: Flows, year: int, by: Measure | None = None) -> Case:
        """The trade in some flows, with the importer and the supplier group as they were in a year."""
        all_trade = market(flows, ~flows.flags((UNIDENTIFIED,)), by or self.question.by)
        members = flows.flags(self.importer_in(year).countries)
        group = flows.flags(self.group_in(year).countries)
        return Case(all_trade, supply(all_trade, members), members, group, self.question.coverage_floor)

    def blocks(self, year: int, figures: Iterable[str], window: int = 1) -> list[Block]:
        """Figures of the importer for every asked product, of a year or of the years up to it taken as one.

        The blocks hold ranges of products, in order; an importer and a group without a date are those of the year.
        """
        years, asked = range(year - window + 1, year + 1), self.asked(year, figures)
        return mapped(lambda market: panel_of(market, asked), self.flows.markets(years, asked))

    def asked(self, year: int, figures: Iterable[str]) -> Asked:
        """What the kernel is asked, with the importer and the supplier group as they were in a year."""
        bloc = self.importer_in(year)
        return Asked(
            figures=tuple(dict.fromkeys(figures)),
            group=frozenset(self.group_in(year).countries),
            unidentified=frozenset((UNIDENTIFIED,)),
            blocs={bloc.canonical: frozenset(bloc.countries)},
            measure=self.question.by,
            floor=self.question.coverage_floor,
        )

    def provenance(self) -> Provenance:
        """What is needed to make an answer again."""
        return Provenance(
            cards=tuple(one.card for one in self.data.snapshots),
            version=VERSION,
            parameters=self.question.parameters(),
            blocs={
                self.importer.canonical: self.importer.countries,
                self.group.canonical: self.group.countries,
            },
        )


def set_up(question: Question, *, keep: bool = False) -> Setting:
    """Resolve a question and choose its data; flows are read when they are asked for.

    With `keep` they are kept for further questions to the same setting, whatever their size.

    Raises BlocError, CodeError or RequestError where it cannot be asked of the chosen data.
    """
    data = chosen(question)
    importer = resolve(question.importer, year=question.year)
    group = resolve(question.suppliers, year=question.year)
    traders = data.traders(question.year)
    if not traders & set(importer.countries):
        raise RequestError(
            f"{importer.canonical} ({', '.join(importer.countries)}) has no flows in the data of {question.year}."
        )
    if not question.product:
        return Setting(question, data, Traded(data, keep=keep), importer, group, data.products, traders)
    products = select(question.product, data.products, nomenclature=data.nomenclature)
    flows = Traded(data, products, keep=keep)
    _refuse_untraded(flows, question.year)
    return Setting(question, data, flows, importer, group, products, traders)


def _refuse_untraded(flows: Traded, year: int) -> None:
    """RequestError where none of the asked products was traded by anyone in the year."""
    if not len(flows.in_year(year)):
        listed, name = ", ".join(flows.products), flows.data.snapshots[0].card.name
        years = [one for one in flows.data.years if len(flows.in_year(one))]
        known = f" They have flows in {years[0]} to {years[-1]}." if years else ""
        raise RequestError(f"nobody traded {listed} in {year}, says {name}.{known} Choose another year.")


def regime_class(iso3: str, year: int) -> str | None:
    """A country's class of political regime in words; None where there is none for it, or for the year."""
    classed = regime(iso3, year) if year in years() else None
    return None if classed is None else classed.label
