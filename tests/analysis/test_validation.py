"""The model against the published end-to-end figures: most within 25 %, none left out without a reason."""

from __future__ import annotations

import json

import pytest

from corridor_net.analysis.validate import WITHIN, validate


@pytest.fixture(scope="module")
def checks(shipped):
    return validate(shipped)


def comparable(checks):
    return [check for check in checks if check.row.comparable == "yes"]


def test_two_thirds_of_the_published_figures_are_met(cli):
    done = cli("validate", "--json")
    assert done.code == 0
    answers = [a for a in json.loads(done.out)["claims"] if not a["remark"].startswith("not comparable")]
    met = sum(a["met"] for a in answers)
    assert len(answers) >= 20
    assert met >= 2 / 3 * len(answers), sorted(a["claim"] for a in answers if not a["met"])


def test_the_command_says_what_python_says(cli, checks):
    answers = json.loads(cli("validate", "--json").out)["claims"]
    assert [a["claim"] for a in answers] == [check.claim for check in checks]
    for answer, check in zip(answers, checks, strict=True):
        assert answer["model"] == check.model
        assert answer["met"] is check.met
        assert answer["error"] == check.error


def test_every_comparable_figure_gets_an_answer(checks):
    for check in comparable(checks):
        assert check.model is not None, (check.claim, check.remark)
        assert check.error is not None


def test_what_is_not_compared_says_why(checks):
    for check in checks:
        if check.row.comparable == "no":
            assert check.row.note.strip(), check.claim
            assert check.remark == f"not comparable: {check.row.note}"
            assert not check.met


def test_met_means_within_a_quarter(checks):
    assert WITHIN == 0.25
    for check in comparable(checks):
        assert check.met is (abs(check.error) <= 0.25)


def test_answers_by_hand(make_tiny):
    """The tiny network, asked in every way: 846 USD, 1,330 km, 160.583 h realised, 49.4 h by the timetable."""
    hours = 156.5 + 196 / 48
    asked = {
        "cost": ("cost", "realised", "", 846),
        "far": ("distance", "realised", "", 1330),
        "real": ("time", "realised", "", hours / 24),
        "plan": ("time", "schedule", "", 49.4 / 24),
        # in time for its ship: no wait for the border or the sailing, no dwell on the way out
        "trial": ("time", "timed", "", (hours - 42 - 196 / 48 - 24) / 24),
        "rail": ("time", "realised", "golf", 283 / 24),
        "lane": ("lane", "realised", "", 1000),
    }

    def published(rows):
        units = {"cost": "USD", "time": "d"}
        for name, (metric, basis, via, _) in asked.items():
            rows.append({"claim_id": name, "origin": "charlie" if metric == "lane" else "alfa", "destination": "delta",
                         "via": via, "metric": metric, "value": 1, "unit": units.get(metric, "km"),
                         "as_of": "2019-07-01", "basis_of_time": basis, "cargo_id": "dry_40",
                         "comparable": "yes"})  # fmt: skip

    found = {check.claim: check.model for check in validate(make_tiny(published=published))}
    assert found == {name: pytest.approx(answer) for name, (*_, answer) in asked.items()}


