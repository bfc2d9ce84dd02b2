"""The workbench as a web application: addresses, bounds, headers. What is asked is answered in `answers`.

Nothing of a request reaches the file system: pages and scripts are read once, by names that stand here. Requests
are bounded in size and time; a page of another site can neither ask (Host and Origin are checked) nor frame it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import Any, TypeVar

import anyio
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from corridor_net.errors import CorridorError, NoRoute, printable

from .answers import Workbench, errors_of
from .openapi import POSTS, description
from .questions import MOST_TEXT, Question

SECONDS = 30.0
"""A question not answered by then is given up."""
AT_ONCE = 4
"""Questions computed at the same time; others wait."""
PAGE = "workbench.html"
SCRIPTS = {
    "dom.js": "text/javascript",
    "map.js": "text/javascript",
    "state.js": "text/javascript",
    "workbench.js": "text/javascript",
    "map.css": "text/css",
    "workbench.css": "text/css",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
COOKIE = "corridor-net-token"
Asked = TypeVar("Asked", bound=BaseModel)


class _Refused(Exception):
    """A request that is not answered; the page shows why."""

    def __init__(self, status: int, errors: list[dict[str, Any]]) -> None:
        super().__init__(status)
        self.status, self.errors = status, errors


def _error(message: str, where: str = "", hint: str | None = None) -> dict[str, Any]:
    return {"code": "CN-E100", "where": where, "message": message, "hint": hint}


def application(bench: Workbench, *, hosts: tuple[str, ...], token: str | None = None) -> Starlette:
    """Return the application; `hosts` are the names it answers to, `token` what a visitor must know, if anything."""
    web = resources.files("corridor_net") / "web"
    page = (web / PAGE).read_text(encoding="utf-8")
    scripts = {name: (web / name).read_text(encoding="utf-8") for name in SCRIPTS}
    limiter = anyio.CapacityLimiter(AT_ONCE)

    async def compute(work: Callable[[], Any]) -> Any:
        with anyio.move_on_after(SECONDS):
            return await anyio.to_thread.run_sync(work, limiter=limiter, abandon_on_cancel=True)
        raise _Refused(503, [_error(f"no answer within {SECONDS:g} seconds", hint="ask for less, or try again")])

    async def index(_: Request) -> Response:
        return HTMLResponse(page)

    async def script(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in scripts:
            raise _Refused(404, [_error("there is no such file")])
        return Response(scripts[name], media_type=SCRIPTS[name])

    async def network(request: Request) -> Response:
        given = {name: request.query_params[name] for name in ("as_of", "cargo") if name in request.query_params}
        asked = checked(Question, {"origin": "-", "destination": "-", **given})
        return JSONResponse(await compute(partial(bench.map, asked.as_of, asked.cargo)))

    async def openapi(_: Request) -> Response:
        return JSONResponse(description())

    def asking(model: type[BaseModel], answer: Callable[[Any], Any], media: str) -> Callable[..., Any]:
        async def ask(request: Request) -> Response:
            asked = await read(model, request)
            made = await compute(partial(answer, asked))
            headers = {"Content-Disposition": 'attachment; filename="report.html"'} if media == "text/html" else {}
            if isinstance(made, str):
                return Response(made, media_type=media, headers=headers)
            return JSONResponse(made, media_type=media)

        return ask

    return Starlette(
        routes=[
            Route("/", index),
            Route("/web/{name}", script),
            Route("/openapi.json", openapi),
            Route("/api/network", network),
            *(
                Route(f"/api/{name}", asking(model, getattr(bench, name), media), methods=["POST"])
                for name, (model, media, _) in POSTS.items()
            ),
        ],
        middleware=[
            Middleware(_Guard, hosts=hosts, token=token),
            Middleware(GZipMiddleware, minimum_size=2000, compresslevel=5),
        ],
        exception_handlers={
            _Refused: _refused,  # type: ignore[dict-item]
            CorridorError: _mistake,  # type: ignore[dict-item]
            404: _missing,
            405: _method,
        },
    )


async def read(model: type[Asked], request: Request) -> Asked:
    """Return a request's body as `model`; refuse one that is too large, not JSON, or not of that shape."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise _Refused(415, [_error("the request must be application/json")])
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_TEXT + 100_000:
            raise _Refused(413, [_error("the scenario is larger than 1 MB", hint="a scenario is a list of changes")])
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _Refused(400, [_error(f"not JSON: {str(error)[:200]}")]) from None
    return checked(model, data)


def checked(model: type[Asked], data: Any) -> Asked:
    """Return data as `model`, or refuse them with the place of every fault."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        raise _Refused(
            422, [_error(f["msg"].removeprefix("Value error, "), _where(f["loc"])) for f in faults[:50]]
        ) from None
    except RecursionError:
        raise _Refused(422, [_error("nested too deeply")]) from None


def _where(keys: tuple[Any, ...]) -> str:
    return ".".join(printable(str(k)) for k in keys if isinstance(k, int) or not str(k).startswith("function-"))


async def _refused(_: Request, error: _Refused) -> Response:
    return JSONResponse({"errors": error.errors}, error.status)


async def _mistake(_: Request, error: CorridorError) -> Response:
    return JSONResponse({"errors": errors_of(error)}, 404 if isinstance(error, NoRoute) else 422)


async def _missing(_: Request, __: Exception) -> Response:
    return JSONResponse({"errors": [_error("there is nothing at this address")]}, 404)


async def _method(_: Request, __: Exception) -> Response:
    return JSONResponse({"errors": [_error("this address does not answer this method")]}, 405)


class _Guard:
    """Lets in those who may ask, and adds the headers that keep a page safe to every response."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], token: str | None) -> None:
        self.app, self.hosts, self.token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = [(k.lower().encode(), v.encode()) for k, v in HEADERS.items()]
                if request.url.path.startswith("/api/"):
                    headers.append((b"cache-control", b"no-store"))
                else:
                    headers.append((b"cache-control", b"no-cache"))
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        response = self._refuse(request)
        await (response or self.app)(scope, receive, guarded)

    def _refuse(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if _name_of(host) not in self.hosts:
            return JSONResponse({"errors": [_error(f"this server does not answer to '{host[:80]}'")]}, 400)
        origin = request.headers.get("origin")
        if request.method not in ("GET", "HEAD") and origin is not None and origin.partition("//")[2] != host:
            return JSONResponse({"errors": [_error("a page of another site cannot ask this server")]}, 403)
        if self.token is None:
            return None
        given = request.query_params.get("token", "")
        if request.url.path == "/" and self._same(given):
            entered = RedirectResponse("/", 303)
            entered.set_cookie(COOKIE, given, httponly=True, samesite="strict")
            return entered
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._same(request.cookies.get(COOKIE, "")) or self._same(bearer):
            return None
        hint = "open the address with ?token= that the command printed"
        return JSONResponse({"errors": [_error("a token is needed", hint=hint)]}, 401)

    def _same(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), str(self.token).encode())


def _name_of(host: str) -> str:
    """Return a host without its port.

    >>> _name_of("[::1]:8000"), _name_of("localhost:80"), _name_of("example.org")
    ('[::1]', 'localhost', 'example.org')
    """
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if ":" in host else host
