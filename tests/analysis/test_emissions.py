"""Elements reconcile with the route; the example is worked by hand; the price moves the choice the right way."""

from dataclasses import replace

import pytest

import corridor_net as cn
from corridor_net.analysis.emissions import emissions
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import DataFault
from corridor_net.network.earth import geodesic_km
from corridor_net.questions import page_of


@pytest.fixture(scope="module")
def router():
    return Router(impedance(cn.load(as_of="2019-07-01").network))


@pytest.mark.parametrize("origin", ["harbin", "suifenhe", "hunchun", "changchun"])
@pytest.mark.parametrize("by", ["generalised", "co2", "time"])
def test_elements_sum_to_the_route(router, origin, by):
    chosen = replace(router, by=by)
    route = chosen.route(origin, "niigata")
    found = emissions(chosen, route)
    assert found.wtw_kg == pytest.approx(route.co2_kg)
    assert sum(e.wtw_kg for e in found.elements) == pytest.approx(found.wtw_kg)
    assert sum(e.distance_km for e in found.elements) == pytest.approx(route.distance_km)
    assert found.wtt_kg + found.ttw_kg == pytest.approx(found.split_share * found.wtw_kg)
    assert {e.category for e in found.elements} == {"transport", "hub"}
    assert all(e.source_id and e.grade in "ABCD" for e in found.elements)


def test_the_lengths_shown_are_those_of_the_route_and_add_up():
    model = cn.load(as_of="2026-07-01")
    shown = [row[4] for row in page_of(model.emissions("harbin", "niigata")).tables[0].rows if row[4]]
    route = page_of(model.route("harbin", "niigata")).tables[0]
    assert shown == [row[3] for row in route.rows if row[3]]
    assert sum(shown) == round(route.totals[0][3])


def test_the_example_of_the_page(router):
    """Changchun by road: DEFRA's lorry, 102.73 g a tonne-kilometre, of which 18.0 for provision."""
    lorry = replace(router, by="time")
    found = emissions(lorry, lorry.route("changchun", "niigata"))
    element = next(e for e in found.elements if e.factor_id == "road_heavy")
    assert element.wtw_kg == pytest.approx(102.73 * found.payload_t * element.distance_km / 1000)
    assert element.wtt_kg == pytest.approx(18.0 * found.payload_t * element.distance_km / 1000)
    assert element.data_type == "default"


def test_electric_trains_emit_nothing_themselves(router):
    cheap = replace(router, by="money")
    found = emissions(cheap, cheap.route("harbin", "niigata"))
    rail = [e for e in found.elements if e.factor_id == "rail_electric_cn"]
    assert rail
    assert all(e.ttw_kg == 0 and e.wtt_kg == e.wtw_kg and e.data_type == "modelled" for e in rail)


def test_a_price_on_co2_never_raises_emissions(router):
    kilograms = []
    for price in (0.0, 200.0, 2000.0, 20000.0):
        priced = replace(router, co2_price_usd_per_t=price)
        kilograms.append(emissions(priced, priced.route("changchun", "niigata")).wtw_kg)
    assert kilograms == sorted(kilograms, reverse=True)
    assert kilograms[-1] < kilograms[0]


def test_a_missing_factor_is_a_fault(router):
    route = router.route("harbin", "niigata")
    rows = [row for row in router.network.rows("emission_factor") if row.emission_factor_id != "terminal_handling"]
    lacking = replace(router.impedance, network=router.network.with_rows(emission_factor=tuple(rows)))
    with pytest.raises(DataFault, match="terminal_handling"):
        emissions(replace(router, impedance=lacking), route)


def test_a_way_that_emits_nothing_is_split_in_full_and_has_no_intensity(tiny):
    clean = tiny.with_rows(emission_factor=[replace(row, value=0.0) for row in tiny.rows("emission_factor")])
    router = Router(impedance(clean))
    found = emissions(router, router.route("alfa", "delta"))
    assert (found.wtw_kg, found.split_share, found.intensity_g_per_tkm, found.intensity_gcd_g_per_tkm) == (0, 1, 0, 0)
    assert (found.elements, found.transport_activity_tkm) == ((), 0)


def test_the_elements_of_the_small_network_by_hand(tiny):
    """20 t over 300 and 30 km by lorry and 1,000 km by ship, 2 TEU of it, and two quays of 10 kg."""
    rows = {row.emission_factor_id: row for row in tiny.rows("emission_factor")}
    rows["lorry"] = replace(rows["lorry"], wtt=18.0, ttw=72.0)
    rows["terminal_handling"] = replace(rows["terminal_handling"], source_id="CALC", wtt=1.0)
    network = tiny.with_rows(emission_factor=list(rows.values()))
    router = Router(impedance(network), co2_price_usd_per_t=50.0)
    found = emissions(router, router.route("alfa", "delta"))
    assert [(e.number, e.category, e.mode, e.from_node, e.to_node) for e in found.elements] == [
        (1, "transport", "road", "alfa", "bravo"), (2, "transport", "road", "bravo", "charlie"),
        (3, "hub", "terminal", "charlie", "charlie"), (4, "transport", "sea", "charlie", "delta"),
        (5, "hub", "terminal", "delta", "delta")]  # fmt: skip
    assert [(e.distance_km, e.transport_activity_tkm, e.wtw_kg, e.wtt_kg, e.ttw_kg) for e in found.elements] == [
        (300, 6000, 600, 120, 480), (30, 600, 60, 12, 48), (0, 0, 10, None, None), (1000, 20000, 100, None, None),
        (0, 0, 10, None, None)]  # fmt: skip
    assert [e.data_type for e in found.elements] == ["default", "default", "modelled", "default", "modelled"]
    assert (found.wtw_kg, found.wtt_kg, found.ttw_kg, found.split_share) == (780, 132, 528, 660 / 780)
    assert found.by_mode_kg == {"road": 660, "terminal": 20, "sea": 100}
    assert found.intensity_g_per_tkm == pytest.approx(780_000 / 26_600)
    circle = geodesic_km(126, 45, 138, 40)
    assert found.intensity_gcd_g_per_tkm == pytest.approx(780_000 / 20 / circle)
    assert found.charge_usd == pytest.approx(39)


def test_a_factor_that_does_not_give_what_an_arc_was_costed_at_is_a_fault(tiny):
    router = Router(impedance(tiny))
    route = router.route("alfa", "delta")

    def with_factors(times):
        rows = [replace(row, value=row.value * times) for row in tiny.rows("emission_factor")]
        return replace(router, impedance=replace(router.impedance, network=tiny.with_rows(emission_factor=rows)))

    assert emissions(with_factors(1 + 0.5e-6), route).wtw_kg == pytest.approx(780)
    with pytest.raises(DataFault, match=r"'lorry' gives 600\.001 kg for link:road-ab:alfa:road, which was costed"):
        emissions(with_factors(1 + 2e-6), route)
