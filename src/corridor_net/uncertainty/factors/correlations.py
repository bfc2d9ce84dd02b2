"""Correlations of two figures by name, read from a table of the user's."""

from __future__ import annotations

from pathlib import Path

from corridor_net.errors import BadValue, Place
from corridor_net.network.files.user_table import read_user_table


class Correlations(dict[tuple[str, str], float]):
    """Correlations by the names of two figures, and the place of each name."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}


def read_correlations(path: Path) -> Correlations:
    """Read a CSV of `figure_a, figure_b, correlation`.

    Raises BadFile or BadValue with the place of what is wrong: no number above -1 and below 1, two rows of one pair.
    """
    found = Correlations()
    for row in read_user_table(path, ("figure_a", "figure_b", "correlation"), "the table of correlations"):
        value = row.number("correlation")
        if value is None or not -1 < value < 1:
            raise BadValue(
                f"a correlation of '{row.cells['correlation']}'",
                place=row.place("correlation"),
                hint="a number above -1 and below 1",
            )
        pair = (row.cells["figure_a"], row.cells["figure_b"])
        if pair in found or pair[::-1] in found:
            raise BadValue(f"{pair[0]} and {pair[1]} stand twice", place=row.place("figure_a"), hint="one row a pair")
        found[pair] = value
        for column, name in zip(("figure_a", "figure_b"), pair, strict=True):
            found.places.setdefault(name, row.place(column))
    return found
