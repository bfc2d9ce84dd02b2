"""What is to be drawn, small enough to be sent to a worker; and the pricing of a chunk of draws into counts.

A *job* is the runs of a study and a seed. Each run is priced in one of two ways: `SearchedRun` searches the whole
network in every draw (extra `fast`), `RivalsRun` takes the cheapest of the rival routes of each pair. Both give, for
some draws, cost, hours, CO2 and generalised cost of each pair, and which gateway was used how often.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_net import __version__
from corridor_net.analysis.compare import Comparison, Run
from corridor_net.analysis.route import gateway_of, mainland
from corridor_net.costing import QUANTITIES as MEASURES
from corridor_net.costing import VALUE_OF_TIME, Arc, CostModel, Objective
from corridor_net.errors import BadValue, did_you_mean

from .doubts import Doubt, doubts_of
from .draws import Factors, Floats
from .ensemble import BY_LAND, Ensemble, Pair
from .tally import Tally

if TYPE_CHECKING:
    from corridor_net.graph.hierarchy import Hierarchy
    from corridor_net.graph.plan import Plan
    from corridor_net.graph.weightings import Amounts

QUANTITIES = ("generalised_cost_usd", "hours", "co2_kg", "cost_usd")
"""In the order of what `price` returns."""
DRAWN = 16_384
"""Draws whose factors are made at a time: many, because each stream has to be taken up anew."""
PRICED = 1024
"""Draws priced at a time within those: few, because all pairs of them are held."""
MARK_BITS = 44
COMPARED = ("better", "equal")
"""What is counted of a scenario against its baseline; the rest of the draws are worse."""

Ints = NDArray[np.int64]
_NAMING = threading.Lock()
"""Held while a run learns the gateway of a route: chunks on several threads share what it knows."""


@dataclass(frozen=True, eq=False)
class RivalsRun:
    """One run of a study: amounts of rival routes by tuple of figures, and whose routes they are."""

    baseline: str
    scenario: str | None
    objective: Objective
    pairs: tuple[Pair, ...]
    owner: NDArray[np.int64]
    gateways: tuple[str, ...]
    tuples: tuple[tuple[str, ...], ...]
    amounts: tuple[Floats, ...]
    doubts: dict[str, Doubt]

    @classmethod
    def of(cls, run: Run, ensemble: Ensemble) -> RivalsRun:
        """Take from an ensemble what pricing needs."""
        used = np.flatnonzero(np.any([one.any(axis=0) for one in ensemble.amounts], axis=0))
        tuples = tuple(ensemble.model.products[row] for row in used.tolist())
        figures = {figure for row in tuples for figure in row} | {VALUE_OF_TIME}
        return cls(
            run.baseline,
            run.scenario,
            run.router.objective,
            ensemble.pairs,
            ensemble.owner,
            ensemble.gateways,
            tuples,
            tuple(np.ascontiguousarray(one[:, used]) for one in ensemble.amounts),
            {figure: ensemble.doubts[figure] for figure in sorted(figures)},
        )

    def told(self) -> Iterator[bytes]:
        """Yield all that decides the answers."""
        plain = (self.baseline, self.scenario, self.objective, self.pairs)
        yield repr((plain, self.gateways, self.tuples, sorted(self.doubts.items()))).encode()
        for array in (self.owner, *self.amounts):
            yield array.tobytes()

    @cached_property
    def _bounds(self) -> list[tuple[int, int]]:
        """The first route of every pair, and the one after its last; a pair's routes stand together."""
        first = np.searchsorted(self.owner, np.arange(len(self.pairs))).tolist()
        return list(itertools.pairwise([*first, len(self.owner)]))

    @cached_property
    def _filled(self) -> list[tuple[NDArray[np.int64], Floats]]:
        """Of each measure: the tuples that are in any route, and their amounts; few are in more than one."""
        rows = [np.flatnonzero(amounts.any(axis=0)) for amounts in self.amounts]
        return [
            (used, np.ascontiguousarray(amounts[:, used])) for used, amounts in zip(rows, self.amounts, strict=True)
        ]

    @cached_property
    def gates(self) -> list[str]:
        """The gateways of any route, once."""
        return list(dict.fromkeys(self.gateways))

    def price(self, factors: Floats) -> tuple[Floats, Ints]:
        """Return each quantity of the winning routes, (4, n_pairs, count), from factors (n_figures, count).

        And how often each of `gates` won, (n_pairs, n_gates).
        """
        place = {figure: row for row, figure in enumerate(self.doubts)}
        columns = np.ones((len(self.tuples), factors.shape[1]))
        for row, figures in enumerate(self.tuples):
            for figure in figures:
                columns[row] *= factors[place[figure]]
        measures = [amounts @ columns[rows] for rows, amounts in self._filled]
        time = factors[place[VALUE_OF_TIME]]
        generalised = self.objective.generalised(*measures, time_factor=time)
        weight = self.objective.weight(*measures, time_factor=time)
        money, hours, _, co2 = measures
        winner = np.array([a + np.argmin(weight[a:b], axis=0) for a, b in self._bounds])
        gate = np.array([self.gates.index(name) for name in self.gateways])
        wins = _counts_by(np.arange(len(winner))[:, None], gate[winner], 1, (len(winner), len(self.gates)))
        return np.array([np.take_along_axis(one, winner, axis=0) for one in (generalised, hours, co2, money)]), wins


