"""Which flows do the data lack although another statistic is known to have them?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from weaklink.data import rows
from weaklink.study.setting import Setting


@dataclass(frozen=True, slots=True)
class Gap:
    """A product that the importer's members are known to buy from a supplier, and of which nothing is recorded.

    `gwh` is what the other statistic counts in its year, in gigawatt hours of gross calorific value.
    """

    product: str
    supplier: str
    importers: frozenset[str]
    gwh: int


def known_gaps(setting: Setting) -> Iterator[Gap]:
    """The gaps that touch a question, in the year asked."""
    year = setting.question.year
    members = set(setting.importer_in(year).countries)
    known: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows("known_gaps"):
        if row["nomenclature"] == setting.data.nomenclature and row["importer"] in members:
            known.setdefault((row["product"], row["supplier"]), {})[row["importer"]] = int(row["gwh"] or 0)
    for (product, supplier), amounts in known.items():
        flows = setting.flows.in_year(year).of_products([product])
        bought = flows.where(flows.flags([supplier])[flows.exporter])
        recorded = {bought.countries[index] for index in bought.importer}
        lacking = {importer: gwh for importer, gwh in amounts.items() if importer not in recorded}
        if len(flows) and lacking:
            yield Gap(product, supplier, frozenset(lacking), sum(lacking.values()))
