"""A stressed network made by hand, small enough to be checked by eye: Germany, Poland, and Norway that uses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from weaklink.columns import TableSchema
from weaklink.provenance import Card, Provenance
from weaklink.report.stress_answer import StressAnswer
from weaklink.result import Result, tabulated
from weaklink.study.stress_report import STORAGE_BANDS
from weaklink.tables.network import outages, stress, stress_days, stress_flows

UNIT = "GWh"
DEMAND = 10.0  # of each country on each day
VOLUME = 100.0  # of each country's stores
DAYS = ("2022-10-01", "2022-10-02", "2022-10-03", "2022-10-04")
LABELS = {"DEU": "Germany", "POL": "Poland", "NOR": "Norway"}
PLACES = {"DEU": (10.4, 51.1), "POL": (19.4, 52.0), "NOR": (9.0, 61.0)}
SHORT = {"DEU": (0.0, 0.0, 1.0, 3.0), "POL": (0.0, 2.0, 0.0, 0.0)}
LEVELS = {"DEU": (90.0, 80.0, 60.0, 50.0), "POL": (40.0, 30.0, 20.0, 25.0)}
FLOWS = (  # name, origin, destination, amount, share of capacity used
    ("Norpipe", "NOR", "DEU", 40.0, 1.0),
    ("Mallnow", "DEU", "POL", 10.0, 0.5),
    ("idle", "POL", "NOR", 0.0, 0.0),
)
OUTAGES = (("Norpipe", 25.0, "DEU"), ("Mallnow", 7.5, "POL"), ("idle", 0.0, ""))

Series = Mapping[str, Sequence[float]]


def made(
    short: Series = SHORT,
    levels: Series = LEVELS,
    out: Sequence[tuple[str, float, str]] | None = OUTAGES,
    bands: Sequence[Sequence[float]] = (),
    **changes: Any,  # noqa: ANN401 - fields of the answer
) -> StressAnswer:
    """The answer with its unserved demand, levels, outages and bands; further fields replace those made here."""
    answer: dict[str, Any] = {
        "title": "No gas from the east",
        "who": "EU@2022-10-01",
        "unit": UNIT,
        "commodity": "natural gas",
        "countries": result(stress(UNIT), [_country(code, short[code], levels) for code in short]),
        "days": result(
            stress_days(UNIT), [row for code in short for row in _days(code, short[code], levels)]
        ),
        "flows": result(stress_flows(UNIT), [_flow(*row) for row in FLOWS]),
        "outages": None if out is None else result(outages(UNIT), list(_outages(out))),
        "bands": None if not bands else result(STORAGE_BANDS, list(_bands(bands))),
        "places": PLACES,
        "labels": LABELS,
        "source": "Source: nobody; tiny, vintage 2022. Scenario: by hand.",
    }
    return StressAnswer(**(answer | changes))


def result(schema: TableSchema, rows: Sequence[Mapping[str, Any]]) -> Result:
    """Rows as a result with caveats and provenance."""
    card = Card("tiny", "a network made by hand", "Nobody", "CC0", "2022", "0" * 64, "by hand")
    asked = {"scenario": "by-hand", "sharing": "equal", "draws": "0", "seed": "0"}
    return Result(schema, tabulated(schema, rows), ("Made by hand.",), Provenance((card,), "0", asked))


def _country(code: str, short: Sequence[float], levels: Series) -> dict[str, Any]:
    worst = max(range(len(DAYS)), key=lambda day: short[day])
    days = [day for day, amount in zip(DAYS, short, strict=True) if amount]
    stored = [level / VOLUME for level in levels.get(code, ())]
    return {
        "country": code,
        "label": LABELS[code],
        "in_scope": "yes",
        "demand_gwh": DEMAND * len(DAYS),
        "unserved_gwh": sum(short),
        "curtailment_rate": sum(short) / (DEMAND * len(DAYS)),
        "protected_unserved_gwh": 0.0,
        "worst_day_rate": short[worst] / DEMAND,
        "worst_day": DAYS[worst] if days else "",
        "first_day": days[0] if days else "",
        "days_unserved": len(days),
        "min_storage_share": min(stored, default=None),
        "end_storage_share": stored[-1] if stored else None,
        **dict.fromkeys(
            ("curtailment_low", "curtailment_median", "curtailment_high", "probability_of_curtailment")
        ),
    }


def _days(code: str, short: Sequence[float], levels: Series) -> list[dict[str, Any]]:
    return [
        {
            "day": day,
            "country": code,
            "demand_gwh": DEMAND,
            "unserved_gwh": short[place],
            "stored_gwh": levels[code][place] if code in levels else 0.0,
            "storage_share": levels[code][place] / VOLUME if code in levels else None,
        }
        for place, day in enumerate(DAYS)
    ]


def _flow(name: str, origin: str, destination: str, amount: float, used: float) -> dict[str, Any]:
    ends = {"origin": origin, "destination": destination}
    return {"name": name, "kind": "link", **ends, "flow_gwh": amount, "used": used}


def _outages(out: Sequence[tuple[str, float, str]]) -> list[dict[str, Any]]:
    return [
        {
            "rank": rank,
            "assets": name,
            "unserved_gwh": 6 + added,
            "added_gwh": added,
            "hit_most": hit,
            "proof": "solved",
        }
        for rank, (name, added, hit) in enumerate(out, start=1)
    ]


def _bands(bands: Sequence[Sequence[float]]) -> list[dict[str, Any]]:
    names = STORAGE_BANDS.names[1:]
    return [{"day": day, **dict(zip(names, row, strict=True))} for day, row in zip(DAYS, bands, strict=True)]
