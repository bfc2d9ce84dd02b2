"""What tests of routes share: a router for each measure that can be minimised."""

from __future__ import annotations

import pytest

import corridor_net as cn
from corridor_net.costing import MINIMISED


@pytest.fixture(scope="module")
def routers(imp2019):
    return {by: cn.Router(imp2019, by=by) for by in MINIMISED}
