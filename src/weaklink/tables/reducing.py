"""What does each column on mixes of measures mean?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema

MEASURE = Column("measure", "text", "", "name of the measure in its catalogue")
WHERE = Column("where", "text", "", "place: country, asset, supplier or product, as the catalogue names it")
COST = Column(
    "cost", "number", "million of the catalogue's currency", "cost over the horizon of the scenario"
)

MEASURES = TableSchema(
    "measures",
    "one measure of a catalogue",
    (
        Column("catalogue", "text", "", "name of the catalogue"),
        MEASURE,
        Column("title", "text", "", "what is done"),
        Column("changes", "text", "", "what it changes of the system"),
        Column("where", "text", "", "where it can be used; empty: everywhere in scope"),
        Column("most", "text", "", "most at each place; empty: what the data allow"),
        Column("unit", "text", "", "unit of amounts"),
        Column(
            "unit_cost", "text", "", "cost of a unit over the horizon, with its range; user: must be given"
        ),
        Column("once", "text", "", "what is paid once, and the years that it lasts"),
        Column("money", "text", "", "money of the costs"),
        Column("quality", "text", "", "how good the source is"),
        Column("source", "text", "", "where costs and limits are from"),
    ),
)

REDUCE = TableSchema(
    "reduce",
    "one measure at one place in the cheapest mix that meets the targets",
    (
        MEASURE,
        WHERE,
        Column("label", "text", "", "name of the place for people"),
        Column("amount", "number", "as the column unit says", "how much of it"),
        Column("unit", "text", "", "unit of the amount"),
        Column("share_of_most", "number", "share, 0 to 1", "amount over the most that can be had there"),
        COST,
        Column(
            "effect",
            "number",
            "as the column effect_unit says",
            "how much more would be lost in the mean over the scenarios without it, all else as it is",
            "Σ_ω p_ω (L_ω(mix without it) - L_ω(mix))",
        ),
        Column("effect_unit", "text", "", "unit of losses"),
        Column("source", "text", "", "where its cost and limits are from"),
        Column("quality", "text", "", "how good that source is"),
    ),
)

FRONTIER = TableSchema(
    "reduce_frontier",
    "one point of the frontier: the cheapest mix at one level of risk",
    (
        COST,
        Column("risk", "number", "as losses", "the risk that the mix was asked to keep to"),
        Column(
            "expected", "number", "as losses", "mean loss over the scenarios, as optimised", "Σ_ω p_ω L_ω"
        ),
        Column("tail", "number", "as losses", "mean loss of the worst twentieth of the scenarios"),
        Column("worst", "number", "as losses", "largest loss of a scenario"),
        Column("replayed", "number", "as losses", "mean loss of the same mix in the simulator, by day"),
        Column(
            "price",
            "number",
            "million a unit of loss",
            "what one more unit of safety costs there",
            "-∂cost/∂risk",
        ),
        Column(
            "gap", "number", "share", "how far above the cheapest it can be at most", "(cost - bound) / cost"
        ),
    ),
)

GAINS = TableSchema(
    "reduce_gains",
    "what one country pays and gains from a mix",
    (
        Column("country", "text", "", "ISO 3166-1 alpha-3 code"),
        Column("label", "text", "", "name"),
        Column("cost", "number", "million of the catalogue's currency", "cost of the measures at its places"),
        Column("before", "number", "as losses", "mean loss without the mix, in the simulator"),
        Column("after", "number", "as losses", "mean loss with the mix, in the simulator"),
        Column("gain", "number", "as losses", "what it loses less", "before - after"),
        Column(
            "alone",
            "number",
            "million of the catalogue's currency",
            "cost of making up for its loss before by measures at its own places only; empty where they do not suffice",
        ),
    ),
)

YEARS = TableSchema(
    "reduce_years",
    "what to do in one year of a programme with a yearly budget",
    (
        Column("year", "integer", "year of the programme", "counted from 1"),
        MEASURE,
        WHERE,
        Column("amount", "number", "as the column unit says", "how much is added in that year"),
        Column("unit", "text", "", "unit of the amount"),
        COST,
        Column("expected", "number", "as losses", "mean loss at the end of that year, as optimised"),
    ),
)

REGRET = TableSchema(
    "reduce_regret",
    "what one mix loses in one scenario above the best that the same budget could do there",
    (
        Column("mix", "text", "", "for which scenario, or for all together, the mix was made"),
        Column("scenario", "text", "", "in which scenario it is judged"),
        COST,
        Column("loss", "number", "as losses", "mean loss of the mix in that scenario"),
        Column("best", "number", "as losses", "least mean loss there within the budget"),
        Column("regret", "number", "as losses", "the difference", "loss - best"),
    ),
)

STEPS = TableSchema(
    "reduce_steps",
    "one measure of a mix, in the order in which it lowers the loss most for its cost",
    (
        MEASURE,
        COST,
        Column("loss", "number", "as losses", "mean loss once it and all before it are there, by week"),
    ),
)

ALL_OF_REDUCING = (MEASURES, REDUCE, FRONTIER, GAINS, YEARS, REGRET, STEPS)
