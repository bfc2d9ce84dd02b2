"""The network that is computed on is held to the checks, at the place of the change that made it so."""

from types import SimpleNamespace as Row

import pytest

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.scenario.checked import _offer

LINK = "{link_id: new, name: New, from_node_id: %s, to_node_id: %s, mode: road, length_km: %s, speed_id: road, "
LINK += "tariff_id: road_cn, emission_factor_id: lorry, country: CN, geometry_id: none}"
ADD = "{add: link, row: " + LINK + "%s}"
BORDER = ("alfa", "charlie", 310)


def test_a_link_over_a_border_needs_crossings_and_the_border_that_is_there_is_offered(tiny, load, faults):
    ((line, _, message, hint),) = faults(load(ADD % (*BORDER, "")).apply, tiny)
    assert line == 4
    assert message == "link 'new' goes from CN to RU and has no crossing"
    assert "border_like: bc-out" in hint


def test_of_borders_by_the_same_mode_the_three_nearest_to_the_middle_of_the_link_are_offered():
    """The link's middle is at 128 E, 45 N, where a degree east is 78.85 km; the nearer end of a border counts."""

    def place(country, x):
        return Row(country=country, x_coord=x, y_coord=45.0)

    nodes = {"cn": place("CN", 126.0), "ru": place("RU", 130.0), "jp": place("JP", 128.0)}
    nodes |= {f"c{n}": place("CN", 128.0 + n) for n in range(-3, 5)} | {f"r{n}": place("RU", 140.0) for n in range(9)}
    rows = [
        Row(crossing_id=f"x{n}-{way}", link_id=f"x{n}", mode=mode, from_node_id=f"c{n}", to_node_id=other)
        for n, mode, other in ((4, "road", "r0"), (-3, "road", "r1"), (2, "road", "r2"), (1, "rail", "r3"),
                               (0, "road", "jp"), (-1, "road", "r4"))
        for way in ("out", "in")
    ]  # fmt: skip
    network = Row(nodes=nodes, active={"crossing": rows}.get)
    link = Row(mode="road")
    said = _offer(network, link, nodes["cn"], nodes["ru"])
    told, _, listed = said.partition("; nearest: ")
    assert told == "add a crossing for each direction, or copy the border that is there with border_like: x-1-out"
    assert listed == "x-1-out (79 km away), x2-out (158 km away), x-3-out (237 km away)"
    by_air = _offer(network, Row(mode="air"), nodes["cn"], nodes["ru"])
    assert by_air == "no border by air is open between them: add a crossing for each direction"


def test_a_border_copied_costs_and_takes_what_its_model_does(tiny, load):
    changed = load(ADD % (*BORDER, ", border_like: bc-out")).apply(tiny)
    rows = {row.crossing_id: row for row in changed.rows("crossing")}
    assert (rows["new-out"].from_node_id, rows["new-out"].to_node_id) == ("alfa", "charlie")
    assert (rows["new-in"].from_node_id, rows["new-in"].to_node_id) == ("charlie", "alfa")
    assert (rows["new-out"].opening_hours, rows["new-in"].opening_hours) == ("09:00-19:00", "24h")
    assert rows["new-out"].grade == "D"
    arcs = {arc.key: arc for arc in impedance(changed).arcs}
    own, model = (
        {(p.component, p.quantity): p.amount for p in arcs[f"crossing:{name}:road"].parts}
        for name in ("new-out", "bc-out")
    )
    assert own == model


def test_a_border_copied_may_be_the_other_way_named(tiny, load):
    one, other = (load(ADD % (*BORDER, f", border_like: {name}")).apply(tiny) for name in ("bc-out", "bc-in"))
    assert impedance(one).hours.sum() == pytest.approx(impedance(other).hours.sum())


def test_a_link_one_way_gets_one_crossing(tiny, load):
    row = LINK % BORDER
    changed = load("{add: link, row: " + row.replace("mode: road", "mode: road, directed: 1") + ", border_like: bc-in}")
    assert [r.crossing_id for r in changed.apply(tiny).rows("crossing")] == ["bc-out", "bc-in", "new-out"]


def test_a_border_can_be_added_by_hand(tiny, load):
    crossing = (
        "{add: crossing, row: {crossing_id: new-%s, name: x, link_id: new, from_node_id: %s, to_node_id: %s,"
        " mode: road, direction: %s, operation_id: border, opening_hours: 24h}}"
    )
    ways = (crossing % ("out", "alfa", "charlie", "out"), crossing % ("in", "charlie", "alfa", "in"))
    changed = load(ADD % (*BORDER, ""), *ways).apply(tiny)
    route = cn.Router(impedance(changed)).route("alfa", "delta")
    assert route.crossings == ("new-out",)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("bc-outt", "unknown crossing 'bc-outt'"),
        ("road-bc", "unknown crossing 'road-bc'"),
    ],
)
def test_a_border_that_is_not_there_cannot_be_copied(tiny, load, faults, model, message):
    assert faults(load(ADD % (*BORDER, f", border_like: {model}")).apply, tiny)[0][2] == message


