"""The command `serve`: the workbench in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor_net.cli.options import GeodataOption, read_network

LOCAL = ("127.0.0.1", "localhost", "[::1]", "::1")


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; others than this machine need a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 8650,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = False,
    geodata: GeodataOption = None,
) -> None:
    """Open a page in the browser in which scenarios are built on the map and answered at once."""
    import secrets
    import socket

    import uvicorn

    from corridor_net.errors import BadValue
    from corridor_net.workbench.answers import Workbench
    from corridor_net.workbench.app import application

    bench = Workbench(read_network(geodata))
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
    typer.echo(f"corridor-net workbench: {address}\nCtrl-C stops it.")
    if browser:
        import webbrowser

        webbrowser.open(address)
    config = uvicorn.Config(application(bench, hosts=names, token=token), log_level="warning", lifespan="off")
    uvicorn.Server(config).run([listener])


def _names() -> tuple[str, ...]:
    """Return the names and addresses by which other machines call this one."""
    import socket

    name = socket.gethostname()
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(name, None)}
    except OSError:
        found = set()
    return (name, socket.getfqdn(), *sorted(found))
