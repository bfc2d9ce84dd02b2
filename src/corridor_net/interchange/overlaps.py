"""Files that were found together and hold the same links: two years, or two variants, of one network. No reading."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations

from corridor_net.errors import BadValue, Place

from .notes import Notes, counted

MOST = 0.5
"""Share of the links of the smaller file that stand in the other too, from which on they are variants."""


def refuse_overlaps(files: Mapping[str, Sequence[Hashable]], others: Sequence[str], place: Place, notes: Notes) -> None:
    """Raise BadValue where two files hold, for the most part, the same links; warn of some that are the same.

    `files` has, by the name that --layer takes, what tells each link of a file from others; `others` are names of files
    that are wanted too.
    """
    for (one, left), (two, right) in combinations(((name, set(links)) for name, links in files.items()), 2):
        same, fewer = len(left & right), min(len(left), len(right))
        if fewer and same >= MOST * fewer:
            rest = [name for name in files if name != two]
            alone, both = (",".join([*names, *others]) for names in (rest, files))
            raise BadValue(
                f"{one} and {two} hold the same links, {same:,} of {fewer:,}: two years or variants of one network?",
                place=place,
                hint=f"--layer {alone} leaves {two} out, --layer {both} reads all",
            )
        if same:
            notes.warn(f"{counted(same, 'link has', 'links have')} the same ends and mode in {one} and in {two}")
