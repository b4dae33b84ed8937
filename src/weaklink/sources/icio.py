"""How is a release of the OECD's inter-country input-output tables read?

As released: one CSV file per year, or the zip archive of several years, all editions from 2016 on. Mexico and
China come in parts (MX1, MX2, CN1, CN2) in the extended editions: the parts stay rows of their own, and become MEX
and CHN when results are added up, after the solve.
"""

from __future__ import annotations

import re
from pathlib import Path

from weaklink.sources import bundle, intake
from weaklink.sources.grid import Cells, Layout, read_grid
from weaklink.sources.intake import Problems
from weaklink.sources.square import Frame, Released, Role, assembled, region_of, year_in

LICENCE = "OECD: may be extracted, adapted and redistributed with credit"
PARTS = {"MX": "MEX", "CN": "CHN"}
DEMAND = {
    "HFCE", "NPISH", "NPS", "GGFC", "GFCF", "INVNT", "INV", "DIRP", "DPABR", "P33", "FD", "FNLC", "NONRES",
}  # fmt: skip
TOTALS = {
    **{word: Role("output") for word in ("OUT", "OUTPUT", "TOTAL")},
    **{word: Role("value added", sector=word) for word in ("VA", "VALU", "TLS")},
    "DISC": Role("ignored"),  # a discrepancy of no region: what it leaves open is the reported residual
}


def read(path: Path, *, year: int | None = None, vintage: str = "") -> Released:
    """Read one year of a release.

    `year` chooses among the years of an archive; `vintage` is the edition where the file does not name it.
    Raises SourceError with all problems of the file.
    """
    with bundle.opened(path, [".csv"]) as release:
        name = release.only(
            lambda one: year is None or year_in(Path(one).name) == year,
            "one CSV file" if year is None else f"one CSV file of {year}",
            "Choose one with --year.",
        )
        problems = Problems(Path(name).name)
        with release.stream(name) as stream:
            grid = read_grid(stream, Layout(heads=1, labels=1), problems)
        found = year or year_in(Path(name).name)
        if found is None:
            problems.add(None, "", name, "a file name with its year", "Give --year.")
        problems.refuse_if_any()
        assert grid is not None  # noqa: S101 - else there was a problem
        frame = Frame("million US dollars", found or 0, f"OECD ICIO {found}")
        accounts = assembled(grid, role, frame, problems)
        problems.refuse_if_any()
        assert accounts is not None  # noqa: S101 - as above
        return Released(
            accounts,
            source="OECD, Inter-Country Input-Output Tables",
            licence=LICENCE,
            vintage=vintage or _edition(path.name, Path(name).name),
            classification=f"ICIO{len(accounts.sectors)}",
            original=intake.printable(path.name),
            original_sha256=release.sha256(),
        )


def role(cells: Cells) -> Role | None:
    """What a label of the release is: `AUS_01T03`, `MX1_10T12`, `AUS_HFCE`, `AUS_TAXSUB`, `VALU`, `OUT`.

    >>> role(("MX1_10T12",))
    Role(kind='industry', region='MEX', part='MX1', sector='10T12')
    """
    text = cells[0]
    if text.rpartition("_")[2] == "TAXSUB":
        return Role("value added", sector=text)
    first, joint, second = text.partition("_")
    if not joint:
        return TOTALS.get(text)
    if first in DEMAND and region_of(second):  # the edition of 2016 writes them the other way round
        first, second = second, first
    part = first if re.fullmatch(r"(MX|CN)\d", first) else ""
    region = PARTS[first[:2]] if part else region_of(first)
    if region is None:
        return None
    if second in DEMAND:
        return Role("demand", region, sector=second)
    return Role("industry", region, part, second)


def _edition(*names: str) -> str:
    for name in names:
        if found := re.search(r"ICIO[-_ ]?(20\d\d)", name, re.IGNORECASE):
            return f"{found[1]} edition"
    return "unstated"
