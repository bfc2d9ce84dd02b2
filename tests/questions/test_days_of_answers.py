"""The networks of an answer are of the day it is of: by them go its names, its currency and what is said beside it."""

import pytest

import corridor_net as cn
from corridor_net.programs.shapes import from_texts, offered, read
from corridor_net.questions import commands, networks_of, question, words_of
from usual_questions import usual

OF_MANY_DAYS = ("timeline", "backcast", "calibrate", "validate")
"""Evidence of many days, which no network is of."""
STUDY = """study: two
title: Two
baselines: [baseline-2019]
origins: [hunchun]
focus: niigata
scenarios: [primorye-1, primorye-2]
sweep: [{name: upgrade, scenarios: [none, primorye-2]}]
"""


@pytest.fixture(scope="module")
def model():
    return cn.load()


def told(value, key=""):
    """Yield the days that an answer says it is of."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from told(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from told(inner, key)
    elif key in ("as_of", "day_before", "day_after"):
        yield value


def days_of(found):
    return {str(network.day) for network in networks_of(found)}


@pytest.mark.parametrize("name", [name for name in offered(files=False) if name not in (*OF_MANY_DAYS, "sweep")])
def test_every_answer_knows_the_networks_of_its_day(model, name):
    """Each as it is usually asked, on the day that the question chooses by itself where it has one."""
    asked_of = question(commands()[name])
    given = {key: value if isinstance(value, list) else [value] for key, value in usual(name).items()}
    if name != "line":  # its service sails in 2013
        given.pop("as_of", None)
    if name == "uncertainty":
        given["rivals"] = ["true"]
    if name == "potential":
        given |= {"goods": ["parts_40"], "origins": ["yanji"]}
    if name == "routes":
        given |= {"origins": ["harbin"], "destinations": ["niigata"]}
    asked = read(asked_of, from_texts(asked_of, given), files=False)
    day = asked.shared.get("as_of")
    seen = (model.as_of(day) if day else model).with_scenario(*asked.shared.get("scenario", ()))
    found = seen.ask(asked_of.name, *asked.args, **asked.named)
    assert days_of(found) == (set(told(found.to_dict())) or {"2019-07-01"})


@pytest.mark.whole
@pytest.mark.parametrize(
    "name", ["attribution", "portfolio", "potential", "sensitivity", "sources", "sweep", "uncertainty"]
)
def test_a_study_is_of_the_day_of_its_baseline(model, name, tmp_path):
    study = tmp_path / "two.yaml"
    study.write_text(STUDY, encoding="utf-8")
    asked = {
        "portfolio": {"budget": 4e9},
        "potential": {"goods": ["parts_40"]},
        "sensitivity": {"samples": 64, "show": 1},
        "uncertainty": {"draws": 20, "rivals": True},
    }
    given = {"study": study} if name == "sources" else {}
    found = model.ask(name, *([] if given else [study]), **given, **asked.get(name, {}))
    assert days_of(found) == {"2019-07-01"}
    rates = {row.year: row.units_per_usd for row in model.base.rows("exchange_rate") if row.currency == "JPY"}
    assert words_of(found, currency="JPY").currency.per_usd == rates[2019] != rates[2026]


def test_a_portfolio_under_a_future_of_another_day_knows_both(model):
    asked = {"budget": 4e9, "origins": ["harbin"], "futures": ["as-it-is=1", "2026-07-01=1"]}
    found = model.as_of("2019-07-01").portfolio("primorye-1", "primorye-2", **asked)
    assert [str(one.day) for one in networks_of(found)] == ["2019-07-01", "2019-07-01", "2026-07-01"]
