"""Drawings: WKT read by its grammar, from the first node to the second, at its nodes, on the globe."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.errors import BadValue, CorridorError
from corridor_net.network import Network
from corridor_net.network.checks import check_network
from corridor_net.network.files.fields import LINE, ColumnSchema
from corridor_net.network.lines import lane_line, link_lines
from corridor_net.network.wkt import wkt_line

from .helpers import only_fault, where

LINK = "LINESTRING (126 45, 127.5 45.2, 129 45)"


def drawn(small, wkt):
    """Give the link Alfa - Bravo a drawing."""
    small.edit("link", 0, geometry_id="ab")
    small.append("geometry", f'ab,"{wkt}",S,B,')
    return small.folder


@pytest.mark.parametrize(
    "wkt",
    [
        LINK,
        "linestring(126 45,127.5 45.2,129 45)",
        "LINESTRING (1.26E2 4.5e+1, 127.5 45.2, +129 45.0)",
        "LINESTRING Z (126 45 0, 127.5 45.2 10, 129 45 3)",
        "LINESTRING ZM (126 45 0 1, 127.5 45.2 10 1, 129 45 3 1)",
        "  LINESTRING  (126\t45 , 127.5 45.2,129 45 ) ",
        "LINESTRING (129 45, 127.5 45.2, 126 45)",
    ],
)
def test_one_line_however_it_is_written(small, wkt):
    lines = link_lines(Network.from_folder(drawn(small, wkt)))
    assert lines["road-ab"] == ((126, 45), (127.5, 45.2), (129, 45))
    assert lines["road-bc"] == ((129, 45), (129.3, 45))


@pytest.mark.parametrize(
    ("wkt", "message"),
    [
        ("to be drawn", "is no WKT"),
        ("LINESTRING EMPTY", "is empty"),
        ("LINESTRING (126 45)", "is no WKT"),
        ("LINESTRING (126 45, 129)", "is no WKT"),
        ("LINESTRING (126,5 45,1, 129 45)", "is no WKT"),
        ("LINESTRING (126 45 5, 129 45)", "is no WKT"),
        ("LINESTRING Z (126 45, 129 45)", "is no WKT"),
        ("LINESTRING (126 45, 129 45", "is no WKT"),
        ("LINESTRING (126 45, 129 45) x", "is no WKT"),
        ("POINT (126 45)", "is a POINT"),
        ("MULTILINESTRING ((126 45, 129 45))", "is a MULTILINESTRING"),
        ("GEOMETRYCOLLECTION (" * 5000, "is a GEOMETRYCOLLECTION"),
        ("LINESTRING " + "(" * 100_000, "is no WKT"),
        ("LINESTRING (" + "9" * 100_000, "is no WKT"),
        ("LINESTRING (1 1, " + "9" * 100_000 + " 1)", "no longitude and latitude"),
        ("LINESTRING (1 1, 2" + " 2" * 50_000, "is no WKT"),
        ("LINESTRING (nan 45, 129 45)", ""),
        ("LINESTRING (126 45, 1e999 45)", ""),
        ("LINESTRING (45 126, 45 129)", "longitude and latitude seem to be exchanged"),
        ("LINESTRING (126 45, 486 45)", "no longitude and latitude"),
    ],
)
def test_what_is_no_line_is_a_fault_with_its_place(small, wkt, message):
    fault = only_fault(drawn(small, wkt))
    assert isinstance(fault, BadValue)
    assert message in fault.message
    assert where(fault) == ("geometry.csv", 2, 4)
    assert len(str(fault)) < 600


def test_the_short_way_of_reading_says_what_shapely_says():
    for text in (LINK, "LINESTRING(1 2,3 4)", "LINESTRING (-1.5e1 .5, 3. 4)"):
        assert LINE.fullmatch(text)
        assert shapely.from_wkt(text).coords[0] == wkt_line(text)[0]


@given(st.text(alphabet="LINESTRING ZM(),.-+eE0123456789 \t", max_size=40).map("LINESTRING".__add__))
def test_whatever_the_short_way_takes_shapely_takes_alike(text):
    column = ColumnSchema(name="geometry", kind="line", free_text=True)
    if LINE.fullmatch(text):
        try:
            column.read(text)
        except ValueError as error:
            said = str(error)
        else:
            said = ""
            assert len(wkt_line(text)) > 1
            assert all(math.isfinite(number) for point in wkt_line(text) for number in point)
        assert not said or "no longitude and latitude" in said


def test_a_lane_is_drawn_from_its_first_port(make_tiny):
    def lanes(rows):
        rows[0]["geometry"] = "LINESTRING (138 40, 133 41, 129.3 45)"

    net = make_tiny(sea_lane=lanes)
    lane = net.rows("sea_lane")[0]
    assert lane_line(net, lane) == ((129.3, 45), (133, 41), (138, 40))


def test_a_route_drawn_over_reversed_lines_is_as_long(make_tiny):
    """A line drawn from its second node to its first does not make the route jump to and fro."""
    from corridor_net.analysis.router import Router
    from corridor_net.costing import impedance
    from corridor_net.output.maps.geojson import RouteLines

    def drawing(points):
        def links(rows):
            rows[0]["geometry_id"] = "ab"

        def geometry(rows):
            rows.append({"geometry_id": "ab", "geometry": f"LINESTRING ({', '.join(points)})"})

        net = make_tiny(link=links, geometry=geometry)
        router = Router(impedance(net, price_year=2019), by="time")
        route = router.route("alfa", "delta", via=["charlie"])
        return RouteLines.of(net).along(route.legs)

    points = ["126 45", "127.5 45.2", "129 45"]
    assert drawing(points) == drawing(points[::-1])
    assert (127.5, 45.2) in drawing(points)


@pytest.mark.parametrize(
    ("wkt", "good", "hint"),
    [
        ("LINESTRING (126.2 45, 129 45)", True, ""),
        ("LINESTRING (129 45, 126.2 45)", True, ""),
        ("LINESTRING (126.5 45, 129 45)", False, "correct the drawing"),
        ("LINESTRING (0 0, 1 1)", False, "correct the drawing"),
    ],
)
def test_a_drawing_ends_at_its_nodes(small, wkt, good, hint):
    net = Network.from_folder(drawn(small, wkt)).as_of("2019-07-01")
    if good:
        assert check_network(net, "drawings")["drawings"] == 3
        return
    with pytest.raises(CorridorError) as caught:
        check_network(net, "drawings")
    (fault,) = caught.value.faults
    assert "km from its node" in fault.message
    assert where(fault) == ("geometry.csv", 2, 4)
    assert hint in fault.hint
    assert ("link", "road-ab") in fault.touches


def test_exchanged_longitude_and_latitude_are_told_where_both_could_be(make_tiny):
    def nodes(rows):
        rows[0].update(x_coord=10, y_coord=50)
        rows[1].update(x_coord=12, y_coord=51)

    def links(rows):
        rows[0]["geometry_id"] = "ab"

    def geometry(rows):
        rows.append({"geometry_id": "ab", "geometry": "LINESTRING (50 10, 51 12)"})

    with pytest.raises(CorridorError) as caught:
        check_network(make_tiny(node=nodes, link=links, geometry=geometry), "drawings")
    assert caught.value.faults[0].hint == "longitude and latitude seem to be exchanged"


@pytest.mark.parametrize("turned", [("alfa", "bravo", "charlie", "golf"), ("bravo",)])
def test_nodes_with_exchanged_coordinates_are_told_from_the_lengths_of_their_links(make_tiny, turned):
    places = {"alfa": (60, 40), "bravo": (63, 40), "charlie": (63.3, 40), "golf": (56, 37)}

    def nodes(rows):
        for row in rows:
            x, y = places.get(row["node_id"], (90, 30))
            row.update(x_coord=y, y_coord=x) if row["node_id"] in turned else row.update(x_coord=x, y_coord=y)

    with pytest.raises(CorridorError) as caught:
        check_network(make_tiny(node=nodes), "link-lengths")
    hints = {fault.hint for fault in caught.value.faults}
    ends = "'bravo'" if len(turned) == 1 else "'alfa' and 'bravo'"
    assert f"longitude and latitude of {ends} seem to be exchanged" in hints
    assert all("exchanged" in hint for hint in hints)


def test_a_drawing_that_is_named_and_not_there_is_a_fault(small):
    drawn(small, LINK)
    small.edit("link", 1, geometry_id="cb")
    fault = only_fault(small.folder)
    assert fault.message == "geometry_id 'cb' is not in table geometry"
    assert fault.hint == "correct the name, or add it to table geometry"


def test_a_number_in_sixteens_is_no_coordinate():
    with pytest.raises(BadValue, match="decimal"):
        wkt_line("LINESTRING (0x1F 46.2, 20.6 45.6)")
