"""Each bound of a file itself is allowed, and one more is not."""

import pytest

from corridor_net.errors import BadFile, BadValue, UnknownName
from corridor_net.scenario.load import MAX_NAME, scenario_path
from corridor_net.scenario.sweep import MOST_POINTS, SweepAxis, points_of
from corridor_net.scenario.yaml_file import YamlFile
from corridor_net.scenario.yaml_text import MAX_DEPTH, MAX_DIGITS, MAX_NODES


def values_of(text):
    return YamlFile.parse(text, "x.yaml").data


def axis(count):
    return SweepAxis(name=f"a{count}", stops=tuple(range(count)))


def test_points_of_a_sweep():
    points = points_of([axis(5), axis(MOST_POINTS // 5)])
    assert len(points) == len(set(points)) == MOST_POINTS
    assert points[:2] == [(0, 0), (0, 1)]
    with pytest.raises(BadValue, match=f"{MOST_POINTS + 1:,} points"):
        points_of([axis(3), axis((MOST_POINTS + 1) // 3)])


def test_characters_of_a_name():
    with pytest.raises(UnknownName):
        scenario_path("a" * MAX_NAME)
    with pytest.raises(BadFile, match="no name of a file"):
        scenario_path("a" * (MAX_NAME + 1))


def test_levels_inside_each_other():
    def nested(levels):
        return f"a: {'[' * levels}1{']' * levels}"

    assert values_of(nested(MAX_DEPTH - 1))
    with pytest.raises(BadFile, match="levels inside each other"):
        values_of(nested(MAX_DEPTH))


def test_levels_that_an_alias_brings():
    def reaching(levels):
        return f"a: &a {'[' * levels}1{']' * levels}\nb: [[[*a]]]"

    assert values_of(reaching(MAX_DEPTH - 4))
    with pytest.raises(BadFile, match="levels inside each other"):
        values_of(reaching(MAX_DEPTH - 3))


def test_values_of_a_file():
    """A list of 997 is 998 values, each time it is named: with 19 aliases of it, itself, the other list and the
    mapping 19,962 of 20,000; keys are none."""
    many = f"a: &a [{'0,' * 997}]\nb: [{'*a,' * 19}%s]"
    left = MAX_NODES - 2 - 20 * 998
    assert len(values_of(many % ("0," * left))["b"]) == 19 + left
    with pytest.raises(BadFile, match="values"):
        values_of(many % ("0," * (left + 1)))


def test_digits_of_a_whole_number():
    assert values_of(f"a: {'9' * MAX_DIGITS}") == {"a": int("9" * MAX_DIGITS)}
    assert values_of(f"a: {'9' * (MAX_DIGITS + 1)}") == {"a": "9" * (MAX_DIGITS + 1)}
