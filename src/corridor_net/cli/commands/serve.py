"""Open a page in the browser in which scenarios are built on the map and answered at once."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from corridor_net.cli.options import Geodata, load_model, tell
from corridor_net.questions import Ask


def run(
    *,
    host: Annotated[str, Ask("Address to listen on; others than this machine need a token.")] = "127.0.0.1",
    port: Annotated[int, Ask("Port; 0 takes a free one.", minimum=0)] = 8650,
    workers: Annotated[
        int | None, Ask("Processes that answer; one a core if not said.", metavar="N", minimum=1)
    ] = None,
    browser: Annotated[bool, Ask("Open the page in the browser.", option="--open/--no-open")] = False,
    geodata: Geodata = None,
) -> None:
    from corridor_net.workbench.pool import Pool
    from corridor_net.workbench.replies import open_workbench
    from corridor_net.workbench.serving import Served

    hashes = dict(load_model(geodata).base.file_hashes)
    served = Served.at(host, port)
    tell(f"corridor-net workbench: {served.address}\nCtrl-C stops it.")
    if browser:
        import webbrowser

        webbrowser.open(served.address)
    pool = Pool(partial(open_workbench, geodata and geodata.absolute(), hashes), workers)
    served.run(pool)
