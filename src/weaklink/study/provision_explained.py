"""Where does one figure of provision come from? Its formula, its rows, and the figure computed again.

The second computation shares nothing with the first: plain sums over rows, ratios as fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from weaklink import tables
from weaklink.codes.countries import UNIDENTIFIED
from weaklink.errors import RequestError
from weaklink.provision.market import WHOLE
from weaklink.result import Exact, Explanation, Result, tabulated
from weaklink.study.provision import Asked, Market, caveats, screen, set_up


@dataclass(frozen=True, slots=True)
class Sums:
    """What the rows of one item add up to; `outside` and `inside` the importer, by identified supplier."""

    outside: Mapping[str, int]
    inside: Mapping[str, int]
    unidentified: int
    group: frozenset[str]
    floor: Fraction

    @property
    def total(self) -> int:
        """What identified suppliers outside provide."""
        return sum(self.outside.values())

    @property
    def known(self) -> bool:
        """Whether enough of what comes from outside has an identified supplier."""
        return self.total >= self.floor * (self.total + self.unidentified)


def explain(column: str, asked: Asked) -> Explanation:
    """Explain one figure of the screen of one item. Raises RequestError for a column that is not computed."""
    if column not in WORKINGS:
        raise RequestError(f"{column!r} is not a computed column. These are: {', '.join(WORKINGS)}.")
    if not asked.item:
        raise RequestError("name the item whose figure is asked: --item NAME.")
    market = set_up(replace(asked, definitions=""))
    answer = screen(market.asked)
    exact, working = WORKINGS[column](_sums(market))
    rows = Result(
        tables.PROVISION,
        tabulated(tables.PROVISION, [_record(row) for row in market.rows]),
        tuple(caveats(market)),
        market.provenance(),
    )
    shown = answer.records()[0][column]
    return Explanation(tables.PROVISION_SCREEN.column(column), shown, exact, working, rows)


def _record(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a Provision, read by its field names
    return {
        **{name: getattr(row, name) or None for name in tables.PROVISION.names if name not in _AMOUNTS},
        "share": None if row.share is None else row.share / WHOLE,
        "quantity": None if row.quantity is None else row.quantity / 1000,
    }


_AMOUNTS = ("share", "quantity")


def _sums(market: Market) -> Sums:
    outside: dict[str, int] = {}
    inside: dict[str, int] = {}
    rest, listed = 0, 0
    for row in market.rows:
        amount = row.quantity if row.quantity is not None else (row.share or 0)
        listed += amount
        side = inside if row.supplier in market.members else outside
        if row.supplier == UNIDENTIFIED:
            rest += amount
        elif amount:
            side[row.supplier] = side.get(row.supplier, 0) + amount
    if all(row.quantity is None for row in market.rows):
        rest += max(0, WHOLE - listed)
    return Sums(
        outside, inside, rest, frozenset(market.group.countries), Fraction(market.asked.coverage_floor)
    )


def _of_shares(exact: Fraction | None, working: str, sums: Sums) -> tuple[Exact, str]:
    return (exact if sums.known else None), working


def _ratio(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _largest(sums: Sums, count: int) -> tuple[str, int]:
    best = sorted(sums.outside, key=lambda code: (-sums.outside[code], code))[:count]
    return " + ".join(best), sum(sums.outside[code] for code in best)


def _top_supplier(sums: Sums) -> tuple[Exact, str]:
    code, amount = _largest(sums, 1)
    named = code if code and sums.known else None
    return named, f"{code}: {amount:,} of {sums.total:,}"


def _top_share(sums: Sums) -> tuple[Exact, str]:
    code, amount = _largest(sums, 1)
    return _of_shares(_ratio(amount, sums.total), f"{code}: {amount:,} / {sums.total:,}", sums)


def _three(sums: Sums) -> tuple[Exact, str]:
    codes, amount = _largest(sums, 3)
    return _of_shares(_ratio(amount, sums.total), f"{codes}: {amount:,} / {sums.total:,}", sums)


def _group_share(sums: Sums) -> tuple[Exact, str]:
    part = sum(amount for code, amount in sums.outside.items() if code in sums.group)
    return _of_shares(_ratio(part, sums.total), f"{part:,} / {sums.total:,}", sums)


def _herfindahl(sums: Sums) -> tuple[Exact, str]:
    squares = sum(amount**2 for amount in sums.outside.values())
    return _of_shares(_ratio(squares, sums.total**2), f"{squares:,} / {sums.total:,}²", sums)


def _effective(sums: Sums) -> tuple[Exact, str]:
    squares = sum(amount**2 for amount in sums.outside.values())
    return _of_shares(_ratio(sums.total**2, squares), f"{sums.total:,}² / {squares:,}", sums)


def _suppliers(sums: Sums) -> tuple[Exact, str]:
    return len(sums.outside), ", ".join(sorted(sums.outside))


def _external(sums: Sums) -> tuple[Exact, str]:
    bought, inside = sums.total + sums.unidentified, sum(sums.inside.values())
    return _of_shares(_ratio(bought, bought + inside), f"{bought:,} / ({bought:,} + {inside:,})", sums)


def _coverage(sums: Sums) -> tuple[Exact, str]:
    whole = sums.total + sums.unidentified
    return _ratio(sums.total, whole), f"{sums.total:,} / {whole:,}"


WORKINGS: Mapping[str, Callable[[Sums], tuple[Exact, str]]] = MappingProxyType(
    {
        "top_supplier": _top_supplier,
        "top_share": _top_share,
        "top3_share": _three,
        "group_share": _group_share,
        "herfindahl": _herfindahl,
        "effective_suppliers": _effective,
        "suppliers": _suppliers,
        "external_share": _external,
        "coverage": _coverage,
    }
)
