"""What does a page do in a real browser? Headless Chromium, asked through its debugging pipe.

Only the standard library: the pipe speaks JSON messages that end with a zero byte.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BINARY = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)


@dataclass
class Tab:
    """An open page: what it asked the network for, and what it wrote to the console."""

    ask: int
    hear: int
    session: str = ""
    number: int = 0
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    unread: bytes = b""

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - the browser's
        """Send one command and wait for its answer; events on the way are noted."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.ask, json.dumps(message).encode() + b"\0")
        while True:
            heard = self._message()
            if heard.get("id") == self.number:
                assert "error" not in heard, heard
                result: dict[str, Any] = heard["result"]
                return result

    def evaluate(self, script: str) -> Any:  # noqa: ANN401 - any JSON value
        """The value of a JavaScript expression on the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def open(self, page: Path, width: int = 1280, height: int = 900) -> None:
        """Load a file and wait until it has loaded."""
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.call("Page.navigate", url=page.absolute().as_uri())
        while (
            self.evaluate("document.readyState") != "complete"
            or self.evaluate("location.href") == "about:blank"
        ):
            pass

    def screenshot(self, path: Path) -> None:
        """Store the whole page as a PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self.unread:
            heard = os.read(self.hear, 1 << 16)
            assert heard, "Chromium has gone"
            self.unread += heard
        text, _, self.unread = self.unread.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        self._note(message.get("method", ""), message.get("params", {}))
        return message

    def _note(self, event: str, said: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self.requests.append(said["request"]["url"])
        elif event in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            self.complaints.append(json.dumps(said))
        elif event == "Log.entryAdded":
            self.complaints.append(said["entry"]["text"])


@contextmanager
def tab(profile: Path) -> Iterator[Tab]:
    """A fresh browser with one empty page."""
    assert BINARY is not None
    their_ear, ask = os.pipe()
    hear, their_mouth = os.pipe()

    def connect() -> None:
        # Chromium reads from descriptor 3 and writes to 4; moved away first, as they may be each other's place.
        ear, mouth = os.dup(their_ear), os.dup(their_mouth)
        os.dup2(ear, 3)
        os.dup2(mouth, 4)

    browser = subprocess.Popen(
        [BINARY, *FLAGS, f"--user-data-dir={profile}"],
        preexec_fn=connect,  # noqa: PLW1509 - no threads run in the tests
        close_fds=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(their_ear)
    os.close(their_mouth)
    try:
        page = Tab(ask, hear)
        target = page.call("Target.createTarget", url="about:blank")["targetId"]
        page.session = page.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        yield page
    finally:
        browser.terminate()
        browser.wait(timeout=20)
        os.close(ask)
        os.close(hear)
