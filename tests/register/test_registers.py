"""Claims on the register as users run it: every command, the figures it rests on, and what is printed where."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from tests.register.made import filled
from weaklink import register as room
from weaklink.cli.main import main
from weaklink.data import ROOT
from weaklink.errors import ConflictError, RegisterError, RequestError
from weaklink.flows import Flows
from weaklink.register import Stamp
from weaklink.register.sharing import Policy
from weaklink.store import Store
from weaklink.study import register_check, register_evidence, register_links
from weaklink.study.datasets import embedded_snapshot
from weaklink.study.register_changes import added, removed, set_to
from weaklink.study.register_check import checked, refreshed, states
from weaklink.study.register_evidence import LENSES, Found, Lens
from weaklink.study.register_links import linked
from weaklink.study.register_risks import history, risks, shown
from weaklink.study.register_treatments import treated
from weaklink.study.registers import made, verified, viewed
from weaklink.study.stress import stressed
from weaklink.tables.network import slug

DAY = date(2026, 11, 25)
STAMP = Stamp("ana", "2026-11-25T06:00:00Z", "because")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "r.register"
    made(path, STAMP, "uk-nrr", "plain")
    levels = {"inherent_likelihood": 4, "inherent_impact": 5, "residual_likelihood": 4, "residual_impact": 3}
    added(
        path,
        STAMP,
        "risk",
        "R-1",
        {"title": "Gas is cut off", "owner": "Energy", "marking": "internal", **levels},
    )
    added(
        path,
        STAMP,
        "risk",
        "R-2",
        {"title": "Cold winter", "upstream": "R-1", "inherent_likelihood": 5, "inherent_impact": 5},
    )
    return path


def test_the_worst_risk_comes_first_with_its_bands_and_counts(path: Path) -> None:
    treated(
        path, STAMP, "R-1", "T-1", {"measure": "LNG", "status": "delivered", "delivered_on": "2026-01-01"}
    )
    treated(path, STAMP, "R-1", "T-2", {"measure": "Saving", "status": "planned"})
    treated(path, STAMP, "R-1", "T-3", {"measure": "None", "status": "dropped"})
    rows = risks(path).records()
    assert [(row["id"], row["inherent_band"], row["residual_band"]) for row in rows] == [
        ("R-2", "very high", None),
        ("R-1", "very high", "high"),
    ]
    assert [rows[1][name] for name in ("treatments", "delivered", "evidence")] == [2, 1, 0]
    assert [row["id"] for row in risks(path, Policy("internal")).records()] == ["R-1"]


def test_a_risk_shows_what_depends_on_it_and_its_treatments_are_marked_as_it_is(path: Path) -> None:
    treated(path, STAMP, "R-1", "T-1", {"measure": "LNG"})
    rows = shown(path, "R-1").records()
    assert ("downstream", "R-2") in [(row["field"], row["value"]) for row in rows]
    assert ("marking", "internal") in [
        (row["field"], row["value"]) for row in rows if row["kind"] == "treatment"
    ]
    with pytest.raises(RequestError, match="no risk 'R-9'"):
        shown(path, "R-9")
    with pytest.raises(RequestError, match="to see"):
        shown(path, "R-2", Policy("internal"))


def test_the_history_of_a_risk_is_a_diff(path: Path) -> None:
    set_to(path, STAMP, "risk", "R-1", {"owner": "Treasury", "title": "Gas is cut off"})
    set_to(path, STAMP, "risk", "R-1", {"owner": ""})
    rows = [row for row in history(path, "R-1").records() if row["action"] == "change"]
    assert [(row["field"], row["before"], row["after"]) for row in rows] == [
        ("owner", "Energy", "Treasury"),
        ("owner", "Treasury", None),
    ]
    assert {row["why"] for row in rows} == {"because"}
    assert len(set_to(path, STAMP, "risk", "R-1", {"title": "Gas is cut off"})) == 0


def test_an_id_that_is_not_there_undoes_the_whole_change(path: Path) -> None:
    with pytest.raises(RegisterError, match="names 'R-9', which is no risk"):
        set_to(path, STAMP, "risk", "R-1", {"upstream": "R-9", "owner": "Nobody"})
    with pytest.raises(RegisterError, match="itself"):
        set_to(path, STAMP, "risk", "R-1", {"upstream": "R-1"})
    with pytest.raises(RegisterError, match="no risk 'R-9'"):
        treated(path, STAMP, "R-9", "T-1", {"measure": "m"})
    assert risks(path).records()[1]["owner"] == "Energy"


@pytest.fixture
def lens(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A lens whose answer and vintage the test sets."""
    says: dict[str, Any] = {"figure": 0.25, "vintage": "2024"}
    found = Lens(
        ("place",),
        (),
        lambda question, _mix: Found(
            says["figure"], f"share of {question['place']}", "share", "d" * 64, {"data": says["vintage"]}
        ),
        lambda _question, _mix: {"data": says["vintage"]},
    )
    monkeypatch.setattr(register_evidence, "LENSES", {**LENSES, "made-up": found})
    return says


