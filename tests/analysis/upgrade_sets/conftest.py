"""What tests of sets of upgrades share: seven upgrades of the tiny network, free or bound to one another."""

from __future__ import annotations

import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.upgrade_sets.upgrades import build
from corridor_net.costing import impedance

from .seven import SHIFT, STEPS


@pytest.fixture(scope="module")
def make_subsets(tiny, tmp_path_factory):
    """Return a function: the seven changes as upgrades u0 … u6, with heads (requires, conflicts, extends)."""
    router = Router(impedance(tiny))

    def make(heads=(), count=7):
        folder = tmp_path_factory.mktemp("upgrades")
        for n in range(count):
            head = dict(heads).get(n, "")
            text = f"scenario: u{n}\ntitle: u{n}\n{head}changes:\n{SHIFT.format(*STEPS[n])}"
            (folder / f"u{n}.yaml").write_text(text, encoding="utf-8")
        return build(router, [cn.load_scenario(folder / f"u{n}.yaml") for n in range(count)])

    return make


@pytest.fixture(scope="module")
def free(make_subsets):
    return make_subsets()
