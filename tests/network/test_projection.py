"""Days beyond the data: what holds on the last goes on by stated rules, and answers say that they are projected."""

import json
from datetime import date
from math import exp, log

import pytest

import corridor_net as cn
from corridor_net.costing import impedance, parameters_of
from corridor_net.costing.ranges import Z90
from corridor_net.errors import BadValue
from corridor_net.network import Network
from corridor_net.network.checks import faults_of

LATER = "2030-07-01"


def rule(table, group="", change="", drift=0.1, years="", until=2040):
    return {
        "projection_id": f"{table}-{group}",
        "applies_to": table,
        "group": group,
        "change_pct_per_year": change,
        "drift": drift,
        "drift_years": years,
        "until_year": until,
    }


def rules(*rows):
    return {"projection": lambda found: found.extend(rows)}


@pytest.fixture(scope="module")
def later(shipped):
    return shipped.as_of(LATER)


def test_days_inside_the_data_know_nothing_of_the_rules(shipped):
    without = shipped.with_rows(projection=())
    for day in ("2009-01-01", "2019-07-01", "2026-12-31"):
        one, other = shipped.as_of(day), without.as_of(day)
        assert one.tables["tariff"] is shipped.tables["tariff"]
        assert one.years_beyond == 0
        assert parameters_of(one, "dry_40") == parameters_of(other, "dry_40")


def test_all_that_is_there_on_the_last_day_is_there_later(shipped, later):
    last = shipped.as_of("2026-12-31")
    for table in ("node", "link", "crossing", "terminal", "service", "tariff", "operation", "speed"):
        known = {id_of(table, row) for row in last.active(table)}
        assert {id_of(table, row) for row in later.active(table)} == known
    assert faults_of(later) == []


def id_of(table, row):
    figure = ("operation_id", "component", "quantity", "cargo_unit", "tariff_id", "speed_id", f"{table}_id")
    return tuple(getattr(row, name, "") for name in figure)


def test_every_figure_keeps_its_value_and_its_range_widens_with_the_years(shipped):
    seen = [parameters_of(shipped.as_of(f"{year}-07-01"), "dry_40") for year in (2026, 2027, 2030, 2045)]
    for key, first in seen[0].items():
        ones = [one[key] for one in seen]
        assert {one.value for one in ones} == {first.value}
        if first.is_length or first.certain or first.value == 0 or first.low == first.high is not None:
            assert {(one.low, one.high) for one in ones} == {(first.low, first.high)}
            continue
        widths = [one.high / one.low if one.low else one.high for one in ones[1:]]
        assert widths == sorted(widths)
        assert {one.grade for one in ones[1:]} == {"D"}
        if first.low:
            assert widths[0] > first.high / first.low


def test_a_range_by_hand(shipped, later):
    """Four years: 0.34² x 4 for a sea rate, 0.10² x 4 for a lorry's, on the variances of their own ranges."""
    now, then = (parameters_of(one, "dry_40") for one in (shipped.as_of("2026-07-01"), later))
    for key, added in (("tariff:sea_kr_jp_nw", 0.34**2 * 4), ("tariff:road_cn", 0.10**2 * 4)):
        sigma = log(now[key].high) / Z90
        assert then[key].high == pytest.approx(exp(Z90 * (sigma**2 + added) ** 0.5))
    farther = parameters_of(shipped.as_of("2040-07-01"), "dry_40")
    assert farther["tariff:sea_kr_jp_nw"].high == pytest.approx(then["tariff:sea_kr_jp_nw"].high)
    assert farther["tariff:road_cn"].high > then["tariff:road_cn"].high


def test_an_answer_keeps_its_middle_and_widens(shipped):
    found = [cn.load(as_of=day).route("harbin", "niigata") for day in ("2026-12-31", "2027-07-01", LATER)]
    assert len({(one.cost_usd, one.hours) for one in found}) == 1
    widths = [one.uncertainty.route.cost_usd.p90 - one.uncertainty.route.cost_usd.p10 for one in found]
    assert widths[0] < widths[1] < widths[2]
    assert {leg.grade for leg in found[2].legs} == {"D"}
    assert found[2].price_year == 2026


