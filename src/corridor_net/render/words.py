"""Numbers, sentences and what figures are called, in the reader's language; filled in here and nowhere else."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from corridor_net.figure_keys import parts_of
from corridor_net.rounding import BeforeAfter

from .currency import Currency
from .korean import with_particles
from .printed import apart, printed, printed_label

Language = Literal["en", "zh", "ja", "ru", "ko"]
LANGUAGES = get_args(Language)
OWN_NAMES: Mapping[Language, str] = dict(
    zip(LANGUAGES, ("English", "中文", "日本語", "Русский", "한국어"), strict=True)
)
"""What each language that answers are shown in calls itself."""
ABSENT = "-"
"""What stands where there is nothing to show."""
COMMA = ", "
"""What stands between the items of a list; a language may have another."""
DAY = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
"""A day as it is written in files."""
MONEY = re.compile(r"\bUSD\b")
"""The word that another currency takes the place of."""
_MARKS = {"ru": ("\N{NO-BREAK SPACE}", ",")}
"""Signs between thousands and before decimals, where they are not ',' and '.'."""
_DATES = dict.fromkeys(("zh", "ja"), ("{0.year}年{0.month}月", "{0.day}日"))
_DATES["ko"] = ("{0.year}년 {0.month}월", " {0.day}일")
"""How months are written, and days after them, where they are not words."""

GROUP = "group "
"""What stands before the name of a group of figures that move together."""
FIGURES = {
    "operation": "{component:name} {second:label}, {name:name}",
    "link": "length of {name:name}",
    "sea_lane": "sea lane {name:name}",
    "service": "{first:label}, {name:name}",
    "service_call": "timetable, {name:name}",
    "crossing": "opening hours, {name:name}",
    "tariff": "rate, {name:name}",
    "speed": "speed, {name:name}",
    "emission_factor": "emission factor, {name:name}",
    "exchange_rate": "exchange rate of {words}, {first}",
    "deflator": "price index of the dollar, {words}",
}
"""How a figure of a table is called: `name` is the row's, `words` its id, `first` and `second` what follows."""
OTHER_FIGURES = {
    "value_of_time": "value of an hour",
    "cargo:value_of_time": "value of an hour",
    "co2_price": "price of CO2",
}
NAMED = ("operation", "tariff", "speed", "emission_factor")
"""Tables whose rows are named by table and id: rows of several tables have one id."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to be filled in: `template` with `{name:kind}` fields, and their values.

    Kinds: `n0`, `n1`, ... numbers with so many digits, `g` one with those that it needs, `g3` with three at most (see
    `plain`), `d0`, ... hours, shown in days, `m0`, ... USD, shown in the reader's currency, `M0`, ... the same in
    millions, `G3` the same with the digits that it needs, `unit` for a unit, of which USD are the reader's currency,
    `turned` for two sentences, the second for who counts in another `currency` than USD, `+n0` and `+m0` with a sign,
    `n0|day|days` a count (of a sequence, how many it has) and the form of the word that follows it (see `form`), `p0`
    shares in per cent, `name` and `names` for an id and several, `label` for a word of the catalogue, `figure` for
    the key of an input figure, `month` for a date, `moment` for a time and the year that needs no word, `list` and
    `joined` for several sentences or words with commas or blanks between them, `both` for several names or sentences
    with 'and' before the last, none for text and for another sentence. After a point stands a field of the value, in
    brackets a place in it.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return Words().text(self)


def after_by(gateway: str) -> str:
    """Return what to say of a way after "by": its gateway, or land.

    >>> after_by("dalian"), after_by("by land")
    ('dalian', 'land')
    """
    return "land" if gateway == "by land" else gateway


FIELD = re.compile(r"\{(\w+)")
"""The beginning of a field of a template, by its name; after a point may follow a field of it."""
PAID = re.compile(r"\{[\w.\[\]]+:\+?[mMG]\d\}")
"""A field of a template that is USD."""


def say(template: str, of: Any = None, /, **values: Any) -> Sentence:
    """Return a sentence; fields without a value among `values` are those of the item that it is `of`.

    >>> Words().text(say("{port} wins in {share:p0} and costs {usd:m0} USD", port="Busan", share=0.625, usd=1234.4))
    'Busan wins in 62% and costs 1,234 USD'
    >>> str(say("{language}: {currency.code}, {count} words", Words(), count=2))
    'en: USD, 2 words'
    """
    if of is not None:
        values |= {name: getattr(of, name) for name in FIELD.findall(template) if name not in values}
    return Sentence(template, values)


def named(key: str) -> Sentence:
    """Return a place or an asset, by its name."""
    return say("{key:name}", key=key)


def pairs_words(pairs: Iterable[tuple[str, str]]) -> tuple[Sentence, ...]:
    """Return pairs of places by their names."""
    return tuple(say("{origin:name} - {destination:name}", origin=a, destination=b) for a, b in pairs)


def sentence_of(*parts: Sentence) -> Sentence:
    """Return parts as one sentence, with semicolons between them and a full stop.

    >>> str(sentence_of(say("Dalian wins"), say("otherwise Busan")))
    'Dalian wins; otherwise Busan.'
    """
    return say("{said}.", said=semicolons(*parts))


def semicolons(*parts: Sentence) -> Sentence:
    """Return parts as one, with semicolons between them."""
    said = parts[0]
    for part in parts[1:]:
        said = say("{first}; {then}", first=said, then=part)
    return said


def figure_words(key: str) -> Sentence:
    """Return what a figure, or what a group of them shares, is called.

    >>> str(figure_words("exchange_rate:CNY:2018")), str(figure_words("group sea rates"))
    ('exchange rate of CNY, 2018', 'what is common to sea rates')
    """
    if key in OTHER_FIGURES:
        return say(OTHER_FIGURES[key])
    if key.startswith(GROUP):
        return say("what is common to {group:label}", group=spaced(key.removeprefix(GROUP)))
    table, *parts = parts_of(key)
    row, first, second = (*parts, "", "", "")[:3]
    if table not in FIGURES:
        return say(
            "{words:label}", words=spaced(parts[-1] if table == "cargo" and parts else " ".join((table, *parts)))
        )
    name = f"{table}:{row}" if table in NAMED else row
    told = {"name": name, "words": spaced(row), "first": spaced(first), "second": spaced(second)}
    told["component"] = first
    if table == "service" and first == "sailings_per_week":
        return say("sailings of {name:name}", **told)
    return say(FIGURES[table], **told)


def spaced(text: str) -> str:
    """Return an id as words."""
    return text.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A language: its catalogue of templates, the names of places and assets, and what money is shown in.

    One that `prints` has a true minus in numbers and a dash in ranges; names, ids and text are as they are.
    """

    language: str = "en"
    catalogue: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    currency: Currency = field(default_factory=Currency)
    prints: bool = False

    @property
    def printed(self) -> Words:
        """The same words, for a page of HTML."""
        return replace(self, prints=True)

    def name(self, key: str | None) -> str:
        """Return the name of a place or asset; the key itself, as a label, where it has none."""
        named = ABSENT if key is None else self.names.get(key, "")
        return (apart(named, self.language) if self.prints else named) or self.label(key or "")

    def listed(self, keys: Sequence[str]) -> str:
        """Return the names of places or assets, semicolons between them, as names hold commas; a dash for none."""
        return self.label("; ").join(map(self.name, keys)) or ABSENT

    def figure(self, key: str) -> str:
        """Return what an input figure is called, by its key."""
        return self.text(figure_words(key))

    def step(self, text: str) -> str:
        """Return a word and the name of what it is done at.

        >>> Words(names={"dalian-busan": "Dalian - Busan"}).step("board dalian-busan")
        'board Dalian - Busan'
        """
        kind, _, asset_id = text.partition(" ")
        return f"{self.label(kind)} {self.name(asset_id)}" if asset_id else self.name(kind)

    def label(self, text: str) -> str:
        """Return a heading or label in the language; of names joined by a plus, each in it.

        >>> Words(language="zh", catalogue={"a": "甲", "b": "乙"}).label("a + b")
        '甲 + 乙'
        """
        known = self.catalogue.get(text)
        if known is None and "+" in text:
            return "".join(self.catalogue.get(part, part) for part in re.split(r"( ?\+ ?)", text))
        known = text if known is None else known
        return printed_label(text, known, self.language) if self.prints else known

    def text(self, sentence: Sentence | str) -> str:
        """Return a sentence filled in."""
        if isinstance(sentence, str):
            return printed(self.label(sentence), self.language) if self.prints else self.label(sentence)
        template = self.label(sentence.template)
        if self.currency.code != "USD" and PAID.search(template):
            template = MONEY.sub(self.currency.code, template)
        template = printed(template, self.language) if self.prints else template
        filled = _Filler(self).vformat(template, (), {"currency": self.currency, **sentence.values})
        filled = filled[:-1] if template.endswith("}.") and filled.endswith("..") else filled
        return with_particles(filled) if self.language == "ko" else filled

    def both(self, items: Sequence[Sentence | str]) -> str:
        """Return names or sentences with commas between them and 'and' before the last.

        >>> Words().both(["Dalian", "Busan", "Niigata"])
        'Dalian, Busan and Niigata'
        """
        texts = [self.text(one) if isinstance(one, Sentence) else self.name(one) for one in items]
        if len(texts) < 2:
            return "".join(texts)
        return self.label("{a} and {b}").format(a=self.label(COMMA).join(texts[:-1]), b=texts[-1])

    def number(self, value: float | BeforeAfter | None, digits: int = 0, *, sign: bool = False) -> str:
        """Return a number with thousands apart; a dash where there is none; never a minus zero.

        >>> Words().number(-0.004, 2, sign=True), Words(language="ru").number(1234.5, 1)
        ('+0.00', '1\\xa0234,5')
        """
        value = value.change(digits) if isinstance(value, BeforeAfter) else value
        if value is None or value != value:
            return ABSENT
        return self._marked(format(value, f"{'+' if sign else ''}z,.{digits}f"))

    @property
    def marks(self) -> tuple[str, str]:
        """The signs between thousands and before decimals."""
        return _MARKS.get(self.language, (",", "."))

    def _marked(self, text: str) -> str:
        return text.translate(dict(zip(map(ord, ",.-"), (*self.marks, "−" if self.prints else "-"), strict=True)))

    def plain(self, value: float | None, digits: int = 10, *, sign: bool = False) -> str:
        """Return a number with the digits that it needs and at most `digits` that count, but whole if it is longer.

        >>> Words().plain(2500000.0), Words().plain(10, sign=True), Words().plain(20770.4, 3)
        ('2,500,000', '+10', '20,770')
        """
        if value is None or value != value or abs(value) >= 10**digits:
            return self.number(value, sign=sign)
        return self._marked(format(value, f"{'+' if sign and value else ''},.{digits}g"))

    def money(self, usd: float | BeforeAfter | None, digits: int = 0, *, sign: bool = False) -> str:
        """Return money in the reader's currency, digits as many as a US dollar's worth has.

        >>> Words(currency=Currency(code="JPY", per_usd=150.0)).money(12.34, 2)
        '1,851'
        """
        shown = None if usd is None else usd * self.currency.per_usd
        return self.number(shown, max(0, digits - self.currency.fewer), sign=sign)

    def in_money(self, said: Sentence | str) -> tuple[str, float]:
        """Return what is said, with the reader's currency for USD, and how many of it a dollar is (1: not of USD).

        >>> Words(currency=Currency(code="JPY", per_usd=150.0)).in_money("USD a box")
        ('JPY a box', 150.0)
        """
        told = self.text(said)
        if not MONEY.search(said.template if isinstance(said, Sentence) else said):
            return told, 1.0
        return MONEY.sub(self.currency.code, told), self.currency.per_usd

    def share(self, value: float | None, digits: int = 0, *, sign: bool = False) -> str:
        """Return a share in per cent, in Russian with a space that holds; a dash where there is none."""
        if value is None or value != value:
            return ABSENT
        return self.number(100 * value, digits, sign=sign) + ("\N{NO-BREAK SPACE}%" if self.language == "ru" else "%")

    def form(self, shown: str, forms: Sequence[str]) -> str:
        """Return the form of a word after a number as it is shown, by the plural rules of CLDR: Russian has three.

        >>> Words().form("1", ("box", "boxes")), Words(language="ru").form("22", ("рейс", "рейса", "рейсов"))
        ('box', 'рейса')
        >>> Words().form("1.0", ("day", "days")), Words(language="ru").form("5,0", ("час", "часа", "часов"))
        ('days', 'часа')
        """
        whole, decimals, _ = shown.partition(_MARKS.get(self.language, ",.")[1])
        digits = re.sub(r"\D", "", whole) or "0"
        if self.language != "ru":
            place = 0 if digits == "1" and not decimals else 1
        elif decimals:
            place = 1
        else:
            teen = 11 <= int(digits) % 100 <= 14
            place = 2 if teen else {1: 0, 2: 1, 3: 1, 4: 1}.get(int(digits) % 10, 2)
        return forms[min(place, len(forms) - 1)]

    def month(self, day: date | str) -> str:
        """Return a month.

        >>> Words().month("2026-07-01"), Words(language="ja").month("2026-07-01")
        ('July 2026', '2026年7月')
        """
        when = date.fromisoformat(day) if isinstance(day, str) else day
        if self.language in _DATES:
            return _DATES[self.language][0].format(when)
        return f"{self.label(f'{when:%B}')} {when.year}"

    def day(self, day: date | str) -> str:
        """Return a day; in English as it is written in files.

        >>> Words().day("2026-07-01"), Words(language="ja").day("2026-07-01"), Words(language="ru").day("2026-07-01")
        ('2026-07-01', '2026年7月1日', '01.07.2026')
        """
        when = date.fromisoformat(day) if isinstance(day, str) else day
        if self.language in _DATES:
            return "".join(_DATES[self.language]).format(when)
        return f"{when:%d.%m.%Y}" if self.language == "ru" else when.isoformat()

    def moment(self, moment: datetime, year: int | None = None) -> str:
        """Return a moment by its own clock with its offset from UTC; the year only where it is not `year`."""
        from corridor_net.network.clock import local_time

        told = local_time(moment, year)
        if self.language == "en":
            return told
        day = f"{moment:%m-%d}" if moment.year == year else f"{moment:%Y-%m-%d}"
        return f"{day} {self.label(f'{moment:%a}')} {told.split(' ', 3 if moment.year == year else 4)[-1]}"


