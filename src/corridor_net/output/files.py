"""Writing files so that none is ever half-written, and the hashes that let a run be repeated."""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from corridor_net.errors import STEERS, BadFile


def write_all(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write texts, and bytes, into a folder; each file appears whole or not at all. Raises BadFile when it cannot."""
    with filled(folder) as fresh:
        for name, content in files.items():
            put(fresh / name, content)


PREFIX = ".writing-"
"""How the folders begin in which files are written before they are put in their place."""


def put(path: Path, content: str | bytes) -> None:
    """Write a text or bytes, and the folder it is to lie in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def told_where(folder: Path) -> Iterator[None]:
    """Let what the system says against writing into a folder be told as BadFile."""
    try:
        yield
    except (OSError, RecursionError) as error:  # each folder in a folder is a call of its own
        reason = (error.strerror or error) if isinstance(error, OSError) else os.strerror(errno.ENAMETOOLONG)
        raise BadFile(f"cannot write to '{folder}': {reason}", hint="choose another folder") from None


@contextmanager
def filled(folder: Path) -> Iterator[Path]:
    """Give a scratch folder whose files move to `folder` when all are complete; raise BadFile where they cannot."""
    with told_where(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with scratch(folder, PREFIX) as fresh:
            yield fresh
            for path in sorted(path for path in fresh.rglob("*") if path.is_file()):
                target = folder / path.relative_to(fresh)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)


@contextmanager
def scratch(parent: Path, prefix: str) -> Iterator[Path]:
    """Give a fresh folder in `parent`, gone afterwards; what killed processes left there is cleared away first."""
    for left in stale(parent, prefix):
        with held(left) as dead:
            if dead:
                shutil.rmtree(left, ignore_errors=True)
    for number in itertools.count():
        fresh = parent / f"{prefix}{os.getpid()}-{number}"
        with suppress(FileExistsError):
            fresh.mkdir()
            break
    with held(fresh):
        try:
            yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def stale(parent: Path, prefix: str) -> list[Path]:
    """Return the folders of `parent` whose names begin so, in the order of names."""
    return sorted(path for path in parent.iterdir() if path.name.startswith(prefix) and path.is_dir())


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Hold a lock on a folder while it is written; give False where another process holds it, or it is gone.

    A killed process holds nothing any more. Without such locks (Windows) give True for folders of this process alone.
    """
    try:
        import fcntl
    except ImportError:
        yield f"-{os.getpid()}-" in folder.name
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except OSError:
            free = False
        yield free
    finally:
        os.close(handle)


def digest(content: str | bytes) -> str:
    """Return the SHA-256 of a text or of bytes, in hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def to_json(data: Any) -> str:
    """Return JSON that people can read and that is the same for the same data; what steers a terminal is its code.

    Of a FeatureCollection each feature is a line, as programs for maps write it: smaller, and a change is seen line by
    line.
    """
    if isinstance(data, Mapping) and data.get("type") == "FeatureCollection" and "features" in data:
        made = _by_feature(data)
    else:
        made = json.dumps(data, ensure_ascii=False, indent=1)
    return STEERS.sub(_escaped, made) + "\n"


def _by_feature(data: Mapping[str, Any]) -> str:
    """Return a FeatureCollection with each of its other members on a line, and each feature."""
    members = {name: json.dumps(value, ensure_ascii=False) for name, value in data.items() if name != "features"}
    features = ",\n".join(json.dumps(one, ensure_ascii=False) for one in data["features"])
    lines = [*(f"{json.dumps(name)}: {value}" for name, value in members.items()), f'"features": [\n{features}\n]']
    return "{\n" + ",\n".join(lines) + "\n}"


def _escaped(match: re.Match[str]) -> str:
    """Return a character as JSON writes it by its code, in halves above the first plane."""
    halves = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{halves[at] * 256 + halves[at + 1]:04x}" for at in range(0, len(halves), 2))
