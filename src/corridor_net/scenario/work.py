"""One change being made: what it knows, what it has touched, and the rows its `where` selects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from corridor_net.errors import CorridorError, Place, RowRef, ScenarioError, UnknownName, did_you_mean
from corridor_net.figure_keys import original_id
from corridor_net.network import Network
from corridor_net.network.names import listed
from corridor_net.network.rows import ROW_TYPES, Row

from .figures import FIGURES, KEY, Money, amount
from .ledger import Ledger, Write
from .model import Change

At = Callable[..., Place]
"""`at("was")` is where a key of the change stands in its file, `at()` the change itself."""
HINTED = 20
"""Wrong values of one condition for which the nearest right spelling is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One figure that a change touched: whose, which, before and after, each in its unit."""

    row: str
    field: str
    before: Any
    after: Any
    unit_before: str = ""
    unit_after: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What one change did: each figure it touched, and the rows that now differ or are new, by table and id."""

    change: Change
    touched: tuple[Touched, ...]
    rows: frozenset[RowRef]


@dataclass(slots=True, kw_only=True)
class ChangeContext:
    """A change on a network, with the ledger of the changes before it."""

    network: Network
    change: Change
    scenario: str
    number: int
    at: At
    ledger: Ledger
    touched: list[Touched] = field(default_factory=list)
    rows: set[RowRef] = field(default_factory=set)
    faults: list[CorridorError] = field(default_factory=list)
    clashes: int = 0
    already: bool = False
    """Whether something matched that another change has made so."""

    @property
    def tag(self) -> str:
        """What is put behind the id of a figure that the change gives to some rows alone."""
        return f"{self.scenario}~{self.number}"

    @property
    def source(self) -> str:
        """The source of what the change writes."""
        return self.change.source or f"scenario:{self.tag}"

    def refuse(self, error: CorridorError, *keys: str | int, of_key: bool = False) -> None:
        """Keep a fault, with the place of a key of the change where the fault has none."""
        if error.place is None:
            error.place = self.at(*keys, of_key=of_key) if of_key else self.at(*keys)
        self.faults.append(error)

    def attempt(self, make: Callable[[], Any], *keys: str | int) -> Any:
        """Return what `make` returns; where it raises, keep the fault with the place of `keys` and return None."""
        try:
            return make()
        except CorridorError as error:
            self.refuse(error, *keys)
            return None

    def write(self, row: Row, column: str, what: str, how: str, value: Any = None, money: Money | None = None) -> None:
        """Write a change of a column into the ledger, as `Write` has it.

        A fault when its order with an earlier one is not stated.
        """
        write = Write(scenario=self.scenario, how=how, value=value, money=money)
        self.already |= bool(self.ledger.writes(row, column))
        earlier = self.ledger.write(row, column, write)
        if earlier is None:
            return
        self.clashes += 1
        if self.clashes == 1:
            hint = f"let one extend the other, so that the order is stated: extends: [{earlier.scenario}]"
            said = f"two scenarios change {what}, and their order would decide: {earlier}, {write}"
            self.refuse(ScenarioError(said, hint=hint))

    def put(self, table: str, new: Mapping[int, Row], gone: Collection[int] = ()) -> Network:
        """Return the network with new rows in place of those they are told by (`id`), and without those that go."""
        self.rows |= {(table, str(getattr(row, KEY[table]))) for row in new.values()}
        rows = (row for row in self.network.rows(table) if id(row) not in gone)
        return self.network.with_rows(**{table: (new.get(id(row), row) for row in rows)})

    def tell(self, row: str, name: str, before: Any, after: Any, units: tuple[str, str] = ("", "")) -> None:
        """Note a figure that was touched."""
        old, new = units
        self.touched.append(Touched(row=row, field=name, before=before, after=after, unit_before=old, unit_after=new))


