"""What happens in one day? The steps of ARIO in the order of the paper.

All figures are levels relative to the baseline day, by scenario and industry (K, N), or by input, scenario and client
(S, K, N); the symbols are those of the BoARIO manual.

    capacity        xᴷ = α (1 - Δ)
    optimal         xᴼ = min(d, xᴷ),  d = orders + final demand + rebuilding
    production      x = min(xᴼ, min over inputs of Ω / (s ψ)): an input below ψ of its wanted stock holds back
    deliveries      each buyer gets the share x / d of what it ordered
    stocks          Ω grows by what came in, less what was used, x
    orders          what was used, and 1/τ of the gap to s times what could be made, split over suppliers
    overproduction  α rises towards its most with the share of demand not met, and falls back when all is met

The least over inputs is taken over sorts of goods, not over suppliers: steel from two countries is one input. Orders
of today are delivered tomorrow.
"""

from __future__ import annotations

import numpy as np

from weaklink.disruption.model import Setting
from weaklink.disruption.state import ROUNDING, Made, State, Wanted
from weaklink.disruption.trading import Spread, Trade, restock_and_order
from weaklink.inputoutput.accounts import Floats


def day(setting: Setting, state: State, wanted: Wanted, spread: Spread) -> Made:
    """One day of ARIO. The state becomes that of the next morning.

    `spread` is how the inputs are gone through: see `simulate`.
    """
    demand = state.ordered + wanted.final + wanted.rebuilding
    overproduction = overproduced(setting, state, demand)
    capacity = overproduction * (1 - wanted.lost)
    optimal = np.minimum(demand, capacity)
    production = np.minimum(optimal, state.supported)
    served = _ratio(production, demand)
    still_wanted = demand - served * wanted.rebuilding  # what was rebuilt today is not asked for again
    aimed = np.minimum(still_wanted, capacity)
    weight = 1 + setting.rerouting * (capacity - 1)
    restock_and_order(setting, state, Trade(served, production, aimed, weight, wanted), spread)
    state.weight, state.overproduction, state.production = weight, overproduction, production
    return Made(production, served)


def overproduced(setting: Setting, state: State, demand: Floats) -> Floats:
    """α of today, from how much of today's demand yesterday's production would leave unmet.

    As in BoARIO's code, demand below yesterday's production takes off overproduction in the same way; its manual has
    the fall back to base there.

    One step from 1 with a fifth of demand unmet:

    >>> import numpy as np
    >>> from weaklink.disruption.economy import economy
    >>> from weaklink.disruption.model import Parameters
    >>> from weaklink.inputoutput.textbook import two_regions
    >>> setting = Setting(economy(two_regions()), Parameters(), 1)
    >>> overproduced(setting, State.at_rest(setting), np.full((1, 2), 1.25)).round(9)
    array([[1.00013699, 1.00013699]])
    """
    now = state.overproduction
    scarcity = _ratio(demand - state.production, demand)
    towards = np.where(
        np.abs(scarcity) <= ROUNDING, setting.alpha_base - now, (setting.alpha_max - now) * scarcity
    )
    return np.maximum(now + towards / setting.alpha_tau, 1.0)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
