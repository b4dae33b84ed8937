"""How do three results become one page that needs nothing else, with its pictures as files beside it?

The page makes no request: styles, script and drawings are inside, and its content policy forbids anything
more. Text is escaped by the template. The same results give the same bytes.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from weaklink import data
from weaklink.provenance import Card
from weaklink.report import folder, ranked, robust
from weaklink.report.answer import Answer, Party, country_name, plural
from weaklink.report.charts import NAMES, charts, charts_of_definitions
from weaklink.report.definitions import Definitions
from weaklink.report.formats import to_csv
from weaklink.report.headline import headline, key_figures
from weaklink.report.selfcontained import Figure, figures_of, files_of, made_by, page_of
from weaklink.result import Result

TABLE = "screen"  # the file of the whole table
LISTS = ("definitions", "entered_left", "thresholds")  # the files of what definitions say
REFERENCE = (
    "areas",
    "blocs",
    "borders",
    "countries",
    "known_gaps",
    "memberships",
    "product_short_names",
    "regimes",
)
MADE = made_by((TABLE, *LISTS), NAMES)
OF_AREAS = re.compile(r"\d{4}: ")  # how caveats on single statistical areas begin


@dataclass(frozen=True, slots=True)
class Further:
    """What a report can say besides: `definitions` of a dependency, and the dependence in `reverse`."""

    definitions: Definitions | None = None
    reverse: Result | None = None

    def check(self, answer: Answer) -> None:
        """Raise ValueError where anything here answers another question than the report."""
        given = [self.definitions.screen] if self.definitions else []
        given += [self.reverse] if self.reverse is not None else []
        if any(one.provenance.parameters != answer.screen.provenance.parameters for one in given):
            raise ValueError("definitions or reverse answer a different question than the report")


NOTHING = Further()


def write_report(
    directory: Path,
    screen: Result,
    history: Result,
    suppliers: Result,
    more: Further = NOTHING,
) -> Path:
    """Write the page and its charts into `directory`, whole or not at all, and return the path of the page.

    The results are those of `screen`, `history` and `suppliers` for one question; `more` answers further ones
    on the same imports. A directory that an earlier report made is replaced. Raises StoreError where the
    directory holds anything else, or cannot be written.

    >>> import tempfile, weaklink
    >>> question = dict(importer="NATO@2022-11-30", year=2022, product="271121", suppliers="RUS")
    >>> results = [ask(**question) for ask in (weaklink.screen, weaklink.history, weaklink.suppliers)]
    >>> with tempfile.TemporaryDirectory() as room:
    ...     page = write_report(Path(room) / "report", *results)
    ...     sorted(path.name for path in page.parent.iterdir())
    ['charts', 'index.html']
    """
    folder.write(directory, rendered(Answer(screen, history, suppliers), more), MADE)
    return directory / "index.html"


def rendered(answer: Answer, more: Further = NOTHING) -> dict[str, bytes]:
    """Every file of a report by its path. Raises ValueError where `more` answers a different question."""
    more.check(answer)
    figures = figures_of(charts(answer, more.reverse))
    lists = figures_of(charts_of_definitions(answer, more.definitions)) if more.definitions else []
    return {
        "index.html": page(answer, figures, more, lists).encode("utf-8"),
        **_tables(answer, more.definitions),
        **files_of((*figures, *lists)),
    }


def _tables(answer: Answer, definitions: Definitions | None) -> dict[str, bytes]:
    """The tables of the page as files, whole."""
    results = {TABLE: answer.screen}
    if definitions:
        whole = (definitions.screen, definitions.changes, definitions.thresholds)
        results |= dict(zip(LISTS, whole, strict=True))
    return {f"charts/{name}.csv": to_csv(result).encode("utf-8") for name, result in results.items()}


def page(
    answer: Answer,
    figures: Sequence[Figure],
    more: Further = NOTHING,
    lists: Sequence[Figure] = (),
) -> str:
    """The page as text; `lists` are the pictures of the definitions."""
    results = _results(answer, more)
    # Caveats of the reference data stand apart from those of the answer.
    caveats = list(dict.fromkeys(caveat for result in results.values() for caveat in result.caveats))
    return page_of(
        "page.html.jinja",
        answer=answer,
        headline=headline(answer),
        key_figures=key_figures(answer),
        figures=figures,
        definitions=more.definitions,
        lists=lists,
        robust=robust,
        results=results,
        ranked=ranked,
        table=TABLE,
        plural=plural,
        caveats=[caveat for caveat in caveats if not OF_AREAS.match(caveat)],
        of_areas=[caveat for caveat in caveats if OF_AREAS.match(caveat)],
        indicators=[column for column in answer.screen.schema.columns if column.formula or column.source],
        parties=[("Importer", _members(answer.importer)), ("Supplier group", _members(answer.group))],
        cards=_cards(answer),
        reference=_reference(answer),
        command=command(answer),
    )


def _results(answer: Answer, more: Further) -> dict[str, Result]:
    """Every result behind the page, by what it is called there."""
    results = {result.schema.name: result for result in answer.results}
    if more.reverse is not None:
        results[more.reverse.schema.name] = more.reverse
    of_definitions = more.definitions.results if more.definitions else ()
    return results | {f"{result.schema.name}, by definitions": result for result in of_definitions}


def command(answer: Answer) -> str:
    """The command that makes the report again.

    Options at their default are written out too, so that a later default changes nothing.
    """
    words = ["weaklink", "screen"]
    for name, value in answer.screen.provenance.parameters.items():
        option = f"--{name.replace('_', '-')}"
        if value in ("yes", "no"):
            words += [option] * (value == "yes")
        elif value and (name, value) != ("product", "all"):
            words += [option, shlex.quote(value)]
    return " ".join([*words, "--report", "DIR"])


def _members(party: Party) -> tuple[str, list[str]]:
    return party.counted, sorted(map(country_name, party.countries))


def _cards(answer: Answer) -> list[Card]:
    """The cards of the trade data behind the results."""
    return list(
        {
            card.name + card.sha256: card for result in answer.results for card in result.provenance.cards
        }.values()
    )


def _reference(answer: Answer) -> list[Card]:
    """The cards of the reference data that the page uses: names, blocs, regimes, outlines."""
    named = {card.name for card in _cards(answer)}
    return [card for card in map(data.card, REFERENCE) if card.name not in named]
