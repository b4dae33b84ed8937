"""Which data answers the question, and may it be asked at all?"""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import pyarrow as pa
from rapidfuzz import process

from weaklink import data as embedded
from weaklink.codes import products
from weaklink.errors import RequestError
from weaklink.flows import Flows
from weaklink.store import Snapshot, Store
from weaklink.study.question import EMBEDDED, Question

EMBEDDED_FILE = "baci_hs92_materials"
MOST_LABEL = 60  # characters of a label that tables and charts have room for


@dataclass(frozen=True, slots=True)
class Data:
    """The snapshots that answer one question; all of one nomenclature.

    `labels` are the sources' own labels of the products, as far as they brought them.
    """

    snapshots: tuple[Snapshot, ...]
    labels: Mapping[str, str]

    @property
    def nomenclature(self) -> str:
        """Edition of the Harmonized System in which products are coded."""
        return self.snapshots[0].card.nomenclature

    @property
    def years(self) -> tuple[int, ...]:
        """All years that any of the snapshots has."""
        return tuple(sorted({year for one in self.snapshots for year in one.card.years}))

    def flows(self, years: Iterable[int]) -> Flows:
        """The flows of some years, from whichever snapshot has each."""
        wanted = sorted(set(years) & set(self.years))
        parts = [one.flows(wanted) for one in self.snapshots if set(one.card.years) & set(wanted)]
        if len(parts) == 1:
            return parts[0]
        return Flows.from_arrow(pa.concat_tables([part.to_arrow() for part in parts]))

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
    names = [name.strip() for name in (question.data or EMBEDDED).split(",") if name.strip()]
    available = (embedded_snapshot(), *Store(question.store or default_store()).snapshots())
    snapshots = [one for name in names for one in _named(name, available)]
    _refuse_mixture(snapshots, mix_vintages=question.mix_vintages)
    data = Data(tuple(snapshots), dict(ChainMap(*(one.labels() for one in snapshots))))
    if question.year not in data.years:
        raise RequestError(
            f"{', '.join(names)} has no year {question.year}; it has {_span(data.years)}. "
            "Choose one of these, or add data of that year: weaklink data add FILE"
        )
    return data


def _named(name: str, available: Sequence[Snapshot]) -> list[Snapshot]:
    found = [one for one in available if one.card.name == name]
    if not found:
        names = sorted({one.card.name for one in available})
        nearest = process.extractOne(name, names)
        hint = f" Did you mean {nearest[0]}?" if nearest[1] > 60 else ""
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
