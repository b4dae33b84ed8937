"""What bloc expressions mean: the examples of the design, the algebra of sets, and errors that point."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from weaklink.blocs import Bloc, authoritarian, describe, members, regime, resolve
from weaklink.blocs.syntax import MAX_DEPTH, Chain, parse
from weaklink.codes.countries import countries
from weaklink.errors import BlocError, RequestError

Countries = frozenset[str]

TERMS: dict[str, Countries] = {
    **{
        f"{bloc}@{day}": frozenset(row.iso3 for row in members(bloc, date.fromisoformat(day)))
        for bloc, day in [
            ("NATO", "2022-11-30"),
            ("EU", "2004-05-01"),
            ("G7", "2020-12-31"),
            ("BRICS", "2024-01-01"),
            ("CSTO", "2012-01-01"),
        ]
    },
    "authoritarian@2022": frozenset(authoritarian(2022)),
    **{iso3: frozenset({iso3}) for iso3 in ("HUN", "FIN", "CHN", "AUS")},
}

Tree = tuple[str, Countries]  # an expression, and what Python's own sets make of it
LEAVES: st.SearchStrategy[Tree] = st.sampled_from(sorted(TERMS.items()))


def _joined(pair: tuple[Tree, str, Tree]) -> Tree:
    (left, one), operator, (right, other) = pair
    meaning = {"+": one | other, "-": one - other, "&": one & other}[operator]
    return f"({left}) {operator} ({right})", meaning


TREES = st.recursive(
    LEAVES, lambda trees: st.tuples(trees, st.sampled_from("+-&"), trees).map(_joined), max_leaves=8
)


def _set(expression: str) -> Countries:
    return frozenset(resolve(expression).countries)


@given(TREES)
def test_an_expression_means_what_pythons_sets_make_of_it(tree: Tree) -> None:
    expression, meaning = tree
    if meaning:
        assert _set(expression) == meaning
    else:
        with pytest.raises(BlocError):
            resolve(expression)


@given(TREES)
def test_the_canonical_text_means_the_same_and_is_its_own_canonical_text(tree: Tree) -> None:
    expression, meaning = tree
    assume(meaning)
    bloc = resolve(expression)
    again = resolve(bloc.canonical)
    assert again.countries == bloc.countries
    assert again.canonical == bloc.canonical
    assert again.notes == bloc.notes


@given(LEAVES, LEAVES, LEAVES)
def test_identities_of_sets_hold(a: Tree, b: Tree, c: Tree) -> None:
    one, two, three = a[0], b[0], c[0]
    assert _set(f"{one} + {one}") == _set(one)
    assert _set(f"{one} + {two}") == _set(f"{two} + {one}")
    assert _set(f"{one} + {two} & {three}") == _set(f"{one} + ({two} & {three})") if b[1] & c[1] else True
    if a[1] - b[1]:
        assert _set(f"({one} + {two}) - {two}") <= _set(one)
        assert _set(f"{one} - {two} + {three}") == _set(f"({one} - {two}) + {three}")


@given(LEAVES)
def test_a_bloc_without_itself_is_an_error_at_the_minus(leaf: Tree) -> None:
    with pytest.raises(BlocError, match="leaves no country") as raised:
        resolve(f"{leaf[0]} - {leaf[0]}")
    assert raised.value.position == len(leaf[0]) + 1


ANYTHING = st.one_of(
    st.text(),
    st.text(alphabet='NATOEUG7HUN:+-&()@"0129 '),
    st.lists(
        st.sampled_from(
            ["NATO", "EU", "HUN", "world", ":invitee", "@2022", "@2022-11-30", "+", "-", "&", "(", ")", " "]
        )
    ).map("".join),
)


def _outcome(text: str, year: int | None) -> Bloc | BlocError | RequestError:
    try:
        return resolve(text, year=year)
    except (BlocError, RequestError) as error:
        return error


@given(ANYTHING, st.one_of(st.none(), st.integers()))
def test_any_text_either_resolves_or_is_an_error_that_points_into_it(text: str, year: int | None) -> None:
    outcome = _outcome(text, year)
    if isinstance(outcome, Bloc):
        assert outcome.countries
    elif isinstance(outcome, BlocError):
        assert 0 <= outcome.position <= len(outcome.expression)
        assert str(outcome).endswith("\n  " + " " * outcome.position + "^")
    else:
        assert f"{year} is no year of the calendar" in str(outcome)


# --- the examples of the design


def test_nato_on_30_november_2022_has_thirty_members() -> None:
    assert len(_set("NATO@2022-11-30")) == 30


def test_the_eu_without_hungary_has_26_members_with_and_without_spaces() -> None:
    expected = {row.iso3 for row in members("EU", date(2024, 12, 31))} - {"HUN"}
    assert len(expected) == 26
    assert _set("EU@2024-12-31 - HUN") == _set("EU@2024-12-31-HUN") == _set("EU@2024-HUN") == expected


def test_nato_with_its_two_invitees_can_be_written_in_two_ways() -> None:
    assert _set("NATO@2022-11-30 + FIN + SWE") == _set("NATO@2022-11-30 + NATO:invitee@2022-11-30")
    assert len(_set("NATO@2022-11-30 + FIN + SWE")) == 32


def test_the_invitees_of_november_2022_are_finland_and_sweden() -> None:
    assert resolve("NATO:invitee@2022-11-30").countries == ("FIN", "SWE")


def test_authoritarian_members_of_nato_are_found_and_can_be_taken_away() -> None:
    assert resolve("NATO@2022-11-30 & authoritarian@2022").countries == ("HUN", "TUR")
    assert {"HUN", "TUR", "UKR"} <= _set("authoritarian@2022")
    rest = _set("authoritarian@2022 - NATO@2022-11-30 - UKR")
    assert not rest & {"HUN", "TUR", "UKR"}


# --- names


@pytest.mark.parametrize(
    ("expression", "canonical"),
    [
        ('"euro area"@2023', "EURO@2023-12-31"),
        ("eurozone@2023-06-30", "EURO@2023-06-30"),
        ("nato:Invitee @ 2022-11-30", "NATO:invitee@2022-11-30"),
        ('EU@2019 - "United Kingdom"', "EU@2019-12-31 - GBR"),
        ("Germany+842", "DEU + USA"),
        ('"closed autocracy"@2022-05-01', "closed_autocracy@2022"),
        ("Authoritarian@2022", "authoritarian@2022"),
        ("(G7@2020)\t+\n( AUS )", "G7@2020-12-31 + AUS"),
        ("AUS & (G7@2020 + AUS)", "AUS & (G7@2020-12-31 + AUS)"),
        ("AUS + (NZL - (G7@2020 - USA))", "AUS + (NZL - (G7@2020-12-31 - USA))"),
        ("AUS + (NZL & NZL)", "AUS + NZL & NZL"),
    ],
)
def test_names_are_understood_and_written_canonically(expression: str, canonical: str) -> None:
    assert resolve(expression).canonical == canonical


def test_the_world_holds_every_country() -> None:
    assert _set("world") == set(countries())


def test_democratic_and_authoritarian_share_nobody_and_leave_only_the_unclassed() -> None:
    with pytest.raises(BlocError, match="no country in common"):
        resolve("democratic@2022 & authoritarian@2022")
    unclassed = _set("world - democratic@2022 - authoritarian@2022")
    assert all(regime(iso3, 2022) is None for iso3 in unclassed)


def test_a_class_is_a_group_of_its_own() -> None:
    autocracies = _set("closed_autocracy@2022 + electoral_autocracy@2022")
    assert autocracies == set(authoritarian(2022))


# --- dates


def test_a_bare_year_means_its_last_day() -> None:
    assert _set("EU@2020") == _set("EU@2020-12-31")
    assert "GBR" not in _set("EU@2020")


def test_a_term_without_a_date_takes_the_day_of_the_question_before_its_year() -> None:
    by_day = resolve("EU", on=date(2020, 1, 31), year=2024)
    assert by_day.canonical == "EU@2020-01-31"
    assert "GBR" in by_day.countries
    assert resolve("EU", year=2020).canonical == "EU@2020-12-31"


@pytest.mark.parametrize(
    ("expression", "undated"),
    [
        ("EU", True),
        ("EU@2020 & authoritarian", True),
        ("EU@2020 - HUN", False),
        ("HUN", False),
        ("world", False),
    ],
)
def test_an_expression_is_undated_if_a_bloc_or_group_in_it_has_no_date(
    expression: str, undated: bool
) -> None:
    assert resolve(expression, year=2022).undated is undated


def test_a_country_needs_no_date() -> None:
    assert resolve("FIN + SWE").countries == ("FIN", "SWE")


def test_a_year_that_no_calendar_has_is_an_error() -> None:
    with pytest.raises(RequestError, match="0 is no year of the calendar"):
        resolve("EU", year=0)


# --- errors point at the character


@pytest.mark.parametrize(
    ("expression", "position", "reason"),
    [
        ("", 0, "The expression is empty"),
        ("   ", 0, "The expression is empty"),
        ("NATO", 0, "NATO has no date: write NATO@2022-11-30"),
        ("HUN + NATO", 6, "NATO has no date"),
        ("NATO@2022-11", 5, "not '2022-11'"),
        ("NATO@2022-2-3", 5, "not '2022-2-3'"),
        ("NATO@22", 5, "not '22'"),
        ("NATO@2022/11/30", 5, "not '2022/11/30'"),
        ("EU@2024-842", 3, "not '2024-842'"),
        ("NATO@", 5, "After @ comes a day"),
        ("NATO@+FIN", 5, "After @ comes a day"),
        ("NATO@2022-02-30", 5, "The calendar has no day 2022-02-30"),
        ("NATO@0000", 5, "The calendar has no day 0000"),
        ("NATOO@2022", 0, "nearest: NATO"),
        ("EU@2022 - Hungry", 10, "HUN"),
        ("autoritarian@2022", 0, "nearest: authoritarian"),
        ("Korea", 0, "KOR (South Korea) or PRK"),
        ("NATO:members@2022", 5, "'members' is no status of NATO. It has: member, invitee, partner"),
        ("EU:invitee@2022", 3, "'invitee' is no status of EU. It has: member"),
        ("NATO:@2022", 5, "After : comes a status"),
        ("FIN:invitee", 4, "FIN has no status"),
        ("authoritarian:member@2022", 14, "it has no status"),
        ("FIN@2022", 4, "FIN is the same on every day"),
        ("world@2022", 6, "world is the same on every day"),
        ("authoritarian@1980", 14, "the table has 1990 to 2025"),
        ("(NATO@2022", 0, "This parenthesis is never closed"),
        ("AUS + (NATO@2022 - (FIN)", 6, "This parenthesis is never closed"),
        ("NATO@2022)", 9, "This parenthesis was never opened"),
        ("()", 1, "missing before )"),
        ("(G7+AUS)@2022", 8, "@ can only follow a name"),
        ("+ NATO@2022", 0, "missing before +"),
        ("NATO@2022 -", 11, "missing at the end"),
        ("NATO@2022 + - HUN", 12, "missing before -"),
        ("AUS (NZL)", 4, "( cannot stand here"),
        ("United Kingdom", 7, "double quotes"),
        ("NATO@2022 $ EU", 10, "'$' means nothing here"),
        ("NATO@2022 | EU@2022", 10, "means nothing here"),
        ('EU@2022 - "Hungary', 10, "never closed"),
        ('EU@2022 - "  "', 10, "no name between"),
        ("  NATO@2022-02-30", 5, "The calendar has no day"),
        ("EU@2022 & CSTO@2022", 8, "no country in common"),
    ],
)
def test_an_error_points_at_the_character_and_says_why(expression: str, position: int, reason: str) -> None:
    with pytest.raises(BlocError) as raised:
        resolve(expression)
    assert reason in raised.value.reason
    assert raised.value.position == position


def test_a_bloc_without_countries_on_the_day_is_an_error_with_the_nearest_days() -> None:
    with pytest.raises(BlocError, match="ended on 2009-04-01 and the next begins on 2016-05-19") as raised:
        resolve("NATO:invitee@2010-01-01")
    assert raised.value.position == 0
    with pytest.raises(BlocError, match="the next begins on 1958-01-01"):
        resolve("EU@1950")


def test_parentheses_nest_only_so_deep() -> None:
    deepest = "(" * MAX_DEPTH + "AUS" + ")" * MAX_DEPTH
    assert resolve(deepest).countries == ("AUS",)
    with pytest.raises(BlocError, match=f"More than {MAX_DEPTH}"):
        resolve(f"({deepest})")


def test_a_long_chain_is_no_deeper_than_a_short_one() -> None:
    assert resolve(" + ".join(["AUS"] * 3000)).countries == ("AUS",)


def test_the_tree_keeps_operators_of_one_rank_in_one_chain() -> None:
    tree = parse("A+B&C-D")
    assert isinstance(tree, Chain)
    assert [step.operator for step in tree.steps] == ["+", "-"]
    inner = tree.steps[0].operand
    assert isinstance(inner, Chain)
    assert [step.operator for step in inner.steps] == ["&"]


# --- notes


def _notes(expression: str, year: int | None = None) -> str:
    return "\n".join(resolve(expression, year=year).notes)


def test_taking_away_a_country_that_is_not_there_is_noted() -> None:
    assert "GBR is not in EU@2024-12-31: taking it away changes nothing" in _notes("EU@2024 - GBR")
    assert "GBR is not" not in _notes("EU@2019 - GBR")


def test_adding_a_country_that_is_there_already_is_noted() -> None:
    assert "FIN is already in NATO@2023-12-31: adding it changes nothing" in _notes("NATO@2023 + FIN")
    assert "Every country of BRICS@2010-12-31 is already in the countries before" in _notes(
        "BRICS@2024 + AUS + BRICS@2010"
    )


def test_invitees_are_noted_as_long_as_they_are_not_counted() -> None:
    assert "does not count invitees (FIN, SWE)" in _notes("NATO@2022-11-30")
    assert "does not count invitees (SWE)" in _notes("NATO@2022-11-30 + FIN")
    assert "does not count invitees" not in _notes("NATO@2022-11-30 + NATO:invitee@2022-11-30")


def test_a_part_without_countries_is_noted_where_others_remain() -> None:
    assert "NATO:invitee@2010-12-31 has no countries" in _notes("NATO + NATO:invitee", 2010)


def test_partners_come_with_the_limits_of_their_list() -> None:
    assert "Partners are only the eight" in _notes("NATO:partner@2022")
    assert "Partners" not in _notes("NATO@2022")


def test_a_group_says_how_many_countries_it_has_and_in_which_year() -> None:
    count = len(authoritarian(2022))
    assert f"authoritarian@2022 is the {count} countries" in _notes("authoritarian@2022")


def test_a_day_after_the_table_was_compiled_is_noted() -> None:
    assert "known up to 2026-01-01" in _notes("NATO@2027")
    assert "known up to" not in _notes("NATO@2026-01-01")


# --- describing


def _row(bloc: Bloc, iso3: str) -> tuple[str, str, str, str]:
    row = next(row for row in describe(bloc) if row.iso3 == iso3)
    return row.name, row.bloc, row.status, row.regime


def test_a_description_has_a_row_for_each_country_in_order() -> None:
    bloc = resolve("NATO@2022-11-30 + FIN")
    assert tuple(row.iso3 for row in describe(bloc)) == bloc.countries


def test_a_description_gives_status_dates_source_and_class_of_the_year() -> None:
    bloc = resolve("NATO@2022-11-30 + NATO:invitee@2022-11-30 + JPN")
    assert _row(bloc, "HUN") == ("Hungary", "NATO", "member", "electoral autocracy")
    assert _row(bloc, "FIN") == ("Finland", "NATO", "invitee", "liberal democracy")
    assert _row(bloc, "JPN") == ("Japan", "JPN", "", "liberal democracy")
    finland = next(row for row in describe(bloc) if row.iso3 == "FIN")
    assert (finland.since, finland.until, finland.regime_year) == (date(2022, 7, 5), date(2023, 4, 4), 2022)
    assert "protocol" in finland.source


def test_a_membership_explains_a_country_better_than_a_group_does() -> None:
    for expression in ("authoritarian@2022 & NATO@2022", "NATO@2022 & authoritarian@2022"):
        assert _row(resolve(expression), "TUR") == ("Türkiye", "NATO", "member", "electoral autocracy")


def test_a_year_without_classes_leaves_the_class_empty() -> None:
    row = describe(resolve("NATO@1985"))[0]
    assert (row.regime, row.regime_year) == ("", None)


def test_a_named_country_takes_the_class_of_the_year_of_the_question() -> None:
    assert describe(resolve("RUS", year=1995))[0].regime_year == 1995
    assert describe(resolve("RUS"))[0].regime_year is None
