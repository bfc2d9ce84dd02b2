"""timetable, profile, access, gateways, criticality and pareto: Python, command and analysis say the same.

On the shipped network, on a small one of other places, under a scenario and on a day; in 80 columns; without numba.
"""

import inspect
import json
import subprocess
import sys
from datetime import datetime
from math import inf

import pytest

import corridor_net as cn
from corridor_net.analysis import criticality as c
from corridor_net.analysis.access import THETA
from corridor_net.analysis.loads import gateways as g
from corridor_net.analysis.loads.assignment import assign
from corridor_net.analysis.loads.demand import Demand
from corridor_net.analysis.router import Router
from corridor_net.analysis.timetables.timetable import Timetable
from corridor_net.analysis.trade.potential import all_trips, gain, nearness
from corridor_net.analysis.trade_offs import trade_offs
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName
from corridor_net.languages import words_for
from corridor_net.questions import page_of, question
from corridor_net.questions import words_of as words_of_answer
from corridor_net.render.console import columns, page_text
from corridor_net.render.page import Table
from corridor_net.render.words import Words

DAY = "2019-07-01"
LEAVE = "2019-07-01T08:00"
ASKED = {
    "timetable": (["yanji", "niigata"], {"depart": LEAVE, "days": 3.0}),
    "profile": (["yanji", "niigata"], {"depart": LEAVE, "days": 3.0}),
    "access": (["harbin", "hunchun"], {}),
    "gateways": (["niigata"], {}),
    "criticality": (["niigata"], {"months": True, "pairs": True, "cuts": ["harbin"]}),
    "pareto": (["harbin", "niigata"], {}),
}
OPTIONS = {"cuts": "--cut", "depart": "--depart", "days": "--days", "months": "--months", "pairs": "--pairs"}


def words_of(args, given):
    told = list(args)
    for name, value in given.items():
        if value is True:
            told.append(OPTIONS[name])
        else:
            for one in value if isinstance(value, list) else [value]:
                told += [OPTIONS[name], str(one)]
    return told


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of=DAY)


@pytest.fixture(scope="module")
def under():
    return cn.load(as_of=DAY, scenarios=["primorye-2"])


@pytest.fixture(scope="module")
def answers(under):
    return {name: getattr(under, name)(*args, **given) for name, (args, given) in ASKED.items()}


@pytest.fixture(scope="module")
def router(model):
    return model.router


# the same everywhere


@pytest.mark.parametrize("name", ASKED)
def test_python_and_the_command_give_one_answer(name, answers, cli, tmp_path):
    args, given = ASKED[name]
    asked = (name, *words_of(args, given), "-s", "primorye-2", "--as-of", DAY)
    done = cli(*asked, "--json", "--out", tmp_path)
    assert (done.code, done.err.startswith(f"Written to {tmp_path}: ")) == (0, True)
    assert json.loads(done.out) == json.loads(json.dumps(answers[name].to_dict()))
    files = question(name).drawn(answers[name], words_of_answer(answers[name]))
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == dict(files)
    assert files


@pytest.mark.parametrize("name", ASKED)
def test_each_is_a_table_for_pandas_and_a_page_of_names(name, answers):
    frame = answers[name].frame
    assert len(frame) >= 1
    shown = answers[name]._repr_html_()
    assert "<table>" in shown
    assert not any(f">{place}<" in shown for place in ("harbin", "niigata", "dalian", "hunchun", "yanji"))


@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_wider_than_its_terminal_and_no_digit_is_lost(name, answers):
    page = page_of(answers[name])
    everything = page_text(page, Words(), 400, plain=True)
    for width in (40, 60, 80, 120):
        text = page_text(page, Words(), width, plain=True)
        assert max(map(columns, text.splitlines())) <= width
        numbers = {word for word in text.split() if word.replace(",", "").replace(".", "").strip("+-%").isdigit()}
        assert numbers <= set(everything.split())


def test_in_80_columns_what_matters_most_stays(answers, under):
    stays = {
        "timetable": ("waits, h", "begins", "leave by", "arrive", "USD", "gateway"),
        "profile": ("leave by", "arrive", "days", "USD", "gateway"),
        "access": ("market access", "mean days", "rail", "terminal"),
        "gateways": ("Dalian", "Zarubino", "all, by trade"),
        "criticality": ("closed", "cut off", "USD gen.", "hours"),
        "pareto": ("services", "USD", "days", "kg CO2e", "best at this"),
    }
    for name, headings in stays.items():
        text = page_text(page_of(answers[name]), words_for(under.network), 80)
        table = "\n".join(line for line in text.splitlines() if not line.startswith("(not shown"))
        for heading in headings:
            assert heading in table, (name, heading)


