"""One bar a city: the shares of its sites by stage, with the numbers in the bar where they fit."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.burndown_chart import text_width

WIDTH = 560
HEIGHT = 22

DRAWN = ("closed", "verifying", "rectifying", "registered", "carried_over")
"""From what is done to what is not, so that bars compare from the left; each darker than the next on paper."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stage's part of a bar; `label` is empty where the number has no room."""

    stage: str
    count: int
    x: float
    width: float
    label: str


def segments(by_stage: Mapping[str, int]) -> tuple[Segment, ...]:
    """The parts of one bar from left to right, without empty ones; together they are `WIDTH` wide."""
    total = sum(by_stage.get(stage, 0) for stage in DRAWN)
    parts: list[Segment] = []
    before = 0
    for stage in DRAWN:
        count = by_stage.get(stage, 0)
        if count:
            x, width = WIDTH * before / total, WIDTH * count / total
            label = f"{count:,}"
            fits = text_width(label) + 6 <= width
            parts.append(Segment(stage, count, round(x, 2), round(width, 2), label if fits else ""))
            before += count
    return tuple(parts)
