"""The report solves anew what is tried in it: the same numbers as the package, for a hundred settings, in one page."""

import json
import random
import shlex
from math import inf
from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.router import Router
from corridor_net.costing import headway_wait, impedance
from corridor_net.errors import NoRoute
from corridor_net.output.one_file import bundle

EACH = 4
MODULES = ("dom.js", "engine.js", "study.js", "setting.js", "tried.js")
RUNS = """study.runs.map((run) =>
  [run.baseline, run.scenario, run.worth, [...knobsOf(run).values()].map((knob) => [knob.change, knob.now ?? null])])"""
SOLVE = """fragments.map((fragment) => {
  const told = settingOf(fragment, solve.codes), place = (id) => study.map.nodes.findIndex((one) => one.id === id);
  const run = study.runs.find((one) => one.baseline === told.baseline && one.scenario === told.scenario);
  const setting = { ...told, origin: place(told.origin), goal: place(told.destination), co2: told.co2 ?? 0 };
  const changes = engineChanges(run, setting.changes);
  const route = answer(compiled(run, setting, changes), setting.origin, setting.goal);
  const id = (gate) => (gate === null ? null : node(gate).id);
  const over = setting.by === "generalised" ? gatewaysOver(run, setting, changes, null) : [];
  return {
    text: savedScenario(run, setting),
    bands: over.map(([low, high, gate]) => [low, high === Infinity ? null : high, id(gate)]),
    route: route && {
      usd: route.usd, hours: route.hours, co2: route.co2, generalised: route.generalised,
      gateway: id(route.gateway), keys: route.arcs.map((arc) => arcs[arc].name),
    },
  };
})"""


