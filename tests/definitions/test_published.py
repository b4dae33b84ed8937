"""Do the published definitions say what their sources say, and admit what was not read there?"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from weaklink.definitions.library import FOLDER, definition, published
from weaklink.definitions.model import Definition
from weaklink.definitions.verdict import OF_EXPORTS
from weaklink.study.lab import Rules
from weaklink.study.question import Question
from weaklink.study.setting import set_up
from weaklink.study.verdicts import Laboratory, listed
from weaklink.tomlfile import parsed

PAGE = Path(__file__).parents[2] / "docs" / "definitions.md"
FILES = sorted(FOLDER.glob("*.toml"))
NAMES = [path.stem for path in FILES]
CRITERIA = [(name, part.indicator) for name, one in published().items() for part in one.criteria]

# As each source states it, or as the note of the criterion says that it came down to us.
CITED = [
    # SWD(2021) 352 final: CDI1, CDI2 and CDI3
    ("ec_2021", "herfindahl", "above", 0.4),
    ("ec_2021", "external_share", "above", 0.5),
    ("ec_2021", "import_export_ratio", "above", 1.0),
    # Arjona, Connell and Herghelegiu (2023), WP2023/14: the same three
    ("arjona_2023", "herfindahl", "above", 0.4),
    ("arjona_2023", "external_share", "above", 0.5),
    ("arjona_2023", "import_export_ratio", "above", 1.0),
    # CEPII, documentation of GeoDep: "a value higher than 0.4" twice, "this ratio is larger than one"
    ("geodep_2024", "herfindahl", "above", 0.4),
    ("geodep_2024", "world_export_herfindahl", "above", 0.4),
    ("geodep_2024", "import_export_ratio", "above", 1.0),
    # Guinea and Sharma (2022), ECIPE Policy Brief 5/2022
    ("ecipe_2022", "import_supply_ratio", "above", 1.0),
    # MERICS (2024), Annex I: "imports of a good are twice as high as its exports"
    ("merics_2024", "import_export_ratio", "at least", 2.0),
    # Chimits (MERICS), Staying united: "at least 30 percent of imports"
    ("merics_2024", "group_share", "at least", 0.3),
    # Arriola et al. (2024), OECD Trade Policy Papers 280
    ("oecd_2024", "world_export_herfindahl", "above", 0.25),
    # Regulation (EU) 2024/1252, Article 5(1)(b): "no third country accounts for more than 65 %"
    ("crma_65", "top_share", "above", 0.65),
    # Matthes (2024), IW-Report 18/2024: "a share from China of at least 50 per cent"
    ("iw_2024", "group_share", "at least", 0.5),
    # Rogers et al. (2020), Henry Jackson Society: "a net importer", "more than 50 percent of its supplies
    # from China", "China controls more than 30 percent of the global market"
    ("hjs_2020", "import_export_ratio", "above", 1.0),
    ("hjs_2020", "group_share", "above", 0.5),
    ("hjs_2020", "group_world_share", "above", 0.3),
]

# Who is on the first list must be on the second: a matter of algebra, given in the comment.
SUBLISTS = [
    ("group_largest", "iw_2024"),  # one country of the group supplies no more than the group
    ("group_by_origin", "iw_2024"),  # the least share by origin is at most the share
    ("hjs_2020", "iw_2024"),  # more than half is at least half, with two conditions more
    ("ecipe_2022", "ec_2021"),  # M > I + X implies M > I and M > X; the concentration asked is the same
]


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def parts_of(name: str) -> list[dict[str, Any]]:
    """Every part of the file that has a status, as it is written there."""
    raw = tomllib.loads(text_of(name))
    tables = [raw[key] for key in ("years", "conventions", "perimeter") if key in raw]
    return [*raw["criteria"], *tables]


def examples() -> list[str]:
    """The TOML on the page: a part of a published file, and a whole definition of one's own."""
    return re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def lists() -> dict[str, set[str]]:
    """The products of the embedded data on which the EU depended in 2022, by each definition."""
    definitions = Rules().definitions()
    setting = set_up(Question("EU@2022-12-31", 2022))
    lab = Laboratory.of(setting)
    return {one.name: set(listed(lab.codes, lab.judgement(one).verdict)) for one in definitions}


