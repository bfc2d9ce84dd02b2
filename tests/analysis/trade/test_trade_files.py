"""Trade statistics in their own forms, made up here row by row; indices of trade; bad files named with their line."""

from __future__ import annotations

import math

import pytest

import corridor_net as cn
from corridor_net.analysis.trade.parties import sectors_of
from corridor_net.analysis.trade.trade_files import form_of, read_trade
from corridor_net.errors import BadFile, BadValue
from corridor_net.questions import page_of

BACI = """t,i,j,k,v,q
2019,156,392,070320,5000,4000
2019,156,410,440710,3000,NA
2019,156,392,847989,12000,600
2019,643,392,440710,20000,90000
2019,643,156,440710,30000,120000
2019,410,392,847989,40000,2000
2019,392,156,870899,25000,3000
"""
COMTRADE = """refYear,flowCode,reporterISO,partnerISO,partner2Code,cmdCode,customsCode,motCode,netWgt,primaryValue
2019,X,CHN,JPN,0,070320,C00,0,4000000,5000000
2019,X,CHN,JPN,0,07,C00,0,4000000,5000000
2019,X,CHN,JPN,0,070320,C00,2100,4000000,5000000
2019,X,CHN,W00,0,070320,C00,0,9000000,9000000
2019,RX,CHN,JPN,0,070320,C00,0,1,1
2019,M,JPN,CHN,0,070320,C00,0,4100000,5600000
2019,M,JPN,RUS,0,440710,C00,0,90000000,20000000
2018,X,CHN,JPN,0,070320,C00,0,3000000,4000000
"""
CHINA = """数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,注册地编码,注册地名称,第一数量,第一计量单位,美元,
201901,07032010,大蒜,116,日本,23,黑龙江省,"1,000",千克,"2,500",
201902,07032010,大蒜,116,日本,23,黑龙江省,500,千克,"1,500",
201901,44071019,木材,133,韩国,22,吉林省,40,立方米,"8,000",
"""
JAPAN = """Exp or Imp,Year,HS,Country,Custom,Unit1,Unit2,Quantity1-Year,Quantity2-Year,Value-Year
2,2019,'070320000',105,500,  ,KG,0,1000,1090
1,2019,'870899000',105,500,NO,KG,10,2000,2180
2,2019,'440710110',224,500,  ,CM,0,30,3270
1,2019,'720410000',105,500,  ,MT,0,7,1090
"""


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


def written(folder, text, name="trade.csv", encoding="utf-8"):
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def told(table):
    return {(row.exporter, row.importer, row.code): (round(row.musd, 6), row.tonnes) for row in table.rows.itertuples()}


def test_baci_is_thousands_of_dollars_between_countries(model, tmp_path):
    found = read_trade(written(tmp_path, BACI), model.network)
    assert (found.form, found.year) == ("BACI", 2019)
    assert told(found)["CHN", "JPN", "070320"] == (5.0, 4000.0)
    assert len(found.rows) == 7


def test_comtrade_counts_no_flow_twice(model, tmp_path):
    """Not totals beside their parts, not the world, not modes beside their sum, no re-exports, no mirror of a flow."""
    found = read_trade(written(tmp_path, COMTRADE), model.network)
    assert (found.form, found.year, found.years) == ("Comtrade", 2019, (2018, 2019))
    assert told(found) == {("CHN", "JPN", "070320"): (5.0, 4000.0), ("RUS", "JPN", "440710"): (20.0, 90000.0)}
    assert told(read_trade(written(tmp_path, COMTRADE), model.network, year=2018))["CHN", "JPN", "070320"][0] == 4.0


def test_a_workbook_with_countries_by_name_says_what_the_file_of_text_says(model, tmp_path):
    """The first sheet, as programs write it: a column of row numbers without a heading, numbers as numbers."""
    import openpyxl

    rows = [line.split(",") for line in COMTRADE.replace("ISO", "Desc").splitlines()]
    book = openpyxl.Workbook()
    for number, row in enumerate(rows):
        book.active.append(
            [number or None, *(int(cell) if cell.isdigit() and cell[0] != "0" else cell for cell in row)]
        )
    book.save(tmp_path / "trade.xlsx")
    as_text = read_trade(written(tmp_path, COMTRADE), model.network)
    found = read_trade(tmp_path / "trade.xlsx", model.network)
    assert (found.form, found.years, told(found)) == (as_text.form, as_text.years, told(as_text))
    assert form_of(tmp_path / "trade.xlsx") == "Comtrade"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_customs_by_province_add_up_over_months(model, tmp_path, encoding):
    path = written(tmp_path, CHINA, encoding=encoding)
    found = read_trade(path, model.network, flow="export")
    assert found.form == "China customs"
    assert told(found)["Heilongjiang", "JPN", "07032010"] == (0.004, 1.5)
    assert told(found)["Jilin", "KOR", "44071019"][0] == 0.008
    back = read_trade(path, model.network, flow="import")
    assert ("JPN", "Heilongjiang", "07032010") in told(back)
    with pytest.raises(BadValue, match="which way"):
        read_trade(path, model.network)


