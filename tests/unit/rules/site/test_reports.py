"""Reports of work and the round that they belong to: what was done before it was sent back is not rework."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.site.aggregate import SiteAggregate
from rules.site.reopening import reopen_command
from schemas.evidence import EvidencePhase
from schemas.reopening import Cause, Reopening
from schemas.site.terms import Requirement
from tests.support.budget import examples
from tests.support.sample_terms import (
    CITY,
    COUNTY,
    SiteLife,
    all_work,
    amended,
    calendar_days,
    failed,
    on,
    passed,
    report,
    site_terms,
)


def failed_on_the_26th(*requirements: str, **changes: object) -> SiteLife:
    """All work is done on the 22nd, and the county sends it back on the 26th of July at four in the afternoon."""
    site = SiteLife(**changes)
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 26, 16), failed(on(7, 26, 16), "county", *requirements))
    return site


def restored(site: SiteLife) -> SiteAggregate:
    again = SiteAggregate(site.core.terms)
    again.restore(site.entries)
    return again


@pytest.mark.parametrize("day", [21, 24, 26], ids=["beyond the tolerance", "within it", "of the same day"])
def test_report_of_before_the_failure_is_no_rework(day: int) -> None:
    site = failed_on_the_26th()
    late = all_work(on(7, day, 9))
    outcome = site.at(on(7, 27, 9), *late)
    assert (site.state.stage, site.state.round) == ("rectifying", 2)
    assert site.core.outstanding() == {"seal": 2, "signs": 3}
    for command in late:
        kept = site.state.reports[command.command_id]
        assert (kept.round, kept.counts) == (1, False)
    seal, _ = (outcome.result_of(command.command_id).warnings for command in late)
    assert seal[-1] == (
        f"this work of 2021-07-{day} 09:00 belongs to round 1 and does not count: 'seal' was sent back on 2021-07-26 "
        "16:00 and must be done again since; report the rework with its own day"
    )
    assert restored(site).state == site.state


def test_rework_of_after_the_failure_counts() -> None:
    site = failed_on_the_26th()
    outcome = site.at(on(7, 28, 9), *all_work(on(7, 26, 17)))
    assert site.state.stage == "verifying"
    assert all(not result.warnings for result in outcome.judgements.values())


def test_work_that_was_not_sent_back_still_counts_late() -> None:
    site = SiteLife(requirements=(*site_terms().requirements, Requirement(id="fence", quantity=5, unit="米")))
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)), report(on(7, 22, 9), "fence", 5))
    site.at(on(7, 26, 16), failed(on(7, 26, 16), "county", "seal"))
    more = report(on(7, 25, 9), "fence", 1, command_id="more")
    (warning,) = site.at(on(7, 27, 9), more).result_of("more").warnings
    assert "more than is asked" in warning, "nothing is said of an earlier round"
    assert site.state.done == {"seal": 0, "signs": 3, "fence": 6}
    assert (site.state.reports["more"].round, site.state.reports["more"].counts) == (1, True)
    assert restored(site).state == site.state


def test_failure_counts_from_when_it_was_judged_not_heard() -> None:
    """The inspector failed the site on the 24th and says so on the 26th: what was done on the 25th is rework."""
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 25, 12), report(on(7, 25, 9), "signs", 3, command_id="known"))
    site.at(on(7, 26, 9), failed(on(7, 24, 16), "county"))
    site.at(on(7, 26, 10), report(on(7, 25, 10), "seal", 1, "after"), report(on(7, 24, 10), "seal", 1))
    assert site.state.done == {"seal": 1, "signs": 3}
    assert (site.state.reports["known"].round, site.state.reports["known"].counts) == (2, True)
    assert restored(site).state == site.state


def test_work_of_beyond_the_tolerance_is_sent_back_by_its_claim() -> None:
    """Reported on the 25th as of the 20th, it counts as of its receipt; the failure of the 24th is later."""
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 25, 9), report(on(7, 20, 9), "signs", 3, command_id="old"))
    site.at(on(7, 26, 9), failed(on(7, 24, 9), "county"))
    assert site.state.done["signs"] == 0
    assert not site.state.reports["old"].counts
    assert restored(site).state == site.state


def test_claim_in_the_future_is_no_rework_of_a_later_round() -> None:
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 30, 9)))
    site.at(on(7, 26, 16), failed(on(7, 26, 16), "county"))
    assert site.core.outstanding() == {"seal": 2, "signs": 3}


def test_report_of_before_the_reopening_does_not_count() -> None:
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    site.at(on(7, 23, 9), passed(on(7, 23, 9), "county", COUNTY))
    site.at(on(7, 24, 9), passed(on(7, 24, 9), "city", CITY))
    about = Reopening(site_id="x", reason="扒开", failed_requirements=("seal",))
    site.at(on(7, 26, 9), reopen_command(about, on(7, 26, 9), Cause.RELAPSE, "finding-1"))
    site.at(on(7, 27, 9), report(on(7, 25, 9), "seal", 2, "after"))
    assert site.core.outstanding() == {"seal": 2}
    site.at(on(7, 28, 9), report(on(7, 28, 9), "seal", 2, "after"))
    assert site.state.stage == "verifying"


def test_amendment_that_recalls_verification_leaves_work_as_it_is() -> None:
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    more = [*site_terms().requirements, Requirement(id="fence", quantity=5, unit="米")]
    site.at(on(7, 26, 9), amended(on(7, 26, 9), requirements=tuple(more)))
    assert site.state.stage == "rectifying"
    site.at(on(7, 27, 9), report(on(7, 25, 9), "fence", 5))
    assert site.state.stage == "verifying"
    assert site.of("verification_requested")[-1].at == on(7, 26, 9), "not asked again before it was recalled"


def test_evidence_in_order_is_not_asked_of_earlier_work() -> None:
    phases = (EvidencePhase.BEFORE, EvidencePhase.AFTER)
    site = SiteLife(requirements=(Requirement(id="seal", quantity=2, unit="处", evidence=phases, in_order=True),))
    site.at(on(7, 22, 9), report(on(7, 22, 9), "seal", 2, "before", "after"))
    site.at(on(7, 26, 16), failed(on(7, 26, 16), "county"))
    late = report(on(7, 25, 9), "seal", 1, command_id="late")
    assert "does not count" in site.at(on(7, 27, 9), late).result_of("late").warnings[0]
    assert site.state.reporters == ["builder"]


WORK = st.tuples(st.sampled_from(["seal", "signs"]), st.integers(0, 120), st.integers(0, 40))
"""A requirement, the hours of its work after the opening, and the hours until it is heard of."""


@settings(max_examples=examples(200), derandomize=True, deadline=None, database=None)
@given(st.lists(WORK, max_size=8), st.integers(1, 100), st.integers(0, 20))
def test_order_of_arrival_does_not_decide_what_is_rework(
    works: list[tuple[str, int, int]], judged: int, heard: int
) -> None:
    """Whatever arrives when: after a failure exactly the work of after it counts, for what was sent back."""
    opened = on(7, 19, 10)

    def hours(number: float) -> datetime:
        return opened + timedelta(hours=number)

    site = SiteLife(late_report=calendar_days(30))
    site.at(opened, *all_work(opened))
    said: list[tuple[float, object]] = [(judged + heard + 0.5, failed(hours(judged + 0.5), "county", "signs"))]
    said += [(done + late, report(hours(done), name, 1)) for name, done, late in works]
    for at, command in sorted(said, key=lambda one: one[0]):
        site.at(hours(at), command)  # type: ignore[arg-type]
    signs = sum(name == "signs" and done > judged for name, done, _ in works)
    seal = sum(name == "seal" for name, _, _ in works)
    assert site.state.done == {"seal": 2 + seal, "signs": signs}
    assert restored(site).state == site.state
