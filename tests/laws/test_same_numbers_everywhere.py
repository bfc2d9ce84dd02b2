"""The same day, cargo and scenario: the same numbers by Python, command, run, HTTP, ensemble, batch and cluster."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from functools import partial

import numpy as np
import pytest
from starlette.testclient import TestClient

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.uncertainty.batches.batch import run_batch
from corridor_net.uncertainty.batches.jobs import Job
from corridor_net.uncertainty.ensembles.ensemble import Ensemble
from corridor_net.uncertainty.factors import distributions
from corridor_net.uncertainty.studies.study import study_uncertainty
from corridor_net.workbench.app import application
from corridor_net.workbench.pool import Pool
from corridor_net.workbench.replies import open_workbench

pytestmark = pytest.mark.filterwarnings("ignore")
"""A Dask cluster warns of sockets when it ends."""

DAY, CARGO, SCENARIO = "2026-07-01", "reefer_40", "primorye-2"
ORIGINS, GOAL = ("harbin", "hunchun", "jixi"), "niigata"
STUDY = f"""\
study: same
title: The same everywhere
baselines: [baseline-2026]
scenarios: [{SCENARIO}]
origins: [{", ".join(ORIGINS)}]
destinations: [{GOAL}]
focus: {GOAL}
cargo: {CARGO}
"""
TOTALS = ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km")
RANGES = {
    "operation": ("value_low", "value_high"),
    "speed": ("speed_kmh_low", "speed_kmh_high"),
    "tariff": ("range_low", "range_high"),
    "service": ("sailings_low", "sailings_high"),
    "cargo": ("time_cost_low", "time_cost_high"),
    "emission_factor": ("value_low", "value_high"),
}


@pytest.fixture(scope="module")
def asked():
    """Return the answers of Python, by scenario and origin."""
    model = cn.load(as_of=DAY)
    models = {None: model, SCENARIO: model.with_scenario(SCENARIO)}
    return {(name, o): m.route(o, GOAL, cargo=CARGO) for name, m in models.items() for o in ORIGINS}


def same(told, route):
    for name in TOTALS:
        assert float(told[name]) == pytest.approx(
            getattr(route, name), abs=0.0501 if name == "distance_km" else 0.00501
        )
    assert told["gateway"] == route.gateway


def options(scenario):
    return ["--as-of", DAY, "--cargo", CARGO, *(["--scenario", scenario] if scenario else [])]


@pytest.mark.parametrize("scenario", [None, SCENARIO])
@pytest.mark.parametrize("origin", ORIGINS)
def test_route(cli, asked, scenario, origin):
    told = json.loads(cli("route", origin, GOAL, *options(scenario), "--json").out)
    same(told["routes"][0], asked[scenario, origin])
    spread = asked[scenario, origin].spread_hours
    assert told["routes"][0]["spread_hours"] == pytest.approx(spread, abs=0.00501)


def test_compare(cli, asked):
    told = json.loads(cli("compare", "hunchun", GOAL, *options(SCENARIO), "--json").out)
    for result, scenario in zip(told["results"], (None, SCENARIO), strict=True):
        same(result, asked[scenario, "hunchun"])


def test_run(cli, asked, write_yaml, tmp_path):
    out = tmp_path / "out"
    told = json.loads(cli("run", write_yaml("same", STUDY), "--out", out, "--json").out)
    for run in told["runs"]:
        for trip in run["trips"]:
            same(trip, asked[run["scenario"], trip["origin"]])
    with (out / "comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (out / "legs.csv").open(encoding="utf-8", newline="") as file:
        legs = list(csv.DictReader(file))
    assert len(rows) == len(asked)
    for row in rows:
        same(row, asked[row["scenario"] or None, row["origin"]])
        mine = [leg for leg in legs if all(leg[k] == row[k] for k in ("baseline", "scenario", "origin", "destination"))]
        for name in ("cost_usd", "hours", "co2_kg"):
            assert sum(float(leg[name]) for leg in mine) == pytest.approx(float(row[name]), abs=0.01 * len(mine))


def test_http(shipped, asked):
    mine = {"scenario": "mine", "title": "Mine", "extends": [SCENARIO]}
    pool = Pool(partial(open_workbench, None, dict(shipped.file_hashes)), 1)
    with closing(pool), TestClient(application(pool, hosts=("testserver",))) as client:
        for origin in ORIGINS:
            question = {"origin": origin, "destination": GOAL, "as_of": DAY, "cargo": CARGO, "scenarios": [mine]}
            told = client.post("/api/answer", json=question).json()
            same(told["baseline"]["route"], asked[None, origin])
            same(told["scenarios"][0]["route"], asked[SCENARIO, origin])


@pytest.mark.parametrize("scenario", [None, SCENARIO])
@pytest.mark.parametrize(
    ("by", "schedule"), [("generalised", False), ("generalised", True), ("time", True), ("co2", False)]
)
def test_an_ensemble_in_which_nothing_is_drawn(scenario, by, schedule):
    model = cn.load(as_of=DAY, scenarios=[scenario] if scenario else ())
    router = cn.Router(impedance(model.network, CARGO), by=by, schedule=schedule, co2_price_usd_per_t=30.0)
    priced = Ensemble.of(router, [(o, GOAL) for o in ORIGINS]).price(lambda figure: np.ones(4), 4)
    for row, origin in enumerate(ORIGINS):
        route = router.route(origin, GOAL)
        for name, total in (("money", "cost_usd"), ("hours", "hours"), ("co2", "co2_kg"),
                            ("generalised", "generalised_cost_usd")):  # fmt: skip
            assert priced.won(name)[row] == pytest.approx(np.full(4, getattr(route, total)), rel=1e-9), (origin, name)


# where no figure has a range and no grade spreads, draws say what the route says


@pytest.fixture
def sure(data, monkeypatch):
    """Return a data package without any range, with no spread by grade: every draw is the same."""
    for table in (distributions.SIGMA, distributions.LENGTH_SIGMA):
        for grade in table:
            monkeypatch.setitem(table, grade, 0.0)
    for table, columns in RANGES.items():
        rows = data.rows(table)
        with data.path(table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, **dict.fromkeys(columns, "")} for row in rows)
    return data.folder


@pytest.fixture
def certain(sure, write_yaml):
    """Return the study of the sure package, and its answers by Python."""
    study, network = cn.load_study(write_yaml("same", STUDY)), cn.Network.from_folder(sure)
    comparison = cn.compare(study, network)
    routes = {(run.scenario, o): run.route(o, GOAL) for run in comparison.runs for o in ORIGINS}
    return comparison, routes


def drawn(told, routes):
    """Hold a summary of draws to the routes; a counted number stands in a bin 0.2 % wide."""
    seen = 0
    for run in told["runs"]:
        for pair in run["pairs"]:
            route = routes[run["scenario"], pair["origin"]]
            for name in TOTALS[:4]:
                for point in ("mean", "p10", "p50", "p90"):
                    assert pair["best"][name][point] == pytest.approx(getattr(route, name), rel=0.002), (name, point)
            assert pair["gateways"] == {route.gateway or "by land": 1.0}
            seen += 1
    assert seen == len(routes)


@pytest.mark.parametrize("exact", [True, False])
def test_a_study_drawn_without_doubt(certain, exact):
    comparison, routes = certain
    for found in study_uncertainty(comparison, draws=16, exact=exact).runs:
        for pair in found.pairs:
            route = routes[found.run.scenario, pair.origin]
            for name in TOTALS[:4]:
                for spread in (getattr(pair.route, name), getattr(pair.best, name)):
                    assert (spread.p10, spread.mean, spread.p90) == pytest.approx([getattr(route, name)] * 3, rel=1e-9)


@pytest.mark.parametrize("exact", [True, False])
def test_a_batch_drawn_without_doubt(certain, tmp_path, exact):
    comparison, routes = certain
    drawn(run_batch(Job.of(comparison, exact=exact), tmp_path / "here", 16, chunk_draws=8), routes)


def test_a_batch_by_the_command(cli, sure, certain, write_yaml, tmp_path):
    done = cli(
        "uncertainty", write_yaml("same", STUDY), "--geodata", sure, "--draws", 16, "--out", tmp_path / "o", "--json"
    )
    drawn(json.loads(done.out), certain[1])


def test_a_cluster_drawn_without_doubt(certain, tmp_path):
    from distributed import LocalCluster

    comparison, routes = certain
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        job = Job.of(comparison, exact=True)
        told = run_batch(job, tmp_path / "o", 16, chunk_draws=8, scheduler=cluster.scheduler_address)
    drawn(told, routes)
