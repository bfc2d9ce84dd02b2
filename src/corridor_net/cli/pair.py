"""The smaller commands: compare a pair, check, new."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Literal

from rich.table import Table

from corridor_net.analysis.route import Route, Router
from corridor_net.cli.options import read_network
from corridor_net.costing import impedance
from corridor_net.errors import BadFile, BadValue, CorridorError, NoRoute, raise_all
from corridor_net.network import Network
from corridor_net.network.checks import check_network
from corridor_net.network.readiness import lacks
from corridor_net.output.files import to_json, write_all
from corridor_net.output.text import Output, doubt_cells, wide_console
from corridor_net.scenario import (
    Scenario,
    check_scenario,
    check_study,
    combine,
    json_schema,
    load_scenario,
    load_study,
    on_day,
    scenario_path,
    shipped_names,
)
from corridor_net.scenario.load import is_study
from corridor_net.uncertainty.ensemble import PairDoubt, route_doubts

START = """\
# yaml-language-server: $schema=scenario.schema.json
scenario: {name}
title: One line for people
why: What the scenario stands for.
changes:
  - set: crossing
    where: {{crossing_id: suifenhe-grodekovo-rail-*}}
    component: procedures
    field: hours
    value: 2
    was: 3
    why: Why the change is thought possible.
  # Money that differs by box names the box: FEU, 40-ft, or TEU, 20-ft. `scale` changes both alike.
  # - set: link
  #   where: {{link_id: rail-harbin-mudanjiang}}
  #   field: per_km
  #   cargo_unit: FEU
  #   value: 2.2
  #   was: 2.754
  #   currency: CNY
  #   price_year: 2020
"""


def compare_pair(
    origin: str,
    destination: str,
    names: list[str],
    as_of: str | None,
    cargo: str | None,
    by: str,
    via: list[str],
    *,
    schedule: bool,
    geodata: Path | None,
    as_json: bool,
) -> None:
    """Print or give one pair without and with each scenario."""
    named = [load_scenario(name) for name in names or load_study("longjiang-japan").file.scenarios]
    network, loaded = on_day(read_network(geodata), named, as_of)
    pair = (origin, destination, via)
    results = [
        (scenario.name if scenario else "baseline", _answer(network, scenario, pair, cargo, by, schedule=schedule))
        for scenario in (None, *loaded)
    ]
    base = results[0][1]
    if all(isinstance(answer, str) for _, answer in results):
        raise NoRoute(str(base))
    if as_json:
        sys.stdout.write(
            to_json(
                {
                    "origin": network.node(origin).node_id,
                    "destination": network.node(destination).node_id,
                    "as_of": str(network.day),
                    "cargo": cargo or "dry_40",
                    "results": [
                        {"scenario": name, "no_route": a}
                        if isinstance(a, str)
                        else {"scenario": name, "doubt": a[1].as_json(), **a[0].as_json()}
                        for name, a in results
                    ],
                }
            )
        )
        return
    _show(network, origin, destination, results)


def _answer(
    network: Network,
    scenario: Scenario | None,
    pair: tuple[str, str, list[str]],
    cargo: str | None,
    by: str,
    *,
    schedule: bool,
) -> Answer:
    combine([scenario] if scenario else [])  # what lacks something is refused
    changed = scenario.apply(network) if scenario else network
    router = Router(
        impedance(changed, cargo or "dry_40"),
        by,
        schedule,
        scenario=scenario.name if scenario else "baseline",
    )
    try:
        route = router.route(pair[0], pair[1], via=pair[2])
    except NoRoute as error:
        return error.message
    ends = (route.origin, route.destination)
    return route, route_doubts(router, {ends: route.arcs})[ends]


Answer = str | tuple[Route, PairDoubt]
"""A route and how sure it is, or why there is none."""


def _show(network: Network, origin: str, destination: str, results: list[tuple[str, Answer]]) -> None:
    table = Table(
        title=f"{network.node(origin).name} to {network.node(destination).name}, {network.day}",
        title_justify="left",
    )
    numbers = ("USD", "days", "kg CO2e", "wins", "USD 10-90 %", "days 10-90 %", "USD change", "days change")
    for heading in ("scenario", "gateway", *numbers, "what changed"):
        justify: Literal["left", "right"] = "right" if heading in numbers else "left"
        table.add_column(heading, justify=justify, no_wrap=heading == "scenario")
    first = results[0][1]
    base = None if isinstance(first, str) else first[0]
    for name, answer in results:
        if isinstance(answer, str):
            table.add_row(name, "no route", *[""] * 9)
            continue
        route, doubt = answer
        gateway = network.nodes[route.gateway].name if route.gateway else "by land"
        cells = [
            name,
            gateway,
            f"{route.cost_usd:,.0f}",
            f"{route.days:.1f}",
            f"{route.co2_kg:,.0f}",
            *doubt_cells(doubt),
        ]
        if base is not None and route is not base:
            change = (f"{route.cost_usd - base.cost_usd:+z,.0f}", f"{route.days - base.days:+z.1f}")
            cells += [*change, _what(base, route)]
        table.add_row(*cells, *[""] * (11 - len(cells)))
    wide_console().print(table)


def _what(base: Route, answer: Route) -> str:
    if [leg.key for leg in base.legs] != [leg.key for leg in answer.legs]:
        return "another gateway" if base.gateway != answer.gateway else "another way to the same gateway"
    return "same way" if base.hours != answer.hours or base.cost_usd != answer.cost_usd else "nothing"


def check_all(files: list[str], geodata: Path | None, as_of: str | None, *, strict: bool = False) -> None:
    """Check data and files (of the shipped data all scenarios); print what was checked or raise every fault."""
    network = read_network(geodata)
    done = check_network(network.as_of(as_of) if as_of else network, strict=strict)
    console = Output()
    for name, count in done.items():
        console.print(f"{name}: {count} checked, no fault")
    for missing in lacks(network):
        console.print(f"before the first route: {missing}")
    faults: list[CorridorError] = []
    for name in files or (shipped_names() if geodata is None else ()):
        try:
            path = scenario_path(name)
            if is_study(path):
                check_study(path, network)
            else:
                check_scenario(path, network, as_of)
            console.print(f"{path.name}: good")
        except CorridorError as error:
            faults += getattr(error, "faults", ()) or (error,)
    raise_all(faults)


def new_scenario(name: str, folder: Path) -> None:
    """Write a scenario file to start from, and its schema; never over an existing file."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise BadValue(f"'{name}' cannot be the name of a scenario", hint="lower-case letters, digits and hyphens")
    path = folder / f"{name}.yaml"
    if path.exists():
        raise BadFile(f"'{path}' exists already", hint="choose another name or folder")
    texts = {path.name: START.format(name=name)}
    if not (folder / "scenario.schema.json").exists():
        texts["scenario.schema.json"] = to_json(json_schema("scenario"))
    write_all(folder, texts)
    Output().print(f"Written: {path}. Run it with: corridor-net run {path}")
