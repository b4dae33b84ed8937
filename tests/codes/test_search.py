"""Claims on finding product codes by words."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.codes.products import labels
from weaklink.codes.search import Match, search
from weaklink.data import rows
from weaklink.errors import CodeError

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")

EDITIONS = ("HS92", "HS22")
KNOWN_WORDS = sorted({word for row in rows("product_synonyms") for word in row["terms"].split("|")})
questions = st.one_of(
    st.text(),
    st.lists(st.sampled_from(KNOWN_WORDS), min_size=1, max_size=3).map(" ".join),
    st.integers(0, 999_999).map(str),
)


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """The tables are read at the first question; no time limit of a test should count that."""
    search("copper")


def answers(text: str, nomenclature: str | None = None) -> tuple[Match, ...]:
    """What the search finds, nothing where it finds nothing."""
    try:
        return search(text, nomenclature=nomenclature, limit=50)
    except CodeError:
        return ()


# --- what is asked most


@pytest.mark.parametrize("nomenclature", [None, *EDITIONS])
@pytest.mark.parametrize(
    "text",
    ["rare earth magnets", "Neodymium Magnets", "NdFeB", "magnets of rare earths", "permanent magnets"],
)
def test_rare_earth_magnets_are_850511(text: str, nomenclature: str | None) -> None:
    assert search(text, nomenclature=nomenclature)[0].code == "850511"


def test_natural_gas_is_pipeline_gas_and_then_liquefied() -> None:
    assert [match.code for match in search("natural gas")[:2]] == ["271121", "271111"]
    assert search("pipeline gas")[0].code == "271121"
    assert search("LNG")[0].code == "271111"


@pytest.mark.parametrize(
    ("text", "nomenclature", "code"),
    [
        ("gallium", "HS92", "811291"),
        ("gallium", "HS22", "811292"),
        ("germanium", "HS92", "811230"),
        ("germanium", "HS22", "811292"),
        ("solar panels", "HS92", "854140"),
        ("solar panels", "HS22", "854143"),
        ("lithium-ion batteries", "HS92", "850780"),
        ("lithium-ion batteries", "HS22", "850760"),
        ("vaccines", "HS92", "300220"),
        ("vaccines", "HS22", "300241"),
        ("drones", "HS22", "880621"),
        ("helium", "HS22", "280429"),
        ("enriched uranium", "HS92", "284420"),
        ("diesel generators", "HS92", "850211"),
    ],
)
def test_everyday_words_reach_the_code_of_each_edition(text: str, nomenclature: str, code: str) -> None:
    assert search(text, nomenclature=nomenclature)[0].code == code


# --- spelling


@pytest.mark.parametrize(
    ("misspelt", "code"),
    [
        ("lithum carbonate", "283691"),
        ("litium hydroxyde", "282520"),
        ("galium", "811292"),
        ("germaniun", "811292"),
        ("neodimium magnetts", "850511"),
        ("antimoni", "811010"),
        ("permanant magnets", "850511"),
        ("titanum sponge", "810820"),
        ("nikel matte", "750110"),
        ("semicondutors", "854231"),
    ],
)
def test_a_misspelt_product_is_found_and_the_correction_is_told(misspelt: str, code: str) -> None:
    first = search(misspelt)[0]
    assert first.code == code
    assert first.how.startswith("spelling: ")
    assert first.score < 100


@pytest.mark.parametrize(
    "pair",
    [
        ("aluminum", "aluminium"),
        ("sulfur", "sulphur"),
        ("fertilizers", "fertiliser"),
        ("car tires", "car tyres"),
        ("fiber optic cables", "fibre optic cables"),
        ("electrolyzer", "electrolysers"),
        ("Rare-Earth MAGNET", "rare earth magnets"),
        ("ferro-vanadium", "ferro vanadium"),
    ],
)
def test_spelling_case_and_plural_make_no_difference(pair: tuple[str, str]) -> None:
    assert search(pair[0]) == search(pair[1])


def test_an_unknown_word_is_named_and_lowers_the_score() -> None:
    known, doubtful = search("copper")[0], search("copper qqqqqq")[0]
    assert doubtful.code == known.code
    assert doubtful.how.startswith("unknown: qqqqqq; ")
    assert doubtful.score < known.score


# --- ranking


def test_what_a_label_excludes_comes_after_what_it_names() -> None:
    assert [match.code for match in search("argon", nomenclature="HS92")] == ["280421"]
    question = "medicaments containing antibiotics, for therapeutic or prophylactic uses"
    found = [match.code for match in search(question, nomenclature="HS92", limit=100)]
    assert found.index("300420") < found.index("300390")


@pytest.mark.parametrize("nomenclature", EDITIONS)
def test_every_synonym_finds_its_first_code_first(nomenclature: str) -> None:
    missed = [
        term
        for row in rows("product_synonyms")
        for term in row["terms"].split("|")
        if (codes := row[nomenclature].split())
        and search(term, nomenclature=nomenclature)[0].code != codes[0]
    ]
    assert missed == []


@pytest.mark.parametrize("nomenclature", EDITIONS)
def test_a_whole_label_finds_its_code_among_the_first_five(nomenclature: str) -> None:
    codes = [code for code in labels(nomenclature) if len(code) == 6]
    for code in Random(92).sample(codes, 150):
        found = search(labels(nomenclature)[code], nomenclature=nomenclature, limit=5)
        assert code in [match.code for match in found]


def test_digits_are_the_beginning_of_the_code() -> None:
    assert {match.code[:4] for match in search("8505")} == {"8505"}
    assert [match.code for match in search("8505.11")] == ["850511"]
    assert [match.code for match in search("10121")] == ["010121"]
    assert {match.code[:2] for match in search("28 lithium")} == {"28"}


@given(questions, st.sampled_from([None, *EDITIONS]))
def test_answers_are_codes_of_the_edition_each_once_and_best_first(
    text: str, nomenclature: str | None
) -> None:
    found = answers(text, nomenclature)
    for match in found:
        assert labels(match.nomenclature)[match.code] == match.label
        assert len(match.code) == 6
        assert nomenclature in (None, match.nomenclature)
        assert 0 < match.score <= 100
    assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)
    assert len({match.code for match in found}) == len(found)
    assert found == answers(text, nomenclature)


@given(questions)
def test_a_smaller_limit_cuts_the_end_of_the_answers(text: str) -> None:
    if found := answers(text):
        assert search(text, limit=3) == found[:3]


# --- refusals


@pytest.mark.parametrize("text", ["", "   ", "the of and", "?!"])
def test_a_question_without_words_is_told_what_to_give(text: str) -> None:
    with pytest.raises(CodeError, match="no words to look for"):
        search(text)


@pytest.mark.parametrize("text", ["zzzzqqqq", "000000", "8505 wheat", "8505 zzzzqqqq"])
def test_a_hopeless_question_is_told_how_to_ask(text: str) -> None:
    with pytest.raises(CodeError, match=f"fits '{text}'.* Try fewer or more general words"):
        search(text)


def test_an_edition_without_labels_is_told_where_to_search() -> None:
    with pytest.raises(CodeError, match="no product labels are embedded for HS17, only for HS92 and HS22"):
        search("magnets", nomenclature="HS17")


# --- speed


def test_an_answer_takes_less_than_three_tenths_of_a_second_once_loaded() -> None:
    longest = max(labels("HS22").values(), key=len)
    for text in ("iron or steel", longest, "neodimium magnetts", "85"):
        search(text)
        times = []
        for _ in range(3):
            start = perf_counter()
            search(text)
            times.append(perf_counter() - start)
        assert min(times) < 0.3


# --- the synonyms


@pytest.mark.parametrize("nomenclature", EDITIONS)
def test_every_code_of_a_synonym_exists_in_its_edition(nomenclature: str) -> None:
    codes = {code for row in rows("product_synonyms") for code in row[nomenclature].split()}
    assert len(codes) > 300
    assert [code for code in codes if len(code) != 6 or code not in labels(nomenclature)] == []


def test_no_term_stands_in_two_rows_of_the_synonyms() -> None:
    terms = [term.casefold() for row in rows("product_synonyms") for term in row["terms"].split("|")]
    assert sorted(terms) == sorted(set(terms))


@cache
def ancestors() -> dict[str, set[str]]:
    """HS92 codes from which each HS22 code comes, by the UN correspondence tables, edition by edition."""
    steps = ["1996 to 1992", "2002 to 1996", "2007 to 2002", "2012 to 2007", "2017 to 2012", "2022 to 2017"]
    links: dict[str, dict[str, set[str]]] = {step: defaultdict(set) for step in steps}
    with (SHARED / "codes" / "HS_consolidated_comtrade_concordances.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["adjustment"] in links:
                links[row["adjustment"]][row["code.after"].zfill(6)].add(row["code.before"].zfill(6))
    first = links[steps[0]]
    for step in steps[1:]:
        first = {
            new: {oldest for old in olds for oldest in first.get(old, ())}
            for new, olds in links[step].items()
        }
    return first


@needs_shared_data
def test_the_hs92_and_hs22_codes_of_a_synonym_correspond_by_the_un_tables() -> None:
    strangers = []
    for row in rows("product_synonyms"):
        old, new = set(row["HS92"].split()), row["HS22"].split()
        if old and new:
            origins = {code: ancestors()[code] for code in new}
            strangers += [(row["terms"], code) for code in new if not origins[code] & old]
            strangers += [(row["terms"], code) for code in old - set().union(*origins.values())]
    assert strangers == []
