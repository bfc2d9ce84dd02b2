"""The arcs of a compiled network in their order, and its states: made one by one when they are looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import overload

import numpy as np
from numpy.typing import NDArray

from corridor_net.network.vocabulary import Vocabulary

from .arcs import CACHED, MOVES, Arc, ArcAmounts, Floats, State, Work, by_component
from .terms import QUANTITIES, Products, Terms, terms_of

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """An arc that is made by itself; `mode` is its kind and its mode, `ends` the numbers that a `ArcPiece` has."""

    key: str
    mode: tuple[str, str]
    asset_id: str
    km: float
    work: Work
    ends: tuple[int, int, int, int]


class ArcPiece:
    """Arcs of one kind in their order, side by side: what they take, where they lead, whose they are.

    `modes`: distinct pairs of kind and mode, and which of them each arc has. `ends`: the numbers of place and name of
    the state that each arc leaves, and of the one it enters. `works` and `work`: distinct works, and which each arc is.
    """

    amounts: ArcAmounts
    modes: tuple[Sequence[tuple[str, str]], Ints]
    ends: tuple[Ints, Ints, Ints, Ints]
    works: Sequence[Work] = ()
    work: Ints

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def __len__(self) -> int:
        return len(self.ends[0])

    def keys(self) -> Iterable[str]:
        """Return their keys."""
        raise NotImplementedError

    def asset_ids(self) -> Sequence[str]:
        """Return the ids of the rows they come from."""
        raise NotImplementedError

    def identified(self, number: int, start: State) -> tuple[str, str, float]:
        """Return key, asset_id and kilometres of one arc, which leaves `start`."""
        raise NotImplementedError

    def worked(self, number: int) -> Work:
        """Return what one arc is made of."""
        return self.works[int(self.work[number])]

    def by_component(self, components: Sequence[str]) -> dict[str, Floats]:
        """Return USD (`cost`) and `hours` of each arc by component, each (n_arcs, n_components)."""
        tables = by_component((work.parts for work in self.works), components)
        return {name: table[self.work] for name, table in tables.items()}

    def at_sea(self) -> NDArray[np.bool_]:
        """Return which are a passage by sea or by air (`Arc.leaves_land`)."""
        listed, code = self.modes
        leaving = [kind in MOVES and self.vocabulary.kind(mode) != "land" for kind, mode in listed]
        return np.array(leaving, bool)[code]

    def arc(self, number: int, ends: tuple[int, int], states: tuple[State, State]) -> Arc:
        """Make one arc between two states, given by number and as they are."""
        (kind, mode), work = self.modes[0][int(self.modes[1][number])], self.worked(number)
        key, asset_id, km = self.identified(number, states[0])
        return Arc(
            key=key,
            kind=kind,
            tail=ends[0],
            head=ends[1],
            from_node=states[0][0],
            to_node=states[1][0],
            mode=mode,
            asset_id=asset_id,
            distance_km=km,
            co2_kg=work.co2_kg,
            parts=work.parts,
            co2_figures=work.co2_figures,
            vocabulary=self.vocabulary,
        )

    def terms(self, products: Products, *, schedule: bool) -> list[Terms]:
        """Return the terms of each of `QUANTITIES`, arc by arc; `products` learns those it has not met."""
        listed = [terms_of(work, products, schedule=schedule) for work in self.works]
        return [Terms.of([one[name] for one in listed]).taken(self.work) for name in QUANTITIES]


class ArcList(Sequence[Arc]):
    """The arcs of several pieces, one after the other; those of a small network are kept once they are made."""

    def __init__(
        self, pieces: Sequence[ArcPiece], states: Sequence[State], tail: Numbers, head: Numbers, grade: str = ""
    ) -> None:
        self.pieces, self.states, self.tail, self.head, self.grade = pieces, states, tail, head, grade
        self.ends = list(accumulate(map(len, pieces)))
        self.cached: dict[int, Arc] | None = {} if len(tail) <= CACHED else None

    def of_grade(self, grade: str) -> ArcList:
        """Return the same arcs with all their parts of one grade."""
        return ArcList(self.pieces, self.states, self.tail, self.head, grade)

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
        place = range(len(self))[number]
        if self.cached is None:
            return self._made(place)
        arc = self.cached.get(place)
        if arc is None:
            arc = self.cached[place] = self._made(place)
        return arc

    def __iter__(self) -> Iterator[Arc]:
        return (self[number] for number in range(len(self)))

    def identified(self, number: int) -> tuple[str, str]:
        """Return the key of an arc and the id of the row it comes from; it is not made."""
        piece = bisect_right(self.ends, number)
        first = self.ends[piece] - len(self.pieces[piece])
        return self.pieces[piece].identified(number - first, self.states[self.tail[number]])[:2]

    def _made(self, number: int) -> Arc:
        piece = bisect_right(self.ends, number)
        tail, head = int(self.tail[number]), int(self.head[number])
        first = self.ends[piece] - len(self.pieces[piece])
        arc = self.pieces[piece].arc(number - first, (tail, head), (self.states[tail], self.states[head]))
        if self.grade:
            return replace(arc, parts=tuple(replace(part, grade=self.grade) for part in arc.parts))
        return arc


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


class Singles(ArcPiece):
    """Arcs that were made one by one: key, kind and mode, asset_id and kilometres, work and ends of each."""

    def __init__(self, vocabulary: Vocabulary, made: Sequence[Single]) -> None:
        super().__init__(vocabulary)
        self.made = made
        modes = {one.mode: None for one in made}
        place = {mode: number for number, mode in enumerate(modes)}
        self.modes = list(modes), np.array([place[one.mode] for one in made], np.int64)
        self.ends = tuple(np.array([one.ends for one in made], np.int64).reshape(len(made), 4).T)  # type: ignore[assignment]
        self.works, self.work = [one.work for one in made], np.arange(len(made))
        self.amounts = ArcAmounts.of(self.works, [one.km for one in made], self.vocabulary.components)

    def keys(self) -> Iterable[str]:
        """Return their keys."""
        return (one.key for one in self.made)

    def asset_ids(self) -> Sequence[str]:
        """Return the ids of the rows they come from."""
        return [one.asset_id for one in self.made]

    def identified(self, number: int, start: State) -> tuple[str, str, float]:  # noqa: ARG002 - its key is known
        """Return key, asset_id and kilometres of one arc."""
        one = self.made[number]
        return one.key, one.asset_id, one.km
