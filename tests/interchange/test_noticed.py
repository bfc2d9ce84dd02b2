"""What the numbers say of their units and of their coordinates: noticed, said, and refused where it is plain."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import corridor_net as cn
from corridor_net.errors import CorridorError

from .helpers import geodesic_km, grid, haul, said

UNITS = {"km": 1.0, "m": 1000.0, "mi": 1 / 1.609344, "ft": 1 / 0.0003048}


def lengths(imported):
    return imported.links["length_km"].astype(float).to_numpy()


@pytest.mark.parametrize("detour", [1.02, 1.3, 1.7])
@pytest.mark.parametrize("unit", UNITS)
def test_the_unit_of_lengths_is_told_from_the_straight_lines(unit, detour):
    nodes, links = grid(5, detour=detour)
    imported = cn.from_frames(nodes, links.assign(length=links["length"] * UNITS[unit]))
    assert lengths(imported) == pytest.approx(links["length"].to_numpy())
    names = {"km": "kilometres", "m": "metres", "mi": "miles", "ft": "feet"}
    assert said(imported, f"lengths are in {names[unit]}")


@pytest.mark.parametrize(("wrong", "right"), [("km", "m"), ("mi", "ft"), ("m", "km"), ("km", "mi"), ("mi", "km")])
def test_a_stated_unit_that_the_map_denies_is_refused_unless_the_user_insists(tmp_path, wrong, right):
    nodes, links = grid(5, detour=1.15)
    links["length"] *= UNITS[right]
    nodes.to_csv(tmp_path / "node.csv", index=False)
    links.to_csv(tmp_path / "link.csv", index=False)
    (tmp_path / "config.csv").write_text(f"dataset_name,long_length\nx,{wrong}\n")
    with pytest.raises(CorridorError, match="lengths are said to be in") as caught:
        cn.from_gmns(tmp_path)
    assert f"--length-unit {right}" in str(caught.value)
    good = cn.from_gmns(tmp_path, length_unit=right)
    assert lengths(good) == pytest.approx(links["length"].to_numpy() / UNITS[right])
    insisted = cn.from_gmns(tmp_path, length_unit=wrong)
    assert lengths(insisted) == pytest.approx(links["length"].to_numpy() / UNITS[wrong])
    assert said(insisted, "as asked, but look like")


def test_the_name_of_a_column_says_its_unit():
    nodes, links = grid(3)
    imported = cn.from_frames(nodes, links.assign(length_m=links["length"] * 1000).drop(columns="length"))
    assert lengths(imported) == pytest.approx(links["length"].to_numpy())


def test_mixed_units_are_refused_with_the_links_that_differ():
    nodes, links = grid(5)
    links.loc[3, "length"] *= 1000
    links.loc[7, "length"] *= 1000
    with pytest.raises(CorridorError, match=r"units are mixed: 2 of 40 lengths .* look like metres: k3, k7"):
        cn.from_frames(nodes, links)
    assert len(cn.from_frames(nodes, links, measured=True).links) == 40


def test_lengths_below_the_straight_line_are_said_with_the_worst():
    nodes, links = grid(5)
    links.loc[3, "length"] *= 0.5
    assert said(cn.from_frames(nodes, links), "1 link is shorter than the straight line between its nodes (worst k3:")


def test_lengths_of_a_web_mercator_map_are_noticed():
    nodes, links = grid(6, detour=1.0)
    stretch = 1 / np.cos(np.radians(nodes.set_index("node_id")["y_coord"].reindex(links["from_node_id"]).to_numpy()))
    assert said(cn.from_frames(nodes, links.assign(length=links["length"] * stretch * 1000)), "Web Mercator")
    assert not said(cn.from_frames(nodes, links), "Web Mercator")


def test_exchanged_coordinates_beyond_90_are_refused():
    nodes, links = grid(4)
    nodes["x_coord"] += 106
    swapped = nodes.assign(x_coord=nodes["y_coord"], y_coord=nodes["x_coord"])
    with pytest.raises(CorridorError, match="look exchanged"):
        cn.from_frames(swapped, links)
    imported = cn.from_frames(swapped, links, swap_xy=True)
    assert imported.nodes["x_coord"].astype(float).tolist() == pytest.approx(nodes["x_coord"].tolist())


def test_exchanged_coordinates_are_told_from_the_lengths():
    nodes, links = grid(5, detour=1.05)
    swapped = nodes.assign(x_coord=nodes["y_coord"], y_coord=nodes["x_coord"])
    with pytest.raises(CorridorError, match="longitude and latitude look exchanged"):
        cn.from_frames(swapped, links)
    cn.from_frames(swapped, links, swap_xy=True)
    cn.from_frames(nodes, links)


@pytest.mark.parametrize("unit", ["km", "m"])
@pytest.mark.parametrize("stated", [False, True])
@pytest.mark.parametrize("count", [1, 3, 8])
def test_exchanged_coordinates_of_few_links_or_of_links_in_one_line_are_no_other_unit(count, stated, unit):
    """Along a parallel the exchanged map is longer by 1 / cos(latitude), as it is where miles are taken for km."""
    lon = 10 + 0.5 * np.arange(count + 1)
    km = [geodesic_km((a, 50), (b, 50)) * 1.1 * UNITS[unit] for a, b in pairwise(lon)]
    nodes = pd.DataFrame({"node_id": [f"p{n}" for n in range(count + 1)], "x_coord": lon, "y_coord": 50.0})
    links = pd.DataFrame({"from_node_id": nodes["node_id"][:-1], "to_node_id": nodes["node_id"][1:].array})
    links["length"] = km
    said_unit = {"length_unit": unit} if stated else {}
    swapped = nodes.assign(x_coord=nodes["y_coord"], y_coord=nodes["x_coord"])
    with pytest.raises(CorridorError, match=r"longitude and latitude look exchanged.*1\.1 times") as caught:
        cn.from_frames(swapped, links, **said_unit)
    assert "--swap-xy" in str(caught.value)
    expected = pytest.approx(np.array(km) / UNITS[unit])
    assert lengths(cn.from_frames(swapped, links, swap_xy=True, **said_unit)) == expected
    assert not cn.from_frames(nodes, links, **said_unit).warnings


def test_links_in_one_line_that_may_be_in_miles_or_exchanged_are_asked_about():
    nodes = pd.DataFrame({"node_id": ["a", "b"], "x_coord": [50.0, 50.0], "y_coord": [10.0, 11.0]})
    links = pd.DataFrame({"from_node_id": ["a"], "to_node_id": ["b"], "length": [75.0]})
    with pytest.raises(CorridorError, match="look exchanged") as caught:
        cn.from_frames(nodes, links)
    assert "--length-unit mi leaves them" in str(caught.value)
    assert lengths(cn.from_frames(nodes, links, length_unit="mi")) == pytest.approx([75 * 1.609344])
    along = nodes.assign(x_coord=[10.0, 11.0], y_coord=50.0)
    assert said(cn.from_frames(along, links.assign(length=120.0)), "times with longitude and latitude exchanged")


def test_projected_coordinates_need_their_system():
    nodes, links = grid(3)
    metres = nodes.assign(x_coord=nodes["x_coord"] * 1e5, y_coord=nodes["y_coord"] * 1e5)
    with pytest.raises(CorridorError, match=r"no coordinate system is said.*9 of 9 nodes") as caught:
        cn.from_frames(metres, links)
    assert "--crs" in str(caught.value)
    assert "--schematic" in str(caught.value)


def test_degrees_said_to_be_metres_are_refused():
    nodes, links = grid(3)
    with pytest.raises(CorridorError, match="look like degrees"):
        cn.from_frames(nodes, links, crs="EPSG:3857")
    with pytest.raises(CorridorError, match="are not degrees"):
        cn.from_frames(nodes.assign(x_coord=nodes["x_coord"] * 1e4), links, crs="EPSG:4326")


@pytest.mark.parametrize("lost", [False, True])
def test_a_schematic_network_keeps_its_lengths_and_passes_the_checks(lost):
    from corridor_net.network.checks import check_network

    nodes, links = grid(4)
    nodes = nodes.assign(x_coord=np.nan, y_coord=np.nan) if lost else nodes.assign(y_coord=nodes["y_coord"] * 1e4)
    links["length"] = np.linspace(1, 3, len(links))
    imported = cn.from_frames(nodes, links, schematic=True, length_unit="km")
    assert lengths(imported) == pytest.approx(links["length"].to_numpy())
    check_network(imported.network())
    assert said(imported, "coordinates are schematic")


@pytest.mark.parametrize(("factor", "unit", "kmh"), [(1 / 3.6, "m/s", 1.0), (1.0, "km/h", 1.0)])
def test_speeds_in_metres_a_second_are_told(factor, unit, kmh):
    nodes, links = grid(3)
    speeds = np.resize([30.0, 50.0, 70.0, 90.0], len(links))
    imported = cn.from_frames(nodes, links.assign(speed=speeds * factor))
    assert said(imported, f"speeds are in {unit}")
    ids = imported.links["speed_id"].str.split("_").str[1].astype(float)
    assert ids.tolist() == pytest.approx((speeds * kmh).tolist(), rel=1e-6)


def test_a_speed_is_the_time_of_a_route():
    nodes, links = grid(3)
    imported = cn.from_frames(nodes, links.assign(speed_kmh=40.0))
    hours, km = haul(imported, "p0", "p8")
    assert hours == pytest.approx(km / 40)


def test_ids_that_lost_their_type_are_joined_and_said():
    nodes, links = grid(3)
    number = {f"p{n}": n for n in range(9)}
    nodes = nodes.assign(node_id=nodes["node_id"].map(number))
    links = links.assign(
        from_node_id=[f"{number[n]}.0" for n in links["from_node_id"]],
        to_node_id=[f"{number[n]}.0" for n in links["to_node_id"]],
    )
    assert said(cn.from_frames(nodes, links), "'.0' was taken off")


def test_lengths_of_nothing_are_said():
    nodes, links = grid(3)
    links = links.assign(travel_time_h=links["length"] / 50)
    links.loc[2, ["length", "travel_time_h"]] = 0  # with a time it would be a length that nobody filled in
    imported = cn.from_frames(nodes, links)
    assert lengths(imported)[2] == 0.001
    assert said(imported, "1 link shorter than 1 m was given 1 m")


def test_countries_and_crossings_come_only_when_asked(tmp_path):
    import geopandas as gpd
    from shapely.geometry import box

    nodes, links = grid(3)
    shapes = gpd.GeoDataFrame(
        {"ISO_A2": ["AA", "BB"]}, geometry=[box(19, 44, 20.4, 47), box(20.4, 44, 22, 47)], crs=4326
    )
    shapes.to_file(tmp_path / "world.geojson", driver="GeoJSON")
    plain = cn.from_frames(nodes, links)
    assert set(plain.nodes["country"]) == {"ZZ"}
    path = tmp_path / "world.geojson"
    opened = cn.from_frames(nodes, links, countries=path)
    assert set(opened.nodes["country"]) == {"AA", "BB"}
    assert len(opened.tables["crossing"]) == 0
    assert said(opened, "3 links cross a border, and no crossing was made")
    assert opened.own == {"customsAreas": {"imported": ["AA", "BB"]}}
    crossed = cn.from_frames(nodes, links, countries=path, borders="crossings")
    assert len(crossed.tables["crossing"]) == 6
    assert set(crossed.tables["crossing"]["grade"]) == {"D"}
    route = cn.Model(crossed.network()).route("p0", "p8", by="time")
    assert [leg.kind for leg in route.legs].count("crossing") == 1


def test_wrong_options_name_the_right_ones():
    nodes, links = grid(3)
    for options, text in (
        ({"lenght_unit": "m"}, "did you mean 'length_unit'"),
        ({"length_unit": "mils"}, "unknown unit of length 'mils'"),
        ({"borders": "closed"}, "open, crossings"),
        ({"country": "Kazakhstan"}, "two capital letters"),
        ({"origins": ("q0",)}, "unknown node 'q0'"),
    ):
        with pytest.raises(CorridorError) as caught:
            cn.from_frames(nodes, links, **options)
        assert text in str(caught.value)


def test_every_assumed_cost_is_a_default_of_grade_d_that_says_so():
    nodes, links = grid(3)
    imported = cn.from_frames(nodes, links)
    for table in ("tariff", "speed", "operation", "emission_factor", "cargo", "terminal"):
        rows = imported.tables[table]
        assert len(rows)
        assert set(rows["grade"]) == {"D"}, table
        assert rows["basis"].str.startswith("default: ").all(), table
    assert said(imported, "costs are defaults of grade D")


def test_own_tables_take_the_place_of_defaults():
    nodes, links = grid(3)
    tariff = pd.DataFrame(
        {
            "tariff_id": ["road", "road"],
            "mode": "road",
            "cargo_unit": ["FEU", "TEU"],
            "fixed": "0",
            "per_km": ["10", "5"],
            "currency": "USD",
            "price_year": "2026",
            "source_id": "GIVEN",
            "grade": "B",
        }
    )
    imported = cn.from_frames(nodes, links, tables={"tariff": tariff})
    route = cn.Model(imported.network()).route("p0", "p1", by="money")
    leg = next(leg for leg in route.legs if leg.kind == "haul")
    assert leg.cost_usd == pytest.approx(10 * leg.distance_km)
