"""The report, opened from disk with the network off, used as a person uses it."""

import base64
import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from analysis.test_joined import model
from corridor_net.output.one_file import bundle, fill
from corridor_net.output.studies.report import MODULES

from .patience import drawn
from .visiting import beyond

MEGABYTE = 1_000_000
TITLE = "The whole Longjiang Land and Sea Silk Road belt together"


@pytest.fixture(scope="module")
def address(result_texts, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(result_texts["report.html"], encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(open_page, address):
    return open_page(address, offline=True)


def chosen(page, name):
    return page.locator(f"#{name}").evaluate("select => select.selectedOptions[0].textContent")


def test_it_is_one_small_file_without_addresses_to_load(result_texts):
    text = result_texts["report.html"]
    assert len(text.encode()) < 3 * MEGABYTE
    assert not re.search(r"<(link|img|iframe|script)[^>]*\b(src|href)=", text)
    assert not re.search(r"@import|url\(", text)
    assert "{{" not in text


def test_only_its_own_script_and_style_may_run(result_texts):
    text = result_texts["report.html"]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none'")
    for tag in ("style", r'script type="module"'):
        body = re.search(rf"<{tag}>(.*?)</", text, re.DOTALL)[1]
        assert f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'" in policy


def test_the_source_of_what_a_scenario_writes_is_called_by_its_title(result_texts, comparison):
    shown = re.findall(r'<li id="source-scenario:([a-z-]+)~\d+"><b>([^<]*)</b>', result_texts["report.html"])
    titles = {run.scenario: run.title for run in comparison.runs}
    assert shown
    assert shown == [(name, titles[name]) for name, _ in shown]


def test_it_opens_on_the_main_pair_with_what_the_best_scenario_changes(page, comparison):
    assert chosen(page, "origin") == comparison.network.nodes[comparison.origins[0]].name
    assert chosen(page, "scenario") == TITLE
    side = page.locator("#side").inner_text()
    base, after = (
        run.trips[comparison.origins[0], comparison.focus]
        for run in (comparison.runs[0], next(r for r in comparison.scenario_runs() if r.scenario == "longjiang-belt"))
    )
    for trip in (base, after):
        assert comparison.network.nodes[trip.gateway].name in side
        assert f"{trip.cost_usd:,.0f}" in side
    assert page.locator("#map .over.after").count() > 0
    assert page.locator("#map .over.before").count() > 0


def test_what_the_page_works_out_is_in_the_money_of_the_report(open_page, result_texts, comparison, tmp_path):
    told, rate = result_texts["report.html"], 1165.66
    usd, won = ('"money":{"code":"USD","per_usd":1.0', f'"money":{{"code":"KRW","per_usd":{rate}')
    assert usd in told
    (tmp_path / "report.html").write_text(told.replace(usd, won), encoding="utf-8")
    page = open_page((tmp_path / "report.html").as_uri(), offline=True)
    trip = comparison.runs[0].trips[comparison.origins[0], comparison.focus]
    shown = f"{trip.cost_usd * rate:,.0f}"
    assert page.locator("#side table.totals tbody tr").nth(1).locator("td").first.inner_text() == shown
    assert page.locator("#origins tbody tr").first.locator("td").nth(1).inner_text() == shown
    legs = page.locator("table.legs tbody tr:not(.total) td:nth-child(3)").all_inner_texts()
    total = page.locator("table.legs tr.total td").nth(1).inner_text()
    assert sum(int(one.replace(",", "")) for one in legs) == int(total.replace(",", ""))
    for place in ("#side", "#origins"):
        assert "KRW" in page.locator(place).inner_text()
        assert "USD" not in page.locator(place).inner_text()
    page.locator("#try > summary").click()
    worth = page.locator("#worth")
    assert re.search(r"now ([\d.]+) USD/h \(([\d,.]+) KRW/h\)", worth.locator(".was").inner_text())
    assert worth.locator(".bands").inner_text().endswith(" KRW/h"), "what is typed alone is USD"


def test_the_figures_are_those_of_the_comparison(page, comparison):
    base = comparison.runs[0]
    for origin, trip in [(o, base.trips[o, "niigata"]) for o in comparison.origins]:
        row = page.locator("#origins tbody tr", has_text=comparison.network.nodes[origin].name).first.inner_text()
        assert f"{trip.cost_usd:,.0f}" in row
        assert f"{trip.hours / 24:,.1f}" in row


def test_what_is_shown_adds_up(page, comparison):
    """The parts of a bar to the number at its end, the legs to the line below them, both to the totals above."""
    names = comparison.network.nodes
    for origin in ("yanji", "harbin", "heihe"):
        page.get_by_role("button", name=names[origin].name, exact=True).click()
        page.locator("#side").get_by_text(f"{names[origin].name} to Niigata", exact=True).first.wait_for()
        drawn(page)
        for chart in page.locator("#side svg.bars").all():
            ends = [text for text in chart.locator("text").all_text_contents() if text not in ("before", "after")]
            told = chart.get_attribute("aria-label").partition(": ")[2].split("; ")
            assert len(ends) == len(told) == 2
            for end, line in zip(ends, told, strict=True):
                parts = [
                    Decimal(part.rsplit(" ", 1)[1].replace(",", "")) for part in line.split(", ") if part[-1].isdigit()
                ]
                assert len(parts) == 4
                assert sum(parts) == Decimal(end.replace(",", ""))
        page.locator("#side details").evaluate("details => (details.open = true)")
        rows = page.locator("#side table.legs tbody tr").all()
        numbers = [
            [Decimal(cell.replace(",", "")) for cell in row.locator("td.number").all_inner_texts()] for row in rows
        ]
        assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
        usd, _, kg = (
            page.locator("#side table.totals tbody tr").nth(n).locator("td.number").all_inner_texts() for n in (1, 2, 3)
        )
        assert Decimal(usd[1].replace(",", "")) == numbers[-1][1]
        assert Decimal(kg[1].replace(",", "")) == numbers[-1][2]


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1440, 900), (1920, 1080)])
def test_price_days_and_gateway_are_seen_before_anything_is_scrolled(open_page, address, comparison, size):
    import corridor_net as cn
    from corridor_net.languages import words_for
    from corridor_net.questions.routes.route import first_sentence

    page = open_page(address, offline=True, viewport={"width": size[0], "height": size[1]})
    same = cn.load(as_of=comparison.runs[0].router.network.day).route(comparison.origins[0], comparison.focus)
    said = words_for(same.router.network).printed.text(first_sentence(same))
    assert page.locator(".answer").inner_text() == said
    for shown in (page.locator(".answer"), *page.locator("#side table.totals tr").all()[:4]):
        box = shown.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= size[1]
        assert box["x"] + box["width"] <= size[0]
    assert page.locator("#side .scroll").first.evaluate("e => e.scrollWidth <= e.clientWidth"), "no column is cut"
    assert beyond(page.locator("#map"), page.locator("#map .over")) == [], "the routes are seen whole"


