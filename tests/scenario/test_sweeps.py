"""Sweeps of a study: every point is what the scenarios and options of it give, and faults have their place."""

from __future__ import annotations

import csv
import io
import itertools

import pytest

import corridor_net as cn
from corridor_net.errors import BadValue, CorridorError
from corridor_net.questions import page_of, question
from corridor_net.render.words import Words
from corridor_net.scenario import check_study, load_study

CITIES = ["harbin", "mudanjiang", "hunchun"]
HEAD = """study: my-sweep
title: Queue at Suifenhe against upgrades
baselines: [baseline-2019]
origins: [harbin, mudanjiang, hunchun]
focus: niigata
"""
QUEUE = "{scale: crossing, where: {crossing_id: suifenhe-*}, component: queue, field: hours}"
SWEEP = f"""sweep:
  - name: queue
    change: {QUEUE}
    over: [0.5, 1, 2]
  - name: upgrade
    scenarios: [none, primorye-2]
  - name: cargo
    option: cargo
    over: [dry_40, leek_40]
"""


def study(folder, sweep=SWEEP):
    path = folder / "study.yaml"
    path.write_text(HEAD + sweep, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return cn.load().sweep(str(study(tmp_path_factory.mktemp("sweep"))))


def at(found, **values):
    return next(point for point in found.points if point.at == values)


def test_the_example_of_the_page(found):
    assert len(found.points) == 12
    model = cn.load(as_of="2019-07-01")
    routes = [model.route(city, "niigata").generalised_cost_usd for city in CITIES]
    point = at(found, queue="1", upgrade="none", cargo="dry_40")
    assert point.generalised_cost_usd == pytest.approx(sum(routes) / 3)
    assert point.generalised_cost_usd == pytest.approx(6934.15, abs=0.01)


def test_every_point_is_what_route_gives(found, tmp_path):
    base = cn.load(as_of="2019-07-01")
    for queue, upgrade, cargo in itertools.product(("0.5", "1", "2"), ("none", "primorye-2"), ("dry_40", "leek_40")):
        applied = []
        if queue != "1":
            path = tmp_path / f"queue-{queue}.yaml"
            fields = "where: {crossing_id: suifenhe-*}\n    component: queue\n    field: hours"
            text = f"scenario: queue-{queue.replace('.', '-')}\ntitle: q\nchanges:\n  - scale: crossing\n    {fields}"
            path.write_text(f"{text}\n    by: {queue}\n", encoding="utf-8")
            applied.append(str(path))
        applied += [upgrade] if upgrade != "none" else []
        model = base.with_scenario(*applied) if applied else base
        routes = [model.route(city, "niigata", cargo=cargo) for city in CITIES]
        point = at(found, queue=queue, upgrade=upgrade, cargo=cargo)
        assert point.generalised_cost_usd == pytest.approx(sum(r.generalised_cost_usd for r in routes) / 3)
        assert point.cost_usd == pytest.approx(sum(r.cost_usd for r in routes) / 3)
        assert point.days == pytest.approx(sum(r.days for r in routes) / 3)
        by = [route.gateway for route in routes]
        assert point.gateways == {name: by.count(name) for name in set(by)}


def test_options_and_values_that_leave_things_as_they_are(tmp_path):
    sweep = f"""sweep:
  - {{name: hour, option: value_of_time_usd_per_hour, over: [0, 50]}}
  - {{name: queue, change: {QUEUE}, over: [none, 1]}}
"""
    found = cn.load().sweep(str(study(tmp_path, sweep)))
    for hour in ("0", "50"):
        one, other = (at(found, hour=hour, queue=value) for value in ("none", "1"))
        assert one.generalised_cost_usd == other.generalised_cost_usd
        model = cn.load(as_of="2019-07-01")
        routes = [model.route(city, "niigata", value_of_time=float(hour)).generalised_cost_usd for city in CITIES]
        assert one.generalised_cost_usd == pytest.approx(sum(routes) / 3)


def test_origins_without_a_route_somewhere_are_left_out_of_all_means(tmp_path):
    cut = tmp_path / "cut.yaml"
    rows = cn.load(as_of="2019-07-01").network.rows("terminal")
    names = sorted({row.terminal_id for row in rows if row.node_id == "hunchun" and row.from_state == "origin"})
    changes = "".join(
        f"  - close: terminal\n    where: {{terminal_id: {name}}}\n    optional: true\n" for name in names
    )
    cut.write_text(f"scenario: cut\ntitle: cut\nchanges:\n{changes}", encoding="utf-8")
    found = cn.load().sweep(str(study(tmp_path, "sweep:\n  - {name: cut, scenarios: [none, cut.yaml]}\n")))
    assert found.counted == ("harbin", "mudanjiang")
    assert [point.reached for point in found.points] == [3, 2]
    assert "Left out of the means" in Words().text(page_of(found).blocks[1])


@pytest.mark.whole
@pytest.mark.parametrize(
    ("sweep", "line", "words"),
    [
        ("sweep:\n  - {name: a}\n", 7, "one of scenarios, change, option"),
        ("sweep:\n  - {name: a, option: cargo}\n", 7, "need 'over'"),
        ("sweep:\n  - {name: a, scenarios: [none], over: [1]}\n", 7, "scenarios take none"),
        ("sweep:\n  - {name: a, scenarios: [none, no-such]}\n", 7, "unknown scenario 'no-such'"),
        (f"sweep:\n  - {{name: a, change: {QUEUE}, over: [much]}}\n", 7, "by"),
        ("sweep:\n  - {name: a, change: {close: link, where: {link_id: x}}, over: [1, 2]}\n", 7, "takes no by"),
        ("sweep:\n  - {name: a, scenarios: [none]}\n  - {name: a, scenarios: [none]}\n", 8, "two axes are named 'a'"),
        ("sweep:\n  - {name: a, options: cargo, over: [x]}\n", 7, "unknown field 'options'"),
        ("sweep:\n  - {name: a, option: by, over: [time, tiem]}\n", 7, "by = 'tiem'"),
        ("sweep:\n  - {name: a, option: co2_price_usd_per_t, over: [x]}\n", 7, "co2_price_usd_per_t = 'x'"),
        ("sweep:\n  - {name: a, option: value_of_time_usd_per_hour, over: [-5]}\n", 7, "hour = -5"),
        (
            "sweep:\n  - {name: a, option: by, over: [time]}\n  - {name: b, option: by, over: [money]}\n",
            8,
            "two axes are of 'by'",
        ),
    ],
)
def test_a_fault_of_an_axis_has_its_line(tmp_path, sweep, line, words):
    path = study(tmp_path, sweep)
    with pytest.raises(CorridorError) as told:
        load_study(path)
    assert words in str(told.value)
    assert f"study.yaml:{line}" in str(told.value)


def test_a_cargo_of_an_axis_that_is_not_there_has_its_line(tmp_path):
    path = study(tmp_path, "sweep:\n  - {name: a, option: cargo, over: [dry_40, dry_4]}\n")
    with pytest.raises(CorridorError, match="unknown cargo 'dry_4'") as told:
        cn.load().sweep(str(path))
    assert told.value.place.line == 7


def test_check_tries_every_value_of_every_axis(tmp_path):
    path = study(tmp_path, f"sweep:\n  - {{name: a, change: {QUEUE.replace('suifenhe-*', 'no-such')}, over: [2]}}\n")
    with pytest.raises(CorridorError, match="no-such"):
        check_study(path, cn.load().network)


def test_too_many_points_and_no_sweep_are_refused(tmp_path):
    with pytest.raises(BadValue, match="has no sweep"):
        cn.load().sweep()
    values = list(range(2, 30))
    options = {"a": "value_of_time_usd_per_hour", "b": "co2_price_usd_per_t"}
    axes = "".join(f"  - {{name: {name}, option: {option}, over: {values}}}\n" for name, option in options.items())
    with pytest.raises(BadValue, match="784 points"):
        cn.load().sweep(str(study(tmp_path, f"sweep:\n{axes}")))


def test_a_place_to_itself_is_refused(tmp_path):
    path = study(tmp_path, "sweep:\n  - {name: a, option: cargo, over: [dry_40]}\n")
    path.write_text(path.read_text(encoding="utf-8").replace("focus: niigata", "focus: harbin"), encoding="utf-8")
    with pytest.raises(BadValue, match="are both 'harbin'"):
        cn.load().sweep(str(path), origins=["harbin"])
    with pytest.raises(BadValue, match="are both 'harbin'"):
        cn.load(as_of="2019-07-01").potential("primorye-2", origins=["harbin"], destination="harbin")


def test_run_and_files(found, tmp_path):
    made = cn.load().study(str(study(tmp_path)))
    assert [run.scenario for run in made.comparison.runs] == [None]
    drawn = question("sweep").drawn(found, Words())
    rows = list(csv.DictReader(io.StringIO(drawn["sweep.csv"])))
    assert len(rows) == 12
    assert {"queue", "upgrade", "cargo", "generalised_cost_usd"} <= set(rows[0])
    assert "<svg" in drawn["sweep.svg"]
