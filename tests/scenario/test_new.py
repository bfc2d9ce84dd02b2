"""The file that `new` writes is good as it stands, and with its second change taken in."""

import corridor_net as cn


def test_the_file_to_start_from_is_good_and_so_is_what_it_shows(cli, tmp_path, net2019):
    assert cli("new", "mine", "--out", tmp_path).code == 0
    path = tmp_path / "mine.yaml"
    assert [field for _, field, *_ in cn.load_scenario(path).diff(net2019)] == ["queue hours", "queue hours"]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  # - ", "  - ").replace("  #   ", "    "), encoding="utf-8")
    assert ("rail-harbin-mudanjiang", "per_km FEU", 2.754, 2.2) in cn.load_scenario(path).diff(net2019)
