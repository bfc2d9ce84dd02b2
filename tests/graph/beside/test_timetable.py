"""Searches in time against a time-expanded graph, and against trying every path and every hour of entering."""

import itertools
from math import inf

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Graph
from corridor_net.graph.beside import timetable
from corridor_net.graph.beside.timetable import MINUTE, Spans, TimedGraph

LAST = 60
"""No arc of the random graphs may be entered at this hour or later."""


def always(hours):
    """The spans of an arc that may be entered at any time."""
    return Spans(starts=(-inf,), ends=(inf,), hours=(hours,))


@st.composite
def spans(draw):
    """Return when an arc may be entered: always, or in spans and departures with hours of their own each."""
    if draw(st.integers(0, 3)) == 0:
        return Spans(starts=(-inf,), ends=(float(LAST - 1),), hours=(float(draw(st.integers(0, 9))),))
    edges = sorted(draw(st.sets(st.integers(0, LAST - 1), min_size=1, max_size=8)))
    starts, ends, hours = [], [], []
    while edges:
        start = edges.pop(0)
        end = edges.pop(0) if edges and draw(st.booleans()) else start
        starts.append(float(start))
        ends.append(float(end))
        hours.append(float(draw(st.integers(0, 12))))
    return Spans(starts=tuple(starts), ends=tuple(ends), hours=tuple(hours))


@st.composite
def timed_graphs(draw):
    """Small graphs with whole hours; arcs end, begin, close, and take other hours from one span to the next."""
    n = draw(st.integers(2, 5))
    m = draw(st.integers(1, 9))
    ends = [(draw(st.integers(0, n - 1)), draw(st.integers(0, n - 1))) for _ in range(m)]
    cost = [draw(st.integers(0, 9)) for _ in ends]
    graph = Graph.from_arcs(n, [a for a, _ in ends], [b for _, b in ends])
    return TimedGraph.of(graph, [draw(spans()) for _ in ends], np.array(cost, float))


def may_enter(arc, hour):
    """Return the hours an arc takes when entered at an hour, None when it cannot be."""
    for start, end, taken in zip(arc.starts, arc.ends, arc.hours, strict=True):
        if start <= hour <= end:
            return taken
    return None


def expanded(timed, departure, horizon=LAST + 70):
    """Return the graph of (node, hour): waiting is an arc, and so is each hour at which an arc may be entered."""
    found = nx.DiGraph()
    found.add_nodes_from((node, hour) for node in range(timed.graph.n_nodes) for hour in range(departure, horizon))
    for node in range(timed.graph.n_nodes):
        found.add_edges_from((((node, h), (node, h + 1)) for h in range(departure, horizon - 1)), cost=0.0)
    ends = list(zip(timed.graph.tail.tolist(), timed.graph.head.tolist(), strict=True))
    for arc, (tail, head) in enumerate(ends):
        for hour in range(departure, LAST):
            taken = may_enter(timed.spans[arc], hour)
            if taken is None:
                continue
            edge = (tail, hour), (head, hour + int(taken))
            cost = timed.cost[arc]
            if edge[0] != edge[1] and (edge not in found.edges or found.edges[edge]["cost"] > cost):
                found.add_edge(*edge, cost=cost)
    return found


def fronts(timed, departure):
    """Return by node every (arrival, cost) that some way has, by trying every path and every hour of entering."""
    found = [set() for _ in range(timed.graph.n_nodes)]
    todo = [(0, departure, 0.0)]
    while todo:
        node, clock, paid = todo.pop()
        if any(t <= clock and c <= paid for t, c in found[node]):
            continue
        found[node].add((clock, paid))
        for arc, (tail, head) in enumerate(zip(timed.graph.tail.tolist(), timed.graph.head.tolist(), strict=True)):
            if tail == node:
                hours = range(clock, LAST)
                todo += [
                    (head, hour + int(taken), paid + timed.cost[arc])
                    for hour in hours
                    if (taken := may_enter(timed.spans[arc], hour)) is not None
                ]
    return found


