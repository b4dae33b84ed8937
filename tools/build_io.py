"""How were the embedded input-output table and the join of products to sectors made?

    python -m tools.build_io ORIGINALS

`ORIGINALS` is a directory with io/oecd_icio2020_77x11.npz. The table, the rules of tools/hs_isic.py as tables, and
their cards are written to src/weaklink/data; running it again on the same original gives the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tools.hs_isic import RULES, SECTORS, TITLES
from weaklink.accountstore import write
from weaklink.data import ROOT
from weaklink.provenance import Card
from weaklink.sources import accounts_npz
from weaklink.sources.intake import sha256

NAME, FILE = "icio-2020", "icio_2020"
STEPS = 10_000  # the original has four decimals of a million dollars: whole multiples of 100 dollars, exact
NAMES = {
    "AGRI_MIN_FOOD": "Agriculture, mining, food products",
    "MANUF_EXFOOD": "Manufacturing other than food",
    "UTILITIES": "Electricity, gas, water, waste",
    "CONSTRUCTION": "Construction",
    "TRADE": "Wholesale and retail trade",
    "TRANSPORT": "Transport and storage",
    "ACCOM_ICT": "Hotels, restaurants, information, communication",
    "FIN_REALESTATE": "Finance, insurance, real estate",
    "PROF_ADMIN_PUBADM": "Professional and support services, public administration",
    "EDU_HEALTH": "Education, health, social work",
    "ARTS_OTHER": "Arts, other services, households as employers",
}


def main(originals: Path) -> None:
    """Build every table and its card."""
    for card in (table(originals), headings(), sectors(), titles()):
        print(f"{card.name}: {card.rows:,} rows, sha256 {card.sha256[:12]}…")


def headings() -> Card:
    """The rules of HS headings, one row for each code and division."""
    rows = []
    for line in RULES.strip().splitlines():
        codes, divisions, sureness = (part.strip() for part in line.split("|"))
        made_by = divisions.split()
        rows += [
            (code, isic, f"{1 / len(made_by):g}", sureness) for code in _codes(codes) for isic in made_by
        ]
    card = Card(
        name="hs-isic",
        what="Which ISIC Rev. 4 division makes the goods of each HS chapter, heading and some subheadings",
        source="compiled for Weaklink from the titles of HS headings and ISIC Rev. 4 divisions",
        licence="Apache-2.0",
        vintage="2026-11",
        sha256="",
        derived_by="by hand, in tools/hs_isic.py; not read from the correspondence tables of the United Nations; two "
        "stretches compared with the World Bank's concordance of HS and ISIC Rev. 3",
        nomenclature="HS22",
        caveats=(
            "Products are joined to industries by rules compiled by hand from titles; each row says how sure it is.",
        ),
    )
    return _written("hs_isic", card, ("hs", "isic", "weight", "sureness"), sorted(rows))


def _codes(text: str) -> Iterator[str]:
    """`16-21` and `8517-8519` are spans of chapters or headings."""
    for word in text.split():
        first, _, last = word.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield str(number).zfill(len(first))


def sectors() -> Card:
    """The divisions of sectors whose codes do not say them."""
    rows = [
        (name, code, isic)
        for name, by_code in SECTORS.items()
        for codes, divisions in by_code.items()
        for code in codes.split()
        for isic in _codes(divisions)
    ]
    card = Card(
        name="sector-isic",
        what="Which ISIC Rev. 4 divisions are in each sector of the embedded table and of the WIOD release of 2013",
        source="compiled for Weaklink from the names of the sectors",
        licence="Apache-2.0",
        vintage="2026-11",
        sha256="",
        derived_by="by hand, in tools/hs_isic.py; WIOD's of 2013 follow ISIC Rev. 3 and are joined to the nearest "
        "divisions of Rev. 4",
    )
    return _written("sector_isic", card, ("classification", "sector", "isic"), rows)


def titles() -> Card:
    """Short names of sections and divisions."""
    rows = [tuple(line.split(" ", 1)) for line in TITLES.strip().splitlines()]
    card = Card(
        name="isic-titles",
        what="Short names of the sections and divisions of ISIC Rev. 4",
        source="after the titles of ISIC Rev. 4, United Nations Statistics Division",
        licence="Apache-2.0",
        vintage="2026-11",
        sha256="",
        derived_by="by hand, in tools/hs_isic.py",
    )
    return _written("isic_titles", card, ("isic", "title"), rows)


def _written(name: str, card: Card, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Card:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([header, *rows])
    content = text.getvalue().encode("utf-8")
    (ROOT / f"{name}.csv").write_bytes(content)
    card = replace(card, sha256=hashlib.sha256(content).hexdigest(), rows=len(rows))
    (ROOT / f"{name}.card.json").write_text(card.to_json(), encoding="utf-8")
    return card


def table(originals: Path) -> Card:
    """The table of 2020."""
    original = originals / "io" / "oecd_icio2020_77x11.npz"
    released = accounts_npz.read(original)
    accounts = replace(released.accounts, source="OECD ICIO 2020")
    card = replace(
        released.card(NAME),
        source="OECD, Inter-Country Input-Output Tables, 2023 edition, aggregated to 11 sectors",
        licence="OECD: may be extracted, adapted and redistributed with credit",
        vintage="2023 edition",
        nomenclature="ICIO11",
        derived_by="tools/build_io.py: million US dollars in steps of 100 dollars, exact; categories of final "
        "demand added up; value added with taxes less subsidies on products",
        caveats=(
            "Eleven broad sectors: an industry that depends on one material looks like the mean of its sector.",
            "The year 2020 is one of the pandemic: shares of trade and output are not those of an ordinary year.",
        ),
    )
    place = ROOT / f"{FILE}.arrow"
    write(accounts, card, (NAMES, {"ROW": "Rest of the world"}), lambda _digest: place, STEPS)
    card = replace(card, sha256=sha256(place))
    (ROOT / f"{FILE}.card.json").write_text(card.to_json(), encoding="utf-8")
    return card


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
