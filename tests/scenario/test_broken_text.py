"""Text that is not a scenario: the place is exact, whatever the text."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

import corridor_net as cn
from corridor_net.errors import BadFile, BadValue, CorridorError, FileFaults, UnknownName
from corridor_net.scenario import json_schema
from corridor_net.scenario.yaml_file import YamlFile

from .helpers import HEAD, LAW, plain


def caret(error):
    """Return the text of the source line from the caret on."""
    return error.place.text[error.place.column - 1 :]


BROKEN = {
    "unknown field": ("scenario: x\ntitle: x\nwhyy: z\n", UnknownName, "unknown field 'whyy'", 3, 1, "why"),
    "unknown field of a change": (
        HEAD + "  - set: link\n    wher: {mode: rail}\n    field: length_km\n    value: 3\n",
        UnknownName, "unknown field 'wher'", 5, 5, "where",
    ),
    "unknown field of a call": (
        HEAD + "  - add: service\n    row: {service_id: x}\n    calls:\n      - {node: a, arival_hours: 3}\n",
        UnknownName, "unknown field 'arival_hours'", 7, 19, "arrival_hours",
    ),
    "no title": ("scenario: x\n", BadValue, "'title' is missing", 1, None, None),
    "bad name": ("scenario: Not A Name\ntitle: x\n", BadValue, "scenario", 1, 11, None),
    "unknown table": (
        HEAD + "  - set: lnk\n    where: {mode: rail}\n    field: length_km\n    value: 3\n",
        BadValue, "changes.0.set", 4, 10, None,
    ),
    "two verbs": (
        HEAD + "  - set: link\n    scale: link\n    where: {mode: rail}\n    field: length_km\n    value: 3\n",
        BadValue, "exactly one of", 4, 5, None,
    ),
    "no verb": (HEAD + "  - where: {mode: rail}\n    value: 3\n", BadValue, "exactly one of", 4, 5, None),
    "set without value": (
        HEAD + "  - {set: link, where: {mode: rail}, field: length_km}\n", BadValue, "'set' needs value", 4, 5, None,
    ),
    "scale without by": (
        HEAD + "  - {scale: link, where: {mode: rail}, field: length_km}\n", BadValue, "'scale' needs by", 4, 5, None,
    ),
    "close without where": (HEAD + "  - close: link\n", BadValue, "'close' needs where", 4, 5, None),
    "negative scale": (
        HEAD + "  - {scale: link, where: {mode: rail}, field: length_km, by: -2}\n", BadValue, "0 or more", 4, 5, None,
    ),
    "by that is text": (
        HEAD + "  - {scale: link, where: {mode: rail}, field: length_km, by: twice}\n", BadValue, "changes.0.by", 4, 62,
        None,
    ),
    "not a number": (
        HEAD + "  - {scale: link, where: {mode: rail}, field: length_km, by: .nan}\n", BadValue, "changes.0.by", 4, 62,
        None,
    ),
    "unknown currency": (
        HEAD + "  - {set: tariff, where: {mode: rail}, field: per_km, value: 2, currency: euro}\n", BadValue,
        "currency", 4, 75, None,
    ),
    "unknown grade": (
        HEAD + "  - {set: tariff, where: {mode: rail}, field: per_km, value: 2, grade: E}\n", BadValue, "grade", 4, 72,
        None,
    ),
    "a date that is none": ("scenario: x\ntitle: x\nas_of: 2019-13-01\n", CorridorError, "YYYY-MM-DD", 3, 8, None),
    "changes that are no list": ("scenario: x\ntitle: x\nchanges: 3\n", BadValue, "changes", 3, 10, None),
    "the same key twice": ("scenario: x\ntitle: x\ntitle: y\n", BadFile, "duplicate key", 3, 1, None),
    "a tab": ("scenario: x\n\ttitle: x\n", BadFile, "not YAML", 2, None, None),
    "not YAML": ("scenario: [x\ntitle: }\n", BadFile, "not YAML", 2, None, None),
    "an unclosed quote": ('scenario: "x\ntitle: y\n', BadFile, "not YAML", None, None, None),
    "a list": ("- scenario: x\n", BadFile, "keys and values", 1, 1, None),
    "a word": ("hello\n", BadFile, "keys and values", 1, 1, None),
    "nothing": ("", BadFile, "keys and values", 1, 1, None),
    "two documents": ("scenario: x\ntitle: x\n---\nscenario: y\n", BadFile, "not YAML", 3, None, None),
    "an unknown tag": ("scenario: !!python/object:os.system x\ntitle: x\n", CorridorError, "", None, None, None),
    "an unknown anchor": ("scenario: *x\ntitle: x\n", BadFile, "not YAML", 1, None, None),
    "null bytes": ("scenario: x\0\ntitle: x\n", BadFile, "holds zero bytes", None, None, None),
}  # fmt: skip


@pytest.mark.whole
@pytest.mark.parametrize("name", BROKEN)
def test_broken_files(write_yaml, name):
    text, kind, message, line, column, nearest = BROKEN[name]
    path = write_yaml("broken", text)
    with pytest.raises(kind) as caught:
        cn.load_scenario(path)
    error = caught.value
    assert message in error.message
    assert error.place.path == str(path)
    if line is not None:
        assert error.place.line == line
    if column is not None:
        assert error.place.column == column
    if nearest is not None:
        assert error.hint == f"did you mean '{nearest}'?"
    assert error.exit_code == 2


@pytest.mark.whole
@pytest.mark.parametrize(
    "name",
    [
        n
        for n, case in BROKEN.items()
        if case[1] in (UnknownName, BadValue) and n not in ("not a number", "negative scale")
    ],
)
def test_the_json_schema_rejects_what_the_reader_rejects(tmp_path, name):
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN[name][0], encoding="utf-8")
    validator = jsonschema.Draft202012Validator(json_schema("scenario"))
    assert list(validator.iter_errors(plain(path)))


def test_a_caret_stands_under_the_offending_text(write_yaml):
    path = write_yaml("broken", HEAD + "  - {set: link, where: {mode: rail}, feild: length_km, value: 3}\n")
    with pytest.raises(CorridorError) as caught:
        cn.load_scenario(path)
    error = next(f for f in getattr(caught.value, "faults", [caught.value]) if isinstance(f, UnknownName))
    assert caret(error).startswith("feild")
    shown = str(error).splitlines()
    assert shown[1] == f"  --> {path}:4:38"
    assert shown[2].index("feild") == shown[3].index("^")
    assert shown[4] == "  = did you mean 'field'?"


@pytest.mark.whole
@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        ("scenario: x\ntitle: 2019\n", 2, 8, "title: Input should be a valid string",
         'a text is meant: write it in quotes, "2019"'),
        ("scenario: x\ntitle: true\n", 2, 8, "title:", 'a text is meant: write it in quotes, "true"'),
        ("scenario: x\ntitle:\nwhy: z\n", 2, 1, "title:", "nothing is written here: write a text"),
        ("scenario: A b\ntitle: x\n", 1, 11, "scenario: must look like [a-z0-9][a-z0-9-]*",
         "small letters, digits and hyphens, for example faster-border"),
        ('scenario: x\ntitle: "a\u2028b"\nwhyy: z\n', 3, 1, "unknown field 'whyy'", "did you mean 'why'?"),
        ("scenario: x\ntitle: x\n<<: {why: z}\n", 3, 1, "unknown field '<<'",
         "keys are not taken over from elsewhere: write each where it counts"),
    ],
)  # fmt: skip
def test_what_to_do_about_a_value_that_is_no_text(write_yaml, text, line, column, message, hint):
    with pytest.raises(CorridorError) as caught:
        cn.load_scenario(write_yaml("broken", text))
    error = caught.value
    assert (error.place.line, error.place.column, error.hint) == (line, column, hint)
    assert message in error.message
    assert error.place.text == text.split("\n")[line - 1]


def test_all_faults_of_a_file_at_once(write_yaml):
    text = (
        "scenario: Bad Name\nwhyy: x\ninvestment_usd: -5\nchanges:\n"
        "  - {set: lnk, where: {mode: rail}, field: length_km, value: 3}\n"
        "  - {scale: link, where: {mode: rail}, field: length_km, by: much}\n"
    )
    with pytest.raises(FileFaults) as caught:
        cn.load_scenario(write_yaml("broken", text))
    found = {(type(f), f.place.line) for f in caught.value.faults}
    assert found == {(BadValue, 1), (UnknownName, 2), (BadValue, 3), (BadValue, 5), (BadValue, 6)}
    assert len(caught.value.faults) == 6  # with the missing title
    for fault in caught.value.faults:
        assert f"{fault.place.path}:{fault.place.line}:" in str(caught.value)


def test_not_utf8(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes("scenario: x\ntitle: Хунчунь\n".encode("cp1251"))
    with pytest.raises(BadFile, match="cannot be read"):
        cn.load_scenario(path)


def test_a_byte_order_mark_is_allowed(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfscenario: x\ntitle: y\n")
    assert cn.load_scenario(path).name == "x"


def test_a_folder_in_place_of_a_file(tmp_path):
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(BadFile):
        cn.load_scenario(tmp_path / "x.yaml")


def test_nested_aliases_do_not_blow_up(write_yaml):
    text = "scenario: x\ntitle: x\na: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for here, there in zip("bcdefghijkl", "abcdefghijk", strict=True):
        text += f"{here}: &{here} [{', '.join([f'*{there}'] * 10)}]\n"
    text += "why: *l\n"
    with pytest.raises(CorridorError) as caught:
        cn.load_scenario(write_yaml("bomb", text))
    assert len(str(caught.value)) < 20_000


def test_an_alias_bomb_in_a_field_that_is_read(write_yaml):
    text = "scenario: x\ntitle: x\nextends:\n  - &a [x, x, x, x, x, x, x, x, x, x]\n"
    for here, there in zip("bcdefgh", "abcdefg", strict=True):
        text += f"  - &{here} [{', '.join([f'*{there}'] * 10)}]\n"
    with pytest.raises(CorridorError) as caught:
        cn.load_scenario(write_yaml("bomb", text))
    assert len(str(caught.value)) < 20_000


def test_deep_nesting(write_yaml):
    with pytest.raises(BadFile):
        cn.load_scenario(write_yaml("deep", "scenario: x\ntitle: x\nwhy: " + "[" * 5000 + "]" * 5000 + "\n"))


def test_a_file_too_large(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_text("scenario: x\ntitle: x\nwhy: " + "y" * 2_100_000, encoding="utf-8")
    with pytest.raises(BadFile, match="too large"):
        cn.load_scenario(path)


@LAW
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        YamlFile.parse(text, "any.yaml")
    except CorridorError as error:
        str(error)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text("ab-*: ", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["set", "scale", "where", "field", "value", "by", "row", "calls", "add", "node", "mode"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@LAW
@given(st.dictionaries(st.sampled_from(["scenario", "title", "changes", "extends", "as_of", "why", "zz"]), JUNK))
def test_any_document_is_taken_or_refused_with_a_place(document):
    import io

    from corridor_net.scenario.model import ScenarioFile

    text = io.StringIO()
    YAML().dump(document, text)
    try:
        file = YamlFile.parse(text.getvalue(), "any.yaml")
        file.validate(ScenarioFile)
    except CorridorError as error:
        for fault in getattr(error, "faults", [error]):
            assert fault.place is not None
