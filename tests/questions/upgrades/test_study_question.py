"""The main job as a question: which study is run, its one-sentence answer, what is told where a winner seldom wins."""

import html
import json
import re
import shlex
from types import SimpleNamespace

import pytest

import corridor_net as cn
from corridor_net.analysis.compare import Comparison, Run
from corridor_net.analysis.trips import Trip
from corridor_net.errors import BadValue, DataFault, ScenarioError, UnknownName
from corridor_net.languages import words_for
from corridor_net.output.chances import SURE, gateway_words
from corridor_net.questions.routes import route
from corridor_net.questions.upgrades import study as question
from corridor_net.render.console import page_text
from corridor_net.render.words import Words


def asked(model=None, **given):
    """Run a small study."""
    wanted = {"origins": ["hunchun"], "destinations": ["niigata"], "scenarios": ["vanino"], **given}
    return (model or cn.load()).study(**wanted)


def printed(found, width=80):
    names = {node_id: node.name for node_id, node in found.comparison.network.nodes.items()}
    return page_text(question.view(found), Words(names=names), width)


def trip(cost):
    return Trip(
        origin="a",
        destination="z",
        cost_usd=cost,
        hours=0.0,
        spread_hours=0.0,
        co2_kg=0.0,
        generalised_cost_usd=cost,
        distance_km=0.0,
        gateway=None,
        services=(),
        crossings=(),
        arcs=(),
        keys=(),
        schedule=False,
    )


def test_the_example_of_the_page():
    """Changes of -12 and +4 USD are -4 on average; an origin that is cut off counts in no mean."""
    before = Run(baseline="base", scenario=None, title="", router=None, trips={(o, "z"): trip(100.0) for o in "abc"})
    after = Run(
        baseline="base", scenario="s", title="", router=None, trips={("a", "z"): trip(88.0), ("b", "z"): trip(104.0)}
    )
    rows = {"deflator": [SimpleNamespace(year=2019, usd_index=1.0)]}
    dated = {"day": SimpleNamespace(year=2019), "years_beyond": 0}
    network = SimpleNamespace(markets=lambda role: (), rows=lambda table: rows.get(table, ()), **dated)
    effect = Comparison(
        study=None, network=network, origins=("a", "b", "c"), destinations=("z",), focus="z", runs=(before, after)
    ).effect(after)
    assert (effect.cost_change_usd, effect.compared, effect.cut_off) == (-4.0, 2, ("c",))


# which study


def test_the_shipped_data_name_their_study_and_pair(shipped):
    assert shipped.package.study == "longjiang-japan"
    assert shipped.default_pair == ("harbin", "niigata")


def test_origins_and_destinations_take_the_place_of_the_study_s():
    found = asked(destinations=["tokyo", "niigata"])
    assert found.comparison.origins == ("hunchun",)
    assert set(found.comparison.destinations) == {"tokyo", "niigata"}
    assert found.comparison.focus == "niigata", "the study's focus is among them"
    assert asked(destinations=["tokyo", "osaka"]).comparison.focus == "tokyo"
    assert found.options["from"] == ["hunchun"]


def baselines(found):
    return list(dict.fromkeys(run.baseline for run in found.comparison.runs))


def test_a_day_takes_the_place_of_the_baselines():
    assert baselines(asked()) == ["baseline-2019", "baseline-2016", "baseline-2026"]
    assert baselines(asked(cn.load(as_of="2019-07-01"))) == ["baseline-2019"]
    other = asked(cn.load(as_of="2018-03-01"))
    assert baselines(other) == ["network-2018-03-01"]
    assert str(other.comparison.runs[0].router.network.day) == "2018-03-01"
    assert other.options["as_of"] == "2018-03-01"


def test_named_baselines_are_those_alone_and_seen_on_a_day_if_one_is_given():
    assert baselines(asked(baselines=["baseline-2026", "baseline-2016"])) == ["baseline-2026", "baseline-2016"]
    seen = asked(cn.load(as_of="2018-03-01"), baselines=["baseline-2019"])
    assert baselines(seen) == ["baseline-2019 as of 2018-03-01"]
    with pytest.raises(BadValue) as caught:
        asked(baselines=["baseline-2091"])
    assert "did you mean 'baseline-2019'?" in caught.value.hint


