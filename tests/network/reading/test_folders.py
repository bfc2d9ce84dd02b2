"""Folders and files that are no data package: missing tables and columns, text that is no table."""

from __future__ import annotations

import json

import pytest

from corridor_net.errors import BadFile, CorridorError
from corridor_net.network import Network
from network.helpers import faults_of, pointed_at, where


def test_a_missing_column(data):
    data.replace("link", "length_km", "length_mi")
    faults = faults_of(data.folder)
    messages = [f.message for f in faults]
    assert "unknown column 'length_mi'" in messages
    assert "the column 'length_km' is missing" in messages
    unknown = next(f for f in faults if f.message == "unknown column 'length_mi'")
    assert unknown.hint == "did you mean 'length_km'?"
    assert where(unknown)[:2] == ("link.csv", 1)
    assert pointed_at(unknown).startswith("length_mi,")


def test_the_same_column_twice(data):
    data.replace("speed", "speed_kmh_low", "speed_kmh")
    assert any("speed_kmh" in f.message for f in faults_of(data.folder))


def test_a_row_that_is_too_short(data):
    lines = data.lines("season")
    data.append("season", lines[1].split(",")[0])
    (fault,) = faults_of(data.folder)
    assert "the row has 1 cells, the header 10" in fault.message
    assert where(fault) == ("season.csv", len(lines) + 1, 1)


def test_line_numbers_count_lines_inside_quotes(data):
    text = data.path("cargo").read_text(encoding="utf-8")
    lines = text.splitlines()
    lines[1] = lines[1].replace("payload 688 t", "payload\n688 t")
    lines[2] = lines[2].replace(",TEU,17.1,", ",TEU,heavy,")
    data.path("cargo").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (fault,) = faults_of(data.folder)
    assert "payload_t = 'heavy'" in fault.message
    assert where(fault)[:2] == ("cargo.csv", 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [(b"", "is missing"), (b"\n", ""), (b"\xff\xfe\x00", "cannot be read"), ("имя\n".encode("cp1251"), "cannot be"),
     (b"cargo_id\n", "is missing"), (b'"unclosed', ""), (b"\0\0\0", "")],
)  # fmt: skip
def test_a_file_that_is_no_table(data, text, message):
    data.path("cargo").write_bytes(text)
    faults = faults_of(data.folder)
    mine = [f for f in faults if where(f)[0] == "cargo.csv"]
    assert mine
    assert message in mine[0].message


def test_a_table_with_a_header_only_is_refused_where_rows_are_needed(data):
    data.path("cargo").write_text(data.lines("cargo")[0] + "\n", encoding="utf-8")
    assert faults_of(data.folder)


def test_a_folder_in_place_of_a_table(data):
    data.path("season").unlink()
    data.path("season").mkdir()
    (fault,) = faults_of(data.folder)
    assert "cannot be read" in fault.message


def test_a_missing_table_that_is_needed(data):
    data.path("tariff").unlink()
    (fault,) = faults_of(data.folder)
    assert isinstance(fault, BadFile)
    assert fault.message == "the table 'tariff.csv' is missing"


def test_a_folder_without_a_package(tmp_path):
    with pytest.raises(BadFile, match=r"holds no datapackage\.json") as caught:
        Network.from_folder(tmp_path)
    assert caught.value.hint
    with pytest.raises(BadFile, match=r"holds no datapackage\.json"):
        Network.from_folder(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"resources": 3}', '{"resources": [{}]}', '{"resources": [{"name": "node"}]}', "null"],
)
def test_a_package_that_is_none(data, text):
    (data.folder / "datapackage.json").write_text(text, encoding="utf-8")
    faults = faults_of(data.folder)
    assert any("datapackage.json" in f"{f.message} {f.place}" or "missing" in f.message for f in faults)


def test_a_package_that_lacks_a_needed_table(data):
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if r["name"] != "tariff"]
    path.write_text(json.dumps(package), encoding="utf-8")
    assert [f.message for f in faults_of(data.folder)] == ["datapackage.json describes no table 'tariff'"]


def test_a_package_with_a_column_of_its_own(data):
    path = data.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"][0]["schema"]["fields"].append({"name": "colour", "type": "string"})
    path.write_text(json.dumps(package), encoding="utf-8")
    text = data.path("source").read_text(encoding="utf-8").splitlines()
    data.path("source").write_text("\n".join([text[0] + ",colour", *(line + ",red" for line in text[1:])]) + "\n")
    try:
        assert Network.from_folder(data.folder).rows("source")
    except CorridorError as error:
        str(error)


def test_a_package_that_is_a_folder(data):
    (data.folder / "datapackage.json").unlink()
    (data.folder / "datapackage.json").mkdir()
    with pytest.raises(BadFile):
        Network.from_folder(data.folder)
