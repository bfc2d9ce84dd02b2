"""One table serves every question about a demand: what it holds counts, and nothing in it is passed over in silence."""

from __future__ import annotations

import pickle

import pytest

import corridor_net as cn
from corridor_net import errors
from corridor_net.analysis.loads.demand import read_demand, read_freight
from corridor_net.analysis.loads.traffic import read_streams
from corridor_net.costing.money import trade_of_origins
from corridor_net.errors import BadFile, BadValue, FileFaults, UnknownName


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


def written(folder, text):
    path = folder / "demand.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_goods_of_another_kind_are_refused_where_all_is_asked_of_one(model, tmp_path):
    path = written(tmp_path, "origin,destination,teu,cargo\nharbin,niigata,2,dry_40\nyanji,niigata,2,leek_40\n")
    for read in (lambda: read_streams(path, model.router, 2019), lambda: read_demand(path, model.network)):
        with pytest.raises(BadValue, match="the row is of 'leek_40', and all is asked of 'dry_40'") as caught:
            read()
        assert (caught.value.place.line, caught.value.place.column) == (3, 17)
        assert "--cargo leek_40" in caught.value.hint
    cold = model.with_options(cargo="leek_40").router
    with pytest.raises(BadValue, match="the row is of 'dry_40'"):
        read_streams(path, cold, 2019)
    assert {one.cargo for one in read_freight(path, model.network, "dry_40", 2019)} == {"dry_40", "leek_40"}


def test_a_demand_of_one_year_does_not_add_up_several(model, tmp_path):
    path = written(tmp_path, "origin,destination,teu,year\nharbin,niigata,2,2019\nharbin,niigata,3,2030\n")
    with pytest.raises(BadValue, match="several years"):
        read_demand(path, model.network)


@pytest.mark.parametrize("name", ["Year", "Growth", "cargos"])
def test_a_misspelt_column_of_goods_over_years_is_no_column_left_out(model, tmp_path, name):
    path = written(tmp_path, f"origin,destination,tonnes,{name}\nharbin,niigata,5,\n")
    with pytest.raises(BadFile, match=f"unknown column '{name}'"):
        read_freight(path, model.network, "dry_40", 2019)


def test_an_empty_cell_is_told_as_empty(model, tmp_path):
    path = written(tmp_path, "origin,destination,tonnes\nharbin,,4\n,niigata,\n")
    with pytest.raises(FileFaults) as caught:
        read_freight(path, model.network, "dry_40", 2019)
    told = [(fault.place.line, fault.message) for fault in caught.value.faults]
    empty = ((2, "destination"), (3, "origin"), (3, "tonnes"))
    assert told == [(line, f"the cell of '{name}' is empty") for line, name in empty]


def test_every_cell_that_is_not_right_is_told_as_it_is_written(model, tmp_path):
    path = written(tmp_path, "origin,destination,tonnes,cargo,year,growth\nharbin,harbin,x,onions,-2020,3%\n")
    with pytest.raises(FileFaults) as caught:
        read_freight(path, model.network, "dry_40", 2019)
    told = [(fault.place.column, fault.message) for fault in caught.value.faults]
    assert told == [
        (15, "tonnes is 'x'"),
        (17, "unknown cargo 'onions'"),
        (24, "the year is '-2020'"),
        (30, "growth is '3%'"),
        (1, "origin and destination are one"),
    ]
    assert isinstance(caught.value.faults[1], UnknownName)


def test_a_demand_of_nothing_is_named_and_nothing_is_written(cli, tmp_path):
    path = written(tmp_path, "origin,destination,tonnes\nharbin,niigata,0\n")
    done = cli("boxes", str(path), "--as-of", "2019-07-01", "--out", str(tmp_path / "out"))
    assert done.code == 2
    assert "there is no demand" in done.err
    assert not (tmp_path / "out").exists()


def test_trade_is_weighed_in_the_dollars_of_one_year(model):
    """Heilongjiang has that of 2016, Jilin that of 2020: 98.24 and 105.36 of 2017, and the day's 103.98."""
    trade, rows = trade_of_origins(model.network), {row.node_id: row for row in model.network.markets("origin")}
    assert trade["harbin"] == pytest.approx(117.5 * 103.98 / 98.24)
    assert trade["changchun"] == pytest.approx(1319 * 103.98 / 105.36)
    assert {rows[name].price_year for name in ("harbin", "changchun")} == {2016, 2020}


def test_a_line_of_another_year_is_offered_the_trade_of_that_year(model):
    boxes = {
        year: cn.load(as_of=f"{year}-07-01").line("busan-niigata", destinations=["niigata"]).boxes_per_week
        for year in (2018, 2019)
    }
    assert boxes[2019] / boxes[2018] == pytest.approx(1.02, rel=1e-6)
    same = cn.load(as_of="2018-07-01").line("busan-niigata", destinations=["niigata"], growth=0.0)
    assert same.boxes_per_week != pytest.approx(boxes[2018], rel=1e-3)


def test_of_many_faults_only_those_that_are_shown_look_for_the_nearest_spelling(model, tmp_path, monkeypatch):
    looked = []
    monkeypatch.setattr(errors.difflib, "get_close_matches", lambda text, *_, **__: looked.append(text) or [])
    rows = "".join(f"place{n},niigata,1\n" for n in range(300))
    with pytest.raises(FileFaults) as caught:
        read_demand(written(tmp_path, f"origin,destination,teu\n{rows}"), model.network)
    assert len(caught.value.faults) == 300
    assert str(caught.value).endswith("and 100 faults more [CN-E105]")
    assert sum(one.startswith("place") for one in looked) == errors.MOST_FAULTS
    there = pickle.loads(pickle.dumps(caught.value.faults[299]))  # noqa: S301 - as a fault goes to another process
    assert (there.place.line, there.hint) == (301, "'corridor-net export' writes the list of nodes")