@pytest.fixture(scope="module")
def address(result_texts, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(result_texts["report.html"], encoding="utf-8")
    return path.as_uri()


def asked(page, expression, fragments=()):
    """Evaluate an expression among the modules of the page, on the study that the page holds."""
    return page.evaluate(f"(fragments) => {{ {bundle(MODULES)}; return {expression}; }}", list(fragments))


def drawn_changes(dice, runs):
    """Return a random run with up to three changes, as parts of a fragment, and its value of an hour."""
    baseline, scenario, worth, knobs = dice.choice(runs)
    told = [("baseline", baseline), *([("scenario", scenario)] if scenario else [])]
    for change, now in dice.sample(knobs, dice.choice((0, 1, 1, 2, 3))):
        kind, factor = change["kind"], dice.choice((0, 0.25, 0.5, 1.5, 3))
        if kind == "close":
            told.append(("close", change["link"]))
        elif kind == "sailings":
            told.append((kind, f"{change['service']}:{round(now * (factor or 0.1), 3)}"))
        elif kind == "hours":
            told.append((kind, f"{change['crossing']}:{change['component']}:{round(now * factor + factor, 2)}"))
        else:
            told.append((kind, f"{change['charge']}:{factor}"))
    return told, worth


def drawn_question(dice, worth, nodes):
    """Return a random pair and what is least, as parts of a fragment."""
    origin, goal = dice.sample(nodes, 2)
    told = [("origin", origin), ("destination", goal if dice.random() < 0.5 or origin == "niigata" else "niigata")]
    told += [("by", dice.choices(("generalised", "money", "time", "co2"), (7, 1, 1, 1))[0])]
    told += [("worth", round(worth * dice.uniform(0, 3), 2))] if dice.random() < 0.6 else []
    return [*told, *([("co2", dice.choice((25, 120)))] if dice.random() < 0.2 else [])]


def saved(text, folder):
    path = folder / "tried.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def page(open_page, address):
    return open_page(address, offline=True)


def known_runs(page, comparison):
    runs, codes = asked(page, RUNS), comparison.runs[0].router.impedance.components
    for *_, knobs in runs:
        for change, _ in knobs:
            if "component" in change:
                change["component"] = codes[change["component"]]
    return runs


def fragment_of(told):
    return "#try&" + "&".join(f"{name}={value}" for name, value in told)


@pytest.mark.parametrize("many", [40, pytest.param(100, marks=pytest.mark.slow)])
def test_settings_are_answered_in_the_page_as_in_python(page, comparison, tmp_path, many):
    """Each network with its changes is asked several pairs and prices; the package reads what the page saves."""
    dice = random.Random(20260727)  # noqa: S311 - settings of a test
    runs = known_runs(page, comparison)
    nodes = [*comparison.origins, *comparison.destinations, "vladivostok", "shenyang", "busan"]
    settings = []
    for _ in range(many // EACH):
        changes, worth = drawn_changes(dice, runs)
        settings += [(changes, drawn_question(dice, worth, nodes)) for _ in range(EACH)]
    found = asked(page, SOLVE, [fragment_of([*changes, *question]) for changes, question in settings])
    asked_for, network, without = None, None, 0
    for (changes, question), one in zip(settings, found, strict=True):
        told = dict(question)
        if changes is not asked_for:
            base = next(r for r in comparison.runs if r.baseline == dict(changes)["baseline"])
            asked_for, network = changes, cn.load_scenario(saved(one["text"], tmp_path)).apply(base.router.network)
        compiled = impedance(network, value_of_time_usd_per_hour=told.get("worth"))
        router = Router(compiled, by=told["by"], co2_price_usd_per_t=told.get("co2", 0.0))
        try:
            route = router.route(told["origin"], told["destination"])
        except NoRoute:
            assert one["route"] is None, (changes, question)
            without += 1
            continue
        totals = {
            "usd": route.cost_usd,
            "hours": route.hours,
            "co2": route.co2_kg,
            "generalised": route.generalised_cost_usd,
        }
        here = one["route"]
        assert here["keys"] == [leg.key for leg in route.legs], (changes, question)
        assert here["gateway"] == route.gateway
        assert {name: here[name] for name in totals} == pytest.approx(totals, rel=1e-12, abs=1e-9), (changes, question)
    assert {name for changes, _ in settings for name, _ in changes} == {
        "baseline",
        "scenario",
        "hours",
        "charge",
        "sailings",
        "close",
    }
    assert without < many / 4


def test_the_lorry_hired_at_a_border_is_paid_though_the_roads_beyond_are_closed(page, comparison, tmp_path):
    """To Dongning the Chinese lorry is hired at the border, at the tariff of the country with the road on closed."""
    base = next(run for run in comparison.runs if run.baseline == "baseline-2019")
    told = [("origin", "vladivostok"), ("destination", "dongning"), ("by", "money")]
    settings = [[("baseline", base.baseline), *closed, *told] for closed in ([], [("close", "road-suifenhe-dongning")])]
    found = asked(page, SOLVE, [fragment_of(setting) for setting in settings])
    paid = []
    for one in found:
        network = cn.load_scenario(saved(one["text"], tmp_path)).apply(base.router.network)
        route = Router(impedance(network), by="money").route("vladivostok", "dongning")
        assert one["route"]["keys"] == [leg.key for leg in route.legs]
        assert one["route"]["usd"] == pytest.approx(route.cost_usd, rel=1e-12)
        paid.append(route.cost_usd)
    assert paid[1] == pytest.approx(paid[0], rel=1e-12)


def test_the_gateways_over_the_value_of_time_are_those_of_breakeven(page, comparison):
    run = next(r for r in comparison.runs if r.scenario == "longjiang-belt")
    pairs = [(origin, "niigata") for origin in ("harbin", "mudanjiang", "hunchun", "yanji")]
    begin = [("baseline", run.baseline), ("scenario", run.scenario), ("by", "generalised")]
    found = asked(page, SOLVE, [fragment_of([*begin, ("origin", a), ("destination", b)]) for a, b in pairs])
    for pair, one in zip(pairs, found, strict=True):
        wanted = breakeven(run.router, *pair).bands("value_of_time").by_gateway
        assert [gate for *_, gate in one["bands"]] == [gate for *_, gate in wanted]
        for here, there in zip(one["bands"], wanted, strict=True):
            ends = [[inf if end is None else end for end in one[:2]] for one in (here, there)]
            assert ends[0] == pytest.approx(ends[1], rel=1e-9)


def test_a_setting_of_the_address_is_shown_changed_and_saved_as_the_command_takes_it(
    open_page, address, comparison, cli, tmp_path
):
    told = [
        ("baseline", "baseline-2026"),
        ("scenario", "primorye-2"),
        ("origin", "hunchun"),
        ("destination", "niigata"),
        ("worth", 9),
    ]
    told += [
        ("by", "generalised"),
        ("sailings", "zarubino-niigata-weekly:0.5"),
        ("hours", "hunchun-kraskino-road-out:queue:30"),
    ]
    page = open_page(address + fragment_of(told), offline=True, accept_downloads=True)
    assert page.locator("#figures .figure").count() == 2
    with page.expect_download() as caught:
        page.get_by_role("button", name="Save as a scenario").click()
    text = Path(caught.value.path()).read_text(encoding="utf-8")
    command = shlex.split(text.splitlines()[0].removeprefix("# corridor-net "))
    assert command[:2] == ["run", "tried.yaml"]
    command[1] = str(saved(text, tmp_path))
    done = cli(*command, "--json", "--out", str(tmp_path / "out"))
    assert done.code == 0, done.err
    before, after = (run["trips"][0] for run in json.loads(done.out)["runs"])
    table = page.locator("#side table.totals tbody tr")
    for row, name, digits, share in ((1, "cost_usd", 0, 1), (2, "hours", 1, 24), (3, "co2_kg", 0, 1)):
        cells = table.nth(row).locator("td.number").all_inner_texts()
        assert cells[:2] == [f"{trip[name] / share:,.{digits}f}" for trip in (before, after)]
    field = page.locator("#figures input[type=number]").first
    field.fill("2")
    page.wait_for_function("() => location.hash.includes('weekly%3A2')")
    assert table.nth(0).locator("td").nth(1).inner_text() == "Zarubino"
    page.get_by_role("button", name="As it was").click()
    page.wait_for_function("() => document.querySelectorAll('#figures .figure').length === 0")


def test_what_the_address_does_not_rightly_say_is_left_out(open_page, address):
    page = open_page(address + "#try&origin=nowhere&worth=-3&hours=x&sailings=y:0&close=&by=speed", offline=True)
    assert page.locator("#try[open]").count() == 1
    assert page.locator("#side table").count() > 0


def test_the_example_by_hand_of_the_page_of_documentation():
    once, twice = headway_wait(1), headway_wait(2)
    assert once == pytest.approx((84, 48.5), abs=0.01)
    saved_hours, saved_spread = once[0] - twice[0], once[1] - twice[1]
    assert round(10 * (saved_hours + 0.4 * saved_spread)) == 517


def test_ids_may_have_colons_of_their_own(page, address):
    page.goto(address)
    arcs = [("crossing", "crossing:cn:ru:road"), ("board", "board:line:7:2"), ("terminal", "terminal:a:b")]
    told = ", ".join(json.dumps({"kind": kind, "name": name}) for kind, name in arcs)
    assert asked(page, f"[{told}].map(assetOf)") == ["cn:ru", "line:7", "a:b"]
    mark = asked(page, "fragmentOf({ changes: [] }, solve.codes)").split("&")[0]
    code = asked(page, "solve.codes[0]")
    fragment = f"{mark}&close=a%3Ab&sailings=line%3A7%3A3&hours=cn%3Aru%3A{code}%3A2.5"
    found = asked(page, "settingOf(fragments[0], solve.codes).changes", [fragment])
    assert found == [
        {"kind": "close", "link": "a:b"},
        {"kind": "sailings", "service": "line:7", "value": 3},
        {"kind": "hours", "crossing": "cn:ru", "component": 0, "value": 2.5},
    ]
