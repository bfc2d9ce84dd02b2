"""The last things made, by key, within a bound; the oldest go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar, cast

Made = TypeVar("Made")
Content = TypeVar("Content")


class Cache(Generic[Made]):
    """At most so many things; with `size`, things whose sizes sum to `most` at most. For one thread at a time."""

    def __init__(self, most: int, size: Callable[[Made], int] = lambda _: 1) -> None:
        self._most, self._size, self._held = most, size, 0
        self._made: OrderedDict[Hashable, Made] = OrderedDict()

    def find(self, key: Hashable) -> Made | None:
        """Return what is kept under a key, None where nothing is; it is the newest then."""
        if key in self._made:
            self._made.move_to_end(key)
        return self._made.get(key)

    def put(self, key: Hashable, made: Made) -> None:
        """Keep a thing under a key; what is larger than the bound is not kept."""
        before = self._made.pop(key, None)
        self._held -= self._size(before) if before is not None else 0
        self._made[key] = made
        self._held += self._size(made)
        while self._held > self._most:
            self._held -= self._size(self._made.popitem(last=False)[1])

    def get(self, key: Hashable, make: Callable[[], Content]) -> Content:
        """Return what is kept under a key, made where it is not there; no thing may be None."""
        found = self.find(key)
        if found is None:
            made = make()
            self.put(key, made)  # type: ignore[arg-type]
            return made
        return cast(Content, found)
