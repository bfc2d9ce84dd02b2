"""The workbench as a person uses it: a real server, a real browser."""

import json
import re
from pathlib import Path

import pytest

from corridor_net.scenario import load_scenario

from .patience import until
from .visiting import answered, beyond, changes, gateways, go_to, press_node, start, stop


def halve_suifenhe(page):
    go_to(page, "Suifenhe")
    road = page.get_by_role("dialog").locator("details", has_text="Crossing, Suifenhe to Grodekovo (road)")
    road.locator("summary").click()
    road.get_by_role("button", name="Halve queue, hours").click()
    road.get_by_role("button", name="Halve procedures, hours").click()


def test_an_analyst_builds_saves_reloads_loads_and_exports(page, tmp_path):
    """Harbin to Niigata with a direct weekly line and dear cargo: halving the border's time moves it to Vladivostok."""
    page.get_by_label("From", exact=True).select_option("harbin")
    page.get_by_label("To", exact=True).select_option("niigata")
    page.get_by_label("Value of an hour, USD").fill("28")
    page.get_by_label("Builds on").select_option("vladivostok-liner")
    answered(page)
    until(page, gateways, ["Dalian", "Dalian"])
    page.locator("#sentence", has_text="The scenario changes nothing here").wait_for()
    halve_suifenhe(page)
    page.locator("#compare .switched", has_text="Vladivostok").wait_for()
    until(page, gateways, ["Dalian", "Vladivostok"])
    assert "changes nothing" not in page.locator("#sentence").inner_text()
    assert page.locator("#map .over.after").count() > 0
    until(page, changes, 2)
    page.get_by_text("figures can flip the gateway alone").wait_for()

    with page.expect_download() as saved:
        page.get_by_role("button", name="Save YAML").click()
    saved.value.save_as(tmp_path / "mine.yaml")
    assert len(load_scenario(tmp_path / "mine.yaml").steps) == 2 + len(load_scenario("vladivostok-liner").steps)

    page.reload()
    answered(page, "Vladivostok")
    until(page, gateways, ["Dalian", "Vladivostok"])

    page.get_by_role("button", name="Remove: ").first.click()
    page.get_by_role("button", name="Remove: ").first.click()
    page.locator("#compare .switched").wait_for(state="detached")
    page.locator("#load").set_input_files(tmp_path / "mine.yaml")
    page.locator("#compare .switched", has_text="Vladivostok").wait_for()
    until(page, changes, 2)

    with page.expect_download() as exported:
        page.get_by_role("button", name="Export GeoJSON").click()
    features = json.loads(Path(exported.value.path()).read_text(encoding="utf-8"))["features"]
    assert [f["properties"]["gateway"] for f in features] == ["dalian", "vladivostok"]


def test_the_report_can_be_taken_along(page, open_page, tmp_path):
    page.get_by_label("From", exact=True).select_option("yanji")
    page.get_by_label("Builds on").select_option("primorye-2")
    page.locator("#compare .switched", has_text="Zarubino").wait_for()
    with page.expect_download() as made:
        page.get_by_role("button", name="Report").click()
    made.value.save_as(tmp_path / "report.html")
    report = open_page((tmp_path / "report.html").as_uri(), offline=True)
    assert "Yanji" in report.locator("h1").inner_text()


def test_the_answer_begins_with_the_sentence_of_route(page):
    import corridor_net as cn
    from corridor_net.languages import words_for
    from corridor_net.questions.routes.route import first_sentence

    asked = page.evaluate(
        """() => ["origin", "destination", "as_of"].map((n) => document.getElementById(`ask-${n}`).value)"""
    )
    found = cn.load(as_of=asked[2]).route(asked[0], asked[1])
    said = words_for(found.router.network).printed.text(first_sentence(found))
    assert page.locator("#sentence").inner_text() == said
    assert beyond(page.locator("#map"), page.locator("#map .over")) == [], "the route is seen whole"
    for width in (360, 800, 1440):
        page.set_viewport_size({"width": width, "height": 640})
        box = page.locator("#sentence").bounding_box()
        assert box["y"] > 0
        assert box["y"] + box["height"] < 400, "the answer is seen before anything is scrolled"


