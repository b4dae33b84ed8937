"""Does a mix also hold when assets fail? The worst outages are looked for, and each that it does not stand is added.

A cutting-plane loop: the mix is tried against the worst set of so many assets (`network.worst`, which proves that no
set is worse); if more is lost than allowed, that set becomes a scenario, and the mix is made anew. It ends when no set
breaks the target. Outages last the whole horizon, in the scenario as it is likely, and are judged by week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from weaklink import lp
from weaklink.mitigation.on_network import acted, lost_in
from weaklink.mitigation.options import Figures
from weaklink.mitigation.portfolio import Known
from weaklink.mitigation.recourse import LinearRecourse, moved_by
from weaklink.mitigation.risk import Risk, Target
from weaklink.mitigation.wanted import Wanted
from weaklink.network.aggregate import aggregated, weeks
from weaklink.network.model import Network, without
from weaklink.network.worst import Worst, worst_outages
from weaklink.study.reduce_setting import NOTHING, Setting

MOST_SOLVED = 3_000  # programmes in the search for the worst outages


@dataclass(slots=True)
class Outages:
    """The outages found so far for each target, and the proof that none is worse once the last mix stands them all."""

    asked: Setting
    wanted: Sequence[Wanted]
    found: dict[str, list[tuple[int, tuple[str, ...]]]] = field(default_factory=dict)
    proof: dict[str, Worst] = field(default_factory=dict)

    def targets(self) -> tuple[Target, ...]:
        """What the outages found so far ask of a mix."""
        return tuple(
            Target(
                one.text,
                Risk(
                    "worst",
                    spared=self._allowed(one),
                    over=tuple(place for place, _ in self.found[one.text]),
                ),
                0.0,
            )
            for one in self.wanted
            if self.found.get(one.text)
        )

    def stands(self, amounts: Figures, known: Known) -> bool:
        """Whether a mix stands the worst outages of every target; those that it does not become scenarios."""
        network = aggregated(self._likely(amounts), weeks(self.asked.network))
        stood = True
        for one in self.wanted:
            worst = worst_outages(network, one.count, most_solved=MOST_SOLVED)
            self.proof[one.text] = worst
            if worst.bound > self._allowed(one) * (1 + 1e-6) and worst.outage.unserved > self._allowed(one):
                stood = False
                known.add(self._recourse(worst.outage.assets))
                self.found.setdefault(one.text, []).append((len(known.recourses) - 1, worst.outage.assets))
        return stood

    def sentences(self, unit: str) -> list[str]:
        """What was proven of each target."""
        return [
            f"{text}: the worst outage that is left, {' and '.join(worst.outage.assets)}, leaves "
            f"{worst.outage.unserved:,.0f} {unit} unserved by week; "
            + (
                f"none of {worst.sets:,} is worse (proven with {worst.solved:,} programmes)."
                if worst.proven
                else f"another may leave up to {worst.bound:,.0f} (the search ended early)."
            )
            for text, worst in self.proof.items()
        ]

    def _allowed(self, one: Wanted) -> float:
        return max(one.most, NOTHING) * self.asked.likely.total_demand

    def _likely(self, amounts: Figures) -> Network:
        return acted(self.asked.likely, self.asked.whole, self.asked.actions, amounts)

    def _recourse(self, assets: Sequence[str]) -> LinearRecourse:
        asked = self.asked
        counted, edges = np.ones(asked.network.demand.shape[:2]), weeks(asked.network)

        def build(amounts: Figures) -> lp.Program:
            there = acted(
                without(asked.likely, *assets), without(asked.whole, *assets), asked.actions, amounts
            )
            return lost_in(aggregated(there, edges), counted)

        most = np.array([option.most for option in asked.options])
        return LinearRecourse("without " + " and ".join(assets), 1.0, moved_by(build, most / 2))
