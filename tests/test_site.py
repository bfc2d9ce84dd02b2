"""The docs as a site: every page has its place, what is made for it is made, and every public name has an example."""

from __future__ import annotations

import doctest
import importlib.util
import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import corridor_net as cn
from corridor_net import questions

ROOT = Path(__file__).parents[1]
SITE = ROOT / "scripts" / "site"


@pytest.fixture(scope="module")
def made():
    spec = importlib.util.spec_from_file_location("site_pages", SITE / "pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


def places(nav):
    for one in nav:
        for value in one.values() if isinstance(one, dict) else [one]:
            yield from [value] if isinstance(value, str) else places(value)


def test_every_page_has_one_place(made):
    listed = list(places(YAML(typ="safe").load(SITE / "mkdocs.yml")["nav"]))
    assert len(set(listed)) == len(listed)
    assert set(listed) == {path.name for path in (ROOT / "docs").glob("*.md")} | set(made)


def test_the_reference_has_every_question_parameter_table_and_public_name(made):
    text = made["reference/questions.md"]
    for name in questions.names():
        asked = questions.question(name)
        part = text.partition(f"### {name}\n")[2].partition("\n### ")[0]
        assert f"corridor-net {asked.command}`" in part
        assert all(f"| `{one.name}` |" in part for one in asked.parameters)
        assert ("lies at no place" in part) == (name not in questions.with_geometry())
    tables = json.loads((ROOT / "geodata" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert {one["name"] for one in tables if "schema" in one} == set(
        re.findall(r"^## ([\w-]+)$", made["reference/tables.md"], re.M)
    )
    for name in cn.__all__:
        thing = getattr(cn, name)
        assert f"::: {thing.__module__}.{thing.__qualname__}\n" in made["reference/python.md"]


def test_every_public_name_and_question_has_an_example():
    finder = doctest.DocTestFinder(exclude_empty=True)  # test_public runs them all
    for name in cn.__all__:
        assert any(test.examples for test in finder.find(getattr(cn, name), name)), name
    for name in questions.names():
        assert ">>> " in questions.question(name).help, name


def test_examples_in_docstrings_become_code():
    pytest.importorskip("griffe")
    spec = importlib.util.spec_from_file_location("site_examples", SITE / "examples.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    told = module.EXAMPLE.sub(r"<\g<0>>", "What it does.\n\n>>> f(1)\n>>> g()\n3\n\nMore, a >>> b.")
    assert told == "What it does.\n\n<>>> f(1)\n>>> g()\n3>\n\nMore, a >>> b."
