"""Whose fixed part is paid when cargo is put on a mode: the least of those at home, whatever the order of rows."""

from collections import Counter
from contextlib import suppress
from itertools import pairwise

import pytest

from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import NoRoute


def fixed_of(network, terminal="terminal:alfa-origin-road"):
    step = next(one for one in impedance(network).arcs if one.key == terminal)
    return {figure.split(":")[1] for part in step.parts for figure in part.figures if figure.startswith("tariff:")}


def tariff(name, fixed, **more):
    return {"tariff_id": name, "mode": "road", "cargo_unit": "FEU", "fixed": fixed, "per_km": 1, "currency": "CNY",
            "price_year": 2018, **more}  # fmt: skip


def road(name, tariff_id, end="golf"):
    return {"link_id": name, "name": name, "from_node_id": "alfa", "to_node_id": end, "directed": 0, "mode": "road",
            "length_km": 400, "speed_id": "road", "tariff_id": tariff_id, "emission_factor_id": "lorry",
            "country": "CN"}  # fmt: skip


@pytest.mark.parametrize("first", [True, False])
def test_of_two_tariffs_at_home_the_one_with_the_least_fixed_part_is_paid(make_tiny, first):
    def tariffs(rows):
        rows += [tariff("road_dear", 90), tariff("road_cheap", 30)]

    def links(rows):
        more = [road("road-ag", "road_dear"), road("road-ag-2", "road_cheap")]
        rows[:] = more + rows if first else rows + more

    assert fixed_of(make_tiny(tariff=tariffs, link=links)) == {"road_cheap"}


def test_money_of_two_currencies_is_compared_in_dollars(make_tiny):
    def tariffs(rows):
        rows.append(tariff("road_usd", 30, currency="USD", price_year=2019))

    assert fixed_of(make_tiny(tariff=tariffs, link=lambda rows: rows.append(road("road-ag", "road_usd")))) == {
        "road_cn"
    }


def test_a_link_of_another_country_and_one_that_only_leads_here_are_not_entered_at_home(make_tiny):
    """Alfa is in China: a Russian link that begins there, and a directed one that ends there, are cheaper in vain."""

    def tariffs(rows):
        rows += [tariff("road_abroad", 1, per_km=9), tariff("road_arriving", 2, per_km=9)]

    def links(rows):
        abroad = road("road-abroad", "road_abroad") | {"country": "RU"}
        arriving = road("road-arriving", "road_arriving") | {
            "from_node_id": "golf",
            "to_node_id": "alfa",
            "directed": 1,
        }
        rows += [abroad, arriving]

    assert fixed_of(make_tiny(tariff=tariffs, link=links)) == {"road_cn"}


def test_a_link_that_stays_in_the_country_goes_before_a_cheaper_one_that_leaves_it(make_tiny):
    """Delta is in Japan: the fixed part of what goes there is not paid by cargo that is put on the road at home."""

    def tariffs(rows):
        rows += [tariff("road_leaving", 1), tariff("road_leaving_too", 2), tariff("road_home", 500)]

    def links(rows):
        rows[:] = [row for row in rows if row["from_node_id"] != "alfa" or row["mode"] != "road"]
        rows += [road("a", "road_leaving", "delta"), road("b", "road_leaving_too", "delta"), road("c", "road_home")]

    assert fixed_of(make_tiny(tariff=tariffs, link=links)) == {"road_home"}


# whose on the way, by hand


def terminal(node, before, after, operation="load_road"):
    return {"terminal_id": f"{node}-{before}-{after}", "node_id": node, "from_state": before, "to_state": after,
            "operation_id": operation}  # fmt: skip


@pytest.fixture
def two_ways(make_tiny):
    """The tiny network both ways, with a lorry's change at the border, a road and a station more in China.

    Fixed parts, USD of 2019: 60 CNY of 2018 = 11 of a Chinese lorry, 70 of a Russian one, 600 CNY = 110 of a train.
    """

    def tariffs(rows):
        next(row for row in rows if row["tariff_id"] == "road_ru")["fixed"] = 70

    def operations(rows):
        rows.append({"operation_id": "border", "component": "lift", "quantity": "cost", "value": 150,
                     "cargo_unit": "any", "currency": "USD", "price_year": 2019})  # fmt: skip

    def terminals(rows):
        rows += [terminal("delta", "origin", "port_out"), terminal("charlie", "origin", "road")]
        rows += [terminal("golf", "road", "port_out"), terminal("golf", "port_in", "road")]
        rows += [terminal("golf", "rail_1435", "road"), terminal("alfa", "road", "rail_1435")]
        rows += [terminal(node, "road", "destination") for node in ("alfa", "bravo", "golf")]

    def calls(rows):
        rows += [
            {"service_id": "line-dg", "call_sequence": n, "node_id": node} for n, node in ((1, "delta"), (2, "golf"))
        ]

    def services(rows):
        rows.append(next(row for row in rows if row["service_id"] == "line-gd") | {"service_id": "line-dg"})

    changes = {"tariff": tariffs, "operation": operations, "terminal": terminals, "service": services}
    more_road = road("road-ag", "road_cn")
    return impedance(make_tiny(**changes, service_call=calls, link=lambda rows: rows.append(more_road)))


