"""What scenarios do not gain is said in one way, by the page and by the report, once of all baselines that agree."""

from __future__ import annotations

import corridor_net as cn
from corridor_net.output.studies.study_text import idle, summary, without_gain


def test_what_changes_nothing_is_said_once_of_the_baselines_that_agree(write_yaml, shipped):
    asked = "scenarios: [rajin-khasan, vanino]\norigins: [heihe]\ndestinations: [niigata]\n"
    baselines = "baselines: [baseline-2016, baseline-2019, baseline-2026]\n"
    made = cn.compare(cn.load_study(write_yaml("s", f"study: s\ntitle: S\n{baselines}{asked}")), shipped)
    early, late, today = made.baselines
    assert [idle(made.effects(run)) for run in (early, late, today)] == [
        ["vanino"],
        ["vanino"],
        ["rajin-khasan", "vanino"],
    ]
    told = [str(line) for line in without_gain(made)]
    said = "alone, these change nothing on the way to niigata"
    assert told == [f"{early.title} and {late.title}: {said}: vanino.", f"{today.title}: {said}: rajin-khasan, vanino."]
    assert [str(line) for line in summary(made)][-2:] == told
