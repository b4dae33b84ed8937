"""What is a question to an input-output table: whose exposure, to whom, in which sectors, by which table?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NotRequired, TypedDict, get_args

from weaklink.accountstore import StoredTable
from weaklink.blocs.expression import Bloc, resolve
from weaklink.codes.countries import countries, name
from weaklink.codes.industries import sector_title
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Flags, Floats
from weaklink.inputoutput.coefficients import averaged
from weaklink.inputoutput.reliance import Definition
from weaklink.inputoutput.solve import System, system
from weaklink.provenance import Provenance
from weaklink.study.iotables import chosen
from weaklink.version import VERSION

ALL = "all"  # the row that takes all sectors as one
REST = "ROW"
Side = Literal["importer", "exporter"]


class TableOptions(TypedDict):
    """Which table and which suppliers are asked; `ExposureQuestion` says what each means."""

    suppliers: NotRequired[str]
    table: NotRequired[str]
    year: NotRequired[int | None]
    store: NotRequired[Path | None]


class ExposureOptions(TableOptions):
    """The parts of a question that have a default; `ExposureQuestion` says what each means."""

    sector: NotRequired[str]
    definition: NotRequired[Definition]
    each: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class ExposureQuestion:
    """One question to an input-output table.

    `importer` and `suppliers` are bloc expressions; a term without a date is taken as of 31 December of the table's
    year. `sector` names sectors of the table by code, separated by semicolons, empty for all. `table` is the name of
    a table, empty for the embedded one, and `year` one of its years, None for the latest. `definition` says what
    is looked through to. `each` asks for a row for each country of the group instead of one for the group.
    """

    importer: str
    suppliers: str = "authoritarian"
    sector: str = ""
    table: str = ""
    year: int | None = None
    definition: Definition = "L-I"
    each: bool = False
    store: Path | None = None

    def __post_init__(self) -> None:
        if self.definition not in get_args(Definition):
            raise RequestError(
                f"--definition is {self.definition!r}; it is one of {', '.join(get_args(Definition))}."
            )

    def parameters(self) -> dict[str, str]:
        """The question as text, defaults included: what provenance records."""
        return {
            "importer": self.importer,
            "suppliers": self.suppliers,
            "sector": self.sector or ALL,
            "table": self.table,
            "year": "" if self.year is None else str(self.year),
            "definition": self.definition,
            "each": "yes" if self.each else "no",
        }


@dataclass(frozen=True)  # without slots, so that the solver is made once
class ExposureSetting:
    """A question with its table and its blocs.

    `members` are the importer's countries that the table has as regions, `group` those of the suppliers outside
    the importer; `absent` are the countries of both that it has not, by role.
    """

    question: ExposureQuestion
    stored: StoredTable
    accounts: Accounts
    importer: Bloc
    suppliers: Bloc
    members: tuple[str, ...]
    group: tuple[str, ...]
    absent: Mapping[str, tuple[str, ...]]

    @cached_property
    def solver(self) -> System:
        """(I - A) of the table, ready to be solved."""
        return system(self.accounts)

    @property
    def coverage(self) -> float:
        """Share of the group's countries that the table has as regions."""
        return len(self.group) / (len(self.group) + len(self.absent["supplier group"]))

    @property
    def sectors(self) -> tuple[str, ...]:
        """The sectors asked, in the order of the table."""
        return sectors_asked(self.question.sector, self.accounts)

    @property
    def inside(self) -> Flags:
        """The rows of the importer."""
        return self.accounts.flags(self.members)

    def of_sector(self, sector: str) -> Flags:
        """The rows of the importer in one sector, or in `all`."""
        return self.inside if sector == ALL else self.inside & self.accounts.in_sectors([sector])

    def as_one(self, figures: Floats, sector: str) -> Floats:
        """Figures per unit of output, K × N, for the importer's sector as one unit: K."""
        return averaged(self.accounts, figures, self.of_sector(sector))

    def output(self, sector: str) -> float:
        """Output of the importer's sector, in the unit of the table."""
        return float(self.accounts.x[self.of_sector(sector)].sum())

    def sector_name(self, sector: str) -> str:
        """What a sector's code means: as its source says, else by its divisions; empty where neither is known."""
        if sector == ALL:
            return "All sectors"
        return self.stored.sector_names.get(sector) or sector_title(sector, self.stored.card.nomenclature)

    def region_name(self, region: str) -> str:
        """What a region is called."""
        known = name(region) if region in countries() else region
        return self.stored.region_names.get(region, "Rest of the world" if region == REST else known)

    def provenance(self, more: Mapping[str, str] = MappingProxyType({})) -> Provenance:
        """How the answer can be made again; `more` holds what is asked beside the question."""
        resolved = {bloc.canonical: bloc.countries for bloc in (self.importer, self.suppliers)}
        parameters = {
            **self.question.parameters(),
            "table": self.stored.card.name,
            "year": str(self.accounts.year),
            **more,
        }
        return Provenance((self.stored.card,), VERSION, parameters, resolved)


