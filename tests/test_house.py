"""How the house is built: short files, packages that import only what is below them, no circles, few who print."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

import corridor_net as cn
from corridor_net import questions

PACKAGE = Path(cn.__file__).resolve().parent
TESTS = Path(__file__).resolve().parent
LONGEST = 400
FLOORS = (
    "errors",
    "figure_keys",
    "rounding",
    "results",
    "network",
    "render",
    "languages",
    "scenario",
    "costing",
    "graph",
    "appraisal",
    "analysis",
    "uncertainty",
    "output",
    "questions",
    "model",
    "programs",
    "workbench",
    "cli",
)
"""Each imports only what stands before it."""
BESIDE = {"interchange": {"errors", "network"}, "web": set()}
"""What stands beside the floors, with what it may import; `web` has no Python."""
ROOMS = {
    "network": ("files", "rows", "reading", "checks"),
    "graph": ("loops", "hierarchy", "search", "ensembles", "beside", "extra"),
    "analysis": ("trade", "loads", "timetables", "upgrade_sets", "years"),
    "uncertainty": ("factors", "tallies", "ensembles", "calibration", "sensitivity", "studies", "batches"),
    "output": ("charts", "maps", "documents", "studies"),
    "interchange": ("completing", "listed", "drawn", "timetables"),
}
"""Of the rooms of one package, too, each imports only those that stand before it."""
UPWARD = {("results", "questions"): "later", ("questions", "model"): "types"}
"""Two looks upward: a result shows itself in a notebook by its question's page, questions name `Model` as a type."""


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def statements(body: list[ast.stmt], when: str = "always") -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    """Yield imports with when they happen: `always`, for `types` alone, or `later`, when a function is called."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, when
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from statements(node.body, "later")
        else:
            inner = "types" if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) else when
            for name in ("body", "handlers", "orelse", "finalbody"):
                yield from statements(getattr(node, name, []), when if name == "orelse" else inner)


def targets(node: ast.Import | ast.ImportFrom, module: str) -> Iterator[str]:
    """Yield the modules of corridor_net that an import statement of `module` names."""
    if isinstance(node, ast.Import):
        named = [alias.name for alias in node.names]
    else:
        own = module.split(".") if MODULES[module].name == "__init__.py" else module.split(".")[:-1]
        base = [*own[: len(own) - node.level + 1]] if node.level else []
        start = ".".join([*base, *([node.module] if node.module else [])])
        named = [f"{start}.{alias.name}" if f"{start}.{alias.name}" in MODULES else start for alias in node.names]
    yield from (name for name in named if name in MODULES)


@cache
def imports() -> tuple[tuple[str, str, str], ...]:
    """All imports inside corridor_net: who, whom, when."""
    return tuple(
        (module, target, when)
        for module, path in MODULES.items()
        for node, when in statements(ast.parse(path.read_text(encoding="utf-8")).body)
        for target in targets(node, module)
        if target != module
    )


def package_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imported_by(package: str) -> set[tuple[str, str]]:
    """Return what a package imports of others, with when; the version, of the front door, is free to all."""
    pairs = ((package_of(who), package_of(whom), when) for who, whom, when in imports())
    return {(whom, when) for who, whom, when in pairs if who == package and whom not in (package, "")}


# files


@pytest.mark.parametrize("folder", [PACKAGE, TESTS], ids=["src", "tests"])
def test_no_file_is_longer_than_can_be_read(folder):
    lengths = {
        path.relative_to(folder).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in folder.rglob("*")
        if path.suffix in (".py", ".js", ".css", ".html") and "golden" not in path.parts
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


MOST_FILES = 25
"""A folder is taken in at one look."""


def test_no_folder_holds_more_files_than_one_look_takes_in():
    found = Counter(path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("[!_]*.py"))
    found += Counter(path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("_[!_]*.py"))
    assert {folder: n for folder, n in found.items() if n > MOST_FILES} == {}


FEW_FIELDS = 3
FIRST_BY_PLACE = {"Ask", "Model", "Place", "Router"}
"""Values of more fields that take by place the one they are of, or say, and all others by name."""


def test_values_of_more_than_a_few_fields_are_made_by_name_so_that_none_are_exchanged():
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            told = " ".join(map(ast.unparse, node.decorator_list))
            fields = [ast.unparse(one.annotation) for one in node.body if isinstance(one, ast.AnnAssign)]
            count = len(fields) - sum("ClassVar" in one for one in fields)
            if told.startswith("dataclass") and "kw_only=True" not in told and count > FEW_FIELDS:
                found.add((node.name, fields.index("KW_ONLY") if "KW_ONLY" in fields else count))
    assert found == {(name, 1) for name in FIRST_BY_PLACE}


OF_ONE_TABLE = {"link", "lane", "crossing", "terminal", "service", "call", "tariff", "speed", "operation"}


def test_a_row_of_one_table_has_its_type_so_that_a_column_misspelt_is_found():
    untyped = set()
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.arg) and node.arg in OF_ONE_TABLE and node.annotation is not None:
                untyped |= {(module, node.arg)} if ast.unparse(node.annotation) == "Any" else set()
    assert untyped == set()


def test_a_file_of_questions_stands_in_the_folder_of_a_group_where_it_is_one_and_only_there():
    groups = {group.lower() for group in questions.GROUPS}
    for path in (PACKAGE / "questions").rglob("[!_]*.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        answers = any(isinstance(node, ast.FunctionDef) and node.name == "answer" for node in body)
        assert answers == (path.parent.name in groups), path.name


# floors


def test_every_package_has_its_floor():
    found = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or any(path.glob("*.*"))}
    assert found - {"__init__", "__main__", "__pycache__", "geodata", "scenarios", "py"} == {*FLOORS, *BESIDE}


@pytest.mark.parametrize("package", FLOORS)
def test_a_package_imports_only_what_is_below_it(package):
    below = {*FLOORS[: FLOORS.index(package)]}
    below |= {"interchange"} if package == "cli" else set()
    upward = {(whom, when) for (who, whom), when in UPWARD.items() if who == package}
    assert {(whom, when) for whom, when in imported_by(package) if whom not in below} <= upward


@pytest.mark.parametrize("package", ROOMS)
def test_a_room_imports_only_the_rooms_below_it(package):
    rooms = ROOMS[package]
    assert {path.parent.name for path in (PACKAGE / package).glob("*/__init__.py")} == set(rooms)
    inside = [(who.split("."), whom.split(".")) for who, whom, _ in imports() if package_of(who) == package]
    pairs = {(who[2], whom[2]) for who, whom in inside if len(who) > 2 and len(whom) > 2 and whom[1] == package}
    upward = {(who, whom) for who, whom in pairs if {who, whom} <= set(rooms) and rooms.index(who) < rooms.index(whom)}
    assert upward == set()


def test_doors_import_only_the_network_and_only_the_faces_import_doors():
    for package, allowed in BESIDE.items():
        assert {whom for whom, _ in imported_by(package)} <= allowed
    users = {package_of(who) for who, whom, _ in imports() if package_of(whom) == "interchange"}
    assert users <= {"", "cli", "interchange"}


@pytest.mark.parametrize("package", ["graph", "appraisal"])
def test_searches_and_sums_know_only_errors(package):
    assert {whom for whom, _ in imported_by(package)} <= {"errors"}


def test_what_no_question_asks_of_the_graph_stands_apart():
    users = {who for who, whom, _ in imports() if whom.startswith("corridor_net.graph.extra")}
    assert {user for user in users if not user.startswith("corridor_net.graph.extra")} == set()


def test_the_graph_knows_no_pandas():
    for path in (PACKAGE / "graph").rglob("*.py"):
        assert "pandas" not in path.read_text(encoding="utf-8"), path.name


# names


def test_no_name_of_a_class_stands_for_two_things():
    made = (
        (node.name, module)
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    named: dict[str, list[str]] = {}
    for name, module in made:
        named.setdefault(name, []).append(module)
    assert {name: where for name, where in named.items() if len(where) > 1} == {}


# circles


@pytest.mark.parametrize("when", ["types", "later"])
def test_no_modules_import_each_other_in_a_circle(when):
    named = {(who, whom) for who, whom, at in imports() if at in ("always", when)}
    graph = nx.DiGraph((a, b) for a, b in named if (package_of(a), package_of(b)) not in UPWARD)
    assert [sorted(circle) for circle in nx.strongly_connected_components(graph) if len(circle) > 1] == []


# printing


def test_only_the_faces_print():
    for module, path in MODULES.items():
        if package_of(module) in ("cli", "workbench") or module.endswith("__main__"):
            continue
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        assert "print" not in called, module


# what is run by hand


@pytest.mark.parametrize("folder", ["benchmarks", "scripts"])
def test_what_is_run_by_hand_imports_names_that_are_there(folder):
    gone = set()
    for path in (TESTS.parent / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("corridor_net"):
                text = MODULES[node.module].read_text(encoding="utf-8") if node.module in MODULES else ""
                names = {one.name for one in node.names if f"{node.module}.{one.name}" not in MODULES}
                gone |= {(path.name, node.module, name) for name in names if not re.search(rf"\b{name}\b", text)}
    assert gone == set()
