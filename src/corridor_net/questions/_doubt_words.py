"""Sentences about doubt, to be quoted: ranges, chances, single shipments, and which figure to look up next."""

from __future__ import annotations

from collections.abc import Mapping

from corridor_net.output.chances import others
from corridor_net.render.words import Sentence, say
from corridor_net.uncertainty.choice import Choice
from corridor_net.uncertainty.ensemble import PairDoubt
from corridor_net.uncertainty.reliability import Reliability
from corridor_net.uncertainty.sensitivity import Sensitivity
from corridor_net.uncertainty.study import RunDoubt, StudyDoubt
from corridor_net.uncertainty.study_sensitivity import StudySensitivity

SHOWN_STEPS = 10
SURE = 0.9
"""A choice that is the cheaper one in so many draws is called sure."""


def choice_sentence(found: Choice) -> Sentence:
    """Say who is cheaper how often, and which figure to look up next."""
    first = "Every rival route of {origin:name}-{destination:name} leaves by {leader:name}"
    if found.second is not None:
        first = (
            "{leader:name} is cheaper than {second:name} for {origin:name}-{destination:name} in {leads:p0} of draws"
        )
    values = {name: getattr(found, name) for name in ("origin", "destination", "leader", "second", "leads")}
    following = found.next_figure
    if following is None:
        return say(f"{first}.", **values)
    worth = "knowing it before choosing would save {saves:n0} USD a box on average"
    if following.saves_usd < 0.5:
        worth = "knowing it alone would not change the choice"
    what = "the answer" if found.second is None else "their difference"
    return say(
        f"{first}; the figure to look up next is {{what}}{{graded}}: alone it makes {{part:p0}} of the doubt about "
        f"{what}, and {worth}.",
        **values,
        what=following.what,
        graded=_graded(following.grade),
        part=max(following.first, 0.0),
        saves=following.saves_usd,
    )


def _graded(grade: str) -> str:
    return f" (grade {grade})" if grade else ""


def paragraph(found: StudyDoubt, origin: str, names: Mapping[str, str]) -> list[Sentence]:
    """Say of one origin by where it goes, how sure that is, within which ranges, and which scenario betters it."""
    run = found.runs[0]
    pair = next((p for p in run.pairs if p.origin == origin), run.pairs[0])
    rest = others(pair, names, 3)
    together = ""
    if pair.region != pair.gateway and pair.region_wins > pair.gateway_wins:
        together = f" ({pair.region} as a whole in {pair.region_wins:.0%})"
    first = say(
        "{origin:name} to {destination:name}, {title}: the answer leaves by {gateway:name}, the best gateway in "
        "{wins:p0} of {draws:n0} draws{together}{rest}.",
        origin=pair.origin,
        destination=pair.destination,
        title=run.run.title,
        gateway=pair.gateway,
        wins=pair.gateway_wins,
        draws=found.draws,
        together=together,
        rest=f"; otherwise {rest}" if rest else "",
    )
    usd, hours, best = pair.route.cost_usd, pair.route.hours, pair.best
    ranges = say(
        "By this route a box costs {usd10:n0} to {usd90:n0} USD and takes {days10:n1} to {days90:n1} days (10 to 90 %, "
        "of what is not known about the means); by the way that is best in each draw {best10:n0} to {best90:n0} USD "
        "and {quick10:n1} to {quick90:n1} days.",
        usd10=usd.p10,
        usd90=usd.p90,
        days10=hours.p10 / 24,
        days90=hours.p90 / 24,
        best10=best.cost_usd.p10,
        best90=best.cost_usd.p90,
        quick10=best.hours.p10 / 24,
        quick90=best.hours.p90 / 24,
    )
    better = _improved(found, run, pair)
    return [first, ranges, *([better] if better else [])]


def _improved(found: StudyDoubt, run: RunDoubt, pair: PairDoubt) -> Sentence | None:
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
        "{scenario} betters it in {better:p0} of draws, leaves it equal in {equal:p0} and worsens it in {worse:p0}.",
        scenario=best.run.scenario,
        better=shares.better,
        equal=shares.equal,
        worse=shares.worse,
    )


