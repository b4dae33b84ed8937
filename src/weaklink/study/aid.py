"""What does the ledger of assistance say: totals, values, gaps, lag, broken rules?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from weaklink.aid import counting
from weaklink.aid.counting import RULES, Sum, left_out
from weaklink.aid.entries import BASES, INSTITUTIONS, STAGES, Ledger
from weaklink.aid.gaps import Gap, gaps
from weaklink.aid.lag import Lag, lags
from weaklink.aid.money import PERCENT, Rates, days_between
from weaklink.aid.rules import ALIKE, findings
from weaklink.codes.countries import countries, name
from weaklink.columns import TableSchema
from weaklink.errors import RequestError
from weaklink.provenance import Card
from weaklink.result import Record, Result, tabulated
from weaklink.sources.aid_sheet import Fields, hundredths, read_gdp
from weaklink.study.aid_ledger import Kept, kept, rates_of
from weaklink.tables.aid import AID_FINDINGS, AID_GAPS, AID_LAG, AID_TOTALS, AID_VALUES

ALL = "all"  # the row, or the class, that takes all together


@dataclass(frozen=True, slots=True)
class Asked:
    """A ledger with what is needed to ask it for money: rates, the reporting currency, the basis, and the day."""

    kept: Kept
    rates: Rates
    currency: str
    basis: str
    today: str
    cards: tuple[Card, ...] = ()

    @property
    def ledger(self) -> Ledger:
        """The entries."""
        return self.kept.ledger

    def answer(self, schema: TableSchema, rows: list[dict[str, Any]], *caveats: str) -> Result:
        """Rows as a result with the provenance of the ledger."""
        asked = {"currency": self.currency, "basis": self.basis, "day": self.today}
        return Result(schema, tabulated(schema, rows), caveats, self.kept.provenance(*self.cards, **asked))


def set_up(
    path: Path, today: str, *, currency: str = "EUR", basis: str = "stated", rates: Path | None = None
) -> Asked:
    """Read a ledger and the user's rates; RegisterError, SourceError or RequestError where that cannot be."""
    if basis not in BASES:
        raise RequestError(f"--basis is {basis!r}; it is one of {', '.join(BASES)}.")
    known, cards = rates_of(rates)
    return Asked(kept(path), known, currency, basis, today, cards)


def totals(asked: Asked, *, by_class: bool = True, gdp: Path | None = None) -> Result:
    """What each donor has pledged, committed, allocated and delivered; the last row is all donors together.

    Columns in `weaklink.tables.AID_TOTALS`. `gdp` is a sheet of the user's own (country, year, gdp, currency, source).
    """
    products, cards = read_gdp(gdp, tuple(INSTITUTIONS)) if gdp else ({}, None)
    basis = BASES[asked.basis]
    keyed = counting.by_donor(asked.ledger, classes=by_class)
    found = counting.sums(asked.ledger, keyed, asked.rates, asked.currency, basis)
    skipped: Counter[counting.Key] = Counter(
        (one.donor, one.item_class) if by_class else (one.donor,)
        for one in asked.ledger.entries
        if one.kind != "need" and left_out(one)
    )
    rows = [
        _total(key[0], key[1] if by_class else ALL, found.get(key, Sum()), skipped[key], asked, products)
        for key in sorted({*found, *skipped})
    ]
    whole = counting.together(found.values())
    rows.append(_total(ALL, ALL, whole, skipped.total(), asked, {}))
    result = asked.answer(AID_TOTALS, rows, *_of_money(asked, whole))
    return _with_card(result, cards)


def _with_card(result: Result, card: Card | None) -> Result:
    if card is None:
        return result
    provenance = result.provenance
    more = type(provenance)((*provenance.cards, card), provenance.version, provenance.parameters)
    return Result(result.schema, result.table, result.caveats, more)


