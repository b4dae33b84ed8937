"""What does gegravity take for the same shock? Run by the Python of its own environment; knows nothing of weaklink.

    python equilibrium_gegravity.py FOLDER

reads the synthetic gravity data of FOLDER, solves the baseline and the counterfactual, and prints the seconds of both
and the factory-gate prices, relative to before, of all countries.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import gegravity as ge
import pandas as pd


def main(folder: Path) -> None:
    setting = json.loads((folder / "setting.json").read_text())
    frame = pd.read_csv(folder / "gravity.csv").assign(constant=1)
    beta = setting["coefficients"]
    names, reference = setting["names"], setting["names"][setting["reference"]]
    estimates = pd.DataFrame([(name, value, abs(value) * 0.05) for name, value in beta.items()])
    estimates.columns = ["var", "beta", "stderr"]
    costs = ge.CostCoeffs(estimates=estimates, identifier_col="var", coeff_col="beta", stderr_col="stderr")
    data = ge.BaselineData(
        frame,
        imp_var_name="importer",
        exp_var_name="exporter",
        year_var_name="year",
        trade_var_name="trade",
        expend_var_name="E",
        output_var_name="Y",
    )
    began, used = time.perf_counter(), time.process_time()
    model = ge.OneSectorGE(
        baseline=data,
        cost_coeff_values=costs,
        cost_variables=list(beta),
        year="2006",
        reference_importer=reference,
        sigma=setting["theta"] + 1,
        quiet=True,
    )
    model.build_baseline(omr_rescale=1)
    changed = model.baseline_data.copy()
    first, second = (names[place] for place in setting["pair"])
    there = (changed.exporter == first) & (changed.importer == second)
    back = (changed.exporter == second) & (changed.importer == first)
    changed.loc[there | back, "pta"] = 1
    model.define_experiment(changed)
    model.simulate()
    cost = {"seconds": time.perf_counter() - began, "cpu_s": time.process_time() - used}
    solved = {name: found.message for name, found in model.solver_diagnostics.items()}
    if wrong := [
        f"{name}: {said}" for name, said in solved.items() if not said.startswith("The solution conv")
    ]:
        raise SystemExit("; ".join(wrong))
    price = 1 + model.country_results["factory gate price change (percent)"].reindex(names) / 100
    print(json.dumps({**cost, "price": price.tolist()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
