"""Small networks made at random, and the least of each measure between their places."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import date
from types import MappingProxyType

import networkx as nx
import numpy as np

import corridor_net as cn
from corridor_net.analysis.trips import trips
from corridor_net.costing import VALUE_OF_TIME, impedance
from corridor_net.network.rows import ROW_TYPES
from corridor_net.uncertainty.ensembles.pair_uncertainty import BY_LAND

BY = ("generalised", "money", "time", "co2")
MEASURE = {"generalised": "generalised_cost_usd", "money": "cost_usd", "time": "hours", "co2": "co2_kg"}
SLACK = 1e-9
INLAND, PORTS = ("n0", "n1", "n2", "n3", "r0", "r1"), ("cport", "rport", "jport", "jport2")
COUNTRY = {"n": "CN", "r": "RU", "c": "CN", "j": "JP"}
MODES = ("rail_1435", "road")
TARIFFS = ("rail_CN", "rail_RU", "road_CN", "road_RU", "sea", "back", "charter")


def small(seed):
    """Return a network of ten places in three countries: rail and road, a border, ports, three lines, a season."""
    dice = random.Random(seed)  # noqa: S311 - the same network for the same seed
    tables = {
        "source": [{"source_id": "S", "title": "made at random"}],
        "node": [_node(name) for name in (*INLAND, *PORTS)],
        "link": _links(dice),
        "sea_lane": [_lane(dice, a, b) for n, a in enumerate(PORTS) for b in PORTS[n + 1 :]],
        "crossing": _crossings(dice),
        "terminal": _terminals(),
        "operation": [row for name in ("load", "unload", "port", "lift", "border") for row in _operation(dice, name)],
        "service": _services(dice),
        "service_call": _calls(dice),
        "speed": [_speed(dice, name) for name in ("rail", "road", "ship", "coaster")],
        "tariff": [_tariff(dice, name) for name in TARIFFS],
        "season": [_season(dice, "node", "rport"), _season(dice, "service", "line-r"), _season(dice, "mode", "road")],
        "market": [_market("n0", "origin"), _market("jport", "market")],
        "cargo": [_cargo(dice)],
        "emission_factor": [
            {"emission_factor_id": name, "value": dice.uniform(1, 90), "unit": unit, "scope": "WTW"}
            for name, unit in (("land", "g_per_tkm"), ("ship", "g_per_teukm"), ("sea_coaster", "g_per_tkm"),
                               ("terminal_handling", "kg_per_box"))
        ],
        "exchange_rate": [
            {"currency": currency, "year": year, "units_per_usd": 1 if currency == "USD" else dice.uniform(5, 8)}
            for currency in ("USD", "CNY") for year in (2018, 2019)
        ],
        "deflator": [{"year": 2018, "usd_index": 100}, {"year": 2019, "usd_index": 103}],
        **{name: [] for name in ("node_name", "geometry", "traffic", "published")},
    }  # fmt: skip
    made = {name: tuple(_row(name, row) for row in rows) for name, rows in tables.items()}
    return cn.Network(tables=MappingProxyType(made)).as_of(dice.choice(("2019-07-01", "2019-01-15")))


def _row(table, row):
    filling = {} if table == "source" else {"source_id": "S", "grade": "B"}
    return ROW_TYPES[table](**filling, **row)


def _node(name):
    kind = "seaport" if name in PORTS else "city"
    return {
        "node_id": name,
        "name": name,
        "node_type": kind,
        "country": COUNTRY[name[0]],
        "x_coord": 130,
        "y_coord": 45,
    }


def link_row(dice, name, here, there, mode):
    """Return a link of the network that its country has."""
    country = "RU" if "r" in (here[0], there[0]) else "CN"
    return {
        "link_id": name, "name": name, "from_node_id": here, "to_node_id": there, "directed": 0, "mode": mode,
        "gauge_mm": "1435" if mode == "rail" else "", "length_km": dice.uniform(20, 400), "speed_id": mode,
        "tariff_id": f"{mode}_{country}", "emission_factor_id": "land", "country": country,
    }  # fmt: skip


def _links(dice):
    pairs = [("n0", "n1"), ("n1", "n2"), ("n2", "n3"), ("n3", "cport"), ("r0", "r1"), ("r1", "rport"), ("n2", "r0")]
    pairs += [(a, b) for a in INLAND[:4] for b in INLAND[:4] if a < b and dice.random() < 0.2]
    return [
        link_row(dice, f"{mode}-{a}-{b}-{number}", a, b, mode)
        for number, (a, b) in enumerate(pairs)
        for mode in ("rail", "road")
    ]


def _crossings(dice):
    return [
        {"crossing_id": f"{mode}-{a}-{b}", "name": "border", "link_id": f"{mode}-n2-r0-6", "from_node_id": a,
         "to_node_id": b, "mode": mode, "direction": "out", "operation_id": "border",
         "opening_hours": dice.choice(("24h", "09:00-19:00"))}
        for mode in ("rail", "road") for a, b in (("n2", "r0"), ("r0", "n2"))
    ]  # fmt: skip


def terminal_row(node, before, after, operation):
    """Return a change of mode at a node."""
    name = f"{node}-{before}-{after}"
    return {"terminal_id": name, "node_id": node, "from_state": before, "to_state": after, "operation_id": operation}


def _terminals():
    found = []
    for node in INLAND:
        for mode in MODES:
            found += [terminal_row(node, "origin", mode, "load"), terminal_row(node, mode, "destination", "unload")]
        found += [terminal_row(node, a, b, "lift") for a, b in (MODES, MODES[::-1])]
    for port in PORTS:
        found += [terminal_row(port, mode, "port_out", "port") for mode in MODES]
        found += [terminal_row(port, "port_in", end, "port") for end in (*MODES, "destination", "port_out")]
        found += [terminal_row(port, "origin", "port_out", "port"), terminal_row(port, "port_out", "charter", "lift")]
    return found


def _operation(dice, name):
    rows = []
    for component, quantity in (("handling", "hours"), ("queue", "hours"), ("dwell", "hours"), ("lift", "cost")):
        value = dice.uniform(1, 30) * (1 if quantity == "hours" else 8)
        money = {"currency": dice.choice(("USD", "CNY")), "price_year": 2018} if quantity == "cost" else {}
        spread = {"value_low": value / 2, "value_high": value * dice.uniform(1, 3)}
        rows.append({"operation_id": name, "component": component, "quantity": quantity, "value": value,
                     "cargo_unit": "any", **spread, **money})  # fmt: skip
    return rows


def _services(dice):
    return [
        {"service_id": name, "name": name, "vehicle": "container_ship", "carries": "container", "circular": circular,
         "sailings_per_week": dice.uniform(0.5, 4), "speed_id": "ship", "port_stay_hours": dice.uniform(4, 20),
         "tariff_id": "sea", "emission_factor_id": "ship"}
        for name, circular in (("line-c", 1), ("line-r", 1), ("line-j", 0))
    ]  # fmt: skip


def _calls(dice):
    found = []
    for name, ports in (
        ("line-c", ("cport", "jport", "cport")), ("line-r", ("rport", "jport", "jport2", "rport")),
        ("line-j", ("jport", "jport2")),
    ):  # fmt: skip
        hours, timed = 0.0, dice.random() < 0.5
        for number, port in enumerate(ports, 1):
            row = {"service_id": name, "call_sequence": number, "node_id": port, "tariff_id": dice.choice(("", "back"))}
            if timed:
                row |= {"arrival_hours": hours, "departure_hours": hours + 6}
            hours += 6 + dice.uniform(20, 60)
            found.append(row)
    return found


def _lane(dice, here, there):
    km = dice.uniform(300, 2000)
    return {"lane_id": f"sea-{here}-{there}", "from_node_id": here, "to_node_id": there, "length_km": km,
            "length_nmi": km / 1.852, "geodesic_km": km, "ratio": 1, "geometry": ""}  # fmt: skip


def _speed(dice, name):
    kmh = dice.uniform(10, 60)
    timed = {"schedule_kmh": kmh * dice.uniform(1, 2)} if dice.random() < 0.5 else {}
    return {"speed_id": name, "speed_kmh": kmh, "speed_kmh_low": kmh * 0.7, "speed_kmh_high": kmh * 1.3, **timed}


def _tariff(dice, name):
    mode = name.split("_", maxsplit=1)[0]
    return {"tariff_id": name, "mode": mode, "cargo_unit": "FEU", "fixed": dice.uniform(0, 900),
            "per_km": dice.uniform(0.1, 4), "currency": dice.choice(("USD", "CNY")), "price_year": 2018,
            "range_low": 0.8, "range_high": 1.5}  # fmt: skip


def _market(node, role):
    return {"node_id": node, "role": role, "region": "R"}


def _season(dice, applies_to, target):
    return {"season_id": f"{target}-winter", "applies_to": applies_to, "target_id": target, "from_month_day": "12-01",
            "to_month_day": "02-28", "hours_factor": dice.uniform(1, 2), "closed": "no"}  # fmt: skip


def _cargo(dice):
    return {"cargo_id": "dry_40", "name": "box", "cargo_unit": "FEU", "payload_t": dice.uniform(5, 25),
            "value_usd": dice.uniform(5e3, 9e4), "price_year": 2018, "time_cost_pct_per_day": dice.uniform(0.3, 2),
            "reliability_ratio": dice.uniform(0, 1.2), "may_charter": dice.choice(("yes", "no")),
            "freight_surcharge": dice.choice((0, 0.35))}  # fmt: skip


def with_row(network, table, row):
    """Return the network with a row more."""
    return network.with_rows(**{table: (*network.rows(table), _row(table, row))})


def multiplied(network, table, columns, factor, chosen=lambda row: True):
    """Return the network with some columns of some rows multiplied; an empty cell stays empty."""

    def changed(row):
        cells = {name: getattr(row, name) for name in columns}
        return replace(row, **{name: value * factor for name, value in cells.items() if value is not None})

    return network.with_rows(**{table: [changed(row) if chosen(row) else row for row in network.rows(table)]})


def tables_of(network):
    """Return the rows of a network as a file would have them."""

    def text(value):
        return "" if value is None else str(value) if isinstance(value, date) else value

    return {
        name: [{item.name: text(getattr(row, item.name)) for item in fields(row)} for row in rows]
        for name, rows in network.tables.items()
    }


def odd(seed):
    """Return a small network with one-way links, figures of one box, closed seasons, two tariffs and absent places."""
    dice, network = random.Random(seed), small(seed)  # noqa: S311
    links = [replace(row, directed=int(dice.random() < 0.15)) for row in network.rows("link")]
    figure = replace(dice.choice(network.rows("operation")), cargo_unit="FEU", value=17.0)
    figures = dice.sample([*network.rows("operation"), figure], len(network.rows("operation")) + 1)
    network = network.with_rows(link=links, operation=figures)
    if dice.random() < 0.4:
        target = dice.choice((("mode", "road"), ("node", "rport"), ("service", "line-c")))
        rows = [
            replace(r, closed="yes") if (r.applies_to, r.target_id) == target else r for r in network.rows("season")
        ]
        network = network.with_rows(season=rows)
    if dice.random() < 0.4:
        absent = dice.choice(("n1", "r1", "jport"))
        first = date(2019, 7, 2)
        rows = [replace(r, valid_from=first) if r.node_id == absent else r for r in network.rows("node")]
        network = network.with_rows(node=rows)
    if dice.random() < 0.3:
        other = dice.choice(network.rows("link"))
        dear = {"tariff_id": "other", "mode": other.mode, "cargo_unit": "FEU", "fixed": dice.uniform(0, 2000),
                "per_km": 0.5, "currency": "CNY", "price_year": 2018}  # fmt: skip
        network = with_row(network, "tariff", dear)
        network = network.with_rows(link=(*network.rows("link"), replace(other, link_id="new", tariff_id="other")))
    return network.as_of(dice.choice(("2019-07-01", "2019-01-15", "2020-02-29")))


def least(network, origins, destinations, *, cargo="dry_40", value_of_time=None, co2_price=0.0):
    """Return the least of each objective, realised and by the timetable, for every pair that has a way."""
    compiled = impedance(network, cargo, value_of_time_usd_per_hour=value_of_time)
    found = {}
    for by in BY:
        for schedule in (False, True):
            router = cn.Router(compiled, by=by, schedule=schedule, co2_price_usd_per_t=co2_price)
            for pair, trip in trips(router, origins, destinations).items():
                found[by, schedule, *pair] = getattr(trip, MEASURE[by])
    return found


def ends(network):
    """Return origins and destinations: those of the small network, or of the shipped one."""
    if "n0" in network.nodes:
        return (*INLAND, *PORTS), (*INLAND, *PORTS)
    return ("harbin", "hunchun", "heihe", "jixi"), ("niigata", "tokyo", "mk_sapporo", "hakata")


def worse(before, after):
    """Return what became dearer, longer or unreachable."""
    return {
        key: (value, after.get(key)) for key, value in before.items() if not after.get(key, 1e99) <= value * (1 + SLACK)
    }


def weighed(router, factor):
    """The generalised cost of every arc at one factor a figure, part by part."""
    money, hours, spread, _ = router.cost_model.evaluate(factor)
    cargo = router.impedance.cargo
    return money + factor(VALUE_OF_TIME) * cargo.value_of_time * (hours + cargo.reliability_ratio * spread)


def least_by_gateway(router, weight, pair, only=()):
    """From home the first port left by sea is remembered, from across the sea the last one landed at."""
    imp, overseas = router.impedance, router.network.overseas
    abroad, graph = pair[0] in overseas, nx.DiGraph()
    places = only or {imp.places(arc)[abroad] for arc in np.flatnonzero(imp.at_sea).tolist()}
    for arc, (tail, head, one) in enumerate(zip(imp.tail.tolist(), imp.head.tolist(), weight.tolist(), strict=True)):
        place = imp.places(arc)[abroad] if imp.at_sea[arc] else None
        for before in (BY_LAND, *sorted(places)):
            after = before
            if place is not None and (place not in overseas if abroad else before == BY_LAND):
                after = place
            if after not in (BY_LAND, *places):
                continue
            ends = (tail, before), (head, after)
            if one < graph.get_edge_data(*ends, {"weight": np.inf})["weight"]:
                graph.add_edge(*ends, weight=one)
    start, goal = router.end_state(pair[0], "origin"), router.end_state(pair[1], "destination")
    least = nx.single_source_dijkstra_path_length(graph, (start, BY_LAND))
    return {gate: cost for (state, gate), cost in least.items() if state == goal}
