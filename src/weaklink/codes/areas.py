"""What becomes of a statistical area of a trade source that is not simply a country?

Trade sources count flows under numbers that are no country: "Other Asia, n.e.s.", bunkers, the
Belgium–Luxembourg union, the World total. `areas.csv` states for each of them what we do and why; every
other code is a country's. A reader asks `area` for each code and counts what is merged, unidentified or
left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Literal, cast, get_args

from weaklink.codes.countries import country, name
from weaklink.data import rows

Kind = Literal["country", "merged", "unidentified", "aggregate"]


@dataclass(frozen=True, slots=True)
class Area:
    """A code of a trade source and what we make of it.

    `becomes` is an ISO3 code; UNIDENTIFIED for kind "unidentified"; empty for kind "aggregate", which is a
    total of other rows and must not be counted as a partner at all. A "merged" area is counted under the
    country named, "country" is a country as it stands. `reason` is one sentence for the user; it is empty
    where there is nothing to explain.
    """

    code: str
    name: str
    becomes: str
    kind: Kind
    reason: str


@cache
def areas() -> Mapping[str, Area]:
    """The stated policy: every area that needs a word of explanation, by its code in the sources.

    Numbers stand without leading zeros. An area with letters of its own is listed under these as well.

    >>> areas()["899"].becomes, areas()["S19"].becomes
    ('ZZZ', 'TWN')
    """
    return MappingProxyType(
        {
            code: Area(code, row["name"], row["becomes"], _kind(row["kind"]), row["reason"])
            for row in rows("areas")
            for code in (row["code"], row["letters"])
            if code
        }
    )


def area(code: str) -> Area:
    """What becomes of the area that a trade source calls `code`.

    `code` is a BACI or Comtrade number as text, the letters of a release's own country table (S19, ZA1) or
    Eurostat's (XI, QU). The result keeps it as given. Prefer the number where a source gives both: BACI
    writes BEL for Belgium and for the Belgium–Luxembourg union, 56 and 58. An unknown code is a CodeError.

    >>> area("58").becomes, area("58").kind
    ('BEL', 'merged')
    >>> area("0").kind
    'aggregate'
    >>> area("276")
    Area(code='276', name='Germany', becomes='DEU', kind='country', reason='')
    """
    given = code.strip()
    key = str(int(given)) if given.isascii() and given.isdigit() else given.upper()
    if key in areas():
        return replace(areas()[key], code=given)
    iso3 = country(given)
    return Area(given, name(iso3), iso3, "country", "")


def _kind(text: str) -> Kind:
    if text not in get_args(Kind):
        raise ValueError(f"areas.csv: {text!r} is no kind of area")
    return cast(Kind, text)
