"""Up to where an answer holds: how far each figure may move before another gateway wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.output.upgrade_tables import nearest_limits
from corridor_net.questions import Ask, networks_of
from corridor_net.questions._shared import Destination, Origin
from corridor_net.render.chart import Chart, Stretches
from corridor_net.render.page import Column, Page, Table, numbers, page, significant, table_of
from corridor_net.render.words import Sentence, figure_words, named, say
from corridor_net.results import Result, fields_of, measure

if TYPE_CHECKING:
    from corridor_net.analysis.route import Route
    from corridor_net.analysis.thresholds import Bands, Limits
    from corridor_net.model import Model

LAYER = "route.geojson"
FILLS = "█░▓▒▚"
CHART_WIDTH = 72


@dataclass(frozen=True, kw_only=True)
class BreakevenAnswer(Result):
    """The limits of all figures (None where bands were asked for), and the bands of some; `show` limits are printed."""

    QUESTION: ClassVar[str] = "breakeven"

    route: Route
    limits: Limits | None
    bands: tuple[Bands, ...]
    show: int = measure(hidden=True, default=12)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            **fields_of(self.route, "origin", "destination", "as_of", "cargo", "scenario"),
            "by": self.route.minimised,
            "gateway": self.route.gateway,
            "limits": self.limits.to_dict() if self.limits else None,
            "bands": [one.to_dict() for one in self.bands],
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the limits, or the bands where these were asked for."""
        if self.limits is not None:
            limits: list[dict[str, Any]] = self.limits.to_dict()["limits"]
            return limits
        return [{"figure": one.key, **band.to_dict()} for one in self.bands for band in one.bands]


def answer(
    model: Model,
    origin: Origin,
    destination: Destination,
    *,
    figures: Annotated[
        tuple[str, ...],
        Ask(
            "Bands of a figure: value_of_time, co2_price, crossing:ID:hours, tariff:ID, service:ID:headway_hours, …; "
            "repeatable.",
            metavar="KEY",
            option="--figure",
        ),
    ] = (),
    any_route: Annotated[bool, Ask("Another route flips the answer, not only another gateway.")] = False,
    show: Annotated[int, Ask("Limits to print.", metavar="N", minimum=1)] = 12,
) -> BreakevenAnswer:
    """Say how far each figure may move before another gateway wins, and who wins at each value of one figure.

    Without a figure named: the limits of all figures, and the bands of the value of time. Limits and bands are exact:
    the least weight is a concave, piecewise linear function of one figure (Eisner and Severance 1976). Raises NoRoute
    and UnknownName as `route`; UnknownName for a figure nothing rests on, BadValue for one that cannot be varied.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").breakeven("harbin", "niigata", figures=["value_of_time"])
    >>> found.bands[0].bands[0].low
    0.0
    """
    from corridor_net.analysis.breakeven import breakeven
    from corridor_net.analysis.varied import VALUE_OF_TIME

    pair = breakeven(model.router, origin, destination)
    keys = list(dict.fromkeys(figures))
    limits = None if keys else pair.limits(answer="route" if any_route else "gateway")
    if not keys and model.router.by == "generalised":
        keys = [VALUE_OF_TIME]
    return BreakevenAnswer(route=pair.route, limits=limits, bands=tuple(pair.bands(key) for key in keys), show=show)


def view(found: BreakevenAnswer) -> Page:
    """Show the nearest limits, then each figure's bands: a bar over its values, and the route of each."""
    blocks: list[Any] = []
    if found.limits is not None:
        blocks += _limits(found.limits, found.show)
    for bands in found.bands:
        blocks += _bands(bands)
    return page(blocks)


def _limits(found: Limits, show: int) -> list[Sentence | Table]:
    route = found.route
    first = say(
        "{origin:name} to {destination:name}, {as_of}, {scenario:label}: by {gateway:name}. {count} of {tested} "
        "figures can change the {answer:label} alone, the others as they are.",
        route,
        gateway=route.gateway or "land",
        count=len(found.limits),
        tested=found.tested,
        answer=found.answer,
    )
    more = len(found.limits) - show
    table = nearest_limits(found, show)
    return [first, *([table] if found.limits else []), *([say("{n} more in JSON.", n=more)] if more > 0 else [])]


def _bands(bands: Bands) -> list[Sentence | Table | str]:
    last = 1.5 * max(band.low for band in bands.bands)
    last = max(2 * bands.now, min(last, 5 * bands.now) if bands.now else last) or 1.0
    shown = partial(significant, unit=bands.unit)
    pieces = bands.by_gateway
    fills = {gateway: FILLS[n % len(FILLS)] for n, gateway in enumerate(dict.fromkeys(g for _, _, g in pieces))}
    bar = ""
    for column in range(CHART_WIDTH):
        here = (column + 0.5) / CHART_WIDTH * last
        bar += next(fills[g] for low, high, g in pieces if low <= here and (high is None or here < high))
    place = min(int(bands.now / last * CHART_WIDTH), CHART_WIDTH - 1)
    legend = tuple(say("{fill} {gateway:name}", fill=fill, gateway=key or "land") for key, fill in fills.items())
    edges = [lambda band: shown(band.low), lambda band: "∞" if band.high is None else shown(band.high)]
    table = table_of(
        bands.bands,
        *numbers("from", "to", of=edges, kind="significant"),
        Column(heading="gateway", kind="name", of=lambda band: band.route.gateway or "land"),
        Column(heading="now", kind="label", of=lambda band: "now" if band.holds_now else ""),
        Column(heading="by", kind="names", rank=1, of="route.services"),
        *numbers("USD", of="route.cost_usd"),
        *numbers("days", of="route.days", digits=1),
        *numbers("kg CO2e", of="route.co2_kg", rank=2),
    )
    chart = [
        say("{bar}", bar=bar),
        say("{space}^ {now:label} {value}", space=" " * place, now="now", value=shown(bands.now)),
    ]
    heading = say("{key:figure}, {unit:unit}: 0 to {last};  {legend:list}", bands, last=shown(last), legend=legend)
    return [heading, *chart, table]


def charts(found: BreakevenAnswer) -> Mapping[str, Chart]:
    """Draw the bands of each figure."""
    from corridor_net.output.pair_text import BY_LAND

    drawn = {}
    for number, one in enumerate(found.bands, 1):
        gates = [(low, high, named(name) if name else BY_LAND) for low, high, name in one.by_gateway]
        title = say(
            "{origin:name} to {destination:name}, {run}: who wins by {what}",
            found.route,
            run=say("{as_of}, {scenario:label}", found.route),
            what=figure_words(one.key),
        )
        rows = [(say("best gateway"), gates)]
        drawn[f"bands-{number}"] = Stretches(title=title, unit=one.unit, now=one.now, rows=rows)
    return drawn


def layer(found: BreakevenAnswer) -> dict[str, Any]:
    """Give the route of each band as a line; the route as it is where there are no bands."""
    from corridor_net.output.maps.layers import DrawnWay, ways_layer

    network = networks_of(found)[0]
    bands = [(f"{one.what} from {band.low:,.4g} {one.unit}", band.route) for one in found.bands for band in one.bands]
    routes = bands or [("as it is", found.route)]
    return ways_layer(DrawnWay(network=network, title=title, steps=route.legs, row=route) for title, route in routes)
