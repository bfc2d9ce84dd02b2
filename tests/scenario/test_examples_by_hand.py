"""The example of a new scenario: of the first rows that have what it takes, its figures worked by hand."""

from __future__ import annotations

from dataclasses import replace

from corridor_net.scenario.example import Example, example_of, scenario_text, title_of


def changed(network, table, key, name, **cells):
    rows = [replace(row, **cells) if getattr(row, key) == name else row for row in network.rows(table)]
    return network.with_rows(**{table: rows})


def test_the_first_crossing_with_hours_and_the_first_link_with_money_a_km(tiny):
    """The queue of 6 h becomes 4; 0.6 CNY a km become 0.54, shown as 0.5."""
    assert example_of(tiny) == Example(crossing="bc-*", component="queue", hours=6.0, less=4.0, link="road-ab",
                                       cargo_unit="FEU", per_km=0.5, currency="CNY", price_year=2018)  # fmt: skip


def test_rows_without_figures_are_passed_over(tiny):
    """Without a queue the next hours are shown, 2 of procedures; of a rate of 0.04 no tenth would be left."""
    shown = example_of(tiny.with_rows(operation=[row for row in tiny.rows("operation") if row.component != "queue"]))
    assert (shown.component, shown.hours, shown.less) == ("procedures", 2.0, 1.33)
    shown = example_of(changed(tiny, "tariff", "tariff_id", "road_cn", per_km=0.0))
    assert (shown.link, shown.per_km, shown.currency, shown.price_year) == ("road-bc", 0.9, "USD", 2019)
    assert example_of(changed(tiny, "tariff", "tariff_id", "road_cn", per_km=0.04)).per_km == 0.04
    one_way = changed(tiny, "crossing", "crossing_id", "bc-out", direction="in")
    assert example_of(one_way).crossing == "bc-out"


def test_where_no_crossing_has_hours_the_link_is_shown_and_where_nothing_is_a_form_to_fill(tiny):
    hours = [replace(row, value=0.0) if row.operation_id == "border" else row for row in tiny.rows("operation")]
    without = example_of(tiny.with_rows(operation=hours))
    assert without.crossing == "CROSSING-*"
    assert without.change == {"scale": "link", "where": {"link_id": "road-ab"}, "field": "per_km", "by": 0.9,
                              "why": "Why the change is thought possible."}  # fmt: skip
    empty = Example()
    assert empty.change == {"set": "crossing", "where": {"crossing_id": "CROSSING-*"}, "component": "procedures",
                            "field": "hours", "value": 2.0, "was": 3.0,
                            "why": "Why the change is thought possible."}  # fmt: skip
    assert [*empty.change][:2] == ["set", "where"]
    crossed = replace(empty, crossing="bc-*", link="road-ab")
    assert crossed.change["set"] == "crossing"


def test_the_text_has_the_change_and_the_money_of_the_link():
    text = scenario_text("faster-border", Example(link="road-ab", crossing="bc-*", hours=6.0, less=4.0, per_km=0.5))
    assert title_of("faster-border") == "Faster border"
    assert text.splitlines()[1:12] == [
        "scenario: faster-border",
        "title: Faster border",
        "why: What the scenario stands for.",
        "changes:",
        "  - set: crossing",
        "    where: {crossing_id: bc-*}",
        "    component: procedures",
        "    field: hours",
        "    value: 4",
        "    was: 6",
        "    why: Why the change is thought possible.",
    ]
    assert "  #   where: {link_id: road-ab}" in text
    assert "  #   value: 0.5" in text
