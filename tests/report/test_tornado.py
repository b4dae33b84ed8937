"""Do the bars show the data, and stay readable without colour?"""

from __future__ import annotations

from typing import Any

from weaklink import tables
from weaklink.provenance import Provenance
from weaklink.report.drawing import bare, framed
from weaklink.report.palette import contrast
from weaklink.report.tornado import HIGH, LOW, tornado
from weaklink.result import Result, tabulated
from weaklink.version import VERSION


def row(name: str, low: float | None, high: float | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A row of what a loss hangs on, of invented figures."""
    return {
        "parameter": name,
        "meaning": f"what {name} is",
        "low": 1.0,
        "likely": 2.0,
        "high": 4.0,
        "unit": "days, more or less",
        "loss_at_low": low,
        "loss_at_high": high,
        "loss_unit": "USD",
        "first_order": 0.4,
        "first_error": 0.01,
        "total": 0.5,
        "total_error": 0.01,
        "quality": "own choice",
        "source": "invented",
        **more,
    }


def drawn(*rows: dict[str, Any]) -> Any:  # noqa: ANN401 - a chart
    result = Result(
        tables.HANGS_ON, tabulated(tables.HANGS_ON, rows), ("Invented.",), Provenance((), VERSION)
    )
    return tornado(result, title="a test", who="DEU", likely=2e6, source="Source: invented.")


CHART = drawn(
    row("stock", 3e6, 1e6),
    row("ramp", 1.5e6, 2.5e6, total=None),
    row("still", 2e6, 2e6),
    row("winter", None, None),
)


def test_every_figure_that_moves_the_loss_has_both_halves_of_a_bar_and_others_none() -> None:
    bars = CHART.spec["data"]["values"]
    assert [(bar["parameter"], bar["to"]) for bar in bars] == [
        ("stock, days", 3.0),
        ("stock, days", 1.0),
        ("ramp, days", 1.5),
        ("ramp, days", 2.5),
    ]
    assert {bar["from"] for bar in bars} == {2.0}
    assert [bar["fill"] for bar in bars] == [LOW, HIGH] * 2


def test_light_and_dark_stay_apart_without_colour() -> None:
    assert contrast(LOW, HIGH) > 4


def test_words_say_what_is_drawn_in_which_unit_from_where() -> None:
    whole = framed(CHART, bare(CHART))
    assert (
        "hangs most on stock: from end to end of its range it goes from 1 to 3 million USD" in CHART.message
    )
    for text in ("loss, million USD", "Source: invented.", "Invented.", "50%", "share of"):
        assert text in whole


def test_a_figure_stands_outside_its_bar_even_where_both_ends_are_on_one_side() -> None:
    chart = drawn(row("odd", 2.2e6, 2.6e6))
    left, right = (layer["data"]["values"][0] for layer in chart.spec["layer"][2:4])
    assert (left["at"], left["text"]) == (2.0, "1")
    assert (right["at"], right["text"]) == (2.6, "4")
