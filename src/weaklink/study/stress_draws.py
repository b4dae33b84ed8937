"""What do many drawn winters say? Bands by country and day, the chance of curtailment, and how exact all that is."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from weaklink.network.ensemble import Ensemble, bracketed
from weaklink.network.model import Figures, Network
from weaklink.scenario.draws import drawn_winters, without_ranges
from weaklink.scenario.model import Scenario

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
SHORT = 1e-3  # share of a winter's demand above which a winter counts as one with curtailment


@dataclass(frozen=True, slots=True, eq=False)
class Winters:
    """Drawn winters, each bracketed, and their seed."""

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "curtailment_low",
        "curtailment_median",
        "curtailment_high",
        "probability_of_curtailment",
    )
    found: Ensemble
    seed: int

    def of_node(self, place: int) -> dict[str, float]:
        """The columns on drawn winters of one node."""
        quantiles = self.found.quantiles()[:, place]
        return dict(zip(self.COLUMNS, (*quantiles, self.found.probability(SHORT)[place]), strict=True))

    def bands(self) -> Figures:
        """Quantiles `BANDS` of what all stores hold together, with the shape (bands, periods)."""
        return self.found.storage_bands(BANDS)

    def sentences(self, unit: str) -> list[str]:
        """What must be said with figures of drawn winters."""
        found = self.found
        return [
            f"{len(found.low):,} winters drawn with seed {self.seed}: unserved demand of all nodes is in the mean "
            f"between {found.low.mean():,.0f} and {found.high.mean():,.0f} {unit}, proven for each by a lower bound "
            f"and a feasible plan (gap {found.gap:.1%} of unserved demand, {found.gap_of_demand:.2%} of demand). The "
            "columns on drawn winters are of the feasible plans, which keep the total low and do not share it alike."
        ]


def played(
    network: Network, days: Sequence[date], scenario: Scenario, draws: int, seed: int, workers: int = 1
) -> Winters:
    """Draw winters of a scenario and bracket each; `network` is the one before any shock.

    The result does not depend on the number of `workers`, processes that share the work.
    """
    base = without_ranges(network, days, scenario)
    winters = list(drawn_winters(base, days, scenario, draws, seed))
    if workers == 1:
        return Winters(bracketed(base, winters), seed)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as executor:
        return Winters(bracketed(base, winters, executor=executor, parts=workers), seed)
