"""Work arrays kept from one call to the next: touching fresh memory for the first time can cost more than the work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

SPARE = 2
"""Arrays of a name that are kept though nobody uses them: mostly one comes as another goes."""


class _Lent:
    """What an array and all its parts hold on to: on its end the memory goes back to where it was kept."""

    def __init__(self, array: NDArray[Any], spare: list[NDArray[Any]]) -> None:
        self.__array_interface__ = array.__array_interface__
        self._array, self._spare = array, spare

    def __del__(self) -> None:
        if len(self._spare) < SPARE:
            self._spare.append(self._array)


class Scratch:
    """Arrays by name and type that nobody uses now; threads may share it. It is neither copied nor pickled along.

    Examples
    --------
    >>> scratch = Scratch()
    >>> with scratch.borrowed("rows", 8, np.int32, -1) as rows:
    ...     rows[3] = 7
    ...     rows[3] = -1
    >>> with scratch.borrowed("rows", 5, np.int32, -1) as again:
    ...     again is rows
    True
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._spare: dict[tuple[str, str], list[NDArray[Any]]] = {}

    def array(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Return an array to keep, of any content; its memory comes back when nobody holds it or a part of it.

        >>> scratch = Scratch()
        >>> array = scratch.array("rows", (2, 3), np.int32)
        >>> part, where = array[1], array.ctypes.data
        >>> del array
        >>> scratch.array("rows", (2, 3), np.int32).ctypes.data == where
        False
        >>> del part
        >>> scratch.array("rows", (2, 3), np.int32).ctypes.data == where
        True
        """
        spare = self._spare.setdefault((name, np.dtype(dtype).name), [])
        try:
            array = spare.pop()
        except IndexError:
            array = np.empty(shape, dtype)
        if array.shape != shape:
            array = np.empty(shape, dtype)
        return np.asarray(_Lent(array, spare))

    def __reduce__(self) -> tuple[type[Scratch], tuple[()]]:
        """Leave the arrays behind."""
        return Scratch, ()

    @contextmanager
    def borrowed(self, name: str, size: int, dtype: DTypeLike, value: float | None = None) -> Iterator[NDArray[Any]]:
        """Lend an array of at least `size` numbers, all of them `value` if one is named, to be left so.

        Where an error ends the loan, the array is not kept.
        """
        spare = self._spare.setdefault((name, np.dtype(dtype).name), [])
        try:
            array = spare.pop()
        except IndexError:
            array = np.empty(0, dtype)
        if len(array) < size:
            array = np.empty(size, dtype) if value is None else np.full(size, value, dtype)
        yield array
        spare.append(array)
