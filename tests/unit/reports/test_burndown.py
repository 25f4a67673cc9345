"""The counts of each day equal those of an independent replay up to the end of that day."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.burndown import BurnDown, Movement, moving_kinds
from schemas.site.events import Resumed
from tests.support.lived_campaign import AFTER_THE_END, APPROVED, MID_CAMPAIGN, a_plan, a_register, lives

FIRST = date(2021, 7, 17)
END = date(2021, 10, 31)
SHANGHAI = ZoneInfo("Asia/Shanghai")
ORIGIN = datetime(2021, 7, 16, tzinfo=UTC)
hours = st.integers(0, 24 * 120).map(lambda count: ORIGIN + timedelta(hours=count))
zones = st.sampled_from([SHANGHAI, ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")])


@st.composite
def sites(draw: st.DrawFn) -> list[list[Movement]]:
    """Streams of any kinds of movements in order of time, including orders that the rules forbid."""
    streams = []
    for number in range(draw(st.integers(0, 8))):
        times = sorted(draw(st.lists(hours, max_size=8)))
        kinds = draw(st.lists(st.sampled_from(moving_kinds()), min_size=len(times), max_size=len(times)))
        streams.append(
            [
                Movement(f"site/c/{number}", kind, at, draw(st.none() | hours), draw(st.none() | hours))
                for kind, at in zip(kinds, times, strict=True)
            ]
        )
    return streams


REOPENING = ("reopened", "reinstated", "verification_reinstated")


def counted_by_hand(streams: list[list[Movement]], moment: datetime, *, inclusive: bool) -> tuple[int, int, int]:
    """(overdue, closed, carried over) at an instant; each site is replayed from its beginning."""
    overdue = closed = carried = 0
    for stream in streams:
        stage, paused, due, level_due = "registered", False, None, None
        for movement in stream:
            if movement.at > moment or (movement.at == moment and not inclusive):
                continue
            if stage in ("closed", "carried_over") and movement.kind not in REOPENING:
                continue
            match movement.kind:
                case "closed" | "carried_over":
                    stage = movement.kind
                case "opened" | "level_failed" | "verification_recalled" | "mode_set" | "reopened" | "reinstated":
                    stage, due = "rectifying", movement.due or due
                    level_due = movement.level_due or level_due
                    paused = paused and movement.kind != "reopened"
                case "verification_reinstated":
                    stage, due, level_due = "verifying", movement.due or due, movement.level_due or level_due
                case "verification_requested" | "level_passed" | "sign_off_requested":
                    stage, level_due = "verifying", movement.due or level_due
                case "works_accepted":
                    stage, due, level_due = "verifying", movement.due or due, movement.level_due
                case "suspended" | "resumed" | "extended" | "amended" | "regraded":
                    paused = movement.kind == "suspended" if movement.kind in ("suspended", "resumed") else paused
                    due, level_due = movement.due or due, movement.level_due or level_due
        closed += stage == "closed"
        carried += stage == "carried_over"
        awaited = {"rectifying": due, "verifying": level_due}.get(stage)
        overdue += awaited is not None and not paused and awaited < moment
    return overdue, closed, carried


def folded(streams: list[list[Movement]], registered: int, zone: ZoneInfo, as_of: datetime) -> BurnDown:
    burndown = BurnDown(registered, zone, FIRST, as_of)
    burndown.add(movement for stream in streams for movement in stream)
    return burndown


@given(sites(), zones, hours)
def test_burndown_days_sum_to_register_reopened_sites_return(
    streams: list[list[Movement]], zone: ZoneInfo, as_of: datetime
) -> None:
    days = folded(streams, 10, zone, as_of).days(END)
    assert all(day.open + day.closed + day.carried_over == 10 for day in days)
    assert all(0 <= day.overdue <= day.open for day in days)
    opened_again = any(movement.kind in REOPENING for stream in streams for movement in stream)
    for earlier, later in itertools.pairwise(days):
        assert later.day - earlier.day == timedelta(days=1)
        if not opened_again:
            assert later.closed >= earlier.closed and later.carried_over >= earlier.carried_over


@given(sites(), zones, hours)
def test_each_day_is_what_a_person_counts_at_its_end(
    streams: list[list[Movement]], zone: ZoneInfo, as_of: datetime
) -> None:
    for day in folded(streams, 10, zone, as_of).days(END):
        midnight = datetime.combine(day.day + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
        today = midnight > as_of
        by_hand = counted_by_hand(streams, as_of if today else midnight, inclusive=today)
        assert (day.overdue, day.closed, day.carried_over) == by_hand, day.day


@given(sites(), hours)
def test_sites_may_arrive_in_any_number_of_batches(streams: list[list[Movement]], as_of: datetime) -> None:
    apart = BurnDown(10, SHANGHAI, FIRST, as_of)
    for stream in streams:
        apart.add(stream)
    assert apart.days(END) == folded(streams, 10, SHANGHAI, as_of).days(END)


@pytest.mark.parametrize("as_of", [APPROVED, MID_CAMPAIGN, AFTER_THE_END], ids=["opening", "middle", "end"])
def test_burndown_last_day_equals_site_aggregates(as_of: datetime) -> None:
    frozen, register = a_plan(), a_register(40)
    cases = list(lives(frozen, register, as_of))
    burndown = BurnDown(len(register), SHANGHAI, FIRST, as_of)
    for life in cases:
        burndown.add(
            Movement(entry.stream, entry.kind, entry.at, deadlines.due, deadlines.level_due)
            for entry in life.entries
            if entry.kind in moving_kinds()
            for deadlines in [Resumed.model_validate_json(entry.data)]
        )
    last = burndown.days(END)[-1]
    assert last.closed == sum(life.case.state.stage == "closed" for life in cases)
    assert last.overdue == sum(life.case.is_overdue(as_of) for life in cases)


def test_a_due_day_is_not_overdue_until_it_is_over() -> None:
    due = datetime(2021, 8, 20, 16, tzinfo=UTC)  # the midnight in Shanghai that ends 20 August
    opened = [Movement("site/c/1", "opened", datetime(2021, 7, 26, 2, tzinfo=UTC), due)]
    counts = {day.day: day.overdue for day in folded([opened], 1, SHANGHAI, AFTER_THE_END).days(END)}
    assert counts[date(2021, 8, 20)] == 0 and counts[date(2021, 8, 21)] == 1


def test_burndown_of_late_report_ends_with_last_event() -> None:
    carried = [Movement("site/c/1", "carried_over", datetime(2021, 10, 31, 16, tzinfo=UTC))]
    days = folded([carried], 1, SHANGHAI, datetime(2025, 1, 1, tzinfo=UTC)).days(END)
    assert days[-1].day == date(2021, 11, 1) and days[-1].open == 0


def test_before_the_campaign_there_is_nothing_to_count() -> None:
    assert folded([], 5, SHANGHAI, datetime(2021, 7, 1, tzinfo=UTC)).days(END) == []


def test_sites_that_a_survey_found_are_open_from_that_day_on() -> None:
    found_at = datetime(2021, 8, 2, 3, tzinfo=UTC)
    burndown = BurnDown(12, SHANGHAI, FIRST, MID_CAMPAIGN, [(found_at, 2)])
    counts = {count.day: count.open for count in burndown.days(END)}
    assert (counts[FIRST], counts[date(2021, 8, 1)], counts[date(2021, 8, 2)]) == (10, 10, 12)
