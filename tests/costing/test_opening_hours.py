"""Opening hours: read once, with their minutes; means and spreads are those of lorries that come at any minute."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.costing import OpeningHours
from corridor_net.errors import BadValue

minutes = st.integers(0, 1439)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("24h", 0),
        ("00:00-24:00", 0),
        ("00:00-00:00", 0),
        ("09:00-19:00", 14),
        ("08:30-20:00", 12.5),
        ("22:00-06:00", 16),
        ("18:45-24:00", 18.75),
        ("18:45-00:00", 18.75),
    ],
)
def test_the_mean_wait_follows_from_the_closed_hours(text, closed):
    gate = OpeningHours.parse(text)
    assert gate.closed_hours == pytest.approx(closed)
    assert gate.wait_mean == pytest.approx(closed**2 / 48)
    assert gate.wait_std**2 == pytest.approx(closed**3 / 72 - gate.wait_mean**2)


def test_gates_open_in_the_morning_and_are_closed_at_the_minute_they_close():
    day = OpeningHours.parse("09:00-19:00")
    assert day.until_open([8.0, 9.0, 18.9, 19.0, 33.5]) == pytest.approx([1, 0, 0, 14, 0])
    assert OpeningHours.parse("22:00-06:00").until_open([1.0, 7.0]) == pytest.approx([0, 15])


def test_minutes_by_hand():
    """Open 09:30 to 18:45: closed 14 h 45 min; 05:12 waits 4 h 18 min; 19:00 waits 14 h 30 min."""
    gate = OpeningHours.parse("09:30-18:45")
    assert gate.opens == 9 * 60 + 30
    assert gate.closes == 18 * 60 + 45
    assert gate.closed_hours == 14.75
    assert float(gate.until_open(5 + 12 / 60)) == pytest.approx(4.3)
    assert float(gate.until_open(19.0)) == pytest.approx(14.5)
    assert gate.spans() == ((9.5, 18.75),)
    assert OpeningHours.parse("21:10-06:20").spans() == ((0.0, 6 + 20 / 60), (21 + 10 / 60, 24.0))


@given(minutes, minutes)
def test_the_wait_at_every_minute_has_that_mean_and_spread(opens, closes):
    """Who comes in the middle of each minute of a day waits, on average over the minutes, what the formula says."""
    if opens == closes:
        return
    gate = OpeningHours(opens=opens, closes=closes or 1440)
    waits = gate.until_open((np.arange(1440) + 0.5) / 60)
    assert waits.mean() == pytest.approx(gate.wait_mean, abs=1e-3)
    assert waits.std() == pytest.approx(gate.wait_std, abs=0.02)


@given(minutes, minutes, st.integers(-3, 3))
def test_spans_and_waits_agree(opens, closes, day):
    """Within a span of the day nothing is waited; outside, the next span begins when the wait is over."""
    if opens == closes:
        return
    gate = OpeningHours(opens=opens, closes=closes or 1440)
    for minute in range(0, 1440, 7):
        clock = (minute + 0.5) / 60
        wait = float(gate.until_open(clock + 24 * day))
        inside = any(start <= clock <= end for start, end in gate.spans())
        assert (wait == 0.0) is inside
        then = (clock + wait) % 24
        assert any(abs((then - start + 12) % 24 - 12) < 1e-9 or start <= then <= end for start, end in gate.spans())


@given(minutes, minutes)
def test_they_are_written_as_they_are_read(opens, closes):
    if opens == closes:
        return
    text = f"{opens // 60:02d}:{opens % 60:02d}-{closes // 60:02d}:{closes % 60:02d}"
    gate = OpeningHours.parse(text)
    assert OpeningHours.parse(str(gate)) == gate
    assert str(OpeningHours.parse("24h")) == "24h"


@pytest.mark.whole
@pytest.mark.parametrize(
    "text", ["", "always", "09:00", "09:00-09:00", "24:00-06:00", "09:00-24:30", "09:60-18:00", "9:00-18:00", "09-18"]
)
def test_hours_that_are_none_are_refused_by_name(text):
    with pytest.raises(BadValue, match="no opening hours of crossing x") as error:
        OpeningHours.parse(text, of="crossing x")
    assert "09:00-19:00" in str(error.value)


def test_minutes_out_of_range():
    for opens, closes in ((-1, 5), (1440, 5), (5, 1441), (5, 5), (5, 0)):
        with pytest.raises(BadValue):
            OpeningHours(opens=opens, closes=closes)
