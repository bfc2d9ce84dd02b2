"""What a terminal shows: a safe console, numbers, the validation. Text only, no computing."""

from __future__ import annotations

from collections.abc import Iterator
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


def number(value: float | None, form: str = ",.0f") -> str:
    """Return a figure for a cell, or a dash where there is none."""
    return "–" if value is None else format(value, form)
