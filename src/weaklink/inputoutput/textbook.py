"""What is the smallest table to try a measure on? The textbook's two industries, in one region and in two."""

from __future__ import annotations

import numpy as np

from weaklink.inputoutput.accounts import Accounts

SOURCE = "Miller and Blair (2009), Input-Output Analysis, section 2.3"


def one_region() -> Accounts:
    """Two industries of one region.

    >>> one_region().x.tolist()
    [1000.0, 2000.0]
    """
    return Accounts(
        regions=("AAA",),
        sectors=("1", "2"),
        region=np.array([0, 0], dtype=np.int64),
        sector=np.array([0, 1], dtype=np.int64),
        Z=np.array([[150, 500], [200, 100]], dtype=np.float64),
        Y=np.array([[350], [1700]], dtype=np.float64),
        x=np.array([1000, 2000], dtype=np.float64),
        value_added=np.array([650, 1400], dtype=np.float64),
        unit="million USD",
        year=2000,
        source=SOURCE,
    )


def two_regions() -> Accounts:
    """The same two industries taken for one of each of two regions; final demand is split for the example.

    >>> two_regions().Y.tolist()
    [[300.0, 50.0], [700.0, 1000.0]]
    """
    return Accounts(
        regions=("AAA", "BBB"),
        sectors=("1",),
        region=np.array([0, 1], dtype=np.int64),
        sector=np.array([0, 0], dtype=np.int64),
        Z=np.array([[150, 500], [200, 100]], dtype=np.float64),
        Y=np.array([[300, 50], [700, 1000]], dtype=np.float64),
        x=np.array([1000, 2000], dtype=np.float64),
        value_added=np.array([650, 1400], dtype=np.float64),
        unit="million USD",
        year=2000,
        source=f"{SOURCE}, taken for two regions",
    )
