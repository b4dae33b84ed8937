"""How is a standalone cluster of Spark started on this machine, used and stopped again?

A master and some workers, each a process of its own on the loopback device. Whoever may send a cluster work may run
programs as its owner; so the processes share a secret, which lies in a file that nobody else may read, and is never
on a command line.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from weaklink.cluster.session import LOOPBACK, refuse_missing
from weaklink.errors import RequestError

PATIENCE = 120.0  # seconds until a process must have come up; a busy machine takes a few
POLL = 0.1
STARTED = re.compile(rf"Starting Spark master at (spark://{re.escape(LOOPBACK)}:\d+)")
REGISTERED = re.compile(r"Registering worker ")
DEPLOY = "org.apache.spark.deploy"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that runs: the address of its master, and what a driver's environment must have to be let in."""

    master: str
    environment: Mapping[str, str]


@contextmanager
def standalone(workers: int = 2, memory: str = "1g") -> Iterator[Cluster]:
    """A standalone cluster of this machine, its workers with one core each; it is stopped at the end.

    `memory` is what each worker may give away, in Spark's spelling. Raises RequestError where Spark or Java is
    missing, or where a process does not come up; its last lines are in the message.
    """
    refuse_missing()
    with tempfile.TemporaryDirectory(prefix="weaklink-cluster-") as name, ExitStack() as processes:
        place = Path(name)
        environment = _environment(place)
        master = _started(processes, place, environment, "master", ["master.Master", "--port", "0"])
        address = _found(master, STARTED, 1)[0]
        worker = [
            "worker.Worker",
            "--cores",
            "1",
            "--memory",
            memory,
            "--work-dir",
            str(place / "work"),
            address,
        ]
        for number in range(workers):
            _started(processes, place, environment, f"worker-{number}", worker)
        _found(master, REGISTERED, workers)
        yield Cluster(address, {name: environment[name] for name in ("SPARK_CONF_DIR", "SPARK_LOCAL_DIRS")})


@dataclass(frozen=True, slots=True)
class _Process:
    name: str
    running: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End the process and all that it started, gently at first."""
        for sign, patience in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0)):
            if self.running.poll() is None:
                os.killpg(self.running.pid, sign)
                try:
                    self.running.wait(patience)
                except subprocess.TimeoutExpired:
                    continue


def _environment(place: Path) -> dict[str, str]:
    """What the processes run with: the loopback device, this Python, folders of their own, and the secret."""
    conf, scratch = place / "conf", place / "scratch"
    conf.mkdir()
    scratch.mkdir()
    defaults = conf / "spark-defaults.conf"
    defaults.touch(mode=0o600)
    lines = [
        "spark.authenticate true",
        f"spark.authenticate.secret {secrets.token_hex(32)}",
        "spark.ui.enabled false",
        "spark.master.rest.enabled false",
    ]
    defaults.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {
        **os.environ,
        "SPARK_HOME": str(_home()),
        "SPARK_CONF_DIR": str(conf),
        "SPARK_LOCAL_DIRS": str(scratch),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_DAEMON_MEMORY": "512m",
        "PYSPARK_PYTHON": sys.executable,
    }


def _home() -> Path:
    """Where pyspark's package lies, which has all of Spark."""
    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise RequestError("pyspark is not installed.")
    return Path(spec.origin).parent


def _started(
    processes: ExitStack, place: Path, environment: Mapping[str, str], name: str, command: Sequence[str]
) -> _Process:
    """A process of the cluster, which is stopped when the stack is left."""
    program, *words = command
    log = place / f"{name}.log"
    line = [
        str(_home() / "bin" / "spark-class"),
        f"{DEPLOY}.{program}",
        "--host",
        LOOPBACK,
        "--webui-port",
        "0",
    ]
    with log.open("wb") as output:
        running = subprocess.Popen(  # noqa: S603 - Spark's own script, with words of ours
            [*line, *words], env=dict(environment), stdout=output, stderr=output, start_new_session=True
        )
    process = _Process(name, running, log)
    processes.callback(process.stop)
    return process


def _found(process: _Process, pattern: re.Pattern[str], times: int) -> list[str]:
    """What a process says of itself, once it has said it so many times; RequestError where it does not."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if len(found := pattern.findall(process.said())) >= times:
            return [str(one) for one in found]
        if process.running.poll() is not None:
            break
        time.sleep(POLL)
    last = "\n".join(process.said().splitlines()[-5:])
    raise RequestError(f"the {process.name} of the local cluster did not come up. It said last:\n{last}")