def test_money_is_that_of_the_reader_to_the_won_that_the_terminal_says(page, open_page):
    """The sentence is the server's, the table the page's: both convert the same dollars."""
    page.get_by_label("Money of the answer").select_option("KRW")
    page.locator("#compare", has_text="KRW a box").wait_for()
    page.locator("#answers:not(.waiting)").wait_for()
    said = re.search(r"([\d,]+)\sKRW \(([\d,]+)–([\d,]+)\)", page.locator("#sentence").inner_text())
    assert page.locator("#compare tbody tr").nth(1).locator("td").first.inner_text().split("\n") == [
        said[1], f"{said[2]}–{said[3]}",
    ]  # fmt: skip
    assert "USD" not in page.locator("#compare").inner_text()
    assert "10–90% of 2,000 draws of all figures" in page.locator("#results").inner_text()
    page.locator("#results svg.bands").wait_for()
    assert "value of an hour, KRW" in page.locator("#results svg.bands").text_content()
    assert "USD" not in page.locator("#results").text_content()
    page.get_by_text("Leg by leg").click()
    legs = page.locator("table.legs tbody tr td:nth-child(3)").all_inner_texts()
    assert sum(int(one.replace(",", "")) for one in legs) == int(said[1].replace(",", ""))
    page.get_by_role("button", name="Share by link").click()
    other = open_page(page.get_by_label("Link to this question").input_value())
    other.locator("#compare", has_text="KRW a box").wait_for()


def test_a_scenario_that_holds_nothing_is_not_shown_beside_the_baseline(page):
    assert page.locator("#compare thead th").count() == 1
    page.get_by_label("Builds on").select_option("vanino")
    page.locator("#compare thead th").nth(1).wait_for()


def test_every_step_is_undone_and_done_again(page):
    page.get_by_label("Builds on").select_option("longjiang-belt")
    halve_suifenhe(page)
    page.locator(".changes li").nth(1).wait_for()
    page.keyboard.press("Escape")
    for left in (1, 0):
        page.get_by_role("button", name="Undo").click()
        until(page, changes, left)
    page.get_by_role("button", name="Undo").click()
    until(page, lambda page: page.get_by_label("Builds on").input_value(), "")
    until(page, lambda page: page.get_by_role("button", name="Undo").is_disabled(), True)
    for _ in range(3):
        page.get_by_role("button", name="Redo").click()
    until(page, changes, 2)
    page.locator("#map svg").focus()
    page.keyboard.press("Control+z")
    until(page, changes, 1)


def test_four_scenarios_side_by_side(page):
    for name in ("primorye-1", "primorye-2", "vladivostok-liner", "longjiang-belt"):
        if name != "primorye-1":
            page.get_by_role("button", name="+ compare another").click()
        page.get_by_label("Builds on").select_option(name)
    page.get_by_label("From", exact=True).select_option("yanji")
    page.locator("#compare thead th").nth(4).wait_for()
    page.locator("#compare .switched", has_text="Zarubino").first.wait_for()
    assert page.get_by_role("button", name="+ compare another").count() == 0
    until(page, gateways, lambda found: len(set(found)) > 1)
    page.get_by_role("tab", name=re.compile("^B")).click()
    until(page, lambda page: page.get_by_label("Builds on").input_value(), "primorye-2")
    page.get_by_role("button", name="Remove this scenario").click()
    page.locator("#compare thead th").nth(4).wait_for(state="detached")


def test_a_service_is_added_by_pressing_two_ports(page):
    page.get_by_label("From", exact=True).select_option("hunchun")
    answered(page)
    page.get_by_role("button", name="Add a service").click()
    press_node(page, "Zarubino")
    press_node(page, "Niigata")
    page.locator(".changes li", has_text="new service: Zarubino - Niigata").wait_for()
    answered(page)
    assert page.locator("#scenario .fault:not(:empty)").count() == 0


