"""Whether a limit lies inside the range that the source of a figure gives: said for figures with a range alone."""

import pytest

from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.costing.parameters import parameters_of


@pytest.mark.parametrize(("origin", "destination"), [("yanji", "niigata"), ("harbin", "niigata")])
def test_a_limit_is_in_range_where_the_figure_may_be_so(shipped, origin, destination):
    network = shipped.as_of("2019-07-01")
    figures = parameters_of(network, network.default_cargo)
    found = breakeven(Router(impedance(network)), origin, destination).limits().limits
    said = {limit.key: limit for limit in found if limit.key in figures}
    assert any(limit.in_range is not None for limit in said.values())
    for key, limit in said.items():
        low, high = figures[key].low, figures[key].high
        if low is None and high is None:
            assert limit.in_range is None
        else:
            below = limit.lower is not None and low is not None and low <= limit.lower
            above = limit.upper is not None and high is not None and limit.upper <= high
            assert limit.in_range is (below or above)
