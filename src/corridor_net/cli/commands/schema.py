"""Print the JSON Schema of scenario or study files."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from corridor_net.questions import Ask


def run(kind: Annotated[Literal["scenario", "study"], Ask("Which files.")] = "scenario") -> None:
    from corridor_net.output.files import to_json
    from corridor_net.scenario import json_schema

    sys.stdout.write(to_json(json_schema(kind)))
