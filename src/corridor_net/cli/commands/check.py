"""Check the data and scenario files; every fault is named with file, line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any

from corridor_net.cli.options import Day, Geodata, load_model, tell
from corridor_net.errors import CorridorError, DataFault, raise_all
from corridor_net.questions import Ask

if TYPE_CHECKING:
    from corridor_net.network.network import Network


def run(
    *files: Annotated[str, Ask("Scenario or study files to check as well.")],
    geodata: Geodata = None,
    as_of: Day = None,
    strict: Annotated[bool, Ask("Every figure must name its source, and estimates their basis.")] = False,
) -> None:
    from corridor_net.network.checks import check_network
    from corridor_net.network.inland import inland_ports
    from corridor_net.network.readiness import lacks
    from corridor_net.scenario import check_scenario, check_study, scenario_path, shipped_scenarios
    from corridor_net.scenario.load import is_study
    from corridor_net.scenario.studies import own_files

    def scenario_or_study(name: str) -> None:
        path = scenario_path(name)
        if is_study(path):
            check_study(path, network)
        else:
            check_scenario(path, network, as_of)
        tell(f"{path.name}: good")

    # files that are not there, or are no YAML, are refused before anything else is looked at; without files, those
    # beside the data are meant
    network = load_model(geodata).base
    _all_good(lambda name: is_study(scenario_path(name)), files)
    seen = network.as_of(as_of) if as_of else network
    for name, count in check_network(seen, strict=strict).items():
        tell(f"{name}: {count} checked, no fault")
    if strict:
        _claims_asked(network)
    for missing in lacks(seen):
        tell(f"before the first route: {missing}")
    for doubtful in inland_ports(network):
        tell(f"look at: {doubtful}")
    _all_good(scenario_or_study, files or (shipped_scenarios() if geodata is None else own_files(network)))


def _claims_asked(network: Network) -> None:
    """Raise DataFault where a published claim is made under a scenario that is not there."""
    from corridor_net.scenario import scenario_path

    faults: list[CorridorError] = []
    for row in (row for row in network.rows("published") if row.scenario):
        try:
            scenario_path(row.scenario)
        except CorridorError as error:
            error.place = network.place("published", row, "scenario")
            faults.append(error)
    if faults:
        raise DataFault(f"{len(faults)} fault(s) in the network", faults=faults)


def _all_good(look: Callable[[str], Any], names: Iterable[str]) -> None:
    """Look at every file, then raise what was found in them together."""
    faults: list[CorridorError] = []
    for name in names:
        try:
            look(name)
        except CorridorError as error:
            faults += error.each
    raise_all(faults)
