"""How was the embedded inter-country input-output table made from its original?

    python tools/build_io.py ORIGINALS

`ORIGINALS` is a directory with io/oecd_icio2020_77x11.npz. The table and its card are written to
src/weaklink/data; running it again on the same original gives the same bytes.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from weaklink import data
from weaklink.accountstore import write
from weaklink.provenance import Card
from weaklink.sources import accounts_npz
from weaklink.sources.intake import sha256

NAME, FILE = "icio-2020", "icio_2020"
STEPS = 10_000  # the original has four decimals of a million dollars: whole multiples of 100 dollars, exact
SECTORS = {
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


def main(originals: Path) -> Card:
    """Build the table and its card."""
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
    place = data.ROOT / f"{FILE}.arrow"
    write(accounts, card, (SECTORS, {"ROW": "Rest of the world"}), lambda _digest: place, STEPS)
    card = replace(card, sha256=sha256(place))
    (data.ROOT / f"{FILE}.card.json").write_text(card.to_json(), encoding="utf-8")
    return card


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    made = main(Path(sys.argv[1]))
    print(f"{made.name}: {made.rows:,} rows, sha256 {made.sha256[:12]}…")
