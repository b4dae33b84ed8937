"""What is said where Spark or Java is missing, and of a mapping that will not do? No Spark is needed for this."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from weaklink import tomlfile
from weaklink.cluster import session
from weaklink.cluster.mapping import Customs
from weaklink.cluster.session import java_version, refuse_missing
from weaklink.errors import RequestError, SourceError

MAPPING = """
name = "customs"
source = "an office"
licence = "confidential"
vintage = "2025"
nomenclature = "HS22"
importer = "DEU"

[columns]
date = "day"
product = "code"
exporter = "origin"
value = "usd"
"""


def java(folder: Path, version: str) -> Path:
    """A folder that JAVA_HOME can name, with a program that says it is this Java."""
    (folder / "bin").mkdir(parents=True)
    program = folder / "bin" / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n", encoding="utf-8")
    program.chmod(0o755)
    return folder


def test_without_pyspark_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "find_spec", lambda _name: None)
    with pytest.raises(RequestError, match=r"pip install 'weaklink\[spark\]'"):
        refuse_missing()


@pytest.mark.parametrize(
    ("version", "number"), [("17.0.15", 17), ("21", 21), ("11.0.2", 11), ("1.8.0_402", 1)]
)
def test_the_java_that_java_home_names_is_asked_for_its_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, number: int
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path, version)))
    assert java_version() == number


@pytest.mark.parametrize(("version", "said"), [("11.0.2", "this is Java 11"), ("", "none was found")])
def test_without_java_17_the_error_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, said: str
) -> None:
    monkeypatch.setattr(session, "find_spec", lambda _name: True)
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path, version) if version else tmp_path))
    with pytest.raises(RequestError, match=f"Java 17 or newer; {said}"):
        refuse_missing()


def test_the_command_line_starts_and_the_product_works_without_spark() -> None:
    """No module of the product but the cluster's imports pyspark, and those only when they run."""
    script = (
        "import sys; sys.modules['pyspark'] = None\n"
        "import weaklink.cli.main, weaklink.cluster.answers, weaklink.cluster.standalone\n"
        "print(len(weaklink.screen('NATO@2022-11-30', 2022, product='271121')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('importer = "DEU"', "", "say who imports once"),
        ('value = "usd"', 'value = "usd"\nimporter = "who"', "say who imports once"),
        ('"HS22"', '"CN8"', "a nomenclature that is one of HS92"),
        ('importer = "DEU"', 'importer = "DEU"\nusd_per_unit = "0"', "units above zero"),
        ('importer = "DEU"', 'importer = "DEU"\nusd_per_unit = "1e3"', "usd_per_unit"),
        ('importer = "DEU"', 'importer = "DEU"\ndate_form = "DD.MM.YYYY"', "one of YYYY-MM-DD"),
        ('value = "usd"', 'valeu = "usd"', "Did you mean value"),
    ],
)
def test_a_mapping_that_will_not_do_is_refused_with_what_is_wrong(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, encoding="utf-8")
    assert tomlfile.read(path, Customs).columns.named() == {
        "date": "day",
        "product": "code",
        "exporter": "origin",
        "value": "usd",
    }
    path.write_text(MAPPING.replace(old, new), encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        tomlfile.read(path, Customs)
