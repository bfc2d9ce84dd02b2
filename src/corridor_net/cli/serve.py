"""The command `serve`: the workbench in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor_net.cli.options import GeodataOption, read_network, tell

LOCAL = ("127.0.0.1", "localhost", "[::1]", "::1")


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; others than this machine need a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 8650,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=1, help="Processes that answer; one a core if not said.")
    ] = None,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = False,
    geodata: GeodataOption = None,
) -> None:
    """Open a page in the browser in which scenarios are built on the map and answered at once."""
    import secrets
    import socket
    from functools import partial

    import uvicorn

    from corridor_net.cli.import_network import stop_cleanly
    from corridor_net.errors import BadValue
    from corridor_net.workbench.app import application
    from corridor_net.workbench.pool import Pool
    from corridor_net.workbench.protocol import BoundedProtocol
    from corridor_net.workbench.replies import open_workbench

    hashes = dict(read_network(geodata).file_hashes)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise BadValue(f"cannot listen on {host}:{port}: {error.strerror}", hint="choose another with --port") from None
    port = listener.getsockname()[1]
    local = host in LOCAL
    token = None if local else secrets.token_urlsafe(24)
    names = (host, *LOCAL, *(() if local else _names()))
    shown = f"[{host}]" if ":" in host else ("localhost" if host == "0.0.0.0" else host)  # noqa: S104 - only compared
    address = f"http://{shown}:{port}/" + (f"?token={token}" if token else "")
    tell(f"corridor-net workbench: {address}\nCtrl-C stops it.")
    if browser:
        import webbrowser

        webbrowser.open(address)
    pool = Pool(partial(open_workbench, geodata and geodata.absolute(), hashes), workers)
    config = uvicorn.Config(
        application(pool, hosts=names, token=token),
        http=BoundedProtocol,
        log_level="error",
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    stop_cleanly()
    try:
        uvicorn.Server(config).run([listener])
    finally:
        pool.close()


def _names() -> tuple[str, ...]:
    """Return the names and addresses by which other machines call this one."""
    import socket

    name = socket.gethostname()
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(name, None)}
    except OSError:
        found = set()
    return (name, socket.getfqdn(), *sorted(found))
