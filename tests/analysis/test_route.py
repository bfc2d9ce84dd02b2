"""What a route says of itself, why there is none, the same every time, and the front door."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.notes import assumptions, weak_share, weak_share_of_trips
from corridor_net.analysis.trips import trips
from corridor_net.analysis.unreached import _by_place
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName

from .route_helpers import PAIRS

# what a route says of itself


@pytest.fixture(scope="module")
def many(routers, net2019):
    pick = random.Random(7)  # noqa: S311
    origins = [m.node_id for m in net2019.markets("origin")]
    markets = [m.node_id for m in net2019.markets("market")]
    pairs = [(pick.choice(origins), pick.choice(markets)) for _ in range(40)]
    return [router.route(*pair) for router in routers.values() for pair in pairs]


def test_components_sum_to_totals(many, imp2019):
    for route in many:
        assert sum(route.component("cost_usd").values()) == pytest.approx(route.cost_usd)
        assert sum(route.component("hours").values()) == pytest.approx(route.hours)
        assert sum(leg.co2_kg for leg in route.legs) == pytest.approx(route.co2_kg)
        assert sum(leg.distance_km for leg in route.legs) == pytest.approx(route.distance_km)
        assert sum(leg.spread_hours for leg in route.legs) == pytest.approx(route.spread_hours)
        for leg in route.legs:
            assert sum(p.get("hours", 0) for p in leg.components.values()) == pytest.approx(leg.hours)
            assert sum(p.get("cost_usd", 0) for p in leg.components.values()) == pytest.approx(leg.cost_usd)
            assert list(leg.components) == [name for name in imp2019.components if name in leg.components]


def test_generalised_cost_is_money_and_the_value_of_hours_and_of_their_spread(many, imp2019):
    cargo = imp2019.cargo
    assert cargo.reliability_ratio > 0
    for route in many:
        assert route.spread_hours > 0
        worth = cargo.value_of_time * (route.hours + cargo.reliability_ratio * route.spread_hours)
        assert route.generalised_cost_usd == pytest.approx(route.cost_usd + worth)


def test_legs_follow_one_another(many):
    for route in many:
        assert route.legs[0].from_node == route.origin
        assert route.legs[-1].to_node == route.destination
        for here, there in itertools.pairwise(route.legs):
            assert here.to_node == there.from_node
        assert len({leg.key for leg in route.legs}) == len(route.legs)
        assert route.legs[0].kind == "terminal"
        assert route.legs[-1].kind == "terminal"


def test_every_measure_is_finite(many):
    for route in many:
        for value in (route.cost_usd, route.hours, route.co2_kg, route.generalised_cost_usd, route.spread_hours):
            assert math.isfinite(value)
            assert value >= 0


def test_the_gateway_is_where_the_cargo_leaves_the_mainland(many, net2019):
    for route in many:
        ships = [leg for leg in route.legs if leg.kind in ("sail", "charter")]
        assert route.gateway == ships[0].from_node
        assert net2019.nodes[route.gateway].node_type == "seaport"
        assert net2019.nodes[route.gateway].country != "JP"


def test_the_gateway_of_imports_is_where_they_land(imp2019):
    route = cn.Router(imp2019).route("niigata", "harbin", via=["busan"])
    ships = [leg for leg in route.legs if leg.kind == "sail"]
    assert [leg.to_node for leg in ships].index("busan") < len(ships) - 1
    assert route.gateway == ships[-1].to_node
    assert imp2019.network.nodes[route.gateway].country == "CN"


def test_a_stop_at_the_origin_is_made_at_once(make_tiny):
    """Golf is a port; cargo that starts there and leaves by rail has been there."""

    def terminals(rows):
        for node, here, there in (("golf", "origin", "rail_1435"), ("alfa", "rail_1435", "road")):
            rows.append({"terminal_id": f"{node}-{here}-{there}", "node_id": node, "from_state": here,
                         "to_state": there, "operation_id": "load_rail"})  # fmt: skip

    net = make_tiny(terminal=terminals, service=lambda rows: rows[1].update(valid_to="2018-01-01", end_reason="sold"))
    router = cn.Router(impedance(net))
    assert router.route("golf", "delta", via=["golf"]) == router.route("golf", "delta")


def test_no_gateway_without_a_ship(routers):
    route = routers["generalised"].route("harbin", "vladivostok")
    ships = [leg for leg in route.legs if leg.kind == "sail"]
    assert (route.gateway is None) == (not ships)
    assert routers["generalised"].route("harbin", "daqing").gateway is None


def test_schedule_is_never_longer_than_realised(many, imp2019):
    planned = cn.Router(imp2019, schedule=True)
    for route in many:
        same_way = planned.describe(route.origin, route.destination, route.arcs)
        assert same_way.hours <= route.hours + 1e-9
        assert same_way.cost_usd == pytest.approx(route.cost_usd)
        assert not {"wait", "queue", "dwell"} & set(same_way.component("hours"))
        assert sum(leg.hours for leg in same_way.legs) == pytest.approx(same_way.hours)
        assert sum(leg.cost_usd for leg in same_way.legs) == pytest.approx(same_way.cost_usd)


def test_grade_shares_sum_to_one(many):
    for route in many:
        for shares in route.grade_shares().values():
            assert sum(shares.values()) == pytest.approx(1)
            assert set(shares) <= set("ABCD")
        weak = weak_share(route)
        assert all(0 <= share <= 1 + 1e-9 for share in weak.values())


def test_what_rests_on_weak_figures_in_many_routes_is_weighed_by_their_amounts(many):
    together = weak_share(*many)
    for quantity in ("cost_usd", "hours"):
        amounts = [getattr(route, quantity) for route in many]
        weak = [
            amount * sum(route.grade_shares()[quantity].get(grade, 0.0) for grade in "CD")
            for amount, route in zip(amounts, many, strict=True)
        ]
        assert together[quantity] == pytest.approx(sum(weak) / sum(amounts))


@pytest.mark.parametrize("schedule", [False, True])
def test_trips_rest_on_what_their_routes_do(routers, schedule):
    router = replace(routers["generalised"], schedule=schedule)
    found = trips(router, ["harbin", "suifenhe"], ["niigata", "tokyo"])
    routes = [router.describe(*pair, trip.arcs) for pair, trip in found.items()]
    assert len(routes) == 4
    assert weak_share_of_trips(router, found.values()) == pytest.approx(weak_share(*routes))


def test_a_leg_s_grade_is_that_of_its_weakest_figure(routers, imp2019):
    route = routers["generalised"].route("harbin", "niigata")
    for leg, number in zip(route.legs, route.arcs, strict=True):
        assert leg.grade == max(part.grade for part in imp2019.arcs[number].parts)
        assert set(leg.source_ids) == {s for part in imp2019.arcs[number].parts for s in part.source_ids}


def test_assumptions_are_said(shipped):
    tariffs = [replace(row, price_year=2020) for row in shipped.rows("tariff")]
    network = shipped.with_rows(tariff=tariffs).as_of("2009-01-01")
    notes = assumptions(cn.Router(impedance(network)).route("harbin", "niigata"), network)
    assert any("rate of 2020 taken to 2009" in note for note in notes)
    winter = cn.load(as_of="2019-02-01")
    route = winter.route("harbin", "niigata", via=["vladivostok"])
    assert any(note.startswith("season: ") for note in assumptions(route, winter.network))


def test_a_service_on_the_way_is_noted_where_it_is_our_estimate_or_not_known(tiny):
    def noted(**cells):
        network = tiny.with_rows(service=[replace(row, **cells) for row in tiny.rows("service")])
        return [str(note) for note in assumptions(cn.Router(impedance(network)).route("alfa", "delta"), network)
                if "line-cd" in str(note) or "Charlie - Delta" in str(note)]  # fmt: skip

    assert noted(grade="C") == []
    (estimate,) = noted(grade="D", basis="")
    assert estimate.endswith("no basis is given (grade D)")
    (guess,) = noted(grade="D", basis="a guess")
    assert guess.endswith("a guess (grade D)")
    (unknown,) = noted(grade="D", state="unknown", probability_open=0.6, basis="a guess")
    assert "not known (60%) whether it runs: a guess" in unknown


def test_waiting_dominates_time_and_land_and_transfers_dominate_cost(shipped):
    """What the published record says of these corridors, on the direct liner that sailed three times a month."""
    router = cn.Router(impedance(shipped.as_of("2013-07-01")))
    route = router.route("hunchun", "niigata", via=["zarubino"])
    hours = route.component("hours")
    moving = hours["haul"] + hours["sailing"]
    assert route.hours - moving > 0.6 * route.hours
    assert route.component("cost_usd")["freight"] < 0.5 * route.cost_usd


# no route


def test_no_route_is_an_error_never_infinity(routers):
    router = routers["generalised"]
    with pytest.raises(NoRoute, match="no route from harbin to baranovsky") as caught:
        router.route("harbin", "baranovsky")
    assert caught.value.exit_code == 1
    assert isinstance(caught.value, LookupError)
    assert "inf" not in str(caught.value).replace("information", "")


def test_no_route_where_all_is_closed(tiny):
    shut = tiny.with_rows(service=())
    with pytest.raises(NoRoute, match="no route from alfa to delta on 2019-07-01"):
        cn.Router(impedance(shut)).route("alfa", "delta")


def test_no_route_says_what_ended(make_tiny):
    net = make_tiny(
        service=lambda rows: (
            [row.update(valid_to="2018-01-01", end_reason=f"{row['name']} sold") for row in rows] and None
        )
    )
    with pytest.raises(NoRoute) as caught:
        cn.Router(impedance(net)).route("alfa", "delta")
    assert "Charlie - Delta sold" in caught.value.hint
    assert "Golf - Delta sold" in caught.value.hint


def test_no_route_the_wrong_way(tiny):
    with pytest.raises(NoRoute, match="no route from delta to alfa"):
        cn.Router(impedance(tiny)).route("delta", "alfa")


def test_a_directed_link_goes_one_way(make_tiny):
    net = make_tiny(link=lambda rows: rows[0].update(directed=1, from_node_id="bravo", to_node_id="alfa"))
    assert cn.Router(impedance(net)).route("alfa", "delta").gateway == "golf"


@pytest.mark.parametrize(
    ("arguments", "options", "kind"),
    [
        (("harbin", "harbin"), {}, BadValue),
        (("harbin", "HARBIN"), {}, BadValue),
        (("harbn", "niigata"), {}, UnknownName),
        (("harbin", "niigata"), {"via": ["nowhere"]}, UnknownName),
        (("harbin", "niigata"), {"via": ["dalian", "busan", "tokyo", "osaka", "kobe", "nagoya", "toyama"]}, BadValue),
    ],
)
def test_questions_that_cannot_be_asked(routers, arguments, options, kind):
    with pytest.raises(kind):
        routers["generalised"].route(*arguments, **options)


def test_an_unknown_measure(imp2019):
    with pytest.raises(BadValue, match="'cost' cannot be minimised"):
        cn.Router(imp2019, by="cost")


# the same every time


def test_routes_are_the_same_every_time(shipped):
    first, second = (cn.Router(impedance(shipped.as_of("2019-07-01"))) for _ in range(2))
    for pair in PAIRS:
        assert first.route(*pair) == second.route(*pair) == first.route(*pair)


def test_a_question_asked_before_changes_no_answer(imp2019):
    fresh = cn.Router(imp2019).route("harbin", "niigata")
    used = cn.Router(imp2019)
    used.route("hunchun", "tokyo", via=["vladivostok"])
    used.route("heihe", "niigata")
    assert used.route("harbin", "niigata") == fresh


def test_ties_go_to_the_route_of_fewest_arcs(tiny):
    router = cn.Router(impedance(tiny))
    zero = np.zeros(len(router.impedance.arcs))
    from corridor_net.graph import Weighted

    source, goal = router.end_state("alfa", "origin"), router.end_state("delta", "destination")
    path = Weighted.of(router.graph, zero).shortest_path(source, goal)[1]
    assert len(path) == 6  # by rail: load, haul, port, board, sail, unload


# the front door


def test_the_model_asks_the_same(shipped):
    model = cn.load(as_of="2019-07-01")
    router = cn.Router(impedance(shipped.as_of("2019-07-01")))
    assert model.route("harbin", "niigata").route == router.route("harbin", "niigata")
    upgraded = model.with_scenario("primorye-1")
    assert (
        upgraded.route("suifenhe", "niigata", via=["vladivostok"]).hours
        < model.route("suifenhe", "niigata", via=["vladivostok"]).hours
    )
    assert upgraded.route("harbin", "niigata").route.scenario == "primorye-1"
    assert model.scenario is None
    with pytest.raises(BadValue, match="load\\(\\) knows no 'asof'") as caught:
        cn.load(asof="2019-07-01")
    assert caught.value.hint == "did you mean 'as_of'?"


def test_scenarios_one_after_the_other_are_scenarios_together():
    base = cn.load(as_of="2019-07-01")
    together = base.with_scenario("suifenhe-faster", "harbin-mudanjiang")
    after = base.with_scenario("suifenhe-faster").with_scenario("harbin-mudanjiang")
    assert after.scenario.name == together.scenario.name == "suifenhe-faster+harbin-mudanjiang"
    assert after.route("mudanjiang", "niigata").route == together.route("mudanjiang", "niigata").route
    # what both extend is applied once
    assert base.with_scenario("suifenhe-faster").with_scenario("primorye-1").scenario.lineage


def test_results_print_well(shipped):
    model = cn.load(as_of="2016-07-01", scenarios=["suifenhe-faster"])
    route = model.route("harbin", "niigata")
    assert str(route).startswith("Harbin to Niigata, July 2016: ")
    assert "by Dalian and Busan" in " ".join(str(route).split())
    assert "with suifenhe-faster" in repr(model)
    for shown in (model._repr_html_(), route._repr_html_()):
        assert shown.startswith("<p>")
    assert route._repr_html_().startswith("<p>Harbin to Niigata, July 2016: ")
    assert "harbin" not in route._repr_html_()  # names, not ids
    assert route._repr_html_().count("<tr>") == len(route.legs) + 2  # the head, and the total
    assert len(repr(route)) < 1000
    assert repr(model.network).startswith("<Network as of 2016-07-01: ")


def test_of_what_is_reached_neither_where_cargo_begins_nor_where_it_ends_is_told():
    states = [("a", "origin"), ("a", "road"), ("a", "rail"), ("z", "road@end"), ("z", "destination")]
    assert _by_place(states, np.ones(len(states), bool)) == {"a": "rail or road"}


def test_a_place_that_sends_or_receives_nothing_is_told_in_words(tiny):
    router = cn.Router(impedance(tiny))
    for name, words in (("origin", "cannot be sent from Bravo on 2019-07-01"),
                        ("destination", "cannot be received at Bravo on 2019-07-01")):  # fmt: skip
        with pytest.raises(NoRoute, match=words):
            router.end_state("bravo", name)


def test_what_is_closed_is_told_of_borders_anywhere_and_of_lines_at_the_ends_or_at_the_places_to_pass(make_tiny):
    """The border and three lines have ended; one of them calls neither at Alfa nor at Delta."""

    def ended(reasons):
        def change(rows):
            if "service_id" in rows[0]:
                rows.append({**rows[0], "service_id": "line-cg", "name": "Charlie - Golf"})
            for row in rows:
                name = row.get("service_id") or row["crossing_id"]
                row.update(valid_to="2019-06-30", end_reason=reasons.get(name, "over"))

        return change

    def calls(rows):
        rows += [{"service_id": "line-cg", "call_sequence": n, "node_id": node}
                 for n, node in enumerate(("charlie", "golf"), 1)]  # fmt: skip

    def lanes(rows):
        rows.append({**rows[0], "lane_id": "sea-cg", "from_node_id": "charlie", "to_node_id": "golf"})

    network = make_tiny(service=ended({"line-gd": "no cargo"}), service_call=calls, sea_lane=lanes,
                        crossing=ended({"bc-out": "works"}))  # fmt: skip
    router = cn.Router(impedance(network))

    def hint(**options):
        with pytest.raises(NoRoute) as caught:
            router.route("alfa", "delta", **options)
        return caught.value.hint.removeprefix("closed or not documented by then: ").split("; ")

    gate, back = "Bravo to Charlie: works", "Charlie to Bravo: over"
    assert hint() == [gate, back, "Charlie - Delta: over", "Golf - Delta: no cargo"]
    assert hint(via=["golf"]) == ["Golf - Delta: no cargo", "Charlie - Golf: over"]
    assert hint(via=["charlie"]) == [gate, back, "Charlie - Delta: over", "Charlie - Golf: over"]
