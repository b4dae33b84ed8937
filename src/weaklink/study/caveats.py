"""What must be said with the figures? Sentences that follow from the question and the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from weaklink.blocs.expression import Bloc
from weaklink.blocs.regimes import regime, years
from weaklink.codes.countries import name
from weaklink.study.gaps import known_gaps
from weaklink.study.setting import Setting

MOST_NAMED = 8


def of_setting(setting: Setting) -> Iterator[str]:
    """Caveats that hold for every answer to a question: its blocs, its data."""
    question = setting.question
    for role, bloc in (("importer", setting.importer), ("supplier group", setting.group)):
        if bloc.undated:
            yield (
                f"The {role} {bloc.expression} has no date: each year is taken as of 31 December "
                f"({bloc.canonical} for {question.year})."
            )
        yield from bloc.notes
    inside = sorted(set(setting.importer.countries) & set(setting.group.countries))
    if inside:
        yield (
            f"{_named(inside)} belong to the importer and to the supplier group: trade between members is "
            "netted out and does not count as dependence."
        )
    yield from _silent_members(setting)
    yield from of_data(setting)


def of_data(setting: Setting) -> Iterator[str]:
    """Caveats of the data themselves: flows that they are known to lack, and areas that are not simply countries."""
    yield from _known_gaps(setting)
    yield from (caveat for one in setting.data.snapshots for caveat in one.card.caveats)
    yield from setting.data.areas(setting.question.year)


def of_screen(
    setting: Setting, supplied: Mapping[str, int], records: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    """Caveats of one year's figures; `supplied` is what is bought of each country, in the measure."""
    return tuple(dict.fromkeys((*of_setting(setting), *_of_figures(setting, supplied, records))))


def _of_figures(
    setting: Setting, supplied: Mapping[str, int], records: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    floor = setting.question.coverage_floor
    traded = {row["product"] for row in records}
    if untraded := [code for code in setting.products if code not in traded]:
        yield f"Nobody traded these in {setting.question.year}, say the data, so they have no row: {_listed(untraded)}."
    if nothing := [row["product"] for row in records if row["imports_usd"] == 0]:
        yield f"No imports from outside, so no shares: {_listed(nothing)}."
    if none_sold := [row["product"] for row in records if row["exports_usd"] == 0 and row["imports_usd"] > 0]:
        yield (
            f"No exports, so imports over exports is not defined and left empty: {_listed(none_sold)}. "
            "CEPII GeoDep writes 9999 there; a test 'imports over exports above 1' counts as met."
        )
    if thin := [row["product"] for row in records if row["coverage"] < floor]:
        yield f"Coverage below {floor:.0%}, so no figures: {_listed(thin)}."
    partly = [row["product"] for row in records if floor <= row["coverage"] < 1]
    if partly and setting.question.by == "quantity":
        yield (
            f"Flows without a quantity are left out of the shares of {_listed(partly)}; "
            "coverage says how much."
        )
    yield from _unclassed(setting, supplied)
    dated = [bloc.canonical for bloc in (setting.importer, setting.group) if not bloc.undated]
    if dated:
        yield f"The change over five years keeps the countries of {' and '.join(dated)} in both years."


def _known_gaps(setting: Setting) -> Iterator[str]:
    """What is said of flows that the data lack although another statistic is known to have them."""
    year = setting.question.year
    for gap in known_gaps(setting):
        yield (
            f"{setting.data.label(gap.product)} ({gap.product}): these data record nothing from "
            f"{name(gap.supplier)} to {_named(sorted(gap.importers))} in {year}. Customs keep that partner "
            f"confidential; Eurostat's energy statistics count {gap.gwh / 1000:,.0f} TWh in 2020 alone. The "
            f"share of {name(gap.supplier)} shown here is therefore far too low."
        )


def _silent_members(setting: Setting) -> Iterator[str]:
    """Members that the data do not know in the year asked: Luxembourg before 1999, Kosovo."""
    year = setting.question.year
    if absent := [code for code in setting.importer.countries if code not in setting.traders]:
        yield f"The data of {year} have no flows of {_named(absent)}, so the importer's figures lack them."


def _unclassed(setting: Setting, supplied: Mapping[str, int]) -> Iterator[str]:
    """How much comes from suppliers without a regime class, where the group is one of regimes."""
    year = setting.question.year
    if not _is_of_regimes(setting.group) or year not in years():
        return
    if codes := sorted(code for code, amount in supplied.items() if amount and regime(code, year) is None):
        share = sum(supplied[code] for code in codes) / sum(supplied.values())
        yield (
            f"Regimes of the World has no class for {_named(codes)}; they count as outside the supplier "
            f"group. They supply {share:.2%} of all imports shown."
        )


def _is_of_regimes(bloc: Bloc) -> bool:
    return any(word in bloc.canonical for word in ("authoritarian", "democratic", "autocracy", "democracy"))


def _named(codes: Sequence[str]) -> str:
    shown = [name(code) for code in codes[:MOST_NAMED]]
    more = len(codes) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _listed(codes: Sequence[str]) -> str:
    more = len(codes) - MOST_NAMED
    return ", ".join(codes[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
