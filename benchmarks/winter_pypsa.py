"""What does PyPSA take for the same winter? Run by the Python of the peers' environment; knows nothing of weaklink.

    python winter_pypsa.py FILE

reads the arrays of a network from FILE (`winter.written` says which), builds PyPSA's network from them, solves it with
HiGHS on one thread, and prints the seconds of both and the objective. What PyPSA has no words for is added by linopy:
withdrawal that falls with the level of a store, and what is worth something in store on the last evening.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pypsa
import xarray as xr


def main(file: Path) -> None:
    with np.load(file) as stored:
        given = dict(stored)
    began, used = time.perf_counter(), time.process_time()
    network = built(given)
    model = network.optimize.create_model()
    add_curves(model, given)
    add_end_values(model, given)
    status, condition = network.optimize.solve_model(
        solver_name="highs",
        io_api="direct",
        log_to_console=False,
        output_flag=False,
        threads=1,
        solver="simplex",
    )
    cost = {"seconds": time.perf_counter() - began, "cpu_s": time.process_time() - used}
    if (status, condition) != ("ok", "optimal"):
        raise SystemExit(f"PyPSA: {status}, {condition}")
    print(json.dumps({**cost, "objective": float(model.objective.value)}))


def built(given: Mapping[str, np.ndarray]) -> pypsa.Network:
    """Nodes are buses, as are tanks and stores; unserved demand of each class is a generator."""
    demand = given["demand"]
    classes, nodes, days = demand.shape
    network = pypsa.Network()
    network.set_snapshots(range(days))
    bus = np.array([f"n{place}" for place in range(nodes)])
    network.add("Bus", bus)
    load = pd.DataFrame(demand.sum(axis=0).T, network.snapshots, [f"{name} load" for name in bus])
    network.add("Load", load.columns, bus=bus, p_set=load)
    for kind in range(classes):
        generators(network, f"u{kind}", bus, demand[kind], given["unserved_cost"][kind])
    for way, ends in (("f", ("origin", "destination")), ("b", ("destination", "origin"))):
        from_bus, to_bus = (bus[given[end]] for end in ends)
        links(network, way, from_bus, to_bus, given[f"{way}_capacity"], given[f"{way}_cost"])
    free = given["source"] < 0
    steady = np.repeat(given["entry_capacity"][free, None], days, axis=1)
    generators(network, "p", bus[given["entry_node"][free]], steady, given["entry_cost"][free])
    tank = store(network, "tank", given["buffer"], given["buffer_start"])
    generators(network, "ship", tank, given["arrivals"], np.zeros(len(tank)))
    from_tank, to_bus = tank[given["source"][~free]], bus[given["entry_node"][~free]]
    links(network, "port", from_tank, to_bus, given["entry_capacity"][~free], given["entry_cost"][~free])
    site, at = store(network, "site", given["volume"], given["start"]), bus[given["storage_node"]]
    links(network, "w", site, at, given["withdrawal"], given["storage_cost"])
    links(network, "i", at, site, given["injection"], given["storage_cost"])
    return network


def generators(
    network: pypsa.Network, name: str, bus: np.ndarray, most: np.ndarray, cost: np.ndarray
) -> None:
    """Generators with a limit by day."""
    names, peak = [f"{name}{place}" for place in range(len(bus))], np.maximum(most.max(axis=1), 1e-9)
    share = pd.DataFrame((most / peak[:, None]).T, network.snapshots, names)
    network.add("Generator", names, bus=bus, p_nom=peak, p_max_pu=share, marginal_cost=cost)


def links(
    network: pypsa.Network, name: str, start: np.ndarray, end: np.ndarray, most: np.ndarray, cost: np.ndarray
) -> None:
    """Links in one direction."""
    names = [f"{name}{place}" for place in range(len(most))]
    network.add("Link", names, bus0=start, bus1=end, p_nom=most, marginal_cost=cost)


def store(network: pypsa.Network, name: str, volume: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Stores, each on a bus of its own; the names of the buses."""
    names = np.array([f"{name}{place}" for place in range(len(volume))])
    network.add("Bus", names)
    network.add("Store", names, suffix=" level", bus=names, e_nom=volume, e_initial=start)
    return names


def add_curves(model: object, given: Mapping[str, np.ndarray]) -> None:
    """Withdrawal at most each line of the curve at the level of the evening before."""
    store, at, slope = given["line_store"].astype(int), given["line_at"], given["line_slope"]
    flow = model["Link-p"].sel(name=[f"w{place}" for place in store])
    level = model["Store-e"].sel(name=[f"site{place} level" for place in store])
    labels = flow.coords["name"].values
    steep = xr.DataArray(slope, coords={"name": level.coords["name"].values}, dims=["name"])
    held = (steep * level.shift(snapshot=1)).assign_coords(name=labels)
    most = np.repeat(at[:, None], given["demand"].shape[2], axis=1)
    most[:, 0] += slope * given["start"][store]
    days = flow.coords["snapshot"].values
    limit = xr.DataArray(most, coords={"name": labels, "snapshot": days}, dims=["name", "snapshot"])
    model.add_constraints(1 * flow - held <= limit, name="curve")


def add_end_values(model: object, given: Mapping[str, np.ndarray]) -> None:
    """What is in store at the end has a value, and the lower fifths of each store more than the upper."""
    count, fifths = len(given["volume"]), given["fifth_value"]
    last = (
        model["Store-e"]
        .sel(name=[f"site{place} level" for place in range(count)])
        .isel(snapshot=-1, drop=True)
    )
    names = last.coords["name"].values
    part = pd.RangeIndex(len(fifths), name="part")
    each = xr.DataArray(given["volume"] / (len(fifths) + 1), coords={"name": names}, dims=["name"])
    upper = each.expand_dims(part=part)
    filled = model.add_variables(lower=0, upper=upper, name="filled")
    model.add_constraints(filled.sum("part") - last <= 0, name="filled")
    worth = xr.DataArray(fifths, coords={"part": part}, dims=["part"])
    model.objective = model.objective - float(given["end_value"]) * last.sum() - (worth * filled).sum()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
