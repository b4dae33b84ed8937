"""What do the shocks of a scenario leave of the deliveries of industries? What both lenses of the market begin with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from weaklink.accountstore import StoredTable
from weaklink.errors import RequestError
from weaklink.market.world import World, world
from weaklink.provenance import Card
from weaklink.scenario.model import Shock
from weaklink.scenario.on_network import out_of_service
from weaklink.study.iotables import embedded_table
from weaklink.study.lens import Asked, Drawn, Figures
from weaklink.study.reach import Reach, struck_share

YEAR = 365  # days


@dataclass(frozen=True, slots=True, eq=False)
class IndustryShocks:
    """The shocks of a scenario in trade, on a table.

    `names` are those of the shares lost among the parameters, `reach` what each takes at most, and `part_of_year`
    how much of the year that begins with the first of them it lasts. `stays` says which can last: an outage or a
    closure that the scenario ends does not; a ban on exports is a decision that may be upheld.
    """

    stored: StoredTable
    world: World
    names: tuple[str, ...]
    reach: tuple[Reach, ...]
    part_of_year: tuple[float, ...]
    stays: tuple[bool, ...]
    caveats: tuple[str, ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        """The table, and the data on goods."""
        return tuple(dict.fromkeys((self.stored.card, *(card for one in self.reach for card in one.cards))))

    @property
    def expenditure(self) -> Figures:
        """Gross national expenditure of each region in the year of the table, USD."""
        return np.asarray(self.world.final.sum(axis=1) * 1e6)

    def kept(self, drawn: Drawn, buyers: slice = slice(None), *, within_year: bool) -> Figures:
        """Share that is left of deliveries by seller, sector and buyer: draws × regions × sectors × buyers.

        Within the year a shock counts for the part of the year that it lasts; else in full if it can stay.
        """
        left = np.ones((1, 1, 1, 1))
        counts = self.part_of_year if within_year else self.stays
        for name, one, part in zip(self.names, self.reach, counts, strict=True):
            if part:
                left = left * (1 - drawn[name][:, None, None, None] * part * one.share[None, :, :, buyers])
        return left

    def spared(self, buyer: int) -> npt.NDArray[np.bool_]:
        """Which sellers no shock touches in a sector, for one buyer: regions × sectors."""
        return np.asarray(sum(one.share[:, :, buyer] for one in self.reach) == 0)


class OfIndustries:
    """What every lens that is set up from shocks by industry says of itself; `members` have a row in the table."""

    __slots__ = ()
    shocks: IndustryShocks
    members: tuple[str, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """The members with a row of their own in the table."""
        return self.members

    @property
    def base(self) -> Figures:
        """Gross national expenditure, USD."""
        return self.shocks.expenditure[self.places]

    @property
    def cards(self) -> tuple[Card, ...]:
        """The input-output table, and the trade data that join products to it."""
        return self.shocks.cards

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must be said of the table and of how shocks reach industries."""
        return self.shocks.caveats

    @property
    def places(self) -> list[int]:
        """Places of the members among the regions of the table."""
        return [self.shocks.world.regions.index(code) for code in self.members]


def industry_shocks(asked: Asked) -> IndustryShocks:
    """The shocks of a scenario on the embedded table; RequestError where it has none that these lenses can read."""
    trade = asked.scenario.in_trade()
    if not trade:
        raise RequestError(
            f"scenario {asked.scenario.name} strikes no exports, production or passage, which is what the lenses of "
            "the market read."
        )
    stored = embedded_table()
    made, repairs = world(stored.accounts())
    reach = tuple(struck_share(asked, shock, stored) for shock in trade)
    if not any(one.share.any() for one in reach):
        raise RequestError(
            f"scenario {asked.scenario.name} makes ways longer but cuts no deliveries, which is all that the lenses of "
            "the market read."
        )
    numbers = [number for number, shock in enumerate(asked.scenario.shock, start=1) if shock in trade]
    said = (
        *repairs.caveats(stored.card.name),
        *stored.card.caveats,
        *(text for one in reach for text in one.caveats),
        *_left_out(reach),
    )
    return IndustryShocks(
        stored,
        made,
        tuple(f"shock.{number}.lost" for number in numbers),
        reach,
        _parts(trade),
        tuple(shock.target == "exports" or shock.last_day is None for shock in trade),
        tuple(dict.fromkeys(said)),
    )


def _parts(shocks: tuple[Shock, ...]) -> tuple[float, ...]:
    """How much of a year each shock is out; the year begins with the first of them."""
    begin = min((shock.first_day for shock in shocks if shock.first_day), default=date(2000, 1, 1))
    days = [begin + timedelta(days=number) for number in range(YEAR)]
    return tuple(float(np.mean(out_of_service(days, shock))) for shock in shocks)


def _left_out(reach: tuple[Reach, ...]) -> Iterator[str]:
    if any(one.diverted.any() for one in reach):
        yield "What takes a longer way round a closed passage arrives; what that costs is left out."
