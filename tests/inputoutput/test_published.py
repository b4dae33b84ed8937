"""Published figures, to the printed digits, and identities of the measures on published tables."""

from __future__ import annotations

import numpy as np
import pytest

from tests.inputoutput.published import icio_2020, icio_test, wiod
from weaklink.inputoutput.coefficients import ghosh_inverse, leontief_inverse
from weaklink.inputoutput.extraction import extraction
from weaklink.inputoutput.inoperability import inoperability
from weaklink.inputoutput.reliance import by_region, home_regions
from weaklink.inputoutput.solve import system
from weaklink.inputoutput.textbook import one_region
from weaklink.inputoutput.trade_in_value_added import (
    foreign_value_added,
    trade_in_value_added,
    value_added_in_final_demand,
)

CENT = 0.005000001  # figures printed with two decimals


def test_spain_exports_agree_with_exvatools_to_printed_digits() -> None:
    """Figures of the vignette and tests of exvatools 0.9.0, on its table of 30 × 30."""
    spain = trade_in_value_added(icio_test(), [("ESP",)])
    printed = {
        "exports": 4666.96,
        "domestic_content": 2165.17,
        "domestic_value_added": 1880.60,
        "absorbed_abroad": 1624.18,
        "foreign_content": 2501.78,
        "reflection": 256.41,
        "double_counted": 284.58,
    }
    assert {name: float(getattr(spain, name)[0]) for name in printed} == pytest.approx(printed, abs=CENT)


def test_foreign_content_by_origin_agrees_with_exvatools() -> None:
    """France and the USA are printed by exvatools; the others were computed from its table by another program."""
    table = icio_test()
    content = trade_in_value_added(table, [("ESP",)]).content_by_origin[0]
    printed = {"FRA": 340.74928, "USA": 433.65389, "MEX": 713.658, "CHN": 753.478, "ROW": 260.245}
    assert {code: float(content[table.regions.index(code)]) for code in printed} == pytest.approx(
        printed, abs=6e-4
    )


def test_foreign_value_added_agrees_with_the_source_based_split_of_exvatools() -> None:
    """FVA 2176.21 and FDC 325.58, method `bm_src`."""
    table = icio_test()
    counted_once = float(foreign_value_added(table, ("ESP",)).sum())
    content = float(trade_in_value_added(table, [("ESP",)]).foreign_content[0])
    assert counted_once == pytest.approx(2176.21, abs=CENT)
    assert content - counted_once == pytest.approx(325.58, abs=CENT)


def test_value_added_of_spanish_manufacturing_in_final_demand_of_the_usa() -> None:
    table = icio_test()
    used = value_added_in_final_demand(table)[1, table.regions.index("USA")]
    assert table.label(1) == "ESP 10T39"
    assert used == pytest.approx(139.90848, abs=5e-6)


def test_foreign_inputs_of_spanish_manufacturing_at_face_value_and_looked_through() -> None:
    """0.5214 and 1.6331, computed from the table by another program."""
    table = icio_test()
    reliance, home = by_region(table), home_regions(table)
    assert table.x[0] == pytest.approx(1378.568, abs=5e-4)
    for figures, expected in ((reliance.face_value, 0.5214), (reliance.look_through, 1.6331)):
        assert np.where(home, 0, figures).sum(axis=0)[1] == pytest.approx(expected, abs=5e-5)


def test_split_regions_are_one_after_the_solve() -> None:
    """Taking MX1 and MX2 for countries of their own would change Mexico's exports and what is in them."""
    table = icio_test()
    split = ("MEX", "MX1", "MX2")
    labels = [table.label(row).split()[0] for row in range(table.size)]
    as_parts = sum(
        table.Z[row][[label != labels[row] for label in labels]].sum() for row in range(table.size)
    )
    as_one = trade_in_value_added(table, [("MEX",)]).exports[0]
    assert [labels.count(code) for code in split] == [3, 3, 3]
    assert as_one < as_parts


def test_the_textbook_example_of_two_industries() -> None:
    """Miller and Blair (2009), section 2.3: L and x as printed; G and the extraction computed by hand from them."""
    table = one_region()
    assert leontief_inverse(table).round(4).tolist() == [[1.2541, 0.3300], [0.2640, 1.1221]]
    assert ghosh_inverse(table).round(4).tolist() == [[1.2541, 0.6601], [0.1320, 1.1221]]
    x = system(table).right(np.array([[600.0], [1500.0]])).values
    assert x.ravel().round(2).tolist() == [1247.52, 1841.58]
    loss = extraction(table, np.array([True, False]))
    assert loss.output.round(3).tolist() == [1000.0, 210.526]
    assert loss.share == pytest.approx(0.4035, abs=5e-5)


def test_the_inoperability_example_of_haimes_and_jiang() -> None:
    """Haimes and Jiang (2001): (0.571, 0.714)."""
    q = inoperability(np.array([[0.0, 0.8], [0.2, 0.0]]), np.array([0.0, 0.6]))
    assert q.round(3).tolist() == [0.571, 0.714]


def test_value_added_of_the_world_is_what_final_demand_uses() -> None:
    """World value added of OECD ICIO 2020 is 79.7 trillion USD without taxes on products."""
    table = icio_2020()
    used = value_added_in_final_demand(table)
    assert used.sum() == pytest.approx(table.value_added.sum(), rel=1e-12)
    assert used.sum() == pytest.approx(table.Y.sum(), rel=1e-12)
    assert used.sum(axis=1) == pytest.approx(table.value_added, rel=1e-9)


@pytest.mark.parametrize("year", [2008, 2009, 2011])
def test_wiod_is_taken_with_its_rounding_and_its_idle_industries(year: int) -> None:
    table = wiod(year)
    assert 18 <= table.checks.zero_output <= 22
    assert np.abs(table.checks.row_residual).max() < 110
    assert any("do not balance" in caveat for caveat in table.caveats())
    made = by_region(table, basis="value_added")
    assert made.look_through.sum(axis=0)[table.x > 0] == pytest.approx(1, abs=1e-9)
