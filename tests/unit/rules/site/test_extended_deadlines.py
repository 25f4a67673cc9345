"""Deadlines that are extended without a request."""

from datetime import date

import pytest

from tests.support.sample_terms import (
    SiteLife,
    extended,
    on,
)


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
