"""How do shares of refining that a user states stand beside the production of mines? As production of one unit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from weaklink.codes.countries import UNIDENTIFIED
from weaklink.minerals.extraction import Production
from weaklink.sources.supply_risk import Share, Stage

PARTS = 10**12  # whole parts of a supply: shares are exact to as many digits as a sheet may have


def refined(shares: Sequence[Share], stage: Stage) -> Production:
    """The stated shares of the global supply of each material at one stage, as production in parts of 10¹².

    What is missing to a whole, and what no country is stated for, is of no identified country.

    >>> stated = [Share(2, "Cobalt", "processing", "CHN", 0.75, "global")]
    >>> parts = refined(stated, "processing")
    >>> parts.minerals, parts.countries, float(parts.unidentified[0] / PARTS)
    (('Cobalt',), ('CHN', 'ZZZ'), 0.25)
    """
    stated = [part for part in shares if part.stage == stage and part.supply == "global"]
    materials = tuple(sorted({part.material for part in stated}))
    countries = tuple(sorted({UNIDENTIFIED, *(part.iso3 for part in stated)}))
    amount = np.zeros((len(materials), len(countries)), dtype=np.int64)
    for part in stated:
        if part.iso3 != UNIDENTIFIED:
            amount[materials.index(part.material), countries.index(part.iso3)] = round(part.share * PARTS)
    none = np.zeros(len(materials), dtype=np.int64)
    producers = np.count_nonzero(amount, axis=-1)
    return Production(
        minerals=materials,
        units=("share",) * len(materials),
        countries=countries,
        amount=amount,
        estimated=np.zeros_like(amount),
        unidentified=np.maximum(PARTS - amount.sum(axis=-1), 0),
        unknown=none,
        rows=producers,
        known_rows=producers,
    )
