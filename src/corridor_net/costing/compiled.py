"""The compiled network: states, arcs, and what these take, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from corridor_net.network import Network
from corridor_net.network.columns import distinct

from .arcs import CACHED, Arc, ArcAmounts, Floats, State, by_component
from .cargo import Cargo
from .draft import ArcDraft
from .money import Prices
from .parameters import Parameter, parameters_of
from .pieces import ArcList, StateNumbers, States


@dataclass(frozen=True, eq=False, kw_only=True)
class Impedance:
    """The compiled network: states, arcs, and their money, hours, spread and CO2 as arrays.

    Money is USD of `prices.year` per box of `cargo`. `index`: number of each state; `tail` and `head` (n_arcs,): states
    that each arc leaves and enters; `at_sea` (n_arcs,): whether it leaves land (`Arc.leaves_land`). Arcs and states are
    in the order of their names; those of a large network are made when they are looked at.
    """

    network: Network
    cargo: Cargo
    prices: Prices
    states: Sequence[State]
    arcs: ArcList
    index: Mapping[State, int]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    at_sea: NDArray[np.bool_]
    amounts: ArcAmounts
    draft: ArcDraft = field(repr=False)
    """What it was made from, for networks like it."""

    @classmethod
    def of(cls, draft: ArcDraft) -> Impedance:
        """Return the network of a draft with its states and arcs in the order of their names."""
        pieces = list(draft.arcs.in_order())
        names = sorted(draft.arcs.names)
        rank = np.empty(len(names), np.int64)
        rank[[draft.arcs.names[name] for name in names]] = np.arange(len(names))
        ends_of = [
            np.concatenate([piece.ends[end] * len(names) + rank[piece.ends[end + 1]] for piece in pieces])
            for end in (0, 2)
        ]
        known = distinct(np.concatenate([distinct(one) for one in ends_of]))
        listed = States(draft.places.ids, names, known)
        tail, head = (np.searchsorted(known, one).astype(np.int32) for one in ends_of)
        states: Sequence[State] = tuple(listed) if len(listed) <= CACHED else listed
        index: Mapping[State, int] = (
            {state: number for number, state in enumerate(states)}
            if isinstance(states, tuple)
            else StateNumbers(listed, draft.places.number)
        )
        arcs = ArcList(pieces, states, tail, head)
        amounts = ArcAmounts.joined([piece.amounts for piece in pieces])
        at_sea = np.concatenate([piece.at_sea() for piece in pieces])
        draft.let_go()
        return cls(
            network=draft.network,
            cargo=draft.cargo,
            prices=draft.prices,
            states=states,
            arcs=arcs,
            index=index,
            tail=tail,
            head=head,
            at_sea=at_sea,
            amounts=amounts,
            draft=draft,
        )

    @cached_property
    def components(self) -> tuple[str, ...]:
        """Components of money and of hours, in the order of the columns."""
        return tuple(self.network.vocabulary.components)

    @cached_property
    def _tables(self) -> dict[str, Floats]:
        made = [piece.by_component(self.components) for piece in self.arcs.pieces]
        return {name: np.concatenate([tables[name] for tables in made]) for name in ("cost", "hours")}

    def keys(self) -> Iterator[str]:
        """Yield the key of every arc, without making the arcs."""
        return chain.from_iterable(piece.keys() for piece in self.arcs.pieces)

    def asset_ids(self) -> list[str]:
        """Return the id of the row that every arc comes from, without making the arcs."""
        return [*chain.from_iterable(piece.asset_ids() for piece in self.arcs.pieces)]

    def of_asset(self, name: str) -> list[int]:
        """Return the arcs that come from a row, ascending; no other arc is made."""
        return [number for number, asset_id in enumerate(self.asset_ids()) if asset_id == name]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of every arc by its key."""
        return {key: number for number, key in enumerate(self.keys())}

    def arc_of(self, key: str) -> Arc:
        """Return the arc of a key; no other is made. Raises KeyError for a key that no arc has."""
        return self.arcs[self.numbers[key]]

    def places(self, arc: int) -> tuple[str, str]:
        """Return the two ends of an arc."""
        return self.states[self.tail[arc]][0], self.states[self.head[arc]][0]

    def of_kind(self, *kinds: str) -> NDArray[np.int64]:
        """Return the arcs of some kinds, ascending."""
        modes = (piece.modes for piece in self.arcs.pieces)
        listed = [np.array([kind in kinds for kind, _ in every], bool)[code] for every, code in modes]
        return np.flatnonzero(np.concatenate(listed))

    @property
    def money(self) -> Floats:
        """USD per box by component, shape (n_arcs, n_components)."""
        return self._tables["cost"]

    @property
    def hours(self) -> Floats:
        """Hours by component, shape (n_arcs, n_components)."""
        return self._tables["hours"]

    def of_components(self, arcs: NDArray[np.int64]) -> dict[str, Floats]:
        """Return USD (`cost`) and `hours` of some arcs by component, as `money` and `hours` have them of all.

        Of some arcs of a large network this takes the room of those alone, and nothing is kept.
        """
        return by_component((self.arcs[number].parts for number in arcs.tolist()), self.components)

    @property
    def total_money(self) -> Floats:
        """USD per box, shape (n_arcs,)."""
        return self.amounts.money

    @property
    def spread_hours(self) -> Floats:
        """Sum of the standard deviations of the hours of each arc's parts, shape (n_arcs,)."""
        return self.amounts.spread

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every parameter of the cargo on the day, by key."""
        return parameters_of(self.network, self.cargo.cargo_id)

    @property
    def co2_kg(self) -> Floats:
        """Kg CO2e per box, well to wheel, shape (n_arcs,)."""
        return self.amounts.co2_kg

    @property
    def distance_km(self) -> Floats:
        """Kilometres, shape (n_arcs,)."""
        return self.amounts.distance_km

    def total_hours(self, *, schedule: bool = False) -> Floats:
        """Return hours an arc, shape (n_arcs,); with `schedule`, those of the timetable alone."""
        return self.amounts.scheduled if schedule else self.amounts.hours
