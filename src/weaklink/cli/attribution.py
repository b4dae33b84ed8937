"""What does a loss hang on, whose part is whose, what is acting together worth, and were the models right before?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.output import first_rows, ordered, progress, show
from weaklink.errors import RequestError

if TYPE_CHECKING:
    from weaklink.report.formats import Format
    from weaklink.study.lens import Asked, Lens

SEED = click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the draws."
)


def asked(command: options.Command) -> options.Command:
    """Give a command a scenario and for whom, through which lens, on which data it is asked."""
    for option in reversed(
        (
            click.argument("scenario"),
            click.option(
                "--lens",
                default="",
                help="Through which model, such as goods. [default: network for a scenario on one, else goods]",
            ),
            click.option("--importer", default="", help="For whom, in place of the scenario's `who`."),
            click.option(
                "--year", type=int, default=None, help="Year of the trade data. [default: the last]"
            ),
            click.option("--data", default="", help="Trade data set to ask. [default: the embedded extract]"),
            options.STORE,
        )
    ):
        command = option(command)
    return command


def _question(scenario: str, lens: str, question: dict[str, Any]) -> tuple[Asked, Lens]:
    """What is asked, and the lens that is to answer."""
    from weaklink.scenario.library import chosen
    from weaklink.study.losses import asked_for, lens_of

    found = chosen(scenario)
    return asked_for(found, **question), lens_of(lens or _usual(found.network))


def _usual(network: str) -> str:
    return "network" if network else "goods"


@click.command(name="hangs-on")
@asked
@click.option(
    "--draws",
    type=click.IntRange(min=0),
    default=512,
    show_default=True,
    help="Draws for shares of variance, for each figure; 0: only the ends.",
)
@SEED
@options.TOP
@options.table
@click.option("--picture", type=options.FILE, help="Also draw the bars to this file: .svg or .png.")
def hangs_on(  # noqa: PLR0917 - one for each option
    scenario: str,
    lens: str,
    importer: str,
    year: int | None,
    data: str,
    store: Path | None,
    draws: int,
    seed: int,
    top: int,
    format_: Format,
    output: Path | None,
    picture: Path | None,
) -> None:
    """What does the loss of a scenario hang on? One row per figure with a range, the most important first.

    Each figure from end to end, all others at their likely figure; and the share of the variance of the loss that it
    explains. SCENARIO is a name of `weaklink scenarios`, or a file.
    """
    from weaklink.study import sensitivity

    if picture is not None and picture.suffix not in {".svg", ".png"}:
        raise RequestError(f"--picture {picture} must end in .svg or .png.")
    question = {"importer": importer, "year": year, "data": data, "store": store}
    it, chosen = _question(scenario, lens, question)
    with progress("Moving every figure") as advance:
        answer = sensitivity.hangs_on(it, chosen(it), draws, seed, advance)
    if picture is not None:
        from weaklink.files import write_bytes
        from weaklink.study.sensitivity_picture import drawn

        write_bytes(picture, drawn(answer, picture.suffix))
        click.echo(f"Picture: {picture}", err=True)
    show(first_rows(answer.result, top), format_, output)


@click.command()
@asked
@click.option(
    "--draws", type=click.IntRange(min=1), default=1000, show_default=True, help="Draws of all ranges."
)
@SEED
@click.option(
    "--first", type=click.IntRange(min=1), default=5, show_default=True, help="Among how many to be on top."
)
@options.TOP
@options.table
def ranks(  # noqa: PLR0917 - one for each option
    scenario: str,
    lens: str,
    importer: str,
    year: int | None,
    data: str,
    store: Path | None,
    draws: int,
    seed: int,
    first: int,
    top: int,
    format_: Format,
    output: Path | None,
) -> None:
    """Who loses most, and does that order hold? One row per member: its place, and how sure it is over draws.

    SCENARIO is a name of `weaklink scenarios`, or a file.
    """
    from weaklink.study.order_of_losses import order_of_losses

    question = {"importer": importer, "year": year, "data": data, "store": store}
    it, chosen = _question(scenario, lens, question)
    with progress("Drawing") as advance:
        answer = order_of_losses(it, chosen(it), draws, seed, first=first, progress=advance)
    show(first_rows(answer, top), format_, output)


@click.command()
@asked
@click.option(
    "--by",
    type=click.Choice(["supplier", "product", "shock", "channel"]),
    default="supplier",
    show_default=True,
    help="What the loss is split by; a channel is a part of the lens, such as stocks.",
)
@click.option("--members", is_flag=True, help="Also split the loss of every member.")
@SEED
@click.option("--sort", default="", help="Order by a column. [default: the largest part first]")
@options.TOP
@options.table
def attribute(  # noqa: PLR0917 - one for each option
    scenario: str,
    lens: str,
    importer: str,
    year: int | None,
    data: str,
    store: Path | None,
    by: Any,  # noqa: ANN401 - one of the choices
    members: bool,
    seed: int,
    sort: str,
    top: int,
    format_: Format,
    output: Path | None,
) -> None:
    """Whose part of a loss is whose? Shapley values by supplier, product, shock or channel; they add up to the loss.

    SCENARIO is a name of `weaklink scenarios`, or a file.
    """
    from weaklink.study.attribution import attributed
    from weaklink.study.channels import by_channel

    question = {"importer": importer, "year": year, "data": data, "store": store}
    it, chosen = _question(scenario, lens, question)
    if by == "channel":
        answer = by_channel(it, chosen(it), members=members)
    else:
        answer = attributed(it, chosen, by, seed, members=members)
    show(first_rows(ordered(answer, sort), top), format_, output)


@click.command()
@asked
@click.option("--with", "joining", default="", help="Who would join, to ask with and without: FIN + SWE.")
@SEED
@click.option("--sort", default="", help="Order by a column. [default: those who gain most first]")
@options.TOP
@options.table
def solidarity(  # noqa: PLR0917 - one for each option
    scenario: str,
    lens: str,
    importer: str,
    year: int | None,
    data: str,
    store: Path | None,
    joining: str,
    seed: int,
    sort: str,
    top: int,
    format_: Format,
    output: Path | None,
) -> None:
    """What is acting together worth? One row per member: its loss alone and together, and what it contributes.

    In the lens network members' pipes to each other are open or closed, in the lens goods stocks are pooled or kept.
    SCENARIO is a name of `weaklink scenarios`, or a file.
    """
    from weaklink.scenario.library import chosen
    from weaklink.study.losses import asked_for
    from weaklink.study.solidarity import solidarity as found_for
    from weaklink.study.solidarity_goods import goods_game
    from weaklink.study.solidarity_network import network_game

    found = chosen(scenario)
    through = lens or _usual(found.network)
    if through == "network":
        game = network_game(scenario, importer, joining)
    elif through == "goods":
        game = goods_game(asked_for(found, importer, year=year, data=data, store=store), joining)
    else:
        raise RequestError(f"--lens {through}: members can act together in the lenses network and goods.")
    with progress("Asking coalitions") as advance:
        answer = found_for(game, seed, advance)
    show(first_rows(ordered(answer, sort), top), format_, output)


@click.command(name="back-tests")
@click.argument("test", default="")
@click.option(
    "--draws", type=click.IntRange(min=2), default=200, show_default=True, help="Draws for the bands."
)
@SEED
@click.option("--sort", default="", help="Order by a column. [default: by test]")
@options.TOP
@options.table
def back_tests(
    test: str, draws: int, seed: int, sort: str, top: int, format_: Format, output: Path | None
) -> None:
    """What would the models have said on the day before, and what happened? One row per figure of the past.

    TEST is the name of one of them; without, all are shown.
    """
    from weaklink.study.back_tests import back_tests as found_for

    answer = found_for(test, draws, seed)
    show(first_rows(ordered(answer, sort), top), format_, output)


COMMANDS = (hangs_on, ranks, attribute, solidarity, back_tests)
