"""Published claims as evidence of a study: the draws are those of the weighted ensemble, where they are asked for."""

import dataclasses
import json

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.compare import compare
from corridor_net.analysis.validate import validate
from corridor_net.errors import BadValue
from corridor_net.uncertainty.batches.jobs import Job
from corridor_net.uncertainty.calibration import evidence as evidence_module
from corridor_net.uncertainty.calibration.calibrate import calibrate
from corridor_net.uncertainty.calibration.evidence import picks, published_evidence
from corridor_net.uncertainty.factors.distributions import Distribution
from corridor_net.uncertainty.studies.study import main_uncertainty, study_uncertainty

DWELL = "operation:port_jp_out:dwell:hours"
STUDY = """\
study: pair
title: One pair
baselines: [baseline-2019]
scenarios: []
origins: [harbin]
destinations: [niigata]
"""


@pytest.fixture(scope="module")
def checks(shipped):
    return validate(shipped)


@pytest.fixture(scope="module")
def posterior(checks):
    return calibrate(checks, draws=4000)


@pytest.fixture(scope="module")
def evidence(shipped):
    return published_evidence(shipped, draws=2000, ensemble=4000)


@pytest.fixture(autouse=True)
def quick(monkeypatch, shipped, checks):
    """The claims are asked once, and what a study draws from is a tenth of what it is outside of tests."""
    monkeypatch.setattr(
        evidence_module, "validate", lambda network: checks if network is shipped else validate(network)
    )
    monkeypatch.setitem(published_evidence.__kwdefaults__, "ensemble", 2000)


@pytest.fixture
def asked(write_yaml, shipped):
    """Return a function that gives the comparison of a study with an `evidence`."""

    def ask(word=None):
        line = f"evidence: {word}\n" if word else ""
        return compare(cn.load_study(write_yaml(f"pair-{word}", STUDY + line)), shipped)

    return ask


def test_draws_come_as_often_as_their_weight_says(posterior):
    chosen = picks(posterior, 2000)
    times = np.bincount(chosen, minlength=posterior.draws)
    assert np.abs(times - 2000 * posterior.weights).max() <= 1
    assert (chosen == picks(posterior, 2000)).all()
    assert not (np.diff(chosen) >= 0).all()


def test_a_figure_of_the_claims_is_drawn_from_its_updated_range(evidence):
    posterior = evidence.posterior
    check = posterior.claims.figures[DWELL]
    own = posterior.claims.factors(check)
    drawn = evidence.factors({DWELL: own.distributions[DWELL]}).factor(DWELL, 0, 2000)
    whole = own.factor(DWELL, 0, posterior.draws)
    points = np.quantile(whole, np.linspace(0.1, 0.9, 9))
    weighed = (whole <= points[:, None]) @ posterior.weights
    below = (drawn <= points[:, None]).mean(axis=1)
    assert (np.abs(below - weighed) < 4 * np.sqrt(weighed * (1 - weighed) / 2000)).all(), "as near as 2,000 draws are"
    assert np.median(drawn) > 1.2


def test_a_figure_of_no_claim_keeps_its_own_range(evidence):
    alone = Distribution(figure="tariff:nobody", kind="lognormal", sigma=0.25, sigma_up=0.25)
    drawn = np.log(evidence.factors({"tariff:nobody": alone}).factor("tariff:nobody", 0, 2000))
    assert drawn.mean() == pytest.approx(0, abs=0.25 * 4 / evidence.posterior.effective**0.5)
    assert drawn.std() == pytest.approx(0.25, rel=0.25)


def test_none_is_the_default_and_is_what_a_study_said_before(asked):
    assert cn.load_study("longjiang-japan").file.evidence == "none"
    assert main_uncertainty(asked()) == main_uncertainty(asked("none"))


def test_published_moves_the_ranges_of_a_study_and_not_its_answer(asked):
    before, after = asked("none"), asked("published")
    pair = ("harbin", "niigata")
    old, new = main_uncertainty(before)[pair], main_uncertainty(after)[pair]
    assert before.runs[0].trips[pair].hours == after.runs[0].trips[pair].hours
    assert new.route.hours.p50 < old.route.hours.p50
    width = [one.route.hours.p90 - one.route.hours.p10 for one in (old, new)]
    assert width[1] < width[0]
    assert study_uncertainty(after, draws=2000).runs[0].pairs[0].route.hours.p50 == pytest.approx(
        new.route.hours.p50, rel=1e-9
    )


def test_what_evidence_cannot_be_joined_with_is_refused(asked):
    after = asked("published")
    with pytest.raises(BadValue, match="draws of its own"):
        study_uncertainty(after, draws=512, sampler="sobol")
    with pytest.raises(BadValue, match="evidence: published"):
        Job.of(after)


def test_another_word_is_refused(write_yaml):
    path = write_yaml("odd", STUDY.replace("study: pair", "study: odd") + "evidence: maybe\n")
    with pytest.raises(BadValue, match="evidence"):
        cn.load_study(path)


def test_without_claims_published_is_the_figures_own_ranges(asked, shipped):
    after = asked("published")
    bare = dataclasses.replace(after, network=shipped.with_rows(published=[]))
    assert main_uncertainty(bare) == main_uncertainty(asked("none"))


def test_run_says_that_its_ranges_are_updated(cli, write_yaml, tmp_path):
    done = cli("run", write_yaml("told", STUDY + "evidence: published\n"), "--out", tmp_path / "out")
    assert done.code == 0
    assert "weighted by the published claims" in done.out
    facts = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert facts["options"]["evidence"] == "published"
