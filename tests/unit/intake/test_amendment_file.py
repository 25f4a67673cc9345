"""An amendment file against the plan in force: the amended plan, and all faults."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path

from intake.amendment_file import amended_plan, read_amendment
from intake.plan.freeze import freeze
from intake.plan.plan_file import read_plan
from rules.amendments.plan import added_cities, campaign_changes, site_changes
from rules.previews.amendment import moved_phases
from schemas.calendar import Clause, DayUnit
from schemas.plan import FrozenPlan, Plan
from schemas.register import Problem, Site
from tests.support.intake_samples import small_plan

HENAN = Path(__file__).parents[3] / "examples/henan-2021/plan.yaml"
HEAD = "document_number: 示例9号\ntitle: 补充通知\n"
SITE = Site(id="P1", name="一号井", city="410400", county="410421", type="adit", problems=(Problem(kind="adit_open"),))


def left_by(folder: Path, text: str, frozen: FrozenPlan | None = None) -> tuple[FrozenPlan | None, list[str]]:
    """The amended plan, and the texts of the faults."""
    path = folder / "amendment.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    said, faults = read_amendment(path)
    if said is None:
        return None, [str(fault) for fault in faults]
    after, faults = amended_plan(said, frozen or freeze(small_plan(folder)), 1)
    return after, [str(fault) for fault in faults]


def test_what_it_says_changes_and_what_it_does_not_say_stays(tmp_path: Path) -> None:
    before = freeze(small_plan(tmp_path))
    after, faults = left_by(
        tmp_path,
        """\
ends_on: 2021-11-30
clauses:
  rectification: {amount: 45, unit: calendar_days}
catalogue:
  add: [{id: fence, title: 围栏, unit: m, quantity: 40}]
  change: [{id: seal, quantity: 2}]
  remove: [dismantle]
cities:
  add: [{code: 410600, name: 鹤壁市, lead: 市政府, recipients: [{name: 局}]}]
  change: [{code: 410181, recipients: [{name: 新局}]}]
verification:
  due: {county: {amount: 5, unit: working_days}}
  max_rounds: 5
""",
    )
    assert after is not None, faults
    plan = after.plan
    assert plan.ends_on == date(2021, 11, 30)
    rectification = plan.clauses.rectification
    assert isinstance(rectification, Clause)
    assert (rectification.amount, plan.clauses.deployment.amount) == (45, 5)
    assert [(entry.id, entry.quantity) for entry in plan.catalogue] == [("seal", Decimal(2)), ("fence", Decimal(40))]
    assert plan.catalogue[0].title == "封堵"
    assert [city.code for city in plan.cities] == ["410400", "410181", "410600"]
    assert plan.city("410181").recipients[0].name == "新局"
    assert plan.verification.levels[0].due.unit is DayUnit.WORKING_DAYS
    assert plan.verification.max_rounds == 5
    assert (after.amendment, after.digest) != (before.amendment, before.digest)
    assert added_cities([before, after]) == ("410600",)
    changes = site_changes([before, after], SITE)
    assert set(changes) == {"rectification", "ends_at", "requirements", "levels", "max_rounds"}
    assert {"ends_at", "cities"} <= set(campaign_changes([before, after]))


def test_amendment_holiday_notice_overrides_known_days(tmp_path: Path) -> None:
    before = freeze(small_plan(tmp_path))
    after, faults = left_by(
        tmp_path,
        "calendar: {off_days: [2021-08-16, 2021-09-18], work_days: [2021-08-21], published_until: 2031-12-31}\n",
    )
    assert after is not None, faults
    assert after.calendar.off_days == before.calendar.off_days | {date(2021, 8, 16), date(2021, 9, 18)}
    assert date(2021, 9, 18) not in after.calendar.work_days
    assert date(2021, 8, 21) in after.calendar.work_days
    assert after.calendar.published_until == date(2031, 12, 31)
    assert set(site_changes([before, after], SITE)) == {"calendar"}


def test_every_fault_is_told_where_the_amendment_says_it(tmp_path: Path) -> None:
    after, faults = left_by(
        tmp_path,
        """\
ends_on: 2021-06-30
clauses:
  rectification: {amount: many, unit: calendar_days}
  rectifikation: {amount: 3, unit: working_days}
catalogue:
  add: [{id: seal, title: 封堵, unit: 处}]
  change: [{id: sea, quantity: 2}]
  remove: [shed]
cities:
  change: [{code: 410181, name: 巩义}]
