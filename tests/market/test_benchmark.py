"""Claims on the benchmark of trade equilibrium: synthetic trade obeys gravity, and its own Newton method agrees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks import equilibrium

from weaklink.market.armington import armington


def test_synthetic_trade_is_a_baseline_in_which_output_equals_spending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(equilibrium, "COUNTRIES", 12)
    trade, cost, (first, second, reference) = equilibrium.read(equilibrium.made(tmp_path))
    assert trade.sum(axis=0) == pytest.approx(trade.sum(axis=1), rel=1e-9)
    assert len({first, second, reference}) == 3
    assert (cost != 1).sum() == 2
    ours = armington(trade, equilibrium.THETA, cost)
    assert ours.wage == pytest.approx(equilibrium.dense_newton(trade, equilibrium.THETA, cost), rel=1e-10)
    assert np.all(ours.welfare[[first, second]] > 1)
