"""How were the embedded trade, mining, governance and border tables made from their originals?

    python tools/build_data.py ORIGINALS

`ORIGINALS` is a directory with the files that the cards name, under trade/, codes/, minerals/ and
governance/. Everything is written to src/weaklink/data, each table with its card. Running it again on the
same originals gives the same tables.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from weaklink.codes.countries import country
from weaklink.data import ROOT
from weaklink.errors import CodeError
from weaklink.provenance import Card
from weaklink.snapshot import Snapshot
from weaklink.snapshotfile import Description, write
from weaklink.sources import baci
from weaklink.sources.intake import sha256

Json = dict[str, Any]
Ring = list[tuple[float, float]]


def main(originals: Path) -> None:
    """Build every derived table."""
    for build in (materials, known_gaps, mining, political_stability, borders):
        card = build(originals)
        print(f"{card.name}: {card.rows:,} rows, sha256 {card.sha256[:12]}…")


def materials(originals: Path) -> Card:
    """The extract of BACI: 74 fuels, ores, metals and chemicals, 1995 to 2024."""
    file = originals / "trade" / "baci_hs92_materials_1995_2024.parquet"
    reading = baci.read(
        file,
        nomenclature="HS92",
        vintage="unstated, 1995-2024",
        country_codes=originals / "codes" / "baci_country_codes_V202401b.csv",
        product_codes=originals / "codes" / "baci_hs92_product_labels.csv",
    )
    codes = set(reading.flows.products)
    labels = {code: label for code, label in reading.labels.items() if code in codes}
    card = replace(
        reading.card("baci-hs92-materials"),
        what="Bilateral trade in 74 fuels, ores, metals and chemicals, 1995 to 2024, by value and mass",
        derived_by="tools/build_data.py: dollars and kilograms in whole numbers, exact; countries by policy",
        caveats=(
            "CEPII BACI reconciles what exporters and importers report; re-exports may hide the origin of "
            "goods behind a trading hub.",
            "The original of the embedded extract does not name its BACI release; it covers 1995 to 2024 and "
            "its country numbers are those of release V202401b.",
        ),
    )
    said = Description(card, reading.area_rows(), labels)
    path = write([reading.flows], lambda: said, _materials_place, compression="zstd")
    return _carded("baci_hs92_materials", replace(card, sha256=sha256(path)))


def _materials_place(_digest: str) -> Path:
    return ROOT / "baci_hs92_materials.parquet"


PIPELINE_GAS, RUSSIA = "271121", "RUS"
CONFIDENTIAL = ("AUT", "")  # Eurostat prints Austria's Russian gas as zero: the partner is confidential


def known_gaps(originals: Path) -> Card:
    """Flows that the extract of BACI lacks although another statistic has them: Russian pipeline gas.

    Needs baci_hs92_materials.parquet, which `materials` has just made.
    """
    file = originals / "gas" / "russia_share_2020.csv"
    flows = Snapshot(_materials_place(""), Card("", "", "", "", "", "", "")).flows([2020])
    gas = flows.of_products([PIPELINE_GAS])
    bought = gas.where(gas.flags([RUSSIA])[gas.exporter])
    recorded = {bought.countries[index] for index in bought.importer}
    missing = [(iso3, amount) for iso3, amount in _russian_pipeline_gas(file) if iso3 not in recorded]
    table = sorted(
        ("HS92", PIPELINE_GAS, iso3, RUSSIA, "2020", amount) for iso3, amount in (*missing, CONFIDENTIAL)
    )
    card = Card(
        name="known-gaps",
        what="Flows that BACI does not record although energy statistics do: Russian pipeline gas, GWh in 2020",
        source="Eurostat, Imports of natural gas by partner country (nrg_ti_gas), as compiled on 23 March 2022",
        licence="CC BY 4.0",
        vintage="2022-03-23",
        sha256="",
        original_sha256=sha256(file),
        derived_by="tools/build_data.py: importers whose Russian gas other than liquefied is positive in "
        "Eurostat and absent from the extract of BACI in 2020; gross calorific value, 1 GWh = 3.6 TJ; "
        "Austria is added without an amount because Eurostat prints its confidential figure as zero",
        years=(2020,),
        nomenclature="HS92",
    )
    header = ("nomenclature", "product", "importer", "supplier", "year", "gwh")
    return _written("known_gaps", card, header, table)


def _russian_pipeline_gas(file: Path) -> Iterator[tuple[str, str]]:
    """Importers of Russian gas other than liquefied in Eurostat's statistics, with GWh."""
    for row in _records(file):
        terajoules = float(row["imports_RU_TJ_gcv"]) - float(row["lng_RU_TJ"])
        if row["iso2"] and terajoules > 0:
            yield country(row["iso2"]), str(round(terajoules / 3.6))


