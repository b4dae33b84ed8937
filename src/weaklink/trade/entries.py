"""How are flows counted: in which measure, by which item, and which of them can be used at all?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.trade.runs import Amounts, Flags, Groups, Places

Measure = Literal["value", "quantity"]
MEASURES: tuple[Measure, Measure] = ("value", "quantity")


@dataclass(frozen=True)
class Entries:
    """Flows as they are counted: in one measure, by item, an item being a product in a year.

    `groups` are the flows of each item. `identified` flags the countries that are countries at all.
    """

    flows: Flows
    measure: Measure
    groups: Groups
    identified: Flags

    @cached_property
    def item(self) -> Places:
        """To which item each flow belongs."""
        return self.groups.spread(np.arange(len(self.groups)))

    @cached_property
    def known(self) -> Flags:
        """Whether the amount of each flow is known."""
        flows = self.flows
        return np.full(len(flows), True) if self.measure == "value" else flows.quantity_kg != UNKNOWN_KG

    @cached_property
    def amount(self) -> Amounts:
        """The amount of each flow in the measure, zero where it is not known."""
        return self.flows.value_usd if self.measure == "value" else np.maximum(self.flows.quantity_kg, 0)

    @cached_property
    def complete(self) -> bool:
        """Whether every flow is usable, whoever its partner: then nothing need be left out of a sum."""
        return bool(self.identified.all() and self.known.all())


def items(flows: Flows) -> Places:
    """The number of the item that each flow belongs to, counted from 0 in sorted order."""
    groups = by_item(flows)
    return groups.spread(np.arange(len(groups)))


def by_item(flows: Flows) -> Groups:
    """The flows of each item, as runs."""
    return Groups(starts(flows), len(flows))


def starts(flows: Flows) -> Places:
    """Where each item begins: flows are sorted by year and product, so an item is one run."""
    return np.flatnonzero(changes(flows.year, flows.product))


def changes(*columns: npt.NDArray[np.integer]) -> Flags:
    """Whether each element is the first, or differs in any column from the one before it."""
    begins = np.ones(len(columns[0]), dtype=np.bool_)
    if len(begins):
        begins[1:] = False
        for column in columns:
            begins[1:] |= column[1:] != column[:-1]
    return begins
