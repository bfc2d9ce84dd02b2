"""The report of a study: one HTML file that needs nothing else, neither network nor server. No computing.

`web/report.html` is the page; what stands in double braces there is filled here. Its script is the modules of
`web/` put one after the other, its rules of content security allow just that script and that style, by their
hashes, so that nothing that a name or a file of a user holds can run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from typing import Any

from corridor_net.analysis.access import WITHIN_DAYS, Access
from corridor_net.analysis.attribution import Attribution
from corridor_net.analysis.compare import Comparison
from corridor_net.analysis.explanation import Explanation, LegChange
from corridor_net.analysis.telling import Finding
from corridor_net.analysis.thresholds import Limit, Limits
from corridor_net.errors import markup
from corridor_net.render.words import Words
from corridor_net.rounding import fitted
from corridor_net.uncertainty.ensemble import Pair, PairDoubt, Spread
from corridor_net.uncertainty.paying import Paying

from .basemap import attribution
from .chances import otherwise
from .map_data import embedded, study_data
from .names import names_of
from .one_file import asset, bundle, content_hash, fill
from .paying_text import paying_section, paying_words
from .projection import projection_of
from .study_charts import Chart
from .study_text import answer_words, main_pair_words, summary, switched_words

MODULES = ("dom.js", "map.js", "search.js", "report.js")
STYLES = ("map.css", "report.css")
MORE = 15
"""Rows of a table of limits shown; the files hold all."""


def report_html(
    comparison: Comparison,
    doubts: Mapping[Pair, PairDoubt],
    found: Sequence[Finding],
    charts: Sequence[Chart],
    measures: Sequence[Access],
    facts: Mapping[str, Any],
    *,
    paid: Sequence[Paying] = (),
    words: Words | None = None,
) -> str:
    """Return the report as HTML; `facts` are those of the manifest (version, options, inputs), `paid` appraisals."""
    words = words or Words(names=names_of(*(run.router.network for run in comparison.runs)))
    main = comparison.runs[0]
    cargo, prices = main.router.impedance.cargo, main.router.impedance.prices
    data = study_data(comparison)
    told = next((f.data for f in found if "components" in f.data), None)
    data["told"] = {"origin": 0, "scenario": told["scenario"] if told else None}
    style = "\n".join(asset(name) for name in STYLES)
    script = bundle(MODULES)
    first, *others = [*main_pair_words(comparison, doubts), answer_words(comparison, doubts)]
    lines = [*others, *([paying_words(paid)] if paid else []), *summary(comparison)]
    network = comparison.network
    sections = [("explore", "Routes"), ("short", "In short"), ("each", "Origins"), ("effects", "Scenarios")]
    sections += [("paying", "Does it pay")] if paid else []
    sections += [("why", "Why")] if found else []
    sections += [("doubt", "How sure")] if doubts else []
    sections += [("access", "Access"), ("charts", "Charts"), ("sources", "Sources"), ("manifest", "Repeat it")]
    fields = {
        "style": style,
        "script": script,
        "style_hash": content_hash(style),
        "script_hash": content_hash(script),
        "title": markup(comparison.study.file.title),
        "lead": markup(
            f"{cargo.name}, to {network.nodes[comparison.focus].name}; least {main.router.by} cost; USD of the year "
            f"of each baseline, {prices.year} first; an hour is worth {cargo.value_of_time:.2f} USD."
        ),
        "contents": "".join(f'<li><a href="#{key}">{words}</a></li>' for key, words in sections),
        "answer": markup(words.text(first)),
        "short": _items(words.text(line) for line in lines),
        "effects": _effects(comparison, words),
        "findings": (paying_section(paid, _table, words) if paid else "")
        + _findings(found, network.nodes, words)
        + _doubts(comparison, doubts, words)
        + _access(comparison, measures),
        "charts": _figures(charts),
        "sources": _sources(comparison, data),
        "manifest": _manifest(comparison, facts),
        "generator": markup(f"corridor-net {facts['version']}"),
        "projection": markup(projection_of(network).words),
        "borders": markup(attribution(network)),
        "data": embedded(data),
    }
    return fill(asset("report.html"), fields)


def _items(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{markup(line)}</li>" for line in lines) + "</ul>"


Cell = str | tuple[str, float | None]
"""Words, or words with the number they stand for."""


def _table(
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


def _number(value: float | None, digits: int = 0, *, signed: bool = False) -> tuple[str, float | None]:
    if value is None:
        return "–", None
    words = f"{value:{'+' if signed else ''},.{digits}f}"
    plain = words.lstrip("+-")
    return (words if any(c in "123456789" for c in plain) else plain).replace("-", "−"), value


def _effects(comparison: Comparison, words: Words) -> str:
    headings = (
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
    tables = []
    for base in (run for run in comparison.runs if run.scenario is None):
        rows = []
        for run in comparison.scenario_runs(base.baseline):
            e = comparison.effect(run)
            rows.append(
                (
                    e.scenario,
                    e.title,
                    (words.text(switched_words(e)), float(len(e.switched))),
                    _number(e.population_switched),
                    _number(e.compared),
                    _number(e.cost_change_usd, signed=True),
                    _number(e.days_change, 1, signed=True),
                    _number(e.co2_change_kg, signed=True),
                    _number(e.generalised_change_usd, signed=True),
                )
            )
        if rows:
            tables.append(
                _table(
                    f"{base.title}: changes a box, mean over the origins with a route before and after", headings, rows
                )
            )
    return "".join(tables) or "<p>The study has no scenario.</p>"


def _findings(found: Sequence[Finding], nodes: Mapping[str, Any], words: Words) -> str:
    parts = []
    for number, finding in enumerate(found):
        key = ' id="why"' if number == 0 else ""
        parts.append(
            f'<section class="finding"{key}><h2>{markup(words.text(finding.title))}</h2>'
            + _items(map(words.text, finding.lines))
        )
        if isinstance(finding.result, Explanation):
            parts.append(_folded("Ledger by component", _components(finding.result)))
            parts.append(_folded("Ledger by leg", _legs(finding.result, nodes)))
        if isinstance(finding.result, Limits):
            parts.append(_folded("All nearest limits", _limits(finding.result.limits, nodes)))
        if isinstance(finding.result, Attribution):
            parts.append(_folded("Shares by upgrade", _shares(finding.result)))
        parts.append("</section>")
    return "".join(parts)


def _folded(words: str, content: str) -> str:
    return f"<details><summary>{markup(words)}</summary>{content}</details>"


LEDGER = (("cost_usd_before", 0), ("cost_usd_after", 0), ("hours_before", 1), ("hours_after", 1))
LEDGER_HEADS = ("USD before", "USD after", "hours before", "hours after", "generalised change, USD")


def _ledger(rows: Sequence[Any]) -> tuple[list[list[Cell]], list[Cell]]:
    """Return the amounts of steps or components as cells, each column adding up to its total, and the totals."""
    columns: list[list[Cell]] = []
    totals: list[Cell] = []
    for name, digits in LEDGER:
        values = [getattr(row, name) for row in rows]
        own = [value for value in values if value is not None]
        shown = iter(fitted(own, digits))
        columns.append([_number(None if value is None else next(shown), digits) for value in values])
        totals.append(_number(fsum(own), digits))
    changes = fitted([row.generalised_change_usd for row in rows])
    columns.append([_number(change, signed=True) for change in changes])
    totals.append(_number(fsum(row.generalised_change_usd for row in rows), signed=True))
    return [list(cells) for cells in zip(*columns, strict=True)], totals


def _components(found: Explanation) -> str:
    cells, totals = _ledger(found.components)
    rows = [[found.names.get(c.component, c.called), *own] for c, own in zip(found.components, cells, strict=True)]
    return _table("Totals of the old way and of the new one", ("component", *LEDGER_HEADS), rows, ["total", *totals])


def _legs(found: Explanation, nodes: Mapping[str, Any]) -> str:
    def words(leg: LegChange) -> str:
        here, there = nodes[leg.from_node].name, nodes[leg.to_node].name
        return f"{leg.kind}, {here}" + (f" to {there}" if here != there else "")

    cells, totals = _ledger(found.legs)
    rows = [[words(leg), leg.status, *own] for leg, own in zip(found.legs, cells, strict=True)]
    heads = ("leg", "", *LEDGER_HEADS)
    return _table("Steps of the old way and of the new one", heads, rows, ["total", "", *totals])


def _limits(rows: Sequence[Limit], nodes: Mapping[str, Any]) -> str:
    def gate(name: str | None) -> str:
        return nodes[name].name if name else "by land"

    return _table(
        f"Figures that flip the gateway alone, the nearest {min(MORE, len(rows))} of {len(rows)}",
        ("figure", "unit", "now", "lower limit", "then", "upper limit", "then", "grade"),
        (
            (
                r.what,
                r.unit,
                _number(r.now, 2),
                _number(r.lower, 2),
                gate(r.to_lower) if r.lower is not None else "",
                _number(r.upper, 2),
                gate(r.to_upper) if r.upper is not None else "",
                r.grade or "",
            )
            for r in rows[:MORE]
        ),
    )


def _shares(found: Attribution) -> str:
    shown = fitted([u.shapley for u in found.shares], 0, found.joint)
    return _table(
        f"{found.unit} a box; Shapley values add up to the joint gain of {found.joint:,.0f}",
        ("upgrade", "what it is", "Shapley value", "alone", "last"),
        (
            (u.name, u.title, _number(value), _number(u.alone), _number(u.last))
            for u, value in zip(found.shares, shown, strict=True)
        ),
    )


def _doubts(comparison: Comparison, doubts: Mapping[Pair, PairDoubt], words: Words) -> str:
    if not doubts:
        return ""
    main, nodes = comparison.runs[0], comparison.network.nodes
    draws = next(iter(doubts.values())).draws
    rows: list[Sequence[Cell]] = []
    for (origin, goal), d in doubts.items():
        gateway = main.trips[origin, goal].gateway
        rows.append(
            (
                nodes[origin].name,
                nodes[gateway].name if gateway else "by land",
                (f"{d.gateway_wins:.0%}", d.gateway_wins),
                (f"{d.region_wins:.0%}", d.region_wins),
                ", ".join(map(words.text, otherwise(d))),
                *(_number(value) for value in _points(d.route.cost_usd)),
                *(_number(value / 24, 1) for value in _points(d.route.hours)),
                *(_number(value) for value in (d.route.co2_kg.p10, d.route.co2_kg.p90)),
            )
        )
    points = ("USD 10 %", "50 %", "90 %", "days 10 %", "50 %", "90 %", "kg CO₂e 10 %", "90 %")
    heads = ("from", "gateway", "wins", "its province", "otherwise", *points)
    table = _table(f"{main.title}: {draws} draws of all figures", heads, rows)
    note = (
        "Each figure is drawn from its published range, or from the width that its grade gives it. Ranges are those "
        "of the route shown, whether it stays the best or not; a gateway wins when the best way of a draw leaves by "
        "it. Where it does in less than half of the draws, the others are named; ports of one province are counted "
        "together as well."
    )
    return f'<section id="doubt"><h2>How sure this is</h2><p class="note">{note}</p>{table}</section>'


def _points(spread: Spread) -> tuple[float, float, float]:
    return spread.p10, spread.p50, spread.p90


def _access(comparison: Comparison, measures: Sequence[Access]) -> str:
    main = comparison.runs[0]
    nodes = comparison.network.nodes
    rows: list[Sequence[Cell]] = []
    for m in (m for m in measures if m.baseline == main.baseline and m.scenario is None):
        within = [_number(count) for _, count, _ in m.within]
        near = nodes[m.nearest_market].name if m.nearest_market else "none"
        least = m.least_hours / 24 if m.least_hours is not None else None
        rows.append(
            (
                nodes[m.origin].name,
                near,
                _number(m.least_cost_usd),
                _number(least, 1),
                _number(m.mean_cost_usd),
                _number(m.mean_hours / 24 if m.mean_hours is not None else None, 1),
                *within,
            )
        )
    heads = ("from", "nearest market", "least USD", "least days", "mean USD", "mean days")
    within_heads = (f"markets within {days} days" for days in WITHIN_DAYS)
    unit = markup(comparison.network.market_unit)
    means = f"means by {unit}" if unit != "markets" else "each market counted as one"
    table = _table(f"{main.title}: access to the markets, {means}", (*heads, *within_heads), rows)
    return f'<section id="access"><h2>Access to the markets</h2>{table}</section>'


def _figures(charts: Sequence[Chart]) -> str:
    figures = [
        f'<figure id="chart-{c.name}"><figcaption>{markup(c.words)}</figcaption>{c.draw(inline=True)}</figure>'
        for c in charts
    ]
    return f'<div class="charts">{"".join(figures)}</div>'


def _sources(comparison: Comparison, data: Mapping[str, Any]) -> str:
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
    note = (
        "Grades: A official or measured, B published, C derived by a formula stated in the data, D estimated with "
        "its basis stated."
    )
    return f'<p class="note">{note}</p><ul>{"".join(rows)}</ul>'


def _manifest(comparison: Comparison, facts: Mapping[str, Any]) -> str:
    inputs = [(name, digest) for group in facts["inputs"].values() for name, digest in group.items()]
    rows = "".join(
        f'<tr><th scope="row">{markup(name)}</th><td class="hash">{markup(h)}</td></tr>' for name, h in inputs
    )
    options = ", ".join(f"{name} {value}" for name, value in facts["options"].items())
    return (
        f"<p>corridor-net {markup(str(facts['version']))}, study {markup(comparison.study.name)}; {markup(options)}. "
        "The same inputs give the same bytes; manifest.json beside this file also holds the hash of every output.</p>"
        + _folded(
            f"SHA-256 of the {len(inputs)} inputs", f'<div class="scroll"><table><tbody>{rows}</tbody></table></div>'
        )
    )
