"""The loops of `block`, carrying along what is added up over the arcs behind each weight."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from math import inf

import numpy as np

from corridor_net.graph.ensembles.amounts import fill_amounts
from corridor_net.graph.ensembles.block import read_out
from corridor_net.graph.ensembles.plan import GROUP
from corridor_net.graph.loops.compiled import index, inlined, kernel
from corridor_net.graph.loops.lanes import (
    add,
    add_all,
    choose,
    choose_all,
    less,
    load,
    load_all,
    store,
    store_all,
    zero_all,
)


@inlined
def _better(known, known_with, base, base_with, step, step_with):
    """Return the less of `known` and `base + step`, with what is carried along with it."""
    onward = add(base, step)
    won = less(onward, known)
    return choose(won, onward, known), choose_all(won, add_all(base_with, step_with), known_with)


@kernel
def solve_marked(raw, n_blocks, closed, marks, kept, carried, steps, width, answers, names, cost, route):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """`solve_block`, carrying along the sum of the marks of the arcs that make up each weight."""
    size = len(raw) // n_blocks
    for block in range(n_blocks):
        _solve_carrying(raw, block * size, marks, closed, kept, carried, steps, width, answers, names)
        read_out(answers, width, block, cost)
        read_out(names[0], width, block, route)


@kernel
def solve_totals(lists, n_blocks, given, columns, closed, kept, carried, steps, width, found, found_with):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Answer all pairs in some blocks of `Amounts`; `found` and each of `found_with` (pairs, n_blocks * width), flat.

    `given` is room for the weights of one block, its three amounts, and the marks, which are there already.
    """
    raw, firsts, seconds, thirds, marks = given
    n_pairs = len(found) // (n_blocks * width)
    answers = np.full(n_pairs * width, inf)
    first, second = np.zeros(n_pairs * width), np.zeros(n_pairs * width)
    third, fourth = np.zeros(n_pairs * width), np.zeros(n_pairs * width)
    names = (first, second, third, fourth)
    for block in range(n_blocks):
        fill_amounts(lists, block, columns, raw, firsts, seconds, thirds, width)
        _solve_carrying(raw, 0, (firsts, seconds, thirds, marks), closed, kept, carried, steps, width, answers, names)
        for pair in range(n_pairs):
            place = (pair * n_blocks + block) * width
            store(found, place, load(answers, pair * width))
            store_all(found_with, place, load_all(names, pair * width))


@kernel
def _solve_carrying(raw, at, given, closed, kept, carried, steps, width, answers, names):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """Answer all pairs in one block, and add up along each answer what is `given` of every arc.

    `given`, `names` and each of `carried` are tuples of as many arrays; `given` stands for one block.
    """
    weight, ahead, behind = kept
    weight_with, ahead_with, behind_with = carried
    program, forward, backward, meets = steps
    _customise_carrying(raw, at, given, closed, weight, weight_with, program, width)
    for group in range(len(backward.first_row) - 1):
        place = backward.first_row[group] * GROUP * width
        _sweep_carrying(weight, weight_with, backward, group, behind, behind_with, place, width)
    both = (ahead, ahead_with, behind, behind_with)
    for group in range(len(forward.first_row) - 1):
        _sweep_carrying(weight, weight_with, forward, group, ahead, ahead_with, 0, width)
        _meet_carrying(both, group, forward, backward, meets, closed, width, answers, names)


@kernel
def _customise_carrying(raw, at, given, closed, weight, weight_with, program, width):
    """`_customise`, carrying along."""
    first_own, own, first, left, right = program
    for way in range(len(first_own) - 1):
        least, least_with = load(closed, 0), zero_all(given)
        for i in range(index(first_own[way]), index(first_own[way + 1])):
            known = load(raw, at + own[i] * width)
            won = less(known, least)
            least_with = choose_all(won, load_all(given, own[i] * width), least_with)
            least = choose(won, known, least)
        for i in range(index(first[way]), index(first[way + 1])):
            base, base_with = load(weight, left[i] * width), load_all(weight_with, left[i] * width)
            step, step_with = load(weight, right[i] * width), load_all(weight_with, right[i] * width)
            least, least_with = _better(least, least_with, base, base_with, step, step_with)
        store(weight, way * width, least)
        store_all(weight_with, way * width, least_with)


