"""The console that everything is printed to: safe with words of people's files."""

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
