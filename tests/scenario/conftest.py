"""What the tests of scenarios share: scenarios written and loaded, a tiny network with two boxes, faults by place."""

import pytest

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.errors import CorridorError


@pytest.fixture
def load(write_yaml):
    """Write a scenario of the given changes, one a line, and load it."""

    def call(*changes, name="trial", head=""):
        body = f"scenario: {name}\ntitle: A trial\n{head}"
        return cn.load_scenario(write_yaml(name, body + "changes:\n" + "".join(f"  - {c}\n" for c in changes)))

    return call


@pytest.fixture
def faults():
    """Return what a call raises, as (line, column, message, hint) of each fault."""

    def call(work, *arguments):
        with pytest.raises(CorridorError) as caught:
            work(*arguments)
        found = getattr(caught.value, "faults", ()) or (caught.value,)
        return [(f.place and f.place.line, f.place and f.place.column, f.message, f.hint) for f in found]

    return call


@pytest.fixture
def two_boxes(make_tiny):
    """The tiny network with a 20-ft box beside the 40-ft one: half of each tariff, the import handling by box."""

    def tariffs(rows):
        rows += [{**row, "cargo_unit": "TEU", "fixed": row["fixed"] / 2, "per_km": row["per_km"] / 2} for row in rows]

    def operations(rows):
        handled = next(r for r in rows if (r["operation_id"], r["component"]) == ("import_delta", "terminal_handling"))
        rows.append({**handled, "cargo_unit": "TEU", "value": 180})
        handled["cargo_unit"] = "FEU"

    def cargo(rows):
        rows.append({**rows[0], "cargo_id": "dry_20", "name": "20-ft dry", "cargo_unit": "TEU"})

    return make_tiny(tariff=tariffs, operation=operations, cargo=cargo)


@pytest.fixture
def money():
    """Return USD of 2019 of a box from Alfa to Delta by road, by component."""

    def call(network, cargo="dry_40"):
        return (
            cn.Router(impedance(network, cargo), by="money")
            .route("alfa", "delta", via=["charlie"])
            .component("cost_usd")
        )

    return call


@pytest.fixture
def trial(write_yaml):
    """Write a scenario of the given changes, a text, and load it."""

    def call(changes, name="trial", head="title: A trial\n"):
        body = f"scenario: {name}\n{head}" + (f"changes:\n{changes}" if changes else "")
        return cn.load_scenario(write_yaml(name, body))

    return call
