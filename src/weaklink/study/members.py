"""How does each member stand by itself, against the bloc taken as one? An aggregate can hide its members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from weaklink import tables
from weaklink.blocs.expression import resolve
from weaklink.codes.countries import name
from weaklink.columns import Column, TableSchema
from weaklink.definitions.model import Definition
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.lab import Rules
from weaklink.study.question import Question
from weaklink.study.setting import Setting, set_up
from weaklink.study.verdicts import Laboratory, words


def members(question: Question, rules: Rules) -> Result:
    """The bloc as one importer, then each member as an importer of its own, with the verdicts of definitions.

    For a member every foreign supplier counts, other members included; for the bloc only suppliers outside.
    The least distance to a threshold is in the margins: an aggregate may miss what several members meet.
    """
    definitions = rules.definitions()
    bloc = set_up(question)
    alone = [code for code in bloc.importer.countries if code in bloc.traders]
    settings = [bloc, *(_of_member(bloc, code) for code in alone)]
    schema = _schema(definitions)
    rows = [row for one in settings for row in _rows(one, definitions)]
    rows.sort(key=lambda row: row["product"])
    return Result(
        schema,
        tabulated(schema, rows),
        tuple(dict.fromkeys(caveats.of_setting(bloc))),
        bloc.provenance(),
    )


def _of_member(bloc: Setting, code: str) -> Setting:
    """The same question asked of one member; the flows are those already loaded."""
    return replace(bloc, question=replace(bloc.question, importer=code), importer=resolve(code))


def _rows(setting: Setting, definitions: tuple[Definition, ...]) -> Iterator[dict[str, Any]]:
    lab = Laboratory.of(setting, definitions)
    judgements = {one.name: lab.judgement(one) for one in definitions}
    verdicts = {one: words(judgement.verdict) for one, judgement in judgements.items()}
    single = len(setting.importer.countries) == 1
    for item, row in enumerate(_figures(setting)):
        yield {
            **row,
            "label": setting.data.label(row["product"]),
            "importer": setting.importer.canonical,
            "importer_name": name(setting.importer.countries[0]) if single else "taken as one",
            **{one: verdict[item] for one, verdict in verdicts.items()},
            **{f"{one}_margin": judgement.margin[item] for one, judgement in judgements.items()},
        }


def _figures(setting: Setting) -> Iterator[dict[str, Any]]:
    """What is shown of each product beside the verdicts."""
    for block in setting.blocks(
        setting.question.year, ("top_share", "group_share", "herfindahl", "coverage")
    ):
        for item, (code, top) in enumerate(zip(block.codes, block.top_suppliers, strict=True)):
            yield {
                "product": code,
                "imports_usd": block.imports_usd[item],
                "top_supplier": top,
                **{figure: values[item] for figure, values in block.figures.items()},
            }


def _schema(definitions: tuple[Definition, ...]) -> TableSchema:
    added = [
        column
        for one in definitions
        for column in (
            Column(one.name, "text", "yes, no, unknown", one.title, one.in_words(), one.citation),
            Column(
                f"{one.name}_margin",
                "number",
                "relative to the threshold",
                f"how far the deciding criterion of {one.name} is beyond its threshold",
                "(value - threshold) / threshold",
                one.citation,
            ),
        )
    ]
    return TableSchema("members", tables.MEMBERS.row, (*tables.MEMBERS.columns, *added))
