"""What is one country's economy, as a network of sectors, when its imports are what becomes scarce?

The household and every sector buy composites of each product, made of what is produced at home and what is
imported; a sector combines them with its own value added. Within a year value added stays where it is, so that
each sector's is a factor, and so is each imported product.

Producers: 0 the household, then the sectors, then the composites. Factors: value added by sector, then imports by
product. Three elasticities: between products in final use, between value added and inputs in production, and
between home and imported supply of one product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weaklink.market.economy import Economy, Floats
from weaklink.market.world import World


@dataclass(frozen=True, slots=True)
class Nests:
    """Elasticities of substitution; numbers, or arrays of one shape for many economies at once.

    `final`: between products in final use. `production`: between value added and all inputs. `imports`: between home
    and imported supply of a product.
    """

    final: npt.ArrayLike
    production: npt.ArrayLike
    imports: npt.ArrayLike


def national_economy(world: World, region: str, nests: Nests) -> Economy:
    """The economy of a region; sectors without output are producers of nothing that nobody buys.

    Domar weights of its sectors are gross output over gross national expenditure:

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> from weaklink.market.world import world
    >>> made, _ = world(two_regions())
    >>> economy = national_economy(made, "AAA", Nests(0.9, 0.05, 1.76))
    >>> economy.sales.round(4).tolist(), economy.incomes.round(4).tolist()
    ([1.0, 1.0, 1.35], [0.65, 0.9])
    """
    place, count = world.regions.index(region), len(world.sectors)
    inputs, final, trade = world.inputs[place], world.final[place], world.trade
    added, made = world.value_added[place], world.output[place]
    own = trade[:, place, place]
    imported = trade[:, :, place].sum(axis=1) - own
    size = 1 + 2 * count
    sectors, composites = slice(1, 1 + count), slice(1 + count, size)
    values = np.zeros((size, size + 2 * count))
    values[0, composites] = final
    values[sectors, composites] = inputs.T
    values[sectors, size : size + count] = np.diag(np.maximum(added, 0.0))
    values[composites, sectors] = np.diag(own)
    values[composites, size + count :] = np.diag(imported)
    values[values.sum(axis=1) == 0, size] = 1.0  # something must stand there; nobody buys it
    spent = final.sum()
    outside = np.zeros(size)
    outside[sectors] = np.maximum(made - own, 0.0) / spent
    return Economy(values / values.sum(axis=1, keepdims=True), elasticities(nests, count), outside)


def lost_imports(economy: Economy, cut: npt.ArrayLike, exports_follow: npt.ArrayLike = 0.0) -> Floats:
    """The change, for `exact` and `second_order`, that the loss of a share of each imported product is; K shares.

    `exports_follow` says how far exports fall with what they embody of the missing imports: at 0 all are still
    delivered, as in formula A7, and the household bears everything; at 1 customers abroad go without as much as
    those at home. Small countries that export most of what they import need it: nobody could deliver the same
    without inputs. Axes may lead.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> from weaklink.market.second_order import first_order
    >>> from weaklink.market.world import world
    >>> economy = national_economy(world(two_regions())[0], "AAA", Nests(0.9, 0.05, 1.76))
    >>> change = lost_imports(economy, [[0.01], [0.01]], [0.0, 1.0])
    >>> first_order(economy, change).round(4).tolist()
    [-0.009, -0.0076]
    """
    lost, follow = np.asarray(cut, dtype=np.float64), np.asarray(exports_follow, dtype=np.float64)
    size, count = economy.producers, economy.factors // 2
    if not (np.all((lost >= 0) & (lost < 1)) and np.all((follow >= 0) & (follow <= 1))):
        raise ValueError("cuts are shares from 0 to less than 1, and exports_follow is from 0 to 1")
    embodied = (lost[..., None, :] @ economy.content[:, count:].T)[..., 0, :]
    outside = np.log1p(-follow[..., None] * embodied)
    before = np.zeros((*lost.shape[:-1], size + count))
    return np.concatenate(
        [before, np.log1p(-lost), np.broadcast_to(outside, (*lost.shape[:-1], size))], axis=-1
    )


def elasticities(nests: Nests, count: int) -> Floats:
    """The elasticity of each producer of an economy with so many sectors; the shape of the nests leads."""
    given = np.broadcast_arrays(
        *(np.asarray(one, dtype=np.float64) for one in (nests.final, nests.production, nests.imports))
    )
    return np.concatenate(
        [
            np.repeat(one[..., None], repeats, axis=-1)
            for one, repeats in zip(given, (1, count, count), strict=True)
        ],
        axis=-1,
    )
