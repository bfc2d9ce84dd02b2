"""A command of corridor-net in a process of its own, which is killed, starved of disk or let run: quick, by forking.

The parent only loads modules; everything is computed in the child. Nothing here judges what is found.
"""

from __future__ import annotations

import importlib
import os
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOADED = ("corridor_net.cli.main", "corridor_net.cli.ask", "corridor_net.questions.upgrades.study", "geopandas",
          "pyogrio", "corridor_net.questions.uncertainty.uncertainty", "corridor_net.output.studies.report",
          "corridor_net.output.exports", "corridor_net.uncertainty.batches.batch", "pyarrow.parquet", "scipy.stats",
          "ruamel.yaml")  # fmt: skip
WRITES = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.chmod", "shutil.copyfile")
PATIENCE = 600.0
"""Seconds after which a command that does not end is given up."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended: its exit code, minus the number of the signal that ended it, and what it told."""

    code: int
    said: str
    steps: int
    seconds: float
    """From its first step in the folder to its end."""

    @property
    def fault(self) -> str:
        """What is wrong with how it ended whatever happened to it; empty when nothing is."""
        if "Traceback" in self.said:
            return f"a traceback: {self.said.strip().splitlines()[-1][:200]}"
        if self.code not in (0, 2, -signal.SIGKILL):
            return f"exit code {self.code}: {self.said[-300:]}"
        if self.code == 2 and not self.said.startswith("error: "):
            return f"exit code 2 without a message: {self.said[:200]!r}"
        return ""


def load() -> None:
    """Load in the parent what every child needs."""
    for name in LOADED:
        importlib.import_module(name)


class Child:
    """A command that runs; steps are counted in files under `watched`, and the process is killed at one of them."""

    def __init__(
        self,
        arguments: Sequence[str],
        watched: Path,
        *,
        kill_at: int = 0,
        file_bytes: int = 0,
        output: str = os.devnull,
    ) -> None:
        self.told = tempfile.TemporaryFile()  # noqa: SIM115 - closed at its end
        self.pipe, theirs = os.pipe()
        self.begun: float | None = None
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.pipe)
            _run(arguments, watched, theirs, self.told.fileno(), kill_at, file_bytes, output)
        os.close(theirs)

    def first_step(self, seconds: float = PATIENCE) -> bool:
        """Wait until the command touches the folder, or ends; return whether it did within these seconds."""
        if self.begun is None and select.select([self.pipe], [], [], seconds)[0]:
            self.begun = time.monotonic()
        return self.begun is not None

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> Ended:
        """Wait for the end."""
        signal.signal(signal.SIGALRM, lambda *_: self.kill())
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        self.first_step()
        _, status = os.waitpid(self.pid, 0)
        hung = signal.setitimer(signal.ITIMER_REAL, 0)[0] == 0
        seconds = time.monotonic() - (self.begun or time.monotonic())
        steps = b""
        while part := os.read(self.pipe, 1000):
            steps += part
        os.close(self.pipe)
        self.told.seek(0)
        said = self.told.read().decode("utf-8", "replace")
        self.told.close()
        code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        said = f"Traceback: no end within {PATIENCE:.0f} s" if hung else said
        return Ended(code=code, said=said, steps=int(steps.partition(b".")[2] or 0), seconds=seconds)


def _run(
    arguments: Sequence[str], watched: Path, pipe: int, told: int, kill_at: int, file_bytes: int, output: str
) -> None:
    code = 70
    try:
        os.dup2(told, 2)
        os.dup2(os.open(output, os.O_WRONLY), 1)
        if file_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, resource.RLIM_INFINITY))
        steps = _counted(watched, pipe, kill_at)
        sys.argv = ["corridor-net", *arguments]
        from corridor_net.cli.main import main

        try:
            main()
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else int(error.code is not None)
        os.write(pipe, f".{steps[0]}".encode())
    except BaseException:  # noqa: BLE001 - told as the command itself would
        import traceback

        traceback.print_exc()
        code = 1
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            code = code or 74
        os._exit(code)


def _counted(watched: Path, pipe: int, kill_at: int) -> list[int]:
    """Count every change of a file under a folder from now on; kill this process just before one of them."""
    steps, begins = [0], str(watched)

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in WRITES and any(str(one).startswith(begins) for one in given if isinstance(one, (str, Path))):
            steps[0] += 1
            if steps[0] == 1:
                os.write(pipe, b"1")
            if steps[0] == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    return steps
