"""What would the model have said of winters that are over, and what happened?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from weaklink import data
from weaklink.network.dispatch import Dispatch
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.scenario.library import library
from weaklink.study.networks import folder
from weaklink.study.stress import Case, planned, set_up, share_unserved, stock_by_node, storage_path
from weaklink.tables import BACK_TEST
from weaklink.version import VERSION

OUTCOMES = "gas_outcomes"
ALL = "EU"


def back_test(scenario: str = "") -> Result:
    """Each figure that is known of a past winter, or was published of a cut-off, beside that of the model.

    All scenarios with known figures, or one of them. Nothing of the outcome is used by the model: stores start from
    their level of 1 October, demand and deliveries are those of the winter. Columns in `weaklink.tables.BACK_TEST`.
    """
    known = data.rows(OUTCOMES)
    names = [scenario] if scenario else sorted({row["scenario"] for row in known})
    rows = [
        row for name in names for row in _compared(name, [one for one in known if one["scenario"] == name])
    ]
    folders = {name: folder(library()[name].network) for name in names if name in library()}
    cards = (data.card(OUTCOMES), *(one.card() for one in folders.values()))
    caveats = (
        "In the winters as they were, demand and deliveries are those that came, so that the test is of volumes "
        "and of the network, not of a forecast of them.",
        "Deliveries of suppliers are recalled and rounded: an error of 5 % of the winter's supply moves the level "
        "of stores at its end by about ten points.",
        "Published cut-off figures are of other winters, other pipes and finer models: agreement is suggestive only.",
    )
    return Result(
        BACK_TEST, tabulated(BACK_TEST, rows), caveats, Provenance(cards, VERSION, {"scenario": scenario})
    )


def _compared(name: str, known: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    case = set_up(name)
    plan = planned(case)
    rows = []
    for row in known:
        modelled, actual = _modelled(case, plan, row), float(row["value"])
        rows.append(
            {
                "figure": f"{row['figure']} {row['day']}".strip() + f", {name}",
                "area": row["area"],
                "modelled": modelled,
                "actual": actual,
                "error": modelled - actual,
                "unit": row["unit"],
                "source": row["source"],
                "reason": row["reason"],
            }
        )
    return rows


def _modelled(case: Case, plan: Dispatch, row: Mapping[str, str]) -> float:
    if row["figure"] == "saving":
        return saving(case)
    if row["figure"] == "unserved":
        if row["area"] == ALL:
            return share_unserved(case, plan)
        return float(plan.curtailment_rate[case.network.nodes.index(row["area"])])
    day = case.days.index(date.fromisoformat(row["day"]))
    if row["area"] == ALL:
        return float(storage_path(case, plan)[day])
    place = case.network.nodes.index(row["area"])
    volume = sum(one.volume for one in case.network.storages if one.node == row["area"])
    return float(stock_by_node(plan)[place, day]) / volume


def saving(case: Case) -> float:
    """How much less demand in scope was than usual, October to March, as the sheets have it."""
    usual = folder(case.scenario.network, "usual").network.demand_by_node
    inside = case.inside()
    return 1 - float(np.dot(inside, case.network.demand_by_node)) / float(np.dot(inside, usual))
