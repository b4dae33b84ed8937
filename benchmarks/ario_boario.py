"""What does BoARIO take for the same days? Run by the Python of its own environment; knows nothing of weaklink.

    python ario_boario.py FOLDER DAYS LOSS

reads Z, Y and x from FOLDER, runs DAYS days with three industries of the first region losing LOSS of capacity, and
prints the seconds of its loop for each day; what it keeps for the comparison is its own record of production.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pymrio
from boario import event
from boario.extended_models import ARIOPsiModel
from boario.simulation import Simulation


def main(folder: Path, days: int, loss: float) -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    table = read(folder)
    os.chdir(tempfile.mkdtemp())  # where it writes its log
    model = ARIOPsiModel(table, order_type="alt")
    run = Simulation(model, n_temporal_units_to_sim=days, show_progress=False)
    hit = pd.MultiIndex.from_product([["R000"], ["S000", "S001", "S002"]], names=["region", "sector"])
    run.add_event(
        event.from_series(
            pd.Series(loss, index=hit),
            event_type="arbitrary",
            occurrence=5,
            duration=20,
            recovery_tau=60,
            recovery_function="linear",
        )
    )
    began, used = time.perf_counter(), time.process_time()
    run.loop()
    cost = {
        "seconds": (time.perf_counter() - began) / days,
        "cpu_s": (time.process_time() - used) / days,
    }
    np.save(folder / "boario.npy", run.production_realised.to_numpy() / model.X_0)
    print(json.dumps(cost))


def read(folder: Path) -> pymrio.IOSystem:
    regions, sectors = json.loads((folder / "size.json").read_text())
    names = [f"R{number:03d}" for number in range(regions)]
    rows = pd.MultiIndex.from_product(
        [names, [f"S{number:03d}" for number in range(sectors)]], names=["region", "sector"]
    )
    buyers = pd.MultiIndex.from_product([names, ["all"]], names=["region", "category"])
    Z, Y, x = (np.load(folder / f"{name}.npy") for name in ("Z", "Y", "x"))
    table = pymrio.IOSystem(Z=pd.DataFrame(Z, rows, rows, copy=False), Y=pd.DataFrame(Y, rows, buyers))
    table.x = pd.DataFrame({"indout": x}, index=rows)
    table.A = table.Z / x
    return table


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), int(sys.argv[2]), float(sys.argv[3]))
