"""A site from opening to strike-off: work, evidence, levels of acceptance, rounds, carry-over."""

from datetime import timedelta

from rules.site.aggregate import SiteAggregate
from schemas import commands as cmd
from schemas.actor import ENGINE
from schemas.evidence import EvidencePhase
from schemas.site.terms import LevelTerms, Requirement
from tests.support.chain_proof import proved
from tests.support.sample_terms import (
    BUILDER,
    COUNTY,
    EXPERT,
    Life,
    SiteLife,
    all_work,
    calendar_days,
    deadline,
    failed,
    on,
    passed,
    refused,
    report,
    resumed,
    site_terms,
    suspended,
)


def test_finished_site_accepted_at_all_levels_is_closed() -> None:
    site = SiteLife()
    site.at(on(8, 2, 9), *all_work(on(8, 2, 8)))
    assert (site.state.stage, site.state.level) == ("verifying", "county")
    site.at(on(8, 4, 9), passed(on(8, 4, 9), "county", by=COUNTY))
    assert site.state.level == "city"
    site.at(on(8, 9, 9), passed(on(8, 9, 9), "city", by=EXPERT))
    assert site.core.settled
    assert site.core.next_due(on(8, 9, 9)) is None
    assert site.kinds() == [
        "opened", "task_reported", "task_reported", "verification_requested", "level_passed", "closed",
    ]  # fmt: skip
    assert [n.kind for n in site.notices] == ["closure"]
    proved(site.entries)


def test_partial_work_adds_up_and_what_is_left_is_said() -> None:
    site = SiteLife()
    site.at(on(7, 21), report(on(7, 20), "signs", 1), report(on(7, 20), "seal", 0.5, "before"))
    assert site.core.outstanding() == {"seal": 1.5, "signs": 2}
    site.at(on(7, 22), report(on(7, 21), "signs", 2), report(on(7, 21), "seal", 1.5))
    assert site.core.outstanding() == {"seal": 0}, "the quantity is done, its evidence is missing"
    assert site.state.stage == "rectifying"
    site.at(on(7, 23), report(on(7, 22), "seal", 0.1, "after"))
    assert site.state.stage == "verifying"


def test_tenths_that_add_up_to_a_whole_are_a_whole() -> None:
    site = SiteLife(requirements=(Requirement(id="soil", quantity=1, unit="公顷"),))
    for tenth in range(10):
        site.at(on(7, 20 + tenth, 12), report(on(7, 20 + tenth, 11), "soil", 0.1))
    assert site.state.stage == "verifying"


def test_evidence_of_every_phase_is_needed() -> None:
    phases = (EvidencePhase.BEFORE, EvidencePhase.DURING, EvidencePhase.AFTER)
    site = SiteLife(requirements=(Requirement(id="seal", quantity=1, unit="处", evidence=phases),))
    site.at(on(7, 21), report(on(7, 20), "seal", 1, "before", "after"))
    assert site.state.stage == "rectifying"
    site.at(on(7, 22), report(on(7, 21), "seal", 0.01, "during"))
    assert site.state.stage == "verifying"


def test_a_site_with_nothing_to_do_is_verified_at_once() -> None:
    site = SiteLife(requirements=())
    assert site.state.stage == "verifying"
    site.at(on(7, 20), passed(on(7, 20), "county"))
    site.at(on(7, 21), passed(on(7, 21), "city", by=EXPERT))
    assert site.state.stage == "closed"


def test_who_did_the_work_never_verifies_it() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2), by=COUNTY))
    assert "can not verify" in refused(site, passed(on(8, 3), "county", by=COUNTY))
    assert "can not verify" in refused(site, failed(on(8, 3), "county", by=COUNTY))


def test_worker_of_earlier_round_cannot_verify_next_round() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2), by=COUNTY))
    site.at(on(8, 3), failed(on(8, 3), "county", "signs", by=EXPERT))
    site.at(on(8, 4), report(on(8, 4), "signs", 3, by=BUILDER))
    assert "can not verify" in refused(site, passed(on(8, 5), "county", by=COUNTY))


def test_verifier_reports_no_work_before_round_is_decided() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.at(on(8, 3), passed(on(8, 3), "county", by=COUNTY))
    assert "county" in refused(site, report(on(8, 4), "signs", 1, by=COUNTY))
    site.at(on(8, 5), passed(on(8, 5), "city", by=EXPERT))
    assert site.state.stage == "closed"


def test_each_level_is_judged_by_another_person() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.at(on(8, 3), passed(on(8, 3), "county", by=COUNTY))
    assert "passed level 'county' already" in refused(site, passed(on(8, 4), "city", by=COUNTY))


def test_levels_are_passed_in_their_order() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2)))
    assert "awaits level 'county'" in refused(site, passed(on(8, 3), "city", by=EXPERT))
    assert "awaits level 'county'" in refused(site, passed(on(8, 3), "province", by=EXPERT))


def test_failed_site_gets_opinion_deadline_and_next_round() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.at(on(8, 4, 10), failed(on(8, 4, 10), "county", "signs", opinion="标志牌缺失"))
    assert (site.state.stage, site.state.round) == ("rectifying", 2)
    assert site.core.current_due() == deadline(8, 18), "ten working days from the opinion"
    assert site.core.outstanding() == {"signs": 3}, "what was not criticised stands"
    notice = site.notices[-1]
    assert (notice.kind, notice.data["opinion"], notice.data["due"]) == (
        "rectification_opinion", "标志牌缺失", "2021-08-18",
    )  # fmt: skip


