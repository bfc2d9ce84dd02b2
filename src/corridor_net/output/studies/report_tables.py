"""The tables and lists of the report, in the reader's words. No computing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from typing import Any

from corridor_net.analysis.access import WITHIN_DAYS, Access
from corridor_net.analysis.compare import Comparison
from corridor_net.analysis.thresholds import Limit, Limits
from corridor_net.analysis.upgrade_sets.attribution import Attribution
from corridor_net.analysis.upgrade_sets.explanation import Explanation, LegChange
from corridor_net.analysis.upgrade_sets.telling import Finding
from corridor_net.errors import markup
from corridor_net.output.chances import otherwise
from corridor_net.render.words import Sentence, Words, say
from corridor_net.rounding import fitted
from corridor_net.uncertainty.pair_doubt import Pair, PairDoubt, Spread

from .study_text import switched_words

MORE = 15
"""Rows of a table of limits shown; the files hold all."""
SCENARIO_HEADS = (
    "scenario",
    "what it is",
    "origins that switch gateway",
    "people there",
    "mean of",
    "USD",
    "days",
    "kg CO₂e",
    "generalised USD",
)
LEDGER = (("cost_usd_before", 0), ("cost_usd_after", 0), ("hours_before", 1), ("hours_after", 1))
LEDGER_HEADS = ("USD before", "USD after", "hours before", "hours after", "generalised change, USD")
LIMIT_HEADS = ("figure", "unit", "now", "lower limit", "then", "upper limit", "then", "grade")
SHARE_HEADS = ("upgrade", "what it is", "Shapley value", "alone", "last")
DOUBT_HEADS = ("from", "gateway", "wins", "its province", "otherwise")
ACCESS_HEADS = ("from", "nearest market", "least USD", "least days", "mean USD", "mean days")
DRAWN = (
    "Each figure is drawn from its published range, or from the width that its grade gives it. Ranges are those of the "
    "route shown, whether it stays the best or not; a gateway wins when the best way of a draw leaves by it. Where it "
    "does in less than half of the draws, the others are named; ports of one province are counted together as well."
)
GRADES_ARE = (
    "Grades: A official or measured, B published, C derived by a formula stated in the data, D estimated with its "
    "basis stated."
)
REPEATED = "The same inputs give the same bytes; manifest.json beside this file also holds the hash of every output."
Cell = str | tuple[str, float | None]
"""Words, or words with the number they stand for."""


def items(lines: Iterable[str]) -> str:
    """Return lines as a list."""
    return "<ul>" + "".join(f"<li>{markup(line)}</li>" for line in lines) + "</ul>"


def table(
    caption: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], total: Sequence[Cell] | None = None
) -> str:
    """Return a table that sorts: columns whose cells are numbers stand to the right; `total` stays at its foot."""
    listed = [list(row) for row in rows]
    right = [any(isinstance(row[n], tuple) for row in listed) for n in range(len(headings))]
    css = [' class="number"' if numeric else "" for numeric in right]
    heads = "".join(f'<th scope="col"{c}>{markup(words)}</th>' for words, c in zip(headings, css, strict=True))

    def drawn(row: Sequence[Cell]) -> str:
        cells = [f'<th scope="row">{markup(str(row[0]))}</th>']
        for cell, c in zip(row[1:], css[1:], strict=True):
            words, value = cell if isinstance(cell, tuple) else (cell, None)
            given = f' data-value="{"" if value is None else f"{value:.6g}"}"' if isinstance(cell, tuple) else ""
            cells.append(f"<td{c}{given}>{markup(words)}</td>")
        return f"<tr>{''.join(cells)}</tr>"

    foot = f"<tfoot>{drawn(total)}</tfoot>" if total else ""
    return (
        f'<div class="scroll"><table class="sortable"><caption>{markup(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(map(drawn, listed))}</tbody>{foot}</table></div>"
    )


def number(words: Words, value: float | None, digits: int = 0, *, signed: bool = False) -> tuple[str, float | None]:
    """Return a number as a cell: with a sign where it is a change, and none for what is too small to be seen."""
    if value is None:
        return "–", None
    told = words.number(value, digits, sign=signed)
    plain = told.lstrip("+-")
    return (told if any(c in "123456789" for c in plain) else plain).replace("-", "−"), value


def folded(words: str, content: str) -> str:
    """Return what is shown when its line is pressed."""
    return f"<details><summary>{markup(words)}</summary>{content}</details>"


def effects(comparison: Comparison, words: Words) -> str:
    """Return what each scenario changes, a table a baseline."""
    tables = []
    for base in (run for run in comparison.runs if run.scenario is None):
        rows = []
        for run in comparison.scenario_runs(base.baseline):
            e = comparison.effect(run)
            rows.append(
                (
                    e.scenario,
                    words.label(e.title),
                    (words.text(switched_words(e)), float(len(e.switched))),
                    number(words, e.population_switched),
                    number(words, e.compared),
                    number(words, e.cost_change_usd, signed=True),
                    number(words, e.days_change, 1, signed=True),
                    number(words, e.co2_change_kg, signed=True),
                    number(words, e.generalised_change_usd, signed=True),
                )
            )
        if rows:
            told = say(
                "{title:label}: changes a box, mean over the origins with a route before and after", title=base.title
            )
            tables.append(table(words.text(told), [words.label(head) for head in SCENARIO_HEADS], rows))
    return "".join(tables) or f"<p>{markup(words.label('The study has no scenario.'))}</p>"


def findings(found: Sequence[Finding], words: Words) -> str:
    """Return the findings, each with its ledger, limits or shares."""
    parts = []
    for place, finding in enumerate(found):
        key = ' id="why"' if place == 0 else ""
        parts.append(
            f'<section class="finding"{key}><h2>{markup(words.text(finding.title))}</h2>'
            + items(map(words.text, finding.lines))
        )
        if isinstance(finding.result, Explanation):
            parts.append(folded(words.label("Ledger by component"), _components(finding.result, words)))
            parts.append(folded(words.label("Ledger by leg"), _legs(finding.result, words)))
        if isinstance(finding.result, Limits):
            parts.append(folded(words.label("All nearest limits"), _limits(finding.result.limits, words)))
        if isinstance(finding.result, Attribution):
            parts.append(folded(words.label("Shares by upgrade"), _shares(finding.result, words)))
        parts.append("</section>")
    return "".join(parts)


def _ledger(rows: Sequence[Any], words: Words) -> tuple[list[list[Cell]], list[Cell]]:
    """Return the amounts of steps or components as cells, each column adding up to its total, and the totals."""
    columns: list[list[Cell]] = []
    totals: list[Cell] = []
    for name, digits in LEDGER:
        values = [getattr(row, name) for row in rows]
        own = [value for value in values if value is not None]
        shown = iter(fitted(own, digits))
        columns.append([number(words, None if value is None else next(shown), digits) for value in values])
        totals.append(number(words, fsum(own), digits))
    changes = fitted([row.generalised_change_usd for row in rows])
    columns.append([number(words, change, signed=True) for change in changes])
    totals.append(number(words, fsum(row.generalised_change_usd for row in rows), signed=True))
    return [list(cells) for cells in zip(*columns, strict=True)], totals


def _components(found: Explanation, words: Words) -> str:
    cells, totals = _ledger(found.components, words)
    rows = [
        [words.name(c.component) if c.component in words.names else words.label(c.called), *own]
        for c, own in zip(found.components, cells, strict=True)
    ]
    heads = [words.label(head) for head in ("component", *LEDGER_HEADS)]
    return table(words.label("Totals of the old way and of the new one"), heads, rows, [words.label("total"), *totals])


def _legs(found: Explanation, words: Words) -> str:
    cells, totals = _ledger(found.legs, words)
    rows = [[words.text(_leg(leg)), words.label(leg.status), *own] for leg, own in zip(found.legs, cells, strict=True)]
    heads = [words.label(head) for head in ("leg", "", *LEDGER_HEADS)]
    return table(
        words.label("Steps of the old way and of the new one"), heads, rows, [words.label("total"), "", *totals]
    )


def _leg(leg: LegChange) -> Sentence:
    told = {"kind": leg.kind, "here": leg.from_node, "there": leg.to_node}
    return say(
        "{kind:label}, {here:name}" if leg.from_node == leg.to_node else "{kind:label}, {here:name} to {there:name}",
        **told,
    )


def _limits(rows: Sequence[Limit], words: Words) -> str:
    def gate(name: str | None, value: float | None) -> str:
        return "" if value is None else words.name(name or "by land")

    told = say(
        "Figures that flip the gateway alone, the nearest {count} of {all}", count=min(MORE, len(rows)), all=len(rows)
    )
    return table(
        words.text(told),
        [words.label(head) for head in LIMIT_HEADS],
        (
            (
                words.figure(r.key),
                words.label(r.unit),
                number(words, r.now, 2),
                number(words, r.lower, 2),
                gate(r.to_lower, r.lower),
                number(words, r.upper, 2),
                gate(r.to_upper, r.upper),
                r.grade or "",
            )
            for r in rows[:MORE]
        ),
    )


def _shares(found: Attribution, words: Words) -> str:
    shown = fitted([u.shapley for u in found.shares], 0, found.joint)
    told = say(
        "{unit:label} a box; Shapley values add up to the joint gain of {joint:n0}", unit=found.unit, joint=found.joint
    )
    return table(
        words.text(told),
        [words.label(head) for head in SHARE_HEADS],
        (
            (u.name, words.label(u.title), number(words, value), number(words, u.alone), number(words, u.last))
            for u, value in zip(found.shares, shown, strict=True)
        ),
    )


def doubts_section(comparison: Comparison, doubts: Mapping[Pair, PairDoubt], words: Words) -> str:
    """Return how sure the answers of the main baseline are."""
    if not doubts:
        return ""
    main = comparison.runs[0]
    draws = next(iter(doubts.values())).draws
    rows: list[Sequence[Cell]] = []
    for (origin, goal), d in doubts.items():
        rows.append(
            (
                words.name(origin),
                words.name(main.trips[origin, goal].gateway or "by land"),
                (words.share(d.gateway_wins), d.gateway_wins),
                (words.share(d.region_wins), d.region_wins),
                words.text(say("{rest:list}", rest=otherwise(d))),
                *(number(words, value) for value in _points(d.route.cost_usd)),
                *(number(words, value / 24, 1) for value in _points(d.route.hours)),
                *(number(words, value) for value in (d.route.co2_kg.p10, d.route.co2_kg.p90)),
            )
        )
    measured = [f"{words.label(unit)} 10 %" for unit in ("USD", "days", "kg CO₂e")]
    points = (measured[0], "50 %", "90 %", measured[1], "50 %", "90 %", measured[2], "90 %")
    told = say("{title:label}: {count} draws of all figures", title=main.title, count=draws)
    made = table(words.text(told), [*(words.label(head) for head in DOUBT_HEADS), *points], rows)
    title, note = (markup(words.label(one)) for one in ("How sure this is", DRAWN))
    return f'<section id="doubt"><h2>{title}</h2><p class="note">{note}</p>{made}</section>'


def _points(spread: Spread) -> tuple[float, float, float]:
    return spread.p10, spread.p50, spread.p90


def access_section(comparison: Comparison, measures: Sequence[Access], words: Words) -> str:
    """Return how near the markets are."""
    main = comparison.runs[0]
    rows: list[tuple[Cell, ...]] = [
        (
            words.name(m.origin),
            words.name(m.nearest_market) if m.nearest_market else words.label("none"),
            number(words, m.least_cost_usd),
            number(words, m.least_hours / 24 if m.least_hours is not None else None, 1),
            number(words, m.mean_cost_usd),
            number(words, m.mean_hours / 24 if m.mean_hours is not None else None, 1),
            *(number(words, count) for _, count, _ in m.within),
        )
        for m in measures
        if m.baseline == main.baseline and m.scenario is None
    ]
    heads = [words.label(head) for head in ACCESS_HEADS]
    heads += [words.text(say("markets within {days:n0|day|days}", days=days)) for days in WITHIN_DAYS]
    unit = comparison.network.market_unit
    means = say("means by {unit:label}", unit=unit) if unit != "markets" else say("each market counted as one")
    told = say("{title:label}: access to the markets, {means}", title=main.title, means=means)
    title = markup(words.label("Access to the markets"))
    return f'<section id="access"><h2>{title}</h2>{table(words.text(told), heads, rows)}</section>'


def sources(comparison: Comparison, data: Mapping[str, Any], words: Words) -> str:
    """Return the sources of the figures that the report holds, as the data name them."""
    known = comparison.network.sources
    rows = []
    for key in sorted(source["id"] for source in data["map"]["sources"]):
        row = known.get(key)
        if row is None:
            rows.append(f'<li id="source-{markup(key)}">{markup(key)}</li>')
            continue
        title = markup(row.title)
        if row.url and re.match(r"https?://", row.url):
            title = f'<a href="{markup(row.url)}" rel="noreferrer noopener">{title}</a>'
        rest = ", ".join(markup(str(part)) for part in (row.publisher, row.year) if part)
        rows.append(f'<li id="source-{markup(key)}"><b>{markup(key)}</b>: {title}. {rest}</li>')
    return f'<p class="note">{markup(words.label(GRADES_ARE))}</p><ul>{"".join(rows)}</ul>'


def repeated(comparison: Comparison, facts: Mapping[str, Any], words: Words) -> str:
    """Return how to repeat the study: versions, options, hashes of what was read."""
    inputs = [(name, digest) for group in facts["inputs"].values() for name, digest in group.items()]
    rows = "".join(
        f'<tr><th scope="row">{markup(name)}</th><td class="hash">{markup(h)}</td></tr>' for name, h in inputs
    )
    options = ", ".join(f"{name} {value}" for name, value in facts["options"].items())
    told = say("study {name}; {options}", name=comparison.study.name, options=options)
    hashes = words.text(say("SHA-256 of the {count} inputs", count=len(inputs)))
    return (
        f"<p>corridor-net {markup(str(facts['version']))}, {markup(words.text(told))}. "
        f"{markup(words.label(REPEATED))}</p>"
        + folded(hashes, f'<div class="scroll"><table><tbody>{rows}</tbody></table></div>')
    )