def mining(originals: Path) -> Card:
    """World Mining Data: production of 65 minerals by country."""
    file = originals / "minerals" / "world_mining_data_long.csv"
    rows = [
        (
            row["mineral"],
            country(row["Country"]),
            row["year"],
            row["production"],
            row["unit"],
            row["data_source"],
        )
        for row in _records(file)
    ]
    table = sorted(
        (mineral, iso3, year, _whole(amount), unit, STATUS[status])
        for mineral, iso3, year, amount, unit, status in rows
    )
    card = Card(
        name="mining-production",
        what="Production of 65 minerals by country, 2018 to 2024; empty where not known",
        source="World Mining Data, Austrian Federal Ministry of Finance",
        licence="free use with the source named",
        vintage="2018-2024",
        sha256="",
        original_sha256=sha256(file),
        derived_by="tools/build_data.py: country by its name (the original writes R20 for Kosovo, S19 for "
        "Taiwan and GUY for French Guiana); amounts in whole units, floating noise rounded off",
        years=tuple(range(2018, 2025)),
        caveats=(
            "In the original, Guyana's gold of 2023 and 2024 equals French Guiana's to the kilogram and is "
            "a fifteenth of Guyana's own in 2022: probably an error of the source, kept as it stands.",
        ),
    )
    header = ("mineral", "iso3", "year", "production", "unit", "status")
    return _written("mining_production", card, header, table)


STATUS = {"r": "reported", "e": "estimated", "p": "provisional"}


def _whole(amount: str) -> str:
    """An amount as whole units; empty where it is not known."""
    if not amount:
        return ""
    number = float(amount)
    if abs(number - round(number)) > 1e-6:
        raise ValueError(f"{amount} is not a whole number of units")
    return str(round(number))


def political_stability(originals: Path) -> Card:
    """World Governance Indicators: political stability and absence of violence."""
    file = originals / "governance" / "wgi_political_stability.csv"
    table = sorted(_stability(file))
    card = Card(
        name="political-stability",
        what="Political stability and absence of violence, estimate in standard normal units, 1996 to 2024",
        source="Worldwide Governance Indicators, World Bank",
        licence="CC BY 4.0",
        vintage="1996-2024",
        sha256="",
        original_sha256=sha256(file),
        derived_by="tools/build_data.py: one row per country and year; two rows of the original under "
        "statistical codes (R20, PUS) are left out because they name no country",
        years=tuple(sorted({int(row[1]) for row in table})),
        caveats=(
            "The original has two rows for Guyana. The first stands where French Guiana stands in the order of "
            "codes and is taken to be it; the same compilation calls French Guiana GUY in its mining data too.",
        ),
    )
    return _written("political_stability", card, ("iso3", "year", "estimate"), table)


def _stability(file: Path) -> Iterator[tuple[str, str, str]]:
    before = ""
    for row in _records(file):
        if (before, row["Code"]) == ("GTM", "GUY"):  # rows stand in the order of codes: this is French Guiana
            row["Code"] = "GUF"
        before = row["Code"]
        try:
            iso3 = country(row["Code"])
        except CodeError:
            if row["Code"] not in {"R20", "PUS"}:
                raise
            continue
        if row["Code"] == "PUS":
            continue
        for year, estimate in row.items():
            if year.isdigit() and estimate and not math.isnan(float(estimate)):
                yield iso3, year, f"{float(estimate):.6f}"


# --- borders ------------------------------------------------------------------------------------------------

CRIMEA = (34.2, 45.2)
UNNUMBERED = {"Kosovo": "XKX", "N. Cyprus": "CYP", "Somaliland": "SOM"}


