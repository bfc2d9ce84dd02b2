"""Ids are names and nothing else, and a network is the same in any part of the world.

Four ids have a meaning that is documented: the speed `coaster`, the tariff `charter`, and the emission factors
`sea_coaster` and `terminal_handling`.
"""

from __future__ import annotations

import dataclasses
from itertools import groupby

import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.trips import trips
from corridor_net.costing import impedance
from corridor_net.costing.parameters import parameters_of
from corridor_net.model import Model
from corridor_net.network.earth import geodesic_km
from corridor_net.network.reading.package import Overseas
from corridor_net.output.maps.projection import projection_of
from corridor_net.uncertainty.factors.distributions import distributions_of

DAYS = ("2012-07-01", "2019-07-01")
MEANT = {"coaster", "charter", "sea_coaster", "terminal_handling"}


def other(name: str) -> str:
    """Return another id: the letters turned round, so that the order of ids changes too, with the signs of keys."""
    return name if name in MEANT or not name else f"Z:{name[::-1]}~é:1"


def renamed(network: cn.Network) -> cn.Network:
    """Return the network with every id of every table changed, wherever it is named."""
    tables = {}
    for table, rows in network.tables.items():
        columns = [f.name for f in dataclasses.fields(rows[0]) if f.name.endswith("_id")] if rows else []
        tables[table] = [_renamed(row, columns) for row in rows]
    package = network.package
    overseas = Overseas(countries=package.overseas.countries, nodes=frozenset(map(other, package.overseas.nodes)))
    return dataclasses.replace(
        network.with_rows(**tables), package=dataclasses.replace(package, overseas=overseas, study=None, pair=None)
    )


def _renamed(row, columns):
    of_mode = getattr(row, "applies_to", "") == "mode"  # its target is a mode, no id
    changes = {name: other(getattr(row, name)) for name in columns if getattr(row, name)}
    return dataclasses.replace(row, **{n: v for n, v in changes.items() if not (of_mode and n == "target_id")})


def southern(network: cn.Network) -> cn.Network:
    """Return the network mirrored at the equator."""
    nodes = [dataclasses.replace(node, y_coord=-node.y_coord) for node in network.rows("node")]
    return network.with_rows(node=nodes)


@pytest.fixture(scope="module", params=DAYS)
def both(request):
    network = cn.load(as_of=request.param).network
    return network, renamed(network)


def _numbers(network, origins, goals):
    router = Router(impedance(network))
    return {
        ends: (t.generalised_cost_usd, t.cost_usd, t.hours, t.spread_hours, t.co2_kg, t.distance_km)
        for ends, t in trips(router, origins, goals).items()
    }


def test_other_ids_change_no_number_of_any_route(both):
    network, named = both
    origins = [market.node_id for market in network.markets("origin")][::3]
    goals = [market.node_id for market in network.markets("market")][::3]
    before = _numbers(network, origins, goals)
    after = _numbers(named, [*map(other, origins)], [*map(other, goals)])
    assert len(before) > 50
    assert {(other(o), other(d)) for o, d in before} == set(after)
    for (origin, goal), found in before.items():
        assert after[other(origin), other(goal)][0] == pytest.approx(found[0], rel=1e-12)


def test_a_pair_is_named_by_ids_with_signs_of_their_own(both):
    network, named = both
    asked = Model(base=named, day=network.day).matrix(pairs=[f"{other('harbin')}:{other('niigata')}"])
    assert [(one.origin, one.destination) for one in asked.pairs] == [(other("harbin"), other("niigata"))]


def test_other_ids_change_no_range_and_no_group(both):
    network, named = both
    one, two = (parameters_of(n, n.default_cargo) for n in both)
    names = {other_key(key): key for key in one}
    assert set(names) == set(two)
    groups, theirs = _groups(one), _groups(two)
    assert {frozenset(map(other_key, group)) for group in groups} == theirs
    distributions, others = distributions_of(one, one), distributions_of(two, two)
    for key in names:
        shape, theirs_shape = distributions[names[key]], others[key]
        assert (shape.kind, shape.sigma, shape.sigma_up, shape.low, shape.high) == (
            *(theirs_shape.kind, theirs_shape.sigma, theirs_shape.sigma_up, theirs_shape.low, theirs_shape.high),
        )
    assert network.day == named.day


def other_key(key: str) -> str:
    """Return the key of a figure under other ids: `table:id:…`."""
    table, name, *rest = key.split(":")
    return key if table == "cargo" else ":".join([table, other(name), *rest])


def _groups(parameters):
    grouped = sorted((p.group, key) for key, p in parameters.items() if p.group)
    return {frozenset(key for _, key in some) for _, some in groupby(grouped, lambda pair: pair[0])}


def test_south_of_the_equator_no_distance_on_the_ground_or_on_the_map_changes():
    network = cn.load(as_of="2019-07-01").network
    mirrored = southern(network)
    links = network.rows("link")[::7]
    north, south = projection_of(network), projection_of(mirrored)
    for link in links:
        on_map = []
        for nodes, projection, sign in ((network.nodes, north, 1), (mirrored.nodes, south, -1)):
            a, b = nodes[link.from_node_id], nodes[link.to_node_id]
            assert sign * a.y_coord > 0
            (x1, y1), (x2, y2) = projection.project([(a.x_coord, a.y_coord), (b.x_coord, b.y_coord)]).tolist()
            on_map.append((geodesic_km(a.x_coord, a.y_coord, b.x_coord, b.y_coord), (x2 - x1) ** 2 + (y2 - y1) ** 2))
        assert on_map[1][0] == pytest.approx(on_map[0][0], rel=1e-12)
        assert on_map[1][1] ** 0.5 == pytest.approx(on_map[0][1] ** 0.5, abs=3)  # places are whole hundreds of metres


def test_south_of_the_equator_a_route_costs_the_same():
    network = cn.load(as_of="2019-07-01").network
    one, two = (Router(impedance(n)).route("harbin", "niigata") for n in (network, southern(network)))
    assert (one.cost_usd, one.hours, one.co2_kg) == (two.cost_usd, two.hours, two.co2_kg)
