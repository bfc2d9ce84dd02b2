"""Which figures the answer of a pair depends on: Sobol indices, and what knowing each would be worth. No printing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.router import Router
from corridor_net.errors import BadValue, did_you_mean
from corridor_net.figure_keys import parts_of
from corridor_net.results import Result, measure
from corridor_net.uncertainty.factors.draws import Floats, inverse_normal
from corridor_net.uncertainty.sensitivity.choice import to_look_up
from corridor_net.uncertainty.sensitivity.gateway_model import GatewayModel, WayPrices
from corridor_net.uncertainty.sensitivity.indices import Information, intervals, sample, sobol_indices
from corridor_net.uncertainty.sensitivity.one_at_a_time import label_and_grade

ANSWERS = ("gap", "generalised", "usd", "hours")
INFORMED = 16_384
"""Plain draws: for who leads how often, and for the value of information."""
MOST_SAMPLES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """One input, or a group of inputs: shares of the variance of the answer, and what knowing it would save.

    `first` is its share alone, `total` with all its interactions, each with a 95% interval. `saves_usd` is the
    expected saving a box by knowing it before the gateway is chosen.
    """

    name: str
    what: str
    grade: str
    first: float = measure(digits=4)
    first_interval: tuple[float, float] = measure(digits=4)
    total: float = measure(digits=4)
    total_interval: tuple[float, float] = measure(digits=4)
    saves_usd: float = measure(digits=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity(Result):
    """What an answer depends on. `answer` is gap (between `leader` and `second`), generalised, usd or hours.

    `leads` is the share of `draws` in which the leader is the cheaper of the two; `knowing_all_saves_usd` what knowing
    every figure before choosing would save a box on average. In the first `searched` of the draws the whole network
    is searched (0: rival routes alone are looked at). `steps` are (samples, widest half-interval of a
    total index) on the way to the precision.
    """

    origin: str
    destination: str
    answer: str
    unit: str
    leader: str
    second: str | None
    leads: float = measure(digits=4)
    mean: float = measure(digits=2)
    deviation: float = measure(digits=2)
    knowing_all_saves_usd: float = measure(digits=2)
    draws: int
    searched: int
    samples: int
    evaluations: int
    sampler: str
    steps: tuple[tuple[int, float], ...]
    inputs: tuple[Importance, ...]

    @property
    def next_figure(self) -> Importance | None:
        """The figure to look up next."""
        return to_look_up(self.inputs, lambda one: one.total)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        shown, following = Result.to_dict(self), self.next_figure
        inputs = shown.pop("inputs")
        steps = [{"samples": n, "half_width": round(width, 4)} for n, width in self.steps]
        return {**shown, "steps": steps, "look_up_next": following.name if following else None, "inputs": inputs}


def sensitivity(  # noqa: PLR0913 (all but the pair by name)
    router: Router,
    origin: str,
    destination: str,
    *,
    answer: str = "gap",
    samples: int = 1024,
    sampler: str = "sobol",
    seed: int = 1,
    precision: float | None = None,
    grouped: bool = False,
    against: str | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> Sensitivity:
    """Return Sobol indices with bootstrap intervals, and the value of information, of a pair's figures.

    `answer` gap is the generalised cost of the runner-up gateway less that of the one that wins most often: what
    decides the choice. With `precision`, samples are doubled from `samples` until no 95% interval of a total
    index is wider than it to either side (65,536 at most). `grouped` takes figures of one kind (table and
    component) together. `against` names the gateway to set against the one that wins most often; the next best
    when not given.

    Raises
    ------
    BadValue
        Samples that are no power of two from 16 on, an unknown answer or sampler, a precision not above 0.
    NoRoute, UnknownName
        As `Router.route`.
    """
    checked(answer, samples, precision)
    best = router.route(origin, destination)
    model = GatewayModel.of(
        router,
        [(best.origin, best.destination)],
        seed=seed,
        against=against,
        told=[answer] if answer in ("usd", "hours") else [],
    )
    told = _PlainDraws.of(model, answer, seed, router.network.node(against).node_id if against else None)
    blocks = _blocks(model, grouped=grouped)
    steps: list[tuple[int, float]] = []
    n = samples
    while True:
        found = _sobol(told, blocks, n, sampler)
        width = max(((one.total_interval[1] - one.total_interval[0]) / 2 for one in found.inputs), default=0.0)
        steps.append((n, width))
        if progress:
            progress(n, width)
        if precision is None or width <= precision or n * 2 > MOST_SAMPLES:
            break
        n *= 2
    return replace(found, steps=tuple(steps))


def checked(answer: str, samples: int, precision: float | None) -> None:
    """Refuse an unknown answer, samples that are no power of two, and a precision not above 0 (BadValue)."""
    if answer not in ANSWERS:
        raise BadValue(
            f"no answer '{answer}'", hint=did_you_mean(answer, ANSWERS, otherwise=f"one of: {', '.join(ANSWERS)}")
        )
    if samples < 16 or samples > MOST_SAMPLES or samples & (samples - 1):
        raise BadValue(f"{samples} samples", hint=f"a power of two from 16 to {MOST_SAMPLES:,}")
    if precision is not None and not precision > 0:
        raise BadValue(f"a precision of {precision:g}", hint="a share above 0, for example 0.05")


def _blocks(model: GatewayModel, *, grouped: bool) -> dict[str, list[str]]:
    """Return the inputs to be moved together, by name."""
    if not grouped:
        return {name: [name] for name in model.inputs}
    blocks: dict[str, list[str]] = {}
    for name in model.inputs:
        words = parts_of(name)
        kind = name if name.startswith("group ") else f"{words[0]} {words[2]}" if len(words) > 2 else words[0]
        blocks.setdefault(kind.replace("_", " "), []).append(name)
    return blocks


@dataclass(frozen=True, eq=False, kw_only=True)
class _PlainDraws:
    """The answer asked for, and what plain draws tell: who leads, and what knowing each figure is worth."""

    model: GatewayModel
    answer: str
    seed: int
    leader: str
    second: str | None
    leads: float
    informed: Information
    scores: dict[str, Floats]

    @classmethod
    def of(cls, model: GatewayModel, answer: str, seed: int, against: str | None) -> _PlainDraws:
        """Draw plainly."""
        (pair,) = model.ensemble.pairs
        scores, names = model.plain(INFORMED), list(model.gates[pair])
        costs, (leader, second) = model.plain_costs(scores)[pair], model.two_best(scores)[pair]
        if against not in (None, leader):
            second = against
        both = [leader] if second is None else [leader, second]
        cheaper = costs[names.index(leader)] < costs[names.index(both[-1])]
        return cls(
            model=model.only(both) if answer == "gap" else model,
            answer=answer,
            seed=seed,
            leader=leader,
            second=second,
            leads=1.0 if second is None else float(np.mean(cheaper)),
            informed=Information(costs, seed),
            scores=scores,
        )

    def answers(self, prices: WayPrices) -> Floats:
        """Return the answer in each draw, (n,): the gap of two gateways, or a measure of the one that is the best."""
        return self.model.answers(prices, self.answer, self.leader, self.second)

    def saves(self, inputs: Sequence[str]) -> float:
        """Return what knowing an input saves before any gateway is chosen, 0 for several."""
        return self.informed.of(self.scores[inputs[0]]) if len(inputs) == 1 else 0.0


def _sobol(told: _PlainDraws, blocks: Mapping[str, Sequence[str]], n: int, sampler: str) -> Sensitivity:
    model, seed, k = told.model, told.seed, len(told.model.inputs)
    points = inverse_normal(sample(sampler, n, 2 * k, seed).ravel()).reshape(n, 2 * k)
    first = {name: points[:, number] for number, name in enumerate(model.inputs)}
    other = {name: points[:, k + number] for number, name in enumerate(model.inputs)}
    base = model.prices(first)
    a, b = told.answers(base), told.answers(model.prices(other))
    ab = np.empty((len(blocks), n))
    for number, names in enumerate(blocks.values()):
        ab[number] = told.answers(model.moved(base, names, {**first, **{name: other[name] for name in names}}))
    indices, totals = sobol_indices(a, b, ab)
    index_range, total_range = intervals(a, b, ab, seed)
    origin, destination = model.ensemble.pairs[0]
    pair = breakeven(model.router, origin, destination)
    found = []
    for number, (name, names) in enumerate(blocks.items()):
        what, grade = label_and_grade(pair, names[0]) if len(names) == 1 else (f"{name}, {len(names)} figures", "")
        found.append(
            Importance(
                name=name,
                what=what,
                grade=grade,
                first=float(indices[number]),
                first_interval=(float(index_range[number, 0]), float(index_range[number, 1])),
                total=float(totals[number]),
                total_interval=(float(total_range[number, 0]), float(total_range[number, 1])),
                saves_usd=told.saves(names),
            )
        )
    values, costs = np.concatenate([a, b]), told.informed.costs
    return Sensitivity(
        origin=origin,
        destination=destination,
        answer=told.answer,
        unit="h" if told.answer == "hours" else "USD a box",
        leader=told.leader,
        second=told.second,
        leads=told.leads,
        mean=float(values.mean()),
        deviation=float(values.std()),
        knowing_all_saves_usd=float(costs.mean(axis=1).min() - costs.min(axis=0).mean()),
        draws=INFORMED,
        searched=model.searched,
        samples=n,
        evaluations=n * (len(blocks) + 2),
        sampler=sampler,
        steps=(),
        inputs=tuple(sorted(found, key=lambda one: (-one.total, one.name))),
    )
