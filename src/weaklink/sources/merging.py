"""How do sorted runs become flows between countries?

The runs of a year are read side by side, some whole products at a time and never half a product. A flow that
stands twice is refused. Areas become countries by the stated policy: what goes through an area that is not
simply a country is counted, and flows that become one are added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weaklink.codes.areas import Area
from weaklink.errors import Problem
from weaklink.flows import Flows, merged
from weaklink.sources import intake, runs
from weaklink.sources.ahead import ahead
from weaklink.sources.intake import MOST_LISTED, Problems, Progress
from weaklink.sources.runs import FIRST_YEAR, PRODUCT_BITS, Index, Integers, Part, Places, Run

WINDOW = 1 << 18  # flows read side by side at a time, about: two row groups of a snapshot
MOST_PRODUCTS = np.iinfo(np.int16).max  # of one file; an edition has 5,700
REMEDY = "Remove the duplicate, or add up the parts if they are parts."


@dataclass(frozen=True, slots=True)
class AreaCount:
    """How much of a year's trade went through a statistical area that is not simply a country."""

    year: int
    code: str
    name: str
    becomes: str
    reason: str
    rows: int
    value_usd: int
    share: float  # of the year's value in the file

    def sentence(self) -> str:
        """The caveat that travels with figures of that year."""
        return (
            f"{self.year}: {self.name} ({self.code}) counts as {self.becomes}: {self.rows:,} flows, "
            f"{self.share:.2%} of the year's value. {self.reason}"
        )


@dataclass(frozen=True, slots=True)
class _Window:
    """The flows of the items `first` to `last`, wherever they stand in the runs of their year."""

    runs: Sequence[tuple[Run, Index]]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Joined:
    """What was found in a window: its flows, or how many stand again and the first of these."""

    flows: Flows
    counted: Mapping[int, tuple[int, int]]  # area: flows and dollars through it
    again: tuple[Problem, ...]
    again_count: int


class Merging:
    """Flows of countries out of runs; what was found on the way can be asked when all were given.

    `areas` are those of the source, in the order of the countries that they become, so that the order of areas
    is the order of countries. Raises SourceError where a flow stands twice.
    """

    def __init__(self, given: Sequence[Run], areas: Sequence[Area], problems: Problems) -> None:
        if len(areas) > runs.MOST_AREAS:
            raise ValueError(f"{len(areas)} areas do not fit the key of a flow")
        self._areas, self._problems = areas, problems
        self._runs, codes, seen = _by_year(given, problems)
        self.products = tuple(f"{code:06d}" for code in codes.tolist())
        self._product = np.zeros(1 << PRODUCT_BITS, dtype=np.int16)
        self._product[codes] = np.arange(len(codes))
        self.years = tuple(self._runs)
        self.countries = tuple(sorted({areas[place].becomes for place in seen}))
        places = {country: place for place, country in enumerate(self.countries)}
        self._country = np.array([places.get(one.becomes, 0) for one in areas], dtype=np.int16)
        self._special = np.array([one.kind != "country" for one in areas], dtype=np.bool_)
        self._one_to_one = len(seen) == len(self.countries)
        self._counts: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
        self._value: dict[int, int] = defaultdict(int)
        self.rows = 0

    def flows(self, progress: Progress = intake.silent) -> Iterator[Flows]:
        """The flows of all years in order, some whole products of one year at a time.

        All have the same products and countries: those that occur in any year.
        """
        for number, year in enumerate(self.years, start=1):
            indexed = [(run, run.index()) for run in self._runs[year]]
            windows = list(_windows(indexed, year, len(self._areas), self._problems))
            with closing(ahead(self._joined, windows)) as pieces:
                for done, (_, joined) in enumerate(pieces, start=1):
                    self._count(year, joined)
                    if not self._problems.count:
                        yield joined.flows
                    progress((number - 1) * len(windows) + done, len(self.years) * len(windows))
        self._problems.refuse_if_any()

    def counts(self) -> tuple[AreaCount, ...]:
        """By year and area that is not simply a country: flows, value, and share of the year's value."""
        found = []
        for (year, place), (rows, value) in self._counts.items():
            one, share = self._areas[place], value / self._value[year]
            found.append(AreaCount(year, one.code, one.name, one.becomes, one.reason, rows, value, share))
        return tuple(sorted(found, key=lambda count: (count.year, count.code)))

    def _count(self, year: int, joined: _Joined) -> None:
        self.rows += len(joined.flows)
        self._value[year] += int(joined.flows.value_usd.sum())
        for place, (rows, value) in joined.counted.items():
            before = self._counts[year, place]
            self._counts[year, place] = before[0] + rows, before[1] + value
        room = MOST_LISTED - len(self._problems.listed)
        self._problems.listed += joined.again[:room]
        self._problems.count += joined.again_count

    def _joined(self, window: _Window) -> _Joined:
        """Read a window, sort it, and make its areas countries."""
        parts = [run.part(*index.span(window.first, window.last)) for run, index in window.runs]
        whole = Part(
            np.concatenate([part.key for part in parts]),
            np.concatenate([part.row for part in parts]),
            np.concatenate([part.value_usd for part in parts]),
            np.concatenate([part.quantity_kg for part in parts]),
        )
        placed = runs.order(whole.key)
        key, value = whole.key[placed], whole.value_usd[placed]
        again = np.flatnonzero(key[1:] == key[:-1]) + 1
        files = [run.file for run, _ in window.runs]
        ends = np.cumsum([len(part) for part in parts])
        told = tuple(
            _twice(int(key[place]), whole.row, placed[place - 1 : place + 1], ends, files)
            for place in again[:MOST_LISTED].tolist()
        )
        flows = self._of_countries(key, value, whole.quantity_kg[placed])
        return _Joined(flows, self._through(key, value), told, len(again))

    def _of_countries(self, key: Integers, value: Integers, quantity: Integers) -> Flows:
        importer, exporter = runs.areas(key)
        item = runs.item(key)
        flows = Flows(
            products=self.products,
            countries=self.countries,
            year=((item >> PRODUCT_BITS) + FIRST_YEAR).astype(np.int16),
            product=self._product[item & (1 << PRODUCT_BITS) - 1],
            importer=self._country[importer],
            exporter=self._country[exporter],
            value_usd=value,
            quantity_kg=quantity,
        )
        # Where no two areas became one country, the order of areas is that of countries, and none is twice.
        return flows if self._one_to_one else merged(flows.in_order())

    def _through(self, key: Integers, value: Integers) -> dict[int, tuple[int, int]]:
        """Flows and dollars through each area that is not simply a country."""
        importer, exporter = runs.areas(key)
        chosen = np.flatnonzero(self._special[importer] | self._special[exporter])
        importer, exporter, value = importer[chosen], exporter[chosen], value[chosen]
        found = {}
        for place in np.flatnonzero(self._special).tolist():
            through = (importer == place) | (exporter == place)
            if through.any():
                found[place] = int(through.sum()), int(value[through].sum())
        return found


