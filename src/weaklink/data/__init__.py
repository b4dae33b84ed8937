"""What reference data does the product carry, and where is each table's card?

Every file here has a card `NAME.card.json` beside it: what, source, licence, vintage, sha256, and how it
was derived. `tools/build_data.py` makes the derived files again from the originals.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from weaklink.provenance import Card

ROOT = Path(__file__).parent


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """All rows of the embedded table `NAME.csv`, each a mapping from column to text.

    >>> rows("countries")[0]["iso3"]
    'ABW'
    """
    with (ROOT / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def cards() -> tuple[Card, ...]:
    """The card of every embedded data set, by name.

    >>> "memberships" in [card.name for card in cards()]
    True
    """
    return tuple(card(path.name.removesuffix(".card.json")) for path in sorted(ROOT.glob("*.card.json")))


@cache
def card(name: str) -> Card:
    """The card of one embedded data set."""
    return Card.from_json((ROOT / f"{name}.card.json").read_text(encoding="utf-8"))
