"""The smaller commands: check, new, validate."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from corridor_net.cli.options import read_network
from corridor_net.errors import BadFile, BadValue, CorridorError, printable, raise_all
from corridor_net.network import Network
from corridor_net.network.checks import check_network
from corridor_net.network.readiness import lacks
from corridor_net.output.files import to_json, write_all
from corridor_net.output.text import Output, validation_markdown
from corridor_net.scenario import (
    check_scenario,
    check_study,
    json_schema,
    scenario_path,
    shipped_names,
)
from corridor_net.scenario.load import is_study

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
  #   value: 4.2
  #   currency: CNY
  #   price_year: 2019
"""


def check_all(files: list[str], geodata: Path | None, as_of: str | None) -> None:
    """Check data and files (of the shipped data all scenarios); print what was checked or raise every fault."""
    network = read_network(geodata)
    done = check_network(network.as_of(as_of) if as_of else network)
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


MARKS = ("<!-- table: begin -->", "<!-- table: end -->")


def validate_model(network: Network, out: Path | None, *, as_json: bool) -> None:
    """Print the table of published figures and the model's, or renew it between the marks of a page."""
    from corridor_net.analysis.validate import validate

    checks = validate(network)
    if as_json:
        sys.stdout.write(to_json([_check_json(check) for check in checks]))
        return
    table = validation_markdown(checks)
    if out is None:
        sys.stdout.write(printable(table, lines=True))
        return
    try:
        page = out.read_text(encoding="utf-8")
    except OSError as error:
        raise BadFile(f"'{out}' cannot be read: {error.strerror}") from None
    before, begin, rest = page.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not (begin and end):
        raise BadFile(f"'{out}' holds no marks {' and '.join(MARKS)}, in this order")
    write_all(out.parent, {out.name: f"{before}{begin}\n{table}{end}{after}"})


def _check_json(check: Any) -> dict[str, Any]:
    claim = check.claim
    return {
        "claim": claim.claim_id,
        "metric": claim.metric,
        "published": claim.value,
        "published_high": claim.value_high,
        "unit": claim.unit,
        "model": check.model,
        "error": check.error,
        "met": check.met,
        "remark": check.remark,
    }
