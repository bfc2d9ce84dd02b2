"""What an answer says of services of which nobody knows whether they run, by the ways that it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from corridor_net.render.not_known import counted_words, least_chances, named_services
from corridor_net.render.words import Sentence, say

if TYPE_CHECKING:
    from corridor_net.network import Network

NO_ANSWERS = ("Impedance", "Model", "Network", "Router")
"""What answers hold besides what was answered."""


def not_known_words(found: Any, networks: Sequence[Network]) -> list[Sentence]:
    """Name the services on the ways of an answer of which it is not known whether they run.

    Where the answer has no ways, say how many of the services that sail are such.
    """
    used = set(_services(found, set()))
    if not used:
        return counted(networks)
    least = least_chances(networks, used)
    return [say("Not known to run, on the ways above: {services}.", services=named_services(least))] if least else []


def counted(networks: Sequence[Network]) -> list[Sentence]:
    """Say of each day how many of the services that sail then nobody knows to run."""
    by_day = {network.day: network for network in reversed(networks)}
    told = (counted_words(by_day[day]) for day in sorted(by_day))
    return [one for one in told if one is not None]


def _services(part: Any, seen: set[int]) -> Iterator[str]:
    """Yield the services of every way in an answer, whatever holds them."""
    if isinstance(part, dict):
        part = tuple(part.values())
    if isinstance(part, (tuple, list)):
        for one in part:
            if isinstance(one, (tuple, list, dict)) or is_dataclass(one):
                yield from _services(one, seen)
        return
    if not is_dataclass(part) or type(part).__name__ in NO_ANSWERS or id(part) in seen:
        return
    seen.add(id(part))
    for field in fields(part):
        value = getattr(part, field.name, None)
        if field.name == "services" and isinstance(value, tuple):
            yield from (one for one in value if isinstance(one, str))
        elif isinstance(value, (tuple, list, dict)) or is_dataclass(value):
            yield from _services(value, seen)
