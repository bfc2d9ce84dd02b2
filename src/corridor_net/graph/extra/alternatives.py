"""Other routes than the best: by a bound on overlap, and plain k shortest; `gates` has those by other gates.

Everything here is plain Python on lists, enough for networks of some thousand arcs, and lists routes by arc
ids, so parallel arcs are told apart. The overlap search alone is also there compiled, for larger networks:
`compiled_overlap`.
"""

from __future__ import annotations

from heapq import heappop, heappush
from math import inf
from operator import gt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph.beside.alternative import Alternative, checked_request, cost_of, least_to_go, route_of
from corridor_net.graph.topology import Graph, checked_weight

COMPILE_ABOVE = 10_000
"""Arcs from which the overlap search is compiled; below, it answers before a compiler would be awake."""

MAX_LABELS = 1_000_000


def alternatives(
    graph: Graph,
    weight: ArrayLike,
    source: int,
    target: int,
    *,
    count: int,
    max_overlap: float = 0.5,
    max_stretch: float = inf,
) -> list[Alternative]:
    """Return up to `count` routes, the best first, each the cheapest that overlaps those before it little.

    The overlap of routes r and q is the weight of the arcs they share over the weight of the cheaper one,
    `sum(w[a] for a in r and q) / min(cost(r), cost(q))` (Chondrogiannis, Bouros, Gamper, Leser & Blumenthal
    2020, VLDB J. 29). The search is exact: labels carry their overlap with each earlier route, and one is
    dropped only when another at the same node is at most as long and overlaps at most as much with each. Fewer
    routes come back when no more exist, or none within `max_stretch` times the cost of the best.

    Raises
    ------
    NoRoute
        The target cannot be reached.
    BadValue
        Unfit weights, nodes or bounds, or more than 1,000,000 labels in one search.

    Examples
    --------
    >>> graph = Graph.from_arcs(4, [0, 1, 0, 2, 1], [1, 3, 2, 3, 3])
    >>> found = alternatives(graph, [1.0, 1.0, 2.0, 2.0, 1.5], 0, 3, count=3, max_overlap=0.3)
    >>> [(route.cost, route.arcs.tolist()) for route in found]
    [(2.0, [0, 1]), (4.0, [2, 3])]
    """
    start, goal, wanted = checked_request(graph, source, target, count, max_stretch)
    if not 0 <= max_overlap < 1:
        raise BadValue(f"max_overlap is a share of at least 0 and below 1, not {max_overlap!r}")
    values = checked_weight(graph, weight)
    compiled = graph.n_arcs > COMPILE_ABOVE
    to_go = least_to_go(graph, values, goal)
    if to_go[start] == inf:
        raise NoRoute(f"no route from node {start} to node {goal}")
    found: list[Alternative] = []
    limits = np.empty(0)
    shared = np.zeros((graph.n_arcs, 0))
    while len(found) < wanted:
        bound = found[0].cost * max_stretch if found and max_stretch < inf else inf
        if compiled:
            from . import compiled_overlap

            given = (_open_arcs(graph, values), shared, limits, to_go)
            size, arcs = compiled_overlap.little_overlap(*given, start, goal, bound, MAX_LABELS)
        else:
            listed = (values.tolist(), shared.ravel().tolist(), limits.tolist(), to_go.tolist())
            size, arcs = little_overlap(graph, *listed, (start, goal), bound, MAX_LABELS)
        if size > MAX_LABELS:
            raise BadValue(f"more than {MAX_LABELS} labels for one alternative", hint="raise max_overlap")
        route = route_of(values, np.array(arcs, np.int32))
        if route.cost > bound or size < 0 or any(np.array_equal(route.arcs, old.arcs) for old in found):
            break
        found.append(route)
        column = np.zeros((graph.n_arcs, 1))
        column[route.arcs, 0] = values[route.arcs]
        shared = np.hstack([shared, column])
        limits = np.append(limits, max_overlap * route.cost * (1 + 1e-12))
    return found


def overlap(weight: ArrayLike, left: ArrayLike, right: ArrayLike) -> float:
    """Return the share of the cheaper route that two routes (arc ids) have in common; 0 when it costs nothing.

    >>> overlap([1.0, 2.0, 3.0], [0, 1], [0, 2])
    0.3333333333333333
    """
    values = np.asarray(weight, np.float64)
    first, second = np.asarray(left, np.int64), np.asarray(right, np.int64)
    shorter = min(float(values[first].sum()), float(values[second].sum()))
    return float(values[np.intersect1d(first, second)].sum()) / shorter if shorter > 0 else 0.0


