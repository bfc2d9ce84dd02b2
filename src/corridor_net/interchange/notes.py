"""What an import assumed and what it noticed, gathered while it runs; and faults cut to the first of a kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from corridor_net.errors import BadValue, CorridorError, FileFaults, raise_all

SHOWN = 20
"""Faults shown of one kind; the rest are counted."""


@dataclass(slots=True, kw_only=True)
class Notes:
    """Gathers assumptions, warnings and faults of one import, each once, in the order in which they came."""

    assumptions: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    faults: list[CorridorError] = field(default_factory=list)

    def assume(self, text: str) -> None:
        """Note what was taken as so without being said by the data."""
        if text not in self.assumptions:
            self.assumptions.append(text)

    def warn(self, text: str) -> None:
        """Note what looks wrong, or what was left out."""
        if text not in self.warnings:
            self.warnings.append(text)

    def unread(self, columns: Sequence[str], path: str) -> None:
        """Note columns that no model reads."""
        if columns:
            self.assume(f"columns of {Path(path).name} that were not read, and are kept beside: {some(columns)}")

    def fault(self, error: CorridorError) -> None:
        """Note a fault that stops the import once all faults are known."""
        self.faults.append(error)

    def fault_rows(self, which: Any, make: Callable[[int], CorridorError], kind: str) -> None:
        """Note a fault a row: the first twenty by `make(position)`, the rest as a count of `kind`."""
        positions = np.flatnonzero(which)
        self.faults += [make(int(position)) for position in positions[:SHOWN]]
        if len(positions) > SHOWN:
            self.faults.append(BadValue(f"and {len(positions) - SHOWN:,} more: {kind}"))

    def stop_on_faults(self) -> None:
        """Raise the faults noted so far, one or all together; with none do nothing."""
        if len(self.faults) > 1:
            raise FileFaults(self.faults)
        raise_all(self.faults)


def some(names: Sequence[Any]) -> str:
    """Return the first five names, and how many more there are.

    >>> some(["a", "b", "c", "d", "e", "f", "g"])
    'a, b, c, d, e and 2 more'
    """
    shown = ", ".join(str(name) for name in names[:5])
    return f"{shown} and {len(names) - 5:,} more" if len(names) > 5 else shown
