"""Which countries does a bloc expression mean: `NATO@2022-11-30`, `EU@2024 - HUN`, `authoritarian@2022`?

A name stands for a bloc (`NATO`, `"euro area"`), a group of regimes (`authoritarian`, `democratic`,
`closed_autocracy`, …), the `world`, or one country. Blocs and groups change with time and need a date, their
own or that of the question; a country needs none. `weaklink.blocs.syntax` has the grammar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date

from weaklink.blocs import membership
from weaklink.blocs.membership import Membership
from weaklink.blocs.regimes import regime, years
from weaklink.blocs.syntax import Node, Operator, Step, Term, parse
from weaklink.blocs.terms import Asked, Empty, Ground, Part, read_term
from weaklink.codes import countries
from weaklink.errors import BlocError, RequestError


@dataclass(frozen=True, slots=True)
class Bloc:
    """A resolved expression.

    `expression` is as typed; `canonical` has codes for names and every date filled in; both mean the same
    `countries`, which are sorted ISO3 codes. `undated` says that some bloc or group took its date from the
    question, so that another year may give other countries. `notes` are sentences to show with it;
    `grounds` says of each country, in the same order, why it is in.
    """

    expression: str
    canonical: str
    countries: tuple[str, ...]
    undated: bool
    notes: tuple[str, ...]
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One country of a bloc for printing; `since`, `until`, `source` and `note` are of its membership.

    `bloc` is the bloc of the membership, else the term that named the country. `regime` is empty where
    Regimes of the World has no class, and `regime_year` is then None.
    """

    iso3: str
    name: str
    bloc: str
    status: str
    since: date | None
    until: date | None
    source: str
    note: str
    regime: str
    regime_year: int | None


def resolve(expression: str, *, year: int | None = None, on: date | None = None) -> Bloc:
    """The countries that an expression means.

    A bloc or group without a date takes the day `on`, else 31 December of `year`. Raises BlocError, which
    points at the character, if the expression cannot be read, names something unknown, needs a date that
    nobody gave, or leaves no country; RequestError if `year` is no year of the calendar.

    >>> resolve("NATO:invitee@2022-11-30").countries
    ('FIN', 'SWE')
    >>> resolve("EU - HUN", year=2024).canonical
    'EU@2024-12-31 - HUN'
    """
    text = "".join(" " if character.isspace() else character for character in expression).strip()
    default = on or _last_day(year)
    part = _meaning(parse(text), text, default)
    if part.empty is not None:
        raise BlocError(part.empty.reason, text, part.empty.position)
    class_year = part.year or (default.year if default else None)
    return Bloc(
        expression=text,
        canonical=part.text,
        countries=tuple(sorted(part.grounds)),
        undated=part.undated,
        notes=tuple(dict.fromkeys((*part.notes, *_notes_of_blocs(part.asked, part.grounds)))),
        grounds=tuple(
            replace(ground, year=ground.year or class_year) for _, ground in sorted(part.grounds.items())
        ),
    )


def describe(bloc: Bloc) -> tuple[Row, ...]:
    """One row for each country: on what ground it is in the bloc, and the class of its regime then.

    The class is that of the year of the country's own term; a country named without a date takes the
    latest year of the expression, else that of the question.

    >>> row = describe(resolve("NATO@2022-11-30 & HUN"))[0]
    >>> row.name, row.status, str(row.since), row.regime
    ('Hungary', 'member', '1999-03-12', 'electoral autocracy')
    """
    return tuple(_row(ground) for ground in bloc.grounds)


def _row(ground: Ground) -> Row:
    row = ground.membership
    classed = regime(ground.iso3, ground.year) if ground.year in years() else None
    return Row(
        iso3=ground.iso3,
        name=countries.name(ground.iso3),
        bloc=row.bloc if row else ground.term,
        status=row.status if row else "",
        since=row.start if row else None,
        until=row.end if row else None,
        source=row.source if row else "",
        note=row.note if row else "",
        regime=classed.label if classed is not None else "",
        regime_year=ground.year if classed is not None else None,
    )


