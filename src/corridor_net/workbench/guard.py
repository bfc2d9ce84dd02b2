"""Who may ask, and the headers that keep a page safe on every answer, also where the application fails."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .pages import language_of
from .replies import Reply, fault, in_language, refusal

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CACHED = "private, no-cache"
"""Kept by the browser, and asked about each time: an answer that is the same is not sent again."""
COOKIE = "corridor-net-token"
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")


class Guard:
    """Lets in those who may ask, and adds the headers to every response.

    `hosts` are the names the server answers to, `token` what a visitor must know, if anything.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], token: str | None) -> None:
        self.app, self.token = app, token
        self.hosts = frozenset(plain_name(host) for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": with_headers(message.get("headers", []))}
            await send(message)

        response = self._refuse(Request(scope))
        await (response or self.app)(scope, receive, guarded)

    def _refuse(self, request: Request) -> Response | None:
        if {"content-length", "transfer-encoding"} <= {*request.headers}:
            two = fault("a request that says in two ways how long it is", hint="leave out one of the headers")
            return response_of(refusal(400, two), request, {"Connection": "close"})
        given = request.headers.getlist("host")
        host = host_of(given[0]) if len(given) == 1 else None
        if host is None or host[0] not in self.hosts:
            return response_of(
                refusal(400, fault(f"this server does not answer to '{', '.join(given)[:80]}'")), request
            )
        if not self._same_site(request, host):
            return response_of(refusal(403, fault("a page of another site cannot ask this server")), request)
        return self._without_token(request) if self.token is not None else None

    def _same_site(self, request: Request, host: tuple[str, str]) -> bool:
        """Whether it is no page of another site that asks; the page itself may be opened from anywhere."""
        if request.url.path == "/" and request.method in ("GET", "HEAD"):
            return True
        origin = request.headers.get("origin")
        if origin is not None and not _is_origin(origin, host):
            return False
        return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")

    def _without_token(self, request: Request) -> Response | None:
        given = request.query_params.get("token", "")
        if request.url.path == "/" and self._same(given):
            entered = RedirectResponse("/", 303)
            entered.set_cookie(COOKIE, given, httponly=True, samesite="strict")
            return entered
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._same(request.cookies.get(COOKIE, "")) or self._same(bearer):
            return None
        hint = "open the address with ?token= that the command printed"
        return response_of(refusal(401, fault("a token is needed", hint=hint)), request)

    def _same(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), str(self.token).encode())


def with_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers of a response with those that keep a page safe; nothing is cached unless it says so."""
    ours = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
    if not any(name.lower() == b"cache-control" for name, _ in headers):
        ours.append((b"cache-control", b"no-store"))
    return [*headers, *ours]


def response_of(made: Reply, request: Request, headers: dict[str, str] | None = None) -> Response:
    """Return a reply as a response, compressed where the visitor takes that."""
    extra = {**(headers or {}), "Vary": "Accept-Encoding"}
    if made.status >= 400:
        made = in_language(made, language_of(None, request.headers.get("accept-language", "")))
    content = made.content
    if made.packed and takes_gzip(request.headers.get("accept-encoding", "")):
        extra["Content-Encoding"] = "gzip"
    elif made.packed:
        import gzip

        content = gzip.decompress(content)
    return Response(content, made.status, extra, media_type=made.media)


def takes_gzip(accepted: str) -> bool:
    """Return whether a header Accept-Encoding allows gzip.

    >>> takes_gzip("br, gzip"), takes_gzip("gzip;q=0"), takes_gzip("")
    (True, False, False)
    """
    for part in accepted.split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() in ("gzip", "x-gzip"):
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return False


def host_of(header: str) -> tuple[str, str] | None:
    """Return name and port of a header Host, None for what is no host: a user, a path, a port that is no number.

    >>> host_of("[::1]:8000"), host_of("LocalHost.:80"), host_of("a@b"), host_of("a:b")
    (('::1', '8000'), ('localhost', '80'), None, None)
    """
    found = _HOST.fullmatch(header)
    if found is None or int(found["port"] or 0) > 65535:
        return None
    return plain_name(found["name"]), found["port"] or ""


def plain_name(host: str) -> str:
    """Return a host's name as it is compared: small letters, no brackets, no dot at its end."""
    return host.strip("[]").lower().removesuffix(".")


def _is_origin(origin: str, host: tuple[str, str]) -> bool:
    try:
        parts = urlsplit(origin)
        theirs = host_of(parts.netloc)
    except ValueError:
        return False
    port = {"http": "80", "https": "443"}.get(parts.scheme)
    if theirs is None or port is None or parts.path or parts.query or parts.fragment:
        return False
    return (theirs[0], theirs[1] or port) == (host[0], host[1] or port)
