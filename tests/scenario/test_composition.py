"""Scenarios together: different figures in any order, one figure in a stated order, one name for one scenario."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.errors import CorridorError, ScenarioError
from corridor_net.figure_keys import original_id
from corridor_net.scenario import combine, distinct, load_study, on_day, study_of
from corridor_net.scenario.compose import scenario_from
from corridor_net.scenario.model import ScenarioFile

LAW = settings(deadline=None, derandomize=True, max_examples=25)
UPGRADES = ("suifenhe-faster", "primorye-1", "primorye-2", "rajin-khasan", "vanino", "harbin-mudanjiang")


def scenario(name, *changes, **keys):
    file = ScenarioFile.model_validate({"scenario": name, "title": name, "changes": list(changes), **keys})
    return scenario_from(file, lambda *_, **__: None)


def numbers(network):
    """Money, hours, hours by the timetable and CO2 of every arc, by its key; but for rounding."""
    compiled = impedance(network)
    columns = (compiled.money.sum(axis=1), compiled.hours.sum(axis=1), compiled.total_hours(schedule=True))
    rows = zip(*columns, compiled.co2_kg, strict=True)
    return {arc.key: tuple(f"{value:.9g}" for value in row) for arc, row in zip(compiled.arcs, rows, strict=True)}


def both_orders(network, one, other):
    """What two scenarios give in either order: numbers, or that they are refused."""
    found = []
    for pair in ((one, other), (other, one)):
        try:
            found.append(numbers(combine(pair).apply(network)))
        except CorridorError:
            found.append("refused")
    return found


TERMINAL = {"scale": "terminal", "where": {"node_id": "zarubino", "to_state": "port_out"}, "component": "dwell",
            "field": "hours", "by": 0.5}  # fmt: skip
QUEUE = {"scale": "crossing", "where": {"crossing_id": "suifenhe-grodekovo-rail-*"}, "component": "queue",
         "field": "hours", "by": 0.5}  # fmt: skip


def test_a_port_that_is_faster_beside_a_scenario_that_names_its_operation(net2019):
    # the first gives the terminals figures of their own, the second selects them by the operation they had
    one, other = both_orders(net2019, scenario("faster", TERMINAL), cn.load_scenario("primorye-2"))
    assert one == other
    assert isinstance(one, dict)


def a_change():
    """A small change of some figure of the shipped network."""
    factor = st.sampled_from([0.5, 0.8, 1.25])
    crossing = st.sampled_from(["suifenhe-grodekovo-rail-*", "suifenhe-pogranichny-road-*", "hunchun-*"])
    crossing = st.fixed_dictionaries({"crossing_id": crossing})
    node = st.sampled_from(["zarubino", "vladivostok", "suifenhe", "grodekovo", "mudanjiang", "vanino", "dalian"])
    links = st.sampled_from([{"mode": "rail"}, {"country": "RU"}, {"speed_id": "rail_cn"}, {"corridor": "primorye-1"}])
    rail_cn = {"set": "tariff", "where": {"tariff_id": "rail_cn"}, "field": "fixed", "value": 100, "cargo_unit": "FEU"}
    return st.one_of(
        st.builds(
            lambda where, component, by: {
                "scale": "crossing", "where": where, "component": component, "field": "hours", "by": by
            },
            crossing, st.sampled_from(["queue", "procedures"]), factor,
        ),
        st.builds(
            lambda node, component, by: {
                "scale": "terminal", "where": {"node_id": node}, "component": component, "field": "hours", "by": by
            },
            node, st.sampled_from(["handling", "wait", "dwell"]), factor,
        ),
        st.builds(
            lambda where, field: {"scale": "link", "where": where, "field": field, "by": 1.25},
            links, st.sampled_from(["speed_kmh", "per_km", "length_km"]),
        ),
        st.builds(
            lambda where, field, by: {"scale": "tariff", "where": where, "field": field, "by": by},
            st.sampled_from([{"mode": "rail"}, {"tariff_id": "sea_ru_jp"}]),
            st.sampled_from(["fixed", "per_km"]), factor,
        ),
        st.builds(
            lambda field, by: {"scale": "service", "where": {"service_id": "*"}, "field": field, "by": by},
            st.sampled_from(["sailings_per_week", "port_stay_hours", "fixed"]), factor,
        ),
        st.builds(
            lambda where, hours: {"set": "crossing", "where": where, "field": "opening_hours", "value": hours},
            crossing, st.sampled_from(["24h", "08:00-20:00"]),
        ),
        st.builds(lambda where: {"close": "crossing", "where": where}, crossing),
        st.just({"set": "link", "where": {"mode": "rail"}, "field": "corridor", "value": "elsewhere"}),
        st.just(rail_cn),
        st.just({**rail_cn, "field": "per_km", "value": 0.5, "currency": "USD", "price_year": 2019}),
        st.just({"close": "service", "where": {"service_id": "busan-*"}}),
    )  # fmt: skip


@LAW
@given(st.sampled_from(UPGRADES), a_change())
def test_a_shipped_scenario_and_a_small_change_give_the_same_in_either_order_or_are_refused_in_both(
    net2019, name, change
):
    one, other = both_orders(net2019, cn.load_scenario(name), scenario("mine", {**change, "optional": True}))
    assert one == other


@LAW
@given(a_change(), a_change())
def test_two_small_changes_give_the_same_in_either_order_or_are_refused_in_both(net2019, here, there):
    one, other = both_orders(
        net2019, scenario("one", {**here, "optional": True}), scenario("two", {**there, "optional": True})
    )
    assert one == other


def test_the_shipped_scenarios_give_the_same_in_any_order(net2019):
    loaded = [cn.load_scenario(name) for name in UPGRADES]
    first = numbers(combine(loaded).apply(net2019))
    for order in (loaded[::-1], loaded[3:] + loaded[:3]):
        assert numbers(combine(order).apply(net2019)) == first


@pytest.mark.parametrize(
    ("here", "there", "agree"),
    [
        ({"by": 0.5}, {"by": 0.4}, True),
        ({"by": 0.5, "was": 20.5}, {"by": 0.4, "was": 20.5}, True),
        ({"set": 8, "was": 20.5}, {"set": 8, "was": 20.5}, True),
        ({"set": 8}, {"set": 9}, False),
        ({"set": 8}, {"by": 0.5}, False),
        ({"shift": 3}, {"shift": -2}, True),
        ({"shift": 3}, {"by": 2}, False),
    ],
)
def test_two_changes_of_one_figure(net2019, here, there, agree):
    def change(what):
        base = {key: value for key, value in QUEUE.items() if key not in ("scale", "by")}
        if "set" in what:
            return {**base, "set": "crossing", "value": what["set"], **({"was": what["was"]} if "was" in what else {})}
        if "shift" in what:
            return {**base, "shift": "crossing", "by": what["shift"]}
        return {**base, "scale": "crossing", **what}

    one, other = scenario("one", change(here)), scenario("two", change(there))
    found = both_orders(net2019, one, other)
    assert found[0] == found[1]
    assert isinstance(found[0], dict) is agree
    if not agree:
        with pytest.raises(ScenarioError, match=r"their order would decide: 'one' .*, 'two'") as caught:
            combine([one, other]).apply(net2019)
        assert "extends: [one]" in caught.value.hint


def test_an_order_that_is_stated_is_kept(write_yaml, net2019):
    change = (
        "  - {%s: crossing, where: {crossing_id: suifenhe-grodekovo-rail-out}, component: queue, field: hours, %s}\n"
    )
    write_yaml("first", "scenario: first\ntitle: x\nchanges:\n" + change % ("set", "value: 8"))
    for name, word in (("extending", "extends"), ("requiring", "requires")):
        text = f"scenario: {name}\ntitle: x\n{word}: first\nchanges:\n"
        write_yaml(name, text + change % ("scale", "by: 0.5, was: 8"))
    first, extending, requiring = (
        cn.load_scenario(write_yaml("x", "").with_name(f"{n}.yaml")) for n in ("first", "extending", "requiring")
    )
    wanted = [
        ("suifenhe-grodekovo-rail-out", "queue hours", 20.5, 8),
        ("suifenhe-grodekovo-rail-out", "queue hours", 8, 4),
    ]
    for chosen in ([extending], [first, extending], [extending, first], [first, requiring], [requiring, first]):
        assert combine(chosen).diff(net2019) == wanted


def test_closing_and_opening_one_thing_is_refused(net2019):
    shut = scenario("shut", {"close": "crossing", "where": {"crossing_id": "suifenhe-*"}})
    free = scenario("free", {"open": "crossing", "where": {"crossing_id": "suifenhe-*"}, "optional": True})
    assert both_orders(net2019, shut, free) == ["refused", "refused"]
    again = scenario("again", {"close": "crossing", "where": {"crossing_id": "suifenhe-*"}})
    one, other = both_orders(net2019, shut, again)
    assert one == other != {}


def test_another_speed_and_a_scaled_speed_of_one_link_are_refused(net2019):
    link = {"link_id": "rail-harbin-mudanjiang"}
    pointed = scenario("pointed", {"set": "link", "where": link, "field": "speed_id", "value": "rail_ru_main"})
    scaled = scenario("scaled", {"scale": "link", "where": link, "field": "speed_kmh", "by": 2})
    assert both_orders(net2019, pointed, scaled) == ["refused", "refused"]


def test_a_border_copied_and_the_border_changed(net2019):
    row = {"link_id": "new", "name": "n", "from_node_id": "suifenhe", "to_node_id": "ussuriysk", "mode": "road",
           "length_km": 140, "speed_id": "road_cn", "tariff_id": "road_cn", "emission_factor_id": "road_heavy",
           "country": "CN"}  # fmt: skip
    copied = scenario("copied", {"add": "link", "row": row, "border_like": "suifenhe-pogranichny-road-out"})
    found = both_orders(net2019, copied, cn.load_scenario("suifenhe-faster"))
    assert found[0] == found[1]
    other = scenario("other", {**QUEUE, "where": {"crossing_id": "hunchun-makhalino-rail-*"}})
    one, two = both_orders(net2019, copied, other)
    assert one == two
    assert isinstance(one, dict)


def test_what_another_scenario_adds_is_not_swept_along(net2019):
    doubled = scenario(
        "doubled", {"scale": "service", "where": {"service_id": "*"}, "field": "sailings_per_week", "by": 2}
    )
    for pair in itertools.permutations((doubled, cn.load_scenario("primorye-2"))):
        rows = {row.service_id: row for row in combine(pair).apply(net2019).active("service")}
        assert rows["zarubino-niigata-weekly"].sailings_per_week == 1
        for before in net2019.active("service"):
            assert rows[before.service_id].sailings_per_week == 2 * before.sailings_per_week


def test_what_another_scenario_adds_is_changed_by_its_id_or_by_one_that_requires_it(net2019):
    new = {"service_id": "zarubino-niigata-weekly"}
    change = {"scale": "service", "field": "sailings_per_week", "by": 2}
    primorye = cn.load_scenario("primorye-2")
    named, wild = (
        scenario("named", {**change, "where": new}),
        {"where": {"service_id": "zarubino-niigata-w*"}, **change},
    )
    for chosen in ([primorye, named], [scenario("wild", wild, requires=["primorye-2"]), primorye]):
        rows = {row.service_id: row for row in combine(chosen).apply(net2019).rows("service")}
        assert rows["zarubino-niigata-weekly"].sailings_per_week == 2
    with pytest.raises(ScenarioError, match="no row of table service matches") as caught:
        combine([primorye, scenario("wild", wild)]).apply(net2019)
    assert caught.value.hint == "scenario 'primorye-2' adds such a row: let this one extend or require it"


def test_a_selector_does_not_see_what_another_scenario_wrote(net2019):
    marked = scenario(
        "marked", {"set": "link", "where": {"country": "CN", "mode": "rail"}, "field": "corridor", "value": "z"}
    )
    by_corridor = {"scale": "link", "where": {"corridor": "primorye-1"}, "field": "length_km", "by": 1.1}
    one, other = both_orders(net2019, marked, scenario("longer", by_corridor))
    assert one == other


def test_a_figure_of_its_own_is_found_by_its_id_in_the_data(net2019):
    first = {"scale": "link", "where": {"link_id": "rail-harbin-changchun"}, "field": "speed_kmh", "by": 1.5}
    second = {"scale": "speed", "where": {"speed_id": "rail_cn"}, "field": "speed_kmh", "by": 2}
    one, other = both_orders(net2019, scenario("one", first), scenario("two", second))
    assert one == other
    changed = combine([scenario("one", first), scenario("two", second)]).apply(net2019)
    speeds = {row.speed_id: row.speed_kmh for row in changed.active("speed") if original_id(row.speed_id) == "rail_cn"}
    assert speeds == {"rail_cn": 28, "rail_cn~one~1": 42}


def test_money_in_another_currency_beside_a_rate_in_that_of_the_data(net2019):
    where = {"tariff_id": "rail_cn"}
    dollars = {"set": "tariff", "where": where, "field": "per_km", "value": 0.5, "cargo_unit": "FEU", "currency": "USD",
               "price_year": 2019}  # fmt: skip
    yuan = {"set": "tariff", "where": where, "field": "fixed", "value": 700, "was": 532, "cargo_unit": "FEU"}
    one, other = both_orders(net2019, scenario("one", dollars), scenario("two", yuan))
    assert one == other
    assert isinstance(one, dict)


# names


@pytest.fixture
def same_name(write_yaml):
    """Two files of one scenario name, with different changes."""
    change = "changes:\n  - {{scale: link, where: {{mode: rail}}, field: length_km, by: {0}}}\n"
    head = "scenario: mine\ntitle: x\n"
    return [write_yaml(name, head + change.format(by)) for name, by in (("a", 1.1), ("b", 1.2))]


def test_two_files_of_one_name_are_refused_wherever_they_meet(cli, same_name, write_yaml):
    one, other = same_name
    with pytest.raises(ScenarioError, match="two different scenarios are named 'mine'"):
        combine([cn.load_scenario(one), cn.load_scenario(other)])
    with pytest.raises(ScenarioError, match="named 'mine'"):
        study_of([str(one), str(other)])
    study = write_yaml("s", "study: s\ntitle: x\nbaselines: [baseline-2019]\nscenarios: [a.yaml, b.yaml]\n")
    with pytest.raises(ScenarioError, match="named 'mine'") as caught:
        load_study(study)
    assert caught.value.place.line == 4
    both = write_yaml("both", "scenario: both\ntitle: x\nextends: [a.yaml, b.yaml]\n")
    with pytest.raises(ScenarioError, match="named 'mine'") as caught:
        cn.load_scenario(both)
    assert caught.value.place.line == 3
    for command in (("route", "harbin", "niigata"), ("compare", "harbin", "niigata"), ("explain", "harbin", "niigata")):
        done = cli(*command, "-s", one, "-s", other)
        assert done.code == 2
        assert "two different scenarios are named 'mine'" in done.err


def test_the_same_file_twice_counts_once(net2019, same_name):
    one = cn.load_scenario(same_name[0])
    again = cn.load_scenario(same_name[0])
    assert combine([one, again]).name == "mine"
    assert combine([one, again]).diff(net2019) == one.diff(net2019)
    assert distinct([one, again]) == (one,)
    assert [s.name for s in study_of([str(same_name[0])] * 2).scenarios] == ["mine"]


def test_a_scenario_cannot_extend_one_of_its_own_name():
    base = cn.load_scenario("vanino")
    file = ScenarioFile(scenario="vanino", title="mine", extends=["vanino"])
    with pytest.raises(ScenarioError, match="of its own name"):
        scenario_from(file, lambda *_, **__: None, [base])


# days


def test_the_day_that_is_given_comes_before_that_of_a_scenario_and_its_name_says_so(shipped, cli):
    import json

    loaded = cn.load_scenario("baseline-2016")
    network, (seen,) = on_day(shipped, [loaded], "2019-07-01")
    assert (str(network.day), seen.name) == ("2019-07-01", "baseline-2016 as of 2019-07-01")
    assert on_day(shipped, [loaded], None)[1][0].name == "baseline-2016"
    assert str(on_day(shipped, [loaded], None)[0].day) == "2016-07-01"
    answer = json.loads(cli("route", "harbin", "niigata", "-s", "baseline-2016", "--as-of", "2019-07-01", "--json").out)
    assert (answer["as_of"], answer["scenario"]) == ("2019-07-01", "baseline-2016 as of 2019-07-01")
    model = cn.load(as_of="2019-07-01", scenarios=["baseline-2016"])
    assert (str(model.network.day), model.scenario.name) == ("2019-07-01", "baseline-2016 as of 2019-07-01")


@pytest.mark.parametrize("command", [("route", "harbin", "niigata"), ("compare", "harbin", "niigata"),
                                     ("explain", "harbin", "niigata")])  # fmt: skip
def test_scenarios_of_two_days_are_refused_in_one_way(cli, command):
    done = cli(*command, "-s", "baseline-2016", "-s", "baseline-2019")
    assert done.code == 2
    assert "the scenarios are for different days: 2016-07-01, 2019-07-01" in done.err


def test_a_study_does_not_move_its_baselines(write_yaml):
    write_yaml("dated", "scenario: dated\ntitle: x\nas_of: 2016-07-01\n")
    path = write_yaml("s", "study: s\ntitle: x\nbaselines: [baseline-2019]\nscenarios: [vanino, dated]\n")
    with pytest.raises(ScenarioError, match="is for 2016-07-01, baseline 'baseline-2019' for 2019-07-01") as caught:
        load_study(path)
    assert (caught.value.place.line, caught.value.place.column) == (4, 21)
