"""Build the wheel and the sdist twice and compare their bytes: `python scripts/reproducible.py [--keep DIR]`.

The second build is of a copy in another place, with another time zone and locale, other times and permissions of the
files. Needs hatchling (extra test). SOURCE_DATE_EPOCH is that of the surroundings, else the first second of 2020.
Ends with exit code 1 where the bytes differ.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EPOCH = "1577836800"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "results", "dist")


def build(source: Path, folder: Path, **environment: str) -> dict[str, bytes]:
    """Build wheel and sdist of a source tree into a folder; return their bytes by name."""
    given = {"SOURCE_DATE_EPOCH": EPOCH, **os.environ, **environment}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=source, env=given, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def moved(source: Path, target: Path) -> Path:
    """Return a copy of a source tree whose files have other times, and other permissions for others."""
    shutil.copytree(source, target, ignore=LEFT_OUT)
    for path in target.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(path.stat().st_mode & ~0o077 | (0o050 if path.is_dir() else 0))
    return target


def main() -> None:
    """Build twice and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="folder for what was built")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        first = build(ROOT, scratch / "first")
        second = build(moved(ROOT, scratch / "else" / "where"), scratch / "second", TZ="Asia/Tokyo", LC_ALL="C")
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
            for file, content in first.items():
                (given.keep / file).write_bytes(content)
    same = first == second and len(first) == 2
    for file, content in first.items():
        told = "the same" if second.get(file) == content else "DIFFERENT"
        print(f"{file}  {len(content):,} bytes  sha256 {hashlib.sha256(content).hexdigest()}  twice {told}")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
