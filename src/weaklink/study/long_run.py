"""What does it cost whom in the long run if two groups trade less with each other, or not at all?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np

from weaklink import tables
from weaklink.errors import RequestError
from weaklink.market.barriers import between, cost_of
from weaklink.market.caliendo_parro import (
    Trading,
    TradingEquilibrium,
    counterfactual,
    trading,
    without_deficits,
)
from weaklink.market.economy import Floats
from weaklink.market.welfare import domestic_change, welfare_with_sectors
from weaklink.market.world import World, world
from weaklink.result import Result, tabulated
from weaklink.scenario.parameters import usual
from weaklink.study import exposure_setting as settings
from weaklink.study.exposure_setting import ExposureOptions, ExposureQuestion, ExposureSetting, set_up
from weaklink.study.lenses.market_long import NAME, theta_of

OTHER_TABLES = 5.0  # trade elasticity of a sector for which the embedded figures have none
LONG = (
    "Horizon: years, once wages, prices and suppliers have adjusted without friction. The way there costs a multiple. "
    "Never add it to a loss of the short run."
)
BALANCED = (
    "The world is first balanced: figures compare with one in which every region's imports equal its exports."
)


@dataclass(frozen=True, slots=True)
class Barrier:
    """How much less two groups trade: one of three.

    A `dial` from 1 (as before) to 0 (no trade), a `cost` factor (2: twice as dear, and what that burns is gone),
    or a `tariff`, a rate whose revenue stays with who levies it. `one_way` is only what the suppliers sell to the
    importer. `elasticity` stands for all sectors' trade elasticities.
    """

    dial: float | None = None
    cost: float | None = None
    tariff: float | None = None
    one_way: bool = False
    elasticity: float | None = None

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.dial, self.cost, self.tariff)) != 1:
            raise RequestError(
                "Say one of --dial (1 as before, 0 no trade), --cost (2: twice as dear) and --tariff (0.25: a quarter)."
            )
        if self.dial is not None and not 0 <= self.dial <= 1:
            raise RequestError(f"--dial is {self.dial:g}; it goes from 1, trade as before, to 0, no trade.")
        if self.cost is not None and not self.cost > 0:
            raise RequestError(
                f"--cost is {self.cost:g}; it is a factor above 0, such as 2 for twice as dear."
            )
        if self.tariff is not None and not 0 <= self.tariff < np.inf:
            raise RequestError(f"--tariff is {self.tariff:g}; it is a rate of 0 or more, such as 0.25.")
        if self.elasticity is not None and not 0 < self.elasticity < np.inf:
            raise RequestError(f"--elasticity is {self.elasticity:g}; a trade elasticity is above 0.")

    def factor(self, theta: Floats) -> Floats:
        """Cost factor of each sector."""
        if self.dial is not None:
            return cost_of(self.dial, theta)
        return np.full(len(theta), 1.0 if self.cost is None else self.cost)


def long_run(
    importer: str,
    *,
    dial: float | None = None,
    cost: float | None = None,
    tariff: float | None = None,
    one_way: bool = False,
    elasticity: float | None = None,
    **options: Unpack[ExposureOptions],
) -> Result:
    """Less trade between an importer and suppliers, both ways unless `one_way`; columns `tables.LONG_RUN`.

    `dial`, `cost` or `tariff` says how much less, `sector` in whose products. Rows: both sides and everybody else
    as wholes, then every region of a side that has several, by what it loses. Raises as `exposure`, and
    RequestError for figures out of range.

    >>> rows = long_run("DEU", suppliers="CHN", dial=0.0).records()
    >>> rows[0]["region"], rows[0]["trade_after"], bool(-5 < rows[0]["welfare"] < 0)
    ('DEU', 0.0, True)
    """
    barrier = Barrier(dial, cost, tariff, one_way, elasticity)
    setting = set_up(ExposureQuestion(importer, **options))
    made, repairs = world(setting.accounts)
    theta, known = _elasticities(made.sectors, barrier)
    study = _Study(setting, made, barrier, without_deficits(trading(made), theta))
    likely = study.solved(theta)
    common = usual(NAME)["common"]
    ends = (
        (likely, likely)
        if elasticity
        else (study.solved(theta * common.low), study.solved(theta * common.high))
    )
    said = (
        LONG,
        BALANCED,
        *_of_elasticities(theta, made.sectors, known, barrier),
        *_checked(study.base, theta, barrier, (likely, *ends)),
        *repairs.caveats(setting.stored.card.name),
        *settings.caveats(setting),
    )
    given = {"dial": dial, "cost": cost, "tariff": tariff}
    severity = {name: f"{one:g}" for name, one in given.items() if one is not None}
    ways = {"ways": "one" if one_way else "both"}
    figures = {f"theta_{sector}": f"{one:g}" for sector, one in zip(made.sectors, theta, strict=True)}
    return Result(
        tables.LONG_RUN,
        tabulated(tables.LONG_RUN, study.rows(likely, *ends)),
        tuple(dict.fromkeys(said)),
        setting.provenance({**severity, **ways, **figures}),
    )


@dataclass(frozen=True, slots=True)
class _Study:
    setting: ExposureSetting
    made: World
    barrier: Barrier
    base: Trading

    def solved(self, theta: Floats) -> TradingEquilibrium:
        """The world with the barrier, at some trade elasticities."""
        sides = set(self.setting.group), set(self.setting.members)
        hit = between(self.made.regions, *sides, both_ways=not self.barrier.one_way)
        struck = np.array([sector in self.setting.sectors for sector in self.made.sectors])
        factor = np.where(struck, self.barrier.factor(theta), 1.0)
        cost = np.where(hit, factor[:, None, None], 1.0)
        if self.barrier.tariff is None:
            return counterfactual(self.base, theta, cost)
        rate = np.where(struck[:, None, None] & hit, self.barrier.tariff, 0.0)
        return counterfactual(self.base, theta, cost, tariff=rate)

    def rows(
        self, likely: TradingEquilibrium, low: TradingEquilibrium, high: TradingEquilibrium
    ) -> Iterator[dict[str, Any]]:
        """Sides as wholes, then all regions, those of the sides first, each by what it loses."""
        sides = self._sides()
        figures = self._figures(likely, low, high)
        importer, suppliers = self.setting.importer.canonical, self.setting.suppliers.canonical
        alone = {side: sides.count(side) == 1 for side in ("importer", "suppliers")}
        for side, region in {"importer": importer, "suppliers": suppliers, "others": "", "world": ""}.items():
            places = np.array([side in {one, "world"} for one in sides])
            if places.any():
                name = self.setting.region_name(region) if alone.get(side) else "together"
                yield {"side": side, "region": region, "region_name": name, **_together(figures, places)}
        rank = {"importer": 0, "suppliers": 1, "others": 2}
        every = [place for place, side in enumerate(sides) if not alone.get(side)]
        for place in sorted(every, key=lambda one: (rank[sides[one]], figures["welfare"][one])):
            region = self.made.regions[place]
            yield {
                "side": sides[place],
                "region": region,
                "region_name": self.setting.region_name(region),
                **{name: float(figure[place]) for name, figure in figures.items()},
            }

    def _figures(
        self, likely: TradingEquilibrium, low: TradingEquilibrium, high: TradingEquilibrium
    ) -> dict[str, Floats]:
        bought = _bought(self.base)
        return {
            "expenditure": self.base.spending,
            "trade_before": 100
            * _from_other_side(self._across(), self.base.shares, bought)
            / bought.sum(axis=1),
            "trade_after": 100 * self._after(likely),
            "welfare": 100 * (likely.welfare - 1),
            "welfare_inelastic": 100 * (low.welfare - 1),
            "welfare_elastic": 100 * (high.welfare - 1),
        }

    def _after(self, found: TradingEquilibrium) -> Floats:
        inputs = (self.base.inputs @ found.output[..., None])[..., 0]
        bought = inputs + self.base.final * found.spending[:, None]
        return np.asarray(_from_other_side(self._across(), found.shares, bought) / bought.sum(axis=1))

    def _across(self) -> Floats:
        """Which trade is between the sides, whichever way: region × region."""
        return between(self.made.regions, set(self.setting.group), set(self.setting.members)).astype(
            np.float64
        )

    def _sides(self) -> list[str]:
        group, members = set(self.setting.group), set(self.setting.members)
        return [
            "importer" if region in members else "suppliers" if region in group else "others"
            for region in self.made.regions
        ]


def _bought(base: Trading) -> Floats:
    """What each region buys of each product in the baseline."""
    return np.asarray((base.inputs @ base.output[..., None])[..., 0] + base.final * base.spending[:, None])


def _from_other_side(across: Floats, shares: Floats, bought: Floats) -> Floats:
    """What each region buys from the other side."""
    return np.asarray(np.einsum("kij,ij,jk->j", shares, across, bought))


def _together(
    figures: dict[str, Floats], places: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> dict[str, float]:
    """Regions weighed by what they spend."""
    weight = figures["expenditure"][places]
    means = {name: float(figure[places] @ weight / weight.sum()) for name, figure in figures.items()}
    return {**means, "expenditure": float(weight.sum())}


def _elasticities(sectors: tuple[str, ...], barrier: Barrier) -> tuple[Floats, tuple[str, ...]]:
    """The likely trade elasticity of each sector, and the sectors that have one of their own."""
    if barrier.elasticity is not None:
        return np.full(len(sectors), barrier.elasticity), ()
    figures = usual(NAME)
    known = tuple(sector for sector in sectors if theta_of(sector) in figures)
    found = [figures[theta_of(sector)].likely if sector in known else OTHER_TABLES for sector in sectors]
    return np.array(found), known


def _checked(
    base: Trading, theta: Floats, barrier: Barrier, found: tuple[TradingEquilibrium, ...]
) -> Iterator[str]:
    """How well the answers hold; the formula knows no tariffs."""
    worst = max(one.residual for one in found)
    yield f"All equations of the equilibrium hold to {worst:.1e}; above 1e-10 there would be no answer."
    if barrier.tariff is None:
        by_formula = welfare_with_sectors(base, domestic_change(base, found[0]), theta)
        known = np.isfinite(by_formula)
        off = np.abs(by_formula - found[0].welfare)[known].max(initial=0.0)
        said = f"Welfare agrees with the formula of Costinot and Rodríguez-Clare (2014) to {off:.1e}"
        some = f" in {known.sum()} of {len(known)} regions; others use products of which they make none."
        yield said + ("." if known.all() else some)


def _of_elasticities(
    theta: Floats, sectors: tuple[str, ...], known: tuple[str, ...], barrier: Barrier
) -> Iterator[str]:
    if barrier.elasticity is not None:
        yield f"Trade elasticity of all sectors: {barrier.elasticity:g}, as asked; the ends are therefore the same."
        return
    common = usual(NAME)["common"]
    yield (
        f"Trade elasticities: {theta.min():g} to {theta.max():g} by sector; the ends are all of them times "
        f"{common.low:g} and times {common.high:g}. Sources: docs/market.md."
    )
    if len(known) < len(sectors):
        yield (
            f"{len(sectors) - len(known)} sectors of this table have no elasticity of their own here; {OTHER_TABLES:g} "
            "is taken for them."
        )
