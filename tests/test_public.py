"""The public face: names, docstrings that run, light imports, and no trace of a machine."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net import questions

PACKAGE = Path(cn.__file__).resolve().parent
MODULES = sorted(
    module.name for module in pkgutil.walk_packages([str(PACKAGE)], "corridor_net.") if "__main__" not in module.name
)
HEAVY = ("numba", "pandas", "networkx", "shapely", "pydantic", "geopandas", "pyproj", "scipy", "matplotlib")


# names


@pytest.mark.parametrize("name", cn.__all__)
def test_public_names_import_and_say_what_they_are(name):
    thing = getattr(cn, name)
    assert inspect.getdoc(thing)
    assert name in dir(cn)
    assert thing.__module__.startswith("corridor_net")
    if inspect.isclass(thing):
        for attribute, value in vars(thing).items():
            if not attribute.startswith("_") and inspect.isfunction(value):
                assert value.__doc__, f"{name}.{attribute}"


def test_about_fifteen_public_names():
    assert 10 <= len(cn.__all__) <= 25
    assert list(cn.__all__) == sorted(cn.__all__)
    assert len(set(cn.__all__)) == len(cn.__all__)


def test_an_unknown_name():
    with pytest.raises(AttributeError, match=r"has no 'rout'; corridor_net.load\(\).route"):
        _ = cn.rout


def test_the_promise_of_the_readme():
    net = cn.load(as_of="2016-07-01")
    route = net.route("harbin", "niigata")
    assert route.legs
    assert route.gateway


def test_every_error_is_a_fitting_built_in_with_a_code():
    from corridor_net import errors

    kinds = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, errors.CorridorError)]
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"CN-E\d{3}", code) for code in codes)
    assert {kind.exit_code for kind in kinds} == {1, 2, 3}
    for kind, builtin in (
        (errors.UnknownName, KeyError), (errors.BadValue, ValueError), (errors.BadFile, ValueError),
        (errors.ScenarioError, ValueError), (errors.NoRoute, LookupError), (errors.DataFault, ValueError),
    ):  # fmt: skip
        assert issubclass(kind, builtin)


# pages

PROMISED = {*cn.__all__, "graph", "errors"}
"""What pages name of the package: what `import corridor_net as cn` gives, the errors, and the searches on arrays."""
NAMED = re.compile(r"corridor_net\.(\w+)|from corridor_net import ([\w, ]+)|(?<![\w.])cn\.(\w+)")
OF_THE_HOUSE = {"architecture.md"}


def shown_to_readers(root):
    """Yield the name and the text of all that readers are shown: pages, notebooks, help and examples."""
    for path in [root / "README.md", *(root / "docs").rglob("*.md"), *(root / "docs").rglob("*.ipynb")]:
        if path.name not in OF_THE_HOUSE:
            yield path.name, path.read_text(encoding="utf-8")
    for name in cn.__all__:
        members = vars(getattr(cn, name)).values() if inspect.isclass(getattr(cn, name)) else ()
        for thing in [getattr(cn, name), *(member for member in members if hasattr(member, "__doc__"))]:
            yield name, thing.__doc__ or ""
    for name in questions.names():
        yield name, questions.question(name).help


def test_pages_notebooks_and_examples_need_the_front_door_alone(root):
    found = [
        (where, name)
        for where, text in shown_to_readers(root)
        for match in NAMED.finditer(text)
        for name in re.split(r",\s*", next(filter(None, match.groups())))
    ]
    assert {name for _, name in found} >= {"load", "graph", "errors", "from_networkx"}
    assert [(where, name) for where, name in found if name not in PROMISED] == []


# docstrings


@pytest.mark.parametrize("name", ["corridor_net", *MODULES])
def test_doctests(name):
    module = importlib.import_module(name)
    assert module.__doc__ or name.endswith("__init__"), f"{name} says nothing of itself"
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert result.failed == 0


def test_there_are_doctests():
    finder = doctest.DocTestFinder(exclude_empty=True)
    count = sum(len(test.examples) > 0 for name in MODULES for test in finder.find(importlib.import_module(name)))
    assert count >= 10


# light imports


def loaded_by(code):
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    script = f"{code}\nimport sys, json\nsys.__stdout__.write('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_package_loads_nothing_heavy():
    assert not loaded_by("import corridor_net") & {*HEAVY, "numpy", "typer", "rich"}


@pytest.mark.parametrize("command", [[], ["run"], ["route"], ["check"], ["import"], ["new-network"], ["mcp"]])
def test_help_loads_nothing_heavy(command):
    code = f"""
import sys
sys.argv = ["corridor-net", *{command!r}, "--help"]
from corridor_net.cli.main import main
try:
    main()
except SystemExit:
    pass
"""
    allowed = {"pydantic"} if command else set()  # typer itself may read the arguments of a command with pydantic
    assert not loaded_by(code) & {*HEAVY, "numpy"} - allowed


def test_a_route_needs_no_compiler_and_no_geo_extra():
    code = "import corridor_net as cn\ncn.load(as_of='2019-07-01').route('harbin', 'niigata')"
    assert not loaded_by(code) & set(HEAVY) - {"pydantic"}


def test_importing_has_no_effect_on_warnings_or_random_state():
    code = "import warnings, random\nbefore = (list(warnings.filters), random.getstate())\n"
    code += "import corridor_net\nassert before == (list(warnings.filters), random.getstate())"
    loaded_by(code)


# no trace of a machine


def project_files(root):
    skipped = {".git", ".venv", "venv", "results", "build", "dist", "node_modules"}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts)
        if path.is_file() and not hidden and not skipped & set(parts) and "__pycache__" not in parts:
            yield path


def test_no_file_names_a_machine_or_a_registry(root):
    if not (root / "pyproject.toml").exists():
        pytest.skip("not in a checkout")
    bad = re.compile(
        r"(?<![\w./-])/(?:work|root|tmp|home|Users)/\w|[A-Z]:\\\\|"
        r"pypi\.org|pythonhosted|anaconda\.org|registry\.npmjs|conda-forge\.org"
    )
    found = []
    for path in project_files(root):
        if path.name == Path(__file__).name:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(root)}: {match.group()}" for match in bad.finditer(text)]
    assert not found, found[:10]


def test_the_shipped_folders_are_inside_the_wheel(root):
    import tomllib

    path = root / "pyproject.toml"
    if not path.exists():
        pytest.skip("not in a checkout")
    settings = tomllib.loads(path.read_text(encoding="utf-8"))
    assert "version" in settings["project"]["dynamic"]
    held = root / settings["tool"]["hatch"]["version"]["path"]
    assert f'__version__ = "{cn.__version__}"' in held.read_text(encoding="utf-8")
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {"geodata": "corridor_net/geodata", "scenarios": "corridor_net/scenarios"}
    assert settings["tool"]["pytest"]["ini_options"]["filterwarnings"][0] == "error"
