"""Which product codes do these words mean?

Four ways lead to a code, best first: the words are a synonym of ours, or the label itself; they all occur
in the label; they are part of a synonym, or a synonym is part of them; some of them occur in the label. A
word that no label and no synonym has is first replaced by the one that is spelt most like it. Words of a
label count by how rare they are (inverse document frequency, Spärck Jones 1972, Journal of Documentation
28(1), 11), and a word that a label names only to exclude it counts little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from weaklink.codes.product_index import (
    codes_by_label,
    entries,
    label_weight,
    labelled_editions,
    postings,
    synonyms,
    vocabulary,
    weight,
)
from weaklink.codes.product_words import key, words, written_compounds, written_words
from weaklink.codes.products import NOMENCLATURES, has_labels, labels
from weaklink.errors import CodeError

EXCLUDED_COUNTS = 0.2
"""Weight of a word that a label names only to exclude it; a word that it includes weighs 1."""

SPELLING_CUTOFF = 0.75
"""Least similarity (0 to 1) at which one word is taken for another: one minus the number of letters put in,
left out, exchanged or swapped (optimal string alignment distance), by the letters of the longer word."""

LEAST_COVERAGE = 0.5
"""Least share of the question, by weight, that a label must answer to be listed."""

LEAST_SHARE = 1 / 3
"""Least share of words that the question and a synonym must have in common, and least share of the best
score at which a match is still listed."""

_DOTTED = re.compile(r"\b([0-9]{2,4})\.([0-9]{2})\b(?!\s*%)")
_DIGITS = re.compile(r"(?<![\w.])[0-9]+\b(?!\.?[0-9])(?!\s*%)")


@dataclass(frozen=True, slots=True)
class Match:
    """A six-digit code that fits; `how` says by what: a synonym, words, a spelling, a code prefix."""

    code: str
    nomenclature: str
    label: str
    score: float  # 0 to 100; 100 is exact
    how: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the user asked: keys of words to find, and digits that the code must begin with.

    `remarks` say which words were respelt or left out; `trust` (0 to 1) is how much of the question as
    written is left after that.
    """

    words: frozenset[str]
    prefixes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    trust: float = 1.0


def search(words: str, *, nomenclature: str | None = None, limit: int = 20) -> tuple[Match, ...]:
    """Six-digit codes that the words mean, best first; the same question always gets the same answer.

    Digits in the question are the beginning of the code: `8505 magnets`. Without `nomenclature` each code
    is listed once, in the edition in which it fits best (the newest of equals). Capital letters, plurals,
    British and American spelling make no difference. Matches far behind the best are left out.

    Raises:
        CodeError: nothing to look for, nothing found, or an edition without labels.

    >>> [(match.code, match.how) for match in search("rare earth magnets", limit=1)]
    [('850511', 'synonym: rare earth magnets')]
    """
    best: dict[str, Match] = {}
    for match in _matches(words, _editions(nomenclature)):
        if match.code not in best or _order(match) < _order(best[match.code]):
            best[match.code] = match
    if not best:
        raise _nothing(words, nomenclature)
    ranked = sorted(best.values(), key=_order)
    return tuple(match for match in ranked[:limit] if match.score >= LEAST_SHARE * ranked[0].score)


def _matches(text: str, editions: Sequence[str]) -> Iterator[Match]:
    """Every way in which a code of these editions answers a text."""
    yield from _by_label(text, editions)
    for question in _readings(text):
        if question.words:
            found = (*_by_synonym(question.words, editions), *_by_words(question.words, editions))
        else:
            found = tuple(_by_prefix(question.prefixes, editions)) if question.trust else ()
        for match in found:
            if match.code.startswith(question.prefixes or ""):
                yield _qualified(match, question)


def _by_label(text: str, editions: Sequence[str]) -> Iterator[Match]:
    """Codes whose whole label was given."""
    wanted = " ".join(text.casefold().split())
    for edition in editions:
        for code in codes_by_label(edition).get(wanted, ()):
            yield Match(code, edition, labels(edition)[code], 100.0, "the label itself")


def _by_prefix(prefixes: Sequence[str], editions: Sequence[str]) -> Iterator[Match]:
    """All codes that begin with these digits."""
    for entry in entries():
        prefix = next((digits for digits in prefixes if entry.code.startswith(digits)), None)
        if prefix is not None and entry.nomenclature in editions:
            yield Match(entry.code, entry.nomenclature, entry.label, 100.0, f"code {prefix}")


def _by_synonym(asked: frozenset[str], editions: Sequence[str]) -> Iterator[Match]:
    """Codes of the synonyms that are the question, part of it, or have it as a part.

    Each further code of a synonym loses a point, nine at most.
    """
    for synonym in synonyms():
        score = _synonym_score(asked, synonym.words)
        if score is not None:
            for edition in editions:
                for rank, code in enumerate(synonym.codes[edition]):
                    points = round(score - min(rank, 9), 1)
                    yield Match(code, edition, labels(edition)[code], points, f"synonym: {synonym.term}")


