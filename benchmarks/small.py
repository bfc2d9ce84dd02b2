"""Workloads B, C and G: many weightings of one topology, all subsets of upgrades, cold starts."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engines import Engine, Task, corridor_net_engine, installed
from benchmarks.measure import Effort, Row, in_child, seconds
from benchmarks.workloads import grid, shipped
from corridor_net.graph.loops.parallel import thread_count

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
    return [{"workload": "B", "engine": "all"} | row for row in rows]


def growth(effort: Effort) -> list[Row]:
    """Time against size for B: more weightings, then larger networks."""
    rows: list[Row] = []
    for count in (100, 1_000) if effort.quick else (100, 1_000, 10_000):
        rows += in_child(_ensemble, shipped, count, True, effort=effort)
    for side in (8, 24) if effort.quick else (8, 24, 76, 120):
        rows += in_child(_ensemble, partial(grid, side=side), 96, True, effort=effort)
    return [{"workload": "growth, B", "engine": "all"} | row for row in rows]


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


MADE = ("rail-harbin-suihua", "rail-mudanjiang-suifenhe", "rail-tumen-hunchun", "road-harbin-mudanjiang")
"""Links that four upgrades more make faster, so that there are twelve."""
THOUSANDTHS = 1000


def subsets(effort: Effort) -> list[Row]:
    """Workload C: every subset of twelve upgrades on the shipped network and exact Shapley values, beside a peer."""
    return in_child(_subsets, effort=effort)


def _subsets(effort: Effort) -> list[Row]:
    import corridor_net as cn
    from corridor_net.analysis.upgrade_sets.attribution import attribution
    from corridor_net.analysis.upgrade_sets.shapley import shapley
    from corridor_net.analysis.upgrade_sets.upgrades import build

    comparison = cn.compare(cn.load_study("longjiang-japan"), cn.Network.from_folder())
    base = comparison.runs[0]
    names = [run.scenario for run in comparison.scenario_runs(base.baseline) if run.scenario != "longjiang-belt"]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, link in enumerate(_links(base.router.network.rows("link"))):
            path = Path(folder) / f"made-{number}.yaml"
            change = f"{{scale: link, where: {{link_id: {link}}}, field: speed_kmh, by: 1.3, why: made up, grade: D}}"
            path.write_text(f"scenario: made-{number}\ntitle: made\nwhy: made up\nchanges:\n  - {change}\n")
            files.append(path)
        upgrades = [cn.load_scenario(name) for name in (*names, *files)][:12]
    origins, goals = comparison.origins[:25], comparison.destinations[:20]
    every = 2 ** len(upgrades)
    begun = time.perf_counter()
    subsets = build(base.router, upgrades)
    built = time.perf_counter() - begun
    found = attribution(subsets, origins, goals, countries=False)
    taken = seconds(lambda: attribution(subsets, origins, goals, countries=False), effort.runs)
    sized = f"C all {every:,} subsets of {len(upgrades)} upgrades, Shapley values"
    head = {"workload": f"{sized}, {len(origins)} x {len(goals)} pairs"}
    own = {**head, "engine": "corridor-net", "subsets": every, "compiled_s": built, "study_s": built + taken}
    if not find_spec("pyroutingkit"):
        return [own, {**head, "engine": "pyroutingkit", "note": "not installed"}]
    few = 64 if effort.quick else every
    asked = [subsets.end_state(o, "origin") for o in origins], [subsets.end_state(d, "destination") for d in goals]
    peer = partial(
        _by_routingkit, subsets.graph, [base.router.network.nodes[node] for node, _ in subsets.states], asked
    )
    begun = time.perf_counter()
    means = peer(subsets.amounts(mask)[0] for mask in range(few))
    given = (time.perf_counter() - begun) * every / few
    if few == every:
        expected = [share.shapley for share in found.shares]
        assert np.allclose(shapley(means[0] - means), expected, atol=0.05), "the engines disagree"
    some = np.random.default_rng(2).integers(0, every, 8 if effort.quick else 40).tolist()
    begun = time.perf_counter()
    again = [_run_again(base, subsets, origins, goals, mask) for mask in some]
    rerun = (time.perf_counter() - begun) * every / len(some)
    assert np.allclose(again, peer(subsets.amounts(mask)[0] for mask in some), atol=0.05), "the engines disagree"
    own["times_fastest_peer"] = {"study_s": rerun / (built + taken)}
    name = f"pyroutingkit {version('pyroutingkit')}"
    return [
        {**head, "engine": f"{name}, study run again for each", "subsets": len(some), "study_s": rerun},
        {**head, "engine": f"{name}, given our weights of each", "subsets": few, "study_s": given},
        own,
    ]


def _run_again(base: Any, subsets: Any, origins: Sequence[str], goals: Sequence[str], mask: int) -> float:
    """Return the mean cost of one subset as who has no model of subsets gets it: applied, compiled, ordered, asked."""
    from corridor_net.analysis.router import Router
    from corridor_net.costing import impedance
    from corridor_net.scenario.load import combine

    effective = subsets.rules.effective(mask)
    whole = combine([upgrade for bit, upgrade in enumerate(subsets.upgrades) if effective >> bit & 1])
    network = whole.apply(base.router.network) if whole else base.router.network
    router = Router(impedance(network, base.router.impedance.cargo.cargo_id))
    asked = [router.end_state(o, "origin") for o in origins], [router.end_state(d, "destination") for d in goals]
    nodes = [network.nodes[node] for node, _ in router.impedance.states]
    return float(_by_routingkit(router.graph, nodes, asked, [router.generalised])[0])


def _links(rows: Any) -> list[str]:
    """Return four links of those named, or the first ones, that are there."""
    known = [row.link_id for row in rows]
    return [*(link for link in MADE if link in known), *(link for link in known if link not in MADE)][:4]


def _by_routingkit(graph: Any, nodes: Sequence[Any], ends: Any, weightings: Iterable[np.ndarray]) -> np.ndarray:
    """Return the mean cost over all pairs of each weighting, set and asked one by one."""
    import pyroutingkit as rk

    spots = np.array([[n.y_coord for n in nodes], [n.x_coord for n in nodes]], np.float32)
    spots += np.random.default_rng(1).normal(0, 1e-3, spots.shape).astype(np.float32)
    topology = rk.CCHTopology()
    topology.build(graph.tail.astype(np.uint32), graph.head.astype(np.uint32), spots[0], spots[1], graph.n_nodes)
    metric = rk.CCHMetric(topology)
    asked = [np.array(states, np.uint32) for states in ends]
    found = []
    for weights in weightings:
        metric.customize(np.rint(np.minimum(weights * THOUSANDTHS, rk.INF_WEIGHT - 1)).astype(np.uint32))
        found.append(metric.distances_many_to_many(*asked).astype(float).mean() / THOUSANDTHS)
    return np.array(found)


def cold(effort: Effort) -> list[Row]:
    """Workload G, whole processes: help, import, first route; and the one time loops are compiled at all."""
    module = [sys.executable, "-m", "corridor_net.cli.main"]
    compiling = (
        "from corridor_net.graph import Graph; from corridor_net.graph.hierarchy.hierarchy import Hierarchy;"
        "from corridor_net.graph.hierarchy.metric import Metric;"
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