@dataclass(frozen=True, eq=False)
class SearchedRun:
    """One run of a study: the whole network, to be searched in every draw by generalised cost.

    `amounts`: money, and by their rates hours, spread and CO2 of each arc, with a mark on each arc by sea: the marks of
    a route add up to a number that tells which arcs by sea it has. `steps`: the arcs without their parts.
    """

    baseline: str
    scenario: str | None
    objective: Objective
    pairs: tuple[Pair, ...]
    ends: tuple[tuple[int, ...], tuple[int, ...]]
    rows: NDArray[np.int64]
    hierarchy: Hierarchy
    amounts: Amounts
    steps: tuple[Arc, ...]
    nodes: dict[str, Any]
    doubts: dict[str, Doubt]

    @classmethod
    def of(cls, run: Run, pairs: Sequence[Pair]) -> SearchedRun:
        """Take from a run what a search needs; its router minimises generalised cost."""
        from corridor_net.graph.ensemble import arc_marks
        from corridor_net.graph.hierarchy import Hierarchy
        from corridor_net.graph.weightings import Amounts

        router, index = run.router, run.router.impedance.index
        model = CostModel.from_impedance(router.impedance, schedule=router.schedule)
        doubts = doubts_of(router.impedance.parameters, (*model.figures, VALUE_OF_TIME))
        place = {figure: row for row, figure in enumerate(doubts)}
        sea = np.array([arc.kind in ("sail", "charter") for arc in router.impedance.arcs])
        marks = np.where(sea, arc_marks(len(sea)) & (2**MARK_BITS - 1), 0)
        products = [[place[figure] for figure in figures] for figures in model.products]
        origins, goals = (tuple(dict.fromkeys(pair[end] for pair in pairs)) for end in (0, 1))
        rows = [origins.index(origin) * len(goals) + goals.index(goal) for origin, goal in pairs]
        return cls(
            run.baseline,
            run.scenario,
            router.objective,
            tuple(pairs),
            (tuple(index[o, "origin"] for o in origins), tuple(index[d, "destination"] for d in goals)),
            np.array(rows, np.int64),
            Hierarchy.build(router.graph),
            Amounts.of(len(doubts), products, [model.terms(name) for name in MEASURES], marks),
            tuple(replace(arc, parts=()) for arc in router.impedance.arcs),
            dict(router.network.nodes),
            doubts,
        )

    def told(self) -> Iterator[bytes]:
        """Yield all that decides the answers."""
        plain = (self.baseline, self.scenario, self.objective, self.pairs, self.ends)
        yield repr((plain, sorted(self.doubts.items()), self.steps)).encode()
        for listed in (self.amounts.products, *self.amounts.parts):
            yield from (listed.first.tobytes(), listed.number.tobytes(), listed.size.tobytes())

    @cached_property
    def _plan(self) -> Plan:
        from corridor_net.graph.plan import Plan

        return Plan.of(self.hierarchy, *self.ends)

    @cached_property
    def gates(self) -> list[str]:
        """The gateways met so far."""
        return []

    @cached_property
    def _known(self) -> dict[str, Ints]:
        """Which of `gates` a sum of marks stands for: ascending `key` of mark and kind of origin, and its `gate`."""
        return {"key": np.array([2**62]), "gate": np.zeros(1, np.int64)}  # a last key above all

    def price(self, factors: Floats) -> tuple[Floats, Ints]:
        """Return each quantity of the best routes, (4, n_pairs, count), from factors (n_figures, count).

        And how often each of `gates` was used, (n_pairs, n_gates).
        """
        from corridor_net.graph.ensemble import totals

        from .compiled_tally import distinct

        _, hour, deviation, carbon = self.objective.prices
        time = factors[list(self.doubts).index(VALUE_OF_TIME)]
        amounts = self.amounts.at(factors, np.array([hour * time, deviation * time, np.full(len(time), carbon)]))
        values = totals(self._plan, amounts)
        if values.shape[1] != len(self.rows):
            values = values[:, self.rows]
        generalised, hours, spread, co2, marks = values
        rows, sums, times, draws = distinct(marks)
        gate = self._gate(amounts, rows, sums, draws)
        wins = _counts_by(rows, gate, times, (len(self.rows), len(self.gates)))
        money = generalised - hour * time * self.objective.timed(hours, spread) - carbon * co2
        return np.array([generalised, hours, co2, money]), wins

    def _gate(self, amounts: Amounts, rows: Ints, sums: Floats, draws: Ints) -> Ints:
        """Return the number of the gateway of each sum of marks, of the pair at its row; seen first in its draw.

        A gateway follows from the arcs by sea, for which the marks stand, and from whether the origin is on an island.
        """
        key = sums.astype(np.int64) * 2 + self._from_island[rows]
        with _NAMING:
            known = self._known
            place = np.searchsorted(known["key"][:-1], key)
            unknown = np.flatnonzero(known["key"][place] != key)
            if not len(unknown):
                return known["gate"][place]
            fresh = unknown[np.unique(key[unknown], return_index=True)[1]]
            names = [self._gateway(amounts, row, k) for row, k in zip(rows[fresh], draws[fresh], strict=True)]
            self.gates.extend(name for name in dict.fromkeys(names) if name not in self.gates)
            keys = np.append(known["key"], key[fresh])
            gates = np.append(known["gate"], np.array([self.gates.index(name) for name in names], np.int64))
            order = np.argsort(keys)
            known["key"], known["gate"] = keys[order], gates[order]
            return known["gate"][np.searchsorted(known["key"], key)]

    @cached_property
    def _from_island(self) -> Ints:
        """Whether the origin of each pair is off the mainland, as 0 or 1."""
        return np.array([not mainland(self.nodes, origin) for origin, _ in self.pairs], np.int64)

    def _gateway(self, amounts: Amounts, row: int, k: int) -> str:
        """Return the gateway of a pair's best route in one draw."""
        from corridor_net.graph.ensemble import unpack

        block = np.empty(amounts.n_arcs * 8)
        amounts.fill(k, 8, block)
        origin, goal = divmod(int(self.rows[row]), len(self.ends[1]))
        arcs = unpack(self.hierarchy, np.ascontiguousarray(block[::8]), self.ends[0][origin], self.ends[1][goal])
        return gateway_of(self.nodes, [self.steps[arc] for arc in arcs.tolist()]) or BY_LAND


