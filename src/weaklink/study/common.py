"""Which members share the same weak point: the same largest supplier of the same product?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np

from weaklink import tables
from weaklink.codes.countries import name
from weaklink.errors import RequestError
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.mineral_caveats import listed
from weaklink.study.question import Options, Question
from weaklink.study.setting import Setting, set_up
from weaklink.trade.lens import Case, figures, largest_supplier
from weaklink.trade.runs import Amounts, Figures, Indices, Places
from weaklink.trade.supply import each_alone

AT_LEAST = 0.5  # our own choice, no published rule: half of what a member buys
SHARED_BY = 2  # members; a weak point of one is not shared


def common(importer: str, year: int, at_least: float = AT_LEAST, **options: Unpack[Options]) -> Result:
    """Suppliers that are the largest of several members at once, those of most members first.

    Each member is taken by itself, so its other suppliers include fellow members; suppliers shown are
    outside the bloc. The columns are declared in `weaklink.tables.COMMON`. Raises as `screen` does, and
    RequestError if `at_least` is no share or the importer is one country.

    >>> rows = common("NATO@2022-11-30", 2022, product="280530").records()
    >>> rows[0]["supplier"], rows[0]["members"]
    ('CHN', 8)
    """
    return shared(set_up(Question(importer, year, **options)), at_least)


def shared(setting: Setting, at_least: float = AT_LEAST) -> Result:
    """The answer to a question that is set up already."""
    refuse_no_share(at_least)
    if len(setting.importer.countries) < SHARED_BY:
        raise RequestError(
            f"--importer {setting.importer.canonical} is one country, and a weak point is common to several. "
            "Name a bloc, such as EU@2024-12-31."
        )
    case, alone = taken_alone(setting, setting.importer_in(setting.question.year).countries)
    rows = sorted(_records(setting, case, alone, at_least), key=_rank)
    found = (*caveats.of_setting(setting), *_caveats(setting, case, alone, at_least))
    provenance = setting.provenance()
    return Result(
        tables.COMMON,
        tabulated(tables.COMMON, rows),
        tuple(dict.fromkeys(found)),
        replace(provenance, parameters={**provenance.parameters, "at_least": str(at_least)}),
    )


def refuse_no_share(at_least: float) -> None:
    """RequestError where a number is no share above zero."""
    if not 0 < at_least <= 1:
        raise RequestError(f"--at-least is {at_least}; it must be a share above 0 and up to 1, such as 0.5.")


@dataclass(frozen=True, slots=True)
class Alone:
    """One country's purchases of one item, for every item and country that has any; arrays with one element each.

    `supplier` is the largest identified one, of equals the first; -1 where none is known or too little of the
    value. `share` is its share and `group_share` that of the group in purchases from identified suppliers,
    not-a-number there. `supplier_usd` is what is bought from it, `imports_usd` all that is bought, in dollars.
    """

    item: Places
    importer: Indices
    supplier: Amounts
    share: Figures
    group_share: Figures
    supplier_usd: Amounts
    imports_usd: Amounts


def taken_alone(setting: Setting, countries: tuple[str, ...]) -> tuple[Case, Alone]:
    """The case of a setting, and each of some countries by itself; the importer's members are in no group."""
    case = setting.case_in(setting.question.year)
    chosen, group = case.flows.flags(countries), case.group & ~case.members
    each = Case(case.market, each_alone(case.market, chosen), chosen, group, case.floor)
    shown, supply = figures(each, ("top_share", "group_share")), each.supply
    return case, Alone(
        item=supply.item,
        importer=supply.importer,
        supplier=largest_supplier(each),
        share=shown["top_share"],
        group_share=shown["group_share"],
        supplier_usd=case.flows.value_usd[supply.bought][supply.purchases.peak(supply.imports.runs.amount)],
        imports_usd=supply.imports.value_usd,
    )


def _records(setting: Setting, case: Case, alone: Alone, at_least: float) -> Iterator[dict[str, Any]]:
    """One record for each product and supplier that is the weak point of several members."""
    flows, codes = case.flows, case.codes
    buying = np.bincount(alone.item, minlength=len(codes))
    for (item, supplier), places in _weak_points(case, alone, at_least).items():
        if len(places) < SHARED_BY:
            continue
        places.sort(key=lambda place: (-alone.supplier_usd[place], alone.importer[place]))
        from_it, iso3 = int(alone.supplier_usd[places].sum()), flows.countries[supplier]
        yield {
            "product": codes[item],
            "label": setting.data.label(codes[item]),
            "supplier": iso3,
            "supplier_name": name(iso3),
            "in_group": "yes" if case.group[supplier] else "no",
            "members": len(places),
            "member_codes": ", ".join(flows.countries[alone.importer[place]] for place in places),
            "buying_members": buying[item],
            "joint_imports_usd": from_it,
            "joint_share": from_it / int(alone.imports_usd[places].sum()),
            "least_share": alone.share[places].min(),
        }


def _weak_points(case: Case, alone: Alone, at_least: float) -> dict[tuple[int, int], list[int]]:
    """Places in `alone` by item and largest supplier, where that is outside the bloc and large enough."""
    found = defaultdict(list)
    for place in np.flatnonzero(alone.share >= at_least):
        supplier = int(alone.supplier[place])
        if not case.members[supplier]:
            found[int(alone.item[place]), supplier].append(int(place))
    return found


def _rank(record: Mapping[str, Any]) -> tuple[int, int, str, str]:
    """Most members first, then the largest joint imports."""
    return (-record["members"], -record["joint_imports_usd"], record["product"], record["supplier"])


def _caveats(setting: Setting, case: Case, alone: Alone, at_least: float) -> Iterator[str]:
    yield (
        f"A supplier counts as a member's weak point from {at_least:.0%} of its purchases on, those from other "
        "members included. The threshold is our own choice, no published rule."
    )
    flows = case.flows
    large = alone.share >= at_least
    if inside := int((large & (alone.supplier >= 0) & case.members[alone.supplier]).sum()):
        yield (
            f"In {inside:,} cases of a member and a product that supplier is another member, who may pass on goods "
            "from outside; these are not shown."
        )
    thin = np.unique(alone.item[(alone.supplier < 0) & (alone.imports_usd > 0)])
    if len(thin):
        codes = [flows.products[case.supply.product[item]] for item in thin]
        yield (
            f"Coverage below {setting.question.coverage_floor:.0%} for some members, who are left out: {listed(codes)}."
        )
