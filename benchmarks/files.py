"""Workload Q: one file, read by this package and by peers, from 1,000 to 1,000,000 links: reading, a route, ten more.

`python -m benchmarks.files [LINKS …]` writes a data package of each size (a square grid), and lets every engine that is
installed read its tables `node.csv` and `link.csv` and find shortest ways in km. Each engine runs in a process of its
own; seconds are those of the processor; one whose answers are not those of the others is told.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.__main__ import machine, show
from benchmarks.measure import Effort, Row, in_child
from benchmarks.packages import grid

Ways = Callable[[str, str], float]
"""Returns the km of the shortest way between two nodes, and finds the links of it."""
FURTHER = 10
TOLERANCE = {"pandana": 1e-4, "path4gmns": 1e-6}
"""By how much answers may differ, as a share: pandana keeps whole metres of every link, path4gmns tells four digits."""
EFFORT = Effort(1, 60, 900, quick=False)


def _tables(folder: Path) -> tuple[Any, Any]:
    import pandas as pd

    nodes = pd.read_csv(folder / "node.csv", usecols=["node_id", "x_coord", "y_coord"], dtype={"node_id": str})
    ends = {"link_id": str, "from_node_id": str, "to_node_id": str}
    links = pd.read_csv(folder / "link.csv", usecols=[*ends, "length_km"], dtype=ends)
    return nodes, links


def _numbered(folder: Path) -> tuple[Any, Any, Any, Any, Any]:
    """Return the nodes, a numbering of them, both ends of links by number, and their km."""
    import pandas as pd

    nodes, links = _tables(folder)
    at = pd.Index(nodes["node_id"])
    ends = [at.get_indexer(links[name]) for name in ("from_node_id", "to_node_id")]
    return nodes, at, *ends, links["length_km"].to_numpy(float)


def corridor_net(folder: Path) -> Ways:
    """Money, hours and CO2 of every leg come with each route; the way of least CO2 of a single mode is the shortest."""
    import corridor_net as cn

    model = cn.load(geodata=folder)
    return lambda origin, destination: model.route(origin, destination, by="co2").distance_km


def networkx(folder: Path) -> Ways:
    """As most would read it: a graph of an edge list, and two searches that meet."""
    import networkx as nx

    _, links = _tables(folder)
    graph = nx.from_pandas_edgelist(links, "from_node_id", "to_node_id", edge_attr="length_km")
    return lambda origin, destination: nx.bidirectional_dijkstra(graph, origin, destination, "length_km")[0]


def igraph(folder: Path) -> Ways:
    """Vertices by number, and the path of edges."""
    import igraph as ig

    nodes, at, here, there, km = _numbered(folder)
    graph = ig.Graph(n=len(nodes), edges=np.column_stack((here, there)))

    def way(origin: str, destination: str) -> float:
        path = graph.get_shortest_path(at.get_loc(origin), at.get_loc(destination), weights=km, output="epath")
        return float(km[path].sum())

    return way


def scipy(folder: Path) -> Ways:
    """A sparse matrix, and the tree of one search; it cannot stop at a target."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    nodes, at, here, there, km = _numbered(folder)
    ends = np.concatenate([here, there]), np.concatenate([there, here])
    matrix = coo_array((np.tile(km, 2), ends), (len(nodes), len(nodes))).tocsr()

    def way(origin: str, destination: str) -> float:
        distance, before = dijkstra(matrix, indices=at.get_loc(origin), return_predecessors=True)
        node = at.get_loc(destination)
        path = [node]
        while before[node] >= 0:
            node = before[node]
            path.append(node)
        return float(distance[path[0]])

    return way


def pandana(folder: Path) -> Ways:
    """A contraction hierarchy, made before the first route."""
    import pandas as pd
    from pandana import Network

    nodes, at, here, there, km = _numbered(folder)
    network = Network(
        nodes["x_coord"], nodes["y_coord"], pd.Series(here), pd.Series(there), pd.DataFrame({"km": km}), twoway=True
    )

    def way(origin: str, destination: str) -> float:
        ends = at.get_loc(origin), at.get_loc(destination)
        network.shortest_path(*ends)
        return float(network.shortest_path_length(*ends))

    return way


