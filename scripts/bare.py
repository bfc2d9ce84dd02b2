"""Install the package alone and run every command of the README: `python scripts/bare.py [--lowest]`.

A fresh environment without extras, of `--python`; with `--lowest` each dependency in the lowest version that
`pyproject.toml` allows; with `--linked` nothing is fetched, and what is installed here already is linked to. A command
is to end with exit code 0, or with a message that names the extra it needs, or the reader's own file that is not here.
`serve` and what concerns the shell are not run. Ends with exit code 1 where a command did anything else.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
COMMAND = re.compile(r"`(corridor-net [a-z][^`]*)`|^(?:    pip install \. && )?(corridor-net [^`#\n]*)", re.MULTILINE)
NOT_RUN = ("corridor-net serve", "corridor-net --install-completion", "corridor-net mcp")
ALLOWED = ("pip install 'corridor-net[", "there is no file", "does not exist")
PATIENCE = 1200


def commands(text: str) -> list[str]:
    """Return the commands of a page, each once, in their order."""
    found = [(one[0] or one[1]).strip() for one in COMMAND.findall(text)]
    return [one for one in dict.fromkeys(found) if not one.startswith(NOT_RUN)]


def lowest() -> str:
    """Return constraints: each dependency in the lowest version that is allowed."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needs = [Requirement(one) for one in told["project"]["dependencies"]]
    floors = [(one.name, part.version) for one in needs for part in one.specifier if part.operator == ">="]
    return "".join(f"{name}=={version}\n" for name, version in floors)


def installed(python: str, folder: Path, constraints: Path | None) -> dict[str, str]:
    """Install the package into a fresh environment; return the variables that lead there."""
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    subprocess.run([python, "-m", "venv", str(folder)], check=True, env=kept)
    bound = ["-c", str(constraints)] if constraints else []
    subprocess.run([str(folder / "bin" / "pip"), "install", "-q", *bound, str(ROOT)], check=True, env=kept)
    return kept | {"PATH": f"{folder / 'bin'}:{kept['PATH']}"}


def linked(folder: Path) -> dict[str, str]:
    """Make an environment of links to what the package needs, as it is installed here; return the variables."""
    from sbom import closure  # needs what a bare interpreter has not

    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    for found in closure(())[0].values():
        for name in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            if not (site / name).exists():
                (site / name).symlink_to(found.locate_file(name))
    command = folder / "bin" / "corridor-net"
    command.write_text(f"#!{folder}/bin/python\nfrom corridor_net.__main__ import start\n\nstart()\n", encoding="utf-8")
    command.chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return kept | {"PATH": f"{folder / 'bin'}:{kept['PATH']}"}


def main() -> None:
    """Install, run, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="interpreter of the environment")
    parser.add_argument("--lowest", action="store_true", help="dependencies in their lowest versions")
    parser.add_argument("--linked", action="store_true", help="of links to what is installed here, nothing else")
    parser.add_argument("--only", type=int, help="of the commands, this many, spread evenly")
    given = parser.parse_args()
    asked = commands((ROOT / "README.md").read_text(encoding="utf-8"))
    asked = asked[:: -(-len(asked) // given.only)] if given.only else asked
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        bound = scratch / "lowest.txt"
        bound.write_text(lowest(), encoding="utf-8")
        if given.linked:
            environment = linked(scratch / "venv")
        else:
            environment = installed(given.python, scratch / "venv", bound if given.lowest else None)
        (scratch / "here").mkdir()
        for command in asked:
            begun = time.monotonic()
            done = subprocess.run(
                ["bash", "-c", command], cwd=scratch / "here", env=environment, capture_output=True, text=True,
                check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            allowed = done.returncode == 0 or any(text in done.stderr for text in ALLOWED)
            wrong += not allowed or "Traceback" in done.stderr or "Warning" in done.stderr
            said = " ".join(done.stderr.split())
            said = said[:200] if allowed else said[-600:]
            print(f"{done.returncode:>3} {time.monotonic() - begun:>6.1f} s  {command}  {said}", flush=True)
    print(f"{len(asked)} commands, {wrong} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
