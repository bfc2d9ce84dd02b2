"""Feeds of timetables whose rows contradict each other, or lie beyond the years of prices."""

from __future__ import annotations

import zipfile

import pytest

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network

FEED = {
    "stops": "stop_id,stop_name,stop_lat,stop_lon\nP1,Ý,37.94,23.63\nP2,Syros,37.44,24.94\n",
    "routes": "route_id,route_short_name,route_type\nR,1,4\n",
    "trips": "route_id,service_id,trip_id\nR,S,T\n",
    "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT,08:00:00,08:10:00,P1,1\n"
    "T,12:00:00,12:00:00,P2,2\n",
    "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "S,1,0,0,0,0,0,0,20240101,20241229\n",
}


def write_feed(folder, table="", old="", new="", encoding="utf-8"):
    folder.mkdir()
    for name, text in FEED.items():
        changed = text.replace(old, new) if name == table else text
        assert changed != text or name != table
        (folder / f"{name}.txt").write_bytes(changed.encode(encoding))
    return folder


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("stop_times", "T,12:00:00,12:00:00", "T,07:00:00,07:00:00", "goes back in time"),
        ("stop_times", "08:00:00,08:10:00", "08:10:00,08:00:00", "leaves before it arrives"),
        ("stop_times", "T,08:00:00,08:10:00", "T,,", "begins at no time"),
        ("stop_times", "P2,2", "P2,1", "two stops of one stop_sequence"),
        ("stops", "P2,Syros", "P1,Syros", "stop_id 'P1' stands twice"),
        ("trips", "R,S,T\n", "R,S,T\nR,S,T\n", "trip_id 'T' stands twice"),
    ],
)
def test_rows_that_contradict_each_other_are_refused_with_their_line(tmp_path, table, old, new, told):
    with pytest.raises(CorridorError, match=told) as caught:
        import_network("gtfs", [write_feed(tmp_path / "feed", table, old, new)])
    assert f"{table}.txt:" in str(caught.value)


@pytest.mark.parametrize("year", [1999, 2031])
def test_a_feed_of_any_year_is_a_package_that_answers_on_its_day(tmp_path, year):
    feed = write_feed(tmp_path / "feed", "calendar", "20240101,20241229", f"{year}0101,{year}1229")
    made = import_network("gtfs", [feed])
    assert any(f"prices of {year}" in line for line in made.assumptions)
    route = cn.Model(made.network()).route("P1", "P2")
    assert made.own["day"].startswith(str(year))
    assert route.services


def test_a_zip_file_is_read_as_the_folder_is_in_any_encoding(tmp_path):
    folder = write_feed(tmp_path / "feed", "stops", ",", "\t", encoding="cp1252")
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    there, zipped = (import_network("gtfs", [path]).nodes for path in (folder, tmp_path / "feed.zip"))
    assert there["name"].tolist() == zipped["name"].tolist() == ["Ý", "Syros"]
