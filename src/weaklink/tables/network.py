"""What does each column on supply networks, their stress and their outages mean?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema

NODE = Column(
    "country", "text", "", "code of the node: ISO 3166 alpha-3 for countries, else as the network names it"
)
LABEL = Column("label", "text", "", "name of the node for people")
DAY = Column("day", "text", "", "day, as 2022-10-01")


def _amount(name: str, unit: str, meaning: str, formula: str = "") -> Column:
    return Column(f"{name}_{slug(unit)}", "number", unit, meaning, formula)


def _share(name: str, meaning: str, formula: str = "") -> Column:
    return Column(name, "number", "share, 0 to 1", meaning, formula)


def slug(unit: str) -> str:
    """A unit as the end of a column's name.

    >>> slug("GWh"), slug("1,000 l")
    ('gwh', '1000_l')
    """
    return "".join(letter if letter.isalnum() else "_" for letter in unit.lower().replace(",", ""))


def stress(unit: str) -> TableSchema:
    """What a scenario does to each node, in the unit of its network."""
    return TableSchema(
        "stress",
        "what a scenario does to one country, or node, over the horizon",
        (
            NODE,
            LABEL,
            Column(
                "in_scope", "text", "", "yes: the scenario is asked for it; no: it is only joined to those"
            ),
            _amount("demand", unit, "demand over the horizon"),
            _amount("unserved", unit, "unserved demand over the horizon", "Σ_t u_t"),
            _share("curtailment_rate", "unserved demand over demand", "Σ_t u_t / Σ_t D_t"),
            _amount("protected_unserved", unit, "unserved demand of the best protected class"),
            _share("worst_day_rate", "largest curtailment rate of a day", "max_t u_t / D_t"),
            Column("worst_day", "text", "", "the day of the largest rate; empty where all is served"),
            Column("first_day", "text", "", "first day with unserved demand: until then it survives"),
            Column(
                "days_unserved",
                "integer",
                "days",
                "days with unserved demand above 0.1 % of the day's demand",
            ),
            _share("min_storage_share", "least level of its stores over their working volume"),
            _share("end_storage_share", "level of its stores at the end over their working volume"),
            _share("curtailment_low", "curtailment rate that one in twenty drawn winters stays below"),
            _share("curtailment_median", "curtailment rate of the middle drawn winter"),
            _share("curtailment_high", "curtailment rate that one in twenty drawn winters exceeds"),
            _share("probability_of_curtailment", "share of drawn winters with more than 0.1 % unserved"),
        ),
    )


def stress_days(unit: str) -> TableSchema:
    """The course of a scenario, day by day."""
    return TableSchema(
        "stress_days",
        "what a scenario does to one country, or node, on one day",
        (
            DAY,
            NODE,
            _amount("demand", unit, "demand of the day"),
            _amount("unserved", unit, "unserved demand of the day"),
            _amount("stored", unit, "what its stores hold at the end of the day"),
            _share("storage_share", "the same over their working volume"),
        ),
    )


def stress_flows(unit: str) -> TableSchema:
    """What passes links and entries."""
    return TableSchema(
        "stress_flows",
        "what passes one link or entry over the horizon",
        (
            Column("name", "text", "", "link or entry"),
            Column("kind", "text", "", "link, production, border or terminal"),
            Column("origin", "text", "", "node where it begins; the supplier of an entry"),
            Column("destination", "text", "", "node where it ends"),
            _amount(
                "flow", unit, "net amount from origin to destination over the horizon, in the plan shown"
            ),
            _share("used", "amount over capacity in the direction of the net flow"),
        ),
    )


def outages(unit: str) -> TableSchema:
    """What the loss of assets does."""
    return TableSchema(
        "outages",
        "what happens where one asset, or several together, are out for the whole horizon",
        (
            Column("rank", "integer", "place, 1 is worst", "order by what is added"),
            Column("assets", "text", "", "what is out; several are joined by +"),
            _amount("unserved", unit, "unserved demand of all nodes with the outage"),
            _amount("added", unit, "the same less that without the outage"),
            Column("hit_most", "text", "", "node whose unserved demand rises most"),
            Column(
                "proof", "text", "", "how it is known: solved, bound, or unused in the plan without outage"
            ),
        ),
    )


def n_minus_1(unit: str) -> TableSchema:
    """The infrastructure standard of Regulation (EU) 2017/1938."""
    rate = f"{unit}/day"
    return TableSchema(
        "n_minus_1",
        "whether one country could meet its peak day without its largest infrastructure",
        (
            NODE,
            LABEL,
            _amount("peak", rate, "demand on the peak day", "D_max"),
            _amount("borders", rate, "capacity of border entry points", "EP_m"),
            _amount("production", rate, "production", "P_m"),
            _amount("storage", rate, "withdrawal from full stores", "S_m"),
            _amount("terminals", rate, "send-out of terminals", "LNG_m"),
            Column("largest", "text", "", "the single largest infrastructure"),
            _amount("largest_capacity", rate, "its capacity", "I_m"),
            Column(
                "n_minus_1",
                "number",
                "share; 1 or more meets the standard",
                "the formula with full stores",
                "(EP_m + P_m + S_m + LNG_m − I_m) / D_max",
                "Regulation (EU) 2017/1938, Annex II",
            ),
            Column(
                "n_minus_1_low_storage",
                "number",
                "share; 1 or more meets the standard",
                "the formula with stores at 30 %",
                "(EP_m + P_m + S_m(30 %) + LNG_m − I_m) / D_max",
                "Regulation (EU) 2017/1938, Annex II",
            ),
            Column(
                "n_minus_1_demand_side",
                "number",
                "share; 1 or more meets the standard",
                "the formula with demand-side measures (recalled form)",
                "(EP_m + P_m + S_m + LNG_m − I_m) / (D_max − D_eff)",
                "Regulation (EU) 2017/1938, Annex II",
            ),
            Column("largest_supplier", "text", "", "the supplier whose loss takes most capacity"),
            Column(
                "n_minus_supplier",
                "number",
                "share; 1 or more passes",
                "the formula without that supplier instead of one infrastructure; an own figure, no standard",
                "(EP_m + P_m + S_m + LNG_m − largest supplier) / D_max",
            ),
        ),
    )


def regional_n_minus_1(unit: str) -> TableSchema:
    """The N-1 of a region without a corridor."""
    rate = f"{unit}/day"
    return TableSchema(
        "regional_n_minus_1",
        "whether one country could meet its peak day without a corridor that feeds several",
        (
            NODE,
            LABEL,
            _amount("peak", rate, "demand on the peak day", "X_DOM"),
            _amount(
                "borders", rate, "entries over borders without the corridor, each in full", "Σ_{i>1} E_CB,i"
            ),
            _amount("production", rate, "production", "E_P"),
            _amount("storage", rate, "withdrawal from full stores", "E_UGS"),
            _amount("terminals", rate, "send-out of terminals (no term of the published formula)", "E_LNG"),
            _amount("lost", rate, "what the corridor would bring to it", "E_CB,1"),
            Column(
                "n_minus_1",
                "number",
                "share; 1 or more passes",
                "the formula, every entry counted in full even if nothing is left behind it",
                "(Σ_{i>1} E_CB,i + E_UGS + E_P + E_LNG) / X_DOM",
                "Gas Regional Investment Plan CEE 2017",
            ),
            Column(
                "passed_on",
                "number",
                "share; 1 or more passes",
                "the same where all serve themselves first and pass on their surplus; above 1 with nobody else going "
                "short for it",
            ),
        ),
    )


def limits(unit: str) -> TableSchema:
    """How far a network is from its limits."""
    return TableSchema(
        "limits",
        "one figure on how far a network is from its limits",
        (
            Column("figure", "text", "", "survival, saving, flexibility, bottleneck or routes"),
            Column("of", "text", "", "all, a node or an asset"),
            Column(
                "value",
                "number",
                "as `unit` says",
                "survival: days from the start through which all is served; saving: least share of all demand to "
                "save so that nothing is unserved; flexibility: share of a node's demand, added once more, that "
                "could be served (ENTSOG); bottleneck: unserved demand avoided by one per cent more capacity; routes: "
                "import route diversification (ENTSOG), 10,000 where there is one route alone",
            ),
            Column(
                "checked",
                "number",
                "as `unit` says",
                "the same of a bottleneck by a finite difference, where asked",
            ),
            Column("unit", "text", "", f"days, share, points or {unit}"),
        ),
    )


def back_test(unit: str) -> TableSchema:
    """What the model says of a winter, and what happened."""
    return TableSchema(
        "back_test",
        "one figure of a past winter: by the model and as it was",
        (
            Column("figure", "text", "", "what is compared"),
            Column("area", "text", "", "of which countries"),
            Column("modelled", "number", "as `unit` says", "by the model"),
            Column("actual", "number", "as `unit` says", "as it was"),
            Column("error", "number", "as `unit` says", "modelled less actual"),
            Column("unit", "text", "", f"unit of the row: share or {unit}"),
            Column("source", "text", "", "who says what happened"),
            Column("reason", "text", "", "where the difference comes from, as far as we know"),
        ),
    )


SCENARIOS = TableSchema(
    "scenarios",
    "what one scenario is",
    (
        Column("scenario", "text", "", "its name, for `weaklink stress`"),
        Column("title", "text", "", "what happens"),
        Column("who", "text", "", "for whom it is asked, as a bloc expression"),
        Column("network", "text", "", "the network that it happens to"),
        Column("demand", "text", "", "course of demand; empty: as in demand.csv"),
        Column("lost", "text", "", "what is lost, and how much of it"),
        Column("response", "text", "", "sharing, saving and foresight"),
        Column("source", "text", "", "what it rests on"),
        Column(
            "lenses", "text", "", "which lenses of `weaklink stress` can read it, as far as the file tells"
        ),
    ),
)

NETWORKS = TableSchema(
    "networks",
    "what one embedded network is",
    (
        Column("network", "text", "", "its name"),
        Column("title", "text", "", "what it is"),
        Column("unit", "text", "", "unit of amounts; capacities are in it per day"),
        Column("nodes", "integer", "count", "nodes"),
        Column("links", "integer", "count", "links"),
        Column("entries", "integer", "count", "production, border points and terminals"),
        Column("storages", "integer", "count", "stores"),
        Column("days", "integer", "days", "length of the horizon"),
        Column("cases", "text", "", "further courses of demand"),
        Column("recalled", "integer", "rows", "rows whose figure is recalled and waits for a check"),
        Column("rows", "integer", "rows", "rows of all sheets"),
    ),
)

NETWORK_PARTS = TableSchema(
    "network_parts",
    "one row of a network's sheets on links, entries, suppliers and stores",
    (
        Column("sheet", "text", "", "links, entries, suppliers or storages"),
        Column("name", "text", "", "as the network names it"),
        Column("origin", "text", "", "node where it begins, or the supplier"),
        Column("destination", "text", "", "node where it is or ends"),
        Column("capacity", "number", "unit of the network, per day", "capacity from origin to destination"),
        Column("backward", "number", "unit of the network, per day", "capacity the other way"),
        Column("volume", "number", "unit of the network", "working volume of a store"),
        Column("quality", "text", "", "published, derived, recalled, assumed or invented"),
        Column("source", "text", "", "who published it"),
        Column("note", "text", "", "what else must be known"),
    ),
)

STRESS = stress("GWh")
STRESS_DAYS = stress_days("GWh")
STRESS_FLOWS = stress_flows("GWh")
OUTAGES = outages("GWh")
N_MINUS_1 = n_minus_1("GWh")
REGIONAL_N_MINUS_1 = regional_n_minus_1("GWh")
LIMITS = limits("GWh")
BACK_TEST = back_test("GWh")
ALL_OF_NETWORKS = (
    STRESS,
    STRESS_DAYS,
    STRESS_FLOWS,
    OUTAGES,
    N_MINUS_1,
    REGIONAL_N_MINUS_1,
    LIMITS,
    BACK_TEST,
    SCENARIOS,
    NETWORKS,
    NETWORK_PARTS,
)
