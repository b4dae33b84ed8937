"""What does an answer of a lens rest on, and how are its amounts said in sentences?"""

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


def amount(figure: float, unit: str) -> str:
    """A loss for a sentence: three digits, with a word for large ones.

    >>> amount(37_833_131.3, "USD"), amount(117_956.9, "GWh"), amount(0.0123, "GWh")
    ('37.8 million USD', '117,957 GWh', '0.0123 GWh')
    """
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(figure) >= size:
            scaled = figure / size
            digits = 2 if abs(scaled) < 10 else 1 if abs(scaled) < 100 else 0
            return f"{scaled:.{digits}f} {word} {unit}"
    return f"{figure:,.0f} {unit}" if abs(figure) >= 100 or figure == 0 else f"{figure:.3g} {unit}"
