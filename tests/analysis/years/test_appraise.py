"""Appraisals of the shipped projects: switching values are re-solved, and everything adds up."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.loads.traffic import market_streams, read_streams
from corridor_net.analysis.router import Router
from corridor_net.analysis.years.carriage import Line, _kept
from corridor_net.appraisal.measures import present_value
from corridor_net.appraisal.project import Project
from corridor_net.errors import BadFile, BadValue, FileFaults
from corridor_net.questions import page_of, words_of
from corridor_net.questions.upgrades import appraise as face
from corridor_net.render.console import page_text
from corridor_net.uncertainty.ensembles import searched
from corridor_net.uncertainty.factors.draws import Factors
from corridor_net.uncertainty.studies.appraised import carried


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


@pytest.fixture(scope="module")
def found(model):
    return model.appraise("primorye-2", investment=5e8, draws=200)


def test_years_components_and_present_value_are_one_sum(found):
    net = [year.net for year in found.years]
    assert present_value(net, found.discount) == pytest.approx(found.npv_usd)
    gained = sum(share.total for share in found.components)
    costs = found.costs
    assert gained - costs["investment"] - costs["operation"] + costs["residual"] == pytest.approx(found.npv_usd)
    for rate in found.rates_of_return:
        assert present_value(net, rate) == pytest.approx(0, abs=1)
    assert found.npv_by_carbon["low"] == found.npv_usd
    assert found.npv_by_carbon["none"] < found.npv_by_carbon["low"] < found.npv_by_carbon["high"]


def test_its_page_names_what_the_project_adds(found):
    text = page_text(page_of(found), words_of(found), 200)
    assert "sailings of Zarubino - Niigata weekly liner" in text
    assert "by waiting 3 years" in text
    assert "zarubino-niigata-weekly" not in text


def test_it_cites_the_source_of_its_investment_and_of_its_routes(model, found):
    routes = [
        one.route(city, "niigata") for one in (model, model.with_scenario("primorye-2")) for city in found.origins
    ]
    ids = {name for route in routes for leg in route.legs for name in leg.source_ids}
    assert (set(found.cited()), found.investment_source) == (ids, "")  # an investment is given
    own = model.appraise("primorye-2", draws=0, figures=0)
    assert (set(own.cited()), own.investment_source) == (ids | {"WEK"}, "WEK")


def test_traffic_that_takes_another_gateway_is_diverted(model, found):
    """Pair by pair as `route` tells the gateway; all that is there anyhow is normal or diverted."""
    using = model.with_scenario("primorye-2")
    leaves = {a for a in found.origins if model.route(a, "niigata").gateway != using.route(a, "niigata").gateway}
    assert leaves
    teu = {s.origin: s.by_year([2022], found.growth)[0] * 2 for s in market_streams(model.router, ("niigata",))}
    year = next(one for one in found.years if one.year == 2022)
    assert year.diverted_teu == pytest.approx(sum(teu[a] for a in leaves))
    assert year.normal_teu + year.diverted_teu == pytest.approx(sum(teu.values()))


def test_the_account_in_money_leads_to_that_of_the_economy(model, found):
    """Step by step; at market prices the two differ by what is no money, and taxes and wages are no gain."""
    told, project = found.accounts, {step.what: step.usd for step in found.accounts.steps}
    assert sum(step.usd for step in told.steps) == pytest.approx(found.npv_usd)
    parts = {share.component: share for share in found.components}
    saved = sum(parts[name].normal + parts[name].diverted for name in ("money", "fees"))
    market = model.appraise("primorye-2", investment=5e8, draws=0, figures=0, shadow=("none",))
    paid = market.costs["investment"] + market.costs["operation"] - market.costs["residual"]
    assert told.financial_usd == pytest.approx(saved + parts["fees collected"].total - paid)
    assert market.accounts.financial_usd == pytest.approx(told.financial_usd)
    assert found.npv_usd - market.npv_usd == pytest.approx((1 - 0.891) * paid)
    assert project["taxes and duties (transfer)"] == pytest.approx(0.069 * paid)
    assert [step.what for step in market.accounts.steps if step.economic] == [
        "time and certainty",
        "generated traffic",
        "CO2e",
    ]


def test_at_the_switching_traffic_and_investment_it_is_worth_nothing(model, found, tmp_path):
    rows = ["origin,destination,teu,year"]
    for stream in market_streams(model.router, ("niigata",)):
        teu = {year: boxes * model.router.impedance.cargo.teu for year, boxes in stream.boxes.items()}
        rows += [f"{stream.origin},niigata,{t * found.traffic_multiple!r},{year}" for year, t in teu.items()]
    table = tmp_path / "traffic.csv"
    table.write_text("\n".join(rows), encoding="utf-8")
    again = model.appraise("primorye-2", investment=5e8, draws=0, figures=0, traffic=str(table))
    assert again.npv_usd == pytest.approx(0, abs=10)
    assert again.opening_teu == pytest.approx(found.pays_from_teu)
    cheaper = model.appraise("primorye-2", investment=found.pays_below_usd, draws=0, figures=0)
    assert cheaper.npv_usd == pytest.approx(0, abs=10)
    at_rate = model.appraise("primorye-2", investment=5e8, draws=0, figures=0, discount=found.rates_of_return[0])
    assert at_rate.npv_usd == pytest.approx(0, abs=10)


def test_the_switching_value_of_an_hour_is_re_solved(model, found):
    """Just below it the project does not pay, just above it does; and nowhere between it and the present value."""
    switch = next(one for one in found.switches if one.key == "value_of_time")
    assert switch.value is not None

    def npv(hour):
        asked = model.with_options(value_of_time=hour)
        return asked.appraise("primorye-2", investment=5e8, draws=0, figures=0).npv_usd

    assert npv(switch.value * (1 - 1e-6)) < 0 < npv(switch.value * (1 + 1e-6))
    for hour in np.linspace(switch.value * 1.001, switch.now, 4):
        assert npv(hour) > 0


def test_the_switching_value_of_a_tariff_is_re_solved(model, found, tmp_path):
    switch = next(one for one in found.switches if one.key == "tariff:sea_ru_jp")

    def npv(times):
        path = tmp_path / f"rate-{times:.9f}.yaml"
        change = f"scale: tariff\n    where: {{tariff_id: sea_ru_jp}}\n    field: fixed\n    by: {times!r}"
        text = f"scenario: rate\ntitle: rate\nchanges:\n  - {change}\n"
        path.write_text(text, encoding="utf-8")
        rate = cn.load_scenario(path)
        base = rate.apply(model.network)
        changed = replace(model, base=base)
        return changed.appraise("primorye-2", investment=5e8, draws=0, figures=0).npv_usd

    assert npv(switch.multiple * (1 - 1e-5)) * npv(switch.multiple * (1 + 1e-5)) < 0
    assert npv(1 + (switch.multiple - 1) / 2) > 0


@pytest.mark.slow
def test_the_best_opening_is_the_best_of_all_that_are_tried(model, found):
    tried = {}
    for later in range(21):
        asked = model.appraise(
            "primorye-2", investment=5e8, draws=0, figures=0, start=2019 + later, opening=2022 + later
        )
        tried[2022 + later] = asked.npv_usd / (1 + found.discount) ** later
    best = max(tried, key=tried.__getitem__)
    assert found.best_opening == best
    assert found.best_opening_npv_usd == pytest.approx(tried[best])


def test_draws_are_paired_and_repeatable(model, found):
    again = model.appraise("primorye-2", investment=5e8, draws=200, figures=0)
    assert again.draws.values.tolist() == found.draws.values.tolist()
    assert found.draws.p10 < found.draws.p50 < found.draws.p90
    assert found.draws.above_zero == np.mean(found.draws.values > 0)
    free = model.appraise("primorye-2", investment=1e-6, draws=200, figures=0, operation=0.0)
    same = model.appraise("suifenhe-faster", investment=1e-6, draws=50, figures=0, operation=0.0)
    assert free.draws.mean > 0
    assert same.draws.values.min() > -1e-3 * abs(free.draws.mean)  # an upgrade alone never makes a best way dearer


@pytest.mark.parametrize("large", [False, True])
def test_with_no_doubt_at_all_a_draw_is_the_answer(model, monkeypatch, large):
    """Whether the whole network is searched in every draw, or the cheapest of rivals is taken."""
    asked = model.with_options(co2_price=40.0)
    with_it = asked.with_scenario("primorye-2")
    plan = Project(spending={2019: 1e8}, opening=2020, last=2030, rate=0.05)
    case = face._case(asked, with_it, "market", (), plan, 0.01, 0.5, "low")
    if large:
        monkeypatch.setattr(searched, "LARGE", 0)

    def certain(distributions):
        return Factors({name: replace(one, kind="certain") for name, one in distributions.items()})

    without = None
    for router, known in zip((case.before, case.after), case.carriage, strict=True):
        without = carried(router, case.pairs, 1, certain, without)
        assert without.carriage.user[:, 0] == pytest.approx(known.user)
        assert without.carriage.fees[:, 0] == pytest.approx(known.fees)
        assert without.carriage.co2_kg[:, 0] == pytest.approx(known.co2_kg)


def test_scenarios_of_the_command_are_there_with_and_without_the_project(model):
    """With a line already there, the programme gains less than without it."""
    alone = model.appraise("primorye-2", draws=0, figures=0)
    beside = model.with_scenario("vladivostok-liner").appraise("primorye-2", draws=0, figures=0)
    assert beside.scenario == alone.scenario == "primorye-2"
    assert beside.investment_usd == alone.investment_usd
    assert beside.npv_usd < alone.npv_usd
    same = model.with_scenario("primorye-2").appraise(draws=0, figures=0)
    assert same.npv_usd == alone.npv_usd


def test_a_project_that_changes_nothing_pays_at_no_traffic(model, tmp_path):
    path = tmp_path / "idle.yaml"
    path.write_text(
        "scenario: idle\ntitle: Idle\ninvestment_usd: 1000000\nchanges:\n  - scale: tariff\n"
        "    where: {tariff_id: road_kr}\n    field: per_km\n    by: 1.5\n",
        encoding="utf-8",
    )
    found = model.appraise(str(path), draws=0, figures=2)
    assert found.pays_from_teu is None
    assert found.pays_below_usd is None
    assert found.best_opening is None
    assert all(switch.value is None for switch in found.switches)
    assert face.view(found).blocks


def test_the_command_names_every_mistake_and_writes_nothing(cli, tmp_path):
    out = tmp_path / "out"
    empty = tmp_path / "none.csv"
    empty.write_text("origin,destination,teu\nharbin,niigata,0\n", encoding="utf-8")
    for options, told in (
        (("--traffic", str(empty)), "there is no demand"),
        (("--start", "-5"), "the first year is '-5'"),
        (("--start", "2019.5"), "--start"),
        (("--opening", "2060", "--until", "2050"), "never opens"),
        (("--growth", "0.5"), "times as much"),
        (("--discount", "9"), "a share: 9% is 0.09"),
        (("--operation", "2"), "a share: 2% is 0.02"),
        (("--investment", "-5"), "the investment is -5"),
        (("--spend", "2020.5=1e9"), "a year of spending is '2020.5'"),
    ):
        done = cli("appraise", "primorye-2", "--as-of", "2019-07-01", *options, "--out", str(out))
        assert done.code == 2, options
        assert told in done.err
        assert not out.exists()
    done = cli("appraise", "primorye-2", "--as-of", "2019-07-01", "--draws", "0", "--json", "--out", str(out))
    told = json.loads(done.out)
    assert told["opening"] == 2022
    assert sorted(path.name for path in out.iterdir()) == ["present-value.svg", "years.csv"]


def test_a_table_of_traffic_with_mistakes_names_each_with_its_place(model, tmp_path):
    path = tmp_path / "traffic.csv"
    path.write_text(
        "origin,destination,teu,year,growth\nharbn,niigata,5,2020,\nharbin,niigata,x,2020.5,-3\n", encoding="utf-8"
    )
    with pytest.raises(FileFaults) as caught:
        read_streams(path, model.router, 2019)
    told = [(fault.place.line, fault.place.column) for fault in caught.value.faults]
    assert told == [(2, 1), (3, 16), (3, 18), (3, 25)]
    path.write_text("origin,destination,teu\nharbin,niigata,5\nharbin,niigata,6\n", encoding="utf-8")
    with pytest.raises(BadValue, match="stands twice for 2019"):
        read_streams(path, model.router, 2019)
    path.write_text("origin,destination\nharbin,niigata\n", encoding="utf-8")
    with pytest.raises(BadFile, match="lacks the column 'teu'"):
        read_streams(path, model.router, 2019)


@pytest.mark.whole
@pytest.mark.parametrize("name", ["Growth", "grwoth", "yaer", "growth"])
def test_a_column_of_growth_or_year_that_is_misspelt_or_twice_is_no_column_left_out(model, tmp_path, name):
    path = tmp_path / "traffic.csv"
    path.write_text(f"origin,destination,teu,growth,{name},note\nharbin,niigata,5,0.02,0.03,x\n", encoding="utf-8")
    with pytest.raises(BadFile, match=f"has the (unknown )?column '{name}'") as caught:
        read_streams(path, model.router, 2019)
    assert caught.value.place.line == 1
    path.write_text("origin,destination,teu,note\nharbin,niigata,5,x\n", encoding="utf-8")
    assert len(read_streams(path, model.router, 2019)) == 1


def test_where_several_places_are_reached_one_that_is_no_market_has_no_share_of_the_trade(imp2019):
    router = Router(imp2019)
    alone, beside = (market_streams(router, goals) for goals in (["niigata"], ["niigata", "vladivostok"]))
    shared = {
        goal: sum(sum(one.boxes.values()) for one in beside if one.destination == goal)
        for goal in ("niigata", "vladivostok")
    }
    assert shared["niigata"] == pytest.approx(sum(sum(one.boxes.values()) for one in alone))
    assert shared["vladivostok"] == 0


@pytest.mark.parametrize("size", [1.0, 1e6])
def test_of_two_routes_that_are_as_good_at_one_end_the_one_that_is_best_at_the_other_is_kept(size):
    """A tie is no place to cut: what floating numbers leave open grows with what is weighed, and is 1e-9 of it."""

    def line(weight, slope):
        return Line(weight=(weight, slope), cost=(weight, slope), fee=(0.0, 0.0), co2_kg=0.0)

    steep, flat, dearer = line(size, size), line(size * (1 + 2e-10), 0.0), line(size * (1 + 1e-6), 0.0)
    assert _kept([steep], [flat], 0.0, 1.0) == ([flat], None)
    assert _kept([flat], [line(0.0, size * (1 + 4e-10))], 0.0, 1.0) == ([flat], None)
    found, cut = _kept([steep], [dearer], 0.0, 1.0)
    assert found == [steep]
    assert cut == pytest.approx(1e-6, rel=1e-6)
