"""Which frameworks of guidelines are there, what do they ask, and is a file of yours one?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from weaklink import tomlfile
from weaklink.blocs.expression import resolve
from weaklink.errors import Problem, SourceError
from weaklink.guidelines import library
from weaklink.guidelines.model import Framework, Indicator, Requirement
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.sources.guideline_sheets import AS_ONE
from weaklink.study.guideline_figures import FIGURES
from weaklink.tables.guidelines import GUIDELINE_FIGURES, GUIDELINE_INDICATORS, GUIDELINES
from weaklink.version import VERSION


def frameworks() -> Result:
    """The frameworks that the product carries; columns in `weaklink.tables.GUIDELINES`."""
    return _listed(library.shipped().values())


def checked(path: Path) -> Result:
    """What a file of guidelines holds, once it has been found sound, figures included; SourceError where it is not."""
    found = tomlfile.read(path, Framework)
    _refuse_unknown_figures(found, path.name)
    return _listed([found])


def shown(framework: str) -> Result:
    """The indicators of a framework with their goalposts; columns in `weaklink.tables.GUIDELINE_INDICATORS`."""
    found = library.framework(framework)
    rows = [_described(requirement, indicator) for requirement, indicator in found.indicators()]
    return Result(
        GUIDELINE_INDICATORS,
        tabulated(GUIDELINE_INDICATORS, rows),
        found.caveats,
        Provenance((), VERSION, {"framework": framework}),
    )


def figures() -> Result:
    """The figures that a framework may name; columns in `weaklink.tables.GUIDELINE_FIGURES`."""
    rows = [
        {
            "figure": one.name,
            "title": one.title,
            "unit": one.unit,
            "lens": one.lens,
            "given": ", ".join(
                f"{option} = {default or ('must be given' if option in one.needed else 'all')}"
                for option, default in one.options.items()
            ),
            "entered": ", ".join(f"{given} ({unit})" for given, unit in one.inputs.items()),
        }
        for one in FIGURES.values()
    ]
    return Result(GUIDELINE_FIGURES, tabulated(GUIDELINE_FIGURES, rows), (), Provenance((), VERSION))


def template(framework: str, bloc: str, day: date) -> tuple[str, str]:
    """Empty sheets for the entered values and the self-assessments of a bloc, as CSV text."""
    asked = library.framework(framework)
    resolved = resolve(bloc, on=day)
    parties = [AS_ONE] if asked.assessed == "bloc" else list(resolved.countries)
    wanted = units(asked)
    entered = [f"{code},{one},,{unit},,{day}" for code in parties for one, unit in wanted.items()]
    own = [f"{code},{subject},,,{day}" for code in parties for subject in subjects(asked)]
    return (
        "\n".join(["country,indicator,value,unit,source,date", *entered, ""]),
        "\n".join(["country,subject,value,source,date", *own, ""]),
    )


def units(framework: Framework) -> dict[str, str]:
    """The names of values that may be entered for a framework, with their units: indicators, and inputs of figures."""
    found: dict[str, str] = {}
    for _, indicator in framework.indicators():
        if indicator.kind == "entered":
            found[indicator.name] = indicator.unit
        elif indicator.figure in FIGURES:
            found.update(FIGURES[indicator.figure].inputs)
    return found


def checked_figures(framework: Framework) -> Framework:
    """The framework, if every figure that it names exists and takes what it is given; else SourceError."""
    _refuse_unknown_figures(framework, f"{framework.name}.toml")
    return framework


def _refuse_unknown_figures(framework: Framework, file: str) -> None:
    problems = []
    for requirement, one in framework.indicators():
        where = f"{requirement.name}.{one.name}"
        if one.figure and one.figure not in FIGURES:
            known = ", ".join(FIGURES)
            problems.append(
                Problem(
                    file,
                    None,
                    f"{where}: figure",
                    one.figure,
                    f"one of {known}",
                    "See `guidelines figures`.",
                    "key",
                )
            )
        elif one.figure and (wrong := FIGURES[one.figure].misasked(one.given)):
            given = ", ".join(f"{key} = {value}" for key, value in one.given.items()) or "nothing"
            problems.append(
                Problem(file, None, f"{where}: given", given, "what it takes", f"{wrong}.", "key")
            )
    if problems:
        raise SourceError(problems)


def subjects(framework: Framework) -> list[str]:
    """What a member may say something of: requirements, and self-assessed indicators."""
    own = [one.name for _, one in framework.indicators() if one.kind == "self-assessed"]
    return [*(one.name for one in framework.requirement), *own]


def _listed(those: Iterable[Framework]) -> Result:
    rows = [_counted(one) for one in those]
    return Result(GUIDELINES, tabulated(GUIDELINES, rows), (), Provenance((), VERSION))


def _counted(one: Framework) -> dict[str, Any]:
    indicators = [indicator for _, indicator in one.indicators()]
    kinds = Counter(indicator.kind for indicator in indicators)
    return {
        "framework": one.name,
        "title": one.title,
        "assessed": one.assessed,
        "requirements": len(one.requirement),
        "indicators": len(indicators),
        "computed": kinds["computed"],
        "entered": kinds["entered"],
        "self_assessed": kinds["self-assessed"],
        "own_goalposts": sum(indicator.goalposts.status == "own" for indicator in indicators),
        "coverage_floor": one.coverage_floor,
        "level_by": one.level_by,
        "citation": one.citation,
    }


def _described(requirement: Requirement, one: Indicator) -> dict[str, Any]:
    given = ", ".join(f"{key} = {value}" for key, value in one.given.items())
    limit = one.benchmark
    return {
        "requirement": requirement.name,
        "indicator": one.name,
        "title": one.title,
        "unit": one.unit,
        "kind": "stress" if one.stress else one.kind,
        "figure": f"{one.figure} ({given})" if given else one.figure,
        "worst": one.goalposts.worst,
        "best": one.goalposts.best,
        "goalposts_status": one.goalposts.status,
        "goalposts_source": one.goalposts.source,
        "benchmark": f"{limit.test} {limit.value:g} ({limit.status}: {limit.source})" if limit else "",
        "note": one.note,
    }
