"""What it is worth to know a figure first, and to wait for it; who is paid what, without and with a project."""

from __future__ import annotations

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.questions import page_of
from corridor_net.uncertainty.studies.waiting import _option

MODEST = {"investment": 6.3e8, "figures": 0, "draws": 400}


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


@pytest.fixture(scope="module")
def found(model):
    return model.appraise("primorye-2", **MODEST)


def test_the_example_of_the_page():
    sure = np.array([-10.0, 10.0])
    assert _option(sure) - max(0.0, float(sure.mean())) == 5
    later = sure * 1.09**-3
    assert _option(later) - max(0.0, float(sure.mean())) == pytest.approx(3.86, abs=0.005)


def test_knowing_all_is_the_mean_of_what_pays(found):
    values = found.draws.values
    told = {one.what: one for one in found.knowing}
    assert told["all"].now_usd == pytest.approx(np.maximum(values, 0).mean() - max(0.0, values.mean()))


def test_waiting_is_the_project_of_later_seen_from_now(model, found):
    later = model.appraise("primorye-2", start=2022, **MODEST).draws.values * 1.09**-3
    told = {one.what: one for one in found.knowing}
    assert told["all"].wait_usd == pytest.approx(np.maximum(later, 0).mean() - max(0.0, found.draws.values.mean()))


def test_knowledge_does_no_harm_and_more_of_it_is_worth_more(found):
    told = {one.what: one.now_usd for one in found.knowing}
    assert min(told.values()) >= 0
    assert told["all"] >= max(told[name] for name in ("traffic", "cost", "network")) * 0.98
    assert told["traffic"] > 0


def test_what_nothing_can_change_is_worth_nothing_to_know(model):
    sure = model.appraise("primorye-2", investment=1e6, figures=0, draws=200)
    told = {one.what: one for one in sure.knowing}
    assert told["cost"].now_usd == pytest.approx(0, abs=1)
    assert all(one.wait_usd < 0 for one in sure.knowing), "a project that surely pays loses by waiting"
    assert "No figure is worth waiting 3 years for." in [str(block) for block in page_of(sure).blocks]


def test_what_is_paid_is_all_money_of_all_boxes(found):
    """By component it falls by what users save, and rises by what generated traffic pays; states gain their fees."""
    parts = {share.component: share for share in found.components}
    saved = sum(parts[name].normal + parts[name].diverted for name in ("money", "fees"))
    before = sum(one.before_usd for one in found.receipts)
    after = sum(one.after_usd for one in found.receipts)
    existing = before - saved
    assert existing < after < existing * 1.2, "generated traffic pays besides"
    states = sum(one.change_usd for one in found.receipts if one.party == "states")
    assert states == pytest.approx(parts["fees collected"].total)


def test_without_generated_traffic_payments_fall_by_just_what_is_saved(model):
    found = model.appraise("primorye-2", elasticity=0.0, **{**MODEST, "draws": 0})
    parts = {share.component: share.total for share in found.components}
    change = sum(one.change_usd for one in found.receipts)
    assert change == pytest.approx(-(parts["money"] + parts["fees"]))
    assert {one.party for one in found.receipts} == {"carriers", "terminals", "states"}
    assert found.knowing == ()
