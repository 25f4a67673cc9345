"""The charts: positions, widths of labels, and completeness of the numbers."""

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reports.burndown import DayCount
from reports.burndown_chart import LEFT, draw, lanes, nice_step, shorten, spread, text_width
from reports.city_bars import DRAWN, WIDTH, segments
from schemas.plan import Phase
from schemas.status import STAGES

START, END = date(2021, 7, 17), date(2021, 10, 31)
PHASES = (
    Phase(id="a", title="排查", starts_on=START, ends_on=date(2021, 8, 5)),
    Phase(id="b", title="整治", starts_on=date(2021, 8, 1), ends_on=date(2021, 10, 1)),
    Phase(id="c", title="验收", starts_on=date(2021, 9, 1), ends_on=END),
)


def some_days(count: int) -> list[DayCount]:
    return [DayCount(START + timedelta(days=n), 80 - n // 2, n // 10, n // 2, 0) for n in range(count)]


def test_lines_begin_at_the_start_and_end_with_the_last_day() -> None:
    chart = draw(some_days(40), 80, PHASES, START, END)
    by_name = {curve.name: curve for curve in chart.curves}
    assert list(by_name) == ["open", "overdue", "closed"]
    assert by_name["open"].line.startswith(f"{LEFT},{chart.top:g} ")
    assert len(by_name["open"].line.split()) == 41
    assert by_name["closed"].value == 19
    assert all(curve.label_x < chart.right for curve in chart.curves)


def test_a_finished_campaign_marks_its_end_inside_the_plot() -> None:
    days = [*some_days(107), DayCount(END + timedelta(days=1), 0, 0, 50, 30)]
    chart = draw(days, 80, PHASES, START, END)
    assert LEFT < chart.end.at < chart.right
    assert chart.end.label == "10-31"
    assert [curve.name for curve in chart.curves][-1] == "carried_over"


def test_a_campaign_without_sites_or_days_still_has_its_frame() -> None:
    chart = draw([], 0, (), START, END)
    assert chart.curves == () and len(chart.y_ticks) >= 2


def test_phases_that_overlap_stand_in_lanes() -> None:
    assert lanes(PHASES) == [0, 1, 0]
    assert lanes([PHASES[0], PHASES[2]]) == [0, 0]


@given(st.text(max_size=40), st.floats(0, 300))
def test_a_shortened_title_fits_its_room(title: str, room: float) -> None:
    assert text_width(shorten(title, room)) <= room or shorten(title, room) == ""


@given(st.lists(st.floats(0, 300), max_size=4))
def test_labels_never_cover_each_other(wanted: list[float]) -> None:
    placed = sorted(spread(wanted, 19, 300))
    assert all(later - earlier >= 18.99 for earlier, later in itertools.pairwise(placed))
    assert all(height <= 300 for height in placed)


@given(st.integers(1, 200_000))
def test_steps_are_round_and_few(maximum: int) -> None:
    step = nice_step(maximum)
    assert step * 5 >= maximum and str(step).strip("0") in {"1", "2", "5"}


@given(st.fixed_dictionaries({stage: st.integers(0, 5000) for stage in STAGES}))
def test_a_bar_holds_every_site_once(by_stage: dict[str, int]) -> None:
    parts = segments(by_stage)
    assert sum(part.count for part in parts) == sum(by_stage.values())
    assert sum(part.width for part in parts) <= WIDTH + 0.1
    assert all(part.label in ("", f"{part.count:,}") for part in parts)


def test_every_stage_of_the_status_has_its_place_in_the_bar() -> None:
    assert sorted(DRAWN) == sorted(STAGES)
