"""The example worked by hand in docs/languages.md."""

from corridor_net.render.currency import Currency
from corridor_net.render.words import Words


def test_a_route_in_yuan():
    words = Words(currency=Currency(code="CNY", per_usd=6.9081, year=2019))
    assert words.money(3166.42) == "21,874"
    assert Currency(code="JPY", per_usd=109.0).fewer == 2
    assert Currency(code="RUB", per_usd=64.7).fewer == 1
