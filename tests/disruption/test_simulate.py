"""What must hold of every course of days, whatever the table: identities, conservation, symmetries, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.disruption.written_out import written_out
from tests.inputoutput.strategies import tables
from weaklink.disruption.day import day
from weaklink.disruption.economy import Economy, economy
from weaklink.disruption.model import OrderRule, Parameters, Setting
from weaklink.disruption.plan import Plan
from weaklink.disruption.shock import CapacityLoss, CapitalLoss, Course, Cut, DemandChange, Shock
from weaklink.disruption.simulate import Trajectory, ensemble, simulate
from weaklink.disruption.state import State
from weaklink.disruption.trading import inputs
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Floats
from weaklink.inputoutput.textbook import one_region, two_regions

FEW = settings(max_examples=15)
ROUGH = Parameters(inventory_days=8.0, inventory_tau=5.0, psi=0.7, alpha_tau=30.0)
RULES: st.SearchStrategy[OrderRule] = st.sampled_from(("alt", "noalt"))


@st.composite
def shocks(draw: st.DrawFn, table: Accounts) -> Shock:
    """A loss of capacity of some rows, perhaps a cut between regions, perhaps a change of demand."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = np.flatnonzero(random.random(table.size) < 0.5)
    course = Course(2, draw(st.integers(1, 15)), draw(st.sampled_from(["linear", "concave", "at once"])), 8)
    loss = CapacityLoss(rows, random.uniform(0, 1, len(rows)), course)
    cut = Cut(random.uniform(0, 1, table.Y.shape) * (random.random(table.Y.shape) < 0.3), course, 0.9)
    demand = DemandChange(table.Y * random.uniform(-0.5, 0.3, table.Y.shape), course)
    return Shock((loss,), (), (cut,) if draw(st.booleans()) else (), (demand,) if draw(st.booleans()) else ())


def ran(table: Accounts, shock: Shock, days: int = 40, parameters: Parameters = ROUGH) -> Trajectory:
    return simulate(economy(table), shock, days, parameters=parameters, industries=True)


def relative(trajectory: Trajectory) -> Floats:
    assert trajectory.industries is not None
    return trajectory.industries[:, 0]


@FEW
@given(tables(), RULES)
def test_a_year_without_shock_changes_nothing(table: Accounts, rule: OrderRule) -> None:
    year = ran(table, Shock(), 365, Parameters(order_rule=rule))
    assert np.abs(relative(year)[:, table.x > 0] - 1).max(initial=0.0) <= 1e-12
    if table.x.any():
        assert np.abs(year.world_ratio - 1).max() <= 1e-12
    assert np.abs(year.unmet).max() <= 1e-12 * table.Y.sum()


@FEW
@given(st.data(), tables(), RULES, st.sampled_from([1.0, 0.6]))
def test_every_day_agrees_with_the_model_written_out_to_1e_9(
    data: st.DataObject, table: Accounts, rule: OrderRule, far: float
) -> None:
    shock, parameters = data.draw(shocks(table)), replace(ROUGH, order_rule=rule, rerouting=far)
    ours, theirs = ran(table, shock, parameters=parameters), written_out(table, shock, 40, parameters)
    assert np.abs(relative(ours) - theirs.production).max() <= 1e-9
    assert np.abs(ours.unmet[:, 0] - theirs.unmet).max() <= 1e-9 * table.Y.sum()
    output = table.Z.sum(axis=1) / 365 + table.Y.sum(axis=1) / 365
    regions = np.arange(len(table.regions)) == table.region[:, None]
    expected = (theirs.production * output) @ regions
    assert np.allclose(ours.production[:, 0], expected, rtol=1e-8, atol=1e-9 * output.max())


