"""One pair under every scenario: the best is named, who seldom wins is named with the others, files agree."""

import json
from dataclasses import replace

import pytest

import corridor_net as cn
from corridor_net.costing import Objective
from corridor_net.errors import BadValue, NoRoute, ScenarioError
from corridor_net.languages import words_for
from corridor_net.output.chances import SURE, gateway_words, others, otherwise
from corridor_net.questions.upgrades import compare as question
from corridor_net.render.console import page_text


@pytest.fixture(scope="module")
def found():
    return cn.load(as_of="2019-07-01").compare("hunchun", "niigata", scenarios=["primorye-1", "primorye-2", "vanino"])


def printed(found, width=80):
    return page_text(question.view(found), words_for(*found.networks), width)


def test_the_example_of_the_page():
    objective = Objective(value_of_time=10.0, reliability_ratio=0.4)
    before = objective.generalised(2000.0, 240.0, 48.0, 0.0)
    after = objective.generalised(2100.0, 200.0, 40.0, 0.0)
    assert (before, after, before - after) == (4592.0, 4260.0, 332.0)


def test_every_scenario_stands_by_itself_and_is_the_route_of_that_scenario(found):
    for one in found.results[1:]:
        alone = cn.load(as_of="2019-07-01", scenarios=[one.scenario]).route("hunchun", "niigata")
        assert one.route.as_json() == alone.route.as_json()
        assert one.uncertainty == alone.uncertainty
    assert [one.scenario for one in found.results] == ["baseline", "primorye-1", "primorye-2", "vanino"]


@pytest.mark.parametrize(("share", "named"), [(0.0045, 0), (0.005, 0), (0.0055, 1)])
def test_a_gateway_that_would_be_shown_with_nothing_is_not_named(found, share, named):
    uncertainty = replace(
        found.results[0].uncertainty, gateways={found.results[0].uncertainty.gateway: 1 - share, "vostochny": share}
    )
    said = " ".join(words_for(*found.networks).text(one) for one in others(uncertainty))
    assert said == "Vostochny 1%" * named


def test_scenarios_of_the_model_are_compared_too():
    model = cn.load(as_of="2019-07-01", scenarios=["primorye-2"])
    both = model.compare("hunchun", "niigata", scenarios=["vanino", "primorye-2"])
    assert [one.scenario for one in both.results] == ["baseline", "primorye-2", "vanino"]
    assert both.baseline.route.as_json() == model.before.route("hunchun", "niigata").route.as_json()


def test_the_first_sentence_names_the_best(found):
    least = min(found.results, key=lambda one: one.route.generalised_cost_usd)
    assert found.best is least
    words = " ".join(printed(found).split())
    assert words.startswith(
        f"Hunchun to Niigata, July 2019: least generalised cost with {least.scenario}, {least.route.cost_usd:,.0f} USD"
    )
    same = cn.load(as_of="2019-07-01").compare("harbin", "niigata", scenarios=["vanino"])
    assert same.best is same.baseline
    assert "no scenario betters it" in printed(same)


def test_a_best_that_is_dearer_says_what_it_is_dearer_for():
    found = cn.load(as_of="2026-07-01").compare("harbin", "niigata", scenarios=["longjiang-belt"])
    best, base = found.best.route, found.baseline.route
    more, gain = best.cost_usd - base.cost_usd, base.generalised_cost_usd - best.generalised_cost_usd
    assert more > 0 < gain
    worth = (base.generalised_cost_usd - base.cost_usd) - (best.generalised_cost_usd - best.cost_usd)
    said = " ".join(printed(found).split())
    assert f"costs {more:,.0f} USD more" in said
    assert f"are worth {worth:,.0f} USD: it gains {gain:,.0f} USD" in said
    cheaper = cn.load(as_of="2019-07-01").compare("mudanjiang", "niigata", scenarios=["longjiang-belt"])
    assert cheaper.best.route.cost_usd < cheaper.baseline.route.cost_usd
    assert "USD more" not in printed(cheaper)


