"""What is drawn and changed on the page: on the map, in popups, in the list; kept, shared, marked, a picture."""

import re
from pathlib import Path
from xml.etree import ElementTree

import yaml

from .patience import until
from .visiting import answered, changes, go_to


def find(page, place):
    """Find a place by keys alone."""
    field = page.get_by_label("Find a place")
    field.fill(place)
    field.press("Enter")


def draw(page, what, *places):
    page.get_by_role("button", name=what).click()
    for place in places:
        find(page, place)
    page.get_by_role("dialog").locator("summary", has_text="Drawn: ").wait_for()
    answered(page, "gateway")


def summaries(page):
    return page.get_by_role("dialog").locator("summary").all_inner_texts()


def saved(page):
    with page.expect_download() as done:
        page.get_by_role("button", name="Save YAML").click()
    return yaml.safe_load(Path(done.value.path()).read_text(encoding="utf-8"))


def test_what_is_drawn_is_on_the_map_and_in_popups_and_every_field_can_be_changed(page):
    page.get_by_label("From", exact=True).select_option("hunchun")
    answered(page)
    lines = page.locator("#map .line.changed").count()
    draw(page, "Add a link", "Hunchun", "Zarubino")
    until(page, lambda page: page.locator("#map .line.changed").count(), lines + 1)
    names = ["Crossing, Hunchun to Zarubino (road)", "Link, Hunchun - Zarubino"]
    until(page, summaries, lambda found: set(names) <= set(found))
    form = page.get_by_role("dialog").locator(".form").first
    form.get_by_label("length, km").fill("70")
    form.get_by_label("border like").select_option("hunchun-kraskino-road-out")
    crossing = page.get_by_role("dialog").locator("details", has_text=names[0]).first
    crossing.evaluate("details => (details.open = true)")
    crossing.get_by_label("queue, hours").first.fill("1.5")
    until(page, changes, 2)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    draw(page, "Add a service", "Zarubino", "Niigata")
    until(page, summaries, lambda found: "Service, Zarubino - Niigata" in found)
    form = page.get_by_role("dialog").locator(".form").first
    form.get_by_label("sailings a week").fill("3")
    form.get_by_label("one more call").select_option("busan")
    answered(page, "Zarubino")
    assert page.locator(".fault:not(:empty)").all_inner_texts() == []
    link, queue, service = saved(page)["changes"]
    assert (link["row"]["length_km"], link["border_like"]) == (70, "hunchun-kraskino-road-out")
    assert (queue["component"], queue["value"]) == ("queue", 1.5)
    assert service["row"]["sailings_per_week"] == 3
    assert [call["node"] for call in service["calls"]] == ["zarubino", "niigata", "busan", "zarubino"]


def listed(page):
    return [text.split(":")[0] for text in page.locator(".changes .what").all_inner_texts()]


def test_changes_are_edited_switched_off_and_moved_and_undone_after_a_reload(page):
    go_to(page, "Suifenhe")
    popup = page.get_by_role("dialog")
    popup.get_by_label("queue, hours").first.fill("6")
    until(page, changes, 1)
    popup.get_by_role("button", name="Close").click()
    draw(page, "Add a link", "Yichun", "Heihe")
    until(page, listed, ["Suifenhe to Grodekovo (rail)", "new link"])
    page.get_by_role("button", name="Earlier: new link").click()
    until(page, listed, ["new link", "Suifenhe to Grodekovo (rail)"])
    page.get_by_label("In use: new link").uncheck()
    page.get_by_label("Amount of: Suifenhe").fill("5")
    answered(page)
    (left,) = saved(page)["changes"]
    assert left["value"] == 5
    page.reload()
    answered(page)
    assert page.get_by_label("In use: new link").is_checked() is False
    for _ in range(2):
        page.get_by_role("button", name="Undo").click()
    until(page, lambda page: page.get_by_label("In use: new link").is_checked(), True)
    assert page.get_by_label("Amount of: Suifenhe").input_value() == "6"
    page.get_by_role("button", name="Remove: new link").click()
    until(page, listed, ["Suifenhe to Grodekovo (rail)"])


def test_an_answer_of_before_is_marked_and_input_that_is_wrong_is_too(page):
    held = []
    page.route("**/api/answer", lambda route: held.append(route))
    hour = page.get_by_label("Value of an hour, USD")
    hour.fill("20")
    page.locator("#stale").wait_for()
    page.locator("#progress .moving").wait_for()
    until(page, lambda _: len(held), 1)
    held[0].continue_()
    page.locator("#stale").wait_for(state="hidden")
    page.unroute("**/api/answer")
    hour.fill("-1")
    page.get_by_text("a number, 0 or more").wait_for()
    assert hour.get_attribute("aria-invalid") == "true"
    hour.fill("8")
    assert hour.get_attribute("aria-invalid") is None
    go_to(page, "Suifenhe")
    field = page.get_by_role("dialog").get_by_label("queue, hours").first
    field.fill("-5")
    until(page, lambda _: field.get_attribute("aria-invalid"), "true")
    page.get_by_role("dialog").locator(".fault", has_text="-5").first.wait_for()


def test_the_map_has_layers_is_taken_as_a_picture_and_a_link_holds_them(page, open_page):
    page.get_by_label("Layer of the map").select_option("hours")
    page.locator("#legend .entry", has_text="≤ 24").wait_for()
    until(page, lambda page: page.locator("#map .over.band").count(), lambda count: count > 100)
    shades = page.locator("#legend .band").evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
    assert len(set(shades)) == len(shades) > 3
    go_to(page, "Dalian")
    page.get_by_role("dialog").get_by_text(re.compile(r"^Hours from Harbin: \d+$")).wait_for()
    paths = {}
    for kind in ("svg", "png"):
        with page.expect_download() as done:
            page.get_by_label("Picture of the map").select_option(kind)
        paths[kind] = Path(done.value.path())
    tree = ElementTree.parse(paths["svg"]).getroot()  # noqa: S314 - our own
    words = " ".join(tree.itertext())
    assert page.locator("#sentence").inner_text()[:30] in words
    assert "Natural Earth" in words
    assert {"Hours from Harbin", "≤ 24"} <= {text.strip() for text in tree.itertext()}
    assert not tree.findall(".//*[@class]"), "it needs no style sheet"
    assert paths["png"].read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    page.get_by_role("button", name="Share by link").click()
    address = page.get_by_label("Link to this question").input_value()
    assert re.search(r"#from=harbin&to=niigata&day=\d{4}-\d\d-\d\d&cargo=dry_40&layer=hours$", address)
    other = open_page(address)
    other.locator("#legend .entry", has_text="≤ 24").wait_for()
    assert other.get_by_label("Layer of the map").input_value() == "hours"
    assert page.locator("#banner").get_attribute("role") == "status"
