"""What does a reader get who wants the ledger of assistance on a page?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from weaklink.report import results_page
from weaklink.report.aid_pictures import aid_funnel, aid_gaps_picture, aid_timeline
from weaklink.report.formats import large
from weaklink.report.results_page import Listing, ResultsPage
from weaklink.result import Result
from weaklink.study.aid import Asked, by_day, check, lag, only_state, totals, unmet

OF_TOTALS = (
    "donor_name",
    "item_class",
    "pledged",
    "committed",
    "allocated",
    "delivered",
    "verified",
    "unvalued",
    "not_added",
)
OF_GAPS = (
    "need",
    "urgency",
    "place",
    "item_class",
    "item",
    "unit",
    "needed",
    "delivered",
    "unmet",
    "unmet_share",
    "by_when",
)
OF_LAG = (
    "donor_name",
    "item_class",
    "promises",
    "arrived",
    "median_arrived",
    "median_all",
    "waiting",
    "oldest_waiting",
)
MOST_FINDINGS = 200


def write(asked: Asked, directory: Path) -> Path:
    """Write the page of a ledger into a directory; the path of the page. StoreError where it cannot be."""
    money, needs, delays, wrong = totals(asked), unmet(asked, everything=True), lag(asked), check(asked)
    card = asked.kept.card
    source = f"Source: {card.source}; ledger {card.name}, {card.vintage}; as of {asked.today}."
    drawn = (
        aid_funnel(money, source),
        aid_timeline(by_day(asked), money, source),
        aid_gaps_picture(needs, source),
    )
    listings = (
        Listing("Donors", money, OF_TOTALS),
        Listing("Needs", needs, OF_GAPS),
        Listing("Days from promise to delivery", delays, OF_LAG),
        Listing("Broken and suspected", _shortened(only_state(wrong, "broken", "suspected"))),
    )
    whole = money.records()[-1]
    return results_page.write_report(
        directory,
        ResultsPage(
            kicker=f"Weaklink · ledger of assistance · as of {asked.today}",
            title=f"Assistance: {asked.kept.card.name}",
            headline=(
                f"{large(round(whole['committed']))} {asked.currency} committed, {large(round(whole['allocated']))} "
                f"allocated, {large(round(whole['delivered']))} delivered. {needs.caveats[0]}"
            ),
            warning="",
            charts=tuple(chart for chart in drawn if chart is not None),
            listings=tuple(one for one in listings if len(one.result)),
            command=f"weaklink aid report DIR --register {asked.kept.card.name} --as-of {asked.today} "
            f"--currency {asked.currency} --basis {asked.basis}",
        ),
    )


def _shortened(found: Result) -> Result:
    """The first findings, with a caveat that says so where there are more."""
    if len(found) <= MOST_FINDINGS:
        return found
    said = f"The first {MOST_FINDINGS} of {len(found):,} findings are shown; `weaklink aid check` lists all."
    return replace(found, table=found.table.slice(0, MOST_FINDINGS), caveats=(said, *found.caveats))
