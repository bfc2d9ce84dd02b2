"""The page in each language, by width and light: nothing in English, nothing that keeps people out."""

from pathlib import Path

import pytest

from corridor_net.languages import catalogue
from corridor_net.output.page_words import templates_of
from corridor_net.render.words import LANGUAGES
from corridor_net.workbench.pages import PAGE, SCRIPTS

SHOWN = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.parentElement.closest("script, #language")) found.push(walk.currentNode.textContent.trim());
  }
  for (const name of ["aria-label", "title", "placeholder"]) {
    for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name));
  }
  return found;
}"""
"""All that is shown or read out."""
LOOKS = {"en": (1440, "light"), "zh": (768, "dark"), "ja": (1440, "dark"), "ru": (360, "light"), "ko": (360, "dark")}


def opened(open_page, server, language):
    width, scheme = LOOKS[language]
    page = open_page(server, viewport={"width": width, "height": 900}, color_scheme=scheme, locale=language)
    page.locator("#compare").wait_for()
    page.locator("#limits, #results .note").first.wait_for()
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_browser_and_fits(open_page, server, language):
    page = opened(open_page, server, language)
    assert page.locator("html").get_attribute("lang") == language
    assert page.evaluate("document.documentElement.scrollWidth") <= LOOKS[language][0]
    said = {template for name in (*SCRIPTS, PAGE) for template in templates_of(name)}
    translated = {template for template in said if catalogue(language).get(template, template) != template}
    assert translated & {*page.evaluate(SHOWN)} == set()
    assert (len(translated) > 0.95 * len(said)) == (language != "en")
    page.locator("#language").select_option("ko" if language != "ko" else "zh")
    page.locator(f"html:not([lang={language}])").wait_for(state="attached")


def _axe():
    return Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"


@pytest.mark.parametrize("language", ["zh", pytest.param("ko", marks=pytest.mark.slow)])
def test_a_checker_of_access_finds_nothing(open_page, server, language):
    page = opened(open_page, server, language)
    page.get_by_role("searchbox").fill("Suifenhe")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("dialog").wait_for()
    page.evaluate(_axe().read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    assert [(one["id"], one["impact"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_shows_the_sentence_of_the_server_as_it_is(open_page, server, language):
    page = opened(open_page, server, language)
    with page.expect_response(lambda reply: reply.url.endswith("/answer")) as heard:
        page.locator("#ask-origin").select_option("yanji")
    said = heard.value.json()["baseline"]["sentence"]
    page.wait_for_function("said => document.getElementById('sentence').innerText === said", arg=said)
    assert "–" in said
    assert "\u00a0USD" in said


@pytest.mark.parametrize(("language", "breaks"), [("ko", "keep-all"), ("ja", "normal"), ("en", "normal")])
def test_korean_words_are_not_broken(open_page, server, language, breaks):
    page = open_page(server, locale=language)
    assert page.locator("#question label").first.evaluate("e => getComputedStyle(e).wordBreak") == breaks
