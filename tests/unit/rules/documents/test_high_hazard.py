"""The daily list of open sites of high hazard: to the head of the city, on working days, and not when none is open."""

from datetime import date
from pathlib import Path

import pytest

from intake.check import check
from rules.calendar import is_working_day, local_date
from rules.documents.addressing import UNSIGNED, addressing
from rules.documents.high_hazard import KIND, daily_list
from schemas.documents.document import Progress
from schemas.documents.high_hazard import OpenSite
from simulation.behaviour.temperament import Temperament
from simulation.forecast.simulator import forecast
from tests.support.sample_terms import deadline

pytestmark = pytest.mark.unit

HENAN = Path(__file__).parents[4] / "examples" / "henan-2021"


def open_site(name: str, due: date | None) -> OpenSite:
    when = None if due is None else deadline(due.month, due.day)
    return OpenSite(name, "矿", "鲁山县", "rectifying", when, False, ("局",), {})


def test_list_is_ordered_by_deadline_and_absent_without_sites() -> None:
    assert daily_list([], "key") == ()
    sites = [open_site("c", None), open_site("b", date(2021, 9, 2)), open_site("a", date(2021, 9, 2))]
    (lot,) = daily_list(sites, "key")
    assert [line["site"] for line in lot.data["lines"]] == ["a", "b", "c"]
    assert (lot.kind, lot.sites, lot.data["count"]) == (KIND, (), 3)


def test_a_city_without_a_head_has_it_sent_one_lower() -> None:
    frozen = check(HENAN / "plan.yaml").frozen
    assert frozen is not None
    plan = frozen.plan
    assert KIND in UNSIGNED
    for city in plan.cities:
        wanted = city.head or city.deputy_head or city.government
        assert wanted is not None
        assert addressing(plan, city.code, KIND, 0, Progress()).addressee == (wanted.name,)


def test_henan_lists_its_open_high_sites_each_working_day() -> None:
    report = check(HENAN / "plan.yaml", HENAN / "register.csv")
    assert report.frozen is not None and report.register is not None
    found = forecast(report.frozen, report.register.sites, Temperament.TYPICAL, 1)
    calendar = report.frozen.calendar
    lists = [draft for draft in found.documents if draft.kind == KIND]
    days = {(draft.city, local_date(calendar, draft.issued_at)) for draft in lists}
    assert len(days) == len(lists) > 100, "one a day and city"
    assert all(is_working_day(calendar, day) for _, day in days)
    assert all(draft.data["count"] == len(draft.data["lines"]) > 0 for draft in lists)
    one = lists[0].data["lines"][0]
    assert one["clauses"]["due"]["name"].startswith(("variations[", "clauses.", "verification."))
    assert one["responsible"] and one["stage"] in ("rectifying", "verifying")