@FEW
@given(st.data(), tables(), RULES)
def test_stocks_stay_above_zero_and_goods_made_are_delivered_or_stocked(
    data: st.DataObject, table: Accounts, rule: OrderRule
) -> None:
    """In amounts, from the definitions, with every order by supplier and client."""
    made, shock = economy(table), data.draw(shocks(table))
    setting = Setting(made, replace(ROUGH, order_rule=rule), 1)
    plan, state, blocks = Plan.of(setting, shock, 25), State.at_rest(setting), inputs(setting)
    amount = setting.days[:, 0] * made.use  # of stock, where it is as wanted at baseline
    for today in range(25):
        wanted, final = plan.wanted(today)
        orders = _orders(made, state, shock, today)
        stock = amount * state.stock[:, 0]
        done = day(setting, state, wanted, lambda work: [work(blocks)])
        delivered = orders * done.served[0][:, None]
        gained = delivered.reshape(made.sectors, made.places, made.size).sum(axis=1)
        after = amount * state.stock[:, 0]
        assert after.min() >= -1e-9 * amount.max()
        used = stock + gained - after
        needed = made.use * done.production[0]
        assert np.allclose(
            used[made.essential], needed[made.essential], rtol=0, atol=1e-9 * made.output.max()
        )
        sold = delivered.sum(axis=1) + done.served[0] * final.asked()[0]
        assert np.allclose(sold, done.production[0] * made.output, rtol=0, atol=1e-9 * made.output.max())


def _orders(made: Economy, state: State, shock: Shock, today: int) -> Floats:
    """What each client ordered of each supplier for today, (N, N)."""
    flows = (made.shares * made.use[:, None, :]).reshape(made.size, made.size)
    for cut in shock.cuts:
        of_each = np.zeros((made.size, len(made.regions)))
        of_each[made.place] = cut.share
        flows = flows * (1 - of_each[:, made.region] * cut.size * _level(cut, today))
    more = np.repeat(state.order[:, 0], made.places, axis=0)
    return np.asarray(flows * more * state.weight[0][:, None])


def _level(cut: Cut, today: int) -> float:
    return float(cut.course.levels(today + 1)[today, 0])


@FEW
@given(st.data(), tables(), st.sampled_from([1e-3, 1e3]))
def test_the_unit_of_money_does_not_matter(data: st.DataObject, table: Accounts, factor: float) -> None:
    shock = data.draw(shocks(table))
    scaled = replace(
        table,
        Z=table.Z * factor,
        Y=table.Y * factor,
        x=table.x * factor,
        value_added=table.value_added * factor,
    )
    demand = tuple(replace(one, change=one.change * factor) for one in shock.demand)
    first, second = ran(table, shock), ran(scaled, replace(shock, demand=demand))
    assert np.abs(relative(first) - relative(second)).max() <= 1e-9
    assert np.allclose(first.unmet * factor, second.unmet, rtol=1e-9, atol=1e-9 * scaled.Y.sum())


