"""The strict check of figures: each names a source that is there, and says how it was derived or estimated."""

from __future__ import annotations

from corridor_net.errors import BadValue, CorridorError, UnknownName, did_you_mean
from corridor_net.network.network import Network
from corridor_net.network.rows import Row

from .fault import Findings, found

FIGURES = (
    "link",
    "sea_lane",
    "closed_water",
    "crossing",
    "operation",
    "service",
    "service_call",
    "speed",
    "tariff",
    "season",
    "cargo",
    "emission_factor",
    "exchange_rate",
    "deflator",
)
"""Tables whose rows are figures that answers rest on."""
UNSOURCED = ("C", "D")
"""Grades that say a figure was derived or estimated: how, stands in `basis`."""


def provenance(network: Network) -> Findings:
    """Every figure has a source with a title; one of grade C or D says its formula or its basis."""
    for table in FIGURES:
        spec = network.package.tables.get(table)
        has_basis = spec is not None and "basis" in spec.columns
        for row in network.rows(table):
            fault = _fault(network, row, has_basis=has_basis)
            yield None if fault is None else found(table, row, *fault)


def _fault(network: Network, row: Row, *, has_basis: bool) -> tuple[str, CorridorError] | None:
    if not row.source_id.strip():
        return "source_id", BadValue("a figure without a source", hint="name a row of source.csv in source_id")
    source = network.sources.get(row.source_id)
    if source is None:
        hint = did_you_mean(row.source_id, network.sources, otherwise="add it to source.csv")
        return "source_id", UnknownName(f"there is no source '{row.source_id}'", hint=hint)
    if not source.title.strip():
        return "source_id", BadValue(f"source '{row.source_id}' has no title", hint="say in source.csv what it is")
    if has_basis and row.grade in UNSOURCED and not row.basis.strip():
        what = "derived" if row.grade == "C" else "an estimate"
        return "basis", BadValue(
            f"a figure of grade {row.grade} ({what}) does not say how it was made", hint="write the formula into basis"
        )
    return None