def test_what_is_cut_off_goes_no_other_way():
    found = cn.load(as_of=DAY).criticality("niigata", kinds=["link"], pairs=True)
    table = next(one for one in page_of(found).blocks if isinstance(one, Table))
    heads = [column.heading for column in table.columns]
    for loss, row in zip(found.losses, table.rows, strict=False):
        assert row[heads.index("cut off")] == loss.cut_off_share
        assert row[heads.index("cut off")] + row[heads.index("other way")] == pytest.approx(loss.hit_share)
    assert any(loss.cut_off_share for loss in found.losses)


# the numbers are those of the analysis


def test_access_is_that_of_its_formulas(model, answers):
    before, after = model.router, model.with_scenario("primorye-2").router
    names = ["harbin", "hunchun"]
    old, new = all_trips(before, names), all_trips(after, names)
    found = answers["access"]
    assert found.access == tuple(nearness(before, old, name) for name in names)
    assert found.gains == {"primorye-2": tuple(gain(before, after, old, new, name) for name in names)}
    assert inspect.signature(question("access").answer).parameters["theta"].default == THETA


def test_each_scenario_is_held_against_the_network_by_itself():
    both = cn.load(as_of=DAY, scenarios=["primorye-1", "primorye-2"]).access("hunchun")
    for name in ("primorye-1", "primorye-2"):
        alone = cn.load(as_of=DAY, scenarios=[name]).access("hunchun")
        assert both.gains[name] == alone.gains[name]
        assert both.access == alone.access


def test_gateways_and_their_loads_are_those_of_the_choice(router, model, tmp_path):
    path = tmp_path / "demand.csv"
    path.write_text("origin,destination,teu\nharbin,niigata,9000\nhunchun,tokyo,90000\n", encoding="utf-8")
    found = model.gateways("niigata", prefer=["vladivostok=300"], demand=path, scale=0.003)
    prefer = {"vladivostok": 300.0}
    choices = g.hinterlands(router, "niigata", scale_per_usd=0.003, preference_usd=prefer)
    index = {row.year: row.usd_index for row in router.network.rows("deflator")}
    weights = {m.node_id: m.trade_musd / index[m.price_year] for m in router.network.markets("origin")}
    rows = [Demand("harbin", "niigata", 9000.0), Demand("hunchun", "tokyo", 90000.0)]
    loads = assign(router, rows, scale_per_usd=0.003, preference_usd=prefer)
    assert found.origins == choices
    assert found.shares == pytest.approx(g.market_shares(choices, weights))
    assert found.loads.to_dict() == loads.to_dict()
    assert sum(found.loads.by_gateway.values()) == pytest.approx(99_000)


def test_criticality_is_that_of_taking_out(router, model):
    found = model.criticality(kinds=["port", "crossing"], pairs=True, cuts=["raohe"])
    index = {row.year: row.usd_index for row in router.network.rows("deflator")}
    demand = {
        (o.node_id, m.node_id): o.trade_musd / index[o.price_year] * m.gdp
        for o in router.network.markets("origin")
        for m in router.network.markets("market")
        if m.gdp
    }
    losses = c.criticality(router, demand, ("port", "crossing"))
    assert [loss.names for loss in found.losses] == [loss.names for loss in losses]
    for one, other in zip(found.losses, losses, strict=True):
        assert one.extra_usd == pytest.approx(other.extra_usd)
        assert one.cut_off_share == pytest.approx(other.cut_off_share)
    assert found.cuts == {"raohe": c.smallest_cut(router, "raohe", found.destinations, ("port", "crossing"))}


def test_months_keep_what_an_hour_and_a_tonne_are_worth(model):
    """Once the months were counted at the cargo's own value of time, whatever was asked for."""
    options = {"value_of_time": 40.0, "co2_price": 100.0, "price_year": 2016}
    rows = model.criticality("niigata", kinds=["crossing"], months=True, **options).months
    then = model.as_of("2019-07-15").with_options(**options)
    costs = [
        pair.generalised_cost_usd
        for pair in then.matrix(destinations=["niigata"]).pairs
        if pair.generalised_cost_usd is not None
    ]
    assert rows[6].mean_generalised_usd == pytest.approx(sum(costs) / len(costs))


def test_pareto_is_the_front_and_holds_the_route(model, router):
    found = model.pareto("harbin", "niigata", criteria=["money", "hours"], show=3)
    assert found.to_dict() == trade_offs(router, "harbin", "niigata", criteria=("money", "hours"), show=3).to_dict()
    (now,) = (route for route in found.routes if route.best_now)
    best = model.route("harbin", "niigata").route
    assert (now.cost_usd, now.hours) == pytest.approx((best.cost_usd, best.hours))
    assert now.arcs == best.arcs


