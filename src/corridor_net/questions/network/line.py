"""When a liner lives: boxes a sailing against what it costs, equilibria, tipping point, the aid that tips it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

from corridor_net.appraisal.project import GROWTH
from corridor_net.questions import Ask, networks_of
from corridor_net.questions._shared import Growth, Traffic
from corridor_net.questions.asked.values import run_of
from corridor_net.questions.pages.line import Counted, LineAnswer
from corridor_net.questions.pages.line import view as view
from corridor_net.render.chart import Chart, Curves
from corridor_net.render.words import say
from corridor_net.results import fields_of

if TYPE_CHECKING:
    from corridor_net.analysis.loads.liner import LinerService
    from corridor_net.appraisal.liner import Equilibrium
    from corridor_net.model import Model

LAYER = "line.geojson"
DAYS_A_WEEK = 7


def answer(  # noqa: PLR0913 (each is an option of the command)
    model: Model,
    service: Annotated[str, Ask("Service, by its id; of a scenario too.")],
    *,
    traffic: Traffic = "market",
    destinations: Annotated[
        tuple[str, ...], Ask("Destination; repeatable. All markets.", metavar="NODE", option="--to")
    ] = (),
    growth: Growth = GROWTH,
    subsidy: Annotated[float, Ask("Aid to the line for each box.", metavar="USD")] = 0.0,
    other_income: Annotated[float, Ask("What a sailing earns besides boxes: passengers, cars.", metavar="USD")] = 0.0,
    ships: Annotated[
        int | None, Ask("Ships there are; as many as the present sailings need.", metavar="N", minimum=1)
    ] = None,
    room: Annotated[float | None, Ask("Room of a ship.", metavar="TEU")] = None,
    charter: Annotated[float | None, Ask("Charter with crew.", metavar="USD/DAY")] = None,
    fuel: Annotated[float | None, Ask("Price of a tonne of fuel.", metavar="USD")] = None,
    dues: Annotated[float | None, Ask("Port dues of a call.", metavar="USD")] = None,
    scale: Annotated[float | None, Ask("Scale of the logit; that of gateways.", metavar="PER-USD")] = None,
) -> LineAnswer:
    """Say whether a liner lives: who boards it, what a sailing costs, from how many sailings on it keeps itself up.

    Boxes choose by a logit over generalised cost, in which they wait half a headway; sailings are what their freight
    pays for. Raises UnknownName for a service, BadValue for one that does not run on the day, and for no demand.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2013-07-01").line("zarubino-niigata", destinations=["niigata"])
    >>> found.counted.lives
    False
    """
    from corridor_net.analysis.loads.gateways import SCALE_PER_USD
    from corridor_net.analysis.loads.liner import ShipFigures, service_of
    from corridor_net.appraisal.liner import checked_scale
    from corridor_net.appraisal.years import checked_amount
    from corridor_net.errors import BadValue
    from corridor_net.questions.asked.traffic import streams_of

    if model.router.by != "generalised":
        raise BadValue(f"boxes do not choose a line by {model.router.by} alone", hint="leave --by at generalised")
    checked_amount(subsidy, "the subsidy")
    year = model.network.day.year
    goals = destinations or model.network.places_of("market")
    found = service_of(
        model.router,
        service,
        streams_of(model, traffic, goals, year),
        year,
        growth=growth,
        scale_per_usd=SCALE_PER_USD if scale is None else checked_scale(scale),
        figures=ShipFigures(
            ships=ships,
            room_teu=room,
            charter_usd_per_day=charter,
            fuel_usd_per_t=fuel,
            port_dues_usd_per_call=dues,
        ),
        other_income_usd=other_income,
    )
    return _answer_of(model, found, subsidy)


def _answer_of(model: Model, found: LinerService, subsidy: float) -> LineAnswer:
    from corridor_net.appraisal.filling import best_filled, most_covered

    liner, row = found.liner, found.row
    now = min(row.sailings_per_week, liner.most_sailings)
    equilibria = liner.equilibria(subsidy)
    tipping = next((one.sailings_per_week for one in equilibria if one.kind == "tipping"), None)
    freight = float(liner.mean_freight(now))
    needed, (least, at) = liner.subsidy_needed(now), liner.least_subsidy
    guarantee = liner.guarantee_needed(now, subsidy)
    filled = best_filled(liner, subsidy)
    counted, paid = _counted(model, found, now, subsidy), freight + subsidy
    each = counted.boxes_per_sailing if counted else liner.per_sailing(now)
    lacking = max(liner.net_cost_usd - each * paid, 0.0)
    return LineAnswer(
        service=row.service_id,
        name=row.name,
        **run_of(model.router, "as_of", "cargo", "scenario", "price_year"),
        sailings_per_week=now,
        **fields_of(liner, "most_sailings", "room_boxes", "sailing_usd", "other_income_usd"),
        **fields_of(found.account, "parts", "days"),
        boxes_per_week=float(liner.boxes_per_week.sum()),
        boxes_wanted=liner.per_sailing(now),
        boxes_needed=liner.net_cost_usd / paid if paid > 0 else None,
        freight_usd=freight,
        subsidy_usd=subsidy,
        lives=_lives(equilibria, now),
        tipping_point=tipping,
        equilibria=equilibria,
        subsidy_needed_usd=needed if isfinite(needed) else None,
        least_subsidy_usd=least if isfinite(least) else None,
        least_subsidy_at=at if isfinite(least) else None,
        guarantee_needed=guarantee if isfinite(guarantee) else None,
        income_needed_usd=max(liner.sailing_usd - liner.per_sailing(now) * paid, 0.0),
        filled=filled,
        most_covered=None if filled else most_covered(liner, subsidy),
        counted=counted,
        ran=_ran(model, row.service_id),
        lacking_usd=lacking,
        lacking_boxes=lacking / paid if paid > 0 else None,
        left_out=found.left_out,
        curve=tuple(zip(liner.grid.tolist(), liner.curve(subsidy).tolist(), strict=True)),
    )


def _ran(model: Model, service: str) -> tuple[str, str | None] | None:
    """Return the first and the last day on which the data have a service, whatever scenarios change."""
    rows = [one for one in model.base.rows("service") if one.service_id == service]
    if not rows:
        return None
    open_ended = any(one.valid_to is None for one in rows)
    first = min(str(one.valid_from or "") for one in rows)
    return first, None if open_ended else max(str(one.valid_to) for one in rows)


def _lives(equilibria: Sequence[Equilibrium], now: float) -> bool:
    """Whether it keeps itself up from so many sailings a week: above a tipping point, or where there is none."""
    below = [one.kind for one in equilibria if one.sailings_per_week <= now * (1 + 1e-9)]
    above = [one.kind for one in equilibria if one.sailings_per_week > now * (1 + 1e-9)]
    return below[-1] != "none" or (bool(above) and above[0] != "tipping")


def _counted(model: Model, found: LinerService, now: float, subsidy: float) -> Counted | None:
    """Return the count of table traffic that holds on the day, or the last before it."""
    day, row = model.network.day, found.row
    rows = [
        one
        for one in model.network.rows("traffic")
        if one.applies_to == "service" and one.target_id == row.service_id and one.from_day <= day
    ]
    last = max(rows, key=lambda one: (one.to_day, one.from_day), default=None)
    if last is None:
        return None
    weeks = ((last.to_day - last.from_day).days + 1) / DAYS_A_WEEK
    boxes = last.teu / model.router.impedance.cargo.teu
    each = boxes / (row.sailings_per_week * weeks)
    seemed = found.liner.unexplained_usd(each, row.sailings_per_week)
    return Counted(
        first=str(last.from_day),
        last=str(last.to_day),
        teu=last.teu,
        boxes_per_sailing=each,
        unexplained_usd=seemed,
        lives=seemed is not None and _lives(found.liner.dearer(seemed).equilibria(subsidy), now),
    )


def charts(found: LineAnswer) -> Mapping[str, Chart]:
    """Draw how many sailings the boxes of so many sailings pay for, beside as many as there are."""
    ends = (0.0, found.curve[-1][0])
    lines = (
        (say("sailings that boxes pay for"), found.curve),
        (say("as many as there are"), tuple(zip(ends, ends, strict=True))),
    )
    title = say("{service:name}, {as_of}: it lives where the curve is above the straight line", found)
    curves = Curves(title=title, unit="sailings paid for, a week", x="sailings a week", lines=lines)
    return {"sustained": curves}


def files(found: LineAnswer) -> Mapping[str, str | bytes]:
    """Give how many sailings the boxes of so many sailings pay for, as a table."""
    lines = ["sailings_per_week,sustained_per_week", *(f"{a:.6g},{b:.6g}" for a, b in found.curve)]
    return {"sustained.csv": "\n".join(lines) + "\n"}


def layer(found: LineAnswer) -> dict[str, Any]:
    """Give the legs of the service as lines."""
    from corridor_net.output.maps.geojson import collection, network_geojson

    features = network_geojson(networks_of(found)[0])["features"]
    return collection(one for one in features if one["properties"].get("service_id") == found.service)
