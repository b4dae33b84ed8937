"""What exactly is being asked: of whom, when, about what, from which data?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

from weaklink.errors import RequestError
from weaklink.indicators import INDICATORS
from weaklink.trade.lens import COVERAGE_FLOOR

EMBEDDED = "baci-hs92-materials"


class Options(TypedDict):
    """The parts of a question that have a default; `Question` says what each means."""

    product: NotRequired[str]
    suppliers: NotRequired[str]
    by: NotRequired[Literal["value", "quantity"]]
    data: NotRequired[str]
    store: NotRequired[Path | None]
    mix_vintages: NotRequired[bool]
    coverage_floor: NotRequired[float]
    indicators: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question about trade.

    `importer` and `suppliers` are bloc expressions; a term without a date is taken as of 31 December of
    the year in question. `product` is a list of codes or headings, empty for all. `data` names one data
    set, or several separated by commas; empty means the embedded extract. `store` is the directory of
    your own snapshots. Below `coverage_floor` (share of known value) a figure is not given. `indicators` names
    further indicators for a screen to show, or `all`.
    """

    importer: str
    year: int
    product: str = ""
    suppliers: str = "authoritarian"
    by: Literal["value", "quantity"] = "value"
    data: str = ""
    store: Path | None = None
    mix_vintages: bool = False
    coverage_floor: float = COVERAGE_FLOOR
    indicators: str = ""

    def __post_init__(self) -> None:
        if self.by not in ("value", "quantity"):
            raise RequestError(f"--by is {self.by!r}; it must be value or quantity.")
        if not 0 <= self.coverage_floor <= 1:
            raise RequestError(f"--coverage-floor is {self.coverage_floor}; it must be between 0 and 1.")
        for name in self.named_indicators():
            if name not in INDICATORS:
                raise RequestError(
                    f"--indicators: {name!r} is none. There are: {', '.join(INDICATORS)}, or all."
                )

    def named_indicators(self) -> tuple[str, ...]:
        """The further indicators, one by one."""
        if self.indicators.strip() == "all":
            return tuple(INDICATORS)
        return tuple(name.strip() for name in self.indicators.split(",") if name.strip())

    def parameters(self) -> dict[str, str]:
        """The question as text, defaults included: what provenance records."""
        return {
            "importer": self.importer,
            "year": str(self.year),
            "product": self.product or "all",
            "suppliers": self.suppliers,
            "by": self.by,
            "data": self.data or EMBEDDED,
            "mix_vintages": "yes" if self.mix_vintages else "no",
            "coverage_floor": str(self.coverage_floor),
            **({"indicators": self.indicators} if self.indicators else {}),
        }
