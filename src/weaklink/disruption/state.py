"""What does one day hand to the next, what is wanted of it, and what comes of it?

All figures are levels relative to the baseline day, by scenario and industry (K, N), or by input, scenario and client
(S, K, N).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weaklink.disruption.cuts import Gate
from weaklink.disruption.economy import Economy, Real
from weaklink.disruption.model import Setting
from weaklink.inputoutput.accounts import Floats

ROUNDING = 1e-15  # of a level or a share: what is not more is nothing


@dataclass(slots=True)
class State:
    """What the next day is handed. The three large arrays are worked on in place, day after day.

    `stock` is what lies in store as a share of what is wanted at baseline, `order` how much more than at baseline is
    ordered of each supplier of an input, `reach` by how much the weights of suppliers raise or lower what reaches a
    client, all (S, K, N). `weight` is what that is multiplied with for each supplier,
    `ordered` what industries ask of each industry today, `supported` what its stocks allow it to make,
    `overproduction` is α, `production` what was made the day before; all (K, N).
    """

    stock: Real
    order: Real
    reach: Real
    weight: Floats
    ordered: Floats
    supported: Floats
    overproduction: Floats
    production: Floats

    @classmethod
    def at_rest(cls, setting: Setting) -> State:
        """The baseline day, forever the same while nothing happens."""
        economy, shape = setting.economy, (setting.scenarios, setting.economy.size)
        large, kind = (economy.sectors, *shape), economy.shares.dtype
        return cls(
            stock=np.ones(large, dtype=kind),
            order=np.ones(large, dtype=kind),
            reach=np.zeros(large, dtype=kind),
            weight=np.ones(shape),
            ordered=np.broadcast_to(relative(economy.sold, economy), shape).copy(),
            supported=np.ones(shape) / setting.psi,
            overproduction=np.ones(shape) * setting.alpha_base,
            production=np.broadcast_to((economy.output > 0).astype(np.float64), shape).copy(),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for and lost today: final demand and rebuilding relative to output, the share of capacity lost.

    `gate` are the cuts under which today's orders were placed, `next_gate` those of the orders for tomorrow.
    """

    final: Floats
    rebuilding: Floats
    lost: Floats
    gate: Gate
    next_gate: Gate


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a day: `production`, and the share `served` of everybody's orders, both (K, N)."""

    production: Floats
    served: Floats


def relative(amount: Floats, economy: Economy) -> Floats:
    """Amounts per day relative to baseline output; zero where nothing is made."""
    return np.divide(amount, economy.output, out=np.zeros_like(amount), where=economy.output > 0)
