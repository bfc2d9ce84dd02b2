"""Every page in five languages: nothing untranslated, the same numbers, names of places, terms short."""

import dataclasses
import json
import re

import pytest

import corridor_net as cn
from corridor_net.errors import UnknownName
from corridor_net.languages import catalogue, language_of_system, words_for
from corridor_net.languages.errors import BETWEEN_PLURALS, COUNT, translated
from corridor_net.network import Network
from corridor_net.questions import question
from corridor_net.render.console import columns, page_text
from corridor_net.render.page import Table
from corridor_net.render.words import LANGUAGES, Words

from .collected import FIELD, collected, needs_words, of_strings, to_translate

OTHERS = LANGUAGES[1:]
IDS = {"dry_40", "yingkou"}
"""Ids that pages show as they are, besides the names of scenarios."""


def fields(text):
    """Return the fields of a template, without the forms of a word that a count brings; a bare field may be a count."""
    return {one.strip("{}").partition("|")[0].removesuffix("n0").removesuffix(":") for one in FIELD.findall(text)}


class Heard(Words):
    """Words that remember what they have no translation for."""

    @classmethod
    def of(cls, words):
        return cls(**{one.name: getattr(words, one.name) for one in dataclasses.fields(Words)})

    def __new__(cls, **_):
        made = super().__new__(cls)
        object.__setattr__(made, "missing", set())
        return made

    __slots__ = ("missing",)

    def label(self, text):
        if text not in self.catalogue and needs_words(text):
            self.missing.add(text)
        return super().label(text)


def asked():
    """Questions and answers that are quick, of every kind that the first pages show."""
    plain, with_one = cn.load(as_of="2019-07-01"), cn.load(as_of="2019-07-01", scenarios=["primorye-2"])
    ends, far = ("harbin", "niigata"), ("yanji", "niigata")
    yield plain, "route", ends, {}
    yield plain, "compare", ("hunchun", "niigata"), {"scenarios": ("primorye-2", "vanino")}
    yield with_one, "access", ("harbin",), {}
    yield plain, "gateways", ("niigata",), {"observed": 2019}
    yield with_one, "explain", far, {}
    yield with_one, "breakeven", far, {}
    yield with_one, "timetable", far, {"depart": "2019-07-01T08:00", "days": 3}
    yield plain, "pareto", ends, {}
    yield plain, "tcd", ends, {}
    yield plain, "emissions", ends, {}
    yield plain, "demand", far, {}
    yield plain, "sources", ends, {}
    yield cn.load(as_of="2013-07-01"), "line", ("zarubino-niigata",), {}
    yield cn.load(), "timeline", far, {"from_year": 2018, "to_year": 2027}
    yield cn.load(), "study", (), {"origins": ("harbin", "hunchun"), "destinations": ("niigata",)}
    yield plain, "potential", ("primorye-2",), {"goods": ("leek_40", "dry_40"), "origins": ("harbin", "hunchun")}
    yield plain, "boxes", (), {"until": 2017, "cases": ("high=0.02",)}
    yield plain, "portfolio", ("primorye-2", "vanino"), {"futures": ("rajin-khasan=0.3",), "budget": 4e9}
    yield cn.load(), "uncertainty", (), {"origin": "harbin", "draws": 40, "rivals": True}


@pytest.fixture(scope="module")
def pages():
    found = []
    for model, name, args, options in asked():
        answer = model.ask(name, *args, **options)
        networks = getattr(answer, "networks", ()) or (getattr(answer, "network", None) or model.network,)
        found.append((name, question(name).view(answer), networks))
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_every_template_and_label_is_translated(language):
    assert sorted(to_translate() - set(catalogue(language))) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_fields_of_its_template_and_money_stays_money(language):
    for template, text in catalogue(language).items():
        assert fields(text) == fields(template), template
        assert ("USD" in text) == ("USD" in template), template


def test_every_entry_is_said_somewhere():
    assert sorted(set(catalogue("zh")) - collected() - of_strings()) == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_said_of_one_is_said_in_the_singular(language):
    """No form of many around a 1, and no 'each' of one thing."""
    plural = re.compile(r": 1(?![\w.,-]| [a-zкм])|\(1[,)]|\bкаждые|各(?!为|线|日)|每处")
    counts = {key: text.split(BETWEEN_PLURALS)[0] for key, text in catalogue(language).items() if COUNT.search(key)}
    assert len(counts) > 40
    ones = {key: text.replace(f"{{{COUNT.search(key)[1]}}}", "1") for key, text in counts.items()}
    assert {key: text for key, text in ones.items() if plural.search(text)} == {}


