"""What is said of a risk, of what is done about it, and of what it rests on?

The fields follow the practice of ISO 31000 (identify, analyse, evaluate, treat, review) and of the business impact
analysis of ISO 22301; the standards' own texts were not at hand, so their names are recalled.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from weaklink.errors import RegisterError
from weaklink.register.events import Stamp, add, entities, entity
from weaklink.register.fields import Field, Form, Rules, Values
from weaklink.register.marking import Markings
from weaklink.register.rating import RATES
from weaklink.register.scales import Axis, Scale

RATED = ("inherent", "residual", "target")
AXES: tuple[Axis, Axis] = ("likelihood", "impact")

MARKING = Field("marking", "marking", "who may see this row")
NOTES = Field("notes", "text", "whatever else is to be said")


def _rating(when: str, meaning: str) -> tuple[Field, Field]:
    likelihood, impact = (Field(f"{when}_{axis}", "level", f"{axis} {meaning}", axis=axis) for axis in AXES)
    return likelihood, impact


def _risk(values: Values) -> Iterable[str]:
    for axis in AXES:
        inherent, residual = values.get(f"inherent_{axis}"), values.get(f"residual_{axis}")
        if inherent is not None and residual is not None and residual > inherent:
            yield f"residual_{axis} {residual} is above inherent_{axis} {inherent}: treatment does not make it worse"
    reviewed, due = values.get("reviewed"), values.get("review_due")
    if reviewed is not None and due is not None and due < reviewed:
        yield f"review_due {due} is before reviewed {reviewed}"


def _treatment(values: Values) -> Iterable[str]:
    if (values.get("status") == "delivered") != ("delivered_on" in values):
        yield "status delivered and delivered_on go together"
    if ("where" in values) != ("amount" in values):
        yield "where and amount go together: how much of the measure at which place"
    if values.get("amount", 1) <= 0:
        yield f"amount is {values['amount']:g}: write more than 0"


def _evidence(values: Values) -> Iterable[str]:
    if ("rates" in values) != ("bounds" in values):
        yield "rates and bounds go together: which level the figure gives, and from which figure on"


RISK = Form(
    "risk",
    "Risks",
    (
        MARKING,
        Field("title", "text", "what the risk is called", required=True),
        Field("category", "text", "the domain: energy, materials, transport, …"),
        Field("status", "choice", "where it stands", choices=("draft", "open", "accepted", "closed")),
        Field("owner", "text", "who answers for the risk"),
        Field("cause", "text", "what makes it possible: the source of the risk"),
        Field("event", "text", "what happens"),
        Field("consequence", "text", "what follows, for whom"),
        Field("service", "text", "the objective, service or vital function that suffers"),
        Field("upstream", "ids", "ids of risks that bring this one about or make it worse", refers="risk"),
        Field("controls", "text", "what is in place already"),
        Field(
            "control_effectiveness", "choice", "how well it works", choices=("none", "partial", "effective")
        ),
        *_rating("inherent", "before any control or treatment"),
        *_rating("residual", "as it is now, after what has been delivered"),
        *_rating("target", "that is acceptable"),
        Field("likelihood_basis", "text", "what the likelihood rests on"),
        Field("impact_basis", "text", "what the impact rests on, by dimension"),
        Field("confidence", "choice", "how sure the assessment is", choices=("low", "medium", "high")),
        Field("response", "choice", "what is decided", choices=("avoid", "reduce", "share", "accept")),
        Field("indicator", "text", "key risk indicator: what is watched"),
        Field("trigger", "text", "the value of the indicator at which something is done"),
        Field("mtpd_hours", "integer", "maximum tolerable period of disruption, in hours"),
        Field("rto_hours", "integer", "recovery time objective, in hours"),
        Field("rpo_hours", "integer", "recovery point objective, in hours"),
        Field("mbco", "text", "minimum business continuity objective: what must go on at least"),
        Field("reviewed", "date", "day of the last review"),
        Field("review_due", "date", "day by which the next review is due"),
        NOTES,
    ),
    _risk,
)

TREATMENT = Form(
    "treatment",
    "Treatments",
    (
        MARKING,
        Field("risk", "text", "id of the risk", required=True, refers="risk"),
        Field("measure", "text", "name of the measure, as in its catalogue", required=True),
        Field(
            "catalogue",
            "text",
            "catalogue that describes the measure: a name of `weaklink measures`, or a file",
        ),
        Field("where", "text", "place where it works, as `weaklink reduce` names it"),
        Field("amount", "number", "how much of it there, in the unit of the catalogue"),
        Field("lowers", "choice", "what it lowers", choices=("likelihood", "impact", "both")),
        Field(
            "status", "choice", "where it stands", choices=("planned", "under way", "delivered", "dropped")
        ),
        Field("owner", "text", "who answers for the measure"),
        Field("due", "date", "day by which it is to be delivered"),
        Field("delivered_on", "date", "day on which it was delivered"),
        Field("cost_usd", "integer", "what it costs, in whole US dollars"),
        NOTES,
    ),
    _treatment,
)

EVIDENCE = Form(
    "evidence",
    "Evidence",
    (
        MARKING,
        Field("risk", "text", "id of the risk", required=True, refers="risk"),
        Field("lens", "text", "the model that was asked", required=True, computed=True),
        Field("question", "mapping", "what it was asked", required=True, computed=True),
        Field("figure", "number", "the answer", computed=True),
        Field("meaning", "text", "what the figure is", computed=True),
        Field("unit", "text", "unit of the figure", computed=True),
        Field("digest", "text", "sha256 of the result", computed=True),
        Field("vintages", "mapping", "each source of the answer, with release and sha256", computed=True),
        Field("code_version", "text", "version of the code", computed=True),
        Field("computed_on", "date", "day on which it was computed", computed=True),
        Field("rates", "choice", "level of the risk that the figure gives", choices=RATES, computed=True),
        Field("bounds", "text", "figures from which on level 2, 3, … applies", computed=True),
        NOTES,
    ),
    _evidence,
)

FORMS: Mapping[str, Form] = {form.kind: form for form in (RISK, TREATMENT, EVIDENCE)}

SETTING = "setting"  # the kind of what a register is held to: ids `scale` and `markings`


def set_rules(connection: sqlite3.Connection, stamp: Stamp, rules: Rules) -> None:
    """Write down what the values of a new register are held to. Call it inside `writing`."""
    for id_, model in (("scale", rules.scale), ("markings", rules.markings)):
        add(connection, stamp, SETTING, id_, model.model_dump(mode="json"))


def rules(connection: sqlite3.Connection) -> Rules:
    """What the values of a register are held to; RegisterError where nobody has said it."""
    kept = {id_: entity(connection, SETTING, id_) for id_ in ("scale", "markings")}
    return rules_of({one.id: one.fields for one in kept.values() if one is not None})


def rules_of(settings: Mapping[str, Values]) -> Rules:
    """The rules that the fields of the settings say."""
    if settings.keys() < {"scale", "markings"}:
        raise RegisterError(
            "the register has no scale or no markings. Make a new one: weaklink register init."
        )
    return Rules(Scale.model_validate(settings["scale"]), Markings.model_validate(settings["markings"]))


def refuse_unknown_ids(connection: sqlite3.Connection) -> None:
    """RegisterError where an entity names an id that is not there, or itself. For the end of a transaction."""
    present = entities(connection)
    known = {(one.kind, one.id) for one in present}
    wrong = [
        f"{one.kind} {one.id!r}: {field.name} names {id_!r}, which is {'itself' if same else f'no {field.refers}'}"
        for one in present
        if one.kind in FORMS
        for field in FORMS[one.kind].fields
        if field.refers
        for id_ in named(one.fields.get(field.name))
        if (same := (field.refers, id_) == (one.kind, one.id)) or (field.refers, id_) not in known
    ]
    if wrong:
        raise RegisterError("ids that are not there:\n" + "\n".join(f"  {line}" for line in wrong[:20]))


def named(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - a list of ids, one id, or nothing
    """The ids in a field that refers to others."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
