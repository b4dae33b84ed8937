"""Picture: what stands behind an item, tier by tier, and where can one country stop it alone?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from weaklink.codes.countries import UNIDENTIFIED
from weaklink.columns import Column, TableSchema
from weaklink.provision.chain import Chain, holds, lost, way
from weaklink.report.answer import country_name, cut, enumerated, plural
from weaklink.report.chart import Chart, Spec, as_is, by, values
from weaklink.report.layers import inputs, places, tiers_of
from weaklink.report.palette import CONFIG, INK, LINE, NEUTRAL_RAMP, QUIET
from weaklink.result import Result, tabulated

BOX_WIDTH, BOX_HEIGHT = 184, 21
COLUMN, ROW = 226, 26
LONGEST = 33  # characters of an item in its box
MOST_NAMED = 4
SUPPLY_GRAPH = TableSchema(
    "supply_graph",
    "who could stop one item of a chain alone",
    (
        Column("item", "text", "", "the item"),
        Column("tier", "integer", "steps", "longest way to the end of the chain, which is in tier 0"),
        Column("needs", "text", "", "its inputs; those of which one suffices are joined by or"),
        Column("suppliers", "integer", "countries", "countries that are listed as its suppliers"),
        Column("held_by", "text", "ISO 3166 alpha-3", "countries that provide at least the threshold of it"),
        Column("may_be_held_by", "text", "ISO 3166 alpha-3", "those that may, where shares are not known"),
        Column(
            "bottleneck", "text", "yes or no", "whether the chain cannot do without what a country holds here"
        ),
    ),
)


@dataclass(frozen=True)  # without slots, so that places and holders are found once
class SupplyGraph:
    """A chain of items up to a target, and the share from which a country can stop an item alone.

    `stoppers` is the answer of `study.chains` to the same question, whose caveats and provenance the picture
    carries; `source` is its source line.
    """

    chain: Chain
    target: str
    threshold: Fraction
    stoppers: Result
    source: str

    @cached_property
    def tiers(self) -> Mapping[str, int]:
        """The tier of every item behind the target, and of the target."""
        return tiers_of(self.chain, self.target)

    @cached_property
    def held(self) -> Mapping[str, Mapping[str, str]]:
        """For each item the countries that hold it, or may: yes or unknown."""
        return {
            item: {
                country: verdict
                for country in sorted(self.chain[item].amounts.keys() - {UNIDENTIFIED})
                if (verdict := holds(self.chain[item], country, self.threshold)) != "no"
            }
            for item in self.tiers
        }

    def holders(self, item: str, verdict: str = "yes") -> list[str]:
        """The countries that hold an item for sure, or may hold it."""
        return [country for country, found in self.held[item].items() if found == verdict]

    @cached_property
    def stopped_by(self) -> Mapping[str, frozenset[str]]:
        """The countries that stop the target for sure, each with the items through which they do."""
        countries = {country for item in self.tiers for country in self.holders(item)}
        found = {country: self._bottlenecks(country) for country in sorted(countries)}
        return {country: items for country, items in found.items() if items}

    def _bottlenecks(self, country: str) -> frozenset[str]:
        gone = lost(self.chain, country, self.threshold)
        through = frozenset(item for item in self.tiers if gone[item] == "yes")
        return frozenset(
            item
            for item in through
            if country in self.holders(item) and way(self.chain, item, self.target, through)
        )

    @cached_property
    def bottlenecks(self) -> frozenset[str]:
        """The single points of failure: items that one country can stop, and the target with them."""
        return frozenset().union(*self.stopped_by.values())


def tiers(graph: SupplyGraph) -> Chart:
    """The chain from its farthest inputs, left, to the target, right, with single points of failure filled."""
    return Chart(
        name="supply_graph",
        heading=f"What stands behind {graph.target}",
        message=_message(graph),
        reading=(
            f"Each box is an item; lines lead from inputs, left, to what needs them, right; dashed: one of several "
            f"inputs suffices. Filled: one country provides at least {float(graph.threshold):.0%} of it, and without "
            f"it there is no {graph.target}. Thick frame: held by one country too, but there are other ways. Dashed "
            "frame: shares that decide are not known. Grey without frame: a step without suppliers listed."
        ),
        footnote="",
        source=graph.source,
        spec=_spec(graph),
        data=_data(graph),
        notes=" ".join(graph.stoppers.caveats),
    )


def _message(graph: SupplyGraph) -> str:
    items = plural(len(graph.tiers) - 1, "item")
    if not graph.stopped_by:
        return f"No country is known to be able to stop {graph.target} alone: behind it stand {items}."
    most = sorted(graph.stopped_by, key=lambda country: (-len(graph.stopped_by[country]), country))
    named = enumerated(
        [
            *(f"{country_name(one)} ({len(graph.stopped_by[one])})" for one in most[:MOST_NAMED]),
            *([f"{len(most) - MOST_NAMED} more"] if len(most) > MOST_NAMED else []),
        ]
    )
    count = len(graph.bottlenecks)
    which = "is a single point" if count == 1 else "are single points"
    each = "it" if count == 1 else "each"
    return (
        f"{count} of {items} behind {graph.target} {which} of failure: one country can stop {each}, and "
        f"{graph.target} with it: {named}."
    )


def _data(graph: SupplyGraph) -> Result:
    rows = [
        {
            "item": item,
            "tier": graph.tiers[item],
            "needs": "; ".join(sorted(" or ".join(sorted(choice)) for choice in graph.chain[item].needs)),
            "suppliers": len(graph.chain[item].amounts.keys() - {UNIDENTIFIED}),
            "held_by": ", ".join(graph.holders(item)),
            "may_be_held_by": ", ".join(graph.holders(item, "unknown")),
            "bottleneck": "yes" if item in graph.bottlenecks else "no",
        }
        for item in sorted(graph.tiers, key=lambda item: (graph.tiers[item], item))
    ]
    return Result(
        SUPPLY_GRAPH, tabulated(SUPPLY_GRAPH, rows), graph.stoppers.caveats, graph.stoppers.provenance
    )


def _looks(graph: SupplyGraph, item: str) -> dict[str, Any]:
    """Fill, frame and ink of a box: what it says without colour."""
    plain = {"fill": "#ffffff", "frame": NEUTRAL_RAMP[2], "dash": "solid", "thick": 1.0, "ink": INK}
    if item in graph.bottlenecks:
        return {**plain, "fill": INK, "frame": INK, "ink": "#ffffff"}
    if graph.holders(item):
        return {**plain, "frame": INK, "thick": 2.4}
    if graph.holders(item, "unknown"):
        return {**plain, "frame": INK, "dash": "dashed", "thick": 1.2}
    if not graph.chain[item].amounts:
        return {**plain, "fill": NEUTRAL_RAMP[0], "frame": NEUTRAL_RAMP[0]}
    return plain


def _boxes(graph: SupplyGraph, corner: Mapping[str, tuple[float, float]]) -> Iterator[dict[str, Any]]:
    for item, (x, y) in corner.items():
        holders = graph.holders(item)
        who = f" · {', '.join(holders)}" if holders else ""
        named = enumerated(map(country_name, holders)) or "nobody alone for sure"
        yield {
            "x": x,
            "x2": x + BOX_WIDTH,
            "y": y,
            "y2": y + BOX_HEIGHT,
            "middle": x + BOX_WIDTH / 2,
            "centre": y + BOX_HEIGHT / 2,
            "text": cut(item, LONGEST - len(who)) + who,
            "note": f"{item}: can be stopped by {named}",
            **_looks(graph, item),
        }


def _lines(graph: SupplyGraph, corner: Mapping[str, tuple[float, float]]) -> Iterator[dict[str, Any]]:
    """A line for every input; those from single points of failure are dark."""
    for item, (x, y) in corner.items():
        for one in inputs(graph.chain, item):
            needed = frozenset({one}) in graph.chain[item].needs
            dark = one in graph.bottlenecks
            yield {
                "x": corner[one][0] + BOX_WIDTH,
                "y": corner[one][1] + BOX_HEIGHT / 2,
                "x2": x,
                "y2": y + BOX_HEIGHT / 2,
                "frame": QUIET if dark else LINE if needed else NEUTRAL_RAMP[2],
                "dash": "solid" if needed else "dashed",
                "order": int(dark),
            }


def _spec(graph: SupplyGraph) -> Spec:
    found = places(graph.chain, graph.target)
    last, top = max(tier for tier, _ in found.values()), min(height for _, height in found.values())
    corner = {
        item: ((last - tier) * COLUMN, (height - top) * ROW) for item, (tier, height) in sorted(found.items())
    }
    width = last * COLUMN + BOX_WIDTH
    height = max(y for _, y in corner.values()) + BOX_HEIGHT
    lines = sorted(_lines(graph, corner), key=lambda line: (line["order"], line["y"], line["x"], line["y2"]))
    return {
        "config": CONFIG,
        "width": width,
        "height": height,
        "layer": [
            *_dashed_and_solid({"type": "rule", "strokeWidth": 1, "aria": False}, lines, width, height),
            *_dashed_and_solid(
                {"type": "rect", "cornerRadius": 3}, list(_boxes(graph, corner)), width, height
            ),
            {
                "data": values(_boxes(graph, corner)),
                "mark": {"type": "text", "fontSize": 10.5, "limit": BOX_WIDTH - 8, "aria": False},
                "encoding": {
                    "x": _place("middle", width),
                    "y": _place("centre", height),
                    "text": by("text", "nominal"),
                    "color": as_is("ink"),
                },
            },
            *_heads(last),
        ],
    }


def _dashed_and_solid(
    mark: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], width: float, height: float
) -> Iterator[Spec]:
    """Marks with dashed outline and marks with solid outline, as layers of their own."""
    box = mark["type"] == "rect"
    more = {"fill": as_is("fill"), "strokeWidth": as_is("thick"), "description": by("note", "nominal")}
    for dash, pattern in (("dashed", [4, 3]), ("solid", [1, 0])):
        chosen = [row for row in rows if row["dash"] == dash]
        if chosen:
            yield {
                "data": values(chosen),
                "mark": {**mark, "strokeDash": pattern},
                "encoding": {
                    "x": _place("x", width),
                    "y": _place("y", height),
                    "x2": {"field": "x2"},
                    "y2": {"field": "y2"},
                    "stroke": as_is("frame"),
                    **(more if box else {}),
                },
            }


def _place(field: str, end: float) -> Mapping[str, Any]:
    """A position in points, from the left or from the top."""
    return by(field, "quantitative", scale={"domain": [0, end], "range": [0, end], "nice": False}, axis=None)


def _heads(last: int) -> Iterable[Spec]:
    """The number of each tier above it."""
    for tier in range(last + 1):
        words = "end product" if tier == 0 else f"tier {tier}"
        yield {
            "data": {"values": [{}]},
            "mark": {"type": "text", "text": words, "color": QUIET, "aria": False},
            "encoding": {"x": {"value": (last - tier) * COLUMN + BOX_WIDTH / 2}, "y": {"value": -14}},
        }
