"""The report of a study: one HTML file that needs nothing else, neither network nor server. No computing.

`web/report.html` is the page; what stands in double braces there is filled here, what stands in double brackets is
said in the reader's language. Its script is the modules of `web/` put one after the other, its rules of content
security allow just that script and that style, by their hashes, so that nothing that a name or a file of a user holds
can run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from corridor_net.analysis.access import Access
from corridor_net.analysis.compare import Comparison
from corridor_net.analysis.upgrade_sets.telling import Finding
from corridor_net.errors import markup
from corridor_net.output.maps.basemap import attribution
from corridor_net.output.maps.map_data import json_for_script
from corridor_net.output.maps.projection import projection_of
from corridor_net.output.one_file import asset, bundle, content_hash, fill
from corridor_net.output.page_words import spoken, written
from corridor_net.output.paying_text import paying_meaning, paying_table, paying_words
from corridor_net.render.html import prose
from corridor_net.render.names import names_of
from corridor_net.render.page import conversion_words
from corridor_net.render.words import Sentence, Words, say, sentence_of
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty
from corridor_net.uncertainty.studies.paying import Paying

from .report_tables import access_section, effects, findings, items, repeated, section, sources, uncertainty_section
from .study_charts import StudyChart
from .study_data import study_data
from .study_text import answer_words, main_pair_words, not_known_words, prices_words, summary

MODULES = ("dom.js", "map.js", "search.js", "engine.js", "study.js", "setting.js", "side.js", "tried.js", "report.js")
STYLES = ("map.css", "report.css")
RANGE = re.compile(r"\d[\d.,\u00a0\u202f]*–\d[\d.,\u00a0\u202f]*")
"""Two numbers that stand in one line, as `held` of `web/answer.js` holds them."""
SECTIONS = {
    "explore": "Routes",
    "short": "In short",
    "each": "Origins",
    "effects": "Scenarios",
    "paying": "Does it pay",
    "why": "Why",
    "doubt": "How sure",
    "access": "Access",
    "charts": "Charts",
    "sources": "Sources",
    "manifest": "Repeat it",
}
"""What the sections are called in the list of contents, by the name of their place."""


def report_html(
    comparison: Comparison,
    uncertainties: Mapping[Pair, PairUncertainty],
    found: Sequence[Finding],
    charts: Sequence[StudyChart],
    measures: Sequence[Access],
    facts: Mapping[str, Any],
    *,
    paid: Sequence[Paying] = (),
    words: Words | None = None,
) -> str:
    """Return the report as HTML; `facts` are those of the manifest and `line` the command, `paid` appraisals."""
    words = words or Words(names=names_of(*(run.router.network for run in comparison.runs)))
    data = study_data(comparison, words.printed)
    data |= {"spoken": spoken(MODULES, words), "money": words.currency.to_dict()}
    told = next((f.data for f in found if "components" in f.data), None)
    data["told"] = {"origin": 0, "scenario": told["scenario"] if told else None}
    style = "\n".join(asset(name) for name in STYLES)
    script = bundle(MODULES)
    first, *others = [*main_pair_words(comparison, uncertainties), answer_words(comparison, uncertainties)]
    lines = [*others, *([paying_words(paid)] if paid else []), *summary(comparison)]
    lines += not_known_words(comparison)
    lines += filter(None, [conversion_words(words.currency)])
    absent = {key for key, there in (("paying", paid), ("why", found), ("doubt", uncertainties)) if not there}
    sections = [(key, words.label(name)) for key, name in SECTIONS.items() if key not in absent]
    fields = {
        "style": style,
        "script": script,
        "style_hash": content_hash(style),
        "script_hash": content_hash(script),
        "language": words.language,
        "title": markup(words.label(comparison.study.file.title)),
        "lead": prose(_lead(comparison), words),
        "contents": "".join(f'<li><a href="#{key}">{markup(name)}</a></li>' for key, name in sections),
        "answer": RANGE.sub(r'<span class="held">\g<0></span>', prose(first, words)),
        "short": items(lines, words),
        "effects": effects(comparison, words),
        "findings": (section("paying", "Does it pay", paying_meaning(paid), paying_table(paid), words) if paid else "")
        + findings(found, words)
        + uncertainty_section(comparison, uncertainties, words)
        + access_section(comparison, measures, words),
        "charts": _figures(charts, words),
        "sources": sources(comparison, data, words),
        "manifest": repeated(comparison, facts, words),
        "generator": markup(f"corridor-net {facts['version']}"),
        "projection": prose(sentence_of(projection_of(comparison.network).words), words),
        "borders": markup(words.label(attribution(comparison.network))),
        "data": json_for_script(data),
    }
    return fill(written(asset("report.html"), words), fields)


def _lead(comparison: Comparison) -> Sentence:
    main = comparison.main.router
    return say(
        "{cargo:label}, to {focus:name}; least {by:label} cost; {prices:turned}; an hour is worth {worth:m2} USD.",
        cargo=main.impedance.cargo.name,
        focus=comparison.focus,
        by=main.by,
        prices=prices_words(comparison),
        worth=main.impedance.cargo.value_of_time,
    )


def _figures(charts: Sequence[StudyChart], words: Words) -> str:
    figures = [
        f'<figure id="chart-{c.name}"><figcaption>{prose(c.told, words)}</figcaption>'
        f"{c.draw(words=words, inline=True)}</figure>"
        for c in charts
    ]
    return f'<div class="charts">{"".join(figures)}</div>'
