"""The pricing of a chunk of draws into counts: how often each quantity, gateway and comparison was met."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from corridor_net.uncertainty.batches.jobs import Job
from corridor_net.uncertainty.ensembles.pair_uncertainty import QUANTITIES
from corridor_net.uncertainty.ensembles.runs import ChoiceSetRun, Ints, SearchedRun
from corridor_net.uncertainty.ensembles.shares import better_and_equal
from corridor_net.uncertainty.factors.draws import Factors, Floats
from corridor_net.uncertainty.tallies.tally import Tally

DRAWN = 16_384
"""Draws whose factors are made at a time: many, because each stream has to be taken up again."""
PRICED = 1024
"""Draws priced at a time within those: few, because all pairs of them are held."""
COMPARED = ("better", "equal")
"""What is counted of a scenario against its baseline; the rest of the draws are worse."""

Counted = tuple[int, int, str, int, Ints]
"""Run, pair, what is counted, and a stretch of its bins: the first of them, and how often each."""


def counted(job: Job, start: int, count: int) -> Iterator[Counted]:
    """Price draws `start` to `start + count - 1` of every run, and yield what was counted."""
    counts = [_Counts(run) for run in job.runs]
    keys = list(dict.fromkeys(item for run in job.runs for item in run.distributions.items()))
    place = {key: row for row, key in enumerate(keys)}
    rows = [np.array([place[item] for item in run.distributions.items()]) for run in job.runs]
    makers = [
        Factors(
            run.distributions, job.seed, {k: v for k, v in job.correlations.items() if set(k) <= set(run.distributions)}
        )
        for run in job.runs
    ]
    maker = {
        item: made for run, made in zip(job.runs, makers, strict=True) for item in reversed(run.distributions.items())
    }
    for begin in range(start, start + count, DRAWN):
        size = min(DRAWN, start + count - begin)
        drawn = np.empty((len(keys), size))
        for row, (figure, distribution) in enumerate(keys):
            drawn[row] = maker[figure, distribution].factor(figure, begin, size)
        for at in range(0, size, PRICED):
            part = drawn[:, at : at + PRICED]
            base: _Counts | None = None
            for one, used in zip(counts, rows, strict=True):
                one.price(part[used], base if one.run.scenario is not None else None)
                if one.run.scenario is None:
                    base = one
    for number, one in enumerate(counts):
        yield from ((number, *listed) for listed in one.listed())


class _Counts:
    """What is counted of one run."""

    def __init__(self, run: ChoiceSetRun | SearchedRun) -> None:
        self.run = run
        self.tally = Tally(len(QUANTITIES) * len(run.pairs))
        self.wins = np.zeros((len(run.pairs), 0), np.int64)
        self.compared = np.zeros((2, len(run.pairs)), np.int64)
        self.both = np.empty((2, 0), np.int64)
        self.costs = np.empty((0, 0))

    def price(self, factors: Floats, base: _Counts | None) -> None:
        """Price some draws and count them; `base` has just priced the same draws of the baseline."""
        values, wins = self.run.price(factors)
        self.wins = np.pad(self.wins, ((0, 0), (0, wins.shape[1] - self.wins.shape[1])))
        self.wins += wins
        self.tally.add(values.reshape(-1, values.shape[-1]))
        self.costs = values[0]
        if base is None:
            return
        if not self.both.size:
            where = {pair: row for row, pair in enumerate(base.run.pairs)}
            both = [(row, where[pair]) for row, pair in enumerate(self.run.pairs) if pair in where]
            self.both = np.array(both, np.int64).reshape(-1, 2).T
        here, there = self.both
        self.compared[:, here] += _compared(self.costs, base.costs, here, there)

    def listed(self) -> Iterator[tuple[int, str, int, Ints]]:
        """Yield all counts: pair, what, first bin, how often each; what has no bins counts as bin 0."""
        n_pairs = len(self.run.pairs)
        for number, stretches in enumerate(self.tally.rows()):
            yield from ((number % n_pairs, QUANTITIES[number // n_pairs], *stretch) for stretch in stretches)
        for row, wins in enumerate(self.wins):
            won = {self.run.gates[gate]: int(wins[gate]) for gate in np.flatnonzero(wins).tolist()}
            for name in sorted(won):
                yield row, f"gateway {name}", 0, np.array([won[name]])
        for row in self.both[0].tolist():
            for what, times in zip(COMPARED, self.compared[:, [row]], strict=True):
                yield row, what, 0, times


def _compared(costs: Floats, before: Floats, here: Ints, there: Ints) -> Ints:
    """Return how often costs are lower than before, and how often equal (within 1e-9), by pair, (2, n_pairs)."""
    found = np.zeros((2, len(here)), np.int64)
    for place, (row, old) in enumerate(zip(here.tolist(), there.tolist(), strict=True)):
        found[:, place] = better_and_equal(before[old] - costs[row], before[old])
    return found
