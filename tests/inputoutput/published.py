"""Which tables with published results are there? Read from shared data; tests skip where they are absent."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.inputoutput import rdata
from weaklink.inputoutput.accounts import Accounts

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
PARTS = {"MX1": "MEX", "MX2": "MEX", "CN1": "CHN", "CN2": "CHN"}


def needs(path: Path) -> Path:
    if not path.is_file():
        pytest.skip(f"needs {path.name} of the shared data")
    return path


@cache
def icio_test() -> Accounts:
    """The 30 × 30 table of exvatools, with processing trade of Mexico and China apart; six regions, three sectors."""
    path = needs(SHARED / "verification" / "iciotest_data.rda")
    values, attributes = rdata.read(path)["iciotest_data"]
    rows, columns = attributes["dimnames"]
    table = values.reshape(len(columns), len(rows)).T
    part = tuple(label.split("_")[0] for label in rows)
    sectors = tuple(dict.fromkeys(label.split("_")[1] for label in rows))
    regions = tuple(code for code in dict.fromkeys(part) if code not in PARTS)
    Z = table[:, : len(rows)]
    Y = table[:, len(rows) :].reshape(len(rows), len(regions), -1).sum(axis=2)
    x = table.sum(axis=1)
    return Accounts(
        regions=regions,
        sectors=sectors,
        region=np.array([regions.index(PARTS.get(code, code)) for code in part]),
        sector=np.array([sectors.index(label.split("_")[1]) for label in rows]),
        Z=Z,
        Y=Y,
        x=x,
        value_added=x - Z.sum(axis=0),
        unit="million USD",
        year=2015,
        source="exvatools test table",
        part=part,
    )


@cache
def icio_2020() -> Accounts:
    """OECD ICIO 2020, 77 economies × 11 sectors."""
    with np.load(needs(SHARED / "io" / "oecd_icio2020_77x11.npz"), allow_pickle=False) as data:
        regions, sectors = data["countries"].tolist(), data["sectors"].tolist()
        n, size = len(regions), len(sectors)
        return Accounts(
            regions=tuple(regions),
            sectors=tuple(sectors),
            region=np.repeat(np.arange(n), size),
            sector=np.tile(np.arange(size), n),
            Z=data["Z"],
            Y=data["F"].reshape(n * size, n, -1).sum(axis=2),
            x=data["x"],
            value_added=data["va"] + data["tls"],
            unit="million USD",
            year=2020,
            source="OECD ICIO 2020",
        )


@cache
def wiod(year: int) -> Accounts:
    """WIOD 2013 release, 41 regions × 35 industries; rounded to whole million USD, some industries without output."""
    with np.load(needs(SHARED / "io" / f"wiod2013_{year}.npz"), allow_pickle=False) as data:
        regions, sectors = data["countries"].tolist(), data["industries"].tolist()
        n, size = len(regions), len(sectors)
        Z, x = data["Z"].astype(np.float64), data["x"]
        return Accounts(
            regions=tuple(regions),
            sectors=tuple(sectors),
            region=np.repeat(np.arange(n), size),
            sector=np.tile(np.arange(size), n),
            Z=Z,
            Y=data["F"].astype(np.float64).reshape(n * size, n, -1).sum(axis=2),
            x=x,
            value_added=x - Z.sum(axis=0),
            unit="million USD",
            year=year,
            source=f"WIOD 2013, {year}",
        )
