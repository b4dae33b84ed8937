"""What does the loss of a scenario hang on? Each figure of a lens from end to end, and its share of the variance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from weaklink import tables
from weaklink.errors import RequestError
from weaklink.result import Result, tabulated
from weaklink.scenario.parameters import Parameter
from weaklink.sources.intake import Progress, silent
from weaklink.study.lens import Asked, Drawn, Figures, Model
from weaklink.study.lens_provenance import amount, provenance_of
from weaklink.uncertainty.ranges import at_likely, certain
from weaklink.uncertainty.sensitivity import Indices, Tornado, sobol_indices, tornado

DRAWS = 512
NAMES = "number"  # unit of a figure that only names one of many, as drawn winters: it has no ends
BLOCK = 256  # draws that a lens is asked for at once


@dataclass(frozen=True, slots=True)
class HangsOn:
    """The answer: a row for each figure with a range, those first that the loss hangs on most.

    `likely` is the loss of all members together at the likely figures, in the unit of the lens.
    """

    asked: Asked
    model: Model
    likely: float
    result: Result


def hangs_on(
    asked: Asked, model: Model, draws: int = DRAWS, seed: int = 0, progress: Progress = silent
) -> HangsOn:
    """Move every figure of a lens that has a range, alone and together with all others.

    The loss is that of all members together. A lens with d such figures is asked for `draws` (d + 2) losses and for
    2 d + 1 more; with no draws only for these, and shares of variance stay empty. The columns are declared in
    `weaklink.tables.HANGS_ON`. RequestError where no figure has a range.
    """
    moving = {name: one for name, one in model.ranges.items() if not certain(one)}
    if not moving:
        raise RequestError(
            f"In the lens {model.about.name} no figure of scenario {asked.scenario.name} has a range. Give one in the "
            f"file, as in [parameters.{model.about.name}]."
        )
    still = at_likely({name: one for name, one in model.ranges.items() if name not in moving})

    def of_all(drawn: Drawn) -> Figures:
        return total(model, {**drawn, **still}, progress)

    ends = tornado(of_all, moving)
    shares = sobol_indices(of_all, moving, draws, seed) if draws else None
    rows = sorted(_rows(model, moving, ends, shares), key=_rank)
    known = [name for name in model.ranges if name not in moving]
    answer = Result(
        tables.HANGS_ON,
        tabulated(tables.HANGS_ON, rows),
        (*_caveats(model, ends, shares, known), *model.caveats),
        provenance_of(asked, model, {"draws": str(draws), "seed": str(seed)}),
    )
    return HangsOn(asked, model, ends.likely, answer)


def total(model: Model, drawn: Drawn, progress: Progress = silent) -> Figures:
    """Loss of all members together in each draw; figures with one value stand for all draws."""
    count = max(len(figures) for figures in drawn.values())
    whole = {name: np.broadcast_to(figures, count) for name, figures in drawn.items()}
    return np.concatenate([losses.sum(axis=1) for losses in in_blocks(model, whole, progress)])


def in_blocks(model: Model, drawn: Drawn, progress: Progress = silent) -> Iterator[Figures]:
    """Losses of many draws, some at a time: (draws of the block, countries)."""
    count = len(next(iter(drawn.values())))
    for first in range(0, count, BLOCK):
        yield model.losses({name: figures[first : first + BLOCK] for name, figures in drawn.items()})
        progress(min(first + BLOCK, count), count)


def _rows(
    model: Model, moving: Mapping[str, Parameter], ends: Tornado, shares: Indices | None
) -> list[dict[str, Any]]:
    unknown = np.full(len(moving), np.nan)
    estimates = (unknown,) * 4
    if shares is not None:
        estimates = (shares.first, shares.first_error, shares.total, shares.total_error)
    first, first_error, whole, whole_error = estimates

    def end(losses: Figures, place: int, one: Parameter) -> float:
        return np.nan if one.unit == NAMES else float(losses[place])

    return [
        {
            "parameter": name,
            "meaning": one.meaning,
            "low": one.low,
            "likely": one.likely,
            "high": one.high,
            "unit": one.unit,
            "loss_at_low": end(ends.at_low, place, one),
            "loss_at_high": end(ends.at_high, place, one),
            "loss_unit": model.about.unit,
            "first_order": first[place],
            "first_error": first_error[place],
            "total": whole[place],
            "total_error": whole_error[place],
            "quality": one.quality,
            "source": one.source,
        }
        for place, (name, one) in enumerate(moving.items())
    ]


def _rank(row: Mapping[str, Any]) -> tuple[float, str]:
    """The longest way from end to end first: that is what the picture shows."""
    return (-np.nan_to_num(abs(row["loss_at_high"] - row["loss_at_low"])), row["parameter"])


def _caveats(model: Model, ends: Tornado, shares: Indices | None, known: list[str]) -> Iterator[str]:
    unit = model.about.unit
    yield (
        f"At the likely figures all members together lose {amount(ends.likely, unit)} ({model.about.loss}; "
        f"{model.about.horizon})."
    )
    if shares is None:
        yield "No draws were asked for, so that shares of variance are empty; the ends move one figure at a time."
    elif np.isnan(shares.first).all():
        yield "The loss is the same in all draws: there is no variance to share out."
    else:
        alone = min(max(float(np.nansum(shares.first)), 0.0), 1.0)
        yield (
            f"Over the draws the standard deviation is {amount(float(np.sqrt(shares.variance)), unit)}. Each figure by "
            f"itself explains {alone:.0%} of the variance in sum; the rest is what figures do together."
        )
        yield (
            "Ranges are triangles, independent of each other. Where figures move together in the world, shares of "
            "variance are not those of the world."
        )
    if known:
        yield f"Without a range, so that nothing hangs on them here: {', '.join(known)}."