def test_every_file_loads_under_its_own_name() -> None:
    assert list(published()) == NAMES
    assert len(NAMES) >= 9


@pytest.mark.parametrize(("name", "indicator", "test", "threshold"), CITED)
def test_a_threshold_is_the_one_that_the_source_states(
    name: str, indicator: str, test: str, threshold: float
) -> None:
    criterion = next(one for one in definition(name).criteria if one.indicator == indicator)
    assert (criterion.test, criterion.threshold) == (test, threshold)
    assert criterion.status in {"read", "recalled"}


@pytest.mark.parametrize(("name", "indicator"), CRITERIA)
def test_a_criterion_without_a_cited_threshold_says_that_it_is_our_own(name: str, indicator: str) -> None:
    criterion = next(one for one in definition(name).criteria if one.indicator == indicator)
    cited = any((name, indicator) == (one, tested) for one, tested, *_ in CITED)
    assert (criterion.status == "own") is not cited


@pytest.mark.parametrize(("name", "indicator"), CRITERIA)
def test_a_criterion_says_where_it_comes_from(name: str, indicator: str) -> None:
    criterion = next(one for one in definition(name).criteria if one.indicator == indicator)
    assert criterion.note
    if "second hand" in criterion.note:
        assert criterion.status != "read"


@pytest.mark.parametrize("name", NAMES)
def test_every_part_states_its_status(name: str) -> None:
    assert {"criteria", "years", "perimeter"} <= tomllib.loads(text_of(name)).keys()
    assert all("status" in part for part in parts_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_of_exports_states_what_holds_without_any(name: str) -> None:
    asks = OF_EXPORTS & set(definition(name).indicators)
    assert ("conventions" in tomllib.loads(text_of(name))) is bool(asks)


@pytest.mark.parametrize("name", NAMES)
def test_a_source_is_cited_by_title_and_not_by_address(name: str) -> None:
    cited = definition(name).citation
    assert re.search(r"\b20\d\d\b", cited) or cited.startswith("Weaklink")
    assert "://" not in text_of(name)


def test_no_two_definitions_are_the_same_rule() -> None:
    rules = [
        (
            one.needed,
            frozenset((part.indicator, part.test, part.threshold) for part in one.criteria),
            (one.years.window, one.years.least, one.years.pooled),
        )
        for one in published().values()
    ]
    assert len(set(rules)) == len(rules)


def test_geodep_asks_for_two_of_three_years() -> None:
    """Criterion 4 of its documentation: "at least two years in a three-year window"."""
    years = definition("geodep_2024").years
    assert (years.window, years.least, years.pooled, years.status) == (3, 2, False, "read")


def test_geodep_holds_what_is_not_exported_for_not_substitutable() -> None:
    """Its documentation: "When exports are null, we impose the value of 9999"; that is larger than one."""
    conventions = definition("geodep_2024").conventions
    assert (conventions.zero_exports, conventions.status) == ("met", "read")


def test_the_enhanced_methodology_looks_at_four_years_at_once() -> None:
    """The column of its authors: products imported between 2017 and 2020."""
    years = definition("arjona_2023").years
    assert (years.window, years.pooled) == (2020 - 2017 + 1, True)


@pytest.mark.parametrize(("narrow", "wide"), SUBLISTS)
def test_a_stricter_rule_gives_a_part_of_the_list(lists: dict[str, set[str]], narrow: str, wide: str) -> None:
    assert lists[narrow]
    assert lists[narrow] < lists[wide]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_the_rule_of_every_definition(name: str) -> None:
    row = re.search(rf"^\| `{name}` \| ([^|]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert row
    assert row[1] == definition(name).in_words()


def test_the_page_quotes_the_published_file() -> None:
    assert examples()[0] in text_of("ecipe_2022")


def test_the_example_of_a_definition_of_your_own_is_well_formed() -> None:
    mine = parsed(examples()[1], "ministry_2026.toml", Definition)
    assert mine.name == "ministry_2026"
    assert mine.needed == 2