@settings(max_examples=120, deadline=None)
@given(timed_graphs(), st.integers(0, 40))
def test_the_earliest_arrival_is_that_of_a_time_expanded_graph(timed, departure):
    reached = nx.single_source_dijkstra_path_length(expanded(timed, departure), (0, departure), weight="cost")
    for target in range(1, timed.graph.n_nodes):
        there = min((hour for node, hour in reached if node == target), default=inf)
        assert timed.arrival(0, target, departure) == there
        if there == inf:
            with pytest.raises(NoRoute):
                timed.earliest(0, target, departure)
            continue
        way = timed.earliest(0, target, departure)
        assert way.arrival == there
        assert way.cost == reached[target, there], "of the ways that arrive first, the cheapest"


@settings(max_examples=120, deadline=None)
@given(timed_graphs(), st.integers(0, 40), st.sampled_from([0.0, 0.5, 2.0]))
def test_the_cheapest_is_the_cheapest_of_every_path_and_every_wait(timed, departure, worth):
    every = fronts(timed, departure)
    for target in range(1, timed.graph.n_nodes):
        if not every[target]:
            with pytest.raises(NoRoute):
                timed.cheapest(0, target, departure, worth)
            continue
        totals = {(c + worth * (t - departure), t) for t, c in every[target]}
        best = min(total for total, _ in totals)
        found = timed.cheapest(0, target, departure, worth)
        assert found.cost + worth * (found.arrival - departure) == pytest.approx(best)
        assert found.arrival == min(t for total, t in totals if total == best), "of equals the earliest"


@settings(max_examples=60, deadline=None)
@given(timed_graphs(), st.integers(0, 30), st.integers(0, 30))
def test_no_way_takes_longer_than_it_may(timed, departure, longest):
    every = fronts(timed, departure)
    for target in range(1, timed.graph.n_nodes):
        within = [(c, t) for t, c in every[target] if t - departure <= longest]
        for worth in (0.0, 1.0):
            if not within:
                with pytest.raises(NoRoute):
                    timed.cheapest(0, target, departure, worth, longest=longest)
                continue
            found = timed.cheapest(0, target, departure, worth, longest=longest)
            assert found.arrival - departure <= longest
            assert found.cost + worth * (found.arrival - departure) == pytest.approx(
                min(c + worth * (t - departure) for c, t in within)
            )


@settings(max_examples=120, deadline=None)
@given(timed_graphs(), st.integers(0, 60))
def test_the_latest_departure_is_that_of_a_time_expanded_graph(timed, arrival):
    target = timed.graph.n_nodes - 1
    graph = expanded(timed, 0)
    before = nx.ancestors(graph, (target, arrival))
    latest = timed.departures(target, arrival)
    for node in range(target):
        hours = [hour for other, hour in before if other == node]
        assert latest[node] == max(hours, default=-inf) or (not hours and latest[node] < 0)


def entering_ways(timed, target, start, end):
    """Return every (departure, arrival, cost) of a way that leaves at a whole hour from `start` to `end`."""
    found = set()
    for departure in range(start, end + 1):
        found |= {(departure, t, c) for t, c in fronts(timed, departure)[target]}
    return found


@settings(max_examples=60, deadline=None)
@given(timed_graphs(), st.integers(0, 20))
def test_no_journey_of_the_profile_is_beaten_by_any_other(timed, start):
    """Neither by one of the profile, nor by any that leaves at a whole hour; and each arrives when it says."""
    target = timed.graph.n_nodes - 1
    every = entering_ways(timed, target, start, start + 12)
    slots = timed.profile(0, target, start, start + 12.0)
    mine = [(slot.latest, slot.way.arrival, slot.way.cost) for slot in slots]
    for leaves, there, cost in mine:
        for other in [*every, *mine]:
            as_good = other[0] >= leaves and other[1] <= there and other[2] <= cost
            assert not as_good or other == (leaves, there, cost)
    for slot in slots:
        assert start <= slot.first <= slot.latest <= start + 12
        assert timed.along(slot.way.arcs, slot.latest).arrival == slot.way.arrival
        assert timed.arrival(0, target, slot.latest) == pytest.approx(slot.way.arrival)


@settings(max_examples=60, deadline=None)
@given(timed_graphs(), st.integers(0, 20))
def test_the_profile_tells_the_earliest_arrival_of_every_whole_hour(timed, start):
    target = timed.graph.n_nodes - 1
    slots = timed.profile(0, target, start, start + 12.0)
    for hour in range(start, start + 13):
        there = timed.arrival(0, target, hour)
        covering = [slot for slot in slots if slot.latest >= hour - 1e-9]
        if there == inf:
            assert not covering
        elif covering[0].moves and covering[0].first <= hour + 1e-9:
            assert there == pytest.approx(covering[0].way.arrival - (covering[0].latest - hour))
        else:
            assert there <= covering[0].way.arrival + 1e-6


