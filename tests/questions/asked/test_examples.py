"""What a message gives as an example is in the data at hand: no place and no scenario of one region stands in code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net.errors import BadValue
from corridor_net.scenario import shipped_scenarios
from corridor_net.scenario.example import example_of

PACKAGE = Path(cn.__file__).parent
ROOT = Path(__file__).parents[3]


def literals(path):
    """Yield the texts of a file that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def test_no_place_and_no_scenario_stands_in_code():
    network = cn.load().network
    names = {*network.nodes, *(node.name for node in network.nodes.values()), *shipped_scenarios()}
    names |= {row.service_id for row in network.rows("service")} | {row.link_id for row in network.rows("link")}
    names |= {row.crossing_id.removesuffix(f"-{row.direction}") for row in network.rows("crossing")}
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for line, text in literals(path):
            words = set(re.findall(r"[\w-]+", text.replace("Asia/Tokyo", "")))  # the name of a time zone
            found += [f"{path.name}:{line}: {word}" for word in names & words]
    assert not found


@pytest.fixture(scope="module")
def elsewhere():
    return cn.load(geodata=ROOT / "docs" / "examples" / "middle-corridor")


def test_hints_name_what_the_package_has(elsewhere):
    with pytest.raises(BadValue) as told:
        elsewhere.appraise()
    assert "primorye" not in str(told.value)
    with pytest.raises(BadValue, match="is no pair") as told:
        elsewhere.matrix(pairs=["nowhere"])
    assert str(told.value.hint).endswith(":".join(elsewhere.network.default_pair))
    with pytest.raises(BadValue, match="is no preference") as told:
        elsewhere.gateways(prefer=["x"])
    port = str(told.value.hint).rpartition(" ")[2].partition("=")[0]
    assert port in elsewhere.network.nodes


def test_a_scenario_to_start_from_shows_rows_of_the_package(elsewhere):
    shown = example_of(elsewhere.network)
    stem = shown.crossing.removesuffix("*")
    assert [row for row in elsewhere.network.rows("crossing") if row.crossing_id.startswith(stem)]
    assert shown.link in {row.link_id for row in elsewhere.network.rows("link")}


def test_a_scenario_to_start_from_is_good_as_it_is_written(cli, tmp_path, monkeypatch):
    """Of a package with borders it changes a border, of one without a link; and it is named with its data."""
    monkeypatch.chdir(tmp_path)
    middle = ROOT / "docs" / "examples" / "middle-corridor"
    assert cli("new-network", "mine").code == 0
    for name, data, table in (("a", middle, "crossing"), ("b", "mine", "link")):
        made = cli("new", name, "--geodata", data)
        assert made.out.split()[-2:] == ["--geodata", str(data)]
        assert f": {table}" in Path(f"{name}.yaml").read_text(encoding="utf-8")
        assert cli("check", f"{name}.yaml", "--geodata", data).code == 0, name
