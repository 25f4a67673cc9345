"""The city aggregate: receipt, deployment, opening, dispatch hours, settlement."""

from datetime import datetime, timedelta

import pytest

from rules.city.aggregate import CityAggregate
from rules.effects import GatherNotices, NotifyCampaign, OpenSites, ReconcileSites, SettleSites
from schemas import commands as cmd
from schemas.actor import ENGINE
from schemas.answers import Verdict
from tests.support.chain_proof import proved
from tests.support.imagined_city import CityLife, SiteNotice, city_terms
from tests.support.sample_terms import CITY, PROVINCE, deadline, on


def desk(**changes: object) -> CityLife:
    life = CityLife(CityAggregate(city_terms(**changes)))
    life.at(on(7, 19, 9))
    return life


def signed(at: datetime) -> cmd.SignReceipt:
    return cmd.SignReceipt(command_id=f"sign {at}", actor=CITY, effective_at=at)


def submitted(at: datetime) -> cmd.SubmitDeployment:
    return cmd.SubmitDeployment(command_id=f"submit {at}", actor=CITY, effective_at=at, opinion="实施意见")


def returned(at: datetime) -> cmd.ReturnDeployment:
    return cmd.ReturnDeployment(command_id=f"return {at}", actor=PROVINCE, effective_at=at, reason="目标不明确")


def approved(at: datetime) -> cmd.ApproveDeployment:
    return cmd.ApproveDeployment(command_id=f"approve {at}", actor=PROVINCE, effective_at=at)


def stopped(at: datetime) -> cmd.Stop:
    return cmd.Stop(command_id=f"stop {at}", actor=ENGINE, effective_at=at, reason="暂停")


def opened_desk() -> CityLife:
    life = desk()
    life.at(on(7, 20, 10), signed(on(7, 20, 10)), submitted(on(7, 20, 10)))
    life.at(on(7, 21, 10), approved(on(7, 21, 10)))
    return life


def test_city_lifecycle_from_receipt_to_settlement() -> None:
    life = opened_desk()
    assert life.of_effect(OpenSites) == [OpenSites(on(7, 21, 10))]
    life.quiet_until(on(11, 10))
    assert life.core.settled
    assert life.kinds()[:5] == [
        "plan_received", "receipt_signed", "deployment_submitted", "deployment_approved", "sites_opened",
    ]  # fmt: skip
    assert life.kinds()[-5:] == ["ended", "sites_settled", "document_issued", "dispatched", "city_closed"]
    assert life.issued()[-1] == ("carry_over", on(11, 1, 9))
    (told,) = life.of_effect(NotifyCampaign)
    assert (told.at, told.command.kind) == (on(11, 1, 9), "city_settled")
    assert life.core.next_due(on(11, 10)) is None
    proved(life.entries)


def test_overdue_receipt_after_one_working_day_demanded_once() -> None:
    life = desk()
    life.quiet_until(on(7, 24))
    assert life.of("receipt_overdue")[0].at == deadline(7, 20)
    assert life.issued() == [("receipt_overdue", on(7, 21, 9))]
    life.at(on(7, 24, 10), signed(on(7, 24, 10)))
    again = signed(on(7, 24, 11))
    assert "signed already" in str(life.core.refusal(again, on(7, 24, 11)))


def test_overdue_deployment_demanded_and_still_accepted() -> None:
    life = desk()
    life.at(on(7, 20), signed(on(7, 20)))
    life.quiet_until(on(8, 10))
    assert life.issued() == [("deployment_overdue", on(7, 27, 9))]
    outcome = life.at(on(8, 10, 9), late := submitted(on(8, 10, 9)))
    assert outcome.result_of(late.command_id).verdict is Verdict.ACCEPTED


def test_returned_deployment_gets_new_deadline_and_reasons() -> None:
    life = desk()
    life.at(on(7, 20), signed(on(7, 20)), submitted(on(7, 20)))
    life.at(on(7, 22, 15), returned(on(7, 22, 15)))
    assert life.core.state.deployment_due == deadline(7, 29)
    life.quiet_until(on(8, 5))
    assert life.issued() == [("deployment_returned", on(7, 23, 9)), ("deployment_overdue", on(7, 30, 9))]
    assert life.documents[0].data["reason"] == "目标不明确"


def test_a_province_that_does_not_decide_in_time_is_told_so() -> None:
    life = desk()
    life.at(on(7, 20), signed(on(7, 20)), submitted(on(7, 20)))
    life.quiet_until(on(8, 5))
    assert life.of("decision_overdue")[0].at == deadline(7, 23)
    assert life.issued() == [("decision_overdue", on(7, 26, 9))]


