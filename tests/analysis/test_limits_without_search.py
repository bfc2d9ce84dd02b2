"""Figures that cannot flip an answer are left out without a search; no limit is lost by it."""

import pytest

import corridor_net as cn
from corridor_net.analysis.breakeven import Breakeven, breakeven
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance


@pytest.mark.parametrize(("day", "start", "goal", "by"), [("2019-07-01", "harbin", "niigata", "generalised"),
                                                          ("2013-07-01", "mudanjiang", "osaka", "money")])  # fmt: skip
def test_limits_are_those_of_searching_every_figure(day, start, goal, by, monkeypatch):
    router = Router(impedance(cn.load(as_of=day).network), by=by)
    stayed = []
    own = Breakeven._stays
    monkeypatch.setattr(Breakeven, "_stays", lambda *given: stayed.append(own(*given)) or stayed[-1])
    quick = breakeven(router, start, goal).limits(answer="route").to_dict()
    assert sum(stayed) > len(stayed) / 2, "most figures need no search"
    monkeypatch.setattr(Breakeven, "_stays", lambda *_: False)
    assert quick == breakeven(router, start, goal).limits(answer="route").to_dict()
    assert quick["limits"]
