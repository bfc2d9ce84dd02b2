"""Sentences about doubt, to be quoted: ranges, chances, single shipments, and which figure to look up next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_net.render.words import Sentence, after_by, say, sentence_of

if TYPE_CHECKING:
    from corridor_net.analysis.router import Router
    from corridor_net.uncertainty.ensembles.pair_uncertainty import PairUncertainty
    from corridor_net.uncertainty.ensembles.reliability import Reliability
    from corridor_net.uncertainty.sensitivity.choice import GatewayLead
    from corridor_net.uncertainty.sensitivity.sensitivity import Sensitivity
    from corridor_net.uncertainty.sensitivity.study_sensitivity import StudySensitivity
    from corridor_net.uncertainty.studies.study import RunUncertainty, StudyUncertainty

SHOWN_STEPS = 10
SURE = 0.9
"""A choice that is the cheaper one in so many draws is called sure."""


def choice_sentence(found: GatewayLead) -> Sentence:
    """Say who is cheaper how often, and which figure to look up next."""
    return sentence_of(*_choice_parts(found))


def _choice_parts(found: GatewayLead) -> list[Sentence]:
    first = say(
        "Every way found of {origin:name}-{destination:name} leaves by {by:name}", found, by=after_by(found.leader)
    )
    if found.second is not None:
        first = say(
            "{leader:name} is cheaper than {second:name} for {origin:name}-{destination:name} in {leads:p0} of draws",
            found,
        )
    following = found.next_figure
    if following is None:
        return [first]
    look_up = say(
        "the figure to look up next is {name:figure}{graded}: alone it makes {part:p0} of the doubt about "
        "{about:label}, and {worth}",
        following,
        graded=graded(following),
        part=max(following.first, 0.0),
        about="the answer" if found.second is None else "their difference",
        worth=_worth(following.saves_usd),
    )
    return [first, look_up]


def _worth(saves_usd: float) -> Sentence:
    """Say what knowing a figure would save."""
    if saves_usd < 0.5:
        return say("knowing it alone would not change the choice")
    return say("knowing it before choosing would save {saves:m0} USD a box on average", saves=saves_usd)


def graded(figure: Any) -> Sentence | str:
    """Return the grade of a figure in brackets, where it has one."""
    return say(" (grade {grade})", figure) if figure.grade else ""


def paragraph(found: StudyUncertainty, origin: str) -> list[Sentence]:
    """Say of one origin by where it goes, how sure that is, within which ranges, and which scenario betters it."""
    from corridor_net.output.chances import others

    run = found.runs[0]
    pair = next((p for p in run.pairs if p.origin == origin), run.pairs[0])
    rest = others(pair, 3)
    said = say(
        "{origin:name} to {destination:name}, {title:label}: the answer leaves by {gateway:name}, the best gateway in "
        "{gateway_wins:p0} of {draws:n0} draws",
        pair,
        title=run.run.title,
        gateway=after_by(pair.gateway),
        draws=found.draws,
    )
    if pair.region != pair.gateway and pair.region_wins > pair.gateway_wins:
        said = say("{said} ({region:name} as a whole in {region_wins:p0})", pair, said=said)
    first = sentence_of(said, *([say("otherwise {rest:list}", rest=rest)] if rest else []))
    ranges = say(
        "By this route a box costs {route.cost_usd.p10:m0} to {route.cost_usd.p90:m0} USD and takes "
        "{route.hours.p10:d1} to {route.hours.p90:d1} days (10 to 90%, of what is not known about the means); by the "
        "way that is best in each draw {best.cost_usd.p10:m0} to {best.cost_usd.p90:m0} USD and {best.hours.p10:d1} to "
        "{best.hours.p90:d1} days.",
        pair,
    )
    better = _improved(found, run, pair)
    return [first, ranges, *([better] if better else [])]


def _improved(found: StudyUncertainty, run: RunUncertainty, pair: PairUncertainty) -> Sentence | None:
    """Say which scenario most often betters the pair; nothing where none was asked about."""
    key = (pair.origin, pair.destination)
    rivals = [r for r in found.runs if r.run.baseline == run.run.baseline and key in r.against]
    best = max(rivals, key=lambda r: (r.against[key].better, r.gain_usd.mean if r.gain_usd else 0.0), default=None)
    if best is None:
        return None
    if not best.against[key].better:
        return say("No scenario betters it in any of them.")
    shares = best.against[key]
    return say(
        "{scenario:label} betters it in {better:p0} of draws, leaves it equal in {equal:p0} and worsens it in "
        "{worse:p0}.",
        shares,
        scenario=best.run.scenario,
    )


def reliability_sentence(origin: str, destination: str, sent: Reliability) -> Sentence:
    """Say how single shipments between two places spread, and how much time to plan."""
    said = [
        say(
            "Single shipments from {origin:name} to {destination:name}: {hours.p10:d1} to {hours.p90:d1} days; to be "
            "on time in 95 of 100, plan {p95:d1} (buffer {buffer_index:p0} of the mean)",
            sent,
            origin=origin,
            destination=destination,
        )
    ]
    if sent.planning_time_index:
        said.append(say("that is {planning_time_index:n1} times the timetable", sent))
    if sent.on_time is not None and sent.deadline_hours is not None:
        said.append(say("within {days:g|day|days}: {on_time:p0}", sent, days=sent.deadline_hours / 24))
    return sentence_of(*said)


def method(found: StudyUncertainty) -> list[Sentence]:
    """Say how the draws were made, and how well the mean is known."""
    steps = found.steps if len(found.steps) <= SHOWN_STEPS else (*found.steps[: SHOWN_STEPS - 1], found.steps[-1])
    return [
        say(
            "Seed {seed}; mean known to ±{half_width:p1} (95%); {how:label}.", found, how=how_priced(exact=found.exact)
        ),
        say(
            "Convergence, {sampler} draws: {told:list}.",
            found,
            told=tuple(say("{n:n0} ±{w:p2}", n=n, w=w) for n, w in steps),
        ),
    ]


def how_priced(*, exact: bool) -> str:
    """Return what was done in every draw."""
    return "the whole network searched in every draw" if exact else "the cheapest of rival routes in every draw"


def among_rivals(router: Router) -> Sentence | None:
    """Say that chances are of rival routes alone, where a network is too large to be searched in every draw."""
    from corridor_net.uncertainty.ensembles.searched import can_search

    if can_search(router):
        return None
    return say("Chances are among some rival routes: the network is too large to be searched in every draw.")


def what_is_searched(searched: int, draws: int = 0) -> Sentence:
    """Say in how many draws the whole network was searched, and what the other answers were taken from.

    `draws`: the plain draws of which these are the first, where there are any others.
    """
    if not searched:
        return say("The network is not searched in the draws: all answers are of some rival routes.")
    if not draws:
        return say(
            "The whole network is searched in {searched:n0} draws; all answers here are of the ways that were the best "
            "in one of these.",
            searched=searched,
        )
    return say(
        "Who is cheaper, and what knowing saves: {draws:n0} draws, the whole network searched in the first "
        "{searched:n0}; all other answers are of the ways that were the best in one of these.",
        searched=searched,
        draws=draws,
    )


def look_up_next(found: Sensitivity) -> Sentence:
    """Say who is cheaper how often for a pair, and which figure to look up next."""
    first = say(
        "{origin:name} to {destination:name}: every way found leaves by {by:name}", found, by=after_by(found.leader)
    )
    if found.second is not None:
        first = say(
            "{origin:name} to {destination:name}: {leader:name} is cheaper than {second:name} in {leads:p0} of draws",
            found,
        )
    following = found.next_figure
    if following is None:
        return sentence_of(first)
    look_up = say(
        "the figure to look up next is {name:figure}{graded}: it has a part in {total:p0} ({total_interval[0]:p0} to "
        "{total_interval[1]:p0}) of the doubt about {about:label}, and {worth}",
        following,
        graded=graded(following),
        about="this difference" if found.answer == "gap" else "the answer",
        worth=_worth(following.saves_usd),
    )
    return sentence_of(first, look_up, say("knowing all figures would save {knowing_all_saves_usd:m0} USD", found))


def study_sentences(found: StudySensitivity) -> list[Sentence]:
    """Say of a whole study how many choices are sure, which is the most in doubt, and what to look up next."""
    said = [
        say(
            "{run:label}, {choices:n0|origin|origins} to {destination:name}: the best gateway is sure (cheaper than "
            "the next in {sure:p0} of draws or more) for {known}.",
            found,
            sure=SURE,
            known=sum(one.leads >= SURE for one in found.choices),
        )
    ]
    open_ones = [one for one in found.choices if one.second is not None]
    if open_ones:
        said.append(say("Most in doubt: {choice}", choice=choice_sentence(open_ones[0])))
    following = found.next_figure
    if following is None:
        return said
    worth = say("knowing it before choosing would save {saves_usd:m1} USD a box on average over all origins", following)
    if following.saves_usd < 0.05:
        worth = say("knowing it alone would change few choices")
    look_up = say(
        "For all origins together, the figure to look up next is {name:figure}{graded}: it has a part in {total:p0} "
        "({total_interval[0]:p0} to {total_interval[1]:p0}) of the doubt about the choices, and {worth}.",
        following,
        graded=graded(following),
        worth=worth,
    )
    return [*said, look_up]