def aequilibrae(folder: Path) -> Ways:
    """A compressed graph whose centroids are the nodes that are asked for."""
    import pandas as pd
    from aequilibrae.paths import Graph, PathResults

    _, at, here, there, km = _numbered(folder)
    frame = {"link_id": np.arange(1, len(km) + 1), "a_node": here + 1, "b_node": there + 1, "direction": 0, "km": km}
    graph = Graph()
    graph.network = pd.DataFrame(frame).astype({"direction": np.int8})
    graph.mode = "c"
    graph.prepare_graph(np.array([at.get_loc(name) + 1 for name in dict.fromkeys(sum(asked(list(at)), ()))]))
    graph.set_graph("km")
    graph.set_blocked_centroid_flows(False)
    found = PathResults()
    found.prepare(graph)

    def way(origin: str, destination: str) -> float:
        found.compute_path(at.get_loc(origin) + 1, at.get_loc(destination) + 1)
        return float(found.milepost[-1])

    return way


def path4gmns(folder: Path) -> Ways:
    """The same links as GMNS with a row a direction, in its own tree search; it tells km to four digits, as text."""
    import path4gmns as pg

    network = pg.read_network(length_unit="km", input_dir=str(folder / "gmns"))

    def way(origin: str, destination: str) -> float:
        told = network.find_shortest_path(origin, destination, seq_type="link", cost_type="distance")
        return float(told.split(": ")[1].split()[0])

    return way


def as_gmns(folder: Path) -> None:
    """Write the same nodes and links as path4gmns wants them."""
    import pandas as pd

    nodes, links = _tables(folder)
    there = links.set_axis(["link_id", "from_node_id", "to_node_id", "length"], axis=1)
    back = there.assign(
        link_id="b" + there["link_id"], from_node_id=there["to_node_id"], to_node_id=there["from_node_id"]
    )
    (folder / "gmns").mkdir()
    nodes.assign(zone_id=np.arange(1, len(nodes) + 1)).to_csv(folder / "gmns" / "node.csv", index=False)
    both = pd.concat([there, back]).assign(lanes=1, free_speed=60, capacity=1999)
    both.to_csv(folder / "gmns" / "link.csv", index=False)


ENGINES = {"networkx": networkx, "igraph": igraph, "scipy": scipy, "pandana": pandana, "AequilibraE": aequilibrae,
           "path4gmns": path4gmns, "corridor-net": corridor_net}  # fmt: skip


def asked(nodes: list[str]) -> list[tuple[str, str]]:
    """Return the pairs that are asked for: corner to corner, and further ones across."""
    return [(nodes[0], nodes[-1])] + [(nodes[7 * k + 1], nodes[-2 - 11 * k]) for k in range(FURTHER)]


def timed(folder: Path, name: str, effort: Effort) -> list[Row]:  # noqa: ARG001 - every engine does all
    """Return one line: seconds of the processor of reading, of the first route and of a further one."""
    import pandas as pd

    nodes = pd.read_csv(folder / "node.csv", usecols=["node_id"], dtype=str)["node_id"].tolist()
    first, *further = asked(nodes)
    marks = [time.process_time()]
    ways = ENGINES[name](folder)
    marks.append(time.process_time())
    answers = [ways(*first)]
    marks.append(time.process_time())
    answers += [ways(*pair) for pair in further]
    marks.append(time.process_time())
    read, once, ten = np.diff(marks)
    return [{"read_s": read, "first_route_s": once, "further_route_s": ten / FURTHER, "answers": answers}]


def compared(workload: str, folder: Path) -> list[Row]:
    """Return a line an engine; one whose answers are not those of most is told."""
    rows = [
        {"workload": workload, "engine": name} | in_child(timed, folder, name, effort=EFFORT)[0] for name in ENGINES
    ]
    answers = {row["engine"]: row.pop("answers") for row in rows if "answers" in row}
    judge = np.median(list(answers.values()), axis=0)
    for row in rows:
        if row["engine"] in answers and not np.allclose(
            answers[row["engine"]], judge, rtol=TOLERANCE.get(row["engine"], 1e-9)
        ):
            row["note"] = "its answers differ"
    return rows


def main() -> None:
    """Write a package of each size and print a table of each."""
    print(f"{machine()}; seconds of the processor, once each\n", flush=True)
    for links in [int(text) for text in sys.argv[1:]] or [1_000, 10_000, 100_000, 1_000_000]:
        with tempfile.TemporaryDirectory() as kept:
            grid(links, Path(kept) / "grid")
            as_gmns(Path(kept) / "grid")
            show(compared(f"{links:,} links", Path(kept) / "grid"))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
