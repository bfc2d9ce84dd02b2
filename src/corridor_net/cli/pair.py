"""The smaller commands: check, new."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corridor_net.cli.options import read_network, tell
from corridor_net.errors import BadFile, BadValue, CorridorError, raise_all
from corridor_net.network import Network
from corridor_net.network.checks import check_network
from corridor_net.network.inland import inland_ports
from corridor_net.network.readiness import lacks
from corridor_net.network.reading.package import shipped_package
from corridor_net.output.files import to_json, write_all
from corridor_net.scenario import (
    check_scenario,
    check_study,
    json_schema,
    scenario_path,
    shipped_names,
)
from corridor_net.scenario.example import example_of
from corridor_net.scenario.load import files_beside, is_study
from corridor_net.scenario.studies import own_study

START = """\
# yaml-language-server: $schema=scenario.schema.json
scenario: {name}
title: {title}
why: What the scenario stands for.
changes:
{change}
  # Money that differs by box names the box: FEU, 40-ft, or TEU, 20-ft. `scale` changes both alike.
  # - set: link
  #   where: {{link_id: {shown.link}}}
  #   field: per_km
  #   cargo_unit: {shown.cargo_unit}
  #   value: {shown.per_km:g}
  #   currency: {shown.currency}
  #   price_year: {shown.price_year}
"""


def check_all(files: list[str], geodata: Path | None, as_of: str | None, *, strict: bool = False) -> None:
    """Check data and files, without files those beside the data; print what was checked or raise every fault.

    Files that are not there, or are no YAML, are refused before anything else is looked at.
    """
    network = read_network(geodata)
    raise_all([fault for name in files for fault in _unreadable(name)])
    done = check_network(network.as_of(as_of) if as_of else network, strict=strict)
    for name, count in done.items():
        tell(f"{name}: {count} checked, no fault")
    for missing in lacks(network):
        tell(f"before the first route: {missing}")
    for doubtful in inland_ports(network):
        tell(f"look at: {doubtful}")
    faults: list[CorridorError] = []
    for name in files or (shipped_names() if geodata is None else _own_files(network)):
        try:
            path = scenario_path(name)
            if is_study(path):
                check_study(path, network)
            else:
                check_scenario(path, network, as_of)
            tell(f"{path.name}: good")
        except CorridorError as error:
            faults += getattr(error, "faults", ()) or (error,)
    raise_all(faults)


def _own_files(network: Network) -> list[str]:
    """Return the study that data name themselves, and the studies and scenarios that lie in their folder.

    The shipped study, which a copy of the shipped data names, is not meant.
    """
    copied = network.package.study == shipped_package().study
    named = [] if copied else [path for path in (own_study(network),) if path]
    return [str(path) for path in dict.fromkeys((*named, *files_beside(Path(network.folder))))]


def _unreadable(name: str) -> Sequence[CorridorError]:
    try:
        is_study(scenario_path(name))
    except CorridorError as error:
        return getattr(error, "faults", None) or (error,)
    return ()


def new_scenario(name: str, folder: Path, *, geodata: Path | None = None, xlsx: bool = False) -> None:
    """Write a scenario file to start from, and its schema, or a workbook; never over an existing file.

    Its change is one of the rows of the data at hand.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", name):
        raise BadValue(f"'{name}' cannot be the name of a scenario", hint="at most 80 letters a-z, digits and hyphens")
    path = folder / f"{name}{'.xlsx' if xlsx else '.yaml'}"
    if path.exists():
        raise BadFile(f"'{path}' exists already", hint="choose another name or folder")
    shown = example_of(read_network(geodata))
    texts: dict[str, str | bytes] = {
        path.name: START.format(
            name=name, title=name.replace("-", " ").capitalize(), change=_change_lines(shown.change), shown=shown
        )
    }
    if xlsx:
        from corridor_net.output.scenario_book import scenario_book

        texts = {path.name: scenario_book(name, shown)}
    elif not (folder / "scenario.schema.json").exists():
        texts["scenario.schema.json"] = to_json(json_schema("scenario"))
    write_all(folder, texts)
    data = f" --geodata {geodata}" if geodata else ""
    tell(f"Written: {path}. Run it with: corridor-net run {path}{data}")


def _change_lines(change: Mapping[str, Any]) -> str:
    lines: list[str] = []
    for key, value in change.items():
        where = "".join(f"{column}: {row}" for column, row in value.items()) if key == "where" else ""
        said = f"{{{where}}}" if where else f"{value:g}" if isinstance(value, float) else value
        lines.append(f"{'    ' if lines else '  - '}{key}: {said}")
    return "\n".join(lines)
