"""What is different between two networks, each on its day: rows that are in one alone, and figures that differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from corridor_net.figure_keys import original_id, parts_of
from corridor_net.network import Network
from corridor_net.network.rows import ROW_ID, ROW_TYPES, TableRow
from corridor_net.network.vocabulary import ANY_UNIT

from .route import Route

UNTOLD = ("source", "geometry", "node_name")
"""Tables that hold no figure: where figures come from, drawings, names in other languages."""
EVIDENCE = ("traffic", "trade", "published")
"""Tables that are held against answers and never enter them."""
SAYS_WHO = ("source_id", "grade", "basis")
BESIDE = frozenset({"line", "valid_from", "valid_to", "basis", "end_reason", "source_id", "grade", "why"})
"""Columns that say when, why and whence, not how much."""
RANGES = ("_low", "_high")
GONE, NEW, CHANGED = "gone", "new", "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure that differs, or a row that is in one network alone (`kind` gone or new, `field` empty).

    `row` is the id of the row, with what scenarios made of it (`~`); `used` under how many of the answers looked at it
    stands, before or after.
    """

    kind: str
    table: str
    row: str
    field: str
    before: Any
    after: Any
    grade: str
    used: int


def differences(old: Network, new: Network, answers: Iterable[Iterable[Route | None]] = ()) -> tuple[Difference, ...]:
    """Return all differences; those that most answers rest on first, then in the order of the tables.

    An answer is its routes before and after, None where there is none.

    Rows of dated tables are those that hold on the day of each network. A copy that a scenario makes of a shared figure
    is held against the figure that it was made from.
    """
    users = _users(answers, {row.cargo_id: row.cargo_unit for side in (old, new) for row in side.rows("cargo")})
    found: list[Difference] = []
    for table in ROW_TYPES:
        if table not in UNTOLD:
            found += _of_table(table, _by_key(old, table), _by_key(new, table), users)
    order = {table: number for number, table in enumerate(ROW_TYPES)}
    return tuple(
        sorted(found, key=lambda one: (-one.used, order[one.table], one.row, one.field.endswith(RANGES), one.field))
    )


def of_evidence_alone(old: Network, new: Network) -> int:
    """Return how many rows say the same of another source, grade or basis."""
    count = 0
    for table in ROW_TYPES:
        if table in UNTOLD:
            continue
        before, after = _by_key(old, table), _by_key(new, table)
        for key in before.keys() & after.keys():
            (_, was), (_, row) = before[key][0], after[key][0]
            same = not any(True for _ in _changed(table, was, row))
            count += same and any(getattr(was, name, "") != getattr(row, name, "") for name in SAYS_WHO)
    return count


Rows = dict[tuple[str, ...], list[tuple[str, TableRow]]]
"""Rows by what names them without what scenarios add, each with its own id; one for each copy."""


def _by_key(network: Network, table: str) -> Rows:
    columns = key_columns(network, table)
    rows = network.active(table) if hasattr(ROW_TYPES[table], "holds_on") else network.rows(table)
    found: Rows = {}
    for row in rows:
        own = ":".join(str(getattr(row, column)) for column in columns)
        found.setdefault(tuple(plain(getattr(row, column)) for column in columns), []).append((own, row))
    return found


def key_columns(network: Network, table: str) -> tuple[str, ...]:
    """Return the columns that name a row of a table on a day."""
    described = network.package.tables.get(table)
    keys = [*described.unique_in_time, *described.unique] if described else []
    key = next((key for key in keys if set(ROW_ID[table]) & set(key)), ROW_ID[table])
    return tuple(column for column in key if column not in ("valid_from", "from_day"))


def plain(value: Any) -> str:
    """Return a value as text, an id without what a scenario added to it.

    >>> plain("port_zarubino_out~primorye-2~1")
    'port_zarubino_out'
    """
    return original_id(str(value))


def _of_table(table: str, old: Rows, new: Rows, users: Mapping[str, set[int]]) -> Iterable[Difference]:
    for key in {**old, **new}:
        before, after = old.get(key, []), new.get(key, [])
        used = len(_used(table, key, users) & _of_its_box((after or before)[0][1], users))
        if not before or not after:
            yield from (_difference(table, NEW if after else GONE, row, used) for row in before or after)
            continue
        for row in after:
            same_id = [one for one in before if one[0] == row[0]]
            was = (same_id or before)[0][1]
            for change in _changed(table, was, row[1]):
                yield _difference(table, CHANGED, row, used, *change)
        kept = {own for own, _ in after}
        yield from (_difference(table, GONE, row, used) for row in before if "~" in row[0] and row[0] not in kept)


def _difference(
    table: str, kind: str, row: tuple[str, TableRow], used: int, field: str = "", before: Any = None, after: Any = None
) -> Difference:
    own, values = row
    grade = str(getattr(values, "grade", ""))
    return Difference(kind=kind, table=table, row=own, field=field, before=before, after=after, grade=grade, used=used)


def _changed(table: str, was: TableRow, row: TableRow) -> Iterable[tuple[str, Any, Any]]:
    """Yield each column whose value differs, before and after; ids are held against each other without additions."""
    keys = set(ROW_ID[table])
    for field in fields(row):
        if field.name in BESIDE or field.name in keys:
            continue
        before, after = getattr(was, field.name), getattr(row, field.name)
        if before != after and not (isinstance(after, str) and plain(before) == plain(after)):
            yield field.name, _plain(before), _plain(after)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _users(answers: Iterable[Iterable[Route | None]], boxes: Mapping[str, str]) -> dict[str, set[int]]:
    """Return the numbers of the answers by each figure and each row that one of their routes rests on, and by box."""
    found: dict[str, set[int]] = {}
    for number, routes in enumerate(answers):
        for route in filter(None, routes):
            for known in (f"cargo:{route.cargo}", f"box:{ANY_UNIT}", f"box:{boxes[route.cargo]}"):
                found.setdefault(known, set()).add(number)
            for figure in {figure for leg in route.legs for figure in (*leg.figures, leg.asset_id)}:
                parts = [plain(part) for part in parts_of(figure)]
                for count in range(1, len(parts) + 1):
                    found.setdefault(":".join(parts[:count]), set()).add(number)
    return found


def _of_its_box(row: TableRow, users: Mapping[str, set[int]]) -> set[int]:
    """Return the answers of the box that a figure is for."""
    return users.get(f"box:{getattr(row, 'cargo_unit', ANY_UNIT)}", set())


def _used(table: str, key: tuple[str, ...], users: Mapping[str, set[int]]) -> set[int]:
    """Return the answers that rest on a row, by its figures or as the asset of a step."""
    if table in EVIDENCE:
        return set()
    tried = [f"{table}:{':'.join(key[:count])}" for count in range(len(key), 0, -1)]
    by_figure = next((users[name] for name in tried if name in users), set())
    if table == "operation":
        by_figure = users.get(f"operation:{':'.join(key[:3])}", set())
    return by_figure or (users.get(key[0], set()) if table in ("crossing", "service", "link") else set())
