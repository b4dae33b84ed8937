"""Where do other programs run that ours is measured beside? In an environment of their own, never as a dependency."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


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
