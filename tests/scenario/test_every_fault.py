"""`check FILE` lists every fault of a file at once, each with its place."""

import pytest

from corridor_net.scenario import check_scenario, check_study
from corridor_net.scenario.figures import known_fields, settable

MANY = """\
scenario: many
title: x
changes:
  - {set: link, where: {lnik_id: road-ab}, field: length_km, value: 3}
  - {set: link, where: {link_id: road-abc}, field: length_km, value: 310}
  - {close: crossing, where: {crossing_id: [bc-out, bc-outt, bc-inn]}}
  - {set: link, where: {link_id: road-ab}, field: lenght_km, value: 3}
  - {set: crossing, where: {crossing_id: bc-out}, component: queu, field: hours, value: 3}
  - {set: link, where: {mdoe: road, contry: CN}, field: lengthkm, value: 3}
  - {set: link, where: {link_id: road-ab}, field: length_km, value: 9000}
  - {scale: link, where: {link_id: road-bc}, field: length_km, by: 1.5, was: 31}
  - add: service
    row: {service_id: n, name: N, vehicle: zeppelin, sailings_per_week: 1000, speed_id: shipp, port_stay_hours: 1,
      tariff_id: sea, emission_factor_id: ship, colour: red}
    calls: [{node: charly}, {node: alfa}, {node: delta, arrival_hours: 9.0e+5}]
"""
PLACES = {
    (4, "table link has no column 'lnik_id'"),
    (5, "no row of table link matches link_id = road-abc"),
    (6, "no row of table crossing has crossing_id = bc-outt"),
    (6, "no row of table crossing has crossing_id = bc-inn"),
    (7, "table link has no field 'lenght_km' to change"),
    (8, "no component 'queu' there"),
    (9, "table link has no column 'mdoe'"),
    (9, "table link has no column 'contry'"),
    (9, "table link has no field 'lengthkm' to change"),
    (10, "road-ab length_km would be 9000: must be 5000 or less"),
    (11, "'was' does not hold: road-bc length_km is 30 km, not 31"),
    (13, "vehicle = 'zeppelin': must be one of container_ship, ropax, roro, train"),
    (13, "sailings_per_week = 1000: must be 100 or less"),
    (13, "unknown speed_id 'shipp'"),
    (14, "table service has no column 'colour'"),
    (15, "unknown node 'charly'"),
    (15, "there is no sea lane from alfa to delta"),
    (15, "arrival_hours = 900000: must be 8,784 or less"),
}


def told(found):
    return {(line, message) for line, _, message, _ in found}


def test_every_fault_of_every_change(tiny, write_yaml, faults):
    path = write_yaml("many", MANY)
    found = faults(check_scenario, path, tiny)
    assert told(found) == PLACES
    assert len(found) == len(PLACES)
    lines = MANY.splitlines()
    for line, column, message, _ in found:
        if "'" in message and "was" not in message and "matches" not in message:
            word = message.split("'")[1]
            if word in lines[line - 1] and message.startswith(("table", "unknown")):
                assert lines[line - 1][column - 1 :].startswith(word)


def test_the_command_prints_them_all_and_good_files_beside(cli, tiny_folder, write_yaml):
    path = write_yaml("many", MANY)
    good = write_yaml("good", "scenario: good\ntitle: x\nchanges:\n  - {close: link, where: {mode: rail}}\n")
    done = cli("check", path, good, path, "--geodata", tiny_folder, "--as-of", "2019-07-01")
    assert done.code == 2
    assert done.err.count(f"--> {path}:") == 2 * len(PLACES)
    assert "good.yaml: good" in done.out


def test_faults_of_the_text_and_of_the_other_changes_together(tiny, write_yaml, faults):
    text = (
        "scenario: Bad Name\ntitle: x\nwhyy: z\nchanges:\n"
        "  - {set: lnk, where: {mode: rail}, field: length_km, value: 3}\n"
        "  - {set: link, where: {link_id: road-zz}, field: length_km, value: 310}\n"
        "  - {set: link, where: {link_id: road-ab}, field: length, value: 310}\n"
    )
    found = faults(check_scenario, write_yaml("x", text), tiny)
    assert [line for line, *_ in found] == [1, 3, 5, 6, 7]


def test_every_base_that_is_not_there_and_every_wrong_name_beside(tiny, write_yaml, faults):
    text = (
        "scenario: x\ntitle: x\nextends: [gone, primorye-9]\nchanges:\n"
        "  - {set: link, where: {link_id: road-ab}, field: lenght_km, value: 310}\n"
        "  - {set: link, where: {link_id: road-ab}, field: length_km, value: 310, was: 9}\n"
    )
    # what `was` finds may be what a base made: it is not told before the bases are there
    found = faults(check_scenario, write_yaml("x", text), tiny)
    assert [(line, column) for line, column, *_ in found] == [(3, 11), (3, 17), (5, 51)]


def test_a_base_with_faults_tells_them_in_its_own_file(tiny, write_yaml, faults):
    write_yaml("base", "scenario: base\ntitle: x\nwhyy: z\nchanges:\n  - {close: lnk, where: {mode: rail}}\n")
    found = faults(check_scenario, write_yaml("x", "scenario: x\ntitle: x\nextends: base\n"), tiny)
    assert [line for line, *_ in found] == [3, 5]


