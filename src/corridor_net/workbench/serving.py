"""Where the workbench is served: the address it listens on, who may ask, the processes that answer."""

from __future__ import annotations

import secrets
import socket
from dataclasses import dataclass

import uvicorn

from corridor_net.errors import BadValue

from .app import application
from .pool import Pool
from .protocol import BoundedProtocol

LOCAL = ("127.0.0.1", "localhost", "[::1]", "::1")


@dataclass(frozen=True, kw_only=True)
class Served:
    """A workbench that listens at an address; `names` are those it answers to, `token` what a visitor must know."""

    listener: socket.socket
    address: str
    names: tuple[str, ...]
    token: str | None

    @classmethod
    def at(cls, host: str, port: int) -> Served:
        """Listen on a port of a host, 0 a free one; raise BadValue where that cannot be."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
        except (OSError, OverflowError) as error:  # the latter for a number that no port has
            listener.close()
            said = f"cannot listen on {host}:{port}: {getattr(error, 'strerror', error)}"
            raise BadValue(said, hint="choose another with --port") from None
        local = host in LOCAL
        token = None if local else secrets.token_urlsafe(24)
        shown = f"[{host}]" if ":" in host else ("localhost" if host == "0.0.0.0" else host)  # noqa: S104 - only compared
        address = f"http://{shown}:{listener.getsockname()[1]}/" + (f"?token={token}" if token else "")
        names = (host, *LOCAL, *(() if local else _names()))
        return cls(listener=listener, address=address, names=names, token=token)

    def run(self, pool: Pool) -> None:
        """Let the processes of a pool answer until told to stop; then close it."""
        config = uvicorn.Config(
            application(pool, hosts=self.names, token=self.token),
            http=BoundedProtocol,
            log_level="error",
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        try:
            uvicorn.Server(config).run([self.listener])
        finally:
            pool.close()


def _names() -> tuple[str, ...]:
    """Return the names and addresses by which other machines call this one."""
    name = socket.gethostname()
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(name, None)}
    except OSError:
        found = set()
    return (name, socket.getfqdn(), *sorted(found))
