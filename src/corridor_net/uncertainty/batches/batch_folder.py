"""The folder of a long ensemble: `job.json`, `chunks/`, `uncertainty.json`; each appears whole and can be checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from corridor_net import __version__
from corridor_net.errors import BadFile
from corridor_net.network.files.csv_file import bytes_of
from corridor_net.uncertainty.batches.chunks import fault_of, key_of
from corridor_net.uncertainty.batches.jobs import Job


class BatchFolder:
    """A folder that is begun or continued; `notice` hears what in it is not right and is made again."""

    def __init__(
        self,
        folder: Path,
        job: Job,
        draws: int,
        chunk_draws: int,
        precision: float | None,
        notice: Callable[[str], None],
    ) -> None:
        self.folder, self.job, self.notice = folder, job, notice
        self.facts: dict[str, Any] = {
            "program": f"corridor-net {__version__}",
            "study": job.study,
            "key": job.key,
            "draws": draws,
            "chunk_draws": chunk_draws,
            "seed": job.seed,
        }
        if precision is not None:
            self.facts["precision"] = precision

    def open(self, *, resume: bool) -> None:
        """Begin, or find what was begun; refuse the results of another job."""
        if not (self.folder.exists() and any(self.folder.iterdir())):
            self._write_job()
            return
        path = self.folder / "job.json"
        there = _sealed(path)
        if there is None:
            self._take_up(path, resume=resume)
        elif there != self.facts:
            differs = [name for name in {**self.facts, **there} if there.get(name) != self.facts.get(name)]
            raise self._of_another(f"differs: {', '.join(differs)}")
        elif not resume:
            raise BadFile(f"'{self.folder}' holds this study already", hint="--resume continues it")

    def _take_up(self, path: Path, *, resume: bool) -> None:
        """Go on where `job.json` is spoilt or lost, if the chunks that are whole are all of this job."""
        keys = {key for key in map(key_of, self._contents()) if key is not None}
        if keys - {self.job.key}:
            raise self._of_another("by its chunks")
        if not path.exists() and not keys:
            raise BadFile(
                f"'{self.folder}' is not empty, and holds no study of this kind", hint="choose another with --out"
            )
        if not resume:
            raise BadFile(
                f"'{self.folder}' holds a study whose job.json is damaged or lost",
                hint="--resume checks what is there and goes on",
            )
        self.notice("job.json is damaged or lost: written again")
        self._write_job()

    def _contents(self) -> list[bytes]:
        found = []
        for path in sorted(self.folder.glob("chunks/*.parquet")):
            with suppress(OSError):
                found.append(bytes_of(path))
        return found

    def _of_another(self, why: str) -> BadFile:
        return BadFile(
            f"'{self.folder}' holds results of another study ({why})",
            hint="nothing was changed there; choose another folder with --out",
        )

    def _write_job(self) -> None:
        told = {**self.facts, "sha256": _digest(self.facts)}
        self.write_text("job.json", json.dumps(told, indent=1) + "\n")

    def path(self, number: int) -> Path:
        """Return the file of a chunk."""
        return self.folder / "chunks" / f"{number:06d}.parquet"

    def has(self, number: int, start: int, count: int) -> bool:
        """Whether a chunk is there and is the one that belongs there; what is not right is told."""
        path = self.path(number)
        try:
            content = bytes_of(path)
        except FileNotFoundError:
            return False
        except OSError as error:
            fault = f"cannot be read ({error.strerror or error})"
        else:
            fault = fault_of(content, self.job.key, start, count)
        if fault:
            self.notice(f"{path.relative_to(self.folder).as_posix()} {fault}: drawn again")
        return not fault

    def write(self, number: int, content: bytes) -> None:
        """Write a chunk, whole or not at all."""
        self._write(self.path(number), content)

    def write_text(self, name: str, text: str) -> None:
        """Write another file, whole or not at all."""
        self._write(self.folder / name, text.encode())

    def _write(self, path: Path, content: bytes) -> None:
        scratch = path.with_name(f".{path.name}.writing")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            scratch.write_bytes(content)
            scratch.replace(path)
        except OSError as error:
            with suppress(OSError):
                scratch.unlink(missing_ok=True)
            raise BadFile(
                f"cannot write to '{path}': {error.strerror or error}",
                hint="what is written stays; make room, then --resume",
            ) from None


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _sealed(path: Path) -> dict[str, Any] | None:
    """Return what `job.json` says, None where it is not there, cannot be read, or is not what was written."""
    try:
        told = json.loads(bytes_of(path))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    digest = told.pop("sha256", None)
    return told if digest == _digest(told) else None
