"""No answer depends on the order of rows, of files, or of changes that touch different things."""

from __future__ import annotations

import csv
import json
import random
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.analysis.trips import trips
from corridor_net.costing import impedance

from .networks import ends, least, small

LAW = settings(deadline=None, derandomize=True, max_examples=25)


def shuffled(network, seed):
    """Return the network with the rows of every table in another order."""
    dice = random.Random(seed)  # noqa: S311
    tables = {name: dice.sample(rows, len(rows)) for name, rows in network.tables.items()}
    return network.with_rows(**tables)


def same(one, other):
    assert one.keys() == other.keys()
    for key, value in one.items():
        assert other[key] == pytest.approx(value, rel=1e-12), key


@LAW
@given(seed=st.integers(0, 10_000))
def test_rows_of_small_networks_in_another_order(seed):
    network = small(seed)
    same(least(network, *ends(network)), least(shuffled(network, seed + 1), *ends(network)))


def all_trips(network, cargo="dry_40"):
    router = cn.Router(impedance(network, cargo))
    pairs = ([m.node_id for m in network.markets(role)] for role in ("origin", "market"))
    return {pair: (t.cost_usd, t.hours, t.co2_kg, t.keys) for pair, t in trips(router, *pairs).items()}


@pytest.mark.parametrize(
    ("day", "seed", "cargo"),
    [("2016-07-01", "reversed", "dry_40"), ("2019-07-01", 1, "dry_20"), ("2026-07-01", 2, "reefer_40"),
     ("2019-02-01", 3, "timber_40"), ("2024-01-10", "reversed", "parts_40")],
)  # fmt: skip
def test_rows_of_the_shipped_tables_in_another_order(shipped, day, seed, cargo):
    """All 546 pairs, with all their measures and every step of the way."""
    network = shipped.as_of(day)
    if seed == "reversed":
        turned = network.with_rows(**{name: rows[::-1] for name, rows in network.tables.items()})
    else:
        turned = shuffled(network, seed)
    before, after = all_trips(network, cargo), all_trips(turned, cargo)
    assert before.keys() == after.keys()
    for pair, (*totals, keys) in before.items():
        assert after[pair][:3] == pytest.approx(totals, rel=1e-12), pair
        assert after[pair][3] == keys, pair


def test_a_package_written_in_another_order(geodata, tmp_path, net2019):
    """Rows, columns and resources of the files turned round."""
    folder = shutil.copytree(geodata, tmp_path / "geodata")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"].reverse()
    for resource in package["resources"]:
        resource["schema"]["fields"].reverse()
        path = folder / resource["path"]
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(row[::-1] for row in [rows[0], *rows[:0:-1]])
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert all_trips(cn.Network.from_folder(folder).as_of("2019-07-01")) == all_trips(net2019)


@pytest.mark.parametrize(
    ("one", "other"),
    [("vanino", "primorye-2"), ("harbin-mudanjiang", "suifenhe-faster"), ("rajin-khasan", "vladivostok-liner"),
     ("primorye-1", "hunchun-makhalino")],
)  # fmt: skip
def test_shipped_scenarios_in_either_order(net2019, one, other):
    first, second = cn.load_scenario(one), cn.load_scenario(other)
    there, back = second.apply(first.apply(net2019)), first.apply(second.apply(net2019))
    same(least(there, *ends(net2019)), least(back, *ends(net2019)))


CHANGES = [
    "{scale: tariff, where: {tariff_id: rail_cn}, field: per_km, by: 0.7}",
    "{scale: link, where: {mode: road, country: CN}, field: speed_kmh, by: 1.2}",
    "{scale: link, where: {mode: road, country: CN}, field: per_km, by: 0.9}",
    "{set: crossing, where: {crossing_id: suifenhe-grodekovo-rail-out}, component: queue, field: hours, value: 3}",
    "{scale: crossing, where: {crossing_id: hunchun-*}, component: border_fee, field: cost, by: 0.5}",
    "{shift: terminal, where: {node_id: dalian, to_state: port_out}, component: dwell, field: hours, by: -6}",
    "{scale: service, where: {service_id: busan-*}, field: sailings_per_week, by: 2}",
    "{scale: service, where: {service_id: dalian-kansai}, field: fixed, by: 0.8}",
    "{close: service, where: {service_id: [dalian-kanto]}}",
    "{close: crossing, where: {crossing_id: dongning-poltavka-road-out}}",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_changes_of_different_things_in_any_order(net2019, write_yaml, seed):
    dice = random.Random(seed)  # noqa: S311
    turned = dice.sample(CHANGES, len(CHANGES))
    found = []
    for name, changes in (("straight", CHANGES), ("turned", turned)):
        listed = "\n".join(f"  - {change}" for change in changes)
        path = write_yaml(f"{name}-{seed}", f"scenario: {name}\ntitle: T\nchanges:\n{listed}\n")
        found.append(least(cn.load_scenario(path).apply(net2019), *ends(net2019)))
    same(*found)
