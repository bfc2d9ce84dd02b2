"""What tests of answers share: a router for each measure that can be minimised, and a study small enough to follow."""

from __future__ import annotations

import pytest

import corridor_net as cn
from corridor_net.analysis.compare import compare
from corridor_net.costing import MINIMISED


@pytest.fixture(scope="module")
def routers(imp2019):
    return {by: cn.Router(imp2019, by=by) for by in MINIMISED}


TINY_STUDY = "study: tiny\ntitle: Tiny\nbaselines: [baseline-2019]\nscenarios: [shut, none]\n"


@pytest.fixture
def tiny_comparison(make_tiny, write_yaml):
    """Alfa and Golf to Delta; 'shut' closes the border, 'none' all lines. Bravo is a market nothing reaches."""

    def terminals(rows):
        rows.append({"terminal_id": "golf-origin-port_out", "node_id": "golf", "from_state": "origin",
                     "to_state": "port_out", "operation_id": "load_road"})  # fmt: skip

    def markets(rows):
        rows.append({"node_id": "golf", "role": "origin", "region": "North", "population": 70, "trade_musd": 9})
        rows.append({"node_id": "bravo", "role": "market", "region": "Rim", "gdp": 1.5})

    net = make_tiny(terminal=terminals, market=markets)
    write_yaml(
        "shut",
        "scenario: shut\ntitle: Shut\ninvestment_usd: 12\nchanges:\n"
        "  - {close: crossing, where: {crossing_id: bc-out}}\n",
    )
    write_yaml("none", "scenario: none\ntitle: None\nchanges:\n  - {close: service, where: {service_id: '*'}}\n")
    return compare(cn.load_study(write_yaml("tiny", TINY_STUDY + "focus: delta\n")), net)
