"""What does the network of gas say of a party: N-1, stores, saving, stress? Findings for guidelines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache

from weaklink.guidelines.scoring import Finding, missing, not_applicable
from weaklink.result import Result
from weaklink.study.guideline_findings import BLOC, Asked, Found, Party, source_in, source_of
from weaklink.study.network_outages import standard
from weaklink.study.networks import folder
from weaklink.study.stress import stressed


@cache
def _standard(network: str) -> Result:
    """The N-1 figures of a network, computed once."""
    return standard(network)


@cache
def _played(scenario: str) -> tuple[Result, str]:
    """What a scenario does to each country, computed once, and its first day."""
    played = stressed(scenario)
    return played.countries, played.case.days[0].isoformat()


def n_minus_1(column: str) -> Callable[[Asked], Found]:
    """One of the N-1 figures of single countries, as a ratio: 1 and more passes."""

    def found(asked: Asked) -> Found:
        network = folder(asked.given["network"])
        answer = _standard(asked.given["network"])
        rows = {row["country"]: row for row in answer.records()}
        largest = "largest_supplier" if column == "n_minus_supplier" else "largest"

        def of(party: Party) -> Finding:
            row = rows.get(party.code)
            if row is None:
                return _no_node(party, network.network.nodes)
            return Finding(
                row[column],
                "known",
                source_of(answer),
                network.about.first_day.isoformat(),
                f"without {row[largest] or 'any supplier of its own'}",
            )

        return Found(
            {party.code: of(party) for party in asked.parties}, answer.provenance.cards, answer.caveats
        )

    return found


def _no_node(party: Party, nodes: Iterable[str]) -> Finding:
    if party.code == BLOC:
        return missing("asked of single countries only")
    if party.code in nodes:
        return not_applicable("no gas is used in the network")
    return missing("the network does not reach it")


def storage_at_start(asked: Asked) -> Found:
    """The level of stores on the first day of the network's horizon over their working volume."""
    found = folder(asked.given["network"])
    stores = [one for one in found.network.storages if one.kind == "storage"]

    def of(party: Party) -> Finding:
        mine = [one for one in stores if one.node in party.countries]
        volume = math.fsum(one.volume for one in mine)
        if not volume:
            inside = set(party.countries) & set(found.network.nodes)
            return not_applicable("no stores") if inside else missing("the network does not reach it")
        level = math.fsum(one.start for one in mine) / volume
        day = found.about.first_day.isoformat()
        return Finding(
            level, "known", source_in(found.card()), day, f"working volume {volume:,.0f} {found.about.unit}"
        )

    return Found(
        {party.code: of(party) for party in asked.parties}, (found.card(),), tuple(found.about.caveats)
    )


def saving(asked: Asked) -> Found:
    """1 − demand of the horizon over that of the reference course."""
    found, usual = folder(asked.given["network"]), folder(asked.given["network"], asked.given["reference"])
    actual_of = dict(zip(found.network.nodes, found.network.demand_by_node, strict=True))
    usual_of = dict(zip(usual.network.nodes, usual.network.demand_by_node, strict=True))

    def of(party: Party) -> Finding:
        nodes = [node for node in party.countries if usual_of.get(node)]
        if not nodes:
            return missing("the network has no demand of it")
        value = 1 - math.fsum(actual_of[one] for one in nodes) / math.fsum(usual_of[one] for one in nodes)
        span = f"{found.about.first_day} to {found.about.last_day}"
        return Finding(
            value, "known", source_in(found.card()), span, f"against {asked.given['reference']} demand"
        )

    return Found(
        {party.code: of(party) for party in asked.parties}, (found.card(),), tuple(found.about.caveats)
    )


def curtailment(asked: Asked) -> Found:
    """Unserved demand over demand when a scenario is played on its network."""
    answer, first_day = _played(asked.given["scenario"])
    unserved, demand = (
        next(name for name in answer.schema.names if name.startswith(start))
        for start in ("unserved_", "demand_")
    )
    rows = {row["country"]: row for row in answer.records()}

    def of(party: Party) -> Finding:
        mine = [rows[code] for code in party.countries if code in rows]
        if not mine:
            return missing("the network does not reach it")
        rate = math.fsum(row[unserved] for row in mine) / math.fsum(row[demand] for row in mine)
        return Finding(rate, "known", source_of(answer), first_day, f"scenario {asked.given['scenario']}")

    return Found({party.code: of(party) for party in asked.parties}, answer.provenance.cards, answer.caveats)
