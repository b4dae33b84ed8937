"""How are tables read that come as separate text files: Z or A, Y, x, each with region and sector as labels?

That is what EXIOBASE releases and what pymrio saves: tab- or comma-separated, heads of two or three lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from weaklink.inputoutput.accounts import Accounts
from weaklink.sources.bundle import Bundle
from weaklink.sources.grid import Grid, Layout, read_grid
from weaklink.sources.intake import Problems
from weaklink.sources.square import Frame, Role, accounts_of, region_of

Floats = npt.NDArray[np.float64]
SUFFIXES = (".txt", ".csv", ".tsv")
PLAIN = "Give the release as it is, or save it as text."


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one table; `flows` is Z in money, or A per unit of output where `per_output` is true."""

    release: Bundle
    flows: str
    demand: str
    output: str | None
    per_output: bool
    own: Mapping[str, str]

    def reading(self, name: str, labels: int, problems: Problems) -> Grid | None:
        """One of the files as a grid; its problems are noted under its own name."""
        mine = Problems(Path(name).name)
        layout = layout_of(self.release.head(name), labels)
        with self.release.stream(name) as stream:
            grid = read_grid(stream, layout, mine)
        problems.take(mine)
        return grid


def layout_of(head: str, labels: int) -> Layout:
    r"""Separator and number of header lines: they end before the first line with a number after its labels.

    >>> layout = layout_of("region\t\tAT\nsector\t\tcars\nregion\tsector\t\nAT\tcars\t1.5\n", 2)
    >>> layout.heads, layout.labels, layout.separator
    (3, 2, '\t')
    """
    first = head.partition("\n")[0]
    separator = "\t" if first.count("\t") >= first.count(",") else ","
    for place, line in enumerate(csv.reader(io.StringIO(head), delimiter=separator)):
        if len(line) > labels and _is_number(line[labels]):
            return Layout(max(place, 1), labels, separator)
    return Layout(1, labels, separator)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def accounts_from(
    files: Files, frame: Callable[[Sequence[str]], Frame], problems: Problems
) -> Accounts | None:
    """The files as accounts; `frame` is asked with the labels of the regions. None where something was noted."""
    flows = files.reading(files.flows, 2, problems)
    demand = files.reading(files.demand, 2, problems)
    stated = files.reading(files.output, 2, problems) if files.output else None
    if problems.count or flows is None or demand is None:
        return None
    roles = [_industry(cells, files.own) for cells in flows.rows]
    for line, cells, role in zip(flows.lines, flows.rows, roles, strict=True):
        if role is None:
            problems.add(line, "region", cells[0], "a country or region of this source", PLAIN)
    known = [role for role in roles if role is not None]
    _refuse_order(files.flows, "columns", [cells[:2] for cells in flows.columns], flows.rows, problems)
    _refuse_order(files.demand, "rows", demand.rows, flows.rows, problems)
    if stated is not None:
        _refuse_order(files.output or "", "rows", stated.rows, flows.rows, problems)
    Y = _by_region(files, demand, tuple(dict.fromkeys(role.region for role in known)), problems)  # noqa: N806
    if problems.count:
        return None
    x = stated.values[:, 0].astype(np.float64) if stated is not None else None
    Z = flows.values  # noqa: N806 - the letters of the field
    if files.per_output:
        x = _output(Z, Y) if x is None else x
        Z *= x  # noqa: N806 - in place: the matrix may fill a third of the memory
    return accounts_of(known, Z, Y, None, x, frame([cells[0] for cells in flows.rows]))


def _output(A: npt.NDArray[np.floating], Y: Floats) -> Floats:  # noqa: N803 - the letters of the field
    """Output that meets final demand, where a release has coefficients and states no output: (I - A) x = Y1."""
    return np.asarray(np.linalg.solve(np.eye(len(A)) - A, Y.sum(axis=1)))


def _industry(cells: Sequence[str], own: Mapping[str, str]) -> Role | None:
    region = region_of(cells[0], own)
    return None if region is None else Role("industry", region, sector=cells[1])


def _refuse_order(
    name: str, what: str, given: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]], problems: Problems
) -> None:
    """Rows and columns of all files must name the same industries in one order."""
    mine = Problems(Path(name).name)
    if len(given) != len(wanted):
        mine.add(
            None,
            "",
            f"{len(given):,} {what}",
            f"{len(wanted):,} {what}, one for each industry",
            "Download it again.",
        )
    for one, other in zip(given, wanted, strict=False):
        if tuple(one[:2]) != tuple(other[:2]):
            mine.add(
                None,
                what,
                " ".join(one[:2]),
                " ".join(other[:2]),
                "All files of a table list industries in one order.",
            )
            break
    problems.take(mine)


def _by_region(files: Files, demand: Grid, regions: Sequence[str], problems: Problems) -> Floats:
    """Final demand by region of the buyer, all categories added up."""
    mine = Problems(Path(files.demand).name)
    total = np.zeros((len(demand.rows), len(regions)))
    for place, cells in enumerate(demand.columns):
        region = region_of(cells[0], files.own)
        if region is None or region not in regions:
            mine.add(1, " ".join(cells), cells[0], "a region with industries", PLAIN)
            continue
        total[:, regions.index(region)] += demand.values[:, place]
    problems.take(mine)
    return total