def test_each_deadline_that_is_missed_again_is_demanded_again() -> None:
    life = desk()
    life.at(on(7, 20), signed(on(7, 20)))
    life.quiet_until(on(7, 29))
    # Submitted after its deadline, returned after the province's deadline; then both are late a second time.
    life.at(on(7, 29), submitted(on(7, 29)))
    life.quiet_until(on(8, 9))
    life.at(on(8, 9), returned(on(8, 9)))
    life.quiet_until(on(8, 20))
    life.at(on(8, 20), submitted(on(8, 20)))
    life.quiet_until(on(9, 10))
    assert life.kinds().count("deployment_overdue") == 2
    assert life.kinds().count("decision_overdue") == 2


def test_dispatch_caught_up_leaves_out_what_arose_later() -> None:
    life = desk()
    life.at(on(7, 20), signed(on(7, 20)), submitted(on(7, 20)))
    life.quiet_until(on(7, 24))
    life.at(on(7, 26, 15), returned(on(7, 26, 14)))
    assert life.issued() == [], "the province decided before its delay was told"
    life.quiet_until(on(7, 27, 9))
    assert life.issued() == [("deployment_returned", on(7, 27, 9))]


def test_a_submission_may_be_replaced_until_it_is_decided() -> None:
    life = desk()
    life.at(on(7, 20), submitted(on(7, 20)))
    life.at(on(7, 21), submitted(on(7, 21)))
    assert life.core.state.decision_due == deadline(7, 26)
    life.at(on(7, 22), approved(on(7, 22)))
    reason = str(life.core.refusal(submitted(on(7, 23)), on(7, 23)))
    assert reason == "submit_deployment is not allowed while the deployment is approved; allowed: nothing"


def test_what_was_not_submitted_is_neither_approved_nor_returned() -> None:
    life = desk()
    for command in (approved(on(7, 20)), returned(on(7, 20))):
        assert "while the deployment is awaited; allowed: submit_deployment" in str(
            life.core.refusal(command, on(7, 20))
        )


def test_a_document_is_never_dated_before_what_it_reports() -> None:
    life = desk()
    life.at(on(7, 20), signed(on(7, 20)), submitted(on(7, 20)))
    # No notice is pending; the deployment is returned on a working day, in office hours.
    life.at(on(7, 22, 15), returned(on(7, 22, 15)))
    life.at(on(7, 22, 17))
    assert life.documents == []
    life.at(on(7, 23, 9))
    assert life.issued() == [("deployment_returned", on(7, 23, 9))]


def test_many_sites_of_one_day_make_one_document_a_rung() -> None:
    life = opened_desk()
    life.quiet_until(on(7, 31))
    life.waiting = [SiteNotice(f"s{n}", "supervision_order", 2, on(8, 2)) for n in range(90)]
    life.waiting += [SiteNotice("s1", "circular", 3, on(8, 2))]
    before = len(life.documents)
    life.quiet_until(on(8, 3))
    issued = life.documents[before:]
    assert [(d.kind, d.rung, len(d.sites)) for d in issued] == [("supervision_order", 2, 90), ("circular", 3, 1)]
    assert {d.issued_at for d in issued} == {on(8, 2, 9)}


def test_nothing_is_dispatched_in_the_golden_week() -> None:
    life = opened_desk()
    life.quiet_until(on(9, 30, 12))
    life.waiting = [SiteNotice("a", "reminder", 1, on(9, 30, 12))]
    life.quiet_until(on(10, 8, 8))
    assert life.waiting[0].document is None
    life.quiet_until(on(10, 8, 9))
    assert life.issued()[-1] == ("reminder", on(10, 8, 9))


def test_after_an_outage_one_dispatch_takes_everything_with_it() -> None:
    life = opened_desk()
    life.quiet_until(on(8, 2, 12))
    life.waiting = [SiteNotice("a", "reminder", 1, on(8, day)) for day in (3, 4, 5)]
    before = len(life.of_effect(GatherNotices))
    life.at(on(8, 6, 22))
    assert len(life.of_effect(GatherNotices)) == before, "the offices are closed"
    life.at(on(8, 9, 16))
    assert life.of_effect(GatherNotices)[before:] == [GatherNotices(on(8, 9, 9))]
    assert len({n.document for n in life.waiting}) == 1


def test_lost_site_check_runs_daily_from_opening() -> None:
    life = opened_desk()
    assert life.of_effect(ReconcileSites) == []
    life.quiet_until(on(7, 25))
    assert [e.at for e in life.of_effect(ReconcileSites)] == [on(7, 22, 10), on(7, 23, 10), on(7, 24, 10)]


def test_lost_site_check_runs_once_after_outage() -> None:
    life = opened_desk()
    life.lost = ("a",)
    life.at(on(8, 20, 12))
    assert len(life.of_effect(ReconcileSites)) == 1
    assert life.kinds().count("reconciled") == 1
    life.quiet_until(on(8, 21, 12))
    assert len(life.of_effect(ReconcileSites)) == 2


