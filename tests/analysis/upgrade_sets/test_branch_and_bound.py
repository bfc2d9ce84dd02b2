"""The search of many upgrades by itself, on gains that add up: what it looks at, what it keeps, when it stops."""

from types import SimpleNamespace

import numpy as np
import pytest

from corridor_net.analysis.upgrade_sets import branch_and_bound as module
from corridor_net.analysis.upgrade_sets.branch_and_bound import branch_and_bound


class Adding:
    """In the place of `_Bounder`: a set gains the sum of its members, and no set more than all that it may hold."""

    def __init__(self, task):
        self.task = task

    def gain(self, mask):
        return sum(one for k, one in enumerate(self.task.gains) if mask >> k & 1)

    def bound(self, sure, undecided):
        return self.gain(sure | undecided)


@pytest.fixture
def found(monkeypatch):
    monkeypatch.setattr(module, "_Bounder", Adding)

    def call(gains, cost, budget, within=0.0):
        rules = SimpleNamespace(
            closed=lambda mask: mask, allowed=lambda mask: True, extended=[1 << k for k in range(len(gains))]
        )
        task = SimpleNamespace(gains=gains, cost=cost, n=len(gains), rules=rules)
        task.price = lambda mask: sum(one for k, one in enumerate(cost) if mask >> k & 1)
        return branch_and_bound(task, budget, within)

    return call


def test_what_cannot_be_better_is_not_looked_at(found):
    """The dearer is tried first; without it no more than 9.5 is to be had, within 5 % of 10 and not within 4."""
    assert found([9.5, 10.0], [1.0, 2.0], 2.0) == ({0: 0, 2: 10}, 10, 1)
    assert found([9.5, 10.0], [1.0, 2.0], 2.0, within=0.04) == ({0: 0, 2: 10}, 10, 1)
    assert found([9.5, 10.0], [1.0, 2.0], 2.0, within=0.05) == ({0: 0, 2: 10, 1: 9.5}, 10, 2)
    assert found([9.5, 10.0], [1.0, 2.0], 0.5) == ({0: 0}, 0, 0)


def test_stopped_it_says_what_may_still_be_better(found, monkeypatch):
    monkeypatch.setattr(module, "MOST_NODES", 1)
    assert found([9.5, 4.0, 3.0], [3.0, 2.0, 2.0], 4.0) == ({0: 0, 1: 9.5}, 9.5, 1)
    assert found([5.0, 4.0, 3.0], [3.0, 2.0, 2.0], 4.0) == ({0: 0, 1: 5}, 7, 1)


def test_the_best_of_many_and_all_that_are_near_are_those_of_enumeration(found):
    draw = np.random.default_rng(5)
    for within in (0.0, 0.1) * 5:
        gains, cost = draw.integers(1, 30, 7).astype(float).tolist(), draw.integers(1, 9, 7).astype(float).tolist()
        every = {}
        for mask in range(1 << 7):
            chosen = [k for k in range(7) if mask >> k & 1]
            if sum(cost[k] for k in chosen) <= 15:
                every[mask] = sum(gains[k] for k in chosen)
        sets, bound, looked = found(gains, cost, 15.0, within)
        best = max(every.values())
        assert (max(sets.values()), bound) == (best, best)
        near = {mask: gain for mask, gain in every.items() if gain >= best * (1 - within)}
        assert near.items() <= sets.items() <= every.items()
        assert looked < len(every)
