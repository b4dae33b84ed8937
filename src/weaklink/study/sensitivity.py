"""What does the loss of a scenario hang on? Each figure of a lens from end to end, and its share of the variance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from weaklink import tables
from weaklink.errors import RequestError
from weaklink.result import Result, tabulated
from weaklink.scenario.parameters import Parameter
from weaklink.study.lens import Asked, Drawn, Figures, Model
from weaklink.study.lens_provenance import provenance_of
from weaklink.uncertainty.ranges import at_likely, certain
from weaklink.uncertainty.sensitivity import Indices, Tornado, sobol_indices, tornado

DRAWS = 256
BLOCK = 1024  # draws that a lens is asked for at once


@dataclass(frozen=True, slots=True)
class HangsOn:
    """The answer: a row for each figure with a range, those first that the loss hangs on most.

    `likely` is the loss of all members together at the likely figures, in the unit of the lens.
    """

    asked: Asked
    model: Model
    likely: float
    result: Result


def hangs_on(asked: Asked, model: Model, draws: int = DRAWS, seed: int = 0) -> HangsOn:
    """Move every figure of a lens that has a range, alone and together with all others.

    The loss is that of all members together. A lens with d such figures is asked for `draws` (d + 2) losses and for
    2 d + 1 more. The columns are declared in `weaklink.tables.HANGS_ON`. RequestError where no figure has a range.
    """
    moving = {name: one for name, one in model.ranges.items() if not certain(one)}
    if not moving:
        raise RequestError(
            f"In the lens {model.about.name} no figure of scenario {asked.scenario.name} has a range. Give one in the "
            f"file, as in [parameters.{model.about.name}]."
        )
    still = at_likely({name: one for name, one in model.ranges.items() if name not in moving})

    def of_all(drawn: Drawn) -> Figures:
        return total(model, {**drawn, **still})

    ends, shares = tornado(of_all, moving), sobol_indices(of_all, moving, draws, seed)
    rows = sorted(_rows(model, moving, ends, shares), key=_rank)
    known = [name for name in model.ranges if name not in moving]
    answer = Result(
        tables.HANGS_ON,
        tabulated(tables.HANGS_ON, rows),
        (*_caveats(model, ends, shares, known), *model.caveats),
        provenance_of(asked, model, {"draws": str(draws), "seed": str(seed)}),
    )
    return HangsOn(asked, model, ends.likely, answer)


def total(model: Model, drawn: Drawn) -> Figures:
    """Loss of all members together in each draw; figures with one value stand for all draws."""
    count = max(len(figures) for figures in drawn.values())
    whole = {name: np.broadcast_to(figures, count) for name, figures in drawn.items()}
    parts = [
        model.losses({name: figures[first : first + BLOCK] for name, figures in whole.items()}).sum(axis=1)
        for first in range(0, count, BLOCK)
    ]
    return np.concatenate(parts)


def _rows(
    model: Model, moving: Mapping[str, Parameter], ends: Tornado, shares: Indices
) -> list[dict[str, Any]]:
    return [
        {
            "parameter": name,
            "meaning": one.meaning,
            "low": one.low,
            "likely": one.likely,
            "high": one.high,
            "unit": one.unit,
            "loss_at_low": ends.at_low[place],
            "loss_at_high": ends.at_high[place],
            "loss_unit": model.about.unit,
            "first_order": shares.first[place],
            "first_error": shares.first_error[place],
            "total": shares.total[place],
            "total_error": shares.total_error[place],
            "quality": one.quality,
            "source": one.source,
        }
        for place, (name, one) in enumerate(moving.items())
    ]


def _rank(row: Mapping[str, Any]) -> tuple[float, str]:
    """The longest way from end to end first: that is what the picture shows."""
    return (-abs(row["loss_at_high"] - row["loss_at_low"]), row["parameter"])


def _caveats(model: Model, ends: Tornado, shares: Indices, known: list[str]) -> list[str]:
    unit, spread = model.about.unit, float(np.sqrt(shares.variance))
    said = [
        f"At the likely figures all members together lose {ends.likely:,.4g} {unit} ({model.about.loss}; "
        f"{model.about.horizon}); over the draws the standard deviation is {spread:,.3g} {unit}.",
        "Ranges are triangles, independent of each other. Where figures move together in the world, shares of "
        "variance are not those of the world.",
    ]
    if np.isnan(shares.first).all():
        said.append("The loss is the same in all draws: there is no variance to share out.")
    else:
        alone = float(np.nansum(shares.first))
        said.append(
            f"Each figure by itself explains {min(max(alone, 0.0), 1.0):.0%} of the variance in sum; the rest is what "
            "figures do together."
        )
    if known:
        said.append(f"Without a range, so that nothing hangs on them here: {', '.join(known)}.")
    return said
