"""Where do input-output tables live, and how do we know that they are still what was stored?

A table is one immutable Arrow file named by the sha256 of its bytes; its card, labels and names are in the file's
own metadata. It is written whole or not at all, and hashed again before each use, which takes less time than the
question. Numbers lie in the file as they lie in memory, so that a large table is mapped, not read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weaklink.errors import StoreError
from weaklink.files import opened, put, remove, sweep, written_whole
from weaklink.inputoutput.accounts import Accounts, Limits
from weaklink.provenance import Card
from weaklink.snapshot import reading

CARD, HEAD = b"weaklink.card", b"weaklink.accounts"
SUFFIX = ".arrow"
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One stored input-output table: where it is, its card, and what is known of it without reading its numbers.

    `sector_names` and `region_names` have the codes that the source explains; `imbalance` is the sum of the
    residuals of all rows as a share of output.
    """

    path: Path
    card: Card
    sector_names: Names
    region_names: Names
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    unit: str
    imbalance: float

    @classmethod
    def open(cls, path: Path, card: Card | None = None) -> StoredTable:
        """Read the card and the names; `card` stands for that in the file, as for an embedded table."""
        with reading(path):
            metadata = _schema(path).metadata or {}
            if HEAD not in metadata:
                raise StoreError(f"{path}: not an input-output table of weaklink. Remove it from the store.")
            head = json.loads(metadata[HEAD])
            card = card or replace(Card.from_json(metadata[CARD].decode("utf-8")), sha256=path.stem)
            names = (head["sector_names"], head["region_names"])
            labels = (tuple(head["regions"]), tuple(head["sectors"]))
            return cls(path, card, *names, *labels, head["unit"], head["imbalance"])

    @property
    def year(self) -> int:
        """The year of the table."""
        return self.card.years[0]

    def state(self) -> str:
        """`intact`, or what is wrong with the file: its bytes are hashed."""
        with reading(self.path), self.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        return "intact" if found == self.card.sha256 else f"damaged: its sha256 is now {found}"

    def accounts(self) -> Accounts:
        """The table, checked: first that the file is what was stored, then that the numbers balance."""
        if (state := self.state()) != "intact":
            raise StoreError(f"{self.path}: {state}. Delete this file and add its data again.")
        with reading(self.path):
            schema, columns = _columns(self.path)
            head = json.loads(schema.metadata[HEAD])
        limits = Limits(**{name: float(value) for name, value in head["limits"].items()})
        return Accounts(
            regions=tuple(head["regions"]),
            sectors=tuple(head["sectors"]),
            unit=head["unit"],
            year=head["year"],
            source=head["source"],
            part=tuple(head["part"]) if head["part"] else None,
            limits=limits,
            **columns,
        )


def write(
    accounts: Accounts,
    card: Card,
    names: tuple[Names, Names],
    place: Callable[[str], Path],
    steps: float | None = None,
) -> Path:
    """Write one table whole or not at all; `names` are those of sectors and of regions.

    `place` gives its path for the digest of its bytes; it is asked with no digest for the directory alone. Where
    `steps` is given, numbers are kept as whole multiples of 1/steps and packed: small, and exact for figures that
    were published with few decimals.
    """
    head = {
        "regions": accounts.regions,
        "sectors": accounts.sectors,
        "unit": accounts.unit,
        "year": accounts.year,
        "source": accounts.source,
        "part": accounts.part,
        "limits": {name: str(value) for name, value in asdict(accounts.limits).items()},
        "sector_names": dict(names[0]),
        "region_names": dict(names[1]),
        "imbalance": _imbalance(accounts),
        "steps": steps,
    }
    metadata = {
        CARD: card.to_json().encode("utf-8"),
        HEAD: json.dumps(head, ensure_ascii=False).encode("utf-8"),
    }
    columns = {
        "region": pa.array(accounts.region.astype(np.int32)),
        "sector": pa.array(accounts.sector.astype(np.int32)),
        **{name: _packed(getattr(accounts, name), steps) for name in ("x", "value_added", "Y", "Z")},
    }
    schema = pa.schema([(name, array.type) for name, array in columns.items()], metadata=metadata)
    codec = pa.Codec("zstd", 19) if steps else None
    with written_whole(place("").parent) as temporary:
        with pa.ipc.new_file(
            str(temporary), schema, options=pa.ipc.IpcWriteOptions(compression=codec)
        ) as writer:
            writer.write_batch(pa.record_batch(list(columns.values()), schema=schema))
        with temporary.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        final = place(digest)
        put(temporary, final)
    return final


