"""What does each column on risks, their history and their evidence mean?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema

ID = Column("id", "text", "", "what the row of the register is called")
KIND = Column("kind", "text", "", "risk, treatment or evidence")
VERSION = Column("version", "integer", "changes", "how often it has been changed, its beginning included")
OWNER = Column("owner", "text", "", "who answers for it")
RISK = Column("risk", "text", "", "id of the risk")
UNIT = Column("unit", "text", "", "unit of the figure")


def _levels(when: str, meaning: str) -> tuple[Column, Column, Column]:
    return (
        Column(
            f"{when}_likelihood", "integer", "level", f"likelihood {meaning}, a level of the register's scale"
        ),
        Column(f"{when}_impact", "integer", "level", f"impact {meaning}, a level of the register's scale"),
        Column(
            f"{when}_band", "text", "", f"how bad both are together {meaning}, by the matrix of the scale"
        ),
    )


RISKS = TableSchema(
    "risks",
    "one risk of a register, as it is now",
    (
        ID,
        Column("title", "text", "", "what the risk is called"),
        *_levels("inherent", "before any control or treatment"),
        *_levels("residual", "now"),
        OWNER,
        Column("status", "text", "", "draft, open, accepted or closed"),
        Column("review_due", "text", "", "day by which the next review is due"),
        Column("treatments", "integer", "treatments", "what is done about it, dropped ones not counted"),
        Column("delivered", "integer", "treatments", "of these, delivered"),
        Column("evidence", "integer", "figures", "figures that it rests on"),
        Column("category", "text", "", "the domain"),
        Column("marking", "text", "", "who may see it"),
        VERSION,
    ),
)

RISK_FIELDS = TableSchema(
    "risk_fields",
    "one field of a risk, of a treatment or of its evidence",
    (
        KIND,
        ID,
        Column("field", "text", "", "name of the field; those with a + are the user's own"),
        Column("value", "text", "", "what stands in it"),
        Column("meaning", "text", "", "what the field means"),
    ),
)

RISK_HISTORY = TableSchema(
    "risk_history",
    "one field that one change of the register changed",
    (
        Column("number", "integer", "changes", "order in which changes were made"),
        Column("time", "text", "", "when, in UTC"),
        Column("who", "text", "", "who made the change"),
        KIND,
        ID,
        VERSION,
        Column("action", "text", "", "add, change or remove"),
        Column("field", "text", "", "the field"),
        Column("before", "text", "", "what stood in it"),
        Column("after", "text", "", "what stands in it since"),
        Column("why", "text", "", "the reason given"),
    ),
)

RISK_CHECKS = TableSchema(
    "risk_checks",
    "one thing that somebody has to see to",
    (
        Column(
            "problem",
            "text",
            "",
            "overdue review, no review date, overdue treatment, unknown measure, stale evidence, "
            "unchecked evidence, level by hand, no evidence, or unsupported residual",
        ),
        KIND,
        ID,
        RISK,
        OWNER,
        Column("due", "text", "", "the day by which it was due, where there is one"),
        Column("what", "text", "", "what is wrong, and what to do"),
    ),
)

RISK_REFRESH = TableSchema(
    "risk_refresh",
    "one figure that was computed again",
    (
        ID,
        RISK,
        Column("lens", "text", "", "the model that was asked"),
        Column("before", "number", "as `unit` says", "the figure as it was recorded"),
        Column("after", "number", "as `unit` says", "the figure now"),
        Column("difference", "number", "as `unit` says", "how far it moved", "after − before"),
        UNIT,
        Column("digest", "text", "", "whether the whole result is the same: same or other"),
        Column("why", "text", "", "why it was computed again"),
    ),
)

REGISTER_IMPORT = TableSchema(
    "register_import",
    "one cell or row of an edited workbook that is not as it was given out",
    (
        Column("sheet", "text", "", "sheet of the workbook"),
        Column("row", "integer", "rows", "row of the sheet"),
        ID,
        Column("verdict", "text", "", "added, changed, conflicting or refused"),
        Column("field", "text", "", "the column; nothing where the whole row is meant"),
        Column("before", "text", "", "what stood there when the workbook was given out"),
        Column("after", "text", "", "what stands there now"),
        Column("reason", "text", "", "why it is not written"),
    ),
)

REGISTER_STATE = TableSchema(
    "register_state",
    "one fact about a register",
    (
        Column("fact", "text", "", "what is looked at"),
        Column("found", "text", "", "what was found"),
    ),
)

RISK_AGEING = TableSchema(
    "risk_ageing",
    "the evidence of one age",
    (
        Column("age", "text", "", "days since the figure was computed"),
        Column("state", "text", "", "current, stale or unchecked"),
        Column("evidence", "integer", "figures", "how many figures"),
    ),
)

RISK_MATRIX = TableSchema(
    "risk_matrix",
    "the risks of one likelihood and impact",
    (
        Column("when", "text", "", "before treatment (inherent) or after (residual)"),
        Column("likelihood", "integer", "level", "level of likelihood"),
        Column("impact", "integer", "level", "level of impact"),
        Column("band", "text", "", "how bad both are together"),
        Column("risks", "integer", "risks", "how many risks are there"),
        Column("ids", "text", "", "which"),
    ),
)

ALL_OF_REGISTERS = (
    RISKS,
    RISK_FIELDS,
    RISK_HISTORY,
    RISK_CHECKS,
    RISK_REFRESH,
    REGISTER_IMPORT,
    REGISTER_STATE,
    RISK_AGEING,
    RISK_MATRIX,
)
