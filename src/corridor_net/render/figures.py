"""What an input figure is called, by its key (`costing.parameters`): a sentence of names and labels."""

from __future__ import annotations

from .words import Sentence, say

GROUP = "group "
"""What stands before the name of a group of figures that move together."""
TEMPLATES = {
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
OTHERS = {
    "value_of_time": "value of an hour",
    "cargo:value_of_time": "value of an hour",
    "co2_price": "price of CO2",
}


NAMED = ("operation", "tariff", "speed", "emission_factor")
"""Tables whose rows are named by table and id: rows of several tables have one id."""


def figure_words(key: str) -> Sentence:
    """Return what a figure, or what a group of them shares, is called.

    >>> str(figure_words("exchange_rate:CNY:2018")), str(figure_words("group sea rates"))
    ('exchange rate of CNY, 2018', 'what is common to sea rates')
    """
    if key in OTHERS:
        return say(OTHERS[key])
    if key.startswith(GROUP):
        return say("what is common to {group:label}", group=spaced(key.removeprefix(GROUP)))
    table, *parts = key.split(":")
    row, first, second = (*parts, "", "", "")[:3]
    if table not in TEMPLATES:
        return say(
            "{words:label}", words=spaced(parts[-1] if table == "cargo" and parts else " ".join((table, *parts)))
        )
    name = f"{table}:{row}" if table in NAMED else row
    told = {"name": name, "words": spaced(row), "first": spaced(first), "second": spaced(second)}
    told["component"] = first
    if table == "service" and first == "sailings_per_week":
        return say("sailings of {name:name}", **told)
    return say(TEMPLATES[table], **told)


def spaced(text: str) -> str:
    """Return an id as words."""
    return text.replace("_", " ")
