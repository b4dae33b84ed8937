"""How is a table read that pymrio saved?

A folder, or the zip archive of one, with Z.txt (or A.txt), Y.txt and x.txt, and unit.txt where there is one. The
pickle form is refused: reading a pickle runs whatever program it holds.
"""

from __future__ import annotations

from pathlib import Path

from weaklink.inputoutput.accounts import Limits
from weaklink.sources import bundle, intake
from weaklink.sources.bundle import Bundle
from weaklink.sources.intake import Problems
from weaklink.sources.separate import SUFFIXES, Files, accounts_from
from weaklink.sources.square import Frame, Released, region_of, year_in

AS_TEXT = "Save it as text: io.save_all(path, table_format='txt')."
UNREAD = (".pkl", ".pickle", ".parquet", ".pq")


def read(path: Path, *, year: int | None = None, vintage: str = "") -> Released:
    """Read the table that a folder or archive holds. Raises SourceError with all problems of its files.

    `year` is needed where the name of the folder or archive does not say it. Regions that are no countries, such as
    `reg1`, keep the names that they have.
    """
    with bundle.opened(path, (*SUFFIXES, *UNREAD), folders=True) as release:
        problems = Problems(path.name)
        found = year or year_in(path.name)
        if found is None:
            problems.add(None, "", path.name, "a name with the year of the table", "Give --year.")
        flows, shares = _member(release, "Z"), _member(release, "A")
        demand = _member(release, "Y")
        if (flows is None and shares is None) or demand is None:
            unread = [name for name in release.names if name.endswith(UNREAD)]
            held = ", ".join((unread or list(release.names))[:6]) or "nothing"
            problems.add(None, "", held, "Y.txt and Z.txt or A.txt", AS_TEXT)
        problems.refuse_if_any()
        assert demand is not None  # noqa: S101 - else there was a problem
        files = Files(release, flows or shares or "", demand, _member(release, "x"), flows is None, _Own())
        frame = Frame(_unit(release), found or 0, f"{path.stem} {found}", Limits(column_sum=1e6))
        accounts = accounts_from(files, lambda _regions: frame, problems)
        problems.refuse_if_any()
        assert accounts is not None  # noqa: S101 - else there was a problem
        return Released(
            accounts,
            source=f"a table saved by pymrio, {intake.printable(path.name)}",
            licence="that of the table's source",
            vintage=vintage or "as saved",
            classification="",
            original=intake.printable(path.name),
            original_sha256=release.sha256(),
        )


class _Own(dict[str, str]):
    """Every region that is no country stands for itself."""

    def __contains__(self, region: object) -> bool:
        return region_of(str(region)) is None

    def __getitem__(self, region: str) -> str:
        return region

    def __bool__(self) -> bool:
        return True


def _member(release: Bundle, letter: str) -> str | None:
    return next(
        (name for suffix in SUFFIXES if (name := release.named(f"{letter}{suffix}")) is not None), None
    )


def _unit(release: Bundle) -> str:
    """The unit that unit.txt gives to all industries, else a word that says it is not known."""
    name = _member(release, "unit")
    if name is None:
        return "unit of the table"
    units = {line.rsplit("\t", 1)[-1].rsplit(",", 1)[-1] for line in release.head(name).splitlines()[1:]}
    return intake.printable(units.pop()) if len(units) == 1 else "unit of the table"
