"""Seaports far from the water of the map: told with their distance, as rivers have ports too."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyproj import Geod

from corridor_net.network.inland import FAR_KM, inland_ports

KILINDINI, TASHKENT, CHICAGO = (39.64, -4.05), (69.24, 41.31), (-87.62, 41.88)


def with_port_at(network, lon, lat):
    nodes = [replace(n, x_coord=lon, y_coord=lat) if n.node_id == "delta" else n for n in network.rows("node")]
    return replace(network, folder="").with_rows(node=nodes)


def told(network):
    return [text for text in inland_ports(network) if "'delta'" in text]


@pytest.mark.parametrize("place", [KILINDINI, CHICAGO, (138, 40)])
def test_a_port_on_a_coast_a_lake_or_at_sea_is_not_told(tiny, place):
    assert not told(with_port_at(tiny, *place))


def test_a_port_in_the_middle_of_a_continent_is_told_with_its_distance(tiny):
    (text,) = told(with_port_at(tiny, *TASHKENT))
    km = float(text.split(" lies ")[1].split(" km")[0].replace(",", ""))
    aral = Geod(ellps="WGS84").inv(*TASHKENT, 61.5, 44.5)[2] / 1000
    assert FAR_KM < km <= aral


def test_a_port_to_which_a_waterway_leads_or_on_a_drawing_is_not_told(tiny):
    far = with_port_at(tiny, *TASHKENT)
    barge = replace(far.rows("link")[0], link_id="river", mode="waterway", to_node_id="delta")
    assert not told(far.with_rows(link=[*far.rows("link"), barge]))
    assert not told(replace(far, package=replace(far.package, schematic=True)))


@pytest.mark.parametrize(("place", "is_told"), [((87.6, 43.8), True), ((108.0, 53.5), False)])
def test_a_package_whose_map_ends_earlier_or_shows_no_lakes_is_held_to_the_world(shipped, place, is_told):
    nodes = [
        replace(n, x_coord=place[0], y_coord=place[1]) if n.node_id == "niigata" else n for n in shipped.rows("node")
    ]
    assert bool(inland_ports(shipped.with_rows(node=nodes))) == is_told


def test_every_shipped_port_is_at_the_water(shipped):
    assert not inland_ports(shipped)
