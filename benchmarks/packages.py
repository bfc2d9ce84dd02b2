"""Workload P: a data package of any size, from its files to a first route, further routes, a matrix and a study.

`python -m benchmarks.packages LINKS [FOLDER]` writes a square grid of about so many links and times it, step by step,
each in a fresh process: seconds by the clock, seconds of the processor, and the largest memory until then.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import peak_mb

SCENARIOS = {
    "quicker-roads": "scale: speed, where: {speed_id: road}, field: speed_kmh, by: 1.2",
    "cheaper-roads": "scale: tariff, where: {tariff_id: road}, field: per_km, by: 0.8",
    "shorter-links": "scale: link, where: {link_id: [a0, a1, a2]}, field: length_km, by: 0.98",
    "slower-roads": "scale: speed, where: {speed_id: road}, field: speed_kmh, by: 0.95",
    "quicker-loading": "scale: operation, where: {operation_id: load}, field: value, by: 0.9",
}
STEPS = ("load", "first route", "ten further routes", "matrix 500 x 500", "study of 5 scenarios")


def grid(links: int, folder: Path) -> None:
    """Write a square grid of about so many roads of 10 km, and a study of five scenarios, two origins, two markets."""
    import pandas as pd

    import corridor_net as cn

    side = max(3, round((links / 2) ** 0.5))
    number = np.arange(side * side).reshape(side, side)
    east = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    north = np.stack([number[:-1].ravel(), number[1:].ravel()])
    ends = np.hstack([east, north])
    nodes = pd.DataFrame({"node_id": number.ravel(), "x_coord": 60 + 0.1 * (number.ravel() % side) * 30 / side})
    nodes["y_coord"] = 40 + 3 * (number.ravel() // side) / side
    length = np.random.default_rng(1).uniform(9, 12, ends.shape[1])
    table = pd.DataFrame({"from_node_id": ends[0], "to_node_id": ends[1], "length_km": length})
    table.insert(0, "link_id", [f"a{row}" for row in range(len(table))])
    corners = [str(number[0, 0]), str(number[0, -1])], [str(number[-1, 0]), str(number[-1, -1])]
    given: dict[str, Any] = {"country": "KZ", "directed": "no", "mode": "road", "schematic": True}
    cn.from_frames(nodes, table, **given, origins=tuple(corners[0]), markets=tuple(corners[1])).write(folder)
    for name, change in SCENARIOS.items():
        text = f"scenario: {name}\ntitle: {name}\nwhy: a benchmark\nchanges:\n  - {{{change}, why: a benchmark}}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    study = (folder / "study.yaml").read_text(encoding="utf-8")
    listed = ", ".join(f"{name}.yaml" for name in SCENARIOS)
    (folder / "study.yaml").write_text(study.replace("scenarios: []", f"scenarios: [{listed}]"), encoding="utf-8")


def timed(folder: Path, step: str) -> dict[str, Any]:
    """Do the steps up to `step` and return what the last took, and the memory of all."""
    import corridor_net as cn

    model: Any = None

    def load() -> None:
        nonlocal model
        model = cn.load(geodata=folder)

    def routes() -> None:
        nodes = list(model.base.nodes)
        for place in range(10):
            model.route(nodes[place * 7], nodes[-1 - place * 11])

    def matrix() -> None:
        nodes = list(model.base.nodes)
        apart = max(1, len(nodes) // 1000)
        model.matrix(origins=nodes[: 500 * apart : apart], destinations=nodes[-500 * apart :: apart])

    def study() -> None:
        model.study(str(folder / "study.yaml")).write(folder.parent / "results")

    work: dict[str, list[Callable[[], Any]]] = {
        "load": [load],
        "first route": [load, lambda: model.route(*model.base.default_pair)],
        "ten further routes": [load, lambda: model.route(*model.base.default_pair), routes],
        "matrix 500 x 500": [load, lambda: model.route(*model.base.default_pair), matrix],
        "study of 5 scenarios": [load, study],
    }
    for before in work[step][:-1]:
        before()
    clock, busy = time.perf_counter(), time.process_time()
    work[step][-1]()
    return {
        "step": step,
        "clock_s": round(time.perf_counter() - clock, 2),
        "processor_s": round(time.process_time() - busy, 2),
        "peak_mb": round(peak_mb()),
    }


def main() -> None:
    """Write the package, or take the one that is there, and print a line a step."""
    if len(sys.argv) == 4:
        print(json.dumps(timed(Path(sys.argv[2]), sys.argv[3])))
        return
    links = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(kept) / "grid"
        if not folder.exists():
            grid(links, folder)
        for step in STEPS:
            command = [sys.executable, "-m", "benchmarks.packages", str(links), str(folder), step]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            print(done.stdout.strip() or f"{step}: {done.stderr.strip().splitlines()[-1:]}", flush=True)


if __name__ == "__main__":
    main()
