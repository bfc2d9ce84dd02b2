"""Writing files so that none is ever half-written, and the hashes that let a run be repeated."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile

from .plain import STEERS


def write_all(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write texts, and bytes, into a folder; each file appears whole or not at all. Raises BadFile when it cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as scratch:
            for name, text in files.items():
                (Path(scratch) / name).parent.mkdir(exist_ok=True)
                (Path(scratch) / name).write_bytes(text.encode() if isinstance(text, str) else text)
            for name in files:
                (folder / name).parent.mkdir(exist_ok=True)
                (Path(scratch) / name).replace(folder / name)
    except OSError as error:
        raise BadFile(
            f"cannot write to '{folder}': {error.strerror or error}", hint="choose another folder with --out"
        ) from None


def digest(content: str | bytes) -> str:
    """Return the SHA-256 of a text or of bytes, in hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def to_json(data: Any) -> str:
    """Return JSON that people can read and that is the same for the same data; what steers a terminal is its code."""
    return STEERS.sub(_escaped, json.dumps(data, ensure_ascii=False, indent=1)) + "\n"


def _escaped(match: re.Match[str]) -> str:
    """Return a character as JSON writes it by its code, in halves above the first plane."""
    halves = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{halves[at] * 256 + halves[at + 1]:04x}" for at in range(0, len(halves), 2))
