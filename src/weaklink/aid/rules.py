"""Which entries break a rule of the ledger, and which have an explanation?

    reference       what an entry names must exist
    order           it carries out something of an earlier stage, of the same donor, recipient and class, not after it
    within          delivered ≤ allocated ≤ committed ≤ pledged: what carries out a promise is not more than it
    by donor        the same for what names no promise, in sums of money by donor and recipient
    joint           national shares are not more than the joint entry
    announced       two promises that look alike within 120 days: the same one, announced twice?
    source          every entry says where it comes from
    ahead           what has arrived or was verified is not dated after today

A broken rule is excused where the entry explains it (`exception`), and stays on the list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from weaklink.aid.entries import PROMISES, RANK, STAGES, Entry, Ledger
from weaklink.aid.money import Rates, days_between
from weaklink.aid.units import converted, convertible

State = Literal["broken", "excused", "suspected"]
Exact = int | Fraction
ALIKE = 120  # days within which two like promises may be one; own choice


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that an entry breaks, in words; `other` is the entry that it is held against."""

    rule: str
    entry: str
    other: str
    state: State
    said: str


def findings(ledger: Ledger, rates: Rates, today: str) -> list[Finding]:
    """Everything that is wrong, in the order of rules and entries."""
    rules: Sequence[Callable[[], Iterable[Finding]]] = (
        lambda: references(ledger),
        lambda: order(ledger),
        lambda: within(ledger, rates),
        lambda: within_by_donor(ledger, rates),
        lambda: joint_shares(ledger, rates),
        lambda: announced_twice(ledger),
        lambda: without_source(ledger),
        lambda: dated_ahead(ledger, today),
    )
    return [finding for rule in rules for finding in rule()]


def _found(rule: str, entry: Entry, other: str, said: str) -> Finding:
    """Broken, or excused by the entry's own explanation."""
    if entry.exception:
        return Finding(rule, entry.id, other, "excused", f"{said} Explained: {entry.exception}")
    return Finding(rule, entry.id, other, "broken", said)


def references(ledger: Ledger) -> Iterator[Finding]:
    """Entries that name others which do not exist, or the wrong kind of entry as their need."""
    known = ledger.by_id
    for one in ledger.entries:
        for role, named in (
            ("follows", one.follows),
            ("need", one.need),
            ("joint", one.joint),
            ("announces", one.announces),
        ):
            if not named:
                continue
            if named not in known:
                yield _found(
                    "reference", one, named, f"{role} names {named}, which the ledger does not have."
                )
            elif role == "need" and known[named].kind != "need":
                yield _found("reference", one, named, f"need names {named}, which is a {known[named].kind}.")


def order(ledger: Ledger) -> Iterator[Finding]:
    """Entries that carry out a later stage, or something of somebody else."""
    for one in ledger.entries:
        parent = ledger.by_id.get(one.follows)
        if parent is None:
            continue
        if said := _disorder(one, parent):
            yield _found("order", one, parent.id, said)


def _disorder(one: Entry, parent: Entry) -> str:
    """What is out of order between an entry and the one that it follows; empty where nothing is."""
    if one.kind == "withdrawal":
        if parent.kind not in PROMISES:
            return f"a {parent.kind} cannot be withdrawn, only {', '.join(PROMISES)}."
    elif one.kind not in RANK or RANK.get(parent.kind, len(RANK)) >= RANK[one.kind]:
        return f"a {one.kind} cannot carry out a {parent.kind}."
    if one.date < parent.date:
        return f"it is dated {one.date}, before the {parent.kind} of {parent.date}."
    for name in ("donor", "recipient", "item_class"):
        mine, its = getattr(one, name), getattr(parent, name)
        if mine and mine != its and not (name == "item_class" and its == "all"):
            return f"its {name.replace('_', ' ')} is {mine}, that of the {parent.kind} is {its}."
    return ""


def within(ledger: Ledger, rates: Rates) -> Iterator[Finding]:
    """What carries out an entry is more than the entry, less what was withdrawn of it.

    Held against an entry is what follows it; and where that comes by several ways, as by sea and by road, or both
    through a commitment and straight from the pledge, all of a kind that comes after it together.
    """
    for name, following in ledger.following.items():
        parent = ledger.by_id.get(name)
        if parent is None:
            continue
        withdrawn = [one for one in following if one.kind == "withdrawal"]
        if withdrawn:
            yield from _excess(parent, withdrawn, (), rates)
        coming = following if len(following) == 1 else _after(following, ledger)
        for kind in {one.kind: None for one in coming if one.kind in RANK}:
            children = [one for one in coming if one.kind == kind]
            ways = {one.follows for one in children}
            if len(ways) > 1 or name in ways:
                yield from _excess(parent, children, withdrawn, rates)


def _after(following: Sequence[Entry], ledger: Ledger) -> list[Entry]:
    """The entries that follow something, what follows these, and so on; a circle is gone through once."""
    found = {one.id: one for one in following}
    front = list(following)
    while front:
        front = [one for at in front for one in ledger.following.get(at.id, ()) if one.id not in found]
        found.update((one.id, one) for one in front)
    return list(found.values())


