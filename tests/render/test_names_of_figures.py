"""Figures are called by names of the data, not by ids, in the language of the reader; what has no name is its id."""

from dataclasses import replace

import pytest

from corridor_net.costing import parameters_of
from corridor_net.figure_keys import original_key
from corridor_net.languages import words_for
from corridor_net.network.checks import faults_of


@pytest.mark.parametrize(
    ("language", "key", "name"),
    [
        ("en", "operation:port_cn_out:dwell:hours", "dwell hours, ports of China, out"),
        ("en", "operation:port_vostochny_in:handling:hours", "handling hours, port of Vostochny, in"),
        ("en", "operation:border_road_hunchun_out:queue:hours", "queue hours, Hunchun to Kraskino (road)"),
        ("en", "tariff:road_cn", "rate, lorry, China"),
        ("en", "tariff:road_cn~made~1", "rate, lorry, China"),
        ("en", "speed:rail_ru_main", "speed, rail, main lines, Russia"),
        ("ja", "tariff:sea_ru_jp", "運賃、海上運賃、ロシア→日本"),
        ("ru", "tariff:road_kr", "тариф, грузовик, Корея"),
    ],
)
def test_a_figure_is_called_by_its_name(shipped, language, key, name):
    made = [*shipped.rows("tariff")]
    made += [replace(row, tariff_id="road_cn~made~1") for row in made if row.tariff_id == "road_cn"]
    assert words_for(shipped.with_rows(tariff=made), language=language).figure(key) == name


def test_no_shipped_figure_is_called_by_an_id(shipped):
    words = words_for(shipped)
    named = {(row.applies_to, row.figure_id) for row in shipped.rows("figure_name")}
    called = {key: words.figure(key) for key in parameters_of(shipped, "dry_40")}
    for key, name in called.items():
        table, row = key.split(":")[:2]
        if table in ("operation", "tariff", "speed", "emission_factor") and "_" in row and (table, row) not in named:
            assert row.replace("_", " ") not in name, key
    assert len({called[key] for key in called if key.startswith(("operation:", "tariff:"))}) == len(
        [key for key in called if key.startswith(("operation:", "tariff:"))]
    )


def test_a_package_without_names_has_its_ids_and_a_wrong_name_is_a_fault(make_tiny, shipped):
    assert words_for(make_tiny()).figure("tariff:road_cn") == "rate, road cn"
    row = next(row for row in shipped.rows("figure_name") if row.figure_id == "road_cn")
    wrong = shipped.with_rows(figure_name=[replace(row, place="CX"), replace(row, figure_id="road_xx")])
    first, second = map(str, faults_of(wrong))
    assert "unknown place 'CX'" in first
    assert "unknown figure_id 'road_xx'" in second


def test_signs_of_keys_in_an_id_are_part_of_it(shipped):
    made = [replace(row, service_id="line:7") for row in shipped.rows("service")[:1]]
    words = words_for(shipped.with_rows(service=made))
    assert words.figure("service:line:7:sailings_per_week") == f"sailings of {made[0].name}"
    assert words.figure("tariff:rail:cn") == "rate, tariff:rail:cn"
    assert words.figure("operation:a:b:queue:hours").startswith("queue hours, ")
    assert original_key("tariff:a~b") == "tariff:a~b"  # no scenario made this one
    assert original_key("operation:a:b~faster~2:queue:hours") == "operation:a:b:queue:hours"
