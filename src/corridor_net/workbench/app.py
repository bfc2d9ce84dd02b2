"""The workbench as a web application: addresses and bounds. What is asked is answered by the processes of a `Pool`.

Nothing of a request reaches the file system: pages and scripts are read once, by names that stand here. Requests
are bounded in size and time; who may ask is told in `guard`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from .guard import CACHED, Guard, response_of
from .openapi import POSTS, description
from .pages import files, language_of, page
from .questions import MOST_TEXT
from .replies import QUESTIONS, Refused, Reply, fault, refusal, reply

BODY_SECONDS = 10.0
"""A request whose body is not there by then is given up."""
MOST_BODY = MOST_TEXT + 100_000


class Answers(Protocol):
    """What answers a question of a name, given as the bytes of its body."""

    async def ask(self, name: str, body: bytes) -> Reply:
        """Return the reply; raise Refused where there is none."""


def application(
    answers: Answers, *, hosts: tuple[str, ...], token: str | None = None, body_seconds: float = BODY_SECONDS
) -> ASGIApp:
    """Return the application; `hosts` are the names it answers to, `token` what a visitor must know, if anything."""
    scripts = files()

    async def index(request: Request) -> Response:
        asked = language_of(request.query_params.get("lang"), request.headers.get("accept-language", ""))
        made = cached(page(asked), request)
        made.headers["Vary"] = "Accept-Encoding, Accept-Language"
        return made

    async def script(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in scripts:
            raise Refused(404, [fault("there is no such file")])
        return cached(scripts[name], request)

    async def network(request: Request) -> Response:
        given = {
            name: request.query_params[name] for name in ("as_of", "cargo", "language") if name in request.query_params
        }
        made = await unless_left(request, answers.ask("network", json.dumps(given).encode()))
        return cached(made, request) if made.status == 200 else response_of(made, request)

    async def question(request: Request) -> Response:
        asked = f"{QUESTIONS}{request.path_params['name']}"
        given = {name: request.query_params.getlist(name) for name in request.query_params}
        made = await unless_left(request, answers.ask(asked, json.dumps(given).encode()))
        return cached(made, request) if made.status == 200 else response_of(made, request)

    async def openapi(request: Request) -> Response:
        return response_of(reply(description()), request)

    def asking(name: str, media: str) -> Callable[[Request], Awaitable[Response]]:
        headers = {"Content-Disposition": 'attachment; filename="report.html"'} if media == "text/html" else {}

        async def ask(request: Request) -> Response:
            body = await read(request, body_seconds)
            made = await unless_left(request, answers.ask(name, body))
            return response_of(made, request, headers if made.status == 200 else None)

        return ask

    inner = Starlette(
        routes=[
            Route("/", index),
            Route("/web/{name}", script),
            Route("/openapi.json", openapi),
            Route("/api/network", network),
            Route("/api/questions/{name}", question),
            *(Route(f"/api/{name}", asking(name, media), methods=["POST"]) for name, (_, media, _) in POSTS.items()),
        ],
        exception_handlers={Refused: _refused, ClientDisconnect: _left, 404: _missing, 405: _method, 500: _broken},  # type: ignore[dict-item]
    )
    return Guard(inner, hosts, token)


async def read(request: Request, seconds: float) -> bytes:
    """Return a request's body; refuse one that is not said to be JSON, is too large, or does not come in time."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, [fault("the request must be application/json")])
    length = request.headers.get("content-length", "")
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            _bound(int(length) if length.isdecimal() else 0)
            async for chunk in request.stream():
                body += chunk
                _bound(len(body))
    except TimeoutError:
        raise Refused(408, [fault(f"the request was not there within {seconds:g} seconds")]) from None
    return bytes(body)


def _bound(size: int) -> None:
    if size > MOST_BODY:
        raise Refused(413, [fault("the scenario is larger than 1 MB", hint="a scenario is a list of changes")])


async def unless_left(request: Request, asked: Coroutine[Any, Any, Reply]) -> Reply:
    """Return the reply to a question; raise ClientDisconnect, and stop the work, when the visitor leaves before."""
    answer, left = asyncio.ensure_future(asked), asyncio.ensure_future(_leaves(request))
    try:
        await asyncio.wait([answer, left], return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ClientDisconnect
        return await answer
    finally:
        answer.cancel()
        left.cancel()


async def _leaves(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def cached(made: Reply, request: Request) -> Response:
    """Return a reply that the browser keeps, or nothing where it has the same already."""
    tag = f'"{hashlib.sha256(made.content).hexdigest()[:32]}"'
    headers = {"Cache-Control": CACHED, "ETag": tag}
    if tag in (part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return response_of(made, request, headers)


async def _refused(request: Request, error: Refused) -> Response:
    made = response_of(refusal(error.status, *error.errors), request)
    if error.status == 503:
        made.headers["Retry-After"] = "10"
    if error.status in (408, 413):
        made.headers["Connection"] = "close"
    return made


async def _left(_request: Request, _: Exception) -> Response:
    return Response(status_code=499)  # nobody hears it


async def _missing(request: Request, _: Exception) -> Response:
    return response_of(refusal(404, fault("there is nothing at this address")), request)


async def _method(request: Request, _: Exception) -> Response:
    return response_of(refusal(405, fault("this address does not answer this method")), request)


async def _broken(request: Request, _: Exception) -> Response:
    return response_of(refusal(500, fault("a fault of the server; its log says more")), request)
