"""What a terminal shows of a planner's questions: explain, breakeven, attribution, portfolio. No computing."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, fsum, log10
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corridor_net.analysis.attribution import sentences

if TYPE_CHECKING:
    from corridor_net.analysis.attribution import Attribution, Share
    from corridor_net.analysis.breakeven import Bands, Limit, Limits
    from corridor_net.analysis.explain import Explanation
    from corridor_net.analysis.trade_offs import TradeOffs
from corridor_net.analysis.portfolio import Choice, Portfolio, Schedule
from corridor_net.rounding import fitted

from .names import listed


def table_of(title: str, *headings: str, left: int = 1) -> Table:
    """Return an empty table whose first `left` columns are text and the others numbers."""
    table = Table(title=title, title_justify="left")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number < left else "right")
    return table


def show_explanation(console: Console, found: Explanation) -> None:
    """Print the sentences, then the ledger by component and by leg."""
    for sentence in found.sentences:
        console.print(Text(sentence))
    if not found.moved and all(leg.status == "same" for leg in found.legs):
        return
    heads = ("USD old", "USD new", "hours old", "hours new", "in all, USD")
    table = table_of("By component, old way and new way", "component", *heads)
    for c in found.components:
        cells = (f"{c.cost_usd_before:,.0f}", f"{c.cost_usd_after:,.0f}", f"{c.hours_before:,.1f}")
        table.add_row(
            c.component.replace("_", " "), *cells, f"{c.hours_after:,.1f}", f"{c.generalised_change_usd:+z,.0f}"
        )
    console.print()
    console.print(table)
    table = table_of("By step", "step", "from", "to", "way", *heads, left=4)
    for leg in found.legs:
        if leg.status == "same":
            continue
        ends = [found.names[leg.from_node], found.names[leg.to_node]]
        amounts = (leg.cost_usd_before, leg.cost_usd_after)
        hours = (leg.hours_before, leg.hours_after)
        table.add_row(
            leg.kind,
            ends[0],
            ends[1] if ends[0] != ends[1] else "",
            {"left": "old", "taken": "new", "changed": "both"}[leg.status],
            *("" if amount is None else f"{amount:,.0f}" for amount in amounts),
            *("" if amount is None else f"{amount:,.1f}" for amount in hours),
            f"{leg.generalised_change_usd:+z,.0f}",
        )
    console.print(table)


FILLS = "█░▓▒▚"
CHART_WIDTH = 72


def show_limits(console: Console, found: Limits, names: dict[str, str], shown: int) -> None:
    """Print the answer and how far each figure may move before it flips, the nearest first."""
    route = found.route
    console.print(
        f"{names[route.origin]} to {names[route.destination]}, {route.as_of}, {route.scenario}: by "
        f"{_gateway(names, route.gateway)}. {len(found.limits)} of {found.tested} figures can change the "
        f"{found.answer} alone, the others as they are."
    )
    if not found.limits:
        return
    heads = ("now", "may fall to", "may rise to", "change")
    table = table_of("Nearest limits", "figure", "unit", "then by", "grade", "in its range", *heads, left=5)
    for limit in found.limits[:shown]:
        then = [_gateway(names, to) for value, to in _sides(limit) if value is not None]
        table.add_row(
            limit.what,
            limit.unit,
            " / ".join(dict.fromkeys(then)),
            limit.grade or "–",
            {True: "yes", False: "no", None: "none given"}[limit.in_range],
            _number(limit.now),
            *("any" if value is None else _number(value) for value, _ in _sides(limit)),
            f"{limit.change:.0%}",
        )
    console.print(table)
    if len(found.limits) > shown:
        console.print(Text(f"{len(found.limits) - shown} more with --json.", style="dim"))


def _sides(limit: Limit) -> tuple[tuple[float | None, str | None], ...]:
    return (limit.lower, limit.to_lower), (limit.upper, limit.to_upper)


def show_bands(console: Console, bands: Bands, names: dict[str, str]) -> None:
    """Print one figure's bands: a bar over its values, and a table with the route of each."""
    last = 1.5 * max(band.low for band in bands.bands)
    last = max(2 * bands.now, min(last, 5 * bands.now) if bands.now else last) or 1.0
    pieces = bands.by_gateway
    fills = {gateway: FILLS[n % len(FILLS)] for n, gateway in enumerate(dict.fromkeys(g for _, _, g in pieces))}
    bar = ""
    for column in range(CHART_WIDTH):
        here = (column + 0.5) / CHART_WIDTH * last
        bar += next(fills[g] for low, high, g in pieces if low <= here and (high is None or here < high))
    place = min(int(bands.now / last * CHART_WIDTH), CHART_WIDTH - 1)
    console.print()
    console.print(Text(f"{bands.what}, {bands.unit}"))
    console.print(Text(bar))
    console.print(Text(" " * place + f"^ now {_number(bands.now)}"))
    console.print(Text(f"0 to {_number(last)};  " + "  ".join(f"{f} {_gateway(names, g)}" for g, f in fills.items())))
    table = table_of("", "from", "to", "gateway", "by", "USD", "days", "kg CO2e", left=4)
    table.title = None
    for band in bands.bands:
        route = band.route
        table.add_row(
            _number(band.low),
            "∞" if band.high is None else _number(band.high),
            _gateway(names, route.gateway) + (" (now)" if band.holds_now else ""),
            listed(route.services, names),
            f"{route.cost_usd:,.0f}",
            f"{route.days:.1f}",
            f"{route.co2_kg:,.0f}",
        )
    console.print(table)


