"""Study files: the shipped one, broken ones, and those that cannot be run."""

from __future__ import annotations

from datetime import date

import pytest

import corridor_net as cn
from corridor_net.errors import CorridorError, ScenarioError
from corridor_net.scenario import study_of, with_ends

from .helpers import place_of


def test_the_shipped_study(study):
    assert [b.name for b in study.baselines] == ["baseline-2016", "baseline-2019", "baseline-2026"]
    assert study.main_baseline.name == "baseline-2019"
    assert len(study.scenarios) == 9
    assert {name for name, _ in study.files} >= {"longjiang-japan.yaml", "longjiang-belt.yaml", "primorye-1.yaml"}


@pytest.mark.whole
@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("study: s\ntitle: x\nbaselines: []\n", "baselines", 3),
        ("study: s\ntitle: x\n", "'baselines' is missing", 1),
        ("study: s\ntitle: x\nbaselines: [baseline-2091]\n", "unknown scenario 'baseline-2091'", 3),
        ("study: s\ntitle: x\nbaselines: [baseline-2019]\nscenarios:\n  - vanino\n  - vanini\n",
         "unknown scenario 'vanini'", 6),
        ("study: s\ntitle: x\nbaselines: [baseline-2019]\nby: cheapness\n", "by", 4),
        ("study: s\ntitle: x\nbaselines: [baseline-2019]\nbye: money\n", "unknown field 'bye'", 4),
        ("study: s\ntitle: x\nbaselines: [baseline-2019]\nprice_year: 1990\n", "price_year", 4),
    ],
)  # fmt: skip
def test_broken_studies(write_yaml, text, message, line):
    with pytest.raises(CorridorError, match=message) as caught:
        cn.load_study(write_yaml("s", text))
    assert place_of(caught.value)[:2] == ("s.yaml", line)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("main_baseline: baseline-2016", "main_baseline 'baseline-2016'"),
        ("origins: [harbn]", "unknown node 'harbn'"),
        ("origins: []", "names no origin"),
        ("focus: nigata", "unknown node 'nigata'"),
        ("cargo: dry_44", "unknown cargo 'dry_44'"),
    ],
)
def test_studies_that_cannot_be_run(write_yaml, shipped, line, message):
    path = write_yaml("s", f"study: s\ntitle: x\nbaselines: [baseline-2019]\ndestinations: [niigata]\n{line}\n")
    with pytest.raises(CorridorError, match=message) as caught:
        cn.compare(cn.load_study(path), shipped)
    assert caught.value.exit_code == 2


def test_scenarios_run_alone_stand_on_the_baseline_of_their_day(write_yaml):
    assert study_of(["vanino"]).main_baseline.name == "baseline-2026"
    dated = write_yaml("dated", "scenario: dated\ntitle: x\nas_of: 2019-07-01\n")
    assert study_of([str(dated)]).main_baseline.name == "baseline-2019"
    other = write_yaml("other", "scenario: other\ntitle: x\nas_of: 2014-02-03\n")
    assert study_of([str(other)]).main_baseline.as_of == date(2014, 2, 3)
    with pytest.raises(ScenarioError, match="different days"):
        study_of([str(dated), str(other)])


@pytest.mark.parametrize(
    ("destinations", "focus"),
    [
        (["mk_nagano", "niigata"], "niigata"),
        (["mk_nagano", "mk_hiroshima"], "mk_nagano"),
        ([], "niigata"),
    ],
)
def test_the_focus_stays_where_it_is_among_the_places_asked_for_and_is_the_first_of_them_else(
    study, destinations, focus
):
    asked = with_ends(study, ["yanji"], destinations)
    assert (asked.file.focus, asked.file.origins) == (focus, ["yanji"])
    assert asked.file.destinations == (destinations or study.file.destinations)
    assert with_ends(study, [], []) is study
