"""Scenario files in another encoding, or with signs no text holds: one message with line and remedy, never long."""

import pytest

from corridor_net.errors import BadFile, CorridorError
from corridor_net.scenario import load_scenario
from corridor_net.scenario.yaml_file import YamlFile

TEXT = "scenario: trial\ntitle: 哈尔滨\n"


@pytest.mark.whole
@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (TEXT.encode("utf-16"), 1, "it is UTF-16"),
        ("scenario: trial\ntitle: t\n".encode("utf-16-le"), 1, "zero bytes"),
        (TEXT.encode("gb18030"), 2, "it is not UTF-8"),
        ("scenario: trial\ntitle: café\n".encode("latin-1"), 2, "it is not UTF-8"),
        (b"scenario: trial\ntitle: t\nwhy: a\0b\n", 3, "zero bytes"),
        (b"scenario: trial\ntitle: \x1b[31mred\n", 2, "control character"),
    ],
)
def test_a_file_in_another_encoding_is_told_with_line_and_remedy(tmp_path, content, line, message):
    path = tmp_path / "trial.yaml"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=message) as caught:
        load_scenario(path)
    assert caught.value.place.line == line
    assert caught.value.hint


def test_a_text_from_elsewhere_with_such_a_sign_has_its_place_too():
    with pytest.raises(BadFile, match="holds the character") as caught:
        YamlFile.parse("scenario: trial\ntitle: a\x07b\n", "the file")
    assert (caught.value.place.line, caught.value.place.column) == (2, 9)


def test_a_message_is_never_as_long_as_what_somebody_wrote(tmp_path):
    path = tmp_path / "trial.yaml"
    path.write_text(f"scenario: trial\ntitle: t\n? {'x' * 50_000}\n: 1\n", encoding="utf-8")
    with pytest.raises(CorridorError, match="unknown field") as caught:
        load_scenario(path)
    assert len(str(caught.value)) < 3_000
