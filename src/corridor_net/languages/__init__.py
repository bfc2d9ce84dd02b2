"""The languages answers are shown in: a catalogue each, the reader's choice, and the words of an answer."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from corridor_net.errors import UnknownName, did_you_mean
from corridor_net.render.currency import Currency
from corridor_net.render.words import LANGUAGES, Words

if TYPE_CHECKING:
    from corridor_net.network import Network

CurrencyCode = Literal["USD", "CNY", "JPY", "KRW", "RUB"]
CURRENCIES = get_args(CurrencyCode)
"""What money may be shown in."""
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system says its language, the strongest first."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the translations of a language by English template; raise UnknownName for one that is not there."""
    if language not in LANGUAGES:
        hint = did_you_mean(language, LANGUAGES, otherwise=f"one of {', '.join(LANGUAGES)}")
        raise UnknownName(f"unknown language '{language}'", hint=hint)
    if language == "en":
        return {}
    return dict(json.loads(Path(__file__).with_name(f"{language}.json").read_text(encoding="utf-8")))


def language_of_system() -> str:
    """Return the language that the environment asks for, English where it is none of ours."""
    said = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), "")
    language = said.partition("_")[0].partition(".")[0].lower()
    return language if language in LANGUAGES else "en"


def language_asked(line: Sequence[str]) -> str:
    """Return the language that a command line asks for with `--lang`, else that of the system.

    >>> language_asked(["route", "--lang", "ja"]), language_asked(["--lang=ko"])
    ('ja', 'ko')
    """
    given = [word.removeprefix("--lang=") for word in line if word.startswith("--lang=")]
    given += [value for name, value in pairwise(line) if name == "--lang"]
    known = [language for language in given if language in LANGUAGES]
    return known[-1] if known else language_of_system()


def currency_of(code: str, network: Network, year: int) -> Currency:
    """Return a currency at its rate of a year, the last known before it; raise UnknownName for one without rates.

    >>> from corridor_net.network import Network
    >>> currency_of("CNY", Network.from_folder(), 2019).per_usd
    6.9081
    """
    asked = code.upper()
    if asked == "USD":
        return Currency()
    rates = {row.year: row.units_per_usd for row in network.rows("exchange_rate") if row.currency == asked}
    years = [known for known in rates if known <= year]
    if asked not in CURRENCIES or not years:
        raise UnknownName(
            f"unknown currency '{code}'",
            hint=did_you_mean(asked, CURRENCIES, otherwise=f"one of {', '.join(CURRENCIES)}"),
        )
    return Currency(code=asked, per_usd=rates[max(years)], year=max(years))


def words_for(*networks: Network, language: str = "en", currency: Currency | None = None) -> Words:
    """Return the words of a language, with the names of the networks, the first before the others."""
    from corridor_net.render.names import names_of

    known = catalogue(language)
    names = names_of(*networks, language=language, catalogue=known)
    return Words(language=language, catalogue=known, names=names, currency=currency or Currency())
