"""What a network asks of tables that are kept as columns. Numpy is loaded when there is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any


def active_columns(rows: Any, day: date, gone: frozenset[str], stands_at: Sequence[str]) -> Any:
    """Return the rows that hold on a day, without those at a node that does not."""
    import numpy as np

    from .columns import holding, named

    good = holding(rows, day)
    for column in stands_at if gone else ():
        good &= ~named(rows, column, gone)
    return rows if good.all() else rows.taken(np.flatnonzero(good))


def not_holding(rows: Any, day: date) -> Iterator[Any]:
    """Yield the rows that do not hold on a day."""
    import numpy as np

    from .columns import holding

    return (rows[number] for number in np.flatnonzero(~holding(rows, day)).tolist())


def by_id(rows: Any, column: str) -> Mapping[str, Any]:
    """Return the rows by the id in a column."""
    from .columns import ById

    return ById(rows, column)


def whole_rows(rows: Any) -> tuple[Any, ...]:
    """Return rows that are the same objects whenever they are looked at."""
    made: tuple[Any, ...] = rows.whole() if hasattr(rows, "whole") else tuple(rows)
    return made
