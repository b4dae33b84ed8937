"""How are sheets of cells written as a workbook that is inert: no formulas, no links, no macros?

Every text is written as text, whatever it begins with. The same sheets give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import xlsxwriter

from weaklink.register.fields import Cell
from weaklink.register.workbook import Heading, Sheet

INERT = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
MADE = datetime(2000, 1, 1)  # a workbook says when it was made; ours says always the same
WIDE, NARROW = 44, 10
LONGEST_LIST = 255  # characters that the choices of a cell may have together


def workbook(sheets: Sequence[Sheet], pictures: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """The bytes of a workbook with these sheets, and one more for each picture (PNG, by title)."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, INERT) as book:
        book.set_properties({"created": MADE})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#ebf1f6", "text_wrap": True}),
            "plain": book.add_format({"valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}),
        }
        for sheet in sheets:
            _write(book.add_worksheet(sheet.title), sheet, formats)
        for title, png in pictures.items():
            half = {"image_data": io.BytesIO(png), "x_scale": 0.5, "y_scale": 0.5}
            page = book.add_worksheet(title)
            page.set_landscape()
            page.fit_to_pages(1, 1)
            page.hide_gridlines(2)
            page.insert_image(0, 0, f"{title}.png", half)
    return written.getvalue()


def _write(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:  # noqa: ANN401 - xlsxwriter has no types
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.repeat_rows(0)
    for place, heading in enumerate(sheet.headings):
        _head(page, place, heading, formats, len(sheet.rows))
        longest = max(
            (len(cell) for row in sheet.rows if isinstance(cell := row[place], str)), default=NARROW
        )
        page.set_column(place, place, min(max(longest, len(heading.name), NARROW) + 2, WIDE))
    for number, row in enumerate(sheet.rows, start=1):
        for place, cell in enumerate(row):
            _cell(page, number, place, cell, formats)


def _head(page: Any, place: int, heading: Heading, formats: Mapping[str, Any], rows: int) -> None:  # noqa: ANN401 - as above
    page.write_string(0, place, heading.name, formats["head"])
    if heading.note:
        page.write_comment(0, place, heading.note, {"author": "weaklink", "x_scale": 2})
    listed = [str(choice) for choice in heading.choices]
    if listed and len(",".join(listed)) <= LONGEST_LIST:
        # A warning, not a stop: what is wrong is refused with its reason when the workbook is read back.
        choice = {"validate": "list", "source": listed, "error_type": "warning"}
        page.data_validation(1, place, max(rows, 1) + 1000, place, choice)


def _cell(page: Any, row: int, place: int, cell: Cell, formats: Mapping[str, Any]) -> None:  # noqa: ANN401 - as above
    """One cell by the kind of its value; nothing is guessed from what a text looks like."""
    if cell is None:
        return
    if isinstance(cell, bool):
        page.write_boolean(row, place, cell, formats["plain"])
    elif isinstance(cell, str):
        page.write_string(row, place, cell, formats["plain"])
    elif isinstance(cell, datetime):
        page.write_datetime(row, place, cell, formats["time"])
    elif isinstance(cell, date):
        page.write_datetime(row, place, cell, formats["day"])
    else:
        page.write_number(row, place, cell, formats["plain"])
