"""Which figures an answer depends on: Morris screening, Sobol indices, value of information. No printing.

The inputs are independent by construction: each figure's own score, and the score that the figures of a group have
in common ("a border's bad week"), see `draws.Factors`. So indices of variance are defined, and a group's common part is
an input like any other. The answers are those of the pair's rival routes, priced anew in every draw (see `ensemble`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.route import Router
from corridor_net.costing import VALUE_OF_TIME
from corridor_net.errors import BadValue, UserError, did_you_mean

from .doubts import SHARED
from .draws import Factors, Floats, inverse_normal
from .ensemble import Ensemble
from .swings import told

ANSWERS = ("gap", "generalised", "usd", "hours")
SAMPLERS = ("sobol", "latin")
LEVELS = 4
"""Levels of Morris' grid, spread from the 5 % to the 95 % value of each figure."""
EDGE = 0.05
RESAMPLES = 200
"""Bootstrap resamples of an interval of 95 %."""
BINS = 16
SHUFFLES = 200
INFORMED = 16_384
"""Draws for the value of information."""
MOST_SAMPLES = 65_536


# estimators


def sobol_indices(a: Floats, b: Floats, ab: Floats) -> tuple[Floats, Floats]:
    """Return first-order and total indices, shape (n_inputs,), of answers at Saltelli's points.

    `a` and `b` (n,) are the answers at two independent samples, `ab` (n_inputs, n) those at the first with one
    input taken from the second. First: `mean(b (ab - a)) / V` (Saltelli et al. 2010); total:
    `mean((a - ab)^2) / 2V` (Jansen 1999); V the variance of a and b together.

    >>> x, y = np.array([0.0, 1, 0, 1]), np.array([0.0, 0, 1, 1])
    >>> first, total = sobol_indices(2 * x, 2 * y, np.array([2 * y]))
    >>> total.tolist()
    [1.0]
    """
    both = np.concatenate([a, b])
    middle, variance = both.mean(), both.var()
    if not variance > 0:
        return np.zeros(len(ab)), np.zeros(len(ab))
    first = ((b - middle) * (ab - a)).mean(axis=1) / variance
    total = ((a - ab) ** 2).mean(axis=1) / (2 * variance)
    return first, total


def intervals(a: Floats, b: Floats, ab: Floats, seed: int) -> tuple[Floats, Floats]:
    """Return 95 % bootstrap intervals of both indices, each (n_inputs, 2): rows are resampled together."""
    rng = np.random.Generator(np.random.Philox(seed))
    n = len(a)
    weight = rng.multinomial(n, np.full(n, 1 / n), RESAMPLES) / n
    middle = weight @ (a + b) / 2
    variance = weight @ (a**2 + b**2) / 2 - middle**2
    variance = np.where(variance > 0, variance, np.inf)[:, None]
    firsts = (weight @ (b * (ab - a)).T - middle[:, None] * (weight @ (ab - a).T)) / variance
    totals = weight @ ((a - ab) ** 2).T / (2 * variance)
    low_high = [2.5, 97.5]
    return np.percentile(firsts, low_high, axis=0).T, np.percentile(totals, low_high, axis=0).T