def _synonym_score(asked: frozenset[str], synonym: frozenset[str]) -> float | None:
    """100 for the same words; 65 to 85 where one is part of the other, by the share in common; else None."""
    if asked == synonym:
        return 100.0
    share = len(asked & synonym) / len(asked | synonym)
    part = asked < synonym or synonym < asked
    return 55 + 30 * share if part and share >= LEAST_SHARE else None


def _by_words(asked: frozenset[str], editions: Sequence[str]) -> Iterator[Match]:
    """Codes whose label has all words of the question, or enough of them."""
    total = weight(asked)
    for number in sorted({number for word in asked for number in postings().get(word, ())}):
        entry = entries()[number]
        if entry.nomenclature in editions:
            named = weight(asked & entry.named)
            coverage = (named + EXCLUDED_COUNTS * weight(asked & entry.excluded)) / total
            if coverage >= LEAST_COVERAGE:
                complete = asked <= entry.named
                how = "all words" if complete else f"words: {_listed(asked & (entry.named | entry.excluded))}"
                score = _label_score(complete, coverage, named / label_weight(number))
                yield Match(entry.code, entry.nomenclature, entry.label, score, how)


def _label_score(complete: bool, coverage: float, precision: float) -> float:
    """60 to 90 where the label has all words, else up to 55.

    `coverage` is the share of the question that the label answers; `precision` the share of the label
    that was asked for, so that short labels come first.
    """
    return round(60 + 30 * precision if complete else coverage * (40 + 15 * precision), 1)


def _readings(text: str) -> Iterator[Question]:
    """The questions that a text can be: its compounds as their parts, and as one word each."""
    yield _question(text.replace("-", " "))
    compounds = written_compounds(text)
    if compounds and all(key(compound) in vocabulary() for compound in compounds):
        yield _question(re.sub(r"(?<=[A-Za-z])-(?=[A-Za-z])", "", text))


def _question(text: str) -> Question:
    """Digits and words of a text; words that are not known are respelt or left out."""
    text = _DOTTED.sub(r"\1\2", text)
    alone = not written_words(_DIGITS.sub(" ", text))
    digits = [found for found in _DIGITS.findall(text) if alone or len(found) in (2, 4, 6)]
    written = [word for word in written_words(text) if word not in digits]
    unknown = [word for word in written if key(word) not in vocabulary()]
    respelt = {word: near for word in unknown if (near := _nearest_word(word))}
    lost = [word for word in unknown if word not in respelt]
    kept = [respelt[word][0] if word in respelt else word for word in written if word not in lost]
    trust = len(kept) / len(written) if written else 1.0
    for _, likeness in respelt.values():
        trust *= likeness
    remarks = [f"spelling: {word} → {near}" for word, (near, _) in respelt.items()]
    remarks += [f"unknown: {word}" for word in lost]
    return Question(frozenset(map(key, kept)), tuple(map(_prefix, digits)), tuple(remarks), trust)


def _prefix(digits: str) -> str:
    """Digits as the beginning of a code, with the zero that a spreadsheet dropped if only then one exists."""
    if len(digits) in (1, 3, 5) and not any(entry.code.startswith(digits) for entry in entries()):
        return "0" + digits
    return digits[:6]


def _nearest_word(word: str) -> tuple[str, float] | None:
    """The known word that is spelt most like an unknown one, and how like it is (0 to 1)."""
    if len(word) <= 3 or word.isdigit():
        return None
    asked = key(word)
    found = process.extract(
        asked, vocabulary().keys(), scorer=OSA.normalized_similarity, score_cutoff=SPELLING_CUTOFF, limit=None
    )
    if not found:
        return None
    known, likeness, _ = min(found, key=lambda hit: (-hit[1], hit[0][0] != asked[0], hit[0]))
    return vocabulary()[known], likeness


def _qualified(match: Match, question: Question) -> Match:
    """The match with the remarks on its question, its score lowered by what the question lost."""
    if not question.remarks:
        return match
    how = "; ".join((*question.remarks, match.how))
    return replace(match, score=round(match.score * question.trust, 1), how=how)


def _order(match: Match) -> tuple[float, int, str]:
    """Best score first, then the newest edition, then the code."""
    return -match.score, -NOMENCLATURES.index(match.nomenclature), match.code


def _editions(nomenclature: str | None) -> tuple[str, ...]:
    """The editions to search."""
    if nomenclature is None:
        return labelled_editions()
    if not has_labels(nomenclature):
        raise CodeError(
            f"no product labels are embedded for {nomenclature}, only for "
            f"{' and '.join(labelled_editions())}. Search without a nomenclature: most codes are the same in "
            f"all editions; check what you find against the code list of {nomenclature}."
        )
    return (nomenclature,)


def _nothing(text: str, nomenclature: str | None) -> CodeError:
    """The error for a question without an answer."""
    if not words(text):
        return CodeError(
            f"{text!r} has no words to look for. Give a product such as 'lithium carbonate', or the "
            "beginning of a code such as 2836."
        )
    where = f" of {nomenclature}" if nomenclature else ""
    return CodeError(
        f"no product code{where} fits {text!r}. Try fewer or more general words, such as the material "
        "('nickel'), or the beginning of a code such as 7502."
    )


def _listed(found: Iterable[str]) -> str:
    return ", ".join(sorted(vocabulary()[word] for word in found))
