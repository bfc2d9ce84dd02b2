"""What people call the commands that are named otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from corridor_net.errors import nearest

KINDRED: Mapping[str, tuple[str, ...]] = {
    "access": ("isochrone", "reach", "catchment", "accessibility"),
    "breakeven": ("threshold", "limit", "switching"),
    "check": ("lint", "test", "verify"),
    "criticality": ("resilience", "vulnerability", "bottleneck", "closure"),
    "diff": ("change", "difference"),
    "emissions": ("carbon", "co2", "co2e"),
    "export": ("map", "geojson", "gis", "qgis", "excel", "xlsx", "workbook", "network"),
    "gateways": ("port", "load"),
    "matrix": ("od", "pair", "table"),
    "mcp": ("tool", "agent"),
    "new": ("scenario", "template", "init"),
    "compare": ("scenario", "versus", "before-after"),
    "pareto": ("alternative", "trade-off", "tradeoff", "option"),
    "appraise": ("npv", "irr", "eirr", "cba", "profit", "payback"),
    "route": ("price", "cost", "quote", "quotation", "freight", "path", "shortest-path", "way", "trip"),
    "run": ("map", "report", "study", "chart", "baseline", "all"),
    "sensitivity": ("tornado", "sobol"),
    "serve": ("map", "web", "gui", "ui", "workbench", "app", "browser"),
    "tcd": ("time-cost-distance", "timecostdistance", "carec"),
    "timetable": ("schedule", "sailing", "calendar"),
    "uncertainty": ("monte-carlo", "montecarlo", "mc", "risk", "range", "chance"),
    "validate": ("validation", "published"),
}
"""The words by which a command is looked for, the names of questions in the literature and of other programs."""
ALIKE = 0.7
"""How alike a word is to the name of a command that it may be a slip of: 'trip' and 'matrix' are 0.6."""


def meant(word: str, commands: Iterable[str]) -> str:
    """Say which command a word that is none may mean: those that go by it, one or many, else the one spelt alike.

    >>> meant("alternatives", ["pareto", "route"])
    "did you mean 'pareto'?"
    >>> meant("rout", ["profile", "route"])
    "did you mean 'route'?"
    >>> meant("map", [])
    "did you mean 'export', 'run' or 'serve'?"
    >>> meant("version", ["emissions", "matrix"])
    ''
    """
    asked = word.replace("_", "-").casefold()
    found = [command for command, words in KINDRED.items() if {asked, asked.removesuffix("s")} & set(words)]
    if not found and (alike := nearest(asked, commands, alike=ALIKE)):
        found = [alike]
    if len(found) < 2:
        return f"did you mean '{found[0]}'?" if found else ""
    first, last = "', '".join(found[:-1]), found[-1]
    return f"did you mean '{first}' or '{last}'?"