def test_evidence_is_kept_goes_stale_and_is_refreshed_with_the_difference(
    path: Path, lens: dict[str, Any]
) -> None:
    linked(path, STAMP, "R-1", "", "made-up", {"place": "DEU"})
    day = DAY
    assert "stale evidence" not in checked(path, day).column("problem")
    assert len(refreshed(path, STAMP)) == 0
    lens |= {"vintage": "2025", "figure": 0.4}
    (stale,) = [row for row in checked(path, day).records() if row["problem"] == "stale evidence"]
    assert stale["what"] == "re-run: data changed (2024 → 2025)"
    (row,) = refreshed(path, STAMP).records()
    assert (row["id"], row["before"], row["after"]) == ("R-1/made-up", 0.25, 0.4)
    assert row["difference"] == pytest.approx(0.15)
    assert "stale evidence" not in checked(path, day).column("problem")
    last = [row for row in history(path, "R-1").records() if row["field"] == "figure"][-1]
    assert (last["before"], last["after"], last["why"]) == (
        "0.25",
        "0.4",
        "because; refreshed: data changed (2024 → 2025)",
    )
    with pytest.raises(RequestError, match="no evidence nothing"):
        refreshed(path, STAMP, ["nothing"])
    assert refreshed(path, STAMP, ["R-1/made-up"]).column("why") == ["asked for"]