@dataclass(frozen=True, eq=False)
class Job:
    """A study to be drawn: its runs, baselines first, and the seed. `key` hashes all that decides the answer."""

    study: str
    destinations: tuple[str, ...]
    seed: int
    correlations: dict[tuple[str, str], float]
    runs: tuple[RivalsRun | SearchedRun, ...]

    @classmethod
    def of(
        cls,
        comparison: Comparison,
        *,
        baselines: Sequence[str] | None = None,
        scenarios: Sequence[str] | None = None,
        destinations: Sequence[str] | None = None,
        seed: int = 1,
        correlations: Mapping[tuple[str, str], float] | None = None,
        exact: bool = False,
    ) -> Job:
        """Prepare every pair of every run: all origins to `destinations` (the study's focus).

        `exact` searches the whole network in every draw (extra `fast`); otherwise, and in a study that does not
        minimise generalised cost, the rivals of every pair are found and the cheapest is taken.

        Raises BadValue for an unknown baseline, scenario or destination, for correlations of unknown figures or that
        contradict each other, and for a study with `evidence: published`, whose draws are an ensemble of their own.
        """
        if comparison.study.file.evidence != "none":
            raise BadValue(
                "long ensembles draw from the figures' own ranges, and the study has evidence: published",
                hint="set evidence: none in the study, or draw without a folder",
            )
        runs = _chosen(comparison, baselines, scenarios)
        goals = _goals(comparison, destinations)
        jobs: list[RivalsRun | SearchedRun] = []
        base: Ensemble | None = None
        for run in runs:
            pairs = [(o, goal) for o in comparison.origins for goal in goals if (o, goal) in run.trips and o != goal]
            if exact and run.router.by == "generalised":
                if pairs:
                    jobs.append(SearchedRun.of(run, pairs))
                continue
            ensemble = Ensemble.of(run.router, pairs, base=base if run.scenario is not None else None)
            if run.scenario is None:
                base = ensemble
            if ensemble.pairs:
                jobs.append(RivalsRun.of(run, ensemble))
        if not jobs:
            raise BadValue(f"no origin of the study reaches {', '.join(goals)}")
        job = cls(comparison.study.name, goals, seed, dict(correlations or {}), tuple(jobs))
        known = {figure: doubt for one in jobs for figure, doubt in one.doubts.items()}
        Factors(known, seed, job.correlations)  # what contradicts itself is refused before anything is drawn
        return job

    @property
    def exact(self) -> bool:
        """Whether the whole network is searched in every draw."""
        return all(isinstance(run, SearchedRun) for run in self.runs)

    @cached_property
    def key(self) -> str:
        """SHA-256 of the job."""
        told = hashlib.sha256(f"{__version__} {self.study} {self.destinations} {self.seed}".encode())
        told.update(repr(sorted(self.correlations.items())).encode())
        for run in self.runs:
            told.update(type(run).__name__.encode())
            for content in run.told():
                told.update(content)
        return told.hexdigest()


