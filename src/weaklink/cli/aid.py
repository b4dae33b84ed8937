"""What was needed, pledged and delivered, and who should get what next? `weaklink aid …`."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.guidelines import day_of
from weaklink.cli.output import first_rows, ordered, say, show
from weaklink.cli.register import GIVEN, REGISTER, changing
from weaklink.errors import RequestError

if TYPE_CHECKING:
    from weaklink.register import Stamp
    from weaklink.report.formats import Format
    from weaklink.study.aid import Asked

BROKEN = 3  # exit code where a rule is broken without an explanation

AS_OF = click.option("--as-of", metavar="DATE", help="The day that is today. [default: today]")
_MONEY = (
    click.option("--currency", default="EUR", show_default=True, help="Currency of the sums."),
    click.option(
        "--basis",
        type=click.Choice(["stated", "market", "replacement"]),
        default="stated",
        show_default=True,
        help="Which value of help in kind is added.",
    ),
    click.option(
        "--rates",
        type=options.FILE,
        help="A sheet of dated rates of exchange (day, currency, to, rate, source).",
    ),
    AS_OF,
)
SORT = click.option("--sort", default="", help="Order by a column. [default: as described]")


def asking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a question to the ledger."""
    for option in reversed((REGISTER, *_MONEY)):
        command = option(command)
    return command


def _asked(path: Path, currency: str, basis: str, rates: Path | None, as_of: str | None) -> Asked:
    from weaklink.study.aid import set_up

    gc.disable()  # one question and the process ends: a quarter of a second of a ledger of 100,000 entries
    return set_up(path, day_of(as_of).isoformat(), currency=currency, basis=basis, rates=rates)


@click.group()
def aid() -> None:
    """A ledger of assistance: needs, pledges, commitments, allocations, deliveries, and what is missing.

    It lies in a register (`weaklink register init`), so that every revision is kept.
    """


@aid.command()
@click.argument("kind")
@click.argument("id_", metavar="ID")
@GIVEN
@changing
@options.table
def add(
    kind: str,
    id_: str,
    given: tuple[str, ...],
    path: Path,
    stamp: Stamp,
    format_: Format,
    output: Path | None,
) -> None:
    """Add an entry, as in: weaklink aid add pledge P-1 donor=DEU recipient=UKR item_class=fuel date=2022-12-01."""
    from weaklink.study.aid_ledger import added

    show(added(path, stamp, kind, id_, _fields(given)), format_, output)


@aid.command()
@click.argument("id_", metavar="ID")
@GIVEN
@changing
@options.table
def revise(
    id_: str, given: tuple[str, ...], path: Path, stamp: Stamp, format_: Format, output: Path | None
) -> None:
    """Give fields of an entry new values; what stood there stays in its history. FIELD= takes a value away."""
    from weaklink.study.aid_ledger import revised

    show(revised(path, stamp, id_, _fields(given)), format_, output)


@aid.command()
@click.argument("id_", metavar="ID")
@REGISTER
@options.table
def history(id_: str, path: Path, format_: Format, output: Path | None) -> None:
    """Every change of an entry: who, when, from what to what, and why."""
    from weaklink.study.aid_ledger import history as answer

    show(answer(path, id_), format_, output)


@aid.command(name="import")
@click.argument("file", type=options.FILE)
@click.option(
    "--mapping", default="", help="How somebody else's table is read: kiel-donor-month, or a TOML file."
)
@click.option("--apply", "apply_", is_flag=True, help="Write it. Without, only what would change is shown.")
@changing
@options.TOP
@options.table
def import_(  # noqa: PLR0917 - one for each option
    file: Path,
    mapping: str,
    apply_: bool,
    path: Path,
    stamp: Stamp,
    top: int,
    format_: Format,
    output: Path | None,
) -> None:
    """Read entries from a sheet, or from anybody's table by a mapping. New ids are added, known ones revised."""
    from weaklink.study.aid_import import imported

    show(first_rows(imported(path, stamp, file, mapping, apply=apply_), top), format_, output)


@aid.command(name="list")
@click.option("--kind", default="", help="Only entries of this kind. [default: all]")
@REGISTER
@SORT
@options.TOP
@options.table
def list_(kind: str, path: Path, sort: str, top: int, format_: Format, output: Path | None) -> None:
    """The entries as they now stand, and whether each is added."""
    from weaklink.study.aid_ledger import listed

    show(first_rows(ordered(listed(path, kind), sort), top), format_, output)


