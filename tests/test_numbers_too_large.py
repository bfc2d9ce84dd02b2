"""Prices and amounts so large that sums of them are no numbers are refused by name; no answer is made of them."""

import pytest

from corridor_net.costing.objective import MOST, Objective
from corridor_net.errors import BadValue

PRICES = [("--value-of-time", "value_of_time"), ("--co2-price", "co2_price_usd_per_t")]


@pytest.mark.parametrize(("option", "name"), PRICES)
@pytest.mark.parametrize("amount", ["1e13", "1e308", "1e400", "inf"])
def test_a_price_of_an_option(cli, option, name, amount):
    done = cli("route", "harbin", "niigata", option, amount)
    assert done.code == 2
    assert name.partition("_usd")[0].replace("_", " ") in done.err.replace("_", " ")
    assert "e+290" not in done.err


@pytest.mark.parametrize("amount", ["1e13", "1e308", "1e400", "-1", "nan"])
def test_an_amount_of_a_demand(cli, tmp_path, amount):
    path = tmp_path / "demand.csv"
    path.write_text(f"origin,destination,teu\nharbin,niigata,{amount}\n", encoding="utf-8")
    done = cli("gateways", "--demand", path)
    assert done.code == 2
    assert f"teu is '{amount}'" in done.err
    assert "demand.csv:2:16" in done.err


@pytest.mark.parametrize("scale", ["1001", "1e308", "1e400", "inf", "nan", "0", "-1"])
@pytest.mark.parametrize("asked", [("gateways",), ("line", "vladivostok-niigata")])
def test_the_scale_of_a_logit(cli, asked, scale):
    done = cli(*asked, "--scale", scale)
    assert done.code == 2
    assert "scale" in done.err


def test_the_largest_that_is_taken():
    assert Objective(value_of_time=MOST).generalised(0.0, 1.0, 0.0, 0.0) == MOST
    with pytest.raises(BadValue, match="value_of_time"):
        Objective(value_of_time=2 * MOST)
