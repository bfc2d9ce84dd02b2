"""Shares of variance and what information is worth, from answers at the points of a design. No network, no printing.

Sobol indices with bootstrap intervals, Morris' elementary effects, the value of knowing an input.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue, did_you_mean
from corridor_net.uncertainty.factors.draws import Floats
from corridor_net.uncertainty.factors.sobol import sobol_points

SAMPLERS = ("sobol", "latin")
LEVELS = 4
"""Levels of Morris' grid, spread from the 5% to the 95% value of each figure."""
RESAMPLES = 200
"""Bootstrap resamples of an interval of 95%."""
BINS = 16
SHUFFLES = 200


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
    """Return 95% bootstrap intervals of both indices, each (n_inputs, 2): rows are resampled together."""
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


class Information:
    """What knowing an input before choosing would save on average, in units of the costs.

    `costs` (n_choices, n) is what each choice costs in each draw. The draws are put in order of the input and
    cut into bins; within a bin the best choice is made (Strong and Oakley 2013). Bins of a finite sample always
    seem to tell something: what shuffled draws seem to save is taken off, and an input that saves no more than
    the best of the shuffles saves nothing that this sample can show.
    """

    def __init__(self, costs: Floats, seed: int) -> None:
        """Shuffle, to know what chance alone would save."""
        self.costs, self.least = costs, float(costs.mean(axis=1).min())
        self.starts = [int(part[0]) for part in np.array_split(np.arange(costs.shape[1]), BINS) if len(part)]
        rng = np.random.Generator(np.random.Philox(seed))
        shuffled = [self._saved(rng.permutation(costs.shape[1])) for _ in range(SHUFFLES)]
        self.mean, self.most = float(np.mean(shuffled)), float(max(shuffled))

    def _saved(self, order: NDArray[np.int64]) -> float:
        bins = np.add.reduceat(np.take(self.costs, order, axis=1), self.starts, axis=1).min(axis=0)
        return float(self.least - bins.sum() / len(order))

    def of(self, score: Floats) -> float:
        """Return what knowing an input, (n,), would save; 0 where chance could show as much."""
        order = np.argsort(score)
        if (np.diff(score[order]) == 0).any():  # of equal scores the first drawn goes first: takes twice as long
            order = np.argsort(score, kind="stable")
        plain = self._saved(order)
        return plain - self.mean if plain > self.most else 0.0


def sample(kind: str, n: int, n_inputs: int, seed: int) -> Floats:
    """Return points in (0, 1), shape (n, n_inputs): Owen-scrambled Sobol, or a Latin hypercube.

    Raises BadValue for another kind.
    """
    if kind == "sobol":
        made = sobol_points(n_inputs, n, np.random.Generator(np.random.Philox(seed)))
        return np.asarray(np.clip(made, 1e-9, 1 - 1e-9))
    if kind == "latin":
        rng = np.random.Generator(np.random.Philox(seed))
        strata = np.array([rng.permutation(n) for _ in range(n_inputs)]).T
        return np.asarray((strata + rng.random((n, n_inputs))) / n).clip(1e-9, 1 - 1e-9)
    raise BadValue(
        f"no sampler '{kind}'", hint=did_you_mean(kind, SAMPLERS, otherwise=f"one of: {', '.join(SAMPLERS)}")
    )
