"""How are the pages of columns and embedded data made? From their declarations and cards.

    python tools/build_docs.py

A test fails where a page no longer says what the code declares.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from weaklink import data, tables
from weaklink.columns import TableSchema
from weaklink.provenance import Card

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


def _table(schema: TableSchema) -> Iterator[str]:
    yield from (f"## {schema.name}", "", f"A row says {schema.row}.", "")
    yield from ("| column | unit | meaning | formula | source |", "|---|---|---|---|---|")
    for column in schema.columns:
        formula = f"`{column.formula}`" if column.formula else ""
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
    """Write both pages."""
    (DOCS / "columns.md").write_text(columns_page(), encoding="utf-8")
    (DOCS / "embedded.md").write_text(embedded_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
