"""Run the benchmarks: `make bench`.

Input is synthetic and seeded: 5,000 products, 220 countries, about a million flows.
Each figure is the median of five runs after a warm-up, on as many threads as NumPy takes. Results are compared
before times are.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from weaklink.definitions.library import published
from weaklink.definitions.verdict import Facts, judged
from weaklink.flows import Flows
from weaklink.trade.lens import Case, figures
from weaklink.trade.supply import supply

PRODUCTS, COUNTRIES, FLOWS = 5_000, 220, 1_000_000  # about so many flows: doubles are dropped


def main() -> None:
    """Time a screen of one bloc, and what another threshold costs after it."""
    flows = synthetic()
    bloc = flows.flags(flows.countries[:27])
    rule = published()["geodep_2024"]

    def screened() -> Facts:
        case = Case(flows, supply(flows, bloc, np.ones_like(bloc), "value"), bloc, ~bloc)
        trade = case.supply
        return Facts(figures(case, rule.indicators), trade.imports.value_usd > 0, trade.exports.value_usd > 0)

    facts = screened()
    whole = median(screened)
    again = median(lambda: judged(rule, facts))
    print(f"{len(flows):,} flows, {len(facts.imported):,} products, a bloc of 27: screen {whole:.3f} s")
    print(
        f"another threshold over as many products: {again * 1000:.2f} ms, {whole / again:,.0f} times faster"
    )


def synthetic() -> Flows:
    """A year of made-up trade: not real, and not like it but in size."""
    random = np.random.default_rng(1)
    keys = np.unique(random.integers(0, PRODUCTS * COUNTRIES * COUNTRIES, FLOWS))
    product, pair = np.divmod(keys, COUNTRIES * COUNTRIES)
    importer, exporter = np.divmod(pair, COUNTRIES)
    kept = np.flatnonzero(importer != exporter)
    value = np.exp(random.normal(10, 3, len(kept))).astype(np.int64) + 1
    return Flows(
        products=tuple(f"{code:06}" for code in range(PRODUCTS)),
        countries=tuple(f"C{code:03}" for code in range(COUNTRIES)),
        year=np.full(len(kept), 2022, dtype=np.int16),
        product=product[kept].astype(np.int16),
        importer=importer[kept].astype(np.int16),
        exporter=exporter[kept].astype(np.int16),
        value_usd=value,
        quantity_kg=value,
    )


def median(run: Callable[[], object], times: int = 5) -> float:
    """Median seconds of several runs, after one that does not count."""
    run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
