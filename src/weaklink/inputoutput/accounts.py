"""What is an inter-country input-output table, once it is inside?

The letters are the textbook's: Z intermediate flows (the row sells to the column), Y final demand by region of
the buyer, x gross output. Every row is an industry of a region, so that x = Z1 + Y1; what an industry does not
buy from an industry is its value added, so that x = Z'1 + value added.

Some tables split a region in parts (MX1 and MX2 are Mexico's export processing and other firms). The parts are
rows of their own, because their inputs differ; they belong to one region, and results are added up to it only
after the solve.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from weaklink.errors import RequestError
from weaklink.inputoutput.checking import Checks, Limits, caveats, checked

__all__ = ["Accounts", "Checks", "Flags", "Floats", "Integers", "Limits", "Matrix", "per_output"]

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.floating]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """One inter-country input-output table of one year, checked; its arrays cannot be written to.

    `regions` are the reported ones (ISO3, or the table's own such as ROW) and `sectors` the industries;
    `region` and `sector` say for each of the N rows, which are also the columns, which it is of. Not every
    region needs every sector. `part` names each row's region as the table splits it, None where it splits none.
    `Z` is N × N, `Y` is N × regions with all categories of final demand added up, `x` and `value_added` have N
    elements, all in `unit`. Value added is here all that is not intermediate input: taxes less subsidies on
    products too. `Z` may be single precision or memory-mapped where it is large; all else is double.

    What is done with odd cells: anything not finite is refused, and so are negative output, an imbalance and a
    column sum above the `limits`. An industry without output has coefficients of zero. Negative flows, final
    demand (stocks run down) and value added are kept and counted; `caveats` says so.

    >>> from weaklink.inputoutput.textbook import one_region
    >>> one_region().v.tolist(), one_region().label(1), one_region().caveats()
    ([0.65, 0.7], 'AAA 2', ())
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    region: Integers
    sector: Integers
    Z: Matrix
    Y: Floats
    x: Floats
    value_added: Floats
    unit: str
    year: int
    source: str
    part: tuple[str, ...] | None = None
    limits: Limits = field(default_factory=Limits)
    checks: Checks = field(init=False)

    def __post_init__(self) -> None:
        put = partial(object.__setattr__, self)
        for name in ("regions", "sectors"):
            put(name, tuple(getattr(self, name)))
        put("part", None if self.part is None else tuple(self.part))
        for name in ("region", "sector"):
            put(name, _locked(np.asarray(getattr(self, name), dtype=np.int64)))
        for name in ("Y", "x", "value_added"):
            put(name, _locked(np.asarray(getattr(self, name), dtype=np.float64)))
        put("Z", _locked(_real(self.Z)))
        put("checks", checked(self))

    @property
    def size(self) -> int:
        """The number of rows, N."""
        return len(self.x)

    @property
    def v(self) -> Floats:
        """Value added per unit of output, one element per row; zero where there is no output."""
        return per_output(self.value_added, self.x)

    def flags(self, regions: Collection[str]) -> Flags:
        """For each row, whether it is of one of these regions; a region that the table lacks is an error.

        A bloc is a set of regions, so this is how a bloc becomes rows.
        """
        unknown = sorted(set(regions) - set(self.regions))
        if unknown:
            raise RequestError(
                f"{self.source}: the table has no region {', '.join(unknown)}. It has {', '.join(self.regions)}."
            )
        chosen = np.array([code in set(regions) for code in self.regions], dtype=np.bool_)
        return np.asarray(chosen[self.region])

    def buyers(self, regions: Collection[str]) -> Flags:
        """For each column of Y, whether it is of one of these regions."""
        self.flags(regions)
        return np.array([code in set(regions) for code in self.regions], dtype=np.bool_)

    def in_sectors(self, sectors: Collection[str]) -> Flags:
        """For each row, whether it is of one of these sectors; a sector that the table lacks is an error."""
        unknown = sorted(set(sectors) - set(self.sectors))
        if unknown:
            raise RequestError(
                f"{self.source}: the table has no sector {', '.join(unknown)}. It has {', '.join(self.sectors)}."
            )
        chosen = np.array([code in set(sectors) for code in self.sectors], dtype=np.bool_)
        return np.asarray(chosen[self.sector])

    def label(self, row: int) -> str:
        """The name of a row, as the table splits it: `MX1 10T39`."""
        region = self.regions[self.region[row]] if self.part is None else self.part[row]
        return f"{region} {self.sectors[self.sector[row]]}"

    def caveats(self) -> tuple[str, ...]:
        """What must be said with any figure of this table, one sentence each."""
        return tuple(caveats(self, self.checks))


def per_output(amount: npt.ArrayLike, x: Floats) -> Floats:
    """Amount per unit of output along the last axis; zero where there is no output."""
    above = np.asarray(amount, dtype=np.float64)
    share: Floats = np.divide(above, x, out=np.zeros(np.broadcast_shapes(above.shape, x.shape)), where=x != 0)
    return share


def _locked(array: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """A view that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def _real(matrix: npt.ArrayLike) -> Matrix:
    """The matrix as it is if single or double, else as double."""
    given = np.asanyarray(matrix)
    return given if given.dtype in (np.float32, np.float64) else given.astype(np.float64)