def test_a_figure_that_somebody_else_has_refreshed_meanwhile_is_a_conflict(
    path: Path, lens: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    linked(path, STAMP, "R-1", "E", "made-up", {"place": "DEU"})
    lens["vintage"] = "2025"

    def slowly(*given: Any) -> Any:  # noqa: ANN401 - somebody else writes while we compute
        set_to(path, STAMP, "evidence", "E", {"notes": "seen"})
        return register_links.answered(*given)

    monkeypatch.setattr(register_check, "answered", slowly)
    with pytest.raises(ConflictError):
        refreshed(path, STAMP)


def test_trade_is_a_lens_and_its_question_is_checked(path: Path) -> None:
    """The figure is the one that the screen shows: the share of authoritarian suppliers in NATO's imports of 280530."""
    question = {"importer": "NATO@2022-11-30", "year": "2022", "product": "280530"}
    linked(path, STAMP, "R-1", "", "trade", question)
    row = {row["field"]: row["value"] for row in shown(path, "R-1").records() if row["kind"] == "evidence"}
    assert float(row["figure"]) == pytest.approx(0.9211839, abs=1e-6)
    assert "baci-hs92-materials = " in row["vintages"]
    for wrong, words in (
        ({**question, "colour": "red"}, "knows no colour"),
        ({"year": "2022"}, "lacks importer, product"),
        ({**question, "year": "soon"}, "calendar year"),
        ({**question, "figure": "top_supplier"}, "no figure of a screen"),
    ):
        with pytest.raises(RequestError, match=words):
            linked(path, STAMP, "R-1", "E-2", "trade", wrong)
    with pytest.raises(RequestError, match="no lens"):
        linked(path, STAMP, "R-1", "E-2", "astrology", {})


def test_a_register_that_was_altered_by_force_is_told_and_a_bent_present_is_mended(path: Path) -> None:
    assert verified(path).column("fact") == ["file", "tables", "seals", "present"]
    with room.opened(path) as register:
        register.execute("UPDATE present SET fields = '{}'")
    with pytest.raises(RegisterError, match="--mend"):
        verified(path)
    verified(path, mend=True)
    with room.opened(path) as register:
        register.execute("DROP TRIGGER events_stay")
        register.execute("UPDATE events SET who = 'nobody' WHERE number = 3")
    with pytest.raises(RegisterError, match=r"events_stay.*change 3 is not the one"):
        verified(path)


@pytest.fixture
def weaklink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401
    """The command line: its exit code, what it printed, what it complained of."""
    monkeypatch.setenv("WEAKLINK_REGISTER", str(tmp_path / "r.register"))
    monkeypatch.setenv("WEAKLINK_WHO", "ana")

    def run(*words: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["register", *map(str, words)])
        code = left.value.code
        assert isinstance(code, int)
        return (code, *capsys.readouterr())

    return run


def test_the_command_line_from_init_to_check(weaklink: Any, tmp_path: Path) -> None:  # noqa: ANN401
    assert weaklink("list")[0] == 2
    assert weaklink("init")[0] == 0
    assert "already" in weaklink("init")[2]
    code, _, complaint = weaklink("add", "R-1", "title=Gas", "residual_impact=2", "inherent_impact=3")
    assert code == 0, complaint
    code, _, complaint = weaklink("add", "R-2", "titel=Gas", "status=lost")
    assert code == 2
    for word in ("titel", "status", "title is missing"):
        assert word in complaint
    assert "FIELD=VALUE" in weaklink("set", "R-1", "owner")[2]
    assert "twice" in weaklink("set", "R-1", "owner=a", "owner=b")[2]
    code, printed, _ = weaklink("check", "--as-of", "2026-11-25", "--format", "json")
    assert code == 3
    problems = [row["problem"] for row in json.loads(printed)["rows"]]
    assert problems == ["no review date", "no evidence", "unsupported residual"]
    assert weaklink("treat", "R-1", "T-1", "measure=Stock", "lowers=impact")[0] == 0
    assert weaklink("link", "R-1", "--lens", "trade", "importer=DEU", "year=2022", "product=280530")[0] == 0
    assert weaklink("refresh")[0] == 0
    assert "Stock" in weaklink("show", "R-1")[1]
    assert weaklink("history", "R-1", "--level", "restricted")[0] == 0


def test_the_command_line_exports_imports_backs_up_and_verifies(weaklink: Any, tmp_path: Path) -> None:  # noqa: ANN401
    filled(tmp_path / "r.register", 20)
    book = tmp_path / "a.xlsx"
    assert weaklink("export", book, "--level", "public", "--history")[0] == 0
    assert "no marking 'secret'" in weaklink("export", book, "--level", "secret")[2]
    code, _, complaint = weaklink("import", book)
    assert (code, complaint) == (0, "0 rows would be changed; --apply does it; 0 lines left out.\n")
    book.write_bytes(b"no workbook")
    assert weaklink("import", book, "--apply")[0] == 2
    assert weaklink("backup", tmp_path / "b.register")[0] == 0
    assert weaklink("verify", "--register", tmp_path / "b.register")[0] == 0


def test_a_catalogue_of_measures_is_looked_up_by_its_file(path: Path, tmp_path: Path) -> None:
    carried = (ROOT / "measures" / "gas-europe.toml").read_text(encoding="utf-8")
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    for number, file in enumerate((first, second), start=1):
        file.write_text(carried, encoding="utf-8")
        treated(path, STAMP, "R-1", f"T-{number}", {"measure": "saving", "catalogue": str(file)})
    assert "unknown measure" not in checked(path, DAY).column("problem")
    first.write_text(carried.replace('name = "saving"', 'name = "thrift"'), encoding="utf-8")
    second.unlink()
    found = [row for row in checked(path, DAY).records() if row["problem"] == "unknown measure"]
    assert [row["id"] for row in found] == ["T-1", "T-2"]
    treated(path, STAMP, "R-1", "T-1", {"status": "under way"})  # a fact may be told all the same


def test_a_treatment_names_a_measure_that_its_catalogue_has(path: Path) -> None:
    with pytest.raises(RequestError, match=r"no measure 'savings'\. Did you mean saving"):
        treated(path, STAMP, "R-1", "T-1", {"measure": "savings", "catalogue": "gas-europe"})
    with pytest.raises(RequestError, match=r"no measures 'gas-europ'\. Did you mean gas-europe"):
        treated(path, STAMP, "R-1", "T-1", {"measure": "saving", "catalogue": "gas-europ"})
    with pytest.raises(RegisterError, match="where and amount go together"):
        treated(path, STAMP, "R-1", "T-1", {"measure": "saving", "where": "DEU"})
    with pytest.raises(RegisterError, match="amount is -1: write more than 0"):
        treated(path, STAMP, "R-1", "T-1", {"measure": "saving", "where": "DEU", "amount": "-1"})
    assert [row for row in shown(path, "R-1").records() if row["kind"] == "treatment"] == []


def test_a_generated_register_is_sound(tmp_path: Path) -> None:
    path = filled(tmp_path / "r.register", 50, changes=10)
    verified(path)
    assert len(risks(path)) == 50
    assert len(checked(path, DAY)) > 10


def snapshot(store: Store, vintage: str, times: int) -> None:
    """A data set called `mine`: real flows of one year, as a release of some vintage."""
    flows = embedded_snapshot().flows([2022])
    card = replace(embedded_snapshot().card, name="mine", years=(2022,), rows=len(flows), vintage=vintage)
    table = flows.to_arrow()
    values = pc.multiply(table["value_usd"], times) if times != 1 else table["value_usd"]
    table = table.set_column(table.schema.get_field_index("value_usd"), "value_usd", values)
    store.add(Flows.from_arrow(table), card, [], {})


def test_evidence_on_trade_says_when_the_vintage_of_a_users_data_changed(path: Path, store: Store) -> None:
    snapshot(store, "V202401b", 1)
    question = {"importer": "DEU", "year": "2022", "product": "280530", "figure": "imports_usd"}
    linked(path, STAMP, "R-1", "E", "trade", {**question, "data": "mine", "store": str(store.root)})
    store.remove("mine")
    gone = [row for row in checked(path, DAY).records() if row["id"] == "E"]
    assert [row["problem"] for row in gone] == ["unchecked evidence"]
    snapshot(store, "V202501", 3)
    (stale,) = [row for row in checked(path, DAY).records() if row["id"] == "E"]
    assert stale["what"].startswith("re-run: mine changed (V202401b ")
    assert "→ V202501 " in stale["what"]
    (row,) = refreshed(path, STAMP).records()
    assert row["after"] == 3 * row["before"]
    assert row["digest"] == "other"
    assert states(viewed(path)) == {"E": "current"}


def test_evidence_on_a_network_is_the_share_that_the_scenario_leaves_unserved(path: Path) -> None:
    """The same share from the rows of `weaklink stress`."""
    linked(path, STAMP, "R-1", "N", "network", {"scenario": "generators-bridge-exercise"})
    answer = stressed("generators-bridge-exercise")
    rows = [row for row in answer.countries.records() if row["country"] in answer.case.scope]
    unit = slug(answer.case.unit)
    share = sum(row[f"unserved_{unit}"] for row in rows) / sum(row[f"demand_{unit}"] for row in rows)
    (kept,) = [
        row for row in shown(path, "R-1").records() if (row["kind"], row["field"]) == ("evidence", "figure")
    ]
    assert float(kept["value"]) == pytest.approx(share, rel=1e-12)
    assert 0 < share < 1
    assert [row for row in checked(path, DAY).records() if row["id"] == "N"] == []
    with pytest.raises(RequestError, match="has no demand"):
        linked(
            path, STAMP, "R-1", "M", "network", {"scenario": "generators-bridge-exercise", "importer": "JPN"}
        )


def test_a_row_that_was_entered_by_mistake_is_taken_out_and_its_history_stays(path: Path) -> None:
    with pytest.raises(RegisterError, match="R-1"):
        removed(path, STAMP, "risk", "R-1")  # R-2 depends on it
    removed(path, STAMP, "risk", "R-2")
    assert [row["id"] for row in risks(path).records()] == ["R-1"]
    assert history(path).column("action")[-1] == "remove"
    with pytest.raises(RegisterError, match="no risk 'R-2'"):
        removed(path, STAMP, "risk", "R-2")


def test_what_is_computed_is_not_set_by_hand(path: Path, lens: dict[str, Any]) -> None:
    assert lens
    linked(path, STAMP, "R-1", "E", "made-up", {"place": "DEU"})
    with pytest.raises(RegisterError, match="figure of evidence: computed"):
        set_to(path, STAMP, "evidence", "E", {"figure": "1"})
    set_to(path, STAMP, "evidence", "E", {"notes": "seen"})
