"""Collecting faults so that a list of them ends: the first of a kind in full, the rest as a count."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from corridor_net.errors import CorridorError

SHOWN = 20
"""Faults of one kind that are reported in full."""


@dataclass(slots=True)
class _Kind:
    shown: list[CorridorError] = field(default_factory=list)
    hidden: int = 0
    next: CorridorError | None = None


class Faults:
    """Faults by kind. Of each kind `SHOWN` are kept; the rest are counted, and the first of them says how many."""

    def __init__(self) -> None:
        self._kinds: dict[Hashable, _Kind] = {}

    def __len__(self) -> int:
        return sum(len(kind.shown) + kind.hidden for kind in self._kinds.values())

    def add(self, kind: Hashable, make: Callable[..., CorridorError], *given: Any) -> None:
        """Add a fault of a kind; `make(*given)` is called only where the fault is kept."""
        known = self._kinds.setdefault(kind, _Kind())
        if len(known.shown) < SHOWN:
            known.shown.append(make(*given))
            return
        known.hidden += 1
        if known.next is None:
            known.next = make(*given)

    def put(self, kind: Hashable, fault: CorridorError) -> None:
        """Add a fault of a kind that is made already."""
        self.add(kind, lambda: fault)

    def all(self) -> list[CorridorError]:
        """Return the faults kept, kind after kind, each long kind closed by a count."""
        found: list[CorridorError] = []
        for kind in self._kinds.values():
            found += kind.shown
            if kind.next is not None:
                found.append(_counted(kind.next, kind.hidden))
        return found


def shortened(faults: list[CorridorError]) -> list[CorridorError]:
    """Return a list of faults of one kind so that it ends."""
    kept = Faults()
    for fault in faults:
        kept.put("", fault)
    return kept.all()


def _counted(fault: CorridorError, hidden: int) -> CorridorError:
    if hidden == 1:
        return fault
    more = fault.moved(fault.place)
    more.message = f"{fault.message}; and {hidden - 1:,} more like this"
    return more
