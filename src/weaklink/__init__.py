"""Weaklink: what do you depend on, from whom, and what can be done about it?

The public surface is what `__all__` lists; everything else may change. Names are loaded when they are first
used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from weaklink.version import VERSION

if TYPE_CHECKING:
    from weaklink.study.ces_losses import ces_losses as ces_losses
    from weaklink.study.common import common as common
    from weaklink.study.explain import explain as explain
    from weaklink.study.exposure import exposure as exposure
    from weaklink.study.history import history as history
    from weaklink.study.long_run import long_run as long_run
    from weaklink.study.reverse import reverse as reverse
    from weaklink.study.screen import screen as screen
    from weaklink.study.short_run import short_run as short_run
    from weaklink.study.substitutes import substitutes as substitutes
    from weaklink.study.suppliers import suppliers as suppliers

__version__ = VERSION

__all__ = [
    "ces_losses",
    "common",
    "explain",
    "exposure",
    "history",
    "long_run",
    "reverse",
    "screen",
    "short_run",
    "substitutes",
    "suppliers",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module(f"weaklink.study.{name}"), name)
    raise AttributeError(f"module 'weaklink' has no attribute {name!r}")
