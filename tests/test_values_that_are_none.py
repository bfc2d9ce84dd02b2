"""What a program may hand over, and is no value of an option, a scenario or a question: one fault that names it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import inf, nan
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import corridor_net as cn
from corridor_net import questions
from corridor_net.appraisal.filling import Filled
from corridor_net.errors import BadValue, CorridorError
from corridor_net.programs.shapes import LARGEST, read
from corridor_net.questions._call import fitted
from corridor_net.render.console import NARROWEST, PIPED, width_of_terminal
from corridor_net.results import plain

CHANGE = {"scale": "link", "where": {"mode": "road"}, "field": "length_km"}


def changed(**keys):
    return {"scenario": "x", "title": "X", "changes": [{**CHANGE, "by": 1.5, **keys}]}


def test_a_number_without_an_end_is_none_in_json():
    """JSON knows no Infinity: the freight above which a ship never empties, an error of one random order."""
    nearest = most_covered(2.0, empties=inf)
    assert nearest["empties_usd"] is None
    assert nearest["sailings_per_week"] == 2.0
    assert plain({"a": (inf, -inf, nan, np.float64(inf), 1.5, True)}) == {"a": [None, None, None, None, 1.5, True]}


def most_covered(sailings, empties):
    return plain(
        Filled(
            sailings_per_week=sailings,
            freight_usd=700.0,
            boxes_per_sailing=18.7,
            profit_usd_per_week=-82456.0,
            covered=0.25,
            empties_usd=empties,
        )
    )


@pytest.mark.parametrize("value", [False, 0, "", (), [], {}, b"x", nan, np.array([1, 2]), pd.NA, date(2019, 1, 1)])
@pytest.mark.parametrize("option", ["cargo", "by"])
def test_what_is_false_or_empty_does_not_stand_for_the_usual_cargo_or_what_is_minimised(tiny, option, value):
    with pytest.raises(BadValue, match=option):
        cn.Model(tiny).with_options(**{option: value})
    assert getattr(cn.Model(tiny).with_options(**{option: None}).options, option) is None


STRANGE = (["x"], object(), b"x", np.array([1.0, 2.0]), {"x": 1})
UNLIKE = {bool: ("no", 3), int: ("3", 3.5, nan, inf, True), float: ("x", True), str: (5, 2.5, True)}
ENDS = {"origin": "harbin", "destination": "niigata", "study": "longjiang-japan", "before": "2016-07-01"}


@pytest.mark.parametrize("name", questions.names())
def test_a_keyword_of_another_kind_is_refused_by_its_name(tiny, name):
    """Most were tracebacks from deep within, or were taken for something: `pairs="no"` for yes."""
    asked, model = questions.question(name), cn.Model(tiny)
    given = {one.name: ENDS.get(one.name, "x") for one in asked.parameters if one.required and not one.many}
    for one in asked.parameters:
        if one.required or one.many:
            continue
        text = one.kind is str and not one.is_file  # a place or a day is not only a text
        for value in (*UNLIKE.get(one.kind, (5,)), *([b"x"] if text else STRANGE)):
            with pytest.raises(BadValue, match=f"^{one.name} is "):
                model.ask(name, **(given | {one.name: value}))


def test_numbers_of_other_libraries_are_numbers(tiny):
    model = cn.Model(tiny)
    usual = model.with_options(value_of_time=10.5, price_year=2019, schedule=True).options
    for number, year, yes in ((Decimal("10.5"), np.int16(2019), np.True_), (np.array(10.5), 2019.0, np.array(True))):
        assert model.with_options(value_of_time=number, price_year=year, schedule=yes).options == usual
    assert fitted("draws", np.float64(1e4), int) == 10_000
    assert type(fitted("draws", 1e4, int)) is int
    assert type(fitted("budget", np.float32(2), float)) is float


@pytest.mark.parametrize("value", ["no", 0, 1, None])
def test_by_the_timetable_or_not_is_true_or_false(tiny, value):
    with pytest.raises(BadValue, match="schedule"):
        cn.Model(tiny).with_options(schedule=value)


@pytest.mark.parametrize("value", [True, "8", 1j, [8], pd.NA])
@pytest.mark.parametrize("option", ["value_of_time", "co2_price", "price_year"])
def test_a_price_is_a_number_and_no_truth(tiny, option, value):
    with pytest.raises(BadValue, match=option):
        cn.Model(tiny).with_options(**{option: value})
    assert cn.Model(tiny).with_options(**{option: np.int64(8)})


@pytest.mark.parametrize("given", [None, True, 1.5, object(), pd.NaT])
def test_scenarios_that_are_none(given):
    with pytest.raises(BadValue, match="scenarios"):
        cn.load(scenarios=given)


@pytest.mark.parametrize("given", [True, 0, b"x", [], "a" * 100_000])
def test_folders_that_are_none(given):
    with pytest.raises(BadValue, match="is no folder"):
        cn.load(geodata=given)


def test_what_was_read_and_not_yet_written_is_told_to_be():
    with pytest.raises(BadValue, match="is no folder") as told:
        cn.load(SimpleNamespace(write=print))
    assert "load the folder" in told.value.hint


def test_no_day_of_pandas_is_a_day(tiny):
    with pytest.raises(BadValue, match="is not a date"):
        cn.Model(tiny).as_of(pd.NaT)
    assert cn.Model(tiny).as_of(pd.Timestamp("2019-07-01 12:00")).day == date(2019, 7, 1)


@pytest.mark.parametrize(
    "given",
    [
        changed(by=object()),
        changed(by=1j),
        changed(where={"mode": {"road"}}),
        changed(why=b"x"),
        {**changed(), ("a", "b"): 1},
        {**changed(), "title": np.array(["X"])},
    ],
)
def test_what_stands_in_no_scenario_is_refused_in_a_mapping(tiny, given):
    with pytest.raises(BadValue, match="a scenario cannot hold this"):
        cn.Model(tiny).with_scenario(given)


def test_a_mapping_that_holds_itself_is_refused(tiny):
    given = changed()
    given["changes"].append(given)
    with pytest.raises(BadValue, match="a scenario cannot hold this"):
        cn.Model(tiny).with_scenario(given)


@pytest.mark.parametrize("factor", [np.float32(1.5), np.float64(1.5), Fraction(3, 2)])
def test_numbers_of_other_libraries_are_numbers_in_a_mapping(tiny, factor):
    lengths = {row.link_id: row.length_km for row in tiny.rows("link")}
    made = cn.Model(tiny).with_scenario(changed(by=factor, source=Path("x"))).network
    assert {row.link_id: row.length_km / lengths[row.link_id] for row in made.rows("link") if row.mode == "road"} == {
        row.link_id: 1.5 for row in tiny.rows("link") if row.mode == "road"
    }


@pytest.mark.parametrize("value", [10**400, -(10**400), inf, nan, LARGEST * 2, "8", True])
@pytest.mark.parametrize("name", ["value_of_time", "co2_price"])
def test_a_number_of_a_question_is_one_that_can_be_reckoned_with(name, value):
    with pytest.raises(BadValue, match=f"'{name}' is no number"):
        read(questions.question("route"), {"origin": "harbin", "destination": "niigata", name: value})


@pytest.mark.parametrize("value", [10**400, {"a": 1}, None, ""])
def test_a_place_of_a_question_is_a_text(tiny, value):
    with pytest.raises(CorridorError):
        read(questions.question("route"), {"origin": value, "destination": {}})


@pytest.mark.parametrize(("columns", "width"), [("²", PIPED), ("9" * 5000, PIPED), ("٣", PIPED), ("1e3", PIPED),
                                                ("0", PIPED), ("7", NARROWEST), ("0150", 150)])  # fmt: skip
def test_columns_that_are_no_number_are_passed_over(monkeypatch, tmp_path, columns, width):
    monkeypatch.setenv("COLUMNS", columns)
    with (tmp_path / "out").open("w") as stream:
        assert width_of_terminal(stream) == width


def test_names_with_values_may_be_a_mapping():
    model = cn.load(as_of="2019-07-01")
    assert model.gateways(prefer={"busan": 300}) == model.gateways(prefer=["busan=300"])
    with pytest.raises(CorridorError, match="'busan=None' is no preference"):
        model.gateways(prefer={"busan": None})
