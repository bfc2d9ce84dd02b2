"""Limits and bands are exact: held to all routes listed, and to changed networks compiled anew."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.analysis.breakeven import Breakeven, breakeven
from corridor_net.analysis.router import Router
from corridor_net.analysis.thresholds import Band, sentence
from corridor_net.analysis.upgrade_sets.findings import threshold_summary
from corridor_net.analysis.varied import CO2_PRICE, VALUE_OF_TIME
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName
from corridor_net.render.words import Words


@pytest.fixture(scope="module")
def yanji(net2019):
    """Yanji to Niigata with the line of Zarubino."""
    net = cn.load_scenario("primorye-2").apply(net2019)
    return Breakeven(Router(impedance(net)), "yanji", "niigata")


@pytest.fixture
def alfa(tiny):
    return breakeven(Router(impedance(tiny)), "alfa", "delta")


def changed(net, key, value):
    """The network with one figure set to a value in its own table."""
    kind, name, *rest = key.split(":")
    field = {"operation": "value", "speed": "speed_kmh", "service": rest[-1] if rest else ""}.get(kind)

    def edit(row):
        if getattr(row, f"{kind}_id") != name or (kind == "operation" and [row.component, row.quantity] != rest):
            return row
        if kind == "tariff":
            return replace(row, fixed=row.fixed * value, per_km=row.per_km * value)
        ends = [end for end in (f"{field}_low", f"{field}_high") if getattr(row, end, None) is not None]
        moved = {end: getattr(row, end) * value / getattr(row, field) for end in ends}  # its range goes along
        return replace(row, **{field: value}, **moved)

    return net.with_rows(**{kind: [edit(row) for row in net.rows(kind)]})


def test_the_example_of_the_page(alfa):
    """docs/breakeven.md: Golf is 1,327.27 USD behind Charlie, an hour is worth 8.25 USD."""
    limits = {limit.key: limit for limit in alfa.limits().limits}
    queue = limits["operation:border:queue:hours"]
    assert queue.now == 6
    assert queue.lower is None
    assert queue.upper == pytest.approx(6 + 1327.270833 / 8.25)
    assert queue.to_upper == "golf"
    wait = limits["service:line-cd:sailings_per_week"]
    assert wait.lower == pytest.approx(84 / (42 + 1327.270833 / 8.25))
    assert wait.upper is None
    assert VALUE_OF_TIME not in limits  # Charlie is both cheaper and faster
    assert alfa.bands("service:line-cd:headway_hours").by_gateway == (
        (0.0, pytest.approx(2 * (42 + 1327.270833 / 8.25)), "charlie"),
        (pytest.approx(2 * (42 + 1327.270833 / 8.25)), None, "golf"),
    )
    names = {"charlie": "Charlie", "golf": "Golf", "operation:border": "the border"}
    assert Words(names=names).text(sentence(queue, alfa.route)) == (
        "Charlie wins while queue hours, the border stays below 167 h (above: Golf); now 6 h."
    )


def all_routes(router, source, target):
    """Every route without a repeated state, by walking."""
    leaving = {}
    for number, arc in enumerate(router.impedance.arcs):
        leaving.setdefault(arc.tail, []).append((arc.head, number))

    def walk(state, seen, path):
        if state == target:
            yield tuple(path)
            return
        for head, number in leaving.get(state, ()):
            if head not in seen:
                yield from walk(head, seen | {head}, [*path, number])

    return list(walk(source, {source}, []))


KEYS = (
    "operation:border:queue:hours", "operation:port_golf:dwell:hours", "operation:import_delta:terminal_handling:cost",
    "tariff:sea", "tariff:rail_cn", "speed:road", "speed:ship", "service:line-gd:sailings_per_week", VALUE_OF_TIME,
    CO2_PRICE, "crossing:bc-out:hours", "terminal:charlie-road-port_out:cost",
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=25)
@given(
    key=st.sampled_from(KEYS),
    queue=st.sampled_from([6.0, 150.0, 166.0, 400.0]),
    fixed=st.sampled_from([0.0, 200.0, 900.0]),
    carbon=st.sampled_from([0.0, 60.0]),
)
def test_bands_are_the_lower_envelope_of_all_routes(tiny, key, queue, fixed, carbon):
    net = changed(tiny, "operation:border:queue:hours", queue)
    net = net.with_rows(tariff=[replace(r, fixed=fixed) if r.tariff_id == "rail_cn" else r for r in net.rows("tariff")])
    pair = Breakeven(Router(impedance(net), co2_price_usd_per_t=carbon), "alfa", "delta")
    parameter, bands = pair.parameter(key), pair.bands(key)
    router = pair.router
    routes = [
        list(path)
        for path in all_routes(router, router.end_state("alfa", "origin"), router.end_state("delta", "destination"))
    ]
    assert sum(band.holds_now for band in bands.bands) == 1
    assert bands.bands[0].low == 0
    assert bands.bands[-1].high is None
    for one, other in itertools.pairwise(bands.bands):
        assert one.high == other.low
    np.testing.assert_allclose(parameter.fixed + parameter.x_now * parameter.slope, router.weight, atol=1e-9)
    for band in bands.bands:
        high = band.high if band.high is not None else 2 * band.low + 10 * max(parameter.now, 1.0)
        for share in (0.001, 0.5, 0.999):
            value = band.low + share * (high - band.low)
            x = parameter.scale / value if parameter.inverse else value / parameter.scale
            weight = parameter.fixed + x * parameter.slope
            best = min(weight[path].sum() for path in routes)
            assert weight[list(band.route.arcs)].sum() == pytest.approx(best, rel=1e-9)


@pytest.mark.parametrize(
    ("key", "arc", "now"),
    [
        ("terminal:charlie-road-port_out:cost", "terminal:charlie-road-port_out", 100.0),
        ("terminal:charlie-road-port_out:hours", "terminal:charlie-road-port_out", 27 * 8.25),
        ("crossing:bc-out:cost", "crossing:bc-out:road", 120 / 6 * 1.1),
    ],
)
def test_the_money_and_the_hours_of_a_place_are_varied_apart_and_nothing_else_is(tiny, key, arc, now):
    """The quay of Charlie takes 100 USD and 3 + 24 hours of 8.25 USD, the border 120 CNY of 2018."""
    router = Router(impedance(tiny))
    parameter = Breakeven(router, "alfa", "delta").parameter(key)
    at_stake = parameter.x_now * parameter.slope
    keys = [one.key for one in router.impedance.arcs]
    assert {keys[number]: at_stake[number] for number in np.flatnonzero(at_stake)} == {arc: pytest.approx(now)}


def test_a_limit_is_where_a_network_compiled_anew_flips(yanji):
    """The figure set just inside and just outside its limit in its own table, compiled and routed afresh."""
    net, checked = yanji.router.network, 0
    for limit in yanji.limits().limits:
        if not limit.key.startswith(("operation", "tariff", "speed", "service")):
            continue
        for value, then in ((limit.lower, limit.to_lower), (limit.upper, limit.to_upper)):
            if value is None:
                continue
            outward = 1 - 1e-5 if value == limit.lower else 1 + 1e-5
            inside = Router(impedance(changed(net, limit.key, value / outward))).route("yanji", "niigata")
            outside = Router(impedance(changed(net, limit.key, value * outward))).route("yanji", "niigata")
            assert (inside.gateway, outside.gateway) == ("zarubino", then), limit
            checked += 1
    assert checked >= 6


def test_figures_without_a_limit_never_flip(yanji):
    """A sample of the others, at a hundredth and a hundred times their figure."""
    limited = {limit.key for limit in yanji.limits().limits}
    others = [key for key in yanji.figures if key not in limited and key.startswith(("operation", "tariff"))]
    router = yanji.router
    for key in others[::40]:
        try:
            parameter = yanji.parameter(key)
        except BadValue:
            continue
        for factor in (0.01, 100.0):
            known = changed(router.network, key, parameter.now * factor)
            assert Router(impedance(known)).route("yanji", "niigata").gateway == "zarubino", key


def test_the_value_of_time_by_cargo_profiles_of_other_worth(net2019):
    """Of 2016, where it turns the gateway: in 2019 Dongning goes by Dalian at any value of time."""
    net = net2019.as_of("2016-07-01")
    router = Router(impedance(net))
    bands = breakeven(router, "dongning", "niigata").bands(VALUE_OF_TIME).by_gateway
    assert [gateway for _, _, gateway in bands[:2]] == ["dalian", "vladivostok"]
    low = bands[1][0]
    now = router.impedance.cargo.value_of_time
    for factor, gateway in ((0.999, "dalian"), (1.001, "vladivostok")):
        cargo = [
            replace(row, time_cost_pct_per_day=row.time_cost_pct_per_day * low * factor / now)
            for row in net.rows("cargo")
        ]
        assert Router(impedance(net.with_rows(cargo=cargo))).route("dongning", "niigata").gateway == gateway


def test_a_price_of_carbon(tiny):
    """Charlie emits 780 kg, Golf 270: with 1,327.27 USD between them they tie at 1,327.27 / 0.51 USD a tonne."""
    pair = Breakeven(Router(impedance(tiny)), "alfa", "delta")
    assert pair.route.co2_kg == pytest.approx(780)
    cut = 1327.270833 / 0.51
    assert pair.bands(CO2_PRICE).by_gateway == (
        (0.0, pytest.approx(cut), "charlie"),
        (pytest.approx(cut), None, "golf"),
    )
    dearer = Router(impedance(tiny), co2_price_usd_per_t=cut * 1.01)
    assert dearer.route("alfa", "delta").gateway == "golf"


def test_other_answers_and_measures(tiny, yanji):
    routes, gateways = yanji.limits(answer="route"), yanji.limits()
    assert len(routes.limits) >= len(gateways.limits)
    nearest = {limit.key: limit.change for limit in routes.limits}
    assert all(nearest[limit.key] <= limit.change + 1e-12 for limit in gateways.limits)
    by_time = Breakeven(Router(impedance(tiny), by="time"), "alfa", "delta")
    queue = next(limit for limit in by_time.limits().limits if limit.key == "operation:border:queue:hours")
    assert queue.upper == pytest.approx(6 + 283 - 160.583333)
    on_schedule = Breakeven(Router(impedance(tiny), schedule=True), "alfa", "delta")
    assert "operation:border:queue:hours" not in {limit.key for limit in on_schedule.limits().limits}
    speed = on_schedule.parameter("speed:road")
    assert speed.now == 75


@pytest.mark.parametrize(
    ("key", "error", "words"),
    [
        ("operation:border:queu:hours", UnknownName, "did you mean 'operation:border:queue:hours'"),
        ("nonsense", UnknownName, "for example"),
        ("link:road-ab:length_km", BadValue, "length on the ground"),
    ],
)
def test_figures_that_cannot_be_varied(alfa, key, error, words):
    with pytest.raises(error) as caught:
        alfa.parameter(key)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("key", "called"), [(VALUE_OF_TIME, ("value of an hour", "USD/h")), (CO2_PRICE, ("price of CO2", "USD/t"))]
)
def test_a_price_that_is_varied_is_called_what_it_is(alfa, key, called):
    made = alfa.parameter(key)
    assert (made.what, made.unit) == called


def test_a_figure_of_nothing_or_without_weight(tiny, make_tiny):
    with pytest.raises(BadValue, match="no part in what is minimised"):
        Breakeven(Router(impedance(tiny), by="money"), "alfa", "delta").parameter("operation:border:queue:hours")
    with pytest.raises(BadValue, match="plays no part"):
        Breakeven(Router(impedance(tiny), by="money"), "alfa", "delta").bands(VALUE_OF_TIME)
    free = changed(tiny, "operation:border:queue:hours", 0.0)
    with pytest.raises(BadValue, match="it is 0"):
        Breakeven(Router(impedance(free)), "alfa", "delta").parameter("operation:border:queue:hours")
    with pytest.raises(BadValue, match="no answer"):
        Breakeven(Router(impedance(tiny)), "alfa", "delta").limits(answer="gate")
    with pytest.raises(NoRoute):
        breakeven(Router(impedance(tiny)), "golf", "delta")


def test_the_finding_of_the_study(comparison):
    found = threshold_summary(comparison)
    assert "value of an hour" in str(found.lines[0])
    assert str(found.lines[-1]).endswith("can flip the gateway alone.")
    json.dumps(found.data)


def test_the_command(cli):
    options = ["yanji", "niigata", "-s", "primorye-2", "--as-of", "2019-07-01"]
    data = json.loads(cli("breakeven", *options, "--json").out)
    assert data["gateway"] == "zarubino"
    assert data["limits"]["limits"][0]["figure"] == "service:zarubino-niigata-weekly:sailings_per_week"
    assert data["bands"][0]["figure"] == "value_of_time"
    text = cli(
        "breakeven", *options, "--figure", "service:zarubino-niigata-weekly:headway_hours", "--figure", "co2_price"
    ).out
    assert "^ now 168" in text
    assert "price of CO2" in text
    assert "Nearest limits" not in text


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["harbin", "niigata", "--figure", "tariff:sea_ru"], "did you mean"),
        (["harbin", "niigata", "--figure", "co2_price", "--by", "time"], "plays no part"),
        (["harbin", "harbin"], "both"),
        (["harbin", "niigata", "--show", "0"], "--show"),
    ],
)
def test_mistakes_of_the_command(cli, arguments, word):
    done = cli("breakeven", *arguments)
    assert done.code == 2
    assert word in done.err
    assert done.out == ""


def test_a_band_is_written_with_the_digits_that_are_said(tiny):
    route = Router(impedance(tiny)).route("alfa", "delta")
    shown = Band(low=1 / 3, high=20 / 3, route=route, holds_now=True).to_dict()
    assert (shown["from"], shown["to"]) == (0.333333, 6.666667)
    assert (shown["cost_usd"], shown["hours"]) == (846.0, 160.58)
    assert (shown["gateway"], shown["services"], shown["crossings"]) == ("charlie", ["line-cd"], ["bc-out"])
    assert Band(low=0.0, high=None, route=route, holds_now=False).to_dict()["to"] is None
