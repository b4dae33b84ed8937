"""What can every test rely on? The shared data, a store of its own, hypothesis profiles, and no network."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from weaklink.store import Store

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
USES = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


LOOPBACK = threading.Event()  # set while tests run that may talk to programs of their own on this machine
LOOPBACK_NAMES = ("127.0.0.1", "::1", "localhost")


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook, which nothing can switch off again: whoever asks the network, fails."""
    inet = event in USES and arguments[0].family in (socket.AF_INET, socket.AF_INET6)
    if not inet and event not in LOOK_UPS:
        return
    host = arguments[1][0] if inet and arguments[1] else arguments[0]
    if LOOPBACK.is_set() and host in LOOPBACK_NAMES:
        return
    raise RuntimeError(f"the tests must not use the network: {event} {arguments[1:]}")


sys.addaudithook(refuse_network)


@pytest.fixture(scope="session", autouse=True)
def _no_store_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Commands and questions that name no store find an empty one, not that of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEAKLINK_STORE", str(tmp_path_factory.mktemp("nobody") / "store"))
        yield


@pytest.fixture(scope="module")
def loopback() -> Iterator[None]:
    """For the tests of one file, the loopback device of this machine; the network stays refused."""
    LOOPBACK.set()
    yield
    LOOPBACK.clear()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The directory of original data, beside the project; without it the test is skipped."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the original data are not here: {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")
