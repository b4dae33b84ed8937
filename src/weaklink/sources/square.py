"""How do the labelled rows and columns of a released table become accounts?

A reader says what each label means: an industry, a category of final demand, a part of value added, or a total
that the release repeats. Industries must stand in rows and columns alike; everything else is added up. Whether the
numbers balance is checked by the accounts themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from weaklink.codes.countries import countries, country
from weaklink.errors import CodeError
from weaklink.inputoutput.accounts import Accounts, Limits
from weaklink.provenance import Card
from weaklink.sources.grid import Cells, Grid
from weaklink.sources.intake import Problems

Floats = npt.NDArray[np.float64]
Kind = Literal["industry", "demand", "value added", "output", "ignored"]
REST = "ROW"
STRICT = Limits()


@dataclass(frozen=True, slots=True)
class Role:
    """What a row or column is: `region` as reported, `part` as the table splits it, `sector` or category."""

    kind: Kind
    region: str = ""
    part: str = ""
    sector: str = ""


Judge = Callable[[Cells], Role | None]  # None: no label of this source


@dataclass(frozen=True, slots=True)
class Released:
    """A table as read from a release, checked, with what its card will say.

    `classification` names the list of industries, by which products are joined to them; `sector_names` and
    `region_names` say in words what the table's own codes mean, as far as its source does.
    """

    accounts: Accounts
    source: str
    licence: str
    vintage: str
    classification: str
    original: str
    original_sha256: str
    sector_names: Mapping[str, str] = field(default_factory=dict)
    region_names: Mapping[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()

    def card(self, name: str) -> Card:
        """The card under which the table is stored."""
        one = self.accounts
        return Card(
            name=name,
            what=f"Inter-country input-output table {one.year}: {len(one.regions)} regions × "
            f"{len(one.sectors)} sectors, {one.unit}",
            source=self.source,
            licence=self.licence,
            vintage=self.vintage,
            sha256="",
            derived_by="read as released, categories of final demand added up",
            original_sha256=self.original_sha256,
            nomenclature=self.classification,
            years=(one.year,),
            rows=one.size,
            caveats=self.caveats,
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known of a table beside its numbers."""

    unit: str
    year: int
    source: str
    limits: Limits = STRICT


def assembled(grid: Grid, judge: Judge, frame: Frame, problems: Problems) -> Accounts | None:
    """One whole table, rows and columns of every kind in it, as accounts; None where its labels will not do.

    Raises SourceError where the labels are right and the numbers do not add up.
    """
    rows = [judge(cells) for cells in grid.rows]
    columns = [judge(cells) for cells in grid.columns]
    _refuse_unknown(zip(grid.lines, grid.rows, rows, strict=True), problems)
    for cells, role in zip(grid.columns, columns, strict=True):
        if role is None:
            problems.add(1, " ".join(cells), " ".join(cells), "a column of this source", WRONG_SOURCE)
    down, across = _places(rows, grid.lines, problems), _places(columns, [1] * len(columns), problems)
    _refuse_lopsided(down, across, problems)
    if problems.count:
        return None
    kept = [role for role in down if not _is_empty_whole(role, down, across, grid)]
    at = np.array([down[role] for role in kept])
    to = np.array([across[role] for role in kept])
    Z = grid.values[np.ix_(at, to)]  # noqa: N806 - the letters of the field
    regions = tuple(dict.fromkeys(role.region for role in kept))
    Y = _demand(columns, regions, grid, at, problems)  # noqa: N806
    if problems.count:
        return None
    return accounts_of(kept, Z, Y, _value_added(rows, grid, to), _output(rows, grid, to), frame)


def accounts_of(
    roles: Sequence[Role],
    Z: npt.NDArray[np.floating],  # noqa: N803 - the letters of the field
    Y: Floats,  # noqa: N803
    value_added: Floats | None,
    x: Floats | None,
    frame: Frame,
) -> Accounts:
    """Accounts of industries in the order of their rows.

    Output that the release does not state is the sum of what is sold, value added what is left of output.
    """
    regions = tuple(dict.fromkeys(role.region for role in roles))
    sectors = tuple(dict.fromkeys(role.sector for role in roles))
    if x is None:
        x = Z.sum(axis=1, dtype=np.float64) + Y.sum(axis=1)
    if value_added is None:
        value_added = x - Z.sum(axis=0, dtype=np.float64)
    split = any(role.part for role in roles)
    return Accounts(
        regions=regions,
        sectors=sectors,
        region=np.array([regions.index(role.region) for role in roles]),
        sector=np.array([sectors.index(role.sector) for role in roles]),
        Z=Z,
        Y=Y,
        x=x,
        value_added=value_added,
        unit=frame.unit,
        year=frame.year,
        source=frame.source,
        part=tuple(role.part or role.region for role in roles) if split else None,
        limits=frame.limits,
    )