""",
    )
    assert after is None
    told = "\n".join(faults)
    assert "line 5, clauses.rectification.amount: `many`" in told
    assert "line 6, clauses.rectifikation" in told
    assert "catalogue.change[0].id: `sea`, expected one of the plan's: seal, dismantle" in told
    assert "catalogue.remove[0]: `shed`" in told
    assert "cities.change[0].name: `巩义`" in told


def test_a_contradiction_with_the_plan_is_told_in_the_amendment(tmp_path: Path) -> None:
    _, faults = left_by(tmp_path, "ends_on: 2021-06-30\n")
    assert faults == [
        "amendment.yaml: line 3, ends_on: `2021-06-30`, expected a campaign that makes sense: 2021-06-30 is before "
        "starts_on 2021-07-17"
    ] or ("line 3, ends_on" in faults[0] and "2021-07-17" in faults[0])
    _, faults = left_by(tmp_path, "catalogue: {remove: [seal, dismantle]}\n")
    assert len(faults) == 1


def test_an_entry_that_is_changed_and_removed_is_told_as_both(tmp_path: Path) -> None:
    _, faults = left_by(tmp_path, "catalogue: {change: [{id: seal, quantity: 2}], remove: [seal]}\n")
    assert (
        "catalogue.change[0].id: `seal`, expected an entry that is changed or removed: this one is in both" in faults[0]
    )


def test_the_cause_goes_before_what_follows_from_it(tmp_path: Path) -> None:
    plan, _ = read_plan(HENAN)
    assert plan is not None
    _, faults = left_by(tmp_path, "ends_on: 2021-07-01\n", freeze(plan))
    assert len(faults) > 1, "phases and draws lie outside as well"
    assert "line 3, ends_on" in faults[0]


def test_what_is_no_amendment_is_refused_as_a_whole(tmp_path: Path) -> None:
    assert "at least one change" in left_by(tmp_path, "")[1][0]
    assert "catalog" in left_by(tmp_path, "catalog: {remove: [seal]}\n")[1][0]
    assert "published_until" in left_by(tmp_path, "calendar: {published_until: 2021}\n")[1][0]
    own = tmp_path / "own.yaml"
    own.write_text("document_number: 示例 １号\ntitle: 补充\nends_on: 2021-11-30\n", encoding="utf-8")
    said, _ = read_amendment(own)
    assert said is not None
    assert "of its own" in str(amended_plan(said, freeze(small_plan(tmp_path)), 1)[1][0])


def test_amendments_accumulate_so_missed_one_is_included(tmp_path: Path) -> None:
    first = freeze(small_plan(tmp_path))
    second, _ = left_by(tmp_path, "clauses: {rectification: {amount: 45, unit: calendar_days}}\n")
    assert second is not None
    third, _ = left_by(
        tmp_path, "clauses: {rectification: {amount: 30, unit: calendar_days}}\nends_on: 2021-11-30\n", second
    )
    assert third is not None
    changes = site_changes([first, second, third], SITE)
    assert changes["rectification"]["amount"] == 30
    assert set(changes) == {"rectification", "ends_at"}


def test_days_of_an_amendment_are_read_in_any_spelling(tmp_path: Path) -> None:
    after, faults = left_by(tmp_path, "ends_on: 2021年11月30日\n")
    assert after is not None and after.plan.ends_on == date(2021, 11, 30), faults


def test_targets_are_replaced_whole_or_refused_with_sums(tmp_path: Path) -> None:
    split = "{code: 410400, target: 2.5, counties: [{code: 410421, target: 2.5}]}"
    after, faults = left_by(tmp_path, f"targets:\n  total: 2.5\n  cities:\n    - {split}\n")
    assert after is not None and after.plan.targets is not None, faults
    assert campaign_changes([freeze(small_plan(tmp_path)), after])["targets"]["total"] == "2.5"
    nothing, faults = left_by(tmp_path, f"targets:\n  total: 3\n  cities:\n    - {split}\n")
    assert nothing is None
    assert ["targets.total" in fault and "the cities add up to 2.5 ha" in fault for fault in faults] == [True]


def test_phase_is_moved_by_its_id_and_keeps_its_gate(tmp_path: Path) -> None:
    gate = {"conditions": [{"check": "closed", "per_cent": 66.6}]}
    first = {"id": "sweep", "title": "排查", "starts_on": "2021-07-17", "ends_on": "2021-08-06", "gate": gate}
    plan = small_plan(tmp_path)
    before = freeze(Plan.model_validate(plan.model_dump(mode="json") | {"phases": [first]}))
    after, faults = left_by(tmp_path, "move_phases: {sweep: {ends_on: 2021-08-20}}\n", before)
    assert after is not None, faults
    (moved,) = after.plan.phases
    assert (moved.starts_on, moved.ends_on, moved.gate) == (
        date(2021, 7, 17),
        date(2021, 8, 20),
        before.plan.phases[0].gate,
    )
    assert set(campaign_changes([before, after])) == {"phases", "amendment"}
    assert [one.after for one in moved_phases(before.plan, after.plan)] == ["2021-07-17 to 2021-08-20"]
    _, faults = left_by(tmp_path, "move_phases: {spring: {ends_on: 2021-08-20}}\n", before)
    assert "move_phases.spring" in faults[0]
    _, faults = left_by(tmp_path, "move_phases: {sweep: {ends_on: 2022-08-20}}\n", before)
    assert "lies outside" in faults[0]


def test_moved_phase_changes_the_terms_of_sites_that_count_to_it(tmp_path: Path) -> None:
    phase = {"id": "works", "title": "整治", "starts_on": "2021-07-17", "ends_on": "2021-10-01"}
    tree = small_plan(tmp_path).model_dump(mode="json")
    clauses = tree["clauses"] | {"rectification": "end of phase works"}
    before = freeze(Plan.model_validate(tree | {"phases": [phase], "clauses": clauses}))
    after, faults = left_by(tmp_path, "move_phases: {works: {ends_on: 2021-10-20}}\n", before)
    assert after is not None, faults
    assert set(site_changes([before, after], SITE)) == {"rectification"}


def test_office_that_opens_at_night_is_sound_where_sites_do_not_wake_then(tmp_path: Path) -> None:
    changes = {"office": small_plan(tmp_path).office.model_copy(update={"opens": time(0, 1)}), "wake_spread_minutes": 0}
    before = freeze(small_plan(tmp_path).model_copy(update=changes))
    after, faults = left_by(tmp_path, "clauses: {rectification: {amount: 45, unit: calendar_days}}\n", before)
    assert after is not None and faults == []