def _excess(
    parent: Entry, children: Sequence[Entry], withdrawn: Sequence[Entry], rates: Rates
) -> Iterator[Finding]:
    """The last child that makes a sum exceed its parent, by quantity where the parent has one, else by money."""
    measure: Callable[[Entry, str], Exact | None] = _money(rates)
    limit, unit, scale = parent.amount, parent.currency, 100
    if parent.quantity is not None:
        measure, limit, unit, scale = _quantity, parent.quantity, parent.unit, 1000
    if limit is None:
        return
    kind = children[0].kind
    done: Exact = 0
    left: Exact = limit
    for one in withdrawn:
        left -= measure(one, unit) or 0
    for one in sorted(children, key=lambda one: (one.date, one.id)):
        amount = measure(one, unit)
        if amount is None:
            yield _found(
                "within", one, parent.id, f"it cannot be counted in {unit}, as the {parent.kind} is."
            )
            continue
        done += amount
        if done > left >= done - amount or (done > left and one.exception):
            yield _found(
                "within",
                one,
                parent.id,
                f"{kind} of {_said(Fraction(done) / scale)} {unit} in sum is more than the {parent.kind} of "
                f"{_said(Fraction(left) / scale)} {unit}.",
            )


def _quantity(one: Entry, unit: str) -> Exact | None:
    if one.unit == unit:  # by far the most; whole numbers are added faster than fractions
        return one.quantity
    if one.quantity is None or not convertible(one.unit, unit):
        return None
    return converted(one.quantity, one.unit, unit)


def _money(rates: Rates) -> Callable[[Entry, str], Exact | None]:
    def measure(one: Entry, currency: str) -> Exact | None:
        if one.amount is None or one.currency == currency:
            return one.amount
        return rates.convert(one.amount, one.currency, currency, one.date)

    return measure


def _said(amount: Fraction) -> str:
    """An amount for people: whole where it is, else with three decimals.

    >>> _said(Fraction(1200)), _said(Fraction(1, 3))
    ('1,200', '0.333')
    """
    return f"{int(amount):,}" if amount.denominator == 1 else f"{float(amount):,.3f}"


def within_by_donor(ledger: Ledger, rates: Rates) -> Iterator[Finding]:
    """Sums of a donor's entries that name no promise, where it has made promises without their being named either.

    Held against each other are the stages that the donor has entries of; money in other currencies is converted, and
    what cannot be is left out.
    """
    loose: dict[tuple[str, str], dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for one in ledger.entries:
        if not one.follows and one.kind in RANK and not one.joint and not one.announces:
            loose[one.donor, one.recipient][one.kind].append(one)
    for (donor, recipient), stages in loose.items():
        present = [stage for stage in STAGES if stages.get(stage)]
        for earlier, later in pairwise(present):
            currency = stages[earlier][0].currency
            promised, done = (_sum(stages[stage], currency, rates) for stage in (earlier, later))
            last = max(stages[later], key=lambda one: (one.date, one.id))
            if done > promised and not any(one.follows for one in stages[later]):
                said = (
                    f"{donor} to {recipient}: {later} of {_said(done / 100)} {currency} in sum is more than "
                    f"{earlier} of {_said(promised / 100)}."
                )
                yield _found("by donor", last, "", said)


def _sum(entries: Iterable[Entry], currency: str, rates: Rates) -> Fraction:
    measure = _money(rates)
    return Fraction(sum(measure(one, currency) or 0 for one in entries))


def joint_shares(ledger: Ledger, rates: Rates) -> Iterator[Finding]:
    """National shares of a joint entry that are more than it, or that are of another stage."""
    shares: dict[str, list[Entry]] = defaultdict(list)
    for one in ledger.entries:
        if one.joint in ledger.by_id:
            shares[one.joint].append(one)
    for name, parts in shares.items():
        whole = ledger.by_id[name]
        for stage in STAGES:
            mine = [one for one in parts if one.kind == stage]
            if mine and whole.amount is not None and stage == whole.kind:
                done = _sum(mine, whole.currency, rates)
                if done > whole.amount:
                    last = max(mine, key=lambda one: (one.date, one.id))
                    said = (
                        f"national shares of {_said(done / 100)} {whole.currency} are more than the joint "
                        f"{whole.kind} of {_said(Fraction(whole.amount, 100))}."
                    )
                    yield _found("joint", last, name, said)


def announced_twice(ledger: Ledger) -> Iterator[Finding]:
    """Promises of one donor that are alike and near in time, and of which none says that it announces the other."""
    alike: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for one in ledger.of_kind(*PROMISES):
        if (one.quantity or one.amount) and not one.announces and not one.joint and not one.follows:
            key = (one.kind, one.donor, one.recipient, one.item_class, one.item)
            alike[*key, one.quantity, one.unit, one.amount, one.currency].append(one)
    for entries in alike.values():
        entries.sort(key=lambda one: (one.date, one.id))
        for first, second in pairwise(entries):
            apart = days_between(first.date, second.date)
            if apart <= ALIKE:
                said = (
                    f"the same {second.kind} as {first.id}, {apart} days later. If it is, say so in `announces`; if "
                    "not, explain it in `exception`."
                )
                state: State = "excused" if second.exception else "suspected"
                yield Finding("announced", second.id, first.id, state, said)


def without_source(ledger: Ledger) -> Iterator[Finding]:
    """Entries that do not say where they come from."""
    for one in ledger.entries:
        if not one.source:
            yield _found("source", one, "", "it has no source.")


def dated_ahead(ledger: Ledger, today: str) -> Iterator[Finding]:
    """Deliveries and verifications that are dated after today."""
    for one in ledger.of_kind("delivery", "verification"):
        if one.date > today:
            yield _found("ahead", one, "", f"a {one.kind} dated {one.date} has not happened on {today}.")
