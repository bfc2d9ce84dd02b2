"""Money in the reader's currency: converted at the rate of the day in the data, which a line says; JSON stays USD."""

import re

import pytest
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.analysis.thresholds import sentence
from corridor_net.cli.main import app
from corridor_net.errors import UnknownName
from corridor_net.languages import CURRENCIES, currency_of, words_for
from corridor_net.questions import question
from corridor_net.render.currency import Currency
from corridor_net.render.page import Column, Table
from corridor_net.render.words import Words, say

RATES = {"CNY": 6.9081, "USD": 1.0}


@pytest.fixture(scope="module")
def found():
    return cn.load(as_of="2019-07-01").route("harbin", "niigata")


def money_cells(table, words):
    for row, texts in zip((*table.rows, *table.totals), table.texts(words), strict=True):
        for column, cell, text in zip(table.columns, row, texts, strict=True):
            if column.is_money and isinstance(cell, float):
                yield cell, text


def test_the_rate_is_that_of_the_year_or_the_last_before_it(found):
    network = found.router.network
    assert currency_of("CNY", network, 2019).per_usd == RATES["CNY"]
    known = max(row.year for row in network.rows("exchange_rate") if row.currency == "CNY")
    assert currency_of("CNY", network, known + 5).year == known
    with pytest.raises(UnknownName, match="unknown currency 'EUR'"):
        currency_of("EUR", network, 2019)


@pytest.mark.parametrize("code", CURRENCIES)
def test_every_amount_is_the_dollars_times_the_rate(found, code):
    network = found.router.network
    currency = currency_of(code, network, 2019)
    words = words_for(network, currency=currency)
    page = question("route").view(found)
    cells = [cell for table in page.tables for cell in money_cells(table, words)]
    assert len(cells) > 5
    for usd, text in cells:
        assert int(text.replace(",", "")) == round(usd * currency.per_usd)
    first = words.text(page.blocks[0])
    shown = re.search(rf"([\d,]+) {code} \(([\d,]+)-([\d,]+)\)", first)
    ranges = found.uncertainty.route.cost_usd
    for text, usd in zip(shown.groups(), (found.cost_usd, ranges.p10, ranges.p90), strict=True):
        assert int(text.replace(",", "")) == round(usd * currency.per_usd)
    if code != "USD":
        text = "\n".join([first, *(column.head(words) for table in page.tables for column in table.columns)])
        assert "USD" not in text


def test_a_page_in_another_currency_says_dollars_where_the_rate_is_told_alone():
    model = cn.load(as_of="2019-07-01")
    words = words_for(model.network, currency=currency_of("CNY", model.network, 2019))
    page = question("tcd").view(model.tcd("harbin", "niigata"))
    told = [words.text(block) for block in page.blocks if not isinstance(block, Table)]
    assert "hours and money a border" in told[-1]
    assert not any("USD" in text for text in told)


def test_hours_shares_and_words_are_not_money():
    words = Words(currency=Currency(code="JPY", per_usd=150.0, year=2024))
    columns = (Column(heading="hours", kind="number"), Column(heading="USD C, D", kind="share"), Column(heading="USD"))
    table = Table(title="one", columns=columns, rows=((2.0, 0.5, "3"),))
    assert table.texts(words) == [["2", "50%", "3"]]
    assert [column.head(words) for column in columns] == ["hours", "USD C, D", "USD"]
    assert words.text(say("counted in USD, {n:n0} of them", n=7)) == "counted in USD, 7 of them", "no number of it is"


def test_the_title_of_a_table_of_money_says_the_currency():
    words = Words(currency=Currency(code="KRW", per_usd=1400.0, year=2025))
    table = Table(title="Cost in USD", columns=(Column(heading="now", kind="number", money=True),), rows=((2.0,),))
    assert table.head(words) == "Cost in KRW"
    assert table.texts(words) == [["2,800"]]


def test_the_page_says_the_rate_and_a_currency_that_is_not_there_is_refused(cli):
    done = cli("route", "harbin", "niigata", "--as-of", "2019-07-01", "--currency", "cny")
    assert "Money in CNY, 6.91 to the US dollar, the rate of 2019 in the data" in " ".join(done.out.split())
    wrong = cli("route", "harbin", "niigata", "--currency", "EUR")
    assert wrong.code == 2
    assert "--currency: 'EUR' is not one of USD, CNY, JPY, KRW, RUB" in wrong.err


def test_templates_with_money_name_the_currency_and_those_that_name_it_have_money():
    """A number beside 'USD' that is not money would be shown in dollars under another currency's name."""
    from .collected import of_source

    plain = re.compile(r"\{[\w.]+:\+?n\d\}(?= USD)")
    for template in of_source():
        assert not plain.search(template), template
        if re.search(r"\bUSD\b", template) and re.search(r":\+?[mM]\d", template):
            assert not plain.search(template), template


def test_the_report_is_in_the_money_of_the_page(tmp_path, write_yaml):
    asked = "baselines: [baseline-2019]\nscenarios: [longjiang-belt]\norigins: [hunchun]\ndestinations: [niigata]\n"
    study = write_yaml("s", f"study: s\ntitle: S\n{asked}")
    asked = ["run", str(study), "--currency", "CNY", "--out", str(tmp_path / "o")]
    assert "CNY" in CliRunner().invoke(app, asked, catch_exceptions=False).stdout
    shown = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert f'"money":{{"code":"CNY","per_usd":{RATES["CNY"]}' in shown
    header = shown[shown.index("<header>") : shown.index("</header>")]
    assert "CNY" in header
    of_year = "USD of the year of each baseline (2019 first) in CNY at the rate of 2019"
    assert of_year in header
    assert "USD" not in header.replace(of_year, "")
    model = cn.load(as_of="2019-07-01")
    assert f"{model.route('hunchun', 'niigata').cost_usd * RATES['CNY']:,.0f}" in header
    why = shown[shown.index('id="why"') : shown.index('<section id="doubt"')]
    worth = model.router.impedance.cargo.value_of_time * RATES["CNY"]
    assert f"an hour is worth {worth:,.2f}\N{NO-BREAK SPACE}CNY" in header
    assert re.search(rf"value of an hour stays above [\d.]+ CNY/h .* now {worth:.3g}\sCNY/h", why)
    assert "USD" not in why
    chart = (tmp_path / "o" / "charts" / "thresholds.svg").read_text(encoding="utf-8")
    assert "CNY/h" in chart
    assert f"now {worth:.4g}" in chart


def test_limits_and_bands_of_money_are_in_the_money_of_the_page_others_as_they_are():
    model = cn.load(as_of="2019-07-01").with_scenario("longjiang-belt")
    found = model.breakeven("hunchun", "niigata")
    words = words_for(model.network, currency=currency_of("CNY", model.network, 2019))
    limits, bands = [block for block in question("breakeven").view(found).blocks if isinstance(block, Table)]
    rows = dict(zip([limit.key for limit in found.limits.limits], limits.texts(words), strict=False))
    hours = next(limit for limit in found.limits.limits if limit.unit == "h" and limit.key in rows)
    now = float(f"{hours.now:.4g}")
    assert words.plain(now) in rows[hours.key]
    first, *_ = found.bands
    starts = [text[0] for text in bands.texts(words)]
    assert starts == [words.plain(band.low * RATES["CNY"], 4) for band in first.bands]
    worth = next(limit for limit in found.limits.limits if limit.key.endswith("value_of_time"))
    assert f"now {worth.now * RATES['CNY']:.3g} CNY/h." in words.text(sentence(worth, found.route))
