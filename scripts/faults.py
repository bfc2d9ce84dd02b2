"""Try what goes wrong around a command: `python scripts/faults.py [--tries 40] [--seconds 600] [--only kills,disk]`.

The commands are run, export, geopackage, uncertainty; `--commands` tries some of them.

kills         SIGKILL at a random step in the folder, or a random moment: `run` leaves one whole generation, `export`
              whole files, `uncertainty` whole chunks, and the next run comes to the bytes of an undisturbed one
disk          no file may grow beyond a random size; a file system (where mounting is allowed) that is full: exit
              code 2, one message, the old results of `run` untouched, nothing left behind
together      two commands in one folder: one of the two results, whole
surroundings  no HOME, nobody's account, caches and temporary folders that cannot be written, an output that is full:
              the same answer, or one message

The same seed gives the same steps and sizes; moments are the machine's. Ends with exit code 1 where anything was found.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from fault_children import Child, Ended, load

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = str(ROOT / "docs" / "examples" / "middle-corridor")
KINDS = ("kills", "disk", "together", "surroundings")
COMMANDS = ("run", "export", "geopackage", "uncertainty")
NOBODY = 65534


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command that writes a folder; `whole` says what is wrong with one, given those that whole runs made."""

    name: str
    arguments: tuple[str, ...]
    other: tuple[str, ...]
    whole: Callable[[Path, list[Path]], str]

    def given(self, folder: Path, number: int) -> list[str]:
        """Return the arguments of a run into a folder; runs of odd numbers give other results."""
        resume = ["--resume"] if self.name == "uncertainty" and folder.exists() and any(folder.iterdir()) else []
        return [*self.arguments, *(self.other if number % 2 else ()), "--out", str(folder), *resume]


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by name; none where it is not there."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def one_generation(folder: Path, known: list[Path]) -> str:
    """Results of `run` are all of one run, as their manifest says, or not there."""
    if not folder.exists():
        return ""
    found = files_of(folder)
    if "manifest.json" not in found:
        return "there is no manifest"
    told = json.loads(found.pop("manifest.json"))["outputs"]
    if told != {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}:
        return "files are not those that the manifest names"
    return "" if any(told == _outputs(one) for one in known) else "it is neither result"


def _outputs(folder: Path) -> dict[str, str]:
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["outputs"])


def whole_files(folder: Path, known: list[Path]) -> str:
    """Every file of an export is that of one of the whole exports."""
    wholes = [files_of(one) for one in known]
    for name, content in files_of(folder).items():
        if not name.startswith(".") and content not in [one.get(name) for one in wholes]:
            return f"{name} is not whole"
    return ""


def whole_chunks(folder: Path, known: list[Path]) -> str:
    """Every chunk is what it must be; the summary stands only where all chunks do."""
    whole, found = files_of(known[0]), files_of(folder)
    for name, content in found.items():
        if not Path(name).name.startswith(".") and content != whole.get(name):
            return f"{name} is not whole"
    return (
        ""
        if "uncertainty.json" not in found or not set(whole) - set(found)
        else "uncertainty.json stands before its chunks"
    )


def commands() -> tuple[Command, ...]:
    """Return the commands that are tried, quick ones."""
    data = ("--geodata", PACKAGE)
    later = ("--as-of", "2024-07-01")
    return (
        Command(name="run", arguments=("run", *data), other=("--value-of-time", "3"), whole=one_generation),
        Command(name="export", arguments=("export", *data, "--format", "csv"), other=later, whole=whole_files),
        Command(name="geopackage", arguments=("export", *data, "--format", "gpkg"), other=later, whole=whole_files),
        Command(name="uncertainty", arguments=("uncertainty", *data, "--draws", "32", "--chunk", "4"), other=(),
                whole=whole_chunks),
    )  # fmt: skip


