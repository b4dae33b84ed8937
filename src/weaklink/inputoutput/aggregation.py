"""What does a table look like with regions or sectors added up?

Flows add up; coefficients do not. Looking through an aggregated table therefore gives other figures than adding up
what was looked through in the fine one: the fine table first, sums after, is the way of this room, and
aggregation is for pictures, for speed, and for seeing how much the difference is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from weaklink.inputoutput.accounts import Accounts, Floats, Integers


def aggregated(
    accounts: Accounts, *, regions: Mapping[str, str] | None = None, sectors: Mapping[str, str] | None = None
) -> Accounts:
    """The table with labels replaced and what then has the same label added up; parts of a region become one.

    `regions` and `sectors` map old labels to new ones; what they leave out keeps its label. Totals are kept: output,
    value added, final demand and all flows, those inside of a new region too.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> aggregated(two_regions(), regions={"AAA": "EU", "BBB": "EU"}).Z.tolist()
    [[950.0]]
    """
    region_names, region_of = _renamed(accounts.regions, regions or {})
    sector_names, sector_of = _renamed(accounts.sectors, sectors or {})
    keys = region_of[accounts.region] * len(sector_names) + sector_of[accounts.sector]
    kept, row = np.unique(keys, return_inverse=True)
    region, sector = np.divmod(kept, len(sector_names))
    onto = (np.arange(len(kept))[:, None] == row).astype(np.float64)
    buyers = (region_of[:, None] == np.arange(len(region_names))).astype(np.float64)
    return Accounts(
        regions=region_names,
        sectors=sector_names,
        region=region,
        sector=sector,
        Z=_summed(onto, accounts.Z),
        Y=onto @ accounts.Y @ buyers,
        x=onto @ accounts.x,
        value_added=onto @ accounts.value_added,
        unit=accounts.unit,
        year=accounts.year,
        source=f"{accounts.source}, aggregated",
        limits=accounts.limits,
    )


def _renamed(labels: tuple[str, ...], new: Mapping[str, str]) -> tuple[tuple[str, ...], Integers]:
    """The new labels in order of first appearance, and the place of each old one among them."""
    renamed = [new.get(label, label) for label in labels]
    names = tuple(dict.fromkeys(renamed))
    return names, np.array([names.index(name) for name in renamed], dtype=np.int64)


def _summed(onto: Floats, Z: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> Floats:
    summed: Floats = onto @ Z @ onto.T
    return summed
