"""What does a scenario cost whom, through every lens that can read it? Side by side, never added up.

A lens is asked for the loss at the likely figures and for as many draws of all its ranges as are wanted. The row of
the bloc is the sum over members draw by draw; its band is that of the sums, not the sum of the members' bands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from weaklink import tables
from weaklink.blocs.expression import resolve
from weaklink.codes.countries import countries, name
from weaklink.errors import RequestError
from weaklink.nearest import did_you_mean
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.scenario.model import Scenario
from weaklink.sources.intake import Progress, silent
from weaklink.study.datasets import years_of
from weaklink.study.lens import Asked, Figures, Lens, Model
from weaklink.study.lens_provenance import provenance_of
from weaklink.study.lenses.disruption import disruption
from weaklink.study.lenses.goods import goods
from weaklink.study.lenses.market_long import market_long
from weaklink.study.lenses.market_short import market_short
from weaklink.study.lenses.network import network
from weaklink.study.struck import LARGEST
from weaklink.uncertainty.bands import bands
from weaklink.uncertainty.draws import drawn
from weaklink.uncertainty.ranges import at_likely

ALL = "all"
DRAWS = 200
LEVELS = (0.05, 0.5, 0.95)
AT_ONCE = 1024  # draws that a lens is asked for together; each bounds its own memory
LENSES: Mapping[str, Lens] = MappingProxyType(
    {
        "network": network,
        "goods": goods,
        "disruption": disruption,
        "market-short": market_short,
        "market-long": market_long,
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What one lens says: its model, the loss at the likely figures by country, and that of each draw."""

    model: Model
    likely: Figures
    draws: Figures

    @property
    def total(self) -> Figures:
        """Loss of all members together, in each draw."""
        whole: Figures = self.draws.sum(axis=1)
        return whole


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """The answer: what each lens says, why others cannot, and the table of all."""

    asked: Asked
    seen: tuple[Seen, ...]
    unread: Mapping[str, str]
    draws: int
    seed: int
    table: Result


def losses(
    asked: Asked, lens: str = ALL, draws: int = DRAWS, seed: int = 0, progress: Progress = silent
) -> Losses:
    """What a scenario costs in one lens, or in all that can read it; columns in `weaklink.tables.LOSSES`.

    With `draws` the columns `low`, `median` and `high` are quantiles at 5, 50 and 95 % over so many draws of all
    ranges, from `seed`. Of the lens `all`, those that cannot read the scenario say so in a caveat. RequestError where
    no lens can, or the one asked for is unknown or cannot; and what `asked_for` raises.

    >>> from weaklink.scenario.library import chosen
    >>> asked = asked_for(chosen("china-rare-earths"), "DEU + FRA")
    >>> rows = losses(asked, "goods", draws=50).table.records()
    >>> rows[0]["country"], rows[0]["low"] <= rows[0]["median"] <= rows[0]["high"]
    ('DEU + FRA', True)
    """
    models, unread = _models(asked, lens)
    seen = []
    for place, model in enumerate(models):
        seen.append(_seen(model, draws, seed))
        progress(place + 1, len(models))
    rows = [row for one in seen for row in _rows(asked, one)]
    table = Result(
        tables.LOSSES,
        tabulated(tables.LOSSES, rows),
        tuple(dict.fromkeys(_caveats(asked, seen, unread, draws, seed))),
        _provenance(asked, seen, {"lens": lens, "draws": str(draws), "seed": str(seed)}),
    )
    return Losses(asked, tuple(seen), MappingProxyType(unread), draws, seed, table)


def asked_for(
    scenario: Scenario,
    importer: str = "",
    *,
    year: int | None = None,
    data: str = "",
    store: Path | None = None,
) -> Asked:
    """A scenario as it is asked of a lens: for whom, on trade data of which year.

    `importer` stands for the scenario's `who`; `year` for its year, the last of the data where neither says one.
    Raises BlocError for an importer that cannot be read, RequestError for data or a year that is not there.
    """
    held = years_of(data, store)
    when = year or scenario.year or held[-1]
    if when not in held:
        raise RequestError(f"the trade data have no year {when}; they have {held[0]} to {held[-1]}.")
    bloc = resolve(importer or scenario.who, year=when)
    blocs = {bloc.canonical: bloc.countries}
    for shock in scenario.in_trade():
        named = () if shock.target == "passage" else shock.names
        for text in (*named, *((shock.to,) if shock.to else ())):
            if not LARGEST.fullmatch(text):
                one = resolve(text, year=when)
                blocs[one.canonical] = one.countries
    return Asked(scenario, bloc.canonical, bloc.countries, when, blocs, data, store)