def reliability_sentence(origin: str, destination: str, sent: Reliability) -> Sentence:
    """Say how single shipments between two places spread, and how much time to plan."""
    template = (
        "Single shipments from {origin:name} to {destination:name}: {low:n1} to {high:n1} days; to be on time in 95 of "
        "100, plan {plan:n1} (buffer {buffer:p0} of the mean"
    )
    template += ", {index:n1} times the timetable)." if sent.planning_time_index else ")."
    if sent.on_time is not None and sent.deadline_hours is not None:
        template += f" Within {sent.deadline_hours / 24:g} days: {{on_time:p0}}."
    return say(
        template,
        origin=origin,
        destination=destination,
        low=sent.hours.p10 / 24,
        high=sent.hours.p90 / 24,
        plan=sent.p95 / 24,
        buffer=sent.buffer_index,
        index=sent.planning_time_index,
        on_time=sent.on_time,
    )


def method(found: StudyDoubt) -> list[Sentence]:
    """Say how the draws were made, and how well the mean is known."""
    steps = found.steps if len(found.steps) <= SHOWN_STEPS else (*found.steps[: SHOWN_STEPS - 1], found.steps[-1])
    return [
        say(
            "Seed {seed}; mean known to ±{width:p1} (95 %); {how}.",
            seed=found.seed,
            width=found.half_width,
            how=how_priced(exact=found.exact),
        ),
        say(
            "Convergence, {sampler} draws: {steps}.",
            sampler=found.sampler,
            steps=", ".join(f"{n:,} ±{width:.2%}" for n, width in steps),
        ),
    ]


def how_priced(*, exact: bool) -> str:
    """Return what was done in every draw."""
    return "the whole network searched in every draw" if exact else "the cheapest of rival routes in every draw"


def look_up_next(found: Sensitivity) -> Sentence:
    """Say who is cheaper how often for a pair, and which figure to look up next."""
    first = "{origin:name} to {destination:name}: every rival route leaves by {leader:name}."
    if found.second is not None:
        first = (
            "{origin:name} to {destination:name}: {leader:name} is cheaper than {second:name} in {leads:p0} of draws."
        )
    values = {name: getattr(found, name) for name in ("origin", "destination", "leader", "second", "leads")}
    following = found.next_figure
    if following is None:
        return say(first, **values)
    share = "this difference" if found.answer == "gap" else "the answer"
    worth = "knowing it before choosing would save {saves:n0} USD a box on average"
    if following.saves_usd < 0.5:
        worth = "knowing it alone would not change the choice"
    return say(
        f"{first} The figure to look up next is {{what}}{{graded}}: it has a part in {{part:p0}} ({{low:p0}} to "
        f"{{high:p0}}) of the doubt about {share}, and {worth}; knowing all figures would save {{all:n0}} USD.",
        **values,
        what=following.what,
        graded=_graded(following.grade),
        part=following.total,
        low=following.total_interval[0],
        high=following.total_interval[1],
        saves=following.saves_usd,
        all=found.knowing_all_saves_usd,
    )


def study_sentences(found: StudySensitivity) -> list[Sentence]:
    """Say of a whole study how many choices are sure, which is the most in doubt, and what to look up next."""
    said = [
        say(
            "{run}, {count} origins to {destination:name}: the best gateway is sure (cheaper than the next in "
            "{sure:p0} of draws or more) for {known}.",
            run=found.run,
            count=len(found.choices),
            destination=found.destination,
            sure=SURE,
            known=sum(one.leads >= SURE for one in found.choices),
        )
    ]
    open_ones = [one for one in found.choices if one.second is not None]
    if open_ones:
        most = choice_sentence(open_ones[0])
        said.append(say(f"Most in doubt: {most.template}", **most.values))
    following = found.next_figure
    if following is None:
        return said
    worth = "knowing it before choosing would save {saves:n1} USD a box on average over all origins"
    if following.saves_usd < 0.05:
        worth = "knowing it alone would change few choices"
    said.append(
        say(
            "For all origins together, the figure to look up next is {what}{graded}: it has a part in {part:p0} "
            f"({{low:p0}} to {{high:p0}}) of the doubt about the choices, and {worth}.",
            what=following.what,
            graded=_graded(following.grade),
            part=following.total,
            low=following.total_interval[0],
            high=following.total_interval[1],
            saves=following.saves_usd,
        )
    )
    return said
