"""What does a reader get who wants a mix of measures for materials on a page?"""

from __future__ import annotations

from pathlib import Path

from weaklink.report.materials_page import MaterialsAnswer, write_report
from weaklink.study.materials_told import MaterialReduction


def write(answer: MaterialReduction, directory: Path) -> Path:
    """Write the page; its path. StoreError where the directory cannot be written to, or holds other files."""
    return write_report(directory, answer_of(answer))


def answer_of(answer: MaterialReduction) -> MaterialsAnswer:
    """The answer as a page takes it."""
    asked, found = answer.asked, answer.found
    said = answer.mix.provenance.parameters
    missed = len(found.relaxed)
    reached = (
        f"{missed} limits on shares are out of reach of these measures; the nearest" if missed else "This"
    )
    card = asked.trade.setting.data.snapshots[0].card
    return MaterialsAnswer(
        title=asked.asked.scenario.title,
        target=said["targets"] or "red lines",
        headline=f"{reached} costs {found.mix.cost:,.3g} million US dollars a year; no mix can cost less than "
        f"{found.bound:,.3g}. Replayed by day in the lens of goods, for {asked.asked.importer}.",
        mix=answer.mix,
        products=answer.products,
        frontier=answer.frontier,
        source=f"Source: {card.source}, {card.vintage}, trade of {said['year']}. "
        f"Scenario: {said['scenario']}; measures: {said['measures']}.",
        command=_command(answer),
    )


def _command(answer: MaterialReduction) -> str:
    wish = answer.asked.wish
    words = ["weaklink", "reduce", wish.scenario, "--measures", wish.measures]
    for target in wish.targets:
        words += ["--target", f'"{target}"']
    words += [
        "--product",
        ",".join(answer.asked.trade.codes),
        "--importer",
        f'"{answer.asked.asked.importer}"',
    ]
    words += [word for name, cost in wish.costs.items() for word in ("--cost", f"{name}={cost:g}")]
    words += ["--year", str(answer.asked.asked.year), "--draws", str(wish.draws), "--seed", str(wish.seed)]
    return " ".join([*words, "--report", "DIR"])
