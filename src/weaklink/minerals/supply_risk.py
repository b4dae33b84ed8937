"""How risky is the supply of a raw material, by the European Commission's formula?

    SR = [HHI_GS · IR/2 + HHI_EU · (1 - IR/2)] · (1 - EoL_RIR) · SI_SR

HHI_GS and HHI_EU are the governance- and trade-weighted concentrations of the global supply and of the
importer's own sourcing, IR the importer's reliance on imports, EoL_RIR the share of demand met by recycling at
the end of life, SI_SR the index of substitution. Where only one concentration is known it stands alone. A
material's risk is that of its riskier stage, a group's the mean of its members; a material is critical where
its risk and its economic importance both reach their thresholds.

Source: European Commission (2017), Methodology for establishing the EU list of critical raw materials, as used
for the lists of 2017, 2020 and 2023.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from weaklink.trade.concentration import ratio
from weaklink.trade.runs import Figures

Used = Literal["GS+EU", "GS", "EU", ""]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of the formula, arrays with one element per stage of a material; not-a-number where unknown.

    Concentrations run from 0 to 15 (one supplier of the worst governance and the highest barrier), all other
    terms are shares from 0 to 1.
    """

    global_herfindahl: Figures
    importer_herfindahl: Figures
    import_reliance: Figures
    recycling: Figures
    substitution: Figures


def import_reliance(imports: npt.ArrayLike, exports: npt.ArrayLike, production: npt.ArrayLike) -> Figures:
    """Net imports over apparent consumption, 0 for a net exporter; all three in one unit, none negative.

    Not-a-number where nothing is consumed, or one of the three is not known. This formula is recalled, not
    verified against the study: give the reliance itself where you have it.

    >>> import_reliance([80, 10, 0], [0, 30, 0], [20, 50, 0])
    array([0.8, 0. , nan])
    """
    net = np.asarray(imports, dtype=np.float64) - np.asarray(exports, dtype=np.float64)
    consumed = net + np.asarray(production, dtype=np.float64)
    exporter_or_unknown = np.where((consumed == 0) | np.isnan(consumed), np.nan, 0.0)
    reliance: Figures = np.where(net > 0, ratio(net, consumed), exporter_or_unknown)
    return reliance


def used(terms: Terms) -> list[Used]:
    """Which concentrations each stage rests on: both, global supply (GS) or own sourcing (EU) alone, or none."""
    both: dict[tuple[bool, bool], Used] = {
        (True, True): "GS+EU",
        (True, False): "GS",
        (False, True): "EU",
        (False, False): "",
    }
    return [
        both[known]
        for known in zip(
            (~np.isnan(terms.global_herfindahl)).tolist(),
            (~np.isnan(terms.importer_herfindahl)).tolist(),
            strict=True,
        )
    ]


def sourcing_concentration(terms: Terms) -> Figures:
    """The concentrations of global supply and own sourcing as one, mixed by the reliance on imports.

    Global supply weighs IR/2, so even a full importer looks to its own sourcing by half. Where one is not
    known the other stands alone, and the reliance is not asked.

    >>> two, nothing = np.array([2.0]), np.array([np.nan])
    >>> float(sourcing_concentration(Terms(two, two * 2, np.array([0.5]), two, two))[0])
    3.5
    >>> float(sourcing_concentration(Terms(two, nothing, nothing, two, two))[0])
    2.0
    """
    at_large, own, half = terms.global_herfindahl, terms.importer_herfindahl, terms.import_reliance / 2
    mixed = at_large * half + own * (1 - half)
    return np.where(np.isnan(own), at_large, np.where(np.isnan(at_large), own, mixed))


def stage_risk(terms: Terms) -> Figures:
    """Supply risk of each stage; not-a-number where a term that it needs is not known.

    >>> one, none = np.array([1.0]), np.array([0.0])
    >>> round(float(stage_risk(Terms(one * 5, one * 3, one, one * 0.25, one * 0.5))[0]), 12)
    1.5
    """
    return sourcing_concentration(terms) * (1 - terms.recycling) * terms.substitution


def material_risk(stages: npt.ArrayLike) -> float:
    """Supply risk of a material: that of its riskiest stage.

    Not-a-number where the risk of any given stage is: the riskiest one may be the one that is not known.

    >>> material_risk([1.8, 0.7])
    1.8
    """
    return float(np.max(np.asarray(stages, dtype=np.float64)))


def group_mean(members: npt.ArrayLike) -> float:
    """Risk or importance of a group of materials: the arithmetic mean of its members.

    Taken over the members' own figures, each of its riskiest stage, not stage by stage: only so does the
    published risk of the light rare earths come out (3.7, not 3.6).

    >>> group_mean([3.0, 4.0])
    3.5
    """
    return float(np.mean(np.asarray(members, dtype=np.float64)))


def critical(
    risk: float, importance: float, risk_threshold: float, importance_threshold: float
) -> bool | None:
    """Whether both thresholds are reached; None where a figure that would decide it is not known.

    >>> critical(1.0, 2.8, 1.0, 2.8), critical(0.9, float("nan"), 1.0, 2.8), critical(1.2, float("nan"), 1.0, 2.8)
    (True, False, None)
    """
    verdicts = [
        None if np.isnan(figure) else bool(figure >= threshold)
        for figure, threshold in ((risk, risk_threshold), (importance, importance_threshold))
    ]
    if False in verdicts:
        return False
    return None if None in verdicts else True
