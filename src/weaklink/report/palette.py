"""Which colours, type and lines do all pictures share?

Two ramps of equal lightness carry one meaning in every picture: rust is the supplier group, blue is everybody
else; what is of neither side, as the lists of definitions, is grey. Rust and blue stay apart for every kind of
colour blindness; in greyscale they do not, so no picture relies on the hue alone (blocks, outlines, filled and
hollow marks say the same). Type is Liberation Sans, which the renderer brings with it, and which Arial matches
letter by letter where a browser has no Liberation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

INK = "#1c2126"
QUIET = "#59626b"  # 6:1 on white: captions, ticks
LINE = "#d5dade"
COAST = "#aab2b9"
LAND = "#ffffff"  # a country that supplies nothing
HATCH = "#fefefd"  # stands for the hatching of the importer until `drawing` puts it in

GROUP = "#a63f1e"
OTHERS = "#2f628f"
GROUP_RAMP = ("#fbeee6", "#f6d3bf", "#eaa98a", "#d67c57", "#a84a2a", "#6e2611")
OTHERS_RAMP = ("#ebf1f6", "#cbdbe9", "#9dbbd4", "#6b95b9", "#366792", "#163c61")
NEUTRAL_RAMP = ("#f1f3f4", "#d9dee2", "#b4bcc3", "#8a949d", "#59626b", "#2f363d")

# Around every drawing, since labels may reach its edge: a browser without our type has one that runs wider.
ROOM: Mapping[str, int] = {"left": 40, "right": 34, "top": 5, "bottom": 5}

CONFIG: Mapping[str, Any] = {
    "font": FONT,
    "background": None,
    "padding": ROOM,
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "labelFontSize": 11,
        "titleColor": QUIET,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "domain": False,
        "ticks": False,
        "gridColor": LINE,
        "labelPadding": 6,
    },
    "header": {"labelColor": INK, "labelFontSize": 12, "labelFontWeight": "bold", "labelLimit": 300},
    "text": {"color": INK, "fontSize": 11},
}


def shade(ramp: tuple[str, ...], place: float) -> str:
    """The colour at `place`, 0 (light) to 1 (dark), between the steps of a ramp.

    >>> shade(("#000000", "#ffffff"), 0.5)
    '#808080'
    """
    steps = len(ramp) - 1
    position = min(max(place, 0.0), 1.0) * steps
    low = min(int(position), steps - 1)
    weight = position - low
    mixed = [round(a + (b - a) * weight) for a, b in zip(_rgb(ramp[low]), _rgb(ramp[low + 1]), strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def text_on(colour: str) -> str:
    """Black or white, whichever contrasts more with a background: 4.58 or better on any colour.

    >>> text_on("#ffffff"), text_on("#6e2611")
    ('#000000', '#ffffff')
    """
    return max(("#000000", "#ffffff"), key=lambda text: contrast(text, colour))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21. Source: W3C, Web Content Accessibility Guidelines 2.2, 1.4.3.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _rgb(colour))
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
