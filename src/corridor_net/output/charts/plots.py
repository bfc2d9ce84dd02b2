"""Charts with matplotlib, one drawing a kind of chart: on the Axes that are given, or a figure of fitting size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from corridor_net.render.chart import Bars, Chart, Curves, Grid, Stacks, Stretches, Whiskers

from .svg import DARK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE = 10.0
"""Width of a figure, inches."""
ROW, HEAD = 0.3, 1.5
"""Height of a row, and of title, legend and axis together, inches."""
LONGEST = 48
"""Letters of a label before it is broken into lines."""
LIGHT = "#dddddd"


def draw(chart: Chart, ax: Axes | None = None) -> Axes:
    """Draw a chart and return the Axes."""
    made = ax if ax is not None else new_axes(HEAD + ROW * max(_lines_of(chart), 4))
    made.set_axisbelow(True)
    made.spines[["top", "right"]].set_visible(False)
    DRAWN[type(chart)](chart, made)
    widest = max((len(line) for label in _labels_of(chart) for line in _broken(label).split("\n")), default=0)
    head(made, chart.title, 88 - widest * 2 // 3)
    return made


def head(ax: Axes, title: str, letters: int) -> None:
    """Put a title over a drawing, in lines of so many letters."""
    ax.set_title("\n".join(wrap(title, letters)), loc="left", fontsize=11, fontweight="bold")


def new_axes(high: float) -> Axes:
    """Return Axes on a new figure so many inches high."""
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(WIDE, high), layout="constrained")[1]


def _lines_of(chart: Any) -> int:
    """Return how many lines of text a chart is high."""
    return 13 if isinstance(chart, Curves) else sum(_broken(label).count("\n") + 1 for label in _labels_of(chart))


def _labels_of(chart: Any) -> list[str]:
    """Return the labels down the left of a chart."""
    if isinstance(chart, Curves):
        return []
    return list(chart.rows) if isinstance(chart, Grid) else [row[0] for row in chart.rows]


def _broken(label: str) -> str:
    return "\n".join(wrap(label, LONGEST)) or label


def _rows(ax: Axes, labels: Sequence[str], unit: str) -> list[int]:
    """Put labels down the left, the first on top, and return the places of the rows."""
    places = list(range(len(labels)))
    ax.set_yticks(places, [_broken(label) for label in labels])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_xlabel(unit)
    ax.grid(axis="x", color=LIGHT)
    ax.xaxis.set_major_formatter("{x:,g}")
    return places


def _bars(chart: Bars, ax: Axes) -> None:
    values = [value for _, value in chart.rows]
    places = _rows(ax, [label for label, _ in chart.rows], chart.unit)
    bars = ax.barh(places, values, height=0.7, color=[PALETTE[value < 0] for value in values])
    digits = 0 if max(map(abs, values), default=0) >= 20 else 2
    ax.bar_label(bars, [f"{value:z,.{digits}f}" for value in values], padding=4, fontsize=9)
    ax.axvline(0, color="#888888", linewidth=1)
    ax.margins(x=0.1)


def _stacks(chart: Stacks, ax: Axes) -> None:
    names = dict.fromkeys((*chart.labels, *(name for _, parts in chart.rows for name in parts)))
    used = [name for name in names if any(parts.get(name) for _, parts in chart.rows)]
    places = _rows(ax, [label for label, _ in chart.rows], chart.unit)
    starts = [0.0] * len(places)
    totals = [sum(parts.values()) for _, parts in chart.rows]
    for number, name in enumerate(used):
        values = [parts.get(name, 0.0) for _, parts in chart.rows]
        colour = PALETTE[number % len(PALETTE)]
        called = chart.labels.get(name, name.replace("_", " "))
        bars = ax.barh(places, values, 0.7, left=starts, color=colour, label=called)
        texts = [f"{v:,.{chart.digits}f}" if v > 0.06 * max(totals) else "" for v in values]
        white = "white" if colour in DARK else "black"
        ax.bar_label(bars, texts, label_type="center", fontsize=8, color=white)
        starts = [start + value for start, value in zip(starts, values, strict=True)]
    for place, total in zip(places, totals, strict=True):
        ax.annotate(
            f"{total:,.{chart.digits}f}", (total, place), (4, 0), textcoords="offset points", va="center", size=9
        )
    ax.margins(x=0.08)
    ax.set_xlim(left=0)
    _legend(ax)


def _bands(chart: Stretches, ax: Axes) -> None:
    ends = [edge for _, found in chart.rows for low, high, _ in found for edge in (low, high or 0.0)]
    last = max([*ends, chart.now or 0.0]) * 1.25 or 1.0
    holders = sorted({str(what) for _, found in chart.rows for low, _, what in found if low < last})
    places = _rows(ax, [label for label, _ in chart.rows], chart.unit)
    for number, what in enumerate(holders):
        found = [
            (place, low, min(high if high is not None else last, last) - low)
            for place, (_, intervals) in zip(places, chart.rows, strict=True)
            for low, high, holder in intervals
            if str(holder) == what and low < last
        ]
        at, lows, widths = zip(*found, strict=True)
        ax.barh(at, widths, 0.7, left=lows, color=PALETTE[number % len(PALETTE)], label=what)
    if chart.now is not None:
        ax.axvline(chart.now, color="#222222", linestyle="--", label=f"now {chart.now:,.4g}")
    ax.set_xlim(0, last)
    _legend(ax)


def _spans(chart: Whiskers, ax: Axes) -> None:
    places = _rows(ax, [row[0] for row in chart.rows], chart.unit)
    lows, highs = [row[1] for row in chart.rows], [row[3] for row in chart.rows]
    widths = [high - low for low, high in zip(lows, highs, strict=True)]
    ax.barh(places, widths, 0.45, left=lows, color="#c6dcec")
    marks = [(row[2], place) for row, place in zip(chart.rows, places, strict=True) if row[2] is not None]
    if marks:
        x, y = zip(*marks, strict=True)
        ax.scatter(x, y, marker="|", s=160, linewidths=3, color=PALETTE[0])
    ax.margins(x=0.05)


def _curves(chart: Curves, ax: Axes) -> None:
    for number, (name, points) in enumerate(chart.lines):
        x, y = zip(*points, strict=True) if points else ((), ())
        colour = PALETTE[number % len(PALETTE)]
        if chart.joined:
            ax.plot(x, y, color=colour, linewidth=2, marker="o" if len(points) < 40 else "", markersize=4, label=name)
        else:
            ax.scatter(x, y, color=colour, s=28, label=name)
    if all(x == int(x) and x > 1000 for _, points in chart.lines for x, _ in points):  # years
        ax.locator_params(axis="x", integer=True)
    ax.set_xlabel(chart.x)
    ax.set_ylabel(chart.unit)
    ax.grid(color=LIGHT)
    ax.yaxis.set_major_formatter("{x:,g}")
    _legend(ax)


def _grid(chart: Grid, ax: Axes) -> None:
    import numpy as np

    values = np.array([[np.nan if value is None else value for value in row] for row in chart.values], float)
    image = ax.imshow(values, aspect="auto", cmap="viridis_r")
    turned: dict[str, Any] = {"rotation": 45, "ha": "left", "rotation_mode": "anchor"}
    ax.set_xticks(range(len(chart.columns)), chart.columns, **(turned if len(chart.columns) > 8 else {}))
    ax.xaxis.tick_top()
    ax.set_yticks(range(len(chart.rows)), chart.rows)
    ax.tick_params(length=0)
    ax.figure.colorbar(image, ax=ax, label=chart.unit, fraction=0.04)
    if len(chart.columns) <= 14:
        for row, of in enumerate(values):
            for column, value in enumerate(of):
                red, green, blue, _ = image.cmap(image.norm(value)) if value == value else (1, 1, 1, 1)
                dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
                told = f"{value:,.{chart.digits}f}" if value == value else "–"
                ax.text(column, row, told, ha="center", va="center", fontsize=8, color="white" if dark else "black")


def _legend(ax: Axes) -> None:
    """Put the legend below the chart, where there is more than one thing to name."""
    handles, labels = ax.get_legend_handles_labels()
    if len(labels) > 1:
        ax.figure.legend(
            handles,
            [_broken(label) for label in labels],
            loc="outside lower left",
            ncols=min(4, len(labels)),
            frameon=False,
            fontsize=9,
        )


DRAWN: dict[type[Chart], Callable[[Any, Any], None]] = {
    Bars: _bars,
    Stacks: _stacks,
    Stretches: _bands,
    Whiskers: _spans,
    Curves: _curves,
    Grid: _grid,
}
