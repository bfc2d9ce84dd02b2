"""Answer questions of other programs by the Model Context Protocol, on standard input and output (extra mcp)."""

from __future__ import annotations

import signal
import sys

from corridor_net.cli.options import Geodata, load_model


def run(*, geodata: Geodata = None) -> None:
    from corridor_net.programs.server import needed, serve

    needed()
    network = load_model(geodata).base
    if sys.stdin.isatty():
        print("corridor-net mcp waits for a program on standard input; Ctrl-C ends it.", file=sys.stderr)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # it writes nothing, and would wait for the next line to end
    serve(network)
