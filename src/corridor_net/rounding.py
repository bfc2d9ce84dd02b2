"""Numbers are rounded once, where they are shown, and parts shown add up to the total shown beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what words are made with is loaded by every command, numpy only where numbers are worked out
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


def fitted(parts: Sequence[float], digits: int = 0, total: float | None = None) -> list[float]:
    """Return parts rounded to `digits` decimals so that they add up to their total, rounded likewise.

    The largest remainder method (Hamilton): each part is rounded down, and those cut the most get one unit more
    until the total (their sum when not given) is reached. No part is off by a whole unit of the last decimal.

    >>> fitted([0.4, 4.4, 1.4, 0.4, 2.4, 0.4, 4.4])
    [1.0, 5.0, 1.0, 0.0, 2.0, 0.0, 5.0]
    """
    import numpy as np

    whole = fsum(parts) if total is None else total
    units = fitted_units(parts, np.zeros(len(parts), np.int64), [whole], digits)
    return [unit / 10**digits for unit in units.tolist()]


def steps_fitted(steps: Sequence[float], digits: int = 0) -> list[float]:
    """Return steps rounded so that they lead, one after the other, over their running sums as these are shown.

    >>> steps_fitted([0.4, 0.4, 0.4, 0.4])
    [0.0, 1.0, 0.0, 1.0]
    """
    reached = [0, *(units_of(total, digits) for total in accumulate(steps))]
    return [(after - before) / 10**digits for before, after in pairwise(reached)]


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Two amounts whose change is shown beside them: as the difference of both as they are shown.

    >>> BeforeAfter(2927.4, 1531.6).change(0), BeforeAfter(11.94, 9.66).change(1)
    (-1395.0, -2.2)
    """

    before: float
    after: float

    def __mul__(self, by: float) -> BeforeAfter:
        return BeforeAfter(self.before * by, self.after * by)

    def __truediv__(self, by: float) -> BeforeAfter:
        return BeforeAfter(self.before / by, self.after / by)

    def change(self, digits: int) -> float:
        """Return what the second is more than the first, each rounded to so many decimals."""
        steps: float = units_of(self.after, digits) - units_of(self.before, digits)
        return float(steps / 10**digits)


def units_of(value: float, digits: int) -> int:
    """Return a number in units of its last decimal shown, rounded as it is printed.

    >>> units_of(2.675, 2), f"{2.675:.2f}"
    (267, '2.67')
    """
    units: int = round(round(value, digits) * 10**digits)
    return units


def fitted_units(values: ArrayLike, owner: ArrayLike, totals: Sequence[float], digits: int) -> NDArray[np.int64]:
    """Return `fitted` for many totals at once, in units of the last decimal: `values[i]` is part of `totals[owner[i]]`.

    >>> fitted_units([0.5, 0.5, 2.0], [0, 0, 1], [1.0, 2.0], 0).tolist()
    [1, 0, 2]
    """
    import numpy as np

    amounts, group = np.asarray(values, float) * 10**digits, np.asarray(owner, np.int64)
    down = np.floor(amounts)
    wanted = np.array([units_of(total, digits) for total in totals], np.int64)
    missing = wanted - np.bincount(group, down, len(wanted)).astype(np.int64)
    order = np.lexsort((np.arange(len(group)), down - amounts, group))
    first = np.searchsorted(group[order], np.arange(len(wanted)))
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - first[group[order]]
    return np.asarray(down.astype(np.int64) + (rank < missing[group]))
