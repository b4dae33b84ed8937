"""Which words does a text about products hold, whatever their spelling?

Labels, synonyms and questions are all cut into words here, so that "tyres", "tire" and "Tyre" meet. The
forms that come out are keys to compare with, not words to show.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

AMERICAN = {
    "aeroplane": "airplane",
    "aluminium": "aluminum",
    "baryte": "barite",
    "caesium": "cesium",
    "defence": "defense",
    "felspar": "feldspar",
    "grey": "gray",
    "jewellery": "jewelry",
    "mould": "mold",
    "oestrogen": "estrogen",
    "plough": "plow",
    "tyre": "tire",
}
"""British words that no rule of `american` covers."""

# fmt: off
SILENT = frozenset({
    "a", "an", "and", "any", "are", "as", "at", "be", "but", "by", "except", "excluding", "for", "from", "in",
    "including", "into", "is", "it", "its", "kind", "nec", "nes", "no", "not", "of", "on", "or", "other",
    "such", "than", "that", "the", "their", "thereof", "these", "this", "to", "used", "whether", "with",
})
# fmt: on
"""Words that tell no product from another."""

_RULES = (
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"(?<=..)our(|ed|ing|er|less)$"), r"or\1"),
    (re.compile(r"(?<=..[bt])re$"), "er"),
    (re.compile(r"(?<=...)is(e|ed|er|ing|ation|able)$"), r"iz\1"),
    (re.compile(r"(?<=..)ys(e|ed|er|ing)$"), r"yz\1"),
)
_WORD = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?")
_COMPOUND = re.compile(r"[a-z]+(?:-[a-z]+)+")
_NOT_SPECIFIED = re.compile(r"n\.e\.[cs]\.?")
_EXCLUSION = re.compile(
    r"\((?:but )?(?:excluding|except|other than|not )[^()]*\)?"
    r"|\b(?:excluding|except|other than|not containing|not including|but not)\b[^,:;()]*"
)


def words(text: str) -> tuple[str, ...]:
    """The keys of the words of `text`, in order; words that tell nothing are left out.

    A compound with a hyphen is its parts.

    >>> words("Tyres of a kind used on Aluminium rims")
    ('tire', 'aluminum', 'rim')
    """
    return tuple(key(word) for word in written_words(text))


def written_words(text: str) -> tuple[str, ...]:
    """The words of `text` as they are written, in small letters, without those that tell nothing.

    >>> written_words("Silicon: containing less than 99.99% of silicon, n.e.s.")
    ('silicon', 'containing', 'less', '99.99', 'silicon')
    """
    plain = _NOT_SPECIFIED.sub(" ", _plain(text))
    return tuple(
        word for word in _WORD.findall(plain) if word not in SILENT and (len(word) > 1 or word.isdigit())
    )


def written_compounds(text: str) -> tuple[str, ...]:
    """The compounds with a hyphen, each written as one word.

    >>> written_compounds("Ferro-alloys: ferro-vanadium")
    ('ferroalloys', 'ferrovanadium')
    """
    return tuple(found.replace("-", "") for found in _COMPOUND.findall(_plain(text)))


@cache
def named_and_excluded(label: str) -> tuple[frozenset[str], frozenset[str]]:
    """Words of a label that say what the code holds, and words that occur only in what it leaves out.

    >>> [sorted(part) for part in named_and_excluded("Gases, rare: other than argon")]
    [['gas', 'rare'], ['argon']]
    """
    plain = _plain(label)
    kept = _EXCLUSION.sub(" ", plain)
    named = _all_keys(kept)
    return named, (_all_keys(plain) - named if kept != plain else frozenset())


def _all_keys(text: str) -> frozenset[str]:
    return frozenset(map(key, (*written_words(text), *written_compounds(text))))


@cache
def key(word: str) -> str:
    """The form in which a word is compared: singular and American.

    >>> key("fibres") == key("fiber"), key("batteries") == key("battery"), key("pins") == key("pines")
    (True, True, False)
    """
    return american(singular(word))


def singular(word: str) -> str:
    """A word without the s of its plural; short words and words in ss, us and is stay as they are.

    >>> singular("magnets"), singular("boxes"), singular("gases"), singular("glass"), singular("apparatus")
    ('magnet', 'box', 'gas', 'glass', 'apparatus')
    """
    if len(word) <= 3 or word.endswith(("ss", "us", "is")) or word == "lens":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")) or word in ("gases", "buses", "lenses"):
        return word[:-2]
    return word.removesuffix("s")


def american(word: str) -> str:
    """The American spelling of a British word; other words as they are.

    >>> american("sulphur"), american("fertiliser"), american("fibre"), american("electrolyser")
    ('sulfur', 'fertilizer', 'fiber', 'electrolyzer')
    """
    if word in AMERICAN:
        return AMERICAN[word]
    for pattern, spelling in _RULES:
        word = pattern.sub(spelling, word)
    return word


def _plain(text: str) -> str:
    """Small letters without accents."""
    small = text.casefold()
    if small.isascii():
        return small
    return "".join(part for part in unicodedata.normalize("NFKD", small) if not unicodedata.combining(part))
