"""What does a year without part of the imports from a group cost each country? First order, second order, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Unpack

import numpy as np

from weaklink import tables
from weaklink.errors import RequestError
from weaklink.market import ces
from weaklink.market.bound import NoEquilibriumError
from weaklink.market.economy import Economy, Floats
from weaklink.market.exact import Equilibrium, equilibrium
from weaklink.market.national import Nests, lost_imports, national_economy
from weaklink.market.second_order import first_order, second_order
from weaklink.market.world import Repairs, World, world
from weaklink.result import Result, tabulated
from weaklink.scenario.parameters import Parameter, usual
from weaklink.study import exposure_setting as settings
from weaklink.study.exposure_setting import ExposureOptions, ExposureQuestion, ExposureSetting, set_up
from weaklink.study.lenses.market_short import NAME

Rows = Literal["country", "sector"]
ELASTICITIES = ("suppliers", "imports", "production", "final")
BOUND = (
    "Value added stays in its sector and money not spent on missing imports is not counted as saved: what the year "
    "costs before anything adjusts. Never add it to a loss of the long run."
)


@dataclass(frozen=True, slots=True)
class YearWithout:
    """What is asked: `cut` of what is bought from the group, and elasticities that stand for the usual likely ones."""

    cut: float
    exports_follow: float | None = None
    elasticities: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.cut <= 1:
            raise RequestError(f"--cut is {self.cut:g}; it is a share from 0 to 1.")
        if self.exports_follow is not None and not 0 <= self.exports_follow <= 1:
            raise RequestError(f"--exports-follow is {self.exports_follow:g}; it is a share from 0 to 1.")
        for name, figure in (self.elasticities or {}).items():
            if not 0 < figure < np.inf:
                said = f"--{name}-elasticity is {figure:g}; an elasticity of substitution here is above 0."
                raise RequestError(said)

    def taken(self, end: Literal["low", "likely", "high"]) -> dict[str, float]:
        """The figures at one end of their ranges; where the question says one, that stands at every end."""
        found = {name: float(getattr(_usual()[name], end)) for name in ELASTICITIES}
        follow = self.exports_follow
        found["exports_follow"] = _usual()["exports_follow"].likely if follow is None else follow
        return found | dict(self.elasticities or {})


def short_run(
    importer: str,
    *,
    cut: float = 0.3,
    rows: Rows = "country",
    exports_follow: float | None = None,
    elasticities: Mapping[str, float] | None = None,
    **options: Unpack[ExposureOptions],
) -> Result:
    """A year without `cut` of what the importer buys from the suppliers; columns `tables.SHORT_RUN`.

    `sector` names whose products are missing. `rows` is `country`, a row for all members together and for each,
    or `sector`, a row for each sector of the importer, which is then one country (`tables.SHORT_RUN_SECTORS`).
    `elasticities` may have `suppliers`, `imports`, `production` and `final`. Raises as `exposure`, and
    RequestError for figures out of range.

    >>> rows = short_run("DEU", suppliers="CHN", cut=0.3).records()
    >>> bool(0 < rows[0]["loss_flexible"] < rows[0]["loss"] < rows[0]["loss_rigid"] < 10)
    True
    """
    asked = YearWithout(cut, exports_follow, elasticities)
    setting = set_up(ExposureQuestion(importer, **options))
    made, repairs = world(setting.accounts)
    study = _Study(setting, made, asked)
    if rows == "sector":
        if len(setting.members) != 1:
            raise RequestError(
                f"rows by sector are of one country; {setting.importer.canonical} has {len(setting.members)}."
            )
        schema, records = tables.SHORT_RUN_SECTORS, list(study.sectors(setting.members[0]))
        lost: list[str] = []
    else:
        schema, records = tables.SHORT_RUN, list(study.countries())
        lost = [row["region_name"] for row in records if row["loss"] is None]
    likely = study.asked.taken("likely")
    more = {"cut": f"{cut:g}", "rows": rows, **{name: f"{figure:g}" for name, figure in likely.items()}}
    said = tuple(dict.fromkeys(_caveats(setting, repairs, asked, lost)))
    return Result(schema, tabulated(schema, records), said, setting.provenance(more))


@dataclass(frozen=True, slots=True)
class _Study:
    setting: ExposureSetting
    made: World
    asked: YearWithout

    def countries(self) -> Iterator[dict[str, Any]]:
        """All members together, where there are several, then each by what it loses; last those without an answer."""
        found = [self._country(region) for region in self.setting.members]
        found.sort(key=lambda row: -(row["loss"] if row["loss"] is not None else -1.0))
        if len(found) > 1:
            yield self._together(found)
        yield from found

    def _country(self, region: str) -> dict[str, Any]:
        place = self.made.regions.index(region)
        spent = float(self.made.final[place].sum())
        economy, change = self._shocked(region, "likely")
        exact = _solved(economy, change)
        return {
            "region": region,
            "region_name": self.setting.region_name(region),
            "expenditure": spent,
            "imports_share": 100 * float((self._bought(place) * self._hit()).sum() / spent),
            "first_order": _percent(first_order(economy, change)),
            "second_order": _percent(second_order(economy, change)),
            "loss": _lost(exact),
            "loss_rigid": _lost(_solved(*self._shocked(region, "low"))),
            "loss_flexible": _lost(_solved(*self._shocked(region, "high"))),
        }

    def _together(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        """Members weighed by what they spend; empty where one has no answer."""
        spent = sum(row["expenditure"] for row in found)
        figures = ("imports_share", "first_order", "second_order", "loss", "loss_rigid", "loss_flexible")

        def mean(name: str) -> float | None:
            known = [row[name] for row in found]
            if None in known:
                return None
            return float(sum(row[name] * row["expenditure"] for row in found) / spent)

        return {
            "region": self.setting.importer.canonical,
            "region_name": "all members together",
            "expenditure": spent,
            **{name: mean(name) for name in figures},
        }

    def sectors(self, region: str) -> Iterator[dict[str, Any]]:
        """Each sector of one country. Its value added stays, so that output follows from what that is worth."""
        economy, change = self._shocked(region, "likely")
        found = equilibrium(economy, change)
        count, size = len(self.made.sectors), economy.producers
        own = slice(1, 1 + count)
        factor, price = found.wage[:count], found.price[own]
        output = economy.elasticities[own] * (factor - price)
        cut = np.abs(np.expm1(change[size + count : size + 2 * count]))
        for row, sector in enumerate(self.made.sectors):
            made = economy.sales[1 + row] > 0
            bought = economy.incomes[count + row] > 0
            yield {
                "region": region,
                "sector": sector,
                "sector_name": self.setting.sector_name(sector),
                "domar_weight": 100 * float(economy.sales[1 + row]),
                "import_weight": 100 * float(economy.incomes[count + row]),
                "imports_cut": 100 * float(cut[row]),
                "import_price": 100 * float(np.expm1(found.wage[count + row])) if bought else None,
                "price": 100 * float(np.expm1(price[row])) if made else None,
                "output": 100 * float(np.expm1(output[row])) if made else None,
            }

    def _shocked(self, region: str, end: Literal["low", "likely", "high"]) -> tuple[Economy, Floats]:
        """The economy with elasticities at one end of their ranges, and the shock to it."""
        place, figures = self.made.regions.index(region), self.asked.taken(end)
        nests = Nests(figures["final"], figures["production"], figures["imports"])
        economy = national_economy(self.made, region, nests)
        bought = self._bought(place)
        whole = bought.sum(axis=0)
        share = np.where(whole > 0, (bought * self._hit()).sum(axis=0) / np.where(whole > 0, whole, 1.0), 0.0)
        cut = ces.loss(share, self.asked.cut, figures["suppliers"])
        return economy, lost_imports(economy, np.minimum(cut, 1 - 1e-12), figures["exports_follow"])

    def _bought(self, place: int) -> Floats:
        """What a region imports, suppliers × sectors."""
        bought = np.array(self.made.trade[:, :, place].T)
        bought[place] = 0
        return bought

    def _hit(self) -> Floats:
        """Which deliveries are cut, suppliers × sectors."""
        sellers = np.array([region in self.setting.group for region in self.made.regions])
        sectors = np.array([sector in self.setting.sectors for sector in self.made.sectors])
        return np.outer(sellers, sectors).astype(np.float64)


def _solved(economy: Economy, change: Floats) -> Equilibrium | None:
    try:
        return equilibrium(economy, change)
    except NoEquilibriumError:
        return None


def _lost(found: Equilibrium | None) -> float | None:
    return None if found is None else _percent(found.expenditure)


def _percent(log_change: Floats) -> float:
    """What is lost, in percent, where a logarithm changes by so much."""
    return -100 * float(np.expm1(log_change))


def _usual() -> Mapping[str, Parameter]:
    return usual(NAME)


def _caveats(
    setting: ExposureSetting, repairs: Repairs, asked: YearWithout, lost: list[str]
) -> Iterator[str]:
    figures = asked.taken("likely")
    yield "Horizon: a year. " + BOUND
    yield (
        "Elasticities: "
        + ", ".join(f"{name} {figures[name]:g}" for name in ELASTICITIES)
        + (
            f"; exports fall by {figures['exports_follow']:.0%} of what they embody of missing imports. Ranges and "
            "sources: docs/market.md."
        )
    )
    if lost:
        yield (
            f"No equilibrium, so no figure, for {', '.join(lost)}: what is left of some input does not suffice for "
            "what is promised abroad. Ask with a larger --exports-follow or a smaller --cut."
        )
    yield from repairs.caveats(setting.stored.card.name)
    yield from settings.caveats(setting)
