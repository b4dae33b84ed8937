"""Are the parties named right, and are the right products shown?"""

from __future__ import annotations

import pytest

from tests.report.made import made, nato
from weaklink.report.answer import HALF, Answer, Party

GAS_GAP = "Gas (271121): these data record nothing from Russia to Germany in 2022."


def test_results_of_different_questions_make_no_report() -> None:
    with pytest.raises(ValueError, match="different questions"):
        Answer(nato().screen, nato().history, made().suppliers)


def test_results_in_the_wrong_order_make_no_report() -> None:
    with pytest.raises(ValueError, match="in this order"):
        Answer(nato().history, nato().screen, nato().suppliers)


def test_nato_had_thirty_members_in_2022() -> None:
    assert nato().importer.counted == "NATO@2022-11-30 (30 countries)"


def test_an_importer_that_is_the_supplier_group_too_is_both_parties() -> None:
    assert Party("DEU", "DEU", ("DEU",)).name == "Germany"
    assert made(group=("DEU",)).group.name == "Germany"


def test_products_bought_mostly_from_the_group_come_before_larger_ones_that_are_not() -> None:
    answer = made([("111111", "RUS", "yes", 10), ("222222", "RUS", "yes", 400), ("222222", "NOR", "no", 600)])
    assert [row["product"] for row in answer.featured(1)] == ["111111"]


def test_featured_products_stand_in_the_order_of_the_screen() -> None:
    order = nato().screen.column("product")
    places = [order.index(row["product"]) for row in nato().featured(12)]
    assert places == sorted(places)
    assert all(row["group_share"] > HALF for row in nato().featured(12))


def test_a_product_without_share_is_never_featured() -> None:
    answer = made([("111111", "RUS", "yes", 10)], without_share=["222222"])
    assert [row["product"] for row in answer.featured(9)] == ["111111"]


def test_equal_labels_are_told_apart_by_their_codes() -> None:
    same = {"111111": "Ore", "222222": "Ore", "333333": "Coal"}
    labels = made([(code, "RUS", "yes", 1) for code in same], labels=same).labels()
    assert labels == {"111111": "Ore (111111)", "222222": "Ore (222222)", "333333": "Coal"}


def test_a_product_with_a_caveat_of_its_own_has_an_asterisk() -> None:
    answer = made(
        [("271121", "RUS", "yes", 1), ("270900", "RUS", "yes", 1)], caveats=[GAS_GAP, "2022: Area (490)."]
    )
    assert [label for label in answer.labels().values() if label.endswith("*")] == ["Product 271121*"]
    assert answer.footnotes(["271121", "270900"]) == f"* {GAS_GAP}"
