"""Money keeps its currency and price year: nothing is relabelled, nothing compared without its unit."""

import pytest

from corridor_net.costing.money import Prices
from corridor_net.errors import BadValue
from corridor_net.scenario.figures import Money, converted

FEE = "{%s: crossing, where: {crossing_id: bc-out}, component: border_fee, field: cost, %s}"
# the fee is 120 CNY of 2018: at 6 to the dollar 20 USD of 2018, with the index 110/100 22 USD of 2019


def fee(network):
    name = next(row.operation_id for row in network.rows("crossing") if row.crossing_id == "bc-out")
    rows = network.active("operation")
    return next(
        (r.value, r.currency, r.price_year) for r in rows if (r.operation_id, r.component) == (name, "border_fee")
    )


def test_a_difference_in_another_money_is_converted_and_the_row_keeps_its_own(tiny, load, money):
    scenario = load(FEE % ("shift", "by: 11, currency: USD, price_year: 2019"))
    # 11 USD of 2019 are 10 of 2018, 60 CNY
    changed = scenario.apply(tiny)
    assert fee(changed) == (pytest.approx(180), "CNY", 2018)
    assert money(changed)["border_fee"] - money(tiny)["border_fee"] == pytest.approx(11)


def test_a_difference_in_another_year_is_converted(tiny, load):
    # 77 CNY of 2019 are 11 USD of 2019, 10 of 2018, 60 CNY of 2018
    changed = load(FEE % ("shift", "by: 77, currency: CNY, price_year: 2019")).apply(tiny)
    assert fee(changed) == (pytest.approx(180), "CNY", 2018)


def test_a_difference_without_money_is_in_that_of_the_row(tiny, load):
    assert fee(load(FEE % ("shift", "by: 5")).apply(tiny)) == (125, "CNY", 2018)


@pytest.mark.parametrize("cargo", ["dry_40"])
def test_the_conversion_is_that_of_the_prices(shipped, cargo):
    network = shipped.as_of("2019-07-01")
    prices = Prices.of(network, 2019)
    for of, into in ((Money("JPY", 2014), Money("CNY", 2018)), (Money("RUB", 2025), Money("USD", 2010))):
        there = converted(network, 1234.5, of, into)
        assert prices.usd(there, into.currency, into.price_year) == pytest.approx(
            prices.usd(1234.5, of.currency, of.price_year)
        )


def test_a_value_replaces_number_currency_and_year_together(tiny, load):
    assert fee(load(FEE % ("set", "value: 120, currency: USD, price_year: 2019")).apply(tiny)) == (120, "USD", 2019)
    assert fee(load(FEE % ("set", "value: 130")).apply(tiny)) == (130, "CNY", 2018)


def test_the_same_number_in_another_money_is_another_value(tiny, load, faults):
    assert fee(load(FEE % ("set", "value: 120, currency: CNY, price_year: 2019")).apply(tiny)) == (120, "CNY", 2019)
    same = load(FEE % ("set", "value: 120, currency: CNY, price_year: 2018"))
    ((_, _, message, hint),) = faults(same.apply, tiny)
    assert "touches nothing" in message
    assert hint == "its values are already so"


def test_each_of_several_rows_is_told_apart_by_its_money(tiny, load):
    change = "{set: terminal, where: {terminal_id: [alfa-origin-road, alfa-origin-rail_1435]}, component: drayage, "
    change += "field: cost, value: 50, currency: CNY, price_year: 2019}"
    changed = load(change).apply(tiny)
    names = {row.operation_id for row in changed.rows("terminal") if row.node_id == "alfa"}
    found = {
        (r.value, r.currency) for r in changed.rows("operation") if r.operation_id in names and r.quantity == "cost"
    }
    assert found == {(50, "CNY")}


def test_rows_in_different_money_need_it_named(tiny, load, faults):
    change = "{set: tariff, where: {mode: '*'}, field: per_km, value: 2%s}"
    ((line, _, message, hint),) = faults(load(change % "").apply, tiny)
    assert line == 4
    assert message == "the figures are in different money: CNY of 2018, USD of 2019"
    assert "currency and price_year" in hint
    load(change % ", currency: USD, price_year: 2019").apply(tiny)


