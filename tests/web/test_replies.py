"""A body that is JSON and not an object is refused, whichever question it is for."""

import json

import pytest

from corridor_net.workbench.replies import reply_of


class Unasked:
    """A workbench that is asked nothing."""

    def __getattr__(self, name):
        return None


@pytest.mark.parametrize("name", ["network", "answer", "parse", "yaml", "geojson", "report"])
@pytest.mark.parametrize("body", [b'"number"', b"[]", b"3", b"null", b"true", b"[[]]", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_the_mistake_of_who_asks(name, body):
    made = reply_of(Unasked(), name, body)
    assert made.status in (400, 422)
    assert json.loads(made.content)["errors"]
