"""What do many drawn winters say? Bands by country and day, the chance of curtailment, and how exact all that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np

from weaklink.network.bracket import Bracketing
from weaklink.network.model import Figures, Network
from weaklink.scenario.draws import drawn_winters, without_ranges
from weaklink.scenario.model import Scenario

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
SHORT = 1e-3  # share of a winter's demand above which a winter counts as one with curtailment


@dataclass(frozen=True, slots=True, eq=False)
class Winters:
    """Drawn winters: rates by (winter, node), all that is in store by (winter, period), totals with their bracket.

    `ends` holds the number of days until the end of each period.
    """

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "curtailment_low",
        "curtailment_median",
        "curtailment_high",
        "probability_of_curtailment",
    )
    rate: Figures
    stock: Figures
    ends: tuple[int, ...]
    lower: Figures
    upper: Figures
    seed: int

    def of_node(self, place: int) -> dict[str, float]:
        """The columns on drawn winters of one node."""
        rates = self.rate[:, place]
        low, median, high = np.quantile(rates, (0.05, 0.5, 0.95))
        return dict(zip(self.COLUMNS, (low, median, high, float((rates > SHORT).mean())), strict=True))

    def bands(self) -> Figures:
        """Quantiles `BANDS` of what all stores hold together, with the shape (bands, periods)."""
        found: Figures = np.quantile(self.stock, BANDS, axis=0)
        return found

    def sentences(self, unit: str) -> list[str]:
        """What must be said with figures of drawn winters."""
        gap = float((self.upper - self.lower).sum()) / max(float(self.upper.sum()), 1e-9)
        return [
            f"{len(self.rate):,} winters drawn with seed {self.seed}: unserved demand of all nodes is in the mean "
            f"between {self.lower.mean():,.0f} and {self.upper.mean():,.0f} {unit}, proven for each by a lower bound "
            f"and a feasible plan (gap {gap:.1%}). Their columns are of the feasible plans, which keep the total "
            "low and do not share it alike."
        ]


def played(network: Network, days: Sequence[date], scenario: Scenario, draws: int, seed: int) -> Winters:
    """Draw winters of a scenario and bracket each; `network` is the one before any shock."""
    base = without_ranges(network, days, scenario)
    bracketing = Bracketing(base)
    found = [bracketing.bracket(winter) for winter in drawn_winters(base, days, scenario, draws, seed)]
    demand = np.array([one.demand for one in found])
    unserved = np.array([one.by_node for one in found])
    return Winters(
        rate=np.divide(unserved, demand, out=np.zeros_like(unserved), where=demand > 0),
        stock=np.array([one.storage for one in found]),
        ends=tuple(int(end) for end in bracketing.edges[1:]),
        lower=np.array([one.low for one in found]),
        upper=np.array([one.high for one in found]),
        seed=seed,
    )
