"""close, open and add: rows that come and go."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import MISSING, fields, replace
from functools import partial
from typing import Any, cast

from corridor_net.errors import BadValue, CorridorError, ScenarioError, UnknownName, did_you_mean
from corridor_net.network import Network
from corridor_net.network.periods import CLOSED
from corridor_net.network.rows import ROW_TYPES, Crossing, Dated, Link, Row, Season, Service, ServiceCall, Terminal

from .figures import KEY
from .ledger import STATE
from .periods import of_the_day
from .values import fit, new_id, number
from .work import ChangeContext, matching

# close and open


def close(work: ChangeContext) -> Network:
    """Return the network with rows made unavailable; a season that is closed no longer comes."""
    table, rows = work.change.table, matching(work)
    if work.faults:
        return work.network
    if table == "season":
        return _without_seasons(work, rows)
    reason = work.change.why or f"closed by {work.tag}"
    new = {}
    for row in rows:
        _state(work, row, "closed")
        if row.holds_on(work.network.day):
            new[id(row)] = work.ledger.moved(row, replace(row, valid_to=CLOSED, end_reason=reason))
            work.tell(str(getattr(row, KEY[table])), STATE, "open", "closed")
    return work.put(table, new)


def open_(work: ChangeContext) -> Network:
    """Return the network with closed rows made available, of each id the one nearest before the day, alone."""
    table, rows = work.change.table, matching(work)
    if work.faults:
        return work.network
    day, key = work.network.day, KEY[table]
    by_id: dict[str, list[Any]] = {}
    for row in rows:
        _state(work, row, "open")
        by_id.setdefault(str(getattr(row, key)), []).append(row)
    new, shut_rows = {}, {id(row) for row in of_the_day(work, rows) if not row.holds_on(day)}
    gone: set[int] = set()
    for name, found in by_id.items():
        shut = _shut_by_season(work.network, found[0])
        if shut:
            hint = f"close: season, where season_id: {shut}, keeps it open all year"
            work.refuse(ScenarioError(f"{name} is closed by season '{shut}' on {day}", hint=hint), "where")
        row = next((row for row in found if id(row) in shut_rows), None)
        if row is not None:
            state = {"state": "open", "probability_open": None} if table == "service" else {}
            new[id(row)] = work.ledger.moved(row, replace(row, valid_from=None, valid_to=None, **state))
            gone |= {
                id(other) for other in work.network.rows(table) if getattr(other, key) == name and other is not row
            }
            work.tell(name, STATE, "closed", "open")
    return work.put(table, new, gone)


def _state(work: ChangeContext, row: Row, state: str) -> None:
    work.write(row, STATE, str(getattr(row, KEY[work.change.table])), "state", state)


def _without_seasons(work: ChangeContext, rows: Sequence[Season]) -> Network:
    for row in rows:
        for column in ("closed", "hours_factor", "from_month_day", "to_month_day"):
            work.write(row, column, f"season {row.season_id}", "state", "closed")
        work.tell(row.season_id, STATE, "comes", "never")
    return work.put("season", {}, {id(row) for row in rows})


def _shut_by_season(network: Network, row: Row) -> str | None:
    """Return the season that keeps a link, a service or a port closed on the day, if one does."""
    about = {("mode", row.mode)} if isinstance(row, Link) else set()
    if isinstance(row, Service):
        about = {("service", row.service_id)}
    if isinstance(row, Terminal) and {"port_out", "port_in"} & {row.from_state, row.to_state}:
        about = {("node", row.node_id)}
    for season in network.rows("season"):
        if season.closed == "yes" and season.holds_on(network.day) and (season.applies_to, season.target_id) in about:
            return str(season.season_id)
    return None


# add


def add(work: ChangeContext) -> Network:
    """Return the network with a row added, with its calls or its border; every fault of the row is left in `work`."""
    table = work.change.table
    cells = _cells(work, table)
    calls = _calls(work) if table == "service" else _none(work, "calls", work.change.calls)
    if table != "link":
        _none(work, "border_like", work.change.border_like)
    if work.faults:
        return work.network
    new = cast(Dated, ROW_TYPES[table](**cells))
    work.ledger.added(new, work.scenario)
    name = str(cells[KEY[table]])
    work.rows.add((table, name))
    work.tell(name, "row", None, "added")
    network = work.network.with_rows(**{table: (*work.network.rows(table), new)})
    if table == "service":
        rows = [replace(call, service_id=name, source_id=new.source_id, grade=new.grade) for call in calls]
        return network.with_rows(service_call=(*network.rows("service_call"), *rows))
    return _with_border(work, network, new) if isinstance(new, Link) and work.change.border_like else network


def _none(work: ChangeContext, key: str, given: Any) -> list[Any]:
    if given is not None:
        work.refuse(BadValue(f"a {work.change.table} takes no {key}"), key)
    return []


def _cells(work: ChangeContext, table: str) -> dict[str, Any]:
    """Return the columns of the added row; a fault for each that is unknown, missing or cannot be so."""
    given = {column: value for column, value in (work.change.row or {}).items() if value is not None}
    columns = {item.name: item for item in fields(ROW_TYPES[table])}
    del columns["line"]
    key, cells = KEY[table], {}
    for column, value in given.items():
        if column not in columns:
            unknown = UnknownName(f"table {table} has no column '{column}'", hint=did_you_mean(column, columns))
            work.refuse(unknown, "row", column, of_key=True)
            continue
        cells[column] = work.attempt(partial(fit, work.network, table, column, value), "row", column)
    cells.setdefault("source_id", work.source)
    cells.setdefault("grade", work.change.grade)
    missing = [n for n, f in columns.items() if f.default is MISSING and n not in cells]
    if missing:
        work.refuse(BadValue(f"the added {table} lacks {', '.join(missing)}"), "row")
    if isinstance(cells.get(key), str):
        cells[key] = work.attempt(partial(new_id, key, cells[key]), "row", key)
        if cells[key] in {getattr(other, key) for other in work.network.rows(table)}:
            fault = ScenarioError(f"{key} '{cells[key]}' exists already", hint="to change it, use set, scale or open")
            work.refuse(fault, "row", key)
    return cells


def _port(network: Network, name: str) -> str:
    return network.node(name).node_id


def _calls(work: ChangeContext) -> list[ServiceCall]:
    """Return the calls of an added service, of no service yet; a fault for each port, lane or hour that is wrong."""
    calls = work.change.calls or []
    if len(calls) < 2:
        work.refuse(BadValue("an added service needs two calls or more"), "calls")
    made = []
    for number_, call in enumerate(calls, 1):
        here = ("calls", number_ - 1)
        node = work.attempt(partial(_port, work.network, call.node), *here, "node")
        times = {}
        for column in ("arrival_hours", "departure_hours"):
            hours = getattr(call, column)
            if hours is not None:
                hours = work.attempt(partial(number, "service_call", column, hours), *here, column)
            times[column] = hours
        made.append(ServiceCall(service_id="", call_sequence=number_, node_id=node, source_id="", grade="", **times))
    for number_, (one, other) in enumerate(itertools.pairwise(made), 1):
        if one.node_id and other.node_id and (one.node_id, other.node_id) not in work.network.lanes:
            fault = ScenarioError(
                f"there is no sea lane from {one.node_id} to {other.node_id}", hint="both must be seaports"
            )
            work.refuse(fault, "calls", number_, "node")
    return made


def _with_border(work: ChangeContext, network: Network, link: Link) -> Network:
    """Return the network with crossings for an added link, both ways, like those of a border that is there."""
    try:
        model = _model_crossings(network, link, str(work.change.border_like))
    except CorridorError as error:
        work.refuse(error, "border_like")
        return network
    country = {node: network.nodes[node].country for node in (link.from_node_id, link.to_node_id)}
    there = {nation: node for node, nation in country.items()}
    new = []
    for crossing in model:
        for column in ("operation_id", "opening_hours", STATE):
            work.write(crossing, column, f"{crossing.crossing_id} {column}", "read")
        here, over = (there[network.nodes[n].country] for n in (crossing.from_node_id, crossing.to_node_id))
        if link.directed and here != link.from_node_id:
            continue
        row = replace(
            crossing,
            crossing_id=f"{link.link_id}-{crossing.direction}",
            name=f"{network.nodes[here].name} to {network.nodes[over].name} ({link.mode})",
            link_id=link.link_id,
            from_node_id=here,
            to_node_id=over,
            source_id=work.source,
            grade=max(crossing.grade, work.change.grade),
            basis=f"taken to be like {crossing.crossing_id}",
            line=0,
        )
        work.ledger.added(row, work.scenario)
        work.rows.add(("crossing", row.crossing_id))
        work.tell(row.crossing_id, "row", None, f"like {crossing.crossing_id}")
        new.append(row)
    taken = {row.crossing_id for row in network.rows("crossing")}
    for row in new:
        if row.crossing_id in taken:
            work.refuse(ScenarioError(f"crossing_id '{row.crossing_id}' exists already"), "row", "link_id")
    return network.with_rows(crossing=(*network.rows("crossing"), *new))


def _model_crossings(network: Network, link: Link, name: str) -> list[Crossing]:
    """Return the crossings of the border to copy; raise where it is none between these countries by this mode."""
    rows = network.rows("crossing")
    named = next((row for row in rows if row.crossing_id == name), None)
    if named is None:
        known = [row.crossing_id for row in rows]
        hint = did_you_mean(name, known, otherwise="it names a crossing that is there")
        raise UnknownName(f"unknown crossing '{name}'", hint=hint)
    ends, model_ends = (
        frozenset(network.nodes[node].country for node in (row.from_node_id, row.to_node_id)) for row in (link, named)
    )
    if len(ends) < 2:
        raise BadValue(f"link '{link.link_id}' stays in one country and has no border", hint="leave border_like out")
    if ends != model_ends or link.mode != named.mode:
        ways = f"between {' and '.join(sorted(model_ends))} by {named.mode}"
        own = f"between {' and '.join(sorted(ends))} by {link.mode}"
        raise BadValue(f"crossing '{name}' is {ways}, link '{link.link_id}' {own}")
    found = [row for row in rows if row.link_id == named.link_id and row.holds_on(network.day)]
    if not found:
        hint = "name one that is, or open it first"
        raise ScenarioError(f"crossing '{name}' is not open on {network.day}", hint=hint)
    return found
