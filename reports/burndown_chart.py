"""Computes the layout of the burn-down chart (lines, areas, phases, labels); `burndown.svg.j2` draws it.

The chart is SVG without a script: it can be printed, needs no other file, and its text can be selected. Lengths are in
SVG user units.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reports.burndown import DayCount
from schemas.plan import Phase

WIDTH = 960
LEFT, RIGHT = 58, 150
PLOT_HEIGHT = 270
LANE_HEIGHT = 25
AXIS_HEIGHT = 36
FONT = 14
_LABEL_GAP = 19
_TICKS_ACROSS = 9


@dataclass(frozen=True, slots=True)
class Curve:
    """The line through the ends of days, the area under it, and the position of its name and its last value."""

    name: str
    value: int
    line: str
    area: str
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Band:
    """A phase: a titled strip in its lane above the plot; every second phase also shades the plot."""

    title: str
    shown: str
    x: float
    y: float
    width: float
    shaded: bool


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class BurnDownChart:
    """All elements of the chart, in drawing order from back to front."""

    height: float
    top: float
    bottom: float
    right: float
    bands: tuple[Band, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    curves: tuple[Curve, ...]
    end: Tick


def text_width(text: str, font: float = FONT) -> float:
    """The approximate width of a text: a full-width character is as wide as the font size, others about half of it."""
    return sum(font if ord(character) > 0x2E7F else font * 0.56 for character in text)


def shorten(text: str, room: float) -> str:
    """The text, cut with an ellipsis to fit the width; empty if not even that fits."""
    if text_width(text) <= room:
        return text
    for length in range(len(text) - 1, 0, -1):
        if text_width(text[:length] + "…") <= room:
            return text[:length] + "…"
    return ""


def nice_step(maximum: int, ticks: int = 5) -> int:
    """A step of 1, 2 or 5 times a power of ten (at least 1) that reaches the maximum in at most `ticks` steps."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * ticks >= maximum:
                return step * factor
        step *= 10


def lanes(phases: Sequence[Phase]) -> list[int]:
    """The lane of each phase: phases that overlap get different lanes."""
    taken: list[date] = []
    chosen: list[int] = []
    for phase in phases:
        free = next((lane for lane, until in enumerate(taken) if until < phase.starts_on), len(taken))
        taken[free : free + 1] = [phase.ends_on]
        chosen.append(free)
    return chosen


def spread(wanted: Sequence[float], gap: float, lowest: float) -> list[float]:
    """Label heights near the wanted ones, at least `gap` apart, none below `lowest` (y grows downwards)."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [0.0] * len(wanted)
    above = float("-inf")
    for index in order:
        above = placed[index] = max(wanted[index], above + gap)
    limit = lowest
    for index in reversed(order):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - gap
    return placed


def draw(
    days: Sequence[DayCount],
    registered: int,
    phases: Sequence[Phase],
    starts_on: date,
    ends_on: date,
) -> BurnDownChart:
    """Computes the chart.

    The plot begins with the campaign, and ends with the campaign or with the last day counted, whichever is later.
    """
    last = max(ends_on, days[-1].day) if days else ends_on
    span = (last - starts_on).days + 1
    plot_width = WIDTH - LEFT - RIGHT
    ordered = sorted(phases, key=lambda phase: (phase.starts_on, phase.ends_on))
    lane_of = lanes(ordered)
    top = 8 + (max(lane_of, default=-1) + 1) * LANE_HEIGHT
    bottom = top + PLOT_HEIGHT
    step = nice_step(max(registered, 1))
    ceiling = step * max(1, -(-registered // step))

    def x(day: date) -> float:
        """The start of a day, which equals the end of the day before."""
        return round(LEFT + plot_width * (day - starts_on).days / span, 2)

    def y(count: float) -> float:
        return round(bottom - PLOT_HEIGHT * count / ceiling, 2)

    bands = tuple(
        Band(
            title=phase.title,
            shown=shorten(phase.title, x(phase.ends_on + timedelta(days=1)) - x(phase.starts_on) - 10),
            x=x(phase.starts_on),
            y=4 + lane * LANE_HEIGHT,
            width=round(x(phase.ends_on + timedelta(days=1)) - x(phase.starts_on), 2),
            shaded=number % 2 == 0,
        )
        for number, (phase, lane) in enumerate(zip(ordered, lane_of, strict=True))
    )
    end = Tick(x(ends_on + timedelta(days=1)), ends_on.strftime("%m-%d"))
    return BurnDownChart(
        height=bottom + AXIS_HEIGHT,
        top=top,
        bottom=bottom,
        right=LEFT + plot_width,
        bands=bands,
        x_ticks=tuple(_day_ticks(starts_on, last, x, end.at)),
        y_ticks=tuple(Tick(y(count), f"{count:,}") for count in range(0, ceiling + 1, step)),
        curves=_curves(days, registered, x, y, bottom),
        end=end,
    )


def _day_ticks(first: date, last: date, x: Callable[[date], float], end: float) -> Iterable[Tick]:
    weeks = max(1, -(-((last - first).days + 1) // (7 * _TICKS_ACROSS)))
    day = first
    while day <= last:
        if abs(x(day) - end) > 90:
            yield Tick(x(day), day.strftime("%m-%d"))
        day += timedelta(days=7 * weeks)


def _curves(
    days: Sequence[DayCount],
    registered: int,
    x: Callable[[date], float],
    y: Callable[[float], float],
    bottom: float,
) -> tuple[Curve, ...]:
    """Back to front: open and overdue as areas from the axis, then closed, then carried over if there are any."""
    if not days:
        return ()
    last = days[-1]
    wanted = ["open", "overdue", "closed"] + ["carried_over"] * (last.carried_over > 0)
    start = x(days[0].day)
    end = x(last.day + timedelta(days=1))
    heights = spread([y(getattr(last, name)) for name in wanted], _LABEL_GAP, bottom - 8)
    curves = []
    for name, label_y in zip(wanted, heights, strict=True):
        before = registered if name == "open" else 0
        points = [(start, y(before))] + [(x(count.day + timedelta(days=1)), y(getattr(count, name))) for count in days]
        line = " ".join(f"{across:g},{down:g}" for across, down in points)
        curves.append(
            Curve(
                name=name,
                value=getattr(last, name),
                line=line,
                area=f"{start:g},{bottom:g} {line} {end:g},{bottom:g}",
                label_x=end + 8,
                label_y=label_y,
            )
        )
    return tuple(curves)
