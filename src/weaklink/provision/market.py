"""How does a list of who provides an item become what the indicators of trade are computed from?

An item of any kind becomes flows from suppliers to one buyer, in whole units: millionths of the whole where
shares are known, thousandths of a unit where quantities are. So every figure of `weaklink.trade.lens` and every
definition works on it unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pyarrow as pa

from weaklink import indicators
from weaklink.codes.countries import UNIDENTIFIED
from weaklink.columns import Column
from weaklink.flows import ARROW, Flows, merged

WHOLE = 1_000_000
BUYER = "~"  # stands for whoever depends; no country has this code

# The figures that a list of suppliers can give. Others need flows between third countries, prices or exports.
FIGURES: Mapping[str, Column] = MappingProxyType(
    {
        column.name: column
        for column in (
            indicators.TOP_SHARE,
            indicators.THREE_LARGEST,
            indicators.GROUP_SHARE,
            indicators.GROUP_TOP_SHARE,
            indicators.GROUP_WORLD_SHARE,
            indicators.HERFINDAHL,
            indicators.EFFECTIVE_SUPPLIERS,
            indicators.SUPPLIERS,
            indicators.EXTERNAL_SHARE,
            indicators.WORLD_EXPORT_HERFINDAHL,
            indicators.COVERAGE,
            indicators.WORLD_COVERAGE,
        )
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one supplier provides of one item: a whole number, or None where it is not known."""

    item: str
    supplier: str
    amount: int | None


def with_rest(parts: Sequence[Part], whole: int = WHOLE) -> list[Part]:
    """Shares of items, filled up to the whole: what no listed share accounts for is not identified.

    >>> [(part.supplier, part.amount) for part in with_rest([Part("5G", "SWE", 400_000), Part("5G", "FIN", None)])]
    [('SWE', 400000), ('ZZZ', 600000)]
    """
    known: dict[str, int] = {}
    for part in parts:
        known[part.item] = known.get(part.item, 0) + (part.amount or 0)
    rest = [Part(item, UNIDENTIFIED, whole - total) for item, total in known.items() if total < whole]
    return [*(part for part in parts if part.amount is not None), *rest]


def as_flows(parts: Iterable[Part], year: int) -> Flows:
    """Parts with known amounts as flows to the one buyer; a supplier's parts of an item are added up."""
    rows = [part for part in parts if part.amount is not None]
    table = pa.table(
        [
            pa.array([year] * len(rows), pa.int16()),
            pa.array([part.item for part in rows], pa.string()),
            pa.array([BUYER] * len(rows), pa.string()),
            pa.array([part.supplier for part in rows], pa.string()),
            pa.array([part.amount for part in rows], pa.int64()),
            pa.array([None] * len(rows), pa.int64()),
        ],
        names=ARROW.names,
    )
    return merged(Flows.from_arrow(table))