def test_chinese_customs_in_yuan_are_carried_at_the_rate_of_their_year(model, tmp_path):
    text = CHINA.replace("美元", "人民币").replace("2,500", "6,908.1")
    found = read_trade(written(tmp_path, text), model.network, flow="export")
    rate = next(r.units_per_usd for r in model.network.rows("exchange_rate") if (r.currency, r.year) == ("CNY", 2019))
    assert told(found)["Heilongjiang", "JPN", "07032010"][0] == pytest.approx((6908.1 + 1500) / rate / 1e6, abs=1e-6)


def test_japanese_customs_by_office_are_thousands_of_yen(model, tmp_path):
    found = read_trade(written(tmp_path, JAPAN), model.network)
    rate = next(r.units_per_usd for r in model.network.rows("exchange_rate") if (r.currency, r.year) == ("JPY", 2019))
    rows = told(found)
    assert rows["CHN", "500", "070320000"][0] == pytest.approx(1.09e6 / rate / 1e6, abs=1e-6)
    assert rows["500", "CHN", "870899000"][1] == 2.0
    assert rows["500", "CHN", "720410000"][1] == 7.0
    assert math.isnan(rows["RUS", "500", "440710110"][1]), "cubic metres are no weight"


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        (BACI.replace("5000,4000", "5000x,4000"), "v is '5000x'", 2),
        (BACI.replace("3000,NA", "-3000,NA"), "v is '-3000'", 3),
        (BACI.replace("2019,643,392", "19,643,392"), "the year is '19'", 5),
        ("a,b\n1,2\n", "no form of trade", 1),
    ],
)
def test_a_cell_that_is_none_is_named_with_its_line(model, tmp_path, text, says, line):
    with pytest.raises((BadValue, BadFile)) as caught:
        read_trade(written(tmp_path, text), model.network)
    assert says in caught.value.message
    assert caught.value.place.line == line


def test_a_year_that_is_not_there_and_a_rate_that_is_not_known_are_refused(model, tmp_path):
    with pytest.raises(BadValue, match="no trade of 2030"):
        read_trade(written(tmp_path, BACI), model.network, year=2030)
    with pytest.raises(BadValue, match="no rate of JPY is known for 1955"):
        read_trade(written(tmp_path, JAPAN.replace("2019", "1955")), model.network)


def test_every_sector_is_a_cargo_profile_of_the_data(model):
    known = {row.cargo_id for row in model.network.rows("cargo")}
    sector = sectors_of(model.network)
    assert {sector(code) for code in ("030617", "100590", "120190", "440710", "441114", "870880")} <= known
    assert (sector("030354"), sector("030614"), sector("110812")) == ("fish_40", "reefer_40", "starch_40")
    assert sector("271019") is None


# indices


def test_a_file_of_the_world_as_the_only_partner_says_what_counts(model, tmp_path):
    head, *rows = COMTRADE.splitlines()
    only = "\n".join([head, *(row for row in rows if ",W00," in row)])
    with pytest.raises(BadFile, match="holds no trade") as refused:
        read_trade(written(tmp_path, only), model.network)
    assert "world as a partner" in refused.value.hint


def test_advantage_complementarity_and_room_by_hand(model, tmp_path):
    found = model.advantage(str(written(tmp_path, BACI)), "CHN", "JPN", per="chapter")
    goods = {one.goods: one for one in found.goods}
    # China sells 20 in all, 5 of them garlic; the world sells 135 in all, 5 of garlic
    assert goods["07"].advantage == pytest.approx((5 / 20) / (5 / 135))
    assert goods["07"].symmetric == pytest.approx((6.75 - 1) / (6.75 + 1))
    # Japan buys 77: garlic 5, wood 20, machines 52
    alike = min(5 / 20, 5 / 77) + min(3 / 20, 20 / 77) + min(12 / 20, 52 / 77)
    assert found.complementarity == pytest.approx(alike)
    assert sum(one.common for one in found.goods) == pytest.approx(found.complementarity)
    assert found.intensity == pytest.approx((17 / 20) / (77 / 135))
    assert goods["84"].room_musd == pytest.approx(12 - 12)
    assert goods["44"].room_musd == pytest.approx(3)
    assert found.goods[0].goods == "44"


