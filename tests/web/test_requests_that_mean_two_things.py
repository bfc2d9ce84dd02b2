"""Requests of which a part would be passed over, or taken as another thing, are refused."""

import pytest

from corridor_net.workbench.questions import RouteRequest
from corridor_net.workbench.replies import Refused, checked, read_json

ENDS = {"origin": "harbin", "destination": "niigata"}


def test_a_key_that_stands_twice_is_refused_and_not_answered_for_the_last():
    with pytest.raises(Refused) as caught:
        read_json(b'{"origin": "harbin", "origin": "dalian", "destination": "niigata"}')
    assert caught.value.status == 400
    assert "'origin' stands twice" in caught.value.errors[0]["message"]


@pytest.mark.parametrize("day", [1561939200, 1561939200.0, "2019-07-01T00:00:00", "1561939200", "٢٠١٩-٠٧-٠١", True])
def test_a_day_is_a_date_and_no_count_of_seconds(day):
    assert str(checked(RouteRequest, {**ENDS, "as_of": "2019-07-01"}).as_of) == "2019-07-01"
    with pytest.raises(Refused) as caught:
        checked(RouteRequest, {**ENDS, "as_of": day})
    assert caught.value.errors[0]["where"] == "as_of"
