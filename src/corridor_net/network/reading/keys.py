"""Keys of the tables: doubled rows, rows that hold on a common day, rows of other tables that are not there.

They look at rows, so they hold for a network read from files and for one changed by a scenario. Each fault goes to
`report(kind, table, row, column, make, *others)`; `make()` gives the error, `others` are further rows it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from corridor_net.errors import BadValue, UnknownName, did_you_mean
from corridor_net.network.columns import Columns
from corridor_net.network.periods import SPANS, backwards, overlaps
from corridor_net.network.rows import ROW_TYPES, Season, SomeRow, TableRow, Traffic, row_id

from .package import ForeignKey, Package, TableSchema

Report = Callable[..., None]
Rows = Mapping[str, Sequence[Any]]
Key = tuple[str, ...]
RawKeys = Mapping[str, Callable[[TableSchema, Key], set[Any]]]
"""For tables that could not be read whole: what gives their keys as far as these can be read."""
OPTIONAL = ("geometry", "country")
"""Tables that add to ids which stand for themselves: without rows, nothing is held against them."""
TARGETS = {
    "node": ("node", "node_id"),
    "port": ("node", "node_id"),
    "service": ("service", "service_id"),
    "corridor": ("link", "corridor"),
}
"""What `target_id` names, by `applies_to`; a mode is one of the vocabulary."""


def find_doubles(rows: Rows, package: Package, report: Report, some: Rows | None = None) -> None:
    """Find rows of one key: at all, on one day, or joining the same two things; and rows that end before they begin.

    With `some` rows of some tables, only they and what has a key of theirs are looked at.
    """
    for name in package.tables if some is None else some:
        table = package.tables[name]
        found = rows.get(name, ())
        for key in table.unique:
            _doubled(name, found if some is None else _sharing(found, key, some[name]), key, report)
        for key in table.unique_in_time:
            _doubled_in_time(name, found if some is None else _sharing(found, key, some[name]), key, report)
        if table.unique_pair:
            _paired(name, found, table.unique_pair, report)
        _backwards(name, found if some is None else some[name], report)


def _sharing(rows: Sequence[TableRow], key: Key, some: Sequence[TableRow]) -> Sequence[TableRow]:
    """Return the rows that have a key of some of them."""
    value = attrgetter(*key)
    wanted = set(map(value, some))
    return tuple(row for row in rows if value(row) in wanted)


def find_strangers(
    rows: Rows, package: Package, report: Report, raw: RawKeys, tables: Collection[str] | None = None
) -> None:
    """Find cells that name a row which is not there: in all tables, or in those that are named."""
    known = _Known(rows, package, raw)
    looked_at = package.tables if tables is None else tables
    for name in looked_at:
        for key in package.tables[name].foreign_keys:
            values = known.of(key.table, key.targets)
            if values is not None:
                _unknown(name, rows.get(name, ()), key, values, report)
    for name in ("season", "traffic"):
        if name in looked_at:
            _unknown_targets(name, rows, package, report, known)


def _again(rows: Sequence[SomeRow], value: Callable[[SomeRow], Any]) -> Iterator[tuple[SomeRow, SomeRow]]:
    """Yield every row whose value a row before it has, after the first of them."""
    seen: dict[Any, SomeRow] = {}
    for row in rows:
        first = seen.setdefault(value(row), row)
        if first is not row:
            yield first, row


def _shown(row: TableRow, key: Key) -> str:
    return f"{' and '.join(key)} {'/'.join(str(getattr(row, column)) for column in key)}"


def _line(row: TableRow) -> str:
    return f"on line {row.line}" if row.line else "in the network"


# doubled rows


def _doubled(table: str, rows: Sequence[TableRow], key: Key, report: Report) -> None:
    if isinstance(rows, Columns) and rows.differ(key):
        return
    for first, row in _again(rows, attrgetter(*key)):
        message = f"{_shown(row, key)} stands already {_line(first)}"
        report((key, "double"), table, row, key[0], lambda m=message: BadValue(m), (table, row_id(table, first)))


def _doubled_in_time(table: str, rows: Sequence[TableRow], key: Key, report: Report) -> None:
    if isinstance(rows, Columns) and rows.differ(key):
        return
    groups: dict[Any, list[TableRow]] = {}
    value = attrgetter(*key)
    for row in rows:
        groups.setdefault(value(row), []).append(row)
    hint = "let one end before the other begins: no answer may depend on the order of rows"
    for group in groups.values():
        for first, second, day in overlaps(group) if len(group) > 1 else ():
            message = f"{_shown(second, key)} holds twice on {day}: also {_line(first)}"
            other = (table, row_id(table, first))
            report((key, "overlap"), table, second, key[0], lambda m=message: BadValue(m, hint=hint), other)


def _paired(table: str, rows: Sequence[TableRow], pair: Key, report: Report) -> None:
    ends = attrgetter(*pair)
    for first, row in _again(rows, lambda row: frozenset(ends(row))):
        message = f"{_shown(row, pair)} are joined already {_line(first)}, one way or the other"
        report((pair, "pair"), table, row, pair[0], lambda m=message: BadValue(m), (table, row_id(table, first)))


def _backwards(table: str, rows: Sequence[TableRow], report: Report) -> None:
    spans = [column for pair in SPANS[:2] for column in pair if hasattr(ROW_TYPES[table], column)]
    if not spans:
        return
    if isinstance(rows, Columns) and not any(backwards(rows[first]) for first in rows.firsts(spans)[0]):
        return  # a row of every span of days says it
    for row in rows:
        column = backwards(row)
        if column is not None:
            message = f"{column} {getattr(row, column)} lies after the last day of the row"
            report("backwards", table, row, column, lambda m=message: BadValue(m, hint="the row would never hold"))


# rows of other tables


class _Known:
    """The keys of each table that others name, gathered once."""

    def __init__(self, rows: Rows, package: Package, raw: RawKeys) -> None:
        self.rows, self.package, self.raw = rows, package, raw
        self.found: dict[tuple[str, Key], set[Any] | None] = {}

    def of(self, table: str, key: Key) -> set[Any] | None:
        """Return the keys of a table, None where it cannot be told what they are (`OPTIONAL`)."""
        if (table, key) not in self.found:
            self.found[table, key] = self._gather(table, key)
        return self.found[table, key]

    def _gather(self, table: str, key: Key) -> set[Any] | None:
        rows = self.rows.get(table, ())
        if table in OPTIONAL and not rows:
            return None
        found = _values(rows, key)
        if table in self.raw:
            found |= self.raw[table](self.package.tables[table], key)
            return found or None
        return found


def _values(rows: Sequence[TableRow], key: Key) -> set[Any]:
    """Return the values of a key: the cell itself where it is one column."""
    return set(rows.values(key) if isinstance(rows, Columns) else map(attrgetter(*key), rows))


def _unknown(table: str, rows: Sequence[TableRow], key: ForeignKey, known: set[Any], report: Report) -> None:
    value_of, alone = attrgetter(*key.columns), len(key.columns) == 1

    def strange(value: Any) -> bool:
        return value not in known and bool(value if alone else any(value))

    if not any(map(strange, _values(rows, key.columns) - known)):
        return
    for row in rows:
        value = value_of(row)
        if not strange(value):
            continue

        def make(value: Any = value) -> UnknownName:
            add = f"correct the name, or add it to table {key.table}"
            hint = did_you_mean(str(value), map(str, known), otherwise=add) if alone else add
            text = str(value) if alone else "/".join(map(str, value))
            return UnknownName(f"{' and '.join(key.columns)} '{text}' is not in table {key.table}", hint=hint)

        report((key.columns, "unknown"), table, row, key.columns[0], make)


def _unknown_targets(table: str, rows: Rows, package: Package, report: Report, keys: _Known) -> None:
    known: dict[str, set[str]] = {"mode": set(package.tables["tariff"].columns["mode"].choices or ())}
    for kind, (other, column) in TARGETS.items() if rows.get(table) else ():
        names = keys.of(other, (column,))
        if names is not None:
            known[kind] = {str(name) for name in names if name}
    for row in rows.get(table, ()):
        if row.applies_to not in known or row.target_id in known[row.applies_to]:
            continue

        def make(row: Season | Traffic = row) -> UnknownName:
            hint = did_you_mean(row.target_id, known[row.applies_to], otherwise="the row would do nothing")
            return UnknownName(f"target_id '{row.target_id}' is no {row.applies_to} of the network", hint=hint)

        report(("target_id", "unknown"), table, row, "target_id", make)
