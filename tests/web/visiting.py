"""A real server and what a person does on the page of the workbench."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import corridor_net as cn

from .patience import PATIENCE, drawn

SERVE = f"""
from corridor_net.cli.main import main
from corridor_net.workbench.pool import Pool
Pool.__init__.__kwdefaults__["seconds"] = {PATIENCE}  # of work on an answer, on a machine that is busy
Pool.__init__.__defaults__ = (1,)  # one person asks
main()
"""


def start(port=0):
    """Start `corridor-net serve` and return the process and its address."""
    environment = {**os.environ, "PYTHONPATH": str(Path(cn.__file__).resolve().parents[1]), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", SERVE, "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    line = process.stdout.readline()
    address = re.search(r"http://\S+", line)
    assert address, line + process.stdout.read()
    for _ in range(10 * PATIENCE):
        try:
            urllib.request.urlopen(address[0], timeout=PATIENCE).close()  # noqa: S310 - our own server
            return process, address[0]
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def stop(process):
    process.terminate()
    process.communicate(timeout=PATIENCE)


def answered(page, words="Dalian"):
    page.locator("#compare", has_text=words).wait_for()
    page.locator("#answers:not(.waiting)").wait_for()


def gateways(page):
    """The gateways of the baseline and of each scenario."""
    cells = page.locator("#compare tbody tr").first.locator("td")
    return cells.evaluate_all("cells => cells.map(cell => cell.innerText.split('\\n')[0])")


def beyond(frame, lines):
    """The boxes of the lines that are not whole within a frame."""
    inner = frame.bounding_box()
    return [
        box
        for box in (line.bounding_box() for line in lines.all())
        if box["x"] < inner["x"]
        or box["y"] < inner["y"]
        or box["x"] + box["width"] > inner["x"] + inner["width"]
        or box["y"] + box["height"] > inner["y"] + inner["height"]
    ]


def go_to(page, place):
    field = page.get_by_label("Find a place")
    field.fill(place)
    field.press("Enter")
    page.get_by_role("dialog").wait_for()


def changes(page):
    return page.locator(".changes li").count()


NUMBER = "async name => (await (await fetch('/api/network')).json()).map.nodes.findIndex(node => node.name === name)"


def press_node(page, name):
    """Press the mark of a place on the map itself."""
    mark = page.locator(f'#map [data-node="{page.evaluate(NUMBER, name)}"]').first
    mark.dispatch_event("click")
    drawn(page)
