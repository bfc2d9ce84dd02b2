"""Sobol points and Latin hypercubes: more even than chance, paired like random draws, and what cannot be is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

import corridor_net as cn
from corridor_net.errors import BadValue
from corridor_net.uncertainty.factors.designs import Designed, checked_sampler, half_width, keys_of
from corridor_net.uncertainty.factors.distributions import Distribution
from corridor_net.uncertainty.factors.draws import Factors, inverse_normal
from corridor_net.uncertainty.factors.sobol import sobol_points
from corridor_net.uncertainty.studies.study import study_uncertainty

DISTRIBUTIONS = {
    f"speed:{name}": Distribution(figure=f"speed:{name}", kind="lognormal", sigma=0.2, sigma_up=0.3)
    for name in "abcdef"
}


def designed(sampler, draws, distributions=DISTRIBUTIONS, seed=1):
    return Designed(distributions, seed, None, sampler=sampler, draws=draws, keys=keys_of([distributions]))


def error(factors, draws):
    """How far the mean of a sum of six scores is from 0."""
    return abs(sum(factors.normal(name, 0, draws).mean() for name in DISTRIBUTIONS))


@pytest.mark.parametrize(("sampler", "times"), [("sobol", 8), ("latin", 8)])
def test_a_design_is_far_nearer_than_chance(sampler, times):
    draws = 1024
    chance = np.mean([error(Factors(DISTRIBUTIONS, seed), draws) for seed in range(8)])
    design = np.mean([error(designed(sampler, draws, seed=seed), draws) for seed in range(8)])
    assert design * times < chance


@pytest.mark.parametrize("sampler", ["sobol", "latin"])
def test_each_replicate_has_one_point_in_every_stratum(sampler):
    scores = designed(sampler, 256).scores("speed:c", 0, 256).reshape(8, 32)
    strata = inverse_normal(np.arange(1, 32) / 32)
    for one in scores:
        assert sorted(np.searchsorted(strata, one).tolist()) == list(range(32))


def test_a_figure_more_shifts_nothing_of_a_latin_hypercube():
    more = {"speed:a0": Distribution(figure="speed:a0", kind="lognormal", sigma=0.1, sigma_up=0.1), **DISTRIBUTIONS}
    for name in DISTRIBUTIONS:
        assert (designed("latin", 64, more).factor(name, 0, 64) == designed("latin", 64).factor(name, 0, 64)).all()


def test_scenarios_draw_as_their_originals_and_parts_as_the_whole():
    copy = {
        **DISTRIBUTIONS,
        "speed:b~faster~1": Distribution(figure="speed:b~faster~1", kind="lognormal", sigma=0.2, sigma_up=0.3),
    }
    for sampler in ("sobol", "latin"):
        made = designed(sampler, 64, copy)
        assert (made.factor("speed:b~faster~1", 0, 64) == made.factor("speed:b", 0, 64)).all()
        assert (made.factor("speed:b", 16, 24) == made.factor("speed:b", 0, 64)[16:40]).all()


@given(st.integers(1, 5000))
def test_draws_that_replicates_cannot_share_are_refused(draws):
    each, rest = divmod(draws, 8)
    for sampler, good in (("latin", not rest), ("sobol", not rest and each.bit_count() == 1), ("random", True)):
        if good:
            checked_sampler(sampler, draws)
        else:
            with pytest.raises(BadValue):
                checked_sampler(sampler, draws)


def test_the_half_width_of_replicates_holds_the_truth():
    """In about 95 of 100 designs the true mean is within it."""
    held = 0
    for seed in range(100):
        values = np.exp(sum(0.3 * designed("latin", 128, seed=seed).scores(name, 0, 128) for name in DISTRIBUTIONS))
        truth = np.exp(0.5 * 6 * 0.09)
        held += abs(values.mean() - truth) < half_width(values, "latin") * values.mean()
    assert held >= 85


@pytest.fixture(scope="module")
def comparison(tmp_path_factory, shipped):
    path = tmp_path_factory.mktemp("designs") / "small.yaml"
    path.write_text(
        "study: small\ntitle: Small\nbaselines: [baseline-2019]\nscenarios: [primorye-2]\n"
        "origins: [harbin, hunchun]\nfocus: niigata\n",
        encoding="utf-8",
    )
    return cn.compare(cn.load_study(path), shipped)


@pytest.mark.parametrize("sampler", ["sobol", "latin"])
@pytest.mark.slow
def test_a_study_by_a_design_agrees_with_many_random_draws(comparison, sampler):
    many = study_uncertainty(comparison, draws=40_000)
    few = study_uncertainty(comparison, draws=1024, sampler=sampler)
    for run, other in zip(few.runs, many.runs, strict=True):
        for pair, same in zip(run.pairs, other.pairs, strict=True):
            assert pair.best.generalised_cost_usd.mean == pytest.approx(same.best.generalised_cost_usd.mean, rel=0.02)
            assert pair.gateways[same.gateway] == pytest.approx(same.gateways[same.gateway], abs=0.06)
    sizes, widths = zip(*few.steps, strict=True)
    assert sizes == (64, 128, 256, 512, 1024)
    assert widths[-1] < widths[0] / 4
    assert few.to_dict()["sampler"] == sampler


def test_draws_stop_at_the_precision_asked_for(comparison):
    one = replace(comparison, runs=comparison.runs[:1])
    found = study_uncertainty(one, draws=4096, sampler="sobol", precision=0.03)
    assert 64 < found.draws < 4096
    assert found.half_width < 0.03
    assert [width >= 0.03 for _, width in found.steps[:-1]] == [True] * (len(found.steps) - 1)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--sampler", "soblo"), "sobol"),
        (("--sampler", "sobol", "--draws", 2000), "1,024 or 2,048"),
        (("--sampler", "latin", "--draws", 2001), "a multiple of 8"),
    ],
)
def test_the_command_names_what_is_wrong(cli, options, word):
    done = cli("uncertainty", *options)
    assert done.code == 2
    assert word in done.err
    assert "Traceback" not in done.err


def test_a_design_does_not_go_with_chunks(cli, tmp_path):
    done = cli("uncertainty", "--sampler", "sobol", "--out", tmp_path / "o")
    assert done.code == 2
    assert "--sampler" in done.err
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(("inputs", "count"), [(1, 1), (2, 16), (300, 1024)])
def test_sobol_points_are_those_of_scipy_bit_for_bit(inputs, count):
    ours, theirs = (np.random.Generator(np.random.Philox(inputs)) for _ in range(2))
    expected = qmc.Sobol(inputs, scramble=True, rng=theirs).random(count)
    assert (sobol_points(inputs, count, ours) == expected).all()


def test_more_figures_than_there_are_direction_numbers_are_refused():
    with pytest.raises(BadValue, match="Sobol points of 30,000 figures"):
        sobol_points(30_000, 1, np.random.Generator(np.random.Philox(1)))