def test_an_opinion_that_names_nothing_means_all_of_it() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.at(on(8, 4), failed(on(8, 4), "county"))
    assert set(site.core.outstanding()) == {"seal", "signs"}


def test_no_deadline_of_a_site_lies_after_the_campaign() -> None:
    site = SiteLife(ladder=())
    site.at(on(10, 25), *all_work(on(10, 25)))
    site.at(on(10, 27), failed(on(10, 27), "county"))
    assert site.core.current_due() == deadline(10, 31)


def test_work_that_failed_is_shown_again() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.at(on(8, 4), failed(on(8, 4), "county", "seal"))
    site.at(on(8, 5), report(on(8, 5), "seal", 2))
    assert site.core.outstanding() == {"seal": 0}, "the old photo does not show the new seal"
    site.at(on(8, 6), report(on(8, 6), "seal", 0.1, "after"))
    assert site.state.stage == "verifying"


def test_after_a_failure_every_level_judges_again() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.at(on(8, 3), passed(on(8, 3), "county", by=COUNTY))
    site.at(on(8, 4), failed(on(8, 4), "city", "signs", by=EXPERT))
    site.at(on(8, 5), report(on(8, 5), "signs", 3))
    assert site.state.level == "county"
    site.at(on(8, 6), passed(on(8, 6), "county", by=COUNTY))
    site.at(on(8, 7), passed(on(8, 7), "city", by=EXPERT))
    assert site.state.stage == "closed"


def test_a_failure_without_a_written_opinion_is_refused() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2)))
    assert "opinion" in refused(site, failed(on(8, 3), "county", opinion=None))
    assert "no requirement 'roof'" in refused(site, failed(on(8, 3), "county", "roof"))
    contradiction = passed(on(8, 3), "county").model_copy(update={"failed_requirements": ("seal",)})
    assert "names no failed requirements" in refused(site, contradiction)


def test_failed_last_round_reported_upward_and_work_continues() -> None:
    site = SiteLife(max_rounds=2)
    for day in (2, 6):
        site.at(on(8, day), *all_work(on(8, day)))
        site.at(on(8, day + 1), failed(on(8, day + 1), "county"))
    kinds = [notice.kind for notice in site.notices]
    assert kinds == ["rectification_opinion", "rectification_opinion", "rounds_exhausted"]
    assert (site.state.stage, site.state.round) == ("rectifying", 3)


def test_overdue_verdict_reported_once_without_escalation() -> None:
    site = SiteLife()
    site.at(on(8, 16), *all_work(on(8, 16)))
    site.quiet_until(on(10, 1))
    assert site.kinds()[-1] == "acceptance_overdue"
    assert site.kinds().count("acceptance_overdue") == 1
    assert site.of("acceptance_overdue")[0].at == deadline(8, 26)
    assert site.climbs() == []


def test_open_site_carried_over_at_campaign_end() -> None:
    site = SiteLife(ladder=())
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.at(on(12, 24))
    assert site.state.stage == "carried_over"
    assert site.entries[-1].at == deadline(10, 31)
    assert site.notices[-1].data["reason"] == "the campaign ended"


def test_a_site_that_never_opened_is_only_carried_over() -> None:
    site = Life(SiteAggregate(site_terms(opened_at=None, due=None)))
    outcome = site.at(on(8, 1), report(on(8, 1), "seal", 1))
    assert "while the site is registered; allowed: carry_over" in str(next(iter(outcome.judgements.values())).reason)
    assert site.core.next_due(on(8, 1)) == deadline(10, 31)
    site.at(deadline(10, 31))
    assert site.kinds() == ["refused", "carried_over"]


def test_a_stopped_campaign_carries_its_sites_over_at_once() -> None:
    site = SiteLife()
    stop = cmd.CarryOver(command_id="stop", actor=ENGINE, effective_at=on(8, 5, 9), reason="stopped")
    site.at(on(8, 5, 9, 30), stop)
    assert (site.state.stage, site.state.settled_at) == ("carried_over", on(8, 5, 9))


def test_overdue_is_derived_from_the_deadline_of_what_is_awaited() -> None:
    site = SiteLife(ladder=())
    assert not site.core.is_overdue(deadline(8, 20))
    assert site.core.is_overdue(deadline(8, 20) + timedelta(microseconds=1))
    site.at(on(8, 25), suspended(on(8, 25)))
    assert not site.core.is_overdue(on(8, 26)), "time stands still"
    site.at(on(8, 27), resumed(on(8, 27)), *all_work(on(8, 27, 1)))
    assert not site.core.is_overdue(on(8, 28)), "the verdict is awaited now"
    assert site.core.is_overdue(on(9, 7, 1))


def test_site_restored_from_ledger_continues_identically() -> None:
    site = SiteLife(levels=(LevelTerms(id="county", due=calendar_days(3)),))
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.at(on(8, 9), failed(on(8, 9), "county", "seal"))
    site.at(on(9, 9), suspended(on(9, 9)))
    again = SiteAggregate(site_terms(levels=(LevelTerms(id="county", due=calendar_days(3)),)))
    again.restore(site.entries)
    assert again.state == site.state
    later = [(c.advance([], on(10, 20)).entries, c.state) for c in (again, site.core)]
    assert later[0] == later[1]
