"""Which industry makes a product, and in which sector of an input-output table is it?

Products are joined to divisions of ISIC Rev. 4 by rules for HS headings, the longest code that fits; divisions to
sectors by what the sector's code says (`C10T12`, `J59_J60`, `D35`), or by a table where codes do not say it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from weaklink.data import rows

# Divisions of each section of ISIC Rev. 4 (and of NACE Rev. 2, which has the same).
SECTIONS: Mapping[str, tuple[int, int]] = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47),
    "H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82),
    "O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip
SPAN = re.compile(r"[A-U]?(\d\d)(?:(?:T|t|-|_|to)[A-U]?(\d\d))?")


@dataclass(frozen=True, slots=True)
class Made:
    """A division that makes a product: which share of it, by which rule, and how sure the rule is."""

    isic: str
    weight: float
    rule: str
    sureness: str


def makers(product: str, rules: Mapping[str, tuple[Made, ...]] | None = None) -> tuple[Made, ...]:
    """The ISIC Rev. 4 divisions that make an HS product (2, 4 or 6 digits); none where no rule fits.

    Of several rules the one for the longest code applies. Weights sum to one. `rules` stand for the embedded ones.

    >>> [(made.isic, made.weight, made.rule, made.sureness) for made in makers("280530")]
    [('20', 1.0, '28', 'sure')]
    >>> [made.isic for made in makers("250300")], makers("999999")
    (['08', '19'], ())
    """
    known = _rules() if rules is None else rules
    for length in (6, 4, 2):
        if len(product) >= length and (found := known.get(product[:length])):
            return found
    return ()


def divisions(sector: str, classification: str = "") -> frozenset[str]:
    """The ISIC Rev. 4 divisions in a sector, by the classification of its table; none where they are not known.

    >>> sorted(divisions("C10T12")), sorted(divisions("J59_J60")), sorted(divisions("D"))
    (['10', '11', '12'], ['59', '60'], ['35'])
    >>> sorted(divisions("c3", "WIOD35")), divisions("Paddy rice")
    (['10', '11', '12'], frozenset())
    """
    if known := _sectors().get((classification, sector)):
        return known
    if sector in SECTIONS:
        first, last = SECTIONS[sector]
    elif found := SPAN.fullmatch(sector):
        first, last = int(found[1]), int(found[2] or found[1])
    else:
        return frozenset()
    return frozenset(f"{number:02d}" for number in range(first, last + 1)) & _titles().keys()


def sectors_making(
    sectors: Iterable[str], classification: str = "", own: Mapping[str, frozenset[str]] = MappingProxyType({})
) -> dict[str, tuple[str, ...]]:
    """For each ISIC division, the sectors of a table that it is in; `own` stands for what the codes say.

    >>> sectors_making(["A01", "C20", "C21"])["20"]
    ('C20',)
    """
    found: dict[str, list[str]] = defaultdict(list)
    for sector in sectors:
        for division in sorted(own.get(sector) or divisions(sector, classification)):
            found[division].append(sector)
    return {division: tuple(held) for division, held in found.items()}


def sector_title(sector: str, classification: str = "") -> str:
    """What a sector is called, from the names of its divisions; empty where they are not known.

    >>> sector_title("c14", "WIOD35"), sector_title("D35"), sector_title("G"), sector_title("Paddy rice")
    ('Electronics, electrical equipment', 'Electricity, gas', 'Trade', '')
    """
    held = divisions(sector, classification)
    section = [letter for letter in SECTIONS if held and held == divisions(letter)]
    if section and len(held) > 1:
        return _titles()[section[0]]
    parts = [_titles()[code] for code in sorted(held)]
    named = ", ".join(
        part if place == 0 else part[0].lower() + part[1:] for place, part in enumerate(parts[:4])
    )
    return named + (" and others" if len(parts) > 4 else "")


@cache
def _titles() -> Mapping[str, str]:
    return {row["isic"]: row["title"] for row in rows("isic_titles")}


@cache
def _rules() -> Mapping[str, tuple[Made, ...]]:
    rules: dict[str, list[Made]] = defaultdict(list)
    for row in rows("hs_isic"):
        rules[row["hs"]].append(Made(row["isic"], float(row["weight"]), row["hs"], row["sureness"]))
    return {code: tuple(made) for code, made in rules.items()}


@cache
def _sectors() -> Mapping[tuple[str, str], frozenset[str]]:
    held: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows("sector_isic"):
        held[row["classification"], row["sector"]].add(row["isic"])
    return {key: frozenset(known) for key, known in held.items()}
