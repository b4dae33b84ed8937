"""Agreement with BoARIO 0.7.2, an independent program, to 1e-9 on all days of common scenarios; published figures.

Its clock: an event of `duration` d that occurs on day t is on in full on the days t to t + d + 1 where capital
recovers, since recovery is reckoned at the end of a day, and on t to t + d - 1 where it is rebuilt.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.disruption.by_boario import FACTOR, boario, own_table
from weaklink.disruption.economy import economy
from weaklink.disruption.model import Parameters
from weaklink.disruption.shock import CapacityLoss, CapitalLoss, Course, Recovery, Shock
from weaklink.disruption.simulate import simulate
from weaklink.inputoutput.accounts import Accounts

AGREED = 1e-9
DAYS = 200


@pytest.fixture(scope="module")
def table() -> Accounts:
    return own_table()


def hit(table: Accounts, *names: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.flatnonzero(table.in_sectors(names) & table.flags(["reg1"]))


@dataclass(frozen=True)
class Case:
    """A scenario for both."""

    name: str
    recovery: Recovery
    theirs: str
    model: dict[str, Any]
    ours: dict[str, Any]
    share: float = 0.3


CASES = [
    Case("alt, linear", "linear", "linear", {}, {}),
    Case("noalt, linear", "linear", "linear", {"order_type": "noalt"}, {"order_rule": "noalt"}),
    Case("concave", "concave", "concave", {}, {}),
    Case("convex", "convex", "convexe", {}, {}),
    Case("convex slow", "convex slow", "convexe noscale", {}, {}),
    Case(
        "short stocks and a deep cut: inputs run out",
        "linear",
        "linear",
        {
            "main_inv_dur": 5,
            "inventory_restoration_tau": 10,
            "psi_param": 0.9,
            "alpha_max": 1.1,
            "alpha_tau": 90,
        },
        {"inventory_days": 5.0, "inventory_tau": 10.0, "psi": 0.9, "alpha_max": 1.1, "alpha_tau": 90.0},
        share=0.8,
    ),
    Case(
        "stocks by sector, one endless",
        "linear",
        "linear",
        {
            "inventory_dict": {
                "food": 10,
                "mining": 20,
                "manufactoring": 7,
                "other": 30,
                "construction": "inf",
            }
        },
        {"inventory_days": "by sector"},
        share=0.8,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_output_of_every_day_and_industry_agrees_with_boario_to_1e_9(
    case: Case, table: Accounts, tmp_path: Path
) -> None:
    rows, made = hit(table, "mining", "manufactoring"), economy(table)
    days = {"food": 10.0, "mining": 20.0, "manufactoring": 7.0, "other": 30.0, "construction": np.inf}
    given = dict(case.ours)
    if given.get("inventory_days") == "by sector":
        given["inventory_days"] = np.array([days[name] for name in table.sectors])
    parameters = Parameters(**given)
    capital = 4 * table.value_added[rows]
    amount = (case.share * capital).round(6)
    event = {
        "impact": amount,
        "event_type": "recovery",
        "occurrence": 5,
        "duration": 20,
        "recovery_tau": 60,
        "recovery_function": case.theirs,
        "event_monetary_factor": FACTOR,
    }
    theirs = boario(table, DAYS, tmp_path, [event], [rows], **case.model)
    course = Course(start=5, duration=22, recovery=case.recovery, tau=60)
    ours = simulate(
        made,
        Shock(capital=(CapitalLoss(rows, amount, course),)),
        DAYS,
        parameters=parameters,
        industries=True,
    )
    assert ours.industries is not None
    assert np.abs(1 - theirs.production).max() > case.share / 2
    assert np.abs(ours.industries[:, 0] - theirs.production).max() <= AGREED


def test_rebuilding_agrees_with_boario_to_1e_9(table: Accounts, tmp_path: Path) -> None:
    rows, made = hit(table, "mining", "manufactoring"), economy(table)
    amount = (0.2 * 4 * table.value_added[rows]).round(6)
    shares = {"construction": 0.6, "manufactoring": 0.4}
    event = {
        "impact": amount,
        "event_type": "rebuild",
        "occurrence": 3,
        "duration": 10,
        "rebuild_tau": 90,
        "rebuilding_sectors": shares,
        "rebuilding_factor": 1.5,
        "event_monetary_factor": FACTOR,
    }
    theirs = boario(table, DAYS, tmp_path, [event], [rows])
    loss = CapitalLoss(rows, amount, Course(start=3, duration=10), rebuilt_by=shares, factor=1.5)
    ours = simulate(
        made, Shock(capital=(loss,)), DAYS, parameters=Parameters(rebuild_tau=90.0), industries=True
    )
    assert ours.industries is not None
    assert np.abs(ours.industries[:, 0] - theirs.production).max() <= AGREED
    assert theirs.production.max() > 1.01, "rebuilding asks for more than a baseline day makes"


def test_two_events_agree_with_boario_to_1e_9(table: Accounts, tmp_path: Path) -> None:
    first, second = hit(table, "mining"), hit(table, "food", "mining")
    amounts = [
        (share * 4 * table.value_added[rows]).round(6) for share, rows in ((0.5, first), (0.2, second))
    ]
    common = {"event_type": "recovery", "recovery_function": "linear", "event_monetary_factor": FACTOR}
    events = [
        {"impact": amounts[0], "occurrence": 1, "duration": 5, "recovery_tau": 30, **common},
        {"impact": amounts[1], "occurrence": 20, "duration": 1, "recovery_tau": 100, **common},
    ]
    theirs = boario(table, 100, tmp_path, events, [first, second])
    shock = Shock(
        capital=(
            CapitalLoss(first, amounts[0], Course(1, 7, "linear", 30)),
            CapitalLoss(second, amounts[1], Course(20, 3, "linear", 100)),
        )
    )
    ours = simulate(economy(table), shock, 100, industries=True)
    assert ours.industries is not None
    assert np.abs(ours.industries[:, 0] - theirs.production).max() <= AGREED


def test_first_step_of_the_published_event_has_the_output_ratio_0_778223(table: Accounts) -> None:
    rows = hit(table, "mining")
    made = economy(table)
    capital = 4 * 365 * made.value_added[made.place[rows]]
    assert capital.round(2).tolist() == [225451.72]
    loss = CapitalLoss(rows, np.array([50_000.0]), Course(1, 20, "linear", 180))
    ran = simulate(made, Shock(capital=(loss,)), 2, industries=True)
    assert ran.industries is not None
    assert ran.industries[1, 0, rows[0]].round(6) == 0.778223


def test_world_output_ratios_of_the_regression_target(table: Accounts) -> None:
    """METHODS 7.3: days 1, 60, 180, 364 of a loss of 50,000 each in mining and manufacturing, back after 180 days."""
    rows = hit(table, "mining", "manufactoring")
    loss = CapitalLoss(rows, np.array([50_000.0, 50_000.0]), Course(1, 22, "linear", 180))
    ran = simulate(economy(table), Shock(capital=(loss,)), 365)
    found = ran.world_ratio[[1, 60, 180, 364], 0].round(8).tolist()
    assert found == [0.99998963, 0.99999098, 0.99999980, 1.00000143]


def test_a_capacity_loss_agrees_with_boario_to_1e_9_a_day_later(table: Accounts, tmp_path: Path) -> None:
    """BoARIO applies a loss of capacity that is not by capital a day late, and rounds it to six digits."""
    rows = hit(table, "mining", "manufactoring")
    share = np.array([0.2, 0.3])
    event = {
        "impact": share,
        "event_type": "arbitrary",
        "occurrence": 5,
        "duration": 20,
        "recovery_tau": 50,
        "recovery_function": "linear",
    }
    theirs = boario(table, 120, tmp_path, [event], [rows])
    ours = simulate(
        economy(table),
        Shock(capacity=(CapacityLoss(rows, share, Course(6, 22, "linear", 50)),)),
        120,
        industries=True,
    )
    assert ours.industries is not None
    assert np.abs(ours.industries[:, 0] - theirs.production).max() <= AGREED
