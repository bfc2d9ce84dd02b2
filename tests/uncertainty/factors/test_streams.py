"""Scores that are kept for many networks are those that are drawn anew, and nobody writes on them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.errors import BadValue
from corridor_net.uncertainty.factors.distributions import Distribution
from corridor_net.uncertainty.factors.draws import SLICE, Factors, Streams, first_uniforms, normals, uniforms


@pytest.mark.parametrize(("start", "count"), [(0, 8), (4, 4), (3, 5), (8, 8)])
def test_kept_scores_are_those_drawn_alone(start: int, count: int) -> None:
    assert Streams(1, 12).scores("a", start, count).tolist() == normals("a", 1, start, count).tolist()


def test_who_writes_on_scores_changes_nobody_elses() -> None:
    streams = Streams(1, 8)
    streams.scores("a", 0, 8)[:] = 0.0
    assert streams.scores("a", 0, 8).tolist() == normals("a", 1, 0, 8).tolist()


def test_a_long_ensemble_keeps_nothing() -> None:
    streams = Streams(1, SLICE + 1)
    assert streams.scores("a", 0, 4).tolist() == normals("a", 1, 0, 4).tolist()
    assert not streams._cached


def test_factors_that_are_kept_are_those_drawn_alone_and_tell_ranges_and_groups_apart() -> None:
    streams = Streams(1, 64)
    distributions = [
        {"speed:a": Distribution(figure="speed:a", kind="lognormal", sigma=0.2, sigma_up=0.3)},
        {"speed:a": Distribution(figure="speed:a", kind="lognormal", sigma=0.2, sigma_up=0.4)},
        {"speed:a": Distribution(figure="speed:a", kind="lognormal", sigma=0.2, sigma_up=0.3, group="storms")},
        {"speed:a": Distribution(figure="speed:a", kind="lognormal", sigma=0.2, sigma_up=0.3, inverse=True)},
        {"speed:a~faster~1": Distribution(figure="speed:a~faster~1", kind="lognormal", sigma=0.2, sigma_up=0.3)},
    ]
    for own in distributions:
        (figure,) = own
        kept = Factors(own, 1, streams=streams)
        assert kept.factor(figure, 4, 16).tolist() == Factors(own, 1).factor(figure, 4, 16).tolist()
    assert len(streams._factors) == 4


@pytest.mark.parametrize("up", [0.2, 0.3])
@pytest.mark.parametrize("inverse", [False, True])
def test_a_factor_one_deviation_off_its_median_by_hand(up, inverse):
    """Probabilities of -1, 0 and 1 deviations: exp(-0.2), 1 and exp(up), or one over them."""
    made = Distribution(figure="f", kind="lognormal", sigma=0.2, sigma_up=up, inverse=inverse)
    found = Factors({"f": made}).at("f", np.array([0.15865525393145707, 0.5, 0.8413447460685429]))
    expected = np.exp([-0.2, 0.0, up])
    assert found == pytest.approx(1 / expected if inverse else expected, abs=1e-12)


def test_what_a_group_shares_is_of_the_draws_that_are_asked_for():
    """It is kept from figure to figure: of other draws than before it is made anew."""
    own = {name: Distribution(figure=name, kind="lognormal", sigma=0.2, sigma_up=0.2, group="g") for name in "ab"}
    one = Factors(own)
    first, then = one.factor("a", 0, 8), one.factor("b", 8, 8)
    assert first.tolist() == Factors(own).factor("a", 0, 8).tolist()
    assert then.tolist() == Factors(own).factor("b", 8, 8).tolist()
    assert one.factor("a", 8, 8).tolist() == Factors(own).factor("a", 8, 8).tolist()


def test_no_draws_are_none_and_fewer_are_refused():
    assert uniforms("a", 1, 3, 0).tolist() == []
    for start, count in ((-1, 2), (0, -1)):
        with pytest.raises(BadValue, match="counts are 0 or more"):
            uniforms("a", 1, start, count)


@given(st.lists(st.text(max_size=5), max_size=5), st.integers(0, 5), st.integers(0, 50))
def test_streams_side_by_side_are_those_drawn_alone(keys: list[str], seed: int, count: int) -> None:
    made = first_uniforms(keys, seed, count)
    assert made.shape == (len(keys), count)
    for key, row in zip(keys, made, strict=True):
        np.testing.assert_array_equal(row, uniforms(key, seed, 0, count))
