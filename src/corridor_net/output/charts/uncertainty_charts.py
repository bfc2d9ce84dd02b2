"""Charts of doubt and of choice: ranges (fans), what moves an answer (tornado), trade-offs of money and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corridor_net.analysis.trade_offs import TradeOff, TradeOffs
from corridor_net.render.words import Sentence, Words, after_by, say
from corridor_net.uncertainty.ensembles.pair_uncertainty import PairUncertainty
from corridor_net.uncertainty.sensitivity.one_at_a_time import Swing

from .rows import Laid, Panel, Piece, panel_of_spreads, rows_svg, spread_of, spread_words
from .svg import (
    ENGLISH,
    HEIGHT,
    PALETTE,
    SHADES_OF_UNCERTAINTY,
    WIDTH,
    Said,
    Scale,
    axes,
    beside,
    colours_of,
    document,
    dot,
    legend_row,
    polyline,
    text,
)


def fan_svg(
    uncertainties: Mapping[str, PairUncertainty],
    answers: Mapping[str, tuple[float, float]],
    title: Said,
    words: Words = ENGLISH,
    *,
    inline: bool = False,
) -> str:
    """Return the 10-90% ranges of USD and of days, one row an origin, the median as a mark, how often it wins.

    `answers` are USD and hours at the figures as they are: the point beside each range.
    """
    panels = []
    paid, per = words.in_money("USD a box")
    measures = ((paid, "cost_usd", 1 / per), (words.label("days"), "hours", 24))
    for place, (unit, name, by) in enumerate(measures):
        rows = []
        for origin, uncertainty in uncertainties.items():
            spread = getattr(uncertainty.route, name)
            ends = (spread.p10 / by, spread.p50 / by, spread.p90 / by)
            at = answers[origin][place] / by
            told = words.text(spread_words(words.name(origin), unit, ends))
            rows.append([*spread_of(*ends, told), Piece(low=at, high=at, colour=SHADES_OF_UNCERTAINTY[2], shape="dot")])
        panels.append(panel_of_spreads(unit, rows))
    costs = [(words.name(origin), d.route.cost_usd) for origin, d in uncertainties.items()]
    laid = Laid(
        labels=list(map(words.name, uncertainties)),
        panels=panels,
        told="; ".join(
            words.text(say("{name}: {low:m0} to {high:m0} USD", name=name, low=usd.p10, high=usd.p90))
            for name, usd in costs
        ),
        key=list(
            zip(SHADES_OF_UNCERTAINTY, map(words.label, ("10 to 90% of draws", "median", "this answer")), strict=True)
        ),
        beside=(words.label("wins"), [words.share(uncertainty.gateway_wins) for uncertainty in uncertainties.values()]),
    )
    return rows_svg(laid, words.text(title), words, inline=inline)


def tornado_svg(swings: Sequence[Swing], title: Said, words: Words = ENGLISH, *, inline: bool = False) -> str:
    """Return how far each figure alone moves the answer: bars from its 10% to its 90% value, the widest first.

    A bar ends in the name of the gateway that then wins, where that is another.
    """
    called = [words.figure(swing.figure) for swing in swings]
    unit, per = words.in_money("USD of generalised cost a box, change")
    values = [value * per for s in swings for value in (s.low_usd, s.high_usd)]
    low, high = min([0.0, *values]), max([0.0, *values])
    edge = (high - low) * 0.12 or 1.0
    gates = [gate for s in swings for gate in (s.gateway_low, s.gateway_high)]
    usual = max(dict.fromkeys(gates), key=gates.count, default="")

    def end(what: str, value: float, at: str, gate: str) -> Piece:
        told = say(
            "{what} at its {at} value: {usd:+m0} USD, by {gateway:name}",
            what=what,
            at=at,
            usd=value,
            gateway=after_by(gate),
        )
        colour, after = COLOURS_OF_ENDS[at], "" if gate == usual else words.name(gate)
        return Piece(low=0.0, high=value * per, colour=colour, told=words.text(told), after=after)

    rows = [
        [end(what, s.low_usd, "10%", s.gateway_low), end(what, s.high_usd, "90%", s.gateway_high)]
        for what, s in zip(called, swings, strict=True)
    ]
    laid = Laid(
        labels=called,
        panels=[Panel(unit=unit, rows=rows, low=low - edge, high=high + edge, signed=True)],
        told="; ".join(
            words.text(say("{name}: {low:+m0} to {high:+m0} USD", name=what, low=s.low_usd, high=s.high_usd))
            for what, s in zip(called, swings, strict=True)
        ),
        key=[
            (COLOURS_OF_ENDS["10%"], words.label("figure at its 10% value")),
            (COLOURS_OF_ENDS["90%"], words.label("at its 90% value")),
        ],
        beside=(words.label("grade"), [s.grade for s in swings]),
    )
    return rows_svg(laid, words.text(title), words, inline=inline)


COLOURS_OF_ENDS = {"10%": PALETTE[5], "90%": PALETTE[4]}


def pareto_svg(found: TradeOffs, title: Said, words: Words = ENGLISH, *, inline: bool = False) -> str:
    """Return the front in days and USD: a dot a route in the colour of its gateway, and who wins by value of time.

    Days are those that the value of time is paid for, spread included.
    """
    routes, title = found.routes, words.text(title)
    colours = colours_of(sorted({r.gateway or "" for r in routes}))
    paid, per = words.in_money("USD a box")
    days, money = [r.timed_hours / 24 for r in routes], [r.cost_usd * per for r in routes]

    def span(values: Sequence[float]) -> tuple[float, float]:
        edge = (max(values) - min(values)) * 0.08 or 1.0
        return max(min(values) - edge, 0.0), max(values) + edge

    ratio = found.reliability_ratio
    spread = say("days, and {ratio:n1} of a day for each of their spread", ratio=ratio)
    unit = words.text(spread if ratio else "days")
    key, top = legend_row(56, [(colour, words.name(gate or "by land")) for gate, colour in colours.items()])
    y = Scale.of(span(money), (HEIGHT - 84, top + 24))
    x = Scale.of(span(days), (beside(y, words), WIDTH - 60))
    body = [*key, *axes(x, y, unit, paid, words)]
    hull = [r for r in routes if r.value_of_time is not None]
    body.append(polyline([(x(r.timed_hours / 24), y(r.cost_usd * per)) for r in hull], "#888", width=1.5, dash="5 3"))
    for r in sorted(routes, key=lambda r: r.shown):
        place = x(r.timed_hours / 24), y(r.cost_usd * per)
        told = words.text(say("{gateway:name}: {amounts}", gateway=r.gateway or "by land", amounts=_amounts(r)))
        if r.shown:
            body.append(dot(*place, 7.5, "#222"))
        body.append(dot(*place, 5.5 if r.shown else 3, colours[r.gateway or ""], told))
    for r in hull:
        low, high = r.value_of_time or (0.0, None)
        band = (
            say("from {low:m2} USD/h", low=low)
            if high is None
            else say("{low:m2} to {high:m2} USD/h", low=low, high=high)
        )
        body.append(text(x(r.timed_hours / 24) + 10, y(r.cost_usd * per) - 8, words.text(band), kind="place"))
    note = say(
        "{count:n0|route|routes} that no other beats in {criteria:list}; ringed: {ringed}, for their spread. "
        "Dashed: the best "
        "by value of time, now {now:m2} USD/h.",
        count=len(routes),
        criteria=["CO2" if one == "co2" else one for one in found.criteria],
        ringed=sum(r.shown for r in routes),
        now=found.value_of_time_now,
    )
    body.append(text(20, HEIGHT - 18, words.text(note), kind="small"))
    told = "; ".join(words.text(_amounts(r)) for r in routes if r.shown)
    return document(HEIGHT, body, title=title, description=told, inline=inline)


def _amounts(route: TradeOff) -> Sentence:
    return say(
        "{usd:m0} USD, {days:n1} days, {kg:n0} kg CO2e",
        usd=route.cost_usd,
        days=route.hours / 24,
        kg=route.co2_kg,
    )
