"""The weighted ensemble against posteriors that are known: conjugate by formula, others on a grid."""

from datetime import date
from math import exp, log, pi
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import norm

import corridor_net as cn
from corridor_net.analysis.validate import Modelled, checked, validate
from corridor_net.costing import Parameter
from corridor_net.costing.ranges import JUDGED
from corridor_net.errors import BadValue
from corridor_net.network.rows import Published
from corridor_net.questions import question
from corridor_net.uncertainty.calibration.calibrate import (
    DISCREPANCY,
    Error,
    Verdict,
    calibrate,
    effective,
    moved,
    normalised,
    quantiles,
    verdict,
)
from corridor_net.uncertainty.factors.distributions import SIGMA

ERROR = {grade: (sigma**2 + DISCREPANCY**2) ** 0.5 for grade, sigma in JUDGED.items()}


def parameter(name, grade="C", **more):
    return Parameter(key=f"tariff:{name}", label=name, unit="x present", value=1.0, grade=grade, source_id="S", **more)


def world(*parameters):
    """What claims are priced with: figures of these grades, on one day."""
    return SimpleNamespace(parameters={one.key: one for one in parameters})


def claim(name, compiled, terms, value, *, scale=None, **more):
    usual = {"metric": "cost", "value_high": None, "bound": "", "grade": "B", "as_of": date(2019, 7, 1)}
    asked = dict.fromkeys(("origin", "destination", "basis_of_time", "unit", "cargo_id", "comparable"), "")
    row = Published(**asked | usual | {"claim_id": name, "value": value, "source_id": name} | more)
    named = tuple((amount, tuple(f"tariff:{figure}" for figure in figures)) for amount, figures in terms)
    return checked(row, Modelled(named, "", scale or 0.0), compiled)


@pytest.fixture(scope="module")
def conjugate():
    """Three claims about 100 x f with f lognormal, sigma 0.25: normal with known variance, in logarithms."""
    compiled = world(parameter("f"))
    told = (("a", 140.0, "B"), ("b", 120.0, "A"), ("c", 90.0, "C"))
    checks = [claim(name, compiled, [(100.0, "f")], value, grade=grade) for name, value, grade in told]
    return calibrate(checks, draws=20_000), [(log(value / 100), ERROR[grade]) for _, value, grade in told]


def by_formula(data, prior=SIGMA["C"]):
    """Return mean and standard deviation of ln f given ln(y / 100) and their errors."""
    precision = 1 / prior**2 + sum(1 / error**2 for _, error in data)
    return sum(y / error**2 for y, error in data) / precision, precision**-0.5


def test_the_conjugate_posterior_is_met(conjugate):
    posterior, data = conjugate
    mean, sd = by_formula(data)
    drawn, weights = np.log(posterior.values[0] / 100), posterior.weights
    assert weights @ drawn == pytest.approx(mean, abs=0.005)
    assert (weights @ (drawn - mean) ** 2) ** 0.5 == pytest.approx(sd, rel=0.02)
    assert posterior.effective > 5000
    (only,) = moved(posterior)
    wanted = [exp(mean + z * sd) for z in norm.ppf((0.1, 0.5, 0.9))]
    assert only.posterior == pytest.approx(wanted, rel=0.01)
    assert only.prior == pytest.approx([exp(0.25 * z) for z in norm.ppf((0.1, 0.5, 0.9))], rel=1e-6)
    assert only.shift == pytest.approx(mean / 0.25, abs=0.03)
    assert only.narrowing == pytest.approx(1 - sd / 0.25, abs=0.02)


def test_each_claim_is_predicted_from_the_others_as_by_formula(conjugate):
    posterior, data = conjugate
    for row, one in enumerate(posterior.predicted()):
        y, error = data[row]
        for (mean, sd), score, low, high in (
            (by_formula(data[:row] + data[row + 1 :]), one.loo_score, one.loo_p10, one.loo_p90),
            ((0.0, SIGMA["C"]), one.prior_score, one.prior_p10, one.prior_p90),
        ):
            spread = (sd**2 + error**2) ** 0.5
            assert score == pytest.approx(norm.logpdf(y, mean, spread), abs=0.02)
            ends = [100 * exp(mean + z * spread) for z in norm.ppf((0.1, 0.9))]
            assert (low, high) == (pytest.approx(ends[0], rel=0.02), pytest.approx(ends[1], rel=0.02))
            assert (low <= 100 * exp(y) <= high) is (one.loo_covered if score == one.loo_score else one.prior_covered)


def test_the_effective_size_of_plain_weights_is_that_of_the_formula():
    """Of equal weights all draws; of one draw one; of weights 3 and 1, 16 / 10."""
    assert effective(np.full(50, 1 / 50)) == pytest.approx(50)
    assert effective(normalised(np.array([0.0, -1e9]))) == pytest.approx(1)
    assert effective(np.array([0.75, 0.25])) == pytest.approx(1.6)


