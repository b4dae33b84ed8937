"""Which question does a report answer, what are its parties called, and which products do its pictures show?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from weaklink import data
from weaklink.blocs.terms import GROUPS
from weaklink.codes.countries import UNIDENTIFIED, countries, name
from weaklink.report.formats import large
from weaklink.result import Record, Result

HALF = 0.5  # "depends on" in headlines: more than half of the imports come from the group
LONGEST_LABEL = 46
OF_PRODUCT = re.compile(r"[^:]*\((\d{6})\): ")  # how a caveat on one product begins


@dataclass(frozen=True, slots=True)
class Party:
    """The importer or the supplier group: as asked, as resolved for the year, and its countries."""

    asked: str
    resolved: str
    countries: tuple[str, ...]

    @property
    def name(self) -> str:
        """The country's name where it is one, else the bloc expression as resolved.

        >>> Party("RUS", "RUS", ("RUS",)).name
        'Russia'
        """
        return self._country or self.resolved

    @property
    def over_time(self) -> str:
        """The name to use for many years: a bloc that was asked without a date follows the years."""
        return self._country or self.asked

    @property
    def counted(self) -> str:
        """The name, with the number of countries where it is a bloc.

        >>> Party("EU", "EU@2022-12-31", ("AUT", "BEL")).counted
        'EU@2022-12-31 (2 countries)'
        """
        return self._country or f"{self.resolved} ({len(self.countries)} countries)"

    @property
    def _country(self) -> str:
        return country_name(self.countries[0]) if len(self.countries) == 1 else ""


@dataclass(frozen=True)  # without slots, so that the rows are read from Arrow once
class Answer:
    """Three results of one question: the screen, the years, and the suppliers.

    Raises ValueError where the results are of different questions.
    """

    screen: Result
    history: Result
    suppliers: Result

    def __post_init__(self) -> None:
        names = tuple(result.schema.name for result in self.results)
        if names != ("screen", "history", "suppliers"):
            raise ValueError(f"a report needs a screen, a history and suppliers, in this order; got {names}")
        if any(result.provenance.parameters != self.screen.provenance.parameters for result in self.results):
            raise ValueError("the three results answer different questions")

    @property
    def results(self) -> tuple[Result, Result, Result]:
        """The three results."""
        return self.screen, self.history, self.suppliers

    @cached_property
    def products(self) -> list[dict[str, Any]]:
        """The rows of the screen: one for each product."""
        return self.screen.records()

    @cached_property
    def past(self) -> list[dict[str, Any]]:
        """The rows of the history: one for each year and product."""
        return self.history.records()

    @cached_property
    def bought(self) -> list[dict[str, Any]]:
        """The rows of the suppliers: one for each product and supplier."""
        return self.suppliers.records()

    @property
    def year(self) -> int:
        """The year that the question is of."""
        return int(self.screen.provenance.parameters["year"])

    @property
    def measure(self) -> str:
        """What shares are taken of: value or mass."""
        return "mass" if self.screen.provenance.parameters["by"] == "quantity" else "value"

    @property
    def importer(self) -> Party:
        """Who imports: the first bloc of the provenance."""
        resolved, members = next(iter(self.screen.provenance.blocs.items()))
        return Party(self.screen.provenance.parameters["importer"], resolved, members)

    @property
    def group(self) -> Party:
        """The supplier group: the last bloc of the provenance."""
        resolved, members = list(self.screen.provenance.blocs.items())[-1]
        return Party(self.screen.provenance.parameters["suppliers"], resolved, members)

    @property
    def dependent(self) -> list[dict[str, Any]]:
        """The rows of the screen with more than half from the group, most money first."""
        rows = [row for row in self.products if (row["group_share"] or 0) > HALF]
        return sorted(rows, key=_by_money)

    def featured(self, most: int) -> list[dict[str, Any]]:
        """The products that a picture of `most` rows shows, in the order of the screen.

        First those with more than half from the group, the largest imports from it first; where they are
        fewer, the next largest imports from the group. Products without a share are never among them.
        """
        dependent = self.dependent
        others = [
            row for row in self.products if row["group_share"] is not None and row["group_share"] <= HALF
        ]
        chosen = {row["product"] for row in [*dependent, *sorted(others, key=_by_money)][:most]}
        return [row for row in self.products if row["product"] in chosen]

    def labels(self) -> dict[str, str]:
        """A different short label for every product of the screen; the code is added where two are equal.

        An asterisk follows where a caveat is about this one product.
        """
        short = {row["product"]: cut(row["label"] or row["product"], LONGEST_LABEL) for row in self.products}
        seen = Counter(short.values())
        return {
            code: f"{label if seen[label] == 1 else f'{label} ({code})'}{self.star(code)}"
            for code, label in short.items()
        }

    @cached_property
    def warnings(self) -> dict[str, list[str]]:
        """Caveats that are about one product, by its code: they begin with its label and its code."""
        found: dict[str, list[str]] = {}
        for caveat in dict.fromkeys(caveat for result in self.results for caveat in result.caveats):
            if named := OF_PRODUCT.match(caveat):
                found.setdefault(named[1], []).append(caveat)
        return found

    def star(self, code: str) -> str:
        """An asterisk where a caveat is about this product, else nothing."""
        return "*" if code in self.warnings else ""

    def footnotes(self, codes: Iterable[str]) -> str:
        """The caveats that are about some of the products, as they stand below a picture."""
        return " ".join(f"* {caveat}" for code in codes for caveat in self.warnings.get(code, ()))

    def source_line(self, *also: str) -> str:
        """What stands below every picture and table: whose data, which release, whose computation."""
        cards = {card.sha256: card for result in self.results for card in result.provenance.cards}
        listed = [f"{card.source}, vintage {card.vintage}" for card in cards.values()]
        if any(word in party.resolved for party in (self.importer, self.group) for word in GROUPS):
            listed.append(f"classes of regimes: {data.card('regimes').source}")
        version = self.screen.provenance.version
        return f"Sources: {'; '.join([*listed, *also])}. Computed with weaklink {version}."


def country_name(iso3: str) -> str:
    """What a country is called; a code that is none of ours stays a code.

    >>> country_name("RUS"), country_name("ZZZ"), country_name("QQQ")
    ('Russia', 'Not identified', 'QQQ')
    """
    return name(iso3) if iso3 in countries() or iso3 == UNIDENTIFIED else iso3


def percent(share: float | None) -> str:
    """A share in whole percent, never rounded to none or all of it.

    >>> percent(0.664), percent(0.998), percent(0.001), percent(0.0), percent(None)
    ('66%', '>99%', '<1%', '0%', '–')
    """
    if share is None:
        return "–"
    if 0.995 <= share < 1:
        return ">99%"
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def points(change: float | None) -> str:
    """A change of a share in percentage points, with its sign.

    >>> points(0.0712), points(-0.3), points(0.001), points(None)
    ('+7', '−30', '0', '–')
    """
    if change is None:
        return "–"
    whole = round(100 * change)
    return f"{whole:+d}".replace("-", "−") if whole else "0"


def dollars(amount: int) -> str:
    """An amount in words.

    >>> dollars(80_908_963_275)
    '80.9 bn US dollars'
    """
    return f"{large(amount)} US dollars"


def plural(count: int, noun: str) -> str:
    """A number with its noun.

    >>> plural(1, "product"), plural(1200, "product")
    ('1 product', '1,200 products')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def cut(text: str, longest: int) -> str:
    """A text that is not longer than `longest`, an ellipsis where something is missing.

    >>> cut("Natural graphite", 9)
    'Natural…'
    """
    return text if len(text) <= longest else text[: longest - 1].rstrip(" ,;(") + "…"