def test_no_range_of_the_answer_is_broken_in_two_lines(page):
    held = page.locator(".answer .held")
    assert [Decimal(text.split("–")[0].replace(",", "")) > 0 for text in held.all_inner_texts()] == [True, True]
    for width in (360, 390, 520, 1000):
        page.set_viewport_size({"width": width, "height": 700})
        assert held.evaluate_all("all => all.map((one) => one.getClientRects().length)") == [1, 1]


@pytest.mark.parametrize(
    ("parts", "digits", "wanted"),
    [
        ([0.4, 4.4, 1.4, 0.4, 2.4, 0.4, 4.4], 0, [1, 5, 1, 0, 2, 0, 5]),
        ([1 / 3, 1 / 3, 1 / 3], 2, [0.34, 0.33, 0.33]),
        ([0.125, -0.375, 2.25], 1, [0.1, -0.4, 2.3]),
        ([], 1, []),
    ],
)
@pytest.mark.slow
def test_the_page_rounds_as_the_files_do(page, parts, digits, wanted):
    from corridor_net.rounding import fitted

    assert fitted(parts, digits) == wanted
    script = bundle(("dom.js",))
    found = page.evaluate(f"([parts, digits]) => {{ {script}; return fitted(parts, digits); }}", [parts, digits])
    assert found == wanted