def test_scenarios_are_those_of_the_model_and_the_named_ones_each_by_itself():
    found = asked(cn.load(scenarios=["primorye-2"]), baselines=["baseline-2019"])
    assert [run.scenario for run in found.comparison.runs] == [None, "primorye-2", "vanino"]
    alone = cn.load(as_of="2019-07-01", scenarios=["primorye-2"]).route("hunchun", "niigata")
    assert found.comparison.runs[1].trips["hunchun", "niigata"].cost_usd == pytest.approx(alone.cost_usd)


def test_a_scenario_of_a_day_is_run_on_that_day(write_yaml):
    changes = "changes:\n  - {scale: link, where: {link_id: rail-harbin-mudanjiang}, field: length_km, by: 1.1}\n"
    dated = write_yaml("dated", f"scenario: dated\ntitle: x\nas_of: 2016-07-01\n{changes}")
    assert baselines(asked(scenarios=[dated])) == ["baseline-2016"]
    assert baselines(cn.load().study(str(dated), origins=["hunchun"])) == ["baseline-2016"]
    with pytest.raises(ScenarioError, match="different days"):
        asked(scenarios=[dated, "baseline-2019"])


def test_options_go_before_those_of_the_study(write_yaml):
    prices = "by: time\nvalue_of_time_usd_per_hour: 3\nco2_price_usd_per_t: 50\n"
    ends = "baselines: [baseline-2019]\norigins: [harbin]\ndestinations: [niigata]\n"
    path = write_yaml("mine", f"study: mine\ntitle: x\n{ends}{prices}")
    plain = cn.load().study(path).comparison.runs[0].router
    assert (plain.by, plain.impedance.cargo.value_of_time, plain.co2_price_usd_per_t) == ("time", 3.0, 50.0)
    given = cn.load(by="money", value_of_time=7.0, co2_price=0.0, cargo="dry_20").study(path)
    router = given.comparison.runs[0].router
    assert (router.by, router.impedance.cargo.value_of_time, router.co2_price_usd_per_t) == ("money", 7.0, 0.0)
    assert given.options["cargo"] == "dry_20"


# data that are not the shipped ones


@pytest.fixture
def foreign(tmp_path, write_tiny):
    """Data that name neither study nor pair."""
    data = write_tiny(tmp_path / "foreign")
    return describe(data, study=None, pair=None)


def describe(data, **properties):
    path = data.folder / "datapackage.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    for name, value in properties.items():
        told.pop(name, None)
        told |= {} if value is None else {name: value}
    path.write_text(json.dumps(told), encoding="utf-8")
    return data