WRONG_SOURCE = "Is it the right --source? A release with another layout is not read yet."


def _refuse_unknown(rows: Iterable[tuple[int, Cells, Role | None]], problems: Problems) -> None:
    for line, cells, role in rows:
        if role is None:
            problems.add(line, "", " ".join(cells), "a row of this source", WRONG_SOURCE)


def _places(roles: Sequence[Role | None], lines: Sequence[int], problems: Problems) -> dict[Role, int]:
    """Where each industry stands; one that stands twice is noted."""
    places: dict[Role, int] = {}
    for place, role in enumerate(roles):
        if role is None or role.kind != "industry":
            continue
        if role in places:
            problems.add(lines[place], "", _named(role), "an industry that stands once", "Download it again.")
        places[role] = place
    return places


def _refuse_lopsided(down: Mapping[Role, int], across: Mapping[Role, int], problems: Problems) -> None:
    """An industry must sell in a row and buy in a column."""
    for one, other, side in ((down, across, "column"), (across, down, "row")):
        for role in one:
            if role not in other:
                problems.add(
                    None,
                    "",
                    _named(role),
                    f"an industry with a {side} too",
                    "The file was cut: download it again.",
                )
    if not down:
        problems.add(None, "", "no industries", "a table of industries", WRONG_SOURCE)


def _named(role: Role) -> str:
    return f"{role.part or role.region} {role.sector}"


def _is_empty_whole(role: Role, down: Mapping[Role, int], across: Mapping[Role, int], grid: Grid) -> bool:
    """Whether a row is the empty whole of a region whose parts have rows of their own: MEX beside MX1 and MX2."""
    if role.part or not any(one.part and one.region == role.region for one in down):
        return False
    return not grid.values[down[role]].any() and not grid.values[:, across[role]].any()


def _demand(
    columns: Sequence[Role | None],
    regions: Sequence[str],
    grid: Grid,
    at: npt.NDArray[np.int64],
    problems: Problems,
) -> Floats:
    """Final demand by region of the buyer, all categories added up."""
    total = np.zeros((len(at), len(regions)))
    for place, role in enumerate(columns):
        if role is None or role.kind != "demand":
            continue
        if role.region not in regions:
            shown = " ".join(grid.columns[place])
            problems.add(1, shown, shown, "final demand of a region with industries", WRONG_SOURCE)
            continue
        total[:, regions.index(role.region)] += grid.values[at, place]
    return total


def _value_added(rows: Sequence[Role | None], grid: Grid, to: npt.NDArray[np.int64]) -> Floats | None:
    """Value added, taxes less subsidies on products included; None where the release has no such row."""
    places = [place for place, role in enumerate(rows) if role is not None and role.kind == "value added"]
    return grid.values[np.ix_(np.array(places), to)].sum(axis=0, dtype=np.float64) if places else None


def _output(rows: Sequence[Role | None], grid: Grid, to: npt.NDArray[np.int64]) -> Floats | None:
    places = [place for place, role in enumerate(rows) if role is not None and role.kind == "output"]
    return grid.values[places[0], to].astype(np.float64) if places else None


def region_code(text: str, own: Mapping[str, str] | None = None) -> str:
    """ISO3 of a country, `ROW` for the rest of the world, or the table's own code as `own` maps it.

    >>> region_code("ROM"), region_code("RoW"), region_code("EL"), region_code("WA", {"WA": "WA"})
    ('ROU', 'ROW', 'GRC', 'WA')
    """
    if own and text in own:
        return own[text]
    if text.upper() in (REST, "WLD_REST"):
        return REST
    if text == "ROM":  # WIOD's and the World Bank's code for Romania, not ISO 3166's
        return "ROU"
    return text if text in countries() else country(text)


def region_of(text: str, own: Mapping[str, str] | None = None) -> str | None:
    """As `region_code`, None where the text is no region."""
    try:
        return region_code(text, own)
    except CodeError:
        return None


def year_in(text: str) -> int | None:
    """The last plausible year in a file name.

    >>> year_in("matrix_eu-ic-io_ind-by-ind_23ed_2021.csv"), year_in("ICIO2018_2010.CSV"), year_in("Z.txt")
    (2021, 2010, None)
    """
    found = [int(word) for word in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)]
    found += [int("20" + word) for word in re.findall(r"wiot(\d\d)(?!\d)", text.lower()) if not found]
    return found[-1] if found else None
