"""What is said of services of which nobody knows whether they run: they sail in the network all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from corridor_net.network import Network

from .words import Sentence, say

NAMED = 6
"""So many services are named, the least likely first."""


def chances(network: Network) -> dict[str, float]:
    """Return the services that sail in a network though nobody knows whether they run, with their probabilities."""
    return {row.service_id: row.chance for row in network.active("service") if row.chance is not None}


def least_chances(networks: Iterable[Network], used: Collection[str]) -> dict[str, float]:
    """Return the same of some services: the least probability of each in the networks."""
    least: dict[str, float] = {}
    for network in networks:
        for service, chance in chances(network).items():
            if service in used:
                least[service] = min(chance, least.get(service, chance))
    return least


def likely(service: str, share: float) -> Sentence:
    """Return a service with its probability."""
    return say("{service:name} ({share:p0})", service=service, share=share)


def named_services(found: Mapping[str, float]) -> Sentence:
    """Return services with their probabilities, the least likely first, and how many more there are."""
    told = sorted(found, key=lambda service: (found[service], service))
    services = tuple(likely(service, found[service]) for service in told[:NAMED])
    if len(told) > NAMED:
        return say("{services:list}, and {more:n0} more", services=services, more=len(told) - NAMED)
    return say("{services:list}", services=services)


def counted_words(network: Network) -> Sentence | None:
    """Say how many of the services that sail in a network nobody knows to run; None where there is none."""
    found = chances(network).values()
    if not found:
        return None
    told = {"all": len(network.active("service")), "some": len(found), "day": str(network.day)}
    low, high = min(found), max(found)
    if f"{low:.0%}" == f"{high:.0%}":
        return say(
            "Of {all:n0|service|services} counted as sailing on {day}, {some:n0|is|are} not known to run, with a "
            "probability of {low:p0}.",
            low=low,
            **told,
        )
    return say(
        "Of {all:n0|service|services} counted as sailing on {day}, {some:n0|is|are} not known to run; their "
        "probabilities are {low:p0} to {high:p0}.",
        low=low,
        high=high,
        **told,
    )
