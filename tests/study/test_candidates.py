"""Are candidates those that the flows show? Against sums over plain rows."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq
import pytest

from weaklink.blocs import resolve
from weaklink.errors import RequestError
from weaklink.study.candidates import candidates
from weaklink.study.datasets import embedded_snapshot

EU = "EU@2024-12-31"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return candidates(EU, 2022, "CHN", product="810600").records()


def test_every_figure_of_a_candidate_equals_sums_over_plain_rows(rows: list[dict[str, Any]]) -> None:
    flows = pq.read_table(
        embedded_snapshot().path, filters=[("year", "=", 2022), ("product", "=", "810600")]
    ).to_pylist()
    members = set(resolve(EU).countries)
    needed = sum(one["value_usd"] for one in flows if one["exporter"] == "CHN" and one["importer"] in members)
    for row in rows:
        code = row["candidate"]
        sold = [one for one in flows if one["exporter"] == code]
        bought = [one for one in flows if one["importer"] == code]
        outside = sum(one["value_usd"] for one in sold if one["importer"] not in members)
        imports = sum(one["value_usd"] for one in bought)
        of_old = sum(one["value_usd"] for one in bought if one["exporter"] == "CHN")
        exports = sum(one["value_usd"] for one in sold)
        assert row["needed_usd"] == needed
        assert row["exports_outside_usd"] == outside
        assert row["own_exports_usd"] == min(outside, max(0, exports - imports))
        assert row["old_share"] == pytest.approx(of_old / imports if imports else 0.0)
        assert row["passing_on"] == pytest.approx(min(1.0, row["old_share"] * min(1.0, imports / outside)))
        rests = max(row["passing_on"], row["look_through"] or 0.0)
        assert row["independent_usd"] == pytest.approx(0.1 * row["own_exports_usd"] * (1 - rests), abs=1)


def test_the_united_states_only_pass_bismuth_on(rows: list[dict[str, Any]]) -> None:
    """They import more of it than they export: the docs' own example of a seller that is none."""
    row = next(row for row in rows if row["candidate"] == "USA")
    assert row["own_exports_usd"] == row["independent_usd"] == 0
    assert "may only pass goods on" in row["reasons"]
    assert row["rank"] > 1


def test_the_old_supplier_and_who_is_left_out_are_no_candidates(rows: list[dict[str, Any]]) -> None:
    assert "CHN" not in {row["candidate"] for row in rows}
    narrower = candidates(EU, 2022, "CHN", product="810600", among="world - KOR - JPN").records()
    kept = [row["candidate"] for row in rows if row["candidate"] not in {"KOR", "JPN"}]
    assert [row["candidate"] for row in narrower] == kept
    stable = candidates(EU, 2022, "CHN", product="810600", least_stability=0.0).records()
    assert all(row["stability"] >= 0 for row in stable)


def test_what_cannot_be_asked_is_refused_with_what_can() -> None:
    with pytest.raises(RequestError, match="--product 280530"):
        candidates(EU, 2022, "CHN")
    with pytest.raises(RequestError, match="Widen --among"):
        candidates(EU, 2022, "CHN", product="810600", among="CHN")
