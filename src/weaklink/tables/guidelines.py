"""What does each column on resilience guidelines and plans to meet them mean?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema

COUNTRY = Column("country", "text", "", "ISO 3166 alpha-3 of the member; bloc: the bloc taken as one")
NAME = Column("name", "text", "", "its name")
FRAMEWORK = Column("framework", "text", "", "the framework of guidelines")
REQUIREMENT = Column("requirement", "text", "", "short name of the requirement")
TITLE = Column("title", "text", "", "what it is called")
COVERAGE = Column(
    "coverage",
    "number",
    "share, 0 to 1",
    "indicators with a value over indicators that apply; empty: none applies",
)
SCORE = "0 to 10"

GUIDELINES = TableSchema(
    "guidelines",
    "one framework of guidelines",
    (
        FRAMEWORK,
        TITLE,
        Column("assessed", "text", "", "member: each by itself; bloc: the bloc as one"),
        Column("requirements", "integer", "requirements", "how many there are"),
        Column("indicators", "integer", "indicators", "how many there are"),
        Column("computed", "integer", "indicators", "those that this program computes"),
        Column("entered", "integer", "indicators", "those that are entered from a sheet"),
        Column("self_assessed", "integer", "indicators", "those that members say of themselves"),
        Column("own_goalposts", "integer", "indicators", "those whose goalposts are our own choice"),
        Column("coverage_floor", "number", "share, 0 to 1", "coverage below which there is no score"),
        Column("level_by", "text", "", "which score the level is read from"),
        Column("citation", "text", "", "who published it, where and when"),
    ),
)

GUIDELINE_INDICATORS = TableSchema(
    "guideline_indicators",
    "one indicator of a framework",
    (
        REQUIREMENT,
        Column("indicator", "text", "", "short name of the indicator"),
        TITLE,
        Column("unit", "text", "", "unit of its value"),
        Column("kind", "text", "", "computed, entered or self-assessed; stress: a result of a stress test"),
        Column("figure", "text", "", "the computed figure, and what it is asked for"),
        Column("worst", "number", "the indicator's unit", "value that scores 0"),
        Column("best", "number", "the indicator's unit", "value that scores 10"),
        Column("goalposts_status", "text", "", "read in the source, recalled, or own choice"),
        Column("goalposts_source", "text", "", "who set the goalposts"),
        Column("benchmark", "text", "", "a published limit, and whether it was read or recalled"),
        Column("note", "text", "", "what to know about it"),
    ),
)

GUIDELINE_FIGURES = TableSchema(
    "guideline_figures",
    "one figure that frameworks may name",
    (
        Column("figure", "text", "", "the name"),
        TITLE,
        Column("unit", "text", "", "unit of its value"),
        Column("lens", "text", "", "what computes it"),
        Column("given", "text", "", "what it may be given, with the default"),
        Column("entered", "text", "", "values that it needs from the sheet of entered values"),
    ),
)

ASSESSMENT = TableSchema(
    "assessment",
    "how one member stands against one requirement",
    (
        COUNTRY,
        NAME,
        REQUIREMENT,
        TITLE,
        Column(
            "score_minimum",
            "number",
            SCORE,
            "least score of the indicators with a value; empty where coverage is below the floor",
            "min_i s_i",
        ),
        Column(
            "score_geometric",
            "number",
            SCORE,
            "geometric mean of the same scores; empty where coverage is below the floor",
            "(Π_i s_i)^(1/n)",
        ),
        Column("level", "text", "", "the level of the score that the framework judges by"),
        COVERAGE,
        Column("known", "integer", "indicators", "indicators with a value"),
        Column("applying", "integer", "indicators", "indicators that apply"),
        Column("benchmarks", "text", "", "published limits that are met, of those that can be told"),
        Column("self_score", "number", SCORE, "what the member says of itself"),
        Column("self_level", "text", "", "the level of that"),
        Column("stress_score", "number", SCORE, "least score of the results of stress tests"),
        Column("stress_level", "text", "", "the level of that"),
        Column(
            "divergence",
            "integer",
            "levels",
            "how far score, self-assessment and stress test are apart; empty where fewer than two are known",
        ),
        Column("flag", "text", "yes, no", "yes: they are apart by more than one level"),
        Column("weakest", "text", "", "indicator with the least score"),
        Column("indicators", "text", "", "every indicator with value and score, or why it has none"),
        Column("sources", "text", "", "where the values come from"),
    ),
)

ASSESSMENT_INDICATORS = TableSchema(
    "assessment_indicators",
    "one indicator of one member",
    (
        COUNTRY,
        NAME,
        REQUIREMENT,
        Column("indicator", "text", "", "short name of the indicator"),
        TITLE,
        Column("kind", "text", "", "computed, entered, self-assessed or stress"),
        Column("state", "text", "", "known, missing or not applicable"),
        Column("value", "number", "the indicator's unit", "its value"),
        Column("unit", "text", "", "unit of the value"),
        Column(
            "score", "number", SCORE, "the value between its goalposts", "10 (v - worst) / (best - worst)"
        ),
        Column("worst", "number", "the indicator's unit", "value that scores 0"),
        Column("best", "number", "the indicator's unit", "value that scores 10"),
        Column("goalposts_status", "text", "", "read in the source, recalled, or own choice"),
        Column(
            "benchmark_met", "text", "yes, no", "whether a published limit is met; empty: none, or no value"
        ),
        Column("date", "text", "", "of when the value is"),
        Column("source", "text", "", "where it comes from"),
        Column("note", "text", "", "what to know about it, or why there is none"),
    ),
)

SUPPORT_PLANS = TableSchema(
    "support_plans",
    "one action of a plan of support for a partner",
    (
        Column("partner", "text", "", "ISO 3166 alpha-3 of the partner"),
        Column("partner_name", "text", "", "its name"),
        Column("goal", "text", "", "the goal that the action serves"),
        Column(
            "requirement", "text", "", "the requirement that the goal is tied to, as framework.requirement"
        ),
        Column("action", "text", "", "what is done"),
        Column("owner", "text", "", "who answers for it"),
        Column("currency", "text", "", "currency of the amounts"),
        Column("needed", "integer", "whole units of the currency", "what it costs"),
        Column("funded", "integer", "whole units of the currency", "what is promised for it, with a source"),
        Column("spent", "integer", "whole units of the currency", "what has been spent"),
        Column(
            "funding_gap",
            "integer",
            "whole units of the currency",
            "what is not funded",
            "max(0, needed - funded)",
        ),
        Column("milestones", "integer", "milestones", "how many there are"),
        Column("done", "integer", "milestones", "those that are reached"),
        Column("progress", "number", "share, 0 to 1", "milestones reached over milestones"),
        Column("overdue", "integer", "milestones", "those due before the day asked and not reached"),
        Column("next_due", "text", "", "the next milestone that is not reached, and its day"),
        Column(
            "start_score",
            "number",
            SCORE,
            "the requirement's score when the goal was set, as the plan states",
        ),
        Column("target_score", "number", SCORE, "the score to be reached"),
        Column("state", "text", "", "done, late, unfunded, on course"),
    ),
)

ALL_OF_GUIDELINES = (
    GUIDELINES,
    GUIDELINE_INDICATORS,
    GUIDELINE_FIGURES,
    ASSESSMENT,
    ASSESSMENT_INDICATORS,
    SUPPORT_PLANS,
)
