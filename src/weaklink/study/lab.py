"""What do all definitions say of the same products, side by side?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weaklink import tables
from weaklink.columns import Column, TableSchema
from weaklink.definitions.library import available, chosen
from weaklink.definitions.model import Definition
from weaklink.definitions.verdict import Judgement, agreement
from weaklink.errors import RequestError
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.study.question import Question
from weaklink.study.screen import screened
from weaklink.study.setting import set_up
from weaklink.study.verdicts import Laboratory, with_threshold, words
from weaklink.version import VERSION

AGREE = Column("agree", "integer", "definitions", "definitions that call the product a dependency")
FIRST = 6  # columns of the screen that stay on the left: product to group share
JUDGED = Column("judged", "integer", "definitions", "definitions that say anything of the product")


@dataclass(frozen=True, slots=True)
class Rules:
    """Which definitions are applied: names, a folder of your own, and thresholds to move.

    `thresholds` maps (definition, indicator) to another threshold.
    """

    names: str = "all"
    folder: Path | None = None
    thresholds: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def definitions(self) -> tuple[Definition, ...]:
        """The definitions meant; RequestError or SourceError where one is unknown or wrong."""
        definitions = chosen(self.names, available(self.folder))
        by_name = {one.name: one for one in definitions}
        for (name, indicator), threshold in self.thresholds.items():
            if name not in by_name:
                raise RequestError(f"--threshold names {name!r}, which is not among {', '.join(by_name)}.")
            by_name[name] = with_threshold(by_name[name], indicator, threshold)
        return tuple(by_name.values())


def parse_threshold(text: str) -> tuple[tuple[str, str], float]:
    """A moved threshold as written on the command line: `geodep_2024.herfindahl=0.35`."""
    key, _, number = text.partition("=")
    name, _, indicator = key.strip().partition(".")
    try:
        return (name, indicator.strip()), float(number)
    except ValueError:
        raise RequestError(f"--threshold {text!r}: write it as geodep_2024.herfindahl=0.35.") from None


def screen_by(question: Question, rules: Rules) -> Result:
    """The screen with a verdict and a margin of each definition, and how many definitions agree.

    The robust list is that of the products on which most definitions agree.
    """
    definitions = rules.definitions()
    setting = set_up(question)
    return with_verdicts(screened(setting), Laboratory.of(setting, definitions), definitions)


def with_verdicts(answer: Result, lab: Laboratory, definitions: Sequence[Definition]) -> Result:
    """A screen with the verdicts of definitions; the laboratory has the years that they look back to."""
    judgements = {one.name: lab.judgement(one) for one in definitions}
    added = dict(zip(lab.codes, _added(judgements), strict=True))
    schema = _extended(answer.schema, definitions)
    records = [{**row, **added[row["product"]]} for row in answer.records()]
    return Result(
        schema, tabulated(schema, records), (*answer.caveats, *_caveats(definitions)), answer.provenance
    )


def definition_list(folder: Path | None = None) -> Result:
    """Every definition with its criteria in words.

    >>> "geodep_2024" in definition_list().column("name")
    True
    """
    rows = (
        {
            "name": one.name,
            "title": one.title,
            "rule": one.in_words(),
            "zero_exports": one.conventions.zero_exports,
            "perimeter": one.perimeter.text,
            "status": ", ".join(sorted({criterion.status for criterion in one.criteria})),
            "citation": one.citation,
        }
        for one in available(folder).values()
    )
    return Result(tables.DEFINITIONS, tabulated(tables.DEFINITIONS, rows), (), Provenance((), VERSION))


def _added(judgements: Mapping[str, Judgement]) -> Iterator[dict[str, Any]]:
    """The cells that definitions add to each product's row."""
    agree, known = agreement([one.verdict for one in judgements.values()])
    verdicts = {name: words(one.verdict) for name, one in judgements.items()}
    for item in range(len(agree)):
        row: dict[str, Any] = {"agree": agree[item], "judged": known[item]}
        for name, one in judgements.items():
            row[name] = verdicts[name][item]
            row[f"{name}_margin"] = one.margin[item]
        yield row


def _extended(screen: TableSchema, definitions: Sequence[Definition]) -> TableSchema:
    """The columns of the screen, with those of each definition after its first ones."""
    added = [AGREE, JUDGED]
    for one in definitions:
        added += [
            Column(one.name, "text", "yes, no, unknown", one.title, one.in_words(), one.citation),
            Column(
                f"{one.name}_margin",
                "number",
                "relative to the threshold",
                f"how far the deciding criterion of {one.name} is beyond its threshold in the year asked",
                "(value - threshold) / threshold",
                one.citation,
            ),
        ]
    first, rest = screen.columns[:FIRST], screen.columns[FIRST:]
    return TableSchema(screen.name, screen.row, (*first, *added, *rest))


def _caveats(definitions: Sequence[Definition]) -> Iterator[str]:
    recalled = [one.name for one in definitions if any(part.status == "recalled" for part in one.criteria)]
    if recalled:
        yield (
            f"Criteria of {', '.join(recalled)} are in part recalled or seen at second hand, not read in the source; "
            "`weaklink definitions` says which."
        )
    published = [one for one in definitions if one.perimeter.status != "own"]
    if filled := [one.name for one in published if any(part.status == "own" for part in one.criteria)]:
        yield (
            f"{', '.join(filled)} hold a threshold of ours where the source's was not found; it can be moved with "
            "--threshold."
        )
    if limited := [one.name for one in definitions if one.perimeter.status != "own"]:
        yield (
            f"The authors of {', '.join(limited)} applied them to products of their own choice; here they are "
            "applied to the products shown."
        )
