"""Boxes and a line of the small network by hand: what they use, what it can carry, empty ones, the ship's account."""

from dataclasses import replace

import numpy as np
import pytest

from corridor_net.analysis.loads.assignment import assign
from corridor_net.analysis.loads.boxes import LaidDemand, lay, loads
from corridor_net.analysis.loads.demand import Demand, Freight
from corridor_net.analysis.loads.empties import EmptyTerms, Kind, kinds_of, turned
from corridor_net.analysis.loads.equilibrium import Problem
from corridor_net.analysis.loads.gateways import WideChoiceSets
from corridor_net.analysis.loads.liner import ShipFigures, service_of
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue

OUT = Freight(origin="alfa", destination="delta", cargo="dry_40", boxes={2019: 100.0})


@pytest.fixture(scope="module")
def router(tiny):
    """The small network with a line that comes back, and a border and a road that can be full."""
    row = tiny.rows("deflator")[0]
    return Router(
        impedance(
            tiny.with_rows(
                service=[replace(row, circular=int(row.service_id == "line-cd")) for row in tiny.rows("service")],
                service_call=[*tiny.rows("service_call"), replace(tiny.rows("service_call")[0], call_sequence=3)],
                crossing=[replace(row, capacity_per_day=3.0) for row in tiny.rows("crossing")],
                link=[replace(row, capacity_mt_per_year=0.5) for row in tiny.rows("link")],
                deflator=[*tiny.rows("deflator"), replace(row, year=2017)],
                exchange_rate=[*tiny.rows("exchange_rate"), replace(tiny.rows("exchange_rate")[0], year=2017)],
            )
        )
    )


def test_what_a_box_uses_and_what_that_is_of_what_there_is(router):
    """All go by Charlie at such a scale: a box is 2 TEU, 20 t on a link and a lorry at the border."""
    laid = lay([OUT, replace(OUT, origin="golf")], lambda cargo: router, 1.0)
    used = [{key: each for key, each in of[0].items() if each > 1e-9} for of in (laid.uses, laid.tonnes, laid.lorries)]
    links = [("link", "road-ab"), ("link", "road-bc")]
    border, line = ("crossing", "bc-out"), ("service", "line-cd")
    ports = [("port", "charlie"), ("port", "delta")]
    assert used[0] == dict.fromkeys([*links, border, line, *ports, ("leg", "sail:line-cd:1")], 2)
    assert used[1:] == [dict.fromkeys(links, 20), {border: 1}]
    assert laid.days == (pytest.approx((156.5 + 196 / 48) / 24),)
    assert (laid.freight, laid.cut_off) == ((OUT,), (("golf", "delta", "dry_40"),))
    boxes = [np.array([100.0, 150.0])]
    asked = loads(laid, boxes, {})
    told = {key: (teu.tolist(), count.tolist(), most and (most.amount, most.unit))
            for key, (teu, count, most) in asked.items() if teu.any() and teu[0] > 1e-6}  # fmt: skip
    assert told == {
        **dict.fromkeys(links, ([200, 300], [2000, 3000], (500_000, "t"))),
        border: ([200, 300], [100, 150], (3 * 365, "lorries")),
        line: ([200, 300], [200, 300], (pytest.approx(342 * 2 * 365 / 7), "TEU")),
        **dict.fromkeys(ports, ([200, 300], [200, 300], None)),
    }
    assert loads(laid, boxes, {"line-cd": 50.0})["service", "line-cd"][2].amount == pytest.approx(100 * 365 / 7)


def test_nothing_to_lay_is_refused(router):
    with pytest.raises(BadValue, match="no goods of the demand have a route"):
        lay([replace(OUT, origin="golf")], lambda cargo: router, 1.0)
    with pytest.raises(BadValue, match="all amounts are 0"):
        lay([replace(OUT, boxes={2019: 0.0})], lambda cargo: router, 1.0)


def laid_of(router, freight, days, *uses):
    none = tuple({} for _ in freight)
    return LaidDemand(
        freight=freight, uses=uses or none, tonnes=none, lorries=none, days=days, cut_off=(), routers={"dry_40": router}
    )


def test_of_a_service_the_fullest_leg_counts(router):
    first = {("service", "line-cd"): 5.0, ("leg", "sail:line-cd:1"): 2.0}
    second = {("service", "line-cd"): 5.0, ("leg", "sail:line-cd:1"): 1.0, ("leg", "sail:line-cd:2"): 4.0}
    found = loads(laid_of(router, (OUT, OUT), (1, 1), first, second), [np.array([3.0, 1.0]), np.array([1.0, 2.0])], {})
    assert list(found) == [("service", "line-cd")]
    teu, counted, _ = found["service", "line-cd"]
    assert (teu.tolist(), counted.tolist()) == ([20, 15], [7, 8])


