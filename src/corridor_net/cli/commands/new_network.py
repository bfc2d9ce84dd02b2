"""Write a small network that runs, with a page that explains its tables, to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from corridor_net.cli.options import tell
from corridor_net.questions import Ask


def run(folder: Annotated[Path, Ask("Folder to write; it must be new or empty.", metavar="DIR")]) -> None:
    from corridor_net.interchange.starter import write_starter

    write_starter(folder)
    tell(f"Written to {folder}: read {folder / 'README.md'}, then")
    tell(f"  corridor-net route northgate harbour --geodata {folder}")
