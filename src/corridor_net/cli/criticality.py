"""The command `criticality`: what the network cannot do without."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor_net.cli.options import (
    By,
    CargoOption,
    DayOption,
    GeodataOption,
    JsonOption,
    OutOption,
    ScenarioOption,
    prepare,
    print_json,
    router_of,
)


def criticality(
    destination: Annotated[
        str | None, typer.Argument(help="Where the cargo goes; all markets by GDP when left out.")
    ] = None,
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help="link, crossing, port, service; repeatable.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="Rows shown.")] = 12,
    pairs: Annotated[bool, typer.Option("--pairs", help="Take out two of the gravest at a time as well.")] = False,
    months: Annotated[bool, typer.Option("--months", help="The middle of each month: ice and holidays.")] = False,
    cut: Annotated[
        list[str] | None, typer.Option("--cut", metavar="ORIGIN", help="Smallest set of closures that cuts it off.")
    ] = None,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Take out each link, crossing, port and service: cost of going round, demand cut off, rank."""
    from corridor_net.analysis import criticality as c

    network, applied = prepare(geodata, as_of, scenario)
    router = router_of(network, applied, cargo, By.generalised, schedule=False)
    kinds = tuple(kind or c.KINDS)
    origins = network.markets("origin")
    markets = {m.node_id: m.gdp_trillion_jpy or 0.0 for m in network.markets("market")}
    goals = {network.node(destination).node_id: 1.0} if destination else markets
    demand = {(o.node_id, m): (o.trade_musd or 0.0) * w for o in origins for m, w in goals.items()}
    singles = c.criticality(router, demand, kinds)
    double = c.pairs_of(router, demand, singles) if pairs else ()
    cuts = {network.node(o).node_id: c.smallest_cut(router, o, list(goals), kinds) for o in cut or ()}
    year = c.months(router, [o.node_id for o in origins], destination or network.default_pair[1]) if months else ()
    if out:
        from corridor_net.output.bands import losses_geojson
        from corridor_net.output.files import to_json, write_all

        write_all(out, {"criticality.geojson": to_json(losses_geojson(network, singles))})
    if json:
        names = {
            o: [{"kind": t.kind, "name": t.name} for t in found] if found is not None else None
            for o, found in cuts.items()
        }
        print_json(
            {
                "as_of": str(network.day),
                "losses": [loss.as_json() for loss in singles],
                "pairs": [loss.as_json() for loss in double],
                "cuts": names,
                "months": [month.as_json() for month in year],
            }
        )
        return
    from corridor_net.output.names import names_of
    from corridor_net.output.network_text import show_criticality
    from corridor_net.output.text import wide_console

    show_criticality(wide_console(), singles[:top], double[:top], cuts, year, names_of(network))
