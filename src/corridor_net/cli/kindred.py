"""What people call the commands that are named otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from corridor_net.errors import nearest

KINDRED: Mapping[str, tuple[str, ...]] = {
    "access": ("isochrone", "isochrones", "reach", "catchment", "accessibility"),
    "breakeven": ("threshold", "thresholds", "limits", "switching"),
    "check": ("lint", "test", "verify"),
    "criticality": ("resilience", "vulnerability", "bottleneck", "closure"),
    "diff": ("changes", "difference"),
    "emissions": ("carbon", "co2", "co2e"),
    "export": ("map", "geojson", "gis", "qgis", "excel", "xlsx", "workbook", "network"),
    "gateways": ("port", "ports", "gateway", "loads"),
    "matrix": ("od", "pairs", "table"),
    "mcp": ("tools", "agent"),
    "new": ("scenario", "scenarios", "template", "init"),
    "compare": ("scenario", "scenarios", "versus", "before-after"),
    "pareto": ("alternatives", "alternative", "trade-offs", "trade-off", "tradeoffs", "tradeoff", "options"),
    "appraise": ("npv", "irr", "eirr", "cba", "profit", "payback"),
    "route": ("price", "cost", "quote", "quotation", "freight", "path", "shortest-path", "way"),
    "run": ("map", "report", "study", "chart", "charts", "baseline", "all"),
    "sensitivity": ("tornado", "sobol"),
    "serve": ("map", "web", "gui", "ui", "workbench", "app", "browser"),
    "tcd": ("time-cost-distance", "timecostdistance", "carec"),
    "timetable": ("schedule", "sailings", "calendar"),
    "uncertainty": ("monte-carlo", "montecarlo", "mc", "risk", "ranges", "chance"),
    "validate": ("validation", "published"),
}
"""The words by which a command is looked for, the names of questions in the literature and of other programs."""


def meant(word: str, commands: Iterable[str]) -> str:
    """Say which command a word that is none may mean: those that go by it, else the one that is spelt alike.

    >>> meant("alternatives", ["pareto", "route"])
    "did you mean 'pareto'?"
    >>> meant("pric", ["profile", "route"])
    "did you mean 'route'?"
    >>> meant("scenario", [])
    "did you mean 'new', 'compare'?"
    """
    known = {one: (one,) for one in commands}
    for command, words in KINDRED.items():
        for one in words:
            known[one] = (*known.get(one, ()), command)
    found = known.get(nearest(word.replace("_", "-"), known) or "", ())
    listed = ", ".join(f"'{one}'" for one in found)
    return f"did you mean {listed}?" if listed else ""