def test_a_border_of_other_countries_or_another_mode_cannot_be_copied(net2019, load, faults):
    row = "{link_id: new, name: N, from_node_id: suifenhe, to_node_id: %s, mode: road, length_km: 900, "
    row += "speed_id: road_cn, tariff_id: road_cn, emission_factor_id: road_heavy, country: CN}"
    change = "{add: link, row: " + row + ", border_like: %s}"
    assert (
        "by rail, link 'new'"
        in faults(load(change % ("ussuriysk", "suifenhe-grodekovo-rail-out")).apply, net2019)[0][2]
    )
    message = faults(load(change % ("rajin", "suifenhe-pogranichny-road-out")).apply, net2019)[0][2]
    assert message == (
        "crossing 'suifenhe-pogranichny-road-out' is between CN and RU by road, link 'new' between CN and KP by road"
    )
    assert "has no border" in faults(load(change % ("harbin", "suifenhe-pogranichny-road-out")).apply, net2019)[0][2]


def test_a_border_that_is_closed_cannot_be_copied(make_tiny, load, faults):
    closed = make_tiny(crossing=lambda rows: [row.update(valid_to="2015-12-31") for row in rows] and None)
    assert "is not open on 2019-07-01" in faults(load(ADD % (*BORDER, ", border_like: bc-out")).apply, closed)[0][2]


def test_no_fees_are_saved_by_drawing_past_the_border(net2019, load, faults):
    # Hunchun to Zarubino, 90 km by road: without a crossing the border would cost nothing
    change = (
        "{add: link, row: {link_id: new, name: N, from_node_id: hunchun, to_node_id: zarubino, mode: road,"
        " length_km: 90, speed_id: road_cn, tariff_id: road_cn, emission_factor_id: road_heavy, country: CN}%s}"
    )
    ((_, _, _, hint),) = faults(load(change % "").apply, net2019)
    assert "border_like: hunchun-kraskino-road-out" in hint
    changed = load(change % ", border_like: hunchun-kraskino-road-out").apply(net2019)

    def fee(network):
        route = cn.Router(impedance(network)).route("hunchun", "zarubino")
        return route.component("cost_usd")["border_fee"]

    assert fee(changed) == pytest.approx(fee(net2019))


@pytest.mark.whole
@pytest.mark.parametrize(
    ("old", "new", "message", "key"),
    [
        ("length_km: 400", "length_km: 100", "the straight line", "100"),
        ("mode: road", "mode: rail", "is a railway without a gauge", "{link_id"),
        ("tariff_id: road_cn", "tariff_id: sea", "is of mode road, its tariff 'sea' of sea", "sea"),
        ("speed_id: road", "speed_id: ship", "is of mode road, its speed 'ship' of sea", "ship"),
        ("emission_factor_id: lorry", "emission_factor_id: ship", "emission_factor_id 'ship' is of sea", "ship"),
    ],
)
def test_an_added_link_that_cannot_be(tiny, load, faults, old, new, message, key):
    change = ADD % ("alfa", "golf", 400, "")
    assert old in change
    found = faults(load(change.replace(old, new)).apply, tiny)
    (fault,) = [f for f in found if message in f[2]]
    assert fault[0] == 4
    line = f"  - {change.replace(old, new)}"
    assert line[fault[1] - 1 :].startswith(key)


SERVICE = (
    "{add: service, row: {service_id: new, name: N, vehicle: container_ship, sailings_per_week: 7, circular: 0,"
    " speed_id: ship, port_stay_hours: 12, tariff_id: sea, emission_factor_id: ship}, calls: [%s]}"
)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("calls", "message"),
    [
        ("{node: charlie, departure_hours: 240}, {node: delta, arrival_hours: 16}", "at hour 16 after hour 240"),
        ("{node: charlie, arrival_hours: 9, departure_hours: 4}, {node: delta}", "at hour 4 after hour 9"),
        ("{node: charlie, departure_hours: 5}, {node: delta, arrival_hours: 5}", "at hour 5 after hour 5"),
        (
            "{node: charlie, departure_hours: 0}, {node: delta}, {node: charlie, arrival_hours: 0}",
            "at hour 0 after hour 0",
        ),
        ("{node: charlie, departure_hours: 0}, {node: delta, arrival_hours: 2}", "goes 1000 km to delta in 2 h"),
    ],
)
def test_a_ship_arrives_after_it_leaves(tiny, load, faults, calls, message):
    found = faults(load(SERVICE % calls).apply, tiny)
    assert message in found[0][2]
    assert found[0][0] == 4


