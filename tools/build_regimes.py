"""How is the table of regime classes of `weaklink.data` made from the original?

    python tools/build_regimes.py ORIGINALS_DIR

`regimes.csv` and its card are derived from `owid_political_regime.csv` in ORIGINALS_DIR. The two tables
compiled by hand, `memberships.csv` and `blocs.csv`, are read only: their cards get the new digest and the
new count of rows.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from weaklink.data import ROOT
from weaklink.provenance import Card

ORIGINAL = "owid_political_regime.csv"
FIRST_YEAR = 1990
COMPILED_BY_HAND = ("memberships", "blocs")

OUR_CODES = {"OWID_KOS": "XKX"}
SERBIA_AND_MONTENEGRO = range(1992, 2007)
"""Years in which trade data report one country, SCG: it takes the class of Serbia."""

Row = tuple[str, int, int]


def original_rows(path: Path) -> list[Row]:
    """Rows (code, year, class) from the first year on, codes as published."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["Code"], int(row["Year"]), int(row["Political regime"])) for row in csv.DictReader(file)]
    return [row for row in rows if row[1] >= FIRST_YEAR]


def kept_rows(rows: Iterable[Row]) -> list[Row]:
    """Rows of countries under our codes, and those of Serbia again as Serbia and Montenegro."""
    kept = [(OUR_CODES.get(code, code), year, regime) for code, year, regime in rows if is_country(code)]
    union = [("SCG", year, regime) for code, year, regime in kept if code == "SRB"]
    return sorted([*kept, *(row for row in union if row[1] in SERBIA_AND_MONTENEGRO)])


def is_country(code: str) -> bool:
    """Whether a published code is a country of today: ISO3, or one that we translate."""
    return len(code) == 3 or code in OUR_CODES


def regimes_card(original: Path, table: bytes, rows: list[Row]) -> Card:
    """The card of `regimes`."""
    years = sorted({year for _, year, _ in rows})
    return Card(
        name="regimes",
        what=(
            "Regimes of the World by country and year: 0 closed autocracy, 1 electoral autocracy, "
            "2 electoral democracy, 3 liberal democracy"
        ),
        source=(
            "Our World in Data, Political regime, from the data of Varieties of Democracy (V-Dem); "
            "classification of Lührmann, Tannenberg and Lindberg (2018)"
        ),
        licence="CC BY 4.0",
        vintage=f"edition with years to {years[-1]}; the file does not name its release of V-Dem",
        sha256=hashlib.sha256(table).hexdigest(),
        derived_by=(
            f"tools/build_regimes.py: years from {FIRST_YEAR}; OWID_KOS renamed XKX; rows of historical "
            "and partial units (East and West Germany 1990, the two Yemens 1990, Zanzibar, Somaliland) and "
            "rows without a code dropped; SCG added for 1992 to 2006 with the class of Serbia"
        ),
        original_sha256=hashlib.sha256(original.read_bytes()).hexdigest(),
        nomenclature="ISO3",
        years=tuple(years),
        rows=len(rows),
        caveats=(
            "The classes are expert judgement and are revised with every edition.",
            "Dependent territories, most very small states, Macao and Palestine have no class: they "
            "are not among the authoritarian countries because nothing is known, not as democracies.",
            "Germany and Yemen have no class in 1990, the Democratic Republic of the Congo none from 1993 to "
            "1996: the source has none for the country of today.",
            "Giving Serbia and Montenegro (SCG) the class of Serbia is our decision, not the source's.",
        ),
    )


def write_regimes(original: Path) -> None:
    """Write `regimes.csv` and its card."""
    rows = kept_rows(original_rows(original))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("iso3", "year", "class"))
    writer.writerows(rows)
    table = text.getvalue().encode()
    (ROOT / "regimes.csv").write_bytes(table)
    (ROOT / "regimes.card.json").write_text(regimes_card(original, table, rows).to_json(), encoding="utf-8")
    print(f"regimes.csv: {len(rows):,} rows, {len(table):,} bytes")


def reseal(name: str) -> None:
    """Write digest and count of rows of a table compiled by hand into its card."""
    table = (ROOT / f"{name}.csv").read_bytes()
    rows = sum(1 for _ in csv.DictReader(io.StringIO(table.decode())))
    path = ROOT / f"{name}.card.json"
    card = Card.from_json(path.read_text(encoding="utf-8"))
    resealed = replace(card, sha256=hashlib.sha256(table).hexdigest(), rows=rows)
    path.write_text(resealed.to_json(), encoding="utf-8")
    print(f"{name}.csv: {rows:,} rows")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python tools/build_regimes.py ORIGINALS_DIR")
    write_regimes(Path(sys.argv[1]) / ORIGINAL)
    for name in COMPILED_BY_HAND:
        reseal(name)


if __name__ == "__main__":
    main()
