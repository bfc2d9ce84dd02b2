"""A chunk of draws as a file that proves itself, and the adding up of chunks.

A chunk is a Parquet file of counts. A seal among its metadata says of which job it is, which draws it holds, and the
SHA-256 of all its bytes (with the place of the hash itself blank). So a file that was changed, copied to another place,
or made by another job is told from the one that belongs there.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from corridor_net.uncertainty.batches.counting import COMPARED, counted
from corridor_net.uncertainty.batches.jobs import Job
from corridor_net.uncertainty.ensembles.pair_uncertainty import QUANTITIES
from corridor_net.uncertainty.tallies.bins import Bins, edges
from corridor_net.uncertainty.tallies.tally import Total, percentiles

SEAL = re.compile(rb'\{"count": (\d+), "key": "([0-9a-f]{64})", "sha256": "([0-9a-f]{64})", "start": (\d+)\}')
BLANK = "0" * 64


def chunk(job: Job, start: int, count: int) -> bytes:
    """Return the counts of draws `start` to `start + count - 1` as a Parquet file; the same bytes wherever it runs."""
    import pyarrow as pa
    from pyarrow import parquet

    runs, pairs, whats, firsts, counts = zip(*counted(job, start, count), strict=True)
    names = sorted(set(whats))
    place = {name: number for number, name in enumerate(names)}
    ends = np.cumsum([0, *(len(one) for one in counts)])
    table = pa.table(
        {
            "run": np.array(runs, np.int16),
            "pair": np.array(pairs, np.int32),
            "what": pa.DictionaryArray.from_arrays(np.array([place[what] for what in whats], np.int32), names),
            "first_bin": np.array(firsts, np.int32),
            "counts": pa.ListArray.from_arrays(ends.astype(np.int32), np.concatenate(counts).astype(np.int32)),
        }
    )
    facts = {"key": job.key, "start": start, "count": count, "sha256": BLANK}
    out = io.BytesIO()
    table = table.replace_schema_metadata({"corridor_net": json.dumps(facts, sort_keys=True)})
    parquet.write_table(table, out, compression="zstd")
    blank = out.getvalue()
    return _with_hash(blank, hashlib.sha256(blank).hexdigest())


def _with_hash(content: bytes, digest: str) -> bytes:
    """Return the bytes of a chunk with another hash in its seal."""
    seal = SEAL.search(content)
    assert seal is not None  # noqa: S101 - written or found just before
    begin, end = seal.span(3)
    return content[:begin] + digest.encode() + content[end:]


def fault_of(content: bytes, key: str, start: int, count: int) -> str:
    """Return why the bytes of a file are not the chunk of these draws of a job; nothing where they are."""
    seal = SEAL.search(content)
    if seal is None:
        return "is no chunk, or is damaged"
    if hashlib.sha256(_with_hash(content, BLANK)).hexdigest() != seal[3].decode():
        return "is damaged: its bytes are not those that were written"
    if seal[2].decode() != key:
        return "is of another study"
    first, size = int(seal[4]), int(seal[1])
    if (first, size) != (start, count):
        return f"holds draws {first:,} to {first + size - 1:,}, not {start:,} to {start + count - 1:,}"
    return ""


def key_of(content: bytes) -> str | None:
    """Return the key of the job that the bytes of a whole chunk are of; None for anything else."""
    seal = SEAL.search(content)
    whole = seal is not None and hashlib.sha256(_with_hash(content, BLANK)).hexdigest() == seal[3].decode()
    return seal[2].decode() if seal is not None and whole else None


Totals = dict[tuple[int, int, str], Total]
"""What was counted, by run, pair and what it is."""


def add(totals: Totals, path: Path) -> None:
    """Add the counts of a chunk."""
    from pyarrow import parquet

    table = parquet.read_table(path).combine_chunks()
    keys = zip(*(table[name].to_pylist() for name in ("run", "pair", "what")), strict=True)
    first, listed = table["first_bin"].to_pylist(), table["counts"].chunk(0)
    ends, counts = listed.offsets.to_pylist(), listed.values.to_numpy()
    for row, key in enumerate(keys):
        totals.setdefault(key, Total()).add(first[row], counts[ends[row] : ends[row + 1]])


def half_width(totals: Totals) -> float:
    """Return the widest 95% half-width of a pair's mean generalised cost, as a share of that mean."""
    widest = 0.0
    for (_, _, what), total in totals.items():
        if what == QUANTITIES[0]:
            bins, counts = total.bins()
            low, high = edges(bins)
            middle, draws = (low + high) / 2, int(counts.sum())
            mean = float(middle @ counts) / draws
            spread_usd = float(np.sqrt(np.maximum((middle - mean) ** 2 @ counts, 0.0) / max(draws - 1, 1)))
            widest = max(widest, 1.96 * spread_usd / float(np.sqrt(draws)) / mean if mean else 0.0)
    return widest


def summary(job: Job, draws: int, totals: Totals) -> dict[str, Any]:
    """Return the answer of all chunks: percentiles, chances of gateways, how often a scenario is better."""
    counts: dict[tuple[int, int], dict[str, Bins]] = {}
    for run_number, pair_number, name in sorted(totals):
        counts.setdefault((run_number, pair_number), {})[name] = totals[run_number, pair_number, name].bins()
    runs = []
    for number, run in enumerate(job.runs):
        pairs = []
        for row, (origin, destination) in enumerate(run.pairs):
            here = counts[number, row]
            told: dict[str, Any] = {"origin": origin, "destination": destination}
            told["best"] = {what: percentiles(*here[what]) for what in QUANTITIES}
            wins = {what[8:]: int(n.sum()) / draws for what, (_, n) in here.items() if what.startswith("gateway ")}
            told["gateways"] = {name: round(wins[name], 6) for name in sorted(wins, key=lambda g: (-wins[g], g))}
            if run.scenario is not None:
                told |= _against(here, draws)
            pairs.append(told)
        runs.append({"baseline": run.baseline, "scenario": run.scenario, "pairs": pairs})
    head = {
        "study": job.study,
        "destinations": list(job.destinations),
        "exact": job.exact,
        "draws": draws,
        "half_width": round(half_width(totals), 6),
        "seed": job.seed,
        "key": job.key,
    }
    return {**head, "runs": runs}


def _against(here: Mapping[str, Bins], draws: int) -> dict[str, float | None]:
    """Return in what share of draws a scenario is better than its baseline, equal, worse; None where it has no way."""
    if COMPARED[0] not in here:
        return dict.fromkeys((*COMPARED, "worse"))
    shares = {what: round(int(here[what][1].sum()) / draws, 6) for what in COMPARED}
    return {**shares, "worse": round(1 - sum(shares.values()), 6)}
