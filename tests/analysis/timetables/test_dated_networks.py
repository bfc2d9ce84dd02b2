"""Small dated networks, every path and every moment of entering tried: each step by the network of its own day.

The oracle below shares with the product only the compiler of one day. It knows no stretches of days, no spans and no
bounds: it asks, at every moment at which something could change, whether an arc is there on that local day.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import inf
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from corridor_net.analysis.router import Router
from corridor_net.analysis.timetables.timetable import Timetable
from corridor_net.costing import impedance
from corridor_net.errors import NoRoute

DAYS = 12
HOUR = timedelta(hours=1)
ZONES = ("Asia/Shanghai", "Asia/Vladivostok", "Asia/Tokyo", "Asia/Pyongyang")
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STARTS = (date(2009, 3, 26), date(2012, 7, 2), date(2014, 10, 22), date(2019, 12, 10), date(2015, 8, 10))


@st.composite
def dated_networks(draw, tiny):
    """The tiny network with days, hours, seasons and clocks of its own about a day of leaving; and that day."""
    start = draw(st.sampled_from(STARTS))
    near = st.one_of(st.none(), st.integers(0, DAYS - 2).map(lambda n: start + timedelta(days=n)))

    def dated(row):
        first, last = draw(near), draw(near)
        return replace(row, valid_from=first, valid_to=last) if draw(st.integers(0, 5)) == 0 else row

    def gate(row):
        opens = draw(st.integers(0, 23)), draw(st.sampled_from((0, 15, 30)))
        closes = (opens[0] + draw(st.integers(1, 22))) % 24, draw(st.sampled_from((10, 45)))
        text = "{:02d}:{:02d}-{:02d}:{:02d}".format(*opens, *closes)
        return replace(row, opening_hours=text, hours_at=draw(st.sampled_from(("from", "to"))))

    def tariff(row):
        """Return a tariff in two periods, of which the second has another price."""
        turn = draw(st.one_of(st.none(), st.integers(1, DAYS - 3)))
        if turn is None:
            return [row]
        day = start + timedelta(days=turn)
        dearer = replace(row, fixed=row.fixed * draw(st.sampled_from((0.1, 2.0))), valid_from=day)
        return [replace(row, valid_to=day - timedelta(days=1)), dearer]

    def season(row):
        first = start + timedelta(days=draw(st.integers(-3, DAYS - 4)))
        last = first + timedelta(days=draw(st.integers(0, 9)))
        return replace(
            row,
            from_month_day=f"{first:%m-%d}",
            to_month_day=f"{last:%m-%d}",
            hours_factor=draw(st.sampled_from((0.25, 1.5, 3.0))),
            closed=draw(st.sampled_from(("no", "no", "no", "yes"))),
        )

    def service(row):
        day = f"{draw(st.sampled_from(DAY_NAMES))} {draw(st.integers(0, 23)):02d}:{draw(st.sampled_from((0, 20))):02d}"
        per_week = draw(st.sampled_from((0.7, 1.0, 3.0, 14.0, 42.0)))
        return replace(dated(row), sailings_per_week=per_week, first_departure=day)

    rows = tiny.tables
    dropped = draw(st.sampled_from(("rail-ag", "rail-ag", "road-bc", "")))
    network = tiny.with_rows(
        node=[replace(row, time_zone=draw(st.sampled_from(ZONES))) for row in rows["node"]],
        link=[dated(row) for row in rows["link"] if row.link_id != dropped],
        terminal=map(dated, rows["terminal"]),
        crossing=[gate(dated(row)) for row in rows["crossing"]],
        service=map(service, rows["service"]),
        tariff=[one for row in rows["tariff"] for one in (tariff(row) if row.tariff_id == "sea" else [row])],
        season=map(season, rows["season"]),
    )
    return replace(network, day=start), datetime.combine(start, datetime.min.time()) + draw(st.integers(0, 23)) * HOUR


class Oracle:
    """Every way from alfa to delta, tried moment by moment."""

    def __init__(self, network):
        self.network = network
        self.compiled = {}
        self.zones = {node_id: ZoneInfo(node.time_zone) for node_id, node in network.nodes.items()}

    def of_day(self, day):
        if day not in self.compiled:
            made = impedance(replace(self.network, day=day), price_year=2019)
            self.compiled[day] = {
                arc.key: (made.states[arc.tail], made.states[arc.head], arc, usd)
                for arc, usd in zip(made.arcs, made.money.sum(axis=1).tolist(), strict=True)
            }
        return self.compiled[day]

    def gate(self, arc, day):
        """The opening hours of a crossing on a day, and whose clock they are by."""
        row = next(c for c in replace(self.network, day=day).active("crossing") if c.crossing_id == arc.asset_id)
        return row.opening_hours, self.zones[row.from_node_id if row.hours_at == "from" else row.to_node_id]

    def enter(self, key, moment):
        """Return what an arc is when entered at a moment, None where it cannot be."""
        for zone in self.zones.values():
            day = moment.astimezone(zone).date()
            found = self.of_day(day).get(key)
            if found is None:
                continue
            arc = found[2]
            place = self.zones[arc.from_node]
            if arc.kind == "crossing":
                hours, place = self.gate(arc, day)
            if place is not zone:
                continue
            if arc.kind == "crossing" and not is_open(hours, moment.astimezone(place)):
                return None
            return found
        return None

    def moments(self, key, arc, ready, end):
        """Give the moments at which entering could be possible, or come to something else than before."""
        if arc.kind == "sail":
            return [ready]
        if arc.kind == "board":
            row = next(s for s in self.network.rows("service") if s.service_id == arc.asset_id)
            return sailings(row, self.zones[arc.from_node], ready, end)
        found = [ready]
        for zone in self.zones.values():
            day = ready.astimezone(zone).date()
            while day <= end.astimezone(zone).date():
                found.append(datetime.combine(day, datetime.min.time(), zone).astimezone(UTC))
                if arc.kind == "crossing" and key in self.of_day(day):
                    hours, clock = self.gate(arc, day)
                    opens = datetime.combine(day, datetime.strptime(hours[:5], "%H:%M").time(), clock)
                    found.append(opens.astimezone(UTC))
                day += timedelta(days=1)
        return sorted({one for one in found if ready <= one < end})

    def every(self, departs, end):
        """Return every (arrival, cost) at delta that no other beats in both."""
        kept, todo = {}, [(("alfa", "origin"), departs, 0.0)]
        days = [departs.date() + timedelta(days=n) for n in range(-1, DAYS + 2)]
        arcs = {key: found for day in days for key, found in self.of_day(day).items()}
        while todo:
            state, ready, paid = todo.pop()
            front = kept.setdefault(state, [])
            if any(t <= ready and c <= paid for t, c in front):
                continue
            front[:] = [(t, c) for t, c in front if not (ready <= t and paid <= c)] + [(ready, paid)]
            for key, (tail, _, arc, _) in arcs.items():
                if tail != state:
                    continue
                for moment in self.moments(key, arc, ready, end):
                    found = self.enter(key, moment)
                    if found is None:
                        continue
                    _, head, today, usd = found
                    hours = sum(p.amount for p in today.parts if p.quantity == "hours" and p.component != "wait")
                    there = moment + timedelta(hours=hours)
                    if there <= end:
                        todo.append((head, there, paid + usd))
        return kept.get(("delta", "destination"), [])


def is_open(hours, local):
    start, end = hours.split("-")
    now = f"{local:%H:%M:%S.%f}"
    return start <= now < end if start < end else now < end or now >= start


def sailings(row, zone, ready, end):
    """Departures by the clock of the port: the first such weekday of the service, and every gap from then on."""
    day = row.valid_from or date(2001, 1, 1)
    while DAY_NAMES[day.weekday()] != row.first_departure[:3]:
        day += timedelta(days=1)
    first = datetime.combine(day, datetime.strptime(row.first_departure[4:], "%H:%M").time())
    gap = timedelta(hours=168 / row.sailings_per_week)
    number = (ready.replace(tzinfo=None) - first) // gap - 3
    found = []
    while True:
        moment = (first + number * gap).replace(tzinfo=zone).astimezone(UTC)
        number += 1
        if moment > end:
            return found
        if moment >= ready - timedelta(milliseconds=1):
            found.append(moment)


@settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_journeys_are_those_of_every_path_and_every_moment(tiny, data):
    network, departs = data.draw(dated_networks(tiny))
    oracle = Oracle(network)
    leaves = departs.replace(tzinfo=oracle.zones["alfa"]).astimezone(UTC)
    every = oracle.every(leaves, leaves + timedelta(days=DAYS))
    router = Router(impedance(network, price_year=2019))
    event(f"{len(every)} ways")
    with patch("corridor_net.analysis.timetables.timetable.MOST_DAYS", float(DAYS)):
        table = Timetable.of(router)
        for worth in (inf, 0.0, None):
            if not every:
                with pytest.raises(NoRoute):
                    table.best("alfa", "delta", departs, usd_per_hour=worth)
                continue
            found = table.best("alfa", "delta", departs, usd_per_hour=worth)
            holds_on_every_day(oracle, found)
            value = router.impedance.cargo.value_of_time if worth is None else worth
            if worth == inf:
                first = min(t for t, _ in every)
                assert abs(found.arrives - first) <= timedelta(seconds=1)
                assert found.cost_usd == pytest.approx(min(c for t, c in every if t - first < timedelta(seconds=1)))
                continue
            best = min(c + value * ((t - leaves) / HOUR) for t, c in every)
            assert found.cost_usd + value * found.hours == pytest.approx(best, abs=1e-4)


def holds_on_every_day(oracle, journey):
    """No step is taken on a day on which the network of that day does not hold it, nor at a closed gate."""
    for stage in journey.stages:
        begins = stage.begins
        if stage.gate:
            hours, zone = stage.gate.split()
            begins = begins.astimezone(ZoneInfo(zone))
            assert is_open(hours, begins)
        found = oracle.of_day(begins.date()).values()
        assert (stage.kind, stage.asset_id) in {(arc.kind, arc.asset_id) for _, _, arc, _ in found}
