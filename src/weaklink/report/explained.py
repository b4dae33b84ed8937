"""How does the explanation of one figure read?"""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import Any

from weaklink.report.formats import large
from weaklink.result import Explanation


def explained(cell: Explanation) -> str:
    """The explanation as lines: figure, meaning, formula, source, working, and whether both agree."""
    parameters = cell.rows.provenance.parameters
    worth = sum(cell.rows.column("value_usd"))
    lines = [
        f"{cell.column.name} of {parameters['product']} for {parameters['importer']}, {parameters['year']}: "
        f"{_figure(cell.shown)}",
        f"  meaning     {cell.column.meaning} ({cell.column.unit or 'text'})",
        f"  formula     {cell.column.formula or 'none'}",
        f"  source      {cell.column.source or 'own definition'}",
        f"  rows        {len(cell.rows):,} flows worth {large(worth)} US dollars, listed below",
        f"  working     {cell.working}",
        f"  recomputed  {_figure(cell.recomputed)}: {'the same' if cell.agrees else 'NOT THE SAME'}",
        "",
    ]
    return "\n".join(lines)


def as_object(cell: Explanation) -> dict[str, Any]:
    """The explanation for machines; a fraction as numerator and denominator, which are exact."""
    exact = cell.recomputed
    return {
        "column": asdict(cell.column),
        "shown": cell.shown,
        "recomputed": [exact.numerator, exact.denominator] if isinstance(exact, Fraction) else exact,
        "working": cell.working,
        "agrees": cell.agrees,
    }


def _figure(value: float | str | Fraction | None) -> str:
    if value is None:
        return "not defined"
    if isinstance(value, Fraction):
        return f"{float(value)!r}"
    return f"{value:,}" if isinstance(value, int) else str(value)
