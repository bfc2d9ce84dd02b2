"""A real browser: Chromium as the system has it, driven by Playwright; every console error fails the test."""

import os
import shutil

import pytest

from corridor_net.workbench.replies import reply_of

from .patience import PATIENCE
from .visiting import answered, start, stop


class Here:
    """Questions answered in this process, by a workbench or what stands for one."""

    def __init__(self, bench):
        self.bench = bench

    async def ask(self, name, body):
        return reply_of(self.bench, name, body)


BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("CORRIDOR_NET_NEEDS_BROWSER"):
            pytest.fail("no Chromium found")
        pytest.skip("no Chromium found: install it (Debian: apt-get install chromium) to test the pages")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def context_of(browser):
    """Return a function that gives the browser of so many pixels, language and light: files are kept from page to page.

    What a page remembers is in its tab, so each page is opened as if for the first time.
    """
    known = {}

    def context(**options):
        asked = {"viewport": {"width": 1440, "height": 1000}, "locale": "en-US", **options}
        key = repr(sorted(asked.items()))
        if key not in known:
            known[key] = browser.new_context(**asked)
            known[key].set_default_timeout(1000 * PATIENCE)
        return known[key]

    yield context
    for one in known.values():
        one.close()


@pytest.fixture
def open_page(context_of):
    """Return a function that opens an address in a tab of its own and gives the page; no error may be left."""
    pages, troubles = [], []

    def open_(address, **options):
        page = context_of(**options).new_page()
        pages.append(page)
        page.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(address)
        return page

    open_.troubles = troubles
    yield open_
    for page in pages:
        for tab in page.context.pages:
            tab.close()
    assert troubles == []


@pytest.fixture(scope="session")
def server():
    """The address of one server for all pages."""
    process, address = start()
    yield address
    stop(process)


@pytest.fixture
def page(open_page, server):
    page = open_page(server)
    answered(page)
    return page
