"""Two sides held against each other: every figure that differs, and nothing else; the answers that move, and why."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from datetime import date

import pytest

import corridor_net as cn
from corridor_net.analysis.differences import differences, of_evidence_alone
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, CorridorError, UnknownName
from corridor_net.languages import words_for
from corridor_net.network.reading.package import shipped_folder
from corridor_net.questions import page_of, question
from corridor_net.render.console import page_text
from corridor_net.render.words import Words

CITIES = ["harbin", "hunchun", "mudanjiang"]


@pytest.fixture(scope="module")
def model():
    return cn.load()


@pytest.fixture(scope="module")
def years(model):
    return model.diff("2016-07-01", "2019-07-01", origins=CITIES)


def test_a_figure_of_another_box_stands_under_no_answer(years):
    used = {
        one.row.rsplit(":", 1)[-1] for one in years.differences if one.used and one.table in ("tariff", "operation")
    }
    told = {one.row.rsplit(":", 1)[-1] for one in years.differences if one.table in ("tariff", "operation")}
    assert used == {"FEU", "any"}
    assert "TEU" in told


def test_a_side_differs_from_itself_in_nothing(model):
    found = model.diff("2019-07-01", "2019-07-01", origins=CITIES)
    assert found.differences == ()
    assert found.moved == ()
    assert found.evidence_alone == 0
    assert "differ in no figure" in Words().text(page_of(found).blocks[0])


def test_one_figure_scaled_is_one_figure_told(model, tmp_path):
    path = tmp_path / "dearer.yaml"
    change = "  - scale: tariff\n    where: {tariff_id: road_cn}\n    field: per_km\n    cargo_unit: FEU\n    by: 1.2\n"
    path.write_text(f"scenario: dearer\ntitle: dearer\nchanges:\n{change}", encoding="utf-8")
    found = model.diff("2019-07-01", f"2019-07-01+{path}", origins=CITIES)
    assert {(one.table, one.field, one.kind) for one in found.differences} == {("tariff", "per_km", "changed")}
    assert [str(said) for said in found.labels.values()] == ["rate, tariff:road_cn, FEU"]
    (one,) = found.differences
    assert one.after == pytest.approx(1.2 * one.before)
    assert one.used == len(CITIES)
    assert all(answer.moved for answer in found.answers)
    # the example of the page: 934.9 km by road, 0.2 x 5.19 CNY a km
    harbin = next(answer for answer in found.answers if answer.origin == "harbin")
    assert (one.before, one.after) == (5.19, pytest.approx(6.228))
    assert harbin.cost_usd_after - harbin.cost_usd_before == pytest.approx(140.48, abs=0.01)
    assert harbin.hours_after == pytest.approx(harbin.hours_before)
    assert found.most == ("mudanjiang", "niigata")
    moved = next(answer for answer in found.answers if answer.origin == "mudanjiang")
    assert [why.figure for why in found.why] == ["tariff:road_cn"]
    assert found.why[0].cost_usd == pytest.approx(moved.cost_usd_after - moved.cost_usd_before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2016-07-01", "2019-07-01"),
        ("2019-07-01", "2019-07-01+primorye-2"),
        ("baseline-2019", "baseline-2026"),
    ],
)
def test_why_adds_up_to_the_change_of_the_answer(model, before, after):
    found = model.diff(before, after, origins=CITIES)
    most = next(one for one in found.answers if (one.origin, one.destination) == found.most)
    told = [one for one in found.why if one.kind in ("figure", "way")]
    assert sum(one.cost_usd for one in told) == pytest.approx(most.cost_usd_after - most.cost_usd_before, abs=0.01)
    assert sum(one.hours for one in told) == pytest.approx(most.hours_after - most.hours_before, abs=0.01)
    assert most is max(found.answers, key=lambda one: abs(one.change_usd or 0.0))


def test_answers_are_those_of_route(model, years):
    for answer in years.answers:
        old = model.as_of("2016-07-01").route(answer.origin, answer.destination)
        year = years.price_year
        new = model.as_of("2019-07-01").route(answer.origin, answer.destination, price_year=year)
        assert answer.cost_usd_before == pytest.approx(old.cost_usd)
        assert answer.cost_usd_after == pytest.approx(new.cost_usd)
        assert answer.generalised_usd_after == pytest.approx(new.generalised_cost_usd)
        assert (answer.gateway_before, answer.gateway_after) == (old.gateway, new.gateway)


def test_every_difference_is_one_and_none_is_missed(model, years):
    """What a scenario touches, by its own ledger, is what is told."""
    base = model.as_of("2019-07-01")
    found = base.diff("2019-07-01", "2019-07-01+suifenhe-faster", origins=CITIES)
    ledger = cn.load_scenario("suifenhe-faster").diff(base.network)
    touched = {row.split("~")[0].split(":")[-1] for row, *_ in ledger}
    assert touched
    values = sorted((b, a) for _, _, b, a in ledger if isinstance(b, float) and isinstance(a, float))
    told = sorted({(d.before, d.after) for d in found.differences if d.field == "value"})
    assert set(values) >= set(told)
    assert told
    assert all(one.before != one.after or one.kind in ("new", "gone") for one in years.differences)


def test_two_packages_are_held_against_each_other(model, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(shipped_folder("geodata"), folder)
    path = folder / "cargo.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count("FEU,16.8,37800,2022") == 1
    path.write_text(text.replace("FEU,16.8,37800,2022", "FEU,16.8,40000,2022"), encoding="utf-8")
    found = model.diff("2019-07-01", f"2019-07-01+{folder}", origins=["harbin"])
    assert [(one.table, one.row, one.field, one.before, one.after) for one in found.differences] == [
        ("cargo", "dry_40", "value_usd", 37800.0, 40000.0)
    ]
    assert found.differences[0].used == 1
    assert found.answers[0].cost_usd_after == pytest.approx(found.answers[0].cost_usd_before)
    assert found.answers[0].change_usd > 0


def test_a_row_of_another_source_alone_is_counted_apart(model, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(shipped_folder("geodata"), folder)
    path = folder / "cargo.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("HUMM2001L,C,", "HUMM2001L,D,", 1), encoding="utf-8")
    found = model.diff("2019-07-01", f"2019-07-01+{folder}", origins=["harbin"])
    assert (found.differences, found.evidence_alone) == ((), 1)


def test_a_side_without_a_day_is_seen_on_that_of_the_other(model):
    found = model.diff("primorye-2", "2016-07-01", origins=["hunchun"])
    assert found.day_before == found.day_after == "2016-07-01"


def test_what_a_scenario_opens_and_closes_is_new_and_gone(model):
    new = model.diff("2019-07-01", "2019-07-01+primorye-2", origins=["hunchun"])
    gone = model.diff("2019-07-01+primorye-2", "2019-07-01", origins=["hunchun"])

    def services(found, kind):
        return {one.row for one in found.differences if one.kind == kind and one.table == "service"}

    assert services(new, "new") == services(gone, "gone") == {"zarubino-niigata-weekly"}


@pytest.mark.parametrize(
    ("side", "kind", "words"),
    [
        ("", BadValue, "empty part"),
        ("2019-07-01+", BadValue, "empty part"),
        ("no-such", UnknownName, "unknown scenario"),
    ],
)
def test_sides_that_are_none_are_refused(model, side, kind, words):
    with pytest.raises(kind, match=words):
        model.diff("2019-07-01", side)


def test_places_that_are_not_there_are_refused(model):
    with pytest.raises(CorridorError):
        model.diff("2016-07-01", "2019-07-01", origins=["atlantis"])


def test_files_hold_all_and_the_page_has_names(model, years):
    drawn = question("diff").drawn(years, Words())
    rows = list(csv.DictReader(io.StringIO(drawn["differences.csv"])))
    assert len(rows) == len(years.differences)
    assert len(list(csv.DictReader(io.StringIO(drawn["answers.csv"])))) == len(CITIES)
    assert "<svg" in drawn["answers.svg"]
    assert max(one.used for one in years.differences) == len(CITIES)
    assert not any("~" in cell for table in page_of(years).tables for row in table.texts(Words()) for cell in row)


def test_rows_are_named_in_the_language_by_their_places_and_by_no_id():
    found = cn.load().diff("2019-07-01", "2019-07-01+primorye-2", origins=["hunchun"])
    text = page_text(page_of(found), words_for(*found.networks, language="zh"), 200)
    assert "航线 扎鲁比诺 - 新潟" in text
    assert "珲春 - 克拉斯基诺（公路），排队（小时），出自 primorye-2" in text
    assert "口岸 珲春 - 克拉斯基诺（公路）" in text
    assert "border road" not in text


def test_what_differs_between_two_small_networks_by_hand(tiny):
    """What a way rests on first, by table, ends of ranges after all else; the railway and its line are on no way."""

    def changed(table, name, **cells):
        rows = tiny.rows(table)
        return [replace(row, **cells) if getattr(row, f"{table}_id") == name else row for row in rows]

    queue = [replace(row, value=7.0) if row.component == "queue" else row for row in tiny.rows("operation")]
    new = tiny.with_rows(
        operation=queue,
        speed=[
            *changed("speed", "road", speed_kmh=50.0, speed_kmh_low=45.0),
            replace(tiny.rows("speed")[0], speed_id="air", grade="A"),
            replace(tiny.rows("speed")[0], speed_id="then", valid_to=date(2018, 12, 31)),
        ],
        tariff=changed("tariff", "road_ru", per_km=2.0, grade="D"),
        service=tiny.rows("service")[:1],
        link=changed("link", "rail-ag", length_km=450.0, grade="C"),
        emission_factor=changed("emission_factor", "train", source_id="T", basis="said so"),
        cargo=changed("cargo", "dry_40", basis="said so"),
    )
    ways = [Router(impedance(network)).route("alfa", "delta") for network in (tiny, new)]
    found = [(one.kind, one.table, one.row, one.field, one.before, one.after, one.grade, one.used)
             for one in differences(tiny, new, [ways, (None, ways[1]), (None, None)])]  # fmt: skip
    assert found == [
        ("changed", "operation", "border:queue:hours:any", "value", 6.0, 7.0, "B", 2),
        ("changed", "speed", "road", "speed_kmh", 60.0, 50.0, "B", 2),
        ("changed", "speed", "road", "speed_kmh_low", 50.0, 45.0, "B", 2),
        ("changed", "tariff", "road_ru:FEU", "per_km", 1.0, 2.0, "D", 2),
        ("changed", "link", "rail-ag", "length_km", 500.0, 450.0, "C", 0),
        ("gone", "service", "line-gd", "", None, None, "B", 0),
        ("new", "speed", "air", "", None, None, "A", 0),
    ]
    assert of_evidence_alone(tiny, new) == 2


def test_a_copy_that_a_scenario_makes_is_held_against_what_it_was_made_from(tiny, write_yaml):
    text = """scenario: one
title: one
changes:
  - {set: crossing, where: {crossing_id: bc-out}, component: queue, field: hours, value: 5}
"""
    then = cn.load_scenario(write_yaml("one", text)).apply(tiny)
    ways = [Router(impedance(network)).route("alfa", "delta") for network in (tiny, then)]
    (one,) = differences(tiny, then, [ways])
    assert (one.kind, one.row, one.field, one.before, one.after, one.used) == (
        "changed", "border~one~1:queue:hours:any", "value", 6.0, 5.0, 1)  # fmt: skip
    back = differences(then, tiny, [ways[::-1]])
    copies = ("border_fee:cost", "procedures:hours", "queue:hours")
    assert {(one.kind, one.row) for one in back} == {("gone", f"border~one~1:{what}:any") for what in copies}