@FEW
@given(st.data(), tables(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_and_regions_does_not_matter(
    data: st.DataObject, table: Accounts, seed: int
) -> None:
    shock = replace(data.draw(shocks(table)), cuts=(), demand=())
    rows = np.random.default_rng(seed).permutation(table.size)
    turned = Accounts(
        regions=table.regions[::-1],
        sectors=table.sectors,
        region=len(table.regions) - 1 - table.region[rows],
        sector=table.sector[rows],
        Z=table.Z[np.ix_(rows, rows)],
        Y=table.Y[rows][:, ::-1],
        x=table.x[rows],
        value_added=table.value_added[rows],
        unit=table.unit,
        year=table.year,
        source=table.source,
        part=None if table.part is None else tuple(table.part[row] for row in rows),
    )
    back = np.argsort(rows)
    moved = tuple(replace(one, rows=back[one.rows]) for one in shock.capacity)
    first, second = ran(table, shock), ran(turned, Shock(moved))
    assert np.abs(relative(first)[:, rows] - relative(second)).max() <= 1e-9
    assert np.allclose(first.unmet, second.unmet[:, :, ::-1], rtol=0, atol=1e-9 * table.Y.sum())


@FEW
@given(tables(), RULES)
def test_a_tiny_shock_has_a_response_in_proportion(table: Accounts, rule: OrderRule) -> None:
    rows = np.arange(table.size)[: max(1, table.size // 2)]
    parameters = Parameters(order_rule=rule)

    def response(size: float) -> Floats:
        loss = CapacityLoss(rows, np.full(len(rows), size), Course(1, 10, "linear", 10))
        return 1 - relative(ran(table, Shock((loss,)), 30, parameters))[:, table.x > 0]

    small, smaller = response(2e-7), response(1e-7)
    assert np.abs(small - 2 * smaller).max(initial=0.0) <= 1e-3 * np.abs(small).max(initial=0.0) + 1e-15


def test_after_a_shock_the_economy_returns() -> None:
    loss = CapacityLoss(np.array([0]), np.array([0.4]), Course(1, 20, "linear", 20))
    long = ran(two_regions(), Shock((loss,)), 1500, Parameters(order_rule="noalt"))
    assert np.abs(relative(long)[1] - 1).max() > 0.3
    assert np.abs(relative(long)[-1] - 1).max() < 1e-9
    assert np.abs(long.unmet[-1]).max() < 1e-9 * two_regions().Y.sum() / 365


def test_under_alt_everybody_is_served_again_though_market_shares_stay_a_little_shifted() -> None:
    """Overproduction falls back fully only where demand is met to the last bit; BoARIO has that too."""
    loss = CapacityLoss(np.array([0]), np.array([0.4]), Course(1, 20, "linear", 20))
    long = ran(two_regions(), Shock((loss,)), 1500, Parameters())
    assert np.abs(long.unmet[-1]).max() < 1e-9 * two_regions().Y.sum() / 365
    assert 1e-4 < np.abs(relative(long)[-1] - 1).max() < 2e-3


@FEW
@given(st.data(), tables())
def test_clients_who_turn_to_nobody_else_are_those_of_the_rule_noalt(
    data: st.DataObject, table: Accounts
) -> None:
    shock = data.draw(shocks(table))
    neither = ran(table, shock, parameters=replace(ROUGH, rerouting=0.0))
    assert np.array_equal(
        relative(neither), relative(ran(table, shock, parameters=replace(ROUGH, order_rule="noalt")))
    )


def test_scenarios_side_by_side_in_batches_are_each_what_they_are_alone() -> None:
    table, sizes, starts = one_region(), np.array([0.1, 0.5, 0.9]), np.array([1.0, 3.0, 2.0])
    days = np.array([20.0, 40.0, 5.0])

    def shock(of: slice) -> Shock:
        rows = np.array([1])
        return Shock((CapacityLoss(rows, sizes[of][:, None], Course(starts[of], 5, "linear", 10)),))

    drawn = Parameters(inventory_days=days[:, None] * np.ones(2), psi=np.array([0.8, 0.6, 0.9]))
    with ThreadPoolExecutor(2) as threads:
        together = ensemble(
            economy(table), shock(slice(None)), 30, parameters=drawn, scenarios=3, executor=threads, batch=2
        )
    for at in range(3):
        one = Parameters(inventory_days=days[at], psi=float(np.asarray(drawn.psi)[at]))
        alone = simulate(economy(table), shock(slice(at, at + 1)), 30, parameters=one)
        for name in ("production", "value_added_lost", "unmet"):
            assert np.allclose(
                getattr(together, name)[:, at], getattr(alone, name)[:, 0], rtol=1e-12, atol=1e-12
            )


def test_single_precision_agrees_with_double_to_1e_5() -> None:
    loss = CapacityLoss(np.array([0]), np.array([0.4]), Course(1, 20, "linear", 20))
    single = simulate(economy(two_regions(), single=True), Shock((loss,)), 200)
    double = simulate(economy(two_regions()), Shock((loss,)), 200)
    assert np.abs(single.production / double.production - 1).max() < 1e-5


def test_two_threads_give_the_same_bits_as_one() -> None:
    rows = np.array([0])
    table = one_region()
    made = economy(table)
    shock = Shock((CapacityLoss(rows, np.array([0.4]), Course(1, 20, "linear", 20)),))
    with ThreadPoolExecutor(2) as threads, pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Economy, "blocks", lambda self, scenarios: [slice(at, at + 1) for at in range(self.sectors)]
        )
        together = simulate(made, shock, 50, threads=threads)
    assert np.array_equal(together.production, simulate(made, shock, 50).production)


def test_a_full_cut_of_the_only_supplier_stops_whoever_needs_it_when_stocks_are_gone() -> None:
    """Hand calculation: 90 days of stock, production held back below 80 % of it; what is left then shrinks by
    1/72 of itself a day, 1/(s ψ), so that after n days of being held back output is (1 - 1/72) to the n.
    """
    table = two_regions()
    only = replace(
        table,
        sectors=("1", "2"),
        sector=np.array([0, 1]),
        Z=np.array([[150.0, 500], [0, 100]]),
        Y=table.Y + np.array([[0.0, 0], [200, 0]]),
        value_added=np.array([850.0, 1400]),
    )
    cut = Cut.between(np.array([True, False]), np.array([False, True]), 1.0, Course(1, 1, "never"))
    output = relative(ran(only, Shock(cuts=(cut,)), 200, Parameters()))[:, 1]
    assert np.allclose(output[:19], 1.0)  # 18 of 90 days of stock are used before 80 % is reached
    assert np.allclose(output[19:-1] * (1 - 1 / 72), output[20:], rtol=1e-12)


def test_a_cut_takes_what_final_buyers_bought_and_under_noalt_what_industries_bought() -> None:
    table = two_regions()
    cut = Cut.between(np.array([True, False]), np.array([False, True]), 0.5, Course(1, 1, "never"))
    first = ran(table, Shock(cuts=(cut,)), 2, Parameters(order_rule="noalt"))
    assert (365 * first.unmet[1, 0]).round(9).tolist() == [0.0, 25.0]  # half of 50
    assert (365 * first.production[1, 0]).round(9).tolist() == [1000 - 25 - 250, 2000.0]  # and half of 500


CUT = Cut.between(np.array([True, False]), np.array([False, True]), 1.0, Course())
WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: Parameters(psi=0.0), "psi is 0.0; expected 0 to 1"),
    (lambda: Parameters(order_rule="best"), "order_rule is 'best'; expected 'alt' or 'noalt'"),  # type: ignore[arg-type]
    (lambda: Parameters(inventory_days=1.0), "inventory_days times psi is 0.8"),
    (lambda: Parameters(alpha_max=1.0, alpha_base=1.2), "alpha_max is 1.0, below alpha_base, 1.2"),
    (lambda: Course(start=0), "start of a shock is 0; expected 1 or more"),
    (lambda: Course(recovery="soon"), "recovery is 'soon'"),  # type: ignore[arg-type]
    (lambda: Shock((CapacityLoss(np.array([0]), np.array([1.2]), Course()),)), "1.2 to 1.2; expected 0 to 1"),
    (lambda: Shock(cuts=(CUT, CUT)), "all cuts together, is 0 to 2; expected 0 to 1"),
    (lambda: Shock(capital=(_capital(-1.0),)), "below zero"),
    (lambda: Shock(capital=(_capital(1.0, {"1": 0.5}),)), "adds up to 0.5"),
    (lambda: ran(two_regions(), Shock(), 0), "days is 0"),
    (
        lambda: ran(two_regions(), Shock(capital=(_capital(1e6),))),
        "AAA 1 loses 1e[+]06 million USD of capital",
    ),
    (lambda: ran(two_regions(), Shock(capital=(_capital(1.0, {"9": 1.0}),))), "no sector 9"),
    (
        lambda: ran(two_regions(), Shock(), 2, Parameters(psi=np.array([0.8, 0.9]))),
        "psi has 2 values; expected 1",
    ),
    (
        lambda: ran(two_regions(), Shock(), 2, Parameters(inventory_days=np.ones(7) * 90)),
        "shape .7,.; expected",
    ),
]


def _capital(amount: float, rebuilt_by: dict[str, float] | None = None) -> CapitalLoss:
    return CapitalLoss(np.array([0]), np.array([amount]), Course(), rebuilt_by)


@pytest.mark.parametrize(("do", "said"), WRONG)
def test_what_cannot_be_is_refused_with_its_name_and_value(do: Callable[[], object], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        do()