def test_what_only_follows_from_another_fault_is_not_told(tiny, write_yaml, faults):
    text = (
        "scenario: x\ntitle: x\nchanges:\n"
        "  - add: link\n"
        "    row: {link_id: new, name: N, from_node_id: alva, to_node_id: bravo, mode: road, length_km: 310,\n"
        "      speed_id: road, tariff_id: road_cn, emission_factor_id: lorry, country: CN, geometry_id: none}\n"
        "  - {set: link, where: {link_id: new}, field: length_km, value: 320}\n"
        "  - {set: link, where: {link_id: road-ab}, field: length_km, value: 9000}\n"
        "  - {shift: link, where: {link_id: road-ab}, field: length_km, by: 1, was: 9000}\n"
    )
    found = faults(check_scenario, write_yaml("x", text), tiny)
    assert told(found) == {
        (5, "unknown node 'alva'"),
        (8, "road-ab length_km would be 9000: must be 5000 or less"),
    }


def test_faults_of_changes_and_of_what_the_others_made_together(tiny, write_yaml, faults):
    text = (
        "scenario: x\ntitle: x\nchanges:\n"
        "  - {set: link, where: {link_id: road-ab}, field: length_km, value: 100}\n"
        "  - {set: link, where: {link_id: road-zz}, field: length_km, value: 310}\n"
    )
    found = faults(check_scenario, write_yaml("x", text), tiny)
    assert sorted(line for line, *_ in found) == [4, 5]


def test_a_component_without_the_quantity_asked_for(tiny, load, faults):
    change = "{set: crossing, where: {crossing_id: bc-out}, component: border_fee, field: hours, value: 3}"
    assert faults(load(change).apply, tiny)[0][2] == "component 'border_fee' has no hours there, only cost"


@pytest.mark.whole
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("{close: link, where: {mode: rail}, value: 3}", "'close' takes no value"),
        ("{set: link, where: {mode: rail}, field: length_km, value: 3, by: 2}", "'set' takes no by"),
        ("{add: link, row: {link_id: x}, where: {mode: rail}}", "'add' takes no where"),
        ("{set: link, where: {link_id: road-ab}, field: length_km, value: 3, border_like: bc-out}",
         "'set' takes no border_like"),
        ("{add: crossing, row: {crossing_id: x}, border_like: bc-out}", None),
    ],
)  # fmt: skip
def test_a_key_that_its_verb_does_not_use_is_refused(tiny, load, faults, change, message):
    if message is None:
        found = faults(load(change).apply, tiny)
        assert "a crossing takes no border_like" in {said for _, _, said, _ in found}
    else:
        assert message in faults(load, change)[0][2]


@pytest.mark.whole
@pytest.mark.parametrize("field", ["grade", "source_id", "line", "basis", "link_id"])
def test_columns_that_are_no_figure_cannot_be_set(tiny, load, faults, field):
    change = f"{{set: link, where: {{link_id: road-ab}}, field: {field}, value: B}}"
    assert f"table link has no field '{field}' to change" in faults(load(change).apply, tiny)[0][2]


def test_where_takes_numbers_as_the_data_have_them(make_tiny, load):
    tiny = make_tiny(link=lambda rows: rows[0].update(directed=1))
    for where in ("{gauge_mm: 1435}", "{gauge_mm: '1435'}"):
        assert [row for row, *_ in load(f"{{close: link, where: {where}}}").diff(tiny)] == ["rail-ag"]
    assert [row for row, *_ in load("{close: link, where: {directed: 1, length_km: 300}}").diff(tiny)] == ["road-ab"]


def test_every_fault_of_a_study_and_of_its_scenarios_on_its_baselines(shipped, write_yaml, faults):
    write_yaml("one", "scenario: one\ntitle: x\nchanges:\n  - {close: link, where: {link_id: rail-nowhere}}\n")
    write_yaml("two", "scenario: two\ntitle: x\nrequires: one\n")
    text = (
        "study: s\ntitle: x\nbaselines: [baseline-2016, baseline-2019]\nscenarios: [one.yaml, two.yaml, vanino]\n"
        "origins: [harbin, harbn]\ndestinations: [niigata, nigata]\nfocus: tokio\ncargo: dry_44\n"
    )
    found = faults(check_study, write_yaml("s", text), shipped)
    messages = [message for _, _, message, _ in found]
    assert [line for line, *_ in found][:4] == [5, 6, 7, 8]
    assert messages[4:] == [
        "no row of table link matches link_id = rail-nowhere",
        "scenario 'two' requires 'one'",
    ]


def test_the_fields_of_a_table_are_its_own_columns_and_those_that_it_borrows():
    """What a row is told by, and where it comes from, is no field; hours and cost are of what has an operation."""
    borrowed = {"link": ["speed_kmh", "schedule_kmh", "per_km"], "service": ["speed_kmh", "fixed", "per_km"]}
    for table in ("link", "service", "crossing", "terminal", "season"):
        known = known_fields(table)
        assert known[: len(borrowed.get(table, []))] == borrowed.get(table, [])
        assert ("hours" in known, "cost" in known) == (table in ("crossing", "terminal"),) * 2
        assert not {f"{table}_id", "source_id", "grade", "basis", "line"} & set(known)
        assert len(known) == len(set(known))
    assert "sailings_per_week" in known_fields("service")
    assert known_fields("tariff") == settable("tariff")
    assert "cargo_unit" not in known_fields("tariff")
