"""Workload D where a peer comes near: ours and the peer in turn in one process, one thread each, many times.

`python -m benchmarks.in_turn [--nodes N] [--runs R] [--only grid,roads] [--beside PEER,PEER]` prints a line a question:
the medians in seconds of the processor, and of the ratios turn by turn (the peer's time by ours) the median, the least
and the largest. On a shared machine these hold where seconds of the clock do not. Answers are compared before.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.__main__ import machine
from benchmarks.large import Questions, check, questions
from benchmarks.large_engines import Large, Ours, PlainHierarchy, RoutingKit
from benchmarks.networks import roads, thinned_grid


def busy_seconds(work: Callable[..., Any], *given: Any) -> float:
    """Return the seconds of the processor that some work takes."""
    begun = time.process_time()
    work(*given)
    return time.process_time() - begun


def in_turn(ours: Large, peer: Large, ask: Callable[[Large, int], Any], runs: int) -> str:
    """Let both do `ask(engine, turn)`, by turns, once unseen, and return the line of it."""
    taken = np.array([[busy_seconds(ask, one, turn) for one in (ours, peer)] for turn in range(runs + 1)])[1:]
    ratio = taken[:, 1] / taken[:, 0]
    own, peers = np.median(taken, axis=0)
    return f"{own:9.4f} {peers:9.4f} {np.median(ratio):7.2f} ({ratio.min():.2f} to {ratio.max():.2f})"


def weighed(kind: type[Large], asked: Questions) -> Large:
    """Build an engine, give it the weights, and compare its answers with the right ones."""
    engine = kind(asked.net, 1)
    engine.weigh(asked.net.weight)
    check(engine, asked, asked.rows, asked.net.weight)
    return engine


def weighing(ours: Large, peer: Large, asked: Questions, runs: int) -> Iterator[tuple[str, str]]:
    """Beside an engine that orders once for every weighting: weighing, and a change of one arc in a hundred."""
    weights = (asked.net.weight, asked.weight_after)
    yield "weighing", in_turn(ours, peer, lambda one, turn: one.weigh(weights[turn % 2]), runs)
    for one in (ours, peer):
        one.weigh(weights[0])
        one.change(asked.changed, weights[1])
        check(one, asked, asked.rows_after, weights[1])
    yield "a change of 1 %", in_turn(ours, peer, lambda one, turn: one.change(asked.changed, weights[turn % 2]), runs)


def asking(ours: Large, peer: Large, asked: Questions, runs: int) -> Iterator[tuple[str, str]]:
    """Other pairs each turn, and their routes arc by arc; all distances compared, and the first routes."""
    count, weight = len(asked.starts), asked.net.weight
    drawn = np.random.default_rng(24).integers(0, asked.net.n_nodes, (runs + 1, 2, count))
    assert all(np.array_equal(ours.pairs(*ends), peer.pairs(*ends)) for ends in drawn), "pairs differ"
    yield f"{count:,} pairs", in_turn(ours, peer, lambda one, turn: one.pairs(*drawn[turn]), runs)
    right = ours.pairs(*drawn[0]).tolist()
    for one in (ours, peer):
        assert [weight[path].sum() for path in one.paths(*drawn[0])] == right, "routes differ"
    yield f"{count:,} routes", in_turn(ours, peer, lambda one, turn: one.paths(*drawn[turn]), runs)


def main() -> None:
    """Print all lines."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.in_turn", description=__doc__)
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--only", default="roads,grid")
    parser.add_argument("--beside", default="pyroutingkit,ch-router")
    given = parser.parse_args()
    print(f"{machine()}; ours, peer, ratio", flush=True)
    for name, make, seed in (("roads", roads, 22), ("grid", thinned_grid, 21)):
        if name not in given.only.split(","):
            continue
        asked = questions(make(given.nodes, seed), 200, 1000, 23)
        ours = weighed(Ours, asked)
        for kind, questioned in ((RoutingKit, (weighing, asking)), (PlainHierarchy, (asking,))):
            if kind.package not in given.beside.split(","):
                continue
            peer = weighed(kind, asked)
            for rows in questioned:
                ours.weigh(asked.net.weight)
                if kind.ordered:  # else weighing orders anew
                    peer.weigh(asked.net.weight)
                for question, line in rows(ours, peer, asked, given.runs):
                    print(f"{asked.net.name}: {question + ', beside ' + kind.package:40} {line}", flush=True)


if __name__ == "__main__":
    main()
