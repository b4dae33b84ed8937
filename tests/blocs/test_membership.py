"""The table of memberships against published counts, an independent list, and its own rules."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink import data
from weaklink.blocs import members, memberships, names
from weaklink.blocs.membership import bloc_code, known_until, nearest_blocs, statuses
from weaklink.codes.countries import countries
from weaklink.errors import BlocError

DAYS = st.dates(date(1945, 1, 1), date(2030, 12, 31))
BLOCS = st.sampled_from([bloc.code for bloc in names()])


def _countries(bloc: str, day: str, status: str = "member") -> set[str]:
    return {row.iso3 for row in members(bloc, date.fromisoformat(day), status)}


# NATO, "Member countries": 12 founders, then 1952, 1955, 1982, 1999, 2004, 2009, 2017, 2020, 2023, 2024.
NATO_COUNTS = {
    "1949-08-23": 0,
    "1949-08-24": 12,
    "1952-02-17": 12,
    "1952-02-18": 14,
    "1955-05-06": 15,
    "1982-05-30": 16,
    "1999-03-11": 16,
    "1999-03-12": 19,
    "2004-03-29": 26,
    "2009-04-01": 28,
    "2017-06-05": 29,
    "2020-03-26": 29,
    "2020-03-27": 30,
    "2022-11-30": 30,
    "2023-04-03": 30,
    "2023-04-04": 31,
    "2024-03-06": 31,
    "2024-03-07": 32,
}
# European Union, "EU enlargement": 6, 9, 10, 12, 15, 25, 27, 28, and 27 after the exit of 2020.
EU_COUNTS = {
    "1957-12-31": 0,
    "1958-01-01": 6,
    "1973-01-01": 9,
    "1981-01-01": 10,
    "1986-01-01": 12,
    "1995-01-01": 15,
    "2004-05-01": 25,
    "2007-01-01": 27,
    "2013-07-01": 28,
    "2020-01-31": 28,
    "2020-02-01": 27,
    "2024-12-31": 27,
}
# European Central Bank and Eurostat, "Glossary: Euro area"; Bulgaria by the Council decision of 8 July 2025.
EURO_COUNTS = {
    "1998-12-31": 0,
    "1999-01-01": 11,
    "2001-01-01": 12,
    "2007-01-01": 13,
    "2008-01-01": 15,
    "2009-01-01": 16,
    "2011-01-01": 17,
    "2014-01-01": 18,
    "2015-01-01": 19,
    "2023-01-01": 20,
    "2025-12-31": 20,
    "2026-01-01": 21,
}
# EFTA, "Enlargement of the EEA": 17 states in 1994, 28 in May 2004, 31 with Croatia, 30 after the UK's exit.
EEA_COUNTS = {
    "1994-01-01": 17,
    "1995-05-01": 18,
    "2004-05-01": 28,
    "2007-01-01": 28,
    "2007-08-01": 30,
    "2014-04-12": 31,
    "2020-02-01": 30,
}
# The Statesman's Yearbook 2016: seven founders of 1960; four members after 1995.
EFTA_COUNTS = {
    "1960-05-03": 7,
    "1970-03-01": 8,
    "1973-01-01": 6,
    "1986-01-01": 6,
    "1991-09-01": 7,
    "1995-01-01": 4,
}
# OECD, "Ratification of the Convention": 20 founders with Italy in 1962, 24 by 1973, 38 with Costa Rica.
OECD_COUNTS = {
    "1961-09-29": 0,
    "1961-09-30": 17,
    "1962-03-29": 20,
    "1964-04-28": 21,
    "1973-05-29": 24,
    "1994-05-18": 25,
    "2000-12-14": 30,
    "2010-12-09": 34,
    "2016-07-01": 35,
    "2018-07-05": 36,
    "2020-04-28": 37,
    "2021-05-25": 38,
    "2025-12-31": 38,
}
G7_COUNTS = {"1975-11-14": 0, "1975-11-15": 6, "1976-06-27": 7, "2024-12-31": 7}
BRICS_COUNTS = {
    "2009-06-16": 4,
    "2011-04-14": 5,
    "2023-12-31": 5,
    "2024-01-01": 9,
    "2025-01-05": 9,
    "2025-01-06": 10,
}
# Ministry of Foreign Affairs of Belarus: nine parties in 1994, six from 1999; Uzbekistan was back until 2012.
CSTO_COUNTS = {
    "1994-04-19": 0,
    "1994-04-20": 9,
    "1999-04-20": 6,
    "2006-08-16": 7,
    "2012-12-18": 7,
    "2012-12-19": 6,
}

PUBLISHED = [
    (bloc, day, count)
    for bloc, counts in {
        "NATO": NATO_COUNTS,
        "EU": EU_COUNTS,
        "EURO": EURO_COUNTS,
        "EEA": EEA_COUNTS,
        "EFTA": EFTA_COUNTS,
        "OECD": OECD_COUNTS,
        "G7": G7_COUNTS,
        "BRICS": BRICS_COUNTS,
        "CSTO": CSTO_COUNTS,
    }.items()
    for day, count in counts.items()
]


@pytest.mark.parametrize(("bloc", "day", "count"), PUBLISHED)
def test_a_bloc_has_its_published_number_of_members_on_a_day(bloc: str, day: str, count: int) -> None:
    assert len(_countries(bloc, day)) == count


def test_the_united_kingdom_is_a_member_of_the_eu_on_31_january_2020_and_not_on_1_february_2020() -> None:
    assert "GBR" in _countries("EU", "2020-01-31")
    assert "GBR" not in _countries("EU", "2020-02-01")


def test_finland_and_sweden_are_invitees_from_5_july_2022_until_each_becomes_a_member() -> None:
    assert _countries("NATO", "2022-07-04", "invitee") == set()
    assert _countries("NATO", "2022-07-05", "invitee") == {"FIN", "SWE"}
    assert _countries("NATO", "2023-04-04", "invitee") == {"SWE"}
    assert _countries("NATO", "2024-03-07", "invitee") == set()


def test_natos_partners_of_2022_are_the_eight_of_the_design() -> None:
    expected = {"BIH", "GEO", "MDA", "UKR", "AUS", "JPN", "KOR", "NZL"}
    assert _countries("NATO", "2022-11-30", "partner") == expected


def test_every_invitee_of_nato_becomes_a_member_on_the_day_its_invitation_ends() -> None:
    accessions = {(row.iso3, row.start) for row in memberships("NATO") if row.status == "member"}
    invitees = [row for row in memberships("NATO") if row.status == "invitee"]
    assert invitees
    assert all((row.iso3, row.end) in accessions for row in invitees)


def test_saudi_arabia_is_no_member_of_brics() -> None:
    assert "SAU" not in _countries("BRICS", "2025-06-30")
    assert _countries("BRICS", "2025-06-30", "invitee") == {"SAU"}


@given(BLOCS, DAYS)
def test_nobody_is_in_a_bloc_twice_on_one_day(bloc: str, day: date) -> None:
    present = [row.iso3 for row in memberships(bloc) if row.covers(day)]
    assert len(present) == len(set(present))


@given(DAYS)
def test_every_member_of_the_euro_area_and_no_member_of_efta_is_in_the_eu(day: date) -> None:
    union = {row.iso3 for row in members("EU", day)}
    assert {row.iso3 for row in members("EURO", day)} <= union
    assert not {row.iso3 for row in members("EFTA", day)} & union


@given(st.dates(date(1995, 5, 1), date(2030, 12, 31)))
def test_the_eea_holds_nobody_but_the_eu_and_three_of_efta(day: date) -> None:
    union = {row.iso3 for row in members("EU", day)}
    assert {row.iso3 for row in members("EEA", day)} - union == {"ISL", "LIE", "NOR"}


@given(BLOCS, DAYS)
def test_members_are_sorted_and_cover_the_day(bloc: str, day: date) -> None:
    rows = members(bloc, day)
    assert [row.iso3 for row in rows] == sorted(row.iso3 for row in rows)
    assert all(row.start <= day and (row.end is None or row.end > day) for row in rows)


def _country_converter() -> list[dict[str, str]]:
    """The table of country_converter (GPL), read as a second opinion; the product never uses it."""
    found = importlib.util.find_spec("country_converter")
    if found is None or found.origin is None:
        pytest.skip("country_converter is not installed: uv pip install '.[oracle]'")
    with (Path(found.origin).parent / "country_data.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize(
    ("column", "bloc", "day"),
    [
        ("EU12", "EU", "1994-12-31"),
        ("EU15", "EU", "2004-04-30"),
        ("EU25", "EU", "2006-12-31"),
        ("EU27_2007", "EU", "2013-06-30"),
        ("EU28", "EU", "2020-01-31"),
        ("EU27", "EU", "2020-02-01"),
        ("EEA", "EEA", "2020-02-01"),
        ("EURO", "EURO", "2025-12-31"),
        ("OECD", "OECD", "2021-05-25"),
        ("G7", "G7", "2024-12-31"),
        ("BRIC", "BRICS", "2009-12-31"),
    ],
)
def test_members_agree_with_country_converter(column: str, bloc: str, day: str) -> None:
    assert _countries(bloc, day) == {row["ISO3"] for row in _country_converter() if row[column]}


@pytest.mark.parametrize("bloc", ["OECD", "EURO"])
def test_years_of_entry_agree_with_country_converter(bloc: str) -> None:
    theirs = {row["ISO3"]: int(row[bloc]) for row in _country_converter() if row[bloc]}
    ours = {row.iso3: row.start.year for row in memberships(bloc) if row.start < date(2025, 1, 1)}
    assert ours == theirs


def test_every_row_is_of_a_country_that_we_know_and_cites_its_source() -> None:
    rows = memberships()
    assert {row.iso3 for row in rows} <= countries().keys()
    assert all(row.source and row.start <= known_until() for row in rows)
    assert all(row.end is None or row.start < row.end for row in rows)


def test_no_row_of_the_table_is_lost_or_of_an_unnamed_bloc() -> None:
    assert len(memberships()) == len(data.rows("memberships"))


@pytest.mark.parametrize("bloc", [bloc.code for bloc in names()])
def test_rows_stand_by_start_status_and_country(bloc: str) -> None:
    keys = [(row.start, row.status, row.iso3) for row in memberships(bloc)]
    assert keys == sorted(keys)


@pytest.mark.parametrize("name", ["memberships", "blocs", "regimes"])
def test_the_card_has_the_digest_and_the_row_count_of_its_table(name: str) -> None:
    card = data.card(name)
    assert card.sha256 == hashlib.sha256((data.ROOT / f"{name}.csv").read_bytes()).hexdigest()
    assert card.rows == len(data.rows(name))


@pytest.mark.parametrize("alias", ["euro area", "Eurozone", "EA", "euro", " Euro  Area "])
def test_an_alias_in_any_case_finds_its_bloc(alias: str) -> None:
    assert bloc_code(alias) == "EURO"


def test_no_alias_is_shared_by_two_blocs() -> None:
    spellings = [
        text.casefold() for bloc in names() for text in {bloc.code, bloc.title.casefold(), *bloc.aliases}
    ]
    owners = {(text, bloc_code(text)) for text in spellings}
    assert len(owners) == len({text for text, _ in owners})
    assert all(bloc_code(bloc.code) == bloc_code(bloc.title) == bloc.code for bloc in names())


def test_an_unknown_bloc_is_answered_with_the_nearest() -> None:
    assert "NATO" in nearest_blocs("nat")
    with pytest.raises(BlocError, match="Nearest: BRICS"):
        memberships("BRICKS")


def test_an_unknown_status_is_answered_with_those_of_the_bloc() -> None:
    assert statuses("EU") == ("member",)
    with pytest.raises(BlocError, match="'ally' is no status of NATO"):
        members("NATO", date(2022, 11, 30), "ally")
