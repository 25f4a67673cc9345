"""The calendar of a plan is resolved and frozen; its provisional parts; plans moved to other dates."""

import json
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from intake.check import summarise
from intake.plan.freeze import freeze, redate
from intake.plan.holidays import provisional_clauses, resolve_calendar
from intake.plan.plan_file import read_plan
from rules.calendar import is_working_day
from schemas.calendar import Clause, DayUnit
from schemas.clause_paths import clauses_in
from schemas.plan import CalendarSource, FrozenPlan, Plan
from tests.support.intake_samples import HENAN, small_plan

ORDERED = json.loads((Path(__file__).parents[1] / "data" / "state_council_days.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def henan() -> Plan:
    plan, faults = read_plan(HENAN / "plan.yaml")
    assert plan is not None and not faults
    return plan


def with_days(plan: Plan, **days: object) -> Plan:
    return plan.model_copy(update={"calendar": CalendarSource.model_validate(days)})


def test_henan_has_107_days_71_working_and_100th_on_24_october(henan: Plan) -> None:
    summary = summarise(henan, resolve_calendar(henan))
    assert (summary.calendar_days, summary.working_days) == (107, 71)
    assert summary.day_100 == date(2021, 10, 24)
    assert summary.work_days == (date(2021, 9, 18), date(2021, 9, 26), date(2021, 10, 9))
    assert len(summary.off_days) == 10


@pytest.mark.parametrize("year", sorted(ORDERED))
def test_the_days_are_those_that_the_state_council_ordered(henan: Plan, year: str) -> None:
    calendar = resolve_calendar(redate(henan, date(int(year), 3, 1)))
    assert {str(day) for day in calendar.off_days if day.year == int(year)} == set(ORDERED[year]["off_days"])
    assert {str(day) for day in calendar.work_days if day.year == int(year)} == set(ORDERED[year]["work_days"])


def test_campaign_past_published_days_has_provisional_clauses(henan: Plan) -> None:
    known_until = resolve_calendar(henan).published_until
    assert known_until is not None
    late = redate(henan, date(known_until.year, 12, 1))
    found = {item.path: item.reaches for item in provisional_clauses(late, resolve_calendar(late))}
    assert set(found) >= {"ends_on", "clauses.receipt", "clauses.deployment", "verification.levels[0].due"}
    assert not set(found) & {"clauses.rectification", "clauses.late_report", "verification.levels[1].due"}
    assert min(found.values()) > known_until


def test_rung_and_conduct_clauses_listed_as_provisional(henan: Plan) -> None:
    days = {"amount": 2, "unit": "working_days"}
    office = {"name": "Approver", "superior": {"name": "Superior"}}
    rung = {"rung": 2, "instrument": "circular", "after": {"amount": 1, "unit": "calendar_days"}, "approver": office}
    late = Plan.model_validate(
        {
            **redate(henan, date(2030, 12, 1)).model_dump(mode="json"),
            "ladder": [{**rung, "approval": days, "reply": days, "reply_holds": days, "receipt": days}],
            "behaviour": {"no_receipt": {"instrument": "interview", "after": days}},
            "signing": None,
            "variations": (),
        }
    )
    found = {item.path for item in provisional_clauses(late, resolve_calendar(late))}
    assert {path for path in found if path.startswith(("ladder", "behaviour"))} == {
        "ladder[0].approval", "ladder[0].reply", "ladder[0].reply_holds", "ladder[0].receipt",
        "behaviour.no_receipt.after",
    }  # fmt: skip


def test_clause_crossing_end_of_published_days_is_provisional(henan: Plan) -> None:
    known_until = resolve_calendar(henan).published_until
    assert known_until is not None
    ending = henan.model_copy(update={"ends_on": known_until})
    found = [item.path for item in provisional_clauses(ending, resolve_calendar(ending))]
    assert "clauses.deployment" in found and "ends_on" not in found and "clauses.rectification" not in found


def test_no_provisional_clause_in_published_years_or_weekdays(henan: Plan) -> None:
    assert provisional_clauses(henan, resolve_calendar(henan)) == []
    weekdays = with_days(redate(henan, date(2031, 1, 1)), source="weekdays")
    calendar = resolve_calendar(weekdays)
    assert calendar.published_until is None and not calendar.off_days
    assert provisional_clauses(weekdays, calendar) == []


def test_plan_holiday_notice_accepted_for_unknown_year(henan: Plan) -> None:
    brought = with_days(
        redate(henan, date(2030, 12, 1)),
        off_days=["2031-01-01"],
        work_days=["2031-01-05"],
        published_until="2031-12-31",
    )
    calendar = resolve_calendar(brought)
    assert not is_working_day(calendar, date(2031, 1, 1)) and is_working_day(calendar, date(2031, 1, 5))
    assert provisional_clauses(brought, calendar) == []


def test_the_days_of_the_plan_go_before_those_of_the_source(henan: Plan) -> None:
    calendar = resolve_calendar(with_days(henan, off_days=["2021-09-18"], work_days=["2021-10-01"]))
    assert not is_working_day(calendar, date(2021, 9, 18)) and is_working_day(calendar, date(2021, 10, 1))


def test_frozen_plan_round_trips_and_digest_depends_on_plan(henan: Plan) -> None:
    frozen = freeze(henan)
    assert FrozenPlan.model_validate_json(frozen.model_dump_json()) == frozen
    assert frozen.digest == freeze(Plan.model_validate_json(henan.model_dump_json())).digest
    clauses = henan.clauses.model_copy(update={"receipt": Clause(amount=2, unit=DayUnit.WORKING_DAYS)})
    assert freeze(henan.model_copy(update={"clauses": clauses})).digest != frozen.digest


def test_redated_plan_keeps_length_and_phases_and_is_valid(henan: Plan, tmp_path: Path) -> None:
    moved = redate(henan, date(2026, 12, 1))
    assert moved.ends_on - moved.starts_on == henan.ends_on - henan.starts_on
    assert [(p.starts_on - moved.starts_on, p.ends_on - p.starts_on) for p in moved.phases] == [
        (p.starts_on - henan.starts_on, p.ends_on - p.starts_on) for p in henan.phases
    ]
    assert Plan.model_validate(moved.model_dump()) == moved
    assert redate(moved, henan.starts_on) == henan


def test_a_short_campaign_has_no_hundredth_day(tmp_path: Path) -> None:
    short = small_plan(tmp_path).model_copy(update={"ends_on": date(2021, 8, 1)})
    assert summarise(short, resolve_calendar(short)).day_100 is None


def whole(kind: Any, path: str, found: set[str]) -> Any:
    """A value of this type with every clause that the type allows, and the paths of these clauses."""
    if kind is Clause:
        found.add(path)
        return Clause(amount=2, unit=DayUnit.WORKING_DAYS)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = kind.model_fields.items()
        values = {n: whole(f.annotation, f"{path}.{n}" if path else n, found) for n, f in fields}
        return kind.model_construct(**values)
    if get_origin(kind) is tuple:
        return (whole(get_args(kind)[0], f"{path}[0]", found),)
    if get_origin(kind) is dict:
        return {"one": whole(get_args(kind)[1], f"{path}.one", found)}
    return next(filter(None, (whole(part, path, found) for part in get_args(kind) if part is not type(None))), None)


def test_clauses_of_every_option_are_found_by_the_model_alone() -> None:
    asked: set[str] = set()
    found = {path for path, _ in clauses_in(whole(Plan, "", asked))}
    assert found == asked
    assert {
        "police_track.transfer", "extension.decision", "sign_off.upward", "survey.rectification",
        "opinion.resubmission", "spot_check.inspect", "catalogue[0].look_back[0]", "patrol.duties[0].every",
    } <= found  # fmt: skip


def test_clause_of_an_option_is_named_with_its_path(henan: Plan) -> None:
    late = redate(henan, date(2030, 12, 1)).model_dump(mode="json")
    days = {"amount": 2, "unit": "working_days"}
    plan = Plan.model_validate({**late, "sign_off": {"due": days}, "spot_check": {"inspect": days}})
    found = {item.path for item in provisional_clauses(plan, resolve_calendar(plan))}
    assert {"sign_off.due", "spot_check.inspect"} <= found
