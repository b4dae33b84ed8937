"""Who owns which risk, on what evidence, and what has been done? The only state that changes, with its whole history.

A register is one SQLite file. Whatever changes goes through one append-only log of events; the present is what a replay
of the log gives.

    with opened(path) as register:                  # migrated, checked; closed at the end
        with writing(register):                     # one transaction: all of it or nothing
            add(register, stamp, "risk", "R-1", {"title": "Gas", "owner": "Energy"})
            change(register, stamp, "risk", "R-1", {"owner": "Treasury"}, expected=1)
            remove(register, stamp, "risk", "R-1")
        entities(register, "risk")                  # the present of every risk
        entity(register, "risk", "R-1")             # of one; None where there is none
        history(register, "risk", "R-1")            # its events, oldest first
        replayed(events(register))                  # the same present, from the log alone

The log knows nothing of what an entity is: a kind (risk, treatment, need, pledge, …), an id, and fields with JSON
values. What a risk must say is checked in the room that knows risks, before it is added.
"""

from weaklink.register.database import backup, create, opened, reading, writing
from weaklink.register.events import (
    Entity,
    Event,
    Fields,
    Stamp,
    Value,
    add,
    change,
    entities,
    entity,
    events,
    history,
    remove,
    replayed,
)

__all__ = [
    "Entity",
    "Event",
    "Fields",
    "Stamp",
    "Value",
    "add",
    "backup",
    "change",
    "create",
    "entities",
    "entity",
    "events",
    "history",
    "opened",
    "reading",
    "remove",
    "replayed",
    "writing",
]
