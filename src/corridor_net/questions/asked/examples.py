"""What a message gives as an example: names that are in the data at hand, never those of one region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_net.errors import CorridorError

if TYPE_CHECKING:
    from corridor_net.network import Network


def a_scenario(network: Network) -> str:
    """Return the name of the first scenario of the study of the data; SCENARIO where there is none."""
    from corridor_net.scenario import default_study

    try:
        found = default_study(network).scenarios
    except CorridorError:
        return "SCENARIO"
    return found[0].name if found else "SCENARIO"


def a_pair(network: Network) -> str:
    """Return the pair that is meant where none is named, as ORIGIN:DESTINATION."""
    try:
        return ":".join(network.default_pair)
    except CorridorError:
        return "ORIGIN:DESTINATION"


def a_port(network: Network) -> str:
    """Return the id of a port that a service calls at; PORT where there is none."""
    return next((str(row.node_id) for row in network.rows("service_call")), "PORT")


def a_service(network: Network) -> str:
    """Return the id of a service; SERVICE where there is none."""
    return next((str(row.service_id) for row in network.rows("service")), "SERVICE")