def k_shortest(graph: Graph, weight: ArrayLike, source: int, target: int, *, count: int) -> list[Alternative]:
    """Return the `count` cheapest routes that visit no node twice, cheapest first (Yen 1971; Lawler 1972).

    Such routes are mostly small variations of the best one; `alternatives` gives routes that differ. Equal
    costs come in the order in which they were found.

    Raises
    ------
    NoRoute
        The target cannot be reached.
    BadValue
        Unfit weights, nodes or count.

    Examples
    --------
    >>> graph = Graph.from_arcs(3, [0, 0, 1], [1, 1, 2])
    >>> [route.arcs.tolist() for route in k_shortest(graph, [1.0, 2.0, 1.0], 0, 2, count=5)]
    [[0, 2], [1, 2]]
    """
    start, goal, wanted = checked_request(graph, source, target, count, inf)
    values = checked_weight(graph, weight)
    weights, to_go = values.tolist(), least_to_go(graph, values, goal).tolist()
    best = _spur(graph, weights, to_go, (start, goal), set(), set())
    if best is None:
        raise NoRoute(f"no route from node {start} to node {goal}")
    found: list[list[int]] = []
    known = {tuple(best)}
    waiting = [(cost_of(values, best), len(known), best, 0)]
    while waiting and len(found) < wanted:
        _, _, route, since = heappop(waiting)
        found.append(route)
        passed = [start, *(int(graph.head[arc]) for arc in route)]
        for place in range(since, len(route)):
            root = route[:place]
            banned = {old[place] for old in found if old[:place] == root and len(old) > place}
            spur = _spur(graph, weights, to_go, (passed[place], goal), set(passed[:place]), banned)
            if spur is not None and tuple(root + spur) not in known:
                known.add(tuple(root + spur))
                heappush(waiting, (cost_of(values, root + spur), len(known), root + spur, place))
    return [route_of(values, np.array(route, np.int32)) for route in found]


def _open_arcs(graph: Graph, values: NDArray[np.float64]) -> tuple[NDArray[Any], ...]:
    """Return the open arcs by tail: first, heads, weights, arcs."""
    arcs = graph.out_arcs[values[graph.out_arcs] < inf]
    first = np.zeros(graph.n_nodes + 1, np.int64)
    np.cumsum(np.bincount(graph.tail[arcs], minlength=graph.n_nodes), out=first[1:])
    return first, graph.head[arcs], values[arcs], arcs


def little_overlap(
    graph: Graph,
    weights: list[float],
    shared: list[float],
    limits: list[float],
    to_go: list[float],
    ends: tuple[int, int],
    bound: float,
    max_labels: int,
) -> tuple[int, list[int]]:
    """Return (labels made, arcs of the cheapest route within the limits); (-1, none) when there is none.

    `shared[arc * n + i]` is what the arc adds to the overlap with earlier route i of n, `limits[i]` how much
    of it is allowed. More labels made than allowed say that the search was given up.
    """
    (source, target), n = ends, len(limits)
    settled = [-1] * graph.n_nodes
    length = [0.0]
    node_of = [source]
    origin = [-1]
    arc_of = [-1]
    following = [-1]
    used = [0.0] * n
    heap = [(0.0, 0)]
    answer: list[int] = []
    while heap:
        _, label = heappop(heap)
        node = node_of[label]
        mine = used[label * n : (label + 1) * n]
        if _is_beaten(mine, settled[node], used, following):
            continue
        if node == target:
            while origin[label] >= 0:
                answer.append(arc_of[label])
                label = origin[label]
            answer.reverse()
            return len(length), answer
        following[label] = settled[node]
        settled[node] = label
        for head, arc in graph.leaving[node]:
            onward = length[label] + weights[arc]
            reach = onward + to_go[head]
            if not reach <= bound or reach == inf:
                continue
            new = [mine[i] + shared[arc * n + i] for i in range(n)]
            if any(map(gt, new, limits)) or _is_beaten(new, settled[head], used, following):
                continue
            made = len(length)
            used += new
            length.append(onward)
            node_of.append(head)
            origin.append(label)
            arc_of.append(arc)
            following.append(-1)
            heappush(heap, (reach, made))
            if made >= max_labels:
                return made + 1, answer
    return -1, answer


def _is_beaten(mine: list[float], other: int, used: list[float], following: list[int]) -> bool:
    """Whether a label settled at the node, `other` or one that follows it, overlaps at most as much with each route."""
    n = len(mine)
    while other >= 0:
        if not any(map(gt, used[other * n : (other + 1) * n], mine)):
            return True
        other = following[other]
    return False


def _spur(
    graph: Graph, weights: list[float], to_go: list[float], ends: tuple[int, int], closed: set[int], banned: set[int]
) -> list[int] | None:
    """Return the cheapest way between two nodes that avoids nodes, and arcs at the start; None if none."""
    start, goal = ends
    if to_go[start] == inf:
        return None
    length = {start: 0.0}
    parent: dict[int, tuple[int, int]] = {}
    heap = [(to_go[start], 0, start)]
    done = set(closed)
    while heap:
        _, used, node = heappop(heap)
        if node in done:
            continue
        done.add(node)
        if node == goal:
            arcs = []
            while node != start:
                node, arc = parent[node]
                arcs.append(arc)
            return arcs[::-1]
        for head, arc in graph.leaving[node]:
            onward = length[node] + weights[arc]
            if head in done or to_go[head] == inf or onward >= length.get(head, inf):
                continue
            if node == start and arc in banned:
                continue
            length[head] = onward
            parent[head] = (node, arc)
            heappush(heap, (onward + to_go[head], used + 1, head))
    return None
