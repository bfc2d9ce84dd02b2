"""Bad input, asked of every engine: a typed error or the right answer, never a wrong one; and Ctrl-C is heard."""

import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Graph, Weighted
from corridor_net.graph.beside.gates import Gated
from corridor_net.graph.beside.pareto import pareto
from corridor_net.graph.ensembles.ensemble import solve
from corridor_net.graph.ensembles.weightings import Choices
from corridor_net.graph.extra.alternatives import alternatives
from corridor_net.graph.extra.weightings import Dense
from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from corridor_net.graph.hierarchy.metric import Metric
from corridor_net.graph.loops.parallel import thread_count
from corridor_net.graph.search.compiled_dijkstra import many_to_all
from corridor_net.graph.topology import HEAVIEST, HEAVIEST_NARROW


def by_ensemble(graph, weight, source, target):
    found = solve(Hierarchy.build(graph), Dense.of(graph, [weight]), [source], [target])
    return found.path(0, 0, 0).tolist()


def gates(graph):
    return np.full(graph.n_arcs, -1)


ENGINES = {
    "plain Dijkstra": lambda g, w, s, t: Weighted.of(g, w).one_to_all(s).path(t).tolist(),
    "to one target": lambda g, w, s, t: Weighted.of(g, w).shortest_path(s, t)[1].tolist(),
    "compiled Dijkstra": lambda g, w, s, t: many_to_all(g, w, [s])[0].path(t).tolist(),
    "hierarchy": lambda g, w, s, t: Metric.of(Hierarchy.build(g), w).path(s, t).tolist(),
    "ensemble": by_ensemble,
    "Pareto": lambda g, w, s, t: pareto(g, [w], s, t).paths[0].tolist(),
    "alternatives": lambda g, w, s, t: alternatives(g, w, s, t, count=2)[0].arcs.tolist(),
    "by gate": lambda g, w, s, t: Gated.of(g, w, gates(g)).alternatives(s, t, count=2)[0].arcs.tolist(),
}
each_engine = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES.keys())
TRIANGLE = Graph.from_arcs(3, [0, 1, 0], [1, 2, 2])


@pytest.mark.whole
@each_engine
@pytest.mark.parametrize(
    "weight",
    [
        [1.0, -1.0, 5.0],
        [1.0, -1e-300, 5.0],
        [1.0, -np.inf, 5.0],
        [1.0, np.nan, 5.0],
        [1.0, None, 5.0],
        [1.0, "two", 5.0],
        [1.0, 1j, 5.0],
        [1.0, 2.0],
        [1.0, 2.0, 3.0, 4.0],
        [],
        1.0,
        [1.0, 2 * HEAVIEST, 5.0],
    ],
    ids=str,
)
def test_unfit_weights_are_refused(engine, weight):
    with pytest.raises(BadValue):
        engine(TRIANGLE, weight, 0, 2)


@each_engine
@pytest.mark.parametrize("ends", [(-1, 2), (0, 3), (0, 2**31), (0, 2**63), (0.5, 2), ("0", 2), (None, 2)], ids=str)
def test_unknown_nodes_are_refused(engine, ends):
    with pytest.raises(BadValue):
        engine(TRIANGLE, [1.0, 1.0, 5.0], *ends)


@each_engine
@pytest.mark.parametrize(
    ("graph", "weight"),
    [
        (Graph.from_arcs(3, [0, 2], [1, 1]), [1.0, 1.0]),  # only the other way round
        (Graph.from_arcs(4, [0, 2, 3], [1, 3, 2]), [1.0, 1.0, 1.0]),  # in another part
        (Graph.from_arcs(3, [], []), []),  # no arcs at all
        (Graph.from_arcs(3, [0, 1], [1, 2]), [1.0, np.inf]),  # closed
    ],
)
def test_unreachable_targets_are_named(engine, graph, weight):
    with pytest.raises(NoRoute):
        engine(graph, weight, 0, 2)


@each_engine
def test_cycles_of_length_zero_are_not_gone_round(engine):
    graph = Graph.from_arcs(4, [0, 1, 2, 0, 1, 2], [1, 2, 0, 0, 1, 3])
    assert engine(graph, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 0, 3) == [0, 1, 5]


