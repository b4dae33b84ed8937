"""When final demand fell, what would the lens of disruption have said of output and exports, and what happened?

Two tables of one source and two years: the first is what was known, the second what came. The lens is told how much
less of each product the buyers of each country took in all, and nothing else of the second year: not from whom, not
what industries made. What it then says of each country's output and exports is set beside what the second table has.

Two ways that need no days stand beside it, so that it is seen what days are worth: the Leontief inverse, and output
that moves as the final demand of its own country does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from weaklink import tables
from weaklink.disruption.economy import Economy, economy
from weaklink.disruption.model import Parameters
from weaklink.disruption.shock import Course, DemandChange, Shock
from weaklink.disruption.simulate import simulate
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Floats
from weaklink.inputoutput.solve import system_of
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.version import VERSION

YEAR = 365
OUTPUT, EXPORTS = "output", "exports"
STATIC, OWN = "output by the Leontief inverse", "output as own final demand"


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Changes by region as shares, one array each: by the model, and as they were; `weight` is the first year's."""

    figure: str
    modelled: Floats
    actual: Floats
    weight: Floats

    @property
    def mean_error(self) -> float:
        """Mean absolute error over regions, a share; those that had nothing to fall are left out."""
        return float(np.nanmean(np.abs(self.modelled - self.actual)))

    @property
    def world(self) -> tuple[float, float]:
        """The change of all regions together, by the model and as it was."""
        whole = self.weight.sum()
        return float(np.nansum(self.modelled * self.weight) / whole), float(
            np.nansum(self.actual * self.weight) / whole
        )


def compared(before: Accounts, after: Accounts, parameters: Parameters | None = None) -> list[Compared]:
    """Each figure by each way, for all regions. RequestError where the two tables have other rows."""
    if before.regions != after.regions or before.sectors != after.sectors:
        raise RequestError(
            f"{before.source} and {after.source} have other regions or sectors; a back-test needs two years of one "
            "source."
        )
    made = economy(before)
    final, x = made.final[made.place] * YEAR, made.output[made.place] * YEAR
    Z = (made.shares * made.use[:, None, :]).reshape(made.size, made.size)[
        np.ix_(made.place, made.place)
    ] * YEAR
    change = fallen(before, after, final)
    ratio = _mean_output(made, change, parameters or Parameters())
    static = system_of(Z, x).right(change.sum(axis=1)[:, None]).values[:, 0]
    own = _rise(final.sum(axis=0) + change.sum(axis=0), final.sum(axis=0))
    first, actual = _by_region(before, x), _rise(_by_region(after, after.x), _by_region(before, before.x))
    flows, come = (np.asarray(table.Z, dtype=np.float64) for table in (before, after))
    sold = _exports(before, Z, final)
    traded = _rise(_exports(after, come, after.Y), _exports(before, flows, before.Y))
    return [
        Compared(OUTPUT, _rise(_by_region(before, x * ratio), first), actual, first),
        Compared(EXPORTS, _rise(_exports(before, Z * ratio, final + change), sold), traded, sold),
        Compared(STATIC, _rise(first + _by_region(before, static), first), actual, first),
        Compared(OWN, own, actual, first),
    ]


def fallen(before: Accounts, after: Accounts, final: Floats) -> Floats:
    """What is added to final demand (rows, regions): each buyer's change of a product, over suppliers as before."""
    was, came = (_by_product(table, Y) for table, Y in ((before, final), (after, after.Y)))
    ratio = np.divide(np.maximum(came, 0.0), was, out=np.ones_like(was), where=was > 0)
    return np.asarray(final * (ratio[before.sector] - 1))


def demand_back_test(before: Accounts, after: Accounts, cards: Sequence[Card] = ()) -> Result:
    """Output and exports of every region as the lens of disruption has them and as they were; worst errors last.

    Columns in `weaklink.tables.BACK_TEST`; changes are shares of the first year, in the money of the tables.
    """
    found = compared(before, after)
    rows = [row for one in found for row in _rows(one, before, after)]
    caveats = (
        *(
            f"{one.figure}: mean absolute error {one.mean_error:.1%} over {len(one.actual)} regions; all together "
            f"{one.world[0]:+.1%} by the model, {one.world[1]:+.1%} as it was."
            for one in found
        ),
        "Changes are in the tables' money at current prices, so that prices and exchange rates are in the outcome and "
        "only as far as they moved final demand in the model.",
        "Demand that grows is met by overproduction only, which takes a year to build up: the lens is made for "
        "disruptions, and understates growth.",
        "The model is told how final demand moved; it is a test of how that spreads, not of a forecast of it.",
        "Suppliers of final goods and shares of inputs are held as they were; that trade fell by more than what it is "
        "made of is not in the model.",
    )
    return Result(
        tables.BACK_TEST,
        tabulated(tables.BACK_TEST, rows),
        caveats,
        Provenance(tuple(cards), VERSION, {"before": before.source, "after": after.source}),
    )


def _rows(one: Compared, before: Accounts, after: Accounts) -> Iterator[dict[str, Any]]:
    for place in np.argsort(np.abs(one.modelled - one.actual), kind="stable"):
        modelled, actual = float(one.modelled[place]), float(one.actual[place])
        yield {
            "figure": f"{one.figure}, {before.year} to {after.year}",
            "area": before.regions[place],
            "modelled": modelled,
            "actual": actual,
            "error": modelled - actual,
            "unit": "share",
            "source": after.source,
            "reason": "",
        }


def _mean_output(made: Economy, change: Floats, parameters: Parameters) -> Floats:
    """Output of each row over the year after, relative to before."""
    shock = Shock(demand=(DemandChange(change, Course(1, 1, "never")),))
    ran = simulate(made, shock, YEAR + 1, parameters=parameters, industries=True)
    if ran.industries is None:
        raise AssertionError("industries were asked for")
    return np.asarray(ran.industries[1:, 0].mean(axis=0))


def _rise(after: Floats, before: Floats) -> Floats:
    """The change as a share; not-a-number where there was nothing."""
    return np.asarray(np.divide(after, before, out=np.full_like(after, np.nan), where=before > 0) - 1)


def _by_product(table: Accounts, Y: Floats) -> Floats:
    """Final demand by product and buyer, (sectors, regions)."""
    found = np.zeros((len(table.sectors), len(table.regions)))
    np.add.at(found, table.sector, Y)
    return found


def _by_region(table: Accounts, figures: Floats) -> Floats:
    return np.asarray(np.bincount(table.region, figures, len(table.regions)), dtype=np.float64)


def _exports(table: Accounts, Z: Floats, Y: Floats) -> Floats:
    """What each region delivers to others, to industries and final buyers."""
    abroad = table.region[:, None] != table.region
    to_buyers = table.region[:, None] != np.arange(len(table.regions))
    return _by_region(table, (Z * abroad).sum(axis=1) + (Y * to_buyers).sum(axis=1))
