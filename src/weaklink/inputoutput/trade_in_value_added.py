"""How much of what a country exports did it make itself, and who made the rest?

    EXGR   gross exports
    DC     domestic content                        v_r' L_rr e_r
    FC     foreign content                         EXGR - DC, by origin s: v_s' L_sr e_r
    DVA    domestic value added in exports         v_r' (x_r - x*_r), x* without the exports of r
    VAX    value added absorbed abroad             v_r' L_r. (Y of the others)
    REF    reflection                              DVA - VAX: exported, and home in the end
    DDC    domestic double counting                DC - DVA: what crosses the border more than once

A bloc is one unit: what its members sell to each other stays inside and is no export.

Source: Los, Timmer and de Vries (2016), American Economic Review 106(7), 1958 (DVA by extraction); Johnson and
Noguera (2012), Journal of International Economics 86(2), 224 (VAX); Koopman, Wang and Wei (2014), American Economic
Review 104(2), 459. Checked on the published table of the R package exvatools (tests/inputoutput).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from weaklink.inputoutput.accounts import Accounts, Flags, Floats, per_output
from weaklink.inputoutput.blocks import row_blocks
from weaklink.inputoutput.coefficients import indicators, sales
from weaklink.inputoutput.solve import System, system, system_of


@dataclass(frozen=True, slots=True)
class TradeInValueAdded:
    """The exports of some units by what is in them; one element per unit, in the unit of the table.

    `content_by_origin` is units × reported regions: whose value added is in the exports. A unit's own members
    make up the domestic content, all others the foreign content. `residual` is that of the solves.
    """

    exports: Floats
    domestic_content: Floats
    domestic_value_added: Floats
    absorbed_abroad: Floats
    content_by_origin: Floats
    residual: float

    @property
    def foreign_content(self) -> Floats:
        """FC: exports less domestic content."""
        return self.exports - self.domestic_content

    @property
    def reflection(self) -> Floats:
        """REF: value added that is exported and absorbed at home in the end."""
        return self.domestic_value_added - self.absorbed_abroad

    @property
    def double_counted(self) -> Floats:
        """DDC: domestic value added that is counted in exports more than once."""
        return self.domestic_content - self.domestic_value_added


def trade_in_value_added(
    accounts: Accounts, units: Sequence[Collection[str]], *, solver: System | None = None
) -> TradeInValueAdded:
    """What is in the exports of each unit, a unit being a set of regions. Units may overlap.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> two = two_regions()
    >>> of = trade_in_value_added(two, [("AAA",), ("AAA", "BBB")])
    >>> of.exports.tolist(), of.domestic_content.round(2).tolist(), of.content_by_origin[0].round(2).tolist()
    ([550.0, 0.0], [448.35, 0.0], [448.35, 101.65])
    """
    solver = system(accounts) if solver is None else solver
    origin = solver.left(indicators(accounts, [(code,) for code in accounts.regions]) * accounts.v)
    absorbed = solver.right(accounts.Y)
    exported = exports(accounts, units)
    content = exported @ origin.values.T
    members = [accounts.buyers(unit) for unit in units]
    rows = [accounts.flags(unit) for unit in units]
    made = [
        _domestic(accounts, absorbed.values, row, inside) for row, inside in zip(rows, members, strict=True)
    ]
    return TradeInValueAdded(
        exports=exported.sum(axis=1),
        domestic_content=np.array(
            [content[place, inside].sum() for place, inside in enumerate(members)], dtype=np.float64
        ),
        domestic_value_added=np.array([added for added, _ in made], dtype=np.float64),
        absorbed_abroad=np.array([abroad for _, abroad in made], dtype=np.float64),
        content_by_origin=content,
        residual=max(origin.residual, absorbed.residual),
    )


def exports(accounts: Accounts, units: Sequence[Collection[str]]) -> Floats:
    """Gross exports of each unit by row of the table: units × N, zero in the rows of others."""
    rows = np.array([accounts.flags(unit) for unit in units], dtype=np.bool_).reshape(len(units), -1)
    abroad = np.column_stack([accounts.Y[:, ~accounts.buyers(unit)].sum(axis=1) for unit in units]).T
    sold = np.empty((len(units), accounts.size))
    outside = (~rows).T.astype(np.float64)
    for where, block in row_blocks(accounts.Z):
        sold[:, where] = (block @ outside).T
    return np.where(rows, sold + abroad, 0.0)


def value_added_in_final_demand(accounts: Accounts, *, solver: System | None = None) -> Floats:
    """v̂ L Y: the value added of each row that each region's final demand uses in the end, N × regions.

    Rows add up to the value added of the industry, where the table balances; columns to what the region uses.
    """
    solver = system(accounts) if solver is None else solver
    return np.asarray(accounts.v[:, None] * solver.right(accounts.Y).values)


def foreign_value_added(accounts: Accounts, unit: Collection[str]) -> Floats:
    """FVA by origin: foreign content of a unit's exports counted once, before it has left the unit a first time.

    One element per reported region, zero for members of the unit. The rest of the foreign content, FDC, is
    foreign value added that passes the unit's border as an export more than once.

        FVA = v_o' (I - A_oo)⁻¹ A_os (I - A_ss)⁻¹ e_s     s the unit, o all others

    Source: Borin and Mancini (2023), Economic Systems Research 35(4), 521, source-based; checked on the published
    table of exvatools.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> foreign_value_added(two_regions(), ("AAA",)).round(2).tolist()
    [0.0, 95.36]
    """
    rows = accounts.flags(unit)
    needed = np.zeros((accounts.size, 1))
    alone = system_of(accounts.Z[np.ix_(rows, rows)], accounts.x[rows], accounts.region[rows])
    needed[rows] = alone.right(exports(accounts, [unit]).T[rows]).values
    bought = sales(accounts, needed * per_output(1.0, accounts.x)[:, None]) * accounts.x[:, None]
    others = system_of(accounts.Z[np.ix_(~rows, ~rows)], accounts.x[~rows], accounts.region[~rows])
    made = np.zeros(accounts.size)
    made[~rows] = accounts.v[~rows] * others.right(bought[~rows]).values[:, 0]
    origin = np.arange(len(accounts.regions))[:, None] == accounts.region
    return np.asarray(origin @ made)


def _domestic(accounts: Accounts, absorbed: Floats, rows: Flags, inside: Flags) -> tuple[float, float]:
    """Domestic value added in the exports of a unit, and what of it is absorbed abroad.

    Without its exports (rows of the unit, columns of others, zero in A and Y) the unit sells to itself alone, so
    its output then needs only its own block: x* = (I - A_rr)⁻¹ Y_rr 1. Output is what the final demand of the
    table requires, which is x where the table balances.
    """
    v, at_home = accounts.v[rows], accounts.Y[np.ix_(rows, inside)].sum(axis=1)
    alone = system_of(accounts.Z[np.ix_(rows, rows)], accounts.x[rows], accounts.region[rows])
    needed = alone.right(at_home[:, None]).values[:, 0]
    added = v @ (absorbed[rows].sum(axis=1) - needed)
    return float(added), float(v @ absorbed[np.ix_(rows, ~inside)].sum(axis=1))
