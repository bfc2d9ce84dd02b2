"""One request to one reply, both as bytes: the body read within its shape, the answer or the faults written as JSON.

This runs in a process that may be stopped at any time; nothing here knows of HTTP beyond status and media type.
"""

from __future__ import annotations

import gzip
import json
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from corridor_net.errors import MOST_SHOWN, BadFile, CorridorError, NoRoute, did_you_mean, printable
from corridor_net.languages import words_for
from corridor_net.network import Network
from corridor_net.network.files.json_text import without_doubles
from corridor_net.programs.shapes import askable
from corridor_net.questions import commands, question
from corridor_net.scenario.yaml_file import in_our_words, keys_of

from .answers import Workbench
from .faults import errors_of, faults_in_words
from .openapi import POSTS
from .questions import RouteRequest

WORTH_PACKING = 2_000
"""Bytes from which a reply is compressed."""
MOST_FAULTS = 50
MOST_MEMORY = 2_000_000_000
"""Bytes of data a process that computes may hold."""
QUESTIONS = "questions/"
"""What the name of a request begins with that asks a question of the package as it is."""
Asked = TypeVar("Asked", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A status, a media type and the content, compressed by gzip where `packed`."""

    status: int
    media: str
    content: bytes
    packed: bool = False

    def __len__(self) -> int:
        return len(self.content)


class Refused(Exception):
    """A request that is not answered; the page shows why."""

    def __init__(self, status: int, errors: list[dict[str, Any]]) -> None:
        super().__init__(status)
        self.status, self.errors = status, errors


def fault(message: str, where: str = "", hint: str | None = None) -> dict[str, Any]:
    """Return one error as the page shows it."""
    return {"code": "CN-E100", "where": where, "message": message, "hint": hint}


def reply(content: Any, media: str = "application/json", status: int = 200) -> Reply:
    """Return text, or data as JSON, ready to be sent."""
    text = (
        content
        if isinstance(content, str)
        else json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    )
    raw = text.encode()
    if len(raw) < WORTH_PACKING:
        return Reply(status=status, media=media, content=raw)
    return Reply(status=status, media=media, content=gzip.compress(raw, 5, mtime=0), packed=True)


def refusal(status: int, *errors: dict[str, Any]) -> Reply:
    """Return a reply that says what is wrong."""
    return reply({"errors": list(errors)}, status=status)


def in_language(made: Reply, language: str) -> Reply:
    """Return a refusal in a reader's language."""
    if language == "en":
        return made
    words, told = (
        words_for(language=language),
        json.loads(gzip.decompress(made.content) if made.packed else made.content),
    )
    return refusal(made.status, *faults_in_words(told["errors"], words))


def open_workbench(folder: Path | None, hashes: dict[str, str]) -> Workbench:
    """Return the workbench of a folder whose files have these hashes; raise BadFile where they have changed."""
    network = Network.from_folder(folder)
    if dict(network.file_hashes) != hashes:
        raise BadFile("the data have changed since the server was started", hint="start the server again")
    return Workbench(network)


def reply_of(bench: Any, name: str, body: bytes) -> Reply:
    """Return the reply to a request of this name; whatever goes wrong is a reply too."""
    try:
        if name == "network":
            data = read_json(body)
            asked = checked(
                RouteRequest, {"origin": "-", "destination": "-", **data} if isinstance(data, dict) else data
            )
            return reply(bench.map(asked.as_of, asked.cargo, asked.language))
        if name.startswith(QUESTIONS):
            return _question(bench, name.removeprefix(QUESTIONS), read_json(body))
        model, media, _ = POSTS[name]
        return reply(getattr(bench, name)(checked(model, read_json(body))), media)
    except Refused as error:
        return refusal(error.status, *error.errors)
    except CorridorError as error:
        return refusal(404 if isinstance(error, NoRoute) else 422, *errors_of(error))
    except MemoryError:
        return refusal(503, fault("the answer needs too much memory", hint="ask for less"))
    except Exception:  # noqa: BLE001 - one fault of ours must not end the server
        traceback.print_exc(file=sys.stderr)
        return refusal(500, fault("a fault of the server; its log says more"))


def _question(bench: Any, command: str, given: Any) -> Reply:
    known = commands()
    if command not in known or not askable(question(known[command]), files=False):
        hint = did_you_mean(command, known) or None
        return refusal(404, fault(f"there is no question '{printable(command[:80])}' here", hint=hint))
    return reply(bench.question(known[command], given))


def read_json(body: bytes) -> Any:
    """Return a body as data, or refuse it."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=without_doubles)
    except (ValueError, RecursionError) as error:
        raise Refused(400, [fault(f"not JSON: {printable(str(error)[:200])}")]) from None


def checked(model: type[Asked], data: Any) -> Asked:
    """Return data as `model`, or refuse them with the place of every fault."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False)[:MOST_FAULTS]
        raise Refused(422, [_fault_of(model, one) for one in faults]) from None
    except RecursionError:
        raise Refused(422, [fault("nested too deeply")]) from None


def _fault_of(model: type[BaseModel], detail: Any) -> dict[str, Any]:
    message, hint = in_our_words(model, detail)
    where = ".".join(printable(str(key)) for key in keys_of(detail))
    return fault(printable(message[:MOST_SHOWN]), where, hint and printable(hint[:MOST_SHOWN]))