def matching(work: ChangeContext) -> list[Any]:
    """Return the rows that `where` selects, as the data or an added row have them; none when there are faults.

    What another change did to a column does not change what is selected. A row that a scenario added is selected
    by another that neither extends nor requires it only where its id is written out.
    """
    table, where = work.change.table, work.change.where or {}
    columns = {item.name for item in fields(ROW_TYPES[table])} - {"line"}
    rows = work.network.rows(table)
    originals = [work.ledger.original(row) for row in rows]
    met = [True] * len(rows)
    good = True
    for column, values in where.items():
        if column in columns:
            good &= _column_met(work, column, values, originals, met)
            continue
        hint = did_you_mean(column, columns, otherwise=f"columns: {', '.join(sorted(columns))}")
        fault = UnknownName(f"table {table} has no column '{column}'", hint=hint)
        work.refuse(fault, "where", column, of_key=True)
        good = False
    if not good:
        return []
    named = where.get(KEY[table], ())
    found, strange = [], ""
    for row, fits in zip(rows, met, strict=True):
        stranger = work.ledger.stranger(row, work.scenario) if fits else ""
        if fits and (not stranger or getattr(row, KEY[table]) in named):
            found.append(row)
        strange = strange or stranger
    if not found:
        hint = "each condition is met by some row, but no row meets all of them"
        if strange:
            hint = f"scenario '{strange}' adds such a row: let this one extend or require it"
        work.refuse(ScenarioError(f"no row of table {table} matches {_shown(where)}", hint=hint), "where")
    return found


def _column_met(work: ChangeContext, column: str, values: list[str], rows: list[Row], met: list[bool]) -> bool:
    """Keep in `met` the rows that have one of the values; a fault for each value that no row has."""
    table, wanted = work.change.table, set(values)
    cells = [getattr(row, column) for row in rows]
    texts = {cell: _texts(cell, column) for cell in dict.fromkeys(cells)}
    asked, begun, fits = {*values}, [value for value in values if value.endswith("*")], {}
    for cell, called in texts.items():
        fitting = asked.intersection(called) | {value for value in begun if any(_fits(text, value) for text in called)}
        wanted -= fitting
        fits[cell] = bool(fitting)
    met[:] = [before and fits[cell] for before, cell in zip(met, cells, strict=True)]
    lost = [number for number, value in enumerate(values) if value in wanted]
    for count, number in enumerate(lost):
        value, listed = values[number], len(values) > 1
        hint = f"no {column} is '{value}'"
        if count < HINTED:
            known = {text for called in texts.values() for text in called}
            hint = did_you_mean(value, known, otherwise=hint)
        said = (
            f"no row of table {table} has {column} = {value}"
            if listed
            else f"no row of table {table} matches {column} = {value}"
        )
        fault = ScenarioError(said, hint=hint)
        work.refuse(fault, "where", column, *([number] if listed else []))
    return not wanted


def _texts(value: Any, column: str) -> tuple[str, ...]:
    """Return what a cell may be called: for the id of a figure given to some rows alone also that in the data."""
    text = "" if value is None else str(value)
    if isinstance(value, float):
        return (text, str(int(value))) if value.is_integer() else (text,)
    return (text, original_id(text)) if "~" in text and column in _SHARED else (text,)


_SHARED = frozenset(KEY[table] for table in FIGURES)


def _fits(text: str, wanted: str) -> bool:
    return text.startswith(wanted[:-1]) if wanted.endswith("*") else text == wanted


def _shown(where: dict[str, list[str]]) -> str:
    return " and ".join(f"{column} = {' or '.join(values)}" for column, values in where.items())


def names(table: str, rows: Iterable[Row]) -> str:
    """Return the id of the first row, and how many more there are.

    >>> from types import SimpleNamespace as Row
    >>> names("link", [Row(link_id="a"), Row(link_id="b"), Row(link_id="c")])
    'a and 2 more'
    """
    return listed(list(dict.fromkeys(getattr(row, KEY[table]) for row in rows)), 1)


def several(faults: list[tuple[str, Any, str]]) -> str:
    """Return 'a x is 3 km, b x is 4 km' for the first two of (row, value, unit), and how many more there are."""
    shown = ", ".join(f"{name} is {amount(value, unit)}" for name, value, unit in faults[:2])
    return shown + (f", and {len(faults) - 2} more" if len(faults) > 2 else "")
