"""How is an npz file of arrays read: Z, final demand, output, value added, and the labels?

Arrays `Z` (industries × industries) and `F` or `Y` (industries × categories of final demand of each region in
turn, or × regions), labels `countries` and `sectors` or `industries`, and as far as there are `x`, `va` and `tls`
(taxes less subsidies on products). Rows go through the sectors of the first region, then of the next.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from weaklink.sources import intake
from weaklink.sources.intake import DAMAGE, Problems
from weaklink.sources.square import Frame, Released, Role, accounts_of, region_of, year_in

Array = npt.NDArray[Any]
MOST_BYTES = 8 << 30


def read(path: Path, *, year: int | None = None, vintage: str = "") -> Released:
    """Read the table of an npz file. Raises SourceError with all its problems.

    `year` is needed where the file name does not say it. Arrays of Python objects are refused: they are pickles.
    """
    if intake.kind_of(intake.checked_path(path)) != "zip":
        raise intake.refused(
            path.name, "no zip archive", "an npz file of NumPy", "Write it with numpy.savez."
        )
    problems = Problems(path.name)
    arrays = _arrays(path, problems)
    found = year or year_in(path.name)
    if found is None:
        problems.add(None, "", path.name, "a file name with its year", "Give --year.")
    problems.refuse_if_any()
    countries, sectors, Z, demand = _parts(arrays, problems)  # noqa: N806 - the letters of the field
    problems.refuse_if_any()
    roles = [Role("industry", region, sector=sector) for region in countries for sector in sectors]
    Y = demand.reshape(len(roles), len(countries), -1).sum(axis=2, dtype=np.float64)  # noqa: N806
    added = arrays.get("va")
    if added is not None and "tls" in arrays:
        added = added + arrays["tls"]
    accounts = accounts_of(
        roles, Z, Y, added, arrays.get("x"), Frame("million US dollars", found or 0, path.stem)
    )
    return Released(
        accounts,
        source=f"an npz file of your own, {intake.printable(path.name)}",
        licence="that of the table's source",
        vintage=vintage or "as saved",
        classification=_classification(sectors),
        original=intake.printable(path.name),
        original_sha256=intake.sha256(path),
    )


def _classification(sectors: Sequence[str]) -> str:
    """The list of sectors, where its codes tell it: those of the WIOD release of 2013 are c1 to c35."""
    return "WIOD35" if list(sectors) == [f"c{number}" for number in range(1, 36)] else ""


def _arrays(path: Path, problems: Problems) -> Mapping[str, Array]:
    arrays: dict[str, Array] = {}
    with intake.zip_file(path) as archive:
        for name in archive.namelist():
            if name.endswith(".npy") and (array := _array(archive, name, problems)) is not None:
                arrays[name.removesuffix(".npy")] = array
    return arrays


def _array(archive: zipfile.ZipFile, name: str, problems: Problems) -> Array | None:
    """One array; what is a pickle, too large or damaged is noted."""
    if archive.getinfo(name).file_size > MOST_BYTES:
        problems.add(
            None, name, f"{archive.getinfo(name).file_size >> 30} GB", "at most 8 GB", "Split the table."
        )
        return None
    try:
        with archive.open(name) as stream:
            array: Array = np.lib.format.read_array(stream, allow_pickle=False)
    except DAMAGE as error:
        problems.add(None, name, str(error)[:80], "a whole array of numbers or text", "Write the file again.")
        return None
    return array


def _parts(arrays: Mapping[str, Array], problems: Problems) -> tuple[list[str], list[str], Array, Array]:
    """Labels of regions and sectors, Z, and final demand, if their sizes fit together."""
    empty: Array = np.zeros(0)
    sectors = arrays.get("sectors", arrays.get("industries", empty))
    demand = arrays.get("F", arrays.get("Y", empty))
    countries, Z = arrays.get("countries", arrays.get("regions", empty)), arrays.get("Z", empty)  # noqa: N806
    named = {"countries": countries, "sectors or industries": sectors, "Z": Z, "F or Y": demand}
    for name, array in named.items():
        if not array.size:
            held = ", ".join(sorted(arrays)) or "nothing"
            problems.add(None, "", held, f"arrays with {name} among them", "Write the file again.")
    size = countries.size * sectors.size
    if problems.count:
        return [], [], empty, empty
    if Z.shape != (size, size):
        problems.add(
            None, "Z", str(Z.shape), f"{size} × {size}", "Rows are the sectors of each region in turn."
        )
    if demand.ndim != 2 or demand.shape[0] != size or demand.shape[1] % countries.size:
        expected = f"{size} × a multiple of {countries.size}"
        problems.add(
            None, "F", str(demand.shape), expected, "Columns are the categories of each region in turn."
        )
    for name in ("x", "va", "tls"):
        if name in arrays and arrays[name].shape != (size,):
            problems.add(None, name, str(arrays[name].shape), f"({size},)", "Write one number per industry.")
    regions = [region_of(str(code)) or "" for code in countries.tolist()]
    for code, region in zip(countries.tolist(), regions, strict=True):
        if not region:
            problems.add(None, "countries", str(code), "a country or ROW", "Write ISO3 codes.")
    return regions, [str(sector) for sector in sectors.tolist()], Z, demand
