"""Loads of a demand: one set of flows, an equilibrium held against brute force, bad demand tables."""

import json
from dataclasses import replace
from math import exp, log
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import optimize
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.analysis.loads import equilibrium
from corridor_net.analysis.loads.assignment import _service_at, assign
from corridor_net.analysis.loads.demand import Demand, read_demand
from corridor_net.analysis.loads.gateways import ChoiceSets, choice
from corridor_net.analysis.router import Router
from corridor_net.cli.main import app
from corridor_net.costing import impedance
from corridor_net.errors import BadFile, BadValue, FileFaults, UnknownName

MU = 0.002
BORDER = "hunchun-kraskino-road-out"
LARGE = [Demand(o, "niigata", 900_000.0) for o in ("harbin", "changchun", "hunchun")]


@pytest.fixture(scope="module")
def router():
    return Router(impedance(cn.load(as_of="2019-07-01").network))


class Plain:
    """The same equilibrium written down route by route, without arrays, from the routes that came out."""

    def __init__(self, router, loads, demand, base=None):
        self.router, self.flows, self.base = router, loads.flows, base or {}
        self.teu = {}
        for row in demand:
            ends = (row.origin, row.destination)
            self.teu[ends] = self.teu.get(ends, 0.0) + row.teu
        self.capacity = {c.crossing_id: c.capacity_per_day for c in router.network.active("crossing")}
        self.queue = {}
        for arc in router.impedance.arcs:
            hours = sum(part.amount for part in arc.parts if part.component == "queue")
            if arc.kind == "crossing" and self.capacity[arc.asset_id] and hours:
                self.queue[arc.asset_id] = hours
        self.free = [float(router.generalised[list(f.arcs)].sum()) for f in self.flows]
        self.size = [self._size(f) for f in self.flows]

    def _size(self, flow):
        of_pair = [f for f in self.flows if (f.origin, f.destination) == (flow.origin, flow.destination)]
        weight = self.router.generalised
        total = sum(weight[a] for a in flow.arcs)
        return sum(weight[a] / total / sum(a in f.arcs for f in of_pair) for a in flow.arcs)

    def factor(self, crossing, x):
        teu = sum(f.crossings.count(crossing) * v for f, v in zip(self.flows, x, strict=True))
        a_day = teu / self.router.impedance.cargo.teu / 365 + self.base.get(crossing, 0.0)
        return 1 + (a_day / self.capacity[crossing]) ** 4

    def chosen(self, x):
        """What each pair chooses under the queues of the flows `x`."""
        hour = self.router.impedance.cargo.value_of_time
        more = {crossing: hour * hours * (self.factor(crossing, x) - 1) for crossing, hours in self.queue.items()}
        cost = [g + sum(more.get(c, 0.0) for c in f.crossings) for g, f in zip(self.free, self.flows, strict=True)]
        found = np.zeros(len(x))
        for ends, teu in self.teu.items():
            own = [n for n, f in enumerate(self.flows) if (f.origin, f.destination) == ends]
            if not own:
                continue
            utility = [log(self.size[n]) - MU * cost[n] for n in own]
            weight = [exp(u - max(utility)) for u in utility]
            for n, w in zip(own, weight, strict=True):
                found[n] = teu * w / sum(weight)
        return found


@pytest.mark.parametrize(
    ("demand", "base"),
    [
        ([Demand("hunchun", "niigata", 150_000.0)], {BORDER: 160.0}),
        ([Demand("hunchun", "niigata", 40_000.0), Demand("suifenhe", "tokyo", 60_000.0)], {}),
        ([Demand("mudanjiang", "niigata", 500_000.0), Demand("niigata", "hunchun", 300_000.0)], {}),
        (LARGE, {}),
    ],
)
def test_flows_are_the_fixed_point_that_brute_force_finds(router, demand, base):
    loads = assign(router, demand, base_flow=base)
    plain = Plain(router, loads, demand, base)
    x = np.array([flow.teu for flow in loads.flows])
    whole = sum(row.teu for row in demand)
    assert loads.converged
    assert np.abs(plain.chosen(x) - x).sum() / whole < 1e-8
    solved = optimize.root(lambda v: plain.chosen(v * whole) / whole - v, x * 0.0 + 1 / len(x), tol=1e-12)
    assert solved.success
    assert x == pytest.approx(solved.x * whole, abs=1e-5 * whole)


