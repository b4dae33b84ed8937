"""Back-tests say what happened, and no error may grow beyond the one that is recorded for it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from weaklink import data
from weaklink.errors import RequestError
from weaklink.study.back_tests import NOTES, back_tests
from weaklink.study.past_cutoffs import PastCutoff, cutoffs

# recorded errors have two decimals; draws do not enter the likely figures
SHARES, TIMES = 0.006, 0.05


@pytest.fixture(scope="module")
def of_goods() -> list[dict[str, Any]]:
    return [row for name in cutoffs() for row in back_tests(name, draws=40).records()]


def test_no_error_is_worse_than_the_one_recorded(of_goods: list[dict[str, Any]]) -> None:
    """Whoever changes the lens of goods or its figures sees here which past case it now fits worse."""
    recorded = {(row["test"], row["figure"], row["item"]): float(row["error"]) for row in data.rows(NOTES)}
    found = {(row["test"], row["figure"], row["item"]): row for row in of_goods}
    assert found.keys() == recorded.keys()
    worse = {
        key: (row["error"], recorded[key])
        for key, row in found.items()
        if abs(row["error"]) > abs(recorded[key]) + (SHARES if row["unit"] == "share" else TIMES)
    }
    assert not worse


def test_every_error_has_its_reason(of_goods: list[dict[str, Any]]) -> None:
    assert all(row["reason"] for row in of_goods)


def test_errors_are_modelled_less_observed_and_bands_hold_the_likely_figure(
    of_goods: list[dict[str, Any]],
) -> None:
    for row in of_goods:
        assert row["error"] == pytest.approx(row["modelled"] - row["observed"])
        if row["within"]:
            assert (row["within"] == "yes") == (row["low"] <= row["observed"] <= row["high"])
            assert -1e-9 <= row["low"] <= row["high"] <= 1


@pytest.mark.parametrize("name", cutoffs())
def test_nothing_of_the_outcome_is_used(name: str) -> None:
    """The lens is set up with the year before; it holds the same figures whatever happened later."""
    past = PastCutoff.of(cutoffs()[name])
    first = past.scenario.shock[0].first_day
    assert first is not None
    assert past.before < first.year <= past.after + 1
    assert past.after > past.before
    assert past.model.asked.year == past.before
    assert 300 < past.window.stop - past.window.start <= 366


def test_the_outcome_is_that_of_the_flows() -> None:
    """Counted once more, flow by flow: nickel ore of China and Japan from abroad, 2014 against 2013."""
    past = PastCutoff.of(cutoffs()["nickel-ore-2014"])
    sums = {}
    for year in (2013, 2014):
        flows = past.model.bought.data.flows((year,), products=("260400",))
        sums[year] = sum(
            int(kg)
            for kg, buyer in zip(flows.quantity_kg, flows.importer, strict=True)
            if kg >= 0 and flows.countries[buyer] in {"CHN", "JPN"}
        )
    row = back_tests("nickel-ore-2014", draws=20).records()[0]
    assert row["observed"] == pytest.approx(1 - sums[2014] / sums[2013])


def test_a_winter_of_the_network_stands_in_the_same_table() -> None:
    rows = back_tests("gas-winter-2021").records()
    assert {row["lens"] for row in rows} == {"network"}
    assert all(math.isclose(row["error"], row["modelled"] - row["observed"], abs_tol=1e-9) for row in rows)


def test_the_same_seed_gives_the_same_bands() -> None:
    one, two = (back_tests("bauxite-2014", draws=30, seed=4) for _ in range(2))
    assert one.digest == two.digest
    assert not np.isnan([row["low"] for row in one.records() if row["within"]]).any()


def test_an_unknown_test_is_refused_with_those_there_are() -> None:
    with pytest.raises(RequestError, match="rare-earths-2010"):
        back_tests("tulips-1637")
