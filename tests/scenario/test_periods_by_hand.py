"""Which rows of an id that has several periods a change is about: those of the day, else the nearest that says most."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace as Row

import pytest

from corridor_net.network.rows import Link, Service
from corridor_net.scenario.periods import of_the_day

DAY = date(2015, 6, 1)


def link(name, first, last):
    return Link(link_id=name, name=name, from_node_id="x", to_node_id="y", directed=0, mode="road", length_km=1.0,
                speed_id="s", tariff_id="t", emission_factor_id="e", country="CN", source_id="S", grade="B",
                **period(first, last))  # fmt: skip


def service(name, first, last, state="open"):
    return Service(service_id=name, name=name, vehicle="", carries="", circular=0, speed_id="s", tariff_id="t",
                   sailings_per_week=1.0, port_stay_hours=12.0, emission_factor_id="e", source_id="S", grade="B",
                   state=state, **period(first, last))  # fmt: skip


def period(first, last):
    return {"valid_from": first and date(first, 1, 1), "valid_to": last and date(last, 12, 31)}


def chosen(table, rows, day=DAY, some=None):
    work = Row(change=Row(table=table), network=Row(day=day, rows={table: rows}.get))
    found = of_the_day(work, rows if some is None else some)
    return [(row.valid_from and row.valid_from.year, row.valid_to and row.valid_to.year) for row in found]


@pytest.mark.whole
@pytest.mark.parametrize(
    ("periods", "wanted"),
    [
        ([(2010, 2011), (2014, 2016), (2018, None)], [(2014, 2016)]),  # the one that holds
        ([(2010, 2011), (2012, 2013), (2017, None)], [(2012, 2013)]),  # the last before the day
        ([(2012, 2013), (2010, 2011)], [(2012, 2013)]),
        ([(2019, None), (2017, 2018)], [(2017, 2018)]),  # the first after it, where there is none before
        ([(None, 2009), (2011, 2012)], [(2011, 2012)]),  # one without a beginning is the earliest
        ([(2011, 2012), (None, 2009)], [(2011, 2012)]),
        ([(None, 2009), (2017, None)], [(None, 2009)]),
        ([(None, None)], [(None, None)]),
        ([(2014, 2016), (2015, None)], [(2014, 2016), (2015, None)]),  # all that hold
    ],
)
def test_the_period_of_the_day_else_the_last_before_it_else_the_first_after(periods, wanted):
    assert chosen("link", [link("a", *one) for one in periods]) == wanted


def test_each_id_by_itself_and_another_row_of_it_that_holds_counts_though_it_is_not_asked_for():
    rows = [link("a", 2010, 2011), link("b", 2014, 2016), link("a", 2012, 2013), link("b", 2017, None)]
    assert chosen("link", rows) == [(2014, 2016), (2012, 2013)]
    assert chosen("link", rows, some=[rows[3]]) == []
    assert chosen("link", rows, some=[rows[0]]) == [(2010, 2011)]


def test_a_period_in_which_a_service_is_known_not_to_run_is_taken_only_where_there_is_no_other():
    closed = service("s", 2013, 2014, "closed")
    assert chosen("service", [closed, service("s", 2010, 2011)]) == [(2010, 2011)]
    assert chosen("service", [service("s", 2018, 2019), closed]) == [(2018, 2019)]
    assert chosen("service", [service("s", 2008, 2009, "closed"), closed]) == [(2013, 2014)]
    assert chosen("service", [service("s", 2010, 2011), service("s", 2012, 2013, "unknown")]) == [(2012, 2013)]


def test_figures_are_all_that_are_asked_for():
    rows = [link("a", 2010, 2011), link("a", 2012, 2013)]
    work = Row(change=Row(table="tariff"), network=Row(day=DAY))
    assert of_the_day(work, iter(rows)) == rows
