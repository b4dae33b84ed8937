"""How has a dependence moved over the years? One row per year and product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Unpack

from weaklink import tables
from weaklink.errors import BlocError, RequestError
from weaklink.indicators import INDICATORS
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.question import Options, Question
from weaklink.study.setting import Setting, set_up


def history(importer: str, year: int, **options: Unpack[Options]) -> Result:
    """The dependence of an importer in every year of the data; `year` is the one that the question is of.

    Dated blocs keep their countries in all years, so that a change is one of trade and not of membership;
    blocs without a date follow the years. Raises as `screen` does.

    >>> rows = history("EU@2024-12-31", 2024, product="271121", suppliers="RUS").records()
    >>> rows[0]["year"], rows[-1]["year"]
    (1995, 2024)
    """
    question = Question(importer, year, **options)
    return followed(set_up(question))


def followed(setting: Setting) -> Result:
    """The answer to a question that is set up already."""
    skipped: list[str] = []
    records = list(_records(setting, skipped))
    return Result(
        schema=tables.HISTORY,
        table=tabulated(tables.HISTORY, records),
        caveats=(*dict.fromkeys((*caveats.of_setting(setting), *skipped)),),
        provenance=setting.provenance(),
    )


def _records(setting: Setting, skipped: list[str]) -> Iterator[dict[str, Any]]:
    for year in setting.data.years:
        try:
            blocks = setting.blocks(year, INDICATORS.keys() & set(tables.HISTORY.names))
        except (BlocError, RequestError) as error:  # a bloc that follows the years need not exist in all
            skipped.append(f"{year} is left out: {str(error).splitlines()[0]}")
            continue
        for block in blocks:
            for item, (code, top) in enumerate(zip(block.codes, block.top_suppliers, strict=True)):
                yield {
                    "year": year,
                    "product": code,
                    "label": setting.data.label(code),
                    "imports_usd": block.imports_usd[item],
                    "top_supplier": top,
                    **{name: figure[item] for name, figure in block.figures.items()},
                }
