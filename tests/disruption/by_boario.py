"""The same scenario by BoARIO, an independent program: days of relative output by row of the accounts.

BoARIO is in the extra `boario`. It writes a log file, warns, and changes the logging of the program that imports it;
that is kept in here.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weaklink.inputoutput.accounts import Accounts, Floats, Integers

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pymrio = pytest.importorskip("pymrio", reason="needs pymrio, of the extra `boario`")
    pandas = pytest.importorskip("pandas", reason="needs pandas, of the extra `boario`")
    pytest.importorskip("progressbar", reason="needs progressbar2, of the extra `boario`")
    models = pytest.importorskip("boario.extended_models", reason="needs BoARIO, of the extra `boario`")
    from boario import event
    from boario.simulation import Simulation

FACTOR = 10**6  # of money: BoARIO rounds what is destroyed to a tenth of one unit of it


@dataclass(frozen=True)
class Ran:
    """Output by day and row, relative to baseline, and the capital of each row."""

    production: Floats
    capital: Floats


def own_table() -> Accounts:
    """pymrio's made-up table as BoARIO's tests aggregate it: three regions, five sectors, in their order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = pymrio.load_test()
        other.aggregate(
            region_agg=["reg1", "reg1", "reg2", "reg2", "reg3", "reg3"],
            sector_agg=[
                "food",
                "mining",
                "manufactoring",
                "other",
                "construction",
                "other",
                "other",
                "other",
            ],
        )
        other.calc_all()
    regions, sectors = tuple(other.get_regions()), tuple(other.get_sectors())
    Y = other.Y.T.groupby(level="region", sort=False).sum().T.reindex(columns=regions).to_numpy(dtype=float)
    Z, x = other.Z.to_numpy(dtype=float), other.x.to_numpy(dtype=float).ravel()
    return Accounts(
        regions,
        sectors,
        np.repeat(np.arange(3), 5),
        np.tile(np.arange(5), 3),
        Z,
        Y,
        x,
        x - Z.sum(axis=0),
        unit="million",
        year=2020,
        source="pymrio's made-up table",
    )


def boario(
    table: Accounts,
    days: int,
    folder: Path,
    events: Sequence[Mapping[str, Any]],
    rows: Sequence[Integers],
    **model: object,
) -> Ran:
    """Run BoARIO. Each event has `impact` by row and what `event.from_series` takes."""
    names = [(table.regions[r], table.sectors[s]) for r, s in zip(table.region, table.sector, strict=True)]
    at = pandas.MultiIndex.from_tuples(names, names=["region", "sector"])
    buyers = pandas.MultiIndex.from_product([table.regions, ["all"]], names=["region", "category"])
    before = Path.cwd()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        os.chdir(folder)
        try:
            other = pymrio.IOSystem(
                Z=pandas.DataFrame(np.array(table.Z), at, at),
                Y=pandas.DataFrame(np.array(table.Y), at, buyers),
            )
            other.x = pandas.DataFrame({"indout": table.x}, index=at)
            other.A = pymrio.calc_A(other.Z, other.x)
            made = models.ARIOPsiModel(other, monetary_factor=FACTOR, **model)
            run = Simulation(made, n_temporal_units_to_sim=days, show_progress=False)
            for one, hit in zip(events, rows, strict=True):
                given = dict(one)
                impact = pandas.Series(given.pop("impact"), index=at[hit])
                run.add_event(event.from_series(impact, **given))
            run.loop()
        finally:
            os.chdir(before)
            logging.disable(logging.NOTSET)
            for handler in list(logging.getLogger("boario").handlers):
                handler.close()
                logging.getLogger("boario").removeHandler(handler)
    order = [made.industries.get_loc(name) for name in names]
    with np.errstate(invalid="ignore"):
        relative = run.production_realised.to_numpy() / made.X_0
    return Ran(relative[:, order], np.asarray(made.productive_capital)[order])
