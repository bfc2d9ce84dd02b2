"""All files of a run say the same: parts add up to totals as printed, every route has its legs, one spelling of yes."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.analysis.route import DIGITS, DIGITS_IN_TABLES
from corridor_net.output.charts.charts import chart_svg
from corridor_net.output.studies.study_charts import study_charts
from corridor_net.output.studies.study_data import study_data
from corridor_net.output.studies.tables import legs_csv
from corridor_net.render.chart import Stacks
from corridor_net.rounding import fitted, units_of

BOOLEANS = {"comparison.csv": ("reachable", "route_changed", "gateway_switched", "cut_off")}


@pytest.fixture(scope="module")
def table(result_texts):
    rows = csv.DictReader(io.StringIO(result_texts["comparison.csv"]))
    return {(r["baseline"], r["scenario"], r["origin"], r["destination"]): r for r in rows}


# parts that add up


@given(st.lists(st.floats(-1e6, 1e6), max_size=20), st.integers(0, 3))
def test_parts_add_up_to_the_rounded_total_and_none_is_off_by_a_unit(parts, digits):
    shown = fitted(parts, digits)
    assert sum(units_of(value, digits) for value in shown) == units_of(sum(parts), digits)
    for value, part in zip(shown, parts, strict=True):
        assert abs(value - part) < 10**-digits * (1 + 1e-6)


def test_the_parts_cut_most_are_raised():
    assert fitted([0.4, 4.4, 1.4, 0.4, 2.4, 0.4, 4.4]) == [1.0, 5.0, 1.0, 0.0, 2.0, 0.0, 5.0]
    assert fitted([1.5, 2.5]) == [2.0, 2.0]
    assert fitted([1 / 3] * 3, 2) == [0.34, 0.33, 0.33]
    assert fitted([]) == []


def numbers_of(svg, label):
    """The numbers that the parts of a bar say of themselves, and the one at its end."""
    told = re.findall(rf"<title>{re.escape(label)}, [^:]+: ([\d,.]+) ", svg)
    return [Decimal(text.replace(",", "")) for text in told]


@pytest.mark.parametrize("digits", [0, 1])
def test_bars_add_up_to_the_number_at_their_end(digits):
    names = ("haul", "freight", "lift", "toll", "handling", "wait", "queue")
    amounts = dict(zip(names, (0.4, 4.4, 1.4, 0.4, 2.4, 0.4, 4.4), strict=True))
    svg = chart_svg(Stacks(title="t", unit="days", rows=[("x", amounts)], digits=digits))
    ends = [e.text for e in ET.fromstring(svg).findall(".//{*}text")]  # noqa: S314 - our own file
    assert f"{sum(amounts.values()):.{digits}f}" in ends
    assert sum(numbers_of(svg, "x")) == Decimal(f"{sum(amounts.values()):.{digits}f}")


def test_the_charts_of_a_run_add_up(comparison):
    charts = {chart.name: chart.draw() for chart in study_charts(comparison, {})}
    for name in ("cost", "time"):
        description = ET.fromstring(charts[name]).find("{*}desc").text  # noqa: S314
        rows = [text.rpartition(": ") for text in description.split("; ")]
        assert len(rows) > 1
        for label, _, total in rows:
            assert sum(numbers_of(charts[name], label)) == Decimal(total.split()[0].replace(",", "")), (name, label)


def test_the_legs_of_a_route_add_up_as_printed(comparison):
    for run in comparison.runs[:3]:
        for origin in comparison.origins[:8]:
            route = run.route(origin, comparison.focus)
            told = route.as_json()
            for name, digits in DIGITS.items():
                assert sum(units_of(leg[name], digits) for leg in told["legs"]) == units_of(told[name], digits)
            for leg in told["legs"]:
                for quantity in ("hours", "cost_usd"):
                    parts = [c[quantity] for c in leg["components"].values() if quantity in c]
                    assert sum(units_of(part, 2) for part in parts) == units_of(leg[quantity], 2)
            shown = route.leg_amounts(DIGITS_IN_TABLES)
            assert sum(leg["cost_usd"] for leg in shown) == round(route.cost_usd)
            lines = str(route).splitlines()[1:]
            hours = [Decimal(re.search(r"([\d.]+) h,", line)[1]) for line in lines]
            assert sum(hours) == Decimal(f"{route.hours:.1f}")


def test_every_leg_of_the_routes_to_the_focus_is_in_the_file_and_they_add_up(result_texts, comparison, table):
    reader = csv.reader(io.StringIO(result_texts["legs.csv"]))
    head = next(reader)
    places = [(head.index(name), name, digits) for name, digits in DIGITS.items()]
    sides = [
        ([head.index(f"{c}_{end}") for c in comparison.network.vocabulary.components], head.index(total))
        for end, total in (("hours", "hours"), ("usd", "cost_usd"))
    ]
    totals = defaultdict(lambda: [0] * len(places))
    counts = defaultdict(int)
    for number, row in enumerate(reader):
        key = tuple(row[:4])
        counts[key] += 1
        assert row[4] == str(counts[key])
        for n, (place, _, digits) in enumerate(places):
            totals[key][n] += units_of(float(row[place]), digits)
        if number % 7 == 0:
            for parts, total in sides:
                assert sum(units_of(float(row[p]), 2) for p in parts if row[p]) == units_of(float(row[total]), 2)
    wanted = {
        (r.baseline, r.scenario or "", *pair): len(t.arcs)
        for r in comparison.runs
        for pair, t in r.trips.items()
        if pair[1] == comparison.focus
    }
    assert dict(counts) == wanted
    reached = {key for key, row in table.items() if row["reachable"] == "true" and key[3] == comparison.focus}
    assert reached == set(wanted)
    for key, sums in totals.items():
        assert sums == [units_of(float(table[key][name]), digits) for _, name, digits in places], key


def test_legs_by_the_timetable_add_up_too(shipped, write_yaml):
    import corridor_net as cn

    study = cn.load_study(write_yaml("s", "study: s\ntitle: x\nbaselines: [baseline-2019]\norigins: [harbin]\n"))
    made = cn.compare(study, shipped, schedule=True)
    totals = defaultdict(int)
    for row in csv.DictReader(io.StringIO(legs_csv(made, every_pair=True))):
        totals[row["destination"]] += units_of(float(row["hours"]), 2)
        assert not row["wait_hours"]
    assert totals == {d: units_of(trip.hours, 2) for (_, d), trip in made.runs[0].trips.items()}


def test_the_report_holds_what_was_computed_unrounded(comparison):
    """Amounts reach the page as they were computed; it rounds once, where it shows them."""
    data = study_data(comparison)
    for run, given_run in zip(comparison.runs, data["runs"], strict=True):
        for number, origin in enumerate(comparison.origins):
            trip, told = run.trips[origin, comparison.focus], given_run["routes"][str(number)]
            assert (told["usd"], told["hours"]) == (trip.cost_usd, trip.hours)
            arcs = [data["arcs"][arc] for arc in told["arcs"]]
            parts = [data["parts"][part] for arc in arcs for part in arc[8]]
            assert sum(p[2] for p in parts if p[1]) == pytest.approx(trip.hours, rel=1e-12)
            assert sum(p[2] for p in parts if not p[1]) == pytest.approx(trip.cost_usd, rel=1e-12)
            assert sum(arc[7] for arc in arcs) == pytest.approx(trip.co2_kg, rel=1e-12)
            assert sum(arc[6] for arc in arcs) == pytest.approx(trip.distance_km, rel=1e-12)


def test_ledgers_in_the_report_add_up(result_texts):
    page = result_texts["report.html"]
    ledgers = re.findall(r"<caption>By (?:component|step).*?</table>", page, re.DOTALL)
    assert len(ledgers) == 2
    for ledger in ledgers:
        body, foot = (re.search(rf"<{part}>(.*?)</{part}>", ledger, re.DOTALL)[1] for part in ("tbody", "tfoot"))

        def cells(text):
            found = re.findall(r'<td class="number"[^>]*>([^<]*)</td>', text)
            return [Decimal(c.replace(",", "").replace("−", "-").replace("+", "")) if c else 0 for c in found]

        totals, listed = cells(foot), [cells(row) for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)]
        assert len(totals) == 5
        assert [sum(column) for column in zip(*listed, strict=True)] == totals


def test_ledgers_in_files_add_up(result_texts):
    findings = json.loads(result_texts["findings.json"])["findings"]
    ledger = next(f["data"] for f in findings if "components" in f["data"])
    for rows in (ledger["legs"], ledger["components"]):
        for when in ("before", "after"):
            for measure in ("cost_usd", "hours"):
                parts = [row[f"{measure}_{when}"] for row in rows]
                assert sum(units_of(p, 2) for p in parts if p is not None) == units_of(ledger[when][measure], 2)


# one definition


def test_bands_of_access_say_what_the_tables_say(comparison):
    svg = {chart.name: chart for chart in study_charts(comparison, {})}["access-bands"].draw()
    base, origin = comparison.runs[0], comparison.origins[0]
    for (start, goal), trip in base.trips.items():
        if start == origin:
            name = comparison.network.nodes[goal].name
            assert f"{name}: {trip.hours / 24:.1f} days" in svg, name


# one spelling


def test_booleans_have_one_spelling_in_every_file(result_texts):
    for name, text in result_texts.items():
        if not name.endswith(".csv"):
            continue
        reader = csv.reader(io.StringIO(text))
        head = next(reader)
        found = [set() for _ in head]
        for row in reader:
            for values, value in zip(found, row, strict=True):
                if len(values) < 5:
                    values.add(value.casefold())
        for column, values in zip(head, found, strict=True):
            assert not values & {"yes", "no"}, (name, column)
            if values and values <= {"", "true", "false"} and values != {""}:
                assert column in BOOLEANS.get(name, ()), (name, column)
        for column in BOOLEANS.get(name, ()):
            assert found[head.index(column)] <= {"", "true", "false"}


def test_the_page_of_outputs_names_every_column(result_texts, root):
    page = (root / "docs" / "outputs.md").read_text(encoding="utf-8")
    for name in BOOLEANS["comparison.csv"]:
        assert name in page
    for column in result_texts["comparison.csv"].splitlines()[0].split(","):
        assert column in page, column
