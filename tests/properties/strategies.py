"""Generated tables of trade flows: ties, zeros, one supplier, empty groups, unknown quantities, extremes."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from hypothesis import strategies as st

from weaklink.flows import UNKNOWN_KG, Flows

COUNTRIES = ("AUS", "CHN", "DEU", "FRA", "RUS", "USA", "ZZZ")
PRODUCTS = ("010121", "271121", "850511")

amounts = st.one_of(st.integers(1, 5), st.integers(1, 10**13))  # small ones make ties
quantities = st.one_of(st.just(UNKNOWN_KG), st.integers(0, 10**12))


@st.composite
def flows_tables(draw: st.DrawFn, most: int = 40, least: int = 1) -> Flows:
    """A sorted table without duplicate flows; ZZZ is the area that is not identified."""
    index = st.integers(0, len(COUNTRIES) - 1)
    keys = st.tuples(st.integers(2020, 2021), st.integers(0, len(PRODUCTS) - 1), index, index)
    drawn = draw(st.sets(keys.filter(lambda key: key[2] != key[3]), min_size=least, max_size=most))
    ordered = np.array(sorted(drawn), dtype=np.int64).reshape(-1, 4)
    size = len(ordered)
    return Flows(
        products=PRODUCTS,
        countries=COUNTRIES,
        year=ordered[:, 0].astype(np.int16),
        product=ordered[:, 1].astype(np.int16),
        importer=ordered[:, 2].astype(np.int16),
        exporter=ordered[:, 3].astype(np.int16),
        value_usd=np.array(draw(st.lists(amounts, min_size=size, max_size=size)), dtype=np.int64),
        quantity_kg=np.array(draw(st.lists(quantities, min_size=size, max_size=size)), dtype=np.int64),
    )


@st.composite
def extreme_flows(draw: st.DrawFn, most: int = 30) -> Flows:
    """A sorted table at the edges of its types: any text as a code, any year and amount, also no flow at all."""
    codes = st.text(min_size=1, max_size=8)
    products = tuple(sorted(draw(st.sets(codes, min_size=1, max_size=4))))
    countries = tuple(sorted(draw(st.sets(codes, min_size=1, max_size=5))))
    place = st.integers(0, len(countries) - 1)
    keys = st.tuples(st.integers(-(2**15), 2**15 - 1), st.integers(0, len(products) - 1), place, place)
    ordered = sorted(draw(st.sets(keys, max_size=most)))
    year, product, importer, exporter = np.array(ordered, dtype=np.int16).reshape(-1, 4).T
    whole = st.integers(0, 2**63 - 1)
    dollars = [draw(whole) for _ in ordered]
    kilograms = [draw(st.one_of(st.just(UNKNOWN_KG), whole)) for _ in ordered]
    return Flows(
        products=products,
        countries=countries,
        year=year,
        product=product,
        importer=importer,
        exporter=exporter,
        value_usd=np.array(dollars, dtype=np.int64),
        quantity_kg=np.array(kilograms, dtype=np.int64),
    )


Record: TypeAlias = tuple[int, str, str, str, int, int]


def records(flows: Flows) -> list[Record]:
    """The flows as plain tuples in their order: year, product, importer, exporter, dollars, kilograms."""
    return [
        (
            int(flows.year[place]),
            flows.products[flows.product[place]],
            flows.countries[flows.importer[place]],
            flows.countries[flows.exporter[place]],
            int(flows.value_usd[place]),
            int(flows.quantity_kg[place]),
        )
        for place in range(len(flows))
    ]