def test_at_sixty_columns_each_scenario_is_a_row_in_any_language(found):
    for language in ("en", "ru", "ja"):
        text = page_text(question.view(found), words_for(*found.networks, language=language), 60)
        rule = next(line for line in text.splitlines() if line.startswith("---"))
        assert len(rule) <= 60
        for one in found.results:
            usd = words_for(language=language).number(one.route.cost_usd)
            assert any(usd in line and not line.startswith("  ") for line in text.splitlines()), (
                language,
                one.scenario,
            )


def test_each_scenario_is_a_line_of_its_own_colour(found):
    features = found.geojson()["features"]
    assert len({one["properties"]["stroke"] for one in features}) == len(features) == len(found.results)
    assert [one["properties"]["title"].rpartition(", ")[2] for one in features] == [r.scenario for r in found.results]


def test_by_time_the_quickest_is_the_best():
    found = cn.load(as_of="2019-07-01", by="time").compare("hunchun", "niigata", scenarios=["primorye-1", "primorye-2"])
    assert found.best.route.hours == min(one.route.hours for one in found.results)


def test_who_seldom_wins_is_named_with_those_who_do_otherwise():
    found = cn.load(as_of="2019-07-01").compare("harbin", "niigata", scenarios=["rajin-khasan", "vladivostok-liner"])
    words = " ".join(printed(found, 240).split())
    seldom = 0
    for one in found.results:
        assert words_for(*found.networks).text(gateway_words(one.uncertainty)) in words
        rest = [words_for(*found.networks).text(other) for other in otherwise(one.uncertainty)]
        assert bool(rest) == (one.uncertainty.gateway_wins < SURE)
        seldom += bool(rest)
        for other in rest[:1]:
            assert other in words
    assert seldom, "one of these is open: otherwise nothing is tested"


def test_the_table_fits_eighty_columns_with_what_matters(found):
    text = printed(found)
    assert max(map(len, text.splitlines())) <= 80
    for heading in ("gateway, wins", "province", "USD", "days", "change"):
        assert heading in text


def test_a_scenario_without_a_route_has_a_row_and_all_without_is_an_error(write_yaml):
    path = write_yaml("shut", "scenario: shut\ntitle: x\nchanges:\n  - {close: service, where: {service_id: '*'}}\n")
    model = cn.load(as_of="2019-07-01")
    found = model.compare("harbin", "niigata", scenarios=[path])
    assert found.results[1].to_dict() == {"scenario": "shut", "no_route": found.results[1].no_route}
    assert "no route" in printed(found)
    assert found.frame.loc[1, "cost_usd"] != found.frame.loc[1, "cost_usd"], "not a number"
    with pytest.raises(NoRoute):
        model.compare("harbin", "baranovsky", scenarios=[path])


def test_frame_and_layer_say_what_the_json_says(found):
    told = json.loads(json.dumps(found.to_dict()))["results"]
    assert found.frame["cost_usd"].tolist() == [one["cost_usd"] for one in told]
    assert found.frame["gateway_wins"].round(4).tolist() == [one["uncertainty"]["gateway_wins"] for one in told]
    layer = json.loads(json.dumps(question.layer(found)))
    assert [f["properties"]["scenario"] for f in layer["features"]] == [one["scenario"] for one in told]
    assert len({f["id"] for f in layer["features"]}) == len(told)


def test_mistakes_are_told(write_yaml):
    model = cn.load(as_of="2019-07-01")
    with pytest.raises(ScenarioError, match="different days"):
        cn.load().compare("harbin", "niigata", scenarios=["baseline-2016", "baseline-2019"])
    with pytest.raises(BadValue, match="both 'harbin'"):
        model.compare("harbin", "harbin", scenarios=["vanino"])
    changes = "  - {scale: link, where: {link_id: rail-harbin-mudanjiang}, field: length_km, by: 1.1}\n"
    one = write_yaml("one", f"scenario: one\ntitle: x\nconflicts: vanino\nchanges:\n{changes}")
    side_by_side = model.compare("harbin", "niigata", scenarios=[one, "vanino"])
    assert len(side_by_side.results) == 3, "what conflicts may be compared, for nothing is applied together"