def test_a_ship_with_a_timetable_that_can_be(tiny, load):
    calls = (
        "{node: charlie, arrival_hours: 0, departure_hours: 0}, {node: delta, arrival_hours: 40, departure_hours: 52}"
    )
    load(SERVICE % calls).apply(tiny)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("{set: link, where: {link_id: road-ab}, field: speed_kmh, value: 4000}",
         "speed_kmh would be 4000: must be 1200 or less"),
        ("{scale: link, where: {mode: road}, field: speed_kmh, by: 100}",
         "road-ab and 1 more speed_kmh would be 6000: must be 1200 or less"),
        ("{shift: speed, where: {speed_id: rail}, field: speed_kmh, by: 900}", "speed 'rail' is 920 km/h"),
        ("{scale: service, where: {service_id: line-cd}, field: sailings_per_week, by: 1000}", "must be 100 or less"),
        ("{scale: link, where: {link_id: road-ab}, field: length_km, by: 100}", "length_km would be 30000"),
        ("{scale: tariff, where: {tariff_id: sea}, field: fixed, by: 1.0e+9}", "must be 1,000,000,000 or less"),
        ("{set: service, where: {service_id: '*'}, field: port_stay_hours, value: 1.0e+11}", "must be 8,784 or less"),
        ("{scale: terminal, where: {node_id: delta}, component: procedures, field: hours, by: 1000}",
         "must be 8,784 or less"),
        ("{set: link, where: {link_id: road-ab}, field: length_km, value: 200}", "the straight line"),
        ("{set: link, where: {link_id: road-ab}, field: tariff_id, value: sea}",
         "is of mode road, its tariff 'sea' of sea"),
        ("{set: link, where: {link_id: rail-ag}, field: mode, value: road}", "has a gauge and is no railway"),
        ("{set: link, where: {link_id: road-ab}, field: to_node_id, value: charlie}",
         "goes from CN to RU and has no crossing"),
        ("{set: crossing, where: {crossing_id: bc-out}, field: from_node_id, value: alfa}",
         "does not lie on its link 'road-bc'"),
        ("{set: link, where: {link_id: road-bc}, field: directed, value: 2}", "must be one of 0, 1"),
    ],
)  # fmt: skip
def test_a_change_that_makes_what_cannot_be(tiny, load, faults, change, message):
    found = faults(load(change).apply, tiny)
    assert message in found[0][2]
    assert found[0][0] == 4


def test_a_range_that_no_longer_holds_its_value(make_tiny, load, faults):
    tiny = make_tiny(speed=lambda rows: rows[0].update(valid_from="2000-01-01"))
    change = "{set: speed, where: {speed_id: road}, field: speed_kmh_low, value: 70}"
    assert "outside its range" in faults(load(change).apply, tiny)[0][2]


def test_what_was_wrong_before_is_not_laid_to_a_change(tiny, load, make_tiny):
    # the lane's data may be wrong: a change of something else does not report it as its own
    short = make_tiny(link=lambda rows: rows[0].update(length_km=10))
    load("{set: link, where: {link_id: road-ab}, field: speed_kmh, value: 70}").apply(short)


def test_the_shipped_scenarios_break_nothing(shipped, study):
    for day in ("2016-07-01", "2019-07-01", "2026-07-01"):
        for scenario in study.scenarios:
            scenario.apply(shipped.as_of(day))


PAST = (
    "{add: link, row: {link_id: new, name: New, from_node_id: suifenhe, to_node_id: ussuriysk, mode: road,"
    " length_km: 140, speed_id: road_cn, tariff_id: road_cn, emission_factor_id: road_heavy, country: CN}}"
)


@pytest.mark.parametrize("command", [("check",), ("run",), ("route", "harbin", "niigata", "-s"),
                                     ("compare", "harbin", "niigata", "-s"), ("export", "-s")])  # fmt: skip
def test_every_command_refuses_it(cli, write_yaml, tmp_path, command):
    path = write_yaml("x", f"scenario: x\ntitle: x\nchanges:\n  - {PAST}\n")
    out = ["--out", tmp_path / "out"] if command[0] in ("run", "export") else []
    done = cli(*command, path, *out)
    assert done.code == 2
    assert f"{path}:4:" in done.err
    assert "border_like: " in done.err
    assert not (tmp_path / "out").exists()


def test_a_speed_of_another_mode_is_told_once(net2019, load, faults):
    change = "{set: link, where: {link_id: road-harbin-changchun}, field: speed_id, value: rail_cn}"
    (fault,) = faults(load(change).apply, net2019)
    assert "is of mode road, its speed 'rail_cn' of rail" in fault[2]


def test_a_speed_that_nothing_else_uses_is_of_no_other_mode(make_tiny, load):
    def slow(rows):
        rows.append(rows[0] | {"speed_id": "slow", "speed_kmh": 40, "speed_kmh_low": 30})

    change = (
        "{add: link, row: {link_id: n, name: N, from_node_id: alfa, to_node_id: golf, mode: road, length_km: 500, "
        "speed_id: slow, tariff_id: road_cn, emission_factor_id: lorry, country: CN, geometry_id: none}}"
    )
    made = load(change).apply(make_tiny(speed=slow))
    assert next(row.speed_id for row in made.rows("link") if row.link_id == "n") == "slow"
