"""Workloads A and D: large networks, one weighting at a time, each engine in a process of its own.

Every engine's answers are compared with scipy's before it is timed.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.large_engines import FAST, OURS, OWN, SLOW, Igraph, Large, Ours, OursDijkstra, RoutingKit, Scipy, there
from benchmarks.measure import Effort, Row, in_child, sampled, seconds
from benchmarks.networks import Net, roads, thinned_grid
from corridor_net.graph.loops.parallel import thread_count

Array = np.ndarray[Any, Any]
CORES = thread_count(None)


@dataclass(frozen=True)
class Questions:
    """What is asked of one network, and some right answers: the rows of the first sources, before and after."""

    net: Net
    sources: Array
    targets: Array
    starts: Array
    ends: Array
    changed: Array
    weight_after: Array
    rows: Array
    rows_after: Array


def questions(net: Net, n_matrix: int, n_pairs: int, seed: int) -> Questions:
    """Draw sources, targets and pairs, change one arc in a hundred, and have scipy answer two sources."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, net.n_nodes, (4, max(n_matrix, n_pairs)))
    changed = rng.permutation(net.n_arcs)[: max(1, net.n_arcs // 100)]
    after = net.weight.copy()
    after[changed] = np.maximum(np.rint(after[changed] * rng.uniform(0.5, 2, len(changed))), 1)
    judge = Scipy(net, 1)
    rows = []
    for weight in (net.weight, after):
        judge.weigh(weight)
        rows.append(np.stack([judge.one_to_all(int(source)) for source in drawn[0, :2]]))
    sources, targets, starts, ends = drawn[0, :n_matrix], drawn[1, :n_matrix], drawn[2, :n_pairs], drawn[3, :n_pairs]
    return Questions(net, sources, targets, starts, ends, changed, after, *rows)


def saved(asked: Questions, folder: str) -> str:
    """Write what is asked; return the file's name."""
    net = {f"net_{name}": value for name, value in asked.net.__dict__.items()}
    own = {name: value for name, value in asked.__dict__.items() if name != "net"}
    path = Path(folder) / f"{asked.net.name.replace(' ', '_')}.npz"
    np.savez(path, **net, **own)
    return str(path)


def loaded(path: str) -> Questions:
    """Read what `saved` wrote."""
    with np.load(path) as file:
        given = {name: file[name] for name in file.files}
    net = {name[4:]: given.pop(name) for name in list(given) if name.startswith("net_")}
    net["name"], net["n_nodes"] = str(net["name"]), int(net["n_nodes"])
    return Questions(Net(**net), **given)


def has(kind: type[Large], name: str) -> bool:
    """Whether an engine answers a question, itself or by its one-to-all."""
    if name in ("one_to_all", "paths"):
        return getattr(kind, name) is not getattr(Large, name) and not (kind is OursDijkstra and name == "paths")
    return getattr(kind, name) is not getattr(Large, name) or has(kind, "one_to_all")


def check(engine: Large, asked: Questions, rows: Array, weight: Array) -> None:
    """Compare an engine's answers with the right ones; AssertionError where they differ."""
    two, few = asked.sources[:2], asked.targets[:8]
    assert np.array_equal(engine.matrix(two, few), rows[:, few]), "matrix differs"
    kind = type(engine)
    if has(kind, "one_to_all"):
        assert np.array_equal(engine.one_to_all(int(two[0])), rows[0]), "one-to-all differs"
    if has(kind, "pairs"):
        assert np.array_equal(engine.pairs(np.repeat(two, 4), few), rows[np.repeat([0, 1], 4), few]), "pairs differ"
    if has(kind, "paths"):
        found = engine.paths(np.repeat(two, 4), few)
        expected = rows[np.repeat([0, 1], 4), few]
        assert [weight[path].sum() for path in found] == expected.tolist(), "paths differ"


def ask_once(kind: type[Large], threads: int, path: str, effort: Effort) -> list[Row]:
    """Workload D for one engine, in its process."""
    asked = loaded(path)
    net, built = asked.net, []
    if issubclass(kind, Ours):  # compiled loops are read from their cache, in about a second
        _woken(kind, threads)
    row: Row = {"order_s": seconds(lambda: built.append(kind(net, threads)), 1)}
    engine = built[0]
    row["weigh_s"] = seconds(lambda: engine.weigh(net.weight), 1)
    if (ready := getattr(engine, "ready", None)) is not None:
        row["ready_s"] = seconds(ready, 1)
    check(engine, asked, asked.rows, net.weight)
    if row["weigh_s"] * effort.runs < effort.budget_s:
        row["weigh_s"] = seconds(lambda: engine.weigh(net.weight), effort.runs)
    if ready is not None:
        ready()
    sources, targets, starts, ends = asked.sources, asked.targets, asked.starts, asked.ends
    few = sources[:10].tolist()
    if has(kind, "one_to_all"):
        taken, _ = sampled(lambda k: [engine.one_to_all(s) for s in few[:k]], len(few), effort)
        row["one_to_all_s"] = taken / len(few)
    row["matrix_s"], row["sources"] = sampled(
        lambda k: engine.matrix(sources[:k], targets), len(sources), effort, kind.batched
    )
    if has(kind, "pairs"):
        row["pairs_s"], row["pairs"] = sampled(lambda k: engine.pairs(starts[:k], ends[:k]), len(starts), effort)
    if has(kind, "paths"):
        row["paths_s"], _ = sampled(lambda k: engine.paths(starts[:k], ends[:k]), len(starts), effort)
    if kind.change is not Large.change or row["weigh_s"] < effort.budget_s:
        row["change_s"] = seconds(lambda: engine.change(asked.changed, asked.weight_after), 1)
        check(engine, asked, asked.rows_after, asked.weight_after)
    else:
        row["change_s"] = row["weigh_s"]
    return [row]


def _woken(kind: type[Large], threads: int) -> None:
    """Ask everything once of a small network."""
    small = questions(thinned_grid(10_000, 1), 8, 8, 1)
    engine = kind(small.net, threads)
    engine.weigh(small.net.weight)
    check(engine, small, small.rows, small.net.weight)
    engine.begin(small.net.weight[None])
    engine.vary(0, small.changed[:10], small.weight_after)


def grids(effort: Effort) -> list[Row]:
    """Workload D on a hard network, a grid."""
    return _large(thinned_grid(50_000 if effort.quick else 1_000_000, 21), _peers(effort), effort)


def road_like(effort: Effort) -> list[Row]:
    """Workload D on a network like roads, not used in tuning; slow peers answer on the other only."""
    return [] if effort.quick else _large(roads(1_000_000, 22), [Scipy, *FAST], effort)


def _large(net: Net, peers: list[type[Large]], effort: Effort) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        path = saved(questions(net, 200, 1000, 23), folder)
        for kind, threads in engines([*peers, OursDijkstra, *OURS]):
            patience = replace(effort, limit_s=min(effort.limit_s, 100)) if kind in SLOW else effort
            rows += told(f"D {net.name}", kind, threads, in_child(ask_once, kind, threads, path, effort=patience))
    return compared(rows)


def _peers(effort: Effort) -> list[type[Large]]:
    return [Scipy, Igraph, RoutingKit] if effort.quick else [Scipy, *FAST] if effort.few else [*SLOW, *FAST]


def engines(kinds: list[type[Large]]) -> list[tuple[type[Large], int]]:
    """Return each engine that is installed with one thread and, where it has them, with all."""
    # pyroutingkit can weigh with several threads, but took four times as long with two.
    threaded = ("corridor-net", "aequilibrae")
    found = []
    for kind in kinds:
        if there(kind):
            found.append((kind, 1))
            if kind.package in threaded:
                found.append((kind, CORES))
    return found


def told(workload: str, kind: type[Large], threads: int, rows: list[Row]) -> list[Row]:
    """Name the rows."""
    named = {"workload": workload, "engine": kind.title(threads), "threads": threads, "ordered": kind.ordered}
    return [named | row for row in rows]


OF_ORDERED = ("order_s", "weigh_s", "change_s")
OF_ALL = ("one_to_all_s", "matrix_s", "pairs_s", "paths_s", "study_s", "network_ms")


def compared(rows: list[Row]) -> list[Row]:
    """Add to the rows of this package's hierarchy how many times faster they are than the fastest peer.

    One thread is compared with one, all with the better of one and all. What is done before questions (ordering,
    weighing) is compared with engines that order once for every weighting, questions with all.
    """
    for row in rows:
        if not (row["engine"].startswith(OWN) and row["ordered"]):
            continue
        peers = [
            peer
            for peer in rows
            if peer["workload"] == row["workload"]
            and not peer["engine"].startswith(OWN)
            and peer["threads"] <= row["threads"]
        ]
        times = {}
        for name in (*OF_ORDERED, *OF_ALL):
            known = [peer[name] for peer in peers if name in peer and (peer["ordered"] or name in OF_ALL)]
            if known and name in row:
                times[name] = min(known) / row[name]
        row["times_fastest_peer"] = times
    return rows


@dataclass(frozen=True)
class Study:
    """The World Bank's shape: cities with people, projects that speed up the ways between some of them.

    `weights` of every network; `bases` of none of the projects and of all, from which networks differ a little.
    """

    asked: Questions
    cities: Array
    people: Array
    weights: Array
    bases: Array


def study(n_nodes: int, n_cities: int, n_projects: int, seed: int) -> Study:
    """Draw a study: each project makes the arcs of one shortest way between two cities a third faster.

    Its weightings: every project alone, then all but one.
    """
    rng = np.random.default_rng(seed)
    net = roads(n_nodes, seed)
    cities = np.sort(rng.permutation(n_nodes)[:n_cities])
    people = np.rint(np.exp(rng.normal(12, 1, n_cities)))
    from corridor_net.graph import Graph
    from corridor_net.graph.search.compiled_dijkstra import many_to_all

    graph = Graph.from_arcs(net.n_nodes, net.tail, net.head)
    place = {(t, h): k for k, (t, h) in enumerate(zip(net.tail.tolist(), net.head.tolist(), strict=True))}
    built = np.zeros((n_projects, net.n_arcs), bool)
    for project in built:
        start, end = rng.choice(cities, 2, replace=False).tolist()
        route = many_to_all(graph, net.weight, [start], threads=1)[0].path(end)
        project[route] = True
        project[[place[h, t] for t, h in zip(net.tail[route].tolist(), net.head[route].tolist(), strict=True)]] = True
    none, alone = np.zeros((1, n_projects), int), np.eye(n_projects, dtype=int)
    sets = np.concatenate([none, 1 - none, alone, 1 - alone])
    weights = np.where(sets @ built.astype(np.int32) > 0, np.maximum(np.rint(net.weight * 2 / 3), 1), net.weight)
    asked = questions(net, n_cities, 1, seed)
    judge = Scipy(net, 1)
    judge.weigh(weights[-1])
    rows = np.stack([judge.one_to_all(int(source)) for source in cities[:2]])
    own = Questions(net, cities, cities, cities[:1], cities[:1], asked.changed, weights[-1], rows, rows)
    return Study(own, cities, people, weights[2:], weights[:2])


def market_access(cost: Array, people: Array) -> Array:
    """Return for each city the people it reaches, each less by the 3.8th power of the way (as in the study)."""
    # x^-3.8 by logarithm and exponential, which numpy does many numbers at a time, in the memory of one matrix.
    near = np.maximum(cost, 1.0)
    np.log(near, out=near)
    near *= -3.8
    np.exp(near, out=near)
    np.fill_diagonal(near, 0.0)
    return near @ people


def ask_study(kind: type[Large], threads: int, path: str, effort: Effort) -> list[Row]:
    """Workload A for one engine, in its process: the whole study, or a sample of networks and cities."""
    with np.load(path + ".study.npz") as file:
        cities, people, weights, bases = file["cities"], file["people"], file["weights"], file["bases"]
    asked = loaded(path)
    if issubclass(kind, Ours):
        _woken(kind, threads)
    built: list[Large] = []
    row: Row = {"order_s": seconds(lambda: built.append(kind(asked.net, threads)), 1)}
    engine = built[0]
    engine.weigh(asked.weight_after)
    assert np.array_equal(engine.matrix(cities[:2], cities), asked.rows[:, cities]), "matrix differs"

    base_of = np.arange(len(weights)) * 2 // len(weights)
    differ = [np.flatnonzero(weight != bases[base]) for weight, base in zip(weights, base_of, strict=True)]
    engine.begin(bases)
    engine.vary(0, differ[0], weights[0])  # what is prepared by the first change, and compiled, is prepared
    assert np.array_equal(engine.matrix(cities[:2], cities), _first_rows(asked.net, weights[0], cities)), "differs"

    def networks(count: int) -> None:
        engine.begin(bases)
        for number in range(count):
            engine.vary(base_of[number], differ[number], weights[number])
            market_access(engine.matrix(cities, cities), people)

    if kind.batched:
        taken, row["networks"] = (
            sampled(networks, len(weights), effort)
            if kind not in OURS
            else (
                seconds(lambda: networks(len(weights)), 1),
                len(weights),
            )
        )
    else:
        # A loop over sources: one network is weighed, and as many cities asked as there is time for.
        weigh = seconds(lambda: engine.vary(0, differ[0], weights[0]), 1)
        one, row["sources"] = sampled(lambda k: engine.matrix(cities[:k], cities), len(cities), effort)
        taken, row["networks"] = (weigh + one) * len(weights), 1
    row["study_s"] = row["order_s"] + taken
    row["network_ms"] = 1e3 * taken / len(weights)
    return [row]


def _first_rows(net: Net, weight: Array, cities: Array) -> Array:
    judge = Scipy(net, 1)
    judge.weigh(weight)
    return np.stack([judge.one_to_all(int(city))[cities] for city in cities[:2]])


def world_bank(effort: Effort) -> list[Row]:
    """Workload A."""
    given = study(5_000, 200, 10, 31) if effort.quick else study(100_000, 910, 71, 31)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        path = saved_study(given, folder)
        name = f"A {given.asked.net.name}, {len(given.cities)} cities, {len(given.weights)} networks"
        for kind, threads in engines([*_peers(effort), OursDijkstra, *OURS]):
            rows += told(name, kind, threads, in_child(ask_study, kind, threads, path, effort=effort))
    return compared(rows)


def saved_study(given: Study, folder: str) -> str:
    """Write a study; return the name of its questions' file."""
    path = saved(given.asked, folder)
    np.savez(path + ".study.npz", cities=given.cities, people=given.people, weights=given.weights, bases=given.bases)
    return path


def growth(effort: Effort) -> list[Row]:
    """Time against size for A and D, this package beside the fastest peer and scipy."""
    rows: list[Row] = []
    sizes = (1_000, 10_000) if effort.quick else (1_000, 10_000, 100_000, 1_000_000)
    effort = replace(effort, budget_s=effort.budget_s / 3)
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = saved(questions(roads(size, 41), 200, 1000, 42), folder)
            for kind, threads in [(Scipy, 1), (RoutingKit, 1), (Ours, 1), (Ours, CORES)]:
                if there(kind):
                    rows += told(
                        f"growth, D roads {size:,}",
                        kind,
                        threads,
                        in_child(ask_once, kind, threads, path, effort=effort),
                    )
        for size in sizes[:3]:
            given = study(size, min(size // 10, 910), 10, 43)
            path = saved_study(given, folder)
            for kind, threads in [(Scipy, 1), (RoutingKit, 1), (Ours, 1), (Ours, CORES)]:
                if there(kind):
                    name = f"growth, A {size:,} nodes, {len(given.cities)} cities, {len(given.weights)} networks"
                    rows += told(name, kind, threads, in_child(ask_study, kind, threads, path, effort=effort))
    return compared(rows)