def test_the_example_of_the_page(conjugate):
    posterior, _ = conjugate
    (only,) = moved(posterior)
    first = posterior.predicted()[0]
    assert only.prior == pytest.approx((0.726, 1.0, 1.378), abs=0.001)
    assert only.posterior == pytest.approx((1.02, 1.16, 1.33), abs=0.015)
    assert (first.loo_score, first.prior_score) == (pytest.approx(-0.02, abs=0.02), pytest.approx(-0.33, abs=0.02))


def grid(likelihood, sigmas, steps=401):
    """Return a grid of ln(factors), prior times likelihood normalised, by brute force."""
    axes = [np.linspace(-5 * sigma, 5 * sigma, steps) for sigma in sigmas]
    mesh = np.meshgrid(*axes, indexing="ij")
    logs = sum(norm.logpdf(x, 0, sigma) for x, sigma in zip(mesh, sigmas, strict=True))
    weights = np.exp(logs) * likelihood(*(np.exp(x) for x in mesh))
    return mesh, weights / weights.sum()


def test_a_sum_a_range_more_than_and_a_difference_are_met_on_a_grid():
    """Costs 100 f + 50 g between 170 and 190; 80 g more than 90; saving 100 f - 60 g of 70, both sides some 80."""
    compiled = world(parameter("f"), parameter("g", "D"))
    checks = [
        claim("range", compiled, [(100.0, "f"), (50.0, "g")], 170.0, value_high=190.0),
        claim("more", compiled, [(80.0, "g")], 90.0, bound="from", grade="A"),
        claim("saved", compiled, [(100.0, "f"), (-60.0, "g")], 70.0, metric="cost_saving", scale=80.0),
    ]
    posterior = calibrate(checks, draws=40_000)

    def likelihood(f, g):
        both, error = np.log(100 * f + 50 * g), ERROR["B"]
        inside = norm.cdf((log(190) - both) / error) - norm.cdf((log(170) - both) / error)
        above = norm.sf((log(90) - np.log(80 * g)) / ERROR["A"])
        return inside * above * norm.pdf(70, 100 * f - 60 * g, 80 * error * 2**0.5)

    mesh, exact = grid(likelihood, (SIGMA["C"], SIGMA["D"]))
    weights = posterior.weights
    for number, name in enumerate(("f", "g")):
        drawn = np.log(posterior.claims.factors(checks[0]).factor(f"tariff:{name}", 0, posterior.draws))
        mean = float((exact * mesh[number]).sum())
        sd = float((exact * (mesh[number] - mean) ** 2).sum()) ** 0.5
        assert weights @ drawn == pytest.approx(mean, abs=0.012)
        assert (weights @ (drawn - mean) ** 2) ** 0.5 == pytest.approx(sd, rel=0.04)


def test_figures_of_a_group_move_together_and_inverse_ones_the_other_way():
    """One claim about f alone moves g of its group by 0.3 of it, and a speed, which divides, downwards."""
    compiled = world(parameter("f", group="fuel"), parameter("g", group="fuel"), parameter("v", inverse=True))
    data = [
        claim("f", compiled, [(100.0, "f")], 160.0, grade="A"),
        claim("v", compiled, [(10.0, "v")], 16.0, grade="A"),
    ]
    data.append(claim("g", compiled, [(1.0, "g")], 0.001, bound="from"))
    posterior = calibrate(data, draws=20_000)
    weights, factors = posterior.weights, posterior.claims.factors(data[0])
    f, g, v = (weights @ np.log(factors.factor(f"tariff:{name}", 0, posterior.draws)) for name in "fgv")
    assert g == pytest.approx(0.3 * f, abs=0.012)
    assert v == pytest.approx(f, abs=0.012)
    ranges = {one.key: one for one in moved(posterior)}
    assert ranges["tariff:v"].posterior[1] == pytest.approx(exp(-v), rel=0.02)
    assert ranges["tariff:f"].posterior[1] == pytest.approx(exp(f), rel=0.02)


def test_without_the_claims_the_ensemble_is_the_prior():
    """The steered half is weighted back: the prior's moments and quantiles are those of the figures' own ranges."""
    compiled = world(parameter("f"), parameter("g", "D"))
    checks = [claim("x", compiled, [(100.0, "f"), (50.0, "g")], 300.0, grade="A")]
    posterior = calibrate(checks, draws=40_000)
    weights = posterior.prior_weights
    for name, sigma in (("f", SIGMA["C"]), ("g", SIGMA["D"])):
        drawn = np.log(posterior.claims.factors(checks[0]).factor(f"tariff:{name}", 0, posterior.draws))
        assert weights @ drawn == pytest.approx(0, abs=0.01)
        assert quantiles(drawn, weights, (0.1, 0.9)) == pytest.approx(norm.ppf((0.1, 0.9)) * sigma, abs=0.02)
    assert posterior.proposal.log_ratio.max() <= log(2) + 1e-12


