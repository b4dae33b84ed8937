"""How large should a stock be, and who helps whom? `weaklink stocks` and `weaklink mutual-aid`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from weaklink.cli import options
from weaklink.cli.output import first_rows, show
from weaklink.errors import RequestError

if TYPE_CHECKING:
    from weaklink.report.formats import Format

INTEREST = click.option(
    "--interest",
    type=float,
    default=0.05,
    show_default=True,
    help="Yearly rate on the value. Our own choice.",
)


@click.group()
def stocks() -> None:
    """How large should a stock be: by rule, by what it saves, or by what a scenario needs?"""


@stocks.command()
@click.option("--year", type=int, required=True, help="Year of the 1 November, 2022 to 2025.")
@click.option("--volume", type=float, required=True, help="Working volume of the state's stores.")
@click.option("--consumption", type=float, required=True, help="Mean yearly consumption of five years.")
@click.option("--held", type=float, default=None, help="What is in store.")
@options.table
def gas(
    year: int, volume: float, consumption: float, held: float | None, format_: Format, output: Path | None
) -> None:
    """What gas must a member of the EU have in store on 1 November? All figures in one unit, such as TWh."""
    from weaklink.study.stocks import gas as answer

    show(answer(year, volume, consumption, held), format_, output)


@stocks.command()
@click.option(
    "--crude-imports", type=float, required=True, help="Net imports of crude, thousand tonnes a year."
)
@click.option("--product-imports", type=float, required=True, help="Net imports of products, the same.")
@click.option("--crude-stocks", type=float, required=True, help="Stocks of crude, thousand tonnes.")
@click.option("--product-stocks", type=float, required=True, help="Stocks of products, the same.")
@options.table
def oil(
    crude_imports: float,
    product_imports: float,
    crude_stocks: float,
    product_stocks: float,
    format_: Format,
    output: Path | None,
) -> None:
    """For how many days do oil stocks replace net imports, by the method of the IEA? At least 90 are asked."""
    from weaklink.study.stocks import oil_rule

    show(oil_rule(crude_imports, product_imports, crude_stocks, product_stocks), format_, output)


@stocks.command()
@click.option("--use", type=float, required=True, help="What is used a day, and fails.")
@click.option("--yearly", type=float, required=True, help="How often supply fails in a year, in the mean.")
@click.option(
    "--days", required=True, help="How long: the mean of exponential lengths, or lengths seen, as 10,40,90."
)
@click.option("--unit-loss", type=float, required=True, help="What a missing unit loses.")
@click.option("--price", type=float, required=True, help="Price of a unit.")
@INTEREST
@click.option("--storage", type=float, default=0.0, show_default=True, help="Storage of a unit and year.")
@click.option(
    "--shelf-life", type=float, default=math.inf, help="Years until it must be renewed. [default: none]"
)
@click.option(
    "--scrap",
    type=float,
    default=0.0,
    show_default=True,
    help="Share of price that what is renewed sells for.",
)
@options.table
def level(  # noqa: PLR0917 - one for each option
    use: float,
    yearly: float,
    days: str,
    unit_loss: float,
    price: float,
    interest: float,
    storage: float,
    shelf_life: float,
    scrap: float,
    format_: Format,
    output: Path | None,
) -> None:
    """Which stock is worth its keeping where supply fails at random? In your own units and money."""
    from weaklink.mitigation.stocks import Terms
    from weaklink.study.stocks import Risk
    from weaklink.study.stocks import level as answer

    try:
        lengths = tuple(float(one) for one in days.split(","))
    except ValueError:
        raise RequestError(f"--days is {days!r}; write a number, or several as 10,40,90.") from None
    terms = Terms(interest, storage, shelf_life=shelf_life, scrap=scrap)
    show(answer(Risk(yearly, lengths, use, unit_loss), price, terms), format_, output)


@stocks.command()
@click.argument("scenario")
@click.option("--importer", default="", help="For whom. [default: as the scenario says]")
@click.option("--enough", type=float, default=0.95, show_default=True, help="Chance with which it is enough.")
@click.option(
    "--draws", type=click.IntRange(min=1), default=200, show_default=True, help="Draws of the ranges."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the draws.")
@INTEREST
@click.option(
    "--storage",
    type=float,
    default=0.02,
    show_default=True,
    help="Storage a year, share of value. Own choice.",
)
@click.option(
    "--chance", type=float, default=None, help="Chance of the scenario in a year, for what is worth it."
)
@click.option("--unit-loss", type=float, default=None, help="What a dollar's worth that is missing loses.")
@options.TOP
@options.table
def scenario(  # noqa: PLR0917 - one for each option
    scenario: str,
    importer: str,
    enough: float,
    draws: int,
    seed: int,
    interest: float,
    storage: float,
    chance: float | None,
    unit_loss: float | None,
    top: int,
    format_: Format,
    output: Path | None,
) -> None:
    """Which stocks are enough in a scenario on goods, each member's for itself and pooled? One row per product."""
    from weaklink.mitigation.stocks import Terms
    from weaklink.scenario.library import chosen
    from weaklink.study.losses import asked_for
    from weaklink.study.stocks import needs

    answer = needs(
        asked_for(chosen(scenario), importer),
        Terms(interest, storage),
        enough=enough,
        draws=draws,
        seed=seed,
        chance=chance,
        unit_loss=unit_loss,
    )
    show(first_rows(answer, top), format_, output)


@click.command(name="mutual-aid")
@click.option(
    "--stocks", "sheet", type=options.FILE, help="A sheet of what members have and need, and their floors."
)
@click.option(
    "--links", type=options.FILE, help="A sheet of who can reach whom: from, to, most. [default: all]"
)
@click.option("--scenario", default="", help="Instead of a sheet: a scenario on goods.")
@click.option("--product", default="", help="With --scenario: the product.")
@click.option("--importer", default="", help="With --scenario: for whom. [default: as it says]")
@click.option(
    "--floor-days", type=float, default=0.0, show_default=True, help="With --scenario: days that all keep."
)
@click.option(
    "--show",
    "shown",
    type=click.Choice(["members", "gifts"]),
    default="members",
    show_default=True,
    help="Which rows.",
)
@options.table
def mutual_aid(  # noqa: PLR0917 - one for each option
    sheet: Path | None,
    links: Path | None,
    scenario: str,
    product: str,
    importer: str,
    floor_days: float,
    shown: str,
    format_: Format,
    output: Path | None,
) -> None:
    """Who helps whom so that the worst off lack as little as can be, and nobody gives below its floor?"""
    from weaklink.scenario.library import chosen
    from weaklink.study.losses import asked_for
    from weaklink.study.mutual_aid import from_sheets, in_scenario

    if (sheet is None) == (not scenario):
        raise RequestError("Give --stocks FILE, or --scenario NAME with --product CODE.")
    if sheet is not None:
        answer = from_sheets(sheet, links)
    elif not product:
        raise RequestError("--scenario needs --product CODE: one product at a time is shared.")
    else:
        answer = in_scenario(asked_for(chosen(scenario), importer), product, floor_days)
    show(answer.flows if shown == "gifts" else answer.members, format_, output)


COMMANDS = (stocks, mutual_aid)
