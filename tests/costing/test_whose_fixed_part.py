"""Whose fixed part is paid when cargo is put on a mode: the least of those at home, whatever the order of rows."""

import pytest

from corridor_net.costing import impedance


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
