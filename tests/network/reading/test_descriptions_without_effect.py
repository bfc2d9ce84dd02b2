"""What a description says without effect is refused: where it stands, what comes near it, what to do."""

from __future__ import annotations

import pytest

from corridor_net.errors import CorridorError
from corridor_net.network import Network
from corridor_net.network.checks import check_network
from corridor_net.network.reading.region import iso_countries
from corridor_net.scenario.studies import default_study
from network.helpers import describe, described, faults_of, field_of, only_fault, pointed_at, schema_of


def resource_of(package, table):
    return next(r for r in package["resources"] if r["name"] == table)


REFUSED = {
    "an area of capitals written small": (
        lambda p: p.update(customsAreas={"EU": ["CN", "ru"]}), '"ru"', "names 'ru'", "did you mean 'RU'?"
    ),
    "an area with what is no country": (
        lambda p: p.update(customsAreas={"EU": ["UK", "CN"]}), '"UK"', "no country of ISO 3166", "for example GB"
    ),
    "a country overseas written small": (
        lambda p: p.update(overseas={"countries": ["jp"]}), '"jp"', "no node lies there", "JP"
    ),
    "a country overseas that is not there": (
        lambda p: p.update(overseas={"countries": ["JP", "NZ"]}), '"NZ"', "no node lies there", "countries of the nodes"
    ),
    "a place overseas that is not there": (
        lambda p: p.update(overseas={"nodes": ["charly"]}), '"charly"', "no node", "did you mean 'charlie'?"
    ),
    "a misspelt end of the pair": (
        lambda p: p.update(pair=["alfa", "charly"]), '"charly"', "names 'charly', which is no node", "'charlie'?"
    ),
    "a day outside the days": (
        lambda p: p.update(days=["2018-01-01", "2019-12-31"], day="2020-01-01"), '"2020-01-01"',
        "is 2020-01-01, and the data cover 2018-01-01 to 2019-12-31", "name a day within them",
    ),
    "a day outside the price index": (
        lambda p: (p.pop("days", None), p.update(day="1999-01-01")), '"1999-01-01"', "the data cover", "a day within",
    ),
    "missing values of the package": (
        lambda p: p.update(missingValues=["-"]), "[", "'missingValues' in the package", "in a schema or a field"
    ),
    "missing values of a resource": (
        lambda p: resource_of(p, "node").update(missingValues=["-"]), "[", "'missingValues' in a resource", "a schema"
    ),
    "a key beside its schema": (
        lambda p: resource_of(p, "node").update(primaryKey=["node_id"]), "[", "'primaryKey' in a resource", "a schema"
    ),
    "a limit outside the constraints": (
        lambda p: field_of(p, "link", "length_km").update(minimum=1), "1", "'minimum' in a field", "in constraints"
    ),
    "a dialect of the schema": (
        lambda p: schema_of(p, "link").update(dialect={"delimiter": ";"}), "{", "'dialect' in a schema", "a resource"
    ),
    "a misspelt property of the package": (
        lambda p: p.update(customAreas={}), "{", "unknown property 'customAreas'", "did you mean 'customsAreas'?"
    ),
    "a misspelt property of a field": (
        lambda p: field_of(p, "link", "length_km").update(decimalchar=","), '","', "'decimalchar'", "'decimalChar'?"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_have_no_effect_is_refused_where_it_stands(small, name):
    change, here, message, hint = REFUSED[name]
    package = described(small)
    change(package)
    describe(small, package)
    fault = only_fault(small.folder)
    assert message in fault.message
    assert hint in fault.hint
    assert pointed_at(fault).startswith(here)


def test_notes_of_ones_own_and_words_of_the_standard_are_no_slips(small):
    package = described(small)
    package |= {
        "sources": [{"title": "a"}],
        "keywords": ["b"],
        "id": "c",
        "owner": "d",
        "customsAreas": {"own": ["CN"]},
    }
    resource_of(package, "node") | {"scheme": "file", "bytes": 3, "hash": "md5:0", "owner": "me"}
    field_of(package, "link", "length_km").update(example="3", rdfType="x", units="km")
    describe(small, package)
    assert Network.from_folder(small.folder).package.customs_areas == {"own": frozenset({"CN"})}


def test_a_study_that_is_not_there_is_told_with_its_place(small):
    package = described(small)
    package["study"] = "no-such-study"
    describe(small, package)
    with pytest.raises(CorridorError, match="no-such-study") as caught:
        default_study(Network.from_folder(small.folder))
    assert pointed_at(caught.value).startswith('"no-such-study"')


def test_the_codes_of_countries_are_those_of_the_standard():
    assert {"CN", "RU", "JP", "GB", "KE", "NA"} <= iso_countries()
    assert not {"UK", "EU", "ZZ", "XK", "kz"} & iso_countries()


def test_a_link_of_a_country_in_which_neither_of_its_ends_lies_is_a_fault(small):
    network = Network.from_folder(small.folder)
    link = network.rows("link")[0]
    ends = {network.nodes[link.from_node_id].country, network.nodes[link.to_node_id].country}
    small.edit("link", 0, country="KE")
    with pytest.raises(CorridorError) as caught:
        check_network(Network.from_folder(small.folder), "border-crossings")
    (fault,) = caught.value.faults
    assert f"link '{link.link_id}' is of the country 'KE'" in fault.message
    assert pointed_at(fault).startswith("KE")
    assert all(country in fault.hint for country in ends)
    small.edit("link", 0, country=sorted(ends)[0])
    assert check_network(Network.from_folder(small.folder), "border-crossings")


def test_of_thousands_of_areas_without_a_country_the_first_are_told(small):
    package = described(small)
    package.update(customsAreas={f"area-{number}": ["ZZ"] for number in range(1_000)})
    describe(small, package)
    faults = [fault.message for fault in faults_of(small.folder)]
    assert len(faults) == 21
    assert "and 979 more like this" in faults[-1]
