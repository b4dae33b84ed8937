"""Where does one figure of a screen come from? Its formula, its rows, and the figure computed again.

The second computation shares nothing with the first: it adds the rows up in whole numbers and keeps ratios
as fractions, so it has no rounding at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Unpack

from weaklink import tables
from weaklink.codes.countries import UNIDENTIFIED
from weaklink.errors import RequestError
from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.result import Result, tabulated
from weaklink.study.question import Options, Question
from weaklink.study.screen import CHANGE_YEARS, screened
from weaklink.study.setting import Setting, regime_class, set_up
from weaklink.tables import Column

Value = int | float | str | None
Exact = int | Fraction | str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cell of a screen, explained.

    `shown` is what the screen says and `recomputed` what the rows give without rounding; `agrees` says
    that they are the same number (a ratio: the same double to its last two bits). `working` spells the
    computation out; `rows` holds the flows it used, with vintage and licence.
    """

    column: Column
    shown: Value
    recomputed: Exact
    working: str
    rows: Result

    @property
    def agrees(self) -> bool:
        """Whether the screen and the rows say the same."""
        if isinstance(self.recomputed, Fraction) and isinstance(self.shown, float):
            return abs(Fraction(self.shown) - self.recomputed) <= abs(self.recomputed) * Fraction(1, 2**50)
        return self.shown == self.recomputed


def explain(column: str, importer: str, year: int, **options: Unpack[Options]) -> Explanation:
    """Explain one figure: `column` of `screen(importer, year, product=CODE, …)`.

    `product` must be one six-digit code. Raises RequestError for a column that is not computed.

    >>> cell = explain("top_share", "NATO@2022-11-30", 2022, product="271121")
    >>> cell.agrees, cell.column.formula
    (True, 'max_s m_s / Σ_s m_s')
    """
    if column not in WORKINGS:
        raise RequestError(f"{column!r} is not a computed column. These are: {', '.join(WORKINGS)}.")
    setting = set_up(Question(importer, year, **options), (year - CHANGE_YEARS,))
    answer = screened(setting)
    if len(answer) != 1:
        raise RequestError(
            f"--product {setting.question.product!r} means {len(answer)} products; give one six-digit code."
        )
    rows = _rows(setting, column)
    exact, working = WORKINGS[column](Cell(setting, rows))
    table = Result(
        tables.EXPLANATION, tabulated(tables.EXPLANATION, rows), answer.caveats, setting.provenance()
    )
    return Explanation(tables.SCREEN.column(column), answer.records()[0][column], exact, working, table)


def _rows(setting: Setting, column: str) -> list[dict[str, Any]]:
    """The flows that the figure rests on, each with the role it plays."""
    years = [setting.question.year]
    if column == "group_share_change" and years[0] - CHANGE_YEARS in setting.data.years:
        years.insert(0, years[0] - CHANGE_YEARS)
    roles = ROLES.get(column, ("import",))
    return [
        row
        for year in years
        for row in _in_year(setting, setting.flows.in_year(year), year)
        if row["role"] in roles or roles == ("world",)
    ]


def _in_year(setting: Setting, flows: Flows, year: int) -> Iterable[dict[str, Any]]:
    members = set(setting.importer_in(year).countries)
    group = set(setting.group_in(year).countries)
    card = next(one.card for one in setting.data.snapshots if year in one.card.years)
    for flow in range(len(flows)):
        importer, exporter = flows.countries[flows.importer[flow]], flows.countries[flows.exporter[flow]]
        quantity = int(flows.quantity_kg[flow])
        yield {
            "year": year,
            "product": flows.products[flows.product[flow]],
            "importer": importer,
            "exporter": exporter,
            "value_usd": int(flows.value_usd[flow]),
            "quantity_kg": None if quantity == UNKNOWN_KG else quantity,
            "role": _role(importer in members, exporter in members),
            "group": "yes" if exporter in group else "no",
            "vintage": card.vintage,
            "licence": card.licence,
        }


def _role(buys: bool, sells: bool) -> str:
    if buys and sells:
        return "internal"
    if buys:
        return "import"
    return "export" if sells else "world"


# --- the figures, once more, in whole numbers ---------------------------------------------------------------


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
        return _ratio(sum(row["value_usd"] for row in usable), sum(row["value_usd"] for row in rows))

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


def _ratio(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _imports(cell: Cell) -> tuple[Exact, str]:
    total = sum(row["value_usd"] for row in cell.among("import"))
    return total, f"sum of {len(cell.among('import')):,} flows = {total:,} USD"


def _kilograms(cell: Cell) -> tuple[Exact, str]:
    rows = cell.among("import")
    known = [row for row in rows if row["quantity_kg"] is not None and row["exporter"] != UNIDENTIFIED]
    whole = sum(row["value_usd"] for row in rows)
    share = _ratio(sum(row["value_usd"] for row in known), whole)
    if share is not None and share < Fraction(cell.setting.question.coverage_floor):
        return None, f"quantities are reported for {float(share):.1%} of the value only"
    total = sum(row["quantity_kg"] or 0 for row in rows)
    return total, f"sum of {len(known):,} flows with a reported quantity = {total:,} kg"


def _exports(cell: Cell) -> tuple[Exact, str]:
    total = sum(row["value_usd"] for row in cell.among("export"))
    return total, f"sum of {len(cell.among('export')):,} flows = {total:,} USD"


def _concentration(amounts: Mapping[str, int]) -> tuple[Fraction | None, str]:
    squares, total = sum(amount**2 for amount in amounts.values()), sum(amounts.values())
    return _ratio(squares, total**2), f"Σ m_s² / (Σ m_s)² = {squares:,} / {total:,}²"


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
    return _ratio(amount, total), f"{code}: {amount:,} / {total:,}"


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
    return (_ratio(part, total) if known else None), f"{part:,} / {total:,}"


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
    return (_ratio(bought, sold) if known else None), f"{bought:,} / {sold:,}"


def _external(cell: Cell) -> tuple[Exact, str]:
    bought, inside = cell.total("import"), cell.total("internal")
    known = cell.covered(IMPORT, INTERNAL)
    return (_ratio(bought, bought + inside) if known else None), f"{bought:,} / ({bought:,} + {inside:,})"


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
