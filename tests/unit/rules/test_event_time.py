"""Which event times are accepted, what their senders are told, and in which order commands are judged."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.event_time import EventTime
from tests.support.sample_terms import BUILDER, SiteLife, on, report


def told(claimed: datetime, received: datetime) -> tuple[str, ...]:
    site = SiteLife()
    command = report(claimed, "signs", 1)
    foreseen = site.core.foreseen(command, received)
    result = site.at(received, command).result_of(command.command_id)
    assert result == foreseen, "a preview says what comes"
    return result.warnings


@pytest.mark.parametrize(
    ("claimed", "because"),
    [
        (on(8, 30, 9), "it lies in the future"),
        (on(7, 19, 9), "it is before the site opened (2021-07-19 10:00)"),
        (on(7, 20, 9), "it is past the plan's tolerance for late reports (3 calendar days)"),
    ],
)
def test_sender_is_told_why_a_time_is_not_taken(claimed: datetime, because: str) -> None:
    received = on(7, 22, 9) if claimed < on(7, 20) else on(7, 24, 9)
    [warning] = told(claimed, received)
    assert f"is not taken as its time: {because}; it counts as of its receipt, 2021-07-2" in warning


def test_time_that_is_taken_and_a_clock_that_differs_are_not_told() -> None:
    assert told(on(7, 21, 9), on(7, 22, 9)) == ()
    assert told(on(7, 22, 9) + timedelta(seconds=20), on(7, 22, 9)) == ()


def test_warning_stands_in_the_ledger_and_comes_back_after_an_interruption() -> None:
    site = SiteLife()
    before = site.core.snapshot()
    command = report(on(8, 30, 9), "signs", 1)
    outcome = site.at(on(7, 22, 9), command)
    assert "lies in the future" in outcome.entries[0].data
    again = type(site.core)(site.core.terms).rebase(before, outcome.entries)
    assert again.judgements == outcome.judgements


def test_time_of_the_year_one_is_told_without_an_error() -> None:
    [warning] = told(datetime(1, 1, 1, tzinfo=UTC), on(7, 22, 9))
    assert "before the site opened" in warning


def test_what_lies_in_the_future_was_done_by_its_receipt() -> None:
    heard = on(7, 22, 9)
    assert EventTime(heard, heard, on(8, 1), "x").said_at == heard
    assert EventTime(heard, heard, on(7, 1), "x").said_at == on(7, 1)
    assert EventTime(on(7, 21), heard).said_at == on(7, 21)


def test_commands_of_one_batch_are_judged_in_the_order_of_their_times() -> None:
    site = SiteLife()
    days = (22, 20, 21)
    site.at(on(7, 22, 12), *(report(on(7, day, 9), "signs", 1, by=BUILDER) for day in days))
    assert [entry.at.day for entry in site.of("task_reported")] == [20, 21, 22]