def _last_day(year: int | None) -> date | None:
    if year is None:
        return None
    if not MINYEAR <= year <= MAXYEAR:
        raise RequestError(f"{year} is no year of the calendar. Give one such as 2022.")
    return date(year, 12, 31)


def _meaning(node: Node, expression: str, default: date | None) -> Part:
    if isinstance(node, Term):
        return read_term(node, expression, default)
    part = _meaning(node.first, expression, default)
    for step in node.steps:
        part = _joined(part, step, _meaning(step.operand, expression, default))
    return part


def _joined(left: Part, step: Step, right: Part) -> Part:
    grounds = _combined(left.grounds, step.operator, right.grounds)
    rank = "&" if step.operator == "&" else "+"
    before = _bracketed(left, ("+",) if rank == "&" else ())
    after = _bracketed(right, ("+", "&") if rank == "&" else ("+",))
    return Part(
        text=f"{before} {step.operator} {after}",
        grounds=grounds,
        rank=rank,
        undated=left.undated or right.undated,
        year=max((year for year in (left.year, right.year) if year is not None), default=None),
        asked=left.asked + right.asked,
        notes=left.notes + right.notes + _notes_of_step(left, step, right),
        empty=None if grounds else _emptied(left, step, right),
    )


def _combined(
    left: Mapping[str, Ground], operator: Operator, right: Mapping[str, Ground]
) -> Mapping[str, Ground]:
    """Where both sides have a country, the left ground stays, unless only the right one is a membership."""
    if operator == "+":
        return {**right, **left}
    if operator == "-":
        return {iso3: ground for iso3, ground in left.items() if iso3 not in right}
    return {
        iso3: ground if ground.membership or not right[iso3].membership else right[iso3]
        for iso3, ground in left.items()
        if iso3 in right
    }


def _bracketed(part: Part, ranks: tuple[str, ...]) -> str:
    return f"({part.text})" if part.rank in ranks else part.text


def _emptied(left: Part, step: Step, right: Part) -> Empty:
    inherited = left.empty or (right.empty if step.operator == "&" else None)
    if inherited is not None:
        return inherited
    if step.operator == "-":
        return Empty(f"Taking {right.text} away leaves no country", step.position)
    return Empty(f"{left.text} and {right.text} have no country in common", step.position)


def _notes_of_step(left: Part, step: Step, right: Part) -> tuple[str, ...]:
    """Sentences on a step that did less than its author may have meant."""
    missing = tuple(part.empty.reason for part in (left, right) if part.empty is not None)
    shared = left.grounds.keys() & right.grounds.keys()
    place = "the countries before" if left.rank else left.text
    alone = len(right.grounds) == 1 and not right.rank
    if step.operator == "+" and right.grounds and len(shared) == len(right.grounds):
        who = f"{right.text} is" if alone else f"Every country of {right.text} is"
        return (*missing, f"{who} already in {place}: adding it changes nothing")
    if step.operator == "-" and right.grounds and not shared:
        who = f"{right.text} is not" if alone else f"No country of {right.text} is"
        return (*missing, f"{who} in {place}: taking it away changes nothing")
    return missing


def _notes_of_blocs(asked: Iterable[Asked], resolved: Mapping[str, Ground]) -> Iterator[str]:
    """Sentences on what the table of memberships does not count or does not know."""
    titles = {name.code: name for name in membership.names()}
    for bloc in asked:
        if bloc.status != "member":
            yield f"{bloc.code}: {titles[bloc.code].note}"
        elif waiting := [row.iso3 for row in _invitees(bloc) if row.iso3 not in resolved]:
            yield (
                f"{bloc} does not count invitees ({', '.join(waiting)}): "
                f"add {replace(bloc, status='invitee')} to count them"
            )
        if bloc.day > membership.known_until():
            yield f"Memberships are known up to {membership.known_until()}: {bloc} may lack later changes"


def _invitees(bloc: Asked) -> tuple[Membership, ...]:
    if "invitee" not in membership.statuses(bloc.code):
        return ()
    return membership.members(bloc.code, bloc.day, "invitee")
