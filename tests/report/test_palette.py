"""Can everybody read the colours: in greyscale, on any cell, as text?"""

from __future__ import annotations

from itertools import pairwise

import pytest

from weaklink.report.palette import (
    GROUP,
    GROUP_RAMP,
    INK,
    NEUTRAL_RAMP,
    OTHERS_RAMP,
    QUIET,
    contrast,
    shade,
    text_on,
)


def grey(colour: str) -> float:
    """Contrast with black rises with luminance alone, so it orders colours as greyscale does."""
    return contrast("#000000", colour)


@pytest.mark.parametrize("ramp", [GROUP_RAMP, OTHERS_RAMP, NEUTRAL_RAMP])
def test_each_step_of_a_ramp_is_darker_than_the_one_before_by_a_fifth(ramp: tuple[str, ...]) -> None:
    luminances = [grey(colour) for colour in ramp]
    assert all(darker < 0.85 * lighter for lighter, darker in pairwise(luminances))


def test_both_ramps_are_equally_dark_at_each_step() -> None:
    for rust, blue in zip(GROUP_RAMP, OTHERS_RAMP, strict=True):
        assert grey(rust) == pytest.approx(grey(blue), rel=0.08)


@pytest.mark.parametrize("ramp", [GROUP_RAMP, OTHERS_RAMP, NEUTRAL_RAMP])
def test_figures_in_cells_contrast_by_4_5_with_any_shade(ramp: tuple[str, ...]) -> None:
    shades = [shade(ramp, place / 100) for place in range(101)]
    assert min(contrast(text_on(colour), colour) for colour in shades) >= 4.5


@pytest.mark.parametrize("colour", [INK, QUIET, GROUP])
def test_text_contrasts_by_4_5_with_white(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 4.5


def test_contrast_agrees_with_the_published_example_of_767676_on_white() -> None:
    # W3C, Understanding Success Criterion 1.4.3: #767676 is the lightest grey that passes, with 4.54.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


def test_a_place_beyond_the_ramp_is_its_end() -> None:
    assert shade(GROUP_RAMP, 7.0) == GROUP_RAMP[-1]
    assert shade(GROUP_RAMP, -1.0) == GROUP_RAMP[0]
