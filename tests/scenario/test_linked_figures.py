"""What belongs to one thing moves together: the timetable with the speed, the range with the figure."""

import pytest

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.network.rows import ServiceCall
from corridor_net.scenario.retime import _last, _shortened


def speed(network, link="road-ab"):
    name = next(row.speed_id for row in network.rows("link") if row.link_id == link)
    return next(row for row in network.active("speed") if row.speed_id == name)


def scheduled(network, key):
    compiled = impedance(network)
    (number,) = [n for n, arc in enumerate(compiled.arcs) if arc.key == key]
    return compiled.total_hours(schedule=True)[number]


@pytest.mark.whole
@pytest.mark.parametrize(
    ("change", "ratio"),
    [
        ("{set: link, where: {link_id: road-ab}, field: speed_kmh, value: 90}", 1.5),
        ("{scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 1.5}", 1.5),
        ("{shift: link, where: {link_id: road-ab}, field: speed_kmh, by: -15}", 0.75),
        ("{scale: speed, where: {speed_id: road}, field: speed_kmh, by: 1.5}", 1.5),
    ],
)
def test_a_faster_road_is_faster_by_the_timetable_too(tiny, load, change, ratio):
    changed = load(change).apply(tiny)
    assert speed(changed).schedule_kmh == pytest.approx(75 * ratio)
    key = "link:road-ab:alfa:road"
    assert scheduled(changed, key) == pytest.approx(scheduled(tiny, key) / ratio)


def test_the_shipped_line_is_faster_by_its_timetable(shipped):
    """Before the upgrade was built, at the end of 2018."""
    key, net = "link:rail-harbin-mudanjiang:harbin:rail_1435", shipped.as_of("2016-07-01")
    changed = cn.load_scenario("harbin-mudanjiang").apply(net)
    assert scheduled(changed, key) == pytest.approx(scheduled(net, key) * 14 / 20.8)


SPEED = "{scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 1.2}"
TIMETABLE = "{set: link, where: {link_id: road-ab}, field: schedule_kmh, value: 80}"


@pytest.mark.parametrize("changes", [(SPEED, TIMETABLE), (TIMETABLE, SPEED)])
def test_a_timetable_that_is_set_stays_as_set_in_either_order(tiny, load, changes):
    changed = speed(load(*changes).apply(tiny))
    assert (changed.speed_kmh, changed.schedule_kmh) == (pytest.approx(72), 80)


def test_the_range_of_sailings_follows(make_tiny, load):
    tiny = make_tiny(service=lambda rows: rows[0].update(sailings_low=1, sailings_high=3))
    changed = load("{set: service, where: {service_id: line-cd}, field: sailings_per_week, value: 6}").apply(tiny)
    row = next(row for row in changed.rows("service") if row.service_id == "line-cd")
    assert (row.sailings_low, row.sailings_high) == (3, 9)


def test_the_range_of_an_operation_follows(make_tiny, load):
    def ranged(rows):
        next(r for r in rows if r["component"] == "queue").update(value_low=3, value_high=24)

    change = "{set: crossing, where: {crossing_id: bc-out}, component: queue, field: hours, value: 2}"
    changed = load(change).apply(make_tiny(operation=ranged))
    (row,) = [r for r in changed.rows("operation") if "~" in r.operation_id and r.component == "queue"]
    assert (row.value_low, row.value_high) == (1, 8)


def test_a_range_round_nothing_is_dropped(make_tiny, load):
    def ranged(rows):
        next(r for r in rows if r["component"] == "queue").update(value=0, value_low=0, value_high=1)

    change = "{set: crossing, where: {crossing_id: bc-out}, component: queue, field: hours, value: 5}"
    changed = load(change).apply(make_tiny(operation=ranged))
    (row,) = [r for r in changed.rows("operation") if "~" in r.operation_id and r.component == "queue"]
    assert (row.value, row.value_low, row.value_high) == (5, None, None)


def test_the_range_of_a_tariff_is_a_factor_and_stays(make_tiny, load):
    tiny = make_tiny(tariff=lambda rows: rows[0].update(range_low=0.8, range_high=1.3))
    changed = load("{scale: link, where: {link_id: road-ab}, field: per_km, by: 2}").apply(tiny)
    (row,) = [r for r in changed.rows("tariff") if "~" in r.tariff_id]
    assert (row.range_low, row.range_high) == (0.8, 1.3)


