"""Red lines on real data, and files of red lines that are wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import weaklink
from weaklink.errors import SourceError
from weaklink.study.question import Question
from weaklink.study.redlines import breaches, red_lines

EU = Question("EU@2024-12-31", 2022)


def file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "lines.toml"
    path.write_text("\n".join(['title = "test"', *lines]) + "\n", encoding="utf-8")
    return path


def top_share(tmp_path: Path, limit: float, products: str = '["280530"]') -> Path:
    return file(
        tmp_path,
        "[[line]]",
        'name = "one country"',
        'figure = "top_share"',
        f"at_most = {limit}",
        f"products = {products}",
    )


def test_the_share_of_china_in_rare_earth_metals_breaches_sixty_five_percent(tmp_path: Path) -> None:
    """The 65 % of Regulation (EU) 2024/1252, on imports."""
    row = red_lines(top_share(tmp_path, 0.65), EU).records()[0]
    shown = weaklink.screen("EU@2024-12-31", 2022, product="280530").records()[0]
    assert row["state"] == "breached"
    assert row["value"] == shown["top_share"]
    assert row["excess"] == pytest.approx(shown["top_share"] - 0.65)
    assert row["to_move"] == pytest.approx(shown["top_share"] - 0.65)
    assert row["to_move_usd"] == round(row["to_move"] * shown["imports_usd"])


def test_since_is_the_first_year_of_the_breach_that_has_lasted(tmp_path: Path) -> None:
    since = red_lines(top_share(tmp_path, 0.65), EU).records()[0]["since"]
    past = weaklink.history("EU@2024-12-31", 2022, product="280530").records()
    shares = {row["year"]: row["top_share"] for row in past}
    assert all(shares[year] > 0.65 for year in range(since, 2023))
    assert shares[since - 1] <= 0.65


def test_a_limit_of_one_is_never_breached(tmp_path: Path) -> None:
    assert breaches(red_lines(top_share(tmp_path, 1.0, "[]"), EU)) == 0


def test_a_kept_line_is_shown_when_all_are_asked(tmp_path: Path) -> None:
    rows = red_lines(top_share(tmp_path, 1.0), EU, breaches_only=False).records()
    assert [row["state"] for row in rows] == ["kept"]


def test_germanys_russian_gas_is_unknown_and_not_kept(tmp_path: Path) -> None:
    """BACI has none of it, Eurostat 568 TWh in 2020: nothing recorded is not nothing bought."""
    path = file(
        tmp_path,
        "[[line]]",
        'name = "gas"',
        'figure = "group_share"',
        'suppliers = "RUS"',
        "at_most = 0.2",
        'products = ["271121"]',
        'per = "member"',
    )
    states = {row["importer"]: row["state"] for row in red_lines(path, EU, breaches_only=False).records()}
    assert states["DEU"] == "unknown"
    assert states["SVK"] == "breached"


def test_days_of_stock_are_counted_against_imports(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "[[line]]",
        'name = "stock"',
        "days_of_stock = 90",
        'products = ["283691"]',
        "[[stock]]",
        'product = "283691"',
        "kilograms = 1_000_000",
        'source = "invented for this test"',
    )
    row = red_lines(path, EU).records()[0]
    imports = weaklink.screen("EU@2024-12-31", 2022, product="283691").records()[0]["imports_kg"]
    assert row["value"] == pytest.approx(1_000_000 * 365 / imports)
    assert row["state"] == "breached"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            ["[[line]]", 'name = "a"', 'figure = "top_shar"', "at_most = 0.5"],
            r"row 4, key line.0.figure: 'top_shar'",
        ),
        (["[[line]]", 'name = "a"', 'figure = "top_share"', "at_most = 50"], "less than or equal to 1"),
        (["[[line]]", 'name = "a"', 'figure = "top_share"', "at_mos = 0.5"], "Did you mean at_most"),
        (["[[line]]", 'name = "a"'], "limits either a figure"),
        (["[[line]]", 'name = "a"', 'figure = "group_share"', "at_most = 0.5"], "needs suppliers"),
        (["[[line]]", 'name = "a', 'figure = "top_share"'], "row 3"),
        ([], "a value for line"),
    ],
)
def test_a_wrong_file_is_told_with_line_and_key(tmp_path: Path, lines: list[str], told: str) -> None:
    with pytest.raises(SourceError, match=told):
        red_lines(file(tmp_path, *lines), EU)


def test_the_command_line_ends_with_three_where_a_line_is_crossed(tmp_path: Path) -> None:
    asked = ["--importer", "EU@2024-12-31", "--year", "2022"]

    def code(limit: float) -> int:
        command = [
            sys.executable,
            "-m",
            "weaklink",
            "redlines",
            "check",
            str(top_share(tmp_path, limit)),
            *asked,
        ]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert (code(0.65), code(1.0)) == (3, 0)
