"""The few marks that charts are made of: scales with round ticks, lines, boxes, words. No data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise
from math import ceil, floor, log10

from corridor_net.errors import markup
from corridor_net.render.console import wrapped as lines_of
from corridor_net.render.words import Sentence, Words

PALETTE = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#4d5a63", "#f0e442", "#882255", "#a9a9a9",
)  # fmt: skip
"""Okabe and Ito's colours, told apart by people who do not see all colours, slate for their black; then two more."""
DARK = ("#0072b2", "#d55e00", "#009e73", "#4d5a63", "#882255", "#333333")
"""Colours on which words are white."""
SHADES = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")
"""Viridis in five steps, near to far."""
SHADES_OF_UNCERTAINTY = ("#c6dcec", "#0072b2", "#222")
"""10 to 90%, the median, and the answer itself."""
UNREACHED = "#999999"
"""The colour of what no route reaches."""


def shade_of(share: float) -> str:
    """Return the shade between near (0) and far (1)."""
    return SHADES[min(len(SHADES) - 1, int(share * len(SHADES)))]


def luminance(colour: str) -> float:
    """Return how light a colour is, from 0 to 1.

    >>> luminance("#ffffff"), luminance("#440154") < 0.5
    (1.0, True)
    """
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return round(0.3 * red + 0.59 * green + 0.11 * blue, 3)


def colours_of(names: Iterable[str]) -> dict[str, str]:
    """Return a colour for each name, in the order of the palette, which begins again where there are more.

    >>> colours_of(["dalian", "dalian", "busan"]) == {"dalian": PALETTE[0], "busan": PALETTE[1]}
    True
    """
    return dict(zip(dict.fromkeys(names), cycle(PALETTE), strict=False))


WIDTH, HEIGHT = 1088.0, 612.0
"""Of a chart: a slide of 16:9. A chart of very many rows is higher."""
MARGIN = 20.0
"""Free on either side of what is written across a chart."""
SIZE, TITLE_SIZE, SMALL = 13.0, 17.0, 11.0
"""Of letters; a unit is 0.9 of a point on a slide of 960 by 540 points."""

ENGLISH = Words()
Said = Sentence | str
"""Words of a chart: a sentence to be filled in, or a label."""

STYLE = (
    "svg{font:13px system-ui,sans-serif;background:#fff}text{fill:#222}.axis{stroke:#888;stroke-width:1}"
    ".grid{stroke:#ddd;stroke-width:1}.title{font-size:17px;font-weight:600}.small{font-size:11px;fill:#555}"
    ".over{fill:#fff}.over.dark{fill:#111}.now{stroke:#222;stroke-width:1.5;stroke-dasharray:4 3}"
    ".place{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round;font-size:12px}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A linear scale from data (`low` to `high`) to places on the paper (`start` to `end`)."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def of(cls, data: tuple[float, float], paper: tuple[float, float]) -> Scale:
        """Take the ends of the data, and where they come on the paper."""
        return cls(low=data[0], high=data[1], start=paper[0], end=paper[1])

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        span = self.high - self.low or 1.0
        return round(self.start + (value - self.low) / span * (self.end - self.start), 2)

    def ticks(self, about: int = 6) -> list[float]:
        """Return round values inside the scale, some `about` of them.

        >>> Scale.of((0, 14.6), (0, 100)).ticks(5)
        [0.0, 5.0, 10.0]
        """
        span = self.high - self.low
        if span <= 0:
            return [self.low]
        rough = span / about
        power = 10.0 ** floor(log10(rough))
        step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough * 0.75)
        first = floor(self.low / step) * step
        count = int((self.high - first) / step + 1e-9) + 1
        return [round(first + step * n, 10) for n in range(count) if first + step * n >= self.low - 1e-9]


class ChartFile(str):
    """A chart as an SVG file; `inline` is the same as an element of a page."""

    __slots__ = ("inline",)
    inline: str