def _chosen(comparison: Comparison, baselines: Sequence[str] | None, scenarios: Sequence[str] | None) -> list[Run]:
    """Return the runs wanted, each baseline before its scenarios."""
    names = list(dict.fromkeys(run.baseline for run in comparison.runs))
    others = list(dict.fromkeys(run.scenario for run in comparison.runs if run.scenario is not None))
    for kind, known, wanted in (("baseline", names, baselines), ("scenario", others, scenarios)):
        for name in wanted or ():
            if name not in known:
                hint = did_you_mean(name, known, otherwise=f"one of: {', '.join(known)}")
                raise BadValue(f"no {kind} '{name}' in the study", hint=hint)
    kept = [
        run
        for run in comparison.runs
        if run.baseline in (baselines or names) and (scenarios is None or run.scenario in (None, *scenarios))
    ]
    return sorted(kept, key=lambda run: names.index(run.baseline))  # stable: the order of runs within one stays


def _goals(comparison: Comparison, destinations: Sequence[str] | None) -> tuple[str, ...]:
    goals = [comparison.network.node(name).node_id for name in destinations or (comparison.focus,)]
    for goal in goals:
        if goal not in comparison.destinations:
            told = ", ".join(comparison.destinations)
            raise BadValue(f"the study does not go to '{goal}'", hint=f"destinations: {told}")
    return tuple(dict.fromkeys(goals))


Counted = tuple[int, int, str, int, Ints]
"""Run, pair, what is counted, and a stretch of its bins: the first of them, and how often each."""


def counted(job: Job, start: int, count: int) -> Iterator[Counted]:
    """Price draws `start` to `start + count - 1` of every run, and yield what was counted."""
    counts = [_Counts(run) for run in job.runs]
    keys = list(dict.fromkeys(item for run in job.runs for item in run.doubts.items()))
    place = {key: row for row, key in enumerate(keys)}
    rows = [np.array([place[item] for item in run.doubts.items()]) for run in job.runs]
    makers = [
        Factors(run.doubts, job.seed, {k: v for k, v in job.correlations.items() if set(k) <= set(run.doubts)})
        for run in job.runs
    ]
    maker = {item: made for run, made in zip(job.runs, makers, strict=True) for item in reversed(run.doubts.items())}
    for begin in range(start, start + count, DRAWN):
        size = min(DRAWN, start + count - begin)
        drawn = np.empty((len(keys), size))
        for row, (figure, doubt) in enumerate(keys):
            drawn[row] = maker[figure, doubt].factor(figure, begin, size)
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

    def __init__(self, run: RivalsRun | SearchedRun) -> None:
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


def _counts_by(rows: Ints, gate: Ints, times: Any, shape: tuple[int, int]) -> Ints:
    """Add up `times` by row and gate."""
    place = rows * shape[1] + gate
    weight = np.broadcast_to(times, place.shape).ravel()
    return np.bincount(place.ravel(), weight, minlength=shape[0] * shape[1]).astype(np.int64).reshape(shape)


def _compared(costs: Floats, before: Floats, here: Ints, there: Ints) -> Ints:
    """Return how often costs are lower than before, and how often equal (within 1e-9), by pair, (2, n_pairs)."""
    found = np.zeros((2, len(here)), np.int64)
    for place, (row, old) in enumerate(zip(here.tolist(), there.tolist(), strict=True)):
        gain = before[old] - costs[row]
        slack = 1e-9 * before[old]
        lower = np.count_nonzero(gain > slack)
        found[:, place] = lower, np.count_nonzero(gain >= -slack) - lower
    return found
