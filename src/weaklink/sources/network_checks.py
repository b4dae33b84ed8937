"""Do the sheets of a network agree with each other? What one names and another lacks, repeats, and gaps in demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from weaklink.sources.intake import Problems
from weaklink.sources.network_card import ABOUT, About
from weaklink.sources.network_sheets import SHEETS, Rows


def disagreements(rows: Mapping[str, Rows], about: About, files: Mapping[str, str]) -> Problems:
    """What one sheet names and another lacks, and what stands twice; each with its row."""
    found = Problems(about.name)
    nodes = {row["node"] for _, row in rows["nodes"]}
    suppliers = {row["name"] for _, row in rows["suppliers"]}
    listed: dict[str, tuple[set[str], str]] = {
        "node": (nodes, "a node of nodes.csv"),
        "origin": (nodes, "a node of nodes.csv"),
        "destination": (nodes, "a node of nodes.csv"),
        "class": (set(about.classes), f"a class of {ABOUT}: {', '.join(about.classes)}"),
        "supplier": (suppliers | {""}, "a supplier of suppliers.csv"),
    }
    for name in SHEETS:
        own = Problems(files[name])
        for line, row in rows[name]:
            for column, (known, expected) in listed.items():
                if column in row and row[column] not in known:
                    own.add(line, column, row[column], expected, "Correct the spelling, or add it there.")
            if row["unit"] not in ("", about.unit):
                own.add(line, "unit", row["unit"], f"{about.unit}, the unit of {ABOUT}", "Convert the row.")
        _repeats(name, rows[name], own)
        if name == "demand":
            _gaps(rows[name], about, own)
        found.take(own)
    return found


def _repeats(name: str, rows: Rows, problems: Problems) -> None:
    key = {"nodes": ("node",), "demand": ("node", "class", "period")}.get(name, ("name",))
    first: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        those = tuple(row[column] for column in key)
        if those in first:
            problems.add(line, key[0], " ".join(those), f"stated once; see row {first[those]}", "Remove one.")
        first.setdefault(those, line)


def _gaps(rows: Rows, about: About, problems: Problems) -> None:
    """Days for which a node and class that have demand have none stated: zero must be written."""
    stated = defaultdict(set)
    for _, row in rows:
        stated[row["node"], row["class"]].add(row["period"])
    for (node, group), periods in stated.items():
        lacking = [d for d in about.days if d.isoformat() not in periods and f"{d:%Y-%m}" not in periods]
        if lacking:
            expected = f"demand for every day to {about.last_day}; {len(lacking)} days lack it"
            problems.add(None, "period", f"{node} {group} {lacking[0]}", expected, "Add the rows, 0 if none.")