def test_waiting_never_hurts():
    """First in, first out: who leaves later never arrives earlier, also where an arc is quicker from some hour on."""
    rng = np.random.default_rng(1)
    rules = [
        Spans(starts=(-inf,), ends=(inf,), hours=(7.0,)),
        Spans(starts=tuple(np.arange(9.0, 400, 24)), ends=tuple(np.arange(17.0, 408, 24)), hours=(5.0,) * 17),
        Spans(starts=(-inf, 100.0), ends=(99.9, 300.0), hours=(30.0, 3.0)),
        Spans(starts=(20.0, 100.0, 250.0), ends=(20.0, 100.0, 250.0), hours=(50.0, 4.0, 4.0)),
    ]
    tail, head = rng.integers(0, 30, (2, 120))
    chosen = [rules[number] for number in rng.integers(0, 4, 120)]
    timed = TimedGraph.of(Graph.from_arcs(30, tail, head), chosen, rng.uniform(0, 9, 120))
    for target in range(1, 30):
        arrivals = [timed.arrival(0, target, clock) for clock in np.arange(0, 200, 3.7)]
        assert all(a <= b + 1e-9 for a, b in itertools.pairwise(arrivals))


def weekly(hour, hours, weeks=4):
    """Return a ship that leaves at an hour of each week."""
    leaves = tuple(hour + 168.0 * week for week in range(weeks))
    return Spans(starts=leaves, ends=leaves, hours=(hours,) * weeks)


def test_a_way_tells_when_each_arc_is_entered():
    timed = TimedGraph.of(Graph.from_arcs(3, [0, 1], [1, 2]), [always(5.0), weekly(18.0, 10.0)], [1.0, 2.0])
    way = timed.earliest(0, 2, 0.0)
    assert way.arcs == (0, 1)
    assert way.entered == (0.0, 18.0)
    assert way.ended == (5.0, 28.0)
    assert way.waits == (0.0, 13.0)
    assert way.arrival == 28.0
    assert way.cost == 3.0
    slots = timed.profile(0, 2, 0.0, 168.0)
    assert [(slot.first, slot.latest, slot.moves) for slot in slots] == [(0.0, 13.0, False), (13.0, 168.0, False)]


def test_a_ship_is_not_boarded_after_its_last_day():
    """The ship of hour 18 is the last; who comes an hour late goes by land, or not at all."""
    last = Spans(starts=(18.0,), ends=(18.0,), hours=(10.0,))
    timed = TimedGraph.of(Graph.from_arcs(3, [0, 1], [1, 2]), [always(5.0), last], [1.0, 2.0])
    assert timed.earliest(0, 2, 13.0).arrival == 28.0
    with pytest.raises(NoRoute):
        timed.earliest(0, 2, 14.0)
    with pytest.raises(NoRoute):
        timed.along((0, 1), 14.0)
    assert [slot.latest for slot in timed.profile(0, 2, 0.0, 100.0)] == [13.0]


def test_a_cheaper_way_to_the_same_ship_is_told_up_to_its_own_latest_departure():
    """To the ship of hour 50: by rail 30 h and 1 USD, by road 5 h and 9 USD."""
    timed = TimedGraph.of(
        Graph.from_arcs(3, [0, 0, 1], [1, 1, 2]),
        [always(30.0), always(5.0), Spans(starts=(50.0,), ends=(50.0,), hours=(10.0,))],
        [1.0, 9.0, 2.0],
    )
    told = [(slot.first, slot.latest, slot.way.arrival, slot.way.cost) for slot in timed.profile(0, 2, 0.0, 100.0)]
    assert told == [(0.0, 20.0, 60.0, 3.0), (20.0, 45.0, 60.0, 11.0)]