def morris_design(n_inputs: int, trajectories: int, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return points of `trajectories` walks, shape (trajectories * (n_inputs + 1), n_inputs), and the order of steps.

    Each walk starts on a grid of 4 levels of [0, 1] and changes each input once by 2/3, in random order
    (Morris 1991). The order has the shape (trajectories, n_inputs): which input each step changes.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    jump = LEVELS / (2 * (LEVELS - 1))
    low = np.arange(LEVELS // 2) / (LEVELS - 1)
    points, order = [], []
    for _ in range(trajectories):
        start = rng.choice(low, n_inputs)
        up = rng.random(n_inputs) < 0.5
        here = np.where(up, start, start + jump)
        steps = rng.permutation(n_inputs)
        walk = [here.copy()]
        for step in steps:
            here[step] += jump if up[step] else -jump
            walk.append(here.copy())
        points.append(np.array(walk))
        order.append(steps)
    return np.concatenate(points), np.array(order)


def morris_effects(points: Floats, answers: Floats, order: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return mu* (mean absolute elementary effect; Campolongo 2007) and sigma of every input, as the answer."""
    trajectories, n_inputs = order.shape
    walks = answers.reshape(trajectories, n_inputs + 1)
    places = points.reshape(trajectories, n_inputs + 1, n_inputs)
    effects = np.empty((trajectories, n_inputs))
    for row in range(trajectories):
        moved = np.diff(places[row], axis=0)[np.arange(n_inputs), order[row]]
        effects[row, order[row]] = np.diff(walks[row]) / moved
    spread = effects.std(axis=0, ddof=1) if trajectories > 1 else np.zeros(n_inputs)
    return np.abs(effects).mean(axis=0), spread


def factor_of(factors: Factors, figure: str, scores: Mapping[str, Floats]) -> Floats:
    """Return the factors of a figure at normal scores of independent inputs: its own, and what its group shares."""
    own, group = scores[figure], factors.doubts[figure].group
    z = SHARED**0.5 * scores[f"group {group}"] + (1 - SHARED) ** 0.5 * own if group else own
    return factors.of_normal(figure, z)


class Information:
    """What knowing an input before choosing would save on average, in units of the costs.

    `costs` (n_choices, n) is what each choice costs in each draw. The draws are put in order of the input and
    cut into bins; within a bin the best choice is made (Strong and Oakley 2013). Bins of a finite sample always
    seem to tell something: what shuffled draws seem to save is taken off, and an input that saves no more than
    the best of the shuffles saves nothing that this sample can show.
    """

    def __init__(self, costs: Floats, seed: int) -> None:
        """Shuffle, to know what chance alone would save."""
        self.costs = costs
        rng = np.random.Generator(np.random.Philox(seed))
        shuffled = [self._saved(rng.permutation(costs.shape[1])) for _ in range(SHUFFLES)]
        self.mean, self.most = float(np.mean(shuffled)), float(max(shuffled))

    def _saved(self, order: NDArray[np.int64]) -> float:
        bins = [self.costs[:, rows].mean(axis=1).min() * len(rows) for rows in np.array_split(order, BINS)]
        return float(self.costs.mean(axis=1).min() - sum(bins) / len(order))

    def of(self, score: Floats) -> float:
        """Return what knowing an input, (n,), would save; 0 where chance could show as much."""
        plain = self._saved(np.argsort(score, kind="stable"))
        return plain - self.mean if plain > self.most else 0.0


def sample(kind: str, n: int, n_inputs: int, seed: int) -> Floats:
    """Return points in (0, 1), shape (n, n_inputs): Owen-scrambled Sobol (needs scipy), or a Latin hypercube.

    Raises BadValue for another kind, UserError without scipy.
    """
    if kind == "sobol":
        try:
            from scipy.stats import qmc
        except ImportError:
            raise UserError("Sobol points need scipy", hint="pip install scipy, or choose --sampler latin") from None
        made = qmc.Sobol(n_inputs, scramble=True, rng=np.random.Generator(np.random.Philox(seed))).random(n)
        return np.asarray(np.clip(made, 1e-9, 1 - 1e-9))
    if kind == "latin":
        rng = np.random.Generator(np.random.Philox(seed))
        strata = np.array([rng.permutation(n) for _ in range(n_inputs)]).T
        return np.asarray((strata + rng.random((n, n_inputs))) / n).clip(1e-9, 1 - 1e-9)
    raise BadValue(
        f"no sampler '{kind}'", hint=did_you_mean(kind, SAMPLERS, otherwise=f"one of: {', '.join(SAMPLERS)}")
    )


# the model of a pair


@dataclass(frozen=True, eq=False)
class Model:
    """A pair of places as a function of its doubtful figures.

    `inputs` are names: a figure's own doubt by its id, what a group shares as `group NAME`.
    """

    router: Router
    ensemble: Ensemble
    factors: Factors
    inputs: tuple[str, ...]
    figures: tuple[str, ...]

    @classmethod
    def of(cls, router: Router, origin: str, destination: str) -> Model:
        """Find the rivals of the pair and the figures they rest on. Raises as `Router.route`."""
        best = router.route(origin, destination)
        ensemble = Ensemble.of(router, [(best.origin, best.destination)])
        factors = Factors(ensemble.doubts)
        used = {figure for row in cls._used(ensemble)[1] for figure in row} | {VALUE_OF_TIME}
        figures = tuple(sorted(f for f in used if ensemble.doubts[f].kind != "certain"))
        groups = sorted({ensemble.doubts[f].group for f in figures} - {""})
        return cls(router, ensemble, factors, (*figures, *(f"group {name}" for name in groups)), figures)

    @staticmethod
    def _used(ensemble: Ensemble) -> tuple[NDArray[np.int64], list[tuple[str, ...]]]:
        rows = np.flatnonzero(np.any([one.any(axis=0) for one in ensemble.amounts], axis=0))
        return rows, [ensemble.model.products[row] for row in rows.tolist()]

    @cached_property
    def _pricing(self) -> tuple[list[Floats], list[tuple[str, ...]]]:
        rows, tuples = self._used(self.ensemble)
        return [one[:, rows] for one in self.ensemble.amounts], tuples

    @cached_property
    def gateways(self) -> tuple[str, ...]:
        """The gateways of the rivals, once."""
        return tuple(dict.fromkeys(self.ensemble.gateways))

    def gateway(self, name: str) -> int:
        """Return the number of a gateway; raise UnknownName or BadValue when no rival route leaves by it."""
        node = self.router.network.node(name).node_id
        if node not in self.gateways:
            raise BadValue(f"no rival route leaves by '{node}'", hint=f"gateways: {', '.join(self.gateways)}")
        return self.gateways.index(node)

    def factor(self, figure: str, scores: Mapping[str, Floats]) -> Floats:
        """Return the factors of a figure at normal scores of the inputs."""
        return factor_of(self.factors, figure, scores)

    def costs(self, factors: Mapping[str, Floats], of: str = "generalised") -> Floats:
        """Return what each gateway's best route costs in each draw, shape (n_gateways, n).

        A gateway's best route is its cheapest by what the router minimises; `of` is what is told of it:
        generalised and usd in USD, hours in hours.
        """
        amounts, tuples = self._pricing
        n = len(factors[VALUE_OF_TIME])
        columns = np.ones((len(tuples), n))
        for row, figures in enumerate(tuples):
            for figure in figures:
                if figure in factors:
                    columns[row] *= factors[figure]
        measures = [one @ columns for one in amounts]
        objective, factor = self.router.objective, factors[VALUE_OF_TIME]
        weight = objective.weight(*measures, time_factor=factor)
        generalised = objective.generalised(*measures, time_factor=factor)
        shown = {"generalised": generalised, "usd": measures[0], "hours": measures[1]}[of]
        found = np.empty((len(self.gateways), n))
        for number, gate in enumerate(self.gateways):
            rows = np.flatnonzero(np.array(self.ensemble.gateways) == gate)
            best = rows[np.argmin(weight[rows], axis=0)]
            found[number] = shown[best, np.arange(n)]
        return found

    def touched(self, name: str) -> list[str]:
        """Return the figures that an input moves."""
        if not name.startswith("group "):
            return [name]
        return [figure for figure in self.figures if self.ensemble.doubts[figure].group == name[6:]]


@dataclass(frozen=True, slots=True)
class Importance:
    """One input, or a group of inputs: shares of the variance of the answer, and what knowing it would save.

    `first` is its share alone, `total` with all its interactions, each with a 95 % interval. `saves_usd` is the
    expected saving a box by knowing it before the gateway is chosen.
    """

    name: str
    what: str
    grade: str
    first: float
    first_interval: tuple[float, float]
    total: float
    total_interval: tuple[float, float]
    saves_usd: float

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "name": self.name,
            "what": self.what,
            "grade": self.grade,
            "first": round(self.first, 4),
            "first_interval": [round(v, 4) for v in self.first_interval],
            "total": round(self.total, 4),
            "total_interval": [round(v, 4) for v in self.total_interval],
            "saves_usd": round(self.saves_usd, 2),
        }


@dataclass(frozen=True, slots=True)
class Sensitivity:
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
    leads: float
    mean: float
    deviation: float
    knowing_all_saves_usd: float
    samples: int
    evaluations: int
    sampler: str
    steps: tuple[tuple[int, float], ...]
    inputs: tuple[Importance, ...]

    @property
    def next_figure(self) -> Importance | None:
        """The figure to look up next: the one worth most to know; where none saves anything, the largest share."""
        singles = [one for one in self.inputs if not one.name.startswith("group ")]
        return max(singles, key=lambda one: (round(one.saves_usd, 2), one.total), default=None)

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        following = self.next_figure
        return {
            "origin": self.origin,
            "destination": self.destination,
            "answer": self.answer,
            "unit": self.unit,
            "leader": self.leader,
            "second": self.second,
            "leads": round(self.leads, 4),
            "mean": round(self.mean, 2),
            "deviation": round(self.deviation, 2),
            "knowing_all_saves_usd": round(self.knowing_all_saves_usd, 2),
            "samples": self.samples,
            "evaluations": self.evaluations,
            "sampler": self.sampler,
            "steps": [{"samples": n, "half_width": round(w, 4)} for n, w in self.steps],
            "look_up_next": following.name if following else None,
            "inputs": [one.as_json() for one in self.inputs],
        }


def sensitivity(
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
    decides the choice. With `precision`, samples are doubled from `samples` until no 95 % interval of a total
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
    _checked(answer, samples, precision)
    model = Model.of(router, origin, destination)
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


def _checked(answer: str, samples: int, precision: float | None) -> None:
    if answer not in ANSWERS:
        raise BadValue(
            f"no answer '{answer}'", hint=did_you_mean(answer, ANSWERS, otherwise=f"one of: {', '.join(ANSWERS)}")
        )
    if samples < 16 or samples > MOST_SAMPLES or samples & (samples - 1):
        raise BadValue(f"{samples} samples", hint=f"a power of two from 16 to {MOST_SAMPLES:,}")
    if precision is not None and not precision > 0:
        raise BadValue(f"a precision of {precision:g}", hint="a share above 0, for example 0.05")


def _blocks(model: Model, *, grouped: bool) -> dict[str, list[str]]:
    """Return the inputs to be moved together, by name."""
    if not grouped:
        return {name: [name] for name in model.inputs}
    blocks: dict[str, list[str]] = {}
    for name in model.inputs:
        words = name.split(":")
        kind = name if name.startswith("group ") else f"{words[0]} {words[2]}" if len(words) > 2 else words[0]
        blocks.setdefault(kind.replace("_", " "), []).append(name)
    return blocks


def _sobol(
    model: Model,
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
    of = "generalised" if answer == "gap" else answer

    def answers(factors: Mapping[str, Floats]) -> Floats:
        values = model.costs(factors, of)
        if answer == "gap":
            return np.asarray(values[runner_up] - values[leader] if runner_up is not None else values[leader])
        chosen = np.argmin(values if of == "generalised" else model.costs(factors), axis=0)
        return np.asarray(values[chosen, np.arange(n)])

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
        what, grade = told(pair, names[0]) if len(names) == 1 else (f"{name}, {len(names)} figures", "")
        found.append(
            Importance(
                name,
                what,
                grade,
                float(indices[number]),
                (float(index_range[number, 0]), float(index_range[number, 1])),
                float(totals[number]),
                (float(total_range[number, 0]), float(total_range[number, 1])),
                informed.of(scores[names[0]]) if len(names) == 1 else 0.0,
            )
        )
    values = np.concatenate([a, b])
    leads = float(np.mean(costs[leader] < costs[runner_up])) if runner_up is not None else 1.0
    origin, destination = model.ensemble.pairs[0]
    return Sensitivity(
        origin,
        destination,
        answer,
        "h" if answer == "hours" else "USD a box",
        model.gateways[leader],
        model.gateways[runner_up] if runner_up is not None else None,
        leads,
        float(values.mean()),
        float(values.std()),
        float(informed.costs.mean(axis=1).min() - informed.costs.min(axis=0).mean()),
        n,
        n * (len(blocks) + 2),
        sampler,
        (),
        tuple(sorted(found, key=lambda one: (-one.total, one.name))),
    )


def _informed(model: Model, seed: int) -> tuple[Information, dict[str, Floats]]:
    """Return the costs of each gateway in many plain draws, and the scores behind them."""
    rng = np.random.Generator(np.random.Philox(seed + 1))
    scores = {name: rng.standard_normal(INFORMED) for name in model.inputs}
    costs = model.costs({figure: model.factor(figure, scores) for figure in model.figures})
    return Information(costs, seed), scores


def two_best(costs: Floats) -> tuple[int, int | None]:
    """Return the gateway that wins most often, and the one that wins most often without it."""
    wins = np.bincount(np.argmin(costs, axis=0), minlength=len(costs))
    leader = int(np.argmax(wins))
    if len(costs) == 1:
        return leader, None
    rest = np.delete(np.arange(len(costs)), leader)
    wins = np.bincount(np.argmin(costs[rest], axis=0), minlength=len(rest))
    return leader, int(rest[int(np.argmax(wins))])


@dataclass(frozen=True, slots=True)
class Screened:
    """One input by Morris: `mu_star` and `sigma` of the answer (USD, or hours), from its 5 % to its 95 % value."""

    name: str
    what: str
    grade: str
    mu_star: float
    sigma: float

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "name": self.name,
            "what": self.what,
            "grade": self.grade,
            "mu_star": round(self.mu_star, 4),
            "sigma": round(self.sigma, 4),
        }


def screening(
    router: Router, origin: str, destination: str, *, answer: str = "gap", trajectories: int = 20, seed: int = 1
) -> tuple[Screened, ...]:
    """Return every input of a pair by Morris' elementary effects, the largest first: cheap, and of any shape.

    Raises BadValue for trajectories not above 1 or an unknown answer; NoRoute, UnknownName as `Router.route`.
    """
    _checked(answer, 16, None)
    if trajectories < 2:
        raise BadValue(f"{trajectories} trajectories", hint="2 or more")
    model = Model.of(router, origin, destination)
    points, order = morris_design(len(model.inputs), trajectories, seed)
    scores = inverse_normal((EDGE + (1 - 2 * EDGE) * points).ravel()).reshape(points.shape)
    by_name = {name: scores[:, number] for number, name in enumerate(model.inputs)}
    factors = {figure: model.factor(figure, by_name) for figure in model.figures}
    costs = model.costs(factors)
    leader, runner_up = two_best(costs)
    if answer == "gap":
        values = costs[runner_up] - costs[leader] if runner_up is not None else costs[leader]
    else:
        shown = model.costs(factors, answer)
        values = shown[np.argmin(costs, axis=0), np.arange(shown.shape[1])]
    mu_star, sigma = morris_effects(points, np.asarray(values), order)
    pair = breakeven(router, *model.ensemble.pairs[0])
    rows = [
        Screened(name, *told(pair, name), float(mu_star[number]), float(sigma[number]))
        for number, name in enumerate(model.inputs)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.mu_star, row.name)))
