"""Uncertainty and sensitivity as questions: the same from Python and the command, with and without numba."""

import json
import subprocess
import sys

import pytest

import corridor_net as cn
from corridor_net.errors import BadValue
from corridor_net.output.charts.charts import chart_svg
from corridor_net.questions import page_of, words_of
from corridor_net.questions.uncertainty import sensitivity as sensitivity_question
from corridor_net.questions.uncertainty import uncertainty as uncertainty_question
from corridor_net.render.console import page_text
from corridor_net.render.words import Words
from corridor_net.uncertainty.sensitivity import gateway_model, study_sensitivity

STUDY = "study: small\ntitle: Small\nbaselines: [baseline-2019]\nscenarios: [primorye-2]\norigins: [harbin, dongning]\n"


@pytest.fixture(scope="module")
def study_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("uncertainty") / "small.yaml"
    path.write_text(STUDY + "focus: niigata\n", encoding="utf-8")
    return path


def test_python_and_the_command_say_the_same(cli, study_file):
    found = cn.load().uncertainty(str(study_file), draws=80, origin="dongning", rivals=True)
    done = cli("uncertainty", study_file, "--draws", 80, "--from", "dongning", "--rivals", "--json")
    assert json.loads(done.out) == json.loads(json.dumps(found.to_dict()))
    assert len(found.frame) == 2 * 2
    assert found.frame["cost_usd_p10"].tolist() == [round(p.route.cost_usd.p10, 2) for r in found.runs for p in r.pairs]


def test_who_seldom_wins_is_named_with_those_who_do_otherwise_in_eighty_columns(study_file):
    found = cn.load(as_of="2016-07-01").uncertainty(str(study_file), draws=200, rivals=True)
    text = page_text(uncertainty_question.view(found), Words(names=found.names), 80)
    assert max(map(len, text.splitlines())) <= 80
    words = " ".join(text.split())
    seldom = [pair for pair in found.runs[0].pairs if pair.gateway_wins < 0.5]
    assert seldom
    for pair in seldom:
        other, share = pair.otherwise
        assert "else " in words
        assert f" {found.names[other]} {share:.0%}" in words


def test_scenarios_and_a_day_take_the_place_of_the_study_s(study_file):
    found = cn.load(as_of="2016-07-01").uncertainty(str(study_file), draws=40, scenarios=["vanino"], rivals=True)
    assert [run.run.name for run in found.runs] == ["network-2016-07-01", "network-2016-07-01/vanino"]
    by_time = cn.load(by="time").uncertainty(str(study_file), draws=40)
    assert by_time.exact, "a study that minimises time is searched too"


@pytest.mark.parametrize(("deadline", "said"), [(16, "within 16 days: "), (15.5, "within 15.5 days: ")])
def test_a_deadline_is_said_as_it_was_asked(study_file, deadline, said):
    found = cn.load().uncertainty(study_file, draws=20, deadline=deadline)
    assert said in page_text(page_of(found), words_of(found), 200)


def test_options_that_do_not_go_together_are_told():
    model = cn.load()
    for given in ({"resume": True}, {"destinations": ["niigata", "tokyo"]}, {"deadline": -1.0}):
        with pytest.raises(BadValue):
            model.uncertainty(**given)
    with pytest.raises(BadValue, match="of one pair"):
        model.sensitivity("longjiang-japan", morris=True)
    with pytest.raises(BadValue, match="one --scenario"):
        cn.load(scenarios=["primorye-2", "vanino"]).sensitivity()


def test_without_numba_everything_is_answered(study_file, tmp_path):
    code = f"""
import sys
sys.modules["numba"] = None
import corridor_net as cn
from corridor_net.uncertainty.sensitivity import gateway_model, study_sensitivity
gateway_model.DRAWS, study_sensitivity.SCREENED = 200, 256
model = cn.load()
found = model.uncertainty({str(study_file)!r}, draws=40)
assert found.exact is True
batch = model.uncertainty({str(study_file)!r}, draws=40, chunk=20, out={str(tmp_path / "o")!r})
assert batch.summary["exact"] is True
model.sensitivity({str(study_file)!r}, samples=16)
pair = cn.load(as_of="2019-07-01", scenarios=["primorye-2"])
pair.sensitivity("yanji", "niigata", samples=16)
pair.sensitivity("yanji", "niigata", samples=2, morris=True)
pair.compare("yanji", "niigata")
assert not [name for name in sys.modules if name.startswith("numba") and sys.modules[name] is not None]
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.fixture
def few_draws(monkeypatch):
    monkeypatch.setattr(gateway_model, "DRAWS", 200)
    monkeypatch.setattr(study_sensitivity, "SCREENED", 1024)


def test_a_pair_says_what_to_look_up_and_draws_its_tornado(few_draws):
    found = cn.load(as_of="2019-07-01", scenarios=["primorye-2"]).sensitivity("yanji", "niigata", samples=64)
    names = {node_id: node.name for node_id, node in found.router.network.nodes.items()}
    text = page_text(sensitivity_question.view(found), Words(names=names), 80)
    assert text.startswith("Yanji to Niigata: ")
    assert "the figure to look up next is" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80
    assert found.frame["total"].tolist() == [round(one.total, 4) for one in found.inputs]
    assert set(sensitivity_question.charts(found)) == {"tornado"}


def test_a_screening_and_a_study_have_charts_and_frames_too(study_file, few_draws):
    screened = cn.load(as_of="2019-07-01").sensitivity("yanji", "niigata", samples=4, morris=True)
    assert screened.frame["mu_star"].is_monotonic_decreasing
    assert chart_svg(sensitivity_question.charts(screened)["effects"]).startswith("<svg")
    study = cn.load().sensitivity(str(study_file), samples=16, show=4)
    assert len(study.frame) == 4
    assert study.to_dict()["study"] == "small"
    assert chart_svg(sensitivity_question.charts(study)["figures"]).startswith("<svg")
