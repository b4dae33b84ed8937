"""How are very many entities read at once, where an object for each would take longer than the question?"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from weaklink.register.events import Fields


def present(connection: sqlite3.Connection, kinds: Iterable[str]) -> Iterator[tuple[str, str, Fields]]:
    """Kind, id and fields of the present of every entity of some kinds, in the order of ids within each kind.

    The fields of a kind are parsed as one text: of 100,000 entities in a third of the time that one by one takes.
    """
    for kind in kinds:
        rows = connection.execute(
            "SELECT entity, fields FROM present WHERE kind = ? ORDER BY entity", (kind,)
        ).fetchall()
        parsed = json.loads(f"[{','.join(fields for _, fields in rows)}]")
        for (id_, _), fields in zip(rows, parsed, strict=True):
            yield kind, id_, fields
