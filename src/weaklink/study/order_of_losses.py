"""Who loses most, and does that order hold? Places of members by loss, and how often draws change them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from weaklink import tables
from weaklink.codes.countries import countries, name
from weaklink.result import Result, tabulated
from weaklink.sources.intake import Progress, silent
from weaklink.study.lens import Asked, Figures, Model, likely
from weaklink.study.lens_provenance import provenance_of
from weaklink.study.sensitivity import in_blocks
from weaklink.uncertainty.bands import bands
from weaklink.uncertainty.draws import drawn
from weaklink.uncertainty.ranks import flip_chance, kendall, ranks, top_chance, top_stability

LOW, HIGH = 0.05, 0.95
FIRM = 0.95  # share of draws in which two neighbours must keep their order for it to be called firm


def order_of_losses(
    asked: Asked,
    model: Model,
    draws: int = 1000,
    seed: int = 0,
    *,
    first: int = 5,
    progress: Progress = silent,
) -> Result:
    """A row for each member, the largest loss first; columns in `weaklink.tables.RANKS`.

    `first` is the number of places that `top_chance` is about.

    >>> from weaklink.scenario.library import chosen
    >>> from weaklink.study.lenses.goods import goods
    >>> from weaklink.study.losses import asked_for
    >>> asked = asked_for(chosen("china-rare-earths"), "NATO@2024-12-31")
    >>> rows = order_of_losses(asked, goods(asked), 64, first=1).records()
    >>> rows[0]["country"], rows[0]["top_chance"] > 0.9
    ('USA', True)
    """
    shown = model.losses(likely(model.ranges))[0]
    values = np.concatenate(list(in_blocks(model, drawn(model.ranges, draws, seed), progress)))
    rows = list(_rows(model, shown, values, first))
    return Result(
        tables.RANKS,
        tabulated(tables.RANKS, rows),
        (*_caveats(shown, values, rows, first), *model.caveats),
        provenance_of(asked, model, {"draws": str(draws), "seed": str(seed), "first": str(first)}),
    )


def _rows(model: Model, shown: Figures, values: Figures, first: int) -> Iterator[dict[str, Any]]:
    order = np.argsort(-shown, kind="stable")
    places = bands(ranks(values), (LOW, HIGH)).value
    top, flips = top_chance(values, first), flip_chance(values, shown)
    for rank, (place, following) in enumerate(zip(order, [*order[1:], -1], strict=True), start=1):
        code = model.countries[place]
        yield {
            "country": code,
            "label": name(code) if code in countries() else code,
            "rank": rank,
            "loss": shown[place],
            "loss_unit": model.about.unit,
            "rank_low": places[0, place],
            "rank_high": places[1, place],
            "top_chance": top[place],
            "overtaken": flips[place, following] if following >= 0 else np.nan,
        }


def _caveats(shown: Figures, values: Figures, rows: list[dict[str, Any]], first: int) -> Iterator[str]:
    pairs = [row["overtaken"] for row in rows if not np.isnan(row["overtaken"])]
    firm = sum(chance <= 1 - FIRM for chance in pairs)
    yield (
        f"Of {len(pairs)} neighbours in the order {firm} keep it in at least {FIRM:.0%} of {len(values):,} draws: the "
        "order of the others is not firm. Members with equal losses have no order."
    )
    yield (
        f"The first {min(first, len(shown))} stay among the first in {top_stability(values, shown, first):.0%} of "
        f"cases; the whole order agrees with that of the draws by {np.nanmean(kendall(values, shown)):.2f} in the mean "
        "(Kendall's tau-b, 1 is full agreement)."
    )
    yield (
        "A figure that is the same for all members, such as days of stock, moves all of them together: the order is "
        "surer than it would be if members differed in ways that nobody knows."
    )
