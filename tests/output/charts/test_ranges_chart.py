"""The chart of ranges: the answer itself stands beside its range, where the scale has it."""

from __future__ import annotations

import re

import corridor_net as cn
from corridor_net.output.charts.uncertainty_charts import fan_svg
from corridor_net.uncertainty.ensembles.ensemble import Ensemble, priced


def test_the_answer_is_a_point_beside_its_range_on_the_same_scale() -> None:
    router = cn.load(as_of="2019-07-01").router
    (pair,) = priced(Ensemble.of(router, [("harbin", "niigata")]), draws=64).summaries()
    usd, hours = pair.route.cost_usd, pair.route.hours
    low, high = (
        fan_svg({"harbin": pair}, {"harbin": ends}, "t") for ends in ((usd.p10, hours.p10), (usd.p90, hours.p90))
    )
    ranges = re.findall(r'<rect x="([\d.]+)"[^>]*width="([\d.]+)"[^>]*fill="#c6dcec"', low)[-2:]
    points = [[float(x) for x in re.findall(r'<circle cx="([\d.]+)"', chart)] for chart in (low, high)]
    for number, (left, width) in enumerate(ranges):
        assert abs(points[0][number] - float(left)) < 0.1
        assert abs(points[1][number] - float(left) - float(width)) < 0.1
