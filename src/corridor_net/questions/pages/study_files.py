"""The files of a study: what `run` writes to its folder, and the documented JSON of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from corridor_net import __version__
from corridor_net.analysis.access import access
from corridor_net.analysis.compare import Comparison
from corridor_net.analysis.route import totals_of
from corridor_net.analysis.upgrade_sets.telling import Finding
from corridor_net.output.files import to_json
from corridor_net.output.manifest import manifest
from corridor_net.output.maps.geojson import access_geojson, network_geojson, nodes_geojson, routes_geojson
from corridor_net.output.studies.report import report_html
from corridor_net.output.studies.study_charts import study_charts
from corridor_net.output.studies.tables import access_csv, comparison_csv, legs_csv
from corridor_net.questions._at_once import at_once
from corridor_net.render.names import names_of
from corridor_net.render.words import Currency, Words
from corridor_net.results import plain
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty
from corridor_net.uncertainty.studies.paying import Paying, paying
from corridor_net.uncertainty.studies.study import drawing

RESULTS = (
    "routes.geojson",
    "network.geojson",
    "nodes.geojson",
    "access.geojson",
    "comparison.csv",
    "legs.csv",
    "access.csv",
    "findings.json",
    "report.html",
)
"""The files of every run, the charts and the manifest apart."""


def result_files(  # noqa: PLR0913 (what was found, and how it is written)
    comparison: Comparison,
    options: Mapping[str, Any],
    uncertainties: Mapping[Pair, PairUncertainty],
    found: Sequence[Finding],
    *,
    paid: Sequence[Paying] | None = None,
    png: bool = False,
    all_legs: bool = False,
    words: Words | None = None,
    line: str = "",
) -> dict[str, str | bytes]:
    """Return every file of a study run, by name; with `png` each chart also as PNG (extra `png`), with `all_legs`
    the legs of every pair, not of those to the focus alone.

    `paid` are its upgrades appraised; they are worked out where they are not given. Report and charts are in the
    language of `words`, English where none are given; so is nothing else. Money in charts is in USD. `line` is the
    command that gives the same, which the report says where there is one.
    """
    paid = paying(comparison, drawing(comparison)) if paid is None else paid
    measures = access(comparison)
    words = words or Words(names=names_of(*(run.router.network for run in comparison.runs)))
    in_usd = replace(words, currency=Currency())
    english = in_usd if words.language == "en" else Words(names=names_of(*(r.router.network for r in comparison.runs)))
    main = comparison.main.router.network

    def tables() -> dict[str, str | bytes]:
        return {
            "routes.geojson": to_json(routes_geojson(comparison)),
            "network.geojson": to_json(network_geojson(main)),
            "nodes.geojson": to_json(nodes_geojson(main)),
            "access.geojson": to_json(access_geojson(comparison, measures)),
            "comparison.csv": comparison_csv(comparison),
            "legs.csv": legs_csv(comparison, every_pair=all_legs),
            "access.csv": access_csv(measures),
            "findings.json": to_json(
                {
                    "findings": [
                        {"title": english.text(f.title), "lines": list(map(english.text, f.lines)), "data": f.data}
                        for f in found
                    ],
                    "paying": [plain(one) for one in paid],
                    "uncertainty": [
                        {"origin": o, "destination": d, **uncertainty.to_dict()}
                        for (o, d), uncertainty in uncertainties.items()
                    ],
                }
            ),
        }

    def pictures() -> dict[str, str | bytes]:
        charts = study_charts(comparison, uncertainties)
        drawn = {f"charts/{chart.name}": chart.draw(words=in_usd) for chart in charts}
        made: dict[str, str | bytes] = {f"{name}.svg": svg for name, svg in drawn.items()}
        if png:
            from corridor_net.output.charts.raster import png_of

            made |= {f"{name}.png": png_of(svg, in_usd.language) for name, svg in drawn.items()}
        facts = {**manifest(comparison, options, {}, __version__), "line": line}
        report = report_html(comparison, uncertainties, found, charts, measures, facts, paid=paid, words=in_usd)
        return {**made, "report.html": report}

    drawn, listed = at_once(pictures, tables)
    texts = {**listed, **drawn}
    return {**texts, "manifest.json": to_json(manifest(comparison, options, texts, __version__))}


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return the documented JSON shape of `run --json`."""
    return {
        "study": comparison.study.name,
        "focus": comparison.focus,
        "runs": [
            {
                "baseline": run.baseline,
                "scenario": run.scenario,
                "title": run.title,
                "trips": [
                    {
                        "origin": t.origin,
                        "destination": t.destination,
                        **totals_of(t),
                        "gateway": t.gateway,
                        "crossings": list(t.crossings),
                        "services": list(t.services),
                    }
                    for t in run.trips.values()
                ],
                "no_route": [
                    {"origin": origin, "destination": destination}
                    for origin in comparison.origins
                    for destination in comparison.destinations
                    if origin != destination and (origin, destination) not in run.trips
                ],
            }
            for run in comparison.runs
        ],
    }