@pytest.mark.parametrize(("by", "worth"), [("generalised", None), ("money", 0.0), ("time", inf)])
def test_timetable_and_profile_are_those_of_the_searches(model, by, worth):
    when = datetime(2019, 7, 1, 8)
    table = Timetable.of(model.router, on_day=None)
    found = model.timetable("hunchun", "niigata", depart=LEAVE, days=2, by=by)
    assert found.journey.to_dict() == table.best("hunchun", "niigata", when, usd_per_hour=worth).to_dict()
    assert [one.to_dict() for one in found.profile] == [
        one.to_dict() for one in table.profile("hunchun", "niigata", when, 2)
    ]
    assert model.profile("hunchun", "niigata", depart=when, days=2).profile == found.profile


# days, scenarios, packages


def test_a_departure_sees_its_own_day_and_says_so():
    own = cn.load(as_of="2019-07-01").timetable("yanji", "niigata", depart=LEAVE, days=1)
    free = cn.load().timetable("yanji", "niigata", depart=LEAVE, days=1)
    moved = cn.load(as_of="2016-07-01").timetable("yanji", "niigata", depart=LEAVE, days=1)
    assert own.to_dict() == free.to_dict() == moved.to_dict()
    assert own.as_of == "2019-07-01"
    told = "Each step is taken as of its own day, from 2019-07-01 on, not as of 2016-07-01."
    texts = [page_text(page_of(found), Words(), 120, plain=True) for found in (own, free, moved)]
    assert [told in text for text in texts] == [False, False, True]


def test_the_network_of_another_day_is_not_looked_at(tiny_folder, write_yaml, cli):
    """The small network has no prices of the day it is of without --as-of; the scenario cannot be applied there."""
    done = cli("timetable", "alfa", "delta", "--geodata", tiny_folder, "--depart", LEAVE, "--days", "1")
    assert (done.code, done.err) == (0, "")
    was = "- {set: speed, where: {speed_id: rail_cn}, field: speed_kmh, value: 20, was: 14}"
    path = write_yaml("was", f"scenario: was\ntitle: Faster before 2020\nchanges:\n  {was}\n")
    for question_name in ("timetable", "profile"):
        done = cli(question_name, "harbin", "dalian", "-s", path, "--depart", LEAVE, "--days", "1")
        assert (done.code, done.err) == (0, "")


def test_without_an_hour_the_shipment_leaves_when_the_day_begins(model):
    found = model.profile("yanji", "niigata", days=1)
    assert found.to_dict() == model.profile("yanji", "niigata", depart="2019-07-01T00:00", days=1).to_dict()


def test_another_network_needs_no_place_of_ours(tiny_folder, cli):
    """No port, study or market of the shipped network is meant where its own are not named."""
    package = ("--geodata", tiny_folder, "--as-of", DAY, "--json")
    told = {name: json.loads(cli(name, *package).out) for name in ("gateways", "access", "criticality")}
    assert told["gateways"]["destination"] == "delta"
    assert {made["origin"] for made in told["gateways"]["origins"]} == {"alfa"}
    assert [one["origin"] for one in told["access"]["access"]] == ["alfa"]
    assert told["criticality"]["destinations"] == ["delta"]
    months = json.loads(cli("criticality", *package, "--months").out)
    assert months["month_destination"] == "delta"
    front = json.loads(cli("pareto", "alfa", "delta", *package).out)
    assert {route["gateway"] for route in front["routes"]} == {"charlie", "golf"}
    sent = json.loads(cli("timetable", "alfa", "delta", *package, "--depart", LEAVE).out)
    assert sent["journey"]["gateway"] == "charlie"
    for name in ("gateways", "access", "criticality"):
        shown = cli(name, *package[:-1]).out
        assert not any(word in shown for word in ("Niigata", "niigata", "Dalian", "Japan"))


def test_origins_without_trade_count_each_as_one(write_tiny, tmp_path):
    def without(rows):
        return [{**row, "trade_musd": "", "gdp": ""} for row in rows]

    folder = write_tiny(tmp_path / "bare", market=without).folder
    net = cn.load(geodata=folder, as_of=DAY)
    found = net.gateways()
    assert sum(found.shares.values()) == pytest.approx(1)
    assert "all, each as one" in page_text(page_of(found), Words(), 120)
    with_trade = cn.load(geodata=write_tiny(tmp_path / "full").folder, as_of=DAY)
    assert [one.to_dict() for one in net.criticality().losses] == [
        one.to_dict() for one in with_trade.criticality().losses
    ]


