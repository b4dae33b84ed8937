"""What can go wrong for a user, and how it is said.

    WeaklinkError            something the user can mend; the command line exits with 2
    ├── CodeError            an unknown or ambiguous country, product or nomenclature
    ├── BlocError            a bloc expression that cannot be read or resolved
    ├── RequestError         a question the data cannot answer: year, product, option
    ├── StoreError           a snapshot that is missing, damaged, or could not be written
    ├── RegisterError        a register that cannot be opened, or a change that it refuses
    │   └── ConflictError    a change of what somebody else has changed meanwhile
    ├── NetworkError         a supply network that contradicts itself, with all its problems together
    └── SourceError          a file that was refused, with all its problems together

Anything else that escapes is a defect of ours; the command line exits with 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class WeaklinkError(Exception):
    """A problem the user can mend. The message says what, where, and what to do."""


class CodeError(WeaklinkError):
    """An unknown or ambiguous code. `nearest` holds the best guesses, best first."""

    def __init__(self, message: str, nearest: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.nearest = tuple(nearest)


class BlocError(WeaklinkError):
    """A bloc expression that cannot be read. The message points at the character."""

    def __init__(self, reason: str, expression: str, position: int) -> None:
        pointer = " " * position + "^"
        super().__init__(f"{reason}\n  {expression}\n  {pointer}")
        self.reason = reason
        self.expression = expression
        self.position = position


class RequestError(WeaklinkError):
    """A question that the chosen data cannot answer."""


class StoreError(WeaklinkError):
    """A snapshot that is missing, damaged, or could not be written."""


class RegisterError(WeaklinkError):
    """A register that cannot be opened, or a change that it refuses."""


class ConflictError(RegisterError):
    """A change of something that somebody else has changed, or added, meanwhile."""


class NetworkError(WeaklinkError):
    """A supply network that was refused, with every problem found in it."""

    shown = 20

    def __init__(self, network: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        listed = [f"  {problem}" for problem in self.problems[: self.shown]]
        if len(self.problems) > self.shown:
            listed.append(f"  … and {len(self.problems) - self.shown:,} more")
        many = "1 problem" if len(self.problems) == 1 else f"{len(self.problems):,} problems"
        super().__init__("\n".join([f"network {network!r} refused, {many}:", *listed]))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a foreign file.

    `row` counts lines of the file from 1, its header included, as an editor does;
    None where the whole file is meant. `value` is what stood there.
    """

    file: str
    row: int | None
    column: str
    value: str
    expected: str
    remedy: str
    kind: str = "column"  # of what `column` names: a column of a table, a key of a TOML file

    def __str__(self) -> str:
        """Render as the one line that the user reads."""
        where = self.file
        if self.row is not None:
            where += f", row {self.row:,}"
        if self.column:
            where += f", {self.kind} {self.column}"
        return f"{where}: {self.value!r} is not {self.expected}. {self.remedy}"


class SourceError(WeaklinkError):
    """A foreign file that was refused, with every problem found in it.

    `count` is the number of problems where more were found than `problems` lists.
    """

    shown = 20

    def __init__(self, problems: Sequence[Problem], count: int | None = None) -> None:
        self.problems = tuple(problems)
        self.count = len(self.problems) if count is None else count
        listed = [f"  {problem}" for problem in self.problems[: self.shown]]
        if self.count > self.shown:
            listed.append(
                f"  … and {self.count - self.shown:,} more. "
                "`weaklink data check FILE --format csv` lists them."
            )
        many = "1 problem" if self.count == 1 else f"{self.count:,} problems"
        super().__init__("\n".join([f"refused, {many}; nothing was stored:", *listed]))
