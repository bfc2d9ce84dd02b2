"""What a reader starts from is good: the file that `new` writes, and the examples of the page on scenarios."""

import re

import pytest

import corridor_net as cn


def test_the_file_to_start_from_is_good_and_so_is_what_it_shows(cli, tmp_path, net2019):
    assert cli("new", "mine", "--out", tmp_path).code == 0
    path = tmp_path / "mine.yaml"
    told = cn.load_scenario(path).diff(net2019)
    assert [field for _, field, *_ in told] == ["procedures hours", "procedures hours"]
    assert all(after == round(before * 2 / 3, 2) for *_, before, after in told)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  # - ", "  - ").replace("  #   ", "    "), encoding="utf-8")
    assert ("rail-harbin-mudanjiang", "per_km FEU", 4.717, 4.2) in cn.load_scenario(path).diff(net2019)


def test_the_example_of_the_page_is_good(root, write_yaml, net2019):
    page = (root / "docs" / "scenarios.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?scenario: .*?)```", page, re.DOTALL)[1]
    scenario = cn.load_scenario(write_yaml("example", example))
    assert scenario.diff(net2019)[-1][2:] == (8, 4)


def test_the_money_worked_by_hand_on_the_page(load, net2019, root):
    change = "{shift: terminal, where: {terminal_id: harbin-origin-rail_1435}, component: drayage, field: cost, "
    scenario = load(change + "by: 50, currency: USD, price_year: 2018}")
    ((_, field, before, after),) = scenario.diff(net2019)
    assert (field, before) == ("drayage cost", 617)
    assert after == pytest.approx(617 + 50 * 103.98 / 102.29 * 6.9081)
    assert "968.11 CNY" in (root / "docs" / "scenarios.md").read_text(encoding="utf-8")
    assert after == pytest.approx(968.11, abs=0.005)