def inside_sentence(label: str) -> str:
    """A label as it stands in the middle of a sentence: an ordinary first word loses its capital.

    >>> inside_sentence("Crude oil"), inside_sentence("PVC, in sheets")
    ('crude oil', 'PVC, in sheets')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def enumerated(items: Iterable[str]) -> str:
    """A list in a sentence.

    >>> enumerated(["coal"]), enumerated(["coal", "oil"]), enumerated(["coal", "oil", "gas"])
    ('coal', 'coal and oil', 'coal, oil and gas')
    """
    listed: Sequence[str] = list(items)
    if len(listed) < 2:
        return "".join(listed)
    return ", ".join(listed[:-1]) + " and " + listed[-1]


def rose_and_fell(changes: Iterable[float]) -> str:
    """How many shares rose and how many fell, as the verb of a sentence; whole points count.

    >>> rose_and_fell([0.1, -0.2, 0.3]), rose_and_fell([0.001])
    ('rose for 2 and fell for 1', 'stayed the same for all')
    """
    moves = [round(change, 2) for change in changes]
    counts = (("rose", sum(move > 0 for move in moves)), ("fell", sum(move < 0 for move in moves)))
    return enumerated(f"{verb} for {count}" for verb, count in counts if count) or "stayed the same for all"


def _by_money(row: Record) -> tuple[int, str]:
    return -row["group_imports_usd"], row["product"]
