"""The solver: right for every generated table, by both ways, and no answer where there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inputoutput.strategies import tables
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Floats
from weaklink.inputoutput.blocks import row_blocks
from weaklink.inputoutput.coefficients import leontief_inverse
from weaklink.inputoutput.solve import BATCH, Method, system, system_of

METHODS: tuple[Method, ...] = ("direct", "iterative")


@pytest.mark.parametrize("method", METHODS)
@given(tables())
def test_both_sides_agree_with_a_dense_inverse_to_1e_10(method: Method, table: Accounts) -> None:
    L, asked = leontief_inverse(table), system(table, method, tolerance=1e-12)
    G = np.random.default_rng(1).normal(size=(3, table.size))
    assert np.allclose(asked.left(G).values, G @ L, rtol=0, atol=1e-10 * np.abs(G @ L).max())
    assert np.allclose(asked.right(G.T).values, L @ G.T, rtol=0, atol=1e-10 * np.abs(L @ G.T).max())


@given(tables())
def test_leontief_inverse_is_its_neumann_series_and_at_least_one_on_the_diagonal(table: Accounts) -> None:
    L = system(table, "direct").right(np.eye(table.size)).values
    A = np.divide(table.Z, table.x, out=np.zeros_like(table.Z), where=table.x > 0)
    series, power = np.eye(table.size), A
    for _ in range(14):  # (I + A)(I + A²)(I + A⁴) … has the first 2^14 terms
        series, power = series + series @ power, power @ power
    assert ((L - np.eye(table.size)) >= -1e-12).all()
    assert np.allclose(L, series, rtol=1e-9, atol=1e-12)


@given(tables())
def test_output_is_what_final_demand_requires(table: Accounts) -> None:
    for method in METHODS:
        x = system(table, method).right(table.Y.sum(axis=1)[:, None]).values[:, 0]
        assert np.allclose(x, table.x, rtol=0, atol=1e-9 * table.x.max())


@pytest.fixture(scope="module")
def many() -> tuple[Floats, Floats, Floats]:
    """Z, x and groups of 1,200 industries in 40 regions."""
    random = np.random.default_rng(7)
    size, regions = 1200, 40
    region = np.repeat(np.arange(regions), size // regions)
    A = random.lognormal(0, 1.5, (size, size))
    A *= np.where(region[:, None] == region, 120.0, 1.0)
    A *= random.uniform(0.35, 0.65, size) / A.sum(axis=0)
    x = np.exp(random.normal(3, 2, size))
    return A * x, x, (np.arange(regions)[:, None] == region).astype(np.float64)


@pytest.mark.parametrize("tolerance", [1e-4, 1e-6, 1e-10, 1e-13])
def test_an_iterative_answer_is_as_good_as_it_says(
    many: tuple[Floats, Floats, Floats], tolerance: float
) -> None:
    Z, x, G = many
    region = np.repeat(np.arange(40), 30)
    for wanted, sign in ((G, "left"), (G.T.copy(), "right")):
        solved = getattr(system_of(Z, x, region, method="iterative", tolerance=tolerance), sign)(wanted)
        A, X = Z / x, solved.values
        left = wanted - X + (X @ A if sign == "left" else A @ X)
        assert np.abs(left).max() / np.abs(X).max() <= solved.residual * (1 + 1e-6) + 1e-15
        assert solved.residual <= tolerance


def test_single_precision_alone_is_not_taken_for_double(many: tuple[Floats, Floats, Floats]) -> None:
    Z, x, G = many
    quick = system_of(Z, x, method="iterative", tolerance=1e-6).left(G)
    good = system_of(Z, x, method="iterative", tolerance=1e-12).left(G)
    exact = system_of(Z, x, method="direct").left(G).values
    assert np.abs(good.values - exact).max() < 1e-11 < np.abs(quick.values - exact).max() < 1e-5
    assert good.sweeps > quick.sweeps


def test_more_right_hand_sides_than_a_batch_give_what_each_gives_alone() -> None:
    random = np.random.default_rng(3)
    Z = random.random((60, 60))
    x = Z.sum(axis=0) * 2
    asked = system_of(Z, x, method="iterative")
    G = random.random((BATCH + 5, 60))
    assert np.allclose(asked.left(G).values[-1:], asked.left(G[-1:]).values, rtol=1e-9)
    assert len(asked.left(G).values) == BATCH + 5


@given(st.integers(0, 10**6))
@settings(max_examples=10)
def test_a_memory_mapped_single_precision_table_gives_the_same(seed: int) -> None:
    random = np.random.default_rng(seed)
    Z = random.random((40, 40)).astype(np.float32)
    x = Z.sum(axis=0, dtype=np.float64) * 1.5
    single, double = system_of(Z, x, method="iterative"), system_of(Z.astype(np.float64), x, method="direct")
    G = np.ones((1, 40))
    assert np.allclose(single.left(G).values, double.left(G).values, rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_industries_that_use_more_than_they_make_have_no_solution(method: Method) -> None:
    Z, x = np.array([[0.0, 60.0], [200.0, 0.0]]), np.array([100.0, 50.0])
    with pytest.raises(RequestError, match="could not be solved"):
        system_of(Z, x, method=method).left(np.ones((1, 2)))


@pytest.mark.parametrize("method", METHODS)
def test_a_column_above_one_is_solved_where_the_table_as_a_whole_makes_more_than_it_uses(
    method: Method,
) -> None:
    Z, x = np.array([[0.0, 60.0], [20.0, 0.0]]), np.array([100.0, 50.0])
    solved = system_of(Z, x, method=method).right(np.ones((2, 1))).values
    assert solved.ravel() == pytest.approx([2.2 / 0.76, 1.2 / 0.76], rel=1e-12)  # by Cramer's rule


@pytest.mark.parametrize("method", METHODS)
def test_a_circle_that_uses_up_all_it_makes_has_no_solution(method: Method) -> None:
    Z, x = np.array([[0.0, 50.0], [100.0, 0.0]]), np.array([100.0, 50.0])
    with pytest.raises(RequestError, match="could not be solved"):
        system_of(Z, x, method=method).left(np.ones((1, 2)))


def test_nothing_asked_is_nothing_answered() -> None:
    Z, x = np.array([[1.0]]), np.array([2.0])
    for method in METHODS:
        asked = system_of(Z, x, method=method)
        assert asked.left(np.zeros((0, 1))).values.shape == (0, 1)
        assert asked.left(np.zeros((2, 1))).values.tolist() == [[0.0], [0.0]]


def test_a_table_without_trade_is_solved_at_once() -> None:
    """Each region is a block of its own size: nothing is left for a second sweep."""
    blocks = [np.full((150, 150), 0.004), np.full((150, 150), 0.002)]
    Z = np.block([[blocks[0], np.zeros((150, 150))], [np.zeros((150, 150)), blocks[1]]])
    x, region = np.ones(300), np.repeat([0, 1], 150)
    solved = system_of(Z, x, region, method="iterative", tolerance=1e-12).left(np.ones((1, 300)))
    assert solved.values[0, [0, -1]].tolist() == pytest.approx([1 / 0.4, 1 / 0.7], rel=1e-12)
    assert solved.sweeps <= 6


def test_a_large_region_is_cut_into_blocks_and_small_ones_share_one() -> None:
    """Blocks change the way, not the answer."""
    random = np.random.default_rng(5)
    Z = random.random((1300, 1300))
    x = Z.sum(axis=0) * 2
    G = np.ones((1, 1300))
    expected = system_of(Z, x, method="direct").left(G).values
    for region in (np.zeros(1300, dtype=np.int64), np.repeat(np.arange(130), 10), np.arange(1300)):
        asked = system_of(Z, x, region, method="iterative")
        assert np.allclose(asked.left(G).values, expected, rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_a_region_that_uses_up_all_it_makes_by_itself_has_no_solution(method: Method) -> None:
    Z, x = np.array([[100.0]]), np.array([100.0])
    with pytest.raises(RequestError, match="could not be solved"):
        system_of(Z, x, method=method).left(np.ones((1, 1)))


def test_negative_coefficients_are_solved_without_a_word_on_what_is_productive() -> None:
    Z, x = np.array([[-50.0, 20.0], [160.0, 0.0]]), np.array([100.0, 100.0])
    expected = np.linalg.inv(np.array([[1.5, -0.2], [-1.6, 1.0]]))
    for method in METHODS:
        assert np.allclose(system_of(Z, x, method=method).right(np.eye(2)).values, expected, rtol=1e-9)


def test_a_table_that_converges_slowly_is_solved_or_says_how_to_ask() -> None:
    """Two regions that trade nearly all they make: changes shrink by a hundredth in a sweep."""
    size = 300
    A = np.zeros((size, size))
    A[:150, 150:] = A[150:, :150] = 0.995 / 150
    region, x = np.repeat([0, 1], 150), np.ones(size)
    slow = system_of(A, x, region, method="iterative", tolerance=1e-9).left(np.ones((1, size)))
    assert slow.values[0, 0] == pytest.approx(200, rel=1e-6)
    assert slow.sweeps > 200
    A *= 0.999999 / 0.995
    with pytest.raises(RequestError, match="ask with method='direct'"):
        system_of(A, x, region, method="iterative", tolerance=1e-9).left(np.ones((1, size)))
    direct = system_of(A, x, region, method="direct", tolerance=1e-9).left(np.ones((1, size)))
    assert direct.values[0, 0] == pytest.approx(1e6, rel=1e-3)


def test_pages_of_a_large_map_are_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read again after they were given back is still what the file holds."""
    monkeypatch.setattr("weaklink.inputoutput.blocks.SMALL_BYTES", 0)
    Z = np.random.default_rng(2).random((50, 50))
    np.save(tmp_path / "Z.npy", Z)
    mapped = np.load(tmp_path / "Z.npy", mmap_mode="r")
    x, G = Z.sum(axis=0) * 2, np.ones((1, 50))
    expected = system_of(Z, x, method="direct").left(G).values
    assert np.allclose(system_of(mapped, x, method="iterative").left(G).values, expected, rtol=1e-9)
    written = np.load(tmp_path / "Z.npy", mmap_mode="c")
    written[0, 0] = 7.0
    for _, rows in row_blocks(written):
        assert rows.flags.writeable
    assert written[0, 0] == 7.0


def test_a_direct_answer_that_misses_the_tolerance_is_none() -> None:
    with pytest.raises(RequestError, match=r"where 0 was asked for"):
        system_of(np.full((3, 3), 0.1), np.ones(3), method="direct", tolerance=0).left(
            np.array([[1.0, 0.3, 0.7]])
        )
