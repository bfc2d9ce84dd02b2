"""What every row of a table has: the line it stands on, where it comes from, and the days on which it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of any table: the line of the file it stands on, 0 where it stands in none."""

    line: int = 0


SomeRow = TypeVar("SomeRow", bound=TableRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(TableRow):
    """A row of evidence: its source, grade and basis."""

    source_id: str
    grade: str
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Row):
    """A row that holds from `valid_from` to `valid_to`, both included; None is open."""

    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the row holds on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
