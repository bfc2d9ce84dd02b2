"""Correlations of figures from a file."""

from __future__ import annotations

import csv
from pathlib import Path

from corridor_net.errors import BadFile, BadValue, Place


def read_correlations(path: Path) -> dict[tuple[str, str], float]:
    """Read a CSV of `figure_a, figure_b, correlation`; raise BadFile or BadValue with the line of what is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"'{path}' cannot be read: {error}") from None
    reader = csv.DictReader(lines)
    wanted = ["figure_a", "figure_b", "correlation"]
    if reader.fieldnames != wanted:
        raise BadFile(f"'{path}' needs the columns {', '.join(wanted)}", place=Place(str(path), 1))
    found: dict[tuple[str, str], float] = {}
    for row in reader:
        try:
            value = float(row["correlation"])
        except (TypeError, ValueError):
            value = float("nan")
        if not -1 < value < 1:
            line = reader.line_num
            raise BadValue(
                f"a correlation of '{row['correlation']}'",
                place=Place(str(path), line, 1, lines[line - 1]),
                hint="above -1 and below 1",
            )
        found[row["figure_a"], row["figure_b"]] = value
    return found
