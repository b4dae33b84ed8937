"""How are the product tables of `weaklink.data` made from the originals?

    python tools/build_products.py ORIGINALS_DIR

`hs_labels.csv` and its card are derived from two published label files in ORIGINALS_DIR. The two tables
compiled by hand, `product_synonyms.csv` and `product_short_names.csv`, are read only: their cards get the
new digest and the new count of rows.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from weaklink.data import ROOT
from weaklink.provenance import Card

HS92_FILE = "baci_hs92_product_labels.csv"
HS22_FILE = "harmonized-system.csv"
COMPILED_BY_HAND = ("product_synonyms", "product_short_names")


def published_labels(path: Path, code_column: str) -> dict[str, str]:
    """Labels by code as published, without codes that are not digits (`TOTAL`, `9999AA`)."""
    with path.open(encoding="utf-8", newline="") as file:
        labels = {row[code_column]: row["description"] for row in csv.DictReader(file)}
    return {code: one_line(label) for code, label in labels.items() if code.isdigit()}


def one_line(label: str) -> str:
    """The label with single spaces, and with the colon that HS92 labels use where HS22 has a semicolon."""
    return " ".join(label.replace(";", ":").split())


def label_rows(hs92: Mapping[str, str], hs22: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Rows (editions, code, label): one row where both editions say the same of a code."""
    rows = []
    for code in sorted({*hs92, *hs22}):
        if hs92.get(code) == hs22.get(code):
            rows.append(("HS92 HS22", code, hs22[code]))
        else:
            rows += [("HS92", code, hs92[code])] if code in hs92 else []
            rows += [("HS22", code, hs22[code])] if code in hs22 else []
    return rows


def csv_text(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A comma-separated table with LF line ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def labels_card(originals: Path, table: bytes, rows: int) -> Card:
    """The card of `hs_labels`."""
    return Card(
        name="hs_labels",
        what="Labels of Harmonized System codes: HS92 (six digits) and HS22 (two, four and six digits)",
        source=(
            "HS92: CEPII, BACI, release 202401b, product code table. "
            "HS22: Harmonized System data package 2022, Open Knowledge core datasets, from UN Comtrade"
        ),
        licence="HS92: Etalab Open Licence 2.0. HS22: ODC Public Domain Dedication and License 1.0",
        vintage="HS92: BACI 202401b. HS22: 2022.0",
        sha256=hashlib.sha256(table).hexdigest(),
        derived_by=(
            "tools/build_products.py: codes that are not digits (TOTAL, 9999AA) dropped; runs of spaces made "
            "one; semicolons of the HS22 labels turned into the colons of the HS92 labels; one row for both "
            "editions where the labels are then the same"
        ),
        original_sha256=" ".join(
            hashlib.sha256((originals / name).read_bytes()).hexdigest() for name in (HS92_FILE, HS22_FILE)
        ),
        nomenclature="HS92 HS22",
        rows=rows,
        caveats=(
            "The source cuts labels off at about 255 characters.",
            "A code can mean something else in another edition: read a label only with its own edition.",
            "The HS22 source gives four groups of codes the same label, such as 870380 and 870460.",
            "HS22 headings and chapters are given; the HS92 source has six-digit codes only.",
        ),
    )


def write_labels(originals: Path) -> None:
    """Write `hs_labels.csv` and its card."""
    rows = label_rows(
        published_labels(originals / HS92_FILE, "code"), published_labels(originals / HS22_FILE, "hscode")
    )
    table = csv_text(("nomenclatures", "code", "label"), rows).encode()
    (ROOT / "hs_labels.csv").write_bytes(table)
    card = labels_card(originals, table, len(rows))
    (ROOT / "hs_labels.card.json").write_text(card.to_json(), encoding="utf-8")
    print(f"hs_labels.csv: {len(rows):,} rows, {len(table):,} bytes")


def reseal(name: str) -> None:
    """Write digest and count of rows of a table compiled by hand into its card."""
    table = (ROOT / f"{name}.csv").read_bytes()
    rows = sum(1 for _ in csv.DictReader(io.StringIO(table.decode())))
    path = ROOT / f"{name}.card.json"
    card = replace(
        Card.from_json(path.read_text(encoding="utf-8")),
        sha256=hashlib.sha256(table).hexdigest(),
        rows=rows,
    )
    path.write_text(card.to_json(), encoding="utf-8")
    print(f"{name}.csv: {rows:,} rows")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python tools/build_products.py ORIGINALS_DIR")
    write_labels(Path(sys.argv[1]))
    for name in COMPILED_BY_HAND:
        reseal(name)


if __name__ == "__main__":
    main()
