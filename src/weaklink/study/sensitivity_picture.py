"""How does what a loss hangs on look, to send? The bars as SVG or PNG, with their words."""

from __future__ import annotations

from weaklink.report.drawing import bare, framed, png
from weaklink.report.tornado import tornado
from weaklink.study.sensitivity import HangsOn


def drawn(answer: HangsOn, suffix: str) -> bytes:
    """The picture in the format that the suffix of a file says: .svg or .png."""
    sources = "; ".join(f"{card.source}, {card.vintage}" for card in answer.model.cards)
    chart = tornado(
        answer.result,
        title=answer.asked.scenario.title,
        who=answer.asked.importer,
        likely=answer.likely,
        source=f"Source: {sources}. Scenario: {answer.asked.scenario.name}.",
    )
    whole = framed(chart, bare(chart))
    return png(whole) if suffix == ".png" else whole.encode("utf-8")