def test_a_count_is_told_of_one_of_few_and_of_many():
    words = words_for(language="ru")
    assert translated("1 node has no link", words) == "у 1 узла нет участков"
    assert translated("2 nodes have no link", words) == "узлов без участков: 2"
    assert translated("21 nodes have no link", words) == "у 21 узла нет участков"
    noted = "2 lines of several parts became 1,250 lines"
    assert "1,250" in translated(noted, words)
    assert "lines" not in translated(noted, words)


def test_all_languages_have_the_same_entries():
    keys = {language: set(catalogue(language)) for language in OTHERS}
    assert all(keys[language] == keys["zh"] for language in OTHERS)


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_of_the_pages_is_left_in_english(pages, language):
    left: dict[str, set[str]] = {}
    for name, page, networks in pages:
        known = words_for(*networks, language=language)
        words = Heard.of(known)
        page_text(page, words, 120)
        missing = words.missing - IDS
        if missing:
            left[name] = missing
    assert left == {}


@pytest.mark.parametrize("language", OTHERS)
def test_the_numbers_are_the_same_to_the_last_digit(pages, language):
    for name, page, networks in pages:
        english, other = words_for(*networks), words_for(*networks, language=language)
        for table in (block for block in page.blocks if isinstance(block, Table)):
            for row, theirs in zip(table.texts(english), table.texts(other), strict=True):
                for column, cell, same in zip(table.columns, row, theirs, strict=True):
                    if column.is_number and any(map(str.isdigit, cell)):
                        marks = {"\N{NO-BREAK SPACE}": ",", ",": "."} if language == "ru" else {}
                        assert same.translate(str.maketrans(marks)) == cell, (name, column.heading)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("width", [80, 120])
def test_every_line_fits(pages, language, width):
    for name, page, networks in pages:
        for line in page_text(page, words_for(*networks, language=language), width).splitlines():
            assert columns(line) <= width, (name, line)


@pytest.mark.parametrize("language", OTHERS)
def test_every_place_has_a_name_in_the_language(language):
    network = Network.from_folder()
    named = {row.node_id for row in network.rows("node_name") if row.language == language}
    assert {node.node_id for node in network.rows("node")} - named == set()


def test_services_of_the_same_calls_are_told_apart_by_operators_and_by_no_id():
    under = cn.load(scenarios=["primorye-2"]).network
    names = words_for(under, language="ja").names
    assert names["zarubino-niigata"] == "ザルビノ - 新潟 (Zarubino line)"
    assert names["zarubino-niigata-weekly"] == "ザルビノ - 新潟"
    assert (
        names["ncq-2021"] == names["ncq-2023"] == "大連 - 釜山 - 新潟 - 秋田 - 苫小牧"
    )  # in English they are one name too


def test_scenarios_are_called_by_their_names_in_the_language(cli):
    done = cli("compare", "hunchun", "niigata", "--as-of", "2019-07-01", "--scenario", "primorye-2", "--lang", "zh")
    assert "滨海2号" in done.out
    assert "primorye-2" not in done.out
    assert words_for(language="ru").label("primorye-2+vanino") == "Приморье-2+Путь через Ванино"


def test_the_first_sentence_in_each_language(cli):
    begins = {"zh": "哈尔滨→新潟，2019年7月", "ja": "ハルビン→新潟、2019年7月", "ko": "하얼빈 → 니가타, 2019년 7월"}
    begins["ru"] = "Харбин - Ниигата, июль 2019"
    for language, words in begins.items():
        done = cli("route", "harbin", "niigata", "--as-of", "2019-07-01", "--lang", language)
        assert done.out.startswith(words)


def test_json_is_the_same_in_every_language_and_currency(cli):
    ask = ("route", "harbin", "niigata", "--as-of", "2019-07-01", "--json")
    assert json.loads(cli(*ask).out) == json.loads(cli(*ask, "--lang", "ja", "--currency", "JPY").out)


def test_the_language_is_that_of_the_system_where_none_is_asked_for(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert language_of_system() == "en"
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert language_of_system() == "ja"
    monkeypatch.setenv("LC_ALL", "C")
    assert language_of_system() == "en", "C is English, whatever LANG says"
    monkeypatch.setenv("LC_ALL", "ru")
    assert language_of_system() == "ru"


def test_a_language_that_is_not_there_is_refused_with_the_nearest(cli):
    with pytest.raises(UnknownName):
        catalogue("fr")
    done = cli("route", "harbin", "niigata", "--lang", "jp")
    assert done.code == 2
    assert "--lang: 'jp' is not one of en, zh, ja, ru, ko" in done.err
