"""Portfolios under futures: which futures are meant, the sets under each, and their tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

from corridor_net.errors import BadValue
from corridor_net.questions.asked.values import number_in
from corridor_net.render.page import Column, Table, divided, keyed, numbers, table_of
from corridor_net.render.words import Sentence, say

if TYPE_CHECKING:
    from corridor_net.analysis.upgrade_sets.futures import Futures, UnderFutures
    from corridor_net.analysis.upgrade_sets.subsets import UpgradeSubsets
    from corridor_net.model import Model

AS_IT_IS = "as-it-is"
"""The future in which nothing else comes."""
SHOWN = 10
TOLD = {"expected": "Largest expected gain", "worst": "Best in the worst cases", "regret": "Least regret"}


def futures_of(texts: Sequence[str]) -> dict[str, float]:
    """Return the weight of each future that is named as NAME or NAME=WEIGHT.

    Those without a weight share evenly what is left of 1. `as-it-is` gets what no other takes, where it is not named.
    Raises BadValue for a weight that is none, a name twice, and weights of more than 1 where some have none.
    """
    given: dict[str, float | None] = {}
    for text in texts:
        name, separator, figure = text.rpartition("=") if "=" in text else (text, "", "")
        name = name.strip()
        if not name or name in given:
            raise BadValue(f"the future '{text}' {'stands twice' if name else 'has no name'}", hint=HOW)
        given[name] = _weight(text, figure) if separator else None
    known = fsum(weight for weight in given.values() if weight is not None)
    open_ones = [name for name, weight in given.items() if weight is None]
    if open_ones and AS_IT_IS not in given:
        open_ones.append(AS_IT_IS)
    if open_ones and not known < 1:
        raise BadValue(f"the weights come to {known:g} and leave nothing for {', '.join(open_ones)}", hint=HOW)
    made = {name: (1 - known) / len(open_ones) if weight is None else weight for name, weight in given.items()}
    if AS_IT_IS not in made and (open_ones or known < 1):
        made[AS_IT_IS] = (1 - known) / len(open_ones) if open_ones else 1 - known
    return made


HOW = "write a future and its weight as --future NAME=0.3"


def _weight(text: str, figure: str) -> float:
    weight = number_in(figure)
    if not 0 <= weight < float("inf"):
        raise BadValue(f"the weight of '{text}' is not 0 or more", hint=HOW)
    return weight


def subsets_of_futures(
    model: Model, names: Sequence[str], build: Callable[[Model], UpgradeSubsets]
) -> dict[str, UpgradeSubsets]:
    """Return the subsets of the upgrades on the network of each future; all in USD of one price year.

    A future is a scenario, a day, or `as-it-is`. `build` makes the subsets on the network of a model.
    """
    from corridor_net.network import parse_day
    from corridor_net.network.files.fields import DAY
    from corridor_net.scenario import load_scenario

    plain = build(model)
    base, found = plain.router.network, {}
    dated = model.with_options(price_year=plain.router.impedance.prices.year)
    for name in names:
        if name == AS_IT_IS:
            found[name] = plain
        elif DAY.fullmatch(name):
            found[name] = build(replace(dated, day=parse_day(name)))
        else:
            scenario = load_scenario(name)
            if twice := {upgrade.name for upgrade in plain.upgrades} & {*scenario.lineage}:
                told = f"'{min(twice)}' may be bought, and stands in the future '{name}' too"
                raise BadValue(told, hint="name the upgrades that may be bought, without it")
            changed = scenario.apply(base)
            found[name] = build(replace(dated, base=changed, day=changed.day))
    return found


def futures_view(found: Futures | None) -> list[Sentence | Table]:
    """Show the best set by each rule, then the sets under every future."""
    if found is None:
        return []
    told = tuple(say("{future:label} {share:p0}", future=name, share=weight) for name, weight in found.weights.items())
    best = [_best(found, rule, words) for rule, words in TOLD.items()]
    return [say("Futures and their weights: {told:list}.", told=told), *best, _sets(found)]


def _best(found: Futures, rule: str, words: str) -> Sentence:
    best = found.best(rule)
    return say(
        "{words:label}: {what}; {expected:m2} USD a box expected, {worst:m2} in the worst {share:p0}, regret at most "
        "{regret:m2}.",
        best,
        words=words,
        what=_set(best),
        share=found.worst_share,
    )


def _set(one: UnderFutures) -> Sentence:
    return together(one.choice.upgrades)


def together(upgrades: Sequence[str]) -> Sentence:
    """Return upgrades that are bought together, by name."""
    return say("{names:list}", names=upgrades) if upgrades else say("nothing")


def _sets(found: Futures) -> Table:
    shown = [one for number, one in enumerate(found.sets) if number < SHOWN or one.best_by]
    return table_of(
        shown,
        Column(heading="upgrades", most=60, of=_set),
        *numbers("million USD", of=divided("choice.cost_usd", 1e6), digits=1),
        *numbers("expected", "worst", "regret", of=("expected", "worst", "regret"), digits=2, money=True),
        *numbers(*found.weights, of=[keyed("gains", name) for name in found.weights], digits=2, rank=1, money=True),
        Column(heading="best by", kind="label", of=lambda one: say("{rules:list}", rules=one.best_by)),
        title=say("Sets under every future, gain in USD a box, of {n} that can be bought", n=len(found.sets)),
    )
