"""The best routes of many pairs with all their legs: one search an origin."""

from __future__ import annotations

from collections.abc import Iterable

from corridor_net.analysis.route import Route
from corridor_net.analysis.router import Router
from corridor_net.analysis.trips import starts_of


def routes(router: Router, pairs: Iterable[tuple[str, str]]) -> list[Route]:
    """Return the best route of each pair that has one, origin by origin in the order of the pairs.

    `pairs` are (origin, destination) ids. A place has no route to itself.
    """
    goals: dict[str, list[str]] = {}
    for origin, goal in dict.fromkeys(pairs):
        goals.setdefault(origin, []).append(goal)
    starts = starts_of(router, list(goals))
    found = []
    for (origin, _), tree in zip(starts, router.weighted.many([s for _, s in starts]), strict=True):
        for goal in goals[origin]:
            state = router.impedance.index.get((goal, "destination"))
            if state is not None and goal != origin and tree.parent_arc[state] >= 0:
                found.append(router.describe(origin, goal, tree.path(state)))
    return found
