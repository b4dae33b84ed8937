"""What is the answer in one sentence, and in five figures?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from weaklink.report.answer import (
    Answer,
    dollars,
    enumerated,
    inside_sentence,
    percent,
    plural,
    points,
)
from weaklink.report.formats import large
from weaklink.result import Record

NAMED = 3  # products that the sentence names
NOTABLE = 0.05  # change of a share that the key figures count, in share points


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large figure with the words below it."""

    figure: str
    meaning: str


def headline(answer: Answer) -> str:
    """The answer in one sentence; it says so where there is nothing to say."""
    rows = answer.products
    known = [row for row in rows if row["group_share"] is not None]
    opening = f"In {answer.year}, "
    if not rows:
        return (
            f"{opening}the data show no trade in the products asked about, so nothing can be said of the "
            f"dependence of {answer.importer.counted} on {answer.group.counted}."
        )
    if not known:
        return opening + _without_shares(answer, rows)
    if len(rows) == 1:
        return opening + _of_one_product(answer, rows[0])
    if not answer.dependent:
        return opening + _without_dependence(answer, known, len(rows) - len(known))
    return opening + _of_dependence(answer, known, len(rows) - len(known))


def _without_shares(answer: Answer, rows: Sequence[Record]) -> str:
    what = _product(rows[0]) if len(rows) == 1 else f"any of the {len(rows):,} products"
    return (
        f"no share of {answer.group.counted} in the imports of {answer.importer.counted} can be given for {what}: "
        "nothing was imported from outside, or too little of it is known."
    )


def _of_one_product(answer: Answer, row: Record) -> str:
    if not row["group_share"]:
        return f"{answer.importer.counted} bought none of its imports of {_product(row)} {_from(answer)}."
    said = (
        f"{answer.importer.counted} bought {percent(row['group_share'])} of its imports{_by_mass(answer)} of "
        f"{_product(row)}{answer.star(row['product'])} {_from(answer)}, worth {dollars(row['group_imports_usd'])}"
    )
    largest = _largest_in_group(answer).get(row["product"])
    return f"{said}; {largest[0]} alone supplied {percent(largest[1])}." if largest else f"{said}."


def _without_dependence(answer: Answer, known: Sequence[Record], unknown: int) -> str:
    most = max(known, key=lambda row: row["group_share"])
    counted = plural(len(known), "product") + _more(unknown)
    if not most["group_share"]:
        return f"{answer.importer.counted} bought none of its imports of {counted} {_from(answer)}."
    return (
        f"{answer.importer.counted} bought no more than half of its imports{_by_mass(answer)} of any of "
        f"{counted} {_from(answer)}; the largest share was {percent(most['group_share'])}, "
        f"of {_product(most)}{answer.star(most['product'])}."
    )


def _of_dependence(answer: Answer, known: Sequence[Record], unknown: int) -> str:
    dependent = answer.dependent
    counted = f"{len(dependent):,} of {plural(len(known), 'product')}{_more(unknown)}"
    worth = sum(row["group_imports_usd"] for row in dependent)
    listed = enumerated(_with_shares(answer, dependent[:NAMED]))
    which = "; the largest: " if len(dependent) > NAMED else ": "
    return (
        f"{answer.importer.counted} bought more than half of its imports{_by_mass(answer)} of {counted} "
        f"{_from(answer)}, worth {dollars(worth)}{which}{listed}."
    )


def _more(unknown: int) -> str:
    return f" ({unknown:,} more without a share)" if unknown else ""


def _with_shares(answer: Answer, rows: Sequence[Record]) -> list[str]:
    """Each product with the group's share, and that of its largest supplier where the group has several."""
    largest = _largest_in_group(answer)
    said = []
    for row in rows:
        text = f"{_product(row)}{answer.star(row['product'])} {percent(row['group_share'])}"
        if row["product"] in largest:
            supplier, share = largest[row["product"]]
            text += f" ({supplier} alone {percent(share)})"
        said.append(text)
    return said


def _largest_in_group(answer: Answer) -> dict[str, tuple[str, float]]:
    """For each product, the group's largest supplier and its share; empty where the group is one country."""
    if len(answer.group.countries) == 1:
        return {}
    found: dict[str, tuple[str, float]] = {}
    for row in answer.bought:
        best = found.get(row["product"], ("", 0.0))
        if row["in_group"] == "yes" and (row["share"] or 0) > best[1]:
            found[row["product"]] = (row["supplier_name"], row["share"])
    return found


def _product(row: Record) -> str:
    return inside_sentence(row["label"] or row["product"])


def _from(answer: Answer) -> str:
    within = "" if len(answer.group.countries) == 1 else "suppliers in "
    return f"from {within}{answer.group.counted}"


def _by_mass(answer: Answer) -> str:
    return " (by mass)" if answer.measure == "mass" else ""


def key_figures(answer: Answer) -> tuple[KeyFigure, ...]:
    """The five figures below the headline; none where the table is empty."""
    rows = answer.products
    if not rows:
        return ()
    imports = sum(row["imports_usd"] for row in rows)
    from_group = sum(row["group_imports_usd"] for row in rows)
    first = (
        KeyFigure(f"${large(imports)}", f"imports from outside, {plural(len(rows), 'product')}"),
        KeyFigure(
            f"${large(from_group)}",
            f"of these from the supplier group: {percent(_ratio(from_group, imports))}",
        ),
    )
    if len(rows) == 1:
        moved = rows[0]["group_share_change"]
        return *first, KeyFigure(points(moved), f"points: the group's share against {answer.year - 5}")
    dependent = f"{len(answer.dependent):,} of {len(rows):,}"
    return (
        *first,
        KeyFigure(dependent, "products bought for more than half from it"),
        _trend(answer, rows),
        *_largest_supplier(answer),
    )


def _trend(answer: Answer, rows: Sequence[Record]) -> KeyFigure:
    changes = [row["group_share_change"] for row in rows if row["group_share_change"] is not None]
    rose, fell = (sum(sign * change > NOTABLE for change in changes) for sign in (1, -1))
    return KeyFigure(
        f"{rose:,} up, {fell:,} down" if changes else "–",
        f"products whose group share moved by more than {100 * NOTABLE:.0f} points since {answer.year - 5}",
    )


def _largest_supplier(answer: Answer) -> list[KeyFigure]:
    bought: dict[str, int] = defaultdict(int)
    for row in answer.bought:
        if row["in_group"] == "yes":
            bought[row["supplier_name"]] += row["value_usd"]
    if len(answer.group.countries) == 1 or not bought:
        return []
    name, amount = min(bought.items(), key=lambda item: (-item[1], item[0]))
    return [KeyFigure(name, f"largest supplier of the group: ${large(amount)}")]


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
