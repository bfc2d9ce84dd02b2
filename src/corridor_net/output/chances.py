"""How sure a gateway is, in words: how often it is the best, who is otherwise, and its province as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from corridor_net.uncertainty.ensemble import PairDoubt

SURE = 0.5
"""A gateway that is the best in a smaller share of draws is named with those that are otherwise."""
OTHERS = 2
"""How many others are named at most."""


def otherwise(doubt: PairDoubt, names: Mapping[str, str], most: int = OTHERS) -> str:
    """Return who wins otherwise, the most frequent first, where the answer's gateway is not sure; else nothing."""
    return others(doubt, names, most) if doubt.gateway_wins < SURE else ""


def others(doubt: PairDoubt, names: Mapping[str, str], most: int = OTHERS) -> str:
    """Return which other gateways are the best how often, the most frequent first: 'Vostochny 26%, Dalian 21%'."""
    rest = [(names.get(name, name), share) for name, share in doubt.gateways.items() if name != doubt.gateway]
    return ", ".join(f"{name} {share:.0%}" for name, share in rest[:most])


def gateway_words(doubt: PairDoubt, names: Mapping[str, str], most: int = 1) -> str:
    """Return the answer's gateway with how often it is the best, and who is otherwise where that is seldom."""
    words = f"{names.get(doubt.gateway, doubt.gateway)} {doubt.gateway_wins:.0%}"
    rest = otherwise(doubt, names, most)
    return f"{words}, else {rest}" if rest else words


def sure_words(doubt: PairDoubt, names: Mapping[str, str]) -> str:
    """Return the answer's gateway and how sure it is, in a sentence: 'Dalian (the best in 90% of draws)'."""
    rest = otherwise(doubt, names)
    together = f", {doubt.region} as a whole in {doubt.region_wins:.0%}" if _together(doubt) else ""
    said = f"the best in {doubt.gateway_wins:.0%} of draws{together}"
    return f"{names.get(doubt.gateway, doubt.gateway)} ({said}{f', else {rest}' if rest else ''})"


def _together(doubt: PairDoubt) -> bool:
    """Whether other gateways of the same province win too."""
    return doubt.region != doubt.gateway and doubt.region_wins > doubt.gateway_wins + 0.005


def range_words(low: float, high: float, digits: int = 0) -> str:
    """Return a range as '1,200-3,400'."""
    return f"{low:,.{digits}f}-{high:,.{digits}f}"


MEANING = (
    "wins: in what share of draws of all figures the gateway is the best, and who is otherwise where that is less than "
    "half; province: all gateways of its province together."
)
"""What the columns of a table with `gateway_words` are."""
