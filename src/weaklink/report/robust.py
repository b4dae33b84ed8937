"""How are the definitions told in tables: the robust list, who entered and left, what moved thresholds change?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from weaklink.report.answer import Answer, enumerated, inside_sentence, percent, plural
from weaklink.report.definitions import Definitions
from weaklink.result import Record

MOST = 60  # products of the robust list on the page; its file has all
MOST_NAMED = 10  # products named in a cell
NAMED = 3  # products that the sentence names
TENTH = 0.1
SIGNS = {"yes": "yes", "no": "no", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class Told:
    """One definition: its number, name and title, its rule in words, who published it, and its list's length."""

    number: int
    name: str
    title: str
    rule: str
    citation: str
    size: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """One product of the robust list; `verdicts` follow the numbers of the definitions."""

    label: str
    code: str
    agree: str
    share: str
    verdicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What entered a definition's list and what left it since the year before."""

    title: str
    entered: str
    left: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a definition's list would be with one threshold moved; `cells` follow `moves`.

    `rows` is the number of rows that its definition has, on the first of them, and 0 on the others.
    """

    title: str
    rows: int
    criterion: str
    size: int
    cells: tuple[str, ...]


def told(definitions: Definitions) -> list[Told]:
    """The definitions in the order of their numbers."""
    return [
        Told(
            definitions.number(name),
            name,
            definitions.columns[name].meaning,
            definitions.columns[name].formula,
            definitions.columns[name].source,
            definitions.sizes[name],
        )
        for name in definitions.names
    ]


def sentence(definitions: Definitions) -> str:
    """How many products are a dependency by one definition, and by more than half of those that judge them."""
    rows = definitions.products
    some = [row for row in rows if row["agree"]]
    most = [row for row in some if 2 * row["agree"] > row["judged"]]
    counted = plural(len(definitions.names), "definition")
    if not some:
        return f"None of {counted} calls any of {plural(len(rows), 'product')} a dependency."
    said = f"{len(some):,} of {plural(len(rows), 'product')} are a dependency by at least one of {counted}"
    if not most:
        return f"{said}, none by more than half of them."
    named = enumerated(
        f"{inside_sentence(row['label'] or row['product'])} ({row['agree']})" for row in most[:NAMED]
    )
    which = "; most agree on " if len(most) > NAMED else ": "
    return f"{said}, {len(most):,} by more than half of them{which}{named}."


def agreed(answer: Answer, definitions: Definitions) -> list[Agreed]:
    """The robust list: products that any definition calls a dependency, those that most do first."""
    labels = answer.labels()
    return [
        Agreed(
            labels[row["product"]],
            row["product"],
            f"{row['agree']} of {row['judged']}",
            percent(row["group_share"]),
            tuple(SIGNS[row[name]] for name in definitions.names),
        )
        for row in definitions.products[:MOST]
        if row["agree"]
    ]


def cut_off(definitions: Definitions) -> str:
    """Which products the robust list on the page has, in a sentence."""
    some = sum(row["agree"] > 0 for row in definitions.products)
    if some <= MOST:
        return "Every product that any definition calls a dependency."
    return f"The first {MOST} of {some:,} products that any definition calls a dependency."


def moved(answer: Answer, definitions: Definitions) -> list[Moved]:
    """What entered and left each list since the year before; empty where no list changed."""
    labels = answer.labels()
    rows = definitions.changes.records()

    def named(name: str, change: str) -> str:
        found = [row for row in rows if row["definition"] == name and row["change"] == change]
        more = [f"{len(found) - MOST_NAMED:,} more"] if len(found) > MOST_NAMED else []
        return "; ".join([*(labels[row["product"]] for row in found[:MOST_NAMED]), *more]) or "–"

    changed = {row["definition"] for row in rows}
    return [
        Moved(definitions.numbered(name), named(name, "entered"), named(name, "left"))
        for name in definitions.names
        if name in changed
    ]


def has_year_before(answer: Answer, definitions: Definitions) -> bool:
    """Whether the data have a year before the one asked, with which lists can be compared."""
    return answer.year in definitions.churn.column("year")


def moves(definitions: Definitions) -> list[str]:
    """By how much thresholds are moved, as the heads of columns.

    The lists of products that each change brings are in the file of the table.
    """
    found = sorted(set(definitions.thresholds.column("moved")))
    return [f"{100 * move:+.0f}%".replace("-", "−") for move in found]


def thresholds(definitions: Definitions) -> list[Threshold]:
    """One row for each threshold of each definition."""
    rows = sorted(
        definitions.thresholds.records(),
        key=lambda row: (definitions.number(row["definition"]), row["indicator"], row["moved"]),
    )
    told = []
    for _, of_definition in groupby(rows, key=lambda row: row["definition"]):
        each = [list(one) for _, one in groupby(of_definition, key=lambda row: row["indicator"])]
        told += [_threshold(definitions, one, 0 if one is not each[0] else len(each)) for one in each]
    return told


def sensitive(definitions: Definitions) -> str:
    """How much a tenth of a threshold changes, in a sentence; empty where it changes nothing."""
    near = [row for row in definitions.thresholds.records() if abs(abs(row["moved"]) - TENTH) < 1e-9]
    changed = [(len(_codes(row["entered"])) + len(_codes(row["left"])), row) for row in near]
    if not any(count for count, _ in changed):
        return ""
    most, row = max(changed, key=lambda pair: pair[0])
    which = "a tenth higher" if row["moved"] > 0 else "a tenth lower"
    silent = sum(count == 0 for count, _ in changed)
    return (
        f"Of {plural(len(changed), 'change')} of a threshold by a tenth, {silent} leave the list as it is, and none "
        f"moves more than {plural(most, 'product')} ({row['indicator']} {which}, "
        f"{definitions.titles[row['definition']]})."
    )


def _threshold(definitions: Definitions, rows: Sequence[Record], height: int) -> Threshold:
    first = rows[0]
    own = first["threshold"] / (1 + first["moved"])
    return Threshold(
        definitions.numbered(first["definition"]),
        height,
        f"{first['indicator']} {own:.4g}",
        definitions.sizes[first["definition"]],
        tuple(_changed(row) for row in rows),
    )


def _changed(row: Record) -> str:
    """The length of a list, and how many entered and left it."""
    parts = list(_signed(row))
    return f"{row['listed']:,} ({', '.join(parts)})" if parts else f"{row['listed']:,}"


def _signed(row: Record) -> Iterator[str]:
    for sign, change in (("+", "entered"), ("−", "left")):
        if count := len(_codes(row[change])):
            yield f"{sign}{count:,}"


def _codes(text: str | None) -> list[str]:
    return text.split(", ") if text else []
