"""The model held against published figures: money, time and distance apart, by corridor and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.errors import BadFile
from corridor_net.questions import Ask, networks_of
from corridor_net.questions._shared import Seed
from corridor_net.questions.pages.claims import NONE_PUBLISHED, published_text, refuse_options, what_said
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Cell, Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.validate import ClaimCheck
    from corridor_net.model import Model

MARKS = ("<!-- table: begin -->", "<!-- table: end -->")
KINDS = ("money", "time", "distance")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimScore(Result):
    """How many claims of a group are met, are in the model's range, and in that of what would be published."""

    kind: str
    corridor: str | None
    ways: tuple[str | None, ...] = measure(hidden=True)
    year: int | None
    claims: int
    met: int
    in_range: int
    foretold: int


@dataclass(frozen=True, kw_only=True)
class Validation(Result):
    """All claims in the order of the table; `scores` by kind, `groups` by kind, corridor and year."""

    QUESTION: ClassVar[str] = "validate"
    ROWS: ClassVar[str] = "claims"

    claims: tuple[ClaimCheck, ...]
    scores: tuple[ClaimScore, ...]
    groups: tuple[ClaimScore, ...]
    draws: int
    written: str | None = measure(hidden=True, default=None)

    @property
    def scored(self) -> tuple[ClaimCheck, ...]:
        """The claims that score."""
        return tuple(one for one in self.claims if one.error is not None)


def answer(
    model: Model,
    *,
    draws: Annotated[int, Ask("Draws behind each range.", metavar="N", minimum=1)] = 2000,
    seed: Seed = 1,
    out: Annotated[Path | None, Ask("Markdown page whose table is renewed.", metavar="FILE", alone=True)] = None,
) -> Validation:
    """Hold the model against the published end-to-end figures: money, time and distance apart, by corridor and year.

    Each claim is asked as its source meant it: realised, timed or by schedule; from the factory or the departure, until
    arrival or release. It is held to the point (within 25%), to the model's 10-90% range, and to that of what would
    be published, which has the claim's own error as well. Claims that are inputs score nothing. With `out`, the table
    between the marks of that page is renewed. Raises BadValue for a day, scenario or option, BadFile for a page that
    cannot be read or has no marks.

    >>> import corridor_net as cn
    >>> found = cn.load().validate(draws=100)
    >>> sorted({one.kind for one in found.scores})
    ['distance', 'money', 'time']
    """
    from corridor_net.analysis.validate import validate
    from corridor_net.uncertainty.calibration.calibrate import spans
    from corridor_net.uncertainty.calibration.claims import Claims

    refuse_options(model, "validate")
    checks = validate(model.base)
    claims = Claims(checks, seed)
    ranges = {check.claim: pair for check, pair in zip(claims.checks, spans(claims, draws), strict=True)}
    rows = tuple(check.with_ranges(*ranges[check.claim]) if check.claim in ranges else check for check in checks)
    found = Validation(
        claims=rows,
        scores=_scores(rows, lambda one: (one.kind, None, (), None)),
        groups=_scores(rows, lambda one: (one.kind, one.corridor, one.ways, one.year)),
        draws=draws,
        written=str(out) if out is not None else None,
    )
    if out is not None:
        _renew(out, markdown(found))
    return found


def _scores(rows: Iterable[ClaimCheck], key: Any) -> tuple[ClaimScore, ...]:
    """Return the score of every group of claims: money, time, distance, each by corridor and year."""
    groups: dict[tuple[str, str | None, tuple[str | None, ...], int | None], list[ClaimCheck]] = {}
    for one in rows:
        if one.error is not None:
            groups.setdefault(key(one), []).append(one)
    ordered = sorted(groups, key=lambda name: (KINDS.index(name[0]), name[1] or "", name[3] or 0))
    return tuple(
        ClaimScore(
            kind=name[0],
            corridor=name[1],
            ways=name[2],
            year=name[3],
            claims=len(groups[name]),
            met=sum(bool(one.met) for one in groups[name]),
            in_range=sum(bool(one.in_range) for one in groups[name]),
            foretold=sum(bool(one.foretold) for one in groups[name]),
        )
        for name in ordered
    )


def view(found: Validation) -> Page:
    """Show the scores, then every claim with the model's answer and range."""
    if not found.claims:
        return page(NONE_PUBLISHED)
    if found.written:
        return page(say("Renewed: the table of {page}.", page=found.written))
    return page(
        [_sentence(one) for one in found.scores] or "No published figure can be compared.",
        _claims(found),
        _groups(found),
        say(
            "Met: within 25% of the published value or range. Range: the published figure lies in the model's 10-90% "
            "range ({draws:n0} draws of the figures along the same way); with its error: in that of what would be "
            "published, which has the error of a claim of its grade and what the model leaves out. Inputs score "
            "nothing.",
            draws=found.draws,
        ),
    )


def _sentence(one: ClaimScore) -> Any:
    return say(
        "{kind:label}: {met} of {claims} within 25%, {in_range} of {claims} in the 10-90% range, {foretold} of "
        "{claims} with the claims' own errors.",
        one,
        kind=one.kind.capitalize(),
    )


