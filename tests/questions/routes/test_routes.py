"""Routes of many pairs: each is that of its pair alone, networkx finds none cheaper, and their legs add up."""

import networkx as nx
import pytest

import corridor_net as cn
from corridor_net.errors import BadValue, NoRoute

HERE, THERE = ["harbin", "suifenhe", "vladivostok"], ["niigata", "tokyo", "harbin"]


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


@pytest.mark.parametrize(("by", "weight"), [("generalised", "generalised_cost_usd"), ("time", "hours")])
def test_each_route_is_that_of_its_pair_and_the_least(model, by, weight):
    asked, graph = model.with_options(by=by), model.to_networkx()
    found = asked.routes(origins=HERE, destinations=THERE)
    assert [(one.origin, one.destination) for one in found.routes] == [(a, b) for a in HERE for b in THERE if a != b]
    for one in found.routes:
        assert one == asked.route(one.origin, one.destination).route
        ends = (one.origin, "origin"), (one.destination, "destination")
        least = nx.shortest_path_length(graph, *ends, weight=weight)
        assert getattr(one, weight) == pytest.approx(least)
    assert found.without == ()


def test_pairs_without_a_route_are_named(tiny_folder):
    found = cn.load(geodata=tiny_folder, as_of="2019-07-01").routes(pairs=["alfa:delta", "bravo:delta"])
    assert ([one.gateway for one in found.routes], found.without) == (["charlie"], (("bravo", "delta"),))
    assert "bravo" in str(found.to_dict()["without"])


def test_a_result_is_printed_as_its_page_with_the_first_rows_of_long_tables(model):
    found = model.routes(destinations=["niigata"])
    printed = str(found)
    assert printed.splitlines()[0] == "26 of 26 pairs have a route on 2019-07-01; prices of 2019."
    assert "(the first 10 of 26)" in printed
    assert len(printed.splitlines()) < 45
    legs = model.route("harbin", "niigata")
    assert "(the first" not in str(legs), "the legs of a route stand above their total, none left out"
    assert len(legs.route.legs) > 10
    assert "routes=<26, the first Route(" in repr(found)
    assert len(repr(found)) < 1000


def test_legs_add_up_to_the_totals_that_the_map_shows(model):
    found = model.routes(pairs=[("harbin", "niigata"), ("suifenhe", "tokyo")])
    totals = found.frame.groupby(["origin", "destination"], sort=False)[["cost_usd", "hours", "distance_km"]].sum()
    shown = found.geoframe.set_index(["origin", "destination"])
    assert list(totals.index) == list(shown.index) == [("harbin", "niigata"), ("suifenhe", "tokyo")]
    for measured, digits in (("cost_usd", 2), ("hours", 2), ("distance_km", 1)):
        assert totals[measured].round(digits).tolist() == shown[measured].tolist()
    assert set(shown.geom_type) == {"LineString"}


def test_components_of_a_frame_are_called_as_in_legs_csv(model):
    frame = model.routes(origins=["harbin"], destinations=["niigata"]).frame
    assert {"haul_usd", "haul_hours", "freight_usd"} <= set(frame.columns)
    assert not [name for name in frame.columns if name.endswith("_cost_usd")]


def test_pairs_that_are_none_are_refused(model):
    for given in ({"pairs": ["harbin"]}, {"pairs": ["harbin:tokyo"], "origins": ["harbin"]}):
        with pytest.raises(BadValue):
            model.routes(**given)
    with pytest.raises(BadValue, match="origin and destination are both 'harbin'"):
        model.routes(pairs=["harbin:Harbin"])
    with pytest.raises(NoRoute, match="none of 1 pairs has a route"):
        model.routes(pairs=["baranovsky:niigata"])