def test_a_click_chooses_an_origin_and_the_map_follows(page):
    page.get_by_role("button", name="Harbin", exact=True).click()
    assert chosen(page, "origin") == "Harbin"
    page.get_by_label("Scenario").select_option("")
    drawn(page)
    assert page.locator("#map .over.after").count() == 0
    page.get_by_label("before", exact=True).check()
    drawn(page)
    assert page.locator("#map .over.before").count() > 0


def test_tables_sort_both_ways(page):
    table = page.locator("#origins table")
    usd = table.get_by_role("button", name="USD", exact=True)

    def column():
        return [float(cell.get_attribute("data-value")) for cell in table.locator("tbody td:nth-child(3)").all()]

    usd.click()
    rising = column()
    assert rising == sorted(rising)
    usd.click()
    assert column() == rising[::-1]
    assert table.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_a_place_is_found_in_any_language_and_tells_its_figures(page):
    field = page.get_by_label("Find a place")
    field.fill("新潟")
    page.get_by_role("listbox").get_by_role("option", name="Niigata", exact=True).click()
    popup = page.get_by_role("dialog")
    assert "Niigata" in popup.inner_text()
    assert popup.get_by_role("link").count() > 0
    page.keyboard.press("Escape")
    field.fill("Зарубино")
    field.press("Enter")
    assert "Zarubino" in popup.inner_text()
    popup.get_by_label("Close").click()
    assert popup.is_hidden()


def test_the_keyboard_walks_the_route(page):
    stop = page.locator("#map .stop").first
    stop.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").is_hidden()
    group = page.locator("#map svg")
    before = page.locator("#map svg > g").first.get_attribute("transform")
    group.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "old => document.querySelector('#map svg > g').getAttribute('transform') !== old", arg=before
    )


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.slow
def test_nothing_is_wider_than_the_screen(open_page, address, width):
    page = open_page(address, offline=True, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_control_has_a_name_and_every_chart_words(page):
    nameless = """all => all.filter(
        e => !(e.ariaLabel || e.textContent.trim() || (e.labels && e.labels[0]?.textContent))
    ).map(e => e.outerHTML)"""
    for role in ("button", "combobox", "radio", "searchbox"):
        assert page.get_by_role(role).count() > 0
        assert page.get_by_role(role).evaluate_all(nameless) == []
    charts = page.locator("svg.chart")
    assert charts.count() >= 7
    for chart in charts.all():
        assert len(chart.get_attribute("aria-label")) > 40


def test_a_chart_that_is_wider_than_a_phone_is_reached_by_keys(open_page, address, page):
    assert page.locator(".charts figure[tabindex]").count() == 0
    phone = open_page(address, offline=True, viewport={"width": 360, "height": 800})
    assert phone.locator(".charts figure[tabindex='0']").count() == phone.locator(".charts figure").count() > 0


def test_on_a_phone_no_table_is_moved_sideways_and_each_number_says_what_it_is(open_page, address):
    phone = open_page(address, offline=True, viewport={"width": 360, "height": 800})
    phone.locator("details:not(#try)").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    wide = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText.slice(0, 40))"
    assert phone.locator(".scroll:has(.sortable), #origins, #side .legs").evaluate_all(wide) == []
    signs_and_words = "all => all.map(one => one.getClientRects().length)"
    assert set(phone.locator("#legend .entry").evaluate_all(signs_and_words)) == {1}
    first = phone.locator("#origins tbody tr").first.locator("td").nth(1)
    assert "USD" in first.evaluate("cell => getComputedStyle(cell, '::before').content")
    # of each table three rows: the others are like them
    phone.locator("tbody").evaluate_all(
        "all => all.forEach((one) => [...one.rows].slice(3).forEach((row) => row.remove()))"
    )
    path = Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"
    phone.evaluate(path.read_text(encoding="utf-8"))
    found = phone.evaluate("axe.run()")["violations"]
    assert [(one["id"], [node["html"][:90] for node in one["nodes"]][:3]) for one in found] == []


