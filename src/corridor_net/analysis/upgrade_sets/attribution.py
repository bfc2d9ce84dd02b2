"""The joint effect of n upgrades, split: Shapley values, pair interactions, alone and last, by country. No printing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.compare import Comparison
from corridor_net.errors import BadValue
from corridor_net.network import Network
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result
from corridor_net.results import measure as shown
from corridor_net.rounding import fitted

from .change_sets import relevant_upgrades
from .shapley import interactions, shapley
from .subsets import UpgradeSubsets
from .telling import Finding
from .upgrades import build, by_country, study_subsets
from .value_function import UNITS, ValueFunction

EXACT_TO = 20
"""Upgrades up to which all subsets are valued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one upgrade brings: its Shapley value, its effect alone, and its effect when it comes last.

    Positive is better: less cost, fewer hours, less CO2, more access. `error` is the standard error of a
    sampled Shapley value, 0 when exact.
    """

    name: str
    title: str
    shapley: float = shown(digits=6)
    error: float = shown(digits=6, name="standard_error")
    alone: float = shown(digits=6)
    last: float = shown(digits=6)


@dataclass(frozen=True, slots=True)
class Interaction(Result):
    """Two upgrades: above 0 each makes the other more worth (complements), below 0 less (substitutes)."""

    one: str
    other: str
    index: float

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {"upgrades": [self.one, self.other], "index": round(self.index, 6)}


@dataclass(frozen=True, kw_only=True)
class Attribution(Result):
    """The joint effect and its split; `shares` in the order of the upgrades, `interactions` largest first.

    `before` and `after` are the measure without and with all upgrades; `joint` the gain. `countries` split the
    same joint effect by the countries of the rows that change. `permutations` is 0 when exact. `left_out` are
    origins without a route in some subset. `values` is the number of subsets valued.
    """

    QUESTION: ClassVar[str] = "attribution"
    ROWS: ClassVar[str] = "shares"

    measure: str
    unit: str
    weights: str
    as_of: str
    origins: tuple[str, ...]
    left_out: tuple[str, ...]
    destinations: tuple[str, ...]
    before: float = shown(digits=6)
    after: float = shown(digits=6)
    joint: float = shown(digits=6)
    shares: tuple[Share, ...] = shown(name="upgrades")
    interactions: tuple[Interaction, ...]
    countries: tuple[Share, ...]
    method: str
    permutations: int
    seed: int | None
    values: int = shown(hidden=True)
    network: Network = shown(hidden=True)


def attribution(
    subsets: UpgradeSubsets,
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    measure: str = "generalised",
    weights: str = "equal",
    permutations: int = 400,
    seed: int = 0,
    countries: bool = True,
) -> Attribution:
    """Split the joint effect of the upgrades of `subsets` on average over origins (and destinations) of a measure.

    Exact by all subsets up to 20 upgrades that can matter; above, by `permutations` random orders in
    antithetic pairs, with standard errors and without interactions. `money`, `hours` and `co2` are those of
    the route that is best by what the router minimises.

    Raises
    ------
    UnknownName
        An unknown measure or weighing.
    BadValue
        No origins, no destinations, fewer than two permutations.
    ScenarioError
        Upgrades that conflict: they have no joint effect.
    NoRoute
        No origin reaches the destinations in every subset.

    Examples
    --------
    >>> import corridor_net as cn
    >>> from corridor_net.analysis.router import Router
    >>> from corridor_net.costing import impedance
    >>> router = Router(impedance(cn.load(as_of="2019-07-01").network))
    >>> upgrades = [cn.load_scenario("primorye-1"), cn.load_scenario("vladivostok-liner")]
    >>> found = attribution(build(router, upgrades), ["suifenhe"], ["niigata"])
    >>> round(found.joint), [round(share.shapley) for share in found.shares]
    (1379, [379, 999])
    """
    if permutations < 2:
        raise BadValue(f"{permutations} permutations", hint="two at least: they come in antithetic pairs")
    subsets.rules.refuse_conflicts(subsets.upgrades)
    value_function = ValueFunction(subsets, origins, destinations, measure, weights)
    n = len(subsets.upgrades)
    matters = relevant_upgrades(subsets, origins, destinations)
    exact = len(matters) <= EXACT_TO
    if exact:
        phi, interaction = _exact(value_function, matters, n)
        error = np.zeros(n)
    else:
        phi, error = _sampled(value_function, matters, n, permutations, seed)
        interaction = np.zeros((n, n))
    singles = [1 << i for i in range(n)]
    alone = value_function.gains(singles)
    last = value_function.gains([subsets.full])[0] - value_function.gains([subsets.full & ~m for m in singles])
    before, after = value_function.means([0, subsets.full])
    joint = float(value_function.gains([subsets.full])[0])
    pairs = [
        Interaction(subsets.upgrades[i].name, subsets.upgrades[j].name, float(interaction[i, j]))
        for i, j in itertools.combinations(range(n), 2)
        if abs(interaction[i, j]) > 1e-9 * max(1.0, abs(joint))
    ]
    return Attribution(
        measure=measure,
        unit=UNITS[measure] or subsets.router.network.market_unit,
        weights=weights,
        as_of=str(subsets.router.network.day),
        origins=value_function.counted,
        left_out=tuple(origin for origin in value_function.origins if origin not in value_function.counted),
        destinations=tuple(destinations),
        before=float(before),
        after=float(after),
        joint=joint,
        shares=tuple(
            Share(name=u.name, title=u.title, shapley=float(p), error=float(e), alone=float(a), last=float(z))
            for u, p, e, a, z in zip(subsets.upgrades, phi, error, alone, last, strict=True)
        ),
        interactions=tuple(sorted(pairs, key=lambda pair: (-abs(pair.index), pair.one, pair.other))),
        countries=_by_country(subsets, origins, destinations, measure, weights) if countries else (),
        method="exact" if exact else "sampled",
        permutations=0 if exact else permutations + permutations % 2,
        seed=None if exact else seed,
        values=len(value_function.known),
        network=subsets.router.network,
    )


def _exact(
    value_function: ValueFunction, players: Sequence[int], n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Shapley values and interactions of all n; only the players that can matter are varied."""
    masks = [
        sum(1 << players[bit] for bit in range(len(players)) if number >> bit & 1)
        for number in range(1 << len(players))
    ]
    values = value_function.gains(masks)
    phi, interaction = np.zeros(n), np.zeros((n, n))
    if players:
        phi[list(players)] = shapley(values)
        interaction[np.ix_(players, players)] = interactions(values)
    return phi, interaction


