"""How tests of pages wait: for what must come, as long as a busy machine may need, never for a time."""

PATIENCE = 90
"""Seconds after which a test gives up."""


def until(page, read, wanted):
    """Wait until what is read of a page is what is wanted; fail with what it was at last."""
    for _ in range(20 * PATIENCE):
        found = read(page)
        if found == wanted or (callable(wanted) and wanted(found)):
            return
        page.wait_for_timeout(50)
    assert found == wanted


def drawn(page):
    """Wait until what was chosen is drawn: pages draw once a frame."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
