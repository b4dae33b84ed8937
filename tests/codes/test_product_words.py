"""Claims on the words of labels, synonyms and questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.codes.product_words import american, key, named_and_excluded, singular, words
from weaklink.codes.products import labels

every_label = st.sampled_from(sorted({*labels("HS92").values(), *labels("HS22").values()}))


@pytest.mark.parametrize(
    ("british", "american_spelling"),
    [
        ("aluminium", "aluminum"),
        ("fertiliser", "fertilizer"),
        ("electrolyser", "electrolyzer"),
        ("sulphuric", "sulfuric"),
        ("tyres", "tires"),
        ("fibres", "fibers"),
        ("colours", "colors"),
        ("armoured", "armored"),
        ("felspar", "feldspar"),
        ("barytes", "barite"),
        ("aeroplanes", "airplanes"),
        ("caesium", "cesium"),
        ("galvanised", "galvanized"),
        ("centre", "center"),
    ],
)
def test_british_and_american_spellings_have_one_key(british: str, american_spelling: str) -> None:
    assert key(british) == key(american_spelling)


@pytest.mark.parametrize(
    "pair",
    [("ores", "ore"), ("batteries", "battery"), ("gases", "gas"), ("boxes", "box"), ("glasses", "glass")],
)
def test_a_plural_has_the_key_of_its_singular(pair: tuple[str, str]) -> None:
    assert key(pair[0]) == key(pair[1])


@pytest.mark.parametrize(
    "pair",
    [
        ("tubes", "tubs"),
        ("pins", "pines"),
        ("tin", "tine"),
        ("magnet", "magnesium"),
        ("boron", "boro"),
        ("lead", "led"),
    ],
)
def test_different_words_keep_different_keys(pair: tuple[str, str]) -> None:
    assert key(pair[0]) != key(pair[1])


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1))
def test_american_spelling_and_singular_never_empty_a_word(word: str) -> None:
    assert key(word)
    assert american(american(word)) == american(word)
    assert singular(word)


@given(every_label)
def test_the_words_of_a_label_are_named_or_excluded_and_never_both(label: str) -> None:
    named, excluded = named_and_excluded(label)
    assert not named & excluded
    assert set(words(label)) <= named | excluded


def test_what_a_label_leaves_out_is_not_what_it_names() -> None:
    named, excluded = named_and_excluded(
        "Medicaments: (not containing antibiotics, hormones, alkaloids or their derivatives), for therapy"
    )
    assert key("medicaments") in named
    assert {key("antibiotics"), key("hormones"), key("alkaloids")} <= excluded