def _sampled(
    value_function: ValueFunction, players: Sequence[int], n: int, permutations: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return estimates and standard errors: means over antithetic pairs, an order and its reverse."""
    draw = np.random.Generator(np.random.PCG64(seed))
    orders = []
    for _ in range((permutations + 1) // 2):
        order = [players[k] for k in draw.permutation(len(players)).tolist()]
        orders += [order, order[::-1]]
    masks = [list(itertools.accumulate((1 << i for i in order), initial=0)) for order in orders]
    flat = value_function.gains([mask for chain in masks for mask in chain]).reshape(len(orders), len(players) + 1)
    marginal = np.zeros((len(orders), n))
    for row, (order, gains) in enumerate(zip(orders, flat, strict=True)):
        marginal[row, order] = np.diff(gains)
    means = marginal.reshape(-1, 2, n).mean(axis=1)
    error = means.std(axis=0, ddof=1) / len(means) ** 0.5 if len(means) > 1 else np.full(n, np.inf)
    return means.mean(axis=0), error


def _by_country(
    subsets: UpgradeSubsets, origins: Sequence[str], destinations: Sequence[str], measure: str, weights: str
) -> tuple[Share, ...]:
    """Split the same joint effect among blocks of changes, one block a country (Shapley among blocks)."""
    sequence = list(dict.fromkeys((step[1], step[2]) for u in subsets.upgrades for step in u.steps))
    blocks = by_country(subsets.router.network, subsets.upgrades)
    if not blocks or len(blocks) > EXACT_TO:
        return ()
    parts = build(subsets.router, blocks, lenient=True, sequence=sequence)
    return attribution(parts, origins, destinations, measure=measure, weights=weights, countries=False).shares


def attribution_summary(comparison: Comparison, *, subsets: UpgradeSubsets | None = None) -> Finding:
    """Return the split of the joint gain of a study's upgrades at its focus, mean over origins, each counted as one.

    `subsets` is that of `study_subsets`, when it is there already. Raises as `attribution` does.
    """
    subsets = subsets or study_subsets(comparison)
    found = attribution(subsets, comparison.origins, [comparison.focus], countries=False)
    return Finding(
        title=say("The joint gain, split"), lines=tuple(sentences(found)), data=found.to_dict(), result=found
    )


WHAT = {"generalised": " of generalised cost", "money": "", "hours": "", "co2": " CO2e"}


def sentences(found: Attribution) -> list[Sentence]:
    """Return the split in words: the joint gain, the largest shares, what does nothing, the strongest pairs."""
    goals = found.destinations
    where: Sentence = say("{goals:both}", goals=goals)
    if len(goals) > 3:
        where = say("{count:n0|market|markets}", count=len(goals))
    told = (
        "Together {count:n0|upgrade|upgrades} {gain} {amount}{what:label}{per_box:label} to {goals}; each alone, "
        "they add up to "
        "{alone}."
    )
    lines = [
        say(
            told,
            count=len(found.shares),
            gain=say("gain") if found.joint >= 0 else say("lose"),
            amount=amount(abs(found.joint), found),
            what=WHAT.get(found.measure, " of market access"),
            per_box="" if found.measure == "market_access" else " a box",
            goals=where,
            alone=amount(sum(s.alone for s in found.shares), found),
        )
    ]
    ranked = sorted(found.shares, key=lambda s: -abs(s.shapley))
    top = [s for s in ranked if abs(s.shapley) > 5e-3 * max(abs(found.joint), 1e-12)]
    if top:
        lines.append(say("By Shapley value: {shown:list}.", shown=tuple(_shares_told(found, ranked, top))))
    idle = [s.name for s in ranked if s not in top]
    if idle:
        lines.append(say("Next to nothing, alone or together: {names:list}.", names=idle))
    strong = [i for i in found.interactions if abs(i.index) > 0.05 * abs(found.joint)]
    for sign, told in (
        (-1, "Substitutes, each worth less with the other: {pairs:list}."),
        (1, "Complements, each worth more with the other: {pairs:list}."),
    ):
        pairs = [
            say("{one:label} + {other:label} ({amount})", one=i.one, other=i.other, amount=amount(i.index, found))
            for i in strong
            if i.index * sign > 0
        ][:2]
        if pairs:
            lines.append(say(told, pairs=tuple(pairs)))
    return lines


def _shares_told(found: Attribution, ranked: list[Share], top: list[Share]) -> Iterator[Sentence]:
    """Say the largest shares, with their part of the joint gain where all are of one sign."""
    values = [s.shapley for s in ranked]
    if found.measure != "market_access":
        values = fitted(values, 0, found.joint)
    one_sided = all(s.shapley * found.joint > 0 for s in top)
    parts = fitted([100 * s.shapley / found.joint for s in ranked]) if one_sided else []
    for n, share in enumerate(top[:4]):
        told = {"name": share.name, "amount": amount(values[n], found)}
        if one_sided:
            yield say("{name:label} {amount} ({part:p0})", **told, part=parts[n] / 100)
        else:
            yield say("{name:label} {amount}", **told)


def amount(value: float, found: Attribution) -> Sentence:
    """Return a value with its unit, as the measure is shown."""
    if found.measure == "market_access":
        return say("{value:g3} {unit:label}", value=value, unit=found.unit)
    if found.unit == "USD":
        return say("{value:m0} USD", value=value)
    return say("{value:n0} {unit:label}", value=value, unit=found.unit)
