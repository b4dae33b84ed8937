"""The lens of disruption: what a scenario becomes in terms of the table, and what must hold of its losses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from weaklink.errors import RequestError
from weaklink.scenario.library import chosen
from weaklink.scenario.model import Scenario, Shock
from weaklink.study.lens import likely
from weaklink.study.lenses.disruption import BIN, EXACT, MILLION, Disruption, disruption
from weaklink.study.losses import asked_for
from weaklink.study.reach import deliveries, struck_share
from weaklink.uncertainty.draws import drawn

DAYS = 40


def scenario(*shocks: Shock, days: int = DAYS) -> Scenario:
    return Scenario(
        name="test", title="A test", who="EU@2024-12-31", source="made up for a test", days=days, shock=shocks
    )


def exports(
    lost: float = 0.5, sectors: tuple[str, ...] = ("MANUF_EXFOOD",), names: tuple[str, ...] = ("CHN",)
) -> Shock:
    return Shock(
        target="exports",
        names=names,
        sectors=sectors,
        lost=lost,
        first_day=date(2025, 3, 1),
        last_day=date(2025, 3, 20),
        recovery="linear",
        recovery_days=10,
    )


def model(*shocks: Shock, importer: str = "DEU + FRA + CHN", days: int = DAYS) -> Disruption:
    return disruption(asked_for(scenario(*shocks, days=days), importer))


def test_a_shock_of_nothing_costs_nothing() -> None:
    one = model(exports(lost=0.0))
    assert not one.losses(likely(one.ranges)).any()
    assert np.abs(one.course().loss).max() < 1e-3  # of a dollar


def test_the_course_adds_up_to_the_loss_at_the_likely_figures() -> None:
    one = model(exports())
    course, loss = one.course(), one.losses(likely(one.ranges))[0]
    assert course.loss.shape == (DAYS, 3)
    assert course.edges.tolist() == list(range(DAYS + 1))
    assert np.abs(course.loss.sum(axis=0) - loss).max() <= EXACT
    assert np.abs(loss).min() > 1e6


def test_a_draw_has_the_same_loss_to_the_last_bit_whichever_draws_stand_beside_it() -> None:
    one = model(exports())
    draws = drawn(one.ranges, 7, 3)
    together = one.losses(draws)
    for at in (0, 4):
        alone = one.losses({name: figures[at : at + 1] for name, figures in draws.items()})
        assert np.array_equal(alone[0], together[at])


def test_whoever_is_cut_off_and_turns_to_nobody_loses_more_than_who_does() -> None:
    """Vietnam buys a large part of its manufactured inputs from China."""
    forever = Shock(target="exports", names=("CHN",), sectors=("MANUF_EXFOOD",), lost=1.0)
    one = model(forever, importer="VNM", days=60)
    base = {**likely(one.ranges), "stock_days": np.array([10.0])}
    stuck, turning = (one.losses({**base, "rerouting": np.array([far])})[0, 0] for far in (0.0, 1.0))
    assert stuck > 2 * abs(turning)


def test_the_supplier_of_a_full_export_stop_loses_the_value_added_of_what_it_does_not_sell() -> None:
    """First day, by hand: what it delivers abroad of the sector is not made; nothing else has happened yet."""
    one = model(exports(lost=1.0, names=("TWN",)), importer="TWN", days=1)
    table = one.economy.accounts
    row = int(np.flatnonzero(table.flags(["TWN"]) & table.in_sectors(["MANUF_EXFOOD"]))[0])
    abroad = deliveries(table)[table.region[row], table.sector[row]].copy()
    abroad[table.region[row]] = 0
    expected = abroad.sum() * table.v[row] / 365 * MILLION
    assert one.losses(likely(one.ranges))[0, 0] == pytest.approx(expected, rel=1e-6)


def test_production_that_fails_is_capacity_lost_of_the_named_sectors_in_full() -> None:
    shock = Shock(
        target="production", names=("USA",), sectors=("ACCOM_ICT",), lost=0.25, first_day=date(2025, 1, 1)
    )
    one = model(shock, importer="USA + CAN")
    capacity = one.strikes[0].capacity
    assert capacity is not None
    table = one.economy.accounts
    named = table.flags(["USA"]) & table.in_sectors(["ACCOM_ICT"])
    assert np.allclose(capacity, named)
    lost = one.losses(likely(one.ranges))[0]
    assert lost[one.countries.index("USA")] > 0.2 * DAYS / 365 * table.value_added[named].sum() * MILLION


def test_a_closed_passage_delays_deliveries_by_the_length_of_the_detour() -> None:
    shock = Shock(
        target="passage",
        names=("suez", "bab_el_mandeb"),
        lost=1.0,
        first_day=date(2025, 1, 1),
        last_day=date(2025, 6, 30),
    )
    one = model(shock, importer="ITA + IND")
    reach = struck_share(one.asked, shock)
    late = one.strikes[0].late
    assert late
    longest = max(miles for miles, _ in late)
    assert reach.detour_nm.max() <= longest < reach.detour_nm.max() + BIN
    quick, slow = (
        one.shock({**likely(one.ranges), "speed_knots": np.array([knots])}) for knots in (16.0, 11.0)
    )
    for first, second in zip(quick.cuts[-len(late) :], slow.cuts[-len(late) :], strict=True):
        assert (np.asarray(second.course.duration) > np.asarray(first.course.duration)).all()


def test_two_shocks_never_cut_more_than_all_of_a_delivery() -> None:
    one = model(exports(lost=0.8), exports(lost=0.7, names=("CHN", "JPN")))
    ranges = {**likely(one.ranges)}
    total = sum(cut.share * np.max(cut.size) for cut in one.shock(ranges).cuts)
    assert np.max(total) <= 1 + 1e-12
    assert one.losses(ranges).shape == (1, 3)


def test_members_that_the_table_lacks_are_left_out_of_countries() -> None:
    one = disruption(asked_for(scenario(exports()), "DEU + SRB"))
    assert one.countries == ("DEU",)
    assert one.base.shape == (1,)


def test_a_scenario_of_a_network_only_is_refused_with_the_reason() -> None:
    with pytest.raises(RequestError, match="strikes no exports, production or passage"):
        disruption(asked_for(chosen("gas-cutoff-2022")))


def test_figures_of_the_scenario_stand_for_the_usual_ones() -> None:
    own = scenario(exports()).model_copy(update={"parameters": {"disruption": {"stock_days": 33.0}}})
    one = disruption(asked_for(own, "DEU"))
    assert one.ranges["stock_days"].likely == 33.0
    assert set(one.ranges) >= {"psi", "rerouting", "shock.1.lost"}
    assert "speed_knots" not in one.ranges
    assert replace(one, caveats=()).about.name == "disruption"


def test_a_shock_too_narrow_for_the_sectors_of_the_table_is_said_to_be_so() -> None:
    rare = disruption(asked_for(chosen("china-rare-earths"), "DEU"))
    assert any("do not run short of that" in text for text in rare.caveats)
    wide = model(exports(lost=1.0, names=("CHN",)), importer="VNM")
    assert not any("do not run short of that" in text for text in wide.caveats)
