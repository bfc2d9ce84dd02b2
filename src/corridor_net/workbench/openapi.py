"""The OpenAPI description of the workbench: made from the shapes of its questions. No handlers."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from corridor_net import __version__
from corridor_net.render.words import LANGUAGES

from .questions import Draft, Question, Text

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
POSTS: dict[str, tuple[type[BaseModel], str, str]] = {
    "answer": (Question, "application/json", "Route, totals with ranges, access: the baseline and each scenario"),
    "thresholds": (Question, "application/json", "Who wins by the value of time, and the nearest limits"),
    "geojson": (Question, "application/geo+json", "The routes as GeoJSON"),
    "report": (Question, "text/html", "The report of the scenarios for all origins"),
    "parse": (Text, "application/json", "A scenario file as JSON, or its faults with line and column"),
    "yaml": (Draft, "application/yaml", "A scenario as the YAML that `run` reads"),
}


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    models = [(model, "validation") for model in (Question, Draft, Text)]
    _, shapes = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    refused = {
        str(status): {"description": words, "content": {"application/json": {"schema": ERRORS}}}
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
    return {
        "openapi": "3.1.0",
        "info": {"title": "corridor-net workbench", "version": __version__},
        "paths": paths,
        "components": {"schemas": shapes["$defs"]},
    }


def _ok(media: str, words: str) -> dict[str, Any]:
    schema = {"type": "object"} if "json" in media else {"type": "string"}
    return {"description": words, "content": {media: {"schema": schema}}}
