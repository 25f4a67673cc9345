"""Suspensions with a basis and a last day: they end automatically, and are counted."""

from datetime import date, datetime

from rules.site.aggregate import SiteAggregate
from schemas import commands as cmd
from schemas.deferrals import SuspensionBasis
from tests.support.sample_terms import (
    PROVINCE,
    SiteLife,
    deadline,
    on,
    refused,
    resumed,
    site_terms,
    suspended,
)


def suspended_to(at: datetime, until: date, basis: SuspensionBasis = SuspensionBasis.STOP_WORK_ORDER) -> cmd.Suspend:
    return cmd.Suspend(
        command_id=f"suspend-{at}", actor=PROVINCE, effective_at=at, reason="order of the day", basis=basis, until=until
    )


def test_dated_suspension_ends_itself_and_restores_time() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), suspended_to(on(8, 2, 9), date(2021, 8, 11)))
    assert life.core.next_due(on(8, 2, 10)) == deadline(8, 11)
    life.quiet_until(on(8, 12, 9))
    assert not life.state.suspended and life.kinds()[-1] == "resumed"
    assert life.of("resumed")[0].at == deadline(8, 11)
    assert life.state.due == deadline(8, 30), "nine days and fifteen hours, rounded up to a whole day"


def test_dated_suspension_resumed_early_is_not_resumed_again() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), suspended_to(on(8, 2, 9), date(2021, 8, 11)))
    life.at(on(8, 5, 9), resumed(on(8, 5, 9)))
    life.quiet_until(on(8, 15))
    assert life.kinds().count("resumed") == 1


def test_suspension_end_refused_in_past_or_after_campaign() -> None:
    life = SiteLife()
    assert "must end in the future" in refused(life, suspended_to(on(8, 3, 9), date(2021, 8, 2)))
    assert "can not end after that" in refused(life, suspended_to(on(8, 3, 10), date(2021, 11, 1)))


def test_one_without_a_last_day_stands_still_until_it_is_resumed() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), suspended(on(8, 2, 9)))
    assert life.core.next_due(on(8, 2, 10)) == life.core.terms.ends_at
    assert '"basis"' not in life.entries[-1].data and '"until"' not in life.entries[-1].data


def test_the_days_that_stood_still_and_the_basis_are_shown() -> None:
    life = SiteLife()
    life.at(on(8, 2, 9), suspended_to(on(8, 2, 9), date(2021, 8, 11), SuspensionBasis.FLOOD))
    shown = life.core.view(on(8, 3)).deferrals
    assert shown is not None
    assert (shown.suspensions, shown.basis, shown.suspended_until) == (1, "flood", date(2021, 8, 11))
    assert shown.suspended_since == on(8, 2, 9) and shown.days_suspended == 0
    life.quiet_until(on(8, 12, 9))
    life.at(on(8, 16, 9), suspended(on(8, 16, 9)))
    life.at(on(8, 18, 9), resumed(on(8, 18, 9)))
    facts = life.core.row().facts
    assert facts is not None and facts.deferrals is not None
    assert (facts.deferrals.suspensions, facts.deferrals.days_suspended) == (2, 11.6)
    again = SiteAggregate(site_terms())
    again.restore(life.entries)
    assert again.state == life.state
