"""What does a target say in words? `unserved <= 0.5% in 95%`, `share of CHN <= 65%`, `largest supplier <= 5%`.

unserved <= 1%                in every scenario at most 1 % of demand goes unserved
unserved <= 1% in 95%         the same in 95 % of them
expected unserved <= 0.2%     in the mean
tail 95% unserved <= 3%       in the mean of the worst 5 %
outage 1 unserved <= 2%       without any one asset, in the scenario as it is likely; 2 and 3 likewise
protected <= 0% in 95%        all of these for the best protected class: `protected` for `unserved`
share of CHN <= 65%           of the imports of each product, from one country or a group together
each of authoritarian <= 65%  from each country of a group by itself
largest supplier <= 5%        of a year's use missing without the largest supplier of each product; `2 largest` ...
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from weaklink.errors import RequestError

Subject: TypeAlias = Literal["unserved", "protected", "share", "each", "supplier"]
How: TypeAlias = Literal["worst", "chance", "expected", "tail", "outage"]

_NUMBER = r"(\d+(?:\.\d+)?)"
_LOSS = re.compile(
    rf"(?:(expected)|tail {_NUMBER} ?%|outage (\d))? ?(unserved|protected) ?<= ?{_NUMBER} ?%(?: in {_NUMBER} ?%)?"
)
_SHARE = re.compile(rf"(share|each) of (.+?) ?<= ?{_NUMBER} ?%")
_SUPPLIER = re.compile(rf"(?:(\d) )?largest suppliers? ?<= ?{_NUMBER} ?%")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target as it was said. `most` and `level` are shares of one; `who` is a bloc expression.

    `level` is the share of scenarios that must keep it, or beside the tail; `count` how many assets or suppliers are
    out.
    """

    text: str
    subject: Subject
    how: How
    most: float
    level: float = 1.0
    count: int = 0
    who: str = ""


def wanted(text: str) -> Wanted:
    """Read a target. RequestError with the forms that there are where it is none of them.

    >>> wanted("unserved <= 0.5% in 95%")
    Wanted(text='unserved <= 0.5% in 95%', subject='unserved', how='chance', most=0.005, level=0.95, count=0, who='')
    >>> wanted("each of authoritarian@2024 <= 65 %").who, wanted("largest supplier <= 5%").count
    ('authoritarian@2024', 1)
    """
    said = " ".join(text.split())
    if found := _LOSS.fullmatch(said):
        return _loss(text, found)
    if found := _SHARE.fullmatch(said):
        kind: Subject = "share" if found[1] == "share" else "each"
        return Wanted(text, kind, "worst", _share(found[3]), who=found[2])
    if found := _SUPPLIER.fullmatch(said):
        return Wanted(text, "supplier", "worst", _share(found[2]), count=int(found[1] or 1))
    forms = "; ".join(
        line.split("  ")[0].strip() for line in (__doc__ or "").splitlines() if line.startswith("    ")
    )
    raise RequestError(f"--target {text!r} is none that is known. Write one as these: {forms}.")


def _loss(text: str, found: re.Match[str]) -> Wanted:
    expected, tail, outage, subject, most, chance = found.groups()
    if chance and (expected or tail or outage):
        raise RequestError(f"--target {text!r} names two measures of risk; give two targets.")
    kind: Subject = "unserved" if subject == "unserved" else "protected"
    if expected:
        return Wanted(text, kind, "expected", _share(most))
    if tail:
        return Wanted(text, kind, "tail", _share(most), level=_share(tail))
    if outage:
        return Wanted(text, kind, "outage", _share(most), count=int(outage))
    if chance:
        return Wanted(text, kind, "chance", _share(most), level=_share(chance))
    return Wanted(text, kind, "worst", _share(most))


def _share(percent: str) -> float:
    """Per cent as a share, at the digits that were written: 0.5 gives 0.005."""
    share = float(f"{percent}e-2")
    if share > 1:
        raise RequestError(f"a target says {percent} %; it must be at most 100 %.")
    return share
