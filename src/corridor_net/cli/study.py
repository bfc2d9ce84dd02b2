"""The command `run`: a study from files to printed tables and a folder of results."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from corridor_net import __version__
from corridor_net.analysis.access import access
from corridor_net.analysis.compare import Comparison, compare
from corridor_net.analysis.explain import Finding
from corridor_net.analysis.findings import findings
from corridor_net.analysis.route import totals_of
from corridor_net.cli.options import read_network
from corridor_net.errors import BadFile, printable
from corridor_net.output.files import to_json
from corridor_net.output.generation import check_folder, write_generation
from corridor_net.output.geojson import access_geojson, network_geojson, nodes_geojson, routes_geojson
from corridor_net.output.manifest import manifest
from corridor_net.output.report import report_html
from corridor_net.output.study_charts import study_charts
from corridor_net.output.tables import access_csv, comparison_csv, legs_csv
from corridor_net.output.text import show_comparison, wide_console
from corridor_net.scenario import Study, load_study, scenario_path, study_of
from corridor_net.scenario.load import is_study
from corridor_net.uncertainty.ensemble import Pair, PairDoubt
from corridor_net.uncertainty.study import main_doubts

SHIPPED = "longjiang-japan"
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


def run_study(
    files: list[str],
    cargo: str | None,
    by: str | None,
    *,
    schedule: bool,
    geodata: Path | None,
    out: Path | None,
    as_json: bool,
    png: bool = False,
    overwrite: bool = False,
) -> None:
    """Load, compute, print and write; progress goes to standard error."""
    study = study_from(files)
    folder = out or Path("results") / study.name
    check_folder(folder, RESULTS, study=study.name, overwrite=overwrite)
    network = read_network(geodata)
    total = len(study.baselines) * (1 + len(study.scenarios))
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task("", total=total)

        def tell(name: str) -> None:
            bar.update(task, advance=1, description=escape(printable(name)))

        comparison = compare(study, network, progress=tell, cargo=cargo, by=by, schedule=schedule)
        bar.update(task, description="writing")
        options: dict[str, Any] = {
            "cargo": cargo or study.file.cargo,
            "by": by or study.file.by,
            "schedule": schedule,
        }
        if study.file.evidence != "none":
            options["evidence"] = study.file.evidence
        doubts = main_doubts(comparison)
        found = findings(comparison)
        texts = result_files(comparison, options, doubts, found, png=png)
        write_generation(folder, texts, study=study.name, overwrite=overwrite)
    if as_json:
        sys.stdout.write(to_json(comparison_json(comparison)))
        return
    console = wide_console()
    show_comparison(console, comparison, doubts, found)
    loose = sorted(name for name in texts if "/" not in name)
    console.print(f"\nWritten to {folder}: {', '.join(loose)}, and {len(texts) - len(loose)} charts in charts")


def study_from(files: list[str]) -> Study:
    """Return the study of these files: the shipped one, a study file, or scenarios on the shipped baselines."""
    if not files:
        return load_study(SHIPPED)
    kinds = [is_study(scenario_path(name)) for name in files]
    if any(kinds):
        if len(files) > 1:
            raise BadFile(
                "a study cannot be run together with other files",
                hint="name the study alone, or scenarios only",
            )
        return load_study(files[0])
    return study_of(files)


def result_files(
    comparison: Comparison,
    options: dict[str, Any],
    doubts: Mapping[Pair, PairDoubt],
    found: Sequence[Finding],
    *,
    png: bool = False,
) -> dict[str, str | bytes]:
    """Return every file of a study run, by name; with `png` each chart also as PNG (extra `png`)."""
    measures = access(comparison)
    main = comparison.runs[0].router.network
    texts: dict[str, str | bytes] = {
        "routes.geojson": to_json(routes_geojson(comparison)),
        "network.geojson": to_json(network_geojson(main)),
        "nodes.geojson": to_json(nodes_geojson(main)),
        "access.geojson": to_json(access_geojson(comparison, measures)),
        "comparison.csv": comparison_csv(comparison),
        "legs.csv": legs_csv(comparison),
        "access.csv": access_csv(measures),
        "findings.json": to_json(
            {
                "findings": [{"title": f.title, "lines": list(f.lines), "data": f.data} for f in found],
                "doubt": [{"origin": o, "destination": d, **doubt.as_json()} for (o, d), doubt in doubts.items()],
            }
        ),
    }
    charts = study_charts(comparison, doubts)
    drawn = {f"charts/{chart.name}": chart.draw() for chart in charts}
    texts |= {f"{name}.svg": svg for name, svg in drawn.items()}
    if png:
        from corridor_net.output.raster import png_of

        texts |= {f"{name}.png": png_of(svg) for name, svg in drawn.items()}
    facts = manifest(comparison, options, {}, __version__)
    texts["report.html"] = report_html(comparison, doubts, found, charts, measures, facts)
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
