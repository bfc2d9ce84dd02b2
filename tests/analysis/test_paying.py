"""Whether the upgrades of a study pay: the same figures as `appraise`, told in the first lines and in the report."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.appraisal.drawn_rates import drawn_rates, rate_range
from corridor_net.appraisal.rates_of_return import rates_of_return
from corridor_net.errors import BadValue
from corridor_net.output.paying_text import paying_table, paying_words
from corridor_net.questions import page_of
from corridor_net.render.words import Words


@pytest.fixture(scope="module")
def study():
    return cn.load().study(baselines=["baseline-2019"])


def test_each_upgrade_has_the_figures_of_appraise(study):
    model = cn.load(as_of="2019-07-01")
    told = {one.scenario: one for one in study.paying}
    assert {"primorye-1", "primorye-2", "rajin-khasan", "harbin-mudanjiang"} <= set(told)
    for name in ("primorye-2", "rajin-khasan"):
        one, found = told[name], model.appraise(name, figures=0)
        for field in ("npv_usd", "rates_of_return", "pays_from_teu", "opening_teu", "investment_usd"):
            assert getattr(one, field) == pytest.approx(getattr(found, field)), field
        assert one.counted == found.counted
        assert (one.opening, one.last, one.base_year) == (found.opening, found.last, found.base_year)
        for field in ("p10", "p50", "p90", "above_zero"):
            assert getattr(one.draws, field) == pytest.approx(getattr(found.draws, field)), field


def test_the_first_lines_say_whether_upgrades_pay(study):
    told = list(map(Words().text, page_of(study).blocks[:4]))
    begins = f"Of {len(study.paying)} upgrades with a known investment"
    line = next(words for words in told if words.startswith(begins))
    paid = [one.scenario for one in study.paying if one.npv_usd >= 0]
    assert all(name in line for name in paid)
    table = page_of(study).tables[0]
    assert [row[0] for row in table.rows] == [one.scenario for one in study.paying]
    assert table.rows[1][1] == pytest.approx(study.paying[1].npv_usd / 1e6)


def test_json_report_and_findings_have_it(study, tmp_path):
    study.write(tmp_path / "out")
    told = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))["paying"]
    assert told == json.loads(json.dumps(study.to_dict()["paying"]))
    assert [one["scenario"] for one in told] == [one.scenario for one in study.paying]
    assert "values" not in told[0]["draws"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert '<section id="paying">' in page
    assert 'href="#paying"' in page
    assert Words().printed.text(paying_words(study.paying)) in page


def test_none_that_pays_names_the_one_that_needs_least(study):
    losers = [one for one in study.paying if one.npv_usd < 0]
    words = Words().text(paying_words(losers))
    assert "none pays" in words
    least = min((one for one in losers if one.pays_from_teu is not None), key=lambda one: one.pays_from_teu)
    assert f"{least.scenario} needs least, {least.pays_from_teu:,.0f}" in words
    hopeless = [replace(one, pays_from_teu=None) for one in losers]
    assert "none pays" in Words().text(paying_words(hopeless))
    assert [str(row[5]) for row in paying_table(hopeless).rows] == ["no traffic"] * len(hopeless)


def test_traffic_beyond_a_hundred_times_what_there_is_has_no_number(study):
    first = study.paying[0]
    edges = [replace(first, pays_from_teu=times * first.opening_teu) for times in (100, 100.001)]
    assert [Words().text(row[5]) for row in paying_table(edges).rows] == [
        f"{100 * first.opening_teu:,.0f}",
        ">100\u00a0×",
    ]


def test_a_study_by_time_or_without_investments_says_nothing_of_it():
    by_time = cn.load().study(baselines=["baseline-2019"], scenarios=["primorye-2"], by="time")
    assert by_time.paying == ()
    free = cn.load().study(baselines=["baseline-2019"], scenarios=["vanino"])
    assert free.paying == ()
    assert not any("known investment" in getattr(one, "template", "") for one in page_of(free).blocks)


def test_drawn_rates_are_the_exact_ones_row_by_row():
    rows = np.random.default_rng(5).normal(0, 100, (300, 6))
    found = drawn_rates(rows)
    for row, rate in zip(rows.tolist(), found.tolist(), strict=True):
        exact = rates_of_return(row)
        if np.isneginf(rate):
            assert exact == ()
        elif not np.isnan(rate):
            assert exact == pytest.approx((rate,), rel=1e-9, abs=1e-12)
    assert np.isfinite(found).sum() > 20
    assert np.isnan(found).sum() > 20
    assert np.isneginf(found).sum() > 2


def test_rates_far_from_nought_and_years_without_money_are_right():
    flows = np.array([[0, -100.0, 0, 0, 1.0], [-1.0, 0, 1e9, 0, 0], [0, 0, -5.0, 0, 5.0], [-1.0, 0, -1.0, 0, -1.0]])
    exact = [rates_of_return(row)[0] for row in flows[:3].tolist()]
    found = drawn_rates(flows)
    assert found[:3] == pytest.approx(exact, rel=1e-9, abs=1e-12)
    assert np.isneginf(found[3])


def test_points_of_rates_below_every_rate_are_none():
    told = rate_range(np.array([-np.inf] * 3 + [0.1] * 6 + [np.nan]))
    assert (told.p10, told.p50, told.p90) == (None, 0.1, 0.1)
    assert (told.none, told.several) == (0.3, 0.1)
    with pytest.raises(BadValue, match="no draws"):
        rate_range(np.array([]))
