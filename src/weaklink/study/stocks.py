"""How large a stock is asked for by rule, is worth its keeping, or is enough in a scenario?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from weaklink.columns import TableSchema
from weaklink.errors import RequestError
from weaklink.guidelines import oil
from weaklink.mitigation.stocks import (
    Hazard,
    Terms,
    days_of_cover,
    expected_shortage,
    gas_duty,
    hazard_stock,
    keeping_cost,
    newsvendor,
    pooled_stock,
)
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.shortfall.course import courses
from weaklink.shortfall.market import Figures
from weaklink.study.lens import Asked, likely
from weaklink.study.lens_provenance import provenance_of
from weaklink.study.lenses.goods import Goods, goods
from weaklink.study.material_trade import MILLION
from weaklink.tables.stocking import STOCK_LEVEL, STOCK_NEEDS, STOCK_RULES
from weaklink.uncertainty.draws import drawn
from weaklink.version import VERSION

GAS = "Regulation (EU) 2022/1032, Articles 6a to 6c; the cap of 35 % is recalled"
IEA = "IEA, Oil Stocks of IEA Countries, methodology (read)"
LONGEST = 40  # mean durations beyond which a failure is neglected


def gas(year: int, volume: float, consumption: float, held: float | None = None) -> Result:
    """What gas a member of the EU must have in store on 1 November of a year, and whether it has; TWh, say.

    `volume` is the working volume of its stores, `consumption` the mean yearly consumption of the five years before.
    RequestError for a year without the rule.

    >>> gas(2024, 240.0, 900.0, 230.0).records()[0]["kept"]
    'yes'
    """
    _refuse_negative({"--volume": volume, "--consumption": consumption, "--held": held or 0.0})
    try:
        duty = gas_duty(year, volume, consumption)
    except ValueError as error:
        raise RequestError(f"{error}. Choose --year 2022 to 2025.") from None
    row = {
        "rule": f"1 November {year}: {duty.rule}",
        "required": duty.amount,
        "held": held,
        "unit": "as given",
        "kept": "" if held is None else "yes" if held >= duty.amount else "no",
        "source": GAS,
    }
    said = ["Only the state's own stores are counted, not what it has in those of others."]
    if held is not None:
        said.append(f"What is held lasts {days_of_cover(held, consumption / 365):,.0f} days at the mean use.")
    return _stated(STOCK_RULES, [row], tuple(said))


def oil_rule(
    crude_imports: float, product_imports: float, crude_stocks: float, product_stocks: float
) -> Result:
    """Days of net imports that oil stocks replace, by the method of the International Energy Agency; thousand tonnes.

    >>> round(oil_rule(10_000, 2_000, 2_000, 1_000).records()[0]["held"], 2)
    83.6
    """
    _refuse_negative({"--crude-stocks": crude_stocks, "--product-stocks": product_stocks})
    days = oil.days_of_cover(crude_imports, product_imports, crude_stocks, product_stocks)
    exporter = math.isinf(days)
    row = {
        "rule": f"{oil.OBLIGATION} days of net imports" if not exporter else "none: a net exporter",
        "required": 0.0 if exporter else float(oil.OBLIGATION),
        "held": None if exporter else days,
        "unit": "days of net imports",
        "kept": "yes" if days >= oil.OBLIGATION else "no",
        "source": IEA,
    }
    return _stated(
        STOCK_RULES, [row], ("Net imports are those of the calendar year before, without marine bunkers.",)
    )


@dataclass(frozen=True, slots=True)
class Risk:
    """How supply fails, and what a missing unit loses.

    It fails `yearly` times a year in the mean, for `days`: the mean of exponential lengths, or several lengths as seen.
    """

    yearly: float
    days: tuple[float, ...]
    use: float
    unit_loss: float


def level(risk: Risk, price: float, terms: Terms) -> Result:
    """The stock at which one more unit costs a year what it saves, beside none, half and twice of it.

    RequestError for figures that cannot be.

    >>> rows = level(Risk(0.2, (60.0,), 10.0, 50.0), 10.0, Terms(0.05, 0.5)).records()
    >>> [row["level"] for row in rows], min(rows, key=lambda row: row["total"])["level"]
    (['none', 'half', 'optimum', 'twice'], 'optimum')
    """
    _refuse_negative(
        {"--yearly": risk.yearly, "--use": risk.use, "--unit-loss": risk.unit_loss, "--price": price}
    )
    if not risk.days or min(risk.days) <= 0 or risk.use <= 0:
        raise RequestError(
            "--days and --use must be above zero: how long a failure lasts, what is used a day."
        )
    seen = np.array(risk.days)
    hazard = (
        Hazard.of_durations(risk.yearly, seen, risk.use)
        if len(seen) > 1
        else Hazard.exponential(risk.yearly, float(seen[0]), risk.use)
    )
    longest = float(seen.max()) * (1 if len(seen) > 1 else LONGEST)
    unit = keeping_cost(1.0, price, replace(terms, yearly_use=math.inf if terms.yearly_use else 0.0)).total
    best = hazard_stock(hazard, unit, risk.unit_loss, longest * risk.use)
    rows = []
    for name, stock in (("none", 0.0), ("half", best / 2), ("optimum", best), ("twice", best * 2)):
        missing = expected_shortage(hazard, stock, longest)
        keeping = keeping_cost(stock, price, terms).total
        rows.append(
            {
                "level": name,
                "stock": stock,
                "days": days_of_cover(stock, risk.use),
                "keeping": keeping,
                "missing": missing,
                "loss": missing * risk.unit_loss,
                "total": keeping + missing * risk.unit_loss,
            }
        )
    how = "as long as those seen" if len(seen) > 1 else "of exponential length"
    said = (
        f"Supply fails {risk.yearly:g} times a year in the mean, {how}; the stock is full again before the "
        "next time.",
        "All figures are the user's own; nothing here says how likely a failure is.",
    )
    return _stated(STOCK_LEVEL, rows, said)


def needs(
    asked: Asked,
    terms: Terms,
    *,
    enough: float = 0.95,
    draws: int = 200,
    seed: int = 0,
    chance: float | None = None,
    unit_loss: float | None = None,
) -> Result:
    """What stocks are enough in a scenario on goods with the chance `enough`, each for itself and pooled, by product.

    `terms` are those of keeping, storage as share of value. With `chance`, that of the scenario in a year, and
    `unit_loss`, what a dollar's worth missing loses, the stock that is worth its keeping is given too. RequestError as
    the lens of goods.

    >>> from weaklink.scenario.library import chosen
    >>> from weaklink.study.losses import asked_for
    >>> row = needs(asked_for(chosen("china-rare-earths"), "EU@2024-12-31"), Terms(0.05, 0.02), draws=50).records()[0]
    >>> 0 < row["together_musd"], row["saved"] < 0.2  # a ban strikes all at once: little is saved
    (True, True)
    """
    if not 0 < enough <= 1:
        raise RequestError(f"--enough is {enough}; it must be a share above 0 and up to 1, such as 0.95.")
    if (chance is None) != (unit_loss is None):
        raise RequestError("--chance and --unit-loss go together.")
    if draws < 1:
        raise RequestError(f"--draws is {draws}; at least 1 is needed.")
    model = goods(asked)
    lacking = _without_stocks(model, draws, seed)
    rows = [
        _needs_row(model, lacking, product, terms, enough, (chance, unit_loss))
        for product in np.unique(model.bought.purchases.product).tolist()
    ]
    rows.sort(key=lambda row: (-row["together_musd"], row["product"]))
    said = (
        f"Enough with a chance of {enough:.0%} over {draws:,} draws (seed {seed}) of the scenario's ranges, in "
        "place of the "
        "stocks that the lens of goods assumes.",
        "Pooling saves only as far as members are not short at the same time; in a scenario that strikes all of them "
        "that is little, and a quantile of sums can even be above the sum of quantiles. Bottlenecks between members "
        "are not counted.",
        f"Keeping costs {terms.interest:.1%} interest and {terms.storage:.1%} storage of the value a year.",
        *(f"leaves out: {sentence}" for sentence in model.about.leaves_out),
        *model.caveats,
    )
    parameters = {"enough": str(enough), "draws": str(draws), "seed": str(seed)}
    return Result(STOCK_NEEDS, tabulated(STOCK_NEEDS, rows), said, provenance_of(asked, model, parameters))


def _without_stocks(model: Goods, draws: int, seed: int) -> Figures:
    """What each cell would miss with no stock at all: what a stock must hold. Draws × cells, in dollars."""
    responses = model.responses(drawn(model.ranges, draws, seed))
    bare = replace(responses, stock_days=np.zeros_like(responses.stock_days))
    found: Figures = courses(replace(model.bought.purchases, pooled=False), bare).missing
    return found


def _needs_row(
    model: Goods,
    lacking: Figures,
    product: int,
    terms: Terms,
    enough: float,
    risk: tuple[float | None, float | None],
) -> dict[str, Any]:
    bought = model.bought
    mine = bought.purchases.product == product
    code = bought.products[product]
    needed = lacking[:, mine] / MILLION
    use = float(bought.purchases.use[mine].sum()) / MILLION
    pooled = pooled_stock(needed, enough)
    alone, together = float(pooled.alone.sum()), pooled.together
    chance, unit_loss = risk
    worth = None
    if chance is not None and unit_loss is not None:
        drawn_needs = np.append(needed.sum(axis=1), 0.0)
        weights = np.append(np.full(len(needed), chance / len(needed)), 1 - chance)
        worth = newsvendor(drawn_needs, weights, keeping_cost(1.0, 1.0, terms).total, unit_loss)
    return {
        "product": code,
        "label": bought.data.label(code),
        "members": int(mine.sum()),
        "use_musd": use,
        "usual_days": float(likely(model.ranges)[model.stock_of(code)][0]),
        "alone_musd": alone,
        "together_musd": together,
        "saved": pooled.saved,
        "alone_days": days_of_cover(alone, use),
        "together_days": days_of_cover(together, use),
        "keeping_alone": keeping_cost(alone, 1.0, terms).total,
        "keeping_together": keeping_cost(together, 1.0, terms).total,
        "worth_musd": worth,
    }


def _refuse_negative(figures: dict[str, float]) -> None:
    for name, value in figures.items():
        if not (math.isfinite(value) and value >= 0):
            raise RequestError(f"{name} is {value}; it must be zero or more.")


def _stated(schema: TableSchema, rows: Sequence[dict[str, Any]], said: tuple[str, ...]) -> Result:
    card = Card(
        "stated",
        "figures stated in the question",
        "the user",
        "yours",
        "as stated",
        "",
        "computed from the question",
    )
    return Result(schema, tabulated(schema, rows), said, Provenance((card,), VERSION))
