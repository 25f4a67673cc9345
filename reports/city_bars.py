"""A bar for each city: the shares of its sites by stage, with the numbers in the bar if they fit."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.burndown_chart import text_width

WIDTH = 560
HEIGHT = 22

DRAWN = ("closed", "verifying", "rectifying", "registered", "carried_over")
"""Finished stages first, so that bars compare from the left; each stage is darker than the next in print."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stage's segment of a bar; `label` is empty if the number does not fit."""

    stage: str
    count: int
    x: float
    width: float
    label: str


def segments(by_stage: Mapping[str, int]) -> tuple[Segment, ...]:
    """The segments of one bar from left to right, without empty ones; their widths add up to `WIDTH`."""
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
