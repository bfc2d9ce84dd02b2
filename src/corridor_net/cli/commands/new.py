"""Write a scenario file to start from, with its schema beside it, or as a workbook."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from corridor_net.cli.options import Geodata, load_model, reader, tell
from corridor_net.errors import BadFile, BadValue
from corridor_net.questions import Ask


def run(
    name: Annotated[str, Ask("Name of the scenario, lower case with hyphens.")],
    *,
    out: Annotated[Path | None, Ask("Folder to write to.", metavar="DIR")] = None,
    geodata: Geodata = None,
    xlsx: Annotated[bool, Ask("As a workbook, in place of YAML.")] = False,
) -> None:
    from corridor_net.output.files import to_json, write_all
    from corridor_net.scenario import json_schema
    from corridor_net.scenario.example import example_of, scenario_text

    # never over an existing file; its change is one of the rows of the data at hand
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", name):
        raise BadValue(f"'{name}' cannot be the name of a scenario", hint="at most 80 letters a-z, digits and hyphens")
    folder = out or Path()
    path = folder / f"{name}{'.xlsx' if xlsx else '.yaml'}"
    if path.exists():
        raise BadFile(f"'{path}' exists already", hint="choose another name or folder")
    shown = example_of(load_model(geodata).base)
    texts: dict[str, str | bytes] = {}
    if xlsx:
        from corridor_net.output.scenario_book import scenario_book

        texts[path.name] = scenario_book(name, shown, reader())
    else:
        texts[path.name] = scenario_text(name, shown)
        if not (folder / "scenario.schema.json").exists():
            texts["scenario.schema.json"] = to_json(json_schema("scenario"))
    write_all(folder, texts)
    data = f" --geodata {geodata}" if geodata else ""
    tell(f"Written: {path}. Run it with: corridor-net run {path}{data}")
