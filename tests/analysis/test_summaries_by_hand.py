"""What answers say of themselves in sums, shares and orders, worked by hand from answers made for the purpose."""

from dataclasses import replace
from datetime import date
from math import exp, log
from types import SimpleNamespace

import numpy as np
import pytest

from corridor_net.analysis.breakeven import Breakeven
from corridor_net.analysis.loads import gateways as g
from corridor_net.analysis.loads.counts import against_observed, counted_period, counts_of_ports, day_of_counts
from corridor_net.analysis.loads.demand import Freight
from corridor_net.analysis.notes import assumptions
from corridor_net.analysis.pair_totals import PairTotals
from corridor_net.analysis.route import DIGITS_IN_TABLES
from corridor_net.analysis.router import Router
from corridor_net.analysis.thresholds import Band, Bands, Limit, sentence
from corridor_net.analysis.trade.potential import Potential
from corridor_net.analysis.trade.sectors import Storage
from corridor_net.analysis.trade_offs import TradeOffs
from corridor_net.analysis.upgrade_sets.value_function import ValueFunction, origin_weights
from corridor_net.analysis.years.pair_years import PairYear, Timeline
from corridor_net.analysis.years.timeline import YearChange
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, UnknownName
from corridor_net.network.rows.evidence import Traffic
from corridor_net.render.words import Words

# ports and shares


def option(gateway, share, cost=100.0, size=1.0, arcs=(0,)):
    return g.Option(
        gateway=gateway, crossings=("c",), generalised_cost_usd=cost, path_size=size, share=share, arcs=arcs
    )


def test_shares_by_port_are_sums_the_largest_first_and_contested_up_to_six_in_ten():
    made = g.GatewayChoice("a", "b", (option("x", 0.4), option(None, 0.35), option("x", 0.15), option("y", 0.1)))
    assert list(made.gateways.items()) == [("x", pytest.approx(0.55)), ("by land", 0.35), ("y", 0.1)]
    assert g.GatewayChoice("a", "b", (option("x", 0.6), option("y", 0.4))).contested
    assert not g.GatewayChoice("a", "b", (option("x", 0.61), option("y", 0.39))).contested
    assert list(g.GatewayChoice("a", "b", (option("y", 0.5), option("x", 0.5))).gateways) == ["x", "y"]
    told = made.to_dict()
    assert (told["origin"], told["destination"], told["contested"], len(told["options"])) == ("a", "b", True, 4)
    assert told["gateways"] == {"x": 0.55, "by land": 0.35, "y": 0.1}


def test_what_routes_share_counts_for_each_in_part():
    """Of 3 USD one is shared by two: a sixth and two thirds; of 4 an eighth and three quarters; 5 is its own."""
    cost = np.array([1.0, 2.0, 3.0, 5.0, 0.0])
    assert g.path_sizes([[0, 1], [0, 2], [3], [4]], cost) == pytest.approx([5 / 6, 7 / 8, 1, 1])


def test_shares_of_a_logit_by_hand():
    """At 0.01 a USD 100 USD are e; half a path size halves; a port that is shunned by 50 USD is sqrt(e) less taken."""
    options = [option("x", 0, 200.0), option("y", 0, 100.0, size=0.5, arcs=(1,)), option(None, 0, 100.0, arcs=(2,))]
    weights = {"x": exp(-1), "y": 0.5 * exp(-0.5), None: 1.0}
    found = g._shared(options, 0.01, {"y": 50.0})
    assert [one.gateway for one in found] == [None, "x", "y"]
    assert [one.share for one in found] == pytest.approx(
        [weights[key] / sum(weights.values()) for key in (None, "x", "y")]
    )
    land = g._shared(options, 0.01, {"by land": 1000.0})
    assert land[-1].gateway is None


def test_shares_of_all_cargo_are_weighed_by_origin():
    """Three of four boxes are of a; what has no weight does not count."""
    one = g.GatewayChoice("a", "z", (option("x", 0.6), option("y", 0.4)))
    other, third = g.GatewayChoice("b", "z", (option("y", 1.0),)), g.GatewayChoice("c", "z", (option("w", 1.0),))
    found = g.market_shares([one, other, third], {"a": 3.0, "b": 1.0})
    assert list(found.items()) == [("y", pytest.approx(0.55)), ("x", pytest.approx(0.45)), ("w", 0)]


# counts


