"""What is said of days beyond the data: from which day answers are projected, and by which rule."""

from __future__ import annotations

from collections.abc import Sequence

from corridor_net.network import Network

from .page import Page, page
from .words import Sentence, say


def rule_words(network: Network) -> Sentence:
    """Say how what holds on the last day of the data goes on."""
    day = str(network.days[1])
    if any(rule.change_pct_per_year for rule in network.projections.values()):
        return say(
            "what holds on {day} goes on, money in constant dollars, with the changes by the year and the widening "
            "ranges of table projection",
            day=day,
        )
    return say(
        "what holds on {day} goes on, money in constant dollars, and the ranges widen with the years, by table "
        "projection",
        day=day,
    )


def with_projection(shown: Page, *networks: Network) -> Page:
    """Return the page of an answer on these networks, with what it is projected from after its first block.

    The page itself where no network is beyond its data.
    """
    farthest = _farthest(networks)
    if farthest is None:
        return shown
    said = say(
        "Projected from {last} to {day}, grade D: {rule}.",
        last=str(farthest.days[1]),
        day=str(farthest.day),
        rule=rule_words(farthest),
    )
    return page(shown.blocks[:1], said, shown.blocks[1:])


def projection_json(*networks: Network) -> dict[str, dict[str, object]]:
    """Return what the JSON of an answer says of it under `projected`; nothing where no network is beyond its data."""
    farthest = _farthest(networks)
    if farthest is None:
        return {}
    told = {"from": str(farthest.days[1]), "years": farthest.years_beyond, "grade": "D"}
    return {"projected": {**told, "rule": str(rule_words(farthest))}}


def _farthest(networks: Sequence[Network]) -> Network | None:
    beyond = [network for network in networks if network.years_beyond]
    return max(beyond, key=lambda network: network.years_beyond, default=None)
