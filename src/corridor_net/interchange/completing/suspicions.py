"""What the numbers themselves say of their units: lengths against straight lines, speeds against round numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue
from corridor_net.interchange.coordinates import Floats, ends_of, line_km, straight_km
from corridor_net.interchange.notes import Notes, agreeing, counted, some
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.raw import Raw
from corridor_net.interchange.text_tables import significant
from corridor_net.interchange.units import CLOCK_UNIT, LENGTHS_KM, SPEEDS_KMH, TIMES_H, unit_of

GUESSED = ("km", "m", "mi", "ft")
"""Units of length that are told apart by the straight lines; yards and nautical miles lie too near others."""
SHORT_KM = 0.01
"""Below this a length says nothing of its unit: it may be rounded."""
LOW, MIDDLE = 0.95, 3.0
"""A unit is possible when 95% of lengths are at least `LOW` straight lines, and half of them below `MIDDLE`."""
STRAIGHT, NOT_STRAIGHT = 1.2, 1.45
"""Some links of a network are nearly straight: where a unit says so, one in which none is, is out."""
TOO_SHORT, SLACK_KM = 0.995, 0.02
"""A link is too short below this part of the straight line, and by so many km: lengths and coordinates are rounded."""
NEARLY = 0.01
"""Lengths this near to the map, as a share, are measured on it."""
FITTING = 0.3
"""Of the lengths, the share at least as long as the map and below `MIDDLE` times it, where their unit is right."""
NOUGHT_KM = 1.0
"""A link this long on the map has no length of 0."""
LONG, SHORT = 40.0, 0.02
"""A length this many times the straight line, or this small a part of it, is of another unit or of other places."""
MERCATOR = 0.01
ENOUGH, SPREAD = 5, 0.2
"""Links, and the spread of the logarithm of their detours, from which exchanged coordinates can be told."""
LIKELY_KMH = (8.0, 200.0)
"""Of the middle link, where the unit of times is right; the units are 60 times apart."""
FAST_KMH = 200.0
TIME_NAMES = {"h": "hours", "min": "minutes", "s": "seconds"}
NAMES = {"km": "kilometres", "m": "metres", "mi": "miles", "ft": "feet", "yd": "yards", "nmi": "nautical miles"}


def lengths_in_km(raw: Raw, options: ImportOptions, notes: Notes) -> Raw:
    """Return the network with `length` in km and the unit noted; NaN where no length is given.

    The unit is the user's, else the source's if the straight lines allow it, else the one they point to, else km.

    Raises BadValue when the source says a unit, and the straight lines say another one, or units are mixed.
    """
    drawn = _on_map(raw)
    raw = raw if options.schematic else _without_noughts(raw, drawn, notes)
    links = raw.links
    given = links["length"].to_numpy(float)
    for column, what in (("length", "length"), ("hours", "time")):
        _refuse_negative(raw, column, what, notes)
    if options.measured or not np.isfinite(given).any():
        return raw.but(links=links.assign(length=np.nan), length_unit="km")
    said = options.length_unit or (unit_of(raw.length_unit, LENGTHS_KM, "length") if raw.length_unit else "")
    if not (options.schematic or options.crs or options.swap_xy):
        _exchanged(raw, given, said, notes)
    likely = [] if options.schematic else likely_units(given, drawn)
    unit = said or (likely[0] if likely else "km")
    if options.length_unit and likely and unit not in likely:
        notes.warn(f"lengths are read as {NAMES[unit]}, as asked, but look like {NAMES[likely[0]]}")
    elif said and likely and unit not in (*likely, "yd", "nmi") and not _fits(given * LENGTHS_KM[unit], drawn):
        raise BadValue(
            f"lengths are said to be in {NAMES[unit]} ({raw.said_by}), but the straight lines between their nodes"
            f" say {NAMES[likely[0]]}: as {NAMES[unit]} the middle link is"
            f" {_figure(_middle(given * LENGTHS_KM[unit], drawn))} times as long as the line on the map",
            hint=f"--length-unit {likely[0]} reads them so; --length-unit {unit} insists; --measured takes the map's",
        )
    elif not said and likely:
        notes.assume(
            f"lengths are in {NAMES[unit]}: so the middle link is {_middle(given * LENGTHS_KM[unit], drawn):.2f}"
            " times as long as the line on the map"
        )
    elif not said:
        notes.assume("lengths are in kilometres, as no unit is said")
    km = given if unit == "km" else significant(given * LENGTHS_KM[unit])
    if not options.schematic:
        _notice(raw, km, drawn, unit, notes)
    return raw.but(links=links.assign(length=km), length_unit=unit)


def _without_noughts(raw: Raw, drawn: Floats, notes: Notes) -> Raw:
    """Return the network, a length of 0 between places that lie apart taken as none; if it takes no time, it is 0."""
    length = raw.links["length"].to_numpy(float)
    nought = (length == 0) & (drawn > NOUGHT_KM) & ~(raw.links["hours"].to_numpy(float) == 0)
    if not nought.any():
        return raw
    count = int(nought.sum())
    notes.warn(
        f"{counted(count, 'length', 'lengths')} of 0 {agreeing(count, 'is that', 'are those')} of "
        f"{agreeing(count, 'a link', 'links')} of{agreeing(count, '', ' up to')} "
        f"{drawn[nought].max():.3g} km on the map, and {agreeing(count, 'was', 'were')} taken as "
        f"not said: {some(list(raw.links['link_id'][nought]))}"
    )
    return raw.but(links=raw.links.assign(length=np.where(nought, np.nan, length)))


def _refuse_negative(raw: Raw, column: str, what: str, notes: Notes) -> None:
    values = raw.links[column].to_numpy(float)
    ids = raw.links["link_id"]

    def fault(n: int) -> BadValue:
        return BadValue(
            f"the {what} of link '{ids.iloc[n]}' is {values[n]:g}",
            place=raw.place("link", n),
            hint=f"a {what} is 0 or more; an empty cell says that it is not known",
        )

    notes.fault_rows(values < 0, fault)
    notes.stop_on_faults()


def _exchanged(raw: Raw, given: Floats, said: str, notes: Notes) -> None:
    """Raise BadValue when the lengths fit the map with longitude and latitude exchanged, and as they are do not.

    Warns where they could be either.
    """
    nodes = raw.nodes
    if (nodes["x_coord"].abs() > 90).any():
        return
    other = nodes.assign(x_coord=nodes["y_coord"], y_coord=nodes["x_coord"])
    drawn, turned = (straight_km(*ends_of(frame, raw.links)) for frame in (nodes, other))
    usable = (given > 0) & (drawn >= SHORT_KM) & (turned >= SHORT_KM)
    if not usable.any():
        return
    ratios = given[usable] / drawn[usable], given[usable] / turned[usable]
    spreads = [float(np.ptp(np.quantile(np.log(ratio), (0.1, 0.9)))) for ratio in ratios]
    if usable.sum() >= ENOUGH and spreads[0] > SPREAD and spreads[1] < spreads[0] / 3:
        raise BadValue(
            "longitude and latitude look exchanged: exchanged, the lengths of the links fit the map"
            f" {spreads[0] / max(spreads[1], 1e-9):.3g} times as closely",
            hint="--swap-xy exchanges them; --crs EPSG:4326 insists that x is the longitude",
        )
    _exchanged_by_length(ratios, said, notes)


def _exchanged_by_length(ratios: tuple[Floats, Floats], said: str, notes: Notes) -> None:
    """Raise BadValue, or warn, by how long links are beside the map as it is, and beside the map exchanged."""
    for unit in [said] if said else ["km", "m"]:
        (low, middle), (low_turned, turned) = (np.quantile(ratio * LENGTHS_KM[unit], (0.05, 0.5)) for ratio in ratios)
        if low_turned < LOW or turned > NOT_STRAIGHT:
            continue
        if low >= LOW and middle <= MIDDLE:
            if middle > NOT_STRAIGHT > STRAIGHT >= turned:
                notes.warn(
                    f"the middle link is {_figure(middle)} times as long as the line on the map, and would be"
                    f" {_figure(turned)} times with longitude and latitude exchanged: --swap-xy exchanges them"
                )
            return
        others = [] if said else likely_units(ratios[0], np.ones(len(ratios[0])))
        hint = "--crs EPSG:4326 insists that x is the longitude"
        if others:
            hint = f"--length-unit {others[0]} leaves them, and takes the lengths for {NAMES[others[0]]}"
        raise BadValue(
            f"longitude and latitude look exchanged: the middle link is {_figure(middle)} times as long as the line on"
            f" the map, exchanged {_figure(turned)} times",
            hint=f"--swap-xy exchanges them; {hint}",
        )


def _on_map(raw: Raw) -> Floats:
    """Return km of each link on the map: along its drawing, else straight."""
    drawn = line_km(raw.links["geometry"].to_numpy(object))
    return np.where(np.isfinite(drawn), drawn, straight_km(*ends_of(raw.nodes, raw.links)))


def _fits(km: Floats, drawn: Floats) -> bool:
    """Whether the middle link is as long as the map or a little longer: then single links are wrong, not the unit."""
    return 1 - NEARLY <= _middle(km, drawn) <= NOT_STRAIGHT


def _middle(km: Floats, drawn: Floats) -> float:
    good = (km > 0) & (drawn >= SHORT_KM)
    return float(np.median(km[good] / drawn[good])) if good.any() else 1.0


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def likely_units(given: Floats, drawn: Floats) -> list[str]:
    """Return the units the lengths may be in, the likeliest first: none, when nothing fits or nothing can be said.

    >>> likely_units(np.array([1100.0, 2300.0]), np.array([1.0, 2.0]))
    ['m']
    """
    good = (given > 0) & (drawn >= SHORT_KM)
    if not good.any():
        return []
    found = []
    for unit in GUESSED:
        ratio = given[good] * LENGTHS_KM[unit] / drawn[good]
        low, middle = np.quantile(ratio, (0.05, 0.5))
        if low >= LOW and middle <= MIDDLE:
            found.append((float(middle), float(low), unit))
    found.sort()
    straight = bool(found) and found[0][1] <= STRAIGHT
    return [unit for _, low, unit in found if not straight or low <= NOT_STRAIGHT]


def _notice(raw: Raw, km: Floats, drawn: Floats, unit: str, notes: Notes) -> None:
    """Warn of lengths that the map does not allow; raise BadValue where some are plainly of another unit."""
    good = (km > 0) & (drawn >= SHORT_KM)
    ratio = np.where(good, km / np.where(good, drawn, 1.0), 1.0)
    ids = raw.links["link_id"].to_numpy(object)
    like = float(((ratio[good] >= LOW) & (ratio[good] <= MIDDLE)).mean()) if good.any() else 1.0
    fits = like >= FITTING
    mixed = good & ((ratio > LONG) | (ratio < SHORT))
    if fits and mixed.any() and mixed.sum() < good.sum():
        _mixed(raw, km, drawn, mixed, unit, ids)
    straight = straight_km(*ends_of(raw.nodes, raw.links))
    long = good & (ratio > LONG)
    if fits and long.any():
        notes.warn(
            f"{counted(int(long.sum()), 'link is', 'links are')} more than {LONG:g} times as long "
            f"as on the map: {some(list(ids[long]))}"
        )
    if not fits:
        notes.warn(
            f"lengths do not fit the map: as {NAMES[unit]} the middle link is {_figure(_middle(km, drawn))} times as"
            " long as the line on the map; --length-unit says the unit, --measured takes lengths from the map"
        )
    short = (km > 0) & (km < TOO_SHORT * straight) & (straight - km > SLACK_KM)
    if short.any():
        worst = int(np.argmin(np.where(short, km / np.where(straight > 0, straight, 1.0), 9.0)))
        count = int(short.sum())
        notes.warn(
            f"{counted(count, 'link is', 'links are')} shorter than the straight line between "
            f"{agreeing(count, 'its', 'their')} nodes (worst {ids[worst]}: {km[worst]:.3g} km "
            f"against {straight[worst]:.3g} km): correct {agreeing(count, 'it,', 'them,')} "
            "--measured takes lengths from the map, --schematic keeps lengths and makes the map a "
            "drawing only"
        )
    _mercator(raw, ratio[good], good, notes)


def _mixed(raw: Raw, km: Floats, drawn: Floats, mixed: NDArray[Any], unit: str, ids: NDArray[Any]) -> None:
    found = [likely_units(km[[n]] / LENGTHS_KM[unit], drawn[[n]]) for n in np.flatnonzero(mixed)[:1000]]
    others = [units[0] for units in found if units and unit not in units]
    if not others:
        return
    first = int(np.flatnonzero(mixed)[0])
    raise BadValue(
        f"units are mixed: {int(mixed.sum()):,} of {len(km):,} lengths do not fit the map in {NAMES[unit]},"
        f" but look like {NAMES[others[0]]}: {some(list(ids[mixed]))}; '{ids[first]}' is {km[first]:,.4g} km long,"
        f" on the map {drawn[first]:,.4g} km",
        place=raw.place("link", first),
        hint="correct these lengths in the source, or --measured to take every length from the map",
    )


def _mercator(raw: Raw, ratio: Floats, good: NDArray[Any], notes: Notes) -> None:
    """Warn when lengths are longer than on the map by 1 / cos(latitude), as measured on a Web Mercator map."""
    _, south, _, north = ends_of(raw.nodes, raw.links)
    stretch = 1.0 / np.cos(np.radians((south + north) / 2))[good]
    if len(ratio) < 5 or np.median(stretch) < 1.05:
        return
    if abs(np.median(ratio / stretch) - 1.0) < MERCATOR and np.quantile(np.abs(ratio / stretch - 1.0), 0.8) < MERCATOR:
        notes.warn(
            f"lengths are {np.median(ratio):.2f} times those on the map, which is 1 / cos(latitude): they look measured"
            " on a Web Mercator map and are too long by that much; --measured takes them from the map"
        )


def times_in_hours(raw: Raw, options: ImportOptions, notes: Notes) -> Raw:
    """Return the network with `hours` in hours: of the unit of the user, of the source, else of likely speeds.

    Warns where the unit that is said makes no likely speed, and of links that would be too fast.
    """
    times, km = raw.links["hours"].to_numpy(float), raw.links["length"].to_numpy(float)
    good = (times > 0) & (np.where(np.isfinite(km), km, _on_map(raw)) > SHORT_KM)
    if not np.isfinite(times).any():
        return raw
    pace = np.where(np.isfinite(km), km, _on_map(raw))[good] / times[good]
    middle = float(np.median(pace)) if good.any() else np.nan
    clock = raw.time_unit == CLOCK_UNIT
    likely = [unit for unit, hours in TIMES_H.items() if LIKELY_KMH[0] <= middle / hours <= LIKELY_KMH[1]]
    said = options.time_unit or ("" if clock else raw.time_unit)
    unit = said or next((unit for unit in likely if not clock or unit != "s"), "h" if clock else "min")
    if clock and unit == "s":
        raise BadValue("times such as 2:30 are not in seconds", hint="--time-unit h, or min for minutes and seconds")
    speed = f"the middle link goes {_figure(middle / TIMES_H[unit])} km/h"
    if clock and not said:
        parts = {"h": "hours and minutes", "min": "minutes and seconds"}[unit]
        notes.assume(f"times such as 2:30 are {parts}, as no unit is said: so {speed}")
    elif not said and good.any():
        notes.assume(f"times are in {TIME_NAMES[unit]}, as no unit is said: so {speed}")
    elif not said:
        notes.assume(f"times are in {TIME_NAMES[unit]}, as no unit is said")
    if good.any() and unit not in likely:
        notes.warn(f"times are read as {TIME_NAMES[unit]}, and {speed}: --time-unit says another unit")
    fast = int((pace / TIMES_H[unit] > FAST_KMH).sum())
    if fast:
        notes.warn(
            f"{counted(fast, 'link is', 'links are')} above {FAST_KMH:g} km/h by "
            f"{agreeing(fast, 'its', 'their')} length and time"
        )
    return raw.but(links=raw.links.assign(hours=times * TIMES_H[unit]))


def speeds_in_kmh(raw: Raw, options: ImportOptions, notes: Notes) -> Raw:
    """Return the network with `speed` in km/h and the unit noted; 0 and less become NaN."""
    speed = raw.links["speed"].to_numpy(float)
    unsaid = speed <= 0
    if unsaid.any():
        ids = list(raw.links["link_id"].to_numpy(object)[unsaid])
        count = int(unsaid.sum())
        notes.warn(
            f"{counted(count, 'speed', 'speeds')} of 0 or less {agreeing(count, 'was', 'were')} "
            f"taken as not said: {some(ids)}"
        )
    speed = np.where(unsaid, np.nan, speed)
    given = speed[np.isfinite(speed)]
    if not len(given):
        return raw.but(links=raw.links.assign(speed=speed))
    said = options.speed_unit or (unit_of(raw.speed_unit, SPEEDS_KMH, "speed") if raw.speed_unit else "")
    unit = said or _likely_speed(given, raw.length_unit, notes)
    kmh = speed * SPEEDS_KMH[unit]
    if said and said != "m/s" and _metres_a_second(given):
        notes.warn(f"speeds are said to be in {said}, but look like m/s: --speed-unit m/s reads them so")
    fast, slow = int((kmh > FAST_KMH).sum()), int((kmh < 5).sum())
    if fast or slow:
        notes.warn(
            f"speeds in {unit}: {counted(fast, 'link is', 'links are')} above {FAST_KMH:g} km/h "
            f"and {slow:,} below 5 km/h"
        )
    notes.assume("speeds of the source are taken as commercial speeds: they hold no stops and no queues")
    return raw.but(links=raw.links.assign(speed=kmh), speed_unit=unit)


def _likely_speed(given: Floats, length_unit: str, notes: Notes) -> str:
    if _metres_a_second(given):
        notes.assume("speeds are in m/s: times 3.6 they are round numbers")
        return "m/s"
    unit = "mph" if length_unit in ("mi", "ft") else "km/h"
    notes.assume(f"speeds are in {unit}, as no unit is said")
    return unit


def _metres_a_second(given: Floats) -> bool:
    def round_numbers(values: Floats) -> float:
        return float((np.abs(values / 5 - np.round(values / 5)) < 0.02).mean())

    return bool(given.max() <= 60 and round_numbers(given * 3.6) > 0.8 and round_numbers(given) < 0.5)
