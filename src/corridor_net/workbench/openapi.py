"""The OpenAPI description of the workbench: made from the shapes of its questions. No handlers."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from corridor_net import __version__
from corridor_net.programs.shapes import offered, parameters_of, shape
from corridor_net.questions import GROUPS, Question, short
from corridor_net.render.words import LANGUAGES

from .questions import Draft, Layer, RouteRequest, Text

ERRORS = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "where", "message", "hint"],
                "properties": {
                    "code": {"type": "string"},
                    "where": {"type": "string", "description": "Key of the question, or place in the file"},
                    "message": {"type": "string"},
                    "hint": {"type": ["string", "null"]},
                },
            },
        }
    },
}
ANSWER = {
    "type": "object",
    "required": ["says", "answer", "units", "sources", "remarks", "call"],
    "properties": {
        "says": {"type": "string", "description": "The answer in a sentence"},
        "answer": {"type": "object", "description": "The documented JSON of the question, as `--json` prints it"},
        "units": {"type": "object", "additionalProperties": {"type": "string"}},
        "sources": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["source_id"],
                "additionalProperties": {"type": "string"},
            },
        },
        "remarks": {"type": "array", "items": {"type": "string"}},
        "call": {"type": "object", "description": "What was asked of which data, and the command that gives the same"},
    },
}
POSTS: dict[str, tuple[type[BaseModel], str, str]] = {
    "answer": (RouteRequest, "application/json", "Route, totals with ranges, access: the baseline and each scenario"),
    "thresholds": (RouteRequest, "application/json", "Who wins by the value of time, and the nearest limits"),
    "layer": (Layer, "application/json", "Hours, USD, people or TEU by place and line of the map"),
    "geojson": (RouteRequest, "application/geo+json", "The routes as GeoJSON"),
    "report": (RouteRequest, "text/html", "The report of the scenarios for all origins"),
    "parse": (Text, "application/json", "A scenario file as JSON, or its faults with line and column"),
    "yaml": (Draft, "application/yaml", "A scenario as the YAML that `run` reads"),
}


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    models = [(model, "validation") for model in (RouteRequest, Layer, Draft, Text)]
    _, shapes = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    refused = {
        str(status): {
            "description": words,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}},
        }
        for status, words in (
            (400, "Not JSON, or asked by another name of the server"),
            (401, "A token is needed"),
            (403, "Asked by a page of another site"),
            (404, "No route, or no such address"),
            (413, "Too large"),
            (415, "Not application/json"),
            (422, "A value that is wrong: which, why, and what to do"),
            (503, "No answer in time"),
        )
    }
    day = {"name": "as_of", "in": "query", "schema": {"type": "string", "format": "date"}, "description": "Day"}
    cargo = {"name": "cargo", "in": "query", "schema": {"type": "string"}, "description": "Cargo profile"}
    tongue = {
        "name": "language",
        "in": "query",
        "schema": {"enum": list(LANGUAGES)},
        "description": "Language of names",
    }
    paths: dict[str, Any] = {
        "/api/network": {
            "get": {
                "operationId": "network",
                "summary": "Map, and all that can be changed, as of a day, for a cargo",
                "parameters": [day, cargo, tongue],
                "responses": {"200": _ok("application/json", "The network"), **refused},
            }
        }
    }
    for name, (model, media, words) in POSTS.items():
        body = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
        paths[f"/api/{name}"] = {
            "post": {
                "operationId": name,
                "summary": words,
                "requestBody": {"required": True, "content": {"application/json": body}},
                "responses": {"200": _ok(media, words), **refused},
            }
        }
    for command, one in offered(files=False).items():
        paths[f"/api/questions/{command}"] = {"get": {**_question(one), "responses": {"200": _answer(), **refused}}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "corridor-net workbench",
            "version": __version__,
            "description": "Addresses under /api/questions/ ask the package itself; the others are those of the page.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "tags": [{"name": name} for name in GROUPS],
        "paths": paths,
        "components": {"schemas": {**shapes["$defs"], "Errors": ERRORS, "Answer": ANSWER}},
    }


def _question(asked: Question) -> dict[str, Any]:
    """Return a question of the package, made from its file; its parameters stand in the address."""
    group, told = short(asked.name)
    parameters = []
    for one in parameters_of(asked, files=False):
        schema = shape(one)
        words = schema.pop("description")
        parameters.append(
            {"name": one.name, "in": "query", "required": one.required, "description": words, "schema": schema}
        )
    return {
        "operationId": f"question-{asked.command}",
        "tags": [group],
        "summary": told,
        "description": asked.help.partition("\n\n>>>")[0],
        "parameters": parameters,
    }


def _answer() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Answer"}
    return {"description": "The answer", "content": {"application/json": {"schema": schema}}}


def _ok(media: str, words: str) -> dict[str, Any]:
    schema = {"type": "object"} if "json" in media else {"type": "string"}
    return {"description": words, "content": {media: {"schema": schema}}}
