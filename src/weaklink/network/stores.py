"""Where is what is left kept? In all stores alike: of two plans with the same total, the one that empties none.

What is in store at the end has a value that falls with the level of each store, in steps small against everything else.
Without it the split between stores would be as arbitrary as flows are, and a store could be empty beside a full one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from weaklink.network.programme import Programme

FALLING = (2.0, 1.5, 1.0, 0.5)  # worth of a unit in each lower fifth of a volume, above one in the uppermost


def kept_alike(made: Programme) -> Programme:
    """The programme with columns for the lower fifths of each store's level on the last evening."""
    stores, fifths = len(made.network.storages), len(FALLING)
    if not stores:
        return made
    program, width = made.program, made.program.matrix.shape[1]
    volume = np.array([storage.volume for storage in made.network.storages])
    level = sparse.csc_matrix(
        (np.ones(stores), (np.arange(stores), made.columns["stock"][:, -1])), shape=(stores, width)
    )
    parts = sparse.csc_matrix(np.kron(np.eye(stores), np.ones(fifths)))
    old = sparse.hstack([program.matrix, sparse.csc_matrix((program.matrix.shape[0], stores * fifths))])
    wider = replace(
        program,
        cost=np.concatenate([program.cost, -np.tile(FALLING, stores)]),
        matrix=sparse.csc_matrix(sparse.vstack([old, sparse.hstack([-level, parts])])),
        row_lower=np.concatenate([program.row_lower, np.full(stores, -np.inf)]),
        row_upper=np.concatenate([program.row_upper, np.zeros(stores)]),
        lower=np.concatenate([program.lower, np.zeros(stores * fifths)]),
        upper=np.concatenate([program.upper, np.repeat(volume / (fifths + 1), fifths)]),
    )
    return replace(made, program=wider)
