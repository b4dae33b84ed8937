"""Which country does a code or a name mean, and what is it called?

ISO 3166 alpha-3 is the only code used inside. Whatever else a user or a source writes goes through
`country`: codes are looked up as they stand, names by their words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType

from rapidfuzz import fuzz, process

from weaklink.data import rows
from weaklink.errors import CodeError

UNIDENTIFIED = "ZZZ"
"""The one area for everything that a source does not identify (ISO 3166 leaves ZZZ to its users)."""

# Words as sources abbreviate them, and words that carry no meaning in a country's name.
ABBREVIATED = {
    **dict.fromkeys(("is", "isd", "isds", "isl", "island"), "islands"),
    **dict.fromkeys(("ter", "terr", "territories"), "territory"),
    "br": "british",
    "dem": "democratic",
    "fr": "french",
    "rep": "republic",
    "st": "saint",
}
EMPTY_WORDS = {"and", "fmr", "former", "of", "the"}
LIKE_ENOUGH = 66  # of 100; two digits of three make 66.7, and below it names share little more than letters
GUESSES = 3


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory with its own ISO 3166 code, also one that no longer exists.

    `m49` is the ISO and United Nations number as three digits; `comtrade` the number that UN Comtrade and
    BACI use where it differs; `eurostat` Eurostat's two letters. `until` is the first day (ISO 8601) on
    which a former country was no more. Text is empty where there is nothing to say.
    """

    iso3: str
    iso2: str
    name: str
    m49: str
    comtrade: str
    eurostat: str
    until: str
    note: str


@cache
def countries() -> Mapping[str, Country]:
    """Every country by ISO3, in alphabetical order of the code.

    >>> countries()["NAM"].iso2
    'NA'
    >>> countries()["SCG"].until
    '2006-06-03'
    """
    columns = [field.name for field in fields(Country)]
    return MappingProxyType(
        {row["iso3"]: Country(**{name: row[name] for name in columns}) for row in rows("countries")}
    )


def country(text: str) -> str:
    """ISO3 of the country that `text` means.

    Understood are ISO3, ISO2, ISO and Comtrade numbers (with or without leading zeros), Eurostat letters,
    and English names in the spellings of the usual sources; case, accents, punctuation and the order of
    words do not matter. A name of several countries, such as Korea, is an error that lists them, and an
    unknown one is an error that lists the nearest. Statistical areas such as 899 are not countries: see
    `weaklink.codes.areas`.

    >>> [country(text) for text in ("NA", "4", "842", "EL", "Korea, Rep.", "cote d'ivoire")]
    ['NAM', 'AFG', 'USA', 'GRC', 'KOR', 'CIV']
    >>> country("Congo")
    Traceback (most recent call last):
    weaklink.errors.CodeError: 'Congo' can mean COD (DR Congo) or COG (Congo Republic). Write one of them.
    """
    found = _codes().get(_code(text)) or _names().get(_words(text)) or frozenset()
    if not found:
        raise _unknown(text)
    if len(found) > 1:
        raise _ambiguous(text, sorted(found))
    return min(found)


def name(iso3: str) -> str:
    """English short name, as it stands in tables and charts.

    >>> name("COD"), name("TUR"), name("ZZZ")
    ('DR Congo', 'Türkiye', 'Not identified')
    """
    if iso3 == UNIDENTIFIED:
        return "Not identified"
    if iso3 not in countries():
        raise _unknown(iso3)
    return countries()[iso3].name


@cache
def _codes() -> Mapping[str, frozenset[str]]:
    """Countries by every code that stands for them: letters in capitals, numbers as three digits."""
    return _gathered(
        [
            *(
                (code, one.iso3)
                for one in countries().values()
                for code in (one.iso3, one.iso2, one.m49, one.comtrade, one.eurostat)
            ),
            *((_code(alias), iso3) for alias, iso3 in _aliases() if _is_code(alias)),
        ]
    )


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """Countries by the words of every name that stands for them."""
    return _gathered(
        [
            *(
                (_words(one), row["iso3"])
                for row in rows("countries")
                for one in (row["name"], *row["other_names"].split(" | "))
            ),
            *((_words(alias), iso3) for alias, iso3 in _aliases() if not _is_code(alias)),
        ]
    )


def _aliases() -> Iterable[tuple[str, str]]:
    """Pairs of alias and ISO3; an alias of several countries comes once for each."""
    return ((row["alias"], iso3) for row in rows("country_aliases") for iso3 in row["iso3"].split())


def _gathered(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    gathered: dict[str, set[str]] = {}
    for key, iso3 in pairs:
        if key:
            gathered.setdefault(key, set()).add(iso3)
    return {key: frozenset(meant) for key, meant in gathered.items()}


def _is_code(alias: str) -> bool:
    return len(alias) <= 3 and alias.isalnum() and alias == alias.upper()


def _code(text: str) -> str:
    """A code in the form in which it is kept: '4' and '0004' become '004', 'xk' becomes 'XK'."""
    code = text.strip().upper()
    return code.lstrip("0").zfill(3) if _is_number(code) else code


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _words(text: str) -> str:
    """The telling words of a name in alphabetical order, without accents, case and punctuation.

    >>> _words("Korea, Dem. People's Rep. of") == _words("Democratic People’s Republic of KOREA")
    True
    >>> _words("U.S. Virgin Isds")
    'islands us virgin'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"(?<=\w\w)\.", " ", plain)  # the full stop of 'Dem.Rep.' parts words,
    plain = re.sub(r"[.'’‘`]", "", plain)  # that of 'U.S.' does not, nor does an apostrophe
    words = (ABBREVIATED.get(word, word) for word in re.findall(r"\w+", plain))
    return " ".join(sorted(word for word in words if word not in EMPTY_WORDS))


def _ambiguous(text: str, found: list[str]) -> CodeError:
    return CodeError(f"{text!r} can mean {' or '.join(map(_named, found))}. Write one of them.", found)


def _unknown(text: str) -> CodeError:
    nearest = _nearest(text)
    guess = f"Nearest: {', '.join(map(_named, nearest))}. " if nearest else ""
    return CodeError(
        f"{text!r} is no country that we know. {guess}Write an ISO3 code such as DEU or an English name.",
        nearest,
    )


def _nearest(text: str) -> tuple[str, ...]:
    """The countries whose names look most like `text`, or whose numbers do, best first."""
    if _is_number(text.strip()):
        wanted, known = _code(text), [key for key in _codes() if _is_number(key)]
    else:
        wanted, known = _words(text), list(_names())
    likely = process.extract(wanted, known, scorer=fuzz.WRatio, limit=4 * GUESSES, score_cutoff=LIKE_ENOUGH)
    meant = [iso3 for key, _, _ in likely for iso3 in sorted(_codes().get(key) or _names()[key])]
    return tuple(dict.fromkeys(meant))[:GUESSES]


def _named(iso3: str) -> str:
    return f"{iso3} ({countries()[iso3].name})"
