"""What does the loss of part of one input cost, by its share and how well it can be replaced? A calculator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from weaklink import tables
from weaklink.errors import RequestError
from weaklink.market import ces
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.version import VERSION

PUBLISHED = (0.0, 0.04, 0.1, 1.0)  # the elasticities of Bachmann et al., from none to Cobb-Douglas
DRAWN = (0.04, 0.1, 0.5)
ONE_SECTOR = (
    "One sector and one input: bottlenecks inside the sector are not seen; at an elasticity of 0 the loss is the cut, "
    "which bounds it from above."
)
HANGS_ON = (
    "The elasticity decides: between 0.04 and 1 the loss differs several times over. Say it with the figure, and that "
    "it holds for about a year."
)


def ces_losses(share: float, cut: float, elasticities: Sequence[float] = PUBLISHED) -> Result:
    """Loss of output in percent by elasticity, exactly and by published formulas; columns `tables.CES_LOSSES`.

    `share` is the input's share of cost and `cut` the share of it that is missing, both 0 to 1. RequestError for
    anything else.

    >>> [round(row["loss"], 2) for row in ces_losses(0.04, 0.10).records()]
    [10.0, 1.57, 0.68, 0.42]
    """
    for name, figure in (("share", share), ("cut", cut)):
        if not 0 <= figure <= 1:
            raise RequestError(f"--{name} is {figure:g}; it is a share from 0 to 1.")
    if wrong := [one for one in elasticities if not 0 <= one < np.inf]:
        raise RequestError(f"--elasticity is {wrong[0]:g}; an elasticity of substitution is 0 or more.")
    return _result(share, (cut,), elasticities)


def ces_curves(share: float, elasticities: Sequence[float] = DRAWN, most: float = 0.3) -> Result:
    """The same for cuts from nothing to `most`: where the approximations part from the exact loss.

    >>> len(ces_curves(0.04))
    93
    """
    return _result(share, tuple(np.linspace(0, most, 31).tolist()), elasticities)


def _result(share: float, cuts: Sequence[float], elasticities: Sequence[float]) -> Result:
    parameters = {
        "share": f"{share:g}",
        "cut": ",".join(f"{one:g}" for one in cuts),
        "elasticity": ",".join(f"{one:g}" for one in elasticities),
    }
    return Result(
        tables.CES_LOSSES,
        tabulated(tables.CES_LOSSES, (_row(share, cut, one) for one in elasticities for cut in cuts)),
        (ONE_SECTOR, HANGS_ON),
        Provenance((), VERSION, parameters),
    )


def _row(share: float, cut: float, elasticity: float) -> dict[str, Any]:
    """Figures in percent."""
    lost = float(ces.loss(share, cut, elasticity))
    row = {
        "cut": cut,
        "elasticity": elasticity,
        "loss": 100 * lost,
        "first_order": 100 * share * cut,
        "second_order": None,
        "share_after": 100 * float(ces.share_after(share, cut, elasticity)),
        "price_change": None,
    }
    if elasticity > 0:
        row["second_order"] = -100 * float(ces.second_order_change(share, -cut, elasticity))
    if elasticity > 0 and cut < 1:
        row["price_change"] = 100 * (((1 - lost) / (1 - cut)) ** (1 / elasticity) - 1)
    return row
