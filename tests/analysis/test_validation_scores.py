"""How claims score: money, time and distance apart, against the point and the range; what scores nothing; no claims."""

import json
import re
from itertools import pairwise
from math import inf, log

import pytest

import corridor_net as cn
from corridor_net.analysis.validate import ends
from corridor_net.errors import BadValue
from corridor_net.languages import words_for
from corridor_net.network import Network
from corridor_net.questions import question
from corridor_net.questions.pages.claims import what_said


def claim(name, metric, value, **cells):
    unit = {"cost": "USD", "time": "d"}.get(metric, "km")
    return {"claim_id": name, "origin": "alfa", "destination": "delta", "metric": metric, "value": value,
            "unit": unit, "as_of": "2019-07-01", "basis_of_time": "realised", "cargo_id": "dry_40",
            "comparable": "yes", "is_input": "no", "cargo_unit": "FEU", **cells}  # fmt: skip


@pytest.fixture
def asked(make_tiny):
    """Return a function that validates the tiny network against claims."""

    def ask(*claims, draws=400, **changes):
        network = make_tiny(published=lambda rows: rows.extend(claims), **changes)
        return cn.load(geodata=network.folder).validate(draws=draws)

    return ask


def only(found):
    (one,) = found.claims
    return one


def test_money_time_and_distance_score_apart(asked):
    found = asked(
        claim("c1", "cost", 846), claim("c2", "cost", 2000), claim("t1", "time", 6.7), claim("d1", "distance", 1330)
    )
    assert [(one.kind, one.claims, one.met) for one in found.scores] == [
        ("money", 2, 1),
        ("time", 1, 1),
        ("distance", 1, 1),
    ]
    assert sum(one.claims for one in found.groups) == len(found.scored) == 4
    assert {(one.corridor, one.year) for one in found.groups} == {("Charlie", 2019)}


def test_a_claim_is_in_the_range_when_the_ranges_meet(asked):
    """The cost is 846; its 10-90 % range comes from the ranges of grade B (15 %) of some ten figures."""
    one = only(asked(claim("c", "cost", 846), draws=4000))
    assert one.p10 < 846 < one.p90
    assert one.in_range is True
    for value, high, inside in ((one.p90 + 1, None, False), (100, one.p10 - 1, False), (100, one.p10 + 1, True)):
        again = only(asked(claim("c", "cost", value, value_high=high if high else ""), draws=4000))
        assert again.in_range is inside, (value, high)
    assert only(asked(claim("c", "cost", 100, bound="from"), draws=4000)).in_range is True


def test_the_range_is_that_of_the_route_on_the_day(net2019):
    """A cost from door to door along the way of `route` has the range that `route` shows beside it."""
    from corridor_net.analysis.validate import validate
    from corridor_net.network.rows import Published
    from corridor_net.uncertainty.calibration.calibrate import spans
    from corridor_net.uncertainty.calibration.claims import Claims

    row = Published(claim_id="x", origin="harbin", destination="niigata", metric="cost", value=3000.0, unit="USD",
                    as_of=net2019.day, basis_of_time="realised", cargo_id="dry_40", comparable="yes", source_id="BK",
                    grade="B", cargo_unit="FEU")  # fmt: skip
    (((low, high), _),) = spans(Claims(validate(net2019.with_rows(published=[row]))), 2000)
    shown = cn.load(as_of="2019-07-01").route("harbin", "niigata").uncertainty.route.cost_usd
    assert (low, high) == (pytest.approx(shown.p10), pytest.approx(shown.p90))


def test_inputs_score_nothing_even_where_they_could_be_compared(asked):
    found = asked(claim("c", "cost", 846, is_input="yes"), claim("d", "cost", 846))
    assert [one.met for one in found.claims] == [None, True]
    assert [(one.kind, one.claims) for one in found.scores] == [("money", 1)]
    assert "input" in found.claims[0].remark


