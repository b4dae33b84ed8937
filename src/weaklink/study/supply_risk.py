"""How risky is the supply of materials, by the European Commission's formula with every term in sight?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from weaklink import data, tables
from weaklink.errors import RequestError
from weaklink.minerals.supply_risk import (
    Terms,
    critical,
    group_mean,
    import_reliance,
    material_risk,
    stage_risk,
    used,
)
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.sources.sheet import Sheet
from weaklink.sources.supply_risk import Material, Statement, read
from weaklink.study import supply_risk_caveats
from weaklink.study.supply_concentration import Known, Pricing, concentrations
from weaklink.trade.lens import COVERAGE_FLOOR
from weaklink.version import VERSION

CARDS = {"shares": "political_stability", "World Mining Data": "mining_production"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the formula leaves open, as the European Commission's studies have it.

    Suppliers in the bloc expression `partners` count by `partner_factor`, unless your barriers say otherwise. A
    material is critical where its risk and its importance reach the thresholds. Below `coverage_floor` a
    concentration is not computed from shares.
    """

    partners: str = "EU"
    partner_factor: float = 0.8
    risk_threshold: float = 1.0
    importance_threshold: float = 2.8
    coverage_floor: float = COVERAGE_FLOOR

    def __post_init__(self) -> None:
        if not 0 <= self.coverage_floor <= 1:
            raise RequestError(f"--coverage-floor is {self.coverage_floor}; it must be between 0 and 1.")
        if not 0 < self.partner_factor <= 1:
            raise RequestError(f"--partner-factor is {self.partner_factor}; it must be above 0 and at most 1.")

    def parameters(self) -> dict[str, str]:
        """The rules as text: what provenance records."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


STUDY = Rules()


def supply_risk(
    materials: Path,
    year: int,
    *,
    shares: Path | None = None,
    barriers: Path | None = None,
    rules: Rules = STUDY,
) -> Result:
    """Supply risk of each material of a sheet, and of each group, riskiest first.

    `materials` is your sheet of terms, one row per material and stage. `shares` may add who supplies how much,
    of which the weighted concentration is computed with the governance of `year`; `barriers` the trade parameters
    that differ from the rule. The sheets are described on the page Minerals; the columns of the answer are
    declared in `weaklink.tables.SUPPLY_RISK`. Raises SourceError with all problems of the sheets together.

    >>> import tempfile
    >>> sheet = Path(tempfile.mkdtemp()) / "terms.csv"
    >>> _ = sheet.write_text("material,stage,global_herfindahl,recycling,substitution\\nExamplium,P,4,0.5,0.9\\n")
    >>> supply_risk(sheet, 2022).column("supply_risk")
    [1.8]
    """
    stated = read(materials, shares, barriers)
    pricing = Pricing(stated, year, rules.partners, rules.partner_factor, rules.coverage_floor)
    known = concentrations(pricing)
    stages = list(_stages(stated.materials, known))
    records = sorted((*_with_verdict(stages, rules), *_groups(stages, rules)), key=_rank(stages, rules))
    bloc = pricing.partners
    return Result(
        schema=tables.SUPPLY_RISK,
        table=tabulated(tables.SUPPLY_RISK, records),
        caveats=tuple(dict.fromkeys(supply_risk_caveats.of(stated, pricing, records, rules))),
        provenance=Provenance(
            cards=(*(_card(sheet) for sheet in stated.sheets), *_cards(known)),
            version=VERSION,
            parameters={"year": str(year), **rules.parameters()},
            blocs={bloc.canonical: bloc.countries} if bloc else {},
        ),
    )
