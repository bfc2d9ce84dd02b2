"""Names of nodes: found however they are typed, and never silently one of two."""

from __future__ import annotations

import unicodedata

import pytest

from corridor_net.errors import UnknownName
from corridor_net.network.checks import check_network
from corridor_net.network.checks import faults_of as check_faults

from .helpers import where


@pytest.mark.parametrize(
    "name",
    [
        unicodedata.normalize("NFD", "Уссурийск"),
        "Ｕｓｓｕｒｉｙｓｋ",
        "  ussuriysk ",
        "УССУРИЙСК",
        "ussuriysk",
    ],
)
def test_a_name_is_found_however_it_is_typed(shipped, name):
    assert shipped.node(name).node_id == "ussuriysk"


@pytest.mark.parametrize("name", ["Ｎｉｉｇａｔａ", "ＪＰＫＩＪ", "jpkij", unicodedata.normalize("NFD", "新潟")])
def test_full_width_names_and_codes_are_found(shipped, name):
    assert shipped.node(name).node_id == "niigata"


def named(*pairs):
    def names(rows):
        rows += [{"node_id": node, "language": "ru", "name": name} for node, name in pairs]

    return {"node_name": names}


@pytest.mark.parametrize("asked", ["Королёв", "Королев", "КОРОЛЁВ", unicodedata.normalize("NFD", "Королёв")])
@pytest.mark.parametrize("written", ["Королёв", "Королев"])
def test_the_two_spellings_of_a_russian_letter_are_one(make_tiny, asked, written):
    assert make_tiny(**named(("bravo", written))).node(asked).node_id == "bravo"


def test_a_name_of_two_nodes_is_an_error_that_lists_both(make_tiny):
    net = make_tiny(**named(("alfa", "Fuyu"), ("golf", "ＦＵＹＵ")))
    with pytest.raises(UnknownName, match="'fuyu' is the name of 2 nodes: alfa, golf") as caught:
        net.node("fuyu")
    assert "by its id" in caught.value.hint
    (fault,) = check_faults(net)
    assert "'Fuyu' is the name of 2 nodes: alfa, golf" in fault.message
    assert where(fault) == ("node_name.csv", 3, 9)
    assert {("node", "alfa"), ("node", "golf")} <= fault.touches


def test_two_nodes_of_one_locode_are_an_error(make_tiny):
    def nodes(rows):
        rows[3]["unlocode"] = "RUCHA"

    net = make_tiny(node=nodes)
    with pytest.raises(UnknownName, match="2 nodes: charlie, delta"):
        net.node("rucha")
    (fault,) = check_faults(net)
    assert (fault.table, fault.column) == ("node", "unlocode")


def test_ids_come_first_then_codes_then_names(make_tiny):
    def nodes(rows):
        rows[0]["unlocode"] = "bravo"
        rows[1]["name"] = "RUCHA"

    net = make_tiny(node=nodes, **named(("delta", "golf"), ("delta", "RUCHA")))
    assert net.node("bravo").node_id == "bravo"
    assert net.node("Golf").node_id == "golf"
    assert net.node("RUCHA").node_id == "charlie"
    assert check_network(net, "names")["names"] > 0


def test_the_order_of_rows_does_not_choose_the_node(make_tiny):
    pairs = [("alfa", "Fuyu"), ("golf", "Fuyu")]
    for order in (1, -1):
        with pytest.raises(UnknownName, match="2 nodes: alfa, golf"):
            make_tiny(**named(*pairs[::order])).node("Fuyu")


def test_ids_that_differ_in_case_alone_are_told_apart_by_their_spelling(make_tiny):
    def nodes(rows):
        rows.append({**rows[0], "node_id": "ALFA", "name": "Another"})

    net = make_tiny(node=nodes)
    assert net.node("alfa").node_id == "alfa"
    assert net.node("ALFA").node_id == "ALFA"
    with pytest.raises(UnknownName, match="2 nodes: ALFA, alfa"):
        net.node("Alfa")


def test_no_shipped_name_is_that_of_two_nodes(shipped):
    assert list(shipped.names.shared()) == []
