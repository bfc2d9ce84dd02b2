"""Where the command begins, `corridor-net` or `python -m corridor_net`: it can be stopped whatever it is at."""

from __future__ import annotations

import gc
import signal
import sys
from types import FrameType

from corridor_net.errors import STOPPED


def start() -> None:
    """Run the command; what it leaves goes with the process, and is not looked through for circles at its end."""
    gc.set_threshold(100_000, 20, 20)  # a large network is millions of objects, none in a circle
    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.append(number)
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # in the background it may be ignored
        signal.signal(signal.SIGINT, stop)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:  # a polite end cleans up as Ctrl-C does
        signal.signal(signal.SIGTERM, stop)
    try:
        from corridor_net.cli.main import main

        main()
    except BaseException as error:  # libraries being loaded make errors of their own of being stopped
        told = isinstance(error, SystemExit) and error.code in (0, None, STOPPED)
        if told or not (stopped or isinstance(error, KeyboardInterrupt)):
            raise
        print("stopped; nothing was left half-written", file=sys.stderr)
        sys.exit(STOPPED)
    finally:
        gc.freeze()


if __name__ == "__main__":
    start()
