"""Long ensembles on the shipped study: this process alone, one worker and two; memory as draws grow.

Run by `python -m benchmarks --only draws`. One thread a process (matrix products too), so that workers are compared
with workers. Figures are of whole runs: with the start of the cluster, and with adding up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Effort, Row, peak_mb

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
CHUNK = 2500


def batches(effort: Effort) -> list[Row]:
    """Time the same draws with each number of workers, and twice the draws in this process, for memory."""
    draws = 10_000 if effort.quick else 100_000
    environment = {**os.environ, **dict.fromkeys(THREADS, "1")}
    rows: list[Row] = []
    for workers, count in ((0, draws), (0, 2 * draws), (1, draws), (2, draws)):
        # a process of its own, not a daemon: it starts workers itself
        command = [sys.executable, "-m", "benchmarks.draws", str(workers), str(count)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
    return rows


def batch(workers: int, draws: int) -> Row:
    """Draw the main baseline of the shipped study and its scenarios, once."""
    from corridor_net.analysis.compare import compare
    from corridor_net.cli.study import study_from
    from corridor_net.network import Network
    from corridor_net.uncertainty.batch import run_batch
    from corridor_net.uncertainty.jobs import Job

    study = study_from([])
    job = Job.of(compare(study, Network.from_folder(None)), baselines=(study.main_baseline.name,))
    pairs = sum(len(run.pairs) for run in job.runs)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        run_batch(job, Path(folder) / "o", draws, chunk_draws=CHUNK, workers=workers)
        taken = time.perf_counter() - start
    return {
        "workload": f"Draws of the shipped study: {len(job.runs)} networks, {pairs} pairs in all",
        "engine": f"{workers or 'no'} worker{'s' * (workers != 1)}",
        "draws": draws,
        "s": taken,
        "us_a_draw_and_network": taken / draws / len(job.runs) * 1e6,
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    print(json.dumps(batch(int(sys.argv[1]), int(sys.argv[2]))))
