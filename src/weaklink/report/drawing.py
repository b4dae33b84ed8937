"""How does a specification become an SVG for the page, an SVG to send, and a PNG?

The renderer is compiled in and draws offline. What goes into the page is bare: heading and source stand beside
it as text. What goes into a file is framed, so that it keeps its words wherever it is pasted.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from html import escape

import vl_convert

from weaklink.report.chart import Chart
from weaklink.report.formats import to_csv
from weaklink.report.palette import FONT, HATCH, INK, QUIET

VEGA_LITE = "5.21"
MARGIN = 20
NARROWEST = 560  # a smaller drawing gets room for its words
SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)" viewBox="[^"]*"')
CHARACTER = 0.53  # width of an average letter of Liberation Sans, of its size

STRIPES = (
    '<defs><pattern id="members" width="5" height="5" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="5" height="5" fill="#ffffff"/>'
    '<rect width="1.6" height="5" fill="#8d959c"/></pattern></defs>'
)


def bare(chart: Chart) -> str:
    """The drawing alone, as an SVG element; its identifiers carry the name of the chart."""
    svg = vl_convert.vegalite_to_svg(dict(chart.spec), vl_version=VEGA_LITE, allowed_base_urls=[])
    if HATCH in svg:
        svg = svg.replace(">", f">{STRIPES}", 1).replace(f'"{HATCH}"', '"url(#members)"')
    return _renamed(svg, chart.name)


def _renamed(svg: str, name: str) -> str:
    """Identifiers numbered from 1 under the name of the chart; the renderer's numbers go on from call to call."""
    for number, old in enumerate(dict.fromkeys(re.findall(r' id="([^"]+)"', svg)), start=1):
        svg = svg.replace(f' id="{old}"', f' id="{name}-{number}"').replace(
            f"url(#{old})", f"url(#{name}-{number})"
        )
    return svg


def framed(chart: Chart, svg: str) -> str:
    """The drawing between its title and its source line, with title and description for screen readers."""
    found = SIZE.search(svg)
    if found is None:
        raise ValueError(f"the drawing of {chart.name} has no size")
    drawn, height = (float(part) for part in found.groups())
    width = max(drawn, NARROWEST)
    above, top = _lines([(chart.message, 17, "bold", INK), (chart.reading, 12, "normal", QUIET)], width)
    notes = [(text, 11, "normal", QUIET) for text in (chart.footnote, chart.notes, chart.source) if text]
    below, bottom = _lines(notes, width, start=top + height)
    whole = width + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{whole:g}" height="{bottom + MARGIN:g}" '
        f'viewBox="0 0 {whole:g} {bottom + MARGIN:g}">'
        f"<title>{escape(chart.heading)}</title><desc>{escape(chart.message)}</desc>"
        f'<rect width="100%" height="100%" fill="#ffffff"/>{above}'
        f"{svg.replace('<svg ', f'<svg x={chr(34)}{MARGIN}{chr(34)} y={chr(34)}{top:g}{chr(34)} ', 1)}{below}</svg>\n"
    )


def files(chart: Chart, svg: str) -> dict[str, bytes]:
    """A picture to send, from its bare drawing: the SVG, the PNG, and its data as CSV, by file name."""
    whole = framed(chart, svg)
    return {
        f"{chart.name}.svg": whole.encode("utf-8"),
        f"{chart.name}.png": png(whole),
        f"{chart.name}.csv": to_csv(chart.data).encode("utf-8"),
    }


def png(svg: str) -> bytes:
    """The picture in dots, twice as fine as a screen."""
    drawn: bytes = vl_convert.svg_to_png(svg, scale=2)
    return drawn


def _lines(
    paragraphs: Sequence[tuple[str, int, str, str]], width: float, start: float = 0
) -> tuple[str, float]:
    """Wrapped text lines below each other from `start`, and where they end."""
    y = start + MARGIN / 2
    drawn = []
    for text, size, weight, colour in paragraphs:
        for line in textwrap.wrap(text, int(width / (CHARACTER * size))):
            y += 1.35 * size
            drawn.append(
                f'<text x="{MARGIN}" y="{y:g}" font-family="{FONT}" font-size="{size}" font-weight="{weight}" '
                f'fill="{colour}">{escape(line)}</text>'
            )
        y += 0.5 * size
    return "".join(drawn), y
