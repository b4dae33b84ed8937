"""What does pymrio take for the same table? Run by the Python of the peers' environment; knows nothing of weaklink.

    python look_through_pymrio.py FOLDER

reads Z, Y, x and value added from FOLDER, calls `calc_all`, and prints the seconds of that call alone; what it sums up
for the comparison afterwards is not counted.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pymrio


def main(folder: Path) -> None:
    Z, Y, added = (np.load(folder / f"{name}.npy") for name in ("Z", "Y", "value_added"))
    regions, sectors = json.loads((folder / "size.json").read_text())
    rows = pd.MultiIndex.from_product([range(regions), range(sectors)], names=["region", "sector"])
    buyers = pd.MultiIndex.from_product([range(regions), ["all"]], names=["region", "category"])
    table = pymrio.IOSystem(Z=pd.DataFrame(Z, rows, rows, copy=False), Y=pd.DataFrame(Y, rows, buyers))
    factor = pd.DataFrame(added[None], pd.Index(["value added"], name="stressor"), rows)
    table.added = pymrio.Extension(
        name="added", F=factor, unit=pd.DataFrame({"unit": ["million"]}, index=factor.index)
    )
    began, used = time.perf_counter(), time.process_time()
    table.calc_all()
    cost = {"seconds": time.perf_counter() - began, "cpu_s": time.process_time() - used}
    found = table.L.to_numpy().reshape(regions, sectors, -1).sum(axis=1)
    np.save(folder / "pymrio.npy", found)
    print(json.dumps(cost))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
