"""`datapackage.json` as the standard allows it: read, or refused by name; whatever it holds, never a traceback."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor_net.errors import BadFile, CorridorError, DataFault
from corridor_net.network import Network
from corridor_net.network.reading.package import OLD_BOUNDS, read_package, shipped_package
from network.helpers import describe, described, faults_of, field_of, only_fault, pointed_at, schema_of


def resource_of(package, table):
    return next(r for r in package["resources"] if r["name"].replace("-", "_") == table)


def changed(small, change):
    """Write the description of the tiny network as `change` leaves it."""
    package = described(small)
    change(package)
    describe(small, package)


def strings_for_lists(package):
    for resource in package["resources"]:
        schema = resource["schema"]
        if len(schema.get("primaryKey", ())) == 1:
            schema["primaryKey"] = schema["primaryKey"][0]
        for key in schema["foreignKeys"]:
            key["fields"], key["reference"]["fields"] = key["fields"][0], key["reference"]["fields"][0]


def without_types(package):
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            if field["type"] == "string":
                del field["type"]


ALLOWED = {
    "names in place of lists": strings_for_lists,
    "no types, which means text": without_types,
    "any for a text": lambda p: field_of(p, "node", "notes").update(type="any"),
    "any for a number": lambda p: field_of(p, "link", "length_km").update(type="any"),
    "text for a number": lambda p: field_of(p, "link", "length_km").update(type="string", constraints={}),
    "whole numbers for numbers": lambda p: field_of(p, "sea_lane", "length_km").update(type="integer", constraints={}),
    "years": lambda p: field_of(p, "deflator", "year").update(type="year"),
    "a year that is a text here": lambda p: field_of(p, "node", "population_year").update(type="year"),
    "boolean": lambda p: field_of(p, "link", "directed").update(type="boolean", constraints={}),
    "boolean with words": lambda p: field_of(p, "service", "circular").update(
        type="boolean", constraints={}, trueValues=["1"], falseValues=["0"]
    ),
    "a format of text": lambda p: field_of(p, "source", "url").update(format="uri"),
    "more properties": lambda p: p.update(contributors=[{"title": "a"}], homepage="https://example.org"),
    "another resource": lambda p: p["resources"].append({"name": "coast", "path": "coast.geojson"}),
    "missing values": lambda p: schema_of(p, "node").update(missingValues=["", "-", "n/a"]),
    "missing values with labels": lambda p: schema_of(p, "node").update(missingValues=[{"value": "", "label": "no"}]),
    "no missing values": lambda p: schema_of(p, "node").pop("missingValues"),
    "no keys": lambda p: schema_of(p, "node").pop("primaryKey"),
    "limits of text": lambda p: field_of(p, "node", "name")["constraints"].update(minLength=1, maxLength=99),
    "limits written as text": lambda p: field_of(p, "node", "x_coord")["constraints"].update(minimum="-180"),
    "limits that are not reached": lambda p: field_of(p, "node", "x_coord")["constraints"].update(exclusiveMinimum=0),
    "a dialect that says what is so": lambda p: resource_of(p, "node").update(
        dialect={"delimiter": ",", "header": True, "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True}
    ),
    "an encoding by another name": lambda p: resource_of(p, "node").update(encoding="UTF8"),
    "profiles": lambda p: p.update({"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_the_standard_allows_is_read(small, name):
    before = Network.from_folder(small.folder)
    changed(small, ALLOWED[name])
    after = Network.from_folder(small.folder)
    assert {table: after.rows(table) for table in after.tables} == {t: before.rows(t) for t in before.tables}


def test_booleans_years_and_days_in_a_form_of_their_own_become_what_the_model_needs(small):
    def change(package):
        field_of(package, "link", "directed").update(
            type="boolean", constraints={}, trueValues=["ja"], falseValues=["nein"]
        )
        field_of(package, "link", "valid_from").update(format="%d.%m.%Y")
        schema_of(package, "link")["missingValues"] = ["-", ""]

    changed(small, change)
    for number in range(3):
        small.edit("link", number, directed="nein", valid_from="31.12.2017", valid_to="-")
    small.edit("link", 0, directed="ja")
    links = Network.from_folder(small.folder).rows("link")
    assert [(row.directed, row.valid_from, row.valid_to) for row in links] == [
        (1, date(2017, 12, 31), None),
        (0, date(2017, 12, 31), None),
        (0, date(2017, 12, 31), None),
    ]
    small.edit("link", 0, directed="yes")
    assert "must be ja or nein" in only_fault(small.folder).message


def test_a_schema_in_a_file_of_its_own_is_read(small):
    def change(package):
        resource = resource_of(package, "node")
        (small.folder / "node.schema.json").write_text(json.dumps(resource["schema"]), encoding="utf-8")
        resource["schema"] = "node.schema.json"

    before = Network.from_folder(small.folder).rows("node")
    changed(small, change)
    assert Network.from_folder(small.folder).rows("node") == before


REFUSED = {
    "no header": (lambda p: resource_of(p, "node").update(dialect={"header": False}), "dialect.header = False"),
    "a dialect elsewhere": (lambda p: resource_of(p, "node").update(dialect="d.json"), "dialect by reference"),
    "null sequences": (lambda p: resource_of(p, "node").update(dialect={"nullSequence": "\\N"}), "nullSequence"),
    "a long delimiter": (lambda p: resource_of(p, "node").update(dialect={"delimiter": "::"}), "one character"),
    "one sign for two": (lambda p: resource_of(p, "node").update(dialect={"delimiter": '"'}), "cannot be the delim"),
    "an unknown encoding": (lambda p: resource_of(p, "node").update(encoding="klingon"), "'klingon' is not read"),
    "no text encoding": (lambda p: resource_of(p, "node").update(encoding="rot13"), "'rot13' is not read"),
    "inline data": (lambda p: (resource_of(p, "node").pop("path"), resource_of(p, "node").update(data=[])), "data in"),
    "rows inside beside a path": (lambda p: resource_of(p, "node").update(data=[]), "data in place of a path"),
    "lines that end otherwise": (lambda p: resource_of(p, "node").update(dialect={"lineTerminator": ";"}), "lineTerm"),
    "a name too long": (lambda p: resource_of(p, "node").update(path="a" * 5000), "is no name of a file"),
    "several files": (lambda p: resource_of(p, "node").update(path=["a.csv", "b.csv"]), "several paths"),
    "an address": (lambda p: resource_of(p, "node").update(path="https://example.org/node.csv"), "out of the folder"),
    "a folder above": (lambda p: resource_of(p, "node").update(path="../node.csv"), "out of the folder"),
    "a whole path": (lambda p: resource_of(p, "node").update(path="/etc/passwd"), "out of the folder"),
    "a path with a zero": (lambda p: resource_of(p, "node").update(path="no\0de.csv"), "out of the folder"),
    "compression": (lambda p: resource_of(p, "node").update(compression="gz"), "only plain CSV"),
    "a spreadsheet": (lambda p: resource_of(p, "node").update(format="xlsx"), "only plain CSV"),
    "no fields": (lambda p: schema_of(p, "node").pop("fields"), "has no fields"),
    "fields that are none": (lambda p: schema_of(p, "node").update(fields={"a": 1}), "'fields' must be a list"),
    "a field that is none": (lambda p: schema_of(p, "node").update(fields=["node_id"]), "must be an object"),
    "no schema": (lambda p: resource_of(p, "node").pop("schema"), "has no schema"),
    "a column the model needs": (
        lambda p: schema_of(p, "node")["fields"].pop(0), "no column 'node_id', which the model needs"),
    "a column twice": (lambda p: schema_of(p, "node")["fields"].append({"name": "notes"}), "described twice"),
    "a table twice": (lambda p: p["resources"].append(copy.deepcopy(p["resources"][0])), "described twice"),
    "a misspelt table": (lambda p: resource_of(p, "season").update(name="saeson"), "unknown table 'saeson'"),
    "a type that is not read": (lambda p: field_of(p, "node", "x_coord").update(type="geopoint"), "'geopoint' is not"),
    "a type that does not fit": (lambda p: field_of(p, "node", "x_coord").update(type="date"), "does not fit"),
    "a constraint that is not read": (
        lambda p: field_of(p, "node", "name")["constraints"].update(jsonSchema={}), "'jsonSchema' is not read"),
    "a pattern that is none": (lambda p: field_of(p, "node", "name")["constraints"].update(pattern="(a"), "pattern"),
    "a limit that is none": (lambda p: field_of(p, "node", "x_coord")["constraints"].update(minimum="far"), "'far'"),
    "numbers with words": (lambda p: field_of(p, "node", "x_coord").update(bareNumber=False), "bareNumber"),
    "a form of days": (lambda p: field_of(p, "node", "valid_from").update(format="any"), "'any' of days"),
    "a key of no column": (lambda p: schema_of(p, "node").update(primaryKey="id"), "unknown column 'id'"),
    "a foreign key to nowhere": (
        lambda p: schema_of(p, "link")["foreignKeys"][0]["reference"].update(resource="nodes"), "unknown table"),
    "days that are none": (lambda p: p.update(days=["2009", "2026"]), "days written YYYY-MM-DD"),
    "a list that is no area": (lambda p: p.update(customsAreas=[]), "'customsAreas' must be an object"),
    "no where for a dialect": (lambda p: resource_of(p, "node").update(dialect=0), "'dialect' must be an object"),
    "days in a list of none": (lambda p: p.update(days=[]), "the first and the last day"),
    "two days for one": (lambda p: p.update(day=["2019-07-01", "2026-07-01"]), "must be one day"),
    "a day as calendars of weeks write it": (lambda p: p.update(day="2019-W27-1"), "days written YYYY-MM-DD"),
    "an enumeration of nothing": (
        lambda p: field_of(p, "link", "mode")["constraints"].update(enum=[]), "'enum' lists no value"
    ),
    "days the wrong way": (lambda p: p.update(days=["2026-01-01", "2009-01-01"]), "first and the last day"),
    "areas that are none": (lambda p: p.update(customsAreas=["EU"]), "customsAreas"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_refused_by_name(small, name):
    change, message = REFUSED[name]
    changed(small, change)
    faults = faults_of(small.folder)
    assert any(message in fault.message for fault in faults), [fault.message for fault in faults]
    assert all("datapackage.json" in fault.message for fault in faults)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
        ('{"name": "a", "name": "b", "resources": []}', "'name' stands twice"),
        ('{"resources": NaN}', "NaN is no number"),
        ('{"resources": ' + "9" * 5000 + "}", "cannot be read"),
        ('{"resources": []', "cannot be read: Expecting"),
        ('{"resources": []}', "describes no table 'source'"),
        ('{"resources": {}}', "is not a data package"),
        ("\ufeff[]", "is not a data package"),
        ("\0", "zero bytes"),
    ],
)
def test_a_description_that_is_none(small, text, message):
    (small.folder / "datapackage.json").write_text(text, encoding="utf-8")
    assert any(message in fault.message for fault in faults_of(small.folder))


def test_json_that_is_broken_is_placed(small):
    (small.folder / "datapackage.json").write_text('{\n "resources": [}\n', encoding="utf-8")
    fault = only_fault(small.folder)
    assert isinstance(fault, BadFile)
    assert (fault.place.line, fault.place.column) == (2, 16)


def test_a_file_in_place_of_a_folder(tmp_path):
    path = tmp_path / "net.tntp"
    path.write_text("1 2 3")
    assert "is no folder" in only_fault(path).message


# whatever it holds

PARTS = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3000) | st.floats() | st.text(max_size=8)
    | st.sampled_from(["node_id", "string", "number", "%Y", "../x", "node.csv", "(", "source", "\ud800", "\0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def _paths(part, path=()):
    yield path
    if isinstance(part, dict):
        for key in part:
            yield from _paths(part[key], (*path, key))
    elif isinstance(part, list):
        for number, item in enumerate(part):
            yield from _paths(item, (*path, number))


@st.composite
def mutations(draw):
    """Draw what to do with one part of a description: which, and by what to replace it (None: delete, ...)."""
    return draw(st.integers(0, 10**9)), draw(st.sampled_from(["delete", "replace", "double", "wrap"])), draw(PARTS)


def _mutated(package, number, verb, new):
    paths = [path for path in _paths(package) if path]
    path = paths[number % len(paths)]
    part = package
    for key in path[:-1]:
        part = part[key]
    key = path[-1]
    if verb == "delete":
        del part[key]
    elif verb == "replace":
        part[key] = new
    elif verb == "wrap":
        part[key] = [part[key]]
    elif isinstance(part, list):
        part.append(copy.deepcopy(part[key]))
    else:
        part[str(key) + "_"] = copy.deepcopy(part[key])


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(mutations(), min_size=1, max_size=3))
@pytest.mark.slow
def test_no_change_of_a_description_gives_a_traceback(tmp_path_factory, write_tiny, changes):
    folder = tmp_path_factory.getbasetemp() / "mutated"
    if not folder.exists():
        write_tiny(folder)
        shutil.copy(folder / "datapackage.json", folder / "kept.json")
    package = json.loads((folder / "kept.json").read_text(encoding="utf-8"))
    for change in changes:
        _mutated(package, *change)
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8", errors="surrogatepass")
    code = 0
    try:
        Network.from_folder(folder)
    except CorridorError as error:
        code = error.exit_code
        str(error).encode("utf-8", "replace")
    assert code in (0, 2, 3)


# the shipped description and copies of the first one


def test_the_shipped_description_has_the_keys_that_costing_looks_up_by():
    tables = shipped_package().tables
    assert tables["tariff"].unique_in_time == (("tariff_id", "cargo_unit"),)
    assert tables["speed"].unique_in_time == (("speed_id",),)
    assert tables["operation"].unique_in_time == (("operation_id", "component", "quantity", "cargo_unit"),)
    assert tables["crossing"].unique_in_time == (("link_id", "from_node_id", "mode"),)
    assert tables["season"].unique_in_time == (("applies_to", "target_id"),)
    assert tables["sea_lane"].unique_pair == ("from_node_id", "to_node_id")


def test_a_copy_of_the_first_description_is_not_held_to_the_bounds_of_its_region(small):
    def change(package):
        package.update(name="corridor-net-geodata", version="2026.11")
        field_of(package, "node", "node_id")["constraints"]["pattern"] = "[a-z][a-z0-9_]*"
        field_of(package, "link", "length_km")["constraints"]["minimum"] = 0.1
        field_of(package, "tariff", "currency")["constraints"] = {"required": True, "enum": ["USD", "CNY"]}

    changed(small, change)
    small.edit("link", 0, length_km="0.05")
    small.append("node", "Hall 7,Hall,city,CN,,,1,1,,,,,,,,S,B,,")
    assert Network.from_folder(small.folder).node("hall 7").node_id == "Hall 7"
    assert ("node", "node_id") in OLD_BOUNDS
    changed(small, lambda package: package.update(version="mine"))
    assert {fault.message.split("'")[0] for fault in faults_of(small.folder)} == {"length_km = ", "node_id = "}


def test_a_package_may_bound_its_columns_tighter_and_their_largest_value_looser(small):
    changed(small, lambda p: field_of(p, "speed", "speed_kmh")["constraints"].update(minimum=-5, maximum=900))
    columns = read_package(small.folder).tables["speed"].columns
    assert (columns["speed_kmh"].minimum, columns["speed_kmh"].maximum) == (1, 900)
    changed(small, lambda p: field_of(p, "speed", "speed_kmh")["constraints"].update(minimum=30))
    assert {fault.message.split(": ")[1] for fault in faults_of(small.folder)} == {"must be 30 or more"}


def test_every_fault_of_a_description_is_told_at_once(small):
    def change(package):
        field_of(package, "node", "name")["constraints"]["pattern"] = "("
        resource_of(package, "link")["path"] = "../link.csv"

    changed(small, change)
    with pytest.raises(DataFault, match=r"2 fault\(s\)"):
        Network.from_folder(small.folder)


def digest(path, algorithm):
    return hashlib.new(algorithm, path.read_bytes()).hexdigest()


@pytest.mark.parametrize("form", ["{md5}", "md5:{md5}", "{sha256}", "sha256:{sha256}", "SHA-512:{sha512}"])
def test_a_file_that_is_as_its_hash_and_bytes_say_is_read(small, form):
    path = small.folder / "node.csv"
    told = form.format(**{name: digest(path, name) for name in ("md5", "sha256", "sha512")})
    changed(small, lambda p: resource_of(p, "node").update(hash=told, bytes=path.stat().st_size))
    assert Network.from_folder(small.folder).rows("node")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"bytes": 7}, "says that 'node.csv' has 7 bytes: it has {size}"),
        ({"bytes": "7"}, "says bytes = '7'"),
        ({"hash": "0" * 32}, "says that the md5 of 'node.csv' is {zeros}: it is {md5}"),
        ({"hash": "sha256:" + "0" * 64}, "says that the sha256 of 'node.csv' is {zeros}{zeros}: it is {sha256}"),
        ({"hash": "crc32:12345678"}, "says hash = 'crc32:12345678'"),
        ({"hash": 5}, "says hash = 5"),
    ],
)
def test_a_file_that_is_another_than_the_one_described_is_refused_with_what_was_found(small, told, said):
    path = small.folder / "node.csv"
    known = {name: digest(path, name) for name in ("md5", "sha256")}
    changed(small, lambda p: resource_of(p, "node").update(told))
    fault = only_fault(small.folder)
    size = f"{path.stat().st_size:,}"
    assert said.format(size=size, zeros="0" * 32, **known) in str(fault)
    assert pointed_at(fault).startswith(json.dumps(next(iter(told.values()))))