class _Filler(string.Formatter):
    def __init__(self, words: Words) -> None:
        self.words = words

    def format_field(self, value: Any, format_spec: str) -> str:
        words = self.words
        if isinstance(value, Sentence):
            return words.text(value)
        by_word: dict[str, Callable[[Any], str]] = {
            "name": words.name,
            "names": words.listed,
            "label": words.label,
            "figure": words.figure,
            "month": words.month,
            "moment": lambda told: words.moment(*told),
            "both": words.both,
            "list": lambda items: words.label(COMMA).join(map(words.text, items)),
            "joined": lambda items: ("" if words.language in ("zh", "ja") else " ").join(map(words.text, items)),
            "g": words.plain,
            "unit": lambda unit: words.in_money(unit)[0],
            "turned": lambda said: words.text(said[words.currency.code != "USD"]),
        }
        kind, *forms = format_spec.split("|")
        value = len(value) if kind == "n0" and isinstance(value, Sequence) else value
        shown = by_word[kind](value) if kind in by_word else self._number(value, kind)
        return f"{shown} {words.form(shown, forms)}" if forms else shown

    def _number(self, value: Any, format_spec: str) -> str:
        kind, digits, sign = format_spec[:-1].lstrip("+"), format_spec[-1:], format_spec[:1] == "+"
        number, money = self.words.number, self.words.money
        known: dict[str, tuple[Callable[..., str], float]] = {"p": (self.words.share, 1), "g": (self.words.plain, 1)}
        known |= {"n": (number, 1), "d": (number, 24), "m": (money, 1), "M": (money, 1e6)}
        known["G"] = (self.words.plain, 1 / self.words.currency.per_usd)
        if kind in known:
            shown, by = known[kind]
            return shown(None if value is None else value / by, int(digits), sign=sign)
        if not format_spec and (isinstance(value, date) or (isinstance(value, str) and DAY.fullmatch(value))):
            return self.words.day(value)
        return str(super().format_field(value, format_spec))
