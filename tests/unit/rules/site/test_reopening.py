"""Reopening a struck-off site: history and rounds are kept, the ladder restarts, it has a deadline of its own."""

from datetime import datetime

import pytest

from rules.command_results import Outcome
from rules.site.aggregate import SiteAggregate
from rules.site.reopening import reopen_command
from schemas.reopening import Cause, Reopened, Reopening
from schemas.stages import Stage
from tests.support.sample_terms import (
    CITY,
    COUNTY,
    SiteLife,
    all_work,
    deadline,
    extended,
    failed,
    on,
    passed,
    refused,
    report,
    site_terms,
    suspended,
    working,
)
from tests.unit.rules.site.options.test_police import accepted, accepts, decides, transfers
from tests.unit.rules.site.options.test_police import site as with_a_case

CLOSED_ON = (9, 15)


def closed(**changes: object) -> SiteLife:
    """A site that was struck off on Wednesday 15 September, in its first round."""
    site = SiteLife(**changes)
    site.at(on(8, 10), *all_work(on(8, 10)))
    site.at(on(8, 12), passed(on(8, 12), "county", COUNTY))
    site.at(on(*CLOSED_ON), passed(on(*CLOSED_ON), "city", CITY))
    assert site.state.stage is Stage.CLOSED
    return site


def reopen(
    site: SiteLife, at: datetime, *failed_requirements: str, cause: Cause = Cause.RELAPSE, origin: str = "finding-1"
) -> Outcome:
    about = Reopening(site_id=site.core.terms.site_id, reason="硐口被扒开", failed_requirements=failed_requirements)
    return site.at(at, reopen_command(about, at, cause, origin))


def test_site_closed_by_case_while_suspended_reopens_unsuspended() -> None:
    site = with_a_case()
    accepted(site)
    site.at(on(8, 10, 12), suspended(on(8, 10, 12)))
    for step in (transfers(on(8, 11, 9)), accepts(on(8, 11, 10)), decides(on(8, 11, 11), "filed")):
        site.at(step.effective_at, step)
    assert site.state.stage is Stage.CLOSED
    reopen(site, on(8, 16, 10), "seal")
    assert not site.state.suspended
    site.quiet_until(on(9, 10))
    assert [rung for rung, _ in site.climbs()] == [2, 3], "its new deadline is followed up"
    again = SiteAggregate(site.core.terms)
    again.restore(site.entries)
    assert again.state == site.state


def reopenings(site: SiteLife) -> list[Reopened]:
    return [Reopened.model_validate_json(entry.data) for entry in site.of("reopened")]


def test_a_struck_off_site_is_open_again_with_its_history() -> None:
    site = closed()
    reopen(site, on(9, 20, 10), "seal")
    assert (site.state.stage, site.state.round, site.core.settled) == (Stage.RECTIFYING, 2, False)
    assert site.core.outstanding() == {"seal": 2}, "what the finding does not name is still done"
    assert site.state.reporters == ["builder"], "who did the work still never verifies it"
    assert site.core.row().settled_at is None
    facts = site.core.row().facts
    assert facts is not None and facts.reopened == {"relapse": 1}


def test_it_goes_through_the_whole_ladder_again() -> None:
    site = closed()
    reopen(site, on(9, 20, 10), "seal")
    site.at(on(9, 22), report(on(9, 22), "seal", 2, "after"))
    assert site.state.level == "county"
    site.at(on(9, 23), passed(on(9, 23), "county", COUNTY))
    assert "county" in refused(site, passed(on(9, 24), "city", COUNTY)), "by other hands, as always"
    site.at(on(9, 24), passed(on(9, 24), "city", CITY))
    assert site.state.stage is Stage.CLOSED
    keys = [notice.key for notice in site.notices if notice.kind == "closure"]
    assert len(set(keys)) == 2, "each strike-off is told in a notice of its own"


