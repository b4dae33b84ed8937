"""How far is a network from its limits? How long it lasts, what must be saved, what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from weaklink.network.bottlenecks import bottlenecks, checked
from weaklink.network.flexibility import remaining_flexibility, saving_needed, survival_time
from weaklink.network.model import Network
from weaklink.network.routes import import_route_diversification
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.study.network_outages import asked
from weaklink.tables.network import limits as table
from weaklink.version import VERSION

Figure = Literal["survival", "saving", "flexibility", "bottleneck", "routes"]
FIGURES: tuple[Figure, ...] = ("survival", "saving", "flexibility", "bottleneck", "routes")
CHECKED = 3  # bottlenecks that are checked by a finite difference


def limits(name: str, figures: Sequence[Figure] = FIGURES, demand: str = "", scenario: str = "") -> Result:
    """Survival time, saving needed, remaining flexibility and bottlenecks; columns in `weaklink.tables.LIMITS`.

    The network is that of its sheets, or as a scenario on it leaves it. Raises as `worst_outages` does.

    >>> limits("generators-exercise", ["survival"]).records()[0]["value"]
    7.0
    """
    found = asked(name, demand, scenario)
    unit = found.folder.about.unit
    rows = [row for figure in FIGURES if figure in figures for row in _rows(figure, found.network, unit)]
    caveats = (
        "All figures know the whole horizon in advance. Remaining flexibility is ENTSOG's: a node's demand is "
        "added once more, and the figure is the share of that which could be served.",
        "A bottleneck's figure is a price: it holds for a small change, and for one bottleneck at a time.",
        *found.folder.about.caveats,
    )
    parameters = {"network": name, "figures": ",".join(figures), "demand": demand, "scenario": scenario}
    provenance = Provenance((found.folder.card(),), VERSION, parameters)
    return Result(table(unit), tabulated(table(unit), rows), caveats, provenance)


def _rows(figure: Figure, network: Network, unit: str) -> Iterator[dict[str, Any]]:
    if figure == "survival":
        yield _row(figure, "all", survival_time(network), "days")
    elif figure == "saving":
        yield _row(figure, "all", saving_needed(network), "share")
    elif figure == "flexibility":
        for node, share in remaining_flexibility(network).items():
            yield _row(figure, node, share / 100, "share")
    elif figure == "routes":
        for node in network.nodes:
            yield _row(figure, node, import_route_diversification(network, node), "points")
    else:
        for place, one in enumerate(bottlenecks(network)):
            difference = checked(network, one.asset) if place < CHECKED else None
            yield _row(figure, one.asset, one.saved_per_percent, unit, difference)


def _row(figure: Figure, of: str, value: float, unit: str, difference: float | None = None) -> dict[str, Any]:
    return {"figure": figure, "of": of, "value": value, "checked": difference, "unit": unit}
