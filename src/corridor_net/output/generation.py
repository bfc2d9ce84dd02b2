"""A folder of results that is whole or not there: written beside, and put in the place of the old one in one step."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corridor_net.errors import BadFile

from .files import held, put, scratch, stale, told_where

MANIFEST = "manifest.json"
ASKED = {"from": "--from", "to": "--to", "as_of": "--as-of", "baseline": "--baseline"}
"""Options that make another study of one: from where, to where, on which days."""
NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
EXCHANGE = 2
"""The flag of renameat2 that makes two paths change places in one step (Linux 3.15)."""


def write_generation(
    folder: Path,
    files: Mapping[str, str | bytes],
    *,
    study: str,
    options: Mapping[str, Any] = NO_OPTIONS,
    overwrite: bool = False,
) -> None:
    """Write the results of a study; readers see the whole of the old results, or the whole of these.

    Everything is written to a folder beside, `manifest.json` last; then the two change places in one step (where the
    system cannot, by two renamings: for that moment the folder is not there). What the old manifest does not name is
    the user's own and stays. A folder that cannot be moved (the working folder, a mount point) is written file by
    file, its manifest taken away first and put back last. What a killed run left beside is cleared away.

    Raises BadFile where `check_folder` does, and when it cannot be written.
    """
    with told_where(folder):
        target = Path(os.path.realpath(folder))  # as resolve(), which raises no OSError for links in a circle
        target.parent.mkdir(parents=True, exist_ok=True)
        finish_stale(target)
        check_folder(folder, files, study=study, options=options, overwrite=overwrite)
        with scratch(target.parent, _prefix(target)) as fresh:
            for name in (*(name for name in files if name != MANIFEST), *(name for name in files if name == MANIFEST)):
                put(fresh / name, files[name])
            if not target.exists():
                fresh.rename(target)
            elif _movable(target):
                _carry_over(target, fresh, files)
                _swap(fresh, target)
            else:
                _replace_files(fresh, target, files)


def check_folder(
    folder: Path,
    names: Mapping[str, Any] | tuple[str, ...],
    *,
    study: str,
    options: Mapping[str, Any] = NO_OPTIONS,
    overwrite: bool,
) -> None:
    """Raise BadFile where results of `study` may not be written to a folder without `overwrite`.

    They may not where it holds another study, or the same one asked otherwise (`ASKED`), or files of these `names` that
    no manifest names.
    """
    if folder.exists() and not folder.is_dir():
        raise BadFile(f"'{folder}' is not a folder", hint="choose another folder")
    if overwrite or not folder.is_dir():
        return
    told = _manifest(folder)
    if told is None:
        taken = sorted(name for name in names if (folder / name).exists())
        if taken:
            raise BadFile(
                f"'{folder}' holds {taken[0]}, and no manifest says that a run wrote it",
                hint="choose another folder with --out, or replace it with --overwrite",
            )
    elif told["study"] != study or _asked(told.get("options")) != _asked(options):
        raise BadFile(
            f"'{folder}' holds the study '{told['study']}' {_asked(told.get('options'))}".rstrip(),
            hint="choose another folder with --out, or replace it with --overwrite",
        )


def _asked(options: Any) -> str:
    """Return from where to where and on which days a study was asked, where it was other than its file says."""
    told = options if isinstance(options, Mapping) else {}
    given = ((name, told[key]) for key, name in ASKED.items() if key in told)
    return " ".join(f"{name} {one}" for name, some in given for one in (some if isinstance(some, list) else [some]))


def _manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder of results, None where there is none of ours."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    known = isinstance(told, dict) and told.get("program") == "corridor-net" and isinstance(told.get("outputs"), dict)
    return told if known and isinstance(told.get("study"), str) else None


def _written(folder: Path) -> set[str]:
    """Return the names of what a run wrote to a folder."""
    told = _manifest(folder)
    return {MANIFEST, *told["outputs"]} if told else set()


def _carry_over(old: Path, fresh: Path, files: Mapping[str, Any]) -> None:
    """Give the new folder what is the user's own in the old one, and the old one's permissions."""
    ours = {*_written(old), *files}
    for path in sorted(old.rglob("*")):
        name = path.relative_to(old).as_posix()
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                (fresh / name).mkdir(parents=True, exist_ok=True)
        elif name not in ours:
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, fresh / name, follow_symlinks=False)
            except OSError:
                shutil.copy2(path, fresh / name, follow_symlinks=False)
    fresh.chmod(old.stat().st_mode & 0o7777)


def _movable(folder: Path) -> bool:
    """Whether a folder can be renamed without taking it from under somebody: no mount point, not where we stand."""
    return not os.path.ismount(folder) and folder not in (Path.cwd(), *Path.cwd().parents)


def _swap(fresh: Path, target: Path) -> None:
    """Put the new folder in the place of the old one; the old one stands at the path of the new one then."""
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        here = -100  # AT_FDCWD
        if libc.renameat2(here, os.fsencode(fresh), here, os.fsencode(target), EXCHANGE) == 0:
            return
    aside = fresh.with_name(f"{fresh.name}-old")  # after the new one in the order of names: that one is finished first
    target.rename(aside)
    fresh.rename(target)
    aside.rename(fresh)


def _replace_files(fresh: Path, target: Path, files: Mapping[str, Any]) -> None:
    """Write over the old files one by one; until the manifest is back nothing says that they belong together."""
    gone = _written(target) - set(files)
    (target / MANIFEST).unlink(missing_ok=True)
    for name in gone:
        (target / name).unlink(missing_ok=True)
    for name in sorted(files, key=lambda name: name == MANIFEST):
        part = target / f"{name}.part"
        part.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(fresh / name, part)
        part.replace(target / name)


def _prefix(target: Path) -> str:
    return f".writing-{target.name}-"


def finish_stale(target: Path) -> None:
    """Where a run was killed between the two renamings of a system that cannot exchange folders, do the second."""
    for left in stale(target.parent, _prefix(target)):
        with held(left) as dead:
            if dead and not target.exists() and _manifest(left) is not None:
                left.rename(target)
