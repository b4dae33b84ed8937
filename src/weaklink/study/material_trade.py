"""What does the importer buy of each material, who else sells it, and what does it cost there?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from weaklink import data
from weaklink.codes.countries import UNIDENTIFIED
from weaklink.errors import RequestError
from weaklink.study.question import Question
from weaklink.study.setting import Setting, set_up
from weaklink.trade.lens import Case, figures
from weaklink.trade.runs import Figures, Flags
from weaklink.trade.substitutes import sales

MILLION = 1e6
FUELS = "27"
RELIABLE = 0.5  # share of the value of flows whose unit value can be judged and is not far from the others'


@dataclass(frozen=True, slots=True, eq=False)
class Trade:
    """Trade in some materials in one year; rows are products, columns countries; money is million dollars.

    `bought` are the importer's purchases from outside, unidentified suppliers left out; `sold` what each country sells
    outside of what it cannot merely have passed on. `price_bought` and `price_sold` are unit values in dollars a
    kilogram, not-a-number where too little of the value is reliable; `price` that of all purchases.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    countries: tuple[str, ...]
    members: Flags
    bought: Figures
    sold: Figures
    price: Figures
    price_bought: Figures
    price_sold: Figures
    by_member: Figures  # products × members of the data × suppliers
    member_codes: tuple[str, ...]
    setting: Setting

    @property
    def total(self) -> Figures:
        """All that is bought of each product."""
        whole: Figures = self.bought.sum(axis=1)
        return whole

    def place(self, code: str) -> int:
        """The column of a country; -1 where the data do not know it."""
        return self.countries.index(code) if code in self.countries else -1

    def flags(self, codes: Sequence[str]) -> Flags:
        """Columns of some countries."""
        return np.isin(np.array(self.countries), np.array(list(codes), dtype=str))

    def premium(self, product: int, old: int, new: int) -> float:
        """By how much a kilogram costs more of one supplier than of another, at least 0; not-a-number: unknown."""
        before = self.price_bought[product, old]
        before = self.price[product] if np.isnan(before) else before
        return float(max(0.0, self.price_sold[product, new] / before - 1)) if before > 0 else np.nan


def trade(question: Question) -> Trade:
    """The trade in a question's products.

    RequestError where the importer buys none of them abroad.
    """
    setting = set_up(question)
    case = setting.case_in(question.year, "value")
    flows, known = case.flows, case.supply.imports.amount.copy().astype(float)
    unidentified = flows.flags((UNIDENTIFIED,))
    known[:, unidentified] = 0.0
    if not known.any():
        raise RequestError(
            f"{setting.importer.canonical} bought none of {question.product} in {question.year}."
        )
    own = sales(flows, case.members, "value").own.astype(float)
    own[:, unidentified] = 0.0
    value, mass = _reliable(case)
    inside = case.members[flows.importer] & ~case.members[flows.exporter]
    member_codes = tuple(code for code, one in zip(flows.countries, case.members, strict=True) if one)
    return Trade(
        codes=tuple(case.codes),
        labels=tuple(setting.data.label(code) for code in case.codes),
        countries=flows.countries,
        members=case.members,
        bought=known / MILLION,
        sold=own / MILLION,
        price=_ratio(_added(case, value, inside).sum(axis=1), _added(case, mass, inside).sum(axis=1)),
        price_bought=_price(case, value, mass, inside),
        price_sold=_price(case, value, mass, np.ones(len(flows), dtype=np.bool_)),
        by_member=_by_member(case),
        member_codes=member_codes,
        setting=setting,
    )


def most_dependent(question: Question, count: int) -> tuple[str, ...]:
    """The products of minerals, fuels left out, of which the supplier group has the largest share of the imports.

    Of the table `mineral_products`, as far as the data have them; of equal shares the larger imports first.
    RequestError where there are fewer.

    >>> most_dependent(Question("NATO@2024-12-31", 2024), 3)
    ('811211', '251110', '250490')
    """
    listed = {row["product"] for row in data.rows("mineral_products") if row["product"]}
    setting = set_up(question)
    codes = sorted(code for code in listed & set(setting.products) if not code.startswith(FUELS))
    if len(codes) < count:
        raise RequestError(f"--most-dependent is {count}; the data have {len(codes)} products of minerals.")
    narrowed = set_up(replace(question, product=",".join(codes)))
    case = narrowed.case_in(question.year)
    share = np.nan_to_num(figures(case, ["group_share"])["group_share"])
    order = sorted(range(len(share)), key=lambda row: (-share[row], -case.supply.imports.value_usd[row]))
    return tuple(case.codes[row] for row in order[:count])


def _reliable(case: Case) -> tuple[Figures, Figures]:
    """Value and mass of flows with a unit value that can be judged and is not far from the others'; else zero."""
    far, judged = case.market.outliers
    good = judged & ~far
    return np.where(good, case.flows.value_usd, 0).astype(float), np.where(
        good, case.flows.quantity_kg, 0
    ).astype(float)


def _added(case: Case, amount: Figures, where: Flags) -> Figures:
    """Sums by product and exporter."""
    flows = case.flows
    width = len(flows.countries)
    place = case.market.entries.item * width + flows.exporter
    size = len(case.codes) * width
    return np.bincount(place[where], amount[where], size).astype(float).reshape(-1, width)


def _price(case: Case, value: Figures, mass: Figures, where: Flags) -> Figures:
    good, all_of_it = _added(case, value, where), _added(case, case.flows.value_usd.astype(float), where)
    price = _ratio(good, _added(case, mass, where))
    return np.where(good >= RELIABLE * all_of_it, price, np.nan)


def _ratio(above: Figures, below: Figures) -> Figures:
    found: Figures = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)
    return found


def _by_member(case: Case) -> Figures:
    """What each member buys of each supplier outside: products × members × countries, in million dollars."""
    flows = case.flows
    places = np.flatnonzero(case.members)
    number = np.full(len(flows.countries), -1)
    number[places] = np.arange(len(places))
    bought = case.members[flows.importer] & ~case.members[flows.exporter]
    shape = (len(case.codes), len(places), len(flows.countries))
    found = np.zeros(shape)
    np.add.at(
        found,
        (case.market.entries.item[bought], number[flows.importer[bought]], flows.exporter[bought]),
        flows.value_usd[bought] / MILLION,
    )
    return found