@aid.command()
@asking
@click.option("--all", "everything", is_flag=True, help="Show what is excused too.")
@options.TOP
@options.table
def check(everything: bool, top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - the options of `asking`
    """Which rules are broken: delivered ≤ allocated ≤ committed ≤ pledged, nothing twice? Exit code 3 if any."""
    from weaklink.study.aid import broken, only_state
    from weaklink.study.aid import check as answer

    found = answer(_asked(**asked))
    show(first_rows(found if everything else only_state(found, "broken", "suspected"), top), format_, output)
    if broken(found):
        raise click.exceptions.Exit(BROKEN)


@aid.command()
@asking
@click.option(
    "--by",
    type=click.Choice(["class", "donor"]),
    default="class",
    show_default=True,
    help="Rows per donor and class, or per donor.",
)
@click.option("--gdp", type=options.FILE, help="A sheet of GDP (country, year, gdp, currency, source).")
@SORT
@options.TOP
@options.table
def totals(
    by: str,
    gdp: Path | None,
    sort: str,
    top: int,
    format_: Format,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `asking`
) -> None:
    """What has each donor pledged, committed, allocated and delivered? In money, on one basis, with shares of GDP."""
    from weaklink.study.aid import totals as answer

    result = answer(_asked(**asked), by_class=by == "class", gdp=gdp)
    show(first_rows(ordered(result, sort), top), format_, output)


@aid.command()
@asking
@click.option(
    "--stage",
    default="allocation",
    show_default=True,
    help="pledge, commitment, allocation, transport, delivery or verification.",
)
@options.TOP
@options.table
def values(stage: str, top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - as above
    """What is help worth: as donors state it, at market prices, at the price of new goods? Side by side."""
    from weaklink.study.aid import values as answer

    show(first_rows(answer(_asked(**asked), stage), top), format_, output)


@aid.command()
@asking
@click.option("--all", "everything", is_flag=True, help="Show the needs that are met too.")
@SORT
@options.TOP
@options.table
def gaps(
    everything: bool,
    sort: str,
    top: int,
    format_: Format,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - as above
) -> None:
    """Which needs are not met, the most urgent first?"""
    from weaklink.study.aid import unmet

    show(first_rows(ordered(unmet(_asked(**asked), everything=everything), sort), top), format_, output)


@aid.command()
@asking
@SORT
@options.TOP
@options.table
def lag(sort: str, top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - as above
    """How long from promise to delivery, by donor and class, with what has not arrived counted too?"""
    from weaklink.study.aid import lag as answer

    show(first_rows(ordered(answer(_asked(**asked)), sort), top), format_, output)


@aid.command()
@click.option(
    "--register",
    "path",
    type=options.FILE,
    envvar="WEAKLINK_REGISTER",
    help="File of the register. [env: WEAKLINK_REGISTER]",
)
@click.option(
    "--scenario",
    default="",
    help="Instead: share a package over a network of sites, as this scenario leaves it.",
)
@AS_OF
@options.TOP
@options.table
def allocate(
    path: Path | None, scenario: str, as_of: str | None, top: int, format_: Format, output: Path | None
) -> None:
    """Who should get what next? The most urgent first; among equals the fairest."""
    if scenario:
        from weaklink.study.aid_network import over_network

        result = over_network(scenario)
    elif path is None:
        raise RequestError("name a register with --register FILE, or a network with --scenario NAME.")
    else:
        from weaklink.study.aid_allocation import allocation

        result = allocation(_asked(path, "EUR", "stated", None, as_of))
    show(first_rows(result, top), format_, output)


@aid.command(name="words")
@options.table
def words_(format_: Format, output: Path | None) -> None:
    """The words that entries may use: kinds, classes, units, institutions."""
    from weaklink.study.aid_ledger import words

    show(words(), format_, output)


@aid.command()
@click.argument("directory", metavar="DIR", type=options.FILE)
@asking
def report(directory: Path, **asked: Any) -> None:  # noqa: ANN401 - as above
    """Write a page: the way from promise to delivery, its course, and the gaps."""
    from weaklink.study.aid_report import write

    say(f"Report: {write(_asked(**asked), directory)}")


@aid.command()
@click.option("--example", is_flag=True, help="A filled-in sheet of an exercise; all in it is invented.")
def template(example: bool) -> None:
    """An empty sheet of entries: its header, to be filled in."""
    from weaklink.study.aid_ledger import COLUMNS, EXAMPLE

    say(EXAMPLE.read_text(encoding="utf-8").rstrip() if example else ",".join(["id", "kind", *COLUMNS]))


@aid.command(name="mapping-schema")
def mapping_schema() -> None:
    """The JSON Schema of a mapping of columns, for editors."""
    from weaklink.sources.aid_mapping import AidMapping

    say(json.dumps(AidMapping.model_json_schema(), indent=2))


def _fields(given: tuple[str, ...]) -> dict[str, str]:
    """`quantity=12` as a field and its value."""
    found = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise RequestError(f"{one!r} is no FIELD=VALUE, such as quantity=12.")
        found[name.strip()] = value.strip()
    return found
