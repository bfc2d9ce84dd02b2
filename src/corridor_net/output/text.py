"""What a terminal shows: a safe console, numbers, the validation. Text only, no computing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.segment import Segment

from corridor_net.errors import printable


class Output(Console):
    """A console for words of people's files: no markup, no codes that steer it; it says when nobody reads any more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, **options)

    def render(self, renderable: Any, options: Any = None) -> Iterator[Segment]:
        """Give the pieces of what is printed, with codes spelt out in all that is text."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(printable(segment.text, lines=True), segment.style)

    def on_broken_pipe(self) -> None:
        """Raise what Python itself raises."""
        raise BrokenPipeError


def wide_console() -> Output:
    """Return a console as wide as the terminal, or 140 columns where there is none."""
    return Output(width=None if sys.stdout.isatty() else 140)


def number(value: float | None, form: str = ",.0f") -> str:
    """Return a figure for a cell, or a dash where there is none."""
    return "–" if value is None else format(value, form)


def validation_markdown(checks: Sequence[Any]) -> str:
    """Return the page docs/validation.md holds between its marks: every published figure and the model's."""
    comparable = [check for check in checks if check.claim.comparable == "yes"]
    met = sum(check.met for check in comparable)
    lines = [
        f"Within 25 %: **{met} of {len(comparable)}** comparable published figures ({met / len(comparable):.0%}).",
        "",
        "| claim | from | to | via | what | published | model | off | source, grade |",
        "|---|---|---|---|---|--:|--:|--:|---|",
    ]
    for check in checks:
        c = check.claim
        published = (
            ("> " if c.bound else "")
            + f"{c.value:g}"
            + (f"–{c.value_high:g}" if c.value_high is not None else "")
            + f" {c.unit}"
        )
        versus = f" against {c.versus_via}" if c.versus_via else ""
        what = c.metric.replace("_", " ") + (f", {c.basis_of_time}" if c.metric == "time" else "")
        model = "–" if check.model is None else f"{check.model:,.1f}"
        off = check.remark.split(":")[0] if check.error is None else f"{check.error:+z.0%}"
        lines.append(
            f"| {c.claim_id} | {c.origin} | {c.destination} | {c.via or '–'}{versus} | {what} | {published} | "
            f"{model} | {off} | {c.source_id}, {c.grade} |"
        )
    return "\n".join(lines) + "\n"
