"""GTFS: a service a pattern, how often it runs counted day by day, its hours, and its lanes."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta

import pytest

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from interchange.helpers import geodesic_km, said

FEED = {
    "stops": "stop_id,stop_name,stop_lat,stop_lon,parent_station\n"
    "A,Alpha,43.65,51.15,\nB,Beta,42.0,50.6,\nC,Gamma,39.94,49.41,\nC1,Gamma pier 1,39.94,49.41,C\n",
    "routes": "route_id,route_long_name,route_type\nR,Alpha line,4\nX,Bus,3\nT,Mountain train,2\n",
    "trips": "route_id,service_id,trip_id,shape_id\nR,wk,t1,s\nR,wk,t2,s\nR,mo,t3,\nT,wk,t4,\nX,wk,t5,\n",
    "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t1,08:00:00,08:00:00,A,1\nt1,20:00:00,21:00:00,B,2\nt1,30:00:00,30:00:00,C1,3\n"
    "t2,18:00:00,18:00:00,A,1\nt2,30:00:00,31:00:00,B,2\nt2,40:00:00,40:00:00,C1,3\n"
    "t3,26:30:00,26:30:00,C1,1\nt3,46:00:00,46:00:00,A,2\nt4,06:00:00,06:00:00,C1,1\nt4,10:00:00,10:00:00,B,2\n"
    "t5,06:00:00,06:00:00,A,1\nt5,06:10:00,06:10:00,B,2\n",
    "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "wk,1,1,1,1,1,0,0,20260601,20260830\nmo,1,0,0,0,0,0,0,20260601,20260830\n",
    "calendar_dates": "service_id,date,exception_type\nwk,20260606,1\nwk,20260608,2\nwk,20260609,2\n",
    "shapes": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
    "s,43.65,51.15,1\ns,43.0,50.9,2\ns,42.0,50.6,3\ns,41.0,50.2,4\ns,39.94,49.41,5\n",
}


def feed(folder, **changes):
    folder.mkdir(exist_ok=True)
    for name, text in {**FEED, **changes}.items():
        if text is not None:
            (folder / f"{name}.txt").write_text(text)
    return folder


def departures(trips_a_day):
    """Return the departures a week of service wk by counting its days one by one."""
    days = [date(2026, 6, 1) + timedelta(n) for n in range(91)]
    runs = {day for day in days if day.weekday() < 5} | {date(2026, 6, 6)}
    return len(runs - {date(2026, 6, 8), date(2026, 6, 9)}) * trips_a_day / 13


@pytest.fixture
def imported(tmp_path):
    return import_network("gtfs", [feed(tmp_path / "feed")])


def test_each_pattern_is_a_service_with_its_frequency(imported):
    services = imported.tables["service"].set_index("name")
    assert list(services.index) == ["Alpha line: A - C", "Alpha line: C - A", "Mountain train: C - B"]
    weekly = services["sailings_per_week"].astype(float)
    assert weekly["Alpha line: A - C"] == pytest.approx(departures(2), rel=1e-5)
    assert weekly["Mountain train: C - B"] == pytest.approx(departures(1), rel=1e-5)
    assert services.loc["Alpha line: C - A", ["sailings_per_week", "first_departure"]].tolist() == ["1", "Tue 02:30"]
    assert services["valid_from"].unique().tolist() == ["2026-06-01"]
    assert services.loc["Mountain train: C - B", "vehicle"] == "train"


def test_hours_of_calls_and_of_a_route(imported):
    calls = imported.tables["service_call"]
    first = calls[calls["service_id"] == calls["service_id"].iloc[0]]
    assert first["arrival_hours"].tolist() == ["", "12", "22"]
    assert first["departure_hours"].tolist() == ["0", "13", ""]
    route = cn.Model(imported.network()).route("A", "C", schedule=True)
    assert route.hours == pytest.approx(22)


def test_lanes_follow_the_shape_of_the_trip(imported):
    lanes = imported.tables["sea_lane"].set_index("lane_id")
    drawn = geodesic_km((51.15, 43.65), (50.9, 43.0), (50.6, 42.0))
    assert float(lanes.loc["sea-A-B", "length_km"]) == pytest.approx(drawn)
    assert lanes.loc["sea-C-A", "grade"] == "D"
    assert said(imported, "1 lane is the straight line between its stops")


def test_headways_count_as_departures(tmp_path):
    frequencies = "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,12:00:00,7200\n"
    imported = import_network("gtfs", [feed(tmp_path / "feed", frequencies=frequencies)])
    weekly = float(imported.tables["service"]["sailings_per_week"].iloc[0])
    assert weekly == pytest.approx(departures(3 + 1), rel=1e-5)


def test_a_packed_feed_and_a_feed_of_dates_alone(tmp_path):
    folder = feed(
        tmp_path / "feed",
        calendar=None,
        calendar_dates="service_id,date,exception_type\nwk,20260701,1\nwk,20260714,1\n",
    )
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    imported = import_network("gtfs", [tmp_path / "feed.zip"], kinds=["ferry"])
    services = imported.tables["service"]
    assert services["sailings_per_week"].astype(float).tolist() == [pytest.approx(2 * 2 / 2)]
    assert said(imported, "1 pattern runs on no day of the feed, or hardly any")
    assert said(imported, "services hold from 2026-07-01 to 2026-07-14")


def test_a_calendar_that_begins_later_does_not_thin_the_others(tmp_path):
    later = FEED["calendar"].replace("mo,1,0,0,0,0,0,0,20260601", "mo,1,0,0,0,0,0,0,20260803")
    earlier = later.replace("wk,1,1,1,1,1,0,0,20260601", "wk,1,1,1,1,1,0,0,20250602")
    imported = import_network("gtfs", [feed(tmp_path / "feed", calendar=earlier, calendar_dates=None)])
    services = imported.tables["service"].set_index("name")
    assert float(services.loc["Alpha line: C - A", "sailings_per_week"]) == pytest.approx(1)
    assert float(services.loc["Alpha line: A - C", "sailings_per_week"]) == pytest.approx(10)
    assert services.loc["Alpha line: C - A", "valid_from"] == "2026-08-03"
    assert imported.own == {"day": "2026-08-03"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"routes": "route_id,route_long_name,route_type\nR,a,3\nT,b,0\n"}, "no route of a ferry or a train"),
        ({"routes": "route_id,route_long_name,route_type\nR,a,Infinity\nT,b,0\n"}, "'Infinity' is not a number"),
        ({"stop_times": FEED["stop_times"].replace("20:00:00", "20h", 1)}, "arrival_time = '20h'"),
        ({"calendar": FEED["calendar"].replace("20260601", "1 June", 1)}, "start_date = '1 June'"),
        ({"calendar": FEED["calendar"].replace("20260830", "20250830", 1)}, "'20250830' lies before start_date"),
        ({"calendar": FEED["calendar"].replace("wk,1,1", "wk,1,yes")}, "tuesday = 'yes'"),
        ({"calendar_dates": FEED["calendar_dates"].replace("20260606,1", "20260606,3")}, "exception_type = '3'"),
        ({"stop_times": FEED["stop_times"].replace("20:00:00", "20:75:00", 1)}, "arrival_time = '20:75:00'"),
        ({"frequencies": "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,12:00:00,0\n"}, "no departures"),
        ({"frequencies": "trip_id,start_time,end_time,headway_secs\nt1,12:00:00,06:00:00,600\n"}, "no departures"),
        ({"stop_times": FEED["stop_times"].replace("A,1", "Q,1", 1)}, "names a stop that stops.txt does not have"),
        ({"calendar": None, "calendar_dates": None}, "neither calendar.txt nor calendar_dates.txt"),
        ({"trips": None}, "has no trips.txt"),
    ],
)
def test_broken_feeds_say_what_is_wrong(tmp_path, changes, message):
    with pytest.raises(CorridorError) as caught:
        import_network("gtfs", [feed(tmp_path / "feed", **changes)])
    assert message in str(caught.value)
    assert caught.value.exit_code == 2


def test_stops_are_origins_and_markets_as_asked_and_an_unknown_kind_is_told(tmp_path):
    folder = feed(tmp_path / "feed")
    imported = import_network("gtfs", [folder], origins=("Alpha",), markets=("C",))
    assert imported.tables["market"][["node_id", "role"]].to_numpy().tolist() == [["A", "origin"], ["C", "market"]]
    assert imported.files("x")["baseline.yaml"].count(imported.own["day"]) == 1
    with pytest.raises(CorridorError, match="unknown node 'Alfa'"):
        import_network("gtfs", [folder], origins=("Alfa",))
    with pytest.raises(CorridorError, match="unknown kind 'ferrys' of vehicle") as caught:
        import_network("gtfs", [folder], kinds=("ferrys",))
    assert caught.value.hint == "did you mean 'ferry'?"