def _gateway(names: dict[str, str], node: str | None) -> str:
    return names[node] if node else "land"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def show_attribution(console: Console, found: Attribution, names: dict[str, str]) -> None:
    """Print the sentences, the shares, the strongest pairs, and the split by country."""
    counted = {"equal": "each counted as one", "trade": "by trade with Japan", "people": "by population"}
    console.print(
        f"{len(found.origins)} origins, {counted[found.weights]}; {found.as_of}; "
        f"{found.measure} from {_amount(found.before)} to {_amount(found.after)} {found.unit}; "
        + (
            f"exact, {found.values:,} subsets"
            if not found.permutations
            else f"sampled, {found.permutations} orders, seed {found.seed}"
        )
    )
    if found.left_out:
        console.print(f"Left out, without a route in some subset: {', '.join(names[o] for o in found.left_out)}.")
    for sentence in sentences(found, names):
        console.print(Text(sentence))
    console.print()
    console.print(_shares("By upgrade", found.shares, found))
    if found.interactions:
        table = table_of("Pairs, strongest first", "one", "other", "together they are", "interaction", left=3)
        for pair in found.interactions[:8]:
            kind = "complements" if pair.index > 0 else "substitutes"
            table.add_row(pair.one, pair.other, kind, _signed(pair.index))
        console.print(table)
    if found.countries:
        console.print(_shares("By countries of the changed rows", found.countries, found))


def _shares(title: str, shares: tuple[Share, ...], found: Attribution) -> Table:
    sampled = bool(found.permutations) and any(share.error for share in shares)
    heads = (f"Shapley, {found.unit}", *(("± s.e.",) if sampled else ()), "of all", "alone", "last")
    table = table_of(title, title.split()[1], *heads)
    ranked = sorted(shares, key=lambda s: -abs(s.shapley))
    shapley, alone, last = (_column([getattr(s, name) for s in ranked]) for name in ("shapley", "alone", "last"))
    parts = fitted([100 * s.shapley / found.joint for s in ranked]) if found.joint else []
    for number, share in enumerate(ranked):
        part = f"{parts[number]:z.0f}%" if parts else ""
        error = (_amount(share.error),) if sampled else ()
        table.add_row(share.name, shapley[number], *error, part, alone[number], last[number])
    table.add_section()
    table.add_row("sum", shapley[-1], *(("",) if sampled else ()), "", alone[-1], last[-1])
    return table


def _column(values: Sequence[float]) -> list[str]:
    """Return signed numbers and, last, their sum, with as many decimals as the largest needs for three digits."""
    top = max((abs(value) for value in values), default=0.0)
    digits = 1 if top >= 10 or top < 1e-9 else 2 - floor(log10(top))
    return [f"{value:+z,.{digits}f}" for value in (*fitted(values, digits), fsum(values))]


def _signed(value: float) -> str:
    value = 0.0 if abs(value) < 1e-9 else value
    return f"{value:+z,.1f}" if abs(value) >= 10 or not value else f"{value:+,.3g}"


