"""An appraisal of the small network, each amount worked by hand: a border that is quicker and cheaper."""

from dataclasses import replace

import pytest

from corridor_net.analysis.loads.demand import Freight
from corridor_net.analysis.router import Router
from corridor_net.analysis.years.accounts import accounts
from corridor_net.analysis.years.appraise import Case
from corridor_net.analysis.years.receipts import receipts
from corridor_net.appraisal.project import Project
from corridor_net.appraisal.shadow import SHADOW
from corridor_net.costing import impedance
from corridor_net.errors import BadValue

BEFORE, AFTER = 846 + 8.25 * (156.5 + 196 / 48), 820 + 8.25 * (152.5 + 196 / 48)
"""What a box costs: the queue falls from 6 to 2 hours, the fee from 22 to 11 USD, the road in Russia from 30 to 15."""
BOXES = 100 / 1.1 + 102 / 1.21
"""A hundred boxes in 2021 and 2 % more in 2022, at 10 % a year."""
COST = 10_000 + 200 / 1.1 + (200 - 5_000) / 1.21
"""Operation is 2 % a year, and half of the investment is left after two of four years."""


def router_of(network, **changed):
    def edit(row):
        return replace(row, value=changed.get(row.component, row.value)) if row.operation_id == "border" else row

    tariffs = [replace(row, per_km=changed.get(row.tariff_id, row.per_km)) for row in network.rows("tariff")]
    index = [*network.rows("deflator"), replace(network.rows("deflator")[0], year=2017)]
    rates = [*network.rows("exchange_rate"), replace(network.rows("exchange_rate")[0], year=2017)]
    rows = {"operation": [edit(row) for row in network.rows("operation")], "tariff": tariffs}
    return Router(impedance(network.with_rows(**rows, deflator=index, exchange_rate=rates), price_year=2019))


@pytest.fixture(scope="module")
def case(tiny):
    return Case(
        before=router_of(tiny),
        after=router_of(tiny, queue=2.0, border_fee=60.0, road_ru=0.5),
        streams=tuple(
            Freight(origin=origin, destination="delta", cargo="dry_40", boxes={2021: 100.0})
            for origin in ("golf", "alfa")
        ),
        project=Project(spending={2020: 10_000.0}, opening=2021, last=2022, rate=0.1, life_years=4),
        growth=0.02,
        elasticity=0.5,
        path="low",
    )


SHARE = 0.5 * (BEFORE - AFTER) / BEFORE
"""Traffic grows by half the share by which a box costs less."""
CARBON = sum(boxes / rate * 1.1 * 40 * 1.25 ** (years / 10) for boxes, rate, years in ((100, 1.1, 1), (102, 1.21, 2)))
"""USD of 2019 that a tonne of all boxes costs."""


def test_both_accounts_by_hand(case):
    told = accounts(case)
    assert [(step.what, step.economic) for step in told.steps] == [
        ("shippers pay less", False), ("states take in fees", False), ("the project at market prices", False),
        ("time and certainty", True), ("generated traffic", True), ("CO2e", True)]  # fmt: skip
    assert [step.usd for step in told.steps] == pytest.approx(
        [26 * BOXES, (11 * (1 + SHARE) - 22) * BOXES, -COST, 33 * BOXES, 59 * SHARE / 2 * BOXES, -0.78 * SHARE * CARBON]
    )
    assert told.financial_usd == pytest.approx((15 + 11 * SHARE) * BOXES - COST)
    assert case.npv_usd == pytest.approx(sum(step.usd for step in told.steps))
    each = 15 + 11 * SHARE
    for rate in (*told.rates, 1.0):
        worth = -10_000 + (100 * each - 200) / (1 + rate) + (102 * each - 200 + 5_000) / (1 + rate) ** 2
        assert (worth == pytest.approx(0, abs=1e-4)) == (rate != 1.0)


def test_what_it_pays_at(case):
    """All gain per box is `npv + cost` over the boxes: so much traffic, or such a rate, makes it nothing."""
    gained = case.npv_usd + COST
    assert case.gained_usd == pytest.approx(gained)
    assert (case.opening_teu, case.left_out, case.pairs) == (200, [("golf", "delta")], (("alfa", "delta"),))
    assert case.traffic_multiple == pytest.approx(COST / gained)
    assert case.pays_from_teu == pytest.approx(200 * COST / gained)
    first, *years = case.by_year.tolist()
    assert (first, years[0] / 1.1 + years[1] / 1.21) == (0, pytest.approx(gained))
    for rate in case.rates_of_return:
        flows = (-10_000, years[0] - 200, years[1] - 200 + 5_000)
        assert sum(usd / (1 + rate) ** n for n, usd in enumerate(flows)) == pytest.approx(0, abs=1e-4)
    assert len(case.rates_of_return) == 1


def test_what_the_works_cost_the_economy_is_no_money_to_who_pays_it(case):
    shadowed = replace(case, project=replace(case.project, shadow=SHADOW))
    told, plain = accounts(shadowed), accounts(case)
    assert told.financial_usd == pytest.approx(plain.financial_usd)
    assert told.rates == pytest.approx(plain.rates)
    more = {step.what: step.usd for step in told.steps if step.what not in {one.what for one in plain.steps}}
    assert more == {what: pytest.approx(share * COST) for what, share in SHADOW.parts.items() if share}
    assert len(more) == 2
    assert sum(step.usd for step in told.steps) == pytest.approx(shadowed.npv_usd)


def test_who_is_paid_where(case):
    """Boxes of before at the amounts of before, those and the generated ones at the amounts of after."""
    found = {(one.party, one.country): (one.before_usd, one.after_usd) for one in receipts(case)}
    each = {
        ("carriers", "CN"): (44, 44), ("carriers", "RU"): (30, 15), ("carriers", "at sea"): (300, 300),
        ("terminals", "CN"): (50, 50), ("terminals", "JP"): (300, 300), ("terminals", "RU"): (100, 100),
        ("states", "RU"): (22, 11)}  # fmt: skip
    assert list(found) == list(each)
    for key, (before, after) in each.items():
        assert found[key] == (pytest.approx(before * BOXES), pytest.approx(after * (1 + SHARE) * BOXES)), key


def test_the_figures_that_move_it_and_where_it_just_pays(case):
    """Without generated traffic a box is worth 15 USD of the road, 33 of the queue; what a fee saves others lose."""
    dear = replace(case, elasticity=0.0, project=replace(case.project, spending={2020: 20_000.0}))
    found = {one.key: one for one in dear.switches(3)}
    hours = (2 * COST / BOXES - 15) / 33
    assert list(found) == ["value_of_time", "operation:border:queue:hours", "tariff:road_ru",
                           "operation:border:border_fee:cost"]  # fmt: skip
    assert [one.multiple for one in found.values()] == [
        pytest.approx(hours), pytest.approx(hours), pytest.approx((2 * COST / BOXES - 33) / 15), None]  # fmt: skip
    assert (found["value_of_time"].now, found["value_of_time"].value) == (8.25, pytest.approx(8.25 * hours))
    assert found["operation:border:queue:hours"].value == pytest.approx(6 * hours)
    assert all(one.proved and not one.jump for one in found.values())


def test_cargo_is_diverted_where_its_gateway_is_another(case, tiny):
    away = replace(case, after=router_of(tiny, queue=400.0))
    assert (case.diverted.tolist(), away.diverted.tolist()) == ([False], [True])


def test_without_any_route_there_is_nothing_to_appraise(case):
    with pytest.raises(BadValue, match="no pair with traffic"):
        _ = replace(case, streams=case.streams[:1]).kept
