"""What is inspected again after a closure: the periods, and the lines of the closure notice."""

from datetime import date

from rules.look_backs import look_back_lines, look_back_periods
from schemas.options.patrol import LookBackDue
from schemas.site.terms import Requirement
from tests.support.sample_terms import HENAN, calendar_days, on, working

CLOSED = on(8, 5, 8)
UNTIL = on(12, 31)
SEAL = Requirement(id="seal", quantity=1, unit="个", look_back=(working(5), calendar_days(30)))


def test_look_back_periods_run_from_closure_once_each_clause() -> None:
    periods = list(look_back_periods(HENAN, SEAL, CLOSED, UNTIL))
    assert [(one.since, one.due) for one in periods] == [(date(2021, 8, 5), on(8, 13)), (date(2021, 8, 5), on(9, 5))]


def test_look_back_periods_without_patrol_are_none() -> None:
    assert not list(look_back_periods(HENAN, SEAL, CLOSED, None))


def test_look_back_lines_are_read_as_look_backs_due() -> None:
    lines = look_back_lines(HENAN, [SEAL], CLOSED, UNTIL)
    read = [LookBackDue.model_validate({"site_id": "a", **line}) for line in lines]
    assert [(one.requirement, one.due) for one in read] == [("seal", on(8, 13)), ("seal", on(9, 5))]
