"""What stands in HTML and SVG is well-formed whatever a text of the user's holds."""

from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_net.errors import markup


@settings(deadline=None, derandomize=True)
@given(st.text())
def test_any_text_gives_a_well_formed_document(text):
    read = ElementTree.fromstring(f'<a b="{markup(text)}">{markup(text)}</a>')  # noqa: S314 - our own
    assert not set(read.text or "") & set("\x1b\x07\u202e")


def test_signs_of_html_are_text():
    assert markup("<script>&\"'") == "&lt;script&gt;&amp;&quot;&#x27;"
