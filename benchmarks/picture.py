"""How does the cost grow with the number of rows? One picture: seconds against rows, both in powers of ten."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import vl_convert

MARKS = {"weaklink": "circle", "duckdb": "square", "polars": "triangle-up", "pandas": "diamond"}
INK = {"weaklink": "#0b3c5d", "duckdb": "#b5651d", "polars": "#5f8f5f", "pandas": "#8a8a8a"}


def write(folder: Path, known: Mapping[str, Any]) -> None:
    """Write scaling.svg and scaling.png from the rows of the jobs `scaling` and `screening`."""
    others = [row for row in known.get("screening", {}).get("rows", []) if "BACI's order" in row["job"]]
    core = [*known["scaling"]["rows"], *(row for row in others if row["contestant"] != "weaklink")]
    said = known["scaling"]
    source = (
        f"Synthetic trade; {said['machine']}, 2 threads; {said['when']}. Medians; seconds inside the process."
    )
    spec = specification(core, source)
    (folder / "scaling.svg").write_text(vl_convert.vegalite_to_svg(spec))
    (folder / "scaling.png").write_bytes(vl_convert.vegalite_to_png(spec, scale=2))


def specification(rows: list[dict[str, Any]], source: str) -> dict[str, Any]:
    """The picture as data."""
    names = [name for name in MARKS if any(row["contestant"] == name for row in rows)]
    scale = {"domain": names, "range": [INK[name] for name in names]}
    shape = {"domain": names, "range": [MARKS[name] for name in names]}
    position = {
        "x": {
            "field": "rows",
            "type": "quantitative",
            "scale": {"type": "log", "nice": False, "padding": 12},
            "title": "flows (rows of the snapshot)",
            "axis": {"format": "~s", "values": [1e5, 1e6, 1e7, 1e8]},
        },
        "y": {
            "field": "seconds",
            "type": "quantitative",
            "scale": {"type": "log"},
            "title": "seconds, every importer and one bloc",
            "axis": {"values": [0.01, 0.1, 1, 10], "format": "~g"},
        },
    }
    color = {"field": "contestant", "type": "nominal", "scale": scale, "title": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 460,
        "height": 300,
        "background": "white",
        "padding": 12,
        "title": {
            "text": "Screening grows in step with the rows",
            "subtitle": source,
            "anchor": "start",
            "subtitleFontSize": 10,
        },
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 1.5}, "encoding": {**position, "color": color}},
            {
                "mark": {"type": "point", "filled": True, "size": 80},
                "encoding": {
                    **position,
                    "color": color,
                    "shape": {"field": "contestant", "type": "nominal", "scale": shape, "title": None},
                },
            },
        ],
    }
