"""The documents hold what the command really prints.

A block preceded by `<!-- run: corridor-net … -->` is that command's output; `<!-- run: corridor-net … | 1-12 -->` its
lines 1 to 12. A block of Python after `<!-- python -->` prints the block that follows it. The picture after
`<!-- picture: corridor-net … | FILE -->` is that file of what the command writes.
`pytest --renew-golden` writes them anew.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corridor_net.cli.main import app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(
    r"<!-- run: corridor-net (?P<command>[^|\n]*?)(?: \| (?P<first>\d+)-(?P<last>\d+))? -->\n```\n(?P<text>.*?)```\n",
    re.S,
)
PYTHON = re.compile(r"<!-- python -->\n```python\n(?P<code>.*?)```\n\n```\n(?P<text>.*?)```\n", re.DOTALL)
PICTURE = re.compile(
    r"<!-- picture: corridor-net (?P<command>[^|\n]*?) \| (?P<file>\S+) -->\n!\[.+?\]\((?P<shown>\S+)\)"
)
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


def printed(command, folder):
    out = ["--out", str(folder)] if command.split()[0] == "run" and "--out" not in command else []
    result = CliRunner(env={"COLUMNS": "120", "TERM": "dumb"}).invoke(
        app, [*shlex.split(command), *out], catch_exceptions=False
    )
    return [line.rstrip() for line in result.stdout.splitlines()]


def drawn(command, file, folder):
    if not (folder / file).exists():  # `run` has written it already where the page prints it too
        CliRunner().invoke(app, [*shlex.split(command), "--out", str(folder)], catch_exceptions=False)
    return (folder / file).read_bytes()


def said(code, folder):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, check=True)
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_shows_what_is_printed(page, tmp_path, monkeypatch, request):
    here, out = tmp_path / "here", tmp_path / "out"
    (here / "docs").mkdir(parents=True)
    (here / "docs" / "examples").symlink_to(ROOT / "docs" / "examples")  # commands are those of a checkout
    monkeypatch.chdir(here)
    text = page.read_text(encoding="utf-8")

    def renewed(match):
        lines = printed(match["command"], out)
        if match["first"]:
            lines = lines[int(match["first"]) - 1 : int(match["last"])]
        head = match[0][: match.start("text") - match.start()]
        return head + "\n".join(lines) + "\n```\n"

    def executed(match):
        head = match[0][: match.start("text") - match.start()]
        return head + said(match["code"], here) + "```\n"

    fresh = PYTHON.sub(executed, BLOCK.sub(renewed, text))
    pictures = {page.parent / m["shown"]: drawn(m["command"], m["file"], out) for m in PICTURE.finditer(text)}
    if request.config.getoption("--renew-golden"):
        page.write_text(fresh, encoding="utf-8")
        for path, picture in pictures.items():
            path.write_bytes(picture)
    assert fresh == page.read_text(encoding="utf-8")
    for path, picture in pictures.items():
        assert path.read_bytes() == picture, path


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
