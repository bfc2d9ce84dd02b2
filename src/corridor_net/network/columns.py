"""Columns of a table, side by side: the values of all its rows as arrays, however the rows are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
"""Which of some distinct values each row has."""


def coded(rows: Sequence[Any], column: str) -> tuple[list[Any], Codes]:
    """Return the distinct values of a column, and which of them each row has."""
    known: dict[Any, int] = {}
    codes = (known.setdefault(getattr(row, column), len(known)) for row in rows)
    found = np.fromiter(codes, np.int64, len(rows))
    return list(known), found


def floats(rows: Sequence[Any], column: str) -> NDArray[np.float64]:
    """Return the numbers of a column without empty cells."""
    return np.fromiter((getattr(row, column) for row in rows), float, len(rows))


def texts(rows: Sequence[Any], column: str) -> list[str]:
    """Return the texts of a column."""
    return [getattr(row, column) for row in rows]


def first_met(codes: Codes) -> dict[int, int]:
    """Return the first row of each code that is met, by code."""
    known, first = np.unique(codes, return_index=True)
    return dict(zip(known.tolist(), first.tolist(), strict=True))


def joint(columns: Sequence[Codes], sizes: Sequence[int]) -> tuple[list[int], Codes]:
    """Return the first row of every distinct tuple of codes, in the order of rows, and which of them each row has."""
    whole, span = columns[0], sizes[0]
    for codes, size in zip(columns[1:], sizes[1:], strict=True):
        if span * size > 2**62:
            whole = np.unique(whole, return_inverse=True)[1]
            span = int(whole.max(initial=0)) + 1
        whole, span = whole * size + codes, span * size
    _, first, inverse = np.unique(whole, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return first[order].tolist(), rank[inverse]
