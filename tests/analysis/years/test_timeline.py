"""A pair through the years: the ledger adds up, openings and closings are found, projections say that they are some."""

import json
import xml.etree.ElementTree as ET
from datetime import date
from types import SimpleNamespace

import pytest

import corridor_net as cn
from corridor_net.analysis.years.pair_years import _is_large
from corridor_net.analysis.years.timeline import YearChange, _repriced
from corridor_net.errors import BadValue, NoRoute
from corridor_net.languages import words_for
from corridor_net.questions import question

PAIRS = [("hunchun", "niigata"), ("jixi", "tokyo"), ("harbin", "niigata")]


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def found(request):
    return cn.load().timeline(*request.param, from_year=2010, to_year=2020)


@pytest.fixture(scope="module")
def hunchun():
    return cn.load().timeline("hunchun", "niigata", from_year=2011, as_of="2028-07-01")


def test_what_moved_a_year_adds_up_to_the_change_of_the_answer(found):
    for before, after in zip(found.years, found.years[1:], strict=False):
        parts = [one for one in found.changes if one.year == after.year and one.kind in ("figure", "way")]
        assert sum(one.cost_usd for one in parts) == pytest.approx(after.cost_usd - before.cost_usd, abs=1e-6)
        assert sum(one.hours for one in parts) == pytest.approx(after.hours - before.hours, abs=1e-6)


def test_another_way_is_told_exactly_when_the_way_is_another(found):
    model = cn.load(price_year=found.price_year)
    keys = {
        one.year: [leg.key for leg in model.as_of(one.day).route(found.origin, found.destination).legs]
        for one in found.years
    }
    told = {one.year for one in found.changes if one.kind == "way"}
    assert told == {year for year in keys if year - 1 in keys and keys[year] != keys[year - 1]}


def test_answers_are_those_of_route_on_the_day_in_one_price_year(found):
    assert found.price_year == 2026
    one = found.years[4]
    route = cn.load(as_of=one.day, price_year=2026).route(found.origin, found.destination)
    assert (one.cost_usd, one.hours, one.gateway) == (route.cost_usd, route.hours, route.gateway)
    assert (one.cost_p10, one.gateway_wins) == (route.uncertainty.route.cost_usd.p10, route.uncertainty.gateway_wins)


def test_the_line_of_zarubino_opens_and_closes(hunchun):
    told = {(one.year, one.kind): one.what for one in hunchun.changes if one.figure == "service:zarubino-niigata"}
    assert set(told) == {(2012, "opened"), (2014, "closed")}
    assert "20 TEU" in told[2014, "closed"]
    assert {one.year: one.gateway for one in hunchun.years}[2013] == "zarubino"


def sea_by_year(rows):
    sea = next(row for row in rows if row["tariff_id"] == "sea")
    rows.append({**sea, "fixed": 250, "valid_from": "2019-01-01"})
    sea["valid_to"] = "2018-12-31"


def closed_after_2018(rows):
    rows[0]["valid_to"] = "2018-12-31"
    rows[0]["end_reason"] = "no cargo"


def tiny_model(make_tiny, **changes):
    return cn.load(geodata=make_tiny(**changes).folder)


def test_the_example_of_the_page_a_dearer_rate(make_tiny):
    found = tiny_model(make_tiny, tariff=sea_by_year).timeline("alfa", "delta", from_year=2018, to_year=2019)
    assert found.price_year == 2019
    assert [one.cost_usd for one in found.years] == pytest.approx([846, 896])
    (only,) = found.changes
    assert (only.kind, only.figure, only.cost_usd, only.hours) == ("figure", "tariff:sea", pytest.approx(50), 0)


def test_the_example_of_the_page_a_line_that_ends(make_tiny):
    found = tiny_model(make_tiny, service=closed_after_2018).timeline("alfa", "delta", from_year=2018, to_year=2019)
    closed, way = found.changes
    assert (closed.kind, closed.what, closed.cost_usd) == ("closed", "Charlie - Delta (no cargo)", None)
    assert (way.kind, way.what) == ("way", "by Golf in place of Charlie")
    assert way.cost_usd == pytest.approx(50 + 110 + 1000 / 6 * 1.1 + 120 + 200 + 200 + 300 - 846)
    assert way.hours == pytest.approx(283 - 156.5 - 196 / 48)


def test_a_border_that_opens_is_an_event(make_tiny):
    def later(rows):
        rows[0]["valid_from"] = "2019-01-01"

    found = tiny_model(make_tiny, crossing=later).timeline("alfa", "delta", from_year=2018, to_year=2019)
    assert next((one.kind, one.figure) for one in found.changes) == ("opened", "crossing:bc-out")
    assert [one.gateway for one in found.years] == ["golf", "charlie"]


def test_a_figure_on_the_new_way_alone_is_told_beside(make_tiny):
    """In 2018 the border takes 600 h of queue; in 2019 its 6 h bring the cargo from Golf to Charlie."""

    def queue(rows):
        row = next(one for one in rows if (one["operation_id"], one["component"]) == ("border", "queue"))
        rows.append({**row, "value": 600, "valid_to": "2018-12-31"})
        row["valid_from"] = "2019-01-01"

    found = tiny_model(make_tiny, operation=queue).timeline("alfa", "delta", from_year=2018, to_year=2019)
    (beside,) = [one for one in found.changes if one.kind == "beside"]
    assert (beside.figure, beside.hours) == ("operation:border:queue:hours", pytest.approx(-594))


