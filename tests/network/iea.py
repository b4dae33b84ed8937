"""Monthly flows and capacities at borders, as the IEA prints them: test data that may not be redistributed."""

from __future__ import annotations

import calendar
from collections import defaultdict
from functools import cache

from tests.network.gamamod import sheet
from weaklink.codes.countries import country
from weaklink.errors import WeaklinkError

Way = tuple[str, str]
GWH_PER_MCM = 10.6  # gross, for the IEA's cubic metres of 15 °C
LNG = "Liquefied Natural Gas"
WORDS = {"Slovak Republic": "Slovakia", "Republic of Türkiye": "Türkiye", "UK": "GB"}
SUM = "Eynatten (Sum)"  # repeats the two points beside it


@cache
def code(name: str) -> str:
    """ISO 3166 of a name in one of the tables, or the name itself where it is no country."""
    try:
        return country(WORDS.get(name, name))
    except WeaklinkError:
        return name


@cache
def flows() -> dict[tuple[Way, str], float]:
    """What crossed each border in each month, as the mean of its days, GWh a day."""
    found: dict[tuple[Way, str], float] = defaultdict(float)
    for row in sheet("iea_border_flows_monthly"):
        if row["mcm"] and row["Borderpoint"] != SUM:
            month = row["month"][:7]
            days = calendar.monthrange(*map(int, month.split("-")))[1]
            way = (code(row["Exit"]), code(row["Entry"]))
            found[way, month] += float(row["mcm"]) * GWH_PER_MCM / days
    return dict(found)
