"""Suspensions, and extended deadlines."""

from datetime import date

import pytest

from schemas.answers import Verdict
from tests.support.sample_terms import SiteLife, all_work, deadline, extended, on, resumed, suspended

# -- suspension --------------------------------------------------------------------------------------------------------


def test_suspension_gives_the_time_back() -> None:
    site = SiteLife()
    site.at(on(8, 2, 9), suspended(on(8, 2, 9)))
    assert site.core.next_due(on(8, 2, 9)) == deadline(10, 31), "nothing but the end happens meanwhile"
    site.at(on(8, 12, 9), resumed(on(8, 12, 9)))
    assert site.core.current_due() == deadline(8, 30), "ten days later"
    site.quiet_until(on(9, 1))
    assert site.climbs() == [(2, date(2021, 8, 31))]


def test_part_of_a_day_is_given_back_as_a_whole_one() -> None:
    site = SiteLife()
    site.at(on(8, 2, 9), suspended(on(8, 2, 9)))
    site.at(on(8, 2, 10), resumed(on(8, 2, 10)))
    assert site.core.current_due() == deadline(8, 21)


def test_a_suspended_site_does_not_climb_nor_is_it_reminded() -> None:
    site = SiteLife(reminder_days=(7, 3, 1))
    site.at(on(8, 10), suspended(on(8, 10)))
    site.quiet_until(on(9, 30))
    assert site.kinds() == ["opened", "suspended"]


def test_the_time_given_back_ends_with_the_campaign() -> None:
    site = SiteLife()
    site.at(on(8, 2), suspended(on(8, 2)))
    site.at(on(10, 20), resumed(on(10, 20)))
    assert site.core.current_due() == deadline(10, 31)


def test_overdue_site_suspension_extends_grace_not_deadline() -> None:
    site = SiteLife()
    site.quiet_until(on(8, 24))
    assert site.climbs() == [(2, date(2021, 8, 23))]
    # Of the five working days after the order one had passed when the flood came.
    site.at(on(8, 25), suspended(on(8, 25)))
    site.at(on(9, 8), resumed(on(9, 8)))
    assert site.core.current_due() == deadline(8, 20)
    site.quiet_until(on(9, 30))
    assert site.climbs() == [(2, date(2021, 8, 23)), (3, date(2021, 9, 13)), (4, date(2021, 9, 18))]


def test_a_site_never_climbs_on_the_day_it_is_resumed() -> None:
    site = SiteLife()
    site.at(on(8, 21), suspended(on(8, 21)))
    site.at(on(8, 23, 1), resumed(on(8, 23, 1)))
    site.quiet_until(on(9, 1))
    assert site.climbs()[0][1] > date(2021, 8, 23)


def test_the_verdict_s_deadline_stands_still_as_well() -> None:
    site = SiteLife()
    site.at(on(8, 2), *all_work(on(8, 2)))
    site.at(on(8, 5), suspended(on(8, 5)))
    site.at(on(8, 15), resumed(on(8, 15)))
    assert site.core.current_due() == deadline(8, 22)


def test_verification_during_suspension_gets_only_its_rest_back() -> None:
    site = SiteLife()
    site.at(on(8, 2), suspended(on(8, 2)))
    site.at(on(8, 10), *all_work(on(8, 10)))
    site.at(on(8, 12), resumed(on(8, 12)))
    assert site.core.current_due() == deadline(8, 22), "ten days from the 10th, and two more"


def test_extension_during_suspension_gets_only_its_rest_back() -> None:
    site = SiteLife()
    site.at(on(8, 2), suspended(on(8, 2)))
    site.at(on(8, 30), extended(on(8, 30), date(2021, 9, 15)))
    site.at(on(9, 1), resumed(on(9, 1)))
    assert site.core.current_due() == deadline(9, 17)


