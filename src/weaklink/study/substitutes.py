"""What one member lacks, which member or partner already exports?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, Unpack

import numpy as np
import numpy.typing as npt

from weaklink import tables
from weaklink.blocs.expression import Bloc, resolve
from weaklink.codes.countries import name
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.common import AT_LEAST, refuse_no_share, taken_alone
from weaklink.study.mineral_caveats import listed
from weaklink.study.question import Options, Question
from weaklink.study.setting import Setting, set_up
from weaklink.trade.lens import Case, coverage, figures
from weaklink.trade.runs import Amounts, Figures, Flags
from weaklink.trade.substitutes import Sales, cover, cover_low, joint, known, sales

MOST_NAMED = 5  # candidates named in a row
Values: TypeAlias = Sequence[Any] | npt.NDArray[Any]  # one element per item


def substitutes(
    importer: str,
    year: int,
    partners: str = "",
    at_least: float = AT_LEAST,
    **options: Unpack[Options],
) -> Result:
    """Members that lack each product without the supplier group, and members and partners that export it.

    `partners` is a bloc expression, empty for none; a partner in the bloc counts as a member, one in the
    supplier group as neither. The columns are declared in `weaklink.tables.SUBSTITUTES`; who could supply more of one
    product, country by country, says `study.candidates`. Raises as `screen` does, and RequestError if `at_least` is
    no share.

    >>> row = substitutes("EU@2022-12-31", 2022, "NOR + USA", product="271111", suppliers="RUS").records()[0]
    >>> row["lacking_codes"], row["candidates"]
    ('FIN, EST', 'USA, FRA, ESP, BEL, NOR')
    """
    refuse_no_share(at_least)
    setting = set_up(Question(importer, year, **options))
    named = resolve(partners, year=year) if partners else None
    search = _search(setting, named.countries if named else ())
    return Result(
        tables.SUBSTITUTES,
        tabulated(tables.SUBSTITUTES, _products(search, at_least)),
        tuple(dict.fromkeys((*caveats.of_setting(setting), *_caveats(setting, named, at_least)))),
        _provenance(setting, named, at_least),
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """What both tables are made of, by item (rows) and country (columns).

    `partners` flags the partners that are neither members nor in the supplier group. `sold` is in dollars,
    `sold_kg` in kilograms, `sold_by` in the measure asked; so are `needed_usd` and `needed`, the bloc's imports
    from the group. `own_share` is the share of the group in each country's own imports, `own_imports_usd` those.
    """

    setting: Setting
    case: Case
    partners: Flags
    own_share: Figures
    own_imports_usd: Amounts
    sold: Sales
    sold_kg: Sales
    needed: Amounts
    needed_usd: Amounts

    @property
    def sold_by(self) -> Sales:
        """What is sold, in the measure of the question."""
        return self.sold if self.case.supply.measure == "value" else self.sold_kg

    @property
    def candidates(self) -> Flags:
        """The countries that may stand in for the group."""
        return self.case.members | self.partners

    @property
    def products(self) -> list[dict[str, str]]:
        """Code and label of each item."""
        return [{"product": code, "label": self.setting.data.label(code)} for code in self.case.codes]


def _search(setting: Setting, partners: tuple[str, ...]) -> _Search:
    year = setting.question.year
    case, alone = taken_alone(setting, (*setting.importer_in(year).countries, *partners))
    flows, shape = case.flows, case.supply.imports.amount.shape
    own_share, own_imports = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    own_share[alone.item, alone.importer] = alone.group_share
    own_imports[alone.item, alone.importer] = alone.imports_usd
    by_value = setting.case_in(year, "value").supply
    return _Search(
        setting=setting,
        case=case,
        partners=flows.flags(partners) & ~(case.members | case.group),
        own_share=own_share,
        own_imports_usd=own_imports,
        sold=sales(flows, case.members, "value"),
        sold_kg=sales(flows, case.members, "quantity"),
        needed=case.supply.imports.amount[:, case.group].sum(axis=-1),
        needed_usd=by_value.imports.amount[:, case.group].sum(axis=-1),
    )


def _products(search: _Search, at_least: float) -> list[dict[str, Any]]:
    """One record per product: first what most members lack, then what the bloc buys most of from the group."""
    columns: dict[str, Values] = {
        **_lacking(search, at_least),
        "group_imports_usd": search.needed_usd,
        "group_share": figures(search.case, ["group_share"])["group_share"],
        **_covers(search),
        "candidates": _largest(search),
        **_sold_by(search, "member", search.case.members),
        **_sold_by(search, "partner", search.partners),
        "coverage": coverage(search.case.supply.imports),
    }
    records = [
        {**product, **{column: values[item] for column, values in columns.items()}}
        for item, product in enumerate(search.products)
    ]
    return sorted(records, key=lambda row: (-row["lacking"], -row["group_imports_usd"], row["product"]))


def _lacking(search: _Search, at_least: float) -> dict[str, Values]:
    """How many members lack each product without the group, and which, the largest importer first."""
    lacks = (search.own_share >= at_least) & search.case.members
    return {
        "lacking": lacks.sum(axis=-1),
        "lacking_codes": _by_size(search, np.where(lacks, search.own_imports_usd, 0), None),
    }


def _covers(search: _Search) -> dict[str, Values]:
    floor, bought = search.case.floor, search.case.supply.imports
    both, members = joint(search.sold_by, search.candidates), joint(search.sold_by, search.case.members)
    return {
        "cover": search.case.given(cover(both, search.needed, floor), bought),
        "cover_low": search.case.given(cover_low(both, search.needed, floor), bought),
        "member_cover": search.case.given(cover(members, search.needed, floor), bought),
    }


def _largest(search: _Search) -> list[str]:
    """The candidates that sell most outside, for each item."""
    return _by_size(search, np.where(search.candidates, search.sold.outside, 0), MOST_NAMED)


def _by_size(search: _Search, amounts: Amounts, most: int | None) -> list[str]:
    """Codes of the countries with any amount, the largest first; of equals, the first in the alphabet."""
    order = np.argsort(-amounts, axis=-1, kind="stable")[:, :most]
    codes = search.case.flows.countries
    return [", ".join(codes[at] for at in row if amounts[item, at] > 0) for item, row in enumerate(order)]


def _sold_by(search: _Search, role: str, sellers: Flags) -> dict[str, Values]:
    """How many countries of a role sell outside the bloc, and how much together."""
    total = joint(search.sold, sellers)
    return {
        f"{role}_exporters": np.count_nonzero(search.sold.outside[:, sellers], axis=-1),
        f"{role}_exports_usd": total.outside,
        f"{role}_exports_kg": _kilograms(joint(search.sold_kg, sellers), search.case.floor),
        f"{role}_to_members_usd": total.inside,
    }


def _kilograms(sold: Sales, floor: float) -> list[int | None]:
    """Mass of what is sold outside; none where too many quantities are not reported."""
    return [
        int(mass) if enough else None for mass, enough in zip(sold.outside, known(sold, floor), strict=True)
    ]


def _caveats(setting: Setting, partners: Bloc | None, at_least: float) -> Iterator[str]:
    yield (
        f"A member lacks a product from {at_least:.0%} of its own purchases from the supplier group on; "
        "the threshold is our own choice, no published rule."
    )
    yield (
        "Exports are what is sold to others today. That they can be had instead, at what price and grade, these "
        "data do not say; cover_low leaves out what an exporter may only have passed on."
    )
    if partners is None:
        return
    if partners.undated:
        yield (
            f"The partners {partners.expression} have no date: they are those of 31 December "
            f"({partners.canonical})."
        )
    yield from partners.notes
    members = set(setting.importer.countries)
    for where, others in (
        ("members of the bloc and count as such", members),
        ("in the supplier group", set(setting.group.countries) - members),
    ):
        if inside := [name(code) for code in partners.countries if code in others]:
            yield f"Not counted as partners, being {where}: {listed(inside)}."
    if silent := [code for code in partners.countries if code not in setting.traders]:
        yield f"The data of {setting.question.year} have no flows of {listed([name(code) for code in silent])}."


def _provenance(setting: Setting, partners: Bloc | None, at_least: float) -> Provenance:
    basic = setting.provenance()
    named = {partners.canonical: partners.countries} if partners else {}
    asked = {"partners": partners.expression if partners else "none", "at_least": str(at_least)}
    return replace(basic, parameters={**basic.parameters, **asked}, blocs={**basic.blocs, **named})