def test_a_link_is_added_by_pressing_two_places(page):
    page.get_by_role("button", name="Add a link").click()
    press_node(page, "Yichun")
    press_node(page, "Heihe")
    page.locator(".changes li", has_text="new link: Yichun - Heihe").wait_for()
    answered(page)
    assert page.locator("#scenario .fault:not(:empty)").count() == 0


def test_a_link_to_share_opens_the_same(page, open_page):
    page.get_by_label("From", exact=True).select_option("yanji")
    page.get_by_label("Builds on").select_option("primorye-2")
    page.get_by_label("Title").fill("Zarubino, ünïcode 珲春")
    page.get_by_role("button", name="Share by link").click()
    address = page.get_by_label("Link to this question").input_value()
    other = open_page(address)
    other.locator("#compare .switched", has_text="Zarubino").wait_for()
    assert other.get_by_label("Title").input_value() == "Zarubino, ünïcode 珲春"
    assert "#s=" not in other.url


def test_a_link_that_is_broken_says_so(open_page, server):
    page = open_page(f"{server}#s=abc")
    answered(page)
    page.locator("#banner", has_text="no scenario").wait_for()


def test_a_negative_figure_is_refused_beside_its_change_and_stays_typed(page):
    go_to(page, "Suifenhe")
    field = page.get_by_role("dialog").get_by_label("queue, hours").first
    field.fill("-5")
    fault = page.locator(".changes .fault", has_text="-5")
    fault.wait_for()
    assert field.input_value() == "-5"
    until(page, gateways, ["Dalian", "mistake"])
    field.fill("5")
    page.locator("#compare", has_text="mistake").wait_for(state="detached")
    answered(page)
    until(page, gateways, ["Dalian", "Dalian"])


def test_a_file_that_is_no_scenario_is_refused_and_changes_nothing(page, tmp_path, open_page):
    halve_suifenhe(page)
    page.locator(".changes li").nth(1).wait_for()
    (tmp_path / "bad.yaml").write_text("scenario: x\ntitle: y\nchanges:\n  - sett: link\n", encoding="utf-8")
    (tmp_path / "huge.yaml").write_text("x" * 10_000_000, encoding="utf-8")
    open_page.troubles.clear()
    page.locator("#load").set_input_files(tmp_path / "bad.yaml")
    fault = page.locator("#load-fault")
    fault.get_by_text("sett").wait_for()
    assert "4:5" in fault.inner_text()
    page.locator("#load").set_input_files(tmp_path / "huge.yaml")
    fault.get_by_text("larger than 1 MB").wait_for()
    until(page, changes, 2)
    assert all("422" in trouble for trouble in open_page.troubles), "the browser notes the refusal, and nothing else"
    open_page.troubles.clear()


def test_two_tabs_keep_their_own(page, server):
    halve_suifenhe(page)
    page.locator(".changes li").nth(1).wait_for()
    other = page.context.new_page()
    other.goto(server)
    answered(other)
    other.locator("#banner", has_text="another tab").wait_for()
    other.get_by_label("Title").fill("Other")
    until(other, changes, 0)
    assert page.get_by_label("Title").input_value() == "My scenario"
    until(page, changes, 2)


def test_a_server_that_stops_loses_nothing(open_page):
    process, address = start()
    try:
        page = open_page(address)
        answered(page)
    finally:
        stop(process)
    halve_suifenhe(page)
    page.get_by_text("The server does not answer").wait_for()
    until(page, changes, 2)
    process, _ = start(int(address.rstrip("/").rsplit(":", 1)[1]))
    try:
        page.locator("#banner").wait_for(state="hidden")
        answered(page)
        until(page, changes, 2)
        page.close()
    finally:
        stop(process)
    assert all("ERR_" in trouble for trouble in open_page.troubles)
    open_page.troubles.clear()


