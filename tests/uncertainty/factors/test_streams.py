"""Scores that are kept for many networks are those that are drawn anew, and nobody writes on them."""

from __future__ import annotations

import pytest

from corridor_net.uncertainty.factors.doubts import Doubt
from corridor_net.uncertainty.factors.draws import SLICE, Factors, Streams, normals


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
    assert not streams._kept


def test_factors_that_are_kept_are_those_drawn_alone_and_tell_ranges_and_groups_apart() -> None:
    streams = Streams(1, 64)
    doubts = [
        {"speed:a": Doubt(figure="speed:a", kind="lognormal", sigma=0.2, sigma_up=0.3)},
        {"speed:a": Doubt(figure="speed:a", kind="lognormal", sigma=0.2, sigma_up=0.4)},
        {"speed:a": Doubt(figure="speed:a", kind="lognormal", sigma=0.2, sigma_up=0.3, group="storms")},
        {"speed:a": Doubt(figure="speed:a", kind="lognormal", sigma=0.2, sigma_up=0.3, inverse=True)},
        {"speed:a~faster~1": Doubt(figure="speed:a~faster~1", kind="lognormal", sigma=0.2, sigma_up=0.3)},
    ]
    for own in doubts:
        (figure,) = own
        kept = Factors(own, 1, streams=streams)
        assert kept.factor(figure, 4, 16).tolist() == Factors(own, 1).factor(figure, 4, 16).tolist()
    assert len(streams._factors) == 4
