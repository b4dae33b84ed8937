"""What do the words of a question mean: blocs, products, data sets? Are the stored files intact?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from weaklink import data, tables
from weaklink.accountstore import AccountStore, StoredTable
from weaklink.blocs.expression import describe, resolve
from weaklink.blocs.membership import names
from weaklink.codes.search import search
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.snapshot import Snapshot
from weaklink.store import Store
from weaklink.study.datasets import EMBEDDED_FILE, default_store, embedded_snapshot
from weaklink.version import VERSION


def bloc(expression: str, on: date) -> Result:
    """The countries that a bloc expression means on a day, each with the ground it is in on.

    >>> len(bloc("NATO", date(2022, 11, 30)))
    30
    """
    meant = resolve(expression, on=on)
    rows = (
        {
            "iso3": row.iso3,
            "name": row.name,
            "bloc": row.bloc,
            "status": row.status,
            "since": row.since.isoformat() if row.since else None,
            "until": row.until.isoformat() if row.until else None,
            "regime": row.regime or None,
            "source": row.source,
        }
        for row in describe(meant)
    )
    cards = tuple(data.card(name) for name in ("memberships", "regimes"))
    provenance = Provenance(cards, VERSION, {"expression": expression}, {meant.canonical: meant.countries})
    caveats = (f"{meant.canonical}: {len(meant.countries)} countries.", *meant.notes)
    return Result(tables.BLOC_MEMBERS, tabulated(tables.BLOC_MEMBERS, rows), caveats, provenance)


def bloc_names() -> Result:
    """Every bloc and group that an expression can name."""
    rows = (
        {"bloc": one.code, "title": one.title, "aliases": ", ".join(one.aliases), "note": one.note}
        for one in names()
    )
    provenance = Provenance((data.card("blocs"),), VERSION)
    return Result(tables.BLOC_NAMES, tabulated(tables.BLOC_NAMES, rows), (), provenance)


def products(words: str, nomenclature: str | None = None, limit: int = 20) -> Result:
    """Product codes that fit some words, best first. Raises CodeError where nothing fits.

    >>> products("rare earth magnets").records()[0]["product"]
    '850511'
    """
    rows = (
        {
            "product": match.code,
            "nomenclature": match.nomenclature,
            "label": match.label,
            "score": match.score,
            "how": match.how,
        }
        for match in search(words, nomenclature=nomenclature, limit=limit)
    )
    provenance = Provenance(
        (data.card("hs_labels"), data.card("product_synonyms")), VERSION, {"words": words}
    )
    return Result(tables.PRODUCT_MATCHES, tabulated(tables.PRODUCT_MATCHES, rows), (), provenance)


def datasets(store: Path | None = None) -> Result:
    """Every data set that can be asked or that figures rest on: embedded ones, then your snapshots and tables."""
    mine = Store(store or default_store()).snapshots()
    tabled = AccountStore(store or default_store()).tables()
    rows = (
        *(_described(card, "embedded") for card in data.cards()),
        *(_described(one.card, "snapshot") for one in mine),
        *(_described(one.card, "input-output table") for one in tabled),
    )
    return Result(tables.DATASETS, tabulated(tables.DATASETS, rows), (), Provenance((), VERSION))


def verification(store: Path | None = None) -> Result:
    """Whether every embedded file and every snapshot still has the digest that it was stored with."""
    mine = Store(store or default_store()).snapshots()
    tabled = AccountStore(store or default_store()).tables()
    every: tuple[Snapshot | StoredTable, ...] = (*_embedded(), *mine, *tabled)
    rows = ({"name": one.card.name, "sha256": one.card.sha256, "state": one.state()} for one in every)
    return Result(tables.VERIFICATION, tabulated(tables.VERIFICATION, rows), (), Provenance((), VERSION))


def _embedded() -> Iterator[Snapshot]:
    """Every embedded file as something whose digest can be checked."""
    yield embedded_snapshot()
    for path in sorted(data.ROOT.glob("*.card.json")):
        name = path.name.removesuffix(".card.json")
        if name != EMBEDDED_FILE:
            files = (file for file in data.ROOT.glob(f"{name}.*") if not file.name.endswith(".card.json"))
            yield Snapshot(next(files), data.card(name))


def _described(card: Card, kind: str) -> dict[str, Any]:
    return {
        "name": card.name,
        "kind": kind,
        "vintage": card.vintage,
        "nomenclature": card.nomenclature,
        "years": f"{card.years[0]} to {card.years[-1]}" if card.years else "",
        "rows": card.rows,
        "licence": card.licence,
        "source": card.source,
        "sha256": card.sha256,
    }
