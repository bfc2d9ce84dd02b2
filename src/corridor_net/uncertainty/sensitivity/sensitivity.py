"""Which figures the answer of a pair depends on: Sobol indices, and what knowing each would be worth. No printing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.router import Router
from corridor_net.errors import BadValue, did_you_mean
from corridor_net.figure_keys import parts_of
from corridor_net.results import Result, measure
from corridor_net.uncertainty.factors.draws import Floats, inverse_normal
from corridor_net.uncertainty.sensitivity.choice import to_look_up
from corridor_net.uncertainty.sensitivity.indices import Information, intervals, sample, sobol_indices
from corridor_net.uncertainty.sensitivity.one_at_a_time import label_and_grade
from corridor_net.uncertainty.sensitivity.pair_model import PairModel, two_best

ANSWERS = ("gap", "generalised", "usd", "hours")
INFORMED = 16_384
"""Draws for the value of information."""
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

    `leads` is the share of draws in which the leader is the cheaper of the two; `knowing_all_saves_usd` what knowing
    every figure before choosing would save a box on average. `steps` are (samples, widest half-interval of a
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
    model = PairModel.of(router, origin, destination)
    other = model.gateway(against) if against else None
    blocks = _blocks(model, grouped=grouped)
    steps: list[tuple[int, float]] = []
    n = samples
    while True:
        found = _sobol(model, blocks, answer, n, sampler, seed, other)
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


def _blocks(model: PairModel, *, grouped: bool) -> dict[str, list[str]]:
    """Return the inputs to be moved together, by name."""
    if not grouped:
        return {name: [name] for name in model.inputs}
    blocks: dict[str, list[str]] = {}
    for name in model.inputs:
        words = parts_of(name)
        kind = name if name.startswith("group ") else f"{words[0]} {words[2]}" if len(words) > 2 else words[0]
        blocks.setdefault(kind.replace("_", " "), []).append(name)
    return blocks


def _sobol(
    model: PairModel,
    blocks: Mapping[str, Sequence[str]],
    answer: str,
    n: int,
    sampler: str,
    seed: int,
    against: int | None,
) -> Sensitivity:
    k = len(model.inputs)
    points = inverse_normal(sample(sampler, n, 2 * k, seed).ravel()).reshape(n, 2 * k)
    first = {name: points[:, number] for number, name in enumerate(model.inputs)}
    other = {name: points[:, k + number] for number, name in enumerate(model.inputs)}
    base = {figure: model.factor(figure, first) for figure in model.figures}
    second = {figure: model.factor(figure, other) for figure in model.figures}
    costs = np.hstack([model.costs(base), model.costs(second)])
    leader, runner_up = two_best(costs)
    runner_up = runner_up if against in (None, leader) else against
    answers = partial(model.answers, of=answer, leader=leader, second=runner_up)
    a, b = answers(base), answers(second)
    ab = np.empty((len(blocks), n))
    for number, names in enumerate(blocks.values()):
        mixed = {**first, **{name: other[name] for name in names}}
        moved = {figure for name in names for figure in model.touched(name)}
        ab[number] = answers({**base, **{figure: model.factor(figure, mixed) for figure in moved}})
    indices, totals = sobol_indices(a, b, ab)
    index_range, total_range = intervals(a, b, ab, seed)
    pair = breakeven(model.router, *model.ensemble.pairs[0])
    informed, scores = _informed(model, seed)
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
                saves_usd=informed.of(scores[names[0]]) if len(names) == 1 else 0.0,
            )
        )
    values = np.concatenate([a, b])
    leads = float(np.mean(costs[leader] < costs[runner_up])) if runner_up is not None else 1.0
    origin, destination = model.ensemble.pairs[0]
    return Sensitivity(
        origin=origin,
        destination=destination,
        answer=answer,
        unit="h" if answer == "hours" else "USD a box",
        leader=model.gateways[leader],
        second=model.gateways[runner_up] if runner_up is not None else None,
        leads=leads,
        mean=float(values.mean()),
        deviation=float(values.std()),
        knowing_all_saves_usd=float(informed.costs.mean(axis=1).min() - informed.costs.min(axis=0).mean()),
        samples=n,
        evaluations=n * (len(blocks) + 2),
        sampler=sampler,
        steps=(),
        inputs=tuple(sorted(found, key=lambda one: (-one.total, one.name))),
    )


def _informed(model: PairModel, seed: int) -> tuple[Information, dict[str, Floats]]:
    """Return the costs of each gateway in many plain draws, and the scores behind them."""
    rng = np.random.Generator(np.random.Philox(seed + 1))
    scores = {name: rng.standard_normal(INFORMED) for name in model.inputs}
    costs = model.costs({figure: model.factor(figure, scores) for figure in model.figures})
    return Information(costs, seed), scores
