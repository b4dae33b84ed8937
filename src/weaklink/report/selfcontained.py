"""How does a page stand by itself: style, script and drawings inside, and nothing that may be loaded?

The content policy forbids every request, and only the style and the script that we put in are run. Text is escaped
by the template.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from weaklink.report import drawing
from weaklink.report.chart import Chart

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture on the page, with its drawing."""

    chart: Chart
    svg: str


def figures_of(drawn: Iterable[Chart]) -> list[Figure]:
    """Pictures as they stand on a page."""
    return [Figure(chart, drawing.bare(chart)) for chart in drawn]


def files_of(figures: Iterable[Figure]) -> dict[str, bytes]:
    """The files of pictures beside the page, by their path: SVG, PNG and CSV."""
    return {
        f"charts/{name}": content
        for figure in figures
        for name, content in drawing.files(figure.chart, figure.svg).items()
    }


def made_by(tables: Iterable[str], pictures: Iterable[str]) -> frozenset[str]:
    """The paths of all files that a report with these tables and pictures may have."""
    return frozenset(
        {
            "index.html",
            *(f"charts/{name}.csv" for name in tables),
            *(f"charts/{name}.{kind}" for name in pictures for kind in ("png", "svg", "csv")),
        }
    )


def page_of(template: str, **said: object) -> str:
    """A page as text: a template of this room with what it says, the style, the script and the policy."""
    css, script = ((HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found = environment.get_template(template)
    return found.render(css=css, script=script, policy=policy(css, script), **said)


def policy(css: str, script: str) -> str:
    """The content policy: nothing is loaded, and only the style and the script that we put in are run."""
    return (
        f"default-src 'none'; style-src '{_hashed(css)}'; script-src '{_hashed(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hashed(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
