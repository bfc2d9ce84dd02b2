"""Print the JSON Schema of scenario or study files."""

from __future__ import annotations

from typing import Annotated, Literal

from corridor_net.cli.options import print_json
from corridor_net.questions import Ask


def run(kind: Annotated[Literal["scenario", "study"], Ask("Which files.")] = "scenario") -> None:
    """Print the JSON Schema of scenario or study files."""
    from corridor_net.scenario import json_schema

    print_json(json_schema(kind))
