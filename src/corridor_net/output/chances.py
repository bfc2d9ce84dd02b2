"""How sure a gateway is, in words: how often it is the best, who is otherwise, and its province as a whole."""

from __future__ import annotations

from corridor_net.render.words import Sentence, say
from corridor_net.uncertainty.ensembles.pair_uncertainty import PairUncertainty

SURE = 0.5
"""A gateway that is the best in a smaller share of draws is named with those that are otherwise."""
OTHERS = 2
"""How many others are named at most."""
SHOWN = 0.005
"""A share above this is shown as 1% or more."""
MEANING = (
    "wins: in what share of draws of all figures the gateway is the best, and who is otherwise where that is less than "
    "half; province: all gateways of its province together."
)
"""What the columns of a table with `gateway_words` are."""


def others(uncertainty: PairUncertainty, most: int = OTHERS) -> tuple[Sentence, ...]:
    """Return which other gateways are the best how often, the most frequent first: 'Vostochny 26%', 'Dalian 21%'.

    One that would be shown with 0% is left out.
    """
    rest = [
        (name, share) for name, share in uncertainty.gateways.items() if name != uncertainty.gateway and share > SHOWN
    ]
    return tuple(say("{gateway:name} {share:p0}", gateway=name, share=share) for name, share in rest[:most])


def otherwise(uncertainty: PairUncertainty, most: int = OTHERS) -> tuple[Sentence, ...]:
    """Return who wins otherwise, the most frequent first, where the answer's gateway is not sure; else nothing."""
    return others(uncertainty, most) if uncertainty.gateway_wins < SURE else ()


def gateway_words(uncertainty: PairUncertainty, most: int = 1) -> Sentence:
    """Return the answer's gateway with how often it is the best, and who is otherwise where that is seldom."""
    told = {"gateway": uncertainty.gateway, "share": uncertainty.gateway_wins}
    rest = otherwise(uncertainty, most)
    if rest:
        return say("{gateway:name} {share:p0}, else {rest:list}", **told, rest=rest)
    return say("{gateway:name} {share:p0}", **told)


def sure_words(uncertainty: PairUncertainty) -> Sentence:
    """Return the answer's gateway and how sure it is, in a sentence: 'Dalian (the best in 90% of draws)'."""
    said = [say("the best in {share:p0} of draws", share=uncertainty.gateway_wins)]
    if together(uncertainty):
        said.append(
            say(
                "{region:name} as a whole in {region_share:p0}",
                region=uncertainty.region,
                region_share=uncertainty.region_wins,
            )
        )
    rest = otherwise(uncertainty)
    said += [say("else {rest:list}", rest=rest)] if rest else []
    return say("{gateway:name} ({said:list})", gateway=uncertainty.gateway, said=said)


def together(uncertainty: PairUncertainty) -> bool:
    """Whether other gateways of the same province win too."""
    return uncertainty.region != uncertainty.gateway and uncertainty.region_wins > uncertainty.gateway_wins + SHOWN
