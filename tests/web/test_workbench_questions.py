"""The questions of the package over HTTP: described as they are, answered as by the command, reading no file."""

import json
import sys

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.testclient import TestClient
from typer.testing import CliRunner

from corridor_net import Network, questions
from corridor_net.cli.main import app
from corridor_net.errors import UserError
from corridor_net.programs.shapes import offered, parameters_of, read
from corridor_net.workbench.answers import Workbench
from corridor_net.workbench.app import application
from usual_questions import PAIR, QUICK, usual

from .conftest import Here


@pytest.fixture(scope="module")
def client():
    bench = Workbench(Network.from_folder())
    with TestClient(application(Here(bench), hosts=("testserver",))) as client:
        yield client


@pytest.fixture(scope="module")
def document(client):
    return client.get("/openapi.json").json()


def asked(client, name, given):
    return client.get(f"/api/questions/{name}", params=given)


# the description


def test_the_description_is_valid_and_lists_every_question_that_needs_no_file(document):
    OpenAPIV31SpecValidator(document).validate()
    listed = {path.rpartition("/")[2] for path in document["paths"] if path.startswith("/api/questions/")}
    assert listed == set(questions.commands()) - {"gravity", "advantage"}
    assert len({one["operationId"] for path in document["paths"].values() for one in path.values()}) == len(
        document["paths"]
    )


def test_parameters_have_the_types_words_and_units_of_the_question(document):
    told = {one["name"]: one for one in document["paths"]["/api/questions/route"]["get"]["parameters"]}
    assert told["origin"]["required"]
    assert told["via"]["schema"] == {"type": "array", "items": {"type": "string"}}
    assert told["by"]["schema"] == {"type": "string", "enum": ["generalised", "money", "time", "co2"]}
    assert told["value_of_time"]["schema"] == {"type": "number", "minimum": 0, "x-unit": "USD"}
    assert told["schedule"]["schema"] == {"type": "boolean", "default": False}
    for name in offered(files=False):
        listed = {one["name"] for one in document["paths"][f"/api/questions/{name}"]["get"]["parameters"]}
        assert not listed & {"out", "workers", "traffic", "correlations", "trade", "world"}, name


# answers


@pytest.mark.parametrize(
    "name",
    [one if one in QUICK[:6] else pytest.param(one, marks=pytest.mark.slow) for one in offered(files=False)],
)
def test_each_listed_question_answers(client, name):
    if name == "sweep":
        pytest.skip("no shipped study has a sweep; it is asked by a file")
    found = asked(client, name, usual(name))
    assert found.status_code == 200, found.text
    told = found.json()
    assert told["says"]
    assert told["answer"]
    assert told["call"]["tool"] == name


def test_the_answer_is_that_of_the_command_and_is_kept_by_the_visitor(client):
    found = asked(client, "route", {**PAIR, "via": ["dalian", "busan"], "schedule": "true", "co2_price": "50"})
    told = found.json()
    line = told["call"]["command"].split()[1:]
    assert told["answer"] == json.loads(CliRunner().invoke(app, line, catch_exceptions=False).stdout)
    assert told["call"]["arguments"] == {**PAIR, "via": ["dalian", "busan"], "schedule": True, "co2_price": 50.0}
    again = client.get(found.url, headers={"if-none-match": found.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("name", "given", "status", "message"),
    [
        ("rout", PAIR, 404, "no question 'rout'"),
        ("gravity", {"trade": "x.csv"}, 404, "no question 'gravity'"),
        ("route", {"origin": "harbin"}, 422, "'destination' is missing"),
        ("route", {**PAIR, "by": "hours"}, 422, "'by' cannot be 'hours'"),
        ("route", {**PAIR, "value_of_time": "much"}, 422, "'value_of_time' is no number: much"),
        ("route", {**PAIR, "value_of_time": "inf"}, 422, "'value_of_time' is no number"),
        ("route", {**PAIR, "origin": ["harbin", "yanji"]}, 422, "'origin' is given 2 times"),
        ("route", {**PAIR, "schedule": "maybe"}, 422, "'schedule' is no boolean"),
        ("route", {**PAIR, "geodata": "/"}, 422, "route takes no 'geodata'"),
        ("route", {**PAIR, "as_of": "1890-01-01"}, 422, "outside the data"),
    ],
)
def test_a_mistake_is_told_as_everywhere(client, name, given, status, message):
    found = asked(client, name, given)
    assert found.status_code == status
    (fault,) = found.json()["errors"]
    assert message in fault["message"]
    assert set(fault) == {"code", "where", "message", "hint"}


# files


PATHS = ("secret.csv", "secret.yaml", "SECRET.XLSX", "sub/secret", "..\\secret", "/etc/hostname")


def test_no_text_that_could_be_a_file_reaches_a_question():
    for one in offered(files=False).values():
        for parameter in parameters_of(one, files=False):
            if parameter.kind is not str:
                continue
            names = (*PATHS, "secret", "secret.yml+primorye-2") if parameter.ask.names == "scenario" else PATHS
            for name in names:
                given = {own.name: "harbin" for own in one.parameters if own.required and own.kind is str}
                given[parameter.name] = [name] if parameter.many else name
                with pytest.raises(UserError, match=r"no file is read here|no shipped scenario"):
                    read(one, given, files=False)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("route", {**PAIR, "origin": "secret"}),
        ("sensitivity", {"origin": "secret"}),
        ("line", {"service": "secret"}),
        ("route", {**PAIR, "cargo": "secret"}),
    ],
)
def test_a_plain_name_opens_no_file_of_the_folder(client, tmp_path, monkeypatch, name, given):
    monkeypatch.chdir(tmp_path)
    for file in ("secret", "secret.yaml", "secret.csv"):
        (tmp_path / file).write_text("scenario: secret\ntitle: secret\n", encoding="utf-8")
    opened, watching = [], True
    sys.addaudithook(lambda event, args: opened.append(str(args[0])) if watching and event == "open" else None)
    assert asked(client, name, given).status_code == 422
    watching = False
    assert [path for path in opened if "secret" in path] == []
