"""How is a table of results written as text, CSV, JSON, Parquet or Markdown?

The machine formats carry every column and every digit. The ones for reading round, and leave out what does
not fit. Caveats and provenance go with each: in the object (JSON), in the metadata (Parquet), below the table
(text, Markdown). A CSV file has no room for them, so the command line prints them beside it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from weaklink.columns import Column
from weaklink.provenance import Provenance
from weaklink.result import Result

Format = Literal["table", "csv", "json", "parquet", "md"]
FORMATS: tuple[Format, ...] = get_args(Format)

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")  # first characters that a spreadsheet takes for a formula
UNBOUNDED = 10_000


def rendered(
    result: Result,
    format: Format,  # noqa: A002 - the option's name
    width: int | None = None,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> bytes:
    """A result in one of the formats.

    `width` is that of the terminal, None where there is none; `more` is added to the object that JSON is.
    """
    if format == "json":
        return to_json(result, more).encode("utf-8")
    if format == "csv":
        return to_csv(result).encode("utf-8")
    if format == "parquet":
        return to_parquet(result)
    text = to_markdown(result) if format == "md" else to_text(result, width)
    return text.encode("utf-8")


def together(results: Mapping[str, Result]) -> bytes:
    """Several results as one JSON object, each under its name."""
    whole = {name: json.loads(to_json(result)) for name, result in results.items()}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def to_json(result: Result, more: Mapping[str, Any] = MappingProxyType({})) -> str:
    """One object with `rows`, `caveats` and `provenance`, and what `more` adds; a missing figure is null."""
    whole = {
        **more,
        "rows": result.records(),
        "caveats": list(result.caveats),
        "provenance": described(result),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def described(result: Result) -> dict[str, Any]:
    """Provenance of a result as a plain mapping: data, code, question, columns, digest of the rows."""
    provenance: Provenance = result.provenance
    return {
        "data": [asdict(card) for card in provenance.cards],
        "weaklink": provenance.version,
        "parameters": dict(provenance.parameters),
        "blocs": {expression: list(countries) for expression, countries in provenance.blocs.items()},
        "columns": [asdict(column) for column in result.schema.columns],
        "rows_sha256": result.digest,
    }


def to_csv(result: Result) -> str:
    """Comma-separated rows under the declared names; a missing figure is empty.

    A text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay as they are.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(result.schema.names)
    for row in result.records():
        writer.writerow([_inert(value) for value in row.values()])
    return text.getvalue()


def _inert(value: Any) -> Any:  # noqa: ANN401 - a cell of any declared kind
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS) else value


def to_parquet(result: Result) -> bytes:
    """The table, with caveats and provenance as JSON in its metadata under `weaklink`."""
    about = {"caveats": list(result.caveats), "provenance": described(result)}
    metadata = {b"weaklink": json.dumps(about, ensure_ascii=False).encode("utf-8")}
    sink = pa.BufferOutputStream()
    pq.write_table(result.table.replace_schema_metadata(metadata), sink)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def to_markdown(result: Result) -> str:
    """A Markdown table rounded for reading, then the caveats and sources."""
    columns = result.schema.columns
    lines = [
        "| " + " | ".join(column.name for column in columns) + " |",
        "|" + "|".join(" --- " if column.kind == "text" else " ---: " for column in columns) + "|",
    ]
    for row in result.records():
        cells = (readable(column, row[column.name]).replace("|", "\\|") for column in columns)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *(f"- {line}" for line in notes(result)), ""])


def to_text(result: Result, width: int | None = None) -> str:
    """A table for a terminal: columns that do not fit the width are named below it."""
    rows = result.records()
    columns, hidden = _fitting(result.schema.columns, rows, width)
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0), pad_edge=False)
    for column in columns:
        table.add_column(
            Text(column.name.replace("_", "\n")),
            justify="left" if column.kind == "text" else "right",
            no_wrap=width is None or column.kind != "text",
            overflow="fold",
            max_width=None if width is None else _widest_text(width),
        )
    for row in rows:
        table.add_row(*(Text(readable(column, row[column.name])) for column in columns))
    written = io.StringIO()
    Console(file=written, width=width or UNBOUNDED, color_system=None, emoji=False).print(table)
    lines = [line.rstrip() for line in written.getvalue().splitlines()]
    if hidden:
        lines += ["", f"Not shown for want of width: {', '.join(hidden)} (--format csv has all)."]
    return "\n".join([*lines, "", *notes(result)]).rstrip() + "\n"


def notes(result: Result) -> list[str]:
    """What must be read with a table: a line for each caveat, then one for each data set behind it."""
    return [
        *(f"Note: {_one_line(caveat)}" for caveat in result.caveats),
        *(
            f"Source: {card.source}; {card.name}, vintage {card.vintage}; {card.licence}; "
            + (f"sha256 {card.sha256[:16]}…" if card.sha256 else "not a stored file")
            for card in result.provenance.cards
        ),
    ]


def readable(column: Column, value: Any) -> str:  # noqa: ANN401 - a cell of any declared kind
    """A cell rounded for reading; a missing figure is an en dash.

    >>> from weaklink.tables import SCREEN
    >>> readable(SCREEN.column("imports_usd"), 12_345_678_901), readable(SCREEN.column("top_share"), 0.6612)
    ('12.3 bn', '0.66')
    """
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if "dollars" in column.unit or column.unit == "kilograms":
        return large(value)
    if column.unit == "share points":
        return f"{value:+.2f}".replace("-", "−")
    if isinstance(value, float):
        digits = 4 if "per unit" in column.unit else 2 if abs(value) < 1000 else 0
        return f"{value:,.{digits}f}"
    return str(value) if column.unit == "calendar year" else f"{value:,}"


def amount(figure: float) -> str:
    """An amount for reading: whole from a hundred on, else three digits.

    >>> amount(15769.04), amount(1.8567)
    ('15,769', '1.86')
    """
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def large(amount: int | float) -> str:
    """An amount in thousands, millions or billions, three figures.

    >>> large(950), large(1_250_000), large(12_345_678_901)
    ('950', '1.25 m', '12.3 bn')
    """
    for size, unit in ((10**12, "tn"), (10**9, "bn"), (10**6, "m"), (10**3, "k")):
        if abs(amount) >= size:
            scaled = amount / size
            digits = 2 if abs(scaled) < 10 else 1 if abs(scaled) < 100 else 0
            return f"{scaled:,.{digits}f} {unit}"
    return f"{amount:,.2f}" if isinstance(amount, float) else f"{amount:,}"


def _fitting(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], width: int | None
) -> tuple[list[Column], list[str]]:
    """The first columns that fit a terminal side by side, and the names of the others."""
    if width is None:
        return list(columns), []
    room = width
    shown: list[Column] = []
    for column in columns:
        heads = column.name.split("_")
        cells = [min(len(readable(column, row[column.name])), _widest_text(width)) for row in rows]
        need = max([*map(len, heads), *cells]) + 2
        if need > room and shown:
            break
        shown.append(column)
        room -= need
    return shown, [column.name for column in columns[len(shown) :]]


def _widest_text(width: int) -> int:
    """Characters of a column of text on a terminal of some width; longer text runs on below."""
    return 44 if width >= 140 else 24 if width >= 100 else 16


def _one_line(text: str) -> str:
    return " ".join(text.split())