def test_money_of_another_box_or_of_no_currency_and_strange_units_are_not_compared(asked):
    found = asked(
        claim("teu", "cost", 846, cargo_unit="TEU"),
        claim("coin", "cost", 846, unit="coins"),
        claim("weeks", "time", 1, unit="weeks"),
        claim("miles", "distance", 800, unit="miles"),
    )
    assert [one.error for one in found.claims] == [None] * 4
    assert "TEU" in found.claims[0].remark
    assert all(one.remark for one in found.claims)
    assert found.scores == ()


def test_money_is_compared_in_the_currency_of_the_claim_and_time_in_its_unit(asked):
    found = asked(claim("cny", "cost", 846 * 7, unit="CNY"), claim("hours", "time", 160, unit="h"))
    assert found.claims[0].model == pytest.approx(846 * 7)
    assert found.claims[1].model == pytest.approx(156.5 + 196 / 48)


@pytest.mark.parametrize(
    ("metric", "unit", "loading", "landing"), [("time", 24, 4, 30), ("cost", 1, 50, 300)], ids=["time", "money"]
)
def test_what_a_claim_counts_is_what_its_source_counts(asked, metric, unit, loading, landing):
    """Loading takes 4 h and 50 USD, landing in Delta 30 h and 300 USD: a freight rate pays for neither."""
    spans = [("factory", "cleared"), ("departure", "cleared"), ("factory", "arrival"), ("departure", "arrival")]
    found = asked(*(claim(f"{a}-{b}", metric, 6, scope_from=a, scope_to=b) for a, b in spans))
    counted = [one.model * unit for one in found.claims]
    assert [counted[0] - one for one in counted] == pytest.approx([0, loading, landing, loading + landing])
    assert all(first > second for first, second in pairwise(counted))


def test_freight_counts_though_it_is_paid_before_the_ship_leaves(asked):
    """From Charlie's quay: 200 USD on boarding and 0.1 a km for 1,000 km; 100 of loading, 300 of landing are apart."""
    quay = {"terminal_id": "quay", "node_id": "charlie", "from_state": "origin", "to_state": "port_out"}
    spans = [{}, {"scope_from": "departure", "scope_to": "arrival"}]
    found = asked(
        *(claim(f"c{k}", "cost", 300, origin="charlie", **span) for k, span in enumerate(spans)),
        terminal=lambda rows: rows.append({**quay, "operation_id": "port_charlie"}),
    )
    assert [one.model for one in found.claims] == pytest.approx([700, 300])


def test_a_claim_told_of_a_mode_goes_by_its_links_alone(asked):
    """By road there is only the way to Charlie, by rail only that to Golf."""
    found = asked(*(claim(f"by-{modes}", "time", 6, modes=modes) for modes in ("", "road", "rail", "road;rail")))
    assert [one.corridor for one in found.claims] == ["Charlie", "Charlie", "Golf", "Charlie"]
    assert str(what_said(found.claims[2].row)) == "time, realised, by rail"


def test_a_mode_that_no_link_has_is_named_with_the_nearest(asked):
    wrong = only(asked(claim("wrong", "time", 6, modes="rial")))
    assert wrong.error is None
    assert "'rial'" in wrong.remark


def test_without_published_figures_it_says_so_and_succeeds(cli, tiny_folder, tmp_path):
    done = cli("validate", "--geodata", tiny_folder)
    assert done.code == 0
    assert "no published figures" in done.out
    assert json.loads(cli("validate", "--geodata", tiny_folder, "--json").out)["claims"] == []
    page = tmp_path / "page.md"
    page.write_text("<!-- table: begin -->\n<!-- table: end -->\n", encoding="utf-8")
    assert cli("validate", "--geodata", tiny_folder, "--out", page).code == 0
    assert "no published figures" in page.read_text(encoding="utf-8")


def test_a_package_without_the_table_says_so_too(cli, write_tiny, tmp_path):
    data = write_tiny(tmp_path / "t")
    data.path("published").unlink()
    done = cli("validate", "--geodata", data.folder)
    assert done.code == 0
    assert "no published figures" in done.out


