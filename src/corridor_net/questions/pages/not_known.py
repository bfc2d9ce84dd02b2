"""What an answer says of services of which nobody knows whether they run: they sail in the network all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from corridor_net.render.page import Page, page
from corridor_net.render.words import Sentence, say

if TYPE_CHECKING:
    from corridor_net.network import Network
    from corridor_net.network.rows import Service

NAMED = 6
"""So many services are named, the least likely first."""
NO_ANSWERS = ("Impedance", "Model", "Network", "Router")
"""What answers hold besides what was answered."""


def with_not_known(shown: Page, found: Any, networks: Sequence[Network]) -> Page:
    """Return the page of an answer, with the services on its ways of which it is not known whether they run.

    Where the answer has no ways it says how many of the services that sail are such.
    """
    used = set(_services(found, set()))
    said = _named(networks, used) if used else _counted(networks[0])
    return page(shown.blocks, said) if said else shown


def likely(service: str, share: float) -> Sentence:
    """Return a service with its probability."""
    return say("{service:name} ({share:p0})", service=service, share=share)


def _named(networks: Sequence[Network], used: set[str]) -> Sentence | None:
    least: dict[str, float] = {}
    for network in networks:
        for row in _unknown(network):
            if row.service_id in used:
                share = row.probability_open or 0.0
                least[row.service_id] = min(share, least.get(row.service_id, 1.0))
    told = sorted(least, key=lambda name: (least[name], name))
    if not told:
        return None
    services = tuple(likely(name, least[name]) for name in told[:NAMED])
    if len(told) > NAMED:
        return say(
            "Not known whether they run, on the ways above: {services:list}, and {more:n0} more.",
            services=services,
            more=len(told) - NAMED,
        )
    return say("Not known whether they run, on the ways above: {services:list}.", services=services)


def _counted(network: Network) -> Sentence | None:
    shares = [row.probability_open or 0.0 for row in _unknown(network)]
    if not shares:
        return None
    return say(
        "Of {all:n0} services counted as sailing on {day}, {some:n0} are not known to run; their probabilities are "
        "{low:p0} to {high:p0}.",
        all=len(network.active("service")),
        day=str(network.day),
        some=len(shares),
        low=min(shares),
        high=max(shares),
    )


def _unknown(network: Network) -> list[Service]:
    return [row for row in network.active("service") if row.state == "unknown"]


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