@pytest.fixture(scope="module")
def counted(tiny):
    """A corridor over the border counted from February to April and in July, a port twice, another year beside."""
    usual = {"source_id": "S", "grade": "B", "applies_to": "corridor", "target_id": "east"}
    rows = [
        {**usual, "from_day": date(2019, 2, 1), "to_day": date(2019, 4, 30), "teu": 100.0},
        {**usual, "from_day": date(2019, 7, 1), "to_day": date(2019, 7, 31), "teu": 20.0},
        {**usual, "from_day": date(2018, 1, 1), "to_day": date(2018, 12, 31), "teu": 7.0},
        {**usual, "from_day": date(2018, 12, 1), "to_day": date(2019, 1, 31), "teu": 9.0},
        {**usual, "applies_to": "node", "target_id": "golf", "from_day": date(2019, 1, 1), "to_day": date(2019, 12, 31),
         "teu": 5000.0},
        {**usual, "applies_to": "node", "target_id": "delta", "from_day": date(2018, 6, 1), "to_day": date(2019, 6, 1),
         "teu": 1.0},
    ]  # fmt: skip
    links = [replace(row, corridor="east" if row.link_id == "road-bc" else "") for row in tiny.rows("link")]
    return tiny.with_rows(traffic=[Traffic(traffic_id=str(n), **row) for n, row in enumerate(rows)], link=links)


def test_counts_lie_within_a_year_and_their_middle_is_the_day(counted):
    assert counted_period(counted, 2019) == (date(2019, 2, 1), date(2019, 7, 31))
    assert day_of_counts(counted, 2019) == date(2019, 5, 2)
    assert (counts_of_ports(counted, 2019), counts_of_ports(counted, 2018)) == ({"golf": 5000}, {})
    with pytest.raises(BadValue, match="no traffic of a corridor was counted in 2020") as error:
        counted_period(counted, 2020)
    assert error.value.hint == "years: 2018, 2019"


def test_a_corridor_is_held_against_its_count_by_hand(counted):
    """120 TEU in 120 days are 365 a year; three of four boxes are of Alfa, seven of ten of these pass the border."""
    router = Router(impedance(counted))
    alfa = g.GatewayChoice(
        "alfa", "delta", (replace(option("charlie", 0.7), crossings=("bc-out", "bc-in")), option("golf", 0.3))
    )
    golf = g.GatewayChoice("golf", "delta", (replace(option("golf", 1.0), crossings=()),))
    weights = {"alfa": 3.0, "golf": 1.0}
    (found,) = against_observed(router, [alfa, golf], weights, 2019, trade_teu=1000.0, scale_per_usd=0.01)
    assert (found.target, found.teu_a_year, found.observed_share) == ("east", pytest.approx(365), pytest.approx(0.365))
    assert found.modelled_share == pytest.approx(0.525)
    off = exp(0.3 * 1.2815515655446004)
    assert (found.observed_share_low, found.observed_share_high) == pytest.approx((0.365 / off, 0.365 * off))
    for usd, share in (
        (found.unexplained_usd, 0.365),
        (found.unexplained_usd_high, 0.365 / off),
        (found.unexplained_usd_low, 0.365 * off),
    ):
        assert usd == pytest.approx(100 * (log(0.525 / 0.475) - log(share / (1 - share))))


# pairs and years


def test_totals_of_some_pairs_are_those_of_all_and_the_others_have_none():
    sums = np.arange(8.0).reshape(2, 2, 2)
    whole = PairTotals(sums=sums, gateways=(("x", None), ("y", "z")))
    some = whole.of([("a", "q"), ("b", "p")], ["a", "b"], ["p", "q"])
    assert some.gateways == ((None, None), ("y", None))
    assert np.isnan(some.sums).all(axis=2).tolist() == [[True, False], [False, True]]
    assert some.sums[1, 0].tolist() == [4, 5]
    assert some == whole.of([("b", "p"), ("a", "q")], ["a", "b"], ["p", "q"])
    assert some != whole
    assert whole != PairTotals(sums=sums, gateways=(("x", "x"), ("y", "z")))
    assert whole != 1


def test_events_of_a_timeline_are_what_opened_and_closed_and_what_moved_its_year_by_two_per_cent():
    def change(year, kind, usd=None, hours=None):
        return YearChange(year=year, kind=kind, figure="f", what="f", cost_usd=usd, hours=hours)

    def of_year(year):
        return PairYear(year=year, day="", projected=False, grade=None, cost_usd=1000.0, hours=100.0)

    large = [
        change(2018, "figure", 20.0),
        change(2018, "opened"),
        change(2019, "way", 0.0),
        change(2019, "beside", 0, 2),
    ]
    small = [change(2018, "figure", 19.0, 1.9), change(2019, "beside", 1.0)]
    found = Timeline(
        origin="a", destination="b", cargo="c", scenario="s", by="generalised", price_year=2019, last_day_of_data="",
        years=(of_year(2018), of_year(2019)), changes=(*large, *small), rule=None, names={},
    )  # fmt: skip
    assert list(found.events) == large
    assert found.numbered == ((2018, tuple(large[:2])), (2019, tuple(large[2:])))


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"kind": "figure", "figure": "operation:border:queue:hours"}, "queue hours, the border"),
        ({"kind": "way", "ways": (("x",), ("x",))}, "another way by Port X"),
        ({"kind": "way", "ways": (("x",), ("y", "x"))}, "by Y and Port X in place of Port X"),
        ({"kind": "closed", "figure": "service:line", "reason": "laid up"}, "the line (laid up)"),
        ({"kind": "opened", "figure": "service:line"}, "the line"),
        ({"kind": "opened", "figure": "terminal:t", "what": "X, road to port"}, "X, road to port"),
    ],
)
@pytest.mark.whole
def test_what_changed_in_a_year_in_words(known, told):
    one = YearChange(**{"year": 2019, "figure": "way", "what": "", **known})
    names = {"x": "Port X", "y": "Y", "line": "the line", "operation:border": "the border"}
    assert Words(names=names).text(one.said) == told


