"""A demand over years: boxes from tonnes, loads against capacity, empty boxes brought at least cost; bad tables."""

from __future__ import annotations

import networkx as nx
import numpy as np
import openpyxl
import pytest

import corridor_net as cn
from corridor_net.analysis.loads.boxes import queue_factor
from corridor_net.analysis.loads.empties import _transport
from corridor_net.analysis.loads.gateways import choice
from corridor_net.errors import BadFile, CorridorError, FileFaults
from corridor_net.questions import page_of, question
from corridor_net.render.words import Words

TABLE = """origin,destination,cargo,year,tonnes,growth
harbin,niigata,onion_40,2019,2400,0.05
hunchun,toyama,timber_40,2019,5000,
niigata,harbin,parts_40,2019,700,
niigata,harbin,parts_40,2021,1400,
"""


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


def written(folder, text, name="demand.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def found(model, tmp_path_factory):
    path = written(tmp_path_factory.mktemp("boxes"), TABLE)
    return model.boxes(path, until=2022, cases=["high=0.05"])


def test_tonnes_are_boxes_by_the_payload_of_the_goods(found):
    first = found.years[0]
    assert first.tonnes == pytest.approx(8100)
    assert first.boxes == pytest.approx(2400 / 24 + 5000 / 25 + 700 / 14)
    assert first.teu == pytest.approx(2 * first.boxes)


def test_years_follow_the_table_and_growth_outside_it(found):
    by_year = {one.year: one.boxes for one in found.years}
    assert by_year[2020] == pytest.approx(100 * 1.05 + 200 * 1.02 + 75)
    assert by_year[2022] == pytest.approx(100 * 1.05**3 + 200 * 1.02**3 + 100 * 1.02)


def test_the_balance_of_boxes_closes_at_every_place(found):
    for one in found.balances:
        assert one.laden_in + one.empty_in == pytest.approx(one.laden_out + one.empty_out + one.left, abs=1e-6)
        assert one.left == pytest.approx(0, abs=1e-6)
    for kind in {one.kind for one in found.balances}:
        own = [one for one in found.balances if one.kind == kind]
        assert sum(one.empty_in for one in own) == pytest.approx(sum(one.empty_out for one in own))
        assert sum(one.boxes for one in found.moves if one.kind == kind) == pytest.approx(
            sum(one.empty_in for one in own)
        )


def test_refrigerated_boxes_bring_no_dry_ones_back(found):
    kinds = {one.kind: one for one in found.moves if one.origin == "niigata"}
    assert kinds["FEU reefer"].boxes == pytest.approx(100 * 1.05**3)
    assert "FEU" not in kinds, "dry boxes lack at Niigata: parts leave from there"


def test_loads_are_the_shares_of_the_logit(model, found):
    cargo = {"harbin": "onion_40", "hunchun": "timber_40", "niigata": "parts_40"}
    ends = {"harbin": "niigata", "hunchun": "toyama", "niigata": "harbin"}
    boxes = {"harbin": 100.0, "hunchun": 200.0, "niigata": 50.0}
    loaded: dict[str, float] = {}
    for start, count in boxes.items():
        router = model.with_options(cargo=cargo[start]).router
        for option in choice(router, start, ends[start]).options:
            for arc in (router.impedance.arcs[number] for number in option.arcs):
                if arc.kind == "board":
                    loaded[arc.asset_id] = loaded.get(arc.asset_id, 0.0) + 2 * count * option.share
    services = {one.key: one.teu[2019] for one in found.uses if one.kind == "service"}
    services.pop("charter", None)
    assert services == pytest.approx(loaded)


def test_what_is_used_is_held_against_its_capacity(model, tmp_path):
    path = written(tmp_path, "origin,destination,boxes\nhunchun,niigata,90000\n")
    found = model.boxes(path, growth=0.03, until=2030)
    gate = next(one for one in found.uses if one.key == "hunchun-kraskino-road-out")
    assert gate.capacity == 160 * 365
    assert gate.unit == "lorries"
    assert gate.use[2019] == pytest.approx(gate.teu[2019] / 2 / (160 * 365))
    assert gate.queue_factor == pytest.approx(1 + gate.use[2030] ** 4)
    later = [year for year, use in gate.use.items() if use > 1]
    assert gate.full_from == (later[0] if later else None)


def test_the_room_of_a_ship_times_its_sailings_is_what_a_line_can_carry(model, tmp_path):
    path = written(tmp_path, "origin,destination,boxes\nharbin,niigata,10\n")
    found = model.boxes(path, until=2019)
    line = next(one for one in found.uses if one.kind == "service" and one.capacity and one.key != "charter")
    row = next(one for one in model.network.active("service") if one.service_id == line.key)
    again = model.boxes(path, until=2019, rooms=[f"{line.key}=100"])
    assert next(one for one in again.uses if one.key == line.key).capacity == pytest.approx(
        100 * row.sailings_per_week * 365 / 7
    )


def test_empty_boxes_take_the_cheapest_ways_there_are():
    rng = np.random.default_rng(3)
    for _ in range(20):
        over = rng.integers(-20, 20, 6).astype(float)
        over[-1] -= over.sum()
        usd = rng.integers(1, 100, (6, 6)).astype(float)
        graph = nx.DiGraph()
        for node, amount in enumerate(over):
            graph.add_node(node, demand=-int(amount))
        for a in np.flatnonzero(over > 0).tolist():
            for b in np.flatnonzero(over < 0).tolist():
                graph.add_edge(a, b, weight=int(usd[a, b]))
        brought = _transport(over, usd)
        assert float((brought * usd).sum()) == pytest.approx(nx.min_cost_flow_cost(graph))


def test_boxes_without_a_way_stay_and_are_told():
    brought = _transport(np.array([5.0, 3.0, -8.0]), np.array([[np.inf] * 3, [1, 1, 2.0], [1, 1, 1.0]]))
    assert brought.tolist() == [[0, 0, 0], [0, 0, 3], [0, 0, 0]]


def test_hire_and_repositioning_are_priced_by_their_terms(model, tmp_path):
    path = written(tmp_path, "origin,destination,boxes\nharbin,niigata,365\n")
    plain = model.boxes(path, until=2019).years[0]
    dear = model.boxes(path, until=2019, hire=1.2, turn=6).years[0]
    none = model.boxes(path, until=2019, empty=0.0).years[0]
    assert dear.hire_usd == pytest.approx(2 * plain.hire_usd)
    assert plain.hire_usd == pytest.approx(plain.fleet_teu * 365 * 0.6)
    assert none.reposition_usd == 0
    assert plain.reposition_usd > 0


def test_the_example_of_the_page(model, tmp_path):
    rows = "origin,destination,cargo,tonnes\nharbin,niigata,{},{}\nniigata,harbin,parts_40,700\n"
    cold = model.boxes(written(tmp_path, rows.format("onion_40", 2400)), until=2019)
    assert sorted((one.kind, one.origin, round(one.boxes)) for one in cold.moves) == [
        ("FEU", "harbin", 50),
        ("FEU reefer", "niigata", 100),
    ]
    dry = model.boxes(written(tmp_path, rows.format("dry_40", 1680)), until=2019)
    assert [(one.origin, round(one.boxes)) for one in dry.moves] == [("niigata", 50)]
    assert dry.laden_back == pytest.approx(100 / 150)
    assert queue_factor(90000 / (160 * 365)) == pytest.approx(6.64, abs=0.01)


def test_the_number_of_boxes_is_their_days_over_a_year(model, tmp_path):
    path = written(tmp_path, "origin,destination,boxes\nharbin,niigata,20\nniigata,harbin,20\n")
    found = model.boxes(path, until=2019, turn=0).years[0]
    turned = model.boxes(path, until=2019, turn=10).years[0]
    assert turned.fleet_teu - found.fleet_teu == pytest.approx(2 * 40 * 10 / 365)


def test_cases_add_to_growth(found):
    given, high = found.cases
    assert high.teu == pytest.approx(2 * (100 * 1.10**3 + 200 * 1.07**3 + 100 * 1.07))
    assert given.teu == pytest.approx(found.years[-1].teu)


def test_a_workbook_says_what_the_same_csv_says(model, found, tmp_path):
    book = openpyxl.Workbook()
    for line in TABLE.splitlines():
        book.active.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in line.split(",")])
    book.save(tmp_path / "demand.xlsx")
    again = model.boxes(str(tmp_path / "demand.xlsx"), until=2022)
    assert again.years == found.years


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("origin,destination,tonnes\n", "holds no demand"),
        ("origin,destination,tonnes,teu\nharbin,niigata,1,2\n", "tonnes and teu"),
        ("origin,destination,tonnes\nharbin,niigata,-1\n", "tonnes is '-1'"),
        ("origin,destination,cargo,teu\nharbin,niigata,onions,1\n", "unknown cargo 'onions'"),
        ("origin,destination,year,teu\nharbin,niigata,2019.5,1\n", "2019.5"),
        ("origin,destination,growth,teu\nharbin,niigata,9,1\n", "a growth of"),
        ("origin,destination,teu\nharbin,niigata,1\nharbin,niigata,2\n", "stands twice"),
        ("origin,destination,teu\nharbin,harbin,1\n", "are one"),
        ("origin,destination,teu\nharbin,osakka,1\n", "osakka"),
    ],
)
def test_a_table_that_is_not_right_is_refused_by_name(model, tmp_path, text, says):
    with pytest.raises(CorridorError) as caught:
        model.boxes(written(tmp_path, text), until=2030)
    told = caught.value.faults[0] if isinstance(caught.value, FileFaults) else caught.value
    assert says in told.message


def test_merged_cells_and_formulas_without_values_are_told_with_their_cell(model, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["origin", "destination", "teu"])
    book.active.append(["harbin", "niigata", "=1+1"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(BadFile) as caught:
        model.boxes(str(tmp_path / "a.xlsx"))
    assert str(caught.value.place).endswith("a.xlsx:Sheet!C2")
    book.active["C2"] = 2
    book.active.merge_cells("A2:B2")
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(BadFile, match="merged") as caught:
        model.boxes(str(tmp_path / "b.xlsx"))
    assert str(caught.value.place).endswith("b.xlsx:Sheet!A2:B2")


def test_the_page_and_the_tables_add_up(found):
    said = [str(block) for block in page_of(found).blocks if not hasattr(block, "columns")]
    assert said[0] == "8,100 t a year in 2019 are 700 TEU; in 2022 860 TEU."
    drawn = question("boxes").drawn(found, Words())
    assert set(drawn) == {"years.csv", "loads.csv", "balances.csv", "moves.csv", "use.svg"}