def test_the_same_origin_again_changes_nothing() -> None:
    site = closed()
    first = reopen(site, on(9, 20, 10), "seal")
    again = reopen(site, on(9, 21, 10), "seal")
    assert [entry.kind for entry in first.entries] == ["reopened"]
    assert again.entries == []
    reopen(site, on(9, 22, 10), origin="finding-2")
    assert len(reopenings(site)) == 1, "a site that is open is not opened again"


def test_a_finding_that_names_nothing_means_all_of_it() -> None:
    site = closed()
    reopen(site, on(9, 20, 10))
    assert site.core.outstanding() == {"seal": 2, "signs": 3}


@pytest.mark.parametrize(
    ("cause", "due"),
    [
        (Cause.RELAPSE, deadline(9, 26)),  # three working days; Sunday the 26th is one
        (Cause.LOOK_BACK, deadline(9, 26)),
        (Cause.SPOT_CHECK, deadline(10, 11)),  # ten, as for any rectification
    ],
)
def test_the_deadline_is_the_clause_of_what_opened_it(cause: Cause, due: datetime) -> None:
    site = closed(relapse=working(3))
    reopen(site, on(9, 22, 10), cause=cause)
    assert reopenings(site)[0].due == due


def test_reopened_while_the_campaign_runs_it_ends_with_it() -> None:
    site = closed()
    reopen(site, on(10, 28, 10))
    assert reopenings(site)[0].due == deadline(10, 31)
    site.quiet_until(on(11, 2))
    assert site.state.stage is Stage.CARRIED_OVER


def test_site_reopened_after_campaign_runs_until_closed() -> None:
    site = closed()
    reopen(site, on(11, 3, 10), "seal")
    assert reopenings(site)[0].due == deadline(11, 17)
    site.quiet_until(on(12, 20))
    assert site.state.stage is Stage.RECTIFYING
    assert [rung for rung, _ in site.climbs()] == [2, 3, 4], "it climbs like any other"
    site.at(on(12, 21), report(on(12, 21), "seal", 2, "after"))
    site.at(on(12, 22), failed(on(12, 22), "county", "seal"))
    assert site.state.due > deadline(12, 31), "its new deadline is not bound by a campaign that is over"
    assert site.core.refusal(extended(on(12, 23), on(12, 23).date().replace(year=2022)), on(12, 23)) is None


def test_the_end_of_the_patrol_carries_it_over() -> None:
    site = closed(patrol_until=deadline(11, 20))
    reopen(site, on(11, 3, 10), "seal")
    site.quiet_until(on(11, 25))
    assert site.state.stage is Stage.CARRIED_OVER
    (last,) = site.of("carried_over")
    assert last.at == deadline(11, 20) and "the patrol ended" in last.data


def test_nothing_is_opened_again_before_it_was_struck_off() -> None:
    site = closed()
    about = Reopening(site_id=site.core.terms.site_id, reason="x")
    site.at(on(9, 20), reopen_command(about, on(9, 14), Cause.RELAPSE, "finding-1"))
    assert site.of("reopened")[0].at == on(9, 20)


@pytest.mark.parametrize("stage", ["rectifying", "carried_over"])
def test_what_is_not_struck_off_is_not_opened_again(stage: str) -> None:
    site = SiteLife()
    if stage == "carried_over":
        site.quiet_until(on(11, 2))
    at = on(11, 3) if stage == "carried_over" else on(8, 1)
    reopen(site, at)
    assert site.state.stage == stage
    assert site.of("refused") and stage in site.of("refused")[0].data


def test_the_ledger_tells_the_same_site() -> None:
    site = closed()
    reopen(site, on(9, 20, 10), "seal")
    site.quiet_until(on(10, 20))
    twin = SiteAggregate(site_terms())
    twin.restore(site.entries)
    assert twin.state.model_dump() == site.state.model_dump()
    assert twin.next_due(site.now) == site.core.next_due(site.now)