def test_empty_boxes_of_a_year_by_hand(router):
    """Ten boxes end at B and four at A, ten begin at A and four at C: six go back to A and four on to C."""
    freight = (
        Freight(origin="A", destination="B", cargo="dry_40", boxes={}),
        Freight(origin="C", destination="A", cargo="dry_40", boxes={}),
    )
    none = np.inf
    kind = Kind(
        name="FEU", teu=2.0, freight=(0, 1), nodes=("A", "B", "C"),
        usd=np.array([[none, 1, 1], [7, none, 9], [1, 1, none]]), days=np.array([[0.0, 1, 1], [2, 0, 4], [1, 1, 0]]),
    )  # fmt: skip
    terms = EmptyTerms(hire_usd_per_teu_day=0.5, turn_days=1.0)
    boxes = [np.array([0.0, 10.0]), np.array([0.0, 4.0])]
    found = turned(laid_of(router, freight, (3.0, 5.0)), [kind], boxes, 1, terms)
    assert [(one.origin, one.destination, one.boxes, one.usd_each, one.days) for one in found.moves] == [
        ("B", "A", 6, 7, 2), ("B", "C", 4, 9, 4)]  # fmt: skip
    told = [(one.node, one.laden_in, one.laden_out, one.empty_in, one.empty_out, one.left) for one in found.balances]
    assert told == [("A", 4, 10, 6, 0, 0), ("B", 10, 0, 0, 10, 0), ("C", 0, 4, 4, 0, 0)]
    assert found.reposition_usd == pytest.approx(6 * 7 + 4 * 9)
    box_days = 10 * (3 + 1) + 4 * (5 + 1) + 6 * 2 + 4 * 4
    assert found.hire_usd == pytest.approx(box_days * 2 * 0.5)
    assert found.fleet_teu == pytest.approx(box_days * 2 / 365)


def test_an_empty_box_goes_back_at_its_share_of_what_a_laden_one_pays(make_tiny):
    """By ship to Charlie and by road: 655 USD and 180.5 hours; no box ends at Alfa, so none leaves it."""

    def back(rows):
        for node, start, end, work in (
            ("delta", "origin", "port_out", "port_golf"),
            ("charlie", "port_in", "road", "port_charlie"),
            ("alfa", "road", "destination", "load_road"),
        ):
            rows.append({"terminal_id": f"{node}-{start}-{end}", "node_id": node, "from_state": start,
                         "to_state": end, "operation_id": work})  # fmt: skip

    def turns(rows):
        rows.append({"service_id": "line-cd", "call_sequence": 3, "node_id": "charlie"})

    made = make_tiny(terminal=back, service=lambda rows: rows[0].update(circular=1), service_call=turns)
    router = Router(impedance(made))
    (kind,) = kinds_of(laid_of(router, (OUT,), (1.0,)), EmptyTerms(empty_share=0.5))
    assert (kind.name, kind.teu, kind.freight, kind.nodes) == ("FEU", 2, (0,), ("alfa", "delta"))
    assert kind.usd.tolist() == [[np.inf, np.inf], [pytest.approx(655 / 2), np.inf]]
    assert kind.days.tolist() == [[0, 0], [pytest.approx(180.5 / 24), 0]]


def test_a_line_by_hand(router):
    """Twice 40 hours at sea and 12 in port are a round of 104; ships, fuel and dues are of 2017 and 2018."""
    found = service_of(router, "line-cd", [OUT, replace(OUT, origin="golf")], 2021, growth=0.1, scale_per_usd=1.0)
    account, liner = found.account, found.liner
    assert (account.days_at_sea, account.days_in_port, account.calls) == (80 / 24, 24 / 24, 2)
    fuel = 379 * 1.1 * (12 * 80 / 24 + 1.5)
    assert account.cost_usd == pytest.approx(4600 * 1.1 * 104 / 24 + fuel + 2 * 3000 * 1.1)
    assert liner.sailing_usd == account.cost_usd
    assert liner.most_sailings == pytest.approx(2 * 168 / 104), "one ship makes 1.6 sailings a week, and there are 2"
    assert liner.room_boxes == 171
    assert (found.pairs, found.left_out) == ((("alfa", "delta"),), (("golf", "delta"),))
    assert liner.boxes_per_week.tolist() == [pytest.approx(100 * 1.1**2 * 7 / 365)]
    assert liner.wait_usd.tolist() == [84 * 8.25]
    assert liner.fixed_usd.tolist() == [pytest.approx(846 + 8.25 * (156.5 + 196 / 48 - 42))]
    assert liner.other_usd.tolist() == [pytest.approx(1163 + 1 / 3 + 8.25 * 283)]
    assert liner.freight_usd.tolist() == [pytest.approx(300)]