def test_options_that_every_claim_says_itself_are_refused(cli):
    for options in (["--as-of", "2019-07-01"], ["--cargo", "dry_20"], ["--schedule"], ["-s", "primorye-1"]):
        done = cli("validate", *options)
        assert done.code == 2, options
        assert "its own day" in done.err
    with pytest.raises(BadValue):
        cn.load(co2_price=50.0).validate()


def test_the_page_names_places_and_not_ids():
    found = cn.load().validate(draws=100)
    table = question("validate").view(found).tables[0]
    kinds = {column.heading: column.kind for column in table.columns}
    assert kinds["from"] == kinds["to"] == "name"
    assert {one.corridor for one in found.claims} >= {"Dalian", "Zarubino", "Vostochny against Dalian"}
    words = words_for(Network.from_folder(), language="ru")
    for shown in question("validate").view(found).tables:
        at = [column.heading for column in shown.columns].index("corridor")
        told = {shown.columns[at].shown(row[at], words) for row in shown.rows}
        assert told >= {"Далянь", "Владивосток против Далянь"}
        assert not [text for text in told if re.search("[a-z]", text)]


def test_what_would_be_published_has_the_claims_own_error_beside_the_figures_ranges(asked):
    """In logarithms the squares add up: (0.15² of grade B + 0.15² that the model leaves out), times (2 x 1.2816)²."""
    one = only(asked(claim("c", "cost", 846, grade="B"), draws=20_000))
    own, told = (log(high / low) for low, high in ((one.p10, one.p90), (one.foretold_p10, one.foretold_p90)))
    assert told == pytest.approx((own**2 + (2 * 1.2816) ** 2 * (0.15**2 + 0.15**2)) ** 0.5, rel=0.02)
    for value, inside in ((one.foretold_p90 - 1, True), (one.foretold_p90 + 1, False)):
        again = only(asked(claim("c", "cost", value, grade="B"), draws=20_000))
        assert (again.in_range, again.foretold) == (False, inside)


def test_a_claim_made_under_supported_prices_is_asked_under_their_scenario(asked, write_yaml):
    """Of 846 USD 74 are the hauls by road, which half a rate halves; a scenario that is not there is said."""
    half = """
        scenario: half-rate
        title: Half of the road rate
        changes:
          - {scale: tariff, where: {mode: road}, field: per_km, by: 0.5, why: a test, grade: D}
          - {scale: tariff, where: {mode: road}, field: fixed, by: 0.5, why: a test, grade: D}
    """
    path = str(write_yaml("half-rate", half))
    plain, under, lost = asked(
        claim("plain", "cost", 846),
        claim("under", "cost", 846, scenario=path),
        claim("lost", "cost", 846, scenario="x"),
    ).claims
    assert (plain.model, str(what_said(plain.row))) == (pytest.approx(846, abs=0.5), "cost")
    assert under.model == pytest.approx(846 - 37, abs=0.5)
    assert (under.scenario, str(what_said(under.row))) == (path, f"cost, under {path}")
    assert lost.error is None
    assert "'x'" in lost.remark


@pytest.mark.parametrize(("value", "compared"), [(0, False), (-1, False), (0.5, True), (1, True)])
def test_of_a_published_cost_of_nothing_no_answer_can_be_off(asked, value, compared):
    (found,) = asked(claim("c", "cost", value)).claims
    assert (found.error is not None) is compared
    assert ("nothing to be off by" in found.remark) is not compared


@pytest.mark.whole
@pytest.mark.parametrize(
    ("metric", "cells", "told"),
    [
        ("time", {"value": 6}, (5.5, 6.5)),  # six days: what rounds to them
        ("time", {"value": 2.4}, (2.4, 2.4)),
        ("time", {"value": 7, "value_high": 10}, (7, 10)),
        ("time", {"value": 2, "bound": "from"}, (2, inf)),
        ("cost", {"value": 2000}, (2000, 2000)),
    ],
)
def test_a_time_told_as_a_whole_number_is_what_rounds_to_it(make_tiny, metric, cells, told):
    row = claim("c", metric, **cells)
    (read,) = make_tiny(published=lambda rows: rows.append(row)).rows("published")
    assert ends(read) == told
