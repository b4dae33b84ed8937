"""What is acting together worth, to whom, and who brings it? Losses of members alone and together.

A bloc acts together in what a lens lets it share: pipes and stores of a network, stocks of goods. The worth of a
coalition is what its members save against each acting alone; a member's contribution is its Shapley value in that game.
What an accession changes is the same question asked with those who join in and out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from weaklink import tables
from weaklink.attribution.coalitions import Coalitions, Figures, Split, remembered
from weaklink.attribution.shapley import exact, last_in, sampled
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.sources.intake import Progress, silent
from weaklink.study.lens_provenance import amount

COALITIONS = 400  # that a lens is asked for at most, for Shapley values
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Game:
    """Members who may act together, and what they lose if only some of them do.

    `losses` gives for one coalition (a flag for each member) the loss of every member, those outside acting alone;
    `whole` the loss that is counted for contributions, which may be wider than that of members. `own_first` are losses
    where everybody serves itself before others, if the lens has such a rule. `joining` flags who would join; `label`
    names a member for people.
    """

    members: tuple[str, ...]
    joining: np.ndarray
    unit: str
    losses: Callable[[np.ndarray], Figures]
    whole: Callable[[np.ndarray], float]
    own_first: Figures | None
    label: Callable[[str], str]
    caveats: tuple[str, ...]
    provenance: Provenance


def solidarity(game: Game, seed: int = 0, progress: Progress = silent) -> Result:
    """A row for each member, those who gain most first, and the total; columns in `weaklink.tables.SOLIDARITY`."""
    everybody = np.ones(len(game.members), dtype=bool)
    alone, together = game.losses(~everybody), game.losses(everybody)
    without = game.losses(~game.joining) if game.joining.any() else np.full(len(alone), np.nan)
    split, last = _contributions(game, seed, progress)
    rows = list(_rows(game, alone, together, without, split, last))
    return Result(
        tables.SOLIDARITY,
        tabulated(tables.SOLIDARITY, rows),
        (*_caveats(game, alone, together, without, split), *game.caveats),
        game.provenance,
    )


def _contributions(game: Game, seed: int, progress: Progress) -> tuple[Split, Figures]:
    """Each member's part of what all save together, and what would be lost more without it."""
    players, done = len(game.members), 0

    def saved(those: Coalitions) -> Figures:
        nonlocal done
        found = []
        for coalition in those:
            found.append(-game.whole(coalition))
            done += 1
            progress(done, COALITIONS + players)
        return np.array(found)

    once = remembered(saved)
    if 2**players <= COALITIONS:
        split = exact(once, players)
    else:
        split = sampled(once, players, pairs=max(2, COALITIONS // (2 * players)), seed=seed)
    return split, last_in(once, players).part


def _rows(
    game: Game, alone: Figures, together: Figures, without: Figures, split: Split, last: Figures
) -> Iterator[dict[str, Any]]:
    same = {"loss_unit": game.unit, "method": split.method}
    own = np.full(len(alone), np.nan) if game.own_first is None else game.own_first
    for place in np.lexsort((np.arange(len(alone)), together - alone)):
        code = game.members[place]
        yield {
            **same,
            "country": code,
            "label": game.label(code),
            "joining": "yes" if game.joining[place] else "no",
            "alone": alone[place],
            "own_first": own[place],
            "together": together[place],
            "gain": alone[place] - together[place],
            "without_joining": without[place],
            "contribution": split.part[place],
            "error": split.error[place],
            "last": last[place],
        }
    yield {
        **same,
        "country": TOTAL,
        "label": "all of them",
        "joining": "no",
        "alone": alone.sum(),
        "own_first": own.sum(),
        "together": together.sum(),
        "gain": (alone - together).sum(),
        "without_joining": without.sum(),
        "contribution": float(split.total),
        "error": 0.0,
        "last": np.nan,
    }


def _caveats(game: Game, alone: Figures, together: Figures, without: Figures, split: Split) -> Iterator[str]:
    saved, unit = float((alone - together).sum()), game.unit
    part = f" ({saved / alone.sum():.0%} of it)" if alone.sum() else ""
    yield (
        f"Alone, the {len(alone)} members lose {amount(alone.sum(), unit)}; together {amount(together.sum(), unit)}: "
        f"solidarity is worth {amount(saved, unit)}{part}."
    )
    losers = [game.members[place] for place in np.flatnonzero(together > alone + 1e-6 * (1 + alone))]
    if losers:
        yield f"Members that lose more together than alone, as they share what they have: {', '.join(losers)}."
    if game.joining.any():
        old = ~game.joining
        names = ", ".join(code for code, joins in zip(game.members, game.joining, strict=True) if joins)
        yield (
            f"Accession of {names}: the other members lose {amount(together[old].sum(), unit)} with them and "
            f"{amount(without[old].sum(), unit)} without; those who join lose {amount(together[~old].sum(), unit)} "
            f"inside and {amount(without[~old].sum(), unit)} outside."
        )
    yield f"Contributions: {split.method}, {split.evaluations:,} coalitions asked for; they add up to what is saved."
