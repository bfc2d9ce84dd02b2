"""What is different between two days, packages or scenarios: every figure, and which answers move by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from corridor_net.errors import BadValue, NoRoute
from corridor_net.network.files.csv_cells import frame_csv
from corridor_net.questions import Ask
from corridor_net.questions.asked.values import run_of
from corridor_net.questions.pages.diff import Answer, Diff
from corridor_net.questions.pages.diff import view as view
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.words import Sentence, say, spaced

if TYPE_CHECKING:
    from corridor_net.analysis.differences import Difference
    from corridor_net.analysis.route import Route
    from corridor_net.analysis.years.timeline import YearChange
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.network.rows import TableRow

LAYER = "answers.geojson"
MOVED_USD = 0.005
"""An answer that changes by less, of generalised cost, does not move."""
LAND = "by land"
MEASURED = {"cost_usd": "cost_usd", "hours": "hours", "co2_kg": "co2_kg", "generalised_usd": "generalised_cost_usd"}
"""Fields of a route that an answer has before and after, by what it calls them."""
FIGURE_PARTS = {"operation": 3, "tariff": 1, "speed": 1, "emission_factor": 1}
"""Tables whose rows are figures, and how many parts of a row's id name one; the box that it is for comes after."""
NAMED_BY_ID = ("crossing", "node", "service")
"""Tables whose rows are called alike by their ids everywhere."""


def answer(
    model: Model,
    before: Annotated[str, Ask("A day, a folder of data, a scenario, or several joined by '+'.", names="scenario")],
    after: Annotated[str, Ask("The same, what is held against it.", names="scenario")],
    *,
    origins: Annotated[
        tuple[str, ...], Ask("Origin; repeatable. All of table market.", metavar="NODE", option="--from")
    ] = (),
    destinations: Annotated[
        tuple[str, ...], Ask("Destination; repeatable. The usual one.", metavar="NODE", option="--to")
    ] = (),
) -> Diff:
    """Tell what is different between two days, packages or scenarios, and what it does to the answers.

    Each side is a day (2019-07-01), a folder with a data package, a scenario, or several of these joined by `+`. A side
    without a day is seen on that of the other. Both are in USD of one price year. Raises UnknownName, BadValue and
    BadFile for sides that are none, NoRoute where no pair has a route on either side.

    >>> import corridor_net as cn
    >>> found = cn.load().diff("2019-07-01", "2019-07-01+primorye-2", origins=["hunchun"])
    >>> found.answers[0].gateway_before, found.answers[0].gateway_after
    ('dalian', 'zarubino')
    """
    from corridor_net.analysis.differences import differences, of_evidence_alone
    from corridor_net.analysis.years.timeline import changes

    old, new = _sides(model, before, after)
    pairs = _pairs(old, new, origins, destinations)
    both = [(_route(old, *pair), _route(new, *pair)) for pair in pairs]
    if not any(one or other for one, other in both):
        raise NoRoute(f"no pair has a route, neither with '{before}' nor with '{after}'")
    answers = [_answer(pair, *routes) for pair, routes in zip(pairs, both, strict=True)]
    found = differences(old.network, new.network, both)
    most = max(range(len(answers)), key=lambda number: abs(answers[number].change_usd or 0.0))
    first, second = both[most]
    why: tuple[YearChange, ...] = ()
    if first and second and answers[most].moved:
        why = changes(new.network.day.year, (old.router, first), (new.router, second))
    answers.sort(key=lambda one: (-abs(one.change_usd or 0.0), one.origin, one.destination))
    return Diff(
        before=before,
        after=after,
        day_before=str(old.network.day),
        day_after=str(new.network.day),
        **run_of(old.router, "cargo", "price_year"),
        differences=found,
        evidence_alone=of_evidence_alone(old.network, new.network),
        answers=tuple(answers),
        most=pairs[most] if why else None,
        why=why,
        networks=(new.network, old.network),
        labels={f"{one.table}:{one.row}": _label(one, new.network, old.network) for one in found},
    )


def _sides(model: Model, before: str, after: str) -> tuple[Model, Model]:
    """Return both models, on the other's day where one names none, in USD of the price year of the first."""
    old, new = _side(model, before), _side(model, after)
    days = [_day_of(side) for side in (old, new)]
    if days[0] is None and days[1] is not None:
        old = replace(old, day=days[1])
    if days[1] is None and days[0] is not None:
        new = replace(new, day=days[0])
    year = old.router.impedance.prices.year
    return old, new.with_options(price_year=year)


def _day_of(side: Model) -> Any:
    from corridor_net.scenario import day_of

    return day_of(side.scenarios, side.day)


