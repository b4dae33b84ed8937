"""Agreement with pymrio, an independent program, to 1e-9: on its own test table and on OECD ICIO 2020.

pymrio is in the extra `oracle`; it computes the whole inverse with pandas.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.inputoutput.published import icio_2020
from weaklink.inputoutput.accounts import Accounts, Floats
from weaklink.inputoutput.coefficients import ghosh_inverse, leontief_inverse, technical_coefficients
from weaklink.inputoutput.reliance import by_region, home_regions
from weaklink.inputoutput.solve import Method, system
from weaklink.inputoutput.trade_in_value_added import value_added_in_final_demand

pymrio = pytest.importorskip("pymrio", reason="needs pymrio, of the extra `oracle`")
pandas = pytest.importorskip("pandas")

TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def its_own() -> tuple[Accounts, Any]:
    """pymrio's made-up table of six regions and eight sectors, which it carries for tests."""
    other = pymrio.load_test().calc_all()
    regions, sectors = tuple(other.get_regions()), tuple(other.get_sectors())
    Z = other.Z.to_numpy(dtype=np.float64)
    Y = (
        other.Y.T.groupby(level="region", sort=False)
        .sum()
        .T.reindex(columns=regions)
        .to_numpy(dtype=np.float64)
    )
    return _accounts(regions, sectors, Z, Y, other.x.to_numpy(dtype=np.float64).ravel()), other


@pytest.fixture(scope="module")
def icio() -> tuple[Accounts, Any]:
    """OECD ICIO 2020 in both programs."""
    table = icio_2020()
    rows = pandas.MultiIndex.from_product([table.regions, table.sectors], names=["region", "sector"])
    buyers = pandas.MultiIndex.from_product([table.regions, ["all"]], names=["region", "category"])
    other = pymrio.IOSystem(
        Z=pandas.DataFrame(np.array(table.Z), rows, rows), Y=pandas.DataFrame(np.array(table.Y), rows, buyers)
    )
    other.added = pymrio.Extension(
        name="added",
        F=pandas.DataFrame(
            np.array(table.value_added)[None], pandas.Index(["value added"], name="stressor"), rows
        ),
        F_Y=None,
    )
    return table, other.calc_all()


def _accounts(
    regions: tuple[str, ...], sectors: tuple[str, ...], Z: Floats, Y: Floats, x: Floats
) -> Accounts:
    return Accounts(
        regions=regions,
        sectors=sectors,
        region=np.repeat(np.arange(len(regions)), len(sectors)),
        sector=np.tile(np.arange(len(sectors)), len(regions)),
        Z=Z,
        Y=Y,
        x=x,
        value_added=x - Z.sum(axis=0),
        unit="million EUR",
        year=2010,
        source="pymrio's test table",
    )


@pytest.fixture(params=["its_own", "icio"])
def both(request: pytest.FixtureRequest) -> tuple[Accounts, Any]:
    pair: tuple[Accounts, Any] = request.getfixturevalue(request.param)
    return pair


def test_coefficients_and_inverses_agree_with_pymrio(both: tuple[Accounts, Any]) -> None:
    table, other = both
    assert np.abs(technical_coefficients(table) - other.A.to_numpy()).max() < TOLERANCE
    assert np.abs(leontief_inverse(table) - other.L.to_numpy()).max() < TOLERANCE
    ghosh = pymrio.calc_G(pymrio.calc_B(other.Z, other.x)).to_numpy()
    assert np.abs(ghosh_inverse(table) - ghosh).max() < TOLERANCE * np.abs(ghosh).max()


@pytest.mark.parametrize("method", ["direct", "iterative"])
def test_look_through_agrees_with_pymrio(both: tuple[Accounts, Any], method: Method) -> None:
    table, other = both
    ours = by_region(table, solver=system(table, method, tolerance=1e-11)).look_through
    whole = other.L.groupby(level="region", sort=False).sum().to_numpy()
    assert np.abs(ours + home_regions(table) - whole).max() < TOLERANCE


def test_value_added_of_final_demand_agrees_with_pymrio_footprints(icio: tuple[Accounts, Any]) -> None:
    table, other = icio
    ours = value_added_in_final_demand(table).sum(axis=0)
    footprint = other.added.D_cba_reg.to_numpy().ravel()
    assert np.abs(ours / footprint - 1).max() < TOLERANCE
