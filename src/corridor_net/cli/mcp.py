"""The command `mcp`: the questions as tools for programs that speak the Model Context Protocol."""

from __future__ import annotations

import sys

from corridor_net.cli.options import GeodataOption, read_network


def mcp(geodata: GeodataOption = None) -> None:
    """Answer questions of other programs by the Model Context Protocol, on standard input and output (extra mcp)."""
    from corridor_net.programs.server import needed, serve

    needed()
    network = read_network(geodata)
    if sys.stdin.isatty():
        print("corridor-net mcp waits for a program on standard input; Ctrl-C ends it.", file=sys.stderr)
    serve(network)
