"""The kernel against a slow, obvious implementation, and identities of pieces."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.strategies import COUNTRIES, flows_tables, records
from tests.trade.slowly import Item, Row
from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.indicators import INDICATORS
from weaklink.trade.entries import Measure, starts
from weaklink.trade.panel import Asked, Block, market_of, panel, panel_of

sides = st.frozensets(st.sampled_from([code for code in COUNTRIES if code != "ZZZ"]))
measures = st.sampled_from(["value", "quantity"])
floors = st.sampled_from([0.0, 0.5, 0.8, 1.0])

Row_ = tuple[str | None, int, int, int, int | None, list[float]]


def asked_of(
    blocs: tuple[frozenset[str], ...], alone: frozenset[str], group: frozenset[str], by: Measure, floor: float
) -> Asked:
    return Asked(
        figures=tuple(INDICATORS),
        group=group,
        unidentified=frozenset({"ZZZ"}),
        blocs={f"bloc {place}": members for place, members in enumerate(blocs)},
        alone=alone,
        measure=by,
        floor=floor,
    )


def rows_of(block: Block) -> dict[tuple[int, str, str], Row_]:
    """The rows by year, product and importer: largest supplier, dollars, kilograms, figures."""
    return {
        (int(block.year[at]), block.codes[at], block.importers[block.importer[at]]): (
            block.top_suppliers[at],
            int(block.imports_usd[at]),
            int(block.exports_usd[at]),
            int(block.group_imports_usd[at]),
            None if block.imports_kg[at] < 0 else int(block.imports_kg[at]),
            [float(block.figures[name][at]) for name in INDICATORS],
        )
        for at in range(len(block))
    }


def slowly(flows: Flows, asked: Asked) -> dict[tuple[int, str, str], Row_]:
    items: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for year, product, importer, exporter, usd, kg in records(flows):
        items[year, product].append(
            Row(year, product, importer, exporter, usd, None if kg == UNKNOWN_KG else kg)
        )
    importers = {**asked.blocs, **{code: frozenset({code}) for code in asked.alone}}
    found = {}
    for (year, product), rows in items.items():
        for label, members in importers.items():
            item = Item(rows, members, asked.group, asked.measure == "value", asked.floor)
            if label in asked.blocs or item.imports.rows:
                found[year, product, label] = _row(item, asked)
    return found


def _row(item: Item, asked: Asked) -> Row_:
    bought = [(code, row) for code, row in item.imports.rows]
    weighed = sum(row.usd for code, row in bought if row.kg is not None and code != "ZZZ")
    enough = weighed >= asked.floor * item.imports.usd()
    return (
        item.largest(),
        item.imports.usd(),
        item.exports.usd(),
        sum(row.usd for code, row in bought if code in asked.group),
        sum(row.kg or 0 for _, row in bought) if enough else None,
        [item.figure(name) for name in INDICATORS],
    )


@given(flows_tables(), st.tuples(sides, sides), sides, sides, measures, floors)
def test_every_figure_of_every_importer_equals_a_slow_obvious_implementation(
    flows: Flows,
    blocs: tuple[frozenset[str], frozenset[str]],
    alone: frozenset[str],
    group: frozenset[str],
    by: Measure,
    floor: float,
) -> None:
    """Blocs overlap, are empty or single; amounts tie; groups are empty; suppliers are one or none."""
    asked = asked_of(blocs, alone, group, by, floor)
    found, expected = rows_of(panel(flows, asked)), slowly(flows, asked)
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        assert found[key][:5] == row[:5], key
        assert found[key][5] == pytest.approx(row[5], rel=1e-9, abs=1e-12, nan_ok=True), (
            key,
            [
                name
                for name, one, other in zip(INDICATORS, found[key][5], row[5], strict=True)
                if not math.isclose(one, other, rel_tol=1e-9)
            ],
        )


@given(flows_tables(), sides, sides, sides, measures, st.data())
def test_pieces_of_whole_items_give_what_the_whole_gives(
    flows: Flows,
    bloc: frozenset[str],
    alone: frozenset[str],
    group: frozenset[str],
    by: Measure,
    data: st.DataObject,
) -> None:
    """To the last bit: an item's figures do not depend on what else is in the piece."""
    asked = asked_of((bloc,), alone, group, by, 0.8)
    edges = [*starts(flows).tolist(), len(flows)]
    cuts = sorted({0, len(flows), *data.draw(st.sets(st.sampled_from(edges)))})
    together: dict[tuple[int, str, str], Row_] = {}
    for first, last in pairwise(cuts):
        together |= rows_of(panel(flows._take(slice(first, last)), asked))
    assert repr(sorted(together.items())) == repr(sorted(rows_of(panel(flows, asked)).items()))


