"""Inputs that are led by what they reach: those that come to new lines of the package are changed further (atheris).

Begun by `fuzz.py --guided`, in a process for each reader: a fuzzer ends the process it is in, so counts come through a file.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["corridor_net"]):
    import fuzz_targets
    from fuzz import EACH, SECONDS, Count, Reading


def main(name: str, told: Path, seed: int, inputs: int, seconds: int) -> None:
    """Try a reader until there were enough inputs or time is up; add to the count in a file."""
    scratch, count = told.parent, Count(**json.loads(told.read_text(encoding="utf-8")))
    target = next(one for one in fuzz_targets.targets(scratch) if one.name == name)
    reading, before = Reading(target, scratch), count.seconds - time.process_time()
    corpus = scratch / "corpus"
    corpus.mkdir()
    for part, seeds in target.seeds.items():
        for number, content in enumerate(seeds):
            (corpus / f"{part.replace('/', '-')}-{number}").write_bytes(part.encode() + b"\n" + content)

    def tell() -> None:
        count.seconds = before + time.process_time()
        told.write_text(json.dumps(asdict(count)), encoding="utf-8")

    def one(data: bytes) -> None:
        part, _, content = data.partition(b"\n")
        if part.decode("utf-8", "replace") not in target.seeds:
            return
        begun = time.process_time()
        outcome = reading.outcome(part.decode(), content, Random(count.inputs), use=count.inputs % EACH == 0)  # noqa: S311 - no secret
        if time.process_time() - begun > SECONDS:
            outcome = f"hang: more than {SECONDS} s"
        count.read += outcome == "read"
        count.refused += outcome == "refused"
        if outcome not in ("read", "refused"):
            count.found(count.inputs, outcome)
        count.inputs += 1
        if count.inputs % 100 == 0 or count.inputs >= inputs:
            tell()

    def changed(data: bytes, largest: int, dice: int) -> bytes:
        part, _, content = data.partition(b"\n")
        random = Random(dice)  # noqa: S311 - no secret
        if part.decode("utf-8", "replace") not in target.seeds:
            part, content = (one if isinstance(one, bytes) else one.encode() for one in target.part(random))
        return (part + b"\n" + random.choice(target.changes)(content, random))[:largest]

    arguments = [f"-runs={inputs - count.inputs}", f"-max_total_time={seconds}", f"-seed={1 + seed % 2**31}",
                 "-max_len=300000", "-timeout=600", "-rss_limit_mb=3000", "-verbosity=0"]  # fmt: skip
    atheris.Setup([sys.argv[0], *arguments, str(corpus)], one, custom_mutator=changed)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *(int(one) for one in sys.argv[3:]))
