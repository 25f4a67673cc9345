"""Who must act hears first: what a command sets for others counts from when the engine heard of it."""

from datetime import date

from rules.calendar import due_by
from rules.look_backs import look_back_lines
from rules.site.amendment import work_due
from schemas.options.acceptance import AcceptanceTerms
from schemas.site.terms import LevelTerms, Requirement
from tests.support.sample_terms import (
    CITY,
    COUNTY,
    HENAN,
    SiteLife,
    all_work,
    amended,
    calendar_days,
    deadline,
    extended,
    failed,
    on,
    passed,
    report,
    resumed,
    site_terms,
    suspended,
    working,
)
from tests.unit.rules.site.options.test_police import BOTH, UNITS

SHORT = calendar_days(1)


def test_work_sent_back_is_due_counted_from_the_receipt() -> None:
    site = SiteLife(re_rectification=SHORT, reminder_days=(1,))
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9)))
    site.at(on(7, 24, 9), failed(on(7, 21, 9), "county"))
    assert site.state.due == deadline(7, 25)
    site.quiet_until(on(7, 25, 23))
    assert site.reminders() == []
    assert site.climbs() == []


def test_no_reminder_is_for_a_day_before_the_deadline_was_heard_of() -> None:
    """An extension of the 9th to the 23rd is heard of on the 12th: the 10th is thirteen days before, and has passed."""
    for reminder_days, sent in (((13,), []), ((5,), [(5, date(2021, 8, 18))])):
        site = SiteLife(reminder_days=reminder_days)
        site.at(on(8, 12, 9), extended(on(8, 9, 9), date(2021, 8, 23)))
        site.quiet_until(on(8, 23, 9))
        assert site.reminders() == sent


def test_next_level_has_its_whole_clause_from_the_receipt() -> None:
    site = SiteLife(levels=(LevelTerms(id="county", due=SHORT), LevelTerms(id="city", due=SHORT)))
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9)))
    site.at(on(7, 23, 9), passed(on(7, 20, 12), "county"))
    assert (site.state.level_since, site.state.level_due) == (on(7, 20, 12), deadline(7, 24))
    site.quiet_until(on(7, 24, 12))
    assert site.of("acceptance_overdue") == []


def test_site_that_used_up_its_rounds_climbs_after_it_was_heard() -> None:
    site = SiteLife(acceptance=AcceptanceTerms(exhausted_rung=4), max_rounds=1)
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9)))
    site.at(on(7, 22, 7), failed(on(7, 20, 15), "county"))
    site.quiet_until(on(7, 26, 9))
    assert site.climbs() == [(4, date(2021, 7, 23))]


def test_extension_that_passed_before_it_was_heard_of_is_refused() -> None:
    site = SiteLife()
    late = extended(on(8, 20, 9), date(2021, 8, 22))
    assert "2021-08-22 has passed" in (site.at(on(8, 23, 9), late).result_of(late.command_id).reason or "")


def test_resumption_heard_later_leaves_until_the_day_after() -> None:
    site = SiteLife()
    site.at(on(8, 19, 9), suspended(on(8, 19, 9)))
    site.at(on(8, 25, 9), resumed(on(8, 22, 9)))
    assert site.state.due == deadline(8, 26)
    site.quiet_until(on(8, 26, 23))
    assert site.climbs() == []


def test_amendment_heard_later_leaves_until_the_day_after() -> None:
    site = SiteLife()
    site.at(on(7, 26, 9), amended(on(7, 23, 9), rectification=calendar_days(5)))
    assert site.state.due == deadline(7, 27)
    site = SiteLife()
    site.at(on(7, 22, 9), *all_work(on(7, 22, 9)))
    more = (*site_terms().requirements, Requirement(id="fence", quantity=5, unit="米"))
    site.at(on(8, 23, 9), amended(on(8, 20, 9), requirements=more, re_rectification=SHORT))
    assert site.state.due == deadline(8, 24), "the work that it adds has its clause from then"


def test_amendment_recounts_from_what_the_deadline_counted_from() -> None:
    site = SiteLife()
    site.at(on(7, 20, 9), *all_work(on(7, 20, 9)))
    site.at(on(7, 23, 9), failed(on(7, 20, 12), "county"))
    assert site.state.due == work_due(site.core.terms, site.state) == deadline(8, 6)
    site.at(on(7, 26, 9), amended(on(7, 26, 9), re_rectification=calendar_days(20)))
    assert site.state.due == work_due(site.core.terms, site.state) == deadline(8, 12)


def test_level_deadline_is_recounted_from_the_receipt_too() -> None:
    """Of Thursday the 22nd, heard of on Sunday: one working day is Monday, and two are Tuesday."""
    first, city = LevelTerms(id="county", due=working(1)), LevelTerms(id="city", due=calendar_days(10))
    site = SiteLife(levels=(first, city))
    site.at(on(7, 25, 9), *all_work(on(7, 22, 9)))
    assert site.state.level_due == deadline(7, 26)
    site.at(on(7, 25, 12), amended(on(7, 25, 12), levels=(LevelTerms(id="county", due=working(2)), city)))
    assert site.state.level_due == deadline(7, 27)


def test_look_backs_after_a_late_verdict_count_from_its_receipt() -> None:
    seal = Requirement(id="seal", quantity=1, unit="处", look_back=(SHORT,))
    site = SiteLife(requirements=(seal,), patrol_until=deadline(12, 31), acceptance=AcceptanceTerms())
    site.at(on(7, 20, 9), report(on(7, 20, 9), "seal", 1))
    site.at(on(7, 20, 10), passed(on(7, 20, 10), "county", COUNTY))
    site.at(on(7, 23, 9), passed(on(7, 20, 12), "city", CITY))
    [closure] = [notice for notice in site.notices if notice.kind == "closure"]
    [line] = look_back_lines(HENAN, [seal], on(7, 23, 9), deadline(12, 31))
    assert line["due"] == deadline(7, 24).isoformat()
    assert closure.data["look_backs"] == [
        line | {"closed_at": "2021-07-20T04:00:00.000000Z", "worked": ["office of builder"]}
    ]


def test_opening_tells_the_deadlines_of_its_options() -> None:
    site = SiteLife(police=BOTH, units=UNITS)
    [opened] = site._events("opened")
    assert (
        opened.option_dues
        == {"police": due_by(HENAN, on(7, 19, 10), BOTH.transfer)}
        == {"police": site.state.police.due}
    )
    assert "option_dues" not in SiteLife().entries[0].data


def test_site_that_opens_after_its_deadline_has_its_clause_from_then() -> None:
    """Its city's deployment was approved, and then nothing ran for six weeks."""
    site = SiteLife(police=BOTH, units=UNITS)
    late = type(site.core)(site.core.terms)
    late.advance([], on(9, 1, 9))
    assert late.state.opened_at == on(7, 19, 10)
    assert late.state.due == work_due(late.terms, late.state) == deadline(10, 3)
    assert late.state.police is not None and late.state.police.due == deadline(9, 15)
    assert late.next_due(on(9, 1, 9)) == deadline(9, 15)
