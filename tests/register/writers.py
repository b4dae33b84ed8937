"""How do several processes write to one register at once, as the tests of concurrency and of kills need it?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Adds to the numbers of two entities in one transaction, again and again; says after each commit how far it is.
WRITER = """
import sys
from pathlib import Path
from weaklink import register as room

path, name, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with room.opened(path) as register:
    for turn in range(1, times + 1):
        stamp = room.Stamp(name, "2026-11-25T06:00:00Z", f"turn {turn}")
        with room.writing(register):
            for id_ in ("left", "right"):
                old = room.entity(register, "risk", id_)
                room.change(register, stamp, "risk", id_, {"count": old.fields["count"] + 1}, expected=old.version)
        print(turn, flush=True)
"""


def start(register: Path, name: str, times: int) -> subprocess.Popen[str]:
    """A process that makes `times` transactions of two changes each."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(register), name, str(times)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