def limit(**known):
    usual = {"key": "co2_price", "what": "price of CO2", "unit": "USD/t", "now": 50.0, "on_route": True,
             "lower": None, "to_lower": None, "upper": None, "to_upper": None, "change": 0.1, "grade": "B",
             "in_range": None}  # fmt: skip
    return Limit(**{**usual, **known})


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"lower": 12.34}, "above 12.3 USD/t (below: land)"),
        ({"upper": 1234.5, "to_upper": "y"}, "below 1,234 USD/t (above: Y)"),
        ({"lower": 1.0, "to_lower": "y", "upper": 99.0}, "above 1 USD/t (below: Y) and below 99 USD/t (above: land)"),
    ],
)
def test_a_limit_in_words(known, told):
    text = Words(names={"y": "Y", "x": "X"}).text(sentence(limit(**known), SimpleNamespace(gateway="x")))
    assert text == f"X wins while price of CO2 stays {told}; now 50 USD/t."


def test_neighbouring_bands_of_one_port_are_one():
    bands = [
        Band(low=low, high=high, route=SimpleNamespace(gateway=gateway), holds_now=False)
        for low, high, gateway in ((0.0, 1.0, "x"), (1.0, 2.0, "x"), (2.0, 3.0, "y"), (3.0, None, "x"))
    ]
    found = Bands(key="k", what="w", unit="u", now=1.0, bands=tuple(bands))
    assert found.by_gateway == ((0, 2, "x"), (2, 3, "y"), (3, None, "x"))


# what counts how much


def test_an_origin_that_reaches_nothing_is_near_to_nothing():
    none = Potential.unreached("a")
    assert (none.markets, none.hansen, none.market_access, none.nearest) == (0, 0, 0, None)
    assert none.within == {10: 0, 12: 0, 14: 0}
    assert replace(none, by_destination={"x": 0.2, "y": 0.5, "z": 0.3}).nearest == ("y", 0.5)


def test_the_middle_of_a_range_of_days_is_geometric():
    assert Storage(low=4.0, high=9.0).middle == 6


@pytest.mark.parametrize(
    ("criteria", "bands"), [(("money", "hours"), True), (("co2", "hours", "money"), True), (("money", "co2"), False)]
)
def test_values_of_time_have_bands_where_money_is_weighed_against_hours(criteria, bands):
    assert TradeOffs.has_bands.fget(SimpleNamespace(criteria=criteria)) is bands


def test_origins_count_alike_by_trade_or_by_people(tiny):
    """Alfa trades 5 million and has a thousand people, Golf 9 and 250; Bravo is no market."""
    golf = replace(tiny.rows("market")[0], node_id="golf", trade_musd=9.0, population=250)
    network = tiny.with_rows(market=[*tiny.rows("market"), golf])
    subsets = SimpleNamespace(router=SimpleNamespace(network=network))
    origins = ["golf", "bravo", "alfa"]
    assert origin_weights(subsets, origins, "equal").tolist() == pytest.approx([1 / 3] * 3)
    assert origin_weights(subsets, origins, "trade").tolist() == pytest.approx([9 / 14, 0, 5 / 14])
    assert origin_weights(subsets, origins, "people").tolist() == pytest.approx([0.2, 0, 0.8])
    with pytest.raises(BadValue, match="no origin has a figure of people"):
        origin_weights(subsets, ["bravo"], "people")
    with pytest.raises(UnknownName, match="cannot be weighed by 'trad'"):
        origin_weights(subsets, origins, "trad")


def test_access_of_sets_is_the_product_of_each_market_that_carriage_leaves(tiny):
    router = SimpleNamespace(network=tiny, impedance=SimpleNamespace(cargo=SimpleNamespace(value_usd=1000.0)))
    value_function = SimpleNamespace(subsets=SimpleNamespace(router=router), destinations=("delta", "bravo"))
    cost = np.array([[[1000.0, 5.0]], [[np.inf, 5.0]]])
    assert ValueFunction._access(value_function, cost).tolist() == [[[pytest.approx(4 * 2**-5.03), 0]], [[0, 0]]]


