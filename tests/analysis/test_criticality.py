"""Closures against compiling and searching anew with networkx, cuts against enumeration, months against single days."""

import itertools

import networkx as nx
import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis import criticality as c
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute


@pytest.fixture(scope="module")
def router():
    return Router(impedance(cn.load(as_of="2019-07-01").network))


@pytest.fixture(scope="module")
def small(tiny):
    return Router(impedance(tiny))


DEMAND = {("harbin", "niigata"): 3.0, ("suifenhe", "niigata"): 1.0, ("hunchun", "tokyo"): 2.0}


def least(router, closed, origin, destination):
    """The least generalised cost by networkx without some things; None without a route."""
    gone = {arc for thing in closed for arc in thing.arcs}
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(router.impedance.states)))
    for number, arc in enumerate(router.impedance.arcs):
        if number not in gone:
            graph.add_edge(arc.tail, arc.head, weight=float(router.generalised[number]))
    ends = router.end_state(origin, "origin"), router.end_state(destination, "destination")
    try:
        return nx.shortest_path_length(graph, *ends, weight="weight")
    except nx.NetworkXNoPath:
        return None


def test_losses_equal_networkx(router):
    losses = {loss.assets[0]: loss for loss in c.criticality(router, DEMAND)}
    chosen = [t for t in c.assets(router) if t in losses][::6] + [t for t in c.assets(router) if t not in losses][::60]
    for thing in chosen:
        extra = cut = 0.0
        for pair, weight in DEMAND.items():
            before, after = least(router, (), *pair), least(router, (thing,), *pair)
            if after is None:
                cut += weight / 6
            else:
                extra += weight * (after - before) / 6
        loss = losses.get(thing)
        assert (loss.extra_usd if loss else 0.0) == pytest.approx(extra, abs=1e-6), thing.name
        assert (loss.cut_off_share if loss else 0.0) == pytest.approx(cut)


def test_pairs_cost_at_least_as_much_as_each(router):
    singles = c.criticality(router, DEMAND)
    alone = {loss.assets[0]: loss for loss in singles}
    for loss in c.pairs_of(router, DEMAND, singles, top=5):
        for thing in loss.assets:
            assert loss.cut_off_share >= alone[thing].cut_off_share - 1e-12
            if loss.cut_off_share == alone[thing].cut_off_share:
                assert loss.extra_usd >= alone[thing].extra_usd - 1e-9


def test_the_example_of_the_page(small):
    """Alfa to Delta: by Charlie 2,170.81 USD, by Golf 3,498.08; without Charlie a box costs 1,327.27 more."""
    losses = {loss.names: loss for loss in c.criticality(small, {("alfa", "delta"): 1.0})}
    assert losses["port charlie"].extra_usd == pytest.approx(1327.27, abs=0.01)
    assert losses["port delta"].cut_off_share == 1.0
    cut = c.smallest_cut(small, "alfa", ["delta"], ("port",))
    assert [thing.name for thing in cut] == ["delta"]


def test_losses_of_two_origins_by_hand(make_tiny):
    """Three of four boxes are of Alfa, by Charlie in 160.58 h or by Golf in 283; one is of Golf, by ship alone."""
    quay = {"terminal_id": "golf-origin-port_out", "node_id": "golf", "from_state": "origin", "to_state": "port_out",
            "operation_id": "port_golf"}  # fmt: skip
    router = Router(impedance(make_tiny(terminal=lambda rows: rows.append(quay))))
    demand = {("golf", "delta"): 1.0, ("alfa", "delta"): 3.0}
    hours = 283 - (156.5 + 196 / 48)
    more = pytest.approx(1327.27, abs=0.01)
    losses = {loss.names: loss for loss in c.criticality(router, demand)}
    assert list(losses)[:3] == ["port delta", "port golf", "service line-gd"]
    assert set(losses) == {"port delta", "port golf", "port charlie", "service line-gd", "service line-cd",
                           "link road-ab", "link road-bc", "crossing bc"}  # fmt: skip
    for name in ("port golf", "service line-gd"):
        lost = losses[name]
        assert (lost.extra_usd, lost.extra_hours, lost.worst_origin, lost.worst_extra_usd) == (0, 0, None, None)
        assert (lost.hit_share, lost.cut_off_share) == (0.25, 0.25)
    for name in ("port charlie", "link road-ab", "link road-bc", "service line-cd", "crossing bc"):
        lost = losses[name]
        assert (lost.hit_share, lost.cut_off_share, lost.worst_origin) == (0.75, 0.0, "alfa")
        assert lost.worst_extra_usd == more
        assert lost.extra_usd == pytest.approx(0.75 * lost.worst_extra_usd)
        assert lost.extra_hours == pytest.approx(0.75 * hours)
    gone = losses["port delta"]
    assert (gone.extra_usd, gone.extra_hours, gone.hit_share, gone.cut_off_share) == (None, None, 1.0, 1.0)
    both = c.pairs_of(router, demand, [losses["port charlie"], losses["port golf"], losses["link road-ab"]], top=2)
    assert [(one.names, one.cut_off_share, one.extra_usd) for one in both] == [("port charlie + port golf", 1.0, None)]
    three = c.pairs_of(router, demand, list(losses.values()))
    assert len(three) == 28
    shares = [one.cut_off_share for one in three]
    assert shares == sorted(shares, reverse=True)
    golf = {one.names: one for one in three}["port golf + link road-ab"]
    assert (golf.hit_share, golf.cut_off_share) == (1.0, 1.0)


