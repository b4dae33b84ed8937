"""Which known name may have been meant? What an error says beside a name that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process

NEAR = 60  # of 100: a name that is less like it is no hint


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence with the known name nearest to another, after a space; empty where none is near.

    >>> did_you_mean("gas-europa", ["gas-europe", "materials"])
    ' Did you mean gas-europe?'
    >>> did_you_mean("xyz", ["gas-europe"])
    ''
    """
    found = nearest(name, known)
    return "" if found is None else f" Did you mean {found}?"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like another; None where none is near."""
    names = list(known)
    if not names:
        return None
    found, likeness, _ = process.extractOne(name, names)
    return str(found) if likeness > NEAR else None
