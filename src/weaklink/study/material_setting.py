"""What is asked of materials, and what is there to answer with? Scenario, targets, trade and catalogue as numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from weaklink.errors import RequestError
from weaklink.mitigation.materials import Loss
from weaklink.mitigation.measures import Catalogue
from weaklink.mitigation.wanted import Wanted, wanted
from weaklink.scenario.library import chosen
from weaklink.scenario.model import Scenario
from weaklink.scenario.parameters import parameters
from weaklink.study import lens
from weaklink.study.losses import asked_for
from weaklink.study.material_losses import Failing, failing
from weaklink.study.material_options import AUTHORITARIAN, Possible, possible
from weaklink.study.material_shares import EVERYBODY, Asked, ShareLimit
from weaklink.study.material_trade import Trade, most_dependent, trade
from weaklink.study.material_written import struck_by, written
from weaklink.study.question import Question
from weaklink.study.reduce import catalogue

MATTERS = 0.005  # share of a product's imports from which a supplier may fail
ON_SHARES = ("share", "each")


@dataclass(frozen=True, slots=True)
class MaterialWish:
    """What is asked of `reduced`. `targets`, `costs`, `budget`, `draws`, `seed`, `points` as in `reduce.Wish`.

    `importer` stands for the scenario's `who`, `product` lists codes or headings; or `dependent` asks for so many
    products of minerals of which the supplier group has the largest share. `limits` are further limits on shares, as
    of red lines.
    """

    scenario: str
    measures: str
    targets: tuple[str, ...]
    costs: Mapping[str, float] = field(default_factory=dict)
    budget: float = np.inf
    draws: int = 0
    seed: int = 0
    points: int = 0
    importer: str = ""
    product: str = ""
    dependent: int = 0
    year: int | None = None
    data: str = ""
    store: Path | None = None
    limits: tuple[ShareLimit, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """A wish as numbers; `written` are the courses of the scenario as its file has it, one for each draw."""

    wish: MaterialWish
    asked: lens.Asked
    targets: tuple[Wanted, ...]
    what: Asked
    trade: Trade
    catalogue: Catalogue
    possible: Possible
    failing: Failing
    written: tuple[Loss, ...]

    @property
    def loss_targets(self) -> tuple[Wanted, ...]:
        """Targets on what is missing in the scenario as its file has it."""
        return tuple(one for one in self.targets if one.subject == "unserved")

    @property
    def use(self) -> float:
        """What is used of all the materials over the days of the scenario, in million dollars."""
        year = sum(self.failing.use(product) for product in range(len(self.trade.codes)))
        return year * self.asked.scenario.days / 365

    @property
    def supplier_target(self) -> Wanted | None:
        """The target on the loss of suppliers, if there is one."""
        return next((one for one in self.targets if one.subject == "supplier"), None)


def asks_of_materials(scenario: str, targets: Sequence[str]) -> bool:
    """Whether targets or scenario speak of materials, not of a network."""
    subjects = {wanted(text).subject for text in targets}
    return bool(subjects & {"share", "each", "supplier"}) or not chosen(scenario).network


def setting(wish: MaterialWish) -> Setting:
    """Read the scenario, the trade and the catalogue. RequestError for what does not fit together."""
    scenario = chosen(wish.scenario)
    targets = tuple(wanted(text) for text in wish.targets)
    _refuse(scenario, targets, wish.limits)
    asked = asked_for(scenario, wish.importer, year=wish.year, data=wish.data, store=wish.store)
    limits = (*(ShareLimit.of(one) for one in targets if one.subject in ON_SHARES), *wish.limits)
    largest = max((one.count for one in targets if one.subject == "supplier"), default=0)
    question = Question(
        asked.importer, asked.year, suppliers=_group(limits), data=wish.data, store=wish.store
    )
    traded = trade(replace(question, product=_codes(wish, scenario, question)))
    as_written = any(one.subject == "unserved" for one in targets)
    struck = struck_by(asked, traded) if as_written else ()
    what = Asked(limits, largest, asked.year, struck)
    listed = catalogue(wish.measures)
    can = possible(traded, what, listed, wish.costs, parameters("goods", scenario)["spare"].likely)
    fail = failing(asked, traded, can, _suppliers(traded, can), wish.draws, wish.seed)
    courses = written(asked, traded, can, wish.draws, wish.seed) if as_written else ()
    return Setting(wish, asked, targets, what, traded, listed, can, fail, courses)


def _refuse(scenario: Scenario, targets: Sequence[Wanted], limits: Sequence[ShareLimit]) -> None:
    """RequestError for what a mix of measures for materials cannot be asked."""
    if not targets and not limits:
        raise RequestError('say what must be reached: --target "largest supplier <= 5%".')
    for one in targets:
        if one.subject == "protected" or one.how == "outage":
            raise RequestError(
                f"--target {one.text!r} speaks of a network. Of materials a target speaks of `share of WHO`, "
                "`each of "
                "WHO`, `largest supplier`, or what is `unserved` in the scenario."
            )
    if sum(one.subject == "supplier" for one in targets) > 1:
        raise RequestError("Give one target on the largest supplier or suppliers; ask once for each.")
    if any(one.how == "chance" for one in targets) and any(one.subject == "supplier" for one in targets):
        raise RequestError(
            "A target `in 95%` and one on the largest supplier cannot be proven together, as a new supplier may fail "
            "too; ask once for each, or for `tail 95% unserved`."
        )
    if scenario.response.urgent:
        raise RequestError(
            f"scenario {scenario.name} serves {scenario.response.urgent} first; that is not linear in measures, so "
            "that no mix can be proven. Leave out response.urgent."
        )


def _group(limits: Sequence[ShareLimit]) -> str:
    """The supplier group of which shares are told: the first that limits name, but everybody."""
    return next((one.who for one in limits if one.who != EVERYBODY), AUTHORITARIAN)


def _codes(wish: MaterialWish, scenario: Scenario, question: Question) -> str:
    """The products that are asked about, as a list of codes."""
    if wish.product and wish.dependent:
        raise RequestError("Give --product or --most-dependent, not both.")
    if wish.product:
        return wish.product
    if wish.dependent:
        return ",".join(most_dependent(question, wish.dependent))
    named = [code for shock in scenario.in_trade() for code in shock.products if re.fullmatch(r"\d+", code)]
    if not named:
        raise RequestError(
            f"scenario {wish.scenario} strikes every product. Say which materials are meant: --product "
            "280530,811211; or "
            "--most-dependent 10 for those of which the group has the largest share."
        )
    return ",".join(dict.fromkeys(named))


def _suppliers(traded: Trade, can: Possible) -> list[str]:
    """Suppliers outside that may fail: those that matter now, and those of whom more could be bought."""
    shares = np.divide(
        traded.bought,
        traded.total[:, None],
        out=np.zeros_like(traded.bought),
        where=traded.total[:, None] > 0,
    )
    places = set(np.flatnonzero((shares > MATTERS).any(axis=0)).tolist()) | {deed.new for deed in can.deeds}
    return sorted(traded.countries[one] for one in places if one >= 0 and not traded.members[one])
