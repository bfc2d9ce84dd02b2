"""Tasks as somebody new does them, in the page and in the terminal: `python -m benchmarks.tasks [--language ja]`.

A real server and a real Chromium (Playwright). Every press is counted as a click, a choice of a list as two, every
letter typed as a key, and the seconds are told until the answer is on the screen: those of the machine alone, as a
person also reads and thinks. In the terminal, commands and lines written into files are counted. Each task ends with a
check that it is done.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_MS = 120_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CROSSING = "suifenhe-grodekovo-rail-out"
HALVED = f"""scenario: halved
title: Half the queue
changes:
  - scale: crossing
    where: {{crossing_id: {CROSSING}}}
    component: queue
    field: hours
    by: 0.5
"""
LINE = """scenario: weekly
title: Weekly line
changes:
  - add: service
    row: {service_id: weekly, name: Zarubino - Niigata, vehicle: container_ship, sailings_per_week: 1, circular: 1,
      speed_id: container_ship, port_stay_hours: 12, tariff_id: sea_ru_jp, emission_factor_id: sea_container,
      basis: ours}
    calls: [{node: zarubino}, {node: niigata}, {node: zarubino}]
"""


class Hand:
    """What a person does on a page, counted."""

    def __init__(self, page: Any) -> None:
        self.page, self.clicks, self.keys = page, 0, 0

    def press(self, what: Any) -> None:
        what.click()
        self.clicks += 1

    def choose(self, what: str, value: str) -> None:
        """Choose of a list: it is opened, and the entry pressed."""
        self.page.locator(what).select_option(value)
        self.clicks += 2

    def find(self, place: str) -> None:
        """Find a place by its name: press the field, type, and Enter."""
        field = self.page.locator("#search input")
        self.press(field)
        field.fill("")
        field.type(place)
        field.press("Enter")
        self.keys += len(place) + 1

    def answered(self) -> None:
        """Wait until the answer of what was asked last is shown."""
        self.page.wait_for_timeout(60)  # it is asked 50 ms after the last change
        self.page.locator("#answers:not(.waiting):not(.stale)").wait_for()


def price(hand: Hand) -> None:
    """The page opens on the pair: what counts is the time until it is there."""
    hand.page.reload()
    hand.page.locator("#compare").wait_for()
    hand.answered()
    assert "USD" in hand.page.locator("#sentence").inner_text()


def price_another(hand: Hand) -> None:
    hand.choose("#ask-origin", "yanji")
    hand.choose("#ask-destination", "kobe")
    hand.answered()
    assert "USD" in hand.page.locator("#sentence").inner_text()


def halve(hand: Hand) -> None:
    hand.find("Suifenhe")
    row = hand.page.locator(".map-popup .edit[data-key*='queue']").first
    hand.press(row.locator("button").first)
    hand.page.locator(".changes li").first.wait_for()
    hand.answered()


def line(hand: Hand) -> None:
    hand.press(hand.page.locator("#add-service"))
    hand.find("Zarubino")
    hand.find("Niigata")
    hand.page.locator(".changes li").first.wait_for()
    hand.answered()
    assert not hand.page.locator("#scenario .fault:not(:empty)").count()


def compare(hand: Hand) -> None:
    hand.choose("#scenario-extends", "primorye-1")
    hand.press(hand.page.locator("#add-scenario"))
    hand.choose("#scenario-extends", "primorye-2")
    hand.page.locator("#compare thead th").nth(2).wait_for()
    hand.answered()


def hand_over(hand: Hand) -> None:
    with hand.page.expect_download() as done:
        hand.choose("#picture", "png")
    assert Path(done.value.path()).stat().st_size > 10_000


@dataclass(frozen=True)
class Task:
    name: str
    in_page: Callable[[Hand], None]
    commands: tuple[str, ...]
    file: tuple[str, str] | None = None


TASKS = (
    Task("price Harbin - Niigata", price, ("corridor-net route harbin niigata",)),
    Task("price another pair", price_another, ("corridor-net route yanji kobe",)),
    Task(
        "halve the queue of a border",
        halve,
        ("corridor-net compare harbin niigata -s halved.yaml",),
        ("halved.yaml", HALVED),
    ),
    Task("add a weekly line", line, ("corridor-net compare hunchun niigata -s weekly.yaml",), ("weekly.yaml", LINE)),
    Task("compare two scenarios", compare, ("corridor-net compare harbin niigata -s primorye-1 -s primorye-2",)),
    Task("hand over a map", hand_over, ("corridor-net route harbin niigata --out map",)),
)


def in_browser(address: str, language: str) -> list[tuple[int, int, float]]:
    """Do every task on a page of its own; return clicks, keys and seconds."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for task in TASKS:
            page = browser.new_context(locale=language, viewport={"width": 1440, "height": 1000}).new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(address)
            hand = Hand(page)
            page.locator("#compare").wait_for()
            hand.answered()
            begun = time.perf_counter()
            task.in_page(hand)
            found.append((hand.clicks, hand.keys, time.perf_counter() - begun))
            page.context.close()
        browser.close()
    return found


def in_terminal(task: Task, folder: Path, language: str) -> tuple[int, int, float]:
    """Do a task with commands; return lines typed, lines written into a file, and seconds of the commands."""
    if task.file:
        (folder / task.file[0]).write_text(task.file[1], encoding="utf-8")
    begun = time.perf_counter()
    for command in task.commands:
        words = [sys.executable, "-m", "corridor_net", *command.split()[1:], "--lang", language]
        subprocess.run(words, check=True, cwd=folder, capture_output=True)
    written = task.file[1].count("\n") if task.file else 0
    return len(task.commands), written, time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", default="en")
    given = parser.parse_args()
    command = [sys.executable, "-m", "corridor_net", "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        address = re.search(r"http://\S+", server.stdout.readline())[0]
        pages = in_browser(address, given.language)
    finally:
        server.terminate()
        server.wait()
    print("| task | clicks | keys | seconds | commands | lines in a file | seconds |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for task, (clicks, keys, seconds) in zip(TASKS, pages, strict=True):
            typed, written, took = in_terminal(task, Path(folder), given.language)
            print(f"| {task.name} | {clicks} | {keys} | {seconds:.1f} | {typed} | {written} | {took:.1f} |")
    print(f"{os.cpu_count()} processors; load of the machine in the last minute {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
