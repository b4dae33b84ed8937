"""What does each column on the losses of scenarios mean?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema

LENS = Column("lens", "text", "", "the model: goods, network, disruption, market-short or market-long")
UNIT = Column("unit", "text", "", "unit of loss, low, median, high and base; it differs from lens to lens")
LOSS = Column(
    "loss", "number", "as unit says", "loss over the horizon at the likely figures; a gain is negative"
)
LOW = Column(
    "low", "number", "as unit says", "loss that one in twenty draws stays below: the quantile at 5 %"
)
HIGH = Column("high", "number", "as unit says", "loss that one in twenty draws exceeds: the quantile at 95 %")
SHARE = Column("share", "number", "share", "loss at the likely figures over the base", "loss / base")

LOSSES = TableSchema(
    "losses",
    "what a scenario costs one country, or the bloc as a whole, in one lens; rows of two lenses are never added",
    (
        LENS,
        Column("horizon", "text", "", "the time in which the answer of the lens holds"),
        Column(
            "country", "text", "", "ISO 3166 alpha-3 code, or the bloc expression for all members together"
        ),
        Column("name", "text", "", "name of the country"),
        LOSS,
        UNIT,
        LOW,
        Column("median", "number", "as unit says", "loss of the middle draw"),
        HIGH,
        SHARE,
        Column("base", "number", "as unit says", "to what the share relates: see the caveats of the lens"),
        Column("coverage", "number", "share, 0 to 1", "of members that the data of the lens know"),
    ),
)

SHORTFALLS = TableSchema(
    "shortfalls",
    "how one product runs short in one country, at the likely figures",
    (
        Column("product", "text", "", "code of the Harmonized System"),
        Column("label", "text", "", "short name of the product"),
        Column("country", "text", "", "ISO 3166 alpha-3 code of the importer"),
        Column("imports_usd", "number", "USD", "imports of the product in a year"),
        Column(
            "struck_share", "number", "share, 0 to 1", "largest share of a day's use that does not arrive"
        ),
        Column(
            "days_of_cover",
            "number",
            "days",
            "how long stocks last against that gap; empty where all arrives",
            "stock / largest gap",
        ),
        Column(
            "first_day",
            "integer",
            "days",
            "whole days from the first day after which stocks no longer cover the day's use; empty where they do",
            "ceil(stock / gap) for a steady gap",
        ),
        Column("peak_day", "integer", "days", "days from the first day to that with the largest shortage"),
        Column("peak_share", "number", "share, 0 to 1", "share of the day's use that is missing on that day"),
        Column("missing_usd", "number", "USD", "imports missing over the days of the scenario"),
        Column("missing_share", "number", "share", "the same over a year's imports of the product"),
        Column("low", "number", "USD", "missing imports that one in twenty draws stays below"),
        Column("high", "number", "USD", "missing imports that one in twenty draws exceeds"),
    ),
)

SUPPLIER_LOSSES = TableSchema(
    "supplier_losses",
    "what the loss of one supplier costs the bloc as a whole, in one lens",
    (
        Column(
            "rank", "integer", "place, 1 is largest", "place among suppliers by what the bloc buys of them"
        ),
        Column("supplier", "text", "", "ISO 3166 alpha-3 code"),
        Column("name", "text", "", "name of the supplier"),
        LENS,
        LOSS,
        UNIT,
        LOW,
        HIGH,
        SHARE,
    ),
)

LOSS_COURSE = TableSchema(
    "loss_course",
    "what all members together lose in one span of time, at the likely figures, in one lens",
    (
        LENS,
        Column("from_day", "number", "days", "begin of the span, in days from the first day of the scenario"),
        Column("to_day", "number", "days", "its end"),
        Column("loss", "number", "as unit says", "loss in the span as a whole, not per day"),
        UNIT,
    ),
)

RANGES = TableSchema(
    "ranges",
    "how well one figure of one lens is known: a triangle between two ends",
    (
        LENS,
        Column("parameter", "text", "", "name, as a scenario file sets it under parameters"),
        Column("meaning", "text", "", "what it is"),
        Column("low", "number", "as unit says", "nothing below is drawn"),
        Column("likely", "number", "as unit says", "the figure where nothing is drawn"),
        Column("high", "number", "as unit says", "nothing above is drawn"),
        Column("unit", "text", "", "unit"),
        Column(
            "quality", "text", "", "read, second hand, recalled, own choice, or scenario: the file states it"
        ),
        Column("source", "text", "", "why the range is where it is"),
    ),
)

ALL_OF_LOSSES = (LOSSES, SHORTFALLS, SUPPLIER_LOSSES, LOSS_COURSE, RANGES)
