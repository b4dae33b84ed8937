"""Which figures can a framework of guidelines ask of the lenses, by name?

A figure is a function from who is asked about to findings. A framework names figures in TOML and says what they are
asked for, so that another requirement needs no code; another figure is one function and one entry of `FIGURES`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from weaklink.errors import RequestError
from weaklink.guidelines.oil import days_of_cover
from weaklink.guidelines.scoring import Finding, missing, not_applicable
from weaklink.sources.guideline_sheets import Entered
from weaklink.study.guideline_findings import Asked, Found, Party
from weaklink.study.guideline_networks import curtailment, n_minus_1, saving, storage_at_start
from weaklink.study.guideline_trade import look_through, of_mineral, of_trade, passage


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that frameworks may name.

    `options` maps what it may be given to its default, and `needed` names those without which it says nothing;
    `inputs` maps the values that it needs from the sheet of entered values to their units.
    """

    name: str
    title: str
    unit: str
    lens: str
    find: Callable[[Asked], Found]
    options: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()

    def misasked(self, given: Mapping[str, str]) -> str:
        """What is wrong with what it is given, in words; empty where nothing is."""
        takes = ", ".join(self.options) or "nothing"
        if unknown := sorted(given.keys() - self.options.keys()):
            return f"figure {self.name} cannot be given {', '.join(unknown)}; it takes {takes}"
        if lacking := [name for name in self.needed if not given.get(name)]:
            return f"figure {self.name} must be given {', '.join(lacking)}"
        return ""


def find(
    name: str,
    parties: tuple[Party, ...],
    year: int,
    given: Mapping[str, str],
    entered: Mapping[tuple[str, str], Entered],
) -> Found:
    """What a figure finds, defaults filled in; RequestError for a name or an option that it does not have."""
    if name not in FIGURES:
        raise RequestError(f"no figure {name!r}. There are: {', '.join(FIGURES)}.")
    figure = FIGURES[name]
    if wrong := figure.misasked(given):
        raise RequestError(f"{wrong}.")
    return figure.find(Asked(parties, year, {**figure.options, **given}, entered))


OIL_INPUTS: Mapping[str, str] = MappingProxyType(
    {
        "crude_net_imports": "kt",
        "product_net_imports": "kt",
        "crude_stocks": "kt",
        "product_stocks": "kt",
    }
)


def _oil_days(asked: Asked) -> Found:
    def of(party: Party) -> Finding:
        rows = [asked.entered.get((party.code, name)) for name in OIL_INPUTS]
        known = [row for row in rows if row is not None]
        if len(known) < len(rows):
            lacking = [name for name, row in zip(OIL_INPUTS, rows, strict=True) if row is None]
            return missing(f"not entered: {', '.join(lacking)}")
        if any(math.isnan(row.value) for row in known):
            return not_applicable("entered as not applicable")
        days = days_of_cover(*(row.value for row in known))
        source = "; ".join(dict.fromkeys(row.source for row in known))
        if math.isinf(days):
            return not_applicable("a net exporter has no obligation")
        return Finding(days, "known", source, max(row.date for row in known), "computed from entered stocks")

    return Found({party.code: of(party) for party in asked.parties})


STRAITS = "hormuz, bab_el_mandeb, suez, malacca, taiwan, turkish_straits, panama"
_SUPPLIERS = {"suppliers": "authoritarian"}
_GAS = {"network": "europe-gas-2022"}

FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        one.name: one
        for one in (
            Figure(
                "top_share",
                "share of the largest supplier in imports of products, by their value",
                "share, 0 to 1",
                "trade",
                of_trade("top_share"),
                {"product": ""},
            ),
            Figure(
                "group_share",
                "share of a supplier group in imports of products, by their value",
                "share, 0 to 1",
                "trade",
                of_trade("group_share"),
                {"product": "", **_SUPPLIERS},
            ),
            Figure(
                "herfindahl",
                "Herfindahl-Hirschman index of suppliers of products, by their value",
                "0 to 1",
                "trade",
                of_trade("herfindahl"),
                {"product": ""},
            ),
            Figure(
                "value_added_share",
                "value added of a supplier group in all output, through suppliers' suppliers",
                "share, 0 to 1",
                "input-output",
                look_through,
                dict(_SUPPLIERS),
            ),
            Figure(
                "mined_group_share",
                "share of a supplier group in world production of a mineral",
                "share, 0 to 1",
                "minerals",
                of_mineral("group_share"),
                {"mineral": "", **_SUPPLIERS},
                needed=("mineral",),
            ),
            Figure(
                "mined_top_share",
                "share of the largest producer in world production of a mineral",
                "share, 0 to 1",
                "minerals",
                of_mineral("largest_share"),
                {"mineral": "", **_SUPPLIERS},
                needed=("mineral",),
            ),
            Figure(
                "mined_own_share",
                "own share in world production of a mineral",
                "share, 0 to 1",
                "minerals",
                of_mineral("importer_share"),
                {"mineral": "", **_SUPPLIERS},
                needed=("mineral",),
            ),
            Figure(
                "passage_share",
                "largest share of imports through one of some straits and canals",
                "share, 0 to 1",
                "passages",
                passage,
                {"through": STRAITS, "product": ""},
            ),
            Figure(
                "gas_n_minus_1",
                "N-1 of Regulation (EU) 2017/1938: capacity on a peak day without the largest infrastructure",
                "ratio",
                "network",
                n_minus_1("n_minus_1"),
                dict(_GAS),
            ),
            Figure(
                "gas_n_minus_1_low_storage",
                "the same with stores at 30 %",
                "ratio",
                "network",
                n_minus_1("n_minus_1_low_storage"),
                dict(_GAS),
            ),
            Figure(
                "gas_n_minus_supplier",
                "the same without the largest supplier",
                "ratio",
                "network",
                n_minus_1("n_minus_supplier"),
                dict(_GAS),
            ),
            Figure(
                "gas_storage_at_start",
                "level of gas stores on the first day of a winter over their working volume",
                "share, 0 to 1",
                "network",
                storage_at_start,
                dict(_GAS),
            ),
            Figure(
                "gas_saving",
                "gas demand saved over a winter, against a reference",
                "share, 0 to 1",
                "network",
                saving,
                {**_GAS, "reference": "usual"},
            ),
            Figure(
                "gas_curtailment",
                "gas demand that a scenario leaves unserved",
                "share, 0 to 1",
                "network, stress",
                curtailment,
                {"scenario": "gas-cutoff-2022"},
            ),
            Figure(
                "oil_days",
                "days of net imports that oil stocks cover, by the method of the IEA",
                "days",
                "entered",
                _oil_days,
                inputs=OIL_INPUTS,
            ),
        )
    }
)