@given(flows_tables(), sides, sides, measures)
def test_a_bloc_of_one_country_has_the_figures_of_the_country_by_itself(
    flows: Flows, alone: frozenset[str], group: frozenset[str], by: Measure
) -> None:
    """Two ways through the kernel: a bloc has a place for every country, a country only its suppliers."""
    if not alone:
        return
    singles = tuple(frozenset({code}) for code in sorted(alone))
    as_blocs = panel(flows, asked_of(singles, frozenset(), group, by, 0.8))
    by_itself = rows_of(panel(flows, asked_of((), alone, group, by, 0.8)))
    for (year, product, label), row in rows_of(as_blocs).items():
        code = sorted(alone)[int(label.split()[1])]
        if (year, product, code) in by_itself:
            one = by_itself[year, product, code]
            assert row[:5] == one[:5]
            assert row[5] == pytest.approx(one[5], rel=1e-12, nan_ok=True)
        else:
            assert row[1] == 0  # a country that buys nothing has no row of its own


@given(flows_tables(), sides, measures)
def test_what_all_rows_buy_from_each_country_is_added_up(
    flows: Flows, bloc: frozenset[str], by: Measure
) -> None:
    block = panel(flows, asked_of((bloc,), frozenset(), frozenset(), by, 0.0))
    expected: dict[str, int] = defaultdict(int)
    for _, _, importer, exporter, usd, kg in records(flows):
        if importer in bloc and exporter not in bloc and exporter != "ZZZ":
            expected[exporter] += usd if by == "value" else max(kg, 0)
    found = dict(zip(block.countries, block.supplied.tolist(), strict=True))
    assert {code: n for code, n in found.items() if n} == {code: n for code, n in expected.items() if n}


@given(flows_tables(), st.lists(st.tuples(sides, sides, sides), min_size=2, max_size=3), measures)
def test_a_market_that_was_asked_before_answers_as_a_new_one_does(
    flows: Flows, questions: list[tuple[frozenset[str], frozenset[str], frozenset[str]]], by: Measure
) -> None:
    """Other blocs, other countries, another group, another floor: what is kept must not depend on them."""
    kept = market_of(flows, asked_of((), frozenset({"AUS"}), frozenset(), by, 0.8))
    for turn, (bloc, alone, group) in enumerate(questions):
        asked = asked_of((bloc,), alone, group, by, 0.8 if turn else 0.2)
        assert repr(rows_of(panel_of(kept, asked))) == repr(rows_of(panel(flows, asked)))


def test_sums_stay_exact_beyond_what_a_double_holds() -> None:
    """2^53 + 1 dollars from one country and 1 from another: a histogram of doubles would lose the last one."""
    flows = Flows(
        products=("271121",),
        countries=("AAA", "BBB", "CCC"),
        year=np.full(2, 2022, dtype=np.int16),
        product=np.zeros(2, dtype=np.int16),
        importer=np.zeros(2, dtype=np.int16),
        exporter=np.array([1, 2], dtype=np.int16),
        value_usd=np.array([2**53 + 1, 1], dtype=np.int64),
        quantity_kg=np.full(2, UNKNOWN_KG, dtype=np.int64),
    )
    block = panel(flows, Asked((), blocs={"us": frozenset({"AAA"})}))
    assert block.imports_usd.tolist() == [2**53 + 2]
    assert block.supplied.tolist() == [0, 2**53 + 1, 1]


def test_nobody_to_ask_about_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="nobody"):
        panel(
            Flows((), (), *(np.array([], dtype=np.int16),) * 4, *(np.array([], dtype=np.int64),) * 2),
            Asked(()),
        )