def document(
    foot: float, body: Iterable[str], *, title: str, description: str, inline: bool = False, width: float = WIDTH
) -> str:
    """Return a whole SVG file with its title on top, and a description for those who listen to it.

    `body` is drawn below y 40 and ends at `foot`. A file is a slide of 16:9, or higher where the body is. With `inline`
    it is an element as high as the body, for a page whose own style sheet dresses the class `chart`.
    """
    lines = wrapped(title, width - 40, TITLE_SIZE)
    lower = TITLE_LINE * (len(lines) - 1)
    heads = "".join(text(20, 28 + TITLE_LINE * n, one, kind="title") for n, one in enumerate(lines))
    content = "".join(body)

    def drawn(lower: float) -> str:
        return f'{heads}<g transform="translate(0 {lower:g})">{content}</g>' if lower else f"{heads}{content}"

    told = markup(f"{title}. {description}")
    start = f'<svg class="chart" viewBox="0 0 {width:g} {foot + lower:g}" role="img" aria-label="{told}">'
    element = f"{start}{drawn(lower)}</svg>"
    if inline:
        return element
    height = max(ceil(foot + lower), width * HEIGHT / WIDTH)
    lower += (height - foot - lower) / 3
    wide = max(width, ceil(height * WIDTH / HEIGHT)) if height < width * HIGHEST else width
    aside = (width - wide) / 2
    made = ChartFile(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{aside:g} 0 {wide:g} {height:g}" width="{wide:g}" '
        f'height="{height:g}" role="img" aria-labelledby="t d"><title id="t">{markup(title)}</title>'
        f'<desc id="d">{markup(description)}</desc><style>{STYLE}</style>'
        f'<rect x="{aside:g}" width="{wide:g}" height="{height:g}" fill="#fff"/>{drawn(lower)}</svg>\n'
    )
    made.inline = element
    return made


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a chart, each with its label at the left: from `top` down, `step` apart, so that they fill a slide."""

    labels: Sequence[str]
    top: float
    below: float = 52.0

    @property
    def step(self) -> float:
        """How far a row stands below the one before."""
        return round(min(120.0, max(18.0, (HEIGHT - self.top - self.below) / max(len(self.labels), 1))), 2)

    @property
    def tall(self) -> float:
        """How high a bar is."""
        return round(min(self.step * 0.72, THICKEST), 2)

    @property
    def foot(self) -> float:
        """The y below the last row."""
        return round(self.top + self.step * len(self.labels), 2)

    @property
    def left(self) -> float:
        """Where the labels end: those of wide rows are broken into lines."""
        return 20 + max((width_of(part) for lines in map(self._lines, self.labels) for part in lines), default=0)

    def _lines(self, label: str) -> list[str]:
        return lines_of_list(label, 340 if self.step >= 2 * LINE else 520)

    def y(self, number: int) -> float:
        """Return the upper edge of a bar."""
        return round(self.top + self.step * number + (0.72 * self.step - self.tall) / 2, 2)

    def base(self, number: int) -> float:
        """Return where words in the middle of a bar stand."""
        return round(self.y(number) + self.tall / 2 + 4.5, 2)

    def words(self) -> list[str]:
        """Return the labels, drawn."""
        body = []
        for number, label in enumerate(self.labels):
            lines = self._lines(label)
            upper = self.base(number) - LINE / 2 * (len(lines) - 1)
            body += [text(self.left, round(upper + LINE * n, 2), one, anchor="end") for n, one in enumerate(lines)]
        return body


LINE, TITLE_LINE = 15.0, 22.0
THICKEST = 64.0
"""How high a bar is at most."""
HIGHEST = 0.75
"""A drawing no higher than this part of its width is made a slide by a margin at both sides."""


def width_of(words: str, size: float = SIZE) -> float:
    """Return about how wide words are: 0.62 of the size a letter, narrow ones less, East Asian ones all of it.

    >>> width_of("Harbin")
    42.12
    """
    return round(size * sum(1.0 if ord(letter) > 0x2E7F else LETTERS.get(letter, 0.62) for letter in words), 2)


LETTERS = {**dict.fromkeys("fijlrtI.,:;'|!()[]- ", 0.38), **dict.fromkeys("mwMW%@", 0.92)}
"""How wide letters are that are not of the usual width, parts of the size."""


def wrapped(words: str, width: float, size: float = SIZE) -> list[str]:
    """Return words in lines no wider than `width`, broken as those of a terminal.

    >>> wrapped("one two three", 60)
    ['one two', 'three']
    """
    return lines_of(words, width, lambda text: width_of(text, size))


ITEM = re.compile(r"[^,、，]+(?:[,、，]\s*)?|[,、，]")
"""What is kept together in a list, with the comma after it."""


def lines_of_list(words: str, width: float) -> list[str]:
    """Return words in lines no wider than `width`, broken after commas where what stands between them fits.

    >>> lines_of_list("基準、綏芬河国境の迅速化、大連経由", 130)
    ['基準、', '綏芬河国境の迅速化、', '大連経由']
    """
    lines = [""]
    for item in ITEM.findall(words):
        if lines[-1] and width_of((lines[-1] + item).rstrip()) > width:
            lines.append("")
        lines[-1] += item
    return [part for one in lines for part in wrapped(one.rstrip(), width)]


def text(x: float, y: float, words: str, *, anchor: str = "start", kind: str = "", turn: float = 0) -> str:
    """Return words at a place; `anchor` is start, middle or end, `turn` degrees clockwise."""
    css = f' class="{kind}"' if kind else ""
    turned = f' transform="rotate({turn:g} {x:g} {y:g})"' if turn else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{css}{turned}>{markup(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str = "axis") -> str:
    """Return a straight line of a class of the style."""
    return f'<line class="{kind}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>'


def polyline(points: Sequence[tuple[float, float]], colour: str, *, width: float = 2, dash: str = "") -> str:
    """Return a line through points."""
    places = " ".join(f"{x:g},{y:g}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashed}/>'


Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes have more than an edge in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


APART = 6.0
"""Pixels from one bead to the next."""


def beads(points: Iterable[tuple[float, float]], half: float) -> Iterator[Box]:
    """Return small boxes along a line that reach `half` to each side: what meets none stands off the line."""
    for (x0, y0), (x1, y1) in pairwise(points):
        count = int(max(abs(x1 - x0), abs(y1 - y0)) // APART) + 1
        for n in range(count + 1):
            x, y = x0 + (x1 - x0) * n / count, y0 + (y1 - y0) * n / count
            yield x - half, y - half, x + half, y + half


def box(x: float, y: float, width: float, height: float, colour: str, words: str = "") -> str:
    """Return a filled rectangle; `words` show when pointed at."""
    size = f'width="{max(width, 0):g}" height="{height:g}"'
    return f'<rect x="{x:g}" y="{y:g}" {size} fill="{colour}">{_tooltip(words)}</rect>'


def dot(x: float, y: float, radius: float, colour: str, words: str = "") -> str:
    """Return a disc; `words` show when pointed at."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}">{_tooltip(words)}</circle>'


