"""Extensions on request: the deadline of a request, the decider, and overdue decisions."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import add_clause, end_of, latest_occasion
from rules.event_time import EventTime
from rules.site.aggregate import SiteAggregate
from schemas import commands as cmd
from schemas.actor import Actor, Role, Units
from schemas.answers import Verdict
from schemas.calendar import Clause, DayUnit
from schemas.errors import Refused
from schemas.ledger import LedgerEntry
from schemas.options.extensions import ExtensionTerms
from tests.support.budget import examples
from tests.support.sample_terms import (
    CITY,
    HENAN,
    SiteLife,
    all_work,
    calendar_days,
    deadline,
    extended,
    on,
    refused,
    resumed,
    site_terms,
    suspended,
    working,
)

DECIDER = Actor(id="office", role=Role.PROVINCE, unit="decider")
SUPERIOR = Actor(id="group", role=Role.PROVINCE, unit="superior")
RULE = ExtensionTerms(before=working(3), decision=working(2), at_most=2, decider="decider", superior="superior")
LAST_DAY_TO_ASK = date(2021, 8, 17)
"""Three working days before Friday 20 August: Tuesday."""


def said(command: str, by: Actor, at: datetime, **content: Any) -> cmd.Command:
    model = cmd.SITE_COMMANDS[command]
    return model.model_validate({"command_id": f"{command}-{at}", "actor": by, "effective_at": at} | content)


def asks(at: datetime, until: date = date(2021, 9, 10), by: Actor = CITY) -> cmd.Command:
    return said("request_extension", by, at, until=until, reason="rain")


def grants(at: datetime, by: Actor = DECIDER, **content: Any) -> cmd.Command:
    return said("decide_extension", by, at, granted=True, **content)


def refuses(at: datetime, by: Actor = DECIDER) -> cmd.Command:
    return said("decide_extension", by, at, granted=False, reason="begin in time")


def site(**changes: Any) -> SiteLife:
    return SiteLife(extension=RULE, **changes)


def told(site: SiteLife, kind: str) -> list[dict[str, Any]]:
    return [notice.data for notice in site.notices if notice.kind == kind]


def test_timely_extension_request_pending_and_decider_notified() -> None:
    life = site()
    asked = life.at(on(8, 17, 17), asks(on(8, 17, 17)))
    assert [entry.kind for entry in asked.entries] == ["extension_requested"]
    (request,) = told(life, "extension_request")
    assert request.pop("clauses")["due"] == {"name": "", "amount": 2, "unit": "working_days"}
    assert request == {"asked_until": "2021-09-10", "reason": "rain", "due": "2021-08-19"}
    assert life.core.view(on(8, 17, 18)).deferrals.extension_pending  # type: ignore[union-attr]


def test_late_extension_request_refused_with_last_day() -> None:
    life = site()
    reason = refused(life, asks(on(8, 18, 9)))
    assert "at least 3 working days before the expiry" in reason
    assert "due on 2021-08-20" in reason and f"the last day to ask was {LAST_DAY_TO_ASK}" in reason


def test_a_second_request_waits_until_the_first_is_decided() -> None:
    life = site()
    life.at(on(8, 10, 9), asks(on(8, 10, 9)))
    assert "is pending at decider" in refused(life, asks(on(8, 11, 9)))


def test_a_granted_request_extends_the_site_and_tells_the_city() -> None:
    life = site()
    life.at(on(8, 10, 9), asks(on(8, 10, 9)))
    granted = life.at(on(8, 11, 9), grants(on(8, 11, 9)))
    assert [entry.kind for entry in granted.entries] == ["extended"]
    assert life.state.due == deadline(9, 10) and life.state.extension_requests.pending is None
    assert told(life, "extension_decision") == [
        {"granted": True, "reason": "rain", "due": "2021-09-10", "clauses": {"due": {"name": "extension"}}}
    ]


def test_the_decider_may_grant_another_day_than_was_asked_for() -> None:
    life = site()
    life.at(on(8, 10, 9), asks(on(8, 10, 9)))
    life.at(on(8, 11, 9), grants(on(8, 11, 9), until=date(2021, 8, 31)))
    assert life.state.due == deadline(8, 31)


def test_a_refusal_needs_its_reason_and_leaves_the_deadline() -> None:
    life = site()
    life.at(on(8, 10, 9), asks(on(8, 10, 9)))
    assert "its reason" in refused(life, said("decide_extension", DECIDER, on(8, 11, 8), granted=False))
    life.at(on(8, 11, 9), refuses(on(8, 11, 9)))
    assert life.state.due == deadline(8, 20) and life.state.extension_requests.refused == 1
    (notice,) = told(life, "extension_decision")
    assert notice.pop("clauses")["due"]["amount"] == 32, "the deadline that stands has its clause"
    assert notice == {"granted": False, "reason": "begin in time", "due": "2021-08-20"}


def test_only_the_decider_or_its_superior_decides() -> None:
    life = site()
    life.at(on(8, 10, 9), asks(on(8, 10, 9)))
    other = Actor(id="wang", role=Role.PROVINCE, unit="another office")
    assert "decided by decider, or by its superior superior" in refused(life, grants(on(8, 11, 8), by=other))
    life.at(on(8, 11, 9), grants(on(8, 11, 9), by=SUPERIOR))
    assert life.state.due == deadline(9, 10)


def test_who_is_no_unit_of_the_site_asks_for_nothing() -> None:
    units = Units(province=("decider", "superior"), city=("410400",), county=("鲁山县",))
    life = site(units=units)
    stranger = Actor(id="li", role=Role.CITY, unit="410600")
    assert "request_extension" in refused(life, asks(on(8, 10, 9), by=stranger))
    life.at(on(8, 10, 10), asks(on(8, 10, 10), by=Actor(id="li", role=Role.COUNTY, unit="鲁山县")))
    assert life.state.extension_requests.pending is not None


def test_extension_count_limited_with_or_without_request() -> None:
    life = site()
    life.at(on(8, 10, 9), extended(on(8, 10, 9), date(2021, 8, 25)))
    life.at(on(8, 11, 9), asks(on(8, 11, 9)))
    life.at(on(8, 12, 9), grants(on(8, 12, 9)))
    assert life.state.extensions == 2
    assert "no more than 2" in refused(life, asks(on(8, 13, 9), date(2021, 9, 20)))
    assert "no more than 2" in refused(life, extended(on(8, 13, 10), date(2021, 9, 20)))


def test_a_direct_extension_answers_what_was_asked_for() -> None:
    life = site()
    life.at(on(8, 10, 9), asks(on(8, 10, 9)))
    life.at(on(8, 11, 9), extended(on(8, 11, 9), date(2021, 8, 31)))
    assert life.state.extension_requests.pending is None and life.state.extension_requests.lapsed == 1
    assert "nothing to decide" in refused(life, grants(on(8, 12, 9)))


def test_work_that_is_done_needs_no_extension_any_more() -> None:
    life = site()
    life.at(on(8, 10, 9), asks(on(8, 10, 9)))
    life.at(on(8, 12, 9), *all_work(on(8, 12, 9)))
    assert life.state.stage == "verifying" and life.state.extension_requests.pending is None
    life.quiet_until(on(9, 1))
    assert "extension_undecided" not in life.kinds()


def test_undecided_extension_request_escalated_to_superior() -> None:
    life = site()
    life.at(on(8, 16, 9), asks(on(8, 16, 9)))  # Monday: to be decided by Wednesday
    life.quiet_until(on(8, 27))
    steps = [(data["step"], data["due"]) for data in told(life, "extension_overdue")]
    # Reported on Thursday 19, then each time two working days after the day on which it could be read.
    assert steps == [(1, "2021-08-18"), (2, "2021-08-18"), (3, "2021-08-18")]
    days = [entry.at for entry in life.of("extension_undecided")]
    assert days == [deadline(8, 18), deadline(8, 23), deadline(8, 26)]


def test_site_not_escalated_while_request_is_undecided() -> None:
    life = site()
    life.at(on(8, 17, 9), asks(on(8, 17, 9)))
    life.quiet_until(on(9, 15))
    assert life.climbs() == [] and life.core.is_overdue(on(9, 15)), "the clock runs on, the ladder waits"
    life.at(on(9, 15, 10), refuses(on(9, 15, 10)))
    life.quiet_until(on(9, 24))
    assert life.climbs()[0] == (2, date(2021, 9, 16)), "not on the day of the refusal"
    assert len(life.climbs()) == 2 and life.climbs()[1][1] == date(2021, 9, 24)


def test_a_site_that_did_not_ask_climbs_as_ever() -> None:
    asked, silent = site(), SiteLife()
    life = site()
    life.quiet_until(on(9, 1))
    silent.quiet_until(on(9, 1))
    assert life.climbs() == silent.climbs() != []
    asked.at(on(8, 17, 9), asks(on(8, 17, 9)))
    asked.at(on(8, 17, 10), refuses(on(8, 17, 10)))
    asked.quiet_until(on(9, 1))
    assert asked.climbs() == silent.climbs(), "refused before the expiry, nothing is held"


def test_suspension_also_extends_request_period() -> None:
    life = site()
    life.at(on(8, 16, 9), suspended(on(8, 16, 9)))
    life.at(on(8, 19, 9), asks(on(8, 19, 9)))
    assert life.state.extension_requests.pending is not None
    life.at(on(8, 19, 10), resumed(on(8, 19, 10)))
    assert life.state.due is not None


def test_a_plan_without_the_option_takes_no_requests() -> None:
    life = SiteLife()
    assert "the plan takes no requests for extension" in refused(life, asks(on(8, 10, 9)))
    assert "the plan takes no requests for extension" in refused(life, grants(on(8, 10, 10)))


def test_carried_over_at_the_end_nothing_is_pending() -> None:
    life = site(ends_at=deadline(8, 25), due=deadline(8, 20))
    life.at(on(8, 17, 9), asks(on(8, 17, 9), date(2021, 8, 24)))
    life.quiet_until(deadline(8, 25))
    assert life.core.settled and life.state.extension_requests.lapsed == 1
    assert life.core.row().facts.deferrals.extensions_lapsed == 1  # type: ignore[union-attr]


DAYS = st.integers(0, 110).map(lambda n: date(2021, 7, 15) + timedelta(days=n))
CLAUSES = st.builds(lambda n, unit: Clause(amount=n, unit=unit), st.integers(0, 25), st.sampled_from(list(DayUnit)))


@settings(deadline=None)
@given(DAYS, CLAUSES)
def test_latest_occasion_is_last_day_with_clause_in_time(last: date, clause: Clause) -> None:
    found = latest_occasion(HENAN, last, clause)
    assert add_clause(HENAN, found, clause) <= last
    assert add_clause(HENAN, found + timedelta(days=1), clause) > last


STEPS = st.lists(
    st.tuples(
        st.integers(0, 9 * 24), st.sampled_from(["ask", "grant", "refuse", "extend", "suspend", "resume", "wait"])
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=examples(150))
@given(STEPS, st.integers(1, 3), st.integers(0, 5))
def test_pending_request_blocks_escalation_and_count_is_limited(
    steps: list[tuple[int, str]], at_most: int, before: int
) -> None:
    rule = RULE.model_copy(update={"at_most": at_most, "before": calendar_days(before)})
    life = SiteLife(extension=rule)
    now = on(7, 20, 9)
    entries: list[LedgerEntry] = list(life.entries)
    for hours, what in steps:
        now += timedelta(hours=hours, minutes=1)
        until = (life.state.due or now).date() + timedelta(days=9)
        said_now: dict[str, list[cmd.Command]] = {
            "ask": [asks(now, until)],
            "grant": [grants(now)],
            "refuse": [refuses(now)],
            "extend": [extended(now, until)],
            "suspend": [suspended(now)],
            "resume": [resumed(now)],
            "wait": [],
        }
        due = life.core.next_due(life.now)
        while due is not None and due <= now:
            entries.extend(life.at(due).entries)
            due = life.core.next_due(life.now)
        entries.extend(life.at(now, *said_now[what]).entries)
    pending, extensions = False, 0
    for entry in entries:
        match entry.kind:
            case "extension_requested":
                assert not pending
                pending = True
            case "extended" | "extension_refused" | "verification_requested" | "carried_over":
                pending = False
                extensions += entry.kind == "extended"
            case "climbed":
                assert not pending
    assert extensions <= at_most
    again = SiteAggregate(site_terms(extension=rule))
    again.restore(entries)
    assert again.state == life.state


def test_a_decision_before_the_request_counts_as_of_its_receipt() -> None:
    life = site()
    life.at(on(8, 10, 9), asks(on(8, 10, 9)))
    early = grants(on(8, 10, 8))
    result = life.at(on(8, 10, 12), early).result_of(early.command_id)
    assert result.verdict is Verdict.ACCEPTED
    assert life.of("extended")[-1].at == on(8, 10, 12)
    assert result.warnings == (
        "2021-08-10 08:00 is not taken as its time: it is before the extension was asked for (2021-08-10 09:00); it "
        "counts as of its receipt, 2021-08-10 12:00",
    )


def test_an_answer_beyond_the_end_of_the_campaign_is_refused() -> None:
    life = site()
    life.at(on(8, 10, 9), asks(on(8, 10, 9)))
    with pytest.raises(Refused, match="the campaign ends on 2021-10-31"):
        list(life.core.decide(grants(on(8, 11, 9), until=date(2021, 12, 1)), EventTime(on(8, 11, 9), on(8, 11, 9))))
    assert end_of(HENAN, date(2021, 10, 31)) == life.core.terms.ends_at


def test_day_that_passed_before_it_was_heard_of_is_neither_asked_for_nor_granted() -> None:
    rule = RULE.model_copy(update={"before": working(1)})
    for command, heard_with in ((asks(on(8, 10, 9), until=date(2021, 8, 12)), None), (grants(on(8, 11, 9)), asks)):
        life = SiteLife(extension=rule, due=deadline(8, 11))
        if heard_with is not None:
            life.at(on(8, 10, 9), heard_with(on(8, 10, 9), until=date(2021, 8, 12)))
        result = life.at(on(8, 13, 9), command).result_of(command.command_id)
        assert "2021-08-12 has passed" in (result.reason or "")
