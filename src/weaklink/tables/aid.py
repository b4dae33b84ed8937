"""What does each column on the ledger of assistance mean?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema

DONOR = Column("donor", "text", "", "ISO 3166 alpha-3 of a state, or the short name of an institution")
DONOR_NAME = Column("donor_name", "text", "", "its name")
CLASS = Column("item_class", "text", "", "class of items; all: every class together")
CURRENCY = Column("currency", "text", "", "currency of the amounts, ISO 4217")
MONEY = "units of the currency"
NEED = Column("need", "text", "", "id of the need")
RECIPIENT = Column("recipient", "text", "", "who needs it, ISO 3166 alpha-3")
PLACE = Column("place", "text", "", "where")
ITEM = Column("item", "text", "", "what")
UNIT = Column("unit", "text", "", "unit of the amounts beside it")
URGENCY = Column("urgency", "integer", "1 is most urgent", "urgency of the need")
IN_UNIT = "the unit beside it"


def _money(name: str, meaning: str) -> Column:
    return Column(name, "number", MONEY, meaning)


AID_ENTRIES = TableSchema(
    "aid_entries",
    "one entry of the ledger",
    (
        Column("id", "text", "", "id of the entry"),
        Column(
            "kind",
            "text",
            "",
            "need, pledge, commitment, allocation, transport, delivery, verification, withdrawal",
        ),
        Column("date", "text", "", "its day"),
        DONOR,
        RECIPIENT,
        CLASS,
        ITEM,
        Column("quantity", "number", IN_UNIT, "how much"),
        UNIT,
        _money("amount", "value as the donor states it"),
        CURRENCY,
        Column("follows", "text", "", "the entry that it carries out"),
        NEED,
        Column("counted", "text", "", "yes, or why it is not added"),
        Column("source", "text", "", "where it is said"),
    ),
)

AID_HISTORY = TableSchema(
    "aid_history",
    "one change of an entry",
    (
        Column("version", "integer", "version", "which change of the entry it is"),
        Column("time", "text", "", "when it was written, UTC"),
        Column("who", "text", "", "who wrote it"),
        Column("action", "text", "", "add, change or remove"),
        Column("field", "text", "", "what changed"),
        Column("before", "text", "", "its value before"),
        Column("after", "text", "", "its value after"),
        Column("why", "text", "", "why, as the writer said"),
    ),
)

AID_IMPORT = TableSchema(
    "aid_import",
    "what an import would change, or has changed, for one entry",
    (
        Column("id", "text", "", "id of the entry"),
        Column("kind", "text", "", "what the entry is"),
        Column("action", "text", "", "add, change; absent: in the ledger, and no longer in the source"),
        Column("fields", "text", "", "what changes, from what to what"),
    ),
)

AID_TOTALS = TableSchema(
    "aid_totals",
    "the assistance of one donor, in one class",
    (
        DONOR,
        DONOR_NAME,
        CLASS,
        CURRENCY,
        _money("pledged", "pledged or further, less what was withdrawn"),
        _money("committed", "committed or further, less what was withdrawn"),
        _money("allocated", "allocated or further, less what was withdrawn"),
        _money("in_transport", "sent on its way, or arrived"),
        _money("delivered", "arrived"),
        _money("verified", "seen by somebody"),
        _money("withdrawn", "withdrawn of all promises"),
        Column("entries", "integer", "entries", "entries that are added"),
        Column("unvalued", "integer", "entries", "of these, entries without a value on the basis asked"),
        Column("unrated", "integer", "entries", "of these, entries without a rate of exchange for their day"),
        Column("not_added", "integer", "entries", "entries left out so that nothing counts twice"),
        Column(
            "gdp_share", "number", "share of GDP", "allocated over GDP; empty without GDP", "allocated / GDP"
        ),
        Column("gdp_source", "text", "", "whose GDP, and of which year"),
    ),
)

AID_VALUES = TableSchema(
    "aid_values",
    "what one donor's assistance at one stage is worth on each basis",
    (
        DONOR,
        DONOR_NAME,
        CLASS,
        Column("stage", "text", "", "pledge, commitment, allocation, transport, delivery, verification"),
        CURRENCY,
        _money("stated", "as donors state it"),
        _money("market", "at market prices of like used goods"),
        _money("replacement", "at the price of new goods in their place"),
        Column("entries", "integer", "entries", "entries that are added"),
        Column("stated_of", "integer", "entries", "of these, entries with a stated value and a rate"),
        Column("market_of", "integer", "entries", "of these, entries with a market value and a rate"),
        Column(
            "replacement_of", "integer", "entries", "of these, entries with a replacement value and a rate"
        ),
    ),
)

AID_GAPS = TableSchema(
    "aid_gaps",
    "how far one need is met",
    (
        NEED,
        URGENCY,
        RECIPIENT,
        PLACE,
        CLASS,
        ITEM,
        UNIT,
        Column("needed", "number", IN_UNIT, "what is needed"),
        Column("promised", "number", IN_UNIT, "pledged or committed for it, or further"),
        Column("allocated", "number", IN_UNIT, "set aside for it, or arrived"),
        Column("delivered", "number", IN_UNIT, "arrived"),
        Column("unmet", "number", IN_UNIT, "not arrived", "max(0, needed - delivered)"),
        Column("unallocated", "number", IN_UNIT, "neither arrived nor set aside"),
        Column("unmet_share", "number", "share, 0 to 1", "unmet over needed"),
        Column("by_when", "text", "", "the day by which it is needed"),
        Column("days_left", "integer", "days", "days until then; negative: overdue"),
        Column("uncounted", "integer", "entries", "entries for it that cannot be counted in its unit"),
    ),
)

AID_LAG = TableSchema(
    "aid_lag",
    "how long one donor's promises in one class take to arrive",
    (
        DONOR,
        DONOR_NAME,
        CLASS,
        Column("promises", "integer", "promises", "promises that arrived or still may"),
        Column("arrived", "integer", "promises", "those of which something was delivered"),
        Column(
            "median_arrived", "number", "days", "median days to the first delivery, of those that arrived"
        ),
        Column("slowest_tenth", "number", "days", "days that one in ten of them takes longer than"),
        Column(
            "median_all",
            "integer",
            "days",
            "median days with open promises counted; empty: fewer than half are expected yet",
            "first day with S(t) ≤ 1/2",
            "Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457",
        ),
        Column("waiting", "integer", "promises", "those of which nothing was delivered"),
        Column("oldest_waiting", "integer", "days", "age of the oldest of them"),
    ),
)

AID_ALLOCATION = TableSchema(
    "aid_allocation",
    "what one need should get next from one promise",
    (
        NEED,
        URGENCY,
        RECIPIENT,
        PLACE,
        CLASS,
        ITEM,
        UNIT,
        Column("wanted", "number", IN_UNIT, "what it lacks that is not yet set aside"),
        Column("given", "number", IN_UNIT, "what it should get from this promise"),
        Column("promise", "text", "", "the promise it comes from; empty: it gets nothing"),
        DONOR,
        Column(
            "unmet_share",
            "number",
            "share, 0 to 1",
            "share of what it lacks that stays unmet after all gifts",
        ),
    ),
)

AID_FINDINGS = TableSchema(
    "aid_findings",
    "one rule that an entry breaks",
    (
        Column("rule", "text", "", "reference, order, within, by donor, joint, announced, source, ahead"),
        Column("entry", "text", "", "the entry"),
        Column("other", "text", "", "the entry that it is held against"),
        Column(
            "state", "text", "", "broken; excused: the entry explains it; suspected: it may be the same one"
        ),
        Column("said", "text", "", "what is wrong"),
    ),
)

AID_WORDS = TableSchema(
    "aid_words",
    "one word that entries may use",
    (
        Column("column", "text", "", "the column it stands in"),
        Column("word", "text", "", "the word"),
        Column("meaning", "text", "", "what it means"),
    ),
)

ALL_OF_AID = (
    AID_ENTRIES,
    AID_HISTORY,
    AID_IMPORT,
    AID_TOTALS,
    AID_VALUES,
    AID_GAPS,
    AID_LAG,
    AID_ALLOCATION,
    AID_FINDINGS,
    AID_WORDS,
)
