"""The manifest of a run: what went in, by hash, and what came out. No time of day, so equal runs are equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corridor_net.analysis.compare import Comparison

from .files import digest


def manifest(
    comparison: Comparison, options: Mapping[str, Any], files: Mapping[str, str | bytes], version: str
) -> dict[str, Any]:
    """Return the manifest of a study run."""
    return {
        "program": "corridor-net",
        "version": version,
        "study": comparison.study.name,
        "options": dict(sorted(options.items())),
        "inputs": {
            "geodata": dict(sorted(comparison.network.file_hashes.items())),
            "scenarios": dict(comparison.study.files),
        },
        "runs": [run.name for run in comparison.runs],
        "outputs": {name: digest(text) for name, text in sorted(files.items())},
    }
