"""A change that holds from a day: before it the scenario does nothing, on it and after it does what it says."""

import pytest

import corridor_net as cn
from corridor_net.errors import ScenarioError
from corridor_net.scenario import load_scenario
from corridor_net.scenario.load import check_scenario

BORDER = "suifenhe-pogranichny-road-out"
CHANGE = f"scale: crossing, where: {{crossing_id: {BORDER}}}, component: queue, field: hours, by: 0.5"


@pytest.fixture
def later(write_yaml):
    changes = "\n".join(f"  - {{{CHANGE}, valid_from: {day}}}" for day in ("2027-01-01", "2029-01-01"))
    return write_yaml("later", f"scenario: later\ntitle: Later\nchanges:\n{changes}\n")


def queue(network):
    row = next(row for row in network.active("crossing") if row.crossing_id == BORDER)
    return next(
        one.value
        for one in network.active("operation")
        if (one.operation_id, one.component, one.quantity) == (row.operation_id, "queue", "hours")
    )


@pytest.mark.parametrize(("day", "factor"), [("2026-12-31", 1), ("2027-01-01", 0.5), ("2029-01-01", 0.25)])
def test_each_change_holds_from_its_day(later, day, factor):
    base = cn.load(as_of=day).network
    assert queue(load_scenario(later).apply(base)) == pytest.approx(factor * queue(base))


def test_a_day_on_which_no_change_holds_is_refused(later):
    with pytest.raises(ScenarioError, match="no change of scenario 'later' holds on 2026-07-01") as told:
        cn.load(as_of="2026-07-01", scenarios=[later]).network  # noqa: B018 - made when it is looked at
    assert told.value.hint == "the first holds from 2027-01-01 on"
    assert cn.load(as_of="2028-07-01", scenarios=[later]).network.day.year == 2028


def test_a_day_that_the_data_do_not_reach_is_told_with_its_place(write_yaml, shipped):
    path = write_yaml("far", f"scenario: far\ntitle: Far\nchanges:\n  - {{{CHANGE}, valid_from: 2999-01-01}}\n")
    with pytest.raises(cn.CorridorError, match="2999-01-01 is outside the data") as told:
        check_scenario(path, shipped)
    assert str(told.value.place).endswith("far.yaml:4:129")


def test_check_tries_every_day_from_which_a_change_holds(write_yaml, shipped):
    wrong = f"{{{CHANGE.replace(BORDER, 'no-border')}, valid_from: 2029-01-01}}"
    path = write_yaml("wrong", f"scenario: wrong\ntitle: Wrong\nchanges:\n  - {{{CHANGE}}}\n  - {wrong}\n")
    load_scenario(path).apply(shipped)
    with pytest.raises(cn.CorridorError, match="no-border"):
        check_scenario(path, shipped)
