"""What the scenarios of one application did to which row, so that their order is seen where it counts.

Changes to different figures may be made in any order. Two changes of one figure may not, unless both multiply, both
add, or both set the same. A scenario that extends or requires another says which comes first; between two that say
nothing the order would decide silently, and that is a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from corridor_net.network.rows import Row

from .figures import Money, amount, same

Moved = TypeVar("Moved", bound=Row)
STATE = "state"
"""The column under which opening and closing are written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One change of one column: by which scenario, how, and the value, factor or difference.

    `how` is set, scale, shift, follow (multiplied along with another figure), point (the row got a figure of its
    own), state, money (another currency, the worth the same), or read (another row was made like it).
    """

    scenario: str
    how: str
    value: Any = None
    money: Money | None = None

    def __str__(self) -> str:
        text = amount(self.value, str(self.money) if self.money else "")
        words = {
            "set": f"sets it to {text}",
            "scale": f"multiplies it by {text}",
            "follow": f"multiplies it by {text}",
            "shift": f"adds {text}",
            "point": "changes the figure behind it",
            "state": f"makes it {text}",
            "read": "makes another like it",
            "money": f"puts it into {text}",
        }
        return f"'{self.scenario}' {words[self.how]}"

    def commutes(self, other: Write) -> bool:
        """Whether both orders give the same."""
        kinds = {self.how, other.how}
        if kinds <= {"set", "state"}:
            return same(self.value, other.value) and self.money == other.money
        return any(kinds <= fine for fine in _COMMUTING)


_COMMUTING = ({"scale", "follow"}, {"shift"}, {"point"}, {"read"}, {"money"}, {"set", "follow"})
"""Kinds that can change places. A figure that is set outright is not multiplied along: see `Ledger.is_set`."""


@dataclass(slots=True, kw_only=True)
class _State:
    """What is known of a row: itself, as the data have it, which scenario added it, and what was done to it."""

    row: Row
    original: Row
    added_by: str = ""
    writes: dict[str, tuple[Write, ...]] = field(default_factory=dict)


class Ledger:
    """The states of all rows that a list of changes has touched so far, told by the rows themselves."""

    def __init__(self, follows: Mapping[str, frozenset[str]]) -> None:
        self._follows = follows
        self._states: dict[int, _State] = {}

    def related(self, one: str, other: str) -> bool:
        """Whether the order of two scenarios is stated: they are one, or one extends or requires the other."""
        return one == other or other in self._all(one) or one in self._all(other)

    def _all(self, name: str) -> set[str]:
        found, todo = set(), [name]
        while todo:
            for other in self._follows.get(todo.pop(), ()):
                if other not in found:
                    found.add(other)
                    todo.append(other)
        return found

    def original(self, row: Row) -> Any:
        """Return the row as the data have it."""
        state = self._states.get(id(row))
        return state.original if state else row

    def stranger(self, row: Row, scenario: str) -> str:
        """Return the scenario that added the row, if `scenario` neither is it nor names it; else ''."""
        state = self._states.get(id(row))
        return state.added_by if state and state.added_by and not self.related(state.added_by, scenario) else ""

    def writes(self, row: Row, column: str) -> tuple[Write, ...]:
        """Return what was done to a column of the row, as far as its order with what follows may count."""
        state = self._states.get(id(row))
        return state.writes.get(column, ()) if state else ()

    def is_set(self, row: Row, column: str) -> bool:
        """Whether a change has given the column its value outright."""
        return any(write.how == "set" for write in self.writes(row, column))

    def is_mine(self, row: Row, column: str, scenario: str) -> bool:
        """Whether the scenario, or one it names or is named by, has changed the column."""
        return any(self.related(write.scenario, scenario) for write in self.writes(row, column))

    def write(self, row: Row, column: str, write: Write) -> Write | None:
        """Write down a change before it is made; return an earlier one whose order with it nobody states.

        Of one scenario and kind two that differ are kept: no other can be in the order of both, however many follow.
        """
        before = self.writes(row, column)
        alike = [one for one in before if (one.scenario, one.how) == (write.scenario, write.how)]
        if len(alike) < 2 and not any(one.commutes(write) for one in alike):
            self._state(row).writes[column] = (*before, write)
        for earlier in before:
            if not self.related(earlier.scenario, write.scenario) and not earlier.commutes(write):
                return earlier
        return None

    def added(self, row: Row, scenario: str) -> None:
        """Write down that a scenario added the row."""
        self._state(row).added_by = scenario

    def moved(self, old: Row, new: Moved) -> Moved:
        """Write down that `new` stands in place of `old`, or beside it with another name; return it."""
        state = self._states.get(id(old)) or _State(row=old, original=old)
        self._states[id(new)] = _State(
            row=new, original=state.original, added_by=state.added_by, writes=dict(state.writes)
        )
        return new

    def _state(self, row: Row) -> _State:
        return self._states.setdefault(id(row), _State(row=row, original=row))