def test_the_other_rate_of_a_tariff_keeps_its_worth(tiny, load, money):
    # road_cn: 60 CNY fixed and 0.6 CNY a km; the rate a km put into USD leaves the fixed part worth 10 USD of 2018
    change = "{set: link, where: {link_id: road-ab}, field: per_km, value: 0.1, currency: USD, price_year: 2018}"
    changed = load(change).apply(tiny)
    (row,) = [r for r in changed.rows("tariff") if "~" in r.tariff_id]
    assert (row.fixed, row.per_km, row.currency, row.price_year) == (pytest.approx(10), 0.1, "USD", 2018)
    assert money(changed) == pytest.approx(money(tiny))


@pytest.mark.whole
@pytest.mark.parametrize(
    ("was", "more", "holds"),
    [
        ("120", "", True),
        ("120", ", currency: CNY, price_year: 2018", True),
        ("120", ", currency: USD, price_year: 2019", False),
        ("120", ", currency: CNY, price_year: 2019", False),
        ("120 CNY of 2018", ", currency: USD, price_year: 2019", True),
        ("120 CNY of 2019", "", False),
        ("22 USD of 2019", "", False),
    ],
)
def test_was_is_held_to_number_and_money(tiny, load, faults, was, more, holds):
    scenario = load(FEE % ("set", f"value: 99, was: {was}{more}"))
    if holds:
        scenario.apply(tiny)
    else:
        message = faults(scenario.apply, tiny)[0][2]
        assert message.startswith("'was' does not hold: bc-out border_fee cost is 120 CNY of 2018, not")


@pytest.mark.whole
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (FEE % ("scale", "by: 2, currency: USD, price_year: 2019"), "'scale' takes no currency, price_year"),
        (FEE % ("set", "value: 2, currency: USD"), "currency and price_year stand together"),
        (FEE % ("set", "value: 2, price_year: 2019"), "currency and price_year stand together"),
        (
            "{close: crossing, where: {crossing_id: bc-out}, currency: USD, price_year: 2019}",
            "'close' takes no currency",
        ),
    ],
)
def test_money_is_refused_where_it_has_no_meaning(load, faults, change, message):
    assert message in faults(load, change)[0][2]


@pytest.mark.whole
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("{set: link, where: {link_id: road-ab}, field: length_km, value: 310, currency: USD, price_year: 2019}",
         "length_km is not money"),
        ("{set: crossing, where: {crossing_id: bc-out}, component: queue, field: hours, value: 3, currency: USD,"
         " price_year: 2019}", "hours is not money"),
        (FEE % ("set", "value: 3, currency: XXX, price_year: 2019"), "no exchange rate or price index for XXX of 2019"),
        (FEE % ("shift", "by: 3, currency: USD, price_year: 2011"), "no exchange rate or price index for USD of 2011"),
    ],
)  # fmt: skip
def test_money_that_cannot_be_is_named(tiny, load, faults, change, message):
    ((line, _, said, _),) = faults(load(change).apply, tiny)
    assert line == 4
    assert message in said


def test_the_range_follows_into_the_other_money(make_tiny, load):
    def ranged(rows):
        next(r for r in rows if r["component"] == "border_fee").update(value_low=60, value_high=240)

    changed = load(FEE % ("set", "value: 30, currency: USD, price_year: 2019")).apply(make_tiny(operation=ranged))
    (row,) = [r for r in changed.rows("operation") if "~" in r.operation_id and r.component == "border_fee"]
    assert (row.value_low, row.value_high) == (pytest.approx(15), pytest.approx(60))


@pytest.mark.parametrize(
    ("money", "hint"),
    [
        (Money("CNY", 1980), "CNY is known from 2018 to 2019"),
        (Money("XXX", 2019), "currencies: CNY, USD"),
    ],
)
def test_money_that_is_not_known_says_what_is(tiny, money, hint):
    with pytest.raises(BadValue, match="no exchange rate or price index") as caught:
        converted(tiny, 1.0, money, Money("USD", 2019))
    assert caught.value.hint == hint


def test_the_low_end_of_a_range_given_in_another_money_is_converted_and_the_row_keeps_its_own(tiny, load):
    """Only the figure itself brings its currency with it: 10 USD of 2018 are 60 CNY."""
    name = next(row.operation_id for row in tiny.rows("crossing") if row.crossing_id == "bc-out")
    change = "{set: operation, where: {operation_id: %s}, component: border_fee, field: value_low, value: 10, %s}"
    made = load(change % (name, "currency: USD, price_year: 2018")).apply(tiny)
    row = next(r for r in made.active("operation") if (r.operation_id, r.component) == (name, "border_fee"))
    assert (row.value_low, row.currency, row.price_year) == (pytest.approx(60), "CNY", 2018)