@pytest.mark.whole
@each_engine
def test_of_duplicate_arcs_the_lightest_is_taken(engine):
    graph = Graph.from_arcs(3, [0, 0, 0, 1, 1], [1, 1, 1, 2, 2])
    assert engine(graph, [3.0, 1.0, 2.0, np.inf, 7.0], 0, 2) == [1, 4]


@pytest.mark.whole
@each_engine
def test_parts_without_a_way_between_do_not_disturb(engine):
    graph = Graph.from_arcs(7, [3, 0, 1, 4, 5], [4, 1, 2, 3, 6])
    assert engine(graph, [0.0, 1.0, 1.0, 0.0, 2.0], 0, 2) == [1, 2]


@pytest.mark.whole
@each_engine
def test_sums_beyond_32_bits_are_right(engine):
    # Two arcs of 2^31 and one of 2^32 - 1: whoever counts in 32 bits takes the wrong way.
    assert engine(TRIANGLE, [2.0**31, 2.0**31, 2.0**32 - 1], 0, 2) == [2]
    assert engine(TRIANGLE, [2.0**31, 2.0**31, 2.0**32 + 1], 0, 2) == [0, 1]
    assert engine(TRIANGLE, [HEAVIEST / 2, HEAVIEST / 2, HEAVIEST / 2], 0, 2) == [2]


GRAPH = Graph.from_arcs(2, [0], [1])


@pytest.mark.whole
@pytest.mark.parametrize(
    "make",
    [
        lambda: Dense.of(GRAPH, [[1.0, 2.0]]),
        lambda: Dense.of(GRAPH, [["two"]]),
        lambda: Choices.of(GRAPH, [1.0], [([0], [[np.nan]])], [[0]]),
        lambda: Choices.of(GRAPH, [1.0], [([0], [[2.0]])], [[2]]),
        lambda: Choices.of(GRAPH, [1.0], [([1], [[2.0]])], [[0]]),
    ],
)
def test_unfit_weightings_are_refused(make):
    with pytest.raises(BadValue):
        make()


@pytest.mark.parametrize("unfit", [np.nan, -1.0, -np.inf, 1e300])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("place", [0, 7, 12, 39])
def test_unfit_rows_are_refused_by_number(unfit, dtype, place):
    rows = np.ones((40, 1))
    rows[place] = unfit
    with pytest.raises(BadValue, match=f"weighting {place}: the weight of arc 0 is {unfit:g}".replace("+", r"\+")):
        solve(Hierarchy.build(GRAPH), Dense.of(GRAPH, rows), [0], [1], threads=2, dtype=dtype)


def test_minus_nought_and_absent_arcs_are_fit():
    rows = np.array([[-0.0], [np.inf], [0.0], [1e28]])
    for dtype in ("float64", "float32"):
        found = solve(Hierarchy.build(GRAPH), Dense.of(GRAPH, rows), [0], [1], dtype=dtype).cost.ravel()
        assert np.allclose(found[[0, 2, 3]], [0, 0, 1e28])
        assert found[1] == np.inf


@pytest.mark.parametrize(
    "given",
    [
        Dense.of(GRAPH, [[1e30]]),
        Choices.of(GRAPH, [1.0], [([0], [[1e30]])], [[1]]),
    ],
)
def test_what_float32_cannot_hold_is_refused_and_not_taken_for_absent(given):
    assert solve(Hierarchy.build(GRAPH), given, [0], [1]).cost[0, 0, 0] >= 1e30
    with pytest.raises(BadValue, match=r"float64|1e\+28"):
        solve(Hierarchy.build(GRAPH), given, [0], [1], dtype="float32")


def test_the_largest_weight_that_float32_holds_is_held_however_it_is_made():
    """1e28 is; a thousandth more is refused."""
    for times, refused in ((1.0, False), (1.001, True)):
        for given in (
            Dense.of(GRAPH, [[1e28 * times]]),
            Choices.of(GRAPH, [1.0], [([0], [[1e28 * times]])], [[1]]),
        ):
            if refused:
                with pytest.raises(BadValue, match=r"float32 holds|1e\+28"):
                    solve(Hierarchy.build(GRAPH), given, [0], [1], dtype="float32")
            else:
                found = solve(Hierarchy.build(GRAPH), given, [0], [1], dtype="float32").cost[0, 0, 0]
                assert found == pytest.approx(1e28, rel=1e-6)


