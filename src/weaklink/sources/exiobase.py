"""How is a release of EXIOBASE 3 read?

As released: the zip archive of a year, industry by industry (ixi) or product by product (pxp), or its unpacked
folder. Z.txt is read where the release has it, else A.txt with x.txt, or with the output that meets final demand.
"""

from __future__ import annotations

import re
from pathlib import Path

from weaklink.inputoutput.accounts import Limits
from weaklink.sources import bundle, intake
from weaklink.sources.intake import Problems
from weaklink.sources.separate import SUFFIXES, Files, accounts_from
from weaklink.sources.square import Frame, Released, year_in

LICENCE = "EXIOBASE 3, CC BY-SA 4.0 up to version 3.8, own terms after: see the release"
# The rest of the world comes in five parts; WF and WS are country codes of ISO 3166, but not here.
REST = {
    "WA": "rest of Asia and Pacific",
    "WL": "rest of America",
    "WE": "rest of Europe",
    "WF": "rest of Africa",
    "WM": "rest of the Middle East",
}
# Published columns of inputs above output and industries of negative value added: kept, and said with the figures.
LIMITS = Limits(column_sum=1e6)


def read(path: Path, *, year: int | None = None, vintage: str = "") -> Released:
    """Read one year. Raises SourceError with all problems of its files.

    `year` is needed only where the name of the archive does not say it.
    """
    with bundle.opened(path, SUFFIXES, folders=True) as release:
        problems = Problems(path.name)
        found = year or year_in(path.name)
        if found is None:
            problems.add(
                None, "", path.name, "a name with its year, such as IOT_2020_pxp.zip", "Give --year."
            )
        flows, shares, demand = (release.named(name) for name in ("Z.txt", "A.txt", "Y.txt"))
        if (flows is None and shares is None) or demand is None:
            held = ", ".join(release.names[:6]) or "nothing"
            problems.add(
                None, "", held, "Y.txt and Z.txt or A.txt", "Give the archive of a year as released."
            )
        problems.refuse_if_any()
        assert demand is not None  # noqa: S101 - else there was a problem
        files = Files(
            release,
            flows or shares or "",
            demand,
            release.named("x.txt"),
            flows is None,
            {code: code for code in REST},
        )
        frame = Frame("million euro", found or 0, f"EXIOBASE 3 {found}", LIMITS)
        accounts = accounts_from(files, lambda _regions: frame, problems)
        problems.refuse_if_any()
        assert accounts is not None  # noqa: S101 - else there was a problem
        version = re.search(r"(?<!\d)3\.\d+(\.\d+)?", path.as_posix())
        return Released(
            accounts,
            source="EXIOBASE 3 (Stadler et al. 2018)",
            licence=LICENCE,
            vintage=vintage or (f"version {version[0]}" if version else "unstated"),
            classification=f"EXIOBASE{len(accounts.sectors)}",
            original=intake.printable(path.name),
            original_sha256=release.sha256(),
            region_names={code: name for code, name in REST.items() if code in accounts.regions},
        )
