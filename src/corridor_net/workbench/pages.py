"""The files of the page, read once by names that stand here, and the page itself in each language."""

from __future__ import annotations

from functools import cache

from corridor_net.languages import words_for
from corridor_net.output.maps.map_data import json_for_script
from corridor_net.output.one_file import asset, fill
from corridor_net.output.page_words import spoken, written
from corridor_net.render.words import LANGUAGES, OWN_NAMES

from .replies import Reply, reply

PAGE = "workbench.html"
SCRIPTS = (
    "answer.js",
    "bench.js",
    "dom.js",
    "drawn.js",
    "faults.js",
    "fields.js",
    "layers.js",
    "map.js",
    "picture.js",
    "scenario.js",
    "search.js",
    "server.js",
    "share.js",
    "state.js",
    "workbench.js",
)
STYLES = ("map.css", "workbench.css")


@cache
def page(language: str) -> Reply:
    """Return the page in a language, with the words that its scripts say."""
    words = words_for(language=language)
    offered = "".join(f'<option value="{code}" lang="{code}">{name}</option>' for code, name in OWN_NAMES.items())
    fields = {"language": language, "languages": offered, "spoken": json_for_script(spoken(SCRIPTS, words))}
    return reply(fill(written(asset(PAGE), words), fields), "text/html; charset=utf-8")


def files() -> dict[str, Reply]:
    """Return scripts and styles by name."""
    kinds = {**dict.fromkeys(SCRIPTS, "text/javascript"), **dict.fromkeys(STYLES, "text/css")}
    return {name: reply(asset(name), f"{media}; charset=utf-8") for name, media in kinds.items()}


def language_of(chosen: str | None, accepted: str) -> str:
    """Return the language of a page: that chosen, else the one a browser likes best (header Accept-Language).

    >>> language_of(None, "de, ja;q=0.8, en;q=0.9"), language_of("ko", "ja"), language_of("xx", "zh-TW")
    ('en', 'ko', 'zh')
    """
    if chosen in LANGUAGES:
        return str(chosen)
    liked: list[tuple[float, str]] = []
    for part in accepted.split(",")[:20]:
        tag, _, weight = part.partition(";")
        try:
            much = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        liked.append((-much, tag.strip().partition("-")[0].lower()))
    return next((tag for much, tag in sorted(liked, key=lambda one: one[0]) if tag in LANGUAGES and much < 0), "en")
