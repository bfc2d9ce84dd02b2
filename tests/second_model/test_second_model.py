"""The product against the second model: a sample of all questions, and that the second model would notice a slip."""

from __future__ import annotations

import random
from copy import deepcopy
from datetime import date

import pytest

import corridor_net as cn

from . import compare as c
from .compare import BASELINES, BY, OWN, Case, Outcome, cargoes, compare, scenarios
from .model import Model, Wish, opening


def sample():
    """Every scenario, every cargo and every objective several times, other days and options: 1 to 2 % of all."""
    chance = random.Random(20190701)  # noqa: S311 - the same sample every time
    names = ["", *scenarios(), *OWN]
    found = []
    for number in range(2 * len(names)):
        name, cargo = names[number % len(names)], cargoes()[number % len(cargoes())]
        by, schedule = BY[(number + number // len(names)) % len(BY)], number % 3 == 2
        found.append(Case(chance.choice(BASELINES), (name,) if name else (), cargo, by, schedule))
    return [*found, *chance.sample(list(c.days()), 8), *chance.sample(list(c.options()), 6)]


SAMPLE = sample()


def test_the_sample_holds_every_scenario_cargo_and_objective():
    assert {case.cargo for case in SAMPLE} == set(cargoes())
    assert {(case.by, case.schedule) for case in SAMPLE} == {(by, timed) for by in BY for timed in (False, True)}
    assert {name for case in SAMPLE for name in case.scenarios} >= {*scenarios(), *OWN}


@pytest.mark.parametrize("case", SAMPLE, ids=c.named)
def test_both_models_say_the_same(case):
    outcome = Outcome()
    compare(case, outcome)
    assert outcome.answers > 0
    assert not outcome.faults, (len(outcome.faults), outcome.faults[:5])


@pytest.mark.parametrize("schedule", [False, True])
@pytest.mark.parametrize("cargo", cargoes())
def test_a_route_is_told_with_the_same_hours_and_spread(cargo, schedule):
    route = cn.load(as_of="2019-07-01").route("hunchun", "mk_nagano", cargo=cargo, schedule=schedule)
    steps = [(leg.kind, leg.asset_id, leg.from_node, leg.to_node) for leg in route.legs]
    wish = Wish(schedule=schedule)
    mine = c.model("2019-07-01", (), cargo, None, None).along("hunchun", "mk_nagano", steps, wish)
    assert route.spread_hours == pytest.approx(mine.spread, abs=1e-6)
    assert route.hours == pytest.approx(mine.hours, abs=1e-6)
    assert route.generalised_cost_usd == pytest.approx(mine.generalised, abs=1e-6)


def test_the_example_of_the_page():
    row = {"value_usd": 30_000, "price_year": 2018, "time_cost_pct_per_day": 0.6, "reliability_ratio": 0.4}
    cargo = [{**one, **row} for one in c.shipped()["cargo"]]
    index = [{"year": 2018, "usd_index": 100}, {"year": 2019, "usd_index": 103}]
    rates = [{"currency": "USD", "year": year, "units_per_usd": 1} for year in (2018, 2019)]
    empty = {name: [] for name in c.shipped()}
    mine = Model({**empty, "cargo": cargo, "deflator": index, "exchange_rate": rates}, date(2019, 7, 1), "dry_40")
    assert (round(mine.value_of_time, 2), round(mine.value_of_spread, 2)) == (7.73, 3.09)
    wait = opening("09:00-19:00")
    assert (round(wait.hours, 2), wait.timetable, round(wait.spread, 2)) == (4.08, 0, 4.63)


# a figure changed in one table of the second model is a disagreement

ORIGINS = ("harbin", "mudanjiang", "suifenhe")
MONEY, TIME = Case("2019-02-01", by="money"), Case("2019-02-01", by="time")
TIMED, CARBON = Case("2019-02-01", by="time", schedule=True), Case("2019-02-01", by="co2")
VALUED = Case("2019-02-01")
TIMBER = Case("2019-02-01", cargo="timber_40", by="money")


SLIPS = [
    (MONEY, "link", {"link_id": "rail-harbin-changchun"}, "length_km", 1.001),
    (CARBON, "link", {"link_id": "rail-harbin-changchun"}, "length_km", 1.001),
    (MONEY, "tariff", {"tariff_id": "rail_cn", "cargo_unit": "FEU"}, "per_km", 1.001),
    (MONEY, "tariff", {"tariff_id": "rail_cn", "cargo_unit": "FEU"}, "fixed", 1.001),
    (MONEY, "tariff", {"mode": "sea", "cargo_unit": "FEU"}, "fixed", 1.001),
    (MONEY, "exchange_rate", {"currency": "CNY"}, "units_per_usd", 1.001),
    (MONEY, "deflator", {"year": "2019"}, "usd_index", 1.001),
    (MONEY, "operation", {"operation_id": "port_cn_out", "cargo_unit": "FEU"}, "value", 1.001),
    (TIME, "operation", {"operation_id": "port_cn_out", "component": "dwell"}, "value", 1.001),
    (TIMED, "operation", {"operation_id": "port_jp_in", "component": "handling"}, "value", 1.01),
    (TIME, "speed", {"speed_id": "road_cn"}, "speed_kmh", 1.001),
    (TIMED, "speed", {"speed_id": "container_ship"}, "speed_kmh", 1.001),
    (MONEY, "service", {}, "sailings_per_week", 1.01),
    (MONEY, "service_call", {}, "arrival_hours", 1.001),
    (MONEY, "sea_lane", {}, "length_km", 1.001),
    (CARBON, "emission_factor", {"emission_factor_id": "sea_container"}, "value", 1.001),
    (CARBON, "emission_factor", {"emission_factor_id": "terminal_handling"}, "value", 1.01),
    (CARBON, "cargo", {"cargo_id": "dry_40"}, "payload_t", 1.001),
    (VALUED, "cargo", {"cargo_id": "dry_40"}, "value_usd", 1.001),
    (VALUED, "cargo", {"cargo_id": "dry_40"}, "reliability_ratio", 1.001),
    (VALUED, "operation", {"operation_id": "port_jp_in", "component": "dwell"}, "value_high", 1.01),
    (TIMBER, "tariff", {"tariff_id": "charter", "cargo_unit": "FEU"}, "per_km", 1.001),
    (CARBON, "season", {}, "hours_factor", 1.01),
    (CARBON, "crossing", {}, "opening_hours", "00:00-22:00"),
    (TIME, "terminal", {"terminal_id": "dalian-road-port_out"}, "valid_to", "2019-01-31"),
    (TIME, "node", {"node_id": "busan"}, "valid_from", "2019-02-02"),
]


@pytest.mark.parametrize(
    ("case", "table", "where", "column", "factor"),
    SLIPS,
    ids=[f"{slip[1]}.{slip[3]} by {slip[0].by}" for slip in SLIPS],
)
def test_the_second_model_notices_a_changed_figure(case, table, where, column, factor):
    tables = {name: deepcopy(rows) if name == table else rows for name, rows in c.shipped().items()}
    changed = [row for row in tables[table] if all(row[key] == value for key, value in where.items())]
    changed = [row for row in changed if row[column] or isinstance(factor, str)]
    assert changed
    for row in changed:
        row[column] = factor if isinstance(factor, str) else float(row[column]) * factor
    wrong = Outcome()
    right = Outcome()
    compare(case, wrong, origins=ORIGINS, second=Model(tables, date.fromisoformat(case.day), case.cargo))
    compare(case, right, origins=ORIGINS)
    assert wrong.faults
    assert not right.faults, right.faults[:3]