def test_two_ways_of_one_price_to_the_same_ship_are_one_slot_of_which_the_later_says_how_long_it_takes():
    """Feeders leave at hours 8 and 40 for the ship of hour 50: 52 h to hour 60 by the first, 20 by the second."""
    timed = TimedGraph.of(
        Graph.from_arcs(3, [0, 0, 1], [1, 1, 2]),
        [
            Spans(starts=(leaves,), ends=(leaves,), hours=(hours,))
            for leaves, hours in ((8.0, 10.0), (40.0, 5.0), (50.0, 10.0))
        ],
        [1.0, 1.0, 2.0],
    )
    (slot,) = timed.profile(0, 2, 0.0, 100.0, longest=25.0)
    assert (slot.first, slot.latest, slot.way.arcs) == (0.0, 40.0, (1, 2))
    assert timed.profile(0, 2, 0.0, 100.0, longest=19.0) == []


def test_on_a_way_without_a_wait_the_arrival_moves_with_the_departure():
    timed = TimedGraph.of(Graph.from_arcs(2, [0], [1]), [Spans(starts=(0.0,), ends=(40.5,), hours=(7.0,))], [1.0])
    (slot,) = timed.profile(0, 1, 10.0, 90.0)
    assert (slot.first, slot.latest, slot.moves) == (10.0, 40.5, True)
    assert slot.way.arrival == 47.5


def test_a_later_departure_that_arrives_as_early_takes_the_place_of_one_that_moves():
    """One road takes 1 h at any time, the other none at hour 12: leaving at 11 is beaten by leaving at 12."""
    timed = TimedGraph.of(
        Graph.from_arcs(2, [0, 0], [1, 1]),
        [always(1.0), Spans(starts=(12.0,), ends=(12.0,), hours=(0.0,))],
        [0.0, 0.0],
    )
    told = [(slot.first, slot.latest, slot.way.arrival) for slot in timed.profile(0, 1, 8.0, 12.0)]
    assert told == [(8.0, 10.0, 11.0), (11.0, 12.0, 12.0)]


def test_departures_of_the_profile_are_whole_minutes_that_still_do():
    """The haul takes 1 h 0 min 20 s, the ship leaves at hour 10: 8:59 is in time, 9:00 is not."""
    timed = TimedGraph.of(Graph.from_arcs(3, [0, 1], [1, 2]), [always(1 + 20 / 3600), weekly(10.0, 1.0)], [0.0, 0.0])
    first, *_ = timed.profile(0, 2, 0.0, 24.0)
    assert first.latest == pytest.approx(9 - MINUTE)
    assert timed.arrival(0, 2, first.latest) == first.way.arrival == 11.0
    assert timed.arrival(0, 2, first.latest + MINUTE) > 11.0


@pytest.mark.whole
@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [((5,), (4,), (1,)), ((5, 3), (6, 4), (1, 1)), ((1,), (2,), (-1,)), ((1,), (2, 3), (1,)), ((1,), (2,), ())],
)
def test_spans_that_are_none(starts, ends, hours):
    with pytest.raises(BadValue):
        Spans(starts=starts, ends=ends, hours=hours)


def test_bad_questions():
    graph = Graph.from_arcs(2, [0], [1])
    for found, cost in (([], [0.0]), ([always(1.0)], [np.nan]), ([always(1.0)], [-1.0])):
        with pytest.raises(BadValue):
            TimedGraph.of(graph, found, cost)
    timed = TimedGraph.of(graph, [always(1.0)], [1.0])
    with pytest.raises(NoRoute):
        timed.earliest(1, 0, 0.0)
    assert timed.profile(1, 0, 0.0, 5.0) == []
    for ask in (
        lambda: timed.earliest(0, 1, np.nan),
        lambda: timed.earliest(0, 5, 0.0),
        lambda: timed.cheapest(0, 1, 0.0, -1.0),
        lambda: timed.profile(0, 1, 5.0, 5.0),
    ):
        with pytest.raises(BadValue):
            ask()


