"""HTTP by uvicorn, with bounds on peers that are slow: to send what they ask, and to take what they are told."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .guard import with_headers

REQUEST_SECONDS = 10.0
"""From the connection, or the end of the answer before, to the end of the headers of a request."""
TAKING_SECONDS = 60.0
"""While more is written than the peer takes."""
LOOK_SECONDS = 1.0
MOST_CONNECTIONS = 1000
"""Further ones are closed at once."""


class BoundedProtocol(H11Protocol):
    """The protocol of uvicorn that cuts connections which keep the server waiting."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look at what the peer does."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._seen = "waits"
        self._look = self.loop.call_later(LOOK_SECONDS, self._look_at_peer)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._look.cancel()
        super().connection_lost(exc)

    def _state(self) -> str:
        """Return what goes on: the peer does not take what is written, or has nothing to wait for, or we work."""
        if self.flow.write_paused:
            return "is full"
        if self.cycle is None or self.cycle.response_complete:
            return "waits"
        return "works"  # within the bounds of the application

    def _look_at_peer(self) -> None:
        now = self.loop.time()
        state = self._state()
        if state != self._seen or state == "works":
            self._since, self._seen = now, state
        if now - self._since > (TAKING_SECONDS if state == "is full" else REQUEST_SECONDS):
            self.transport.abort()
            return
        self._look = self.loop.call_later(LOOK_SECONDS, self._look_at_peer)

    def on_response_complete(self) -> None:
        """Count the time to the next request from here."""
        if not self.flow.write_paused:
            self._since = self.loop.time()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with the headers that every answer has."""
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        events: list[Any] = [
            h11.Response(status_code=400, headers=with_headers(headers), reason=b"Bad Request"),
            h11.Data(data=msg.encode("ascii")),
            h11.EndOfMessage(),
        ]
        for event in events:
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
