"""Faults of data, scenarios, imports and command lines in every language: no English is left but what is quoted."""

import re
import time

import pytest

from corridor_net.cli.commands.check import run as check
from corridor_net.errors import CorridorError
from corridor_net.interchange.doors import import_network
from corridor_net.interchange.starter import write_starter
from corridor_net.languages import words_for
from corridor_net.languages.errors import translated
from corridor_net.network import Network
from corridor_net.network.reading.package import shipped_package
from corridor_net.render.words import LANGUAGES

from .collected import INVARIANT

OTHERS = LANGUAGES[1:]
EDITS = [
    ("node.csv", "20.1,", "abc,"),
    ("node.csv", "20.1,", "400,"),
    ("node.csv", "city,ZZ", "town,ZZ"),
    ("node.csv", "city,ZZ", "city,ZZZ"),
    ("node.csv", "midway,Midway", "northgate,Midway"),
    ("node.csv", ",46.2,", ",46.2,,"),
    ("node.csv", "Northgate,city", '"Northgate,city'),
    ("node.csv", "node_id,name", "node_id,names"),
    ("node.csv", "node_id,name", "node_id,node_id"),
    ("node.csv", "Northgate", "North\x00gate"),
    ("node.csv", ",", ";"),
    ("link.csv", "northgate,midway,0", "northgat,midway,0"),
    ("link.csv", "northgate,midway,0", "northgate,northgate,0"),
    ("link.csv", ",86,", ",8.6,"),
    ("link.csv", ",86,", ",8600,"),
    ("link.csv", ",86,", ",-3,"),
    ("link.csv", ",86,", ",1e400,"),
    ("link.csv", "0,rail,1435", "0,rail,"),
    ("link.csv", "0,rail,1435", "2,rail,1435"),
    ("link.csv", "rail,ZZ,,,,", "rail,ZZ,,,2020-02-30,"),
    ("link.csv", "rail,ZZ,,,,", "rail,ZZ,,,2021-01-01,2020-01-01"),
    ("link.csv", "86,rail,rail", "86,raill,rail"),
    ("terminal.csv", "origin,road", "origin,roda"),
    ("terminal.csv", "origin,road", "road,origin"),
    ("terminal.csv", "origin,rail_1435", "origin,rail_1000"),
    ("operation.csv", "load,dwell,hours,12,4,48", "load,dwell,hours,2,4,48"),
    ("operation.csv", "load,dwell,hours,12", "load,dwel,hours,12"),
    ("operation.csv", "any,USD,2023", "any,,2023"),
    ("operation.csv", "any,USD,2023", "any,XXX,2023"),
    ("operation.csv", "48,any,,", "48,any,USD,2023"),
    ("tariff.csv", "0.6,2.0", "1.6,2.0"),
    ("tariff.csv", "USD,2023", "USD,1890"),
    ("speed.csv", "road,,45", "road,,450"),
    ("speed.csv", "road,,45,30,60,", "road,,45,30,60,20"),
    ("speed.csv", "D,DEFAULT", "E,DEFAULT"),
    ("source.csv", "DEFAULT,", "DEFALT,"),
    ("cargo.csv", "FEU,20,", "FEU,0,"),
    ("market.csv", "northgate,origin", "northgate,orgin"),
    ("market.csv", "northgate,origin", "eastfield,origin"),
    ("datapackage.json", '"name": "mode"', '"nam": "mode"'),
    ("datapackage.json", '"type": "string"', '"type": "strin"'),
    ("datapackage.json", '"encoding": "utf-8"', '"encoding": "ebcdic-x"'),
    ("datapackage.json", '"path": "mode.csv"', '"path": "../mode.csv"'),
    ("datapackage.json", '"resources": [', '"resources": 3, "other": ['),
    ("datapackage.json", "{", "["),
]  # fmt: skip
"""What is written in place of what, once, in a file of a small package."""
CHANGES = [
    "set: link\n    where: {link_id: rail-northgate-midwy}\n    field: length_km\n    value: 3",
    "set: link\n    where: {link_id: rail-northgate-midway}\n    field: lenght_km\n    value: 3",
    "set: link\n    where: {link_id: rail-northgate-midway}\n    field: length_km\n    value: long",
    "set: link\n    where: {link_id: rail-northgate-midway}\n    field: length_km\n    was: 7\n    value: 80",
    "set: lnk\n    where: {link_id: x}\n    field: length_km\n    value: 3",
    "scale: tariff\n    where: {tariff_id: road}\n    field: per_km\n    by: -2",
    "scale: tariff\n    where: {tariff_id: road}\n    field: per_km\n    by: 1_000",
    "add: link\n    row: {link_id: new}",
    "close: link\n    where: {}",
    "close: link\n    where: {link_id: rail-northgate-midway}\n    where: {mode: rail}",
    "open: crossing\n    where: {crossing_id: x}",
    "set: link\n    where: {link_id: rail-northgate-midway, mode: road}\n    field: length_km\n    value: 3",
    "sett: link",
    "set: !!binary abc",
    "set: [link",
]
LINES = [
    ("route", "harbin"),
    ("route", "harbin", "niigata", "--nothing", "1"),
    ("rout", "harbin"),
    ("route", "harbin", "niigata", "--value-of-time", "abc"),
    ("route", "harbin", "niigata", "--out", ""),
    ("new", "Not A Name"),
    ("export", "--to", "nowhere", "--format", "gpkg", "--out", "{folder}/e"),
    ("import", "gmn", "{folder}", "--out", "{folder}/o"),
    ("import", "gmns", "{folder}/absent", "--out", "{folder}/o"),
    ("import", "tntp", "{folder}/node.csv", "--out", "{folder}/o"),
    ("new-network", "{folder}"),
    ("check", "--geodata", "{folder}/absent"),
    ("check", "absent.yaml"),
    ("build", "Nowhereville", "Kampala", "--out", "{folder}/b"),
]
QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|<[^>]*>|--?[a-z][\w-]*|\S*[\w*]*[_./=:\\()\[\]{}@~#\d-]\S*")
WORD = re.compile(r"[A-Za-z]{3,}")
NAMES = set(
    WORD.findall(
        "CSV JSON YAML WKT ISO UTF GMNS TNTP GTFS MATSim OpenStreetMap Excel WGS networkx GraphML GML GEXF "
        "adjacency Cytoscape GeoJSON Shapefile GeoPackage FlatGeobuf GeoParquet KML GeoNames Python XML LINESTRING "
        "EPSG path resources schema zip boolean "
        "date integer number string osm gmns lines tables tntp matsim gtfs excel corridor net northgate harbour midway "
        "eastfield origin scenarios changes where field value was row set scale shift add close open calls currency "
        "why title optional study"
    )
)


def known():
    """Words that stand for themselves: tables, columns and codes of the data, keys of scenarios, formats."""
    package, codes = shipped_package(), Network.from_folder().vocabulary
    columns = [column for table in package.tables.values() for column in table.columns.values()]
    found = {str(choice) for column in columns for choice in column.choices or ()} | {one.name for one in columns}
    return found | NAMES | INVARIANT | {*package.tables, *codes.components, *codes.modes, *codes.node_types}


def english(message, allowed):
    """Return the words of a message that stand in Latin letters and are nothing that stays so."""
    return sorted(set(WORD.findall(QUOTED.sub(" ", message))) - allowed)


def texts(error):
    """Give the messages and hints of an error and of its faults."""
    for one in (error, *getattr(error, "faults", ())):
        yield from filter(None, (one.message, one.hint))


@pytest.fixture(scope="module")
def messages(tmp_path_factory):
    """What is said of many spoilt packages and scenarios, and of folders that are imported as something else."""
    found = []

    def heard(ask, *args, **named):
        with pytest.raises(CorridorError) as caught:
            ask(*args, **named)
        found.extend(texts(caught.value))

    folder = tmp_path_factory.mktemp("faults") / "own"
    write_starter(folder)
    for name, old, new in EDITS:
        whole = (folder / name).read_text(encoding="utf-8")
        assert old in whole, (name, old)
        (folder / name).write_text(whole.replace(old, new, 1 if len(old) > 1 else -1), encoding="utf-8")
        heard(check, geodata=folder)
        (folder / name).write_text(whole, encoding="utf-8")
    for change in CHANGES:
        scenario = folder / "spoilt.yaml"
        scenario.write_text(f"scenario: spoilt\ntitle: Spoilt\nchanges:\n  - {change}\n", encoding="utf-8")
        heard(check, str(scenario), geodata=folder)
    for kind in ("lines", "tables", "tntp", "matsim", "gtfs", "networkx", "excel"):
        heard(import_network, kind, [folder / "study.yaml"])
    assert len(found) > len(EDITS) + len(CHANGES)
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_no_fault_of_data_scenarios_or_imports_is_told_in_english(messages, language):
    words, allowed = words_for(language=language), known()
    left = {one: english(translated(one, words), allowed) for one in messages}
    assert {one: there for one, there in left.items() if there} == {}
    assert all(translated(one, words) != one for one in messages if english(one, allowed))


@pytest.mark.parametrize(
    ("language", "lines"),
    [("ru", LINES[::4]), *(pytest.param(one, LINES, marks=pytest.mark.slow) for one in OTHERS)],
)
def test_no_fault_of_a_command_line_is_told_in_english(cli, tmp_path, language, lines):
    folder, allowed = tmp_path / "own", known() | {"harbin", "niigata", "ERROR", "CN", "Nowhereville", "Kampala"}
    write_starter(folder)
    for line in lines:
        given = [word.format(folder=folder) for word in line]
        said, plain = cli(*given, "--lang", language), cli(*given)
        assert said.code == plain.code != 0
        spoken = [one for one in said.err.splitlines() if "-->" not in one and " | " not in one]
        told_lines = [one for one in spoken if "[" not in one[:60] or "CN-E" in one]
        assert {one: english(one, allowed) for one in told_lines if english(one, allowed)} == {}, line


@pytest.mark.parametrize("language", ["ko"])
def test_place_line_text_and_nearest_spelling_stay(cli, tmp_path, language):
    folder = tmp_path / "own"
    write_starter(folder)
    links = folder / "link.csv"
    links.write_text(links.read_text().replace("northgate,midway,0", "northgat,midway,0", 1))
    english, said = cli("check", "--geodata", folder), cli("check", "--geodata", folder, "--lang", language)
    assert said.code == english.code == 3
    assert "link.csv:2:" in english.err

    def places(text):
        return [one for one in text.splitlines() if "-->" in one or " | " in one]

    assert places(said.err) == places(english.err)
    assert "'northgate'" in said.err
    assert "[CN-E101]" in said.err


@pytest.mark.parametrize("language", ["ja", "ru"])
def test_why_there_is_no_route_names_lines_and_borders_in_the_language(language, cli, tmp_path):
    shut = tmp_path / "shut.yaml"
    shut.write_text(
        "scenario: shut\ntitle: No ships\nchanges:\n- {close: service, where: {service_id: '*'}}\n", encoding="utf-8"
    )
    said = cli("route", "harbin", "niigata", "-s", shut, "--as-of", "2026-07-01", "--lang", language)
    assert said.code == 1
    closed = {"ja": "釜山 - 新潟：shut~1 により閉鎖；", "ru": "Пусан - Ниигата: закрыто"}
    assert closed[language] in said.err
    assert not re.search(r"Busan|Niigata|Heihe|waterway", said.err)


def test_the_language_may_stand_before_the_command(cli):
    assert (
        cli("--lang", "ko", "route", "harbin", "niigata").out == cli("route", "harbin", "niigata", "--lang", "ko").out
    )


def test_a_long_message_with_many_colons_is_told_at_once():
    begun = time.process_time()
    translated(("the value of this thing: that which is: " * 40)[:1200], words_for(language="ja"))
    assert time.process_time() - begun < 2, "each part is told once, by however many ways it is met"
