"""Examples in the documentation are tests: Python prompts, and console blocks that run the command line.

A console block is run by a shell in a directory of its page's own; lines that begin with `$` are commands,
which lines that begin with `>` continue; the rest is what they must print. `...` stands for anything.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def parse_console(document: Document) -> Iterable[Region]:
    """Each console block of a page."""
    for match in CONSOLE.finditer(document.text):
        yield Region(match.start(), match.end(), match.group(1), run_console)


def run_console(example: Example) -> str | None:
    """Run the commands of a block one by one; a message where one prints something else."""
    folder = example.namespace.setdefault("console_folder", tempfile.mkdtemp(prefix="weaklink-docs-"))
    for block in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        command, expected = _command(block)
        printed = _printed(command, Path(folder))
        checker = doctest.OutputChecker()
        if not checker.check_output(expected, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE):
            return f"$ {command}\nexpected:\n{expected}\nprinted:\n{printed}"
    return None


def _command(block: str) -> tuple[str, str]:
    """A command, with the lines that `>` continues, and what it must print."""
    first, *lines = block.splitlines(keepends=True)
    more = list(takewhile(lambda line: line.startswith(">"), lines))
    return first + "".join(line[2:] or "\n" for line in more), "".join(lines[len(more) :])


def _printed(command: str, folder: Path) -> str:
    """What a command prints, errors included, with `weaklink` being the one under test."""
    environment = {
        **os.environ,
        "WEAKLINK_STORE": str(folder / "store"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE),
        parse_console,
        SkipParser(),
    ],
    patterns=["*.md"],
).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the examples of a page in order: later ones build on earlier ones."""
    pages: dict[Path, list[int]] = {}
    for place, item in enumerate(items):
        if isinstance(item, SybilItem):
            pages.setdefault(item.path, []).append(place)
    for places in pages.values():
        ordered = sorted((items[place] for place in places), key=lambda item: item.location[1] or 0)
        for place, item in zip(places, ordered, strict=True):
            items[place] = item