def test_counts_are_held_against_their_own_period(model):
    found = cn.load().gateways(observed=2019)
    assert (found.as_of, found.observed_period) == ("2019-06-16", ("2019-01-01", "2019-11-30"))
    shown = page_text(page_of(found), Words(), 120)
    named = page_text(page_of(found), Words(names={"dalian": "Dalian"}), 120)
    assert "Not compared, as these hold cargo of all origins: Dalian 8,765,000 TEU." in named
    assert "Counted 2019-01-01 to 2019-11-30" in " ".join(shown.split())
    with pytest.raises(BadValue, match="what was counted"):
        cn.load(as_of="2026-07-01").gateways(observed=2019)


# what is refused


@pytest.mark.parametrize("name", ["access", "gateways", "criticality", "pareto", "profile"])
def test_an_option_that_means_nothing_is_refused(name, model, cli):
    args, _ = ASKED[name]
    with pytest.raises(BadValue, match="takes no 'by'"):
        getattr(model, name)(*args, by="money")
    with pytest.raises(BadValue, match="takes no 'by'"):
        getattr(cn.load(as_of=DAY, by="time"), name)(*args)
    done = cli(name, *args, "--by", "money")
    assert done.code == 2
    assert "--by" in done.err
    assert "--by" not in cli(name, "--help").out


def test_mistakes_are_told(model):
    for wrong, error in (
        (lambda: model.timetable("yanji", "niigata", depart="soon"), BadValue),
        (lambda: model.timetable("yanji", "niigata", depart=LEAVE, by="co2"), BadValue),
        (lambda: model.timetable("yanji", "niigata", depart=LEAVE, days=0), BadValue),
        (lambda: model.timetable("yanji", "niigata", depart=LEAVE, sails=["x"]), BadValue),
        (lambda: model.profile("yanji", "niigata", depart=LEAVE, sails=["nothing=Fri 16:00"]), UnknownName),
        (lambda: model.access("atlantis"), UnknownName),
        (lambda: model.access("harbin", within=[0.0]), BadValue),
        (lambda: model.access("harbin", theta=0.0), BadValue),
        (lambda: model.gateways("atlantis"), UnknownName),
        (lambda: model.gateways(prefer=["dalian"]), BadValue),
        (lambda: model.gateways(scale=0.0), BadValue),
        (lambda: model.gateways(observed=1999), BadValue),
        (lambda: model.criticality(kinds=["prot"]), BadValue),
        (lambda: model.criticality(cuts=["atlantis"]), UnknownName),
        (lambda: model.pareto("harbin", "niigata", criteria=["beauty"]), BadValue),
        (lambda: model.pareto("harbin", "harbin"), BadValue),
    ):
        with pytest.raises(error):
            wrong()


def test_where_no_origin_has_a_way_it_is_said(write_yaml):
    path = write_yaml("shut", "scenario: shut\ntitle: t\nchanges:\n  - {close: terminal, where: {node_id: niigata}}\n")
    with pytest.raises(NoRoute, match="Niigata"):
        cn.load(as_of=DAY, scenarios=[path]).gateways("niigata")


# without a compiler


def test_numba_is_not_needed(answers):
    """In a process that cannot import it, every question gives the same answer."""
    script = (
        "import sys, json\n"
        "sys.modules['numba'] = None\n"
        "import corridor_net as cn\n"
        f"net = cn.load(as_of={DAY!r}, scenarios=['primorye-2'])\n"
        f"asked = {ASKED!r}\n"
        "print(json.dumps({name: getattr(net, name)(*a, **k).to_dict() for name, (a, k) in asked.items()}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=300)
    assert done.stderr.decode() == ""
    told = json.loads(done.stdout)
    for name, found in answers.items():
        assert told[name] == json.loads(json.dumps(found.to_dict())), name


def test_the_routes_of_a_cargo_of_another_worth_move_along_the_front(net2019):
    """Bands are told of the whole front: at any value of time the cheapest of them is the route."""
    found = trade_offs(Router(impedance(net2019)), "suifenhe", "niigata", criteria=("money", "hours"))
    for route in (route for route in found.routes if route.value_of_time):
        low, high = route.value_of_time
        worth = low + 0.5 * ((high if high is not None else 2 * low + 10) - low)
        best = Router(impedance(net2019, value_of_time_usd_per_hour=worth)).route("suifenhe", "niigata")
        assert (best.cost_usd, best.hours) == pytest.approx((route.cost_usd, route.hours))
