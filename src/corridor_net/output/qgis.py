"""What QGIS opens already drawn: styles of a GeoPackage (`layer_styles`, one QML a layer), and a project of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from corridor_net.errors import markup
from corridor_net.network import Network
from corridor_net.network.vocabulary import SEA, Vocabulary
from corridor_net.output.charts.svg import PALETTE
from corridor_net.output.maps.projection import UNITS_PER_KM, projection_of

Category = tuple[str | None, str, str]
"""A value (None: there is none), what it is called, and its symbol."""
GEOMETRY = {"nodes": 0, "basemap_land": 2}
"""Geometry types of QGIS by layer: 0 points, 2 areas; lines else."""
BY_LAND = "#555555"
NODE_MM = {"large": "2.4", "medium": "1.8", "small": "1.2"}
"""Diameters by the size that a kind of node has."""


def styles(layers: Mapping[str, Any], vocabulary: Vocabulary, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of `layer_styles`; `names` are those of gateways by id."""
    return [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layer,
            "f_geometry_column": "geom",
            "styleName": layer,
            "styleQML": _qml(layer, frame, vocabulary, names),
            "styleSLD": "",
            "useAsDefault": True,
            "description": f"corridor-net: {layer}",
            "owner": "",
            "ui": "",
            "update_time": "1970-01-01T00:00:00.000Z",
        }
        for layer, frame in layers.items()
    ]


def _qml(layer: str, frame: Any, vocabulary: Vocabulary, names: Mapping[str, str]) -> str:
    """Return a style: land in grey, links and services by mode, routes by gateway, legs as wide as they are used."""
    if layer == "basemap_land":
        drawn = _single(_symbol("fill", "SimpleFill", _fill("235,235,230,255", "150,150,150,255")))
    elif layer == "sea_lanes":
        drawn = _single(_line(vocabulary.modes[SEA].colour, "0.2"))
    elif layer == "routes" and "gateway" not in frame:
        drawn = _single(_line(BY_LAND, "1.0"))
    elif layer == "routes":
        drawn = _categorized("gateway", _gateways(frame, names))
    elif layer == "nodes":
        drawn = _categorized("node_type", _kinds(frame, vocabulary))
    else:
        drawn = _categorized("mode", _modes(frame, vocabulary, _WIDTHS.get(layer, "")))
    named = int(layer == "nodes")
    geometry = f"<layerGeometryType>{GEOMETRY.get(layer, 1)}</layerGeometryType>"
    return f'<qgis version="3.22" labelsEnabled="{named}">{drawn}{_LABELS * named}{geometry}</qgis>'


_WIDTHS = {
    "services": 'min(0.3 + 0.12 * coalesce("sailings_per_week", 1), 1.4)',
    "legs": 'min(0.4 + 0.12 * "routes", 3)',
}
"""Widths in mm, as QGIS works them out."""
_LABELS = (
    '<labeling type="simple"><settings calloutType="simple">'
    '<text-style fieldName="name" isExpression="0" fontSize="8" fontSizeUnit="Point" textColor="34,34,34,255">'
    '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255"/></text-style>'
    '<placement placement="6" dist="1"/></settings></labeling>'
)


def _modes(frame: Any, vocabulary: Vocabulary, width: str) -> Iterable[Category]:
    there = set(frame["mode"])
    for mode in vocabulary.modes.values():
        if mode.mode in there:
            yield mode.mode, mode.label, _line(mode.colour, "0.5", width)


def _gateways(frame: Any, names: Mapping[str, str]) -> Iterable[Category]:
    there = sorted({one for one in frame["gateway"] if isinstance(one, str)})
    for number, gateway in enumerate(there):
        colour = PALETTE[number % len(PALETTE)]
        yield gateway, names.get(gateway, gateway), _line(colour, "1.0")
    yield None, "by land", _line(BY_LAND, "1.0")


def _kinds(frame: Any, vocabulary: Vocabulary) -> Iterable[Category]:
    there = set(frame["node_type"])
    for kind, told in vocabulary.node_types.items():
        if kind in there:
            options = {"name": "circle", "color": _rgba(told.colour), "size": NODE_MM.get(told.size, "1.6")}
            shape = {**options, "size_unit": "MM", "outline_color": "255,255,255,255", "outline_width": "0.2"}
            yield kind, kind.replace("_", " "), _symbol("marker", "SimpleMarker", shape)


def _categorized(column: str, categories: Iterable[Category]) -> str:
    found = list(categories)
    symbols = "".join(symbol.replace('name="0"', f'name="{number}"', 1) for number, (*_, symbol) in enumerate(found))
    listed = "".join(
        f'<category type="{"NULL" if value is None else "string"}" value="{markup(value or "")}" symbol="{number}" '
        f'label="{markup(label)}" render="true"/>'
        for number, (value, label, _) in enumerate(found)
    )
    inside = f"<categories>{listed}</categories><symbols>{symbols}</symbols>"
    return f'<renderer-v2 type="categorizedSymbol" attr="{column}" enableorderby="0">{inside}</renderer-v2>'


def _single(symbol: str) -> str:
    return f'<renderer-v2 type="singleSymbol"><symbols>{symbol}</symbols></renderer-v2>'


def _fill(colour: str, outline: str) -> dict[str, str]:
    return {"color": colour, "style": "solid", "outline_color": outline, "outline_width": "0.2"}


def _line(colour: str, width: str, expression: str = "") -> str:
    options = {"line_color": _rgba(colour), "line_width": width, "line_width_unit": "MM", "line_style": "solid"}
    return _symbol("line", "SimpleLine", {**options, "capstyle": "round", "joinstyle": "round"}, expression)


