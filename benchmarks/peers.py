"""Where do the contestants run? Other programs in an environment of their own; ours as a user installs it.

With pandas beside it, PyArrow would load pandas too, which a user of ours need not have.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


def python_with(folder: Path, packages: Sequence[str]) -> Path:
    """The Python of an environment below `folder` that has these packages, made by pip where it is not there yet."""
    name = hashlib.sha256(" ".join(sorted(packages)).encode()).hexdigest()[:12]
    home = folder.absolute() / "peers" / name
    python, ready = home / "bin" / "python", home / "ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)  # noqa: S603 - our own words
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)  # noqa: S603
        ready.touch()
    return python


@cache
def own_python(folder: Path) -> Path:
    """The Python of an environment with this checkout and what it needs, no more; the checkout is installed anew."""
    home = folder.absolute() / "plain"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)  # noqa: S603 - our own words
    words: list[str | Path] = ["install", "--quiet", "--force-reinstall", "--no-deps", ROOT]
    pins: list[str | Path] = ["install", "--quiet", "--constraint", ROOT / "constraints.txt", ROOT]
    for command in (pins, words):
        subprocess.run([python, "-m", "pip", *command], check=True)  # noqa: S603
    return python
