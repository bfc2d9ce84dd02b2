"""Whose clock a place keeps, and the way between clocks and hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.errors import BadValue, DataFault
from corridor_net.network import Network
from corridor_net.network.checks import check_network
from corridor_net.network.clock import by_clock, hours_at, midnight, moment_at, parse_departure, zone_of

VLADIVOSTOK = ZoneInfo("Asia/Vladivostok")
zones = st.sampled_from(
    [ZoneInfo(f"Asia/{city}") for city in ("Shanghai", "Vladivostok", "Tokyo", "Pyongyang", "Chita")]
)
seconds = st.integers(8 * 365 * 86400, 26 * 365 * 86400)


@given(seconds, zones)
def test_hours_and_moments_are_each_other_s_way_back(second, zone):
    moment = moment_at(second / 3600, zone)
    assert moment.tzinfo is zone
    assert hours_at(moment) == pytest.approx(second / 3600, abs=1e-9)
    assert moment.astimezone(UTC) == datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=second)


@given(seconds, zones)
def test_a_day_begins_at_its_midnight(second, zone):
    day = moment_at(second / 3600, zone).date()
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    assert start <= second / 3600 < end
    assert 22 <= end - start <= 26
    assert moment_at(start, zone).date() == day


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (
            "2009-01-15",
            {"shanghai": 8, "vladivostok": 10, "korsakov": 10, "blagoveshchensk": 9, "chita": 9, "busan": 9},
        ),
        ("2009-07-01", {"shanghai": 8, "vladivostok": 11, "korsakov": 11, "blagoveshchensk": 10, "niigata": 9}),
        ("2012-07-02", {"vladivostok": 11, "blagoveshchensk": 10, "chita": 10, "ulan_ude": 9, "erenhot": 8}),
        ("2014-12-01", {"vladivostok": 10, "korsakov": 10, "blagoveshchensk": 9, "chita": 8, "ulan_ude": 8}),
        ("2016-06-01", {"vladivostok": 10, "korsakov": 11, "chita": 9, "rajin": 8.5, "ulaanbaatar": 9, "harbin": 8}),
        ("2019-07-01", {"vladivostok": 10, "khabarovsk": 10, "rajin": 9, "zamyn_uud": 8, "tokyo": 9}),
    ],
)
def test_offsets_of_places_in_years_in_which_they_changed(shipped, day, hours):
    for node, offset in hours.items():
        local = datetime.fromisoformat(day).replace(hour=12, tzinfo=zone_of(shipped, node))
        assert local.utcoffset() == timedelta(hours=offset), node


def test_every_node_of_the_shipped_data_has_a_zone(shipped):
    assert check_network(shipped, "time-zones") == {"time-zones": len(shipped.rows("node"))}
    assert {zone_of(shipped, node.node_id).key for node in shipped.rows("node") if node.country == "JP"} == {
        "Asia/Tokyo"
    }


def test_a_node_without_a_zone_is_a_fault_where_its_country_has_several(data):
    line = data.edit("node", [row["node_id"] for row in data.rows("node")].index("zarubino"), time_zone="")
    network = Network.from_folder(data.folder)
    with pytest.raises(DataFault) as error:
        check_network(network, "time-zones")
    assert "node 'zarubino' has no time zone" in str(error.value)
    assert f"node.csv:{line}:" in str(error.value)
    with pytest.raises(DataFault, match="zarubino"):
        zone_of(network, "zarubino")


def test_an_unknown_zone_is_a_fault_with_the_nearest_spelling(data):
    line = data.edit(
        "node", [row["node_id"] for row in data.rows("node")].index("zarubino"), time_zone="Asia/Vladivostock"
    )
    with pytest.raises(DataFault) as error:
        check_network(Network.from_folder(data.folder), "time-zones")
    assert f"node.csv:{line}:" in str(error.value)
    assert "did you mean 'Asia/Vladivostok'?" in str(error.value)


def test_a_country_that_is_not_there_is_a_fault_with_its_place(data):
    line = data.edit("node", 0, country="CM")
    with pytest.raises(DataFault) as error:
        Network.from_folder(data.folder)
    assert f"node.csv:{line}:" in str(error.value)
    assert "'CM' is not in table country" in str(error.value)


def test_the_zone_of_a_node_goes_before_that_of_its_country(tiny):
    alfa = next(row for row in tiny.rows("node") if row.node_id == "alfa")
    assert zone_of(tiny, "alfa").key == "Asia/Shanghai"
    changed = tiny.with_rows(node=[replace(alfa, time_zone="Asia/Tokyo"), *tiny.rows("node")[1:]])
    assert zone_of(changed, "alfa").key == "Asia/Tokyo"


# departures


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2019-07-01T08:05", "2019-07-01T08:05:00"),
        ("2019-07-01 08:05", "2019-07-01T08:05:00"),
        ("2019-07-01T08:05:00", "2019-07-01T08:05:00"),
        ("2019-07-01T08:05:00.000+09:00", "2019-07-01T08:05:00+09:00"),
        ("2019-07-01", "2019-07-01T00:00:00"),
        ("2019-07-01T08:05+08:00", "2019-07-01T08:05:00+08:00"),
        ("2019-07-01T08:05+1030", "2019-07-01T08:05:00+10:30"),
        ("2019-07-01T08:05Z", "2019-07-01T08:05:00+00:00"),
        (date(2019, 7, 1), "2019-07-01T00:00:00"),
        (datetime(2019, 7, 1, 8, 5, tzinfo=UTC), "2019-07-01T08:05:00+00:00"),
        (datetime(2019, 7, 1, 8, 5, tzinfo=VLADIVOSTOK), "2019-07-01T08:05:00+11:00"),
        (pd.Timestamp("2019-07-01 08:05", tz="Asia/Tokyo"), "2019-07-01T08:05:00+09:00"),
        (np.datetime64("2019-07-01T08:05"), "2019-07-01T08:05:00"),
        (pd.Timestamp("2019-07-01 08:05").to_datetime64(), "2019-07-01T08:05:00"),
    ],
)
def test_departures_with_and_without_an_offset(text, iso):
    assert parse_departure(text).isoformat() == iso


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("soon", "is no departure"),
        ("", "is no departure"),
        ("2019-13-01", "month must be in 1..12"),
        ("2019-02-29T08:00", "day"),
        ("2019-07-01T25:00", "hour must be in 0..23"),
        ("2019-07-01T08:60", "minute must be in 0..59"),
        ("2019-07-01T08:00:30", "seconds"),
        ("2019-07-01T08:00:00.5", "seconds"),
        (datetime(2019, 7, 1, 8, 0, 30, tzinfo=UTC), "seconds"),
        (datetime(2019, 7, 1, 8, 0, 0, 500_000, tzinfo=UTC), "seconds"),
        (pd.Timestamp("2019-07-01 08:00:00.000000001"), "seconds"),
        (np.datetime64("2019-07-01T08:00:30"), "seconds"),
        ("0001-01-01", "year must be in 1900..2999"),
        (datetime(1, 1, 1, tzinfo=UTC), "year must be in 1900..2999"),
        (np.datetime64("0001-01-01"), "year must be in 1900..2999"),
        ("9999-12-31T23:00", "year must be in 1900..2999"),
        ("2019-07-01T08", "is no departure"),
        ("20190701T0800", "is no departure"),
        ("2019-W27-1", "is no departure"),
        ("2019-07-01T08:00+25:00", "is no departure"),
        ("2019-07-01T08:00 Asia/Tokyo", "is no departure"),
        ("2019-07-01+08:00", "is no departure"),
        (pd.NaT, "is no departure"),
        (5, "is no departure"),
    ],
)
def test_departures_that_are_none(text, words):
    with pytest.raises(BadValue) as error:
        parse_departure(text)
    assert words in str(error.value)
    assert "local time of the origin" in str(error.value)


def test_a_departure_without_an_offset_is_by_the_clock_of_the_place():
    local = datetime(2012, 7, 2, 8, 30)
    assert by_clock(local, VLADIVOSTOK).isoformat() == "2012-07-02T08:30:00+11:00"
    assert by_clock(local.replace(tzinfo=UTC), VLADIVOSTOK).isoformat() == "2012-07-02T19:30:00+11:00"


def test_an_hour_that_comes_twice_is_the_first_of_the_two():
    """Vladivostok put its clocks back from 03:00 to 02:00 on 25 October 2009."""
    assert by_clock(datetime(2009, 10, 25, 2, 30), VLADIVOSTOK).utcoffset() == timedelta(hours=11)
    with pytest.raises(BadValue, match="2009-03-29 02:30 does not exist"):
        by_clock(datetime(2009, 3, 29, 2, 30), VLADIVOSTOK)
    assert midnight(date(2009, 10, 26), VLADIVOSTOK) - midnight(date(2009, 10, 25), VLADIVOSTOK) == 25.0
