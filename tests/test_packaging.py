"""What is said of the package in several places is the same; what it is made of can be listed."""

import importlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import corridor_net

ROOT = Path(__file__).resolve().parents[1]
CONDA = {"matplotlib-base": "matplotlib", "python-tzdata": "tzdata"}


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_version_stands_in_one_place(project):
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    path = ROOT / project["tool"]["hatch"]["version"]["path"]
    assert re.findall(r'^__version__ = "(.+)"$', path.read_text(encoding="utf-8"), re.M) == [corridor_net.__version__]


def test_the_conda_recipe_needs_what_the_package_needs(project):
    text = (ROOT / "scripts" / "conda" / "meta.yaml").read_text(encoding="utf-8")
    run = re.search(r"  run:\n((?:    - .+\n)+)", text)[1]
    needed = dict(line.removeprefix("    - ").split(" ", 1) for line in run.splitlines())
    assert needed.pop("python") == project["project"]["requires-python"]
    found = {CONDA.get(name, name): bound for name, bound in needed.items()}
    assert found == dict(re.match(r"([\w.-]+)(.*)", line).groups() for line in project["project"]["dependencies"])


def test_the_conda_recipe_finds_the_source_and_its_version_from_its_own_folder():
    recipe = ROOT / "scripts" / "conda"
    text = (recipe / "meta.yaml").read_text(encoding="utf-8")
    assert (recipe / re.search(r"^source:\n  path: (\S+)$", text, re.M)[1]).resolve() == ROOT
    file, pattern = re.search(r'load_file="([^"]+)", regex_pattern=\'([^\']+)\'', text).groups()
    assert re.search(pattern, (recipe / file).read_text(encoding="utf-8"))[1] == corridor_net.__version__
    assert (ROOT / re.search(r"license_file: (\S+)", text)[1]).exists()


def test_every_version_of_python_that_is_named_may_be_used(project):
    named = [line.rsplit(" ", 1)[1] for line in project["project"]["classifiers"] if re.search(r":: 3\.\d+$", line)]
    least = project["project"]["requires-python"].removeprefix(">=")
    assert named
    assert all(tuple(map(int, one.split("."))) >= tuple(map(int, least.split("."))) for one in named)


def test_every_version_of_python_that_is_named_is_tried_bare_and_the_least_with_the_lowest_dependencies(project):
    path = ROOT / ".github" / "workflows" / "checks.yml"
    tried = YAML(typ="safe", pure=True).load(path)["jobs"]["bare"]["strategy"]["matrix"]
    named = {line.rsplit(" ", 1)[1] for line in project["project"]["classifiers"] if re.search(r":: 3\.\d+$", line)}
    assert set(tried["python"]) == named
    least = project["project"]["requires-python"].removeprefix(">=")
    assert tried["include"] == [{"python": least, "versions": "--lowest"}]


def test_the_bill_of_materials_is_closed_and_the_same_twice():
    command = [sys.executable, str(ROOT / "scripts" / "sbom.py")]
    first, second = (subprocess.run(command, capture_output=True, check=False) for _ in range(2))
    assert first.stdout == second.stdout
    bill = json.loads(first.stdout)
    refs = {one["bom-ref"] for one in [bill["metadata"]["component"], *bill["components"]]}
    assert {one["ref"] for one in bill["dependencies"]} == refs
    assert {ref for one in bill["dependencies"] for ref in one["dependsOn"]} <= refs
    assert bill["metadata"]["component"]["licenses"] == [{"expression": "MIT"}]


def test_licences_are_named_as_packages_name_them(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    sbom = importlib.import_module("sbom")

    class Package:
        def __init__(self, text):
            from email import message_from_string

            self.metadata = message_from_string(text)

    assert sbom.licence(Package("License-Expression: MIT\nLicense: x\n\n")) == "MIT"
    assert sbom.licence(Package("Classifier: License :: OSI Approved :: BSD License\n\n")) == "BSD License"
    assert sbom.licence(Package("Classifier: License :: OSI Approved\nLicense: ISC\n\n")) == "ISC"
    assert sbom.licence(Package(f"License: {'word ' * 100}\n\n")) == ""
