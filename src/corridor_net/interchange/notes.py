"""What an import assumed and what it noticed, gathered while it runs; and its faults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corridor_net.errors import CorridorError, FileFaults, raise_all
from corridor_net.network.files.faults import Faults
from corridor_net.network.names import listed


@dataclass(slots=True, kw_only=True)
class Notes:
    """Gathers assumptions, warnings and faults of one import, each once, in the order in which they came.

    `encoding` is that of the texts it reads, where the user names it.
    """

    assumptions: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    encoding: str = ""

    def assume(self, text: str) -> None:
        """Note what was taken as so without being said by the data."""
        if text not in self.assumptions:
            self.assumptions.append(text)

    def warn(self, text: str) -> None:
        """Note what looks wrong, or what was left out."""
        if text not in self.warnings:
            self.warnings.append(text)

    def unread(self, columns: Sequence[str], name: str) -> None:
        """Note columns that no model reads."""
        if columns:
            self.assume(f"columns of {name} that were not read, and are kept beside: {some(columns)}")

    def fault(self, error: CorridorError) -> None:
        """Note a fault that stops the import once all faults are known."""
        self.faults.put(object(), error)

    def fault_rows(self, which: Any, make: Callable[[int], CorridorError]) -> None:
        """Note a fault a row by `make(position)`, all of one kind."""
        kind = object()
        for position in np.flatnonzero(which).tolist():
            self.faults.add(kind, make, position)

    def stop_on_faults(self) -> None:
        """Raise the faults noted so far, one or all together; with none do nothing."""
        found = self.faults.all()
        if len(found) > 1:
            raise FileFaults(found)
        raise_all(found)


def some(names: Sequence[Any]) -> str:
    """Return the first five names, and how many more there are.

    >>> some(["a", "b", "c", "d", "e", "f", "g"])
    'a, b, c, d, e and 2 more'
    """
    return listed(names, 5)


def counted(count: Any, one: str, many: str) -> str:
    """Return a number and what follows it, of one and of many. A note is one sentence; catalogues know both its forms.

    >>> counted(1, "link has", "links have"), counted(2500, "link has", "links have")
    ('1 link has', '2,500 links have')
    """
    return f"{count:,} {agreeing(count, one, many)}"


def agreeing(count: Any, one: str, many: str) -> str:
    """Return the form of a word that agrees with a number which stands before.

    >>> agreeing(1, "its", "their")
    'its'
    """
    return one if count == 1 else many
