"""What one member lacks, which member or partner already exports?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Unpack

import numpy as np

from weaklink import tables
from weaklink.blocs.expression import Bloc, resolve
from weaklink.codes.countries import name
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.common import AT_LEAST, refuse_no_share, taken_alone
from weaklink.study.mineral_caveats import listed
from weaklink.study.question import Options, Question
from weaklink.study.setting import Setting, set_up
from weaklink.trade.alone import Alone
from weaklink.trade.concentration import Amounts, Figures, Flags, ratio
from weaklink.trade.lens import Case, coverage, figures
from weaklink.trade.substitutes import Sales, sales

MOST_NAMED = 5  # candidates named in a row; `show="candidates"` has all
Show = Literal["products", "candidates"]


def substitutes(
    importer: str,
    year: int,
    partners: str = "",
    at_least: float = AT_LEAST,
    show: Show = "products",
    **options: Unpack[Options],
) -> Result:
    """Members that lack each product without the supplier group, and members and partners that export it.

    `partners` is a bloc expression, empty for none; a partner in the bloc counts as a member, one in the
    supplier group as neither. `show` is `products` (one row each, `weaklink.tables.SUBSTITUTES`) or
    `candidates` (one row for each product and exporter, `weaklink.tables.CANDIDATES`). Raises as `screen`
    does, and RequestError if `at_least` is no share.

    >>> rows = substitutes("EU@2022-12-31", 2022, "NOR + USA", product="271111", suppliers="RUS").records()
    >>> rows[0]["candidates"], rows[0]["lacking_codes"]
    ('USA, NOR, ...
    """
    refuse_no_share(at_least)
    setting = set_up(Question(importer, year, **options), ())
    named = resolve(partners, year=year) if partners else None
    search = _search(setting, named, at_least)
    schema = tables.SUBSTITUTES if show == "products" else tables.CANDIDATES
    records = _products(search) if show == "products" else _candidates(search)
    return Result(
        schema,
        tabulated(schema, records),
        tuple(dict.fromkeys((*caveats.of_setting(setting), *_caveats(search)))),
        _provenance(search),
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """Everything that a row is made of, by item (rows) and country (columns).

    `members` and `partners` flag the candidates; `lacks` says of each item and member whether it lacks it;
    `sold` is in dollars, `sold_kg` in kilograms, `sold_by` in the measure asked; `needed` is the bloc's
    imports from the group in that measure, `needed_usd` in dollars.
    """

    setting: Setting
    case: Case
    partners_named: Bloc | None
    partners: Flags
    at_least: float
    alone: Alone
    own_share: Figures
    sold: Sales
    sold_kg: Sales
    needed: Amounts
    needed_usd: Amounts

    @property
    def sold_by(self) -> Sales:
        """What is sold in the measure of the question."""
        return self.sold if self.case.supply.measure == "value" else self.sold_kg

    @property
    def codes(self) -> list[str]:
        """The product code of each item."""
        return self.setting.codes(self.case.supply)


def _search(setting: Setting, partners: Bloc | None, at_least: float) -> _Search:
    year = setting.question.year
    members = setting.importer_in(year).countries
    case, alone = taken_alone(setting, (*members, *(partners.countries if partners else ())))
    flows, by_value = case.flows, setting.case_in(year, "value")
    own_share = np.full((len(case.supply.year), len(flows.countries)), np.nan)
    own_share[alone.item, alone.importer] = alone.group_share
    outside = ~(case.members | case.group)
    return _Search(
        setting=setting,
        case=case,
        partners_named=partners,
        partners=flows.flags(partners.countries if partners else ()) & outside,
        at_least=at_least,
        alone=alone,
        own_share=own_share,
        sold=sales(flows, case.members, "value"),
        sold_kg=sales(flows, case.members, "quantity"),
        needed=case.supply.imports.amount[:, case.group].sum(axis=-1),
        needed_usd=by_value.supply.imports.amount[:, case.group].sum(axis=-1),
    )
