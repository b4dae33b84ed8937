"""What does an answer of a lens rest on? Its data, its scenario, its blocs, and what was asked."""

from __future__ import annotations

from collections.abc import Mapping

from weaklink.provenance import Card, Provenance
from weaklink.study.lens import Asked, Model
from weaklink.version import VERSION


def provenance_of(asked: Asked, model: Model, parameters: Mapping[str, str]) -> Provenance:
    """The provenance of a question asked of one lens, with further parameters of the question."""
    scenario = asked.scenario
    card = Card(
        name=scenario.name,
        what=scenario.title,
        source=scenario.source,
        licence="as its file",
        vintage=f"trade of {asked.year}",
        sha256="",
        derived_by="a scenario file",
    )
    return Provenance(
        (*model.cards, card),
        VERSION,
        {
            "scenario": scenario.name,
            "importer": asked.importer,
            "lens": model.about.name,
            "year": str(asked.year),
            **parameters,
        },
        {**asked.blocs, asked.importer: asked.members},
    )