class AccountStore:
    """The input-output tables that a user added, in one directory beside the snapshots of trade."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def folder(self) -> Path:
        """The directory that holds the table files."""
        return self.root / "accounts"

    def tables(self) -> tuple[StoredTable, ...]:
        """All tables, by name and year. Raises StoreError that names every file which is damaged."""
        found = opened(self.folder, SUFFIX, StoredTable.open)
        return tuple(sorted(found, key=lambda one: (one.card.name, one.card.years, one.card.sha256)))

    def add(self, accounts: Accounts, card: Card, names: tuple[Names, Names]) -> StoredTable:
        """Store a table under the name of its card; several years may have one name.

        Adding the same table again changes nothing. Another table of a year that the name already has is
        refused: two answers to one question never mix silently.
        """
        sweep(self.folder)

        def place(digest: str) -> Path:
            if digest:  # written, and about to be renamed
                self._refuse_overlap(card, digest)
            return self.folder / f"{digest}{SUFFIX}"

        return StoredTable.open(write(accounts, card, names, place))

    def remove(self, name: str) -> tuple[StoredTable, ...]:
        """Remove every year of a table; StoreError where there is none of that name."""
        mine = tuple(one for one in self.tables() if one.card.name == name)
        if not mine:
            raise StoreError(f"no table {name!r} in {self.folder}. `weaklink tables list` names them.")
        remove(one.path for one in mine)
        return mine

    def _refuse_overlap(self, card: Card, digest: str) -> None:
        for one in self.tables():
            other = one.card.name == card.name and one.card.sha256 != digest
            if other and set(one.card.years) & set(card.years):
                raise StoreError(
                    f"{card.name} already has {one.year}, read from another file or in another way "
                    f"(sha256 {one.card.original_sha256[:12]}…). Give this one another --name, "
                    f"or remove the old one: weaklink tables remove {card.name}"
                )


def _imbalance(accounts: Accounts) -> float:
    """Residuals of rows as a share of output, to twelve digits: the same on every machine."""
    whole = float(accounts.x.sum())
    return round(float(np.abs(accounts.checks.row_residual).sum()) / whole, 12) if whole else 0.0


def _packed(array: npt.NDArray[np.floating], steps: float | None) -> pa.Array:
    """A vector as a column, a matrix as a column of its rows."""
    numbers = np.ascontiguousarray(array)
    if steps:
        numbers = np.rint(numbers * steps).astype(np.int64)
    flat = pa.array(numbers.reshape(-1))
    return flat if numbers.ndim == 1 else pa.FixedSizeListArray.from_arrays(flat, numbers.shape[1])


def _schema(path: Path) -> pa.Schema:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).schema


def _columns(path: Path) -> tuple[pa.Schema, dict[str, Any]]:
    """The arrays of a table, mapped from the file where they lie there as numbers."""
    batch = pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)
    steps = json.loads(batch.schema.metadata[HEAD])["steps"]
    arrays = {}
    for name in ("region", "sector", "x", "value_added", "Y", "Z"):
        column = batch.column(name)
        if pa.types.is_fixed_size_list(column.type):
            numbers = column.values.to_numpy().reshape(len(column), column.type.list_size)
        else:
            numbers = column.to_numpy()
        arrays[name] = numbers / steps if steps and name not in ("region", "sector") else numbers
    return batch.schema, arrays
