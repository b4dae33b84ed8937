"""Is the answer in one sentence right, and is it a sentence, whatever the answer is?"""

from __future__ import annotations

import duckdb
import pytest

from tests.report.made import made, nato
from weaklink.report.headline import headline, key_figures
from weaklink.study.datasets import embedded_snapshot

GAS, OIL, ORE, SALT = ("271121", "270900", "260600", "250100")
NAMES = {GAS: "Natural gas", OIL: "Crude oil", ORE: "Ore", SALT: "Salt"}


def test_several_products_with_their_largest_suppliers() -> None:
    sales = [(GAS, "RUS", "yes", 60_000_000), (GAS, "CHN", "yes", 10_000_000), (GAS, "NOR", "no", 30_000_000)]
    sales += [(OIL, "CHN", "yes", 80), (OIL, "NOR", "no", 20), (ORE, "NOR", "no", 100)]
    assert headline(made(sales, labels=NAMES)) == (
        "In 2022, Germany bought more than half of its imports of 2 of 3 products from suppliers in GROUP "
        "(2 countries), worth 70.0 m US dollars: natural gas 70% (Russia alone 60%) and crude oil 80% "
        "(China alone 80%)."
    )


def test_only_the_three_largest_are_named() -> None:
    sales = [(code, "RUS", "yes", 1000 - place) for place, code in enumerate(NAMES)]
    said = headline(made(sales, labels=NAMES))
    assert said.endswith(
        "; the largest: natural gas 100% (Russia alone 100%), crude oil 100% (Russia alone 100%) "
        "and ore 100% (Russia alone 100%)."
    )


def test_one_dependent_product_of_several() -> None:
    sales = [(GAS, "RUS", "yes", 80), (GAS, "NOR", "no", 20), (OIL, "NOR", "no", 100)]
    assert headline(made(sales, labels=NAMES, group=("RUS",))) == (
        "In 2022, Germany bought more than half of its imports of 1 of 2 products from Russia, worth "
        "80 US dollars: natural gas 80%."
    )


def test_a_single_product() -> None:
    sales = [(GAS, "RUS", "yes", 30), (GAS, "CHN", "yes", 10), (GAS, "NOR", "no", 60)]
    assert headline(made(sales, labels=NAMES)) == (
        "In 2022, Germany bought 40% of its imports of natural gas from suppliers in GROUP (2 countries), "
        "worth 40 US dollars; Russia alone supplied 30%."
    )


def test_a_single_product_of_which_the_group_supplies_nothing() -> None:
    assert headline(made([(GAS, "NOR", "no", 60)], labels=NAMES)) == (
        "In 2022, Germany bought none of its imports of natural gas from suppliers in GROUP (2 countries)."
    )


def test_no_dependence_names_the_largest_share() -> None:
    sales = [(GAS, "RUS", "yes", 50), (GAS, "NOR", "no", 50), (OIL, "NOR", "no", 100)]
    assert headline(made(sales, labels=NAMES, group=("RUS",), without_share=[ORE])) == (
        "In 2022, Germany bought no more than half of its imports of any of 2 products (1 more without a "
        "share) from Russia; the largest share was 50%, of natural gas."
    )


def test_nothing_at_all_from_the_group() -> None:
    sales = [(GAS, "NOR", "no", 60), (OIL, "NOR", "no", 1)]
    assert headline(made(sales, labels=NAMES, group=("RUS",))) == (
        "In 2022, Germany bought none of its imports of 2 products from Russia."
    )


def test_shares_that_are_not_known() -> None:
    assert headline(made(without_share=[GAS, OIL], group=("RUS",))) == (
        "In 2022, no share of Russia in the imports of Germany can be given for any of the 2 products: "
        "nothing was imported from outside, or too little of it is known."
    )


def test_an_empty_table() -> None:
    answer = made(group=("RUS",))
    assert headline(answer) == (
        "In 2022, the data show no trade in the products asked about, so nothing can be said of the "
        "dependence of Germany on Russia."
    )
    assert key_figures(answer) == ()


def test_shares_by_mass_say_so() -> None:
    assert "its imports (by mass) of natural gas" in headline(
        made([(GAS, "RUS", "yes", 1)], labels=NAMES, by="quantity")
    )


def test_a_product_with_a_caveat_of_its_own_is_marked() -> None:
    answer = made(
        [(GAS, "RUS", "yes", 1)], labels=NAMES, caveats=[f"Natural gas ({GAS}): something is missing."]
    )
    assert "of natural gas* from" in headline(answer)


@pytest.fixture(scope="module")
def counted() -> tuple[int, int, int]:
    """Products, products mostly from the group, and their dollars: DuckDB on the flows, none of our code."""
    found = duckdb.execute(
        """
        with sums as (
            select product, sum(value_usd) as total,
                   coalesce(sum(value_usd) filter (list_contains($group, exporter)), 0) as inside
            from read_parquet($path)
            where year = 2022 and list_contains($members, importer) and not list_contains($members, exporter)
              and exporter <> 'ZZZ'
            group by product
        )
        select count(*), count(*) filter (inside > total / 2), sum(inside) filter (inside > total / 2) from sums
        """,
        {
            "path": str(embedded_snapshot().path),
            "members": list(nato().importer.countries),
            "group": list(nato().group.countries),
        },
    ).fetchone()
    assert found is not None
    return int(found[0]), int(found[1]), int(found[2])


def test_the_counts_of_nato_are_those_of_duckdb(counted: tuple[int, int, int]) -> None:
    products, dependent, worth = counted
    assert f"of {dependent} of {products} products" in headline(nato())
    assert f"worth {worth / 1e9:.0f} bn US dollars" in headline(nato())
    assert f"{dependent} of {products}" in [key.figure for key in key_figures(nato())]
