"""Charts with matplotlib, one drawing a kind of chart: on the Axes that are given, or a figure of fitting size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from corridor_net.render.chart import Chart, Curves, Grid

from .charts import laid_out
from .svg import DARK, PALETTE, luminance

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
    DRAWN.get(type(chart), _rows)(chart, made)
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


def _rows(chart: Chart, ax: Axes) -> None:
    """Draw a chart of rows as it is laid out for its file: the first label on top."""
    from matplotlib.patches import Patch

    laid = laid_out(chart)
    panel = laid.panels[0]
    for place, pieces in enumerate(panel.rows):
        for piece in pieces:
            if piece.shape == "mark":
                ax.scatter(piece.low, place, marker="|", s=160, linewidths=3, color=piece.colour)
                continue
            high = 0.7 if piece.shape == "bar" else 0.45
            bars = ax.barh(place, piece.high - piece.low, high, left=piece.low, color=piece.colour)
            if piece.inside and abs(piece.high - piece.low) > 0.06 * (panel.high - panel.low):
                white = "white" if piece.colour in DARK else "black"
                ax.bar_label(bars, [piece.inside[-1]], label_type="center", fontsize=8, color=white)
            if piece.after:
                back = piece.high < piece.low
                at, side = ((-4, 0), "right") if back else ((4, 0), "left")
                style: dict[str, Any] = {"textcoords": "offset points", "va": "center", "ha": side, "size": 9}
                ax.annotate(piece.after, (piece.high, place), at, **style)
    handles: list[Any] = [Patch(color=colour, label=words) for colour, words in laid.key]
    if laid.now:
        handles.append(ax.axvline(laid.now[0], color="#222222", linestyle="--", label=laid.now[1]))
    ax.axvline(0, color="#888888", linewidth=1)
    ax.set_yticks(range(len(laid.labels)), map(_broken, laid.labels))
    ax.tick_params(axis="y", length=0)
    ax.set(xlabel=panel.unit, ylim=(len(laid.labels) - 0.4, -0.6), xlim=(panel.low, panel.high))
    ax.grid(axis="x", color=LIGHT)
    ax.xaxis.set_major_formatter("{x:,g}")
    _legend(ax, handles)


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
    from matplotlib.colors import to_hex

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
                dark = value == value and luminance(to_hex(tuple(image.cmap(image.norm(value))))) < 0.5
                told = f"{value:,.{chart.digits}f}" if value == value else "–"
                ax.text(column, row, told, ha="center", va="center", fontsize=8, color="white" if dark else "black")


def _legend(ax: Axes, given: Sequence[Any] = ()) -> None:
    """Put the legend below the chart, where there is more than one thing to name."""
    handles = given or ax.get_legend_handles_labels()[0]
    if len(handles) > 1:
        ax.figure.legend(
            handles=handles,
            labels=[_broken(str(handle.get_label())) for handle in handles],
            loc="outside lower left",
            ncols=min(4, len(handles)),
            frameon=False,
            fontsize=9,
        )


DRAWN: dict[type[Chart], Callable[[Any, Any], None]] = {Curves: _curves, Grid: _grid}
"""Kinds of chart that are no rows."""
