"""Who should get what of a package over a network of sites, where roads and depots decide what can arrive?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from weaklink.result import Result, tabulated
from weaklink.study.stress import Stress, stressed
from weaklink.tables.aid import AID_ALLOCATION


def over_network(scenario: str, sharing: str = "") -> Result:
    """Who gets what of a package over a network of sites, as a scenario on it leaves the roads and depots.

    The most protected class is served first where the scenario says so, then shortage is shared alike. Columns in
    `weaklink.tables.AID_ALLOCATION`; needs are sites, promises are not told apart.

    >>> rows = over_network("generators-bridge-exercise").records()
    >>> round(sum(row["given"] for row in rows) / sum(row["wanted"] for row in rows), 3) < 1
    True
    """
    played = stressed(scenario, sharing)
    found = played.countries
    rows = sorted(_of_sites(played), key=lambda row: (row["urgency"], -row["unmet_share"], row["need"]))
    return Result(AID_ALLOCATION, tabulated(AID_ALLOCATION, rows), found.caveats, found.provenance)


def _of_sites(played: Stress) -> Iterator[dict[str, Any]]:
    """A row for each site and class of consumers that wants anything; the best protected class is urgency 1."""
    case, plan = played.case, played.plan
    wanted = case.network.demand @ case.network.durations
    for level, place in zip(*np.nonzero(wanted), strict=True):
        short = float(plan.unserved_by_class[level, place])
        yield {
            "need": case.network.nodes[place],
            "urgency": int(level) + 1,
            "recipient": "",
            "place": case.label(case.network.nodes[place]),
            "item_class": case.network.classes[level],
            "item": case.folder.about.commodity,
            "unit": case.unit,
            "wanted": wanted[level, place],
            "given": wanted[level, place] - short,
            "promise": "",
            "donor": "",
            "unmet_share": short / wanted[level, place],
        }