@dataclass
class Account:
    """What was tried, and what was found."""

    seed: int
    tries: int
    until: float
    counts: dict[str, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def numbers(self, name: str) -> Iterator[tuple[int, Random]]:
        """Yield the number and the dice of each try of a kind, one at least, until there were enough or time is up."""
        for number in range(self.tries):
            if number and time.monotonic() > self.until:
                return
            self.counts[name] = number + 1
            if number % 50 == 49:
                print(f"{name}: {number} tries so far", flush=True)
            yield number, Random(f"{name} {self.seed} {number}")  # noqa: S311 - no secret

    def note(self, name: str, number: int, fault: str) -> None:
        """Keep what was found, if anything was."""
        if fault:
            self.found.append(fault)
            print(f"    {name}, try {number}: {fault}", flush=True)


def left_behind(folder: Path) -> str:
    """Say what is left beside or in a folder that only a command at work needs; nothing where nothing is."""
    paths = [*folder.parent.glob(".*"), *folder.rglob(".*")]
    return f"left behind: {', '.join(sorted(path.name for path in paths))}" if paths else ""


@cache
def whole_runs(command: Command, scratch: Path) -> tuple[list[Path], list[Ended]]:
    """Run a command twice undisturbed, in either way; return the folders and how the runs ended."""
    folders, ends = [], []
    for number in range(2):
        folder = scratch / "whole" / f"{command.name}-{number}"
        ends.append(Child(command.given(folder, number), folder.parent).end())
        if ends[-1].code != 0:
            sys.exit(f"'{command.name}' does not even run undisturbed: {ends[-1].said}")
        folders.append(folder)
    return folders, ends


def kills(command: Command, account: Account, scratch: Path) -> None:
    """Kill the command again and again in one folder; then let it end."""
    known, ends = whole_runs(command, scratch.parent)
    folder = scratch / "kills" / command.name / "o"
    name = f"kills of {command.name}"
    for number, dice in account.numbers(name):
        by_step = number % 2 == 0
        at = dice.randrange(1, ends[number // 2 % 2].steps + 1)
        child = Child(command.given(folder, number // 2), folder.parent, kill_at=at if by_step else 0)
        if not by_step and child.first_step():
            time.sleep(dice.uniform(0, ends[0].seconds))
            child.kill()
        ended = child.end()
        account.note(name, number, ended.fault or command.whole(folder, known))
        if command.name == "uncertainty" and ended.code == 0:
            shutil.rmtree(folder)
    last = Child(command.given(folder, 0), folder.parent).end()
    fault = last.fault or ("" if last.code == 0 else last.said) or command.whole(folder, known[:1])
    if files_of(folder).keys() != files_of(known[0]).keys():
        fault = fault or "the last run does not make the files of an undisturbed one"
    account.note(name, account.counts.get(name, 0), fault or left_behind(folder))


def disk(command: Command, account: Account, scratch: Path) -> None:
    """Let no file grow beyond a size, and fill a file system of a size, with old results in the folder."""
    known, _ = whole_runs(command, scratch.parent)
    sizes = [len(content) for content in files_of(known[1 if command.other else 0]).values()]
    name = f"disk of {command.name}"
    for number, dice in account.numbers(name):
        parent = scratch / "disk" / command.name / str(number)
        parent.mkdir(parents=True)
        if number % 2 == 0:
            fault = _without_room(command, parent, known, file_bytes=dice.randrange(1, max(sizes)))
        else:
            with full_disk(parent, 150_000 + sum(sizes) + dice.randrange(sum(sizes))) as mounted:
                fault = _without_room(command, parent, known) if mounted else ""
        account.note(name, number, fault)
        shutil.rmtree(parent)


def _without_room(command: Command, parent: Path, known: list[Path], *, file_bytes: int = 0) -> str:
    folder = parent / "o"
    if command.name == "uncertainty":
        before: dict[str, bytes] = {}
    else:
        shutil.copytree(known[0], folder)
        before = files_of(folder)
    ended = Child(command.given(folder, 1), parent, file_bytes=file_bytes).end()
    fault = ended.fault or command.whole(folder, known) or left_behind(folder)
    if ended.code == 2 and not fault and command.name == "run" and files_of(folder) != before:
        fault = "the old results were touched"
    return fault


@contextmanager
def full_disk(folder: Path, size: int) -> Iterator[bool]:
    """Mount a file system of a size on a folder; give False where that is not allowed."""
    options = ["-o", f"size={size}", "tmpfs", str(folder)]
    done = subprocess.run(["mount", "-t", "tmpfs", *options], capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", str(folder)], check=True)


def together(command: Command, account: Account, scratch: Path) -> None:
    """Run two commands into one folder at once."""
    known, ends = whole_runs(command, scratch.parent)
    name = f"two of {command.name}"
    folder = scratch / "together" / command.name / "o"
    for number, dice in account.numbers(name):
        shutil.rmtree(folder, ignore_errors=True)
        if number % 2 and command.name != "uncertainty":
            shutil.copytree(known[0], folder)
        children = [Child(command.given(folder, 0), folder.parent)]
        if children[0].first_step():
            time.sleep(dice.uniform(0, ends[0].seconds))
        children.append(Child(command.given(folder, 1), folder.parent))
        done = [child.end() for child in children]
        fault = next((one.fault for one in done if one.fault), "") or command.whole(folder, known)
        if all(one.code for one in done):
            fault = fault or f"neither came to its end: {done[0].said}{done[1].said}"
        account.note(name, number, fault or left_behind(folder))


CACHES = ("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "MPLCONFIGDIR", "PYTHONPYCACHEPREFIX")
NOWHERE = "/dev/null/nowhere"
SURROUNDINGS: dict[str, dict[str, str | None]] = {
    "no HOME": {"HOME": None, "XDG_CACHE_HOME": None},
    "a HOME that is not there": {"HOME": NOWHERE, "XDG_CACHE_HOME": None},
    "caches that cannot be written": dict.fromkeys(CACHES, NOWHERE),
    "no temporary folder": dict.fromkeys(("TMPDIR", "TEMP", "TMP"), NOWHERE),
    "no environment at all": dict.fromkeys(os.environ, None),
}  # fmt: skip


def surroundings(account: Account, scratch: Path) -> None:
    """Run commands where what they find around them is poor; the answer is the same."""
    asked = (
        ("route", "--geodata", PACKAGE, *_pair()),
        *((*command.arguments, "--out", "o") for command in commands()),
    )
    usual = cache(lambda which: _in({}, asked[which], scratch)[1])
    accounts = (False, True) if _reachable_by_nobody(scratch) else (False,)
    cases = [(one, name, nobody) for name in SURROUNDINGS for nobody in accounts for one in range(len(asked))]
    Random(f"surroundings {account.seed}").shuffle(cases)  # noqa: S311 - no secret
    for number, _ in account.numbers("surroundings"):
        if number >= len(cases):
            account.counts["surroundings"] = number
            break
        which, name, nobody = cases[number]
        ended, answer = _in(SURROUNDINGS[name], asked[which], scratch, nobody=nobody)
        fault = ended.fault or (f"{ended.code}, {ended.said}" if ended.code or ended.said else "")
        fault = fault or ("" if answer == usual(which) else "another answer")
        account.note(f"{name}{', nobody' * nobody}: {asked[which][0]}", number, fault)
    for number, one in enumerate(asked):
        if not number or account.until > time.monotonic():
            fault = Child([*one[:-1], str(scratch / "f" / str(number))] if one[-1] == "o" else one, scratch,
                          output="/dev/full").end().fault  # fmt: skip
            account.note(f"an output that is full: {one[0]}", number, fault)


def _reachable_by_nobody(scratch: Path) -> bool:
    """Whether commands can be run under nobody's account: only root may, where that account can read the program."""
    try:
        _in({}, ("schema",), scratch, nobody=True)
    except PermissionError:
        print("    nobody's account cannot be taken, or cannot read the program here: not tried")
        return False
    return True


def _pair() -> tuple[str, str]:
    told = json.loads((Path(PACKAGE) / "datapackage.json").read_text(encoding="utf-8"))
    return tuple(told["pair"])


def _in(
    changes: dict[str, str | None], arguments: tuple[str, ...], scratch: Path, *, nobody: bool = False
) -> tuple[Ended, tuple[str, dict[str, bytes]]]:
    """Run a command in its own interpreter in changed surroundings; return how it ended, and all it gave."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    folder.chmod(0o777)
    environment = {key: value for key, value in {**os.environ, **changes}.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-m", "corridor_net", *arguments],
        cwd=folder, env=environment, capture_output=True, check=False, timeout=300, text=True,
        user=NOBODY if nobody else None,
    )  # fmt: skip
    files = {key: content for key, content in files_of(folder).items() if not key.endswith("manifest.json")}
    return Ended(code=done.returncode, said=done.stderr, steps=0, seconds=0.0), (done.stdout, files)


def main() -> None:
    """Try what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=40, help="of each fault and command")
    parser.add_argument("--seconds", type=float, default=600.0, help="after which no other try is begun")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the second it is when left out")
    parser.add_argument("--only", default="", help=f"faults, parted by commas: {', '.join(KINDS)}")
    parser.add_argument("--commands", default=",".join(COMMANDS), help="commands, parted by commas")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    tried = [one for one in commands() if one.name in given.commands.split(",")]
    chosen = given.only.split(",") if given.only else list(KINDS)
    load()
    begun = time.monotonic()
    account = Account(seed=given.seed, tries=given.tries, until=begun + given.seconds)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        scratch.chmod(0o755)
        for kind, attempt in (("kills", kills), ("disk", disk), ("together", together)):
            for command in tried if kind in chosen else ():
                attempt(command, account, scratch / kind)
        if "surroundings" in chosen:
            surroundings(account, scratch)
    for name, count in account.counts.items():
        print(f"{name:<24}{count:>6} tries")
    print(f"{sum(account.counts.values())} tries, {len(account.found)} found, {time.monotonic() - begun:.0f} s")
    sys.exit(1 if account.found else 0)


if __name__ == "__main__":
    main()