def test_a_province_is_held_against_the_world_of_another_file(model, tmp_path):
    customs = written(tmp_path, CHINA, "customs.csv")
    found = model.advantage(
        str(customs), "黑龙江", "Japan", flow="export", world=str(written(tmp_path, BACI)), per="cargo"
    )
    assert (found.place, found.partner) == ("Heilongjiang", "JPN")
    garlic = next(one for one in found.goods if one.goods == "garlic_40")
    assert garlic.advantage == pytest.approx(1 / (5 / 135))
    assert str(page_of(found).blocks[0]).startswith("Heilongjiang to JPN, 2019")


def test_trade_of_one_place_alone_says_nothing_of_advantage(model, tmp_path):
    with pytest.raises(BadValue, match="one place alone"):
        model.advantage(str(written(tmp_path, CHINA.replace("吉林省", "黑龙江省"))), "黑龙江", "日本", flow="export")


# gravity


def test_gravity_takes_statistics_with_a_table_of_places(model, tmp_path):
    rows = ["t,i,j,k,v,q"]
    router = {name: model.with_options(cargo=name).router for name in ("garlic_40", "timber_40")}
    places = {"901": "harbin", "902": "yanji", "903": "hunchun", "904": "mudanjiang"}
    goals = {"801": "niigata", "802": "toyama", "803": "osaka", "804": "tokyo"}
    for cargo, code in (("garlic_40", "070320"), ("timber_40", "440710")):
        for a, start in places.items():
            for b, goal in goals.items():
                usd = router[cargo].route(start, goal).generalised_cost_usd
                trade = 1e6 * int(a) / int(b) * (1 + usd / router[cargo].impedance.cargo.value_usd) ** -4
                rows.append(f"2019,{a},{b},{code},{trade:.6f},1")
    rows += ["2019,901,250,070320,1000,1", "2019,901,801,010121,500,1"]  # no place, no cargo profile
    rows += ["2019,901,905,070320,200,1"]  # within one place
    trade = written(tmp_path, "\n".join(rows))
    both = "".join(f"{party},{node}\n" for party, node in {**places, **goals, "905": "harbin"}.items())
    found = model.gravity(str(trade), "primorye-2", places=str(written(tmp_path, "party,node\n" + both, "places.csv")))
    assert found.theta == pytest.approx(4, abs=1e-3)
    assert found.told_by_cost == pytest.approx(1, abs=1e-6)
    assert [one.cargo for one in found.by_cargo] == ["garlic_40", "timber_40"]
    assert all(one.theta == pytest.approx(4, abs=1e-3) for one in found.by_cargo)
    assert {flow.cargo for flow in found.flows} == {"garlic_40", "timber_40"}
    whole = sum(float(row.split(",")[4]) for row in rows[1:]) / 1000
    assert (found.counted.parties, found.counted.of_parties) == (9, 10)
    assert found.counted.of_musd == pytest.approx(whole)
    assert found.counted.between_musd == pytest.approx(whole - 1.2)
    assert found.counted.musd == pytest.approx(whole - 1.7)
    assert any("9 of 10 parties have a place" in str(block) for block in page_of(found).blocks)


@pytest.mark.parametrize(
    ("heads", "encoding"),
    [
        ("country_code,country_name,country_iso2,country_iso3", "utf-8"),
        ("country_code,country_name_abbreviation,iso_2digit_alpha,iso_3digit_alpha", "latin-1"),
    ],
)
def test_numbers_of_baci_have_the_names_of_the_list_that_comes_with_it(model, tmp_path, heads, encoding):
    rows = f"{heads}\n251,France,FR,FRA\n384,Côte d'Ivoire,CI,CIV\n156,China,CN,CHN\n842,USA,US,USA\n"
    trade = written(tmp_path, "t,i,j,k,v,q\n2019,251,156,070320,5000,4\n2019,384,842,440710,3000,NA\n")
    bare = read_trade(trade, model.network)
    assert set(bare.rows["exporter"]) == {"251", "384"}
    with pytest.raises(BadValue, match="'FRA' is no exporter") as caught:
        bare.named("FRA", "exporter")
    assert "country_codes_V" in caught.value.hint
    written(tmp_path, rows, "country_codes_V202401b.csv", encoding)
    table = read_trade(trade, model.network)
    assert {tuple(row) for row in table.rows[["exporter", "importer"]].to_numpy()} == {("FRA", "CHN"), ("CIV", "USA")}
    for called in ("FRA", "FR", "fr", "France", "251"):
        assert table.named(called, "exporter") == "FRA"
    assert table.named("Côte d'Ivoire", "exporter") == "CIV"
