"""Commands of a site: accepted once, refused with a reason, never lost."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from rules.command_results import command_key, fingerprint
from rules.site.aggregate import SiteAggregate
from schemas import commands as cmd
from schemas.actor import ENGINE, Actor
from schemas.answers import Verdict
from schemas.calendar import LAST_DAY
from tests.support.sample_terms import (
    CITY,
    COUNTY,
    EXPERT,
    PROVINCE,
    SUPERVISOR,
    Life,
    SiteLife,
    all_work,
    extended,
    failed,
    on,
    passed,
    refused,
    report,
    resumed,
    site_terms,
    suspended,
)


def test_settled_site_refuses_commands_and_records_them() -> None:
    site = SiteLife()
    site.at(on(11, 1))
    for command in (
        report(on(11, 2), "seal", 1),
        passed(on(11, 2), "county"),
        extended(on(11, 2), on(12, 1).date()),
        suspended(on(11, 2)),
        resumed(on(11, 2)),
    ):
        assert "allowed: nothing" in refused(site, command)
    assert len(site.of("refused")) == 5


def test_a_refusal_says_stage_command_and_what_is_allowed() -> None:
    site = SiteLife()
    assert refused(site, passed(on(7, 20), "county")) == (
        "verify is not allowed while the site is rectifying; "
        "allowed: complete_task, extend, suspend, resume, carry_over"
    )
    assert "it has: seal, signs" in refused(site, report(on(7, 20), "roof", 1))


def test_the_same_command_twice_is_one_event() -> None:
    site = SiteLife()
    once = report(on(7, 20), "signs", 1)
    outcome = site.at(on(7, 20, 1), once, once)
    assert outcome.result_of(once.command_id).verdict is Verdict.ACCEPTED
    again = site.at(on(7, 29), once)
    assert again.result_of(once.command_id).verdict is Verdict.DUPLICATE
    assert again.entries == []
    assert site.state.done["signs"] == 1


def test_one_id_for_two_contents_is_refused_and_the_first_stands() -> None:
    site = SiteLife()
    site.at(on(7, 20), report(on(7, 20), "signs", 1, command_id="77"))
    assert "used before" in refused(site, report(on(7, 20), "signs", 2, command_id="77"))
    assert "used before" in refused(site, report(on(7, 20), "signs", 1, command_id="77", by=COUNTY)), "another's words"
    assert site.state.done["signs"] == 1


def test_two_contents_of_one_id_in_one_batch_have_a_result_each() -> None:
    site = SiteLife()
    first = report(on(7, 20), "signs", 1, command_id="77")
    second = report(on(7, 20), "signs", 2, command_id="77")
    outcome = site.at(on(7, 20), first, second)
    assert outcome.judgements[command_key(first)].verdict is Verdict.ACCEPTED
    assert outcome.judgements[command_key(second)].verdict is Verdict.REFUSED
    before, adopted = SiteAggregate(site_terms()).snapshot(), SiteAggregate(site_terms())
    standing = adopted.rebase(before, site.entries).judgements
    assert {key: one.verdict for key, one in standing.items()} == {
        key: one.verdict for key, one in outcome.judgements.items()
    }, "a cut-off attempt answers each of them likewise"


def test_refused_command_accepted_again_once_allowed() -> None:
    site = SiteLife()
    early = passed(on(8, 3), "county")
    refused(site, early)
    site.at(on(8, 3), *all_work(on(8, 3)))
    assert site.at(on(8, 3, 1), early).result_of(early.command_id).verdict is Verdict.ACCEPTED


def test_unreadable_message_recorded_with_bounded_reason() -> None:
    site = SiteLife()
    content = '{"quantity": "many"}' * 1000
    bad = cmd.Unreadable(
        command_id="u", actor=ENGINE, effective_at=on(7, 20), name="complete_task", content=content,
        reason="not permitted; " * 100_000,
    )  # fmt: skip
    outcome = site.at(on(7, 20), bad)
    assert outcome.result_of("u").verdict is Verdict.REFUSED
    assert len(site.entries[-1].data) < 16_000
    assert len(site.core.state.model_dump_json()) < 16_000


def test_the_last_possible_day_is_refused_and_breaks_nothing() -> None:
    site = SiteLife()
    never = cmd.Extend(
        command_id="far",
        actor=PROVINCE,
        effective_at=on(8, 1),
        until=LAST_DAY,
        reason="no end",
    )
    assert "beyond" in refused(site, never)


def test_command_arriving_with_opening_judged_after_it() -> None:
    case = SiteAggregate(site_terms())
    first = report(on(7, 19, 11), "seal", 1)
    case.begin(on(7, 19, 11))
    assert case.refusal(first, on(7, 19, 11)) is None
    life = Life(case)
    assert life.at(on(7, 19, 11), first).result_of(first.command_id).verdict is Verdict.ACCEPTED
    assert life.kinds() == ["opened", "task_reported"]


@pytest.mark.parametrize("by", [SUPERVISOR, PROVINCE, EXPERT, CITY])
def test_an_office_that_may_not_do_something_is_told_so(by: Actor) -> None:
    site = SiteLife()
    command = report(on(7, 20), "seal", 1, by=by)
    if by is CITY:
        assert site.core.refusal(command, on(7, 20)) is None
    else:
        assert "complete_task is for the roles city, county, enterprise" in refused(site, command)


def test_the_same_command_with_another_time_is_the_same_command() -> None:
    said = {"command_id": "boot-1", "actor": ENGINE, "requirement": "signs", "quantity": 1}
    first = cmd.CompleteTask(effective_at=datetime(2021, 8, 1, 9, tzinfo=UTC), **said)
    assert fingerprint(first) == fingerprint(
        first.model_copy(update={"effective_at": datetime(2021, 8, 2, tzinfo=UTC)})
    )
    assert fingerprint(first) != fingerprint(first.model_copy(update={"quantity": 2}))
    assert fingerprint(first) == "d7e87566ecc0a730", "it stands in ledgers: a later release must make the same"


def test_reports_of_one_requirement_are_told_apart_by_command_id() -> None:
    site = SiteLife()
    site.at(on(7, 20), report(on(7, 20), "signs", 1, command_id="first"))
    site.at(on(7, 21), report(on(7, 21), "signs", 2, command_id="second"), report(on(7, 21), "seal", 2, "after"))
    site.at(on(7, 22), failed(on(7, 22), "county", "signs"))
    first, second = site.core.state.reports["first"], site.core.state.reports["second"]
    assert (first.quantity, first.at, first.round, first.counts) == (Decimal(1), on(7, 20), 1, False)
    assert (second.quantity, second.at, second.round, second.counts) == (Decimal(2), on(7, 21), 1, False)
    site.at(on(7, 23), report(on(7, 23), "signs", 2.5, command_id="third"))
    assert site.core.state.reports["third"].round == 2
    assert site.core.state.done == {"seal": 2, "signs": 2.5}
