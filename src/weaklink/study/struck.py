"""Whom does a shock strike: which suppliers, buyers and products, in the data of the question?

The names of a shock to exports or production are bloc expressions, or `largest:N`: the N-th largest supplier of whoever
is asked for, by the value of the shock's products bought from outside. So one file stands for the loss of each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from weaklink.blocs.expression import resolve
from weaklink.codes.countries import UNIDENTIFIED, name
from weaklink.errors import RequestError
from weaklink.nearest import did_you_mean
from weaklink.scenario.model import EVERY_PRODUCT, Shock
from weaklink.study.datasets import Data, chosen
from weaklink.study.lens import Asked
from weaklink.study.passages import titles
from weaklink.study.question import Question

LARGEST = re.compile(r"largest:([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Struck:
    """A shock in the words of the data.

    `suppliers` lose exports or production, `buyers` are those who no longer get anything (empty: everybody abroad);
    both are codes of countries. `products` are those that the data have; `missing` the codes of the shock that they
    have not. `passages` are closed. What does not go with the target of the shock is empty.
    """

    shock: Shock
    suppliers: tuple[str, ...] = ()
    buyers: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()


def trade_data(asked: Asked) -> Data:
    """The trade data of a question."""
    return chosen(Question(asked.importer, asked.year, data=asked.data, store=asked.store))


def struck(asked: Asked, shock: Shock, data: Data | None = None) -> Struck:
    """What a shock strikes. `data` are those of the question, where they have been opened already.

    Raises BlocError for a name that is no bloc, RequestError for an unknown passage or where no supplier is that large.
    """
    if shock.target == "passage":
        return Struck(shock, passages=_passages(shock))
    found = data or trade_data(asked)
    products, missing = _products(shock, found)
    suppliers: set[str] = set()
    for text in shock.names:
        ranked = LARGEST.fullmatch(text)
        if ranked:
            suppliers.add(largest(asked, found, products, int(ranked[1])))
        else:
            suppliers |= set(resolve(text, year=asked.year).countries)
    buyers = resolve(shock.to, year=asked.year).countries if shock.to else ()
    return Struck(shock, tuple(sorted(suppliers)), buyers, products, missing)


def largest(asked: Asked, data: Data, products: tuple[str, ...], rank: int) -> str:
    """The supplier outside the bloc of whom it buys the `rank`-th most of some products, by value.

    RequestError where it has fewer suppliers.
    """
    flows = data.flows((asked.year,), products=products, quantities=False)
    inside = flows.flags(asked.members)
    bought = inside[flows.importer] & ~inside[flows.exporter]
    sums = np.bincount(
        flows.exporter[bought], flows.value_usd[bought].astype(np.float64), len(flows.countries)
    )
    ranked: list[str] = [
        flows.countries[place]
        for place in np.argsort(-sums, kind="stable")
        if sums[place] > 0 and flows.countries[place] != UNIDENTIFIED
    ]
    if rank > len(ranked):
        raise RequestError(
            f"scenario {asked.scenario.name} asks for supplier {rank} of {asked.importer}, which has {len(ranked)} of "
            f"the products in {asked.year}. Ask for one from 1 to {len(ranked)}."
        )
    return ranked[rank - 1]


def said(asked: Asked, one: Struck) -> tuple[str, ...]:
    """What must be said of how a shock was read."""
    sentences = [
        f"{text} of {asked.importer} in {asked.year} is {' and '.join(map(name, one.suppliers))}."
        for text in one.shock.names
        if LARGEST.fullmatch(text)
    ]
    if one.missing:
        sentences.append(
            f"The trade data have no product {', '.join(one.missing)}, which the scenario names; nothing is counted "
            "for it. Data of your own that have it: --data NAME."
        )
    return tuple(sentences)


def _passages(shock: Shock) -> tuple[str, ...]:
    for text in shock.names:
        if text not in titles():
            hint = did_you_mean(text, titles())
            raise RequestError(f"no passage {text!r}.{hint} There are: {', '.join(titles())}.")
    return shock.names


def _products(shock: Shock, data: Data) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The products of the data that the codes of a shock mean, and the codes that mean none of them."""
    if shock.products == (EVERY_PRODUCT,):
        return data.products, ()
    missing = tuple(code for code in shock.products if not any(one.startswith(code) for one in data.products))
    return tuple(one for one in data.products if one.startswith(shock.products)), missing
