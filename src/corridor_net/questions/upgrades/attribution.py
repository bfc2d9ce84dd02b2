"""How the joint effect of several upgrades divides among them: Shapley values, alone, last, pairs, countries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from corridor_net.output.upgrade_tables import amounts_of, by_countries, by_upgrade, ranked
from corridor_net.questions import Ask
from corridor_net.questions._shared import Destinations, Origins
from corridor_net.questions.asked.study import COUNTED, space_of
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Column, Page, numbers, page, table_of
from corridor_net.render.words import say

if TYPE_CHECKING:
    from corridor_net.analysis.upgrade_sets.attribution import Attribution
    from corridor_net.model import Model

STRONGEST = 8


def answer(
    model: Model,
    *upgrades: Annotated[
        str, Ask("Scenarios, or one study; the default study when none. Packages are opened.", names="scenario")
    ],
    destinations: Destinations = (),
    origins: Origins = (),
    measure: Annotated[
        Literal["generalised", "money", "hours", "co2", "market_access"], Ask("What is divided.")
    ] = "generalised",
    weights: Annotated[Literal["equal", "trade", "people"], Ask("How origins count.", option="--weight")] = "equal",
    permutations: Annotated[int, Ask("Random orders, above 20 upgrades that matter.", metavar="N")] = 400,
    seed: Annotated[int, Ask("Seed of the random orders.", metavar="N", minimum=0)] = 0,
) -> Attribution:
    """Split the joint effect of upgrades: each one's Shapley value, alone and last; pairs; countries.

    Shapley (1953): the mean gain of an upgrade over all orders in which they may come. Exact over all subsets up to 20
    upgrades that matter. Raises BadFile, UnknownName; BadValue for what no origin can reach.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").attribution("primorye-2", "suifenhe-faster", origins=["yanji"])
    >>> round(sum(share.shapley for share in found.shares) - found.joint, 6)
    0.0
    """
    from corridor_net.analysis.upgrade_sets.attribution import attribution

    subsets, starts, goals = space_of(model, upgrades, origins, destinations, markets=measure == "market_access")
    return attribution(subsets, starts, goals, measure=measure, weights=weights, permutations=permutations, seed=seed)


def view(found: Attribution) -> Page:
    """Show the sentences, the shares, the strongest pairs, and the split by country."""
    from corridor_net.analysis.upgrade_sets.attribution import amount, sentences

    how = say("exact, {values:n0|subset|subsets}", found)
    if found.permutations:
        how = say("sampled, {permutations:n0|order|orders}, seed {seed}", found)
    first = say(
        "{origins:n0|origin|origins}, {counted:label}; {as_of}; {measure:label} from {before} to {after}.",
        found,
        counted=COUNTED[found.weights],
        measure=_called(found),
        before=amount(found.before, found),
        after=amount(found.after, found),
    )
    left_out = say("Left out, without a route in some subset: {names:list}.", names=found.left_out)
    pairs = table_of(
        found.interactions[:STRONGEST],
        Column(heading="one", kind="label", of="one"),
        Column(heading="other", kind="label", of="other"),
        Column(
            heading="together they are", kind="label", of=lambda one: "complements" if one.index > 0 else "substitutes"
        ),
        *numbers("interaction", of="index", kind="change", **amounts_of(found)),
        title="Pairs, strongest first",
    )
    return page(
        first,
        how,
        left_out if found.left_out else None,
        sentences(found),
        by_upgrade(found),
        pairs if found.interactions else None,
        by_countries(found) if found.countries else None,
    )


def _called(found: Attribution) -> str:
    """Return what is measured, in words."""
    return "generalised cost" if found.measure == "generalised" else found.measure.replace("_", " ")


def charts(found: Attribution) -> Mapping[str, Chart]:
    """Draw the Shapley values as bars."""
    title = say(
        "Shapley values: {measure:label} to {goals:names}, {as_of}",
        found,
        measure=_called(found),
        goals=found.destinations[:3],
    )
    unit = say("USD of generalised cost a box") if found.measure == "generalised" else found.unit
    rows = [(share.name, share.shapley) for share in ranked(found.shares)]
    return {"attribution": Bars(title=title, unit=unit, rows=rows)}
