"""How does one winter after another get into a network's programme? Bounds are replaced; its matrix stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from weaklink import lp
from weaklink.network.model import Figures, asset_of
from weaklink.network.programme import Programme
from weaklink.network.winters import Winter


class WinterProgramme:
    """A network's programme whose figures are replaced by those of one winter after another."""

    def __init__(self, made: Programme) -> None:
        """Remember which columns follow which asset."""
        self.made, network = made, made.network
        places = {asset: place for place, asset in enumerate(network.assets)}
        parts = (("forward", network.links), ("backward", network.links), ("entry", network.entries))
        stores = (("withdrawal", network.storages), ("injection", network.storages))
        rates = np.concatenate([made.columns[name] for name, _ in (*parts, *stores)])
        self._asset = np.array(
            [places[asset_of(one)] for _, group in (*parts, *stores) for one in group], dtype=np.int64
        )
        self._capacity = made.program.upper[rates]
        self.columns = np.concatenate([rates.ravel(), made.columns["unserved"].ravel()])
        self.rows = np.concatenate([made.rows["balance"].ravel(), made.rows["source"].ravel()])

    def upper(self, winter: Winter) -> Figures:
        """Upper bounds of `columns` in a winter; their lower bounds are zero."""
        return np.concatenate([(self._capacity * winter.service[self._asset]).ravel(), winter.demand.ravel()])

    def bounds(self, winter: Winter, starts: Figures | None = None) -> tuple[Figures, Figures]:
        """Bounds of `rows`; `starts` are the sources' buffers on the first morning, else as listed."""
        network = self.made.network
        arrivals = winter.daily * network.durations
        arrivals[:, 0] += [source.start for source in network.sources] if starts is None else starts
        most = np.concatenate([winter.demand.sum(axis=0).ravel(), arrivals.ravel()])
        least = most.copy()
        least[self.made.rows["balance"].size :] = -np.inf
        return least, most

    def program(self, winter: Winter) -> lp.Program:
        """The programme of a winter."""
        program = self.made.program
        upper, row_lower, row_upper = program.upper.copy(), program.row_lower.copy(), program.row_upper.copy()
        upper[self.columns] = self.upper(winter)
        row_lower[self.rows], row_upper[self.rows] = self.bounds(winter)
        return replace(program, upper=upper, row_lower=row_lower, row_upper=row_upper)


class WinterSolver(WinterProgramme):
    """The same, kept in a solver."""

    def __init__(self, made: Programme) -> None:
        """Hand the programme over."""
        super().__init__(made)
        self.solver = lp.Solver(made.program, restarts=True)
        self._upper = made.program.upper[self.columns]

    def set(self, winter: Winter, starts: Figures | None = None) -> None:
        """Put a winter's figures in: those that differ from what is there."""
        upper = self.upper(winter)
        changed = np.flatnonzero(upper != self._upper)
        self.solver.change_columns(self.columns[changed], np.zeros(len(changed)), upper[changed])
        self.solver.change_rows(self.rows, *self.bounds(winter, starts))
        self._upper = upper
