"""How are the pages of columns, indicators and embedded data made? From their declarations and cards.

    python tools/build_docs.py

A test fails where a page no longer says what the code declares.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from weaklink import data, tables
from weaklink.cluster.mapping import Customs
from weaklink.columns import Column, TableSchema
from weaklink.definitions.library import published
from weaklink.definitions.model import Definition
from weaklink.guidelines.model import Framework
from weaklink.guidelines.plans import Plans
from weaklink.indicators import INDICATORS
from weaklink.provenance import Card
from weaklink.redlines.model import RedLines
from weaklink.register.marking import Markings
from weaklink.register.redaction import Redaction
from weaklink.register.scales import Scale
from weaklink.scenario.model import Scenario
from weaklink.sources.aid_mapping import AidMapping
from weaklink.sources.network_card import About

DOCS = Path(__file__).parent.parent / "docs"


def columns_page() -> str:
    """Every table that the product prints or stores, column by column."""
    return "\n".join(
        [
            "# Columns",
            "",
            "Every table that Weaklink prints or stores, as declared in `weaklink.tables`. A figure that is not",
            "defined, or that too little is known of, is empty: never zero, never a number that stands for it.",
            "",
            *(line for schema in tables.ALL for line in _table(schema)),
        ]
    )


def indicators_page() -> str:
    """Every indicator with its formula, range and source, and the definitions that test it."""
    return "\n".join(
        [
            "# Indicators",
            "",
            "Every figure that a definition of a dependency can test, as declared in `weaklink.indicators`. An",
            "indicator that is not defined, or of which too little is known, has no value: it never counts as a no.",
            "",
            "m_s imports from supplier s outside the bloc; M imports, X exports, I trade between members; w_e world",
            "exports of country e; G the chosen group of suppliers.",
            "",
            "| indicator | range | meaning | formula | source | tested by |",
            "|---|---|---|---|---|---|",
            *(_indicator(column) for column in INDICATORS.values()),
            "",
        ]
    )


def _indicator(column: Column) -> str:
    highest = "" if column.highest is None else f"{column.highest:g}"
    users = [f"`{one.name}`" for one in published().values() if column.name in one.indicators]
    spread = f"{column.lowest:g} to {highest}" if highest else f"from {column.lowest:g}"
    cells = (
        f"`{column.name}`",
        spread,
        column.meaning,
        f"`{_escaped(column.formula)}`",
        column.source,
        ", ".join(users),
    )
    return f"| {' | '.join(cells)} |"


def _escaped(formula: str) -> str:
    return formula.replace("|", "\\|")


def schemas() -> dict[str, str]:
    """JSON Schemas of the files that users write, by file name."""
    models: dict[str, type[BaseModel]] = {
        "definition.schema.json": Definition,
        "redlines.schema.json": RedLines,
        "customs.schema.json": Customs,
        "scenario.schema.json": Scenario,
        "network.schema.json": About,
        "guidelines.schema.json": Framework,
        "plans.schema.json": Plans,
        "aid-mapping.schema.json": AidMapping,
        "scale.schema.json": Scale,
        "markings.schema.json": Markings,
        "redaction.schema.json": Redaction,
    }
    return {name: json.dumps(model.model_json_schema(), indent=2) + "\n" for name, model in models.items()}


def _table(schema: TableSchema) -> Iterator[str]:
    yield from (f"## {schema.name}", "", f"A row says {schema.row}.", "")
    yield from ("| column | unit | meaning | formula | source |", "|---|---|---|---|---|")
    for column in schema.columns:
        formula = f"`{_escaped(column.formula)}`" if column.formula else ""
        yield f"| `{column.name}` | {column.unit} | {column.meaning} | {formula} | {column.source} |"
    yield ""


def embedded_page() -> str:
    """Every embedded data set with its card."""
    return "\n".join(
        [
            "# Embedded data",
            "",
            "What the product carries, each with its card. The files are in `src/weaklink/data`; derived ones are",
            "made again from their originals by the script that the card names. `weaklink data verify` hashes them.",
            "",
            *(line for card in data.cards() for line in _card(card)),
        ]
    )


def _card(card: Card) -> Iterator[str]:
    rows = f"{card.rows:,}"
    facts = {
        "source": card.source,
        "licence": card.licence,
        "vintage": card.vintage,
        "rows": rows,
        "made by": card.derived_by,
        "sha256": f"`{card.sha256}`",
        "sha256 of the original": f"`{card.original_sha256}`" if card.original_sha256 else "",
    }
    yield from (
        f"## {card.name}",
        "",
        card.what + ("" if card.what.endswith(".") else "."),
        "",
        "| | |",
        "|---|---|",
    )
    yield from (f"| {name} | {fact} |" for name, fact in facts.items() if fact)
    yield from ("", *(f"- {caveat}" for caveat in card.caveats), "")


def main() -> None:
    """Write the pages and the schemas."""
    (DOCS / "columns.md").write_text(columns_page(), encoding="utf-8")
    (DOCS / "embedded.md").write_text(embedded_page(), encoding="utf-8")
    (DOCS / "indicators.md").write_text(indicators_page(), encoding="utf-8")
    (DOCS / "schemas").mkdir(exist_ok=True)
    for name, text in schemas().items():
        (DOCS / "schemas" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
