"""The split of a joint gain in words, from shares made for the purpose."""

import pytest

from corridor_net.analysis.upgrade_sets.attribution import Attribution, Interaction, Share, amount, sentences
from corridor_net.render.words import Words


def split(shares, pairs=(), measure="generalised", unit="USD", goals=("niigata",), joint=None):
    """Shares as (name, Shapley value, alone)."""
    told = tuple(
        Share(name=name, title=name, shapley=value, error=0.0, alone=alone, last=0.0) for name, value, alone in shares
    )
    return Attribution(
        measure=measure, unit=unit, weights="equal", as_of="", origins=("a",), left_out=(), destinations=goals,
        before=0.0, after=0.0, joint=sum(one.shapley for one in told) if joint is None else joint, shares=told,
        interactions=tuple(Interaction(*pair) for pair in pairs), countries=(), method="exact", permutations=0,
        seed=None, values=0, network=None,
    )  # fmt: skip


def lines(found):
    return [Words(names={"niigata": "Niigata", "tokyo": "Tokyo"}).text(line) for line in sentences(found)]


def test_shares_pairs_and_what_does_nothing():
    """Half a per cent of 200 is told from above 1; a twentieth of it, 10, is what a pair must be worth."""
    found = split(
        [("quay", 148.0, 100.0), ("road", 50.9, 40.0), ("idle", 1.0, 0.0), ("none", 0.1, 0.0)],
        [("quay", "road", -30.0), ("quay", "idle", 12.0), ("road", "idle", 10.0), ("idle", "none", -11.0),
         ("quay", "none", -10.5)],
    )  # fmt: skip
    assert lines(found) == [
        "Together 4 upgrades gain 200 USD of generalised cost a box to Niigata; each alone, they add up to 140 USD.",
        "By Shapley value: quay 148 USD (74%), road 51 USD (25%).",
        "Next to nothing, alone or together: idle, none.",
        "Substitutes, each worth less with the other: quay + road (-30 USD), idle + none (-11 USD).",
        "Complements, each worth more with the other: quay + idle (12 USD).",
    ]


def test_what_loses_is_said_and_has_no_part_of_the_whole():
    found = split([("quay", 60.0, 60.0), ("toll", -80.0, -80.0)], goals=("niigata", "tokyo"))
    assert lines(found) == [
        "Together 2 upgrades lose 20 USD of generalised cost a box to Niigata and Tokyo; each alone, they add up to "
        "-20 USD.",
        "By Shapley value: toll -80 USD, quay 60 USD.",
    ]


def test_no_more_than_four_shares_are_told_and_many_markets_counted():
    found = split([(f"u{n}", 10.0, 10.0) for n in range(5)], measure="hours", unit="h", goals=("a", "b", "c", "d"))
    assert lines(found) == [
        "Together 5 upgrades gain 50 h a box to 4 markets; each alone, they add up to 50 h.",
        "By Shapley value: u0 10 h (20%), u1 10 h (20%), u2 10 h (20%), u3 10 h (20%).",
    ]
    assert "to a, b and c;" in lines(split([("u", 1.0, 1.0)], goals=("a", "b", "c")))[0]


@pytest.mark.parametrize(
    ("measure", "unit", "told"),
    [("money", "USD", "1,235 USD"), ("co2", "kg", "1,235 kg"), ("market_access", "bn", "1,235 bn")],
)
def test_an_amount_has_the_unit_of_its_measure(measure, unit, told):
    assert str(amount(1234.6, split([("u", 1.0, 1.0)], measure=measure, unit=unit))) == told


def test_access_is_told_in_its_unit_and_not_a_box():
    found = split([("quay", 0.0125, 0.0125)], measure="market_access", unit="bn USD")
    assert lines(found) == [
        "Together 1 upgrade gain 0.0125 bn USD of market access to Niigata; each alone, they add up to 0.0125 bn USD.",
        "By Shapley value: quay 0.0125 bn USD (100%).",
    ]
    assert lines(split([("quay", 0.0, 0.0)])) == [
        "Together 1 upgrade gain 0 USD of generalised cost a box to Niigata; each alone, they add up to 0 USD.",
        "Next to nothing, alone or together: quay.",
    ]