def test_figures_that_are_given_take_the_place_of_a_ship_s_own(router):
    given = ShipFigures(ships=3, room_teu=100, charter_usd_per_day=1.0, fuel_usd_per_t=2.0, port_dues_usd_per_call=3.0)
    found = service_of(router, "line-cd", [OUT], 2019, figures=given, other_income_usd=7.0)
    assert found.account.cost_usd == pytest.approx(104 / 24 + 2 * (12 * 80 / 24 + 1.5) + 6)
    assert (found.liner.most_sailings, found.liner.room_boxes) == (pytest.approx(3 * 168 / 104), 50)
    assert found.liner.other_income_usd == 7
    with pytest.raises(BadValue, match="0 ships"):
        service_of(router, "line-cd", [OUT], 2019, figures=ShipFigures(ships=0))
    with pytest.raises(BadValue, match="no demand that Charlie - Delta could carry in 2019"):
        service_of(router, "line-cd", [replace(OUT, boxes={2019: 0.0})], 2019)


@pytest.mark.parametrize(("teu", "use", "rises"), [(2190.0, 1.5, True), (0.73, 1.501 / 3, True), (-5.0, 0.5, False)])
@pytest.mark.whole
def test_the_queue_of_a_border_by_hand(router, teu, use, rises):
    """Six hours of 8.25 USD, three lorries a day, half of them there anyhow; a box of 2 TEU is a lorry."""
    problem = Problem.of(router, [Demand("alfa", "delta", 100.0)], 0.002, {}, {"bc-out": 1.5})
    place = problem.crossings.index("bc-out")
    loads = np.zeros(len(problem.crossings))
    loads[place] = teu
    assert problem.ratio(loads)[place] == pytest.approx(use)
    assert problem.factors(loads)[place] == pytest.approx(1 + use**4)
    assert problem.extra_usd(loads)[place] == pytest.approx(6 * 8.25 * use**4)
    assert problem.slope(loads)[place] == pytest.approx(rises * 6 * 8.25 * 4 * use**3 / 3 / 2 / 365)


def test_a_pair_that_asks_for_nothing_is_laid_beside_the_others(router):
    """Nobody goes by Golf at such a scale; a hundred TEU a year are 50 lorries of the 1,095 that pass."""
    rows = [Demand("alfa", "delta", 0.0), Demand("golf", "delta", 5.0)]
    none, some = assign(router, rows, scale_per_usd=1.0), assign(router, [*rows, Demand("alfa", "delta", 100.0)])
    assert (none.by_gateway, none.residual, none.converged) == ({"charlie": 0}, 0, True)
    assert none.queue_factor["bc-out"] == 1
    assert some.by_gateway == {"charlie": pytest.approx(100)}
    assert some.queue_factor["bc-out"] == pytest.approx(1 + (50 / 365 / 3) ** 4)
    assert some.cut_off == (("golf", "delta"),)
    assert (some.by_link, some.by_port, some.by_service, some.by_gateway_service) == (
        {"road-ab": 100, "road-bc": 100}, {"charlie": 100}, {"line-cd": 100},
        {"charlie": {"line-cd": 100}})  # fmt: skip
    with pytest.raises(BadValue, match="TEU of 0 or more"):
        assign(router, [Demand("alfa", "delta", -1.0)])


@pytest.mark.parametrize(
    ("by", "road_ru", "ports"),
    [("generalised", 1, ["charlie"]), ("generalised", 200, ["golf", "charlie"]), ("co2", 1, ["golf"]),
     ("time", 200, ["charlie"])],
)  # fmt: skip
@pytest.mark.whole
def test_rivals_are_the_best_at_the_value_of_time_where_hours_are_dear_and_the_quickest(tiny, by, road_ru, ports):
    """Golf emits 270 kg and takes 283 hours, Charlie 780 and 160.6; none that is 1.6 times the best is looked at."""
    tariffs = [replace(row, per_km=road_ru) if row.tariff_id == "road_ru" else row for row in tiny.rows("tariff")]
    router = Router(impedance(tiny.with_rows(tariff=tariffs)), by=by)
    assert [router.gateway(arcs) for arcs in WideChoiceSets(router).between("alfa", "delta")] == ports
