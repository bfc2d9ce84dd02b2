"""The tables and lists of the report, in the reader's words. No computing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from corridor_net.analysis.access import WITHIN_DAYS, Access
from corridor_net.analysis.compare import Comparison
from corridor_net.analysis.thresholds import Limits
from corridor_net.analysis.upgrade_sets.attribution import Attribution
from corridor_net.analysis.upgrade_sets.explanation import Explanation
from corridor_net.analysis.upgrade_sets.telling import Finding
from corridor_net.errors import markup
from corridor_net.output.chances import otherwise
from corridor_net.output.documents.document import made_words
from corridor_net.output.upgrade_tables import CHANGES, by_component, by_step, by_upgrade, nearest_limits
from corridor_net.render.html import prose, table_html
from corridor_net.render.page import Column, Table, dashed, divided, numbers, p10_p90, table_of
from corridor_net.render.printed import title_printed
from corridor_net.render.words import Sentence, Words, say, sentence_of
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty

from .study_text import switched_words

MORE = 15
"""Rows of a table of limits shown; the files hold all."""
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


def items(lines: Iterable[Sentence | str], words: Words) -> str:
    """Return lines as a list."""
    return "<ul>" + "".join(f"<li>{prose(line, words)}</li>" for line in lines) + "</ul>"


def sheet(table: Table, words: Words) -> str:
    """Return a table that sorts, and that is moved sideways where it is too wide."""
    return f'<div class="scroll">{table_html(table, words, css="sortable")}</div>'


def section(key: str, title: str, note: str | Sentence, table: Table, words: Words) -> str:
    """Return a section of the report: its title, a note where there is one, and a table."""
    told = f'<p class="note">{prose(note, words)}</p>' if note else ""
    return f'<section id="{key}"><h2>{markup(words.label(title))}</h2>{told}{sheet(table, words)}</section>'


def folded(told: Sentence | str, content: str, words: Words) -> str:
    """Return what is shown when its line is pressed."""
    return f"<details><summary>{prose(told, words)}</summary>{content}</details>"


def effects(comparison: Comparison, words: Words) -> str:
    """Return what each scenario changes, a table a baseline."""
    tables = []
    for base in comparison.baselines:
        table = table_of(
            comparison.effects(base),
            Column(heading="scenario", kind="label", of="scenario"),
            Column(heading="what it is", kind="label", of="title"),
            Column(heading="origins that switch gateway", of=switched_words),
            *CHANGES,
            title=say(
                "{title:label}: changes a box, mean over the origins with a route before and after", title=base.title
            ),
        )
        tables += [sheet(table, words)] if table.rows else []
    return "".join(tables) or f"<p>{markup(words.label('The study has no scenario.'))}</p>"


def findings(found: Sequence[Finding], words: Words) -> str:
    """Return the findings, each with its ledger, limits or shares."""
    parts = []
    for place, finding in enumerate(found):
        key = ' id="why"' if place == 0 else ""
        parts.append(
            f'<section class="finding"{key}><h2>{prose(finding.title, words)}</h2>' + items(finding.lines, words)
        )
        parts += [folded(head, sheet(table, words), words) for head, table in _details(finding.result)]
        parts.append("</section>")
    return "".join(parts)


def _details(found: object) -> Iterator[tuple[str, Table]]:
    """Yield what a finding rests on: the line to press, and the table."""
    if isinstance(found, Explanation):
        yield "Ledger by component", by_component(found)
        yield "Ledger by leg", by_step(found, changed=False)
    if isinstance(found, Limits) and found.limits:
        yield "All nearest limits", nearest_limits(found, MORE)
    if isinstance(found, Attribution):
        yield "Shares by upgrade", by_upgrade(found)


def uncertainty_section(comparison: Comparison, uncertainties: Mapping[Pair, PairUncertainty], words: Words) -> str:
    """Return how sure the answers of the main baseline are."""
    if not uncertainties:
        return ""
    title = say(
        "{title:label}: {count:n0} draws of all figures",
        title=comparison.main.title,
        count=next(iter(uncertainties.values())).draws,
    )
    table = table_of(
        uncertainties.values(),
        Column(heading="from", kind="name", of="origin"),
        Column(heading="gateway", kind="name", of="gateway"),
        *numbers("wins", "its province", of=("gateway_wins", "region_wins"), kind="share"),
        Column(heading="otherwise", of=lambda one: say("{rest:list}", rest=otherwise(one))),
        *_spread("USD", "cost_usd"),
        *_spread("days", "hours", 24.0, digits=1),
        *_spread("kg CO2e", "co2_kg"),
        title=title,
    )
    return section("doubt", "How sure this is", DRAWN, table, words)


def _spread(unit: str, name: str, by: float = 1.0, *, digits: int = 0) -> tuple[Column, ...]:
    """Return the columns of a spread: its median, and its 10-90% range."""
    told, money = say("{unit:label}, median", unit=unit), unit == "USD"
    return (
        Column(heading=told, kind="number", digits=digits, money=money, of=divided(f"route.{name}.p50", by)),
        Column(heading="10-90%", kind="range", digits=digits, money=money, of=p10_p90(f"route.{name}", by)),
    )


def access_section(comparison: Comparison, measures: Sequence[Access], words: Words) -> str:
    """Return how near the markets are."""
    main, unit = comparison.main, comparison.network.market_unit
    means = say("means by {unit:label}", unit=unit) if unit != "markets" else say("each market counted as one")
    table = table_of(
        (m for m in measures if m.baseline == main.baseline and m.scenario is None),
        Column(heading="from", kind="name", of="origin"),
        Column(heading="nearest market", kind="name", of=lambda m: m.nearest_market or "none"),
        *numbers("least USD", of=dashed("least_cost_usd")),
        *numbers("least days", of=dashed("least_hours", 24), digits=1),
        *numbers("mean USD", of=dashed("mean_cost_usd")),
        *numbers("mean days", of=dashed("mean_hours", 24), digits=1),
        *(
            column
            for place, days in enumerate(WITHIN_DAYS)
            for column in numbers(
                say("markets within {days:n0|day|days}", days=days), of=lambda m, place=place: m.within[place][1]
            )
        ),
        title=say("{title:label}: access to the markets, {means}", title=main.title, means=means),
    )
    return section("access", "Access to the markets", "", table, words)


def sources(comparison: Comparison, data: Mapping[str, Any], words: Words) -> str:
    """Return the sources of the figures that the report holds, as the data name them."""
    known = comparison.sources
    rows = []
    for key in sorted(source["id"] for source in data["map"]["sources"]):
        row, called = known.get(key), words.printed.label(comparison.written_by(key)) or key
        if row is None:
            rows.append(f'<li id="source-{markup(key)}">{markup(called)}</li>')
            continue
        title = markup(title_printed(row.title, words.language))
        if row.url and re.match(r"https?://", row.url):
            title = f'<a href="{markup(row.url)}" rel="noreferrer noopener">{title}</a>'
        end = "" if row.title.endswith(".") else "."
        rest = ", ".join(markup(title_printed(str(part), words.language)) for part in (row.publisher, row.year) if part)
        rows.append(f'<li id="source-{markup(key)}"><b>{markup(called)}</b>: {title}{end} {rest}</li>')
    return f'<p class="note">{markup(words.label(GRADES_ARE))}</p><ul>{"".join(rows)}</ul>'


def repeated(comparison: Comparison, facts: Mapping[str, Any], words: Words) -> str:
    """Return how to repeat the study: version, the command where there is one, hashes of what was read."""
    inputs = [(name, digest) for group in facts["inputs"].values() for name, digest in group.items()]
    rows = "".join(
        f'<tr><th scope="row">{markup(name)}</th><td class="hash">{markup(h)}</td></tr>' for name, h in inputs
    )
    line, version = str(facts.get("line", "")), str(facts["version"])
    told = sentence_of(made_words(comparison.main.router.network.day, line, version))
    hashes = say("SHA-256 of the {count} inputs", count=len(inputs))
    return f"<p>{prose(told, words)} {prose(REPEATED, words)}</p>" + folded(
        hashes, f'<div class="scroll"><table><tbody>{rows}</tbody></table></div>', words
    )