@kernel
def _sweep_carrying(weight, weight_with, side, group, distance, distance_with, at, width):
    """`_sweep`, carrying along."""
    starts, first_row, first, source, steps = side.start, side.first_row, side.first, side.source, side.step
    row = GROUP * width
    start = first_row[group]
    distance[at : at + (first_row[group + 1] - start) * row] = inf
    for member in range(GROUP):
        k = starts[group * GROUP + member]
        if k >= 0:
            distance[at + k * row + member * width : at + k * row + (member + 1) * width] = 0
    here = at
    nothing = zero_all(distance_with)
    for k in range(start, first_row[group + 1]):
        a, a_with = load(distance, here), nothing
        b, b_with = load(distance, here + width), nothing
        c, c_with = load(distance, here + 2 * width), nothing
        d, d_with = load(distance, here + 3 * width), nothing
        for i in range(index(first[k]), index(first[k + 1])):
            step, step_with = load(weight, steps[i] * width), load_all(weight_with, steps[i] * width)
            below = at + source[i] * row
            base, base_with = load(distance, below), load_all(distance_with, below)
            a, a_with = _better(a, a_with, base, base_with, step, step_with)
            base, base_with = load(distance, below + width), load_all(distance_with, below + width)
            b, b_with = _better(b, b_with, base, base_with, step, step_with)
            base, base_with = load(distance, below + 2 * width), load_all(distance_with, below + 2 * width)
            c, c_with = _better(c, c_with, base, base_with, step, step_with)
            base, base_with = load(distance, below + 3 * width), load_all(distance_with, below + 3 * width)
            d, d_with = _better(d, d_with, base, base_with, step, step_with)
        store(distance, here, a)
        store(distance, here + width, b)
        store(distance, here + 2 * width, c)
        store(distance, here + 3 * width, d)
        store_all(distance_with, here, a_with)
        store_all(distance_with, here + width, b_with)
        store_all(distance_with, here + 2 * width, c_with)
        store_all(distance_with, here + 3 * width, d_with)
        here += row


@kernel
def _meet_carrying(both, group, forward, backward, meets, closed, width, answers, names):  # noqa: PLR0913 (compiled: it takes arrays, not objects)
    """`_meet`, one destination at a time, carrying along; 0 where there is no route."""
    ahead, ahead_with, behind, behind_with = both
    members, ends, first_row = forward.members, backward.members, backward.first_row
    first, rows, others = meets.first, meets.ahead, meets.behind
    row = GROUP * width
    none, nothing = load(closed, 0), zero_all(names)
    n_ends = (ends >= 0).sum()
    for j in range(len(ends)):
        if ends[j] < 0:
            continue
        tile = group * (len(first_row) - 1) + j // GROUP
        at = first_row[j // GROUP] * row + j % GROUP * width
        a, a_with, b, b_with = none, nothing, none, nothing
        c, c_with, d, d_with = none, nothing, none, nothing
        for k in range(index(first[tile]), index(first[tile + 1])):
            up, down = rows[k] * row, at + others[k] * row
            step, step_with = load(behind, down), load_all(behind_with, down)
            base, base_with = load(ahead, up), load_all(ahead_with, up)
            a, a_with = _better(a, a_with, base, base_with, step, step_with)
            base, base_with = load(ahead, up + width), load_all(ahead_with, up + width)
            b, b_with = _better(b, b_with, base, base_with, step, step_with)
            base, base_with = load(ahead, up + 2 * width), load_all(ahead_with, up + 2 * width)
            c, c_with = _better(c, c_with, base, base_with, step, step_with)
            base, base_with = load(ahead, up + 3 * width), load_all(ahead_with, up + 3 * width)
            d, d_with = _better(d, d_with, base, base_with, step, step_with)
        place = (members[group * GROUP] * n_ends + ends[j]) * width
        store(answers, place, a)
        store_all(names, place, a_with)
        if members[group * GROUP + 1] >= 0:
            place = (members[group * GROUP + 1] * n_ends + ends[j]) * width
            store(answers, place, b)
            store_all(names, place, b_with)
        if members[group * GROUP + 2] >= 0:
            place = (members[group * GROUP + 2] * n_ends + ends[j]) * width
            store(answers, place, c)
            store_all(names, place, c_with)
        if members[group * GROUP + 3] >= 0:
            place = (members[group * GROUP + 3] * n_ends + ends[j]) * width
            store(answers, place, d)
            store_all(names, place, d_with)
