"""What the charts of the month share: two widths, one unit, rows of bars, and looks without colour.

A chart is drawn for the width at which it is read: `wide` for a page and `narrow` for a telephone,
where names stand above their bars and an axis has fewer ticks. What colour tells is told again by a
shape, a dash, an outline or stripes. Positions are in pixels across and down, money is in the
unit of the page, and nothing is worked out beyond what stands where.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from controltotal.core.money import PENCE_PER, format_money, page_unit
from controltotal.papers.sections import ChartView
from controltotal.papers.vega import INK, Rows, Spec, chart, mark, name, number

WIDE: Final = "wide"
NARROW: Final = "narrow"
WIDTHS: Final[Mapping[str, int]] = {WIDE: 640, NARROW: 340}
"""The whole width of a drawing in pixels: a column of a page, and a telephone."""
SIZE: Final = 12
"""Letters of labels, in pixels."""
LINE: Final = 15
"""From one line of letters to the next."""
LETTER: Final = 6.4
"""The mean width of a letter, a little over what usual fonts need."""
GRID: Final = "#e4e7eb"
PALE: Final = "#7b8794"
UNIT_WORDS: Final = {"£m": "£ million", "£k": "£ thousand", "£": "£"}
PLACES: Final = {"£m": 1, "£k": 0, "£": 0}
STRIPE: Final = 5
"""From one stripe of a hatched bar to the next."""
NOT_NIL: Final = "the axis does not begin at nil"


@dataclass(frozen=True, slots=True)
class Frame:
    """How a chart is drawn: for a `wide` page or a `narrow` one, and in which unit of money.

    `finer` adds decimals where a chart's numbers would else look alike.

    >>> Frame().pixels, Frame("narrow").pixels, Frame(unit="£k").money(-123_456_00)
    (640, 340, '(123)')
    """

    width: str = WIDE
    unit: str = ""
    finer: int = 0

    def __post_init__(self) -> None:
        if not self.unit:  # that of the page
            object.__setattr__(self, "unit", page_unit())
        if self.width not in WIDTHS or self.unit not in PLACES:
            raise ValueError(f"no chart is drawn {self.width!r} in {self.unit!r}")

    @property
    def narrow(self) -> bool:
        """Whether names stand above their bars."""
        return self.width == NARROW

    @property
    def pixels(self) -> int:
        """The whole width."""
        return WIDTHS[self.width]

    @property
    def places(self) -> int:
        """Decimals of a sum."""
        return PLACES[self.unit] + self.finer

    @property
    def words(self) -> str:
        """The unit in words, as an axis names it."""
        return UNIT_WORDS[self.unit]

    def scaled(self, pence: int) -> float:
        """Pence in the unit, as fine as a drawing can show.

        >>> Frame().scaled(-1_234_567_890)
        -12.3457
        """
        return round(pence / PENCE_PER[self.unit], 4)

    def money(self, pence: int) -> str:
        """Pence as a direct label, deficits in brackets: as the tables of a page show them.

        >>> Frame().money(-1_234_567_890), Frame().money(0)
        ('(12.3)', '0.0')
        """
        return format_money(pence, self.unit, self.places)

    def is_seen(self, pence: int) -> bool:
        """Whether a sum shows as more than nil.

        >>> Frame().is_seen(4_000_000), Frame().is_seen(-6_000_000)
        (False, True)
        """
        return bool(self.money(abs(pence)).strip("0.,"))

    def pounds(self, pence: int) -> str:
        """A size of money in a sentence; what rounds to nil and is not nil says so.

        >>> Frame().pounds(-340_000_000), Frame().pounds(2), Frame(unit="£k").pounds(234_500_00)
        ('£3.4m', 'less than £0.1m', '£235k')
        """
        shown, tail = self.money(abs(pence)), self.unit[1:]
        if pence and not self.is_seen(pence):
            return f"less than £{10**-self.places:.{self.places}f}{tail}"
        return f"£{shown}{tail}"

    def amount(self, pence: int) -> str:
        """Money of either sign in a sentence.

        >>> Frame().amount(-1_230_000_000), Frame().amount(550_000_000)
        ('£(12.3)m', '£5.5m')
        """
        return f"£{self.money(pence)}{self.unit[1:]}"

    def stands(self, pence: int) -> str:
        """A position in words.

        >>> Frame().stands(-4_900_000_000), Frame().stands(0)
        ('a deficit of £49.0m', 'break-even')
        """
        if not pence:
            return "break-even"
        return f"a {'deficit' if pence < 0 else 'surplus'} of {self.pounds(pence)}"

    def moved(self, pence: int) -> str:
        """How far money is from something, and which way.

        >>> Frame().moved(-340_000_000), Frame().moved(0)
        ('£3.4m worse', 'no better and no worse')
        """
        if not pence:
            return "no better and no worse"
        return f"{self.pounds(pence)} {'better' if pence > 0 else 'worse'}"


@dataclass(frozen=True, slots=True)
class Along:
    """Money along a line of pixels: from `low` at `first` to `high` at `last`.

    >>> Along(0.0, 10.0, 100, 300).at(2.5), Along(-60.0, 0.0, 0, 400).ticks(4)
    (150.0, [-60.0, -40.0, -20.0, 0.0])
    """

    low: float
    high: float
    first: float
    last: float

    def at(self, value: float) -> float:
        """The pixel of a value."""
        return self.first + (value - self.low) / (self.high - self.low) * (self.last - self.first)

    def ticks(self, most: int) -> list[float]:
        """Round values to mark, at most so many."""
        rough = (self.high - self.low) / max(1, most - 1)
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [round(n * step, 6) for n in range(first, last + 1)]

    @property
    def scale(self) -> Spec:
        """The same as Vega reads it."""
        return {
            "domain": [self.low, self.high],
            "range": [self.first, self.last],
            "nice": False,
            "zero": False,
        }


def along(values: Iterable[float], first: float, last: float, *, nil: bool = True) -> Along:
    """A line that holds all values, and nil where it is asked for; never of no length.

    >>> along([5.0, 5.0], 0, 100, nil=False)
    Along(low=4.0, high=6.0, first=0, last=100)
    """
    held = [*values, *([0.0] if nil else [])]
    low, high = min(held), max(held)
    if low == high:
        low, high = low - 1, high + 1
    return Along(low, high, first, last)


def axis(line: Along, frame: Frame, title: Sequence[str], *, grid: bool = False) -> Spec:
    """An axis of money: few ticks on a narrow page, deficits in brackets, a title of whole lines."""
    return {
        "values": line.ticks(ticks_most(frame)),
        "labelExpr": "datum.value < 0 ? '(' + format(-datum.value, ',') + ')'"
        " : format(datum.value, ',')",
        "title": list(title) or None,
        "grid": grid,
        "gridColor": GRID,
        "labelFontSize": SIZE,
        "titleFontSize": SIZE,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    }


def grid_rules(line: Along, frame: Frame, top: float, bottom: float) -> list[Spec]:
    """Pale lines at the ticks across rows of bars, and the line of nil where the axis holds it."""
    channels = {"x": number("tick", scale=line.scale), "y": pixel(top), "y2": pixel(bottom)}
    ticks = [{"tick": tick} for tick in line.ticks(ticks_most(frame))]
    layers = [mark("rule", channels, rows=ticks, color=GRID)]
    if line.low <= 0 <= line.high:
        layers.append(mark("rule", channels, rows=[{"tick": 0}], color=INK))
    return layers


def ticks_most(frame: Frame) -> int:
    """How many ticks an axis has at most."""
    return 4 if frame.narrow else 7


def pixel(place: float) -> Spec:
    """A channel that stands at one place."""
    return {"value": round(place, 1)}


def down(field: str) -> Spec:
    """A channel whose field is a place down the drawing, in pixels."""
    return number(field, scale=None, axis=None)


def wrapped(text: str, letters: int) -> str:
    """A text on several lines of at most so many letters; a longer word stands alone.

    >>> wrapped("Savings that slipped", 12).splitlines()
    ['Savings that', 'slipped']
    """
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def words_wide(text: str) -> float:
    """The room that a text takes across, in pixels."""
    return LETTER * max((len(line) for line in text.split("\n")), default=0)


def writing(channels: Spec, rows: Rows, **look: Any) -> Spec:
    """A layer of words, the lines of one text below each other."""
    usual: Spec = {
        "fontSize": SIZE,
        "color": INK,
        "align": "left",
        "baseline": "middle",
        "lineBreak": "\n",
        "lineHeight": LINE,
    }
    return mark("text", {**channels, "text": name("text")}, rows=rows, **{**usual, **look})


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rows of bars below each other: a name and a place for each, and the line of money across.

    On a wide page names stand left of the bars, on a narrow one above them. `room` is kept right
    of the line for labels, `top` above the first row for the words of the key.
    """

    frame: Frame
    names: tuple[str, ...]
    top: float = 0
    left: int = 190
    bar: int = 15

    @property
    def start(self) -> int:
        """Where the line of money begins."""
        return 6 if self.frame.narrow else self.left

    @property
    def shown(self) -> list[str]:
        """The names as they stand on their lines."""
        room = self.frame.pixels - 8 if self.frame.narrow else self.left - 12
        return [wrapped(one, int(room // LETTER)) for one in self.names]

    @property
    def middles(self) -> list[float]:
        """The middle of each bar, in pixels down."""
        found, at = [], float(self.top)
        for one in self.shown:
            lines = one.count("\n") + 1
            if self.frame.narrow:
                at += lines * LINE + 2
                found.append(at + self.bar / 2)
                at += self.bar + 6
            else:
                tall = max(self.bar + 7, lines * LINE + 4)
                found.append(at + tall / 2)
                at += tall
        return found

    @property
    def bottom(self) -> float:
        """The end of the last row."""
        last = self.middles[-1] if self.names else self.top
        return last + self.bar / 2 + 6

    def writing(self) -> list[Spec]:
        """The names, as layers; over bars a white edge behind them keeps lines from running through."""
        rows = []
        for text, middle in zip(self.shown, self.middles, strict=True):
            lines = text.count("\n")
            first = middle - self.bar / 2 - 2 - LINE * (lines + 0.5)
            rows.append(
                {"text": text, "y": first if self.frame.narrow else middle - LINE * lines / 2}
            )
        place = {"x": pixel(0), "y": down("y")}
        edge: Spec = {"stroke": "white", "strokeWidth": 5} if self.frame.narrow else {}
        return [writing(place, rows, **edge)]


def striped(rows: Iterable[Mapping[str, Any]], line: Along, colour: str = "white") -> Spec:
    """Stripes across bars, so that a kind is told without its colour.

    `rows`: from and to in the unit of the page, top and bottom in pixels down.
    """
    found = []
    for row in rows:
        low, high = sorted((row["from"], row["to"]))
        step = STRIPE * (line.high - line.low) / (line.last - line.first)
        for place in range(1, math.ceil((high - low) / step)):
            found.append({"at": low + place * step, "top": row["top"], "bottom": row["bottom"]})
    channels = {
        "x": number("at", scale=line.scale),
        "y": down("top"),
        "y2": {"field": "bottom"},
    }
    return mark("rule", channels, rows=found, color=colour, strokeWidth=1.4)


Item = tuple[str, str]
"""One entry of a key: the look of its mark, and its words."""


def key_rows(items: Sequence[Item], frame: Frame) -> list[tuple[float, float, str, str]]:
    """Where each entry of a key stands: across, down, its look and its words on their lines.

    >>> [(x, y) for x, y, *_ in key_rows([("a", "one"), ("b", "two " * 12)], Frame("narrow"))]
    [(0.0, 8.0), (0.0, 23.0)]
    """
    found: list[tuple[float, float, str, str]] = []
    across, at = 0.0, LINE / 2 + 0.5
    for look, words in items:
        text = wrapped(words, int((frame.pixels - 34) // LETTER))
        wide, lines = 34 + words_wide(text), text.count("\n")
        if across and across + wide > frame.pixels:
            across, at = 0.0, at + LINE
        found.append((across, at, look, text))
        across, at = (across + wide, at) if not lines else (frame.pixels, at + LINE * lines)
    return found


def key_tall(items: Sequence[Item], frame: Frame) -> float:
    """The height that a key takes, with the room below it."""
    rows = key_rows(items, frame)
    return rows[-1][1] + LINE * (rows[-1][3].count("\n") + 1) if rows else 4.0


def key_layers(
    items: Sequence[Item], frame: Frame, looks: Mapping[str, Callable[[float, float], list[Spec]]]
) -> list[Spec]:
    """A key of marks and words; `looks` draws the mark of each entry about a middle."""
    layers: list[Spec] = []
    for across, at, look, text in key_rows(items, frame):
        layers += looks[look](across + 10, at)
        place = {"x": pixel(across + 24), "y": pixel(at)}
        layers.append(writing(place, [{"text": text}]))
    return layers


def dot(shape: str = "circle", colour: str = INK, *, hollow: bool = False, size: int = 80) -> Any:
    """A function that draws one mark about a middle, for a key."""

    def drawn(across: float, at: float) -> list[Spec]:
        look: Spec = {"fill": "white" if hollow else colour, "stroke": colour, "strokeWidth": 2}
        place = {"x": pixel(across), "y": pixel(at)}
        return [mark("point", place, rows=[{}], shape=shape, size=size, opacity=1, **look)]

    return drawn


def dash(colour: str, dashes: Sequence[int] = (), wide: float = 2.5) -> Any:
    """A function that draws a short line about a middle, for a key."""

    def drawn(across: float, at: float) -> list[Spec]:
        place = {"x": pixel(across - 10), "x2": pixel(across + 10), "y": pixel(at)}
        look: Spec = {"color": colour, "strokeWidth": wide}
        return [mark("rule", place, rows=[{}], strokeDash=list(dashes) or [1, 0], **look)]

    return drawn


def block(colour: str, *, stripes: bool = False) -> Any:
    """A function that draws a small bar about a middle, for a key."""

    def drawn(across: float, at: float) -> list[Spec]:
        place = {
            "x": pixel(across - 10),
            "x2": pixel(across + 10),
            "y": pixel(at - 5),
            "y2": pixel(at + 5),
        }
        layers = [mark("rect", place, rows=[{}], fill=colour, stroke=INK, strokeWidth=1)]
        for shift in range(-10 + STRIPE, 10, STRIPE) if stripes else ():
            stripe = {"x": pixel(across + shift), "y": pixel(at - 5), "y2": pixel(at + 5)}
            layers.append(mark("rule", stripe, rows=[{}], color="white", strokeWidth=1.4))
        return layers

    return drawn


def upright(colour: str, tall: int = 14, wide: float = 4) -> Any:
    """A function that draws a short upright line about a middle, for a key."""

    def drawn(across: float, at: float) -> list[Spec]:
        place = {"x": pixel(across), "y": pixel(at - tall / 2), "y2": pixel(at + tall / 2)}
        return [mark("rule", place, rows=[{}], color=colour, strokeWidth=wide)]

    return drawn


def drawing(layers: Sequence[Spec], frame: Frame, height: float) -> Spec:
    """Layers as a chart of the frame's whole width."""
    return chart(*layers, width=frame.pixels, height=math.ceil(height), padding=4)


def both(make: Callable[[str], ChartView | None]) -> tuple[ChartView, ...]:
    """A chart drawn for a page, and drawn anew for a telephone; none where nothing is told."""
    wide, narrow = make(WIDE), make(NARROW)
    if wide is None or narrow is None:
        return ()
    return (replace(wide, narrow=narrow.chart),)


def capital(text: str) -> str:
    """A text that begins with a capital letter."""
    return text[:1].upper() + text[1:]