def _claims(found: Validation) -> Table:
    marks = {True: "yes", False: "no", None: ""}
    return table_of(
        found.claims,
        Column(heading="claim", of="claim"),
        Column(heading="from", kind="name", of="origin"),
        Column(heading="to", kind="name", of="destination"),
        Column(heading="corridor", rank=2, of=_corridor),
        *numbers("year", rank=4, of=lambda one: str(one.year)),
        Column(heading="what", rank=2, of=lambda one: what_said(one.row)),
        Column(heading="published", of=lambda one: published_text(one.row)),
        *numbers("model", of="model", digits=1),
        *numbers("10%", "90%", of=("p10", "p90"), digits=1, rank=3),
        *numbers("off", of="error", kind="share"),
        Column(
            heading="met", kind="label", rank=1, of=lambda one: marks[one.met] or ("input" if one.is_input else "-")
        ),
        Column(heading="range", kind="label", of=lambda one: marks[one.in_range]),
        Column(heading="with its error", kind="label", rank=2, of=lambda one: marks[one.foretold]),
        Column(heading="grade", rank=3, of="grade"),
        Column(heading="remark", rank=5, most=60, of="remark"),
        title="Every published figure",
    )


def _corridor(one: ClaimCheck | ClaimScore) -> Cell:
    """Return the seaports of the ways that a claim is about, of a difference those of both."""
    ports = [say("{port:name}", port=port or "by land") for port in one.ways]
    return say("{port} against {other}", port=ports[0], other=ports[1]) if len(ports) > 1 else next(iter(ports), "")


def _groups(found: Validation) -> Table:
    return table_of(
        found.groups,
        Column(heading="kind", kind="label", of="kind"),
        Column(heading="corridor", of=_corridor),
        Column(heading="year", of=lambda one: str(one.year)),
        *numbers("claims", "met", "in range", "with errors", of=("claims", "met", "in_range", "foretold")),
        title="By corridor and year",
    )


# the table of the page


def markdown(found: Validation) -> str:
    """Return what docs/validation.md holds between its marks: the scores, then every published figure."""
    if not found.claims:
        return NONE_PUBLISHED + "\n"
    lines = [
        "| kind | comparable | within 25% | in the 10–90% range | with the claims' own errors |",
        "|---|--:|--:|--:|--:|",
        *(f"| {one.kind} | {one.claims} | {one.met} | {one.in_range} | {one.foretold} |" for one in found.scores),
        f"| all | {len(found.scored)} | "
        + " | ".join(str(sum(getattr(one, name) for one in found.scores)) for name in ("met", "in_range", "foretold"))
        + " |",
        "",
        "| claim | from | to | via | what | published | model | 10–90% | off | source, grade |",
        "|---|---|---|---|---|--:|--:|--:|--:|---|",
        *map(_line, found.claims),
        "",
        "| kind | corridor | year | claims | within 25% | in the range | with errors |",
        "|---|---|--:|--:|--:|--:|--:|",
        *(
            f"| {one.kind} | {one.corridor} | {one.year} | {one.claims} | {one.met} | {one.in_range} | {one.foretold} |"
            for one in found.groups
        ),
    ]
    return "\n".join(lines) + "\n"


def _line(one: ClaimCheck) -> str:
    versus = f" against {';'.join(one.versus_via)}" if one.versus_via else ""
    model = "–" if one.model is None else f"{one.model:,.1f}"
    span = "–" if one.p10 is None or one.p90 is None or not isfinite(one.p10) else f"{one.p10:,.1f}–{one.p90:,.1f}"
    off = one.remark.split(":")[0] if one.error is None else f"{one.error:+z.0%}"
    return (
        f"| {one.claim} | {one.origin} | {one.destination} | {';'.join(one.via) or '–'}{versus} | "
        f"{what_said(one.row)} | {published_text(one.row)} | {model} | {span} | {off} | {one.source_id}, {one.grade} |"
    )


def _renew(path: Path, table: str) -> None:
    """Write a table between the marks of a page; raise BadFile for a page that has none or cannot be read."""
    from corridor_net.output.files import write_all

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise BadFile(f"'{path}' cannot be read: {reason}") from None
    before, begin, rest = text.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not (begin and end):
        raise BadFile(f"'{path}' holds no marks {' and '.join(MARKS)}, in this order")
    write_all(path.parent, {path.name: f"{before}{begin}\n{table}{end}{after}"})


def charts(found: Validation) -> Mapping[str, Chart]:
    """Draw how far the model is from each published figure that scores."""
    rows = [
        (say("{what}, {origin:name} to {destination:name}", one, what=what_said(one.row)), 100 * (one.error or 0.0))
        for one in found.scored
    ]
    bars = Bars(title="The model against published figures", unit="% off the published figure", rows=rows)
    return {"errors": bars}


def layer(found: Validation) -> dict[str, Any]:
    """Give the pairs that claims are about as straight lines."""
    from corridor_net.output.maps.layers import pairs_layer

    return pairs_layer(networks_of(found)[0], found.claims, by="kind")