def set_up(question: ExposureQuestion, stored: StoredTable | None = None) -> ExposureSetting:
    """The table and the blocs of a question; `stored` stands for the table that it names.

    Raises BlocError, CodeError or RequestError for what cannot be asked, StoreError for a table that is damaged.
    """
    stored = stored or chosen(question.table, question.year, question.store)
    accounts = stored.accounts()
    importer, suppliers = (
        resolve(text, year=accounts.year) for text in (question.importer, question.suppliers)
    )
    members, missing = _in_table(importer.countries, accounts.regions)
    if not members:
        raise RequestError(
            f"{stored.card.name} has no region for {', '.join(map(name, missing[:8]))}: it is in its rest of the "
            "world. Ask a table that has it (weaklink tables list)."
        )
    outside = [code for code in suppliers.countries if code not in importer.countries]
    group, absent = _in_table(outside, accounts.regions)
    if not outside:
        raise RequestError(f"No country of {suppliers.canonical} is outside {importer.canonical}.")
    setting = ExposureSetting(
        question,
        stored,
        accounts,
        importer,
        suppliers,
        members,
        group,
        {"importer": missing, "supplier group": absent},
    )
    _ = setting.sectors  # refuses unknown ones before any work is done
    return setting


def sectors_asked(text: str, accounts: Accounts) -> tuple[str, ...]:
    """The sectors that a text names, separated by semicolons; all where it is empty.

    Raises RequestError, which lists what there is, for an unknown one.
    """
    known = {sector.casefold(): sector for sector in accounts.sectors}
    asked = [part.strip() for part in text.split(";") if part.strip()]
    unknown = [part for part in asked if part.casefold() not in known]
    if unknown:
        listed = "; ".join(accounts.sectors[:60])
        raise RequestError(f"the table has no sector {'; '.join(unknown)}. It has: {listed}.")
    wanted = {known[part.casefold()] for part in asked} or set(accounts.sectors)
    return tuple(sector for sector in accounts.sectors if sector in wanted)


def _in_table(codes: Collection[str], regions: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which countries are regions of their own, and which are not."""
    return tuple(c for c in codes if c in regions), tuple(c for c in codes if c not in regions)


def rest_of_world(accounts: Accounts) -> tuple[str, ...]:
    """The regions of a table that are no single country."""
    return tuple(region for region in accounts.regions if region == REST or region not in countries())


def caveats(setting: ExposureSetting) -> Iterator[str]:
    """Sentences that hold for every answer from this table and these blocs."""
    for role, bloc in (("importer", setting.importer), ("supplier group", setting.suppliers)):
        if bloc.undated:
            yield (
                f"The {role} {bloc.expression} has no date: it is taken as of 31 December of the table's year "
                f"({bloc.canonical})."
            )
        yield from bloc.notes
    both = sorted(set(setting.importer.countries) & set(setting.suppliers.countries))
    if both:
        yield (
            f"In both the importer and the supplier group: {', '.join(map(name, both))}. They count as the importer's, "
            "and what members buy of each other stays inside."
        )
    for role, absent in setting.absent.items():
        if absent:
            yield (
                f"Without rows of their own in {setting.accounts.source}, so in its rest of the world, uncounted, of "
                f"the {role} ({len(absent)}): {_listed([name(code) for code in absent])}."
            )
    yield f"Amounts are in {setting.accounts.unit}, at the prices of {setting.accounts.year}."
    yield from setting.stored.card.caveats
    yield from setting.accounts.caveats()
    yield (
        "Industries of a table are homogeneous: a sector is its mean, and a single material or component that stops "
        "it is not to be seen. For products ask `weaklink screen`."
    )


def _listed(words: Sequence[str], most: int = 8) -> str:
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more} more" if more > 0 else "")
