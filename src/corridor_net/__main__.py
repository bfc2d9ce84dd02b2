"""Where the command begins, `corridor-net` or `python -m corridor_net`: it can be stopped whatever it is at.

Nothing is loaded before it can be told that it was stopped, but for what the interpreter has at hand.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

TYPE_CHECKING = False

if TYPE_CHECKING:
    from types import FrameType


def start() -> None:
    """Run the command; what it leaves goes with the process, and is not looked through for circles at its end.

    Once it has ended there is nothing to stop: what comes then would end the interpreter halfway, without a word.
    """
    gc.set_threshold(100_000, 20, 20)  # a large network is millions of objects, none in a circle
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our products are small: waking threads takes longer
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
        from corridor_net.errors import STOPPED

        told = isinstance(error, SystemExit) and error.code in (0, None, STOPPED)
        if told or not (stopped or isinstance(error, KeyboardInterrupt)):
            raise
        print("stopped; nothing was left half-written", file=sys.stderr)
        sys.exit(STOPPED)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is stop:
                signal.signal(number, signal.SIG_IGN)
        gc.freeze()


if __name__ == "__main__":
    start()
