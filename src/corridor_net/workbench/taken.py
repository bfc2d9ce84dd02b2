"""What is taken along from the workbench: routes as a layer, and the report of all origins. No HTTP here."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from corridor_net import __version__
from corridor_net.analysis.access import access
from corridor_net.analysis.compare import compare
from corridor_net.analysis.router import Router
from corridor_net.analysis.upgrade_sets.findings import findings
from corridor_net.errors import NoRoute
from corridor_net.network import Network
from corridor_net.output.manifest import manifest
from corridor_net.output.maps.geojson import single_routes_geojson
from corridor_net.output.studies.report import report_html
from corridor_net.output.studies.study_charts import study_charts
from corridor_net.render.words import Words
from corridor_net.scenario import Study
from corridor_net.scenario.model import StudyFile
from corridor_net.scenario.studies import network_on
from corridor_net.uncertainty.studies.study import main_uncertainty

from .drafts import scenario_of, yaml_of
from .questions import RouteRequest


def routes_geojson(routers: Sequence[Router], question: RouteRequest) -> dict[str, Any]:
    """Return the route of each router as GeoJSON; those without one are left out."""
    found = []
    for router in routers:
        with suppress(NoRoute):
            found.append((router.network, router.route(question.origin, question.destination)))
    return single_routes_geojson(found, named=True)


def study_report(network: Network, question: RouteRequest, words: Words) -> str:
    """Return the report of a question's scenarios for all origins, as `run` writes it; its day and cargo are named."""
    often = Counter(file.scenario for file in question.scenarios)
    names = [
        f"{file.scenario}-{n}" if often[file.scenario] > 1 else file.scenario
        for n, file in enumerate(question.scenarios, 1)
    ]
    files = [file.model_copy(update={"scenario": name}) for file, name in zip(question.scenarios, names, strict=True)]
    scenarios = [scenario_of(file, f"scenarios.{number}") for number, file in enumerate(files)]
    baseline = network_on(question.as_of or network.day)
    goal = network.node(question.destination).node_id
    start = network.node(question.origin).node_id
    origins = list(dict.fromkeys([start, *(m.node_id for m in network.markets("origin"))]))
    study = Study(
        file=StudyFile(
            study="workbench",
            title=f"From {network.nodes[start].name} to {network.nodes[goal].name}: a workbench study",
            baselines=[baseline.name],
            scenarios=names,
            origins=origins,
            focus=goal,
            cargo=question.cargo,
            by=question.by,
            value_of_time_usd_per_hour=question.value_of_time_usd_per_hour,
        ),
        baselines=(baseline,),
        scenarios=tuple(scenarios),
        files=tuple(
            (f"{name}.yaml", hashlib.sha256(yaml_of(f).encode()).hexdigest())
            for name, f in zip(names, files, strict=True)
        ),
    )
    comparison = compare(study, network)
    uncertainties = main_uncertainty(comparison)
    charts = study_charts(comparison, uncertainties)
    facts = manifest(comparison, {"cargo": question.cargo, "by": question.by}, {}, __version__)
    return report_html(comparison, uncertainties, findings(comparison), charts, access(comparison), facts, words=words)
