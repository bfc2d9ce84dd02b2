"""The arcs of a compiled network in their order, and its states: made one by one when they are looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from .arcs import KEPT, MOVES, Amounts, Arc, State

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]


class Piece(Protocol):
    """Arcs of one kind in their order, with their amounts."""

    @property
    def amounts(self) -> Amounts:
        """What they take."""

    def __len__(self) -> int:
        """Count the arcs."""

    def at_sea(self) -> NDArray[np.bool_]:
        """Return which are a passage by sea or by air (`Arc.leaves_land`)."""

    def keys(self) -> Iterable[str]:
        """Return their keys."""

    def ends(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the numbers of place and name of the state that each arc leaves, and of the one it enters."""

    def arc(self, number: int, ends: tuple[int, int], states: tuple[State, State]) -> Arc:
        """Make one arc between two states, given by number and as they are."""


class ArcList(Sequence[Arc]):
    """The arcs of several pieces, one after the other; those of a small network are kept once they are made."""

    def __init__(self, pieces: Sequence[Piece], states: Sequence[State], tail: Numbers, head: Numbers) -> None:
        self.pieces, self.states, self.tail, self.head = pieces, states, tail, head
        self.ends = list(accumulate(map(len, pieces)))
        self.kept: dict[int, Arc] | None = {} if len(tail) <= KEPT else None

    def __len__(self) -> int:
        return len(self.tail)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(mine == one for mine, one in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, number: int) -> Arc: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Arc, ...]: ...
    def __getitem__(self, number: int | slice) -> Arc | tuple[Arc, ...]:
        if isinstance(number, slice):
            return tuple(self[one] for one in range(*number.indices(len(self))))
        place = number if number >= 0 else number + len(self)
        if not 0 <= place < len(self):
            raise IndexError(number)
        if self.kept is None:
            return self._made(int(place))
        arc = self.kept.get(place)
        if arc is None:
            arc = self.kept[place] = self._made(int(place))
        return arc

    def __iter__(self) -> Iterator[Arc]:
        return (self[number] for number in range(len(self)))

    def _made(self, number: int) -> Arc:
        piece = bisect_right(self.ends, number)
        tail, head = int(self.tail[number]), int(self.head[number])
        first = self.ends[piece] - len(self.pieces[piece])
        return self.pieces[piece].arc(number - first, (tail, head), (self.states[tail], self.states[head]))


@dataclass(frozen=True, eq=False)
class States(Sequence[State]):
    """The states of a large network in their order: `code` is place x number of names + name, ascending."""

    ids: Sequence[str]
    names: Sequence[str]
    code: Ints

    def __len__(self) -> int:
        return len(self.code)

    @overload
    def __getitem__(self, number: int) -> State: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[State, ...]: ...
    def __getitem__(self, number: int | slice) -> State | tuple[State, ...]:
        if isinstance(number, slice):
            return tuple(self[one] for one in range(*number.indices(len(self))))
        place, name = divmod(int(self.code[number]), len(self.names))
        return self.ids[place], self.names[name]

    def __iter__(self) -> Iterator[State]:
        place, name = np.divmod(self.code, len(self.names))
        return ((self.ids[p], self.names[n]) for p, n in zip(place.tolist(), name.tolist(), strict=True))


class StateNumbers(Mapping[State, int]):
    """The number of each of `States`."""

    def __init__(self, states: States, places: Mapping[str, int]) -> None:
        self.states, self.places = states, places
        self.names = {name: number for number, name in enumerate(states.names)}

    def __getitem__(self, state: State) -> int:
        code = self.places[state[0]] * len(self.names) + self.names[state[1]]
        number = int(np.searchsorted(self.states.code, code))
        if number == len(self.states) or self.states.code[number] != code:
            raise KeyError(state)
        return number

    def __iter__(self) -> Iterator[State]:
        return iter(self.states)

    def __len__(self) -> int:
        return len(self.states)


@dataclass(frozen=True, eq=False, kw_only=True)
class Singles:
    """Arcs that were made one by one, by key: what each is but for its ends, and where these are."""

    rows: Sequence[tuple[Any, ...]]
    numbers: tuple[Ints, Ints, Ints, Ints]
    amounts: Amounts

    def __len__(self) -> int:
        return len(self.rows)

    def ends(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the numbers of place and name of both ends."""
        return self.numbers

    def keys(self) -> Iterable[str]:
        """Return their keys."""
        return (row[0] for row in self.rows)

    def at_sea(self) -> NDArray[np.bool_]:
        """Return which are a passage by sea or by air."""
        return np.array([row[1] in MOVES and row[8] != "land" for row in self.rows], bool)

    def arc(self, number: int, ends: tuple[int, int], states: tuple[State, State]) -> Arc:
        """Make one arc."""
        key, kind, mode, subject, km, co2, parts, figures, medium = self.rows[number]
        (here, _), (there, _) = states
        return Arc(key, kind, *ends, here, there, mode, subject, km, co2, parts, figures, medium)
