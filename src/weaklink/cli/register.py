"""Who owns which risk, on what evidence, and what has been done? `weaklink register …`."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from weaklink.cli import options
from weaklink.cli.output import first_rows, ordered, progress, show
from weaklink.errors import RequestError

if TYPE_CHECKING:
    from weaklink.register import Stamp
    from weaklink.register.sharing import Policy
    from weaklink.report.formats import Format

Command = TypeVar("Command", bound=Callable[..., Any])
ATTENTION = 3  # exit code where something has to be seen to, or was left out

REGISTER = click.option(
    "--register",
    "path",
    type=options.FILE,
    envvar="WEAKLINK_REGISTER",
    required=True,
    help="File of the register. [env: WEAKLINK_REGISTER]",
)
WHO = click.option(
    "--who", default="", envvar="WEAKLINK_WHO", help="Who makes the change. [env: WEAKLINK_WHO; default: you]"
)
WHY = click.option("--why", default="", help="Why the change is made; it goes into the history.")
LEVEL = click.option(
    "--level", default="", help="Only what somebody may see who is cleared up to this marking. [default: all]"
)
REDACT = click.option("--redact", type=options.FILE, help="File of rules (TOML) that make fields coarser.")
KIND = click.option(
    "--kind",
    type=click.Choice(["risk", "treatment", "evidence"]),
    default="risk",
    show_default=True,
    help="What the id is of.",
)
GIVEN = click.argument("given", metavar="FIELD=VALUE…", nargs=-1)


def changing(command: Command) -> Command:
    """Give a command the options of a change; it receives `path` and `stamp`."""

    @REGISTER
    @WHO
    @WHY
    @wraps(command)
    def stamped(*, who: str, why: str, **given: Any) -> Any:  # noqa: ANN401 - whatever the command takes
        return command(stamp=_stamp(who, why), **given)

    return cast(Command, stamped)


@click.group()
def register() -> None:
    """A register of risks: owners, levels, treatments, evidence, and the whole history of each."""


@register.command()
@changing
@click.option("--scale", default="plain", show_default=True, help="Scale of levels: plain, uk-nrr, FILE.")
@click.option("--markings", default="plain", show_default=True, help="Markings: plain, tlp, FILE.")
@options.table
def init(path: Path, stamp: Stamp, scale: str, markings: str, format_: Format, output: Path | None) -> None:
    """Make an empty register."""
    from weaklink.study.registers import made

    show(made(path, stamp, scale, markings), format_, output)


@register.command()
@click.argument("id_", metavar="ID")
@GIVEN
@changing
@options.table
def add(
    id_: str, given: tuple[str, ...], path: Path, stamp: Stamp, format_: Format, output: Path | None
) -> None:
    """Add a risk: weaklink register add R-1 title="Gas is cut off" owner=Energy inherent_likelihood=4."""
    from weaklink.study.register_changes import added

    show(added(path, stamp, "risk", id_, _values(given)), format_, output)


@register.command(name="set")
@click.argument("id_", metavar="ID")
@GIVEN
@KIND
@changing
@options.table
def set_(
    id_: str,
    given: tuple[str, ...],
    kind: str,
    path: Path,
    stamp: Stamp,
    format_: Format,
    output: Path | None,
) -> None:
    """Change fields: weaklink register set R-1 owner=Treasury. FIELD= takes a value away."""
    from weaklink.study.register_changes import set_to

    show(set_to(path, stamp, kind, id_, _values(given)), format_, output)


@register.command()
@click.argument("id_", metavar="ID")
@KIND
@changing
@options.table
def remove(id_: str, kind: str, path: Path, stamp: Stamp, format_: Format, output: Path | None) -> None:
    """Take out what was entered by mistake; its history stays. A risk that is over is closed: status=closed."""
    from weaklink.study.register_changes import removed

    show(removed(path, stamp, kind, id_), format_, output)


@register.command()
@click.argument("risk")
@click.argument("id_", metavar="ID")
@GIVEN
@changing
@options.table
def treat(
    risk: str,
    id_: str,
    given: tuple[str, ...],
    path: Path,
    stamp: Stamp,
    format_: Format,
    output: Path | None,
) -> None:
    """Say what is done about a risk, or change it: treat R-1 T-1 measure="LNG terminal" status=planned."""
    from weaklink.study.register_treatments import treated

    show(treated(path, stamp, risk, id_, _values(given)), format_, output)


@register.command()
@click.argument("risk")
@click.argument("mix", metavar="FILE", type=options.FILE)
@GIVEN
@changing
@options.table
def plan(
    risk: str,
    mix: Path,
    given: tuple[str, ...],
    path: Path,
    stamp: Stamp,
    format_: Format,
    output: Path | None,
) -> None:
    """Take a mix of measures as planned treatments: plan R-1 mix.csv catalogue=gas-europe lowers=impact.

    FILE is what weaklink reduce … --format csv -o FILE has written.
    """
    from weaklink.study.register_treatments import planned

    show(planned(path, stamp, risk, mix, _values(given)), format_, output)


@register.command()
@click.argument("risk")
@click.argument("given", metavar="WORD=VALUE…", nargs=-1)
@click.option("--lens", default="network", show_default=True, help="The model that is asked: network, trade.")
@click.option("--id", "id_", default="", help="What the evidence is called. [default: RISK/LENS]")
@click.option("--rates", default="", help="Level that the figure gives: inherent_impact or residual_impact.")
@click.option("--bounds", default="", help="Figures from which on level 2, 3, … applies: 0.01,0.05,0.1,0.2.")
@changing
@options.table
def link(  # noqa: PLR0917 - one for each option
    risk: str,
    given: tuple[str, ...],
    lens: str,
    id_: str,
    rates: str,
    bounds: str,
    path: Path,
    stamp: Stamp,
    format_: Format,
    output: Path | None,
) -> None:
    """Rest a risk on a figure: link R-1 --lens network scenario=gas-cutoff-2022 importer=EU@2022-12-31.

    With measures=delivered the scenario is played with what is delivered for the risk, and stale once that changes.
    """
    from weaklink.register.rating import Rating
    from weaklink.study.register_links import linked

    rating = Rating(rates, bounds) if rates or bounds else None
    show(linked(path, stamp, risk, id_, lens, _values(given), rating), format_, output)


@register.command(name="list")
@REGISTER
@LEVEL
@click.option("--sort", default="", help="Order by a column. [default: the worst first]")
@options.TOP
@options.table
def list_(path: Path, level: str, sort: str, top: int, format_: Format, output: Path | None) -> None:
    """Which risks are there? The worst first."""
    from weaklink.study.register_risks import risks

    show(first_rows(ordered(risks(path, _policy(level, None)), sort), top), format_, output)


@register.command(name="show")
@click.argument("id_", metavar="ID")
@REGISTER
@LEVEL
@options.table
def show_(id_: str, path: Path, level: str, format_: Format, output: Path | None) -> None:
    """What is said of a risk, of what is done about it, and of what it rests on?"""
    from weaklink.study.register_risks import shown

    show(shown(path, id_, _policy(level, None)), format_, output)


@register.command()
@click.argument("id_", metavar="ID", default="")
@REGISTER
@LEVEL
@options.table
def history(id_: str, path: Path, level: str, format_: Format, output: Path | None) -> None:
    """What was changed, by whom, when and why? Of one row and those that belong to it, or of all."""
    from weaklink.study.register_risks import history as answer

    show(answer(path, id_, _policy(level, None)), format_, output)


@register.command()
@REGISTER
@click.option("--as-of", metavar="DATE", help="The day, such as 2026-11-30. [default: today]")
@options.table
def check(path: Path, as_of: str | None, format_: Format, output: Path | None) -> None:
    """What has to be seen to? Overdue, stale, unsupported. Exit code 3 where there is anything."""
    from weaklink.study.register_check import checked

    result = checked(path, _day(as_of))
    show(result, format_, output)
    if len(result):
        raise click.exceptions.Exit(ATTENTION)


@register.command()
@click.argument("ids", metavar="[EVIDENCE]…", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Also what is not stale.")
@changing
@options.table
def refresh(
    ids: tuple[str, ...],
    everything: bool,
    path: Path,
    stamp: Stamp,
    format_: Format,
    output: Path | None,
) -> None:
    """Compute stale evidence again, and record how far each figure moved."""
    from weaklink.study.register_check import refreshed

    with progress("Computing again") as advance:
        result = refreshed(path, stamp, ids, everything=everything, progress=advance)
    show(result, format_, output)


@register.command()
@click.argument("file", type=options.FILE)
@REGISTER
@LEVEL
@REDACT
@click.option("--history", "with_history", is_flag=True, help="With a sheet of the history.")
@options.table
def export(
    file: Path,
    path: Path,
    level: str,
    redact: Path | None,
    with_history: bool,
    format_: Format,
    output: Path | None,
) -> None:
    """Write a workbook (xlsx) to edit or to share; it says what was left out."""
    from weaklink.study.register_exchange import exported

    show(exported(path, file, _policy(level, redact), history=with_history), format_, output)


@register.command(name="import")
@click.argument("file", type=options.FILE)
@click.option("--apply", is_flag=True, help="Write what is added and changed. [default: only show it]")
@changing
@options.table
def import_(file: Path, apply: bool, path: Path, stamp: Stamp, format_: Format, output: Path | None) -> None:
    """What would an edited workbook change? --apply changes it. Exit code 3 where something is left out."""
    from weaklink.study.register_exchange import imported

    reasoned = replace(stamp, why=stamp.why or f"import of {file.name}")
    result, plan = imported(path, file, reasoned, apply=apply)
    show(result, format_, output)
    done = "changed" if apply else "would be changed; --apply does it"
    left = sum(line.verdict in ("conflicting", "refused") for line in plan.lines)
    click.echo(f"{len(plan.writes):,} rows {done}; {left:,} lines left out.", err=True)
    if not plan.clean:
        raise click.exceptions.Exit(ATTENTION)


@register.command()
@click.argument("file", type=options.FILE)
@REGISTER
@options.table
def backup(file: Path, path: Path, format_: Format, output: Path | None) -> None:
    """Copy the register to a new file, while others may go on writing."""
    from weaklink.study.registers import backed_up

    show(backed_up(path, file), format_, output)


@register.command()
@REGISTER
@click.option("--mend", is_flag=True, help="Make the table of the present again from the log.")
@options.table
def verify(path: Path, mend: bool, format_: Format, output: Path | None) -> None:
    """Is the register whole? File, tables, seals of the log, and the present against the log."""
    from weaklink.study.registers import verified

    show(verified(path, mend=mend), format_, output)


@register.command()
@click.argument("directory", type=options.FILE)
@REGISTER
@LEVEL
@REDACT
@click.option("--as-of", metavar="DATE", help="The day that ages are counted to. [default: today]")
def report(directory: Path, path: Path, level: str, redact: Path | None, as_of: str | None) -> None:
    """Write a page with pictures, and a workbook, to a directory."""
    from weaklink.study.register_report import write

    page = write(path, directory, _policy(level, redact), _day(as_of))
    click.echo(f"Report: {page}", err=True)


def _stamp(who: str, why: str) -> Stamp:
    from weaklink.register import Stamp

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Stamp(who or _user(), now, why)


def _user() -> str:
    """The name of the user of the machine; RequestError where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a table of users
        raise RequestError(f"user {os.getuid()} has no name here. Give --who NAME.") from None


def _values(given: tuple[str, ...]) -> dict[str, str]:
    """FIELD=VALUE as a mapping; RequestError for a word without a sign, or a field that stands twice."""
    values: dict[str, str] = {}
    for word in given:
        name, sign, value = word.partition("=")
        if not sign or not name:
            raise RequestError(
                f"{word!r} is not FIELD=VALUE. Write owner=Treasury, or title='Gas is cut off'."
            )
        if name in values:
            raise RequestError(f"{name} stands twice. Give it once.")
        values[name] = value
    return values


def _policy(level: str, redact: Path | None) -> Policy:
    from weaklink.study.register_exchange import policy

    return policy(level, redact)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"--as-of is {text!r}; write a day as 2026-11-30.") from None
