"""Any days and clauses that a plan may be written with give a plan or faults, never another error."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.amendment_file import amended_plan, read_amendment
from intake.check import check
from intake.plan.freeze import freeze, redate
from intake.programme_file import read_programme
from rules.terms.plan import campaign_terms, city_terms, ends_at
from schemas.calendar import FIRST_DAY, LAST_DAY
from schemas.clock import Clock
from schemas.errors import InvalidInput
from tests.support.intake_samples import PLAN, plan_file, small_plan

DAYS = st.dates() | st.dates(date(2020, 1, 1), date(2027, 12, 31)) | st.sampled_from([FIRST_DAY, LAST_DAY, date.max])
CLAUSES = st.builds(
    "{{amount: {}, unit: {}}}".format, st.integers(0, 1000), st.sampled_from(["working_days", "calendar_days"])
)
PATROL = "patrol: {until: 2022-01-31, duties: [{duty: patrol, title: 巡查, every: {amount: 5, unit: working_days}}]}\n"
OPTIONS = """
phases: [{{id: all, title: 全程, starts_on: {starts}, ends_on: {ends}}}]
calendar: {{source: {source}, off_days: [{other}], published_until: {other}}}
patrol: {{until: {other}, duties: [{{duty: patrol, title: 巡查, every: {{amount: 5, unit: working_days}}}}]}}
survey: {{rounds: [{{id: one, on: {other}, file: none.csv}}]}}
spot_check: {{draws: [{other}]}}
"""


def dated(starts: date, ends: date, clause: str = "{amount: 5, unit: working_days}") -> str:
    text = PLAN.replace("2021-07-17", str(starts)).replace("2021-10-31", str(ends))
    return text.replace("{amount: 5, unit: working_days}", clause)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(DAYS, DAYS, DAYS, CLAUSES, st.sampled_from(["china", "weekdays"]), st.booleans())
def test_any_days_give_a_plan_or_faults(
    tmp_path: Path, starts: date, ends: date, other: date, clause: str, source: str, optional: bool
) -> None:
    options = OPTIONS.format(starts=starts, ends=ends, other=other, source=source) if optional else ""
    report = check(plan_file(tmp_path, dated(starts, ends, clause) + options))
    assert (report.frozen is None) == bool(report.faults)
    if report.frozen is not None:
        campaign = campaign_terms(report.frozen, ends_at(report.frozen), Clock())
        city_terms(campaign, campaign.cities[0], ends_at(report.frozen))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(DAYS)
def test_plan_moved_to_any_day_is_a_plan_or_refused(tmp_path: Path, starts: date) -> None:
    plan = small_plan(tmp_path, PLAN + PATROL)
    try:
        moved = freeze(redate(plan, starts)).plan
    except InvalidInput as refused:
        assert "expected" in str(refused)
        return
    assert type(plan).model_validate(moved.model_dump()) == moved


@pytest.mark.parametrize(
    ("starts", "ends", "path", "said"),
    [
        ("2021-07-17", "9999-12-31", "ends_on", "from 2000-01-01 to 2199-12-31"),
        ("0001-01-01", "2021-10-31", "starts_on", "from 2000-01-01 to 2199-12-31"),
        ("2021-07-17", "2026-07-22", "ends_on", "up to 2026-07-21: a campaign lasts 5 years at most"),
        ("2003-07-17", "2003-10-31", "starts_on", "from 2004-01-01 on: holidays before are not known"),
        ("1626480000", "2021-10-31", "starts_on", "a day such as"),
    ],
)
def test_day_outside_of_calendars_is_a_fault(tmp_path: Path, starts: str, ends: str, path: str, said: str) -> None:
    text = PLAN.replace("2021-07-17", starts).replace("2021-10-31", ends)
    faults = check(plan_file(tmp_path, text)).faults
    assert [(fault.path, said in fault.expected) for fault in faults] == [(path, True)], str(faults)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(DAYS, DAYS)
def test_amendment_with_any_day_gives_a_plan_or_faults(tmp_path: Path, ends: date, effective: date) -> None:
    file = tmp_path / "amendment.yaml"
    file.write_text(
        f"document_number: 示例2号\ntitle: 延长\nends_on: {ends}\neffective_on: {effective}\n"
        f"calendar: {{off_days: [{effective}]}}\n",
        encoding="utf-8",
    )
    said, faults = read_amendment(file)
    if said is not None:
        amended, faults = amended_plan(said, freeze(small_plan(tmp_path)), 1)
        assert (amended is None) == bool(faults)
        if amended is not None:
            assert amended.plan.ends_on - amended.plan.starts_on <= timedelta(days=5 * 366)
    assert said is not None or faults


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(DAYS, DAYS, DAYS)
def test_programme_with_any_day_gives_a_programme_or_faults(
    tmp_path: Path, starts: date, ends: date, last: date
) -> None:
    plan_file(tmp_path)
    file = tmp_path / "programme.yaml"
    file.write_text(
        f"id: p\ntitle: 示例\ndocument_number: 示例0号\nends_on: {last}\nplan: plan.yaml\nyears:\n"
        f"  - {{id: one, document_number: 示例1号, starts_on: {starts}}}\n"
        f"  - {{id: two, document_number: 示例2号, starts_on: {starts}, ends_on: {ends}}}\n",
        encoding="utf-8",
    )
    report = read_programme(file)
    assert (report.frozen is None) == bool(report.faults)
