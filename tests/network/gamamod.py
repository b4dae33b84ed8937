"""The gas network of Europe in 2015 as another model has it: GAMAMOD-EU (TU Dresden), test data that is not shipped.

Borders are added up by pair of countries, a country's fields and stores are one part each, demand is a year's sum
times a daily profile. The older vintage is wanted: what was published on cut-offs in 2014 and on N-1 in 2017 is of
these pipes.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from weaklink.network.model import Curve, Entry, Link, Network, Source, Storage

DATA = Path(__file__).parents[3] / "shared" / "data" / "gas"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no original data in {DATA}")


def sheet(name: str) -> list[dict[str, str]]:
    """The rows of one original file."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def gamamod(first: int = 0, days: int = 365, sites: int = 1, full: float = 1.0) -> Network:
    """The network from a day of 2015 on, 0 for 1 January, through the turn of the year where it comes to that.

    `sites` cuts fields and stores into equal parts that do not fail together. Stores start `full`.
    """
    countries = {row["iso2"]: row for row in sheet("country_gamamod_2015")}
    profile = {
        name: [row[name] for row in sheet("daily_profile_gamamod_2015")] for name in countries if name != "NG"
    }
    borders = sheet("interconnections_gamamod_2015")
    joined = {row[end] for row in borders for end in ("from", "to")}
    names = tuple(sorted(set(countries) & joined))
    shown = (np.arange(days) + first) % 365
    demand = np.array(
        [
            float(countries[name]["demand_GWh_a"]) * np.array(profile[name], dtype=float)[shown]
            for name in names
        ]
    )
    links = tuple(
        Link(f"{row['from']}-{row['to']}", row["from"], row["to"], float(row["cap_GWh_d"])) for row in borders
    )
    entries, storages = [], []
    for name in names:
        row = countries[name]
        fields, ships = float(row["prod_GWh_d"]), float(row["lng_regas_GWh_a"]) / 365
        entries += [
            Entry(
                f"field {n} of {name}", name, fields / sites, "production", "Russia" if name == "RU" else None
            )
            for n in range(sites)
            if fields
        ]
        if ships:
            entries.append(Entry(f"terminals of {name}", name, ships, "terminal", "LNG"))
    for row in sheet("storage_gamamod_2015"):
        volume = float(row["wgv_GWh"]) / sites
        storages += [
            Storage(
                f"store {n} of {row['iso2']}",
                row["iso2"],
                volume,
                Curve.flat(float(row["withdraw_GWh_d"]) / sites),
                Curve.flat(float(row["inject_GWh_d"]) / sites),
                start=full * volume,
            )
            for n in range(sites)
        ]
    return Network(
        "GAMAMOD-EU 2015",
        "gas",
        "GWh",
        ("all",),
        names,
        demand[None],
        links,
        tuple(entries),
        (Source("LNG"), Source("Russia")),
        tuple(storages),
    )
