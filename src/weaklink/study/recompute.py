"""What do the rows of one figure give, computed once more in whole numbers and fractions?

Nothing here is shared with the lens that the figure came from: plain sums over rows, no arrays, no rounding.
Each figure gives its exact value, or None where it is not defined, and the working in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from weaklink.codes.countries import UNIDENTIFIED
from weaklink.result import Exact
from weaklink.study.screen import CHANGE_YEARS
from weaklink.study.setting import Setting, regime_class


@dataclass(frozen=True, slots=True)
class Cell:
    """The rows of one figure, and the sums that figures are made of."""

    setting: Setting
    rows: Sequence[Mapping[str, Any]]

    def among(self, *roles: str) -> list[Mapping[str, Any]]:
        """The rows of the asked year that play one of the roles; no role means all."""
        year = self.setting.question.year
        return [row for row in self.rows if row["year"] == year and (not roles or row["role"] in roles)]

    def amount(self, row: Mapping[str, Any]) -> int:
        """What a row counts: dollars, or kilograms where they are asked for; nothing where unknown."""
        if self.setting.question.by == "value":
            return int(row["value_usd"])
        return int(row["quantity_kg"] or 0)

    def total(self, role: str) -> int:
        """Sum over all partners, identified or not."""
        return sum(self.amount(row) for row in self.among(role))

    def by_supplier(self, rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
        """Sum of each identified supplier that supplies anything."""
        sums: dict[str, int] = {}
        for row in rows:
            if row["exporter"] != UNIDENTIFIED and (amount := self.amount(row)):
                sums[row["exporter"]] = sums.get(row["exporter"], 0) + amount
        return sums

    def suppliers(self) -> dict[str, int]:
        """The m_s of the formulas."""
        return self.by_supplier(self.among("import"))

    def coverage(self, rows: Sequence[Mapping[str, Any]], partner: str = "exporter") -> Fraction | None:
        """Share of value in rows with an identified partner and a known amount; None without rows."""
        usable = [
            row
            for row in rows
            if row[partner] != UNIDENTIFIED
            and (self.setting.question.by == "value" or row["quantity_kg"] is not None)
        ]
        return ratio(sum(row["value_usd"] for row in usable), sum(row["value_usd"] for row in rows))

    def covered(self, *sides: tuple[str, str]) -> bool:
        """Whether each side (role, partner column) has the coverage that a figure needs."""
        floor = Fraction(self.setting.question.coverage_floor)
        found = (
            self.coverage(self.among(*(() if role == "world" else (role,))), partner)
            for role, partner in sides
        )
        return all(share is None or share >= floor for share in found)


IMPORT, EXPORT, INTERNAL, WORLD = (
    ("import", "exporter"),
    ("export", "importer"),
    ("internal", "exporter"),
    ("world", "exporter"),
)


def ratio(part: int, whole: int) -> Fraction | None:
    """Part over whole without rounding; None where the whole is nothing."""
    return Fraction(part, whole) if whole else None


def _imports(cell: Cell) -> tuple[Exact, str]:
    total = sum(row["value_usd"] for row in cell.among("import"))
    return total, f"sum of {len(cell.among('import')):,} flows = {total:,} USD"


def _kilograms(cell: Cell) -> tuple[Exact, str]:
    rows = cell.among("import")
    known = [row for row in rows if row["quantity_kg"] is not None and row["exporter"] != UNIDENTIFIED]
    whole = sum(row["value_usd"] for row in rows)
    share = ratio(sum(row["value_usd"] for row in known), whole)
    if share is not None and share < Fraction(cell.setting.question.coverage_floor):
        return None, f"quantities are reported for {float(share):.1%} of the value only"
    total = sum(row["quantity_kg"] or 0 for row in rows)
    return total, f"sum of {len(known):,} flows with a reported quantity = {total:,} kg"


def _exports(cell: Cell) -> tuple[Exact, str]:
    total = sum(row["value_usd"] for row in cell.among("export"))
    return total, f"sum of {len(cell.among('export')):,} flows = {total:,} USD"


def _concentration(amounts: Mapping[str, int]) -> tuple[Fraction | None, str]:
    squares, total = sum(amount**2 for amount in amounts.values()), sum(amounts.values())
    return ratio(squares, total**2), f"Σ m_s² / (Σ m_s)² = {squares:,} / {total:,}²"


def _herfindahl(cell: Cell) -> tuple[Exact, str]:
    exact, working = _concentration(cell.suppliers())
    return (exact if cell.covered(IMPORT) else None), working


def _effective(cell: Cell) -> tuple[Exact, str]:
    exact, working = _concentration(cell.suppliers())
    return (1 / exact if exact and cell.covered(IMPORT) else None), f"1 / H, H = {working}"


def _suppliers(cell: Cell) -> tuple[Exact, str]:
    names = sorted(cell.suppliers())
    return len(names), f"{', '.join(names)}"


def _top(cell: Cell) -> tuple[str | None, int, int]:
    amounts = cell.suppliers()
    if not amounts or not cell.covered(IMPORT):
        return None, 0, 0
    best = min(amounts, key=lambda code: (-amounts[code], code))
    return best, amounts[best], sum(amounts.values())


def _top_supplier(cell: Cell) -> tuple[Exact, str]:
    code, amount, total = _top(cell)
    return code, f"{code}: {amount:,} of {total:,}, the largest of {len(cell.suppliers())}"


def _top_share(cell: Cell) -> tuple[Exact, str]:
    code, amount, total = _top(cell)
    return ratio(amount, total), f"{code}: {amount:,} / {total:,}"


def _top_regime(cell: Cell) -> tuple[Exact, str]:
    code, _, _ = _top(cell)
    year = cell.setting.question.year
    return (regime_class(code, year) if code else None), f"class of {code} in {year}"


def _group(cell: Cell, year: int) -> tuple[Fraction | None, str]:
    rows = [row for row in cell.rows if row["year"] == year and row["role"] == "import"]
    part = sum(cell.by_supplier(row for row in rows if row["group"] == "yes").values())
    total = sum(cell.by_supplier(rows).values())
    seen = cell.coverage(rows)
    known = seen is None or seen >= Fraction(cell.setting.question.coverage_floor)
    return (ratio(part, total) if known else None), f"{part:,} / {total:,}"


def _group_share(cell: Cell) -> tuple[Exact, str]:
    return _group(cell, cell.setting.question.year)


def _group_imports(cell: Cell) -> tuple[Exact, str]:
    rows = [row for row in cell.among("import") if row["group"] == "yes" and row["exporter"] != UNIDENTIFIED]
    total = sum(row["value_usd"] for row in rows)
    return total, f"sum of {len(rows):,} flows = {total:,} USD"


def _change(cell: Cell) -> tuple[Exact, str]:
    year = cell.setting.question.year
    (now, working), (before, earlier) = _group(cell, year), _group(cell, year - CHANGE_YEARS)
    exact = None if now is None or before is None else now - before
    return exact, f"{working} in {year} less {earlier} in {year - CHANGE_YEARS}"


def _import_export(cell: Cell) -> tuple[Exact, str]:
    bought, sold = cell.total("import"), cell.total("export")
    known = cell.covered(IMPORT, EXPORT)
    return (ratio(bought, sold) if known else None), f"{bought:,} / {sold:,}"


def _external(cell: Cell) -> tuple[Exact, str]:
    bought, inside = cell.total("import"), cell.total("internal")
    known = cell.covered(IMPORT, INTERNAL)
    return (ratio(bought, bought + inside) if known else None), f"{bought:,} / ({bought:,} + {inside:,})"


def _world(cell: Cell) -> tuple[Exact, str]:
    exact, working = _concentration(cell.by_supplier(cell.among()))
    return (exact if cell.covered(WORLD) else None), working


def _coverage(cell: Cell) -> tuple[Exact, str]:
    share = cell.coverage(cell.among("import"))
    return share, "none imported" if share is None else f"{share.numerator:,} / {share.denominator:,}"


def _world_coverage(cell: Cell) -> tuple[Exact, str]:
    share = cell.coverage(cell.among())
    return share, "none traded" if share is None else f"{share.numerator:,} / {share.denominator:,}"


ROLES: Mapping[str, tuple[str, ...]] = {
    "exports_usd": ("export",),
    "import_export_ratio": ("import", "export"),
    "external_share": ("import", "internal"),
    "world_export_herfindahl": ("world",),  # every flow of the product, whatever its role
    "world_coverage": ("world",),
}

WORKINGS: Mapping[str, Callable[[Cell], tuple[Exact, str]]] = {
    "imports_usd": _imports,
    "imports_kg": _kilograms,
    "exports_usd": _exports,
    "herfindahl": _herfindahl,
    "effective_suppliers": _effective,
    "suppliers": _suppliers,
    "top_supplier": _top_supplier,
    "top_share": _top_share,
    "top_regime": _top_regime,
    "group_share": _group_share,
    "group_imports_usd": _group_imports,
    "group_share_change": _change,
    "import_export_ratio": _import_export,
    "external_share": _external,
    "world_export_herfindahl": _world,
    "coverage": _coverage,
    "world_coverage": _world_coverage,
}
