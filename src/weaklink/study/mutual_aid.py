"""Who helps whom: from a sheet of what members have and need, or in a scenario in which goods run short?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from weaklink.errors import RequestError
from weaklink.mitigation.mutual_aid import Helped, Member, helped
from weaklink.mitigation.options import Figures
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.scenario.model import Response
from weaklink.shortfall.course import courses, stocks
from weaklink.sources.intake import Problems
from weaklink.sources.sheet import number, read_sheet, words
from weaklink.study.lens import Asked, likely
from weaklink.study.lens_provenance import provenance_of
from weaklink.study.lenses.goods import goods
from weaklink.study.material_trade import MILLION
from weaklink.tables.stocking import MUTUAL_AID, MUTUAL_AID_FLOWS
from weaklink.version import VERSION

LEAST = 1e-6  # less is nothing
MOST = 1e15

STOCKS = {
    "member": words("a member", required=True),
    "has": replace(number(0, MOST, "an amount, 0 or more"), required=True),
    "needs": replace(number(0, MOST, "an amount, 0 or more"), required=True),
    "floor": number(0, MOST, "an amount, 0 or more"),
}
LINKS = {
    "from": words("a member of the sheet of stocks", required=True),
    "to": words("a member of the sheet of stocks", required=True),
    "most": number(0, MOST, "an amount, 0 or more"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Aid:
    """The answer: a row for each member, and one for each gift."""

    members: Result
    flows: Result


def from_sheets(path: Path, links: Path | None = None) -> Aid:
    """The fairest help among the members of a sheet with columns member, has, needs and floor (empty: its needs).

    A sheet of links (from, to, most) names all ways that there are; an empty `most` is no limit. Without one everybody
    can help everybody. SourceError names what is wrong in a sheet, with row and column.
    """
    problems = Problems(path.name)
    sheet = read_sheet(path, STOCKS, problems)
    seen: set[str] = set()
    for line, row in sheet.rows:
        if row["member"] in seen:
            problems.add(line, "member", row["member"], "each member once", "Add its rows up.")
        seen.add(row["member"])
    problems.refuse_if_any()
    listed = [
        Member(row["member"], row["has"], row["needs"], 0.0 if np.isnan(row["floor"]) else row["floor"])
        for _, row in sheet.rows
    ]
    cards: tuple[Card, ...] = (sheet.card(),)
    most = None
    if links is not None:
        most, card = _links(links, [one.name for one in listed])
        cards = (*cards, card)
    said = ("Amounts are in the unit of the sheet; what is on its way when is not asked.",)
    return _aid(listed, most, said, Provenance(cards, VERSION))


def in_scenario(asked: Asked, product: str, floor_days: float = 0.0) -> Aid:
    """The fairest help among members in a scenario on goods, for one of its products, at the likely figures.

    A member has its stock, and needs what would not arrive over the days of the scenario; it keeps so many days of its
    use whatever others lack. Amounts are million dollars. RequestError as the lens of goods, and for a product that the
    scenario does not strike.

    >>> from weaklink.scenario.library import chosen
    >>> from weaklink.study.losses import asked_for
    >>> rows = in_scenario(asked_for(chosen("china-rare-earths"), "EU@2024-12-31"), "280530").members.records()
    >>> max(row["unmet_after"] for row in rows) <= max(row["unmet_before"] for row in rows)
    True
    """
    said_alike = Response(**{**asked.scenario.response.model_dump(exclude_unset=True), "sharing": "equal"})
    together = asked.scenario.model_copy(
        update={"response": said_alike}
    )  # then unstruck members are cells too
    model = goods(replace(asked, scenario=together))
    bought = model.bought
    if product not in bought.products:
        raise RequestError(
            f"scenario {asked.scenario.name} does not strike {product}. It strikes: {', '.join(bought.products)}."
        )
    responses = model.responses(likely(model.ranges))
    purchases = replace(bought.purchases, pooled=False)
    bare = replace(responses, stock_days=np.zeros_like(responses.stock_days))
    needs, has = courses(purchases, bare).missing[0], stocks(purchases, responses)[0]
    mine = np.flatnonzero(purchases.product == bought.products.index(product))
    listed = [
        Member(
            bought.members[purchases.member[cell]],
            float(has[cell]) / MILLION,
            float(needs[cell]) / MILLION,
            floor_days * float(purchases.use[cell]) / MILLION,
        )
        for cell in mine
    ]
    said = (
        "A member has its usual stock at the likely figures and needs what would not arrive of its use, after other "
        "suppliers and saving; million dollars at the prices before.",
        f"A member keeps {floor_days:g} days of its use, or its needs where these are more.",
        "Goods are taken to reach everybody in time.",
        *bought.caveats,
    )
    parameters = {"product": product, "floor_days": f"{floor_days:g}"}
    return _aid(listed, None, said, provenance_of(asked, model, parameters))


def _aid(listed: Sequence[Member], links: Figures | None, said: tuple[str, ...], source: Provenance) -> Aid:
    found = helped(listed, links)
    caveats = (_fairness(listed, found), *said)
    rows = [
        {
            "member": one.name,
            "has": one.has,
            "needs": one.needs,
            "floor": max(one.floor, one.needs),
            "gives": float(found.given[place].sum()),
            "gets": float(found.given[:, place].sum()),
            "unmet_before": one.unmet,
            "unmet_after": float(found.unmet[place]),
        }
        for place, one in enumerate(listed)
    ]
    rows.sort(key=lambda row: (-float(str(row["unmet_after"])), -float(str(row["gets"])), str(row["member"])))
    flows: list[dict[str, Any]] = [
        {
            "giver": listed[giver].name,
            "receiver": listed[receiver].name,
            "amount": found.given[giver, receiver],
            "most": None if links is None or np.isinf(links[giver, receiver]) else links[giver, receiver],
        }
        for giver, receiver in np.argwhere(found.given > LEAST).tolist()
    ]
    return Aid(
        Result(MUTUAL_AID, tabulated(MUTUAL_AID, rows), caveats, source),
        Result(MUTUAL_AID_FLOWS, tabulated(MUTUAL_AID_FLOWS, flows), caveats, source),
    )


def _fairness(listed: Sequence[Member], found: Helped) -> str:
    before = max((one.unmet for one in listed), default=0.0)
    after = float(found.unmet.max(initial=0.0))
    short = int((found.unmet > LEAST).sum())
    said = (
        f"The largest unmet share falls from {before:.1%} to {after:.1%}; it cannot be less with these links "
        "and floors. "
        f"{short} of {len(listed)} members stay short. {found.served:,.6g} is handed over"
    )
    if found.cost_of_fairness > LEAST:
        return f"{said}, {found.cost_of_fairness:.1%} less than could be if only the total counted."
    return f"{said}, as much as could be if only the total counted. Who gives what to whom is one way of several."


def _links(path: Path, names: Sequence[str]) -> tuple[Figures, Card]:
    problems = Problems(path.name)
    sheet = read_sheet(path, LINKS, problems)
    most = np.zeros((len(names), len(names)))
    for line, row in sheet.rows:
        for column in ("from", "to"):
            if row[column] not in names:
                problems.add(
                    line,
                    column,
                    row[column],
                    "a member of the sheet of stocks",
                    f"It has: {', '.join(names)}.",
                )
        if row["from"] in names and row["to"] in names:
            limit = np.inf if np.isnan(row["most"]) else row["most"]
            most[names.index(row["from"]), names.index(row["to"])] += limit
    problems.refuse_if_any()
    return most, sheet.card()
