"""How is CSET's supply graph of advanced logic chips read: who provides which input, and what goes into what?

Five files: inputs, stages, providers (countries and firms), provision (shares as text such as "61%") and sequence
(what goes into what, and what is a kind of what). Its licence is non-commercial, so nothing of it is shipped.

Source: Khan, Mann and Peterson (2021), The Semiconductor Supply Chain, Center for Security and Emerging
Technology; Emerging Technology Observatory, Advanced Semiconductor Supply Chain Dataset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from weaklink.codes.countries import UNIDENTIFIED, country
from weaklink.errors import CodeError
from weaklink.sources.intake import Problems
from weaklink.sources.provision import Need, Provision, share
from weaklink.sources.sheet import Cell, Sheet, read_sheet, words

SOURCE = "CSET and Emerging Technology Observatory, Advanced Semiconductor Supply Chain Dataset"
LICENCE = "CC BY-NC 4.0"
PERIOD = "2019"  # the year that the files name for most of their market sizes
UNIT = "share of the world market"

ALIASES = {"MAL": "MYS", "Various": UNIDENTIFIED}
Kinds = Literal["any", "all"]

_ID = words("an identifier", required=True)
FILES: Mapping[str, Mapping[str, Cell]] = MappingProxyType(
    {
        "inputs": {"input_id": _ID, "input_name": _ID, "type": _ID, "stage_id": words("a stage")},
        "stages": {"stage_id": _ID, "stage_name": _ID},
        "providers": {"provider_id": _ID, "provider_name": _ID, "country": words("a country")},
        "provision": {
            "provider_id": _ID,
            "provided_id": _ID,
            "share_provided": Cell(share, "a share such as 61%"),
            "negligible_market_share": words("the word negligible"),
        },
        "sequence": {
            "input_id": _ID,
            "goes_into_id": words("an identifier"),
            "is_type_of_id": words("an identifier"),
        },
    }
)


@dataclass(frozen=True, slots=True)
class ChipGraph:
    """The graph in our form: rows of provision to the world, needs, and the item at the end of it all."""

    rows: tuple[Provision, ...]
    needs: tuple[Need, ...]
    target: str


def read(folder: Path, kinds: Kinds = "any") -> ChipGraph:
    """Read the five files of a folder; SourceError with all problems together.

    The files say what is a kind of what, but not whether one kind can stand in for another. `kinds` decides:
    `any` takes one kind to suffice, `all` takes each to be needed. The end product needs every stage; a process
    needs the capacity of its stage, and one that goes into nothing is a kind of its stage. Where countries are
    listed as providers their shares count, else the firms, by country and without shares. What is marked
    negligible has a share of nought.
    """
    problems = Problems(folder.name)
    sheets = {name: read_sheet(folder / f"{name}.csv", cells, problems) for name, cells in FILES.items()}
    names = {row["input_id"]: row["input_name"] for _, row in sheets["inputs"].rows}
    names |= {row["stage_id"]: row["stage_name"] for _, row in sheets["stages"].rows}
    homes = _homes(sheets["providers"], problems)
    _check_ids(sheets, names, homes, problems)
    problems.refuse_if_any()
    target = next(row["input_name"] for _, row in sheets["inputs"].rows if row["type"] == "ultimate_output")
    return ChipGraph(
        rows=tuple(_rows(sheets["provision"], names, homes)),
        needs=tuple(dict.fromkeys(_needs(sheets, names, target, kinds))),
        target=target,
    )


def _homes(providers: Sheet, problems: Problems) -> dict[str, tuple[str, bool]]:
    """Each provider's country, and whether it is the country itself."""
    homes: dict[str, tuple[str, bool]] = {}
    for line, row in providers.rows:
        text = row["country"] or row["provider_name"]
        try:
            homes[row["provider_id"]] = ALIASES.get(text) or country(text), not row["country"]
        except CodeError as error:
            problems.add(line, "country", text, "a country", str(error))
    return homes


def _check_ids(
    sheets: Mapping[str, Sheet],
    names: Mapping[str, str],
    homes: Mapping[str, tuple[str, bool]],
    problems: Problems,
) -> None:
    """Note identifiers that no file explains."""
    for file, column, known in (
        ("provision", "provided_id", names),
        ("provision", "provider_id", homes),
        ("sequence", "input_id", names),
        ("sequence", "goes_into_id", names),
        ("sequence", "is_type_of_id", names),
    ):
        for line, row in sheets[file].rows:
            if row[column] and row[column] not in known:
                expected = "an identifier of the other files"
                problems.add(line, column, row[column], expected, "Use the five files of one release.")


def _rows(
    sheet: Sheet, names: Mapping[str, str], homes: Mapping[str, tuple[str, bool]]
) -> Iterator[Provision]:
    by_countries = {row["provided_id"] for _, row in sheet.rows if homes[row["provider_id"]][1]}
    seen: set[tuple[str, str]] = set()
    for line, row in sheet.rows:
        supplier, is_country = homes[row["provider_id"]]
        key = row["provided_id"], row["provider_id"]
        if is_country != (row["provided_id"] in by_countries) or key in seen:
            continue
        seen.add(key)
        yield Provision(
            line=line,
            item=names[row["provided_id"]],
            domain="technology",
            dependent="world",
            dependents=(),
            supplier=supplier,
            provider="" if is_country else row["provider_id"],
            place="",
            share=_share(row),
            quantity=None,
            unit=UNIT,
            period=PERIOD,
            source=SOURCE,
            licence=LICENCE,
        )


def _share(row: Mapping[str, Any]) -> int | None:
    known: int | None = row["share_provided"]
    return 0 if known is None and row["negligible_market_share"] else known


def _needs(
    sheets: Mapping[str, Sheet], names: Mapping[str, str], target: str, kinds: Kinds
) -> Iterator[Need]:
    def need(line: int, item: str, of: str, kind: str = "") -> Need:
        return Need(line, item, names[of], kind if kinds == "any" else "", SOURCE, LICENCE)

    used: set[str] = set()
    for line, row in sheets["sequence"].rows:
        if row["goes_into_id"]:
            used.add(row["input_id"])
            yield need(line, names[row["goes_into_id"]], row["input_id"])
        if row["is_type_of_id"]:
            yield need(line, names[row["is_type_of_id"]], row["input_id"], "kind")
    for line, row in sheets["stages"].rows:
        yield need(line, target, row["stage_id"])
    for line, row in sheets["inputs"].rows:
        if row["type"] == "process" and row["stage_id"]:
            if row["input_id"] in used:
                yield need(line, row["input_name"], row["stage_id"])
            else:
                yield need(line, names[row["stage_id"]], row["input_id"], "kind")
