"""What the kernel costs as trade grows: counted in elements touched and bytes held, never in seconds."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from weaklink.flows import Flows
from weaklink.indicators import INDICATORS
from weaklink.provenance import Card
from weaklink.snapshot import Snapshot
from weaklink.snapshotfile import Description, write
from weaklink.trade import panel as kernel
from weaklink.trade import runs
from weaklink.trade.panel import Asked, panel

COUNTRIES = tuple(f"C{place:02}" for place in range(30))
PRODUCT_ROWS = 200  # flows of each product


def made(products: int, year: int = 2022) -> Flows:
    """Made-up flows: every product has as many."""
    random = np.random.default_rng(year)
    pairs = np.array([(one, other) for one in range(30) for other in range(30) if one != other])
    chosen = [pairs[np.sort(random.choice(len(pairs), PRODUCT_ROWS, replace=False))] for _ in range(products)]
    importer, exporter = np.concatenate(chosen).T.astype(np.int16)
    size = products * PRODUCT_ROWS
    return Flows(
        products=tuple(f"{code:06}" for code in range(products)),
        countries=COUNTRIES,
        year=np.full(size, year, dtype=np.int16),
        product=np.repeat(np.arange(products, dtype=np.int16), PRODUCT_ROWS),
        importer=importer,
        exporter=exporter,
        value_usd=random.integers(1, 10**9, size),
        quantity_kg=random.integers(0, 10**9, size),
    )


ASKED = Asked(
    figures=tuple(INDICATORS),
    group=frozenset(COUNTRIES[:10]),
    blocs={"some": frozenset(COUNTRIES[5:15]), "others": frozenset(COUNTRIES[10:20])},
    alone=frozenset(COUNTRIES),
)


def touched(flows: Flows, monkeypatch: pytest.MonkeyPatch) -> int:
    """Elements that reductions and sums by place go over while a panel is computed."""
    count = 0
    reduced, summed = runs.Groups._reduced, runs.summed

    def counted(
        groups: runs.Groups, reduction: np.ufunc, values: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        nonlocal count
        count += len(values)
        return reduced(groups, reduction, values)

    def counted_sum(place: runs.Places, amounts: runs.Amounts, size: int) -> runs.Amounts:
        nonlocal count
        count += len(amounts) + size
        return summed(place, amounts, size)

    with monkeypatch.context() as patch:
        patch.setattr(runs.Groups, "_reduced", counted)
        for module in ("runs", "panel", "supply", "origin"):
            patch.setattr(f"weaklink.trade.{module}.summed", counted_sum)
        panel(flows, ASKED)
    return count


def test_eight_times_the_flows_touch_eight_times_the_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slope of the cost in rows is one: products are added, the flows of each stay as many."""
    small, large = touched(made(20), monkeypatch), touched(made(160), monkeypatch)
    assert large == pytest.approx(8 * small, rel=0.02)


def test_no_flow_is_touched_more_than_a_few_dozen_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nineteen indicators of thirty countries and two blocs: a constant, whatever the number of products."""
    assert touched(made(100), monkeypatch) < 90 * 100 * PRODUCT_ROWS


def stored(folder: Path, years: int) -> Snapshot:
    """Years of made-up flows as a snapshot of several row groups each."""
    parts: Iterator[Flows] = (made(300, 2000 + year) for year in range(years))
    card = Card("made", "", "", "", "", "", "")
    path = write(parts, lambda: Description(card, [], {}), lambda digest: folder / (digest or "part"))
    return Snapshot(path, card)


def peak_of(snapshot: Snapshot) -> int:
    """Most bytes of NumPy held at a time while every figure of every row group is computed and let go."""
    opened = snapshot.opened()
    tracemalloc.start()
    try:
        for group in opened.places:
            assert len(kernel.panel(opened.flows([group.number]), ASKED))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_rows(tmp_path: Path) -> None:
    """Three times the row groups, the same peak."""
    few, many = (peak_of(stored(tmp_path / f"{years}", years)) for years in (2, 6))
    assert many < 1.1 * few
