"""A file with thousands of faults ends soon, and says how many it does not show."""

import pytest

from corridor_net.errors import MOST_FAULTS, FileFaults
from corridor_net.scenario import load_scenario
from corridor_net.scenario.apply import MOST_FAILED
from corridor_net.scenario.ledger import Ledger, Write
from corridor_net.scenario.work import HINTED

HEAD = "scenario: many\ntitle: Many\nchanges:\n"
CHANGE = "  - {scale: link, where: {link_id: %s}, field: length_km, by: 2}\n"


def faults(tmp_path, network, text):
    path = tmp_path / "many.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(FileFaults) as caught:
        load_scenario(path).apply(network)
    return caught.value


def test_after_so_many_changes_that_cannot_be_made_the_rest_is_not_tried(tmp_path, tiny):
    error = faults(tmp_path, tiny, "".join(CHANGE % f"road-{n}" for n in range(MOST_FAILED + 50)))
    assert len(error.faults) == MOST_FAILED + 1
    assert error.faults[-1].message == "200 changes cannot be made: the rest was not tried"
    assert error.faults[-1].place.line == 4 + MOST_FAILED


def test_of_many_wrong_names_in_one_condition_the_first_have_a_hint_and_the_last_are_counted(tmp_path, tiny):
    names = [f"road-a{n}" for n in range(MOST_FAULTS + 30)]
    error = faults(tmp_path, tiny, CHANGE % f"[{', '.join(names)}]")
    assert len(error.faults) == len(names)
    hinted = [fault for fault in error.faults if "did you mean" in fault.hint]
    assert len(hinted) == HINTED
    assert str(error).splitlines()[-1] == "and 30 faults more [CN-E105]"


@pytest.mark.parametrize("how", ["set", "scale", "shift"])
def test_however_often_one_scenario_changes_a_figure_the_order_with_another_is_seen_at_its_first_or_second(how):
    ledger, row = Ledger({}), object()
    for value in (1, 1, 2, 3, 4):
        assert ledger.write(row, "length_km", Write(scenario="one", how=how, value=value)) is None
    kept = [write.value for write in ledger.writes(row, "length_km")]
    assert kept == ([1, 2] if how == "set" else [1])
    for value, expected in ((1, 2), (2, 1), (9, 1)):
        earlier = ledger.write(row, "length_km", Write(scenario=f"other {value}", how="set", value=value))
        assert earlier.scenario == "one"
        assert earlier.value == (expected if how == "set" else 1)


def test_of_five_thousand_names_in_one_condition_those_of_no_row_are_named_and_the_others_select(tmp_path, tiny):
    there = [row.link_id for row in tiny.rows("link")][:2]
    names = [*(f"none-{n}" for n in range(5000)), *there, f"{there[0][:3]}*"]
    error = faults(tmp_path, tiny, f"  - {{close: link, where: {{link_id: [{', '.join(names)}]}}}}\n")
    assert len(error.faults) == 5000
    assert {fault.message for fault in error.faults} == {
        f"no row of table link has link_id = none-{n}" for n in range(5000)
    }