def borders(originals: Path) -> Card:
    """Country outlines for maps, and a point for each country too small to have one."""
    coarse = originals / "codes" / "countries-110m.json"
    fine = originals / "codes" / "countries-50m.json"
    topology = json.loads(coarse.read_text(encoding="utf-8"))
    shapes = topology["objects"]["countries"]["geometries"]
    _move_crimea(topology, shapes)
    for shape in shapes:
        name = shape.pop("properties")["name"]
        shape["id"] = UNNUMBERED.get(name) or country(shape["id"])
    drawn = {shape["id"] for shape in shapes}
    points = [
        point for point in _points(json.loads(fine.read_text(encoding="utf-8"))) if point["iso3"] not in drawn
    ]
    text = json.dumps({"topology": topology, "points": points}, separators=(",", ":"), sort_keys=True)
    (ROOT / "borders.json").write_text(text + "\n", encoding="utf-8")
    card = Card(
        name="borders",
        what="Country outlines at 1:110 million, and a point for each country that is too small for it",
        source="Natural Earth, by way of world-atlas",
        licence="public domain",
        vintage="world-atlas 2",
        sha256=sha256(ROOT / "borders.json"),
        original_sha256=sha256(coarse),
        derived_by="tools/build_data.py: ISO3 for numbers; Crimea drawn with Ukraine, as in General Assembly "
        "resolution 68/262, where Natural Earth draws it with Russia; the unnumbered shapes of Northern Cyprus "
        "and Somaliland belong to CYP and SOM; points are centroids of the 1:50 million outlines",
        rows=len(shapes) + len(points),
        caveats=("Borders are drawn for orientation and say nothing about the status of any territory.",),
    )
    return _carded("borders", card)


def _move_crimea(topology: Json, shapes: Sequence[Json]) -> None:
    """Take the polygon that holds Crimea from Russia and give it to Ukraine."""
    russia, ukraine = (_by_number(shapes, number) for number in ("643", "804"))
    polygons = [polygon for polygon in russia["arcs"] if _holds(_ring(topology, polygon[0]), CRIMEA)]
    if len(polygons) != 1:
        raise ValueError(f"{len(polygons)} Russian polygons hold Crimea; one was expected")
    russia["arcs"].remove(polygons[0])
    ukraine["arcs"] = [
        *(ukraine["arcs"] if ukraine["type"] == "MultiPolygon" else [ukraine["arcs"]]),
        polygons[0],
    ]
    ukraine["type"] = "MultiPolygon"


def _by_number(shapes: Sequence[Json], number: str) -> Json:
    return next(shape for shape in shapes if shape.get("id") == number)


def _points(topology: Json) -> Iterator[Json]:
    """The centroid of the largest polygon of each numbered country."""
    for shape in topology["objects"]["countries"]["geometries"]:
        if "id" not in shape:
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        centroids = [_centroid(_ring(topology, polygon[0])) for polygon in polygons]
        _, longitude, latitude = max(centroids)
        yield {"iso3": country(shape["id"]), "longitude": round(longitude, 2), "latitude": round(latitude, 2)}


def _ring(topology: Json, arcs: Sequence[int]) -> Ring:
    """Corners of a ring, decoded from the arcs of a quantized topology."""
    ring: Ring = []
    for index in arcs:
        points = _arc(topology, index if index >= 0 else ~index)
        ring += points if index >= 0 else points[::-1]
    return ring


def _arc(topology: Json, index: int) -> Ring:
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    points: Ring = []
    for dx, dy in topology["arcs"][index]:
        x, y = x + dx, y + dy
        points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
    return points


def _holds(ring: Ring, point: tuple[float, float]) -> bool:
    """Whether a ring encloses a point: a ray to the east crosses it an odd number of times."""
    x, y = point
    crossings = (
        (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)
    )
    return sum(crossings) % 2 == 1


def _centroid(ring: Ring) -> tuple[float, float, float]:
    """Area and centroid of a ring, by the shoelace formula; good enough to place a dot."""
    area = x_sum = y_sum = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x_sum, y_sum = area + cross / 2, x_sum + (x1 + x2) * cross, y_sum + (y1 + y2) * cross
    if area == 0:
        return 0.0, ring[0][0], ring[0][1]
    return abs(area), x_sum / (6 * area), y_sum / (6 * area)


# --- writing ------------------------------------------------------------------------------------------------


def _records(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _written(name: str, card: Card, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Card:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    table = list(rows)
    writer.writerows(table)
    data = text.getvalue().encode("utf-8")
    (ROOT / f"{name}.csv").write_bytes(data)
    return _carded(name, replace(card, sha256=hashlib.sha256(data).hexdigest(), rows=len(table)))


def _carded(name: str, card: Card) -> Card:
    (ROOT / f"{name}.card.json").write_text(card.to_json(), encoding="utf-8")
    return card


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
