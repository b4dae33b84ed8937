"""Does trade hide how concentrated extraction is? One row per mineral and product it is sold as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

from weaklink import data, tables
from weaklink.errors import RequestError
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.study import mineral_caveats
from weaklink.study.datasets import chosen
from weaklink.study.mineral_caveats import listed
from weaklink.study.minerals import minerals
from weaklink.study.production import named
from weaklink.study.question import Options, Question
from weaklink.study.screen import screened
from weaklink.study.setting import set_up

CARDS = ("mining_production", "mineral_stages", "mineral_products")
Row = Mapping[str, str]


def mineral_trade(importer: str, year: int, mineral: str = "", **options: Unpack[Options]) -> Result:
    """How the extraction of minerals compares with the world's exports and the importer's imports.

    `mineral` names minerals, separated by semicolons, empty for all; `importer` is a bloc expression and the
    options are those of `Question`, but for the product. The columns are declared in
    `weaklink.tables.MINERAL_TRADE`. Raises BlocError, CodeError or RequestError for what cannot be asked.

    >>> row = mineral_trade("EU", 2022, mineral="tungsten").records()[0]
    >>> row["product"], row["largest_producer"], row["top_supplier"]
    ('261100', 'CHN', 'BOL')
    """
    question = Question(importer, year, **options)
    wanted = _products(named(mineral))
    traded = _traded(question, wanted)
    extracted = minerals(
        year,
        mineral=mineral,
        suppliers=question.suppliers,
        importer=importer,
        coverage_floor=question.coverage_floor,
    )
    records = list(_records(wanted, extracted, traded))
    of_extraction = (
        *mineral_caveats.of_coverage(extracted.records(), question.coverage_floor),
        *mineral_caveats.of_production(extracted.records(), year),
    )
    return Result(
        schema=tables.MINERAL_TRADE,
        table=tabulated(tables.MINERAL_TRADE, records),
        caveats=tuple(dict.fromkeys((*_of_comparison(wanted, records), *traded.caveats, *of_extraction))),
        provenance=_provenance(question, mineral, extracted, traded),
    )


def _products(names: Sequence[str]) -> list[Row]:
    """The products of some minerals, and a row without product for a mineral that has none of its own."""
    return [row for row in data.rows("mineral_products") if row["mineral"] in names]


def _traded(question: Question, wanted: Sequence[Row]) -> Result:
    """The screen of the wanted products, as far as the data have them."""
    available = chosen(question)
    nomenclature = data.card("mineral_products").nomenclature
    if available.nomenclature != nomenclature:
        raise RequestError(
            f"minerals are matched to products in {nomenclature}, and the chosen data are in "
            f"{available.nomenclature}. Choose data in {nomenclature}: weaklink data list"
        )
    known = available.products
    codes = sorted({row["product"] for row in wanted} & set(known))
    if not codes:
        raise _nothing_traded(wanted)
    return screened(set_up(replace(question, product=",".join(codes))))


def _nothing_traded(wanted: Sequence[Row]) -> RequestError:
    """The error for minerals of which the data have no product."""
    asked = listed(sorted({row["mineral"] for row in wanted}))
    codes = sorted({row["product"] for row in wanted} - {""})
    remedy = (
        f"Ask another mineral, or add data with the codes {listed(codes)}."
        if codes
        else f"It has no code of its own: {wanted[0]['note']}."
    )
    return RequestError(f"the chosen data have no product of {asked}. {remedy}")


def _records(wanted: Sequence[Row], extracted: Result, traded: Result) -> Iterator[dict[str, Any]]:
    """One record per mineral and product in the data, in the columns of `tables.MINERAL_TRADE`."""
    by_mineral = {row["mineral"]: row for row in extracted.records()}
    by_product = {row["product"]: row for row in traded.records()}
    for one in wanted:
        mined, sold = by_mineral[one["mineral"]], by_product.get(one["product"])
        if sold is None:
            continue
        yield {
            "mineral": one["mineral"],
            "product": one["product"],
            "label": sold["label"],
            "extraction_herfindahl": mined["herfindahl"],
            "world_export_herfindahl": sold["world_export_herfindahl"],
            "import_herfindahl": sold["herfindahl"],
            "largest_producer": mined["largest_producer"],
            "largest_share": mined["largest_share"],
            "top_supplier": sold["top_supplier"],
            "top_share": sold["top_share"],
            "extraction_group_share": mined["group_share"],
            "import_group_share": sold["group_share"],
            "importer_share": mined["importer_share"],
            "imports_usd": sold["imports_usd"],
            "form": one["form"],
            "alone": one["alone"],
            "extraction_coverage": mined["coverage"],
            "import_coverage": sold["coverage"],
        }


def _of_comparison(wanted: Sequence[Row], records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What must be said of a comparison of extraction with trade."""
    yield (
        "Extraction counts what mines hold, by mass; trade counts one product as sold, by whoever sells it. Shares "
        "and concentrations compare, amounts do not; refining and re-export lie between the two."
    )
    shown = {(row["mineral"], row["product"]) for row in records}
    shared = [f"{row['mineral']} in {row['product']}" for row in records if row["alone"] == "no"]
    if shared:
        yield f"The code holds other materials too: {', '.join(shared)}."
    if absent := [
        f"{row['mineral']} as {row['product']}"
        for row in wanted
        if row["product"] and (row["mineral"], row["product"]) not in shown
    ]:
        yield f"Not in the chosen data, so without a row: {listed(absent)}."
    if unmatched := [f"{row['mineral']} ({row['note']})" for row in wanted if not row["product"]]:
        yield f"No product of its own: {listed(unmatched)}."


def _provenance(question: Question, mineral: str, extracted: Result, traded: Result) -> Provenance:
    cards = (*traded.provenance.cards, *(data.card(name) for name in CARDS))
    return replace(
        traded.provenance,
        cards=cards,
        parameters={**question.parameters(), "mineral": mineral or "all"},
        blocs={**extracted.provenance.blocs, **traded.provenance.blocs},
    )