def test_the_map_names_the_ends_and_gateways_of_its_routes(page, comparison):
    names = set(page.locator("#map text").all_text_contents())
    assert {"Harbin", "Dalian", "Vladivostok", "Niigata"} <= names


def test_it_prints(page):
    page.emulate_media(media="print")
    for control in ("nav", ".choices", "#try", "#side details:not([open])"):
        assert all(one.is_hidden() for one in page.locator(control).all()), control
    told = page.locator("#asked")
    assert told.is_visible()
    assert TITLE in told.inner_text()
    heads = page.locator("#origins thead .sort")
    assert set(heads.evaluate_all("all => all.map((one) => getComputedStyle(one).display)")) == {"contents"}
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_without_script_the_words_and_charts_are_there(open_page, address):
    page = open_page(address, offline=True, java_script_enabled=False)
    assert "Why the route changes" in page.locator("#why").inner_text()
    assert page.locator("svg.chart").count() >= 7


def test_legs_are_told_a_road_as_in_the_command(open_page, tmp_path):
    net, end = model()
    net.study(origins=["0"], destinations=[end]).write(tmp_path / "report")
    page = open_page((tmp_path / "report" / "report.html").as_uri(), offline=True)
    heads = page.locator("table.legs tbody tr:not(.total) th").all_inner_texts()
    told = net.route("0", end).as_shown
    assert len(heads) == len(told.route.legs)
    for head, leg, name in zip(heads, told.route.legs, told.called, strict=True):
        assert head.endswith(f" ({name})" if name else leg.to_node), (head, name)


def test_markup_in_names_stays_text(open_page, tmp_path, write_tiny):
    """A node, a link, a title that hold markup are shown as they are written, and run nothing."""
    from corridor_net import Network, compare, load_study
    from corridor_net.questions.pages.study_files import result_files
    from corridor_net.uncertainty.studies.study import main_uncertainty

    evil = '<img src=x onerror="document.title=1">&amp;</script>'

    def spoil(rows):
        return [{**row, "name": evil + row["name"]} for row in rows]

    data = write_tiny(tmp_path / "tiny", node=spoil, link=spoil)
    study = tmp_path / "evil.yaml"
    ends = Network.from_folder(data.folder)
    origin, market = (ends.markets(role)[0].node_id for role in ("origin", "market"))
    baseline = tmp_path / "base.yaml"
    baseline.write_text(f"scenario: base\ntitle: {json.dumps(evil)}\nas_of: 2019-07-01\n", encoding="utf-8")
    study.write_text(
        f"study: evil\ntitle: {json.dumps(evil)}\nbaselines: [base.yaml]\norigins: [{origin}]\n"
        f"destinations: [{market}]\nfocus: {market}\n",
        encoding="utf-8",
    )
    comparison = compare(load_study(study), ends)
    texts = result_files(comparison, {"by": "generalised"}, main_uncertainty(comparison), ())
    (tmp_path / "report.html").write_text(texts["report.html"], encoding="utf-8")
    page = open_page((tmp_path / "report.html").as_uri(), offline=True)
    assert page.title() == evil
    assert page.locator("h1").inner_text() == evil
    assert page.locator("img").count() == 0
    assert evil in page.locator("#origins").inner_text()


def test_fields_are_filled_once():
    assert fill("{{a}}{{b}}", {"a": "{{b}}", "b": "x"}) == "{{b}}x"


def test_the_bundle_has_no_imports_left():
    script = bundle(MODULES)
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
