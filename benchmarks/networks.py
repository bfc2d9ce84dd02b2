"""Made-up networks of any size, the same for the same seed. Weights are whole numbers.

No route adds up to more than two million, so that engines that count in float32, in 32-bit integers or in
thousandths of one all add exactly, and answers can be compared to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Net:
    """Arcs `tail` to `head` with whole `weight`s, both directions of a link; `x`, `y` the places of nodes."""

    name: str
    n_nodes: int
    tail: Array
    head: Array
    weight: Array
    x: Array
    y: Array

    @property
    def n_arcs(self) -> int:
        return len(self.tail)


def roads(n_nodes: int, seed: int, links_a_node: float = 1.3) -> Net:
    """Random points joined as roads are: by the fewest links that join all, then by others of a triangulation.

    The others are drawn at random among all but the longest tenth, so that there are long ways round as well
    as local loops (the shortest alone would leave a tree, too easy for a hierarchy). With 1.3 links a node
    most nodes have degree two or three, as in the network of the World Bank's study (100,000 nodes, 130,000
    links).
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial import Delaunay

    rng = np.random.default_rng(seed)
    side = np.sqrt(n_nodes)
    points = rng.uniform(0, side, (n_nodes, 2))
    corners = np.sort(Delaunay(points).simplices, axis=1)
    pairs = np.unique(np.concatenate([corners[:, :2], corners[:, 1:], corners[:, ::2]]), axis=0)
    length = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    tree = minimum_spanning_tree(coo_matrix((length, pairs.T), (n_nodes, n_nodes)).tocsr()).tocoo()
    number = pairs[:, 0].astype(np.int64) * n_nodes + pairs[:, 1]
    joined = np.isin(number, np.minimum(tree.row, tree.col).astype(np.int64) * n_nodes + np.maximum(tree.row, tree.col))
    rest = np.flatnonzero(~joined & (length < np.quantile(length, 0.9)))
    joined[rng.permutation(rest)[: round(n_nodes * links_a_node) - int(joined.sum())]] = True
    return _both_ways(f"roads {n_nodes:,}", n_nodes, pairs[joined], length[joined], points, rng)


def thinned_grid(n_nodes: int, seed: int, links_a_node: float = 1.35) -> Net:
    """A square grid, links left out at random but for a spanning comb, one line in sixteen three times faster.

    Grids are hard for hierarchies: their separators are as large as those of planar networks get.
    """
    rng = np.random.default_rng(seed)
    side = round(np.sqrt(n_nodes))
    n_nodes = side * side
    number = np.arange(n_nodes).reshape(side, side)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    along = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    pairs = np.concatenate([across, along])
    line = np.concatenate([across[:, 0] // side, along[:, 0] % side])
    fast = line % 16 == 8
    kept = fast.copy()
    kept[: len(across)] |= across[:, 0] % side == 0  # so that the comb below hangs together
    kept[len(across) :] |= along[:, 0] % side == 0
    tree = _spanning(pairs, rng.uniform(0, 1, len(pairs)) - kept, n_nodes)
    kept |= tree
    rest = np.flatnonzero(~kept)
    kept[rng.permutation(rest)[: max(round(n_nodes * links_a_node) - int(kept.sum()), 0)]] = True
    points = np.stack([np.arange(n_nodes) % side, np.arange(n_nodes) // side], axis=1) + rng.uniform(
        -0.3, 0.3, (n_nodes, 2)
    )
    length = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T) / np.where(fast, 3.0, 1.0)
    return _both_ways(f"grid {n_nodes:,}", n_nodes, pairs[kept], length[kept], points, rng)


def _spanning(pairs: Array, key: Array, n_nodes: int) -> Array:
    """Mark the links of a least spanning tree."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import minimum_spanning_tree

    ranked = np.argsort(np.argsort(key)) + 1.0
    tree = minimum_spanning_tree(coo_matrix((ranked, pairs.T), (n_nodes, n_nodes)).tocsr())
    return np.isin(ranked, tree.data)


def _both_ways(name: str, n_nodes: int, pairs: Array, length: Array, points: Array, rng: Any) -> Net:
    # Some hundred units a link, and directions that differ by a few per cent.
    there = np.maximum(np.rint(100 * length * rng.uniform(0.9, 1.4, len(pairs))), 1)
    back = np.maximum(np.rint(there * rng.uniform(0.95, 1.05, len(pairs))), 1)
    tail = np.concatenate([pairs[:, 0], pairs[:, 1]])
    head = np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.lexsort((head, tail))
    weight = np.concatenate([there, back])[order]
    return Net(name, n_nodes, tail[order], head[order], weight, points[:, 0], points[:, 1])
