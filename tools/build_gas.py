"""How were the embedded gas networks of Europe made? From Eurostat, GIE, and the hand-compiled facts in tools/gas.

    python tools/build_gas.py ORIGINALS

`ORIGINALS` is a directory with `gas/eurostat_demand_monthly.csv`, `gas/storage_gie_2018.csv`, `gas/gie_lng.csv`
and `gas/eu_storage_agsi_daily.csv`. Everything is written to src/weaklink/data/networks; the same originals
and facts give the same bytes.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from weaklink.codes.countries import country
from weaklink.data import ROOT

FACTS = Path(__file__).parent / "gas"
NETWORKS = ROOT / "networks"
WINTERS = (2021, 2022)
USUAL = range(2017, 2022)  # the five winters before 2022/23: the reference of Regulation (EU) 2022/1369
CLASSES = ("protected", "power", "industry")
GWH_PER_MCM = (
    10.607  # of the file of GIE terminals: it makes 650 of South Hook and 200 of Sines, as GIE prints
)
WITHDRAWAL = "0=0.25 0.25=0.7 0.5=0.95 0.7=1 1=1"
INJECTION = "0=1 0.7=1 1=0.6"
INJECTION_OVER_WITHDRAWAL = 11_383.63 / 19_460.45  # GIE, EU, 1 October 2021
STORED = {2021: 832.1944, 2022: 943.177 + 17 * 0.0022 * 1113.3998}  # TWh in the EU on 1 October
EU_STORED_SOURCE = {
    2021: "GIE AGSI, EU, 1 October 2021: 832.19 TWh",
    2022: "GIE AGSI, EU, 14 September 2022: 943.18 TWh, and 17 days at its trend of 0.22 % a day",
}

Row = Mapping[str, str]
Out = dict[str, str | float]


def main(originals: Path) -> None:
    """Write both winters."""
    for winter in WINTERS:
        folder = NETWORKS / f"europe-gas-{winter}"
        folder.mkdir(parents=True, exist_ok=True)
        facts = Facts.of(originals / "gas", winter)
        for name, rows in {
            "nodes": facts.nodes(),
            "demand": facts.demand(facts.months),
            "demand_usual": facts.demand(facts.usual_months),
            "links": facts.links(),
            "entries": facts.entries(),
            "suppliers": facts.suppliers(),
            "storages": facts.storages(),
        }.items():
            count = _write(folder / f"{name}.csv", rows)
            print(f"{folder.name}/{name}.csv: {count} rows")


@dataclass(frozen=True)
class Facts:
    """What is known, for one winter."""

    winter: int
    monthly: Mapping[str, Mapping[str, float]]  # country, month: TWh
    hand: Mapping[str, Sequence[Row]]  # the sheets of tools/gas
    gie: Sequence[Row]
    terminals: Sequence[Row]

    @classmethod
    def of(cls, originals: Path, winter: int) -> Facts:
        """Read the originals."""
        hand = {
            name: _rows(FACTS / f"{name}.csv")
            for name in ("nodes", "links", "entries", "suppliers", "storages_other")
        }
        monthly: dict[str, dict[str, float]] = defaultdict(dict)
        for row in _rows(originals / "eurostat_demand_monthly.csv"):
            if row["demand"] and row["country"] not in ("EU27_2020", "CY"):
                code = "GRC" if row["country"] == "EL" else country(row["country"])
                monthly[code][row["date"][:7]] = float(row["demand"])
        return cls(
            winter,
            monthly,
            hand,
            _rows(originals / "storage_gie_2018.csv"),
            _rows(originals / "gie_lng.csv", ";"),
        )

    @property
    def months(self) -> tuple[tuple[str, ...], ...]:
        """October to March; each month as the months whose mean it is."""
        return tuple((month,) for month in _months(self.winter))

    @property
    def usual_months(self) -> tuple[tuple[str, ...], ...]:
        """The months of the five winters before 2022/23, October together with October."""
        return tuple(zip(*(_months(winter) for winter in USUAL), strict=True))

    def nodes(self) -> Iterable[Out]:
        """Countries."""
        for row in self.hand["nodes"]:
            label = country(row["node"]) and row["label"].replace("Tuerkiye", "Türkiye")
            yield {
                "node": row["node"],
                "label": label,
                "longitude": row["longitude"],
                "latitude": row["latitude"],
                "quality": "published",
                "source": "ISO 3166; a point in the middle of the country, for maps",
                "note": row["note"],
            }

    def demand(self, months: Sequence[Sequence[str]]) -> Iterable[Out]:
        """GWh of each month by class: industry and power evenly over the year, the protected have the rest."""
        names = _months(self.winter)
        for row in self.hand["nodes"]:
            code = row["node"]
            totals = [1000 * sum(self._total(row, one) for one in group) / len(group) for group in months]
            years = USUAL if len(months[0]) > 1 else (self.winter,)
            year = 1000 * sum(sum(self._year(row, one)) for one in years) / len(years)
            said = self._said(row, months)
            for name, total in zip(names, totals, strict=True):
                even = {group: float(row[group]) * year / 12 for group in ("industry", "power")}
                shrunk = min(1.0, 0.95 * total / sum(even.values())) if sum(even.values()) else 0.0
                parts = {group: amount * shrunk for group, amount in even.items()}
                parts["protected"] = total - sum(parts.values())
                for group in CLASSES:
                    yield {
                        "node": code,
                        "class": group,
                        "period": name,
                        "amount": round(parts[group], 3),
                        **said,
                    }

    def _total(self, row: Row, month: str) -> float:
        """TWh of a month. Countries that Eurostat lacks have the shape of others and a winter's sum."""
        if not row["shape_of"]:
            return self.monthly[row["node"]][month] if row["node"] in self.monthly else 0.0
        others = row["shape_of"].split()
        winter = WINTERS[0] if (year := _winter_of(month)) < WINTERS[0] else year
        shape = {one: sum(self.monthly[code][one] for code in others) for one in _months(year)}
        return float(row[f"winter_{winter}_twh"]) * shape[month] / sum(shape.values())

    def _year(self, row: Row, year: int) -> list[float]:
        """TWh by month of a calendar year."""
        if row["shape_of"]:
            winter = float(row[f"winter_{max(year, WINTERS[0])}_twh"])
            codes = row["shape_of"].split()
            shape = [sum(self.monthly[code][m] for code in codes) for m in _year_months(year)]
            cold = sum(self.monthly[code][m] for m in _months(year) for code in codes)
            return [winter * one / cold for one in shape]
        found = self.monthly.get(row["node"], {})
        return [found.get(month, 0.0) for month in _year_months(year)]

    def _said(self, row: Row, months: Sequence[Sequence[str]]) -> Out:
        usual = len(months[0]) > 1
        if row["node"] == "NOR":
            return {"quality": "assumed", "source": row["source"], "note": ""}
        if row["shape_of"]:
            return {
                "quality": "recalled",
                "source": row["source"],
                "note": f"months shaped as in {row['shape_of']} (Eurostat); classes by recalled shares"
                + ("; winters before 2021/22 taken as that one" if usual else ""),
            }
        return {
            "quality": "derived",
            "source": "Eurostat, natural gas inland demand by month (nrg_cb_gasm), CC BY 4.0",
            "note": ("mean of the winters 2017/18 to 2021/22; " if usual else "")
            + f"power {row['power']} and industry {row['industry']} of the year, recalled and rounded from "
            "Eurostat nrg_bal_c, spread evenly; the protected have the rest",
        }

    def links(self) -> Iterable[Out]:
        """Borders that are open in this winter."""
        for row in self.hand["links"]:
            forward, backward = float(row[f"forward_{self.winter}"]), float(row[f"backward_{self.winter}"])
            if forward or backward:
                yield {
                    "name": row["name"],
                    "origin": row["origin"],
                    "destination": row["destination"],
                    "forward": forward,
                    "backward": backward,
                    **_own(row),
                }

    def entries(self) -> Iterable[Out]:
        """Fields, border points and terminals; those of GIE's file first."""
        for row in self.terminals:
            given = ast.literal_eval(row["param"])["max_cap_store2pipe_M_m3_per_d"]
            capacity = round(given * GWH_PER_MCM, 1)
            rise = row["name"].startswith("Swinoujscie") and self.winter == 2022
            yield {
                "name": row["name"].removesuffix(" LNG Terminal"),
                "asset": "",
                "node": country(row["country_code"]),
                "kind": "terminal",
                "supplier": "LNG",
                "capacity": 190.0 if rise else capacity,
                "first_day": "",
                "last_day": "",
                "quality": "recalled" if rise else "derived",
                "source": "Gaz-System: 6.2 bcm a year from 2022" if rise else "GIE ALSI, highest send-out",
                "note": "" if rise else f"{given:.2f} million m3 a day at {GWH_PER_MCM} GWh per million m3",
            }
        for row in self.hand["entries"]:
            if float(row[f"capacity_{self.winter}"]):
                copied = ("name", "asset", "node", "kind", "supplier")
                days = {day: row[day] for day in ("first_day", "last_day")}
                figure = {"capacity": float(row[f"capacity_{self.winter}"])}
                yield {**{name: row[name] for name in copied}, **figure, **days, **_own(row)}

    def suppliers(self) -> Iterable[Out]:
        """What each supplier sends at most."""
        for row in self.hand["suppliers"]:
            figures = {n: row[f"{n}_{self.winter}"] for n in ("daily", "total", "buffer", "start")}
            yield {"name": row["name"], **figures, **_own(row)}

    def storages(self) -> Iterable[Out]:
        """Stores by country, with the levels of 1 October brought to the sum that GIE prints for the EU."""
        hand = {row["node"]: row for row in self.hand["nodes"]}
        rows: list[Out] = [
            {
                "node": country(one["country"]),
                "volume": float(one["wgv_TWh"]) * 1000,
                "withdrawal": float(one["withdraw_GWh_d"]),
                "quality": "published",
                "source": "GIE storage database, December 2018, operational sites by country",
                "note": "",
            }
            for one in self.gie
            if one["withdraw_GWh_d"] and one["country"] != "Grand Total"
        ]
        rows += [
            {**row, "volume": float(row["volume"]), "withdrawal": float(row["withdrawal"])}
            for row in self.hand["storages_other"]
        ]
        levels = self._levels(rows, hand)
        for row in rows:
            code, withdrawal = str(row["node"]), float(row["withdrawal"])
            yield {
                "name": f"Stores of {hand[code]['label'].replace('Tuerkiye', 'Türkiye')}",
                "node": code,
                "volume": row["volume"],
                "withdrawal": withdrawal,
                "withdrawal_curve": WITHDRAWAL,
                "injection": round(withdrawal * INJECTION_OVER_WITHDRAWAL, 1),
                "injection_curve": INJECTION,
                "start": levels[code],
                "minimum_end": 0,
                "loss": 0,
                "quality": row["quality"],
                "source": f"{row['source']}; level: {self._level_source(code)}",
                "note": "; ".join(
                    filter(
                        None,
                        (str(row["note"]), "curves assumed; injection by the ratio of the EU in GIE AGSI"),
                    )
                ),
            }

    def _level_source(self, code: str) -> str:
        if code == "DEU":
            return f"GIE AGSI, Germany, 1 October {self.winter}"
        if code in self.monthly:
            return f"recalled from GIE AGSI and scaled to {EU_STORED_SOURCE[self.winter]}"
        return "recalled"

    def _levels(self, rows: Sequence[Out], hand: Mapping[str, Row]) -> dict[str, float]:
        """Levels as shares: what is recalled of EU countries times one factor, so that their sum is GIE's."""
        level = {str(row["node"]): float(hand[str(row["node"])][f"start_{self.winter}"]) for row in rows}
        volume = {str(row["node"]): float(row["volume"]) for row in rows}
        others = [code for code in level if code in self.monthly and code != "DEU"]
        wanted = 1000 * STORED[self.winter] - level["DEU"] * volume["DEU"]
        factor = wanted / sum(level[code] * volume[code] for code in others)
        print(f"{self.winter}: recalled levels times {factor:.4f}")
        return {
            code: round(min(1.0, share * factor), 4) if code in others else share
            for code, share in level.items()
        }


def _own(row: Row) -> Out:
    return {name: row[name].replace("Tuerkiye", "Türkiye") for name in ("quality", "source", "note")}


def _months(winter: int) -> tuple[str, ...]:
    return tuple(f"{winter + (m < 4)}-{m:02}" for m in (10, 11, 12, 1, 2, 3))


def _year_months(year: int) -> tuple[str, ...]:
    return tuple(f"{year}-{month:02}" for month in range(1, 13))


def _winter_of(month: str) -> int:
    return int(month[:4]) - (int(month[5:]) < 4)


def _rows(path: Path, separator: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


def _write(path: Path, rows: Iterable[Out]) -> int:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {
                name: value.replace("Tuerkiye", "Türkiye") if isinstance(value, str) else value
                for name, value in row.items()
            }
            for row in listed
        )
    return len(listed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
