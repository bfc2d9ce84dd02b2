"""Numbers inside a written-out row of a workbook follow the rules of YAML."""

import openpyxl
import pytest

from corridor_net.errors import CorridorError
from corridor_net.scenario import load_scenario

ROW = (
    "link_id = new; name = New; from_node_id = harbin; to_node_id = changchun; mode = road; length_km = {}; "
    "speed_id = road_cn; tariff_id = road_cn; emission_factor_id = road_heavy; country = CN"
)


@pytest.mark.parametrize("text", ["1_000", "٣٠٠", "nan", "inf", "300 km", "３００"])
def test_a_number_in_a_row_is_one_that_yaml_would_take(net2019, tmp_path, text):
    book = openpyxl.Workbook()
    keys, changes = book.worksheets[0], book.create_sheet("changes")
    keys.title = "scenario"
    for row in (("scenario", "new-road"), ("title", "A new road")):
        keys.append(row)
    changes.append(("change", "table", "row"))
    changes.append(("add", "link", ROW.format(text)))
    path = tmp_path / "new-road.xlsx"
    book.save(path)
    with pytest.raises(CorridorError, match="length_km") as caught:
        load_scenario(path).apply(net2019)
    assert caught.value.place.path.endswith("changes!C2")
    changes["C2"] = ROW.format("300")
    book.save(path)
    assert load_scenario(path).apply(net2019).rows("link")[-1].length_km == 300
