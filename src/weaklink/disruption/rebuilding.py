"""Who asks whom for what was destroyed, and how much of it is back?

Every day a share 1/tau of what is still missing is asked for: of the sectors that rebuild, split over places as the
damaged industry buys from that sector. It waits in line with all other demand. What is left of an order falls
at the same pace for all clients of a supplier, so that one figure for each supplier says it all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weaklink.disruption.economy import Economy
from weaklink.disruption.shock import CapitalLoss
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Floats


@dataclass(slots=True)
class Rebuilding:
    """What is left of one loss. `asked` (damaged rows, N) is what a unit of loss asks of each supplier.

    `left` (scenarios, N) is the share of it that is not delivered yet, changed as days go by.
    """

    loss: CapitalLoss
    asked: Floats
    left: Floats

    @classmethod
    def of(cls, economy: Economy, loss: CapitalLoss, scenarios: int) -> Rebuilding:
        """All is missing. An industry that buys nothing of a sector cannot be rebuilt by it."""
        asked = np.zeros((len(loss.rows), economy.size))
        by_sector = asked.reshape(len(loss.rows), economy.sectors, economy.places)
        for name, share in (loss.rebuilt_by or {}).items():
            economy.accounts.in_sectors({name})
            sector = economy.accounts.sectors.index(name)
            by_sector[:, sector] = loss.factor * share * economy.shares[sector][:, economy.place[loss.rows]].T
            for row in np.flatnonzero(by_sector[:, sector].sum(axis=1) == 0):
                raise RequestError(
                    f"{economy.accounts.label(loss.rows[row])} buys nothing from sector {name}, which was to "
                    "rebuild it; name another sector in rebuilt_by."
                )
        return cls(loss, asked, np.ones((scenarios, economy.size)))

    def demand(self, tau: Floats) -> Floats:
        """What is asked for today of each supplier, (scenarios, N), in the unit of the table."""
        asked: Floats = np.atleast_2d(self.loss.amount) @ self.asked * self.left / tau
        return asked

    def delivered(self, served: Floats, tau: Floats) -> None:
        """Take off what came: the share `served` (scenarios, N) of what was asked for today."""
        self.left = self.left * (1 - served / tau)

    def missing(self) -> Floats:
        """Capital that is still lost, (scenarios, damaged rows)."""
        back = self.left @ self.asked.T / self.loss.factor
        return np.asarray(np.atleast_2d(self.loss.amount) * back)