def _rgba(colour: str) -> str:
    """Return a colour as QGIS writes it.

    >>> _rgba("#0072b2")
    '0,114,178,255'
    """
    return ",".join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5)) + ",255"


def _symbol(kind: str, layer: str, options: Mapping[str, str], width: str = "") -> str:
    inside = "".join(_option(name, value) for name, value in options.items())
    varied = _varied({"outlineWidth": width}) if width else ""
    drawn = f'<layer class="{layer}" enabled="1"><Option type="Map">{inside}</Option>{varied}</layer>'
    return f'<symbol type="{kind}" name="0" alpha="1">{drawn}</symbol>'


def _varied(expressions: Mapping[str, str]) -> str:
    """Return properties that QGIS works out for each feature, by expressions."""
    properties = "".join(
        f'<Option name="{name}" type="Map">'
        + '<Option name="active" type="bool" value="true"/>'
        + _option("expression", expression)
        + '<Option name="type" type="int" value="3"/></Option>'
        for name, expression in expressions.items()
    )
    inside: Sequence[str] = (
        _option("name", ""),
        f'<Option name="properties" type="Map">{properties}</Option>',
        _option("type", "collection"),
    )
    return f'<data_defined_properties><Option type="Map">{"".join(inside)}</Option></data_defined_properties>'


def _option(name: str, value: str) -> str:
    return f'<Option name="{name}" type="QString" value="{markup(value)}"/>'


ORDER = ("nodes", "routes", "legs", "services", "links", "sea_lanes", "basemap_land")
"""Layers of the project from the top down."""
UNSEEN = ("legs", "sea_lanes")
"""Layers that it holds switched off: what they show lies under others."""
PREFIX = "corridor_net_"
"""Of the ids of layers: QGIS renames short ones."""
SHAPES = ("Point", "Line", "Polygon")
MARGIN = 0.08
"""Part of the window that is free at each side."""
WGS84 = "+proj=longlat +datum=WGS84 +no_defs"


def project(styled: Sequence[Mapping[str, Any]], network: Network, title: str) -> str:
    """Return a QGIS project of `network.gpkg` beside it: its layers in order, drawn by their styles, in our projection.

    `styled` are the rows of `layer_styles`. Markers and lines are those of the GeoPackage, so both look alike.
    """
    qml = {row["f_table_name"]: row["styleQML"] for row in styled}
    there = [name for name in ORDER if name in qml]
    own = projection_of(network)
    proj = WGS84 if own.schematic else own.proj
    places = own.project([(node.x_coord, node.y_coord) for node in network.active("node")]) * (1000 / UNITS_PER_KM)
    xs, ys = places[:, 0], -places[:, 1]
    aside, above = MARGIN * (xs.max() - xs.min()), MARGIN * (ys.max() - ys.min())
    edges = {"xmin": xs.min() - aside, "ymin": ys.min() - above, "xmax": xs.max() + aside, "ymax": ys.max() + above}
    seen = "".join(f"<{name}>{value:.1f}</{name}>" for name, value in edges.items())
    view = " ".join(f'{name}="{value:.1f}"' for name, value in edges.items())
    tree = "".join(
        f'<layer-tree-layer id="{PREFIX}{name}" name="{name}" providerKey="ogr" source="{_source(name)}" '
        f'checked="Qt::{"Unchecked" if name in UNSEEN else "Checked"}" expanded="0"/>'
        for name in there
    )
    layers = "".join(
        f'<maplayer type="vector" geometry="{SHAPES[GEOMETRY.get(name, 1)]}" hasScaleBasedVisibilityFlag="0" '
        f'labelsEnabled="{int(name == "nodes")}"><id>{PREFIX}{name}</id><datasource>{_source(name)}</datasource>'
        f"<layername>{name}</layername>{_srs(WGS84, 'srs')}"
        f'<provider encoding="UTF-8">ogr</provider>{qml[name].partition(">")[2].removesuffix("</qgis>")}</maplayer>'
        for name in there
    )
    order = "".join(f'<layer id="{PREFIX}{name}"/>' for name in there)
    return (
        '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">\n'
        f'<qgis version="3.22.0" projectname="{markup(title)}">'
        f"<title>{markup(title)}</title>{_srs(proj, 'projectCrs')}<layer-tree-group>{tree}</layer-tree-group>"
        f'<mapcanvas name="theMapCanvas"><extent>{seen}</extent>{_srs(proj, "destinationsrs")}</mapcanvas>'
        f"<projectlayers>{layers}</projectlayers><layerorder>{order}</layerorder>"
        f"<ProjectViewSettings><DefaultViewExtent {view}>{_srs(proj, 'srs')}</DefaultViewExtent></ProjectViewSettings>"
        '<properties><Gui><CanvasColorRedPart type="int">227</CanvasColorRedPart>'
        '<CanvasColorGreenPart type="int">237</CanvasColorGreenPart>'
        '<CanvasColorBluePart type="int">244</CanvasColorBluePart></Gui>'
        '<SpatialRefSys><ProjectionsEnabled type="int">1</ProjectionsEnabled></SpatialRefSys>'
        '<Paths><Absolute type="bool">false</Absolute></Paths></properties></qgis>\n'
    )


def _source(layer: str) -> str:
    return f"./network.gpkg|layername={layer}"


def _srs(proj: str, element: str) -> str:
    from pyproj import CRS

    return f"<{element}><spatialrefsys><wkt>{markup(CRS(proj).to_wkt())}</wkt></spatialrefsys></{element}>"
