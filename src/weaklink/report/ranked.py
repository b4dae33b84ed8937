"""How is the ranked table of a report laid out? One row per product, every column of the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from weaklink import tables
from weaklink.columns import Column
from weaklink.report.answer import HALF, Answer, country_name
from weaklink.report.formats import readable
from weaklink.result import Record

# Columns that belong together, in the order of reading, each with the few words that fit above it.
LAYOUT: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("Product", {"label": "Product", "product": "Code"}),
    (
        "From the supplier group",
        {
            "group_share": "Share",
            "group_share_change": "5-year change, points",
            "group_imports_usd": "Imports, USD",
        },
    ),
    ("Largest supplier", {"top_supplier": "Country", "top_regime": "Regime", "top_share": "Share"}),
    (
        "Concentration",
        {
            "herfindahl": "Herfindahl index",
            "effective_suppliers": "Effective suppliers",
            "suppliers": "Suppliers",
            "world_export_herfindahl": "World exports: Herfindahl",
        },
    ),
    (
        "Trade with the outside",
        {
            "imports_usd": "Imports, USD",
            "imports_kg": "Imports, kg",
            "exports_usd": "Exports, USD",
            "import_export_ratio": "Imports over exports",
            "external_share": "Share from outside",
        },
    ),
    ("Known data", {"coverage": "Coverage", "world_coverage": "World coverage"}),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of one column; `explained` is what the declaration says of it."""

    title: str
    explained: str
    is_number: bool
    is_sorted: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it is read; `bar` is the length of its bar in percent, where it has one."""

    text: str
    is_number: bool
    stands_out: bool = False
    bar: int | None = None


def layout(answer: Answer) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """The columns in their groups; further indicators that were asked for are a group of their own, the last."""
    further = [name for name in answer.screen.schema.names if name not in tables.SCREEN.names]
    return (*LAYOUT, ("Further indicators", {name: name for name in further})) if further else LAYOUT


def groups(answer: Answer) -> list[tuple[str, int]]:
    """The heads above several columns, with how many each covers."""
    return [(title, len(columns)) for title, columns in layout(answer)]


def headings(answer: Answer) -> list[Heading]:
    """The heads of the columns."""
    column = answer.screen.schema.column
    return [
        Heading(
            title,
            explained(column(name)),
            is_number=column(name).kind != "text",
            is_sorted=name == "group_share",
        )
        for _, columns in layout(answer)
        for name, title in columns.items()
    ]


def explained(column: Column) -> str:
    """What a column means, its unit, formula and source, in one line.

    >>> explained(tables.SCREEN.column("effective_suppliers")).partition(";")[0]
    'the number of equal suppliers that would be as concentrated'
    """
    parts = [column.meaning, column.unit, column.formula, column.source]
    return "; ".join(part for part in parts if part)


def rows(answer: Answer) -> list[list[Cell]]:
    """Every row of the screen, in its order."""
    columns = [answer.screen.schema.column(name) for _, names in layout(answer) for name in names]
    group = set(answer.group.countries)
    marked = [{**row, "label": row["label"] + answer.star(row["product"])} for row in answer.products]
    return [[_cell(row, column, group) for column in columns] for row in marked]


def _cell(row: Record, column: Column, group: set[str]) -> Cell:
    name, value = column.name, row[column.name]
    if name == "top_supplier":
        country = country_name(value) if value else "–"
        return Cell(country, is_number=False, stands_out=value in group)
    if name == "group_share":
        bar = None if value is None else round(100 * value)
        return Cell(_figure(column, value), is_number=True, stands_out=(value or 0) > HALF, bar=bar)
    return Cell(_figure(column, value), is_number=column.kind != "text")


def _figure(column: Column, value: str | float | None) -> str:
    """Shares in percent with one decimal; everything else as in the other formats."""
    if value is None or isinstance(value, str):
        return value or "–"
    if column.unit == "share points":
        return f"{100 * value:+.1f}".replace("-", "−")
    return f"{value:.1%}" if column.unit.startswith("share") else readable(column, value)


def legend(answer: Answer) -> Sequence[str]:
    """What the marks of the table mean."""
    return (
        "* a caveat is about this product",
        "– no figure: nothing traded, too little known, or not defined",
        f"bold share: more than half comes from {answer.group.name}",
        f"bold country: belongs to {answer.group.name}",
        "k, m, bn: thousand, million, billion",
    )
