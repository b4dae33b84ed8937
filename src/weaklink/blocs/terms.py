"""Which countries does one name of a bloc expression stand for, and why?

A name is tried as a bloc, as a group of regimes, as `world`, and last as a country.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from weaklink.blocs import membership
from weaklink.blocs.membership import Membership
from weaklink.blocs.regimes import Regime, regimes
from weaklink.blocs.syntax import Term
from weaklink.codes import countries
from weaklink.errors import BlocError, CodeError, RequestError

WORLD = "world"

GROUPS: Mapping[str, tuple[Regime, ...]] = {
    "authoritarian": (Regime.CLOSED_AUTOCRACY, Regime.ELECTORAL_AUTOCRACY),
    "democratic": (Regime.ELECTORAL_DEMOCRACY, Regime.LIBERAL_DEMOCRACY),
    **{kind.name.lower(): (kind,) for kind in Regime},
}
"""Groups of countries by the class of their regime, and each class by its own name."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a country is in a bloc: the term that brought it, and the row of membership behind it.

    `year` is the year at which the class of its regime is read; None if nothing was dated.
    """

    iso3: str
    term: str
    membership: Membership | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A bloc that was asked for under one status on one day; its text is an expression again."""

    code: str
    status: str
    day: date

    def __str__(self) -> str:
        """Write as an expression."""
        status = "" if self.status == "member" else f":{self.status}"
        return f"{self.code}{status}@{self.day}"


@dataclass(frozen=True, slots=True)
class Empty:
    """Why a part of an expression has no country, and at which character that happened."""

    reason: str
    position: int


@dataclass(frozen=True, slots=True)
class Part:
    """What a term, or several joined, means.

    `text` is canonical; `rank` is its loosest operator (`+` or `&`), empty for a term. `asked` lists the
    blocs in it, `year` is the latest year of its dates, and `empty` is set exactly if `grounds` is empty.
    """

    text: str
    grounds: Mapping[str, Ground]
    rank: str = ""
    undated: bool = False
    year: int | None = None
    asked: tuple[Asked, ...] = ()
    notes: tuple[str, ...] = ()
    empty: Empty | None = field(default=None)


def read_term(term: Term, expression: str, default: date | None) -> Part:
    """What a term means; without a date of its own, on the day `default`.

    Raises BlocError at the name, status or date of the term that is wrong.

    >>> sorted(read_term(Term("NATO", 0, status="invitee"), "NATO:invitee", date(2022, 11, 30)).grounds)
    ['FIN', 'SWE']
    """
    code = membership.bloc_code(term.name)
    group = term.name.casefold().replace(" ", "_").replace("-", "_")
    if code is not None:
        return _bloc(code, term, expression, default)
    if group in GROUPS:
        return _group(group, term, expression, default)
    return _undatable(term, expression)


def _bloc(code: str, term: Term, expression: str, default: date | None) -> Part:
    status = term.status or "member"
    if status not in membership.statuses(code):
        raise BlocError(membership.unknown_status(code, status), expression, term.status_position)
    asked = Asked(code, status, _day(term, expression, default))
    rows = membership.members(code, asked.day, status)
    text = str(asked)
    return Part(
        text=text,
        grounds={row.iso3: Ground(row.iso3, text, row, asked.day.year) for row in rows},
        undated=term.day is None,
        year=asked.day.year,
        asked=(asked,),
        empty=None if rows else Empty(_nobody(asked), term.position),
    )


def _nobody(asked: Asked) -> str:
    rows = [row for row in membership.memberships(asked.code) if row.status == asked.status]
    ended = [row.end for row in rows if row.end is not None and row.end <= asked.day]
    coming = [row.start for row in rows if row.start > asked.day]
    known = [f"the last before ended on {max(ended)}"] if ended else []
    known += [f"the next begins on {min(coming)}"] if coming else []
    return f"{asked} has no countries: {' and '.join(known)}"


def _group(group: str, term: Term, expression: str, default: date | None) -> Part:
    if term.status is not None:
        raise BlocError(f"{group} is a group of regimes: it has no status", expression, term.status_position)
    year = _day(term, expression, default).year
    try:
        classed = regimes(year)
    except RequestError as error:
        raise BlocError(str(error), expression, term.day_position or term.position) from None
    text = f"{group}@{year}"
    chosen = [iso3 for iso3, kind in classed.items() if kind in GROUPS[group]]
    kinds = " or ".join(kind.label for kind in GROUPS[group])
    return Part(
        text=text,
        grounds={iso3: Ground(iso3, text, None, year) for iso3 in chosen},
        undated=term.day is None,
        year=year,
        notes=(
            f"{text} is the {len(chosen)} countries that Regimes of the World classes as {kinds} in {year}; "
            "countries and territories without a class are in no group",
        ),
        empty=None if chosen else Empty(f"No country is classed as {kinds} in {year}", term.position),
    )


def _undatable(term: Term, expression: str) -> Part:
    """The world, former countries included, or a country: the same on every day, and of no status."""
    everywhere = term.name.casefold() == WORLD
    text = WORLD if everywhere else _iso3(term, expression)
    if term.status is not None:
        raise BlocError(f"{text} has no status: only blocs have", expression, term.status_position)
    if term.day is not None:
        raise BlocError(f"{text} is the same on every day: leave the date out", expression, term.day_position)
    named = tuple(countries.countries()) if everywhere else (text,)
    return Part(text=text, grounds={iso3: Ground(iso3, text) for iso3 in named})


def _iso3(term: Term, expression: str) -> str:
    try:
        return countries.country(term.name)
    except CodeError as error:
        groups = difflib.get_close_matches(term.name.casefold(), [*GROUPS, WORLD], n=2)
        near = ", ".join((*membership.nearest_blocs(term.name), *groups))
        hint = f"{term.name!r} is no bloc; nearest: {near}. " if near else ""
        raise BlocError(f"{hint}{error}", expression, term.position) from None


def _day(term: Term, expression: str, default: date | None) -> date:
    day = term.day or default
    if day is None:
        raise BlocError(
            f"{term.name} has no date: write {term.name}@2022-11-30, or give a year with the question",
            expression,
            term.position,
        )
    return day
