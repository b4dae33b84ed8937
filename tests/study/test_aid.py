"""The ledger in a register: an exercise whose figures are worked out by hand, a tracker's table, and wrong files."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from weaklink.errors import ConflictError, RequestError, SourceError
from weaklink.register import Stamp
from weaklink.sources.aid_sheet import hundredths, thousandths
from weaklink.study import aid, aid_import, aid_ledger
from weaklink.study.aid_allocation import allocation
from weaklink.study.aid_network import over_network
from weaklink.study.aid_report import write
from weaklink.study.registers import made

KIEL = Path(__file__).parents[2].parent / "shared" / "data" / "aid" / "kiel_donor_month.csv"
ANA = Stamp("ana", "2023-02-01T08:00:00Z", "first")
BEN = Stamp("ben", "2023-02-02T08:00:00Z", "the donor corrected it")
RATES = "day,currency,to,rate,source\n2022-11-28,USD,EUR,0.96,invented\n2022-12-28,USD,EUR,0.94,invented\n"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "r.db"
    made(path, ANA, "plain", "plain")
    return path


@pytest.fixture
def exercise(register: Path) -> Path:
    aid_import.imported(register, ANA, aid_ledger.EXAMPLE, apply=True)
    return register


def asked(path: Path, tmp_path: Path, **more: str) -> aid.Asked:
    rates = tmp_path / "rates.csv"
    rates.write_text(RATES, encoding="utf-8")
    return aid.set_up(path, "2023-02-01", rates=rates, **more)


def rows(result: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a Result
    found: list[dict[str, Any]] = result.records()
    return found


def test_the_totals_of_the_exercise_by_hand(exercise: Path, tmp_path: Path) -> None:
    found = {row["donor"]: row for row in rows(aid.totals(asked(exercise, tmp_path), by_class=False))}
    # The Union's loan of 6,000,000 has two national shares, which are not added once more.
    assert found["EU"]["committed"] == 6_000_000
    # 1,500,000 USD at 0.96, announced twice, counted once; 410,000 USD of fuel at 0.96.
    assert found["XDB"]["pledged"] == 1_440_000 + 393_600
    # The fuel was allocated without a commitment, so that it is committed by that; 250,000 USD at 0.94 withdrawn.
    assert found["XDB"]["committed"] == 1_440_000 + 393_600 - 235_000
    assert found["XDB"]["withdrawn"] == 235_000
    assert found["all"]["pledged"] == sum(row["pledged"] for donor, row in found.items() if donor != "all")
    assert found["all"]["not_added"] == 3


def test_values_stand_side_by_side_with_their_counts(exercise: Path, tmp_path: Path) -> None:
    found = {row["donor"]: row for row in rows(aid.values(asked(exercise, tmp_path)))}
    assert [found["XDA"][basis] for basis in ("stated", "market", "replacement")] == [
        1_500_000,
        1_250_000,
        1_750_000,
    ]
    assert (found["EU"]["market"], found["EU"]["market_of"], found["EU"]["stated_of"]) == (None, 0, 1)


def test_the_gaps_of_the_exercise_by_hand(exercise: Path, tmp_path: Path) -> None:
    found = {row["need"]: row for row in rows(aid.unmet(asked(exercise, tmp_path)))}
    assert (found["N-1"]["delivered"], found["N-1"]["unmet"], found["N-1"]["unallocated"]) == (40, 20, 10)
    assert found["N-4"]["allocated"] == pytest.approx(378_541.1784)  # 100,000 US gallons
    assert found["N-4"]["unmet"] == 120_000
    assert found["N-6"]["unmet_share"] == pytest.approx(5 / 8)
    assert found["N-5"]["days_left"] == -1
    assert list(found)[:2] == ["N-1", "N-4"]  # both of urgency 1


def test_what_should_come_next_goes_to_the_most_urgent(exercise: Path, tmp_path: Path) -> None:
    """Free are 30 (A-2), 50 (B-3, after the withdrawal) and 25 (C-4); N-1 lacks 10, then N-2 90 and N-3 30."""
    given: dict[str, float] = {}
    for row in rows(allocation(asked(exercise, tmp_path))):
        given[row["need"]] = given.get(row["need"], 0) + row["given"]
    assert given["N-1"] == 10
    assert given["N-2"] + given["N-3"] == 95
    assert given["N-2"] / 90 == pytest.approx(given["N-3"] / 30, abs=1 / 30)
    assert given["N-4"] == 0


def test_the_broken_rules_of_the_exercise(exercise: Path, tmp_path: Path) -> None:
    found = rows(aid.check(asked(exercise, tmp_path)))
    assert {(row["entry"], row["state"]) for row in found} == {("C-3", "broken"), ("B-7", "excused")}


def test_the_lag_of_the_exercise(exercise: Path, tmp_path: Path) -> None:
    found = {(row["donor"], row["item_class"]): row for row in rows(aid.lag(asked(exercise, tmp_path)))}
    assert found["XDA", "generators"]["median_arrived"] == 18  # 30 November to 18 December
    assert (found["XDB", "generators"]["waiting"], found["XDB", "generators"]["oldest_waiting"]) == (1, 64)


def test_a_revision_never_overwrites(exercise: Path) -> None:
    aid_ledger.revised(exercise, BEN, "A-1", {"quantity": "85", "note": "five more"})
    found = rows(aid_ledger.history(exercise, "A-1"))
    changed = [
        (row["field"], row["before"], row["after"], row["who"]) for row in found if row["version"] == 2
    ]
    assert changed == [("note", "", "five more", "ben"), ("quantity", "80", "85", "ben")]
    assert ("quantity", "80") in [(row["field"], row["after"]) for row in found if row["version"] == 1]


def test_a_field_can_be_taken_away(exercise: Path) -> None:
    aid_ledger.revised(exercise, BEN, "A-6", {"note": ""})
    assert rows(aid_ledger.history(exercise, "A-6"))[-1]["after"] == ""


def test_the_same_file_once_more_changes_nothing(exercise: Path) -> None:
    assert len(aid_import.imported(exercise, BEN, aid_ledger.EXAMPLE, apply=True)) == 0


def test_a_plan_is_shown_before_anything_is_written(register: Path) -> None:
    plan = aid_import.imported(register, ANA, aid_ledger.EXAMPLE)
    assert set(plan.column("action")) == {"add"}
    assert "Nothing was written" in plan.caveats[0]
    assert len(aid_ledger.listed(register)) == 0


def test_an_id_is_taken_whatever_its_kind(exercise: Path) -> None:
    with pytest.raises((RequestError, ConflictError), match="'A-1' is a pledge already"):
        aid_ledger.added(
            exercise, BEN, "commitment", "A-1", {"date": "2023-01-01", "donor": "XDA", "item_class": "fuel"}
        )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "generators,generator 100 kVA,80,piece",
            "generator,generator 100 kVA,80,piece",
            "Did you mean generators",
        ),
        ("80,piece", "80,", "column unit: '' is not a unit where there is a quantity"),
        (
            "80,piece",
            "80.0001,piece",
            "column quantity: '80.0001' is not a quantity with at most three decimals",
        ),
        ("2400000,2000000,2800000,EUR", "2400000,2000000,2800000,", "column currency: '' is not a currency"),
        ("2022-11-30,XDA", "30.11.2022,XDA", "column date: '30.11.2022' is not a day"),
        ("A-1,pledge,2022-11-30,XDA", "A-1,pledge,2022-11-30,", "column donor: '' is not who gives it"),
        ("A-2,commitment", "A-1,commitment", "column id: 'A-1' is not an id that occurs once"),
    ],
)
def test_a_wrong_sheet_is_refused_whole_with_row_and_column(
    register: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = aid_ledger.EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "wrong.csv"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        aid_import.imported(register, ANA, path, apply=True)
    assert len(aid_ledger.listed(register)) == 0


def test_amounts_are_kept_exactly() -> None:
    assert (hundredths("999999999999999.99"), thousandths("123456789012.345")) == (
        99_999_999_999_999_999,
        123_456_789_012_345,
    )


def tracker(tmp_path: Path, *lines: str) -> tuple[Path, Path]:
    """A small invented tracker and its mapping."""
    table = tmp_path / "tracker.csv"
    table.write_text("\n".join(["who,year,month,a,b,sum", *lines]) + "\n", encoding="utf-8")
    mapping = tmp_path / "tracker.toml"
    mapping.write_text(
        'title = "t"\nsource = "invented tracker"\nlicence = "none"\nid = "t-{who}-{year}-{month}"\n'
        'multiply = "1000000"\n[date]\nyear = "year"\nmonth = "month"\n[columns]\ndonor = "who"\n'
        '[fixed]\nrecipient = "UKR"\ncurrency = "EUR"\n[renamed]\n"the Union" = "EU"\n'
        '[[entry]]\nsuffix = "a"\nkind = "allocation"\nitem_class = "fuel"\namount = "a"\n'
        '[[entry]]\nsuffix = "b"\nkind = "allocation"\nitem_class = "medical"\namount = "b"\n'
        '[[check]]\ntotal = "sum"\nparts = ["a", "b"]\n',
        encoding="utf-8",
    )
    return table, mapping


def test_a_foreign_table_becomes_entries_by_a_mapping(register: Path, tmp_path: Path) -> None:
    table, mapping = tracker(tmp_path, "the Union,2022,2,1.5,0.25,1.75", "Germany,2022,12,0,2,2")
    aid_import.imported(register, ANA, table, str(mapping), apply=True)
    found = {row["id"]: row for row in rows(aid_ledger.listed(register))}
    assert set(found) == {"t-the Union-2022-2-a", "t-the Union-2022-2-b", "t-Germany-2022-12-b"}
    row = found["t-the Union-2022-2-a"]
    assert (row["donor"], row["amount"], row["date"], row["source"]) == (
        "EU",
        1_500_000,
        "2022-02-28",
        "invented tracker, row 2",
    )


def test_a_later_release_revises_and_keeps_what_stood_there(register: Path, tmp_path: Path) -> None:
    table, mapping = tracker(tmp_path, "DEU,2022,12,1,2,3")
    aid_import.imported(register, ANA, table, str(mapping), apply=True)
    table, _ = tracker(tmp_path, "DEU,2022,12,1,2.5,3.5")
    plan = aid_import.imported(register, BEN, table, str(mapping), apply=True)
    assert rows(plan) == [
        {
            "id": "t-DEU-2022-12-b",
            "kind": "allocation",
            "action": "change",
            "fields": "amount: 2000000 -> 2500000",
        }
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("DEU,2022,12,1,2,4", "row 2, column sum: '4' is not 3, the sum of a \\+ b"),
        ("DEU,2022,13,1,2,3", "column month: '2022-13' is not a year and a month"),
        ("DEU,2022,12,1,-2,-1", "column b: '-2' is not an amount that is not negative"),
        ("DEU,2022,12,0.000000001,0,0.000000001", "is not whole hundredths once multiplied"),
        ("Gemany,2022,12,1,2,3", "column donor: 'Gemany' is not a country"),
    ],
)
def test_a_wrong_row_of_a_tracker_is_refused(register: Path, tmp_path: Path, line: str, said: str) -> None:
    table, mapping = tracker(tmp_path, line)
    with pytest.raises(SourceError, match=said):
        aid_import.imported(register, ANA, table, str(mapping), apply=True)


def test_a_workbook_is_read_by_the_same_mapping(register: Path, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("python_calamine")
    _, mapping = tracker(tmp_path)
    book = openpyxl.Workbook()
    book.active.append(["about"])
    sheet = book.create_sheet("data")
    for line in (["who", "year", "month", "a", "b", "sum"], ["DEU", 2022, 12, 0.1, 0.2, 0.3]):
        sheet.append(line)
    book.save(tmp_path / "tracker.xlsx")
    text = mapping.read_text(encoding="utf-8").replace(
        'licence = "none"', 'licence = "none"\nsheet = "data"\ndigits = 6'
    )
    mapping.write_text(text, encoding="utf-8")
    aid_import.imported(register, ANA, tmp_path / "tracker.xlsx", str(mapping), apply=True)
    assert [row["amount"] for row in rows(aid_ledger.listed(register))] == [100_000, 200_000]


@pytest.mark.skipif(not KIEL.exists(), reason="the tracker's table is not shipped")
def test_the_kiel_table_loads_with_totals_equal_to_the_source(register: Path) -> None:
    """Every donor's sums against those added up straight from the table, in whole euros; and its shares of GDP."""
    aid_import.imported(register, ANA, KIEL, "kiel-donor-month", apply=True)
    with KIEL.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    printed: dict[str, Fraction] = {}
    committed: dict[str, Fraction] = {}
    for row in table:
        printed[row["iso"]] = printed.get(row["iso"], Fraction(0)) + Fraction(row["total"])
        committed[row["iso"]] = committed.get(row["iso"], Fraction(0)) + Fraction(row["commitments"])
    gdp = register.parent / "gdp.csv"
    lines = {
        row["iso"]: f"{row['iso']},2021,{float(row['gdp']) * 1e9:.0f},EUR,Kiel"
        for row in table
        if float(row["gdp"] or 0)
    }
    gdp.write_text("country,year,gdp,currency,source\n" + "\n".join(lines.values()) + "\n", encoding="utf-8")
    answer = aid.totals(aid.set_up(register, "2026-05-31"), by_class=False, gdp=gdp)
    found = {row["donor"]: row for row in rows(answer)}
    assert len(found) == len(printed) + 1
    for donor, total in printed.items():
        assert found[donor]["allocated"] == float(total * 10**9)
        assert found[donor]["committed"] == float(committed[donor] * 10**9)
        shares = sum(float(row["pct_gdp"] or 0) for row in table if row["iso"] == donor)
        if donor in lines:
            assert 100 * found[donor]["gdp_share"] == pytest.approx(shares, rel=1e-6)
    assert found["all"]["allocated"] == pytest.approx(
        358_399_501_000
    )  # 358.399501 bn, the sum of column total


def test_a_package_over_a_network_serves_lifelines_first() -> None:
    found = rows(over_network("generators-bridge-exercise"))
    assert all(row["unmet_share"] < 1e-6 for row in found if row["urgency"] == 1)
    assert [row["urgency"] for row in found] == sorted(row["urgency"] for row in found)


def test_the_page_stands_by_itself(exercise: Path, tmp_path: Path) -> None:
    page = write(asked(exercise, tmp_path), tmp_path / "page").read_text(encoding="utf-8")
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert "A national share of a joint entry is shown and not added" in page
    assert (tmp_path / "page" / "charts" / "aid_funnel.png").exists()
    write(asked(exercise, tmp_path), tmp_path / "page")  # replaces what it wrote before


def test_a_broken_rule_ends_with_exit_code_3(exercise: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "weaklink",
            "aid",
            "check",
            "--register",
            str(exercise),
            "--as-of",
            "2023-02-01",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "more than the allocation of 9,000 piece" in done.stdout