def test_a_sum_of_hours_that_is_out_by_rounding_misses_nothing_and_a_second_does():
    """0.1 + 0.2 is more than 0.3 by the last digit of a float; what leaves at 0.3 is still met, a second later not."""
    late, second = 0.1 + 0.2, 1 / 3600
    assert late > 0.3
    ship = Spans(starts=(0.3, 9.0), ends=(0.3, 9.0), hours=(2.0, 2.0))
    assert ship.enter(late) == (late, late + 2.0)
    assert ship.enter(0.3) == (0.3, 2.3)
    assert ship.enter(0.3 + second) == (9.0, 11.0)
    assert ship.enter(0.3 - second) == (0.3, 2.3)
    assert (ship.first(late), ship.first(0.3 + second), ship.first(9.1)) == (late, 9.0, inf)
    assert (ship.left(late), ship.left(0.3)) == (0.0, 0.0)
    assert Spans(starts=(0.0,), ends=(8.0,), hours=(2.0,)).left(5.5) == 2.5
    # through at the same hour: now rather than later, though the sum says a digit more
    slow = Spans(starts=(0.0, 0.25), ends=(0.2, 0.25), hours=(0.2, 0.05))
    assert slow.enter(0.1) == (0.1, late)
    assert slow.enter(0.1 + second) == (0.25, 0.3)
    # the other way: who is to be through by 0.3 may enter what begins at 0.1 + 0.2 and takes no time
    assert Spans(starts=(late,), ends=(1.0,), hours=(0.0,)).latest(0.3) == late
    assert Spans(starts=(0.3 + second,), ends=(1.0,), hours=(0.0,)).latest(0.3) == -inf
    assert ship.latest(2.3) == 0.3
    assert ship.latest(2.3 - second) == -inf
    assert ship.latest(11.0) == 9.0
    assert ship.latest(11.0 - second) == 0.3


def test_a_way_as_long_as_it_may_be_is_one_though_its_hours_sum_to_a_digit_more():
    graph = Graph.from_arcs(3, [0, 1], [1, 2])
    timed = TimedGraph.of(graph, [always(0.1), always(0.2)], [1.0, 1.0])
    assert 0.1 + 0.2 > 0.3
    assert timed.earliest(0, 2, 0.0, longest=0.3).arcs == (0, 1)
    assert timed.cheapest(0, 2, 0.0, longest=0.3).arcs == (0, 1)
    for ask in (timed.earliest, timed.cheapest):
        with pytest.raises(NoRoute):
            ask(0, 2, 0.0, longest=0.2999)


def test_an_hour_may_be_worth_nothing_and_not_less_or_without_end():
    timed = TimedGraph.of(Graph.from_arcs(2, [0], [1]), [always(2.0)], [3.0])
    assert timed.cheapest(0, 1, 5.0, 0.0).cost == 3.0
    for worth in (-1e-9, inf, np.nan):
        with pytest.raises(BadValue, match="an hour at"):
            timed.cheapest(0, 1, 5.0, worth)
    for start, end, step in ((0.0, inf, 1.0), (-inf, 1.0, 1.0), (0.0, 1.0, 0.0), (0.0, 1.0, -1.0), (1.0, 0.0, 1.0)):
        with pytest.raises(BadValue, match="no time from"):
            timed.profile(0, 1, start, end, step)


def test_a_search_with_too_many_labels_says_so(monkeypatch):
    """Three arcs make three labels beside the first: with room for four it ends, with room for three it does not."""
    timed = TimedGraph.of(Graph.from_arcs(4, [0, 1, 2], [1, 2, 3]), [always(1.0)] * 3, [1.0] * 3)
    monkeypatch.setattr(timetable, "MOST_LABELS", 4)
    assert timed.cheapest(0, 3, 0.0).arrival == 3.0
    monkeypatch.setattr(timetable, "MOST_LABELS", 3)
    with pytest.raises(BadValue, match="more than 3 labels"):
        timed.cheapest(0, 3, 0.0)


def test_hours_at_which_a_gate_closes_end_the_slots_that_move():
    """A road of an hour through a gate that is open from 2 to 4 and from 6 to 8: who comes between waits till 6."""
    gate = Spans(starts=(2.0, 6.0), ends=(4.0, 8.0), hours=(0.5, 0.5))
    timed = TimedGraph.of(Graph.from_arcs(3, [0, 1], [1, 2]), [always(1.0), gate], [1.0, 2.0])
    told = [(slot.first, slot.latest, slot.moves, slot.way.arrival) for slot in timed.profile(0, 2, 0.0, 12.0)]
    for slot, wanted in zip(told, [(0.0, 1.0, False, 2.5), (1.0 + MINUTE, 3.0, True, 4.5), (3.0, 5.0, False, 6.5),
                                   (5.0 + MINUTE, 7.0, True, 8.5)], strict=True):  # fmt: skip
        assert slot == pytest.approx(wanted)