def with_supplier(scenario: Scenario, supplier: str) -> Scenario:
    """A scenario in which another supplier fails: a bloc expression, or a number for the N-th largest.

    It takes the place of `largest:N` in the scenario; RequestError where the scenario does not leave it open.

    >>> from weaklink.scenario.library import chosen
    >>> with_supplier(chosen("loss-of-supplier"), "3").shock[0].names
    ('largest:3',)
    """
    name_of = f"largest:{supplier}" if supplier.isdigit() else supplier
    open_ones = [shock for shock in scenario.shock if any(LARGEST.fullmatch(text) for text in shock.names)]
    if not open_ones:
        raise RequestError(
            f"scenario {scenario.name} says which supplier fails: {', '.join(scenario.shock[0].names)}. Only one with "
            "largest:1 among its names can be asked for another, as loss-of-supplier."
        )
    shocks = tuple(
        shock.model_copy(update={"names": (name_of,)}) if shock in open_ones else shock
        for shock in scenario.shock
    )
    return scenario.model_copy(update={"shock": shocks})


def lens_of(text: str) -> Lens:
    """The lens of a name; RequestError, with the nearest, where there is none."""
    if text not in LENSES:
        hint = did_you_mean(text, LENSES)
        raise RequestError(f"no lens {text!r}.{hint} There are: {', '.join(LENSES)}, or {ALL}.")
    return LENSES[text]


def _models(asked: Asked, lens: str) -> tuple[list[Model], dict[str, str]]:
    """The lenses that read the scenario, set up, and why the others do not."""
    if lens != ALL:
        return [lens_of(lens)(asked)], {}
    models, unread = [], {}
    for text, one in LENSES.items():
        try:
            models.append(one(asked))
        except RequestError as error:
            unread[text] = str(error)
    if not models:
        reasons = "\n".join(f"  {text}: {reason}" for text, reason in unread.items())
        raise RequestError(f"no lens can read scenario {asked.scenario.name}:\n{reasons}")
    return models, unread


def _seen(model: Model, draws: int, seed: int) -> Seen:
    taken = drawn(model.ranges, draws, seed)
    parts = [
        model.losses({text: figures[first : first + AT_ONCE] for text, figures in taken.items()})
        for first in range(0, draws, AT_ONCE)
    ]
    every = np.concatenate(parts) if parts else np.empty((0, len(model.countries)))
    return Seen(model, model.losses(at_likely(model.ranges))[0], every)


def _rows(asked: Asked, one: Seen) -> Iterator[dict[str, Any]]:
    """The bloc first, then its members by loss, last those that the lens does not know."""
    model, about = one.model, one.model.about
    known = len(set(model.countries) & set(asked.members)) / len(asked.members)

    def row(country: str, title: str, figures: Mapping[str, Any]) -> dict[str, Any]:
        fixed = {"lens": about.name, "horizon": about.horizon, "unit": about.unit}
        return {**fixed, "country": country, "name": title, **figures}

    if len(asked.members) != 1:
        together = _figures(one.likely.sum(), one.total, model.base.sum())
        yield row(asked.importer, "all members together", {**together, "coverage": known or 1.0})
    for place in np.argsort(-one.likely, kind="stable"):
        figures = _figures(one.likely[place], one.draws[:, place], model.base[place])
        code = model.countries[place]
        yield row(code, name(code) if code in countries() else code, {**figures, "coverage": 1.0})
    missing = dict.fromkeys(("loss", "low", "median", "high", "share", "base"))
    for code in asked.members if known else ():
        if code not in model.countries:
            yield row(code, name(code), {**missing, "coverage": 0.0})


def _figures(likely: float, draws: Figures, base: float) -> dict[str, Any]:
    low, median, high = bands(draws, LEVELS).value.tolist() if len(draws) else (None, None, None)
    return {
        "loss": float(likely),
        "low": low,
        "median": median,
        "high": high,
        "share": float(likely / base) if base else None,
        "base": float(base),
    }


def _caveats(
    asked: Asked, seen: Sequence[Seen], unread: Mapping[str, str], draws: int, seed: int
) -> Iterator[str]:
    if len(seen) > 1:
        yield (
            "Losses of two lenses are not added: each answers for another time, holds other things fixed, and counts "
            "in another unit."
        )
    if draws:
        yield (
            f"low and high are the quantiles at 5 and 95 % of {draws:,} draws (seed {seed}) of all ranges, independent "
            "of each other; for all members together they are those of the sums. The ranges are triangles, of which "
            "some are our own choice: --detail ranges lists them."
        )
    for one in seen:
        about = one.model.about
        yield f"{about.name}: {about.loss}, over {about.horizon}; the base is {about.base}."
        for sentence in about.leaves_out:
            yield f"{about.name} leaves out: {_uncapitalised(sentence)}"
        absent = [code for code in asked.members if code not in one.model.countries]
        if absent and len(absent) < len(asked.members):
            yield f"{about.name}: no data for {', '.join(map(name, absent))}; their rows are empty."
        for sentence in one.model.caveats:
            yield f"{about.name}: {sentence}"
    for text, reason in unread.items():
        yield f"{text} is left out: {reason}"


def _uncapitalised(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _provenance(asked: Asked, seen: Sequence[Seen], parameters: Mapping[str, str]) -> Provenance:
    every = [provenance_of(asked, one.model, parameters) for one in seen]
    cards = tuple({(card.name, card.sha256): card for one in every for card in one.cards}.values())
    return Provenance(cards, every[0].version, every[0].parameters, every[0].blocs)
