"""How does a session of Apache Spark start, and what is said where it cannot?

A cluster runs the code that it is sent: Spark serialises functions with its own cloudpickle and starts them on
every worker. Give it only data and code that you trust, and a network that you trust.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from weaklink.errors import RequestError, StoreError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
UNREADABLE = re.compile(r"Encountered error while reading file (?:file://)?(\S+?)\.? ")
CAUSE = re.compile(r"Caused by: [\w.]+: (.+)")
FULL = "No space left on device"
LOOPBACK = "127.0.0.1"
INSTALL = "pip install 'weaklink[spark]'"

# What every session needs for figures that are the same everywhere, and for a quiet terminal.
ALWAYS: Mapping[str, str] = {
    "spark.app.name": "weaklink",
    "spark.sql.ansi.enabled": "true",  # a sum that overflows is an error, not another number
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # a line with too few cells is one, whatever is read
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
    "spark.hadoop.parquet.page.verify-checksum.enabled": "true",  # snapshots carry one for each page
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
# On this machine everything stays on the loopback device, and the workers run this very Python.
HERE: Mapping[str, str] = {
    "spark.driver.bindAddress": LOOPBACK,
    "spark.driver.host": LOOPBACK,
    "spark.sql.shuffle.partitions": "16",  # Spark's own 200 are for many machines, and cost more than small tables
}
NOTHING: Mapping[str, str] = MappingProxyType({})
HERE_TOO: Mapping[str, str] = {"SPARK_LOCAL_IP": LOOPBACK, "PYSPARK_PYTHON": sys.executable}


@contextmanager
def session(
    master: str, settings: Mapping[str, str] = NOTHING, environment: Mapping[str, str] = NOTHING
) -> Iterator[SparkSession]:
    """A session of Spark, stopped at the end.

    `master` is where it runs: `local[2]` is two threads of this machine, `spark://HOST:7077` a standalone cluster,
    `yarn` or `k8s://…` what manages yours. `settings` are Spark's own, by name; they come last and win.
    `environment` is what Spark is started with besides.

    Raises RequestError where pyspark or Java 17 is missing, or where no such session can be started.
    """
    refuse_missing()
    if environment:
        _refuse_running()
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    here = master.startswith("local") or f"//{LOOPBACK}:" in master
    wanted = {**ALWAYS, **(HERE if here else {}), **settings}
    with _environment({**(HERE_TOO if here else {}), **environment}), unwarned():
        builder = SparkSession.builder.master(master)
        for name, value in wanted.items():
            builder = builder.config(name, value)
        try:
            started = builder.getOrCreate()
        except (PySparkException, Py4JJavaError, RuntimeError) as error:
            raise _not_started(master, error) from error
        try:
            yield started
        finally:
            started.stop()


def refuse_missing() -> None:
    """RequestError that says what to install where pyspark or Java is missing."""
    if find_spec("pyspark") is None:
        raise RequestError(f"the cluster needs Apache Spark, which is not installed: {INSTALL}")
    if (version := java_version()) < OLDEST_JAVA:
        found = f"this is Java {version}" if version else "none was found"
        raise RequestError(
            f"Apache Spark needs Java {OLDEST_JAVA} or newer; {found}. Install it (on Debian and Ubuntu: "
            "apt-get install openjdk-17-jre-headless), or point JAVA_HOME to it."
        )


def java_version() -> int:
    """The major version of the Java that Spark would run; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if java is None:
        return 0
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603 - the user's own Java
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


@contextmanager
def plainly() -> Iterator[None]:
    """What Spark says of files that it cannot read or write, said in our words: StoreError."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        with unwarned():
            yield
    except (PySparkException, Py4JJavaError) as error:
        if found := UNREADABLE.search(str(error)):
            reason = CAUSE.search(str(error))
            why = reason[1] if reason else "it cannot be read by every worker"
            raise StoreError(f"{found[1]}: damaged ({why}). Replace this file, or leave it out.") from error
        if FULL in str(error):
            raise StoreError(
                f"nothing was written ({FULL}). Free some space, or choose another place."
            ) from error
        raise


@contextmanager
def unwarned() -> Iterator[None]:
    """Without Spark's warning that it may not support the newest pandas: rows travel as Arrow, pandas is not used."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _refuse_running() -> None:
    """RequestError where Spark's Java already runs in this process: it was started with another environment."""
    from pyspark import SparkContext

    if SparkContext._gateway is not None:  # it has no other name
        raise RequestError(
            "Spark runs in this process already, or did. Use another process for another cluster."
        )


def _not_started(master: str, error: Exception) -> RequestError:
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return RequestError(
        f"--master is {master!r}, and no session of Spark could be started there ({reason}). "
        "Write local[2] for this machine, or spark://HOST:PORT of a cluster that runs."
    )