def test_a_year_without_a_route_says_why_and_all_without_fail(make_tiny, tiny_folder):
    def gone(rows):
        for row in rows:
            row["valid_from"] = "2019-01-01"

    found = tiny_model(make_tiny, service=gone).timeline("alfa", "delta", from_year=2018, to_year=2019)
    assert "no route" in found.years[0].no_answer
    assert found.years[0].cost_usd is None
    assert found.changes == ()
    with pytest.raises(NoRoute):
        tiny_model(make_tiny, service=gone).timeline("alfa", "delta", from_year=2017, to_year=2018)
    with pytest.raises(NoRoute):
        cn.load(geodata=tiny_folder).timeline("delta", "alfa", from_year=2018, to_year=2019)


# projections


def test_beyond_the_data_it_is_a_projection_of_grade_d(hunchun):
    seen = {one.year: (one.projected, one.grade) for one in hunchun.years}
    assert [year for year, marks in seen.items() if marks == (True, "D")] == [2027, 2028]
    assert all(marks == (False, None) for year, marks in seen.items() if year <= 2026)
    last, *beyond = [one for one in hunchun.years if one.year >= 2026]
    for one in beyond:
        assert (one.cost_usd, one.hours, one.gateway) == (last.cost_usd, last.hours, last.gateway)
        assert (one.weak_cost, one.weak_hours) == pytest.approx((1.0, 1.0))
    widths = [one.cost_p90 - one.cost_p10 for one in (last, *beyond)]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]
    assert not [one for one in hunchun.changes if one.year > 2026]


def test_years_beyond_the_data_are_told_in_json_and_on_the_page(cli):
    asked = ("timeline", "hunchun", "niigata", "--as-of", "2027-07-01", "--from-year", "2026")
    years = json.loads(cli(*asked, "--json").out)["years"]
    assert [(one["day"], one["projected"], one["grade"]) for one in years] == [
        ("2026-07-01", False, None),
        ("2027-07-01", True, "D"),
    ]
    assert "2027 is a projection, grade D: what holds on 2026-12-31 goes on" in cli(*asked).out


@pytest.mark.parametrize(
    ("first", "last", "day"), [(2008, None, None), (2019, 2018, None), (None, 2090, None), (None, None, "x")]
)
def test_years_that_are_none_are_refused(first, last, day):
    with pytest.raises(BadValue):
        cn.load().timeline("harbin", "niigata", from_year=first, to_year=last, as_of=day)


def test_the_chart_is_sound_and_has_every_year_and_event(hunchun):
    said = words_for(cn.load().base)
    svg = question("timeline").drawn(hunchun, said)["timeline.svg"]
    words = " ".join(ET.fromstring(svg).itertext())  # noqa: S314 - made here
    for one in hunchun.years:
        assert str(one.year) in words
    assert "Zarubino – Niigata liner" in words
    assert "projection, grade D" in words
    assert svg == question("timeline").drawn(hunchun, said)["timeline.svg"]


def test_a_leap_day_is_the_28th_elsewhere():
    from corridor_net.analysis.years.timeline import same_day

    assert same_day(date(2024, 2, 29), 2030) == date(2030, 2, 28)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("usd", "hours", "large"),
    [(20, 0, True), (-20, 0, True), (19.9, 0, False), (0, 2, True), (0, -2, True), (0, 1.9, False), (None, 2, True),
     (20, None, True), (None, None, False), (19, 1.9, False)],
)  # fmt: skip
def test_a_figure_is_an_event_where_it_moved_cost_or_hours_by_two_per_cent(usd, hours, large):
    year = SimpleNamespace(cost_usd=1000.0, hours=100.0)
    assert _is_large(SimpleNamespace(cost_usd=usd, hours=hours), year) is large


def test_a_component_that_comes_or_goes_moves_the_answer_by_all_of_itself():
    def part(component, amount):
        return SimpleNamespace(component=component, quantity="cost", amount=amount, figures=(component,))

    figures = dict.fromkeys(("haul", "toll", "lift"), SimpleNamespace(value=1.0))
    router = SimpleNamespace(schedule=False, impedance=SimpleNamespace(parameters=figures))
    old = SimpleNamespace(parts=(part("haul", 100.0), part("toll", 7.0)))
    new = SimpleNamespace(parts=(part("haul", 100.0), part("lift", 30.0)))
    assert list(_repriced(old, new, (router, router))) == [("toll", "cost", -7.0), ("lift", "cost", 30.0)]


def test_parts_of_one_component_are_held_against_each_other_in_their_order():
    def part(component, amount, figure):
        return SimpleNamespace(component=component, quantity="cost", amount=amount, scheduled=1.0, figures=(figure,))

    known = dict.fromkeys(("fixed", "per_km", "gate"), SimpleNamespace(value=1.0))
    router = SimpleNamespace(schedule=False, impedance=SimpleNamespace(parameters=known))
    old = SimpleNamespace(parts=(part("haul", 100, "fixed"), part("toll", 7, "gate"), part("haul", 20, "per_km")))
    new = SimpleNamespace(parts=(part("toll", 7, "gate"), part("haul", 100, "fixed"), part("haul", 25, "per_km")))
    assert list(_repriced(old, new, (router, router))) == [("per_km", "cost", 5)]
    router.schedule = True
    assert list(_repriced(old, new, (router, router))) == []


@pytest.mark.parametrize(
    ("usd", "hours", "size"), [(-5.0, 2.0, 25.0), (5.0, -2.0, 25.0), (3.0, None, 3.0), (None, 4.0, 40.0)]
)
@pytest.mark.whole
def test_an_hour_counts_as_ten_dollars_where_changes_are_ordered(usd, hours, size):
    assert YearChange(year=2019, kind="figure", figure="a", what="", cost_usd=usd, hours=hours).size == size
