"""For how many days do oil stocks replace net imports? The method of the International Energy Agency.

    daily net imports = [(crude, NGL and feedstock net imports) · (1 − 4 %) + product net imports · 1.065] / 365
    stocks            = crude etc. · 0.96 + products · 1.065,      in crude equivalent
    available         = 0.90 · stocks                              10 % cannot be drawn
    days              = available / daily net imports              at least 90

4 % is the naphtha yield; product net imports are without naphtha and marine bunkers. Imports are those of the calendar
year before. A net exporter has no obligation. Source: IEA, Oil Stocks of IEA Countries, methodology.
"""

from __future__ import annotations

import math

NAPHTHA_YIELD = 0.04
PRODUCTS_AS_CRUDE = 1.065
CRUDE_LESS_NAPHTHA = 0.96
AVAILABLE = 0.90
DAYS_OF_YEAR = 365
OBLIGATION = 90


def daily_net_imports(crude: float, products: float, *, naphtha_yield: float = NAPHTHA_YIELD) -> float:
    """Net imports of a day in crude equivalent, from those of a year in thousand tonnes.

    >>> round(daily_net_imports(10_000, 2_000), 6)
    32.136986
    """
    return (crude * (1 - naphtha_yield) + products * PRODUCTS_AS_CRUDE) / DAYS_OF_YEAR


def days_of_cover(
    crude_imports: float,
    product_imports: float,
    crude_stocks: float,
    product_stocks: float,
    *,
    naphtha_yield: float = NAPHTHA_YIELD,
) -> float:
    """Days of net imports that available stocks replace; infinite for a net exporter, who has no obligation.

    Imports are net, in thousand tonnes of the year before; stocks in thousand tonnes.

    >>> round(days_of_cover(10_000, 2_000, 2_000, 1_000), 6)
    83.595269
    >>> days_of_cover(-5_000, 100, 400, 100)
    inf
    """
    daily = daily_net_imports(crude_imports, product_imports, naphtha_yield=naphtha_yield)
    if daily <= 0:
        return math.inf
    return AVAILABLE * (crude_stocks * CRUDE_LESS_NAPHTHA + product_stocks * PRODUCTS_AS_CRUDE) / daily
