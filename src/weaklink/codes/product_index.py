"""What do labels and synonyms say of each product code, ready to be searched?

Everything here is computed once from the embedded tables `hs_labels` and `product_synonyms`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from weaklink import data
from weaklink.codes.product_words import key, named_and_excluded, words, written_compounds, written_words
from weaklink.codes.products import NOMENCLATURES, has_labels, labels


@dataclass(frozen=True, slots=True)
class Entry:
    """One six-digit code of one edition, with the keys of the words of its label."""

    code: str
    nomenclature: str
    label: str
    named: frozenset[str]
    excluded: frozenset[str]


@dataclass(frozen=True, slots=True)
class Synonym:
    """An everyday term, the keys of its words, and the codes it means, best first, by edition."""

    term: str
    words: frozenset[str]
    codes: Mapping[str, tuple[str, ...]]


@cache
def labelled_editions() -> tuple[str, ...]:
    """The editions that can be searched, oldest first.

    >>> labelled_editions()
    ('HS92', 'HS22')
    """
    return tuple(name for name in NOMENCLATURES if has_labels(name))


@cache
def entries() -> tuple[Entry, ...]:
    """All six-digit codes of the editions with labels."""
    return tuple(
        Entry(code, edition, label, *named_and_excluded(label))
        for edition in labelled_editions()
        for code, label in labels(edition).items()
        if len(code) == 6
    )


@cache
def postings() -> Mapping[str, tuple[int, ...]]:
    """The numbers of the entries in which a word occurs, by its key."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries()):
        for word in entry.named | entry.excluded:
            numbers[word].append(number)
    return MappingProxyType({word: tuple(found) for word, found in numbers.items()})


def weight(keys: Iterable[str]) -> float:
    """The weight of some words together: of each, the logarithm of how rarely labels have it.

    >>> weight(["germanium"]) > weight(["metal"])
    True
    """
    found, total = postings(), len(entries())
    return math.fsum(math.log(1 + total / len(found.get(word, (0,)))) for word in keys)


@cache
def label_weight(number: int) -> float:
    """The weight of all words that the label of an entry names."""
    return weight(entries()[number].named)


@cache
def codes_by_label(edition: str) -> Mapping[str, tuple[str, ...]]:
    """Six-digit codes of an edition by whole label, in small letters."""
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for code, label in labels(edition).items():
        if len(code) == 6:
            codes[label.casefold()].append(code)
    return MappingProxyType({label: tuple(found) for label, found in codes.items()})


@cache
def synonyms() -> tuple[Synonym, ...]:
    """The embedded synonyms, one per term, in the order of the table."""
    return tuple(
        Synonym(
            term,
            frozenset(words(term)),
            {edition: tuple(row[edition].split()) for edition in labelled_editions()},
        )
        for row in data.rows("product_synonyms")
        for term in row["terms"].split("|")
    )


@cache
def vocabulary() -> Mapping[str, str]:
    """Every word of a label or a synonym, by its key, as it is written most often.

    >>> vocabulary()[key("magnets")], vocabulary()[key("aluminum")]
    ('magnets', 'aluminium')
    """
    labelled = {entry.label for entry in entries()}
    counts: Counter[str] = Counter()
    for text in (*labelled, *(synonym.term for synonym in synonyms())):
        counts.update(written_words(text))
        counts.update(written_compounds(text))
    forms: dict[str, str] = {}
    for word in sorted(counts, key=lambda word: (-counts[word], word)):
        forms.setdefault(key(word), word)
    return MappingProxyType(forms)
