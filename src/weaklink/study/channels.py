"""Through which channels does a lens come to its loss? What is lost without them, and what each takes off.

A channel is a part of a lens that can be switched off by one or two of its figures: without stocks, without other
suppliers, without saving. The gross loss, all switched off, and the part of each channel, negative where it relieves,
add up to the loss of the lens. Parts are Shapley values: what stocks relieve depends on whether others deliver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from weaklink import tables
from weaklink.attribution.coalitions import Coalitions, Figures
from weaklink.attribution.shapley import exact
from weaklink.errors import RequestError
from weaklink.result import Result, tabulated
from weaklink.study.lens import Asked, Model, likely
from weaklink.study.lens_provenance import amount, provenance_of


@dataclass(frozen=True, slots=True)
class Channel:
    """A part of a lens: its name, its name for people, and the figures that switch it off.

    A figure that is told apart by product is switched off under all its names: `stock_days` and `stock_days_2709`.
    """

    key: str
    label: str
    off: Mapping[str, float]


CHANNELS: Mapping[str, tuple[Channel, ...]] = MappingProxyType(
    {
        "goods": (
            Channel("hubs", "goods that third countries pass on from who fails", {"passed_on": 0.0}),
            Channel("stocks", "stocks that members draw", {"stock_days": 0.0}),
            Channel("other_suppliers", "what other suppliers deliver more", {"spare": 0.0}),
            Channel(
                "saving",
                "what users save, from the start and as prices rise",
                {"saving": 0.0, "demand_elasticity": 0.0},
            ),
        ),
        "disruption": (
            Channel(
                "stocks",
                "stocks above fifteen days, of services three: much below that no industry works",
                {"stock_days": 15.0, "service_days": 3.0},
            ),
            Channel("rerouting", "orders that go to other suppliers of the sector", {"rerouting": 0.0}),
            Channel(
                "overproduction", "what industries make above their usual output", {"overproduction": 1.0}
            ),
        ),
    }
)
GROSS, TOTAL = "gross", "total"


@dataclass(frozen=True, slots=True, eq=False)
class Channelled:
    """Gross loss, (1 + countries,), and the part of each channel, (channels, 1 + countries); their sum is `total`.

    `only` is what a channel alone changes of the gross loss, `last` what it changes where all others are at work. The
    first column is that of all members together.
    """

    channels: tuple[Channel, ...]
    gross: Figures
    part: Figures
    only: Figures
    last: Figures
    total: Figures


def every_name(off: Mapping[str, float], names: Iterable[str]) -> dict[str, float]:
    """Figures to switch off, under all the names that they have.

    >>> every_name({"stock_days": 0.0}, ("stock_days", "stock_days_2709", "spare"))
    {'stock_days': 0.0, 'stock_days_2709': 0.0}
    """
    return {
        name: nothing
        for name in names
        for key, nothing in off.items()
        if name == key or name.startswith(f"{key}_")
    }


def channelled(model: Model) -> Channelled:
    """The loss at the likely figures by channel. RequestError for a lens that has no channels."""
    channels = CHANNELS.get(model.about.name)
    if not channels:
        raise RequestError(
            f"The lens {model.about.name} has no channels to split a loss by; {' and '.join(CHANNELS)} have. Ask --by "
            "supplier, product or shock."
        )

    def losses(those: Coalitions) -> Figures:
        drawn = {key: np.repeat(figure, len(those)) for key, figure in likely(model.ranges).items()}
        for place, channel in enumerate(channels):
            for key, nothing in every_name(channel.off, drawn).items():
                drawn[key] = np.where(those[:, place], drawn[key], nothing)
        each = model.losses(drawn)
        return np.concatenate([each.sum(axis=1, keepdims=True), each], axis=1)

    count = len(channels)
    split = exact(losses, count)
    one = np.eye(count, dtype=bool)
    nobody, everybody = losses(np.array([[False] * count, [True] * count]))
    return Channelled(channels, nobody, split.part, losses(one) - nobody, everybody - losses(~one), everybody)


def by_channel(asked: Asked, model: Model, *, members: bool = False) -> Result:
    """The loss at the likely figures by channel: gross, then what each adds or takes off, then the loss.

    With `members`, also that of each member. The columns are declared in `weaklink.tables.ATTRIBUTION`; `alone` and
    `last` are `only` and `last` of `Channelled`. RequestError for a lens without channels.
    """
    found = channelled(model)
    unit, gross, net = model.about.unit, found.gross[0], found.total[0]
    said = (
        f"With all channels switched off {amount(gross, unit)} would be lost, with all at work {amount(net, unit)} "
        f"({model.about.loss}; {model.about.horizon}). A channel is negative where it relieves; `alone` is what it "
        "would change by itself, `last` what it changes where all others are at work."
    )
    return Result(
        tables.ATTRIBUTION,
        tabulated(tables.ATTRIBUTION, _rows(model, found, members=members)),
        (said, *model.caveats),
        provenance_of(asked, model, {"by": "channel"}),
    )


def _rows(model: Model, found: Channelled, *, members: bool) -> Iterator[dict[str, Any]]:
    for place, country in enumerate(("all", *model.countries) if members else ("all",)):
        whole = found.total[place]
        parts = zip(found.channels, found.part, found.only, found.last, strict=True)
        for key, label, loss, only, last in (
            (GROSS, "loss with all of these switched off", *[found.gross[place]] * 3),
            *((one.key, one.label, part[place], only[place], last[place]) for one, part, only, last in parts),
            (TOTAL, "what is lost", *[whole] * 3),
        ):
            yield {
                "part": key,
                "label": label,
                "country": country,
                "loss": loss,
                "share": loss / whole if whole else np.nan,
                "error": 0.0,
                "alone": only,
                "last": last,
                "loss_unit": model.about.unit,
                "method": "gross loss, and Shapley, exact",
            }
