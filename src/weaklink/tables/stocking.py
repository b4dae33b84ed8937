"""What does each column on stocks and on mutual aid mean?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema
from weaklink.tables.reducing_materials import LABEL, MONEY, PRODUCT

STOCK_RULES = TableSchema(
    "stock_rules",
    "one rule on stocks and how a stock stands against it",
    (
        Column("rule", "text", "", "which rule, and what it asks"),
        Column("required", "number", "as the column unit says", "what it asks for"),
        Column("held", "number", "as the column unit says", "what is held; empty where that was not said"),
        Column("unit", "text", "", "unit of both"),
        Column("kept", "text", "", "yes, no, or empty where it is not known"),
        Column("source", "text", "", "who says so, and whether it was read"),
    ),
)

STOCK_LEVEL = TableSchema(
    "stock_level",
    "one level of a stock against supply that fails at random times for random days",
    (
        Column("level", "text", "", "none; the optimum; half and twice the optimum for comparison"),
        Column("stock", "number", "the user's unit", "how much is held"),
        Column("days", "number", "days", "how long it lasts at the daily use", "stock / use"),
        Column("keeping", "number", "the user's money, a year", "capital, storage and renewal"),
        Column(
            "missing",
            "number",
            "the user's unit, a year",
            "what is missing in the mean",
            "yearly · use · ∫ P(longer than t) dt from stock / use",
        ),
        Column("loss", "number", "the user's money, a year", "what that loses in the mean"),
        Column("total", "number", "the user's money, a year", "both", "keeping + loss"),
    ),
)

STOCK_NEEDS = TableSchema(
    "stock_needs",
    "the stock of one product that is enough in a scenario with a stated chance",
    (
        PRODUCT,
        LABEL,
        Column("members", "integer", "count", "members of which anything is struck"),
        Column("use_musd", "number", f"{MONEY}, a day", "what they use of it together"),
        Column(
            "usual_days",
            "number",
            "days of use",
            "what the lens of goods takes to be in stock anyway, likely",
        ),
        Column("alone_musd", "number", MONEY, "stocks that are enough, each member's for itself, added up"),
        Column("together_musd", "number", MONEY, "one stock of all that is enough with the same chance"),
        Column("saved", "number", "share", "what pooling saves", "1 - together / Σ alone"),
        Column("alone_days", "number", "days of use", "the stocks of each for itself as days of use"),
        Column("together_days", "number", "days of use", "the stock of all as days of use"),
        Column("keeping_alone", "number", f"{MONEY}, a year", "what keeping the former costs"),
        Column("keeping_together", "number", f"{MONEY}, a year", "what keeping the latter costs"),
        Column(
            "worth_musd",
            "number",
            MONEY,
            "stock at which one more dollar saves in the mean what it costs, if the scenario comes with its chance",
            "newsvendor; empty where no chance and loss were given",
        ),
    ),
)

MUTUAL_AID = TableSchema(
    "mutual_aid",
    "what one member has, needs, gives and gets",
    (
        Column("member", "text", "", "who"),
        Column("has", "number", "as stated", "what it has"),
        Column("needs", "number", "as stated", "what it needs"),
        Column("floor", "number", "as stated", "what it keeps whatever others lack; at least its needs"),
        Column("gives", "number", "as stated", "what it gives"),
        Column("gets", "number", "as stated", "what it gets"),
        Column("unmet_before", "number", "share, 0 to 1", "share of its needs that it cannot meet itself"),
        Column("unmet_after", "number", "share, 0 to 1", "share that stays unmet"),
    ),
)

MUTUAL_AID_FLOWS = TableSchema(
    "mutual_aid_flows",
    "what one member gives another",
    (
        Column("giver", "text", "", "who gives"),
        Column("receiver", "text", "", "who gets"),
        Column("amount", "number", "as stated", "how much"),
        Column("most", "number", "as stated", "the most that can go that way; empty where nothing limits it"),
    ),
)

ALL_OF_STOCKING = (STOCK_RULES, STOCK_LEVEL, STOCK_NEEDS, MUTUAL_AID, MUTUAL_AID_FLOWS)
