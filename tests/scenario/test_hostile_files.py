"""Files and requests made to do harm: refused at once, in one message with its place, before anything is built."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.errors import BadFile, CorridorError, printable
from corridor_net.scenario import check_scenario
from corridor_net.scenario.model import ScenarioFile
from corridor_net.scenario.yaml_file import YamlFile
from corridor_net.scenario.yaml_text import MAX_BRACKETS, MAX_CHARACTERS, MAX_DEPTH, MAX_NODES, YamlNode

HEAD = "scenario: x\ntitle: x\n"
LAW = settings(deadline=None, derandomize=True, max_examples=200)


def bomb(levels, width, *, chained=True):
    """Lists of lists by aliases: width to the power of levels values, in few characters."""
    parts = [f"&a0 [{', '.join(['l'] * width)}]"]
    parts += [f"&a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return f"[{', '.join(parts)}]" if chained else parts[-1]


def read(text):
    return YamlFile.parse(text, "x.yaml").validate(ScenarioFile)


@pytest.mark.whole
@pytest.mark.parametrize("key", ["why", "changes", "extends", "zz"])
@pytest.mark.parametrize(("levels", "width"), [(8, 10), (12, 4), (3, 200)])
def test_aliases_that_multiply(monkeypatch, key, levels, width):
    made = []
    monkeypatch.setattr(YamlNode, "__init__", counting(YamlNode.__init__, made))
    with pytest.raises(BadFile, match="values") as caught:
        read(f"{HEAD}{key}: {bomb(levels, width)}\n")
    assert caught.value.place.line == 3
    assert len(made) < 2_000, "an alias is counted, not built"


@pytest.mark.parametrize(
    ("sign", "most", "word"),
    [("-", MAX_CHARACTERS - len(HEAD) - 2, "larger than 1 MB"), ("[", MAX_BRACKETS, "brackets are open")],
)
def test_a_bound_itself_is_allowed_and_one_more_is_not(sign, most, word):
    assert read(f"{HEAD}#{sign * most}\n").title == "x"
    with pytest.raises(BadFile, match=word):
        read(f"{HEAD}#{sign * (most + 1)}\n")


def test_brackets_that_are_closed_again_and_those_that_close_nothing_do_not_count():
    for before, left in (("[]" * 3, 0), ("]" * 3, 0), ("[[]" * 3, 3)):
        assert read(f"{HEAD}#{before}{'[' * (MAX_BRACKETS - left)}\n").title == "x"
        with pytest.raises(BadFile, match="brackets are open"):
            read(f"{HEAD}#{before}{'[' * (MAX_BRACKETS - left + 1)}\n")


def counting(make, made):
    def call(self, *arguments, **keys):
        made.append(self)
        make(self, *arguments, **keys)

    return call


def test_a_bomb_in_a_row(tiny, write_yaml):
    path = write_yaml("x", f"{HEAD}changes:\n- add: link\n  row: {{link_id: q, name: {bomb(8, 10)}}}\n")
    with pytest.raises(BadFile) as caught:
        check_scenario(path, tiny)
    assert caught.value.place.line == 5


@pytest.mark.whole
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("why: &a [*a]", "'*a' stands inside itself"),
        ("why: &a {b: *a}", "'*a' stands inside itself"),
        ("why: *a", "there is no '&a' before '*a'"),
        ("why: " + "[" * 5000 + "]" * 5000, "brackets are open"),
        ("why: " + "{a: " * 5000, "brackets are open"),
        ("why: " + "[\n" * 5000, "brackets are open"),
        ("why: " + "[" * 40 + "]" * 40, "levels inside each other"),
        ("why:\n" + "".join(f"{' ' * n}-\n" for n in range(1, 400)), "levels inside each other"),
        ("why: " + "- " * 4000, "not YAML"),
        ("why:\n  " + "- " * 4000, "levels inside each other"),
        pytest.param("why:\n" + "- a\n" * (MAX_NODES + 1), "more than 20,000 values", marks=pytest.mark.slow),
        ("why: !!set {a}", "'!!set'"),
        ("why: !!binary aGk=", "'!!binary'"),
        ("why: !!bool maybe", "'!!bool'"),
        ("why: !!int ''", "'!!int'"),
        ("why: !!int x", "'!!int'"),
        ("why: !!float one", "'!!float'"),
        ("why: !!timestamp soon", "'!!timestamp'"),
        ("why: !!omap [a: b]", "'!!omap'"),
        ("why: !!python/name:os.system x", "'!!python/name:os.system'"),
        ("why: !foo x", "'!foo'"),
        ("why: !<tag:example.org,2000:x> x", "'tag:example.org,2000:x'"),
        ("changes: !!set [a]", "'!!set'"),
        ('why: "\\ud800"', "half a character"),
        ('"\\udc00": x', "half a character"),
        ('why: "a\\e[31m"', "control character"),
        ('"\\a": x', "control character"),
        ('why: "\\x9b31m"', "control character"),
        ('why: "a\\Nb"', "control character '\\x85'"),
        ("why: 'a\x85b'", "the character '\\x85'"),
        ("? [a]\n: b", "a key must be a word"),
        ("? {a: b}\n: c", "a key must be a word"),
    ],
)
def test_yaml_that_a_scenario_has_no_use_for(text, message):
    with pytest.raises(BadFile) as caught:
        read(f"{HEAD}{text}\n")
    assert message in caught.value.message
    assert caught.value.place.line >= 3
    assert len(str(caught.value)) < 1_000


def test_aliases_inside_aliases_count_their_depth():
    def chain(last):
        return "why:\n- &a0 [x]\n" + "".join(f"- &a{n} [*a{n - 1}]\n" for n in range(1, last + 1))

    deepest = (
        MAX_DEPTH - 3
    )  # the list of 'why' is at level 1, its item at 2, what that holds at 3, and so deep below it
    assert YamlFile.parse(chain(deepest), "x.yaml").root.height == MAX_DEPTH
    with pytest.raises(BadFile, match="levels inside each other") as caught:
        YamlFile.parse(chain(deepest + 1), "x.yaml")
    assert caught.value.place.line == deepest + 3


def test_a_few_aliases_are_fine(tiny, write_yaml):
    text = (
        "changes:\n- {scale: link, where: &roads {mode: road}, field: length_km, by: 1.1}\n"
        "- {scale: link, where: *roads, field: per_km, by: 1.1}\n"
    )
    assert len(cn.load_scenario(write_yaml("x", HEAD + text)).diff(tiny)) == 4


def test_plain_tags_are_fine():
    file = read(
        "scenario: !!str x\ntitle: !!str 2019\nas_of: !!timestamp 2019-07-01\ninvestment_usd: !!float 3\nwhy: ! 4\n"
    )
    assert (file.title, str(file.as_of), file.investment_usd, file.why) == ("2019", "2019-07-01", 3.0, "4")


@pytest.mark.parametrize("size", [1_100_000, 5_000_000])
def test_a_file_too_large(tmp_path, size):
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + "why: " + "y" * size, encoding="utf-8")
    with pytest.raises(BadFile, match="too large for a scenario"):
        cn.load_scenario(path)


# numbers, dates and words that are none


CHANGE = "changes:\n  - {scale: link, where: {mode: road}, field: length_km, by: %s}\n"
NO_NUMBER = ["true", "false", "null", "'2'", "' 2 '", "1_000", "٢", "２", "0x10", "0o7", "1:30", "2019-01-01",
             ".inf", ".nan", "1e400", "-1e400", "1.0e+200", "1" * 40, "[2]", "{a: 2}", "2 3", "two", "1,5",
             "+-1", "017", "-02.5"]  # fmt: skip


@pytest.mark.whole
@pytest.mark.parametrize("text", NO_NUMBER)
def test_what_is_no_number_is_refused_where_one_stands(text, faults):
    found = faults(read, HEAD + CHANGE % text)
    assert found[0][0] == 4


@pytest.mark.whole
@pytest.mark.parametrize("text", [t for t in NO_NUMBER if t not in ("[2]", "{a: 2}", "null")])
def test_what_is_no_number_is_refused_in_a_value_and_in_a_row(tiny, load, faults, text):
    for change in (
        f"{{set: link, where: {{link_id: road-ab}}, field: length_km, value: {text}}}",
        f"{{set: link, where: {{link_id: road-ab}}, field: length_km, value: 310, was: {text}}}",
        f"{{add: link, row: {{link_id: n, name: N, from_node_id: alfa, to_node_id: golf, mode: road, length_km: {text},"
        " speed_id: road, tariff_id: road_cn, emission_factor_id: lorry, country: CN, geometry_id: none}}",
    ):
        change = change.replace("}}}}", "}}").replace("none}}", "none}}")
        found = faults(lambda c=change: load(c).apply(tiny))
        assert found[0][0] == 4
        assert len(found[0][2]) < 300


@pytest.mark.whole
@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("'8'", "write it without quotes"),
        ("'-1.5e2'", "write it without quotes"),
        ("017", "write it without the zeros before it"),
        ("'-08.5'", "write it without the zeros before it"),
        ("2019-07-01", None),
        ("'true'", None),
        ("'1e'", None),
    ],
)
def test_a_text_is_told_how_it_becomes_a_number_where_it_can(tiny, load, text, hint):
    change = f"{{set: link, where: {{link_id: road-ab}}, field: length_km, value: {text}}}"
    with pytest.raises(CorridorError) as caught:
        load(change).apply(tiny)
    fault = getattr(caught.value, "faults", [caught.value])[0]
    assert "is a number" in fault.message
    assert fault.hint == hint


@pytest.mark.whole
@pytest.mark.parametrize("text", ["true", "20190701", "2019-07-01T00:00:00", "'2019-07-01 '", "２０１９-07-01", "1",
                                  "1.5", "2019-7-1", "[2019-07-01]", "2019-02-30"])  # fmt: skip
def test_what_is_no_date_is_refused_where_one_stands(faults, tiny, load, text):
    ((line, column, message, _),) = faults(read, f"scenario: x\ntitle: x\nas_of: {text}\n")
    assert (line, column) == (3, 8)
    assert "as_of" in message
    change = f"{{set: link, where: {{link_id: road-ab}}, field: valid_to, value: {text}}}"
    assert faults(lambda: load(change).apply(tiny))[0][0] == 4


@pytest.mark.whole
@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "[a, b]"),
        ("name", "{a: b}"),
        ("name", "true"),
        ("mode", "' road'"),
        ("link_id", "'a b'"),
        ("link_id", "'a:b'"),
        ("link_id", "a~mine~1"),
        ("link_id", '"=cmd|x"'),
        ("link_id", "'@SUM'"),
        ("link_id", "'<b>'"),
        ("link_id", "a" * 81),
        ("link_id", "''"),
        ("directed", "1.5"),
        ("directed", "true"),
        ("valid_from", "2019-07-01T00:00:00"),
        ("geometry_id", "['x']"),
    ],
)
def test_a_cell_of_a_row_that_cannot_be(tiny, load, faults, field, text):
    row = {"link_id": "n", "name": "N", "from_node_id": "alfa", "to_node_id": "golf", "mode": "road",
           "length_km": "400", "speed_id": "road", "tariff_id": "road_cn", "emission_factor_id": "lorry",
           "country": "CN", "geometry_id": "none", field: text}  # fmt: skip
    change = "{add: link, row: {" + ", ".join(f"{key}: {value}" for key, value in row.items()) + "}}"
    found = faults(lambda: load(change).apply(tiny))
    assert any(field in message for _, _, message, _ in found)


@pytest.mark.whole
@pytest.mark.parametrize("text", ["'yes'", "yes", "1", "'true'", "on"])
def test_true_and_false_are_the_only_words_for_themselves(faults, text):
    assert (
        "optional"
        in faults(read, f"{HEAD}changes:\n  - {{close: link, where: {{mode: road}}, optional: {text}}}\n")[0][2]
    )


def test_opening_hours_in_digits_of_another_script(tiny, load, faults):
    change = "{set: crossing, where: {crossing_id: bc-out}, field: opening_hours, value: '0٩:00-1٩:00'}"
    assert "digits that are not 0 to 9" in faults(load(change).apply, tiny)[0][2]


# names of files


def test_a_name_too_long_for_a_file(faults, write_yaml):
    ((line, column, message, _),) = faults(cn.load_scenario, write_yaml("x", f"{HEAD}extends: {'a' * 400}\n"))
    assert (line, column) == (3, 10)
    assert "is no name of a file" in message
    ((_, _, message, _),) = faults(cn.load_scenario, "b" * 5000)
    assert len(message) < 100
    assert "is no name" in faults(cn.load_scenario, "b" * 256)[0][2]
    assert "is no name" not in faults(cn.load_scenario, "b" * 255)[0][2]


@pytest.mark.whole
@pytest.mark.parametrize("name", ["a\0b.yaml", "/dev/zero", "/dev/stdin.yaml", "..", "", "a/" * 100 + "x.yaml"])
def test_names_that_are_no_file(faults, name):
    assert faults(cn.load_scenario, name)


def test_a_long_chain_of_extends(write_yaml, faults):
    for number in range(30):
        write_yaml(f"s{number}", f"scenario: s{number}\ntitle: x\nextends: s{number + 1}\n")
    path = write_yaml("s30", "scenario: s30\ntitle: x\n").with_name("s0.yaml")
    ((_, _, message, _),) = faults(cn.load_scenario, path)
    assert message == "more than 20 scenarios extend one another"


def test_extends_that_fork_at_every_step_are_read_once_each(write_yaml, monkeypatch):
    for number in range(18):
        both = f"[s{number + 1}, s{number + 2}]" if number < 17 else "s18"
        write_yaml(f"s{number}", f"scenario: s{number}\ntitle: x\nextends: {both}\n")
    for number in (18, 19):
        write_yaml(f"s{number}", f"scenario: s{number}\ntitle: x\n")
    read_files = []
    own = YamlFile.read
    monkeypatch.setattr(YamlFile, "read", lambda path: read_files.append(path.name) or own(path))
    scenario = cn.load_scenario(write_yaml("x", "").with_name("s0.yaml"))
    assert len(scenario.lineage) == 19
    assert len(read_files) == 19


@pytest.mark.whole
@pytest.mark.parametrize("name", ["a" * 81, "A", "-a", "a b", "a\\nb", "ａ"])
def test_a_name_of_a_scenario_that_could_be_no_name_of_a_folder(faults, name):
    assert faults(read, f'scenario: "{name}"\ntitle: x\n')[0][0] == 1


# text that a terminal would obey


def test_what_steers_a_terminal_is_spelt_out_in_messages(cli, write_yaml, tiny_folder):
    title = "a\x1b]0;pwned\x07\x1b[31mred‮"
    path = write_yaml("x", f'scenario: x\ntitle: "{title.encode("unicode_escape").decode()}"\nwhyy: x\nzz‮: x\n')
    done = cli("check", path, "--geodata", tiny_folder)
    assert done.code == 2
    assert "‮" not in done.err
    assert "\\u202e" in done.err
    change = '{close: link, where: {link_id: "\\u202e[31mred"}}'
    done = cli("check", write_yaml("y", f"{HEAD}changes:\n  - {change}\n"), "--geodata", tiny_folder)
    assert "\u202e" not in done.err
    assert "\\u202e[31mred" in done.err


def test_control_characters_are_refused_in_a_scenario_that_is_no_yaml():
    with pytest.raises(ValueError, match="control character"):
        ScenarioFile.model_validate({"scenario": "x", "title": "a\x1b[31m"})


@given(st.text())
@LAW
def test_what_is_printable_is_printed_as_it_is_and_the_rest_can_be_read(text):
    shown = printable(text)
    assert all(character.isprintable() or ord(character) > 127 for character in shown)
    assert not set("\x1b\x07\r\n‮⁦") & set(shown)
    if all(character in string.printable[:95] for character in text):
        assert shown == text


@LAW
@given(st.text("ab&*[]{}:,-!\n \"'?|>#%@\\0123456789.~", max_size=80))
def test_any_text_of_yaml_is_read_or_refused_with_a_place(text):
    try:
        YamlFile.parse(text, "any.yaml")
    except CorridorError as error:
        refused = error
    else:
        return
    assert refused.place is not None
    assert str(refused)
