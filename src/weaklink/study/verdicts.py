"""Which products are dependencies, by which definitions, and how far from the threshold?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from weaklink.definitions.model import Criterion, Definition
from weaklink.definitions.verdict import UNKNOWN, YES, Facts, Figures, Judgement, Verdicts, at_least, judged
from weaklink.errors import BlocError, RequestError
from weaklink.study.setting import Setting
from weaklink.trade.panel import Block

Codes = tuple[str, ...]


@dataclass(slots=True)
class Laboratory:
    """The products of one question, ready to be judged by any definition.

    Figures are computed once for each year and indicator and kept, so that another threshold re-answers at
    once. `codes` are the products that were traded in the year asked; verdicts and margins follow them.
    `expected` are the indicators that will be asked for: they are computed together, a year at a time.
    """

    setting: Setting
    codes: Codes
    expected: tuple[str, ...] = ()
    _facts: dict[tuple[int, int], Facts] = field(default_factory=dict)

    @classmethod
    def of(cls, setting: Setting, definitions: Iterable[Definition] = ()) -> Laboratory:
        """The laboratory of a question that is set up with all the years that definitions look back to."""
        codes = tuple(code for block in setting.blocks(setting.question.year, ()) for code in block.codes)
        expected = dict.fromkeys(name for one in definitions for name in one.indicators)
        return cls(setting, codes, tuple(expected))

    def judgement(self, definition: Definition, year: int | None = None) -> Judgement:
        """Verdict and margin of every product by one definition, persistence included.

        The margin is that of the year itself; a verdict over several years needs the definition's least
        number of them. A year that the data lack is unknown, never a no.
        """
        last = self.setting.question.year if year is None else year
        if definition.years.pooled:
            pooled = judged(definition, self._of(last, definition.years.window, definition))
            return Judgement(within(definition, self.codes, pooled.verdict), pooled.margin)
        each = [
            judged(definition, self._of(one, 1, definition))
            for one in range(last - definition.years.window + 1, last + 1)
        ]
        verdict = at_least(np.stack([one.verdict for one in each]), definition.years.least)
        return Judgement(within(definition, self.codes, verdict), each[-1].margin)

    def _of(self, last: int, window: int, definition: Definition) -> Facts:
        """The facts of a year, or of a window of years taken as one, with the indicators of a definition."""
        known = self._facts.get((last, window))
        names = dict.fromkeys((*definition.indicators, *self.expected))
        wanted = [name for name in names if known is None or name not in known.figures]
        if known is None or wanted:
            known = self._learned(last, window, wanted, known)
            self._facts[last, window] = known
        return known

    def _learned(self, last: int, window: int, names: Sequence[str], known: Facts | None) -> Facts:
        blocks = self._blocks(last, window, names)
        if blocks is None:
            return _nothing(len(self.codes), {*names, *(known.figures if known else ())})
        placed = _placing([code for block in blocks for code in block.codes], self.codes)

        figures = {name: np.concatenate([block.figures[name] for block in blocks]) for name in names}
        bought = np.concatenate([block.imports_usd for block in blocks])
        sold = np.concatenate([block.exports_usd for block in blocks])
        return Facts(
            figures={
                **(known.figures if known else {}),
                **{name: placed(figure, np.nan) for name, figure in figures.items()},
            },
            imported=placed(bought, 0) > 0,
            exported=placed(sold, 0) > 0,
        )

    def _blocks(self, last: int, window: int, names: Sequence[str]) -> list[Block] | None:
        """The figures of a window of years as if it were one; None where the data or the bloc lack it."""
        years = [year for year in range(last - window + 1, last + 1) if year in self.setting.data.years]
        if len(years) < window:
            return None
        try:
            return self.setting.blocks(last, names, window)
        except (BlocError, RequestError):  # a bloc that follows the years need not exist in all of them
            return None


def within(definition: Definition, codes: Sequence[str], verdict: Verdicts) -> Verdicts:
    """Verdicts with products outside the perimeter taken out: the definition does not speak of them."""
    headings = definition.perimeter.products
    if not headings:
        return verdict
    inside = np.array([code.startswith(headings) for code in codes], dtype=np.bool_)
    return np.where(inside, verdict, UNKNOWN).astype(np.int8)


def with_threshold(definition: Definition, indicator: str, threshold: float) -> Definition:
    """The same definition with another threshold; RequestError where it does not test the indicator."""
    if indicator not in definition.indicators:
        raise RequestError(
            f"{definition.name} does not test {indicator!r}; it tests {', '.join(definition.indicators)}."
        )

    def moved(criterion: Criterion) -> Criterion:
        if criterion.indicator != indicator:
            return criterion
        return criterion.model_copy(update={"threshold": threshold})

    return definition.model_copy(update={"criteria": tuple(map(moved, definition.criteria))})


def look_back(definitions: Iterable[Definition]) -> int:
    """How many years before the one asked the definitions need."""
    return max((definition.years.window - 1 for definition in definitions), default=0)


def listed(codes: Codes, verdict: Verdicts) -> Codes:
    """The products that the verdict holds for dependencies."""
    return tuple(code for code, one in zip(codes, verdict, strict=True) if one == YES)


def _placing(codes: Sequence[str], wanted: Codes) -> Callable[[npt.ArrayLike, float], Figures]:
    """A function that puts values given for `codes` in the order of `wanted`, and a default elsewhere."""
    place = {code: index for index, code in enumerate(codes)}
    index = np.array([place.get(code, -1) for code in wanted], dtype=np.int64)

    def placed(values: npt.ArrayLike, default: float) -> Figures:
        found = np.asarray(values, dtype=np.float64)
        padded = np.append(found, default)  # index -1 is the default
        return padded[index]

    return placed


def _nothing(size: int, names: Iterable[str]) -> Facts:
    """The facts of a year without data: every figure unknown, and nothing said of trade."""
    unknown = np.full(size, np.nan)
    return Facts(dict.fromkeys(names, unknown), np.ones(size, dtype=np.bool_), np.ones(size, dtype=np.bool_))


def words(verdict: Verdicts) -> list[str]:
    """Verdicts in words."""
    return [_WORDS[int(one)] for one in verdict]


_WORDS: Mapping[int, str] = {1: "yes", 0: "no", -1: "unknown"}
