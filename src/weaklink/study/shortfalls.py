"""Which product runs short in which country, from which day, by how much?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from weaklink import tables
from weaklink.result import Result, tabulated
from weaklink.shortfall.course import Courses
from weaklink.shortfall.market import Figures
from weaklink.study.bought import DAYS_OF_YEAR
from weaklink.study.lens import Asked, likely
from weaklink.study.lens_provenance import provenance_of
from weaklink.study.lenses.goods import Goods, goods
from weaklink.uncertainty.bands import bands
from weaklink.uncertainty.draws import drawn

LEVELS = (0.05, 0.95)


def shortfalls(asked: Asked, draws: int = 200, seed: int = 0) -> Result:
    """The lens of goods in detail: a row for each product and member of which anything is struck, the worst first.

    Days and shares are those at the likely figures; `low` and `high` are of the draws. Columns in
    `weaklink.tables.SHORTFALLS`. RequestError as the lens of goods.

    >>> from weaklink.scenario.library import chosen
    >>> from weaklink.study.losses import asked_for
    >>> row = shortfalls(asked_for(chosen("china-rare-earths"), "USA"), draws=20).records()[0]
    >>> row["country"], row["days_of_cover"] < row["first_day"] <= row["peak_day"]
    ('USA', True)
    """
    model = goods(asked)
    found = model.cells()
    missing = model.cells(drawn(model.ranges, draws, seed)).missing if draws else None
    rows = sorted(
        _rows(model, found, missing), key=lambda row: (-row["missing_usd"], row["product"], row["country"])
    )
    caveats = [
        "Days are counted from the first day of the scenario, at the likely figures.",
        *(f"leaves out: {sentence}" for sentence in model.about.leaves_out),
        *model.caveats,
    ]
    if draws:
        caveats.insert(0, f"low and high are the quantiles at 5 and 95 % of {draws:,} draws (seed {seed}).")
    return Result(
        tables.SHORTFALLS,
        tabulated(tables.SHORTFALLS, rows),
        tuple(caveats),
        provenance_of(asked, model, {"detail": "products", "draws": str(draws), "seed": str(seed)}),
    )


def _rows(model: Goods, found: Courses, missing: Figures | None) -> Iterator[dict[str, Any]]:
    bought = model.bought
    cells = bought.purchases
    figures = likely(model.ranges)
    bounds = None if missing is None else bands(missing, LEVELS).value
    for place, (product, member) in enumerate(zip(cells.product, cells.member, strict=True)):
        use, gap = float(cells.use[place]), float(found.gap_share[0, place])
        stock = float(figures[model.stock_of(bought.products[product])][0])
        short = not math.isnan(found.first_day[0, place])
        yield {
            "product": bought.products[product],
            "label": bought.data.label(bought.products[product]),
            "country": bought.members[member],
            "imports_usd": use * DAYS_OF_YEAR,
            "struck_share": gap,
            "days_of_cover": stock / gap if gap > 0 else None,
            "first_day": found.first_day[0, place] if short else None,
            "peak_day": found.peak_day[0, place] if short else None,
            "peak_share": float(found.peak_share[0, place]),
            "missing_usd": float(found.missing[0, place]),
            "missing_share": float(found.missing[0, place]) / (use * DAYS_OF_YEAR),
            "low": None if bounds is None else float(bounds[0, place]),
            "high": None if bounds is None else float(bounds[1, place]),
        }
