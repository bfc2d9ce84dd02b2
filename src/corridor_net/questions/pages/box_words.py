"""What kinds of boxes are called."""

from __future__ import annotations

from corridor_net.render.words import Sentence, say

WHAT = {"FEU": "40-ft box", "TEU": "20-ft box"}
"""Cargo units that have a name of their own; others are called as they are."""


def box_words(kind: str) -> Sentence:
    """Return what a kind of box is called: a cargo unit, and after a blank whether it is refrigerated."""
    unit, _, cold = kind.partition(" ")
    return say("{box:label}, refrigerated" if cold else "{box:label}", box=WHAT.get(unit, unit))
