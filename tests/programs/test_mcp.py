"""The questions as tools, asked by the client of the official library over standard input and output."""

import importlib.metadata
import json
import os
import shlex
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import anyio
import jsonschema
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from typer.testing import CliRunner

from corridor_net import questions
from corridor_net.cli.main import app
from corridor_net.errors import UserError
from corridor_net.programs import server

SECONDS = 120
PAIR = {"origin": "harbin", "destination": "niigata", "as_of": "2019-07-01"}


def printed(line):
    name, *words = shlex.split(line)
    assert name == "corridor-net"
    return json.loads(CliRunner().invoke(app, words, catch_exceptions=False).stdout)


# over standard input and output


async def _talk(folder):
    started = StdioServerParameters(command=sys.executable, args=["-m", "corridor_net", "mcp"], cwd=str(folder))
    with anyio.fail_after(SECONDS):
        async with Client(stdio_client(started)) as client:
            listed = await client.list_tools()
            found = await client.call_tool("route", PAIR)
            wrong = await client.call_tool("route", {**PAIR, "origin": "harbn"})
            return client.instructions, listed.tools, found, wrong


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_polite_end_ends_it_though_its_input_is_open(tmp_path):
    hello = {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "one", "version": "1"}}
    command = [sys.executable, "-m", "corridor_net", "mcp"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as served:
        asked = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
        served.stdin.write(json.dumps(asked).encode() + b"\n")
        served.stdin.flush()
        assert b'"result"' in served.stdout.readline()
        served.terminate()
        assert served.wait(SECONDS) == -signal.SIGTERM


def test_a_client_lists_the_questions_asks_one_and_is_told_its_mistake(tmp_path):
    with ThreadPoolExecutor(1) as alone:  # a browser of other tests may keep the loop of this thread
        told, tools, found, wrong = alone.submit(anyio.run, partial(_talk, tmp_path)).result()
    assert {one.name for one in tools} == set(questions.commands())
    assert all(one.annotations.read_only_hint and one.description for one in tools)
    for one in tools:
        jsonschema.Draft202012Validator.check_schema(one.input_schema)
    assert "harbin" in told
    assert "primorye-2" in told

    answer = found.structured_content
    assert not found.is_error
    assert json.loads(found.content[0].text) == answer
    assert answer["says"].startswith("Harbin to Niigata, July 2019: 2,942 USD")
    assert answer["answer"] == printed(answer["call"]["command"])
    legs = answer["answer"]["routes"][0]["legs"]
    assert {one["source_id"] for one in answer["sources"]} == {name for leg in legs for name in leg["source_ids"]}
    assert all(one["title"] for one in answer["sources"])
    assert answer["call"]["arguments"] == PAIR
    assert answer["call"]["as_of"] == "2019-07-01"

    assert wrong.is_error
    (fault,) = wrong.structured_content["errors"]
    assert (fault["code"], fault["hint"]) == ("CN-E101", "did you mean 'harbin'?")
    assert list(tmp_path.iterdir()) == []


# what is asked, and told


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("emissions", PAIR),
        ("tcd", {**PAIR, "through": ["zarubino"], "scenario": ["primorye-2"]}),
        ("route", {**PAIR, "by": "time", "schedule": True, "value_of_time": 5, "via": ["dalian"]}),
        pytest.param("compare", {**PAIR, "scenarios": ["primorye-2"]}, marks=pytest.mark.slow),
        pytest.param("diff", {"before": "2019-07-01", "after": "2016-07-01+primorye-2"}, marks=pytest.mark.slow),
        ("access", {"origins": ["hunchun"], "theta": 4, "as_of": "2019-07-01"}),
    ],
)
def test_the_line_of_the_command_that_is_told_gives_the_same_answer(desk, tool, given):
    found = desk.ask(tool, given)
    assert found["answer"] == printed(found["call"]["command"])
    assert found["says"]


@pytest.mark.parametrize(
    ("tool", "given", "message"),
    [
        ("route", {"origin": "harbin"}, "'destination' is missing"),
        ("route", {**PAIR, "orign": "x"}, "route takes no 'orign'"),
        ("route", {**PAIR, "by": "hours"}, "'by' cannot be 'hours'"),
        ("route", {**PAIR, "value_of_time": -1}, "'value_of_time' is -1, and 0 at least"),
        ("route", {**PAIR, "value_of_time": float("nan")}, "'value_of_time' is no number"),
        ("route", {**PAIR, "schedule": 1}, "'schedule' is no boolean"),
        ("route", {**PAIR, "via": "dalian"}, "'via' is a list"),
        ("route", {**PAIR, "origin": None}, "'origin' is missing"),
        ("sources", {"show": True}, "'show' is no integer"),
        ("route", {**PAIR, "as_of": "2019-13-01"}, "2019-13-01"),
        ("route", {**PAIR, "scenario": ["no-such.yaml"]}, "no-such.yaml"),
        ("uncertainty", {"out": "folder"}, "uncertainty takes no 'out'"),
        ("route", {**PAIR, "origin": "hunchun", "destination": "hunchun"}, ""),
        ("rout", PAIR, "unknown question 'rout'"),
    ],
)
def test_a_mistake_is_an_answer_that_says_what_is_wrong(desk, tool, given, message):
    told = server.called(desk, tool, given)
    assert told.is_error
    (fault,) = told.structured_content["errors"]
    assert message in fault["message"]
    assert fault["code"].startswith("CN-E1")


def test_what_writes_or_starts_processes_is_not_asked_for():
    for tool in server.tools():
        own = questions.question(tool.name if tool.name != "run" else "study").parameters
        alone = {one.name for one in own if one.ask.alone}
        assert not alone & set(tool.input_schema["properties"]), tool.name
        assert "out" not in tool.input_schema["properties"]


def test_a_fault_of_ours_ends_no_server(desk, monkeypatch, capsys):
    monkeypatch.setattr(desk, "_model", lambda shared: 1 / 0)
    told = server.called(desk, "route", PAIR)
    assert told.is_error
    assert "a fault of the server" in told.structured_content["errors"][0]["message"]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_long_answer_is_told_in_the_structured_content_alone(monkeypatch, desk):
    monkeypatch.setattr(server, "MOST_TEXT", 2000)
    told = server.called(desk, "route", PAIR)
    text = json.loads(told.content[0].text)
    assert text["answer"] is None
    assert text["says"] == told.structured_content["says"]
    assert "in the structured content" in text["remarks"][-1]
    assert told.structured_content["answer"]["routes"]


@pytest.mark.parametrize("there", [None, "1.9.4"])
def test_without_the_extra_one_message_names_it(monkeypatch, there):
    def version(name):
        if there is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return there

    monkeypatch.setattr(server, "version", version)
    with pytest.raises(UserError) as error:
        server.needed()
    assert "corridor-net[mcp]" in str(error.value)
    assert CliRunner().invoke(app, ["mcp"]).exit_code != 0
