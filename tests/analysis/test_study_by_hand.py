"""A study of the small network by hand: its runs and pairs, what it tells by itself, and how a notebook shows it."""

import pytest

from corridor_net.analysis.compare import TripDifference
from corridor_net.analysis.upgrade_sets.findings import findings
from corridor_net.errors import BadValue, NoRoute
from corridor_net.render.words import Words


def test_runs_and_pairs_of_a_study_by_hand(tiny_comparison):
    main, shut, none = tiny_comparison.runs
    assert [run.name for run in tiny_comparison.runs] == ["baseline-2019", "baseline-2019/shut", "baseline-2019/none"]
    assert (tiny_comparison.main, tiny_comparison.baselines) == (main, [main])
    assert [effect.scenario for effect in tiny_comparison.effects(main)] == ["shut", "none"]
    assert (tiny_comparison.scenario_runs("other"), tiny_comparison.baseline_of(none)) == ([], main)
    told = {
        (run.scenario, origin): (one.changed, one.switched_gateway, one.cut_off, one.gained)
        for run in (shut, none)
        for origin in ("alfa", "golf")
        for one in [tiny_comparison.difference(run, origin)]
    }
    assert told == {
        ("shut", "alfa"): (True, True, False, False), ("shut", "golf"): (False, False, False, False),
        ("none", "alfa"): (True, False, True, False), ("none", "golf"): (True, False, True, False)}  # fmt: skip
    back = TripDifference(main, None, main.trips["alfa", "delta"])
    assert (back.changed, back.switched_gateway, back.cut_off, back.gained) == (True, False, False, True)
    assert not TripDifference(main, None, None).changed
    frame = tiny_comparison.frame[["scenario", "origin", "cost_usd", "gateway"]].fillna("").round(2)
    assert frame.to_numpy().tolist() == [
        ["", "alfa", 846, "charlie"], ["", "golf", 750, "golf"],
        ["shut", "alfa", 1163.33, "golf"], ["shut", "golf", 750, "golf"]]  # fmt: skip


def test_a_trip_by_hand(tiny_comparison):
    trips = tiny_comparison.main.trips
    assert set(trips) == {("alfa", "delta"), ("golf", "delta")}
    alfa, golf = trips["alfa", "delta"], trips["golf", "delta"]
    assert (alfa.services, alfa.crossings, alfa.gateway) == (("line-cd",), ("bc-out",), "charlie")
    assert (golf.services, golf.crossings, golf.gateway) == (("line-gd",), (), "golf")
    assert (alfa.cost_usd, alfa.co2_kg, alfa.distance_km) == pytest.approx((846, 780, 1330))
    assert (golf.cost_usd, golf.hours, golf.distance_km) == pytest.approx((750, 4 + 84 + 80 + 30, 2000))
    assert golf.generalised_cost_usd == pytest.approx(750 + 198 * 8.25)
    assert alfa.keys == (
        "terminal:alfa-origin-road", "link:road-ab:alfa:road", "link:road-bc:bravo:road", "crossing:bc-out:road",
        "terminal:charlie-road-port_out", "board:line-cd:1", "sail:line-cd:1:land",
        "terminal:delta-port_in-destination")  # fmt: skip
    assert tiny_comparison.main.route("alfa", "delta").services == alfa.services
    with pytest.raises(NoRoute):
        tiny_comparison.main.route("alfa", "bravo")


def test_a_study_knows_its_destinations_and_who_wrote_a_source(tiny_comparison):
    assert tiny_comparison.destination("Delta") == tiny_comparison.destination(None) == "delta"
    with pytest.raises(BadValue, match="the study does not go to 'golf'"):
        tiny_comparison.destination("golf")
    assert [tiny_comparison.written_by(one) for one in ("scenario:shut", "scenario:none~1", "S", "shut")] == [
        "Shut", "None", "", ""]  # fmt: skip
    assert set(tiny_comparison.sources) == {"S", "scenario:none~1", "scenario:shut~1"}


def test_what_a_study_tells_by_itself_by_hand(tiny_comparison):
    """Alfa goes by Golf: 317.33 USD and 122.42 hours more, and no figure of 26 would bring it back by Charlie."""
    why, thresholds = findings(tiny_comparison)
    names = Words(names={"alfa": "Alfa", "delta": "Delta", "charlie": "Charlie", "golf": "Golf"})
    assert [names.text(line) for line in why.lines] == [
        "Alfa to Delta: the cargo moves from Charlie to Golf.",
        "A box pays 317 USD more (846 to 1,163 USD) and takes 5.1 days more (6.7 to 11.8 days); with an hour worth "
        "8.25 USD it loses 1,327 USD in all.",
        "Before, the new way was 1,327 USD behind; the old one is closed now.",
        "What differs most: haul +219 USD and +19.5 h, sailing +40.0 h, wait +37.9 h, dwell +24.0 h.",
        "One change is enough for the move: close crossing bc-out.",
        "Without it the cargo would have stayed.",
        "There is no other gateway.",
    ]
    assert names.text(why.title) == "Why the route changes: shut"
    assert [names.text(line) for line in thresholds.lines] == ["No single figure of 26 flips the gateway."]
    assert thresholds.data == {"origin": "alfa", "destination": "delta", "answer": "gateway", "tested": 26,
                               "limits": []}  # fmt: skip


def test_the_notebook_by_hand(tiny_comparison):
    rows = tiny_comparison._repr_html_().split("<tr>")[2:]
    assert [[cell.split("<")[0] for cell in row.split("<td>")[1:]] for row in rows] == [
        ["baseline-2019", "shut", "1 of 2", "0", "2", "+159", "+2.6", "-255"],
        ["baseline-2019", "none", "0 of 2", "2", "0", "–", "–", "–"],
    ]