@pytest.fixture
def timed(make_tiny):
    """The tiny network whose line from Charlie has a timetable: 40 h out, 12 in port, 40 h back."""

    def calls(rows):
        rows[0].update(arrival_hours=0, departure_hours=12)
        rows[1].update(arrival_hours=52, departure_hours=64)
        rows.insert(2, {"service_id": "line-cd", "call_sequence": 3, "node_id": "charlie", "arrival_hours": 104})

    return make_tiny(service_call=calls, service=lambda rows: rows[0].update(circular=1))


def times(network, service="line-cd"):
    return [(call.arrival_hours, call.departure_hours) for call in network.calls[service]]


def test_a_faster_ship_shortens_its_timetable_under_way_and_not_in_port(timed, load):
    change = "{scale: service, where: {service_id: line-cd}, field: speed_kmh, by: 2}"
    changed = load(change).apply(timed)
    assert times(changed) == [(0, 12), (32, 44), (64, None)]
    before, after = (
        cn.Router(impedance(network)).route("alfa", "delta", via=["charlie"]).component("hours")["sailing"]
        for network in (timed, changed)
    )
    assert after == pytest.approx(before / 2)


def test_a_faster_kind_of_ship_shortens_the_timetables_of_all_its_lines(timed, load):
    changed = load("{scale: speed, where: {speed_id: ship}, field: speed_kmh, by: 2}").apply(timed)
    assert times(changed) == [(0, 12), (32, 44), (64, None)]
    assert times(changed, "line-gd") == [(None, None), (None, None)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([(None, 0), (None, 52)], [(None, 0), (None, 32)]),  # 12 h in port belong to the 52
        ([(0, None), (52, None)], [(0, None), (32, None)]),
        ([(5, 5), (None, None)], [(5, 5), (None, None)]),
    ],
)
def test_timetables_that_give_one_time_a_call(make_tiny, load, given, expected):
    def calls(rows):
        for row, (arrival, departure) in zip(rows, given, strict=False):
            row.update({k: v for k, v in (("arrival_hours", arrival), ("departure_hours", departure)) if v is not None})

    changed = load("{scale: service, where: {service_id: line-cd}, field: speed_kmh, by: 2}").apply(
        make_tiny(service_call=calls)
    )
    assert times(changed) == expected


@pytest.mark.whole
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # both times of a call: the 12 h between them stay, the 40 on either side are halved
        ([(None, 0), (40, 52), (92, None)], [(None, 0), (20, 32), (52, None)]),
        # arrivals alone: of the 52 h to the next, 12 in port stay and 40 are halved
        ([(0, None), (52, None), (104, None)], [(0, None), (32, None), (64, None)]),
        # departures alone: the same
        ([(None, 0), (None, 52), (None, 104)], [(None, 0), (None, 32), (None, 64)]),
        # from an arrival to the departure two calls on a ship lies in port twice
        ([(None, 0), (40, None), (None, 104)], [(None, 0), (20, None), (None, 64)]),
        # from a departure to the next arrival it does not lie in port at all
        ([(None, 0), (None, 52), (92, None)], [(None, 0), (None, 32), (52, None)]),
        # where there are fewer hours than a stay all of them are of the port
        ([(None, 0), (None, 8), (None, 40)], [(None, 0), (None, 8), (None, 30)]),
        # a timetable may begin late, and calls without hours are as they were
        ([(5, 7), (None, None), (27, 30)], [(5, 7), (None, None), (17, 20)]),
        ([(None, None), (10, None), (32, None)], [(None, None), (10, None), (27, None)]),
    ],
)
def test_hours_under_way_are_halved_at_twice_the_speed_and_those_in_port_stay(given, expected):
    calls = [
        ServiceCall(service_id="s", call_sequence=n, node_id="n", source_id="S", grade="B",
                    arrival_hours=arrival, departure_hours=departure)
        for n, (arrival, departure) in enumerate(given, 1)
    ]  # fmt: skip
    made = [(call.arrival_hours, call.departure_hours) for call in _shortened(calls, 2.0, 12.0)]
    assert made == expected
    assert [(c.arrival_hours, c.departure_hours) for c in _shortened(calls, 1.0, 12.0)] == given
    assert _last(calls) == max(hour for call in given for hour in call if hour is not None)
