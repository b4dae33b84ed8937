"""What a shock takes of deliveries is worth what the goods are worth in the trade data, or goes through the passage."""

from __future__ import annotations

import numpy as np
import pytest

from weaklink.scenario.library import chosen
from weaklink.scenario.model import Shock
from weaklink.study.iotables import embedded_table
from weaklink.study.losses import asked_for
from weaklink.study.passages import route_between, trades_by_land
from weaklink.study.reach import Reach, deliveries, struck_share
from weaklink.study.struck import trade_data


def reach(shock: Shock) -> Reach:
    return struck_share(asked_for(chosen("china-rare-earths")), shock)


def test_the_share_times_deliveries_is_the_value_of_the_goods_in_the_trade_data() -> None:
    shock = Shock(target="exports", names=("CHN",), products=("2805", "2846"), lost=1.0)
    table = embedded_table().accounts()
    struck = (reach(shock).share * deliveries(table)).sum() * 1e6
    flows = trade_data(asked_for(chosen("china-rare-earths"))).flows(
        (2020,), products=("280530", "284610", "284690")
    )
    of_china = flows.flags(("CHN",))[flows.exporter]
    other = [code for code in ("280540",) if code in flows.products]
    every = trade_data(asked_for(chosen("china-rare-earths"))).flows((2020,), products=tuple(other))
    mercury = every.value_usd[every.flags(("CHN",))[every.exporter]].sum() if other else 0
    assert struck == pytest.approx(flows.value_usd[of_china].sum() + mercury, rel=1e-9)


def test_deliveries_by_region_are_all_that_industries_make() -> None:
    table = embedded_table().accounts()
    found = deliveries(table).sum(axis=2)[table.region, table.sector]
    assert found == pytest.approx(table.x, rel=1e-9, abs=1e-3)


def test_a_failure_of_production_takes_at_home_the_mean_of_what_it_takes_abroad() -> None:
    shock = Shock(target="production", names=("NOR",), products=("2711",), lost=1.0)
    found, table = reach(shock).share, embedded_table().accounts()
    norway, whole = table.regions.index("NOR"), deliveries(table)
    sector = int(found[norway, :, norway].argmax())
    abroad = np.arange(len(table.regions)) != norway
    struck = (found[norway, sector] * whole[norway, sector])[abroad].sum()
    assert found[norway, sector, norway] == pytest.approx(
        struck / whole[norway, sector][abroad].sum(), rel=0.2
    )


def test_a_closed_passage_delays_what_has_a_longer_way_by_the_miles_of_that_way() -> None:
    found, table = reach(Shock(target="passage", names=("suez",), lost=1.0)), embedded_table().accounts()
    netherlands, singapore = table.regions.index("NLD"), table.regions.index("SGP")
    usual, other = route_between("SGP", "NLD", ["suez"]).column("nautical_miles")
    assert found.detour_nm[singapore, netherlands] == other - usual
    goods = found.diverted[singapore, :, netherlands]
    assert set(goods.tolist()) == {0.0, 1.0}
    assert not found.share[singapore, :, netherlands].any()


def test_what_has_no_other_way_is_lost_and_neighbours_by_land_are_left_out() -> None:
    found, table = reach(Shock(target="passage", names=("hormuz",), lost=1.0)), embedded_table().accounts()
    arabia, japan, jordan = (table.regions.index(code) for code in ("SAU", "JPN", "JOR"))
    assert found.share[arabia, :, japan].max() == 1.0
    assert trades_by_land("SAU", "JOR")
    assert not found.share[arabia, :, jordan].any()