# what an answer rests on


def test_the_figures_that_can_be_varied_are_those_of_the_data_and_hours_of_a_timetable(tiny):
    """No length, and nothing that no arc rests on; what a ship takes by its timetable is certain, and may be asked."""
    calls = tiny.rows("service_call")
    timed = [
        replace(calls[0], arrival_hours=0.0, departure_hours=0.0), replace(calls[1], arrival_hours=44.0), *calls[2:]
    ]  # fmt: skip
    figures = Breakeven(Router(impedance(tiny.with_rows(service_call=timed))), "alfa", "delta").figures
    works = {
        f"operation:{row.operation_id}:{row.component}:{row.quantity}" for row in tiny.rows("operation")
    }  # fmt: skip
    assert set(figures) == works | {
        "tariff:sea", "tariff:road_cn", "tariff:road_ru", "tariff:rail_cn", "speed:road", "speed:rail", "speed:ship",
        "service:line-cd:sailings_per_week", "service:line-gd:sailings_per_week", "service_call:line-cd:2"}  # fmt: skip
    assert len(figures) == len(set(figures))


def test_limits_of_what_the_other_way_rests_on_by_hand(tiny):
    """With a queue of 150 hours Golf is 139.27 USD behind: so much any one of its figures must fall by."""
    works = [replace(row, value=150.0) if row.component == "queue" else row for row in tiny.rows("operation")]
    limits = Breakeven(Router(impedance(tiny.with_rows(operation=works))), "alfa", "delta").limits().limits
    found = {one.key: (one.lower, one.upper) for one in limits}
    gap = 1327.270833 - 144 * 8.25
    assert found["operation:port_golf:dwell:hours"] == (pytest.approx(48 - gap / 8.25), None)
    assert found["service:line-gd:sailings_per_week"] == (None, pytest.approx(84 * 8.25 / (84 * 8.25 - gap)))
    assert found["speed:rail"] == (None, pytest.approx(500 / (25 - gap / 8.25)))
    assert found["tariff:rail_cn"] == (pytest.approx(1 - gap / (110 + 1100 / 6)), None)
    assert found["operation:border:queue:hours"] == (None, pytest.approx(150 + gap / 8.25))
    assert found["value_of_time"] == (None, pytest.approx((317 + 1 / 3) / (144 - 122.416667)))
    assert not any(key.startswith("operation:import_delta") for key in found)


def test_a_link_of_a_length_that_cannot_be_is_told_where_a_way_goes_along_it(tiny):
    links = [replace(row, length_km=3000.0) if row.link_id == "road-ab" else row for row in tiny.rows("link")]
    network = tiny.with_rows(link=links)
    router = Router(impedance(network))
    by_road, by_rail = (router.route("alfa", "delta", via=[port]) for port in ("charlie", "golf"))
    (note,) = assumptions(by_road, network)
    assert note.startswith("link 'road-ab' is 3000.0 km long, longer than three times the straight line")
    assert assumptions(by_rail, network) == []


def test_traffic_grows_by_its_own_growth_or_the_general_one_and_by_what_is_added():
    own, other = (Freight(origin="a", destination="b", cargo="c", boxes={2019: 100.0}, growth=g) for g in (0.05, None))
    assert own.by_year([2019, 2021], 0.5, 0.05).tolist() == pytest.approx([100, 121])
    assert other.by_year([2019, 2021], 0.2, -0.1).tolist() == pytest.approx([100, 121])
    assert other.by_year([2021], 0.1).tolist() == pytest.approx([121])


def test_legs_are_shown_in_whole_kilometres_dollars_and_kilograms_that_add_up_and_in_tenths_of_hours(tiny):
    """By the railway of 501.3 km, at 183.81 USD and 50.13 kg; 25.065 hours are 25.1, and all 283.1."""
    links = [replace(row, length_km=501.3) if row.link_id == "rail-ag" else row for row in tiny.rows("link")]
    route = Router(impedance(tiny.with_rows(link=links))).route("alfa", "delta", via=["golf"])
    shown = route.leg_amounts(DIGITS_IN_TABLES)
    assert [one["distance_km"] for one in shown] == [0, 501, 0, 0, 2000, 0]
    assert [one["cost_usd"] for one in shown] == [160, 184, 120, 200, 200, 300]
    assert [one["co2_kg"] for one in shown] == [0, 50, 10, 0, 200, 10]
    assert [one["hours"] for one in shown] == [10, 25.1, 54, 84, 80, 30]
    assert (round(route.cost_usd), round(route.hours, 1)) == (1164, 283.1)
