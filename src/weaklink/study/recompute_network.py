"""What do the rows give for figures of origin and of the world's network? Once more, in whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import combinations

from weaklink.result import Exact
from weaklink.study.recompute import EXPORT, IMPORT, INTERNAL, WORLD, Cell, ratio


def _three_largest(cell: Cell) -> tuple[Exact, str]:
    amounts = sorted(cell.suppliers().values(), reverse=True)
    part, total = sum(amounts[:3]), sum(amounts)
    return (ratio(part, total) if cell.covered(IMPORT) else None), f"{part:,} / {total:,}"


def _largest_of_group(cell: Cell) -> tuple[Exact, str]:
    members = cell.by_supplier(row for row in cell.among("import") if row["group"] == "yes")
    part, total = max(members.values(), default=0), sum(cell.suppliers().values())
    return (ratio(part, total) if cell.covered(IMPORT) else None), f"{part:,} / {total:,}"


def _world_share(cell: Cell) -> tuple[Exact, str]:
    part = sum(cell.by_supplier(row for row in cell.among() if row["group"] == "yes").values())
    total = sum(cell.by_supplier(cell.among()).values())
    return (ratio(part, total) if cell.covered(WORLD) else None), f"{part:,} / {total:,}"


def _home_supply(cell: Cell) -> tuple[Exact, str]:
    bought, inside, sold = cell.total("import"), cell.total("internal"), cell.total("export")
    known = cell.covered(IMPORT, EXPORT, INTERNAL)
    return (ratio(bought, inside + sold) if known else None), f"{bought:,} / ({inside:,} + {sold:,})"


def _own_imports(cell: Cell, group: str) -> dict[str, int]:
    """What each country itself imports from the group (`yes`) or from others (`no`)."""
    sums: dict[str, int] = {}
    for row in cell.among():
        if row["group"] == group:
            sums[row["importer"]] = sums.get(row["importer"], 0) + cell.amount(row)
    return sums


def _least(cell: Cell) -> tuple[Exact, str]:
    members = cell.by_supplier(row for row in cell.among("import") if row["group"] == "yes")
    passed = _own_imports(cell, "no")
    part = sum(max(0, amount - passed.get(code, 0)) for code, amount in members.items())
    total = sum(cell.suppliers().values())
    working = f"{sum(members.values()):,} less what they may pass on = {part:,}, of {total:,}"
    return (ratio(part, total) if cell.covered(IMPORT) else None), working


def _greatest(cell: Cell) -> tuple[Exact, str]:
    members = cell.by_supplier(row for row in cell.among("import") if row["group"] == "yes")
    others = cell.by_supplier(row for row in cell.among("import") if row["group"] == "no")
    from_group = _own_imports(cell, "yes")
    more = sum(min(amount, from_group.get(code, 0)) for code, amount in others.items())
    total = sum(cell.suppliers().values())
    working = f"({sum(members.values()):,} + {more:,} that others may pass on) / {total:,}"
    return (ratio(sum(members.values()) + more, total) if cell.covered(IMPORT) else None), working


def _centralization(cell: Cell) -> tuple[Exact, str]:
    exports = cell.by_supplier(cell.among())
    traders = {row[side] for row in cell.among() for side in ("importer", "exporter")}
    total, count = sum(exports.values()), len(traders)
    if not total or count < 2 or not cell.covered(WORLD):
        return None, f"{count} countries trade it"
    largest = max(exports.values())
    exact = Fraction(count * largest - total, total * (count - 1))
    return exact, f"({count} × {largest:,} - {total:,}) / ({total:,} × {count - 1})"


def _clustering(cell: Cell) -> tuple[Exact, str]:
    partners: dict[str, set[str]] = {}
    for row in cell.among():
        if row["importer"] != row["exporter"]:
            partners.setdefault(row["importer"], set()).add(row["exporter"])
            partners.setdefault(row["exporter"], set()).add(row["importer"])
    triples = sum(len(found) * (len(found) - 1) // 2 for found in partners.values())
    closed = sum(
        second in partners[first]
        for found in partners.values()
        for first, second in combinations(sorted(found), 2)
    )
    return ratio(closed, triples), f"{closed:,} closed of {triples:,} triples"


WORKINGS: Mapping[str, Callable[[Cell], tuple[Exact, str]]] = {
    "top3_share": _three_largest,
    "group_top_share": _largest_of_group,
    "group_share_low": _least,
    "group_share_high": _greatest,
    "group_world_share": _world_share,
    "import_supply_ratio": _home_supply,
    "exporter_centralization": _centralization,
    "clustering": _clustering,
}

WORLDWIDE: Mapping[str, tuple[str, ...]] = {
    "group_share_low": ("world",),
    "group_share_high": ("world",),
    "group_world_share": ("world",),
    "import_supply_ratio": ("import", "internal", "export"),
    "exporter_centralization": ("world",),
    "clustering": ("world",),
}
