"""Numbers, units and times that could be read in two ways: read as the table says, told, or refused as they stand."""

from __future__ import annotations

import pytest

from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from interchange.helpers import said

NODES = "id,x,y\n1,20.1,45.2\n2,23.2,45.25\n3,23.2132,45.25\n4,31.3,45.3\n"


def read(folder, links, nodes=NODES, **options):
    (folder / "n.csv").write_text(nodes, encoding="utf-8")
    (folder / "k.csv").write_text(links, encoding="utf-8")
    return import_network("tables", [folder / "k.csv", folder / "n.csv"], **options)


def km(imported):
    return imported.links["length_km"].astype(float).tolist()


def kmh(imported):
    speeds = imported.tables["speed"].set_index("speed_id")["speed_kmh"]
    return speeds[imported.links["speed_id"]].astype(float).tolist()


def test_cells_of_several_units_are_numbers_first_and_then_multiplied(tmp_path):
    cells = "from;to;distance\n1;2;250,5 km\n2;3;1234 m\n3;4;700000 m\n4;1;1 017,5 km\n"
    assert km(read(tmp_path, cells)) == [250.5, 1.234, 700.0, 1017.5]


def test_a_fault_in_a_cell_with_a_unit_shows_the_cell_as_it_stands_in_the_file(tmp_path):
    with pytest.raises(CorridorError, match=r"'1\.2,34 m' is not a number") as caught:
        read(tmp_path, "from;to;distance\n1;2;250,5 km\n2;3;1.2,34 m\n")
    assert caught.value.place.line == 3


@pytest.mark.parametrize("cell", ["250¹", "250²", "½"])
def test_a_sign_of_a_footnote_is_no_digit(tmp_path, cell):
    with pytest.raises(CorridorError, match=f"'{cell}' is not a number"):
        read(tmp_path, f"from,to,length_km\n1,2,{cell}\n")
    assert km(read(tmp_path, "from,to,length_km\n1,2,２５０．５\n")) == [250.5]


@pytest.mark.parametrize("mark", ["\t", "|"])
def test_three_digits_behind_a_comma_are_refused_where_nothing_says_what_they_are(tmp_path, mark):
    rows = ["from to length_km", "1 2 1,250", "2 3 2,300"]
    with pytest.raises(CorridorError, match="length_km = '1,250' may have decimals, or thousands"):
        read(tmp_path, "\n".join(row.replace(" ", mark) for row in rows))
    rows = ["from to length_km", "1 2 250,5", "2 3 1,234"]
    assert km(read(tmp_path, "\n".join(row.replace(" ", mark) for row in rows))) == [250.5, 1.234]
    rows = ["from to length_m lanes", "1 2 250,500 1.5", "2 3 1,234 2.5"]
    told = read(tmp_path, "\n".join(row.replace(" ", mark) for row in rows))
    assert km(told) == [250.5, 1.234]
    assert said(told, "length = '250,500' of k.csv was read as 250500")


def test_the_sign_of_decimals_is_one_for_the_table(tmp_path):
    told = read(tmp_path, "from;to;length_m;toll\n1;2;250.500;12,5\n2;3;1.234;7\n")
    assert km(told) == [250.5, 1.234]
    assert said(told, "length = '250.500' of k.csv was read as 250500")
    points = read(tmp_path, "from;to;length_km;toll\n1;2;250.125;1.5\n2;3;1.234;7\n")
    assert km(points) == [250.125, 1.234]
    assert not said(points, "was read as 250.125")
    with pytest.raises(CorridorError, match=r"length_km = '1\.234' may have decimals"):
        read(tmp_path, "from;to;length_km;toll;fee\n1;2;250.125;12,5;1.5\n2;3;1.234;7;7\n")