CHINA, RUSSIA, TRAIN = ("road_cn", 11), ("road_ru", 70), ("rail_cn", 110)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("way", "paid"),
    [
        # export through China alone: the lorry that comes to the shipper, or the train
        (["terminal:alfa-origin-road", "link:road-ag:alfa:road", "terminal:golf-road-port_out"], [CHINA]),
        (["terminal:alfa-origin-rail_1435", "link:rail-ag:alfa:rail_1435", "terminal:golf-rail_1435-port_out"],
         [TRAIN]),
        # import from sea: the lorry that takes the box off the quay, and nothing before it
        (["terminal:golf-port_in-road", "link:road-ag:golf:road", "terminal:alfa-road-destination"], [CHINA]),
        # export by land: Chinese lorry to the border, a Russian one beyond
        (["terminal:alfa-origin-road", "link:road-ab:alfa:road", "link:road-bc:bravo:road", "crossing:bc-out:road",
          "terminal:charlie-road-port_out"], [CHINA, RUSSIA]),
        # import by land: Russian lorry to the yard at Bravo, a Chinese one from there, also to Bravo itself
        (["terminal:charlie-origin-road", "link:road-bc:charlie:road", "crossing:bc-in:road", "link:road-ab:bravo:road",
          "terminal:alfa-road-destination"], [RUSSIA, CHINA]),
        (["terminal:charlie-origin-road", "link:road-bc:charlie:road", "crossing:bc-in:road",
          "terminal:bravo-road-destination"], [RUSSIA, CHINA]),
        # rail in the middle: lorries of both countries, a train, and the lorry that takes the box from it
        (["terminal:charlie-origin-road", "link:road-bc:charlie:road", "crossing:bc-in:road", "link:road-ab:bravo:road",
          "terminal:alfa-road-rail_1435", "link:rail-ag:alfa:rail_1435", "terminal:golf-rail_1435-road",
          "terminal:golf-road-destination"], [RUSSIA, CHINA, TRAIN, CHINA]),
    ],
)  # fmt: skip
def test_each_carrier_that_is_hired_is_paid_its_fixed_part_once(two_ways, way, paid):
    step_of = {step.key: step for step in two_ways.arcs}
    steps = [step_of[key] for key in way]
    assert all(before.head == after.tail for before, after in pairwise(steps)), "no way"
    fixed = [
        (part.figures[0].split(":")[1], part.amount) for step in steps if step.kind != "haul" for part in step.parts
        if part.component == "haul" and part.quantity == "cost"
    ]  # fmt: skip
    assert fixed == [(name, pytest.approx(usd)) for name, usd in paid]


def test_a_border_that_the_vehicle_passes_as_it_is_hires_nobody(make_tiny):
    """Without a lift in its operation the crossing has its fee alone, 120 CNY of 2018 = 22 USD."""

    def tariffs(rows):
        next(row for row in rows if row["tariff_id"] == "road_ru")["fixed"] = 70

    step = next(one for one in impedance(make_tiny(tariff=tariffs)).arcs if one.key == "crossing:bc-out:road")
    assert [part.amount for part in step.parts if part.quantity == "cost"] == [pytest.approx(22)]


# links that are closed


def without(network, link):
    kept = {table: [row for row in network.rows(table) if row.link_id != link] for table in ("link", "crossing")}
    return network.with_rows(**kept)


def prices(network, pairs):
    router, found = Router(impedance(network), by="money"), {}
    for pair in pairs:
        with suppress(NoRoute):
            found[pair] = router.route(*pair).cost_usd
    return found


def test_at_a_border_without_a_road_beyond_the_dearest_of_the_country_is_paid(two_ways):
    """Bravo is in China, and its only road leads to Alfa: Alfa's other road has 60 CNY of 2018 = 11 USD."""
    step = next(one for one in impedance(without(two_ways.network, "road-ab")).arcs if one.key == "crossing:bc-in:road")
    assert [part.amount for part in step.parts if part.component == "haul"] == [pytest.approx(11)]


def test_no_link_that_is_closed_makes_an_answer_cheaper(two_ways):
    """Of the links whose tariff others have too. To Golf itself by sea a lorry comes with its only road closed."""
    network = two_ways.network
    ends = ("alfa", "bravo", "charlie", "delta", "golf")
    before = prices(network, [(a, b) for a in ends for b in ends if a != b])
    assert len(before) >= 5
    used = Counter(row.tariff_id for row in network.rows("link"))
    closed = [row.link_id for row in network.rows("link") if used[row.tariff_id] > 1]
    assert len(closed) >= 2
    for link in closed:
        for pair, cost in prices(without(network, link), before).items():
            assert cost >= before[pair] - 1e-9, (link, pair)


@pytest.mark.parametrize(
    ("link", "pairs"),
    [
        ("road-suifenhe-dongning", [("vladivostok", "dongning"), ("vladivostok", "harbin")]),
        ("road-mudanjiang-suifenhe", [("vladivostok", "suifenhe"), ("vladivostok", "dongning")]),
        ("road-yanji-hunchun", [("vladivostok", "hunchun"), ("zarubino", "hunchun")]),
        ("road-suifenhe-grodekovo", [("harbin", "vladivostok"), ("vladivostok", "suifenhe")]),
        ("road-kraskino-hunchun", [("hunchun", "zarubino"), ("yanji", "vladivostok")]),
    ],
)
def test_no_road_at_a_border_that_is_closed_makes_an_answer_cheaper(net2019, link, pairs):
    assert link in {row.link_id for row in net2019.rows("link")}
    before, after = prices(net2019, pairs), prices(without(net2019, link), pairs)
    assert before
    assert all(cost >= before[pair] - 1e-9 for pair, cost in after.items())
