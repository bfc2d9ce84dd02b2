"""Searches in time against a time-expanded graph, and against trying every path."""

import itertools
from math import inf

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Graph
from corridor_net.graph.timetable import NEVER, Rule, TimedGraph

PERIOD = 12


@st.composite
def timed_graphs(draw):
    """Small graphs with whole hours; rules are departures or spans within twelve hours."""
    n = draw(st.integers(2, 6))
    m = draw(st.integers(1, 12))
    ends = [(draw(st.integers(0, n - 1)), draw(st.integers(0, n - 1))) for _ in range(m)]
    rules = []
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            times = sorted(draw(st.sets(st.integers(0, PERIOD - 1), min_size=1, max_size=3)))
            rules.append(Rule(PERIOD, tuple(map(float, times)), tuple(map(float, times))))
        else:
            start = draw(st.integers(0, PERIOD - 2))
            rules.append(Rule(PERIOD, (float(start),), (float(draw(st.integers(start, PERIOD))),)))
    hours = [draw(st.integers(0, 9)) for _ in ends]
    cost = [draw(st.integers(0, 9)) for _ in ends]
    rule = [draw(st.integers(NEVER, len(rules) - 1)) for _ in ends]
    graph = Graph.from_arcs(n, [a for a, _ in ends], [b for _, b in ends])
    return TimedGraph.of(graph, np.array(hours, float), np.array(cost, float), rule, rules)


def every_path(timed, source, target):
    """Arcs of every path without a node twice."""
    arcs = list(zip(timed.graph.tail.tolist(), timed.graph.head.tolist(), strict=True))

    def onward(node, seen, path):
        if node == target:
            yield path
            return
        for arc, (tail, head) in enumerate(arcs):
            if tail == node and head not in seen:
                yield from onward(head, seen | {head}, [*path, arc])

    yield from onward(source, {source}, [])


@settings(max_examples=150, deadline=None)
@given(timed_graphs(), st.integers(0, 40))
def test_the_earliest_arrival_is_that_of_a_time_expanded_graph(timed, departure):
    """Nodes are (place, hour); waiting is an arc; a rule is a choice of hours at which an arc stands."""
    expanded = nx.DiGraph()
    last = departure + 12 * (PERIOD + 10)
    expanded.add_node((0, departure))
    for hour in range(departure, last):
        for node in range(timed.graph.n_nodes):
            expanded.add_edge((node, hour), (node, hour + 1))
        for arc, (tail, head) in enumerate(zip(timed.graph.tail.tolist(), timed.graph.head.tolist(), strict=True)):
            number = timed.rule[arc]
            if number == NEVER or timed.rules[number].wait(hour) < 1e-6:
                expanded.add_edge((tail, hour), (head, hour + int(timed.hours[arc])))
    reached = nx.descendants(expanded, (0, departure)) | {(0, departure)}
    for target in range(1, timed.graph.n_nodes):
        there = min((hour for node, hour in reached if node == target), default=inf)
        if there == inf:
            with pytest.raises(NoRoute):
                timed.earliest(0, target, departure)
        else:
            assert timed.earliest(0, target, departure).arrival == pytest.approx(there)


@settings(max_examples=150, deadline=None)
@given(timed_graphs(), st.integers(0, 40), st.sampled_from([0.0, 0.5, 2.0]))
def test_the_cheapest_is_the_cheapest_of_every_path(timed, departure, worth):
    for target in range(1, timed.graph.n_nodes):
        ways = [timed.along(path, departure) for path in every_path(timed, 0, target)]
        if not ways:
            with pytest.raises(NoRoute):
                timed.cheapest(0, target, departure, worth)
            continue
        best = min(way.cost + worth * (way.arrival - departure) for way in ways)
        found = timed.cheapest(0, target, departure, worth)
        assert found.cost + worth * (found.arrival - departure) == pytest.approx(best)


@settings(max_examples=60, deadline=None)
@given(timed_graphs(), st.integers(0, 20))
def test_the_profile_is_that_of_every_minute_asked(timed, start):
    """Asked at any moment, the piece that covers it tells the arrival that a search finds."""
    target = timed.graph.n_nodes - 1
    try:
        pieces = timed.profile(0, target, start, start + 15.0)
    except NoRoute:
        return
    latest = [when for when, _ in pieces]
    assert latest == sorted(latest)
    for moment in np.linspace(start, start + 15.0, 61):
        found = timed.earliest(0, target, float(moment)).arrival
        piece = next((way for when, way in pieces if when >= moment - 1e-9), None)
        if piece is not None and any(wait > 1e-6 for wait in piece.waits):
            assert found <= piece.arrival + 1e-6


def test_waiting_never_pays():
    """First in, first out: who leaves later never arrives earlier."""
    rng = np.random.default_rng(1)
    rules = [Rule(24.0, (9.0,), (17.0,)), Rule(168.0, (20.0, 100.0), (20.0, 100.0))]
    tail, head = rng.integers(0, 30, (2, 120))
    timed = TimedGraph.of(
        Graph.from_arcs(30, tail, head),
        rng.uniform(0, 30, 120),
        rng.uniform(0, 9, 120),
        rng.integers(-1, 2, 120),
        rules,
    )
    for target in range(1, 30):
        try:
            arrivals = [timed.earliest(0, target, clock).arrival for clock in np.arange(0, 200, 3.7)]
        except NoRoute:
            continue
        assert all(a <= b + 1e-9 for a, b in itertools.pairwise(arrivals))


def test_a_way_tells_when_each_arc_is_entered():
    timed = TimedGraph.of(
        Graph.from_arcs(3, [0, 1], [1, 2]), [5.0, 10.0], [1.0, 2.0], [-1, 0], [Rule(168.0, (18.0,), (18.0,))]
    )
    way = timed.earliest(0, 2, 0.0)
    assert way.arcs == (0, 1)
    assert way.entered == (0.0, 18.0)
    assert way.waits == (0.0, 13.0)
    assert way.arrival == 28.0
    assert way.cost == 3.0
    assert [when for when, _ in timed.profile(0, 2, 0.0, 168.0)] == [13.0, 168.0]


@pytest.mark.parametrize(
    ("period", "starts", "ends"),
    [(0, (0,), (0,)), (24, (), ()), (24, (5,), (4,)), (24, (5, 3), (6, 4)), (24, (1,), (30,)), (inf, (1,), (2,))],
)
def test_rules_that_are_none(period, starts, ends):
    with pytest.raises(BadValue):
        Rule(period, starts, ends)


def test_bad_questions():
    graph = Graph.from_arcs(2, [0], [1])
    for hours, cost, rule in (
        ([-1.0], [0.0], [-1]),
        ([np.nan], [0.0], [-1]),
        ([1.0], [0.0], [0]),
        ([1.0], [0.0], [-2]),
    ):
        with pytest.raises(BadValue):
            TimedGraph.of(graph, hours, cost, rule, [])
    timed = TimedGraph.of(graph, [1.0], [1.0], [-1], [])
    with pytest.raises(NoRoute):
        timed.earliest(1, 0, 0.0)
    for ask in (
        lambda: timed.earliest(0, 1, np.nan),
        lambda: timed.earliest(0, 5, 0.0),
        lambda: timed.cheapest(0, 1, 0.0, -1.0),
        lambda: timed.profile(0, 1, 5.0, 5.0),
    ):
        with pytest.raises(BadValue):
            ask()
