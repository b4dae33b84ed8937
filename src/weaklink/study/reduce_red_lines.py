"""Which limits on shares does a file of red lines set for a mix of measures?"""

from __future__ import annotations

from pathlib import Path

from weaklink import tomlfile
from weaklink.errors import RequestError
from weaklink.redlines.model import RedLine, RedLines
from weaklink.study.material_shares import EVERYBODY, ShareLimit

LINEAR = ("top_share", "group_share", "group_top_share")


def limits_of(path: Path) -> tuple[ShareLimit, ...]:
    """The lines of a file as limits on shares of the bloc as one.

    A line on the largest share limits each supplier, one on a group the group together, or its largest each.
    SourceError for a wrong file, RequestError for a line that a mix cannot be asked to keep.
    """
    return tuple(_limit(line, path) for line in tomlfile.read(path, RedLines).line)


def _limit(line: RedLine, path: Path) -> ShareLimit:
    if line.figure not in LINEAR or line.per != "bloc" or line.at_most is None:
        raise RequestError(
            f"{path.name}: line {line.name!r} limits {line.figure or 'days of stock'} per {line.per}; a mix "
            "keeps lines "
            f"on {', '.join(LINEAR)} of the bloc. Leave it out of the file, or say it as --target."
        )
    who = EVERYBODY if line.figure == "top_share" else line.suppliers
    return ShareLimit(line.name, who, line.figure != "group_share", line.at_most, line.products)