def test_no_more_than_two_to_the_31_nodes():
    with pytest.raises(BadValue, match="2147483647"):
        Graph.from_arcs(2**31, [], [])
    with pytest.raises(BadValue):
        Graph.from_arcs(3, np.array([2**32], np.int64), [1])
    with pytest.raises(BadValue):
        Graph.from_arcs(3, np.array([2**63], np.uint64), [1])


LONG = {
    "matrix of a hierarchy": """
        metric = Metric.of(Hierarchy.build(graph), weight)
        work = lambda times: [metric.many_to_many(nodes, nodes) for _ in range(times)]
    """,
    "many weightings": """
        hierarchy = Hierarchy.build(graph)
        work = lambda times: solve(hierarchy, Choices.of(graph, weight, [], np.empty((1000 * times, 0))), [0], [1])
    """,
    "compiled Dijkstra": """
        work = lambda times: [many_to_all(graph, weight, nodes) for _ in range(times)]
    """,
    "Pareto": """
        costs = np.random.default_rng(2).uniform(1, 2, (3, graph.n_arcs))
        work = lambda times: pareto(graph, costs, 0, 2 if times == 1 else 2499, max_labels=30_000_000)
    """,
}


@pytest.mark.skipif(sys.platform == "win32", reason="sends the signal of Ctrl-C")
@pytest.mark.parametrize("search", LONG.values(), ids=LONG.keys())
@pytest.mark.slow
def test_control_c_stops_a_long_search(search):
    setting = textwrap.dedent("""
        import signal
        import sys
        import numpy as np
        from corridor_net.graph import Graph
        from corridor_net.graph.search.compiled_dijkstra import many_to_all
        from corridor_net.graph.ensembles.ensemble import solve
        from corridor_net.graph.hierarchy.hierarchy import Hierarchy
        from corridor_net.graph.hierarchy.metric import Metric
        from corridor_net.graph.beside.pareto import pareto
        from corridor_net.graph.ensembles.weightings import Choices

        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
        node = np.arange(2500).reshape(50, 50)
        ends = np.concatenate([np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()], 1),
                               np.stack([node[:-1].ravel(), node[1:].ravel()], 1)])
        graph = Graph.from_arcs(2500, np.r_[ends[:, 0], ends[:, 1]], np.r_[ends[:, 1], ends[:, 0]])
        weight = np.random.default_rng(1).uniform(1, 2, graph.n_arcs)
        nodes = np.arange(2500)
    """)
    ending = textwrap.dedent("""
        work(1)  # a compiler, which this may wake, does not hear Ctrl-C
        print("begun", flush=True)
        try:
            work(1000)
        except KeyboardInterrupt:
            print("stopped", flush=True)
            sys.exit(0)
        sys.exit(1)
    """)
    code = setting + textwrap.dedent(search) + ending
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout.readline() == "begun\n"
            time.sleep(0.6)
            assert child.poll() is None, "the search was over before it was stopped"
            child.send_signal(signal.SIGINT)
            # A second is the promise; the rest is for a busy machine and for the interpreter to end.
            assert child.communicate(timeout=10)[0] == "stopped\n"
            assert child.returncode == 0
        finally:
            child.kill()


def test_without_a_number_there_is_a_thread_for_each_core_that_this_process_may_use(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {2, 5, 7} if process == 0 else set(), raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 9)
    assert thread_count(None) == 3
    assert [thread_count(1), thread_count(4)] == [1, 4]
    monkeypatch.delattr("os.sched_getaffinity")
    assert thread_count(None) == 9
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert thread_count(None) == 1
    for wrong in (0, -1, True, 1.5):
        with pytest.raises(BadValue):
            thread_count(wrong)


def test_what_a_narrow_number_holds_is_allowed_and_what_is_heavier_is_not():
    hierarchy = Hierarchy.build(GRAPH)
    good = np.full(GRAPH.n_arcs, HEAVIEST_NARROW)
    assert Metric.of(hierarchy, good, dtype="float32") is not None
    with pytest.raises(BadValue, match="float32"):
        Metric.of(hierarchy, np.nextafter(good, np.inf), dtype="float32")
    assert Metric.of(hierarchy, good * 2) is not None
