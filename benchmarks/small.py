"""Workloads B, C and G: many weightings of one topology, all subsets of upgrades, cold starts."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.engines import Engine, Task, corridor_net_engine, installed
from benchmarks.measure import Effort, Row, in_child, seconds
from benchmarks.workloads import grid, shipped
from corridor_net.graph.parallel import thread_count

CORES = thread_count(None)

CHECKED = 3
"""Weightings on which all engines must agree before any is timed."""
SLOW = {"networkx": 2, "rustworkx": 10, "igraph": 20, "scipy": 20}
"""Weightings a slow engine is timed on; others answer all."""


def ensembles(effort: Effort) -> list[Row]:
    """Workload B, on the shipped network and on a grid never used in tuning."""
    count = 1_000 if effort.quick else 10_000
    rows: list[Row] = []
    for make in (shipped, grid):
        rows += in_child(_ensemble, make, count, False, effort=effort)
    return rows


def growth(effort: Effort) -> list[Row]:
    """Time against size for B: more weightings, then larger networks."""
    rows: list[Row] = []
    for count in (10, 100, 1_000) if effort.quick else (10, 100, 1_000, 10_000):
        rows += in_child(_ensemble, shipped, count, True, effort=effort)
    for side in (8, 24) if effort.quick else (8, 24, 76, 240):
        rows += in_child(_ensemble, partial(grid, side=side), 100, True, effort=effort)
    return rows


def _ensemble(make: Callable[[int], Task], count: int, grown: bool, effort: Effort) -> list[Row]:
    """Time every engine on a task; when it is about growth only this package and the fastest peer."""
    for options in ({"routes": True}, {"dtype": "float32"}):  # compiled loops are read from their cache
        corridor_net_engine(grid(CHECKED, side=7), CHECKED, **options)
    task = make(count)
    peers, absent = installed()
    expected = corridor_net_engine(task, CHECKED)
    own: dict[str, Engine] = {
        "corridor-net": partial(corridor_net_engine, threads=1),
        f"corridor-net, {CORES} threads": partial(corridor_net_engine, threads=CORES),
        "corridor-net, float32": partial(corridor_net_engine, threads=1, dtype="float32"),
        f"corridor-net, float32, {CORES} threads": partial(corridor_net_engine, threads=CORES, dtype="float32"),
        "corridor-net, with routes": partial(corridor_net_engine, threads=1, routes=True),
        f"corridor-net, with routes, {CORES} threads": partial(corridor_net_engine, threads=CORES, routes=True),
    }
    if grown:
        peers = {name: pair for name, pair in peers.items() if pair[0] == "pyroutingkit"}
        own = {
            name: engine for name, engine in own.items() if "," not in name or name == f"corridor-net, {CORES} threads"
        }
    for name, (_, engine) in peers.items():
        assert np.array_equal(engine(task, CHECKED), expected), f"{name} disagrees on {task.name}"
    rows: list[Row] = []
    sized = f"B {task.name}, {task.n_nodes:,} nodes, {len(task.tail):,} arcs, {count:,} weightings"
    for name, engine in [*((n, e) for n, (_, e) in peers.items()), *own.items()]:
        asked = min(count, SLOW.get(name.split()[0], count))
        # What is done once (reading the arcs, ordering) is timed apart, on one weighting.
        once, whole = seconds(partial(engine, task, 1), effort.runs), seconds(partial(engine, task, asked), effort.runs)
        each = 1e6 * max(whole - once, 1e-9) / max(asked - 1, 1)
        workload = f"growth, {sized}" if grown else sized
        rows.append({"workload": workload, "engine": name, "weightings": asked, "once_s": once, "each_us": each})
    fastest = [row["each_us"] for row in rows if not row["engine"].startswith("corridor-net")]
    for row in rows:
        if fastest and row["engine"].startswith("corridor-net"):
            row["times_fastest_peer"] = {"each_us": min(fastest) / row["each_us"]}
    return rows + [{"workload": sized, "engine": name, "note": "not installed"} for name in absent if not grown]


def subsets(effort: Effort) -> list[Row]:
    """Workload C, beside setting the fastest peer to every subset: 2^k weightings of its workload B."""
    return [{"workload": "C", "engine": "corridor-net"} | row for row in in_child(_subsets, effort=effort)]


def _subsets(effort: Effort) -> list[Row]:
    import corridor_net as cn
    from corridor_net.analysis.attribution import attribution_summary

    comparison = cn.compare(cn.load_study("longjiang-japan"), cn.Network.from_folder())
    taken = seconds(lambda: attribution_summary(comparison), effort.runs)
    return [{"workload": "C all subsets, Shapley values", "engine": "corridor-net", "once_s": taken}]


def cold(effort: Effort) -> list[Row]:
    """Workload G, whole processes: help, import, first route; and the one time loops are compiled at all."""
    module = [sys.executable, "-m", "corridor_net.cli.main"]
    compiling = (
        "from corridor_net.graph import Graph; from corridor_net.graph.hierarchy import Hierarchy;"
        "from corridor_net.graph.metric import Metric;"
        "m = Metric.of(Hierarchy.build(Graph.from_arcs(2, [0], [1])), [1.0]); m.one_to_all(0);"
        "m.many_to_many([0], [1]); m.paths([0], [1])"
    )
    commands = {
        "python alone": [sys.executable, "-c", "pass"],
        "--help": [*module, "--help"],
        "import corridor_net": [sys.executable, "-c", "import corridor_net"],
        "route harbin niigata": [*module, "route", "harbin", "niigata"],
        "large-network engine, loops from their cache": [sys.executable, "-c", compiling],
    }
    quiet = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rows: list[Row] = [
        {"workload": "G cold start", "engine": name, "once_s": seconds(partial(quiet, command), max(effort.runs, 5))}
        for name, command in commands.items()
    ]
    if not effort.quick:
        with tempfile.TemporaryDirectory() as folder:
            once = seconds(
                partial(quiet, [sys.executable, "-c", compiling], env=os.environ | {"NUMBA_CACHE_DIR": folder}), 1
            )
        name = "large-network engine, compiled once an installation"
        rows.append({"workload": "G cold start", "engine": name, "once_s": once})
    return rows
