"""A small balanced table, and files of it in each layout that is released, as the sources document them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """Z, Y by region and category, x and value added of regions × sectors, all in whole numbers."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    Z: Floats
    Y: Floats  # rows × regions × 2 categories
    x: Floats
    value_added: Floats

    @property
    def labels(self) -> list[tuple[str, str]]:
        return [(region, sector) for region in self.regions for sector in self.sectors]


def made(regions: Sequence[str] = ("DEU", "CHN", "ROW"), sectors: Sequence[str] = ("A01", "C20")) -> Made:
    """Made-up numbers that balance by construction: what an industry does not buy is its value added."""
    rng = np.random.default_rng(5)
    n = len(regions) * len(sectors)
    Z = rng.integers(1, 20, (n, n)).astype(float)
    Y = rng.integers(20, 60, (n, len(regions), 2)).astype(float)
    x = Z.sum(1) + Y.sum((1, 2))
    return Made(tuple(regions), tuple(sectors), Z, Y, x, x - Z.sum(0))


def text(rows: Iterable[Sequence[object]], separator: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerows([[shown(cell) for cell in row] for row in rows])
    return out.getvalue()


def shown(cell: object) -> object:
    return f"{cell:g}" if isinstance(cell, float) else cell


def icio(table: Made, path: Path, demand: Sequence[str] = ("HFCE", "GFCF")) -> Path:
    """`2018_SML.csv`: one header line, rows TLS, VA and OUT, a column OUT."""
    names = [f"{region}_{sector}" for region, sector in table.labels]
    wanted = [f"{region.replace('MX1', 'MEX')}_{one}" for region in table.regions for one in demand]
    flat = table.Y.reshape(len(names), -1)
    tax = np.floor(table.value_added / 10)
    blank = [0.0] * len(wanted)
    rows = [
        ["V1", *names, *wanted, "OUT"],
        *([name, *table.Z[i], *flat[i], table.x[i]] for i, name in enumerate(names)),
        ["TLS", *tax, *blank, 0.0],
        ["VA", *(table.value_added - tax), *blank, 0.0],
        ["OUT", *table.x, *blank, 0.0],
    ]
    path.write_text(text(rows), encoding="utf-8")
    return path


FIGARO_CODES = {"DEU": "DE", "CHN": "CN", "ROW": "FIGW1", "GRC": "EL"}


def figaro_matrix(table: Made, path: Path) -> Path:
    """`matrix_eu-ic-io_ind-by-ind_23ed_2021.csv`: rowLabels, AT_A01, …, rows of W2 below."""
    names = [f"{FIGARO_CODES[region]}_{sector}" for region, sector in table.labels]
    wanted = [f"{FIGARO_CODES[region]}_{one}" for region in table.regions for one in ("P3_S14", "P51G")]
    flat = table.Y.reshape(len(names), -1)
    blank = [0.0] * len(wanted)
    rows = [
        ["rowLabels", *names, *wanted],
        *([name, *table.Z[i], *flat[i]] for i, name in enumerate(names)),
        ["W2_D21X31", *([1.0] * len(names)), *blank],
        ["W2_D1", *(table.value_added - 3), *blank],
        ["W2_B2A3G", *([2.0] * len(names)), *blank],
    ]
    path.write_text(text(rows), encoding="utf-8")
    return path


def figaro_flat(table: Made, path: Path) -> Path:
    """`flatfile_eu-ic-io_ind-by-ind_23ed_2021.csv`: one line per cell that is not zero."""
    areas = [FIGARO_CODES[region] for region in table.regions]
    rows: list[Sequence[object]] = [
        ["icioiRow", "icioiCol", "refArea", "rowIi", "counterpartArea", "colIi", "obsValue"]
    ]

    def cell(area: str, item: str, other: str, use: str, value: float) -> None:
        rows.append([f"{area}_{item}", f"{other}_{use}", area, item, other, use, value])

    for i, (region, sector) in enumerate(table.labels):
        for j, (buyer, use) in enumerate(table.labels):
            cell(FIGARO_CODES[region], sector, FIGARO_CODES[buyer], use, table.Z[i, j])
        for k, area in enumerate(areas):
            cell(FIGARO_CODES[region], sector, area, "P3_S14", table.Y[i, k, 0])
            cell(FIGARO_CODES[region], sector, area, "P51G", table.Y[i, k, 1])
    for j, (buyer, use) in enumerate(table.labels):
        cell("W2", "D1", FIGARO_CODES[buyer], use, table.value_added[j])
    path.write_text(text(rows), encoding="utf-8")
    return path


WIOD_CODES = {"ROU": "ROM"}


def wiod_wide(table: Made, path: Path, *, row_numbers: bool = False) -> Path:
    """The release of 2016 for R, saved with write.csv: one header line, totals of country TOT below."""
    k = len(table.sectors)
    columns = [f"{region}{n}" for region in table.regions for n in range(1, k + 1)]
    wanted = [f"{region}{n}" for region in table.regions for n in (k + 1, k + 2)]
    flat = table.Y.reshape(len(columns), -1)
    blank = [0.0] * len(wanted)
    head = ["IndustryCode", "IndustryDescription", "Country", "RNr", "Year", *columns, *wanted, "TOT"]
    rows: list[list[object]] = [
        [sector, f"Making of {sector}, and more", region, i % k + 1, 2014, *table.Z[i], *flat[i], table.x[i]]
        for i, (region, sector) in enumerate(table.labels)
    ]
    rows += [
        ["II_fob", "Total intermediate consumption", "TOT", 65, 2014, *table.Z.sum(0), *blank, 0.0],
        ["TXSP", "taxes", "TOT", 66, 2014, *([2.0] * len(columns)), *blank, 0.0],
        ["VA", "Value added", "TOT", 70, 2014, *(table.value_added - 5), *blank, 0.0],
        ["IntTTM", "margins", "TOT", 71, 2014, *([3.0] * len(columns)), *blank, 0.0],
        ["GO", "Output", "TOT", 73, 2014, *table.x, *blank, 0.0],
    ]
    if row_numbers:
        head, rows = ["", *head], [[str(place), *row] for place, row in enumerate(rows, start=1)]
    path.write_text(text([head, *rows]), encoding="utf-8")
    return path


def wiod_sheet(table: Made, path: Path) -> Path:
    """The sheet of a workbook of 2013: two title lines, four header lines, four label columns."""
    k = len(table.sectors)
    industries = [(s, f"Making of {s}", r, f"c{i % k + 1}") for i, (r, s) in enumerate(table.labels)]
    wanted = [("CONS", "Consumption", r, f"c{n}") for r in table.regions for n in (k + 2, k + 3)]
    heads = [*industries, *wanted, ("GO", "Total output", "TOT", f"c{k + 5}")]
    flat = table.Y.reshape(len(industries), -1)
    blank = [0.0] * (len(wanted) + 1)
    width = len(heads)
    rows: list[Sequence[object]] = [
        ["Intercountry Input-Output Table", "WIOD, in current prices", "", "", *([""] * width)],
        ["(industry-by-industry) 2011", "(millions of US$)", "", "", *([""] * width)],
        *(["", "", "", "", *(head[place] for head in heads)] for place in range(4)),
        *([*industry, *table.Z[i], *flat[i], table.x[i]] for i, industry in enumerate(industries)),
        ["II_fob", "Total intermediate consumption", "TOT", "r60", *table.Z.sum(0), *blank],
        ["TXSP", "taxes less subsidies on products", "TOT", "r61", *([1.0] * len(industries)), *blank],
        ["VA", "Value added at basic prices", "TOT", "r65", *(table.value_added - 1), *blank],
        ["GO", "Output at basic prices", "TOT", "r69", *table.x, *blank],
    ]
    path.write_text(text(rows), encoding="utf-8")
    return path


EXIOBASE_CODES = {"DEU": "DE", "CHN": "CN", "ROW": "WA"}


def exiobase(table: Made, path: Path, *, shares: bool = True, output: bool = True) -> Path:
    """`IOT_2020_pxp.zip`: a folder with A.txt (or Z.txt), Y.txt, x.txt, unit.txt, tab-separated."""
    labels = [(EXIOBASE_CODES[region], f"Products of {sector}") for region, sector in table.labels]
    flows = table.Z / table.x if shares else table.Z
    wanted = [(EXIOBASE_CODES[r], c) for r in table.regions for c in ("Households", "Government")]
    files = {
        "A.txt" if shares else "Z.txt": framed(flows, labels, labels),
        "Y.txt": framed(table.Y.reshape(len(labels), -1), labels, wanted, "category"),
        "unit.txt": text([("region", "sector", "unit"), *((*one, "M.EUR") for one in labels)], "\t"),
        "satellite/F.txt": "region\t\n",
    }
    if output:
        rows = [(*one, repr(float(x))) for one, x in zip(labels, table.x, strict=True)]
        files["x.txt"] = text([("region", "sector", "indout"), *rows], "\t")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"IOT_2020_pxp/{name}", content)
    return path


def framed(
    values: Floats, rows: Sequence[Sequence[str]], columns: Sequence[Sequence[str]], second: str = "sector"
) -> str:
    """As pandas writes a frame with two levels on both sides: three header lines."""
    heads = [
        ["region", "", *(column[0] for column in columns)],
        [second, "", *(column[1] for column in columns)],
        ["region", "sector", *([""] * len(columns))],
    ]
    body = [[*row, *(repr(float(value)) for value in line)] for row, line in zip(rows, values, strict=True)]
    return text([*heads, *body], "\t")


def npz(table: Made, path: Path, **more: npt.NDArray[np.generic]) -> Path:
    """Arrays as in the files that others share: rows go through the sectors of each region in turn."""
    arrays = {
        "Z": table.Z,
        "F": table.Y.reshape(len(table.x), -1),
        "x": table.x,
        "va": table.value_added - 2,
        "tls": np.full(len(table.x), 2.0),
        "countries": np.array(table.regions),
        "sectors": np.array(table.sectors),
        **more,
    }
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path