def _amount(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"


def show_portfolio(console: Console, found: Portfolio, names: dict[str, str], shown: int = 12) -> None:
    """Print the best set and its proof, the sets that come near it, and the frontier."""
    counted = {"equal": "each counted as one", "trade": "by trade with Japan", "people": "by population"}
    goals = ", ".join(names[node] for node in found.destinations[:3])
    goals = goals if len(found.destinations) <= 3 else f"{len(found.destinations)} markets"
    console.print(
        f"{len(found.origins)} origins, {counted[found.weights]}, to {goals}; {found.as_of}; gain: fall of generalised "
        f"cost, USD a box"
    )
    if found.left_out:
        console.print(Text(f"Left out, no cost is known (--cost name=USD): {', '.join(found.left_out)}.", style="dim"))
    best = found.best
    if not best.upgrades:
        console.print(f"Under {_dollars(found.budget_usd)} nothing that can be bought gains anything.")
    else:
        console.print(
            f"Best under {_dollars(found.budget_usd)}: {_set(best)} for {_dollars(best.cost_usd)}, "
            f"{best.gain_usd_per_box:,.2f} USD a box."
        )
    looked = f"{found.looked_at:,} feasible sets valued" if found.exhaustive else f"{found.looked_at:,} nodes"
    proof = (
        f"proved best: {looked}"
        if found.proved
        else f"not proved: no set exceeds {found.bound_usd_per_box:,.2f} USD ({looked})"
    )
    console.print(f"{proof[0].upper()}{proof[1:]}.")
    if found.boxes_per_year is not None and best.upgrades:
        yearly = found.boxes_per_year * best.gain_usd_per_box
        years = f"{best.cost_usd / yearly:,.0f} years to repay, without interest" if yearly > 0 else "never repaid"
        console.print(f"At {found.boxes_per_year:,.0f} boxes a year: {_dollars(yearly)} a year, {years}.")
    console.print()
    if found.near:
        plain = [choice for choice in found.near if not choice.dominated]
        idle = [choice for choice in found.near if choice.dominated]
        if plain:
            console.print(_choices(f"Within {found.within:.0%} of the best", plain[:shown]))
        if idle:
            sets = "; ".join(", ".join(choice.upgrades) for choice in idle[:shown])
            more = f"; {len(idle) - shown} more with --json" if len(idle) > shown else ""
            console.print(
                Text(f"Also within {found.within:.0%}, for no less money and no more gain: {sets}{more}.", style="dim")
            )
    note = "" if found.frontier_complete else " (of the sets met; not complete)"
    console.print(_choices(f"Frontier: the least cost of every gain, whatever the budget{note}", list(found.frontier)))


def show_schedule(console: Console, found: Schedule) -> None:
    """Print what is finished in which year."""
    console.print()
    table = table_of(
        f"Schedule: {_dollars(found.yearly_budget_usd)} a year, gains from the year after, discount "
        f"{found.discount:.1%}; sum {found.total:,.1f} USD a box",
        "finished",
        "year",
        "spent",
        "gain in the year, USD a box",
    )
    for year in found.years:
        spent = _dollars(year.spent_usd) if year.spent_usd else ""
        table.add_row(", ".join(year.finished), str(year.year), spent, f"{year.gain_usd_per_box:,.2f}")
    console.print(table)


def _choices(title: str, choices: list[Choice]) -> Table:
    table = table_of(title, "upgrades", "cost", "gain, USD a box", "boxes to repay")
    for choice in choices:
        boxes = choice.boxes_to_repay
        table.add_row(
            _set(choice) or "none",
            _dollars(choice.cost_usd),
            f"{choice.gain_usd_per_box:,.2f}",
            "" if boxes is None or not choice.cost_usd else f"{boxes:,.0f}",
        )
    return table


def _set(choice: Choice) -> str:
    held = f" (with {', '.join(choice.included)})" if choice.included else ""
    return ", ".join(choice.upgrades) + held


def _dollars(value: float) -> str:
    return f"{value / 1e6:,.1f} million USD" if abs(value) >= 1e5 else f"{value:,.0f} USD"


def show_trade_offs(console: Console, found: TradeOffs, names: dict[str, str]) -> None:
    """Print the routes of the front that show its spread, and the band of values of time in which each wins."""
    shown = [route for route in found.routes if route.shown]
    title = f"{names[found.origin]} to {names[found.destination]}: {len(found.routes)} routes that no other beats"
    table = Table(
        title=f"{title} in {', '.join(found.criteria)}; {len(shown)} that show the spread", title_justify="left"
    )
    for heading in ("gateway", "services", "USD", "days", "kg CO2e", "the best when an hour is worth, USD"):
        table.add_column(heading, justify="left" if heading in ("gateway", "services") else "right")
    for route in shown:
        low, high = route.value_of_time or (None, None)
        band = "never" if low is None else f"{low:,.2f} to {high:,.2f}" if high is not None else f"{low:,.2f} and more"
        cells = (f"{route.cost_usd:,.0f}", f"{route.hours / 24:.1f}", f"{route.co2_kg:,.0f}")
        table.add_row(_gateway(names, route.gateway), listed(route.services, names), *cells, band)
    console.print(table)
    hull = sum(route.value_of_time is not None for route in found.routes)
    console.print(
        f"{hull} of them are the best at some value of time; now an hour is worth {found.value_of_time_now:.2f} USD."
    )
