"""Workloads E and F: routes that no other beats, and routes that differ, on a network of 10,000 nodes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from importlib.metadata import version
from itertools import islice, pairwise
from typing import Any

import numpy as np

from benchmarks.large import CORES
from benchmarks.measure import Effort, Row, in_child
from benchmarks.networks import Net, roads

Array = np.ndarray[Any, Any]
Pair = tuple[int, int]

ALTERNATIVES, OVERLAP = 5, 0.5
YEN = 200
"""Shortest routes that Yen's algorithm is asked for before the filter gives up."""


def criteria(net: Net, seed: int) -> dict[str, Array]:
    """Two sets of three whole costs an arc: by class of link, as modes of transport differ, and independent."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, net.n_arcs)
    hours, co2 = np.array([0.6, 1, 1.3])[kind], np.array([1.2, 1, 0.9])[kind]
    loose = rng.uniform(0.5, 1.5, (2, net.n_arcs))
    return {
        "three classes of link": np.stack([net.weight, np.rint(net.weight * hours), np.rint(net.weight * co2)]),
        "independent costs": np.stack([net.weight, *np.rint(net.weight * loose)]),
    }


def random_pairs(net: Net, count: int, seed: int, reach: tuple[float, float] | None = None) -> list[Pair]:
    """Draw pairs of nodes, or of nodes that are between two distances apart (a link is about one long)."""
    rng = np.random.default_rng(seed)
    found: list[Pair] = []
    while len(found) < count:
        start, end = rng.integers(0, net.n_nodes, 2).tolist()
        apart = float(np.hypot(net.x[start] - net.x[end], net.y[start] - net.y[end]))
        if start != end and (reach is None or reach[0] <= apart <= reach[1]):
            found.append((start, end))
    return found


def plain_pareto(lists: list[list[tuple[int, float, float, float]]], to_go: list[Any], pair: Pair) -> list[Any]:
    """Return the front by label setting in plain Python; `to_go`: bounds as the compiled one has, or zeros."""
    source, target = pair
    heap = [(to_go[source], (0.0, 0.0, 0.0), source)]
    fronts: list[list[tuple[float, float, float]]] = [[] for _ in lists]
    best = fronts[target]
    while heap:
        bound, cost, node = heappop(heap)
        if _beaten(fronts[node], cost) or _beaten(best, bound):
            continue
        fronts[node].append(cost)
        if node == target:
            continue
        for head, a, b, c in lists[node]:
            onward = (cost[0] + a, cost[1] + b, cost[2] + c)
            rest = to_go[head]
            reach = (onward[0] + rest[0], onward[1] + rest[1], onward[2] + rest[2])
            if not _beaten(fronts[head], onward) and not _beaten(best, reach):
                heappush(heap, (reach, onward, head))
    return sorted(best)


def _beaten(front: list[tuple[float, float, float]], cost: tuple[float, float, float]) -> bool:
    a, b, c = cost
    return any(x <= a and y <= b and z <= c for x, y, z in front)


def plain_bounds(backward: list[list[tuple[int, float, float, float]]], target: int) -> list[Any]:
    """Return the least of each cost from every node to the target, by Dijkstra in plain Python."""
    rows = []
    for k in (1, 2, 3):
        least = [float("inf")] * len(backward)
        least[target] = 0.0
        heap = [(0.0, target)]
        while heap:
            cost, node = heappop(heap)
            if cost > least[node]:
                continue
            for arc in backward[node]:
                if cost + arc[k] < least[arc[0]]:
                    least[arc[0]] = cost + arc[k]
                    heappush(heap, (least[arc[0]], arc[0]))
        rows.append(least)
    return list(zip(*rows, strict=True))


def _lists(net: Net, costs: Array, tail: Array, head: Array) -> list[list[tuple[int, float, float, float]]]:
    lists: list[list[tuple[int, float, float, float]]] = [[] for _ in range(net.n_nodes)]
    for t, h, a, b, c in zip(tail.tolist(), head.tolist(), *costs.tolist(), strict=True):
        lists[t].append((h, a, b, c))
    return lists


@dataclass(frozen=True)
class Timed:
    """The answers to the first pairs, as many as there was time for, and the seconds each took."""

    answers: list[Any]
    taken: list[float]


def timed(ask: Callable[[Pair], Any], pairs: Sequence[Pair], budget_s: float) -> Timed:
    """Ask for one pair after the other until the time is over."""
    found = Timed([], [])
    for pair in pairs:
        start = time.perf_counter()
        found.answers.append(ask(pair))
        found.taken.append(time.perf_counter() - start)
        if sum(found.taken) > budget_s:
            break
    return found


def all_threads(ask: Callable[[Pair], Any], pairs: Sequence[Pair]) -> float:
    """Return the seconds of all pairs, shared over the cores."""
    start = time.perf_counter()
    with ThreadPoolExecutor(CORES) as team:
        list(team.map(ask, pairs))
    return time.perf_counter() - start


def fronts(effort: Effort) -> list[Row]:
    """Workload E."""
    return [{"workload": "E", "engine": "all"} | row for row in in_child(_fronts, effort=effort)]


def _fronts(effort: Effort) -> list[Row]:
    from corridor_net.graph import Graph
    from corridor_net.graph.beside.pareto import pareto
    from corridor_net.graph.extra.pair_fronts import PairFronts

    net = roads(10_000, 51)
    graph = Graph.from_arcs(net.n_nodes, net.tail, net.head)
    pairs = random_pairs(net, 10 if effort.quick else 100, 52)
    rows: list[Row] = []
    for name, costs in criteria(net, 53).items():
        forward, backward = _lists(net, costs, net.tail, net.head), _lists(net, costs, net.head, net.tail)

        begun = time.perf_counter()
        prepared = PairFronts.of(graph, costs)
        once = time.perf_counter() - begun

        def own(pair: Pair, prepared: PairFronts = prepared) -> Any:
            return prepared.pareto(*pair).cost.tolist()

        def alone(pair: Pair, costs: Array = costs) -> Any:
            return pareto(graph, costs, *pair).cost.tolist()

        def plain(pair: Pair, forward: Any = forward, backward: Any = backward) -> Any:
            return [list(cost) for cost in plain_pareto(forward, plain_bounds(backward, pair[1]), pair)]

        def textbook(pair: Pair, forward: Any = forward) -> Any:
            return [list(cost) for cost in plain_pareto(forward, [(0.0, 0.0, 0.0)] * len(forward), pair)]

        assert own(pairs[0]) == alone(pairs[0])  # and compiled loops are read
        theirs = timed(plain, pairs, effort.budget_s * 5)
        some = pairs if not effort.quick else pairs[:1] if name.startswith("three") else []  # the others take a minute
        without = timed(textbook, some, effort.budget_s)
        asked = len(theirs.answers)
        for answers in (theirs.answers, without.answers):
            assert [own(pair) for pair in pairs[: len(answers)]] == answers, "fronts differ"
        ours = timed(own, pairs, np.inf)
        sizes = [len(front) for front in ours.answers]
        workload = f"E {net.name}, {name}, fronts of {np.mean(sizes):.0f} on average, {max(sizes)} at most"
        common = {"workload": workload, "pairs": len(pairs)}
        few = len(without.taken)
        if few:
            setting = {"engine": "plain Python, label setting", "pairs": few, "each_ms": _ms(without.taken)}
            rows.append({**common, **setting})
        rows.append({**common, "engine": "plain Python, same bounds", "pairs": asked, "each_ms": _ms(theirs.taken)})
        single = timed(alone, pairs, np.inf)
        assert single.answers == ours.answers, "fronts differ"
        together = 1e3 * all_threads(own, pairs) / len(pairs)
        for title, each, sample in (
            ("corridor-net, a pair alone", _ms(single.taken), _ms(single.taken[:asked])),
            ("corridor-net", _ms(ours.taken), _ms(ours.taken[:asked])),
            (f"corridor-net, {CORES} threads", together, _ms(ours.taken[:asked]) * together / _ms(ours.taken)),
        ):
            prepared_s = {} if title.endswith("alone") else {"once_s": once}
            row = {**common, "engine": title, **prepared_s, "each_ms": each}
            if few:
                row["times_label_setting"] = _ms(without.taken) / (_ms(ours.taken[:few]) * each / _ms(ours.taken))
            rows.append({**row, "times_fastest_peer": {"each_ms": _ms(theirs.taken) / sample}})
    return rows


def _ms(taken: list[float]) -> float:
    return 1e3 * float(np.mean(taken))


def filtered(weight: Array, routes: Any) -> list[float]:
    """Of routes by cost (arcs) take each that overlaps those taken by no more than allowed; return their costs."""
    taken: list[tuple[set[int], float]] = []
    for route in routes:
        arcs, cost = set(route), float(weight[list(route)].sum())
        if all(weight[list(arcs & old)].sum() <= OVERLAP * min(cost, size) for old, size in taken):
            taken.append((arcs, cost))
            if len(taken) == ALTERNATIVES:
                break
    return [cost for _, cost in taken]


def alternatives(effort: Effort) -> list[Row]:
    """Workload F."""
    rows = in_child(_alternatives, effort=replace(effort, limit_s=2 * effort.limit_s))
    return [{"workload": "F", "engine": "all"} | row for row in rows]


def _alternatives(effort: Effort) -> list[Row]:
    import igraph
    import networkx as nx

    from corridor_net.errors import BadValue
    from corridor_net.graph import Graph
    from corridor_net.graph.extra.alternatives import alternatives as search

    net = roads(10_000, 61)
    weight = net.weight
    graph = Graph.from_arcs(net.n_nodes, net.tail, net.head)
    reach = (2.0, 50.0)
    pairs = random_pairs(net, 6 if effort.quick else 100, 62, reach)
    ends = list(zip(net.tail.tolist(), net.head.tolist(), strict=True))
    number = {end: arc for arc, end in enumerate(ends)}
    c_graph = igraph.Graph(net.n_nodes, ends, directed=True)
    x_graph = nx.DiGraph()
    x_graph.add_weighted_edges_from((t, h, w) for (t, h), w in zip(ends, weight.tolist(), strict=True))

    def own(pair: Pair) -> list[float]:
        try:
            return [route.cost for route in search(graph, weight, *pair, count=ALTERNATIVES, max_overlap=OVERLAP)]
        except BadValue:
            return []

    def yen_igraph(pair: Pair) -> list[float]:
        listed = weight.tolist()
        size = 25
        while True:
            found = filtered(weight, c_graph.get_k_shortest_paths(*pair, k=size, weights=listed, output="epath"))
            if len(found) == ALTERNATIVES or size >= YEN:
                return found
            size *= 2

    def yen_networkx(pair: Pair) -> list[float]:
        found = islice(nx.shortest_simple_paths(x_graph, *pair, weight="weight"), YEN)
        return filtered(weight, ([number[end] for end in pairwise(path)] for path in found))

    own(pairs[0])
    ours = timed(own, pairs, np.inf)
    together = 1e3 * all_threads(own, pairs) / len(pairs)
    workload = f"F {net.name}, pairs {reach[0]:g} to {reach[1]:g} links apart, {ALTERNATIVES} routes"
    rows: list[Row] = []
    peers = (
        (f"igraph {version('igraph')}, Yen to {YEN} routes and filter", yen_igraph),
        (f"networkx {nx.__version__}, Yen to {YEN} routes and filter", yen_networkx),
    )
    for title, ask in peers[:1] if effort.quick else peers:
        theirs = timed(ask, pairs, effort.budget_s * 5)
        for mine, other in zip(ours.answers, theirs.answers, strict=False):
            # As many routes at least, and no prefix of them dearer; exactly the same where the peer finds them.
            assert not mine or mine[: len(other)] == other, "costs differ"
        asked = len(theirs.answers)
        rows.append({
            "workload": workload,
            "engine": title,
            "pairs": asked,
            "each_ms": _ms(theirs.taken),
            "found": float(np.mean([len(answer) for answer in theirs.answers])),
            "own_each_ms": _ms(ours.taken[:asked]),
        })  # fmt: skip
    best = min(row["each_ms"] / row["own_each_ms"] for row in rows)
    found = {
        "found": float(np.mean([len(answer) for answer in ours.answers])),
        "given_up": sum(not answer for answer in ours.answers),
        "worst_ms": 1e3 * max(ours.taken),
    }
    common = {"workload": workload, "pairs": len(pairs)} | found
    mean = _ms(ours.taken)
    rows.append({**common, "engine": "corridor-net", "each_ms": mean, "times_fastest_peer": {"each_ms": best}})
    times = {"each_ms": best * mean / together}
    rows.append(
        {**common, "engine": f"corridor-net, {CORES} threads", "each_ms": together, "times_fastest_peer": times}
    )
    return rows
