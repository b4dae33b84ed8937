"""Who are the importer and the supplier group in each year, and what did they trade?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from weaklink.trade.concentration import Amounts
from weaklink.trade.lens import Case
from weaklink.trade.supply import Measure, Supply, supply
from weaklink.version import VERSION


@dataclass(frozen=True, slots=True)
class Setting:
    """A question with its data: the flows of the asked products in the asked years.

    `products` are the codes asked about, all of the data where none was named; `traders` are the countries
    that trade in anything in the year asked.

    Blocs whose expression has no date follow the year; dated ones are the same in every year.
    """

    question: Question
    data: Data
    flows: Flows
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
        members = flows.flags(self.importer_in(year).countries)
        identified = ~flows.flags((UNIDENTIFIED,))
        return Case(
            flows=flows,
            supply=supply(flows, members, identified, by or self.question.by),
            members=members,
            group=flows.flags(self.group_in(year).countries),
            floor=self.question.coverage_floor,
        )

    def codes(self, supply: Supply) -> list[str]:
        """The product code of each item."""
        return [self.flows.products[index] for index in supply.product]

    def names(self, countries: Amounts) -> list[str | None]:
        """The code of each country by its index; none for -1."""
        return [self.flows.countries[index] if index >= 0 else None for index in countries]

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


def set_up(question: Question, years: Iterable[int]) -> Setting:
    """Resolve a question and load the flows of the asked products in `years`, as far as there are any.

    Raises BlocError, CodeError or RequestError where it cannot be asked of the chosen data.
    """
    data = chosen(question)
    importer = resolve(question.importer, year=question.year)
    group = resolve(question.suppliers, year=question.year)
    flows = data.flows({question.year, *years})
    traders = flows.in_year(question.year).traders()
    if not traders & set(importer.countries):
        raise RequestError(
            f"{importer.canonical} ({', '.join(importer.countries)}) has no flows in the data of {question.year}."
        )
    products = flows.products
    if question.product:
        products = select(question.product, flows.products, nomenclature=data.nomenclature)
        flows = flows.of_products(products)
        _refuse_untraded(flows, products, question.year, data)
    return Setting(question, data, flows, importer, group, products, traders)


def _refuse_untraded(flows: Flows, codes: Sequence[str], year: int, data: Data) -> None:
    """RequestError where none of the asked products was traded by anyone in the year."""
    if not len(flows.in_year(year)):
        listed = ", ".join(codes)
        years = flows.years()
        known = f" They have flows in {years[0]} to {years[-1]}." if years else ""
        raise RequestError(
            f"nobody traded {listed} in {year}, says {data.snapshots[0].card.name}.{known} Choose another year."
        )


def regime_class(iso3: str, year: int) -> str | None:
    """A country's class of political regime in words; None where there is none for it, or for the year."""
    classed = regime(iso3, year) if year in years() else None
    return None if classed is None else classed.label
