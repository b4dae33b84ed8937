"""What does dearer trade do in the long run, sector by sector, with inputs bought from sectors abroad?

The model of Caliendo and Parro, in changes. Region j, sector k; γ_jk share of value added and γ_jlk of product l
in its cost, α_jk share in final use, π_ijk share of supplier i in what j buys of k, θ_k trade elasticity, τ
tariffs (a rate on the value before tariff), d̂ iceberg costs and κ̂ = (1 + τ') / (1 + τ) d̂:

    ĉ_jk = ŵ_j^γ_jk Π_l P̂_jl^γ_jlk                   P̂_jk = (Σ_i π_ijk (κ̂_ijk ĉ_ik)^-θ_k)^(-1/θ_k)
    π'_ijk = π_ijk (κ̂_ijk ĉ_ik / P̂_jk)^-θ_k            Y'_ik = Σ_j π'_ijk X'_jk / (1 + τ'_ijk)
    X'_jk = Σ_l γ_jkl Y'_jl + α_jk I'_j                 I'_j = ŵ_j V_j + tariff revenue + D_j
    ŵ_j V_j = Σ_k γ_jk Y'_jk                            Ŵ_j = Î_j / Π_k P̂_jk^α_jk

Only shares of the baseline enter. Costs may be infinite, for no trade at all: those shares are exactly zero.
World income stays what it was, which is only a choice of unit; deficits D are in that unit.

Prices, outputs and wages are iterated together, and the answer is then put into the equations above once more:
what is off by more than 1e-10 is no answer. That trade balances but for D is never imposed, and so checks the
rest.

Source: Caliendo and Parro (2015), Review of Economic Studies 82(1), 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from weaklink.market.armington import LEAST, power_of_cost
from weaklink.market.bound import BOUND, NoEquilibriumError
from weaklink.market.economy import Floats
from weaklink.market.fixed_point import fixed_point
from weaklink.market.world import World

TOLERANCE = 1e-12  # of logarithms of wages and prices, and of outputs relative to before
AT_ONCE = 8  # counterfactuals side by side: their shares stay in the cache of the processor


@dataclass(frozen=True, slots=True, eq=False)
class Trading:
    """The baseline in shares: what the model knows of a world.

    `shares` π K × N × N (supplier, buyer), `added` γ N × K, `inputs` γ N × K × K (product, sector), `final` α N ×
    K, `income` V N, `spending` I N, `output` Y N × K, and `tariff` τ K × N × N.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    shares: Floats
    added: Floats
    inputs: Floats
    final: Floats
    income: Floats
    spending: Floats
    output: Floats
    tariff: Floats

    @property
    def deficit(self) -> Floats:
        """What each region spends beyond its income and tariff revenue, N."""
        bought = (self.inputs @ self.output[..., None])[..., 0] + self.final * self.spending[:, None]
        kept = (self.shares / (1 + self.tariff)).sum(axis=1).T
        return np.asarray(self.spending - self.income - (bought * (1 - kept)).sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class TradingEquilibrium:
    """A counterfactual world; axes of counterfactuals lead.

    `wage` N, `price` N × K and `welfare` N (real final spending) are relative to before, the first two in units
    in which world income is unchanged. `output` N × K, `spending` N and `shares` K × N × N are levels. `residual`
    is the largest of all equations of the model, relative: at most 1e-10.
    """

    wage: Floats
    price: Floats
    output: Floats
    spending: Floats
    shares: Floats
    welfare: Floats
    residual: float
    turns: int


def trading(world: World, tariff: npt.ArrayLike = 0.0) -> Trading:
    """The shares of a world, whose trade is at prices that buyers pay, with tariffs.

    A product that a region does not buy and a sector without output have shares too, which weigh nothing.
    """
    rate = np.broadcast_to(np.asarray(tariff, dtype=np.float64), world.trade.shape)
    bought = world.trade.sum(axis=1, keepdims=True)
    made = (world.trade / (1 + rate)).sum(axis=2).T
    per_output = np.where(made > 0, made, 1.0)
    added = np.where(made > 0, made - world.inputs.sum(axis=1), 0.0)
    spent = world.final.sum(axis=1)
    return Trading(
        world.regions,
        world.sectors,
        np.where(bought > 0, world.trade / np.where(bought > 0, bought, 1.0), np.eye(len(world.regions))),
        np.where(made > 0, added / per_output, 1.0),
        world.inputs / per_output[:, None, :],
        world.final / spent[:, None],
        added.sum(axis=1),
        spent,
        made,
        rate,
    )


def counterfactual(
    base: Trading,
    elasticity: npt.ArrayLike,
    cost: npt.ArrayLike = 1.0,
    *,
    tariff: npt.ArrayLike | None = None,
    deficit: npt.ArrayLike | None = None,
    start: TradingEquilibrium | None = None,
) -> TradingEquilibrium:
    """The world once iceberg costs are d̂ times what they were and tariffs are `tariff`.

    `elasticity` is θ, K elements above 0, or one for all; `cost` is d̂, N × N for all sectors or K × N × N,
    infinite for no trade. Both may have axes of counterfactuals before these. `tariff` (K × N × N) and `deficit`
    (N) are as before where they are not given. `start`, an answer for one similar counterfactual, saves turns and
    changes nothing else.

    Raises NoEquilibriumError where a region could buy a product from nobody, or the residual stays above 1e-10.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> from weaklink.market.world import world
    >>> base = without_deficits(trading(world(two_regions())[0]), 5.0)
    >>> closed = counterfactual(base, 5.0, [[1, np.inf], [np.inf, 1]])
    >>> closed.shares[0].tolist(), closed.welfare.round(3).tolist()
    ([[1.0, 0.0], [0.0, 1.0]], [0.713, 0.891])
    """
    k, n = base.shares.shape[:2]
    theta, factor = np.asarray(elasticity, dtype=np.float64), np.asarray(cost, dtype=np.float64)
    if not np.all(theta > 0):
        raise ValueError(f"elasticity is {elasticity!r}; expected numbers above 0")
    factor = factor[..., None, :, :] if factor.ndim == 2 else factor
    leading = np.broadcast_shapes(theta.shape[:-1], factor.shape[:-3])
    theta = np.broadcast_to(theta, (*leading, k)).reshape(-1, k)
    factor = np.broadcast_to(factor, (*leading, k, n, n)).reshape(-1, k, n, n)
    rate = base.tariff if tariff is None else np.broadcast_to(np.asarray(tariff, dtype=np.float64), (k, n, n))
    given = base.deficit if deficit is None else np.asarray(deficit, dtype=np.float64)
    parts = [
        _Solver(base, theta[at : at + AT_ONCE], factor[at : at + AT_ONCE], rate, given).solved(start)
        for at in range(0, len(theta), AT_ONCE)
    ]
    names = ("wage", "price", "output", "spending", "shares", "welfare")
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return TradingEquilibrium(
        **{name: array.reshape((*leading, *array.shape[1:])) for name, array in joined.items()},
        residual=max(part.residual for part in parts),
        turns=max(part.turns for part in parts),
    )


def without_deficits(base: Trading, elasticity: npt.ArrayLike) -> Trading:
    """The world that would be if trade balanced: the baseline from which trade between groups can end entirely."""
    found = counterfactual(base, elasticity, deficit=np.zeros(len(base.regions)))
    return replace(
        base,
        shares=found.shares,
        income=found.wage * base.income,
        spending=found.spending,
        output=found.output,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Flows:
    """What a state of prices, wages and outputs leads to, B × N × K but for `spending`, B × N."""

    cost: Floats
    divisor: Floats
    bought: Floats
    spending: Floats
    output: Floats


class _Solver:
    """Some counterfactuals side by side. Unknown: logarithms of wages and prices, and outputs relative to before."""

    def __init__(self, base: Trading, theta: Floats, cost: Floats, rate: Floats, deficit: Floats) -> None:
        self.base, self.theta, self.rate, self.deficit = base, theta, rate, deficit
        self.easy = base.shares * power_of_cost(cost, -theta[..., None, None])
        if not np.array_equal(rate, base.tariff):
            self.easy = self.easy * ((1 + rate) / (1 + base.tariff)) ** -theta[..., None, None]
        self.free = not rate.any()
        self.taxed = self.easy if self.free else self.easy / (1 + rate)
        self.made = np.where(base.output > 0, base.output, 1.0)
        nobody = np.argwhere(self.easy.sum(axis=2) <= 0)
        if len(nobody):
            _, sector, region = nobody[0]
            raise NoEquilibriumError(
                f"{base.regions[region]} could buy {base.sectors[sector]} from nobody: leave it a supplier."
            )

    def solved(self, start: TradingEquilibrium | None) -> TradingEquilibrium:
        base, cases = self.base, len(self.theta)
        begin = np.zeros(base.income.size + 2 * base.output.size)
        begin[-base.output.size :] = (base.output > 0).ravel()
        if start is not None:
            begin = np.concatenate(
                [np.log(start.wage), np.log(start.price).ravel(), (start.output / self.made).ravel()]
            )
        with np.errstate(all="ignore"):  # what goes astray is seen by its residual
            x, turns = fixed_point(self.step, np.tile(begin, (cases, 1)), tolerance=TOLERANCE)
            return self.read(x, turns)

    def step(self, x: Floats) -> Floats:
        """One round of all equations, each with what the others said last."""
        base = self.base
        wage, price, output = self.split(x)
        found = self.flows(wage, price, output)
        paid = np.exp(wage) * base.income
        wage = wage + np.log((base.added * found.output).sum(axis=-1) / paid) / (
            1 + self.theta.mean(axis=-1, keepdims=True)
        )
        level = np.log((np.exp(wage) * base.income).sum(axis=1) / base.income.sum())[:, None]
        price = -np.log(found.divisor) / self.theta[:, None] - level[..., None]
        output = found.output / self.made * np.exp(-level)[..., None]
        cases = len(x)
        return np.concatenate([wage - level, price.reshape(cases, -1), output.reshape(cases, -1)], axis=1)

    def split(self, x: Floats) -> tuple[Floats, Floats, Floats]:
        """Logarithms of wages B × N and prices B × N × K, and outputs B × N × K."""
        shape, n = self.base.output.shape, self.base.income.size
        prices, outputs = x[:, n : n + self.made.size], x[:, n + self.made.size :]
        return x[:, :n], prices.reshape(-1, *shape), outputs.reshape(-1, *shape) * self.made

    def flows(self, wage: Floats, price: Floats, output: Floats) -> _Flows:
        base = self.base
        cost = base.added * wage[..., None] + (price[..., None, :] @ base.inputs)[..., 0, :]
        held = np.exp(-self.theta[..., None] * np.swapaxes(cost, 1, 2))  # B × K × N, by supplier
        divisor = (held[..., None, :] @ self.easy)[..., 0, :]
        of_inputs = (base.inputs @ output[..., None])[..., 0]
        spending = np.exp(wage) * base.income + self.deficit
        if not self.free:
            tax = 1 - np.swapaxes((held[..., None, :] @ self.taxed)[..., 0, :] / divisor, 1, 2)
            spending = (spending + (of_inputs * tax).sum(axis=-1)) / (1 - (base.final * tax).sum(axis=-1))
        spending = np.maximum(spending, LEAST * base.income)
        bought = of_inputs + base.final * spending[..., None]
        sold = held * (self.taxed @ (np.swapaxes(bought, 1, 2) / divisor)[..., None])[..., 0]
        return _Flows(cost, np.swapaxes(divisor, 1, 2), bought, spending, np.swapaxes(sold, 1, 2))

    def read(self, x: Floats, turns: int) -> TradingEquilibrium:
        """The answer, put once more into the equations as they are written at the top of this file."""
        base = self.base
        wage, price, output = self.split(x)
        found = self.flows(wage, price, output)
        relative = np.swapaxes(found.cost, 1, 2)[..., None] - np.swapaxes(price, 1, 2)[..., None, :]
        shares = self.easy * np.exp(-self.theta[..., None, None] * relative)
        delivered = shares * np.swapaxes(found.bought, 1, 2)[..., None, :] / (1 + self.rate)
        sold = np.swapaxes(delivered.sum(axis=3), 1, 2)
        paid = np.exp(wage) * base.income
        balance = delivered.sum(axis=(1, 2)) - delivered.sum(axis=(1, 3)) - self.deficit
        off = (
            shares.sum(axis=2) - 1,
            (sold - output) / self.made,
            (base.added * output).sum(axis=-1) / paid - 1,
            balance / paid,
        )
        residual = max(float(np.abs(one).max()) for one in off)
        if not residual <= BOUND:
            raise NoEquilibriumError(
                f"The equations do not hold: the residual is {residual:.2g} where {BOUND:g} was asked for."
            )
        welfare = np.log(found.spending / base.spending) - (base.final * price).sum(axis=-1)
        return TradingEquilibrium(
            np.exp(wage),
            np.exp(price),
            output,
            found.spending,
            shares / shares.sum(axis=2, keepdims=True),  # to the last bit, not only to the bound
            np.exp(welfare),
            residual,
            turns,
        )