def _side(model: Model, text: str) -> Model:
    """Return the model of one side; raise BadValue for an empty part."""
    from corridor_net.network import Network, parse_day
    from corridor_net.network.files.fields import DAY
    from corridor_net.questions.asked.examples import a_scenario

    made = model
    for part in (one.strip() for one in text.split("+")):
        if not part:
            hint = f"for example {model.network.day}+{a_scenario(model.base)}"
            raise BadValue(f"'{text}' has an empty part", hint=hint)
        if DAY.fullmatch(part):
            made = replace(made, day=parse_day(part))
        elif Path(part).is_dir():
            made = replace(made, base=Network.from_folder(part))
        else:
            made = made.with_scenario(part)
    return made


def _pairs(old: Model, new: Model, origins: Sequence[str], goals: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs: of places that both networks have, where none are named."""
    network = old.network
    starts = [network.node(name).node_id for name in origins]
    ends = [network.node(name).node_id for name in goals] or [network.default_pair[1]]
    starts = starts or [m.node_id for m in network.markets("origin")] or [network.default_pair[0]]
    known = new.network.nodes
    found = [(a, b) for a in dict.fromkeys(starts) for b in dict.fromkeys(ends) if a != b and {a, b} <= known.keys()]
    if not found:
        raise BadValue("the two networks have no pair of places in common", hint="name places with --from and --to")
    return found


def _route(side: Model, origin: str, destination: str) -> Route | None:
    try:
        return side.router.route(origin, destination)
    except NoRoute:
        return None


def _answer(pair: tuple[str, str], old: Route | None, new: Route | None) -> Answer:
    told: dict[str, Any] = {}
    for side, route in (("before", old), ("after", new)):
        told[f"gateway_{side}"] = (route.gateway or LAND) if route else None
        told |= {f"{name}_{side}": getattr(route, field) if route else None for name, field in MEASURED.items()}
    same = (old and [leg.key for leg in old.legs]) == (new and [leg.key for leg in new.legs])
    if old and new:
        same &= all(abs(getattr(old, name) - getattr(new, name)) <= MOVED_USD for name in MEASURED.values())
    return Answer(origin=pair[0], destination=pair[1], **told, moved=not same)


def _label(one: Difference, *networks: Network) -> Sentence:
    """Return what a row is called where people read: its name, else its table and id."""
    called = _called(one, *networks)
    return say("{what}, by {by}", what=called, by=one.row.split("~")[1]) if one.row.count("~") > 1 else called


def _called(one: Difference, *networks: Network) -> Sentence:
    from corridor_net.analysis.differences import key_columns, plain
    from corridor_net.network.vocabulary import ANY_UNIT

    behind = len(key_columns(networks[0], one.table)) - 1
    parts = [plain(part) for part in one.row.rsplit(":", behind)] if behind else [plain(one.row)]
    if one.table in FIGURE_PARTS:
        count = FIGURE_PARTS[one.table]
        figure = say("{key:figure}", key=":".join((one.table, *parts[:count])))
        return say("{said:list}", said=(figure, *(part for part in parts[count:] if part != ANY_UNIT)))
    if one.table in NAMED_BY_ID:
        return say("{table:label} {row:name}", table=one.table, row=parts[0])
    rows = (row for network in networks for row in network.rows(one.table) if _is_row(one.table, row, parts[0]))
    named = next((row.name for row in rows if getattr(row, "name", "")), None)
    return say("{table:label} {row}", table=spaced(one.table), row=named or " ".join(parts))


def _is_row(table: str, row: TableRow, own: str) -> bool:
    from corridor_net.network.rows import ROW_ID

    return str(getattr(row, ROW_ID[table][0])) == own


def charts(found: Diff) -> Mapping[str, Chart]:
    """Draw the change of each answer."""
    told = [one for one in found.answers if one.change_usd is not None]
    rows = [(say("{origin:name} - {destination:name}", one), one.change_usd or 0.0) for one in told]
    title = say("{after} against {before}: change of generalised cost", found)
    bars = Bars(title=title, unit=say("USD of {price_year} a box", found), rows=rows)
    return {"answers": bars} if rows else {}


def layer(found: Diff) -> dict[str, Any]:
    """Give the pairs as straight lines, with their answers before and after."""
    from corridor_net.output.maps.layers import pairs_layer

    return pairs_layer(found.networks[0], found.answers, by="gateway_after")


def files(found: Diff) -> Mapping[str, str | bytes]:
    """Give differences and answers as tables."""
    import pandas as pd

    from corridor_net.results import plain

    tables = {"differences": found.differences, "answers": found.answers}
    return {f"{name}.csv": frame_csv(pd.DataFrame([plain(one) for one in rows])) for name, rows in tables.items()}