def _tooltip(words: str) -> str:
    return f"<title>{markup(words)}</title>" if words else ""


def label_room(ticks: Iterable[float], words: Words = ENGLISH) -> float:
    """Return how far left of an axis its name stands, beyond the longest of its numbers.

    >>> label_room([0, 500]), label_room([0, 2000000])
    (52.0, 80.3)
    """
    longest = max((width_of(words.plain(value)) for value in ticks), default=0.0)
    return max(52.0, round(longest + 14, 2))


def beside(y: Scale, words: Words = ENGLISH) -> float:
    """Return where the axis along the foot starts so that numbers and name of the other have room at its left."""
    return max(90.0, label_room(y.ticks(), words) + 16)


def axes(x: Scale, y: Scale, x_words: str, y_words: str, words: Words = ENGLISH) -> list[str]:
    """Return both axes with grid, ticks and what they measure; `y.start` is the foot of the chart."""
    body = []
    for value in y.ticks():
        body += [
            line(x.start, y(value), x.end, y(value), "grid"),
            text(x.start - 6, y(value) + 4, words.plain(value), anchor="end"),
        ]
    for value in x.ticks():
        body += [
            line(x(value), y.start, x(value), y.start + 4),
            text(x(value), y.start + 17, words.plain(value), anchor="middle"),
        ]
    middle = (y.start + y.end) / 2
    body += [line(x.start, y.start, x.end, y.start), line(x.start, y.start, x.start, y.end)]
    body += [text((x.start + x.end) / 2, y.start + 36, x_words, anchor="middle")]
    return [*body, text(x.start - label_room(y.ticks(), words), middle, y_words, anchor="middle", turn=-90)]


def legend_column(x: float, y: float, width: float, entries: Iterable[tuple[str, str]]) -> tuple[list[str], float]:
    """Return a legend downwards, its words in lines no wider than `width`, and the y of its last line."""
    body: list[str] = []
    for colour, words in entries:
        body.append(box(x, y - 9, 14, 10, colour))
        lines = wrapped(words, width - 20)
        body += [text(x + 20, y + LINE * number, one) for number, one in enumerate(lines)]
        y += LINE * len(lines) + 7
    return body, y - LINE - 7 if body else y


def legend_row(y: float, entries: Iterable[tuple[str, str]]) -> tuple[list[str], float]:
    """Return a legend in rows as wide as the chart, and the y of its last row."""
    body: list[str] = []
    left = MARGIN
    for colour, words in entries:
        wide = 20 + width_of(words) + 18
        if left > MARGIN and left + wide > WIDTH - MARGIN:
            left, y = MARGIN, y + 18
        body += [box(left, y - 9, 14, 10, colour), text(left + 20, y, words)]
        left += wide
    return body, y


def over(x: float, y: float, words: str, colour: str, room: float) -> list[str]:
    """Return words in the middle of a box of a colour, or nothing when they do not fit into `room`."""
    if width_of(words) + 6 > room:
        return []
    return [text(x, y, words, anchor="middle", kind="over" if colour in DARK else "over dark")]
