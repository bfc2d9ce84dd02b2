"""Chinese domestic trade: no papers by a Chinese port, those of an export by a Russian one, at the border."""

import pytest

import corridor_net as cn


@pytest.mark.parametrize(
    ("via", "cargo", "change"),
    [
        ("dalian", "dry_40", -1030 / 6.9081),  # the papers of a 40-ft box, CNY of 2019, which are not asked
        ("vladivostok", "dry_40", 0.0),  # the same papers, at the border
        ("dalian", "dry_20", -930 / 6.9081),
        ("vladivostok", "dry_20", 0.0),
    ],
)
def test_papers_move_from_the_loading_to_the_border(via, cargo, change):
    foreign = cn.load(as_of="2019-07-01", cargo=cargo)
    domestic = foreign.with_scenario("domestic-box")
    before, after = (model.route("hunchun", "ningbo", via=[via]).route for model in (foreign, domestic))
    assert [leg.key for leg in before.legs] == [leg.key for leg in after.legs]
    assert after.cost_usd - before.cost_usd == pytest.approx(change, abs=1e-6)
    assert after.hours == before.hours


def papers_at_borders(model):
    network, found = model.router.network, {}
    rows = network.active("crossing")
    out = {row.crossing_id for row in rows if network.nodes[row.from_node_id].country == "CN"}
    for arc in model.router.impedance.arcs:
        if arc.kind == "crossing" and arc.asset_id in out:
            found[arc.key] = sum(part.amount for part in arc.parts if part.component == "documents")
    return found


@pytest.mark.parametrize("day", ["2013-07-01", "2026-07-01"])
def test_every_way_out_of_china_asks_for_the_papers(day):
    foreign = cn.load(as_of=day)
    before, after = map(papers_at_borders, (foreign, foreign.with_scenario("domestic-box")))
    assert all(before.values())  # papers of transit are asked at every border, by river too
    more = [after[key] - before[key] for key in before]
    assert len(more) >= 8
    assert any(":waterway" in key for key in before)
    assert more == pytest.approx([more[0]] * len(more))
    assert more[0] > 100