def _total(
    donor: str, item_class: str, found: Sum, skipped: int, asked: Asked, products: Mapping[str, Fields]
) -> dict[str, Any]:
    amounts = {stage: float(found.by_stage[stage] / PERCENT) for stage in STAGES}
    product = products.get(donor)
    share = None if product is None else _gdp_share(found.by_stage["allocation"], product, asked)
    return {
        "donor": donor,
        "donor_name": "All donors" if donor == ALL else donor_name(donor),
        "item_class": item_class,
        "currency": asked.currency,
        "pledged": amounts["pledge"],
        "committed": amounts["commitment"],
        "allocated": amounts["allocation"],
        "in_transport": amounts["transport"],
        "delivered": amounts["delivery"],
        "verified": amounts["verification"],
        "withdrawn": float(found.withdrawn / PERCENT),
        "entries": found.entries,
        "unvalued": found.unvalued,
        "unrated": found.unrated,
        "not_added": skipped,
        "gdp_share": share,
        "gdp_source": "" if product is None or share is None else f"{product['source']}, {product['year']}",
    }


def _gdp_share(allocated: Fraction, product: Fields, asked: Asked) -> float | None:
    """Allocations over GDP; None where GDP is nothing, or in a currency without a rate at the end of its year."""
    amount, year = hundredths(product["gdp"]), product["year"]
    gdp = asked.rates.convert(amount, product["currency"], asked.currency, f"{year}-12-31")
    return float(allocated / gdp) if gdp else None


def values(asked: Asked, stage: str = "allocation") -> Result:
    """What assistance at one stage is worth on each basis, side by side; columns in `weaklink.tables.AID_VALUES`."""
    if stage not in STAGES:
        raise RequestError(f"--stage is {stage!r}; it is one of {', '.join(STAGES)}.")
    by_basis = {
        word: counting.sums(
            asked.ledger, counting.by_donor(_at(asked.ledger, stage)), asked.rates, asked.currency, basis
        )
        for word, basis in BASES.items()
    }
    rows = [
        {
            "donor": donor,
            "donor_name": donor_name(donor),
            "item_class": item_class,
            "stage": stage,
            "currency": asked.currency,
            **{word: _worth(found[donor, item_class], stage) for word, found in by_basis.items()},
            "entries": by_basis["stated"][donor, item_class].entries,
            **{
                f"{word}_of": found[donor, item_class].entries
                - found[donor, item_class].unvalued
                - found[donor, item_class].unrated
                for word, found in by_basis.items()
            },
        }
        for donor, item_class in sorted(by_basis["stated"])
    ]
    bases = "A sum on one basis holds only the entries that have a value on it: compare the counts before the sums."
    return asked.answer(AID_VALUES, rows, bases, *RULES)


def _at(ledger: Ledger, stage: str) -> Ledger:
    """The entries at a stage, and the withdrawals of promises at it, which still find what they withdraw."""
    return Ledger(
        tuple(
            one
            for one in ledger.entries
            if one.kind == stage
            or (
                one.kind == "withdrawal"
                and (parent := ledger.by_id.get(one.follows))
                and parent.kind == stage
            )
        )
    )


def _worth(found: Sum, stage: str) -> float | None:
    """The sum at a stage; None where no entry has a value."""
    known = found.entries - found.unvalued - found.unrated
    return float(found.by_stage[stage] / PERCENT) if known else None


def unmet(asked: Asked, *, everything: bool = False) -> Result:
    """The needs that are not met, the most urgent first; columns in `weaklink.tables.AID_GAPS`."""
    found = gaps(asked.ledger, asked.rates)
    shown = [gap for gap in found if everything or gap.unmet]
    said = f"{sum(bool(gap.unmet) for gap in found)} of {len(found)} needs are not met on {asked.today}."
    return asked.answer(AID_GAPS, [_gap_row(gap, asked.today) for gap in shown], said, RULES[0], RULES[1])


