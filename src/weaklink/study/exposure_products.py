"""Which industries make some products, and whose value added stands downstream of them?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Unpack

import numpy as np

from weaklink import data, tables
from weaklink.codes.industries import Made, makers, sectors_making
from weaklink.codes.products import labels, short_label, short_name
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Floats
from weaklink.inputoutput.coefficients import inputs
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.sources.intake import Problems
from weaklink.sources.sheet import Cell, number, read_sheet, words
from weaklink.study import exposure_setting as settings
from weaklink.study.exposure_setting import ALL, ExposureQuestion, ExposureSetting, TableOptions, set_up

EDITION = "HS22"
MOST_LABEL = 60


def _division(text: str) -> str:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 99):
        raise ValueError
    return text.zfill(2)


def _code(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) in (2, 4, 6)):
        raise ValueError
    return text


DIVISION = Cell(_division, "an ISIC Rev. 4 division, 01 to 99", "Write its two digits.", required=True)
SECTORS: Mapping[str, Cell] = {"sector": words("a sector of the table", required=True), "isic": DIVISION}
RULES: Mapping[str, Cell] = {
    "hs": Cell(_code, "an HS code of 2, 4 or 6 digits", "Keep leading zeros: format as text.", required=True),
    "isic": DIVISION,
    "weight": number(0, 1, "a share from 0 to 1"),
}


@dataclass(frozen=True)  # without slots, so that the join is made once
class Join:
    """Products joined to sectors of a table.

    `own` are the divisions of sectors, and `rules` the divisions of products, that sheets of the user's state.
    """

    setting: ExposureSetting
    products: tuple[str, ...]
    own: Mapping[str, frozenset[str]]
    rules: Mapping[str, tuple[Made, ...]] | None
    sheets: tuple[Card, ...]

    @cached_property
    def sectors(self) -> Mapping[str, tuple[str, ...]]:
        """Sectors of the table by the division that is in them."""
        one = self.setting
        found = sectors_making(one.accounts.sectors, one.stored.card.nomenclature, self.own)
        if not found:
            raise RequestError(
                f"{one.stored.card.name}: the codes of its sectors do not say their ISIC divisions. "
                "Give a sheet with columns sector and isic: --sectors FILE"
            )
        return found

    def rows(self) -> Iterator[tuple[str, Made, str, float]]:
        """Product, rule, sector and weight; a division in several sectors counts in equal parts."""
        for product in self.products:
            for made in makers(product, self.rules):
                held = self.sectors.get(made.isic, ())
                yield from ((product, made, sector, made.weight / len(held)) for sector in held)

    @cached_property
    def weights(self) -> dict[str, float]:
        """For each sector that makes any of the products, the largest share of one that it makes."""
        found: dict[str, float] = {}
        for _, _, sector, weight in self.rows():
            found[sector] = max(found.get(sector, 0.0), weight)
        return found

    @property
    def mapped(self) -> float:
        """Share of the products that could be joined, a product in part by its weight."""
        return sum(weight for *_, weight in self.rows()) / len(self.products)

    def provenance(self) -> Provenance:
        """As of the question, with the rules of the join."""
        before = self.setting.provenance({"product": ", ".join(self.products)})
        joined = () if self.rules is not None else (data.card("hs_isic"),)
        cards = (*before.cards, *joined, data.card("sector_isic"), *self.sheets)
        return Provenance(cards, before.version, before.parameters, before.blocs)


def product_sectors(
    importer: str,
    product: str,
    *,
    sectors: Path | None = None,
    concordance: Path | None = None,
    **options: Unpack[TableOptions],
) -> Result:
    """Which sectors of the table make some products, by which rule, and how sure it is: one row per product and sector.

    `product` names HS codes of 2, 4 or 6 digits, separated by commas; `sectors` is a sheet of your own with the ISIC
    divisions of a table whose codes do not say them (columns sector and isic), `concordance` one with the divisions
    that make products (hs, isic and weight), in the place of the compiled rules. Raises as `exposure`, and
    SourceError for a sheet that is wrong.

    >>> [(row["sector"], row["weight"]) for row in product_sectors("DEU", "280530").records()]
    [('MANUF_EXFOOD', 1.0)]
    """
    join = _joined(importer, product, (sectors, concordance), options)
    rows = (
        {
            "product": code,
            "label": _label(code),
            "sector": sector,
            "sector_name": join.setting.sector_name(sector),
            "weight": weight,
            "isic": made.isic,
            "rule": made.rule,
            "sureness": made.sureness,
        }
        for code, made, sector, weight in join.rows()
    )
    table = tabulated(tables.PRODUCT_SECTORS, rows)
    return Result(tables.PRODUCT_SECTORS, table, tuple(_caveats(join)), join.provenance())


def product_users(
    importer: str,
    product: str,
    *,
    sectors: Path | None = None,
    concordance: Path | None = None,
    **options: Unpack[TableOptions],
) -> Result:
    """Whose value added in the importer stands downstream of the sectors abroad that make some products.

    One row per sector of the importer, by value added at risk, and last `all`. What counts are the making sectors of
    the supplier group. Arguments and errors as of `product_sectors`.

    >>> rows = product_users("DEU", "280530,850511", suppliers="CHN").records()
    >>> rows[0]["sector"], rows[-1]["sector"], 0 < rows[0]["total_use"] < 1
    ('MANUF_EXFOOD', 'all', True)
    """
    join = _joined(importer, product, (sectors, concordance), options)
    if not join.weights:
        raise RequestError(f"none of the products {product} could be joined to a sector: {_unmapped(join)}.")
    rows = list(_users(join))
    whole = sum(row["at_risk"] for row in rows)
    for row in rows:
        row["share"] = row["at_risk"] / whole if whole else np.nan
    rows.sort(key=lambda row: -row["at_risk"])
    rows.append(_all(join, rows, whole))
    table = tabulated(tables.PRODUCT_USERS, rows)
    return Result(tables.PRODUCT_USERS, table, tuple(_caveats(join)), join.provenance())


def _joined(
    importer: str, product: str, sheets: tuple[Path | None, Path | None], options: TableOptions
) -> Join:
    codes = tuple(dict.fromkeys(part.strip().replace(".", "") for part in product.split(",") if part.strip()))
    wrong = [code for code in codes if not (code.isascii() and code.isdigit() and len(code) in (2, 4, 6))]
    if wrong or not codes:
        shown = ", ".join(wrong) or "empty"
        raise RequestError(f"--product is {shown}; write HS codes of 2, 4 or 6 digits: 280530, 8505.")
    setting = set_up(ExposureQuestion(importer, **options))
    own, first = _own_sectors(sheets[0], setting.accounts.sectors) if sheets[0] else ({}, ())
    rules, second = _own_rules(sheets[1]) if sheets[1] else (None, ())
    return Join(setting, codes, own, rules, (*first, *second))


def _own_sectors(path: Path, sectors: Sequence[str]) -> tuple[dict[str, frozenset[str]], tuple[Card, ...]]:
    """The divisions of each sector as a sheet states them."""
    problems = Problems(path.name)
    sheet = read_sheet(path, SECTORS, problems)
    for line, row in sheet.rows:
        if row["sector"] not in sectors:
            problems.add(line, "sector", row["sector"], "a sector of the table", "Write its code as there.")
    problems.refuse_if_any()
    own: dict[str, frozenset[str]] = {}
    for _, row in sheet.rows:
        own[row["sector"]] = own.get(row["sector"], frozenset()) | {row["isic"]}
    return own, (sheet.card(),)


def _own_rules(path: Path) -> tuple[dict[str, tuple[Made, ...]], tuple[Card, ...]]:
    """The divisions of each code as a sheet states them; without weights they count in equal parts."""
    problems = Problems(path.name)
    sheet = read_sheet(path, RULES, problems)
    problems.refuse_if_any()
    parts: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for _, row in sheet.rows:
        parts[row["hs"]].append((row["isic"], row["weight"]))
    rules = {}
    for code, made in parts.items():
        weights = [1.0 if np.isnan(weight) else weight for _, weight in made]
        whole = sum(weights) or 1.0
        stated = zip(made, weights, strict=True)
        rules[code] = tuple(Made(isic, weight / whole, code, "stated") for (isic, _), weight in stated)
    return rules, (sheet.card(),)


def _users(join: Join) -> Iterator[dict[str, Any]]:
    setting = join.setting
    direct, total = _use(join)
    for sector in setting.accounts.sectors:
        rows = setting.of_sector(sector)
        added = float(setting.accounts.value_added[rows].sum())
        first, through = (float(np.nan_to_num(setting.as_one(one, sector)[0])) for one in (direct, total))
        yield {
            "importer": setting.importer.canonical,
            "sector": sector,
            "sector_name": setting.sector_name(sector),
            "value_added": added,
            "direct_use": first,
            "total_use": through,
            "at_risk": max(added, 0.0) * min(1.0, through),
        }


def _use(join: Join) -> tuple[Floats, Floats]:
    """What each industry uses of the making sectors of the group, directly and in all rounds: 1 × N each."""
    accounts = join.setting.accounts
    weight = np.array([join.weights.get(sector, 0.0) for sector in accounts.sectors])
    made = np.where(accounts.flags(join.setting.group), weight[accounts.sector], 0.0)[None]
    return inputs(accounts, made), join.setting.solver.left(made).values - made


def _all(join: Join, rows: list[dict[str, Any]], whole: float) -> dict[str, Any]:
    direct, total = (float(join.setting.as_one(one, ALL)[0]) for one in _use(join))
    return {
        "importer": join.setting.importer.canonical,
        "sector": ALL,
        "sector_name": join.setting.sector_name(ALL),
        "value_added": sum(row["value_added"] for row in rows),
        "direct_use": direct,
        "total_use": total,
        "at_risk": whole,
        "share": 1.0 if whole else np.nan,
    }


def _label(code: str) -> str:
    known = short_name(code, EDITION) if len(code) == 6 else ""
    return known or short_label(labels(EDITION).get(code, ""), MOST_LABEL)


def _unmapped(join: Join) -> str:
    joined = {product for product, *_ in join.rows()}
    return ", ".join(code for code in join.products if code not in joined)


def _caveats(join: Join) -> Iterator[str]:
    setting = join.setting
    many, source = len(join.products), setting.accounts.source
    yield f"{join.mapped:.0%} of the {many} products asked are joined to sectors of {source}."
    if missing := _unmapped(join):
        yield f"No sector found, so not counted: {missing}."
    made = {(code, one.sureness) for code, one, *_ in join.rows()}
    for sureness, said in (
        ("likely", "The join is likely, not sure, for"),
        ("split", "Two divisions make these, counted in equal parts since nothing says how much each makes:"),
    ):
        if codes := sorted(code for code, how in made if how == sureness):
            yield f"{said} {', '.join(codes[:12])}{f' and {len(codes) - 12} more' if len(codes) > 12 else ''}."
    listed = ", ".join(join.weights)
    yield (
        f"The products stand for whole sectors ({listed}), of which each is a small part: figures are of what rests on "
        "all output of these sectors, so they say who would be reached, not how much a lack of the products would cost."
    )
    yield from settings.caveats(setting)
    if join.rules is None:
        yield from data.card("hs_isic").caveats
