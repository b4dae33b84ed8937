"""Tables on what an answer hangs on, whose part of a loss is whose, acting together, and what came of it."""

from __future__ import annotations

from weaklink.columns import Column, TableSchema

_UNIT = Column("loss_unit", "text", "", "unit of losses: that of the lens")

HANGS_ON = TableSchema(
    "hangs_on",
    "how far the loss of a bloc hangs on one figure that is not known exactly",
    (
        Column("parameter", "text", "", "name of the figure, as scenario files set it"),
        Column("meaning", "text", "", "what the figure is"),
        Column("low", "number", "as `unit` says", "low end of its range"),
        Column("likely", "number", "as `unit` says", "its likely figure"),
        Column("high", "number", "as `unit` says", "high end of its range"),
        Column("unit", "text", "", "unit of the figure"),
        Column(
            "loss_at_low",
            "number",
            "as `loss_unit` says",
            "loss of all members at the low end, all else likely",
        ),
        Column(
            "loss_at_high",
            "number",
            "as `loss_unit` says",
            "loss of all members at the high end, all else likely",
        ),
        _UNIT,
        Column(
            "first_order",
            "number",
            "share of variance",
            "what would go of the variance of the loss if this figure were known",
            "V(E(loss | figure)) / V(loss)",
            "Sobol' (1993), Mathematical Modelling and Computational Experiments 1(4), 407",
        ),
        Column("first_error", "number", "share of variance", "standard error of first_order, by bootstrap"),
        Column(
            "total",
            "number",
            "share of variance",
            "what would be left of the variance of the loss if all other figures were known",
            "E(V(loss | all others)) / V(loss)",
            "Homma and Saltelli (1996), Reliability Engineering and System Safety 52(1), 1",
        ),
        Column("total_error", "number", "share of variance", "standard error of total, by bootstrap"),
        Column("quality", "text", "", "how good the source of the range is"),
        Column("source", "text", "", "why the range is this wide"),
    ),
)

ATTRIBUTION = TableSchema(
    "attribution",
    "the part of a loss that is due to one supplier, product or shock",
    (
        Column("part", "text", "", "supplier, product or shock; `total` is all of them"),
        Column("label", "text", "", "its name for people"),
        Column("country", "text", "", "the member whose loss it is; `all` is the sum over members"),
        Column(
            "loss", "number", "as `loss_unit` says", "its part of the loss; the parts add up to the total"
        ),
        Column("share", "number", "share of the total", "its part over the total of the same country"),
        Column(
            "error", "number", "as `loss_unit` says", "standard error of the part; 0 where none is sampled"
        ),
        Column("alone", "number", "as `loss_unit` says", "the loss if only this happened"),
        Column(
            "last", "number", "as `loss_unit` says", "what the loss would be less if only this did not happen"
        ),
        _UNIT,
        Column("method", "text", "", "how the loss was split"),
    ),
)

RANKS = TableSchema(
    "ranks",
    "the place of one country in the order of losses, and how sure it is",
    (
        Column("country", "text", "", "member"),
        Column("label", "text", "", "its name for people"),
        Column("rank", "integer", "place", "place by loss at the likely figures; 1 loses most"),
        Column("loss", "number", "as `loss_unit` says", "loss at the likely figures"),
        _UNIT,
        Column("rank_low", "number", "place", "5 % of the draws have it at this place or a better one"),
        Column("rank_high", "number", "place", "5 % of the draws have it at this place or a worse one"),
        Column(
            "top_chance",
            "number",
            "share of draws",
            "chance to be among the first so many; equal losses by lot",
        ),
        Column(
            "overtaken",
            "number",
            "share of draws",
            "chance that the next country in the order loses more than this one; equal losses count half",
        ),
    ),
)

SOLIDARITY = TableSchema(
    "solidarity",
    "what acting together is worth to one member, and what it brings to the others",
    (
        Column("country", "text", "", "member; `total` is all of them"),
        Column("label", "text", "", "its name for people"),
        Column("joining", "text", "", "yes for those named by --with, else no"),
        Column("alone", "number", "as `loss_unit` says", "its loss if every member acts alone"),
        Column(
            "own_first",
            "number",
            "as `loss_unit` says",
            "its loss if all pass on only what they do not need themselves; empty where the lens has no such rule",
        ),
        Column("together", "number", "as `loss_unit` says", "its loss if all members act together"),
        Column(
            "gain",
            "number",
            "as `loss_unit` says",
            "alone less together: what solidarity is worth to it; negative: it gives more than it gets",
        ),
        Column(
            "without_joining", "number", "as `loss_unit` says", "its loss if those named by --with stay out"
        ),
        Column(
            "contribution",
            "number",
            "as `loss_unit` says",
            "its part of what acting together saves all: Shapley value; the parts add up to the total",
        ),
        Column("error", "number", "as `loss_unit` says", "standard error of the contribution; 0 where exact"),
        Column(
            "last", "number", "as `loss_unit` says", "what all others together would lose more without it"
        ),
        _UNIT,
        Column("method", "text", "", "how the contributions were found"),
    ),
)

BACK_TESTS = TableSchema(
    "back_tests",
    "one figure of something that is past: what a model would have said on the day before, and what happened",
    (
        Column("test", "text", "", "name of the test: a scenario of the past"),
        Column("lens", "text", "", "the lens that is tested"),
        Column("figure", "text", "", "what is compared"),
        Column("item", "text", "", "product or area; `all` are all products at prices before"),
        Column("modelled", "number", "as `unit` says", "by the model, with data of the day before"),
        Column("low", "number", "as `unit` says", "5 % of the draws are below; empty where nothing is drawn"),
        Column(
            "high", "number", "as `unit` says", "5 % of the draws are above; empty where nothing is drawn"
        ),
        Column("observed", "number", "as `unit` says", "as it was"),
        Column("error", "number", "as `unit` says", "modelled less observed"),
        Column("within", "text", "", "yes if what was observed lies between low and high"),
        Column(
            "against_trend",
            "number",
            "as `unit` says",
            "as it was, against the mean of three years before instead of the last one",
        ),
        Column("unit", "text", "", "share, times the figure before, or the unit of a network"),
        Column("data_of", "text", "", "year of the data that the model used"),
        Column("outcome_of", "text", "", "year of the outcome"),
        Column("source", "text", "", "who says what was announced, or what happened"),
        Column("reason", "text", "", "where the error comes from, as far as we know"),
    ),
)

ALL_OF_ATTRIBUTION = (HANGS_ON, RANKS, ATTRIBUTION, SOLIDARITY, BACK_TESTS)
