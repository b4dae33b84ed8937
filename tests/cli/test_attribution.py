"""The commands on what a loss hangs on and whose part it is, end to end: what is printed, drawn and refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from weaklink.cli.main import app

SCENARIO = "china-rare-earths"
BLOC = ("--importer", "DEU + FRA + POL")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def rows(*words: str) -> list[dict[str, str]]:
    done = run(*words, "--format", "csv")
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_what_a_loss_hangs_on_is_a_table_and_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "bars.svg"
    found = rows("hangs-on", SCENARIO, *BLOC, "--draws", "16", "--picture", str(picture))
    assert found[0]["parameter"] in {"stock_days", "ramp_days", "spare", "shock.1.lost"}
    swings = [abs(float(row["loss_at_high"]) - float(row["loss_at_low"])) for row in found]
    assert swings == sorted(swings, reverse=True)
    drawn = picture.read_text(encoding="utf-8")
    assert "CEPII" in drawn
    assert "loss, million USD" in drawn
    assert found[0]["parameter"] in drawn


def test_a_picture_needs_a_form_that_we_draw(tmp_path: Path) -> None:
    done = run("hangs-on", SCENARIO, "--picture", str(tmp_path / "bars.jpeg"))
    assert done.exit_code != 0
    assert "must end in .svg or .png" in str(done.exception)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("by", ["supplier", "product", "shock"])
def test_printed_parts_add_up_to_the_printed_total(by: str) -> None:
    *parts, total = rows("attribute", SCENARIO, *BLOC, "--by", by)
    assert total["part"] == "total"
    assert sum(float(row["loss"]) for row in parts) == pytest.approx(float(total["loss"]), rel=1e-9)


def test_losses_of_members_add_up_to_those_of_all() -> None:
    found = rows("attribute", SCENARIO, *BLOC, "--by", "product", "--members")
    totals = {row["country"]: float(row["loss"]) for row in found if row["part"] == "total"}
    assert totals["all"] == pytest.approx(totals["DEU"] + totals["FRA"] + totals["POL"])


def test_the_same_question_gives_the_same_bytes() -> None:
    words = ("ranks", SCENARIO, *BLOC, "--draws", "40", "--format", "json")
    one, two = run(*words), run(*words)
    assert one.stdout == two.stdout
    assert [row["rank"] for row in json.loads(one.stdout)["rows"]] == [1, 2, 3]


def test_solidarity_of_goods_says_who_would_join() -> None:
    found = rows("solidarity", SCENARIO, *BLOC, "--with", "FIN + SWE")
    assert {row["country"] for row in found if row["joining"] == "yes"} == {"FIN", "SWE"}
    *members, total = found
    assert sum(float(row["contribution"]) for row in members) == pytest.approx(float(total["gain"]), rel=1e-9)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("hangs-on", "no-such"), "no scenario 'no-such'"),
        (("attribute", SCENARIO, "--lens", "good"), "Did you mean goods?"),
        (("attribute", "gas-cutoff-2022", "--by", "product"), "names no products"),
        (("solidarity", SCENARIO, "--importer", "DEU"), "solidarity needs two"),
        (("solidarity", SCENARIO, "--lens", "ship"), "in the lenses network and goods"),
        (("back-tests", "tulips-1637"), "There are: "),
        (("ranks", SCENARIO, "--importer", "Atlantis"), "Atlantis"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert done.exit_code != 0
    assert said in str(done.exception)
    assert not done.stdout
