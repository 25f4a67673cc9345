"""The load of offices: what people did on which day in the plan's zone, and the worst week of each office."""

from datetime import UTC, date, datetime
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.outcome.load import LoadCounter, OfficeLoad, Work
from tests.support.budget import examples

ZONE = ZoneInfo("Asia/Shanghai")
Entry = tuple[str, datetime, str, str]


def offices(entries: list[Entry]) -> dict[str, OfficeLoad]:
    counter = LoadCounter(ZONE)
    for entry in entries:
        counter.add(*entry)
    return {one.unit: one for one in counter.offices()}


def at(day: int, hour: int) -> datetime:
    return datetime(2021, 8, day, hour, tzinfo=UTC)


def test_entries_count_on_their_day_in_the_plans_zone() -> None:
    found = offices(
        [
            ("document_signed", at(1, 15), "city", "专班"),
            ("document_signed", at(1, 16), "city", "专班"),  # midnight in Shanghai: 2 August
            ("level_passed", at(2, 3), "county", "县局"),
            ("extended", at(2, 3), "province", "省厅"),
            ("climbed", at(2, 3), "system", "hundred-days"),
            ("refused", at(2, 3), "county", "县局"),
        ]
    )
    assert found.keys() == {"专班", "县局", "省厅"}
    assert found["专班"].days == {date(2021, 8, 1): {Work.RECEIPTS: 1}, date(2021, 8, 2): {Work.RECEIPTS: 1}}
    assert found["县局"].total == {Work.VERDICTS: 1} and found["省厅"].total == {Work.DECISIONS: 1}


def test_worst_week_is_the_first_with_the_most_to_do() -> None:
    # Monday 2 to Sunday 8 August, and the week after it.
    days = [2, 8, 8, 9, 10, 11, 16]
    one = offices([("task_reported", at(day, 2), "enterprise", "企业") for day in days])["企业"]
    assert one.worst_week == (date(2021, 8, 2), 3) and one.worst_day == (date(2021, 8, 8), 2)
    assert one.weeks == {date(2021, 8, 2): 3, date(2021, 8, 9): 3, date(2021, 8, 16): 1}


@settings(max_examples=examples(50), derandomize=True, deadline=None, database=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["task_reported", "closed", "document_signed", "suspended"]),
            st.datetimes(datetime(2021, 7, 1), datetime(2021, 9, 1), timezones=st.just(UTC)),  # noqa: DTZ001
            st.sampled_from(["city", "county", "system"]),
            st.sampled_from(["a", "b", "c"]),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_load_loses_nothing_and_order_is_no_matter(entries: list[Entry], random: Random) -> None:
    found = offices(entries)
    assert list(found.values()) == list(offices(random.sample(entries, len(entries))).values())
    for unit, one in found.items():
        done = sum(role != "system" and of == unit for _, _, role, of in entries)
        assert one.total.total() == one.weeks.total() == done >= one.worst_week[1] >= one.worst_day[1] >= 1
    assert [one.worst_week[1] for one in found.values()] == sorted(
        (o.worst_week[1] for o in found.values()), reverse=True
    )
