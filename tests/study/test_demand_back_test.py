"""The trade collapse of 2008-09 on WIOD: what the lens says of output and exports; the error must not grow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.inputoutput.published import wiod
from weaklink.errors import RequestError
from weaklink.inputoutput.textbook import one_region, two_regions
from weaklink.study.demand_back_test import EXPORTS, OUTPUT, OWN, STATIC, Compared, compared, demand_back_test

RECORDED = {OUTPUT: 0.0285, EXPORTS: 0.0995}  # mean absolute errors of November 2026, rounded up


@pytest.fixture(scope="module")
def collapse() -> dict[str, Compared]:
    return {one.figure: one for one in compared(wiod(2008), wiod(2009))}


@pytest.mark.parametrize("figure", [OUTPUT, EXPORTS])
def test_the_error_in_the_trade_collapse_does_not_grow(collapse: dict[str, Compared], figure: str) -> None:
    assert collapse[figure].mean_error <= RECORDED[figure]


def test_the_lens_beats_that_all_fell_alike_and_that_output_moves_as_own_demand(
    collapse: dict[str, Compared],
) -> None:
    found = collapse[OUTPUT]
    alike = np.abs(found.world[1] - found.actual).mean()
    assert found.mean_error < collapse[OWN].mean_error < alike
    assert np.corrcoef(found.modelled, found.actual)[0, 1] > 0.9


def test_exports_are_said_to_fall_by_half_of_what_they_did(collapse: dict[str, Compared]) -> None:
    """The known gap: composition of demand makes trade fall by more than output, but only by part of the collapse."""
    modelled, actual = collapse[EXPORTS].world
    assert modelled < collapse[OUTPUT].world[0] < 0
    assert 0.4 < modelled / actual < 0.7


def test_the_table_has_every_region_and_says_its_errors() -> None:
    found = demand_back_test(wiod(2008), wiod(2009))
    assert len(found.records()) == 4 * 41
    assert any("mean absolute error" in text for text in found.caveats)


def test_two_equal_years_are_said_to_be_equal() -> None:
    for one in compared(two_regions(), two_regions()):
        assert np.abs(one.modelled).max() <= 1e-12
        assert np.abs(one.actual).max() <= 1e-12


def test_demand_that_falls_alike_everywhere_takes_all_output_down_by_the_same_share() -> None:
    """Constant returns: the Leontief inverse by hand; the lens within what its first weeks differ."""
    table = one_region()
    fewer = replace(
        table, Z=table.Z * 0.9, Y=table.Y * 0.9, x=table.x * 0.9, value_added=table.value_added * 0.9
    )
    found = {one.figure: one for one in compared(table, fewer)}
    assert found[STATIC].modelled[0] == pytest.approx(-0.1, rel=1e-9)
    assert found[OUTPUT].modelled[0] == pytest.approx(-0.1, abs=0.002)


def test_two_tables_of_other_rows_are_refused() -> None:
    with pytest.raises(RequestError, match="other regions or sectors"):
        compared(one_region(), two_regions())
