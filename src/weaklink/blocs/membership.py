"""Who belonged to a bloc on a given day, as what, and on what ground?

An interval is closed on its first day and open on its last: the United Kingdom, whose row ends on
1 February 2020, is a member of the European Union on 31 January 2020 and not on 1 February.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from weaklink import data
from weaklink.errors import BlocError


@dataclass(frozen=True, slots=True)
class Membership:
    """One country's time in a bloc under one status: `member`, `invitee` or `partner`.

    `start` is the first day and `end` the first day after it; None means that it goes on. `source` cites
    the treaty, protocol or announcement; `note` says what the dates do not, and which of them is
    recalled rather than verified.
    """

    bloc: str
    iso3: str
    status: str
    start: date
    end: date | None
    source: str
    note: str

    def covers(self, day: date) -> bool:
        """Whether the interval contains the day."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class BlocName:
    """What a bloc is called. `note` says what its rows count and what they leave out."""

    code: str
    title: str
    aliases: tuple[str, ...]
    note: str


@cache
def names() -> tuple[BlocName, ...]:
    """Every bloc of the table, in the order in which it lists them.

    >>> [bloc.code for bloc in names()][:3]
    ['NATO', 'EU', 'EURO']
    """
    return tuple(
        BlocName(
            code=row["bloc"],
            title=row["title"],
            aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
            note=row["note"],
        )
        for row in data.rows("blocs")
    )


def memberships(bloc: str | None = None) -> tuple[Membership, ...]:
    """Every row of one bloc, or of all blocs, by bloc, start, status and country.

    Raises BlocError for a bloc that the table does not have.

    >>> [row.iso3 for row in memberships("G7") if row.start.year == 1976]
    ['CAN']
    """
    if bloc is None:
        return tuple(row for rows in _table().values() for row in rows)
    return _table()[_known(bloc)]


def members(bloc: str, on: date, status: str = "member") -> tuple[Membership, ...]:
    """The rows of a bloc that cover a day under one status, sorted by country; there may be none.

    Raises BlocError for an unknown bloc, and for a status that the bloc never grants.

    >>> len(members("NATO", date(2022, 11, 30)))
    30
    >>> [row.iso3 for row in members("NATO", date(2022, 11, 30), "invitee")]
    ['FIN', 'SWE']
    """
    code = _known(bloc)
    if status not in statuses(code):
        raise BlocError(unknown_status(code, status), f"{bloc}:{status}", len(bloc) + 1)
    rows = (row for row in _table()[code] if row.status == status and row.covers(on))
    return tuple(sorted(rows, key=lambda row: row.iso3))


def statuses(code: str) -> tuple[str, ...]:
    """The statuses that a bloc has rows for, members first.

    >>> statuses("NATO")
    ('member', 'invitee', 'partner')
    """
    granted = {row.status for row in _table()[code]}
    return tuple(status for status in ("member", "invitee", "partner") if status in granted)


def unknown_status(code: str, status: str) -> str:
    """The sentence that tells the user which statuses a bloc has."""
    return f"{status!r} is no status of {code}. It has: {', '.join(statuses(code))}"


def bloc_code(text: str) -> str | None:
    """The code of a bloc from its code, title or alias in any case; None if no bloc is called that.

    >>> bloc_code("Eurozone")
    'EURO'
    """
    return _codes().get(" ".join(text.split()).casefold())


def nearest_blocs(text: str) -> tuple[str, ...]:
    """The names of blocs that look most like a text, best first; empty if none comes near.

    >>> nearest_blocs("NATOO")
    ('NATO',)
    """
    spelled = {name.casefold(): name for bloc in names() for name in (bloc.code, bloc.title, *bloc.aliases)}
    return tuple(spelled[match] for match in difflib.get_close_matches(text.casefold(), spelled, n=3))


def known_until() -> date:
    """The day up to which the table was compiled: later accessions and exits are not in it."""
    return date.fromisoformat(data.card("memberships").vintage)


@cache
def _table() -> Mapping[str, tuple[Membership, ...]]:
    rows = [
        Membership(
            bloc=row["bloc"],
            iso3=row["iso3"],
            status=row["status"],
            start=date.fromisoformat(row["start"]),
            end=date.fromisoformat(row["end"]) if row["end"] else None,
            source=row["source"],
            note=row["note"],
        )
        for row in data.rows("memberships")
    ]
    return MappingProxyType(
        {bloc.code: tuple(row for row in rows if row.bloc == bloc.code) for bloc in names()}
    )


@cache
def _codes() -> Mapping[str, str]:
    spellings = {
        name.casefold(): bloc.code for bloc in names() for name in (bloc.code, bloc.title, *bloc.aliases)
    }
    return MappingProxyType(spellings)


def _known(bloc: str) -> str:
    code = bloc_code(bloc)
    if code is None:
        listed = ", ".join(nearest_blocs(bloc) or [known.code for known in names()])
        raise BlocError(f"{bloc!r} is no bloc that we know. Nearest: {listed}", bloc, 0)
    return code
