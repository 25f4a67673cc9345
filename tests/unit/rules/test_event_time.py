"""Which event times are accepted, what their senders are told, and in which order commands are judged."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.command_results import Received
from rules.event_time import EventTime
from schemas.answers import Verdict
from tests.support.sample_terms import BUILDER, SiteLife, amended, deadline, on, report


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


def test_after_an_outage_the_warning_names_the_arrival() -> None:
    site = SiteLife()
    read, arrived = on(8, 10, 9), on(8, 5, 9)
    claims = [on(7, 20, 9), on(8, 5, 9) + timedelta(seconds=20), on(8, 10, 9)]
    early, same, later = (report(claim, "signs", 1) for claim in claims)
    outcome = site.core.advance([Received(one, read, arrived) for one in (early, same, later)], read)
    told = [outcome.result_of(one.command_id).warnings[:1] for one in (early, same, later)]
    assert "it counts as of its arrival, 2021-08-05 09:00" in told[0][0]
    assert not any("counts as of" in text for text in told[1]), "a clock that differs"
    assert "it counts as of its arrival, 2021-08-05 09:00" in told[2][0], "although it was read at the claimed minute"


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


def test_what_was_put_off_does_not_fall_back_to_its_claim() -> None:
    """The first amendment opens the site again: the second answers nothing any more."""
    site = SiteLife()
    site.quiet_until(on(11, 1))
    assert site.state.stage == "carried_over"
    now, end = on(11, 2, 9), deadline(11, 30)
    commands = [amended(on(10, 30, hour), number, ends_at=end) for hour, number in ((9, 1), (10, 2))]
    outcome = site.at(now, *commands)
    assert [entry.kind for entry in outcome.entries] == ["reinstated", "amended", "amended"]
    assert {entry.at for entry in outcome.entries} == {now}


@pytest.mark.parametrize("at_most", [1, 2, 3])
def test_what_was_put_off_in_an_earlier_turn_stays_put_off(at_most: int) -> None:
    site = SiteLife()
    site.quiet_until(on(11, 1))
    now, end = on(11, 2, 9), deadline(11, 30)
    first = [report(on(10, 29, hour), "roof", 1) for hour in range(3)]
    commands = [amended(on(10, 30, hour), number, ends_at=end) for hour, number in ((9, 1), (10, 2))]
    left = tuple(Received(one, now) for one in (*first, *commands))
    while left:
        outcome = site.core.advance(left, now, at_most=at_most)
        site.keep(outcome)
        left = outcome.left
    assert {entry.at for entry in site.of("amended")} == {now}


@pytest.mark.parametrize("claimed", [on(10, 31, 12), on(11, 1, 9)])
def test_preview_knows_the_deadlines_that_are_due(claimed: datetime) -> None:
    """The engine has not yet come to the campaign's end; who reports before it is in time."""
    site = SiteLife()
    site.quiet_until(on(10, 30))
    now, before = on(11, 1, 10), site.core.snapshot()
    command = report(claimed, "signs", 1)
    foreseen = site.core.foreseen(command, now)
    assert (foreseen.verdict is Verdict.REFUSED) == (claimed > on(11, 1))
    assert site.core.snapshot() == before
    assert site.core.refusal(command, now) is None or foreseen.verdict is Verdict.REFUSED
    outcome = site.at(now, command)
    assert outcome.result_of(command.command_id) == foreseen
    assert len([entry for entry in outcome.entries if entry.kind == "carried_over"]) == 1