def _gap_row(gap: Gap, today: str) -> dict[str, Any]:
    need = gap.need
    return {
        "need": need.id,
        "urgency": need.urgency,
        "recipient": need.recipient,
        "place": need.place,
        "item_class": need.item_class,
        "item": need.item,
        "unit": need.unit or need.currency,
        **{
            part: float(getattr(gap, part) / gap.scale)
            for part in ("needed", "promised", "allocated", "delivered", "unmet", "unallocated")
        },
        "unmet_share": float(gap.unmet_share),
        "by_when": need.by_when,
        "days_left": days_between(today, need.by_when) if need.by_when else None,
        "uncounted": gap.uncounted,
    }


def lag(asked: Asked) -> Result:
    """Days from promise to delivery by donor and class, the slowest first; columns in `weaklink.tables.AID_LAG`."""
    found = lags(asked.ledger, asked.today)
    rows = [_lag_row(donor, item_class, one) for (donor, item_class), one in found.items()]
    rows.sort(
        key=lambda row: (-(row["median_all"] or row["oldest_waiting"] or 0), row["donor"], row["item_class"])
    )
    open_ones = (
        "median_arrived is of what has arrived and flatters the slow; median_all counts open promises too."
    )
    return asked.answer(AID_LAG, rows, open_ones, f"Open promises are as old as they are on {asked.today}.")


def _lag_row(donor: str, item_class: str, found: Lag) -> dict[str, Any]:
    return {
        "donor": donor,
        "donor_name": donor_name(donor),
        "item_class": item_class,
        "promises": len(found.arrived) + len(found.waiting),
        "arrived": len(found.arrived),
        "median_arrived": found.median_arrived,
        "slowest_tenth": found.slowest_tenth,
        "median_all": found.median_all,
        "waiting": len(found.waiting),
        "oldest_waiting": found.oldest_waiting,
    }


def check(asked: Asked) -> Result:
    """The rules that entries break; columns in `weaklink.tables.AID_FINDINGS`."""
    found = findings(asked.ledger, asked.rates, asked.today)
    rows = [
        {"rule": one.rule, "entry": one.entry, "other": one.other, "state": one.state, "said": one.said}
        for one in found
    ]
    states = Counter(one.state for one in found)
    said = (
        f"{len(asked.ledger.entries):,} entries: {states['broken']:,} broken, {states['suspected']:,} suspected, "
        f"{states['excused']:,} excused."
    )
    alike = f"Two promises that are alike within {ALIKE} days are suspected to be one; the days are our own choice."
    return asked.answer(AID_FINDINGS, rows, said, alike, *RULES)


def broken(result: Result) -> int:
    """How many rules are broken without an explanation."""
    return result.column("state").count("broken")


def only_state(result: Result, *states: str) -> Result:
    """The findings of some states."""
    chosen = pc.is_in(result.table["state"], pa.array(states))
    return replace(result, table=result.table.filter(chosen))


def by_day(asked: Asked) -> list[Record]:
    """Sums by day and stage, running up from the first day: what a picture of the course is drawn from."""
    found = counting.sums(
        asked.ledger, counting.by_day(asked.ledger), asked.rates, asked.currency, BASES[asked.basis]
    )
    running: dict[str, Fraction] = defaultdict(Fraction)
    rows: list[Record] = []
    for (day,), one in sorted(found.items()):
        for stage in STAGES:
            running[stage] += one.by_stage[stage]
            rows.append({"day": day, "stage": stage, "amount": float(running[stage] / PERCENT)})
    return rows


def _of_money(asked: Asked, whole: Sum) -> Iterator[str]:
    """What must be said with sums of money."""
    yield from RULES
    if whole.unvalued:
        yield (
            f"{whole.unvalued:,} of {whole.entries:,} entries have no {asked.basis} value and are not in the sums: "
            "help in kind without a price is counted by `aid gaps`, in its own unit."
        )
    if whole.unrated:
        yield (
            f"{whole.unrated:,} entries are in a currency without a rate to {asked.currency} of the last "
            f"{asked.rates.oldest} days before them, and are not in the sums. Give --rates FILE."
        )


def donor_name(code: str) -> str:
    """What a donor is called."""
    return INSTITUTIONS.get(code) or (name(code) if code in countries() else code)
