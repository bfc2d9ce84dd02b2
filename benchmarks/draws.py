"""Draws of the shipped study: beside a loop over the fastest peer on the same draws; and long ensembles, by workers.

Run by `python -m benchmarks --only draws`. Peers get the factors that were drawn, make their weights of all draws in
one product of sparse matrices, and are then asked draw by draw. Long ensembles are whole runs, with the start of the
cluster, drawing, writing and adding up; by workers with one thread a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Effort, Row, in_child, peak_mb, seconds

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
CENTS = 1000
"""Peers add whole numbers: thousandths of a dollar, so that rounding chooses no other route."""
SCENARIO = "primorye-1"


def study(n_origins: int = 25, n_markets: int = 20) -> Any:
    """Return the job of all pairs of so many origins and markets, on the main baseline and one scenario."""
    from dataclasses import replace

    from corridor_net.analysis.compare import compare
    from corridor_net.network import Network
    from corridor_net.scenario.studies import default_study
    from corridor_net.uncertainty.batches.jobs import Job

    network = Network.from_folder(None)
    found = default_study(network)
    comparison = compare(found, network)
    comparison = replace(comparison, origins=comparison.origins[:n_origins])
    goals = comparison.destinations[:n_markets]
    options = {"baselines": (found.main_baseline.name,), "scenarios": (SCENARIO,), "destinations": goals}
    return Job.of(comparison, **options, exact=True)


# beside a peer


def beside_peers(effort: Effort) -> list[Row]:
    """Time the pricing of the same draws: this package, and a loop over a peer."""
    return in_child(_beside_peers, effort=effort)


def _beside_peers(effort: Effort) -> list[Row]:
    from corridor_net.uncertainty.batches.counting import PRICED
    from corridor_net.uncertainty.factors.draws import Factors

    run = study().runs[0]
    count = PRICED if effort.quick else 4 * PRICED
    maker = Factors(run.distributions, 1)
    factors = np.array([maker.factor(figure, 0, count) for figure in run.distributions])
    head = {"workload": f"Draws of the shipped study, {len(run.pairs)} pairs, one network", "draws": count}

    def own() -> np.ndarray:
        parts = [run.price(np.ascontiguousarray(factors[:, at : at + PRICED]))[0] for at in range(0, count, PRICED)]
        return np.concatenate(parts, axis=2)

    expected = own()
    made = seconds(lambda: [maker.factor(figure, 0, count) for figure in run.distributions], effort.runs)
    rows: list[Row] = []
    if find_spec("pyroutingkit"):
        name = f"pyroutingkit {version('pyroutingkit')}"
        for routes, few in ((False, count), (True, max(64, count // 8))):
            found = _routingkit(run, factors[:, :few], routes=routes)
            _agree(found, expected[:, :, :few], routes=routes)
            taken = seconds(partial(_routingkit, run, factors[:, :few], routes=routes), effort.runs) / few
            what = "cost, hours, CO2 of the route" if routes else "cost alone"
            rows.append({**head, "engine": f"{name}, {what}", "each_us": taken * 1e6})
    mine = {
        **head,
        "engine": "corridor-net, cost, hours, CO2, gateway",
        "each_us": seconds(own, effort.runs) / count * 1e6,
    }
    mine["times_peer_costs"], mine["times_peer_routes"] = (row["each_us"] / mine["each_us"] for row in rows or ({}, {}))
    return [*rows, mine, {**head, "engine": "making the factors, for all of them", "each_us": made / count * 1e6}]


def _agree(found: np.ndarray, expected: np.ndarray, *, routes: bool) -> None:
    """Costs to the rounding of weights; hours and CO2 wherever the same route was found."""
    np.testing.assert_allclose(found[0], expected[0], atol=100 / CENTS)
    if routes:
        alike = np.isclose(found[1], expected[1]) & np.isclose(found[2], expected[2])
        assert alike.mean() > 0.999, alike.mean()


def _routingkit(run: Any, factors: np.ndarray, *, routes: bool) -> np.ndarray:
    """Answer by a C++ customisable contraction hierarchy; (1 or 3, n_pairs, count)."""
    import pyroutingkit as rk
    from scipy.sparse import csr_matrix

    amounts, graph, count = run.amounts, run.hierarchy.graph, factors.shape[1]
    products = np.multiply.reduceat(factors[amounts.products.number], amounts.products.first[:-1], axis=0)
    shape = (amounts.n_arcs, len(products))
    money, hours, co2 = (csr_matrix((p.size, p.number, p.first), shape) @ products for p in amounts.parts)
    time = run.value_of_time * factors[list(run.distributions).index("cargo:value_of_time")]
    weights = money + time * hours + run.co2_price_usd_per_t / 1000 * co2
    whole = np.ascontiguousarray(np.rint(weights * CENTS).astype(np.uint32).T)
    hours, co2 = np.ascontiguousarray(hours.T), np.ascontiguousarray(co2.T)

    spots = np.zeros((2, graph.n_nodes), np.float32)
    for step in run.steps:  # states of one place lie a little apart, so that an order by place tells them apart
        for state, node in ((step.tail, step.from_node), (step.head, step.to_node)):
            spots[:, state] = run.nodes[node].y_coord, run.nodes[node].x_coord
    spots += np.random.default_rng(1).normal(0, 1e-3, spots.shape).astype(np.float32)
    topology = rk.CCHTopology()
    topology.build(graph.tail.astype(np.uint32), graph.head.astype(np.uint32), spots[0], spots[1], graph.n_nodes)
    metric = rk.CCHMetric(topology)
    origins, goals = (np.array(one, np.uint32) for one in run.ends)
    found = np.empty((3 if routes else 1, len(run.pairs), count))
    pairs = [(int(origins[row // len(goals)]), int(goals[row % len(goals)])) for row in run.rows.tolist()]
    for k in range(count):
        metric.customize(whole[k])
        if not routes:
            found[0, :, k] = metric.distances_many_to_many(origins, goals).ravel()[run.rows]
            continue
        for row, (origin, goal) in enumerate(pairs):
            distance, _, arcs = metric.query(origin, goal)
            found[:, row, k] = distance, hours[k, arcs].sum(), co2[k, arcs].sum()
    found[0] /= CENTS
    return found


# long ensembles


def batches(effort: Effort) -> list[Row]:
    """Time whole runs: both threads, twice the draws for memory, one worker and two."""
    draws = 20_000 if effort.quick else 1_000_000
    rows: list[Row] = []
    for workers, threads, count in (
        (0, 2, draws),
        (0, 2, draws // 4),
        (0, 1, draws // 4),
        (1, 1, draws),
        (2, 1, draws),
    ):
        if effort.quick and workers:
            continue
        environment = {**os.environ, **dict.fromkeys(THREADS, str(threads))}
        # a process of its own, not a daemon: it starts workers itself
        command = [sys.executable, "-m", "benchmarks.draws", str(workers), str(threads), str(count)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
    return rows


def batch(workers: int, threads: int, draws: int) -> Row:
    """Draw once."""
    from corridor_net.uncertainty.batches.batch import run_batch
    from corridor_net.uncertainty.batches.counting import counted

    job = study()
    pairs = sum(len(run.pairs) for run in job.runs)
    list(counted(job, 0, 8))  # compiled before, as kept from any earlier run
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        options = {"workers": workers, "threads": threads, "chunk_draws": min(50_000, draws // 4)}
        run_batch(job, Path(folder) / "o", draws, **options)
        taken = time.perf_counter() - start
    engine = f"{workers} worker{'s' * (workers != 1)}" if workers else f"{threads} thread{'s' * (threads != 1)}"
    return {
        "workload": f"Long ensembles of the shipped study: {len(job.runs)} networks, {pairs} pairs in all",
        "engine": engine,
        "draws": draws,
        "s": taken,
        "us_a_draw_and_network": taken / draws / len(job.runs) * 1e6,
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    print(json.dumps(batch(*(int(word) for word in sys.argv[1:]))))
