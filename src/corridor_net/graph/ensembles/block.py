"""Compiled loops over a block of weightings: customise side by side, sweep from both ends, meet."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf

from corridor_net.graph.ensembles.plan import GROUP
from corridor_net.graph.loops.compiled import index, kernel
from corridor_net.graph.loops.lanes import (
    add,
    load,
    minimum,
    store,
    turn,
)


@kernel
def solve_block(raw, n_blocks, closed, kept, steps, width, answers, cost):
    """Answer all pairs in some blocks; `answers` holds those of one block, pair by pair; `cost` (weightings, pairs)."""
    weight, ahead, behind = kept
    program, forward, backward, meets = steps
    size = len(raw) // n_blocks
    for block in range(n_blocks):
        _customise(raw, block * size, closed, weight, program, width)
        for group in range(len(backward.first_row) - 1):
            _sweep(weight, backward, group, behind, backward.first_row[group] * GROUP * width, width)
        for group in range(len(forward.first_row) - 1):
            _sweep(weight, forward, group, ahead, 0, width)
            _meet(ahead, behind, group, forward, backward, meets, closed, width, answers)
        read_out(answers, width, block, cost)


@kernel
def read_out(answers, width, block, found):
    """Copy the answers of a block to their weightings, `found` (weightings, pairs)."""
    n_pairs = found.shape[1]
    lanes = min(width, len(found) - block * width)
    done = 0
    if lanes == width:
        done = n_pairs - n_pairs % width
        flat = found.reshape(-1)
        for pair in range(0, done, width):
            turn(answers, pair * width, width, flat, block * width * n_pairs + pair, n_pairs)
    for lane in range(lanes):
        row = found[block * width + lane]
        for pair in range(done, n_pairs):
            row[pair] = answers[pair * width + lane]


@kernel
def _customise(raw, at, closed, weight, program, width):
    """Fill `weight`, way by way, from the arcs' weights that stand from `at` on in `raw`."""
    first_own, own, first, left, right = program
    for way in range(len(first_own) - 1):
        least = load(closed, 0)
        for i in range(index(first_own[way]), index(first_own[way + 1])):
            least = minimum(load(raw, at + own[i] * width), least)
        for i in range(index(first[way]), index(first[way + 1])):
            least = minimum(add(load(weight, left[i] * width), load(weight, right[i] * width)), least)
        store(weight, way * width, least)


@kernel
def _sweep(weight, side, group, distance, at, width):
    """Write the distances of a group's four nodes at each of its ancestors, from `at` on."""
    starts, first_row, first, source, steps = side.start, side.first_row, side.first, side.source, side.step
    row = GROUP * width
    start = first_row[group]
    distance[at : at + (first_row[group + 1] - start) * row] = inf
    for member in range(GROUP):
        k = starts[group * GROUP + member]
        if k >= 0:
            distance[at + k * row + member * width : at + k * row + (member + 1) * width] = 0
    here = at
    for k in range(start, first_row[group + 1]):
        a = load(distance, here)
        b = load(distance, here + width)
        c = load(distance, here + 2 * width)
        d = load(distance, here + 3 * width)
        for i in range(index(first[k]), index(first[k + 1])):
            step = load(weight, steps[i] * width)
            below = at + source[i] * row
            a = minimum(add(load(distance, below), step), a)
            b = minimum(add(load(distance, below + width), step), b)
            c = minimum(add(load(distance, below + 2 * width), step), c)
            d = minimum(add(load(distance, below + 3 * width), step), d)
        store(distance, here, a)
        store(distance, here + width, b)
        store(distance, here + 2 * width, c)
        store(distance, here + 3 * width, d)
        here += row


@kernel
def _meet(ahead, behind, group, forward, backward, meets, closed, width, answers):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Find the least sums of a group of four origins and every destination, two at a time, over the rows they share."""
    members, ends, first_row = forward.members, backward.members, backward.first_row
    first, rows, others = meets.first, meets.ahead, meets.behind
    row = GROUP * width
    none = load(closed, 0)
    n_ends = (ends >= 0).sum()
    for j in range(0, len(ends), 2):
        if ends[j] < 0:
            continue
        tile = group * (len(first_row) - 1) + j // GROUP
        at = first_row[j // GROUP] * row + j % GROUP * width
        a, b, c, d = none, none, none, none
        e, f, g, h = none, none, none, none
        for k in range(index(first[tile]), index(first[tile + 1])):
            up, down = rows[k] * row, at + others[k] * row
            one, two = load(behind, down), load(behind, down + width)
            onward = load(ahead, up)
            a, e = minimum(add(onward, one), a), minimum(add(onward, two), e)
            onward = load(ahead, up + width)
            b, f = minimum(add(onward, one), b), minimum(add(onward, two), f)
            onward = load(ahead, up + 2 * width)
            c, g = minimum(add(onward, one), c), minimum(add(onward, two), g)
            onward = load(ahead, up + 3 * width)
            d, h = minimum(add(onward, one), d), minimum(add(onward, two), h)
        for half in range(2):
            end = ends[j + half]
            if end >= 0:
                origin = members[group * GROUP]
                store(answers, (origin * n_ends + end) * width, a)
                origin = members[group * GROUP + 1]
                if origin >= 0:
                    store(answers, (origin * n_ends + end) * width, b)
                origin = members[group * GROUP + 2]
                if origin >= 0:
                    store(answers, (origin * n_ends + end) * width, c)
                origin = members[group * GROUP + 3]
                if origin >= 0:
                    store(answers, (origin * n_ends + end) * width, d)
            a, b, c, d = e, f, g, h
