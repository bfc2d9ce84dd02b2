"""Why nothing leads from one place to another: where the way on is of another mode, or how far cargo gets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor_net.costing import Impedance

SHOWN = 3
"""Places named in a hint."""


def why_unreached(impedance: Impedance, start: str, goal: str) -> str:
    """Return in a sentence what lacks between two places that no route joins.

    A place that cargo reaches in one state, and from which the goal is reached in another, lacks a change of mode.
    Where there is none, the parts of the network that hold the two do not meet.
    """
    ahead = _reached(impedance, start, "origin")
    back = _reached(impedance, goal, "destination", backward=True)
    places = {name: node.name for name, node in impedance.network.nodes.items()}
    states = impedance.states
    come, go = _by_place(states, ahead), _by_place(states, back)
    both = [place for place in come if place in go]
    if both:
        listed = "; ".join(f"at {places[one]} from {come[one]} to {go[one]}" for one in both[:SHOWN])
        if len(both) > SHOWN:
            return f"no change of mode in table terminal, at {len(both):,} places: {listed}; …"
        return f"no change of mode in table terminal: {listed}"
    return (
        f"the two are in parts of the network that do not meet: cargo from {places[start]} reaches {len(come):,} of "
        f"{len(places):,} places, and {len(go):,} lead to {places[goal]}"
    )


def _reached(impedance: Impedance, node: str, name: str, *, backward: bool = False) -> NDArray[np.bool_]:
    """Return which states can be reached from a state of a node, or with `backward` lead to it."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order

    size = len(impedance.states)
    found = np.zeros(size, bool)
    first = impedance.index.get((node, name))
    if first is None:
        return found
    ends = impedance.tail, impedance.head
    steps = coo_array((np.ones(len(ends[0]), np.int8), ends[::-1] if backward else ends), shape=(size, size))
    found[breadth_first_order(steps.tocsr(), first, return_predecessors=False)] = True
    return found


def _by_place(states: Sequence[tuple[str, str]], reached: NDArray[np.bool_]) -> dict[str, str]:
    """Return the places of states that are reached, and the states in words."""
    found: dict[str, list[str]] = {}
    for number in np.flatnonzero(reached).tolist():
        place, state = states[number]
        if state not in ("origin", "destination") and "@" not in state:
            found.setdefault(place, []).append(state)
    return {place: " or ".join(sorted(names)) for place, names in found.items()}
