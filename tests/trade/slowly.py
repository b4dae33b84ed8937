"""Every indicator once more, slowly: rows as tuples, sums in dictionaries, ratios as fractions. Shares nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from statistics import median

Figure = float


@dataclass(frozen=True)
class Row:
    """One flow; `kg` is None where it is not reported."""

    year: int
    product: str
    importer: str
    exporter: str
    usd: int
    kg: int | None


@dataclass(frozen=True)
class Side:
    """Some flows of one item, and the partner of each."""

    rows: list[tuple[str, Row]]
    by_value: bool

    def amount(self, row: Row) -> int:
        return row.usd if self.by_value else (row.kg or 0)

    def known(self, row: Row) -> bool:
        return self.by_value or row.kg is not None

    def total(self) -> int:
        return sum(self.amount(row) for _, row in self.rows if self.known(row))

    def by_partner(self) -> dict[str, int]:
        sums: dict[str, int] = defaultdict(int)
        for partner, row in self.rows:
            if self.known(row) and partner != "ZZZ":
                sums[partner] += self.amount(row)
        return sums

    def usd(self) -> int:
        return sum(row.usd for _, row in self.rows)

    def usable_usd(self) -> int:
        return sum(row.usd for partner, row in self.rows if self.known(row) and partner != "ZZZ")

    def enough(self, floor: float) -> bool:
        return self.usable_usd() >= floor * self.usd()


def ratio(part: int, whole: int) -> Figure:
    return float(Fraction(part, whole)) if whole else math.nan


class Item:
    """One item's flows, looked at by one importer: a set of countries."""

    def __init__(
        self, rows: list[Row], members: Collection[str], group: Collection[str], by_value: bool, floor: float
    ) -> None:
        self.rows, self.members, self.group = rows, members, group
        self.by_value, self.floor = by_value, floor
        self.imports = self.side(lambda row: row.exporter, lambda buys, sells: buys and not sells)
        self.exports = self.side(lambda row: row.importer, lambda buys, sells: sells and not buys)
        self.internal = self.side(lambda row: row.exporter, lambda buys, sells: buys and sells)
        self.world = self.side(lambda row: row.exporter, lambda buys, sells: True)

    def side(self, partner: Callable[[Row], str], chosen: Callable[[bool, bool], bool]) -> Side:
        rows = [
            (partner(row), row)
            for row in self.rows
            if chosen(row.importer in self.members, row.exporter in self.members)
        ]
        return Side(rows, self.by_value)

    def figure(self, name: str) -> Figure:
        figure: Figure = getattr(self, name)()
        return figure

    def _of(self, side: Side, part: int) -> Figure:
        return ratio(part, sum(side.by_partner().values())) if side.enough(self.floor) else math.nan

    def top_share(self) -> Figure:
        return self._of(self.imports, max(self.imports.by_partner().values(), default=0))

    def top3_share(self) -> Figure:
        return self._of(self.imports, sum(sorted(self.imports.by_partner().values())[-3:]))

    def group_share(self) -> Figure:
        return self._of(
            self.imports, sum(n for code, n in self.imports.by_partner().items() if code in self.group)
        )

    def group_top_share(self) -> Figure:
        inside = [n for code, n in self.imports.by_partner().items() if code in self.group]
        return self._of(self.imports, max(inside, default=0))

    def _bought(self, buyer: str, from_group: bool) -> int:
        return sum(
            self.imports.amount(row)
            for row in self.rows
            if row.importer == buyer and (row.exporter in self.group) == from_group
        )

    def group_share_low(self) -> Figure:
        own = (
            max(0, n - self._bought(code, False))
            for code, n in self.imports.by_partner().items()
            if code in self.group
        )
        return self._of(self.imports, sum(own))

    def group_share_high(self) -> Figure:
        passed = (
            n if code in self.group else min(n, self._bought(code, True))
            for code, n in self.imports.by_partner().items()
        )
        return self._of(self.imports, sum(passed))

    def group_world_share(self) -> Figure:
        return self._of(
            self.world, sum(n for code, n in self.world.by_partner().items() if code in self.group)
        )

    def _herfindahl(self, side: Side) -> Figure:
        amounts = side.by_partner().values()
        if not side.enough(self.floor):
            return math.nan
        return ratio(sum(n * n for n in amounts), sum(amounts) ** 2)

    def herfindahl(self) -> Figure:
        return self._herfindahl(self.imports)

    def effective_suppliers(self) -> Figure:
        return 1 / self.herfindahl()

    def suppliers(self) -> Figure:
        return float(sum(n > 0 for n in self.imports.by_partner().values()))

    def external_share(self) -> Figure:
        enough = self.imports.enough(self.floor) and self.internal.enough(self.floor)
        bought, inside = self.imports.total(), self.internal.total()
        return ratio(bought, bought + inside) if enough else math.nan

    def import_export_ratio(self) -> Figure:
        enough = self.imports.enough(self.floor) and self.exports.enough(self.floor)
        return ratio(self.imports.total(), self.exports.total()) if enough else math.nan

    def import_supply_ratio(self) -> Figure:
        sides = (self.imports, self.exports, self.internal)
        home = self.internal.total() + self.exports.total()
        return ratio(self.imports.total(), home) if all(s.enough(self.floor) for s in sides) else math.nan

    def world_export_herfindahl(self) -> Figure:
        return self._herfindahl(self.world)

    def exporter_centralization(self) -> Figure:
        traders = {row.importer for row in self.rows} | {row.exporter for row in self.rows}
        amounts = self.world.by_partner().values()
        total = sum(amounts)
        if not self.world.enough(self.floor) or not total or len(traders) < 2:
            return math.nan
        return float(Fraction(len(traders) * max(amounts) - total, total * (len(traders) - 1)))

    def clustering(self) -> Figure:
        pairs = {frozenset((row.importer, row.exporter)) for row in self.rows if row.importer != row.exporter}
        traders = sorted({code for pair in pairs for code in pair})
        connected = [
            sum(frozenset(pair) in pairs for pair in combinations(three, 2))
            for three in combinations(traders, 3)
        ]
        closed, open_ = 3 * connected.count(3), connected.count(2)
        return ratio(closed, closed + open_)

    def unit_value_outliers(self) -> Figure:
        judged = [row for row in self.rows if row.usd > 0 and row.kg]
        price = {row: math.log(row.usd / row.kg) for row in judged if row.kg}
        middle = median(price.values()) if price else 0.0
        spread = 1.4826 * median(abs(p - middle) for p in price.values()) if price else 0.0
        far = {row for row in judged if spread > 0 and abs(price[row] - middle) > 3.5 * spread}
        bought = [row for _, row in self.imports.rows]
        return ratio(
            sum(row.usd for row in bought if row in far), sum(row.usd for row in bought if row in price)
        )

    def coverage(self) -> Figure:
        return ratio(self.imports.usable_usd(), self.imports.usd())

    def world_coverage(self) -> Figure:
        return ratio(self.world.usable_usd(), self.world.usd())

    def largest(self) -> str | None:
        amounts = {code: n for code, n in sorted(self.imports.by_partner().items()) if n}
        if not amounts or not self.imports.enough(self.floor):
            return None
        return max(amounts, key=lambda code: amounts[code])  # of equals the first in the alphabet
