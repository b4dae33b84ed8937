"""Does a standalone cluster of this machine give what one machine gives, and is nothing left of it?"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.conftest import skip_without_spark

# Another process: Spark's Java takes its environment once, and the sessions of other tests have had it.
SCRIPT = """
import os, sys
from pathlib import Path
from weaklink.cluster import answers
from weaklink.cluster.answers import Given
from weaklink.cluster.session import session
from weaklink.cluster.standalone import standalone
from weaklink.study.panel import Importers, panel
from weaklink.study.question import Question

who, question = Importers(("EU@2024-12-31", "NATO"), "world"), Question("", 2022, indicators="all")
with standalone(workers=2) as cluster:
    settings = {"spark.scheduler.minRegisteredResourcesRatio": "1.0", "spark.cores.max": "2"}
    conf = Path(cluster.environment["SPARK_CONF_DIR"]) / "spark-defaults.conf"
    print("mode", oct(conf.stat().st_mode & 0o777), conf.parent.parent)
    secret = conf.read_text().split("secret ")[1].split()[0]
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    print("shown", sum(secret.encode() in line for line in lines))
    with session(cluster.master, settings, cluster.environment) as spark:
        found = answers.panel(spark, Given(pieces=4), who, question, (2021, 2022))
        print("executors", spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1)
expected = panel(who, question, (2021, 2022))
print("equal", found.table.equals(expected.table), len(expected) > 10_000)
"""


@pytest.mark.slow
def test_two_workers_give_what_one_machine_gives_and_leave_nothing(tmp_path: Path) -> None:
    skip_without_spark()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert said["equal"] == "True True"
    assert said["executors"] == "2"
    assert said["shown"] == "0"  # no command line has the secret
    mode, folder = said["mode"].split(" ")
    assert mode == oct(stat.S_IRUSR | stat.S_IWUSR)
    assert not Path(folder).exists()
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
    assert not [line for line in lines if folder.encode() in line]
