"""How is a mix for materials told? Its rows, the products before and after, the frontier, and what must be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from weaklink.blocs.expression import resolve
from weaklink.mitigation.options import Figures
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.study.material_scenarios import EVERY
from weaklink.study.material_setting import MaterialWish, Setting, setting
from weaklink.study.material_shares import share_of
from weaklink.study.material_trade import MILLION
from weaklink.study.reduce_materials import Solved, points, solved
from weaklink.tables.reducing_materials import MATERIALS_FRONTIER, REDUCE_MATERIALS, REDUCE_PRODUCTS
from weaklink.version import VERSION


@dataclass(frozen=True, slots=True, eq=False)
class MaterialReduction:
    """The answer: the mix, the products before and after, where it was asked for the frontier, and what JSON adds."""

    asked: Setting
    found: Solved
    mix: Result
    products: Result
    frontier: Result | None
    more: Mapping[str, Any]


def reduced_materials(wish: MaterialWish) -> MaterialReduction:
    """The cheapest mix of measures for materials that keeps the targets, replayed in the lens of goods, with its proof.

    Raises RequestError for unknown names and targets, ConflictError where no mix will do within the budget.

    >>> wish = MaterialWish("without-largest-supplier", "materials",
    ...     ("share of CHN <= 65%", "largest supplier <= 10%"), product="280530", importer="EU@2024-12-31")
    >>> row = reduced_materials(wish).products.records()[0]
    >>> row["share_before"] > 0.65 >= row["share_after"], row["missing_after"] <= 0.1001, row["kept"]
    (True, True, 'yes')
    """
    asked = setting(wish)
    found = solved(asked)
    said, source = tuple(_caveats(asked, found)), _provenance(asked)
    curve = _frontier(asked, found) if wish.points else None
    return MaterialReduction(
        asked,
        found,
        Result(REDUCE_MATERIALS, tabulated(REDUCE_MATERIALS, _rows(asked, found)), said, source),
        Result(REDUCE_PRODUCTS, tabulated(REDUCE_PRODUCTS, _products(asked, found)), said, source),
        Result(MATERIALS_FRONTIER, tabulated(MATERIALS_FRONTIER, curve), said, source) if curve else None,
        {
            "objective": found.mix.cost,
            "bound": found.bound,
            "gap": found.gap,
            "duals": {name: price for name, price in found.mix.prices.items() if price},
            "out_of_reach": dict(found.relaxed),
            "scenarios": {
                loss.name: float(missing) for loss, missing in zip(found.losses, found.replayed, strict=True)
            },
        },
    )


def _rows(asked: Setting, found: Solved) -> list[dict[str, Any]]:
    """One row for each option that is used, the dearest first."""
    traded, can, amounts = asked.trade, asked.possible, found.mix.amounts
    listed = []
    for place, (option, deed, measure) in enumerate(zip(can.options, can.deeds, can.measures, strict=True)):
        much = float(amounts[place])
        if not option.used(much):
            continue
        without = amounts.copy()
        without[place] = 0.0
        listed.append(
            {
                "product": traded.codes[deed.product],
                "label": traded.labels[deed.product],
                "measure": option.measure,
                "seller": traded.countries[deed.new] if deed.new >= 0 else "",
                "instead_of": traded.countries[deed.old] if deed.old >= 0 else "",
                "amount": much,
                "unit": option.unit,
                "share_of_most": much / option.most,
                "unit_cost": option.unit_cost,
                "cost": option.cost(much),
                "missing_without": _more_missing(found, without, deed.product),
                "share_without": _share(asked, without, deed.product, deed.old) if deed.old >= 0 else None,
                "quality": measure.quality,
                "source": measure.source,
            }
        )
    return sorted(listed, key=lambda row: (-row["cost"], -row["amount"], row["product"], row["seller"]))


def _more_missing(found: Solved, without: Figures, product: int) -> float:
    """How much more is missing of a product without a measure, in the scenario where that is most."""
    more = [
        loss.missing(without) / MILLION - float(before)
        for loss, mine, before in zip(found.losses, found.product, found.replayed, strict=True)
        if mine in {product, EVERY}
    ]
    return max(0.0, *more)


def _share(asked: Setting, amounts: Figures, product: int, supplier: int) -> float:
    who = np.arange(len(asked.trade.countries)) == supplier
    return share_of(asked.trade, asked.possible.deeds, amounts, product, who)


def _products(asked: Setting, found: Solved) -> Iterator[dict[str, Any]]:
    traded, can, amounts = asked.trade, asked.possible, found.mix.amounts
    nothing = np.zeros(len(amounts))
    for product, code in enumerate(traded.codes):
        if traded.total[product] <= 0:
            continue
        before = int(np.argmax(traded.bought[product]))
        outside = [one for one in range(len(traded.countries)) if not traded.members[one]]
        after = max(outside, key=lambda one: (_share(asked, amounts, product, one), -one))
        use = asked.failing.use(product)
        mine = [
            loss for loss, one in zip(found.losses, found.product, strict=True) if one in {product, EVERY}
        ]
        worst = max(mine, key=lambda loss: loss.missing_of(code, amounts))
        broken = [one.name for one in can.shares if one.product == product and one.name in found.relaxed]
        yield {
            "product": code,
            "label": traded.labels[product],
            "imports_musd": traded.total[product],
            "supplier": traded.countries[before],
            "share_before": _share(asked, nothing, product, before),
            "share_after": _share(asked, amounts, product, before),
            "largest_after": traded.countries[after],
            "largest_share_after": _share(asked, amounts, product, after),
            "missing_before": max(loss.missing_of(code, nothing) for loss in mine) / MILLION / use,
            "missing_after": worst.missing_of(code, amounts) / MILLION / use,
            "worst": worst.name.removeprefix(f"{code} "),
            "cost": sum(
                option.cost(amount)
                for option, deed, amount in zip(can.options, can.deeds, amounts.tolist(), strict=True)
                if deed.product == product
            ),
            "kept": "; ".join(broken) or "yes",
        }


def _frontier(asked: Setting, found: Solved) -> list[dict[str, Any]]:
    written = [place for place, one in enumerate(found.product) if one == EVERY]
    counted = written or list(range(len(found.product)))
    use = np.array(
        [asked.use if one == EVERY else asked.failing.use(one) for one in np.array(found.product)[counted]]
    )
    mean = len(counted) if written else 1  # draws of one scenario are averaged, losses of suppliers added up
    rows = []
    for mix, replayed in points(asked, found, asked.wish.points):
        price = next((value for name, value in mix.prices.items() if name.startswith("expected")), 0.0)
        rows.append(
            {
                "cost": mix.cost,
                "missing": float(mix.losses[counted].sum()) / mean,
                "replayed": float(replayed[counted].sum()) / mean,
                "worst_share": float((replayed[counted] / use).max()),
                "price": price * mean / len(use),
                "gap": mix.gap,
            }
        )
    return rows


def _caveats(asked: Setting, found: Solved) -> Iterator[str]:
    listed, traded = asked.catalogue, asked.trade
    for name, more in found.relaxed.items():
        limit = next(one for one in asked.possible.shares if one.name == name)
        share = share_of(traded, asked.possible.deeds, found.mix.amounts, limit.product, limit.who)
        yield (
            f"NOT REACHED: no mix of these measures keeps {name}; the nearest is {share:.1%}, and {more:,.3g} "
            "million USD "
            "more would have to be had elsewhere. The mix below goes as near as can be."
        )
    yield (
        f"The mix costs {found.mix.cost:,.3g} million USD a year; none can cost less than {found.bound:,.3g} (gap "
        f"{found.gap:.1%}) and keep {' and '.join(one.text for one in asked.targets) or 'the limits'}."
    )
    wish = asked.supplier_target
    if wish is not None:
        yield (
            f"Stood: the loss of any {wish.count if wish.count > 1 else 'one'} supplier of each product for "
            f"{asked.asked.scenario.days} days, one product at a time; {found.checked} further losses were tried, of "
            "every supplier who could matter. Missing is counted over all members together: one may miss more."
        )
    if asked.loss_targets:
        yield (
            f"Of {asked.use:,.6g} million USD used in {asked.asked.scenario.days} days, what is missing is "
            "counted over all "
            f"members and materials together, in {len(asked.written)} "
            f"{'draws' if len(asked.written) > 1 else 'course at the likely figures'} of the scenario as its "
            "file has it."
        )
    yield (
        "Measures swap suppliers: the world's trade is taken to be otherwise as it was, so that what the old "
        "supplier no "
        "longer sells here, third countries buy, and the world's loss and the price are the same. Spare "
        "capacity is not "
        "used up."
    )
    yield (
        "A seller that is cheaper by its unit value has no premium here, though grade, contracts or distance "
        "may be why "
        "it is not used."
    )
    yield "Costs are a year's; stocks are those held beyond the usual days, at the import's value."
    yield (
        "Shares are of imports from outside from known suppliers, of the bloc as one; goods made at home and "
        "not by these "
        "measures are not counted."
    )
    yield from asked.possible.notes
    names = {option.measure for option in asked.possible.options}
    yield from (f"{one.name}: {one.note}" for one in listed.measure if one.note and one.name in names)
    yield from (caveat for card in traded.setting.data.snapshots for caveat in card.card.caveats)


def _provenance(asked: Setting) -> Provenance:
    wish, scenario, listed = asked.wish, asked.asked.scenario, asked.catalogue
    of_scenario = Card(
        scenario.name,
        scenario.title,
        scenario.source,
        "as its file",
        f"trade of {asked.asked.year}",
        "",
        "a scenario file",
    )
    of_measures = Card(
        listed.name,
        listed.title,
        listed.source,
        "as its file",
        str(listed.prices_of),
        "",
        "a catalogue of measures",
    )
    parameters = {
        "scenario": scenario.name,
        "measures": listed.name,
        "targets": "; ".join(one.text for one in asked.targets),
        "importer": asked.asked.importer,
        "year": str(asked.asked.year),
        "products": ", ".join(asked.trade.codes),
        "budget": "none" if np.isinf(wish.budget) else str(wish.budget),
        "draws": str(wish.draws),
        "seed": str(wish.seed),
        **{f"cost of {name}": f"{value:g}" for name, value in wish.costs.items()},
    }
    blocs = dict(asked.asked.blocs)
    for limit in asked.what.limits:
        one = resolve(limit.who, year=asked.asked.year)
        blocs[one.canonical] = one.countries
    cards = (*(one.card for one in asked.trade.setting.data.snapshots), of_scenario, of_measures)
    return Provenance(cards, VERSION, parameters, blocs)