def test_every_answer_says_that_it_is_projected(cli):
    for asked in (
        ("route", "harbin", "niigata"),
        ("matrix", "--from", "harbin", "--to", "niigata"),
        ("appraise", "primorye-2", "--draws", "0", "--figures", "0"),
    ):
        words = " ".join(cli(*asked, "--as-of", LATER).out.split())
        assert f"Projected from 2026-12-31 to {LATER}, grade D: what holds on 2026-12-31 goes on" in words
        told = json.loads(cli(*asked, "--as-of", LATER, "--json").out)["projected"]
        assert (told["from"], told["years"], told["grade"]) == ("2026-12-31", 4, "D")
    assert "rojected" not in cli("route", "harbin", "niigata", "--as-of", "2026-12-31").out


def test_figures_change_by_the_year_where_a_rule_says_so(make_tiny):
    changing = rule("tariff", change=10), rule("operation", "hours", change=-20), rule("service", change=20)
    first = make_tiny("2026-07-01", **rules(*changing))
    then = first.as_of("2028-07-01")
    assert then.years_beyond == 2
    now = {row.tariff_id: row for row in first.active("tariff")}
    for row in then.active("tariff"):
        assert row.per_km == pytest.approx(now[row.tariff_id].per_km * 1.21)
    sails = {row.service_id: row.sailings_per_week for row in first.active("service")}
    assert {r.service_id: r.sailings_per_week for r in then.active("service")} == pytest.approx(
        {key: value * 1.44 for key, value in sails.items()}
    )
    hours = {(r.operation_id, r.component): r.value for r in first.active("operation") if r.quantity == "hours"}
    for row in then.active("operation"):
        if row.quantity == "hours":
            assert row.value == pytest.approx(hours[row.operation_id, row.component] * 0.64)
    for day in ("2027-07-01", "2026-07-01", "2032-07-01"):  # seen from there it is as seen from the data
        seen = (impedance(net.as_of(day), price_year=2019).money for net in (then, first))
        assert next(seen) == pytest.approx(next(seen))


def test_what_ended_stays_ended_and_what_is_written_for_later_holds_by_its_dates(make_tiny):
    def lines(rows):
        rows[0]["valid_to"] = "2026-10-31"
        rows[1]["valid_to"] = "2026-12-31"
        rows.append({**rows[1], "valid_from": "2028-01-01", "valid_to": "2028-12-31", "sailings_per_week": 7})

    net = make_tiny("2026-07-01", service=lines, **rules(rule("service")))
    seen = {year: {r.service_id: r.sailings_per_week for r in net.as_of(f"{year}-07-01").active("service")} for year in
            (2026, 2027, 2028, 2029)}  # fmt: skip
    assert set(seen[2026]) == {"line-cd", "line-gd"}
    assert set(seen[2027]) == {"line-gd"}
    assert seen[2028] == {"line-gd": 7}
    assert seen[2029] == {}


def test_a_package_without_rules_refuses_as_before_and_bad_rules_are_faults(make_tiny):
    with pytest.raises(BadValue, match="outside the data"):
        make_tiny("2027-07-01")
    with pytest.raises(BadValue, match="outside the data") as caught:
        make_tiny("2041-01-01", **rules(rule("tariff"), rule("speed", until=2050)))
    assert caught.value.hint.endswith("are projected to 2040-12-31")
    wrong = make_tiny(**rules(rule("tariff", "sea ratess"), rule("speed"), rule("speed") | {"projection_id": "again"}))
    first, second = map(str, faults_of(wrong))
    assert "has no group 'sea ratess'" in first
    assert "a second rule" in second


def test_money_of_a_page_is_at_the_last_known_rate(cli):
    words = " ".join(cli("route", "harbin", "niigata", "--as-of", LATER, "--currency", "cny").out.split())
    assert "the rate of 2026 in the data" in words


def test_the_network_of_a_later_day_goes_back():
    net = Network.from_folder()
    assert net.as_of(LATER).as_of(date(2019, 7, 1)).active("tariff") == net.as_of("2019-07-01").active("tariff")