def _by_year(given: Sequence[Run], problems: Problems) -> tuple[dict[int, list[Run]], Integers, set[int]]:
    """The runs that have each year, years in order; the products and the areas that occur in any."""
    years: dict[int, list[Run]] = defaultdict(list)
    seen = np.zeros(runs.MOST_AREAS, dtype=np.bool_)
    products = np.zeros(1 << PRODUCT_BITS, dtype=np.bool_)
    for run in given:
        index = run.index()
        seen[index.areas] = True
        products[index.items & (1 << PRODUCT_BITS) - 1] = True
        for year in index.years():
            years[year].append(run)
    codes = np.flatnonzero(products)
    if len(codes) > MOST_PRODUCTS:
        many = f"{len(codes):,} different codes"
        problems.add(None, "", many, "an edition of the Harmonized System", "Is it the right file?")
        problems.refuse_if_any()
    return dict(sorted(years.items())), codes, set(np.flatnonzero(seen).tolist())


def _windows(
    indexed: Sequence[tuple[Run, Index]], year: int, areas: int, problems: Problems
) -> Iterator[_Window]:
    """The items of a year, cut into windows of about WINDOW flows."""
    bounds = (year - FIRST_YEAR) << PRODUCT_BITS, (year + 1 - FIRST_YEAR) << PRODUCT_BITS
    slices = [slice(*np.searchsorted(index.items, bounds)) for _, index in indexed]
    pairs = list(zip(slices, (index for _, index in indexed), strict=True))
    found, place = np.unique(
        np.concatenate([index.items[some] for some, index in pairs]), return_inverse=True
    )
    rows = np.zeros(len(found), dtype=np.int64)
    np.add.at(rows, place, np.concatenate([np.diff(index.starts)[some] for some, index in pairs]))
    _refuse_crowds(found, rows, areas, problems)
    total = int(rows.sum())
    number = (np.cumsum(rows) - 1) * max(1, round(total / WINDOW)) // total
    for one in np.unique(number):
        items = found[number == one]
        yield _Window(indexed, int(items[0]), int(items[-1]))


def _refuse_crowds(items: Integers, rows: npt.NDArray[np.int64], areas: int, problems: Problems) -> None:
    """Refuse a product with more flows than there are pairs of areas: memory must hold one product."""
    crowds = np.flatnonzero(rows > areas * areas)
    for place in crowds[:MOST_LISTED].tolist():
        year, product = divmod(int(items[place]), 1 << PRODUCT_BITS)
        stands = f"{product:06d} stands {rows[place]:,} times in {year + FIRST_YEAR}"
        expected = "one row for each year, product, exporter and importer"
        problems.add(None, "", stands, expected, "Add up the parts if they are parts.")
    if len(crowds):
        problems.refuse_if_any()


def _twice(
    key: int, rows: npt.NDArray[np.uint32], pair: Places, ends: Places, files: Sequence[str]
) -> Problem:
    """What is said of a flow that stands again; `pair` has both places in the window."""
    first, second = pair.tolist()
    product = f"{key >> 2 * runs.AREA_BITS & (1 << PRODUCT_BITS) - 1:06d}"
    return Problem(
        intake.printable(files[int(np.searchsorted(ends, second, side="right"))]),
        int(rows[second]),
        "",
        f"{product} again, same year and countries as row {rows[first]:,}",
        "one row for each year, product, exporter and importer",
        REMEDY,
    )
