"""Ledgers for tests: chains of entries that keep the rules, drawn by Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from weaklink.aid.entries import STAGES, Entry, Ledger

DONORS = ("DEU", "USA", "EU")
CLASSES = ("fuel", "generators")
CURRENCIES = ("EUR", "USD")


@st.composite
def chains(draw: st.DrawFn) -> list[Entry]:
    """One promise, carried out as far as it goes: each stage is at most the one before, and not before it."""
    number = draw(st.integers(0, 10**6))
    donor, item_class = draw(st.sampled_from(DONORS)), draw(st.sampled_from(CLASSES))
    currency = draw(st.sampled_from(CURRENCIES))
    amount, day, previous = draw(st.integers(1, 10**9)), draw(st.integers(1, 20)), ""
    entries = []
    for stage in STAGES[: draw(st.integers(1, len(STAGES)))]:
        entry = Entry(
            id=f"{stage}-{number}",
            kind=stage,
            date=f"2022-11-{day:02d}",
            donor=donor,
            recipient="UKR",
            item_class=item_class,
            item=f"thing {number}",
            amount=amount,
            currency=currency,
            follows=previous,
            source="test",
        )
        entries.append(entry)
        amount, day, previous = draw(st.integers(1, amount)), draw(st.integers(day, 28)), entry.id
    return entries


def ledgers(most: int = 6) -> st.SearchStrategy[Ledger]:
    """Ledgers of several chains."""
    drawn = st.lists(
        chains(), min_size=1, max_size=most, unique_by=lambda chain: chain[0].id.partition("-")[2]
    )
    return drawn.map(lambda found: Ledger(tuple(entry for chain in found for entry in chain)))