def test_a_city_that_never_deployed_settles_with_the_campaign() -> None:
    life = desk()
    life.quiet_until(on(11, 2))
    assert life.of_effect(OpenSites) == []
    assert life.of_effect(SettleSites)[0].at == deadline(10, 31)
    assert life.core.settled


def test_city_without_remaining_notices_closes_at_last_dispatch() -> None:
    life = opened_desk()
    life.sites = []
    life.quiet_until(on(11, 2))
    assert life.kinds()[-3:] == ["ended", "sites_settled", "city_closed"]
    assert life.entries[-1].at == on(11, 1, 9)


def test_nothing_is_allowed_after_the_end() -> None:
    life = desk()
    life.at(on(7, 20), submitted(on(7, 20)))
    life.at(on(11, 1))
    for command in (signed(on(11, 1, 1)), approved(on(11, 1, 1)), stopped(on(11, 1, 1))):
        assert "the campaign ended; allowed: nothing" in str(life.core.refusal(command, on(11, 1, 1)))


def test_stopped_city_settles_and_sends_last_documents() -> None:
    life = opened_desk()
    life.quiet_until(on(8, 2, 12))
    life.at(on(8, 4, 10), stopped(on(8, 4, 10)))
    assert life.of_effect(SettleSites)[0].at == on(8, 4, 10)
    life.quiet_until(on(8, 9))
    assert life.issued()[-1] == ("carry_over", on(8, 5, 9))
    assert life.core.settled


def test_notices_during_settlement_dispatched_before_closure() -> None:
    life = opened_desk()
    life.quiet_until(on(8, 3, 12))
    # Stopped just before the dispatch hour; its sites are notified after that hour.
    life.at(on(8, 4, 9, 30), stopped(on(8, 4, 8, 50)))
    life.quiet_until(on(8, 9))
    assert life.core.settled
    assert all(notice.document is not None for notice in life.waiting)


def test_city_waiting_for_site_settlement_has_nothing_due() -> None:
    core = CityAggregate(city_terms())
    outcome = core.advance([], on(11, 1))
    assert [type(e) for e in outcome.effects][-1] is SettleSites
    assert core.next_due(on(11, 1)) is None or core.state.waiting


def test_command_before_plan_arrival_counts_at_receipt() -> None:
    life = desk()
    outcome = life.at(on(7, 19, 10), signed(on(7, 1)))
    assert outcome.entries[0].at == on(7, 19, 10)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=9)])
def test_the_same_result_twice_changes_nothing(late: timedelta) -> None:
    life = opened_desk()
    life.quiet_until(on(10, 20))
    for effect in list(life.done):
        observation = life._observation(effect)
        assert observation is not None
        assert life.core.observe(observation, life.now + late).entries == []


def test_unsettled_site_does_not_block_other_sites_or_city() -> None:
    life = opened_desk()
    life.stuck_until = on(11, 8)
    life.quiet_until(on(11, 20))
    assert life.core.settled
    asked = life.of_effect(SettleSites)
    assert [effect.again for effect in asked] == [False] + [True] * (len(asked) - 1)
    assert 10 < len(asked) < 60, "often at first, seldom later"
    assert life.kinds().count("sites_settled") == 1
    carried = [d for d in life.documents if d.kind == "carry_over"]
    assert carried[0].issued_at < on(11, 8, 0), "what the others had to say went out meanwhile"


def test_city_restored_from_ledger_requests_missing_opening() -> None:
    life = opened_desk()
    cut = next(n for n, e in enumerate(life.entries) if e.kind == "sites_opened")
    again = CityLife(CityAggregate(city_terms()))
    again.core.restore(life.entries[:cut])
    again.at(on(7, 22, 10))
    assert len(again.of_effect(OpenSites)) == 1
    assert again.core.state.opened


@pytest.mark.parametrize("late", [timedelta(microseconds=1), timedelta(minutes=20)])
def test_notices_of_a_stop_heard_during_a_dispatch_go_out_with_the_next_one(late: timedelta) -> None:
    """The dispatch of nine was due when the stop was heard, and gathers nothing of what the sites say later."""
    life = desk()
    life.at(on(7, 27, 8))  # receipt and deployment are overdue: two notices wait for nine o'clock
    life.at(on(7, 27, 9) + late, stopped(on(7, 27, 8, 30)))
    assert not life.core.settled
    life.quiet_until(on(7, 30))
    assert life.core.settled
    assert all(notice.document is not None for notice in life.waiting)
    assert life.issued()[-1] == ("carry_over", on(7, 28, 9))
