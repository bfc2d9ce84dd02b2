"""Charts and layers of the questions: written where asked, well formed, the same every time, nothing on a mistake."""

import hashlib
import json
import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.cli.main import app
from corridor_net.errors import CorridorError
from corridor_net.output.charts.charts import chart_svg
from corridor_net.output.charts.raster import png_of
from corridor_net.output.charts.svg import UNREACHED, Scale, document, luminance, width_of, wrapped
from corridor_net.output.charts.timeline_chart import timeline_svg
from corridor_net.render.chart import Bars, Curves, Grid, Stacks, Stretches, Whiskers
from corridor_net.render.currency import Currency
from corridor_net.render.words import Words

DAY = ("--as-of", "2019-07-01")
QUESTIONS = {
    "breakeven": (["breakeven", "yanji", "niigata", "-s", "primorye-2", *DAY], ["bands-1.svg", "route.geojson"]),
    "explain": (
        ["explain", "yanji", "niigata", "-s", "primorye-2", *DAY],
        ["explain-hours.svg", "explain-usd.svg", "explain.geojson"],
    ),
    "attribution": (["attribution"], ["attribution.svg"]),
    "portfolio": (["portfolio", "--budget", "4e9"], ["frontier.svg"]),
    "emissions": (["emissions", "harbin", "niigata", *DAY], ["emissions.geojson", "emissions.svg"]),
    "pareto": (["pareto", "harbin", "niigata", *DAY], ["pareto.geojson", "pareto.svg"]),
    "tcd": (["tcd", "harbin", "niigata", *DAY], ["time-cost-distance.svg", "ways.geojson"]),
    "gateways": (["gateways", *DAY], ["hinterland.geojson", "shares.svg"]),
    "criticality": (["criticality", *DAY], ["criticality.geojson", "criticality.svg"]),
    "access": (["access", "harbin", *DAY], ["access.geojson", "bands-harbin.geojson", "days.svg"]),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_its_picture_or_layer(name, tmp_path):
    arguments, files = QUESTIONS[name]
    for part in ("a", "b"):
        done = CliRunner().invoke(app, [*arguments, "--out", str(tmp_path / part)], catch_exceptions=False)
        assert done.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == files
    for file in files:
        text = (tmp_path / "a" / file).read_text(encoding="utf-8")
        assert text == (tmp_path / "b" / file).read_text(encoding="utf-8")
        if file.endswith(".svg"):
            root = ET.fromstring(text)  # noqa: S314 - our own file
            assert float(root.get("width")) / float(root.get("height")) == pytest.approx(16 / 9, rel=2e-3), "a slide"
            assert root.find("{*}title").text
            assert root.find("{*}desc").text
        else:
            features = json.loads(text)["features"]
            assert features
            assert all("title" in feature["properties"] for feature in features)


def test_a_mistake_writes_nothing(tmp_path):
    for arguments in (["breakeven", "yanji", "niigata", "--figure", "nothing:x"], ["tcd", "harbin", "atlantis"]):
        with pytest.raises(CorridorError):
            CliRunner().invoke(app, [*arguments, "--out", str(tmp_path / "x")], catch_exceptions=False)
    assert list(tmp_path.iterdir()) == []


def lengths(svg):
    return [float(box.get("width")) for box in ET.fromstring(svg).findall(".//{*}rect")[1:]]  # noqa: S314


def bars(rows):
    return chart_svg(Bars(title="t", unit="USD", rows=rows))


def test_bars_are_as_long_as_their_values():
    first, second, third = lengths(bars([("a", 10.0), ("b", 5.0), ("c", -2.5)]))
    assert first == pytest.approx(2 * second, abs=0.05)
    assert second == pytest.approx(2 * third, abs=0.05)


def test_stacks_add_up_and_bands_touch():
    rows = [("x", {"haul": 30.0, "freight": 70.0}), ("y", {"haul": 50.0})]
    svg = chart_svg(Stacks(title="t", unit="USD", rows=rows))
    boxes = lengths(svg)
    assert boxes[-3] + boxes[-2] == pytest.approx(2 * boxes[-1], abs=0.1)
    bands = chart_svg(Stretches(title="t", unit="USD", rows=[("x", [(0.0, 4.0, "p"), (4.0, None, "q")])], now=2.0))
    assert "now 2" in bands
    assert lengths(bands)[-2] == pytest.approx(4 * lengths(bands)[-1], abs=0.1)


YEN = Words(currency=Currency(code="JPY", per_usd=150.0))


def written(svg):
    return [one.text for one in ET.fromstring(svg).findall(".//{*}text")]  # noqa: S314


@pytest.mark.parametrize(
    "chart",
    [
        Bars(title="t", unit="USD a box", rows=[("a", 40.0)]),
        Stacks(title="t", unit="USD a box", rows=[("a", {"haul": 30.0, "freight": 10.0})]),
        Grid(title="t", unit="USD a box", rows=["a"], columns=["b"], values=[[40.0]]),
    ],
)
def test_money_of_a_chart_is_that_of_the_reader(chart):
    assert "40" in written(chart_svg(chart))
    assert "6,000" in written(chart_svg(chart, YEN))
    assert not any("USD" in one for one in written(chart_svg(chart, YEN)))
    days = replace(chart, unit="days")
    assert written(chart_svg(days, YEN)) == written(chart_svg(days)), "what is no money stays as it is"


def test_only_what_a_curve_measures_is_money():
    curves = Curves(title="t", unit="USD", x="days", lines=[("a", [(1.0, 2.0), (3.0, 4.0)])])
    made = curves.in_words(YEN)
    assert made.lines == [["a", [[1.0, 300.0], [3.0, 600.0]]]]
    assert made.unit == "JPY"


def test_the_line_of_what_holds_now_goes_through_no_name():
    held = [("x", [(0.0, 4.0, "short"), (4.0, 44.0, "a long name of a gateway")]), ("y", [(0.0, None, "z")])]
    svg = chart_svg(Stretches(title="t", unit="USD", rows=held, now=24.0))
    at = float(ET.fromstring(svg).find(".//{*}line[@class='now']").get("x1"))  # noqa: S314
    inside = [one for one in ET.fromstring(svg).findall(".//{*}text") if "over" in (one.get("class") or "")]  # noqa: S314
    assert len(inside) == 3
    for one in inside:
        assert abs(float(one.get("x")) - at) >= width_of(one.text) / 2


def test_names_with_markup_stay_text():
    svg = document(10, [], title="<script>alert(1)</script>", description='a"b&c')
    assert "<script>" not in svg
    assert ET.fromstring(svg).find("{*}title").text == "<script>alert(1)</script>"  # noqa: S314
    assert "<b>" not in bars([("<b>", 1.0)])


def test_a_scale_of_nothing_does_not_divide_by_nothing():
    assert Scale.of((3.0, 3.0), (0, 10))(3.0) == 0
    assert Scale.of((3.0, 3.0), (0, 10)).ticks() == [3.0]


def test_png_has_the_words_and_twice_the_size():
    svg = bars([("Harbin", 10.0), ("Yanji", 5.0)])
    made = png_of(svg)
    assert made.startswith(b"\x89PNG")
    width, height = (int.from_bytes(made[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == tuple(2 * float(ET.fromstring(svg).get(name)) for name in ("width", "height"))  # noqa: S314
    wordless = png_of(re.sub("<text.*?</text>", "", svg))
    assert len(made) > len(wordless) + 4000, "words are drawn"
    assert made == png_of(svg)


def test_run_writes_charts_as_png_when_asked_in_the_language_of_the_reader(tmp_path, write_yaml, monkeypatch):
    monkeypatch.setattr(
        "corridor_net.output.charts.raster.png_of", lambda svg, language: b"\x89PNG" + svg[:40].encode()
    )
    monkeypatch.setattr("corridor_net.output.charts.raster.needed", lambda names, language: None)
    study = write_yaml(
        "small", "study: small\ntitle: Small\nbaselines: [baseline-2019]\nscenarios: [primorye-2]\norigins: [yanji]\n"
    )
    asked = ["run", str(study), "--png", "--lang", "ja", "--out", str(tmp_path / "o")]
    assert CliRunner().invoke(app, asked, catch_exceptions=False).exit_code == 0
    charts = (tmp_path / "o" / "charts").glob("*.svg")
    assert [path.stem for path in charts if "延吉" not in path.read_text(encoding="utf-8")] == []
    names = {path.name for path in (tmp_path / "o" / "charts").iterdir()}
    assert {name.replace(".png", ".svg") for name in names if name.endswith(".png")} == {
        n for n in names if n.endswith(".svg")
    }
    manifest = json.loads((tmp_path / "o" / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((tmp_path / "o" / name).read_bytes()).hexdigest() == digest


def test_png_without_its_packages_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(CorridorError, match="two more packages") as caught:
        png_of("<svg/>")
    assert "corridor-net[png]" in caught.value.hint


def test_a_map_for_print_has_scale_north_legend_and_source(comparison):
    from corridor_net.output.studies.study_charts import study_charts

    charts = {chart.name: chart for chart in study_charts(comparison, {})}
    svg = charts["hinterland"].draw()
    texts = [element.text or "" for element in ET.fromstring(svg).findall(".//{*}text")]  # noqa: S314
    assert {comparison.network.nodes[origin].name for origin in comparison.origins} <= set(texts), "no name is lost"
    words = " ".join(texts)
    for wanted in ("500\u00a0km", "N", "Dalian: ", "people", "Natural Earth", "GeoNames", "Niigata"):
        assert wanted in words
    assert len(svg) < 500_000


def test_ranges_and_curves_are_files_too():
    spans = chart_svg(
        Whiskers(title="t", unit="USD a box", rows=[("Harbin", 1.0, 2.0, 4.0), ("Yanji", 2.0, None, 3.0)])
    )
    assert "<title>Harbin: 1.0 to 4.0 USD a box, median 2.0</title>" in spans
    assert "<title>Yanji: 2.0 to 3.0 USD a box</title>" in spans
    lines = [("kept", [(0.0, 0.0), (1.0, 2.0)]), ("paid", [(0.0, 1.0), (1.0, 1.0)])]
    curves = chart_svg(Curves(title="t", unit="y", x="x", lines=lines))
    assert curves.count("<polyline") == 2
    assert chart_svg(Curves(title="t", unit="y", x="x", lines=lines, joined=False)).count("<circle") == 4


def test_all_of_a_range_lies_on_the_scale_below_nought_too():
    from corridor_net.output.charts.plots import draw

    chart = Whiskers(title="t", unit="USD, change", rows=[("a", -900.0, 0.0, 4.0), ("b", 2.0, None, 3.0)])
    left, right = draw(chart).get_xlim()
    assert left < -900
    assert right > 4
    assert draw(Whiskers(title="t", unit="USD", rows=[("a", 1.0, 2.0, 90.0)])).get_xlim()[0] == 0


def test_a_chart_without_rows_is_an_empty_one():
    from corridor_net.output.charts.plots import draw

    for kind in (Bars, Stacks, Stretches, Whiskers):
        chart = kind(title="nothing", unit="USD", rows=[])
        assert ">nothing</text>" in chart_svg(chart)
        assert not draw(chart).patches


def test_a_matrix_is_drawn_with_each_value_the_higher_the_lighter():
    values = [[1.0, 2.0], [None, 5.0]]
    svg = chart_svg(Grid(title="t", unit="USD", rows=["Harbin", "Yanji"], columns=["Niigata", "Akita"], values=values))
    told = re.findall(r'fill="(#[0-9a-f]{6})"><title>(.*?) USD</title>', svg)
    shades = {words.rpartition(": ")[0]: colour for colour, words in told}
    assert [words.rpartition(": ")[2] for _, words in told] == ["1", "2", "-", "5"]
    assert luminance(shades["Harbin - Niigata"]) < luminance(shades["Yanji - Akita"])
    assert shades["Yanji - Niigata"] == UNREACHED


def test_bands_are_drawn_about_the_value_that_holds_and_a_far_threshold_is_said_alone():
    rows = [("x", [(0.0, 20.0, "p"), (20.0, 900.0, "q"), (900.0, None, "r")])]
    svg = chart_svg(Stretches(title="t", unit="USD", rows=rows, now=10.0))
    assert max(float(tick) for tick in re.findall(r'text-anchor="middle">([\d.]+)</text>', svg)) <= 40
    assert "r from 900" in ET.fromstring(svg).find("{*}desc").text  # noqa: S314


def test_what_is_the_same_under_several_scenarios_is_one_bar_with_all_their_names(comparison):
    from corridor_net.output.studies.study_charts import study_charts

    made = {chart.name: chart for chart in study_charts(comparison, {})}
    for name in ("cost", "time"):
        bars_of = re.findall(r"<desc[^>]*>(.*?)</desc>", made[name].draw())[0].split("; ")
        names = [one.partition(", by ")[0] for one in bars_of]
        runs = [run.scenario or "baseline" for run in comparison.runs if run.baseline == comparison.runs[0].baseline]
        assert sorted(", ".join(names).split(", ")) == sorted(runs)


def test_no_line_begins_with_a_mark_that_closes():
    for width in range(60, 400, 13):
        for text in ("滨海2号（含珲春—马哈林诺），经大连。", "프리모리예-2(훈춘-마할리노 포함), 하얼빈"):
            lines = wrapped(text, width)
            assert "".join(lines).replace(" ", "") == text.replace(" ", "")
            assert not [line for line in lines if line[:1] in "），。)"]


def names_beside_numbers(svg):
    """Return, for each turned name of an axis, its x and the least x of the numbers that end right of it."""
    marks = re.findall(r'<text x="([\d.-]+)"[^>]*text-anchor="(\w+)"([^>]*)>([^<]*)<', svg)
    numbers = [(float(x), float(x) - width_of(said)) for x, anchor, _, said in marks if anchor == "end"]
    turned = [float(x) for x, _, more, _ in marks if "rotate(-90" in more]
    return [(name, min(left for right, left in numbers if name < right < name + 130)) for name in turned]


@pytest.mark.parametrize("most", [3.0, 4500.0, 3.2e6, 4.1e8])
def test_the_name_of_an_axis_stands_left_of_its_numbers_and_on_the_paper(most):
    chart = Curves(title="t", unit="KRW", x="years", lines=[("a", [(0.0, most / 3), (1.0, most)])])
    found = names_beside_numbers(chart_svg(chart))
    assert found
    assert all(12 < name < left for name, left in found)


def test_the_money_of_a_timeline_stands_left_of_its_numbers():
    found = cn.load().timeline("yanji", "niigata", from_year=2018, to_year=2019)
    won = Words(currency=Currency(code="KRW", per_usd=150000.0, year=2019))
    (money, left), _days = names_beside_numbers(timeline_svg(found, won))
    assert 12 < money < left