def test_data_that_name_no_study_are_a_study_by_themselves(cli, foreign, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = cli("run", "--geodata", foreign.folder, "--as-of", "2019-07-01")
    assert done.code == 0, done.err
    assert done.out.startswith("Alfa to Delta, July 2019: 846 USD")
    assert "The network as of 2019-07-01, to Delta: of 1 origin, 1 by Charlie" in done.out
    manifest = json.loads((tmp_path / "results" / "network" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["runs"] == ["network-2019-07-01"]
    told = json.loads(cli("run", "--geodata", foreign.folder, "--as-of", "2019-07-01", "--json").out)
    assert [(t["origin"], t["destination"], t["cost_usd"]) for t in told["runs"][0]["trips"]] == [
        ("alfa", "delta", 846)
    ]


def test_every_question_of_doubt_takes_data_that_name_no_study(cli, foreign):
    options = ("--geodata", foreign.folder, "--as-of", "2019-07-01")
    for command in (
        ("uncertainty", "--draws", 40, "--rivals"),
        ("sensitivity", "alfa", "delta", "--samples", 16),
        ("compare", "alfa", "delta"),
    ):
        done = cli(*command, *options)
        assert done.code == 0, (command, done.err)
        assert "Delta" in done.out
        json.loads(cli(*command, *options, "--json").out)
    alone = cli("sensitivity", "--samples", 16, *options)
    assert "Charlie is cheaper than Golf" in " ".join(alone.out.split()), "it is asked of the study of these data"


def test_a_study_in_the_folder_of_the_data_is_found(foreign):
    describe(foreign, study="ours", pair=["Alfa", "Delta"])
    text = "study: ours\ntitle: Ours\nbaselines: [then.yaml]\nfocus: delta\n"
    (foreign.folder / "ours.yaml").write_text(text, encoding="utf-8")
    (foreign.folder / "then.yaml").write_text("scenario: then\ntitle: Then\nas_of: 2019-07-01\n", encoding="utf-8")
    model = cn.load(geodata=foreign.folder)
    assert model.base.default_pair == ("alfa", "delta")
    found = model.study()
    assert (found.comparison.study.name, baselines(found)) == ("ours", ["then"])


def test_a_study_of_places_that_the_data_do_not_have_is_told_with_what_to_do(foreign):
    describe(foreign, study="ours")
    (foreign.folder / "ours.yaml").write_text("study: ours\ntitle: x\nbaselines: [baseline-2019]\nfocus: niigata\n")
    with pytest.raises(UnknownName) as caught:
        cn.load(geodata=foreign.folder).study()
    assert "datapackage.json" in str(caught.value)
    assert "niigata" in str(caught.value)
    assert "leave it out" in caught.value.hint


def test_a_copy_of_the_shipped_description_does_not_ask_for_its_places(foreign):
    describe(foreign, study="longjiang-japan", pair=["harbin", "niigata"])
    model = cn.load(geodata=foreign.folder, as_of="2019-07-01")
    assert model.base.default_pair == ("alfa", "delta")
    assert model.study().comparison.study.name == "network"


@pytest.mark.parametrize(
    ("properties", "word"),
    [({"study": 3}, "study"), ({"study": ""}, "study"), ({"pair": ["alfa"]}, "pair"), ({"pair": {"a": 1}}, "pair")],
)
def test_properties_that_are_none_are_faults(foreign, properties, word):
    with pytest.raises(DataFault, match="fault") as caught:
        cn.load(geodata=describe(foreign, **properties).folder)
    assert any(word in fault.message for fault in caught.value.faults)


def test_a_copy_keeps_its_study_and_pair(tmp_path, shipped):
    from corridor_net.output.exports import export

    export(shipped.as_of("2019-07-01"), "csv", tmp_path / "copy")
    copied = cn.Network.from_folder(tmp_path / "copy")
    assert (copied.package.study, copied.package.pair) == ("longjiang-japan", ("harbin", "niigata"))


# what is printed


@pytest.fixture(scope="module")
def found():
    wanted = {
        "origins": ["harbin", "dongning", "hunchun"],
        "baselines": ["baseline-2019"],
        "scenarios": ["primorye-2"],
    }
    return cn.load().study(**wanted)


def test_it_begins_with_the_answer_in_one_sentence(found):
    pair, answer, *_ = question.view(found).blocks
    main = found.comparison.runs[0]
    known = words_for(*found.networks)
    same = cn.load(as_of=main.router.network.day).route(found.comparison.origins[0], "niigata")
    assert known.text(pair) == known.text(route.first_sentence(same)), "the same sentence as `route` begins with"
    words = known.text(answer)
    assert re.fullmatch(r"2019, the last year before the pandemic, to Niigata: of 3 origins, .*\.", words)
    assert words.count(". ") == 0
    gain = -found.comparison.effect(found.comparison.runs[1]).generalised_change_usd
    assert f"primorye-2 gains most, {gain:,.0f} USD of generalised cost a box" in words


def test_who_seldom_wins_is_named_with_those_who_do_otherwise():
    from corridor_net.questions.pages.study_files import result_files

    found = cn.load().study(origins=["dongning"], baselines=["baseline-2016"], scenarios=["primorye-2"])

    names = {node_id: node.name for node_id, node in found.comparison.network.nodes.items()}
    open_ones = [uncertainty for uncertainty in found.uncertainties.values() if uncertainty.gateway_wins < SURE]
    assert open_ones, "one of these is open: otherwise nothing is tested"
    words = " ".join(printed(found, 120).split())
    report = result_files(found.comparison, {}, found.uncertainties, ())["report.html"]
    for uncertainty in found.uncertainties.values():
        assert Words(names=names).text(gateway_words(uncertainty)) in words
    for uncertainty in open_ones:
        other, share = uncertainty.otherwise
        assert f"else {names[other]} {share:.0%}" in words
        row = re.search(
            rf'<tr><th scope="row">{names[uncertainty.origin]}</th>.*?</tr>', report[report.index('id="doubt"') :]
        )
        assert f"{names[other]} {share:.0%}" in row.group()
        assert f"{uncertainty.region_wins:.0%}" in row.group()


def test_every_line_fits_eighty_columns_with_what_matters(found):
    text = printed(found)
    assert max(map(len, text.splitlines())) <= 80
    for heading in ("gateway, wins", "province", "USD 10-90%", "days 10-90%", "best scenario", "switch gateway"):
        assert heading in text


# what is written


def test_the_line_in_the_report_gives_the_report_again(cli, tmp_path):
    study = tmp_path / "a study.yaml"
    study.write_text("study: small\ntitle: Small\nbaselines: [baseline-2019]\nscenarios: []\n")
    asked = ("--as-of", "2016-07-01", "--scenario", "rajin-khasan", "--from", "harbin", "--to", "niigata")
    assert cli("run", study, *asked, "--out", tmp_path / "a").code == 0
    report = (tmp_path / "a/report.html").read_text()
    words = shlex.split(html.unescape(re.search("with: (corridor-net run [^<]*?)[.] ", report)[1]))
    assert cli(*words[1:], "--out", tmp_path / "b").code == 0
    assert (tmp_path / "b/report.html").read_text() == report


def test_a_report_that_no_command_wrote_names_none(found):
    from corridor_net.questions.pages.study_files import result_files

    assert "with: corridor-net" not in result_files(found.comparison, {}, found.uncertainties, ())["report.html"]


def test_png_without_its_extra_is_told_before_anything_is_computed(cli, tmp_path, monkeypatch):
    from corridor_net.analysis import compare
    from corridor_net.output.charts import raster

    def computed(*arguments, **options):
        raise AssertionError("computed")

    monkeypatch.setattr(raster, "find_spec", lambda name: None)
    monkeypatch.setattr(compare, "compare", computed)
    done = cli("run", "--png", "--out", tmp_path / "o")
    assert done.code == 2
    assert "corridor-net[png]" in done.err
    assert not (tmp_path / "o").exists()


def test_a_folder_of_another_study_is_told_before_anything_is_computed(cli, tmp_path, monkeypatch):
    from corridor_net.analysis import compare

    (tmp_path / "o").mkdir()
    told = {"program": "corridor-net", "study": "another", "outputs": {}}
    (tmp_path / "o" / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    monkeypatch.setattr(compare, "compare", lambda *a, **k: pytest.fail("computed"))
    done = cli("run", "--out", tmp_path / "o")
    assert done.code == 2
    assert "--overwrite" in done.err


@pytest.mark.parametrize("command", [("run",), ("compare", "harbin", "niigata"), ("uncertainty",)])
def test_an_empty_folder_is_a_mistake_and_not_the_one_you_are_in(cli, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    done = cli(*command, "--out", "")
    assert done.code == 2
    assert "an empty path" in done.err
    assert not list(tmp_path.iterdir())


def test_a_day_is_no_part_of_the_name_of_a_folder(write_yaml):
    changes = "changes:\n  - {scale: link, where: {link_id: rail-harbin-mudanjiang}, field: length_km, by: 1.1}\n"
    dated = write_yaml("dated", f"scenario: dated\ntitle: x\nas_of: 2016-07-01\n{changes}")
    found = cn.load(as_of="2019-07-01").study(dated, origins=["harbin"], destinations=["niigata"])
    assert found.comparison.study.name == "dated"
    assert [run.name for run in found.comparison.runs][1] == "baseline-2019/dated"


def test_python_writes_the_folder_that_the_command_writes(cli, tmp_path):
    """But for the line of the command, which the report tells and Python has none of, and the report's hash."""
    options = ("--from", "hunchun", "--to", "niigata", "--baseline", "baseline-2019", "--scenario", "vanino")
    done = cli("run", *options, "--out", tmp_path / "command")
    assert done.code == 0, done.err
    asked(baselines=["baseline-2019"]).write(tmp_path / "python")
    files = {path.relative_to(tmp_path / "command"): path for path in (tmp_path / "command").rglob("*.*")}
    assert len(files) > 10
    line = f", with: corridor-net run --scenario vanino {' '.join(options[:6])}"
    for name, path in files.items():
        written, same = path.read_text(encoding="utf-8"), (tmp_path / "python" / name).read_text(encoding="utf-8")
        if name.name == "report.html":
            assert written.count(line) == 1
            written = written.replace(line, "")
        if name.name == "manifest.json":
            written, same = json.loads(written), json.loads(same)
            for one in (written, same):
                del one["outputs"]["report.html"]
        assert written == same, name