@pytest.mark.parametrize(
    ("header", "cells", "speed", "parts"),
    [
        ("travel_time_min", ("180:30", "1:00"), 250 / (180.5 / 60), "minutes and seconds"),
        ("travel_time_h", ("3:00", "1:00"), 250 / 3, "hours and minutes"),
        ("travel_time", ("3:00", "0:01"), 250 / 3, "hours and minutes, as no unit is said: so the middle link goes"),
        ("travel_time", ("180:30", "1:00"), 250 / (180.5 / 60), "minutes and seconds, as no unit is said"),
        ("travel_time_min", ("03:00:00", "00:01:00"), 250 / 3, "hours, minutes and seconds"),
    ],
)
def test_times_with_colons_are_of_the_unit_of_the_header_else_of_the_likely_speed(
    tmp_path, header, cells, speed, parts
):
    told = read(tmp_path, f"from,to,length_km,{header}\n1,2,250,{cells[0]}\n2,3,1.3,{cells[1]}\n")
    assert kmh(told)[0] == pytest.approx(speed, rel=1e-9)
    assert said(told, parts)


@pytest.mark.parametrize(("header", "cells"), [("time_s", ("3:00", "1:00")), ("duration", ("3:00:00", "1:00"))])
def test_times_of_two_parts_are_refused_where_they_may_not_be(tmp_path, header, cells):
    with pytest.raises(CorridorError, match="1:00' is not a number"):
        read(tmp_path, f"from,to,length_km,{header}\n1,2,250,{cells[0]}\n2,3,1.3,{cells[1]}\n")


def test_times_of_hours_or_minutes_are_not_in_seconds(tmp_path):
    cells = "from,to,length_km,duration\n1,2,250,3:00\n"
    assert kmh(read(tmp_path, cells, time_unit="h"))[0] == pytest.approx(250 / 3)
    with pytest.raises(CorridorError, match="are not in seconds"):
        read(tmp_path, cells, time_unit="s")


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("travel_time_mean,travel_time_std", "3,0.2"),
        ("travel_time_min,travel_time_mean,travel_time_max", "150,180,240"),
        ("speed_mean,speed_std", "80,5"),
    ],
)
def test_the_spread_of_a_quantity_is_not_the_quantity(tmp_path, columns, cells):
    told = read(tmp_path, f"from,to,length_km,{columns}\n1,2,250,{cells}\n")
    assert said(told, "1 link has the default speed of its mode")
    if "_max" in columns:
        assert said(told, "travel_time_min of k.csv was not read as travel_time, as travel_time_mean, travel_time_max")


def test_a_unit_before_a_deviation_is_a_unit(tmp_path):
    told = read(tmp_path, "from,to,length_km,travel_time_h,travel_time_std\n1,2,250,3,0.2\n")
    assert kmh(told)[0] == pytest.approx(250 / 3)


@pytest.mark.parametrize("header", ["Fahrzeit (Std.)", '"Fahrzeit, Std"', "소요시간 (시간)", "소요시간"])
def test_hours_in_brackets_are_hours_and_the_word_for_time_alone_is_none(tmp_path, header):
    told = read(tmp_path, f"from,to,length_km,{header}\n1,2,250,3\n")
    assert kmh(told)[0] == pytest.approx(250 / 3)
    assert said(told, "times are in hours, as no unit is said") == (header == "소요시간")


def test_the_word_for_time_alone_claims_no_hours(tmp_path):
    mapped = tmp_path / "map.csv"
    mapped.write_text("kind,theirs,ours\ncolumn,시간,travel_time\n", encoding="utf-8")
    told = read(tmp_path, "from,to,length_km,시간\n1,2,250,180\n", mapping=mapped)
    assert kmh(told)[0] == pytest.approx(250 / 3)
    assert said(told, "times are in minutes, as no unit is said")


@pytest.mark.parametrize("ends", ["origin,destination", "origen,destino", "출발지,도착지"])
def test_words_of_tables_of_demand_are_no_ends_of_links_in_any_language(tmp_path, ends):
    with pytest.raises(CorridorError, match="none of the 2 tables has the two ends of links"):
        read(tmp_path, f"{ends},length_km\n1,2,250\n")


@pytest.mark.parametrize(
    ("word", "mode"), [("ro-ro", "waterway"), ("Ro-Ro", "waterway"), ("Straße", "road"), ("Wasserstraße", "waterway")]
)
def test_words_for_modes_are_known_however_they_are_spelled(tmp_path, word, mode):
    assert read(tmp_path, f"from,to,mode\n1,2,{word}\n").links["mode"].tolist() == [mode]
