"""The shipped frameworks, and files of frameworks that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from weaklink import tomlfile
from weaklink.errors import RequestError, SourceError
from weaklink.guidelines.library import FOLDER, framework, shipped
from weaklink.guidelines.model import Framework
from weaklink.guidelines.plans import Plans
from weaklink.study.guidelines_library import checked

FILE = """
name = "mine"
title = "Mine"
citation = "us"
about = "a test"

[[requirement]]
name = "one"
title = "One"
text = "t"
source = "s"
status = "own"

[[requirement.indicator]]
name = "first"
title = "t"
unit = "share"
kind = "computed"
figure = "top_share"
given = { product = "280530" }
goalposts = { worst = 1.0, best = 0.3, status = "own", source = "s" }

[[requirement]]
name = "two"
title = "Two"
text = "t"
source = "s"
status = "own"

[[requirement.indicator]]
name = "second"
title = "t"
unit = "share"
kind = "entered"
goalposts = { worst = 0.0, best = 1.0, status = "own", source = "s" }
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_a_shipped_framework_is_called_as_its_file_and_asks_only_for_figures_that_exist(name: str) -> None:
    assert shipped()[name].name == name
    assert len(checked(FOLDER / f"{name}.toml")) == 1


def test_the_seven_requirements_are_seven_and_hardly_a_goalpost_is_said_to_be_nato_s() -> None:
    seven = framework("nato_seven")
    assert len(seven.requirement) == 7
    for _, indicator in seven.indicators():
        assert indicator.goalposts.status == "own" or "Finland" in indicator.goalposts.source
    assert "our own choice" in seven.caveats[0]


def test_the_directive_on_critical_entities_has_eleven_sectors() -> None:
    """Directive (EU) 2022/2557, Annex, as summarised on EUR-Lex."""
    assert len(framework("cer_sectors").requirement) == 11


def test_the_raw_materials_benchmarks_are_those_of_the_regulation() -> None:
    """Regulation (EU) 2024/1252, Article 5(1): 10 %, 40 %, 25 % and 65 %."""
    limits = {
        requirement.name: (one.benchmark.test, one.benchmark.value)
        for requirement, one in framework("crma_2030").indicators()
        if one.benchmark
    }
    assert limits == {
        "extraction": ("at least", 0.10),
        "processing": ("at least", 0.40),
        "recycling": ("at least", 0.25),
        "diversification": ("at most", 0.65),
    }


def test_every_benchmark_says_whether_it_was_read_or_recalled_and_where() -> None:
    for one in shipped().values():
        for _, indicator in one.indicators():
            if indicator.benchmark:
                assert indicator.benchmark.status in {"read", "recalled"}
                assert indicator.benchmark.source


def test_an_unknown_framework_is_named_with_the_nearest() -> None:
    with pytest.raises(RequestError, match="Did you mean nato_seven"):
        framework("nato_sevn")


def test_a_mistake_in_the_second_requirement_is_told_with_its_own_line(tmp_path: Path) -> None:
    path = written(
        tmp_path, FILE.replace('unit = "share"\nkind = "entered"', 'unit = "share"\nkind = "enterd"')
    )
    line = path.read_text(encoding="utf-8").splitlines().index('kind = "enterd"') + 1
    with pytest.raises(SourceError, match=f"row {line}, key requirement.1.indicator.0.kind: 'enterd'"):
        tomlfile.read(path, Framework)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'figure = "top_share"',
            'figure = "top_shar"',
            "one.first: figure: 'top_shar' is not one of top_share",
        ),
        ("{ product =", "{ produkt =", "figure top_share cannot be given produkt; it takes product"),
        (
            'figure = "top_share"',
            'figure = "mined_top_share"',
            "figure mined_top_share cannot be given product",
        ),
        (
            'figure = "top_share"\ngiven = { product = "280530" }',
            'figure = "mined_top_share"',
            "figure mined_top_share must be given mineral",
        ),
        ("worst = 1.0, best = 0.3", "worst = 0.3, best = 0.3", "worst and best must differ"),
        ('name = "second"', 'name = "first"', "a name must occur once only: first"),
        ('figure = "top_share"\n', "", "a computed indicator names its figure"),
        ('kind = "entered"', 'kind = "entered"\nonly_without = "first"', "names no other indicator of two"),
    ],
)
def test_a_wrong_framework_is_refused_with_what_is_wrong(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        checked(written(tmp_path, FILE.replace(old, new)))


def test_a_requirement_more_needs_no_code(tmp_path: Path) -> None:
    more = (
        FILE[FILE.index("\n[[requirement]]\nname") :]
        .replace('"two"', '"three"')
        .replace('"second"', '"third"')
    )
    more = more.replace('"one"', '"four"').replace('"first"', '"fourth"')
    row = checked(written(tmp_path, FILE + more)).records()[0]
    assert (row["requirements"], row["indicators"]) == (4, 4)


def test_the_example_of_plans_says_that_it_is_fictional() -> None:
    found = tomlfile.read(FOLDER.parent / "plans" / "partners-example.toml", Plans)
    assert found.fictional
    assert [plan.partner for plan in found.plan] == ["BIH", "GEO", "MDA"]


def test_a_milestone_that_is_reached_needs_evidence() -> None:
    text = (FOLDER.parent / "plans" / "partners-example.toml").read_text(encoding="utf-8")
    with pytest.raises(SourceError, match="a milestone that is reached needs its evidence"):
        tomlfile.parsed(text.replace('evidence = "invented report"', ""), "plans.toml", Plans)
