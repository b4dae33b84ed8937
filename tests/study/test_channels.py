"""The loss of the lens of goods by channel: the parts add up, and switched off channels are what their figures say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.study.toy_lens import asked as toy_asked
from tests.study.toy_lens import shock, toy
from weaklink.errors import RequestError
from weaklink.scenario.library import chosen
from weaklink.study.channels import CHANNELS, by_channel
from weaklink.study.lens import Asked, likely
from weaklink.study.lenses.goods import Goods, goods
from weaklink.study.losses import LENSES, asked_for


@pytest.fixture(scope="module")
def asked() -> Asked:
    return asked_for(chosen("china-rare-earths"), "EU@2024-12-31")


@pytest.fixture(scope="module")
def model(asked: Asked) -> Goods:
    return goods(asked)


@pytest.fixture(scope="module")
def rows(asked: Asked, model: Goods) -> list[dict[str, Any]]:
    return by_channel(asked, model, members=True).records()


def test_gross_loss_and_channels_add_up_to_the_loss_of_the_lens(
    model: Goods, rows: list[dict[str, Any]]
) -> None:
    loss = dict(zip(model.countries, model.losses(likely(model.ranges))[0], strict=True))
    loss["all"] = sum(loss.values())
    for country, net in loss.items():
        parts = {row["part"]: row["loss"] for row in rows if row["country"] == country}
        assert parts.pop("total") == pytest.approx(net, abs=1e-3)
        assert sum(parts.values()) == pytest.approx(net, abs=1e-3)


def test_stocks_other_suppliers_and_saving_relieve_and_hubs_add(rows: list[dict[str, Any]]) -> None:
    part = {row["part"]: row for row in rows if row["country"] == "all"}
    for key in ("stocks", "other_suppliers", "saving"):
        assert part[key]["loss"] < 0
        assert part[key]["alone"] <= 0
    assert part["hubs"]["loss"] > 0


def test_the_gross_loss_is_what_the_shock_takes_over_its_days(
    model: Goods, rows: list[dict[str, Any]]
) -> None:
    """Independent sum over the trade data: nine tenths of what China ships, for the days of force of the shock."""
    flows = model.bought.data.flows((model.asked.year,), products=("280530", "284610", "284690"))
    bought = flows.flags(model.countries)[flows.importer] & flows.flags(("CHN",))[flows.exporter]
    days = model.bought.purchases.force[0].sum()
    gross = next(row["loss"] for row in rows if row["part"] == "gross")
    assert gross == pytest.approx(0.9 * days * flows.value_usd[bought].sum() / 365, rel=1e-9)


@pytest.mark.parametrize("lens", CHANNELS)
def test_every_channel_switches_off_figures_that_its_lens_has(lens: str) -> None:
    name = {"goods": "china-rare-earths", "disruption": "cloud-outage"}[lens]
    model = LENSES[lens](asked_for(chosen(name), "DEU + FRA"))
    for channel in CHANNELS[lens]:
        assert set(channel.off) <= set(model.ranges)
        assert all(np.isfinite(nothing) for nothing in channel.off.values())


def test_channels_of_disruption_add_up_to_its_loss() -> None:
    it = asked_for(chosen("cloud-outage"), "DEU + FRA")
    model = LENSES["disruption"](it)
    parts = {row["part"]: row["loss"] for row in by_channel(it, model).records()}
    net = float(model.losses(likely(model.ranges)).sum())
    assert parts.pop("total") == pytest.approx(net, rel=1e-6)
    assert sum(parts.values()) == pytest.approx(net, rel=1e-6)


def test_a_lens_without_channels_says_so() -> None:
    it = toy_asked(shock("280530"))
    with pytest.raises(RequestError, match="toy has no channels"):
        by_channel(it, toy(it))
