"""Which data answers the question, and may it be asked at all?"""

from __future__ import annotations

import os
from collections import ChainMap, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import platformdirs

from weaklink import data as embedded
from weaklink.codes import products
from weaklink.errors import RequestError
from weaklink.flows import Flows, joined
from weaklink.nearest import did_you_mean
from weaklink.snapshot import EVERY_PRODUCT, Opened, RowGroup, Snapshot
from weaklink.store import Store
from weaklink.study.question import EMBEDDED, Question

EMBEDDED_FILE = "baci_hs92_materials"
Within = tuple[str, str]
EVERYWHERE: Within = EVERY_PRODUCT
MOST_LABEL = 60  # characters of a label that tables and charts have room for


@dataclass(frozen=True, slots=True)
class Data:
    """The snapshots that answer one question; all of one nomenclature.

    `labels` are the sources' own labels of the products, as far as they brought them.
    """

    snapshots: tuple[Snapshot, ...]
    labels: Mapping[str, str]
    opened: tuple[Opened, ...]

    @property
    def nomenclature(self) -> str:
        """Edition of the Harmonized System in which products are coded."""
        return self.snapshots[0].card.nomenclature

    @property
    def years(self) -> tuple[int, ...]:
        """All years that any of the snapshots has."""
        return tuple(sorted({year for one in self.snapshots for year in one.card.years}))

    def flows(
        self,
        years: Iterable[int],
        *,
        products: Sequence[str] = (),
        within: Within = EVERYWHERE,
        quantities: bool = True,
    ) -> Flows:
        """The flows of some years, from whichever snapshot has each; of some products, where any are named.

        `within` is a range of product codes, the first not included. Without `quantities` all are unknown.
        """
        wanted, numbers = sorted(set(years)), defaultdict(list)
        for one, group in self.groups(wanted, products, within):
            numbers[one].append(group.number)
        parts = [one.flows(found, quantities=quantities).of_years(wanted) for one, found in numbers.items()]
        flows = parts[0] if len(parts) == 1 else joined(parts)
        flows = flows.between(*within)
        return flows.of_products(products) if products else flows

    def groups(
        self, years: Iterable[int], products: Sequence[str] = (), within: Within = EVERYWHERE
    ) -> list[tuple[Opened, RowGroup]]:
        """The row groups that may hold flows of some years, products and a range of products."""
        wanted = sorted(set(years))
        return [
            (one, group)
            for one in self.opened
            for group in one.places
            if group.has(wanted) and _overlap(group, products, within)
        ]

    def ranges(self, years: Iterable[int], products: Sequence[str] = ()) -> list[Within]:
        """Ranges of products that together hold all flows of some years; about one row group of a year in each."""
        wanted = sorted(set(years))
        ends = {group.products[1] for _, group in self.groups(wanted[-1:], products)}
        cuts = [EVERYWHERE[0], *sorted(ends)[:-1], EVERYWHERE[1]]
        return list(pairwise(cuts))

    def traders(self, year: int) -> frozenset[str]:
        """The countries that trade in anything in a year."""
        return frozenset().union(*(one.traders(year) for one in self.opened))

    @property
    def products(self) -> tuple[str, ...]:
        """The products that occur in any year, sorted."""
        return tuple(sorted({code for one in self.opened for code in one.products}))

    def areas(self, year: int) -> tuple[str, ...]:
        """What must be said of areas that are not simply countries, in one year."""
        rows = (row for one in self.snapshots for row in one.areas() if row["year"] == year)
        return tuple(row["sentence"] for row in rows)

    def label(self, code: str) -> str:
        """Short name of a product: ours where we have one, else the source's label, cut."""
        ours = products.short_name(code, self.nomenclature)
        return ours or products.short_label(self.labels.get(code, ""), MOST_LABEL)


def default_store() -> Path:
    """Where snapshots are kept: `WEAKLINK_STORE`, else the user's data directory."""
    stated = os.environ.get("WEAKLINK_STORE")
    return Path(stated) if stated else Path(platformdirs.user_data_dir("weaklink"))


def embedded_snapshot() -> Snapshot:
    """The extract of BACI that the product carries."""
    return Snapshot(embedded.ROOT / f"{EMBEDDED_FILE}.parquet", embedded.card(EMBEDDED_FILE))


def chosen(question: Question) -> Data:
    """The snapshots that a question names.

    Raises RequestError for an unknown name, for editions that differ, for two vintages of one source
    unless `mix_vintages`, and for a year that two data sets both have.
    """
    names = _names(question.data)
    snapshots = _all_named(names, question.store)
    _refuse_mixture(snapshots, mix_vintages=question.mix_vintages)
    data = Data(
        snapshots=tuple(snapshots),
        labels=dict(ChainMap(*(one.labels() for one in snapshots))),
        opened=tuple(one.opened() for one in snapshots),
    )
    if question.year not in data.years:
        raise RequestError(
            f"{', '.join(names)} has no year {question.year}; it has {_span(data.years)}. "
            "Choose one of these, or add data of that year: weaklink data add FILE"
        )
    return data


def years_of(names: str, store: Path | None) -> tuple[int, ...]:
    """All years that the data sets named have; of the embedded extract where none is named.

    >>> years_of("", None)[-1]
    2024
    """
    return tuple(sorted({year for one in _all_named(_names(names), store) for year in one.card.years}))


def _names(text: str) -> list[str]:
    return [name.strip() for name in (text or EMBEDDED).split(",") if name.strip()]


def _all_named(names: Sequence[str], store: Path | None) -> list[Snapshot]:
    available = (embedded_snapshot(), *Store(store or default_store()).snapshots())
    return [one for name in names for one in _named(name, available)]


def _overlap(group: RowGroup, products: Sequence[str], within: Within) -> bool:
    """Whether a row group may hold any of some products, of all where none is named, in a range."""
    first, last = group.products
    after, until = within
    if first > until or last <= after:
        return False
    return not products or any(first <= code <= last for code in products)


def _named(name: str, available: Sequence[Snapshot]) -> list[Snapshot]:
    found = [one for one in available if one.card.name == name]
    if not found:
        names = sorted({one.card.name for one in available})
        hint = did_you_mean(name, names)
        raise RequestError(f"no data set {name!r}.{hint} There is: {', '.join(names)} (weaklink data list).")
    return found


def _refuse_mixture(snapshots: Sequence[Snapshot], *, mix_vintages: bool) -> None:
    editions = sorted({one.card.nomenclature for one in snapshots})
    if len(editions) > 1:
        raise RequestError(
            f"--data names editions {' and '.join(editions)} of the Harmonized System, whose codes differ. "
            "Choose data of one edition."
        )
    vintages = sorted({(one.card.source, one.card.vintage) for one in snapshots})
    if len({source for source, _ in vintages}) < len(vintages) and not mix_vintages:
        listed = " and ".join(vintage for _, vintage in vintages)
        raise RequestError(
            f"--data names vintages {listed} of one source, and figures of two releases are not comparable. "
            "Choose one, or ask for both with --mix-vintages."
        )
    seen: dict[int, str] = {}
    for one in snapshots:
        for year in one.card.years:
            other = seen.setdefault(year, one.card.sha256)
            if other != one.card.sha256:
                raise RequestError(
                    f"two of the chosen data sets have the year {year}. Choose one for each year."
                )


def _span(years: Sequence[int]) -> str:
    if not years:
        return "no years"
    whole = list(range(years[0], years[-1] + 1))
    if len(years) > 1 and list(years) == whole:
        return f"{years[0]} to {years[-1]}"
    return ", ".join(str(year) for year in years)