def test_a_saving_is_the_difference_of_two_ways_and_may_be_below_nothing(make_tiny):
    """By Golf 1,163.33 USD and 2,500 km, by Charlie 846 and 1,330: 317.33 USD, about 1,004.67, and 1,170 km less."""
    asked = {"usd": ("cost_saving", "USD", 300), "km": ("distance_saving", "km", 1000),
             "loss": ("cost_saving", "USD", -100), "none": ("cost_saving", "USD", 0),
             "below": ("cost", "USD", -846), "lost": ("lane", "km", 5)}  # fmt: skip

    def published(rows):
        for name, (metric, unit, value) in asked.items():
            rows.append({"claim_id": name, "origin": "charlie" if metric == "lane" else "alfa",
                         "destination": "golf" if metric == "lane" else "delta", "via": "charlie",
                         "versus_via": "golf", "metric": metric, "value": value, "unit": unit, "as_of": "2019-07-01",
                         "basis_of_time": "realised", "cargo_id": "dry_40", "comparable": "yes"})  # fmt: skip

    found = {check.claim: check for check in validate(make_tiny(published=published))}
    golf, saved = 50 + 110 + 1100 / 6 + 120 + 400 + 300, 50 + 110 + 1100 / 6 + 120 + 400 + 300 - 846
    assert found["usd"].model == found["loss"].model == pytest.approx(saved)
    assert found["usd"].scale == pytest.approx((golf + 846) / 2)
    assert found["km"].model == pytest.approx(1170)
    assert found["km"].scale == pytest.approx((2500 + 1330) / 2)
    assert found["usd"].corridor == "Charlie against Golf"
    assert found["usd"].error == pytest.approx(saved / 300 - 1)
    assert found["loss"].error == pytest.approx((saved + 100) / 100)
    for name in ("none", "below"):
        assert (found[name].model, found[name].error, found[name].met) == (None, None, None)
        assert "has nothing to be off by" in found[name].remark
    assert found["lost"].remark == "there is no sea lane charlie to golf"
    figures = {figures: amount for amount, figures in found["km"].terms}
    assert figures == {("link:rail-ag:length_km",): 500, ("sea_lane:sea-gd:length_km",): 2000,
                       ("link:road-ab:length_km",): -300, ("link:road-bc:length_km",): -30,
                       ("sea_lane:sea-cd:length_km",): -1000}  # fmt: skip


@pytest.mark.whole
@pytest.mark.parametrize(
    ("low", "high", "error"),
    [(846, None, 0), (800, 900, 0), (1000, None, -0.154), (1000, 2000, -0.154), (400, 600, 0.41), (600, None, 0.41)],
)
def test_errors_by_hand(make_tiny, low, high, error):
    """846 USD against a figure or a range: from its nearer end."""

    def published(rows):
        rows.append({"claim_id": "c", "origin": "alfa", "destination": "delta", "metric": "cost", "value": low,
                     "value_high": high, "unit": "USD", "as_of": "2019-07-01", "basis_of_time": "realised",
                     "cargo_id": "dry_40", "comparable": "yes"})  # fmt: skip

    (check,) = validate(make_tiny(published=published))
    assert check.error == pytest.approx(error)
    assert check.met is (abs(error) <= 0.25)


def test_kinds_of_figures_are_all_asked(checks):
    assert {"time", "cost", "distance"} <= {check.row.metric for check in comparable(checks)}
    assert {"realised", "schedule"} <= {c.row.basis_of_time for c in comparable(checks) if c.row.metric == "time"}


def test_no_figure_of_the_network_is_tuned_to_a_claim(shipped):
    """No operation, speed or tariff says that it was fitted to one of the published end-to-end figures."""
    claims = {row.claim_id for row in shipped.rows("published")}
    for table in ("operation", "speed", "tariff", "terminal", "crossing", "link"):
        for row in shipped.rows(table):
            words = set(row.basis.replace(",", " ").replace(";", " ").replace("(", " ").replace(")", " ").split())
            assert not words & claims, (table, row.line, words & claims)


def test_the_page_is_renewed_between_its_marks(cli, tmp_path):
    page = tmp_path / "validation.md"
    page.write_text("# Title\n<!-- table: begin -->\nold\n<!-- table: end -->\nafter\n", encoding="utf-8")
    assert cli("validate", "--out", page).code == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Title\n<!-- table: begin -->\n")
    assert text.endswith("<!-- table: end -->\nafter\n")
    assert "old" not in text
    assert "| money |" in text
    assert cli("validate", "--out", page).code == 0
    assert page.read_text(encoding="utf-8") == text


def test_a_page_without_marks_is_left_alone(cli, tmp_path):
    page = tmp_path / "x.md"
    for content in ("plain\n", "<!-- table: end --> <!-- table: begin -->\n", "<!-- table: begin -->\n" * 2):
        page.write_text(content, encoding="utf-8")
        done = cli("validate", "--out", page)
        assert done.code == 2
        assert "Traceback" not in done.all
        assert page.read_text(encoding="utf-8") == content


def test_the_shipped_page_is_up_to_date(root, cli, tmp_path):
    page = root / "docs" / "validation.md"
    if not page.exists():
        pytest.skip("docs/validation.md is not written yet")
    text = page.read_text(encoding="utf-8")
    copy = tmp_path / page.name
    copy.write_text(text, encoding="utf-8")
    assert cli("validate", "--out", copy).code == 0
    assert copy.read_text(encoding="utf-8") == text