def test_the_likelihood_of_a_range_does_not_break_in_the_tails():
    error = Error(0.2)
    far = error.log_likelihood((1e6, 2e6), np.array([1.0]))
    assert np.isfinite(far).all()
    assert far[0] < -1000
    wide = error.log_likelihood((1.0, float("inf")), np.array([1.0]))
    assert wide[0] == pytest.approx(log(0.5))
    near = error.log_likelihood((100.0, 100.0), np.array([100.0]))
    assert near[0] == pytest.approx(-log(0.2 * (2 * pi) ** 0.5))
    assert error.log_likelihood((5.0, 5.0), np.array([-1.0, 0.0])).max() == -np.inf


def test_evidence_wins_only_when_it_predicts_what_it_has_not_seen():
    """Six claims that agree teach; six that contradict each other do not."""
    compiled = world(parameter("f", "D"))
    agreed = [claim(f"a{n}", compiled, [(100.0, "f")], 170.0 + n, grade="A") for n in range(6)]
    torn = [claim(f"t{n}", compiled, [(100.0, "f")], 60.0 if n % 2 else 170.0, grade="A") for n in range(6)]
    for checks, wanted in ((agreed, "published"), (torn, "none")):
        posterior = calibrate(checks, draws=8000)
        assert verdict(posterior, posterior.predicted()).evidence == wanted
    alone = calibrate(agreed[:1], draws=1000)
    assert verdict(alone, alone.predicted()).evidence == "none"


def test_a_gain_that_rests_on_too_few_draws_decides_nothing():
    """Weights that leave one draw of 20,000 would make any claim foretell any other."""
    told = [Verdict(gain=10.0, error=3.0, gain_by_source=9.0, effective=many).evidence for many in (1.0, 29.9, 30.0)]
    assert told == ["none", "none", "published"]


def test_claims_that_no_draw_meets_are_named(make_tiny):
    """846 USD can be 700 or 1,000, not 30,000."""

    def published(rows):
        for name, value in (("near", 900), ("never", 30_000)):
            rows.append({"claim_id": name, "origin": "alfa", "destination": "delta", "metric": "cost", "value": value,
                         "unit": "USD", "as_of": "2019-07-01", "basis_of_time": "realised", "cargo_id": "dry_40",
                         "comparable": "yes", "cargo_unit": "FEU"})  # fmt: skip

    found = cn.load(geodata=make_tiny(published=published).folder).calibrate(draws=2000)
    assert found.no_draw_meets == ("never",)
    words = str(question("calibrate").view(found).blocks)
    assert "never (30,000 USD)" in words


# on the shipped data


@pytest.fixture(scope="module")
def found():
    return cn.load().calibrate(draws=4000)


def test_inputs_take_no_part_and_every_scored_claim_does(found, shipped):
    scored = {check.claim for check in validate(shipped) if check.error is not None}
    assert {one.claim for one in found.claims} == scored
    inputs = {row.claim_id for row in shipped.rows("published") if row.is_input == "yes"}
    assert not inputs & scored


def test_sums_and_counts_are_those_of_the_claims(found):
    assert found.gain == pytest.approx(sum(one.loo_score - one.prior_score for one in found.claims))
    assert found.loo_covered == sum(one.loo_covered for one in found.claims)
    assert 1 < found.effective < found.draws
    assert found.evidence == ("published" if found.gain > 2 * found.gain_error else "none")


@pytest.fixture
def usual(write_yaml):
    """The evidence of a study that says nothing of it."""
    return cn.load_study(write_yaml("plain", "study: plain\ntitle: x\nbaselines: [baseline-2019]\n")).file.evidence


def test_the_default_of_studies_is_what_the_score_decides(found, usual):
    """With the shipped data and the stated errors."""
    assert usual == found.evidence


@pytest.mark.slow
def test_the_default_of_studies_is_what_the_score_decides_by_all_draws(usual):
    assert usual == cn.load().calibrate().evidence


def test_figures_that_moved_are_in_their_units(found):
    assert found.parameters
    for one in found.parameters:
        assert one.p10 < one.p50 < one.p90
        assert one.prior_p10 < one.value < one.prior_p90 or one.prior_p50 == pytest.approx(one.value, rel=0.6)
        assert abs(one.shift) >= 0.3 or one.narrowing >= 0.15


def test_the_same_seed_gives_the_same_answer_and_nothing_is_changed(found, shipped):
    again = cn.load().calibrate(draws=4000)
    assert again.to_dict() == found.to_dict()
    assert cn.Network.from_folder().file_hashes == shipped.file_hashes


def test_without_claims_it_says_so_and_options_are_refused(cli, tiny_folder):
    done = cli("calibrate", "--geodata", tiny_folder)
    assert done.code == 0
    assert "no published figures" in done.out
    assert cli("calibrate", "--as-of", "2019-07-01").code == 2
    with pytest.raises(BadValue):
        calibrate([], draws=1000)
    with pytest.raises(BadValue):
        calibrate([], draws=5)
