"""The engines of workloads A and D: one large network, one weighting at a time.

Each is built for a network (reading, ordering), given weights, and asked. Where an engine lacks a question its
nearest way to the answer is taken, or the method is left out. All count exactly: weights are whole numbers.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any, ClassVar

import numpy as np

from benchmarks.networks import Net

Array = np.ndarray[Any, Any]
OWN = "corridor-net"


class Large:
    """What an engine can be asked; `batched` where a matrix is one call and not a loop over sources.

    `ordered` where an order is made once that holds for every weighting.
    """

    package: ClassVar[str]
    label: ClassVar[str] = ""
    batched: ClassVar[bool] = False
    ordered: ClassVar[bool] = False

    def __init__(self, net: Net, threads: int) -> None:
        raise NotImplementedError

    def weigh(self, weight: Array) -> None:
        """Take a weighting."""
        raise NotImplementedError

    def change(self, arcs: Array, weight: Array) -> None:
        """Take a weighting that differs from the last one on some arcs."""
        self.weigh(weight)

    def begin(self, bases: Array) -> None:
        """Get ready for weightings that differ from one of some `bases` on a few arcs."""

    def vary(self, base: int, arcs: Array, weight: Array) -> None:
        """Take a weighting that differs from a base on some arcs."""
        self.weigh(weight)

    def matrix(self, sources: Array, targets: Array) -> Array:
        """Return least costs, (n_sources, n_targets)."""
        return np.stack([self.one_to_all(int(source))[targets] for source in sources])

    def one_to_all(self, source: int) -> Array:
        """Return the least cost to every node."""
        raise NotImplementedError

    def pairs(self, sources: Array, targets: Array) -> Array:
        """Return the least cost of each source and the target beside it."""
        ends = zip(sources, targets, strict=True)
        return np.array([self.one_to_all(int(source))[target] for source, target in ends])

    def paths(self, sources: Array, targets: Array) -> list[Array]:
        """Return the arcs of each route."""
        raise NotImplementedError

    @classmethod
    def title(cls, threads: int) -> str:
        known = cls.package if cls.package == OWN else f"{cls.package} {version(cls.package)}"
        return ", ".join(filter(None, [known, cls.label, f"{threads} threads" if threads > 1 else ""]))


class Ours(Large):
    package, batched, ordered = OWN, True, True
    dtype: ClassVar[Any] = "float64"

    def __init__(self, net: Net, threads: int) -> None:
        from corridor_net.graph import Graph
        from corridor_net.graph.hierarchy.hierarchy import Hierarchy

        self.threads = threads
        self.hierarchy = Hierarchy.build(Graph.from_arcs(net.n_nodes, net.tail, net.head))
        _ = self.hierarchy.fronts

    def weigh(self, weight: Array) -> None:
        from corridor_net.graph.hierarchy.metric import Metric

        self.metric = Metric.of(self.hierarchy, weight, threads=self.threads, dtype=self.dtype)
        self.once = True

    def ready(self) -> None:
        """Drop the arcs that no shortest route needs, and sort them, as the first question of many pairs would."""
        _ = self.metric.dense_searches
        self.once = False

    def change(self, arcs: Array, weight: Array) -> None:
        self.metric = self.metric.changed(arcs, weight[arcs])

    def begin(self, bases: Array) -> None:
        from corridor_net.graph.hierarchy.metric import Metric

        self.bases = [Metric.of(self.hierarchy, base, threads=self.threads, dtype=self.dtype) for base in bases]

    def vary(self, base: int, arcs: Array, weight: Array) -> None:
        self.metric = self.bases[base].changed(arcs, weight[arcs])
        self.once = True

    def one_to_all(self, source: int) -> Array:
        return self.metric.one_to_all(source)

    def matrix(self, sources: Array, targets: Array) -> Array:
        shape = (len(sources), len(targets))
        if getattr(self, "room", np.empty(0)).shape != shape:
            self.room = np.empty(shape, self.dtype)
        return self.metric.many_to_many(sources, targets, once=self.once, out=self.room)

    def pairs(self, sources: Array, targets: Array) -> Array:
        return self.metric.pairs(sources, targets)

    def paths(self, sources: Array, targets: Array) -> list[Array]:
        return self.metric.paths(sources, targets)


class OursNarrow(Ours):
    label, dtype = "float32", "float32"


class OursDijkstra(Ours):
    """The search that needs no order."""

    label, batched, ordered = "Dijkstra", False, False

    def __init__(self, net: Net, threads: int) -> None:
        from corridor_net.graph import Graph

        self.graph, self.threads = Graph.from_arcs(net.n_nodes, net.tail, net.head), threads

    def weigh(self, weight: Array) -> None:
        self.weight = weight

    def change(self, arcs: Array, weight: Array) -> None:
        self.weight = weight

    begin, vary = Large.begin, Large.vary

    def ready(self) -> None:
        """Nothing to do."""

    def one_to_all(self, source: int) -> Array:
        return self._trees([source])[0]

    def matrix(self, sources: Array, targets: Array) -> Array:
        return self._trees(sources)[:, targets]

    def pairs(self, sources: Array, targets: Array) -> Array:
        return self._trees(sources)[np.arange(len(targets)), targets]

    def paths(self, sources: Array, targets: Array) -> list[Array]:
        raise NotImplementedError

    def _trees(self, sources: Any) -> Array:
        from corridor_net.graph.search.compiled_dijkstra import many_to_all

        return many_to_all(self.graph, self.weight, sources, threads=self.threads).distance


class RoutingKit(Large):
    """A C++ customisable contraction hierarchy, ordered by place."""

    package, batched, ordered = "pyroutingkit", True, True

    def __init__(self, net: Net, threads: int) -> None:
        import pyroutingkit as rk

        self.threads, self.n_nodes = threads, net.n_nodes
        self.topology = rk.CCHTopology()
        places = net.y.astype(np.float32), net.x.astype(np.float32)
        self.topology.build(net.tail.astype(np.uint32), net.head.astype(np.uint32), *places, net.n_nodes)
        self.metric = rk.CCHMetric(self.topology)

    def weigh(self, weight: Array) -> None:
        self.metric.customize(weight.astype(np.uint32), thread_count=self.threads if self.threads > 1 else 0)

    def change(self, arcs: Array, weight: Array) -> None:
        # Its partial update is the slower way at one arc in a hundred; both were tried.
        self.weigh(weight)

    def begin(self, bases: Array) -> None:
        import pyroutingkit as rk

        self.given = bases.astype(np.uint32)
        self.bases = [rk.CCHMetric(self.topology) for _ in bases]
        for metric, base in zip(self.bases, self.given, strict=True):
            metric.customize(base)
        self.varied = [np.empty(0, np.uint32)] * len(bases)

    def vary(self, base: int, arcs: Array, weight: Array) -> None:
        # By its partial update, there and back: five times sooner than weighing again.
        self.metric, before, now = self.bases[base], self.varied[base], arcs.astype(np.uint32)
        if len(before):
            self.metric.update_weights(before, self.given[base][before])
        self.metric.update_weights(now, weight[arcs].astype(np.uint32))
        self.varied[base] = now

    def one_to_all(self, source: int) -> Array:
        return self.matrix(np.array([source]), np.arange(self.n_nodes))[0]

    def matrix(self, sources: Array, targets: Array) -> Array:
        import pyroutingkit as rk

        found = self.metric.distances_many_to_many(sources.astype(np.uint32), targets.astype(np.uint32))
        wide = np.asarray(found, float).reshape(len(sources), len(targets))
        wide[wide >= rk.INF_WEIGHT] = np.inf
        return wide

    def pairs(self, sources: Array, targets: Array) -> Array:
        return np.array([self.metric.query(s, t)[0] for s, t in _ends(sources, targets)], float)

    def paths(self, sources: Array, targets: Array) -> list[Array]:
        return [np.array(self.metric.query(s, t)[2]) for s, t in _ends(sources, targets)]


class RoutingKitRust(Large):
    """The same C++ hierarchy by another binding, ordered by place."""

    package, batched, ordered = "routingkit_cch", True, True

    def __init__(self, net: Net, threads: int) -> None:
        import routingkit_cch as rk

        self.n_nodes = net.n_nodes
        arcs = net.tail.tolist(), net.head.tolist()
        order = rk.compute_order_inertial(net.n_nodes, *arcs, net.y.tolist(), net.x.tolist())
        self.cch, self.metric = rk.CCH(order, *arcs, False), None

    def weigh(self, weight: Array) -> None:
        import routingkit_cch as rk

        self.metric = rk.CCHMetric(self.cch, weight.astype(int).tolist())

    def one_to_all(self, source: int) -> Array:
        return self.matrix(np.array([source]), np.arange(self.n_nodes))[0]

    def matrix(self, sources: Array, targets: Array) -> Array:
        import routingkit_cch as rk

        asked = rk.CCHOneToMany(self.metric, targets.tolist())
        return np.array([asked.distances_from(int(s)) for s in sources], float)

    def pairs(self, sources: Array, targets: Array) -> Array:
        import routingkit_cch as rk

        query = rk.CCHQuery(self.metric)
        return np.array([query.run(s, t).distance for s, t in _ends(sources, targets)], float)

    def paths(self, sources: Array, targets: Array) -> list[Array]:
        import routingkit_cch as rk

        query = rk.CCHQuery(self.metric)
        return [np.array(query.run(s, t).arc_path) for s, t in _ends(sources, targets)]


class PlainHierarchy(Large):
    """A plain contraction hierarchy in C++: all is done again after any change."""

    package = "ch-router"

    def __init__(self, net: Net, threads: int) -> None:
        self.n_nodes = net.n_nodes
        self.tail, self.head = net.tail.astype(np.uint32), net.head.astype(np.uint32)

    def weigh(self, weight: Array) -> None:
        from ch_router import CHQuery, ContractionHierarchy

        built = ContractionHierarchy.build(self.n_nodes, self.tail, self.head, weight.astype(np.uint32))
        self.query = CHQuery(built)

    def matrix(self, sources: Array, targets: Array) -> Array:
        return np.stack([self.pairs(np.full(len(targets), source), targets) for source in sources])

    def pairs(self, sources: Array, targets: Array) -> Array:
        query = self.query
        ends = _ends(sources, targets)
        return np.array([query.reset().add_source(s).add_target(t).run().get_distance() for s, t in ends], float)

    def paths(self, sources: Array, targets: Array) -> list[Array]:
        query = self.query
        ends = _ends(sources, targets)
        return [np.array(query.reset().add_source(s).add_target(t).run().get_arc_path()) for s, t in ends]


class Pandana(Large):
    """A plain contraction hierarchy in C++, made for accessibility; also done again after any change."""

    package, batched = "pandana", True

    def __init__(self, net: Net, threads: int) -> None:
        self.net = net

    def weigh(self, weight: Array) -> None:
        import pandas as pd
        from pandana import Network

        net = self.net
        nodes = pd.Series(net.x), pd.Series(net.y)
        arcs = pd.Series(net.tail), pd.Series(net.head), pd.DataFrame({"weight": weight})
        self.network = Network(*nodes, *arcs, twoway=False)

    def matrix(self, sources: Array, targets: Array) -> Array:
        starts, ends = np.repeat(sources, len(targets)), np.tile(targets, len(sources))
        return self.pairs(starts, ends).reshape(len(sources), len(targets))

    def pairs(self, sources: Array, targets: Array) -> Array:
        return np.rint(np.array(self.network.shortest_path_lengths(sources, targets)))


class Scipy(Large):
    package = "scipy"

    def __init__(self, net: Net, threads: int) -> None:
        from scipy.sparse import csr_matrix

        self.order = np.lexsort((net.head, net.tail))
        ends = net.tail[self.order], net.head[self.order]
        self.graph = csr_matrix((np.ones(net.n_arcs), ends), (net.n_nodes, net.n_nodes))

    def weigh(self, weight: Array) -> None:
        self.graph.data[:] = weight[self.order]

    def one_to_all(self, source: int) -> Array:
        from scipy.sparse.csgraph import dijkstra

        return dijkstra(self.graph, indices=source)


class Igraph(Large):
    package = "igraph"

    def __init__(self, net: Net, threads: int) -> None:
        import igraph

        self.graph = igraph.Graph(net.n_nodes, np.stack([net.tail, net.head], axis=1).tolist(), directed=True)

    def weigh(self, weight: Array) -> None:
        self.graph.es["weight"] = weight.tolist()

    def one_to_all(self, source: int) -> Array:
        return np.array(self.graph.distances(source, weights="weight")[0])

    def matrix(self, sources: Array, targets: Array) -> Array:
        return np.array(self.graph.distances(sources.tolist(), targets.tolist(), weights="weight"))

    def pairs(self, sources: Array, targets: Array) -> Array:
        ends = _ends(sources, targets)
        return np.array([self.graph.distances(s, t, weights="weight")[0][0] for s, t in ends])

    def paths(self, sources: Array, targets: Array) -> list[Array]:
        ends = _ends(sources, targets)
        return [
            np.array(self.graph.get_shortest_paths(s, t, weights="weight", output="epath")[0], int) for s, t in ends
        ]


class Networkit(Large):
    package = "networkit"

    def __init__(self, net: Net, threads: int) -> None:
        import networkit as nk

        nk.setNumberOfThreads(threads)
        self.net = net

    def weigh(self, weight: Array) -> None:
        import networkit as nk

        net = self.net
        self.graph = nk.GraphFromCoo((weight, (net.tail, net.head)), n=net.n_nodes, weighted=True, directed=True)

    def one_to_all(self, source: int) -> Array:
        import networkit as nk

        found = np.array(nk.distance.Dijkstra(self.graph, source, False).run().getDistances())
        found[found > 1e300] = np.inf
        return found

    def pairs(self, sources: Array, targets: Array) -> Array:
        import networkit as nk

        ends = _ends(sources, targets)
        return np.array([nk.distance.Dijkstra(self.graph, s, False, False, t).run().distance(t) for s, t in ends])


class Rustworkx(Large):
    package = "rustworkx"

    def __init__(self, net: Net, threads: int) -> None:
        self.net = net

    def weigh(self, weight: Array) -> None:
        import rustworkx as rx

        net = self.net
        self.graph = rx.PyDiGraph()
        self.graph.add_nodes_from(range(net.n_nodes))
        self.graph.add_edges_from(list(zip(net.tail.tolist(), net.head.tolist(), weight.tolist(), strict=True)))

    def one_to_all(self, source: int) -> Array:
        import rustworkx as rx

        found = np.full(self.net.n_nodes, np.inf)
        lengths = rx.dijkstra_shortest_path_lengths(self.graph, source, float)
        found[list(lengths.keys())] = list(lengths.values())
        found[source] = 0
        return found


class Networkx(Large):
    package = "networkx"

    def __init__(self, net: Net, threads: int) -> None:
        import networkx as nx

        self.graph = nx.DiGraph()
        self.graph.add_nodes_from(range(net.n_nodes))
        self.ends = list(zip(net.tail.tolist(), net.head.tolist(), strict=True))
        self.graph.add_edges_from(self.ends)

    def weigh(self, weight: Array) -> None:
        for (tail, head), value in zip(self.ends, weight.tolist(), strict=True):
            self.graph[tail][head]["weight"] = value

    def one_to_all(self, source: int) -> Array:
        import networkx as nx

        found = np.full(len(self.graph), np.inf)
        lengths = nx.single_source_dijkstra_path_length(self.graph, source)
        found[list(lengths.keys())] = list(lengths.values())
        return found

    def pairs(self, sources: Array, targets: Array) -> Array:
        import networkx as nx

        return np.array([nx.bidirectional_dijkstra(self.graph, s, t)[0] for s, t in _ends(sources, targets)], float)


class Scgraph(Large):
    """Its C++ tree of shortest routes."""

    package = "scgraph"

    def __init__(self, net: Net, threads: int) -> None:
        self.net = net

    def weigh(self, weight: Array) -> None:
        from scgraph import Graph

        lists: list[dict[int, float]] = [{} for _ in range(self.net.n_nodes)]
        for tail, head, value in zip(self.net.tail.tolist(), self.net.head.tolist(), weight.tolist(), strict=True):
            lists[tail][head] = value
        self.graph = Graph(lists, validate=False)

    def one_to_all(self, source: int) -> Array:
        return np.array(self.graph.get_shortest_path_tree(origin_id=source)["distance_matrix"], float)


class ScgraphHierarchy(Scgraph):
    """Its contraction hierarchy."""

    label = "hierarchy"

    def weigh(self, weight: Array) -> None:
        super().weigh(weight)
        self.graph.create_contraction_hierarchy()

    def matrix(self, sources: Array, targets: Array) -> Array:
        return np.stack([self.pairs(np.full(len(targets), source), targets) for source in sources])

    def pairs(self, sources: Array, targets: Array) -> Array:
        ends = _ends(sources, targets)
        return np.array([self.graph.contraction_hierarchy(s, t)["length"] for s, t in ends], float)


class Aequilibrae(Large):
    """Traffic assignment's skims: a matrix between zones, with threads."""

    package, batched = "aequilibrae", True

    def __init__(self, net: Net, threads: int) -> None:
        self.net, self.threads = net, threads

    def weigh(self, weight: Array) -> None:
        import pandas as pd

        net = self.net
        count = np.arange(1, net.n_arcs + 1)
        ends = {"a_node": net.tail + 1, "b_node": net.head + 1}
        self.table = pd.DataFrame({"link_id": count, **ends, "direction": 1, "id": count, "cost": weight})

    def matrix(self, sources: Array, targets: Array) -> Array:
        from aequilibrae.paths import Graph, NetworkSkimming

        zones = np.unique(np.r_[sources, targets]) + 1
        graph = Graph()
        graph.network = self.table
        graph.prepare_graph(zones)
        graph.set_graph("cost")
        graph.set_skimming("cost")
        graph.set_blocked_centroid_flows(False)
        work = NetworkSkimming(graph)
        work.set_cores(self.threads)
        work.execute()
        found = work.results.skims.get_matrix("cost")
        place = np.searchsorted(zones, np.r_[sources, targets] + 1)
        return found[np.ix_(place[: len(sources)], place[len(sources) :])]


def _ends(sources: Array, targets: Array) -> list[tuple[int, int]]:
    return list(zip(sources.tolist(), targets.tolist(), strict=True))


OURS: list[type[Large]] = [Ours, OursNarrow]
FAST: list[type[Large]] = [RoutingKit, RoutingKitRust, PlainHierarchy]
SLOW: list[type[Large]] = [
    Aequilibrae,
    Igraph,
    Networkit,
    Networkx,
    Pandana,
    Rustworkx,
    Scgraph,
    ScgraphHierarchy,
    Scipy,
]


def there(engine: type[Large]) -> bool:
    """Whether the engine's package is installed."""
    if engine.package == OWN:
        return True
    try:
        version(engine.package)
    except PackageNotFoundError:
        return False
    return True