def test_flows_are_the_least_of_the_convex_programme(router):
    """Fisk (1980): the equilibrium is the least of a convex sum of queue integrals and entropy; no fixed point here."""
    demand, base = [Demand("hunchun", "niigata", 150_000.0)], {BORDER: 160.0}
    loads = assign(router, demand, base_flow=base)
    plain = Plain(router, loads, demand, base)
    boxes, hour = router.impedance.cargo.teu, router.impedance.cargo.value_of_time

    def objective(shares):
        x = shares * 150_000.0
        total = 0.0
        for value, free, size in zip(x, plain.free, plain.size, strict=True):
            total += value * free + (value * log(max(value, 1e-300)) - value * log(size)) / MU
        for crossing, hours in plain.queue.items():
            teu = sum(f.crossings.count(crossing) * v for f, v in zip(plain.flows, x, strict=True))
            day, start, capacity = teu / boxes / 365, base.get(crossing, 0.0), plain.capacity[crossing]
            integral = ((start + day) ** 5 - start**5) / 5 / capacity**4
            total += hour * hours * integral * boxes * 365
        return total / 150_000.0 / 1000

    n = len(plain.flows)
    least = optimize.minimize(
        objective,
        np.full(n, 1 / n),
        bounds=[(1e-12, 1)] * n,
        constraints={"type": "eq", "fun": lambda s: s.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    assert least.success
    assert [f.teu / 150_000.0 for f in loads.flows] == pytest.approx(least.x.tolist(), abs=2e-3)


def test_one_set_of_flows_serves_every_table(router):
    loads = assign(router, LARGE)
    assert sum(loads.by_gateway.values()) == pytest.approx(2_700_000)
    for gateway, teu in loads.by_gateway.items():
        assert sum(loads.by_gateway_service[gateway].values()) == pytest.approx(teu, rel=1e-12)
    through = {name: sum(f.teu for f in loads.flows if f.gateway == name) for name in loads.by_gateway}
    assert through == pytest.approx(loads.by_gateway)
    for table, attribute in (("by_service", "services"), ("by_crossing", "crossings"), ("by_link", "links")):
        for name, teu in getattr(loads, table).items():
            assert teu == pytest.approx(sum(f.teu * getattr(f, attribute).count(name) for f in loads.flows))
    assert sum(loads.by_port.values()) == pytest.approx(sum(loads.by_service.values()))
    assert loads.by_port["dalian"] == pytest.approx(loads.by_gateway["dalian"])
    for name, factor in loads.queue_factor.items():
        a_day = loads.by_crossing.get(name, 0.0) / 2 / 365
        capacity = next(c.capacity_per_day for c in router.network.rows("crossing") if c.crossing_id == name)
        assert factor == pytest.approx(1 + (a_day / capacity) ** 4)
    told = loads.to_dict()
    for gateway, of in told["teu_by_gateway_service"].items():
        assert sum(of.values()) == pytest.approx(told["teu_by_gateway"][gateway], abs=1e-3)
    assert told["converged"] is True


def test_no_route_worth_looking_at_under_the_queues_is_left_out(router):
    loads = assign(router, LARGE)
    weight = router.generalised.copy()
    hour = router.impedance.cargo.value_of_time
    for number, arc in enumerate(router.impedance.arcs):
        if arc.kind == "crossing" and arc.asset_id in loads.queue_factor:
            hours = sum(part.amount for part in arc.parts if part.component == "queue")
            weight[number] += hour * hours * (loads.queue_factor[arc.asset_id] - 1)
    for origin in ("harbin", "changchun", "hunchun"):
        known = {flow.arcs for flow in loads.flows if flow.origin == origin}
        assert {tuple(arcs) for arcs in ChoiceSets(router, weight).between(origin, "niigata")} <= known
        for flow in (f for f in loads.flows if f.origin == origin):
            assert flow.generalised_cost_usd == pytest.approx(float(weight[list(flow.arcs)].sum()))


def test_what_did_not_converge_is_told(router):
    loads = assign(router, LARGE, rounds=2)
    assert not loads.converged
    plain = Plain(router, loads, LARGE)
    x = np.array([flow.teu for flow in loads.flows])
    assert loads.residual == pytest.approx(np.abs(plain.chosen(x) - x).sum() / 2 / 2_700_000)
    assert loads.residual > 1e-6
    assert sum(loads.by_gateway.values()) == pytest.approx(2_700_000)


def test_the_command_says_whether_it_converged(tmp_path):
    path = write(tmp_path, "origin,destination,teu\nharbin,niigata,900000\nhunchun,niigata,900000\n")
    asked = ["gateways", "--as-of", "2019-07-01", "--demand", str(path)]
    whole = CliRunner().invoke(app, asked, catch_exceptions=False).stdout
    assert "Equilibrium after" in whole
    assert "NOT CONVERGED" not in whole
    short = CliRunner().invoke(app, [*asked, "--rounds", "1"], catch_exceptions=False).stdout
    assert "NOT CONVERGED: after 1 round " in short
    assert "Equilibrium after" not in short
    told = json.loads(CliRunner().invoke(app, [*asked, "--rounds", "1", "--json"], catch_exceptions=False).stdout)
    assert told["loads"]["converged"] is False
    assert told["loads"]["residual"] > 1e-3


@pytest.mark.whole
@pytest.mark.parametrize("teu", [1.0, 1e6, 1e9, 1e12])
def test_any_demand_converges(router, teu):
    loads = assign(router, [Demand("hunchun", "niigata", teu), Demand("suifenhe", "tokyo", teu)])
    assert loads.converged
    assert all(flow.teu >= 0 and np.isfinite(flow.teu) for flow in loads.flows)


def test_without_queues_flows_are_the_shares(router):
    demand = [
        Demand("harbin", "niigata", 1000.0),
        Demand("hunchun", "tokyo", 500.0),
        Demand("harbin", "niigata", 500.0),
    ]
    timetable = Router(router.impedance, schedule=True)
    loads = assign(timetable, demand)
    assert (loads.residual, loads.rounds, loads.converged, loads.queue_factor) == (0.0, 0, True, {})
    for origin, goal, teu in (("harbin", "niigata", 1500.0), ("hunchun", "tokyo", 500.0)):
        shares = choice(timetable, origin, goal).gateways
        own = {}
        for flow in loads.flows:
            if flow.origin == origin:
                own[flow.gateway or "by land"] = own.get(flow.gateway or "by land", 0.0) + flow.teu
        assert own == pytest.approx({name: teu * share for name, share in shares.items()})


def test_a_preference_counts_in_the_loads(router):
    demand = [Demand("harbin", "niigata", 1000.0)]
    shunned = assign(router, demand, preference_usd={"dalian": 5000.0})
    assert shunned.by_gateway["dalian"] < 0.01 * assign(router, demand).by_gateway["dalian"]


def test_congestion_drives_cargo_away(router):
    demand = [Demand("hunchun", "niigata", 150_000.0)]
    free, full = assign(router, demand), assign(router, demand, base_flow={BORDER: 160.0})
    assert full.by_crossing[BORDER] < free.by_crossing[BORDER]
    assert full.queue_factor[BORDER] > 2


def test_what_has_no_way_is_told(router):
    loads = assign(router, [Demand("harbin", "niigata", 10.0), Demand("niigata", "dekastri", 10.0)])
    assert sum(loads.by_gateway.values()) + 10.0 * len(loads.cut_off) == pytest.approx(20.0)


def test_a_network_without_any_way_gives_no_flows(router):
    services = [replace(row, carries="passenger") for row in router.network.rows("service")]
    land = Router(impedance(router.network.with_rows(service=services)))
    loads = assign(land, [Demand("harbin", "niigata", 10.0)])
    assert (loads.flows, loads.by_gateway, loads.cut_off) == ((), {}, (("harbin", "niigata"),))


def test_bad_demands_are_told(router, tmp_path):
    with pytest.raises(BadValue, match="demand"):
        assign(router, [])
    with pytest.raises(BadValue, match="rounds"):
        assign(router, LARGE, rounds=0)
    with pytest.raises(BadValue, match="tolerance"):
        assign(router, LARGE, tolerance=0.0)
    with pytest.raises(BadValue, match="scale"):
        assign(router, LARGE, scale_per_usd=-1.0)
    with pytest.raises(BadFile, match="cannot read"):
        read_demand(tmp_path / "none.csv", router.network)


def test_the_queue_is_that_of_the_page():
    """As many lorries as there is capacity double the queue; half as many make it a sixteenth longer."""
    assert 1 + equilibrium.ALPHA * 1.0**equilibrium.BETA == 2.0
    assert 1 + equilibrium.ALPHA * 0.5**equilibrium.BETA == 1.0625


def write(tmp_path, text):
    path = tmp_path / "demand.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_demand_is_read(router, tmp_path):
    path = write(tmp_path, "origin,destination,teu\nHarbin,新潟,10.5\n\nCNHUC,JPNIH,0\n")
    rows = read_demand(path, router.network)
    assert rows == (Demand("harbin", "niigata", 10.5), Demand("hunchun", "niigata", 0.0))


@pytest.mark.whole
@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("origin,destination,teu\nharbn,niigata,5\n", UnknownName, "harbin"),
        ("origin,destination,teu\nharbin,niigata,-5\n", BadValue, "demand.csv:2:16"),
        ("origin,destination,teu\nharbin,niigata,many\n", BadValue, "many"),
        ("origin,destination,teu\nharbin,niigata,\n", BadValue, "the cell of 'teu' is empty"),
        ("origin,destination,teu\nharbin,niigata\n", BadFile, "2 cells, the header 3"),
        ("origin,destination,teu\nharbin,niigata,1,000\n", BadFile, "demand.csv:2:18"),
        ("origin,destination,teu\nharbin,niigata,1_000\n", BadValue, "demand.csv:2:16"),
        ("origin,destination,teu,teu\nharbin,niigata,1,2\n", BadFile, "'teu' twice"),
        ("origin,destination,teu\nx,y,z\n", FileFaults, "3 faults"),
        ("origin,destination\nharbin,niigata\n", BadFile, "lacks the column 'teu'"),
        ("origin,destination,teu\n", BadFile, "no demand"),
        ("", BadFile, "lacks the column"),
        (f"origin,destination,teu\nharbin,niigata,{'5' * 200_000}\n", BadFile, "demand.csv:2:1"),
    ],
)
def test_bad_demand_is_told(router, tmp_path, text, error, words):
    with pytest.raises(error) as caught:
        read_demand(write(tmp_path, text), router.network)
    assert words in str(caught.value) or words in caught.value.args[0]


def test_the_service_at_a_gateway_is_the_first_that_leaves_it_else_the_last_that_lands_there():
    def leg(service, start, end):
        return SimpleNamespace(asset_id=service, from_node=start, to_node=end, leaves_land=True)

    legs = [leg("feeder", "rajin", "busan"), leg("liner", "busan", "niigata")]
    assert [_service_at(port, legs) for port in ("rajin", "busan", "niigata")] == ["feeder", "liner", "liner"]
    assert _service_at("vladivostok", legs) is None