def test_a_month_in_which_nothing_goes_has_no_means_and_counts_who_is_cut_off(make_tiny):
    """Charlie is slower by half in winter, its line by a quarter: 13.5 and 10 hours more than in summer."""

    def shut(rows):
        rows.append({"season_id": "x", "applies_to": "node", "target_id": "delta", "from_month_day": "07-01",
                     "to_month_day": "07-31", "hours_factor": 1, "closed": "yes"})  # fmt: skip

    rows = c.months(Router(impedance(make_tiny(season=shut))), ["alfa"], "Delta")
    summer = 156.5 + 196 / 48
    assert [row.mean_hours for row in rows] == [
        pytest.approx(summer + {1: 23.5, 2: 23.5, 3: 13.5, 12: 23.5}.get(month, 0)) if month != 7 else None
        for month in range(1, 13)
    ]
    assert [row.cut_off for row in rows] == [int(month == 7) for month in range(1, 13)]
    assert (rows[6].mean_generalised_usd, rows[6].gateways) == (None, {})
    assert rows[5].mean_generalised_usd == pytest.approx(846 + 8.25 * summer)
    assert {*(tuple(row.gateways.items()) for row in rows)} == {(("charlie", 1),), ()}


@pytest.mark.whole
@pytest.mark.parametrize("kinds", [("port",), ("service",), ("link",), ("link", "crossing", "service"), c.KINDS])
def test_smallest_cut_equals_enumeration(small, kinds):
    every = c.assets(small, kinds)
    sizes = [
        size
        for size in range(1, len(every) + 1)
        if any(least(small, closed, "alfa", "delta") is None for closed in itertools.combinations(every, size))
    ]
    found = c.smallest_cut(small, "alfa", ["delta"], kinds)
    if not sizes:
        assert found is None
    else:
        assert len(found) == sizes[0]
        assert least(small, found, "alfa", "delta") is None


@pytest.mark.parametrize("origin", ["harbin", "heihe", "hunchun"])
def test_cut_of_the_shipped_network_cuts_and_is_minimal(router, origin):
    markets = [m.node_id for m in router.network.markets("market")]
    found = c.smallest_cut(router, origin, markets)
    assert all(least(router, found, origin, m) is None for m in markets)
    for spared in found:
        rest = [thing for thing in found if thing != spared]
        assert any(least(router, rest, origin, m) is not None for m in markets)


def test_hitting_sets_equal_enumeration():
    rng = np.random.default_rng(3)
    for _ in range(40):
        masks = [int(m) for m in rng.integers(1, 2**7, size=6)]
        found = c._hitting_set(masks)
        size = next(
            s
            for s in range(1, 8)
            if any(all(any(m >> b & 1 for b in bits) for m in masks) for bits in itertools.combinations(range(7), s))
        )
        assert len(found) == size
        assert all(any(m >> bit & 1 for bit in found) for m in masks)


def test_months_equal_single_days(router):
    rows = c.months(router, ["harbin", "suifenhe"], "niigata")
    assert [row.day.month for row in rows] == list(range(1, 13))
    for row in (rows[0], rows[6]):
        model = cn.load(as_of=row.day)
        routes = [model.route(o, "niigata") for o in ("harbin", "suifenhe")]
        assert row.mean_hours == pytest.approx(sum(r.hours for r in routes) / 2)
        assert sum(row.gateways.values()) == 2
        assert [*row.gateways] == sorted(row.gateways, key=lambda name: (-row.gateways[name], name))
        assert row.mean_generalised_usd == pytest.approx(sum(r.generalised_cost_usd for r in routes) / 2)
    assert rows[1].mean_generalised_usd >= rows[6].mean_generalised_usd


def test_bad_input_is_told(router):
    with pytest.raises(BadValue, match="service"):
        c.assets(router, ("servce",))
    with pytest.raises(BadValue, match="no kind"):
        c.assets(router, ())
    for demand in ({}, {("harbin", "niigata"): 0.0}, {("harbin", "niigata"): -1.0}):
        with pytest.raises(BadValue, match="demand"):
            c.criticality(router, demand)
    with pytest.raises(NoRoute):
        c.smallest_cut(router, "harbin", ["harbin"])