def test_a_late_resumption_from_before_the_suspension_is_refused() -> None:
    site = SiteLife()
    site.at(on(8, 10, 12), suspended(on(8, 10, 12)))
    wrong = resumed(on(8, 9, 12))
    outcome = site.at(on(8, 10, 13), wrong)
    assert outcome.result_of(wrong.command_id).verdict is Verdict.REFUSED
    assert site.core.current_due() == deadline(8, 20)


def test_no_time_is_given_back_twice() -> None:
    site = SiteLife()
    site.at(on(8, 2), suspended(on(8, 2)))
    site.at(on(8, 5), resumed(on(8, 5)))
    overlapping = suspended(on(8, 4))
    outcome = site.at(on(8, 5, 1), overlapping)
    assert outcome.result_of(overlapping.command_id).verdict is Verdict.REFUSED
    site.at(on(8, 6), suspended(on(8, 6)))
    site.at(on(8, 7), resumed(on(8, 7)))
    assert site.core.current_due() == deadline(8, 24)


def test_a_suspended_site_is_not_verified_nor_suspended_again() -> None:
    site = SiteLife()
    site.at(on(8, 2), suspended(on(8, 2)))
    assert "suspended already" in str(site.core.refusal(suspended(on(8, 3)), on(8, 3)))
    site.at(on(8, 4), resumed(on(8, 4)))
    assert "not suspended" in str(site.core.refusal(resumed(on(8, 5)), on(8, 5)))


def test_refused_suspension_names_days_of_the_campaign() -> None:
    site = SiteLife()
    # Early in the morning: in UTC it is still the day before.
    site.at(on(8, 2, 5), suspended(on(8, 2, 5)))
    assert "suspended already, since 2021-08-02" in str(site.core.refusal(suspended(on(8, 3)), on(8, 3)))
    refusal = site.core.refusal(resumed(on(8, 1, 9)), on(8, 2, 6))
    assert "suspended on 2021-08-02 05:00; it" in str(refusal)
    site.at(on(8, 4, 6), resumed(on(8, 4, 6)))
    refusal = site.core.refusal(suspended(on(8, 3, 9)), on(8, 4, 7))
    assert "resumed on 2021-08-04 06:00; it" in str(refusal)


# -- extension ---------------------------------------------------------------------------------------------------------


def test_an_extension_granted_at_the_last_hour_stops_the_climb() -> None:
    site = SiteLife()
    # Granted on the evening of the last day, received after the morning of the rung.
    site.at(on(8, 23, 8), extended(on(8, 20, 23), date(2021, 9, 10)))
    assert site.climbs() == []
    site.quiet_until(on(9, 30))
    assert site.climbs()[0] == (2, date(2021, 9, 13))


def test_extension_resumes_escalation_from_reached_rung() -> None:
    site = SiteLife()
    site.quiet_until(on(8, 24))
    site.at(on(8, 25), extended(on(8, 25), date(2021, 9, 10)))
    site.quiet_until(on(9, 30))
    assert site.climbs() == [(2, date(2021, 8, 23)), (3, date(2021, 9, 17)), (4, date(2021, 9, 26))]


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (date(2021, 8, 20), "an extension must end after that"),
        (date(2021, 11, 1), "the campaign ends on 2021-10-31"),
    ],
)
def test_extension_must_lie_between_deadline_and_campaign_end(until: date, reason: str) -> None:
    site = SiteLife()
    assert reason in str(site.core.refusal(extended(on(8, 1), until), on(8, 1)))


def test_an_extension_into_the_past_is_refused() -> None:
    site = SiteLife(ladder=())
    assert "has passed" in str(site.core.refusal(extended(on(9, 10), date(2021, 9, 9)), on(9, 10)))


def test_extension_to_last_day_allowed_without_escalation() -> None:
    site = SiteLife()
    site.at(on(8, 1), extended(on(8, 1), date(2021, 10, 31)))
    site.quiet_until(on(11, 30))
    assert site.kinds() == ["opened", "extended", "carried_over"]
    assert site.core.next_due(on(11, 30)) is None
