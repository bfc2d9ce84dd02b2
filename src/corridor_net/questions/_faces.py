"""The faces of an answer that its question's file makes possible: on a map, in a chart, on a map to move about in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_net.errors import BadValue, UserError, did_you_mean
from corridor_net.questions import question_of, with_geometry, words_of
from corridor_net.render.words import Sentence, Words

if TYPE_CHECKING:
    import folium
    from matplotlib.axes import Axes

    from corridor_net.render.chart import Chart
    from corridor_net.render.page import Column, Page

PLOTS = ("chart", "map")
TIP = ("title", "description", "way", "scenario", "year", "mode", "hours", "cost_usd", "gateway")
"""What a map to move about in tells of a feature that is pointed at, where it has it."""
ROWS = 25
"""Rows at most of a chart that is made of a table."""


def layer_of(result: Any) -> dict[str, Any]:
    """Return where an answer lies as a FeatureCollection; raise BadValue where it lies nowhere."""
    asked = question_of(result)
    if asked is None or asked.layer is None:
        what = f"the answer of '{asked.command}'" if asked else f"a {type(result).__name__} alone"
        raise BadValue(
            f"{what} lies at no place, so there is no map of it",
            hint=f"'.plot()' draws it and '.frame' is its table; a map have: {', '.join(with_geometry())}",
        )
    return asked.layer(result)


def plotted(result: Any, ax: Axes | None, kind: str | None) -> Axes:
    """Draw an answer as a chart or a map; see `Result.plot`."""
    if kind is not None and kind not in PLOTS:
        raise BadValue(f"there is no plot of kind '{kind}'", hint=did_you_mean(kind, PLOTS, otherwise="chart or map"))
    if ax is not None and not hasattr(ax, "set_facecolor"):
        raise BadValue(
            f"ax is no Axes of matplotlib: {ax!r}", hint="to keep a drawing: .plot().figure.savefig('drawing.svg')"
        )
    asked = question_of(result)
    charts = asked.charts(result) if asked and asked.charts and kind != "map" else {}
    if kind == "map" or (kind is None and not charts and asked is not None and asked.layer is not None):
        from corridor_net.output.maps.plot_map import draw_map
        from corridor_net.questions import networks_of

        return draw_map(networks_of(result)[0], layer_of(result), _title(result), ax)
    from corridor_net.output.charts.plots import draw

    return draw((next(iter(charts.values()), None) or _of_page(result)).in_words(_words(result)), ax)


def explored(result: Any, **options: Any) -> folium.Map:
    """Return an answer on a map to move about in; see `Result.explore`."""
    frame = result.geoframe
    try:
        import folium  # noqa: F401 - asked for here, so that its absence is told in our words
        import mapclassify  # noqa: F401
    except ImportError:
        raise UserError(
            "a map to move about in needs folium", hint="pip install 'corridor-net[explore]'; '.plot()' needs nothing"
        ) from None
    colours = [frame[name] for name in ("stroke", "marker-color") if name in frame]
    if colours and "column" not in options and "color" not in options:
        options["color"] = colours[0].combine_first(colours[-1]).fillna("#555555")
    options.setdefault("tooltip", [name for name in TIP if name in frame] or True)
    options.setdefault("style_kwds", {"weight": 4, "fillOpacity": 0.8})
    options.setdefault("marker_kwds", {"radius": 6})
    made: folium.Map = frame.explore(**options)
    return made


def _title(result: Any) -> str:
    """Return what stands over a map: the answer in a sentence where its page begins with one, else a chart's title."""
    from corridor_net.questions import page_of

    asked, words = question_of(result), _words(result)
    first = page_of(result).blocks[0]
    if isinstance(first, (str, Sentence)):
        return words.text(first)
    charts = asked.charts(result) if asked and asked.charts else {}
    return next((words.text(chart.title) for chart in charts.values()), "")


def _words(result: Any) -> Words:
    return words_of(result) or Words()


def _of_page(result: Any) -> Chart:
    """Return the first column of numbers of the page's first table that has one, as bars."""
    from corridor_net.questions import page_of
    from corridor_net.render.chart import Bars

    page, words = page_of(result), _words(result)
    table, column = _measured(page)
    if table is None or column is None:
        raise BadValue("there is nothing to draw: the answer has no table of numbers", hint="'.frame' is its table")
    at, share = table.columns.index(column), column.kind in ("share", "rise")
    first = table.columns[0]
    rows = [
        (first.shown(row[0], words), float(row[at]) * (100 if share else 1))
        for row in table.rows
        if isinstance(row[at], (int, float)) and row[at] == row[at]
    ]
    heading = column.head(words) + (", %" if share else "")
    return Bars(title=table.head(words) or words.text(_sentence(page)), unit=heading, rows=rows[:ROWS])


def _sentence(page: Page) -> Any:
    """Return the first sentence of a page, which is the answer."""
    return next((block for block in page.blocks if isinstance(block, (str, Sentence))), "")


def _measured(page: Page) -> tuple[Any, Column | None]:
    """Return the first table with numbers, and of its columns of numbers the first that always stays."""
    for table in page.tables:
        known = [one for n, one in enumerate(table.columns) if one.is_number and any(_number(r[n]) for r in table.rows)]
        if known:
            return table, min(known, key=lambda one: one.rank)
    return None, None


def _number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and cell == cell