def test_markup_in_a_title_stays_text(page):
    evil = '<img src=x onerror="document.title=1">'
    page.get_by_label("Builds on").select_option("vanino")
    page.get_by_label("Title").fill(evil)
    page.locator("#compare th", has_text="<img").wait_for()
    assert page.locator("img").count() == 0
    assert page.title() == "corridor-net workbench"


@pytest.mark.parametrize("width", [360, 800, 1440])
@pytest.mark.slow
def test_it_fits_the_screen(open_page, server, width):
    page = open_page(server, viewport={"width": width, "height": 800}, has_touch=True)
    answered(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_fingers_pan_and_pinch(open_page, server):
    page = open_page(server, viewport={"width": 400, "height": 800}, has_touch=True)
    answered(page)
    box = page.locator("#map svg").bounding_box()
    session = page.context.new_cdp_session(page)
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map svg").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def touch(kind, *points):
        places = [{"x": middle[0] + x, "y": middle[1] + y, "id": n} for n, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    def view(page):
        return page.locator("#map svg > g").first.get_attribute("transform")

    def scale(page):
        return float(re.search(r"scale\(([\d.]+)\)", view(page))[1])

    before = view(page)
    touch("touchStart", (0, 0))
    touch("touchMove", (40, 0))
    touch("touchMove", (60, 10))
    touch("touchEnd")
    until(page, view, lambda now: now != before)
    small = scale(page)
    touch("touchStart", (-20, 0), (20, 0))
    touch("touchMove", (-50, 0), (50, 0))
    touch("touchMove", (-90, 0), (90, 0))
    touch("touchEnd")
    until(page, scale, lambda now: now > 1.5 * small)


def test_every_control_has_a_name(page):
    go_to(page, "Vladivostok")
    controls = page.locator("button, input, select")
    assert controls.count() > 50
    nameless = """all => all.filter(
        e => !(e.ariaLabel || (e.labels && e.labels[0]?.textContent.trim()) || e.textContent.trim())
    ).map(e => e.outerHTML)"""
    assert controls.evaluate_all(nameless) == []


def test_a_port_in_use_is_a_mistake_said_clearly(server, shell):
    done = shell("serve", "--port", server.rstrip("/").rsplit(":", 1)[1])
    assert done.code == 2
    assert "--port" in done.err
    assert "Traceback" not in done.all


@pytest.mark.slow
def test_a_rate_is_that_of_the_box_asked_for_and_is_changed_for_it_alone(page):
    page.get_by_label("From", exact=True).select_option("vladivostok")
    go_to(page, "Busan")
    service = page.get_by_role("dialog").locator("details", has_text="Busan - Vladivostok").first
    forty = service.get_by_label("freight, fixed").first.input_value()
    page.get_by_label("Cargo").select_option("dry_20")
    page.get_by_role("dialog").wait_for(state="detached")
    answered(page, "Vladivostok")
    go_to(page, "Busan")
    service.evaluate("details => (details.open = true)")
    twenty = service.get_by_label("freight, fixed").first.input_value()
    assert 0 < float(twenty) < float(forty)
    service.get_by_role("button", name="Halve freight, fixed").click()
    page.locator(".changes li", has_text="(TEU)").wait_for()
    answered(page, "Vladivostok")
    assert page.locator("#scenario .fault:not(:empty)").count() == 0


def test_a_link_over_a_border_gets_the_crossings_of_the_nearest_one(page):
    page.get_by_role("button", name="Add a link").click()
    press_node(page, "Hunchun")
    press_node(page, "Zarubino")
    page.locator(".changes li", has_text="new link: Hunchun - Zarubino").wait_for()
    answered(page)
    assert page.locator("#scenario .fault:not(:empty)").count() == 0
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save YAML").click()
    assert "border_like: hunchun-" in Path(saved.value.path()).read_text(encoding="utf-8")
