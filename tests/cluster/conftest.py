"""A session of Spark on two threads of this machine, where it can run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from weaklink.cluster.session import refuse_missing, session
from weaklink.errors import RequestError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Small tables: two partitions, nothing compiled for one use, a Java that starts quickly rather than runs fast.
QUICK = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def skip_without_spark() -> None:
    try:
        refuse_missing()
    except RequestError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def spark(loopback: None) -> Iterator[SparkSession]:
    """Spark on this machine; skipped, with what to install, where it cannot run."""
    del loopback
    skip_without_spark()
    with session("local[2]", QUICK) as started:
        yield started
