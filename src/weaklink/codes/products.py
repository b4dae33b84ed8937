"""What is a product code, what does it stand for, and which codes does the user mean?

A product is a six-digit code of the Harmonized System (HS), as text: `"010121"`, never 10121. A code has
a meaning only together with its edition (nomenclature): 811292 stands for seven metals in HS17, for five of
them in HS22, and does not exist in HS92.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from weaklink import data
from weaklink.errors import CodeError

NOMENCLATURES = ("HS92", "HS96", "HS02", "HS07", "HS12", "HS17", "HS22")
"""Editions of the Harmonized System, oldest first; labels are embedded for HS92 and HS22."""

ADVICE = 'Find codes by words with `weaklink products "words"`.'
NAME_WIDTH = 64
"""Longest `short_name`, in characters."""

_NARROWEST = 8


def product(text: str) -> str:
    """A six-digit product code, checked for its form only; `8505.11` is read as `850511`.

    Raises:
        CodeError: not six digits; the message says what was probably meant.

    >>> product(" 850511 ")
    '850511'
    """
    code = re.sub(r"^([0-9]{4})\.([0-9]{2})$", r"\1\2", text.strip())
    if not _is_digits(code):
        raise CodeError(f"{text!r} is not a product code: six digits are expected, such as 850511. {ADVICE}")
    if len(code) in (1, 3, 5):
        raise _zero_dropped(code)
    if len(code) in (2, 4):
        raise CodeError(
            f"{code!r} is a {_level(code)} of the Harmonized System; a product code has six digits, "
            f"such as {code}{'0' * (6 - len(code))}. {ADVICE}"
        )
    if len(code) > 6:
        raise CodeError(
            f"{code!r} has {len(code)} digits: it is a national tariff line. The Harmonized System ends "
            f"after six digits; give {code[:6]}.",
            nearest=(code[:6],),
        )
    return code


def has_labels(nomenclature: str) -> bool:
    """Whether the product carries labels for this edition.

    >>> has_labels("HS92"), has_labels("HS17")
    (True, False)
    """
    return bool(labels(nomenclature))


def labels(nomenclature: str) -> Mapping[str, str]:
    """Labels by code, as the source gives them; empty for an edition without embedded labels.

    HS92 has six-digit codes. HS22 also has chapters (two digits) and headings (four digits). The sources
    are on the data card `hs_labels`; they cut labels off at about 255 characters.

    Raises:
        CodeError: unknown edition.

    >>> labels("HS92")["271121"]
    'Petroleum gases and other gaseous hydrocarbons: in gaseous state, natural gas'
    """
    if nomenclature not in NOMENCLATURES:
        raise CodeError(
            f"{nomenclature!r} is not an edition of the Harmonized System; known are "
            f"{', '.join(NOMENCLATURES)}.",
            nearest=tuple(name for name in NOMENCLATURES if name == nomenclature.upper()),
        )
    return _labels()[nomenclature]


def label(code: str, nomenclature: str) -> str | None:
    """The source's label of a code in its edition; None where there is none embedded.

    >>> label("811230", "HS92"), label("811230", "HS22")
    ('Germanium: including waste and scrap', None)
    """
    return labels(nomenclature).get(code)


def short_name(code: str, nomenclature: str) -> str:
    """A name that fits a table or a chart, 64 characters at most; empty where we have none.

    The name is ours, the label is the source's: show `label` wherever the exact scope matters. First
    choice is a name written by hand for this code and edition, then the label, cut. For an edition
    without embedded labels, name and label are used only of codes whose label is the same in HS92 and
    HS22; other codes have no name there.

    Raises:
        CodeError: unknown edition.

    >>> short_name("271121", "HS92"), short_name("811292", "HS22")
    ('Natural gas (pipeline)', 'Gallium, germanium, indium, niobium, vanadium (unwrought)')
    >>> short_name("271121", "HS12"), short_name("811292", "HS12")
    ('Natural gas (pipeline)', '')
    """
    names = _short_names()
    if (code, nomenclature) in names:
        return names[code, nomenclature]
    if code in _unchanged() and nomenclature in NOMENCLATURES:
        written = (names[code, edition] for edition in NOMENCLATURES if (code, edition) in names)
        return next(written, short_label(labels("HS22")[code], NAME_WIDTH))
    return short_label(label(code, nomenclature) or "", NAME_WIDTH)


def short_label(label: str, width: int) -> str:
    """A label of at most `width` characters, cut between words; … stands where words were left out.

    What tells one code from the next stands after the colon, so the part before it is cut first.

    >>> short_label("Petroleum gases and other gaseous hydrocarbons: in gaseous state, natural gas", 52)
    'Petroleum gases…: in gaseous state, natural gas'
    """
    if width < _NARROWEST:
        raise ValueError(f"width is {width}; at least {_NARROWEST} characters are needed")
    if len(label) <= width:
        return label
    group, colon, rest = label.partition(": ")
    if not colon:
        return _cut(label, width)
    room = max(width - len(rest) - len(colon), width // 3)
    start = group if len(group) <= room else _cut(group, room)
    if len(start) + len(colon) + 2 > width:
        return _cut(label, width)
    return start + colon + _cut(rest, width - len(start) - len(colon))


def select(text: str, available: Sequence[str], *, nomenclature: str | None = None) -> tuple[str, ...]:
    """The available codes that a user's list means, sorted, each once.

    `text` holds codes of six digits, or of two or four, which mean every available code below them,
    separated by commas or spaces. `nomenclature` is the edition of `available`; it serves to name codes
    in messages.

    Raises:
        CodeError: empty, not a code, or nothing of it available; nearest available codes are named.

    >>> select("2711, 850511", ["271111", "271121", "850511", "850519"])
    ('271111', '271121', '850511')
    """
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    if not parts:
        raise CodeError(f"no product code was given. Give codes such as 850511 or 2711. {ADVICE}")
    if not any(character.isdigit() for character in text):
        raise CodeError(
            f"{text!r} is not a list of product codes, such as 850511 or 2711. Find the codes with "
            f'`weaklink products "{text.strip()}"`.'
        )
    codes = {code for part in parts for code in _below(part, available, nomenclature)}
    return tuple(sorted(codes))


def _below(part: str, available: Sequence[str], nomenclature: str | None) -> list[str]:
    """The available codes that one code or heading stands for."""
    prefix = part if _is_digits(part) and len(part) in (2, 4) else product(part)
    found = [code for code in available if code.startswith(prefix)]
    if not found:
        raise _not_available(prefix, available, nomenclature)
    return found


def _not_available(code: str, available: Sequence[str], nomenclature: str | None) -> CodeError:
    """The error for a code that is well formed but not in the data."""
    same_chapter = [other for other in available if other[:2] == code[:2]]
    nearest = sorted(same_chapter, key=lambda other: (-_common(code, other), other))[:3]
    listed = "".join(f"\n  {other}  {_name(other, nomenclature)}" for other in nearest)
    found = f"Nearest available:{listed}" if nearest else f"Nothing of chapter {code[:2]} is available."
    known = _name(code, nomenclature)
    what = f"{code} ({known})" if known else code
    return CodeError(f"product {what} is not in this data set. {found}\n{ADVICE}", nearest=nearest)


def _zero_dropped(code: str) -> CodeError:
    """The error for an odd number of digits."""
    padded = "0" + code
    known = _name(padded, None)
    meant = f"Did you mean {padded} ({known})?" if known else f"With the zero it would be {padded}."
    return CodeError(
        f"{code!r} has {len(code)} {'digit' if len(code) == 1 else 'digits'}; a spreadsheet has probably "
        f"dropped a leading zero. {meant} Product codes are text of six digits.",
        nearest=(padded,) if known else (),
    )


def _name(code: str, nomenclature: str | None) -> str:
    """A short label for a message: of the edition if it has labels, else of the newest that has the code."""
    editions = (nomenclature,) if nomenclature and has_labels(nomenclature) else reversed(NOMENCLATURES)
    found = (text for edition in editions if (text := label(code, edition)) is not None)
    return short_label(next(found, ""), 80)


def _cut(text: str, width: int) -> str:
    """The first words of `text` that fit into `width` with a … behind them."""
    if len(text) <= width:
        return text
    start = text[:width]
    whole_words = re.sub(
        r"([ ,:(]+(and|but|for|in|not|of|or|the|with))*[ ,:(]*$", "", start.rpartition(" ")[0]
    )
    return (whole_words or start[:-1]) + "…"


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _level(code: str) -> str:
    return "chapter" if len(code) == 2 else "heading"


def _common(one: str, other: str) -> int:
    """How many leading digits two codes share."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    """Embedded labels by edition and code."""
    tables: dict[str, dict[str, str]] = {nomenclature: {} for nomenclature in NOMENCLATURES}
    for row in data.rows("hs_labels"):
        for nomenclature in row["nomenclatures"].split():
            tables[nomenclature][row["code"]] = row["label"]
    return MappingProxyType({name: MappingProxyType(table) for name, table in tables.items()})


@cache
def _short_names() -> Mapping[tuple[str, str], str]:
    """Names written by hand, by code and edition."""
    return MappingProxyType(
        {
            (row["code"], nomenclature): row["name"]
            for row in data.rows("product_short_names")
            for nomenclature in row["nomenclatures"].split()
        }
    )


@cache
def _unchanged() -> frozenset[str]:
    """Six-digit codes whose label is the same in HS92 and HS22, the two sources' abbreviations aside."""
    old, new = labels("HS92"), labels("HS22")
    return frozenset(code for code in old if code in new and _compared(old[code]) == _compared(new[code]))


def _compared(label: str) -> str:
    return label.casefold().replace("n.e.c.", "n.e.s.").replace("e.g.", "eg")
