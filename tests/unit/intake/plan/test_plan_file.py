"""Reading plan files: valid plans, and the faults of invalid ones."""

from datetime import date, time
from pathlib import Path

import pytest

from intake.plan.plan_file import read_plan
from rendering.wording import wording
from schemas.errors import NotFound
from tests.support.intake_samples import PLAN, plan_file, small_plan


def faults_of(folder: Path, *changes: tuple[str, str]) -> list[tuple[str | None, int | None, str, str]]:
    text = PLAN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    plan, faults = read_plan(plan_file(folder, text))
    assert plan is None
    return [(fault.path, fault.line, fault.value, fault.expected) for fault in faults]


def test_valid_plan_has_no_faults_keeps_codes_days_and_hours(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    assert [city.code for city in plan.cities] == ["410400", "410181"]
    assert plan.starts_on == date(2021, 7, 17)
    assert plan.office.opens == time(9) and plan.office.closes == time(18)


@pytest.mark.parametrize("written", ["2021/7/17", "2021年7月17日", "20210717", "'2021.7.17'"])
def test_day_of_plan_is_read_in_any_spelling(tmp_path: Path, written: str) -> None:
    plan = small_plan(tmp_path, PLAN.replace("2021-07-17", written))
    assert plan == small_plan(tmp_path)


def test_words_that_yaml_takes_for_truth_values_stay_words(tmp_path: Path) -> None:
    assert small_plan(tmp_path, PLAN.replace("province: 河南省", "province: no")).province == "no"


@pytest.mark.parametrize(
    ("old", "new", "path", "line", "value", "expected"),
    [
        ("id: small", "id: a b", "id", 1, "a b", "letters, digits, dot, dash"),
        ("title: 小型整治", "title:", "title", 2, "", "text"),
        ("title: 小型整治\n", "", "title", 1, "", "it is required"),
        ("office:", "ofice:", "ofice", 12, "ofice", "perhaps office"),
        ("[{name: 自然资源厅}]", "[]", "issuing_agencies", 4, "a list of 0", "at least 1 entry"),
        ("[{name: 自然资源厅}]", "[{name: 厅, email: x}]", "issuing_agencies[0].email", 4, "x", "an e-mail address"),
        ("2021-07-17", "17/7/2021", "starts_on", 6, "17/7/2021", "the year first"),
        ("2021-07-17", "2021-13-17", "starts_on", 6, "2021-13-17", "a day of the calendar"),
        ("2021-10-31", "2021-07-01", "ends_on", 7, "2021-07-01", "is before starts_on"),
        ("{amount: 5,", "{amount: five,", "clauses.deployment.amount", 9, "five", "a whole number"),
        ("{amount: 5,", "{amount: -5,", "clauses.deployment.amount", 9, "-5", "0 or more"),
        ("unit: working_days", "unit: days", "clauses.deployment.unit", 9, "days", "'working_days' or 'calendar_days'"),
        ("opens: 09:00", "opens: 9", "office.opens", 12, "9", "a time such as 09:00"),
        ("opens: 09:00", "opens: 00:30", "office.opens", 12, "00:30", "a time after 01:00: until then the sites"),
        ("opens: 09:00", "opens: 01:00", "office.opens", 12, "01:00", "a time after 01:00: until then the sites"),
        ("office: {opens: 09:00", "wake_spread_minutes: 480\noffice: {opens: 08:00", "office.opens", 13, "08:00",
         "a time after 08:00: until then the sites of a night are woken (wake_spread_minutes: 480)"),
        ("office: {opens: 09:00", "wake_spread_minutes: 0\noffice: {opens: 00:00", "office.opens", 13, "00:00",
         "a time after 00:00"),
        ("recipients: [{name: 局}]", "recipients: [{name: 局, channels: {hook: [circular, circulr]}}]",
         "cities[0].recipients[0].channels.hook[1]", 18, "circulr", "a kind of document, perhaps circular"),
        ("recipients: [{name: 局}]", "head: {name: 长, channels: {hook: [telegram]}}, recipients: [{name: 局}]",
         "cities[0].head.channels.hook[0]", 18, "telegram", "a kind of document, one of acceptance_overdue, "),
        ("opens: 09:00", "opens: 19:00", "office", 12, "{opens, closes}", "opens 19:00:00 is not before"),
        ("south: 31", "south: 41", "extent", 13, "{south, west, north, east}", "south < north"),
        ("id: dismantle", "id: seal", "catalogue", 14, "a list of 2", "seal stands twice"),
        ("code: 410181", "code: 410400", "cities", 17, "a list of 2", "410400 stands twice"),
        ("code: 410181", "code: 410999", "cities[1].code", 19, "410999", "GB/T 2260"),
        ("recipients: [{name: 局}]", "recipients: []", "cities[0].recipients", 18, "a list of 0", "at least 1 entry"),
        ("clauses:\n", "language: fr\nclauses:\n", "language", 8, "fr", "'zh-CN' or 'en'"),
        ("clauses:\n", "time_zone: Mars\nclauses:\n", "time_zone", 8, "Mars", "an IANA time zone"),
        ("clauses:\n", "id: other\nclauses:\n", "id", 8, "id", "line 1 has it already"),
        ("clauses:\n", "reminder_days: 3\nclauses:\n", "reminder_days", 8, "3", "a list"),
        ("office:", "calendar: {off_days: [2021-09-20], work_days: [2021-09-20]}\noffice:", "calendar.work_days[0]", 12,
         "2021-09-20", "not in both"),
        ("province: 河南省", "province: &a 河南省\nlanguage: *a", "language", 6, "*", "aliases"),
        ("province: 河南省", "province: !!int 3", "province", 5, "tag:yaml.org,2002:int", "tags"),
    ],
)  # fmt: skip
def test_a_fault_names_its_path_line_value_and_expectation(
    tmp_path: Path, old: str, new: str, path: str, line: int, value: str, expected: str
) -> None:
    found = faults_of(tmp_path, (old, new))
    assert [(found[0][0], found[0][1], found[0][2])] == [(path, line, value)]
    assert expected in found[0][3]


def test_office_may_open_when_nightly_site_wakeups_have_ended(tmp_path: Path) -> None:
    assert small_plan(tmp_path, PLAN.replace("opens: 09:00", "opens: 01:01")).office.opens == time(1, 1)
    early = PLAN.replace("office: {opens: 09:00", "wake_spread_minutes: 15\noffice: {opens: 00:30")
    assert small_plan(tmp_path, early).office.opens == time(0, 30)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_channel_may_carry_every_kind_of_document_there_is(tmp_path: Path, language: str) -> None:
    kinds = sorted(wording(language).kinds)
    recipient = f"{{name: 局, channels: {{hook: [{', '.join(kinds)}], group: []}}}}"
    plan = small_plan(tmp_path, PLAN.replace("{name: 局}", recipient, 1) + f"language: {language}\n")
    assert plan.cities[0].recipients[0].channels == {"hook": tuple(kinds), "group": ()}


def test_all_faults_are_said_at_once_those_between_fields_too(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path,
        ("id: small", "id: a b"),
        ("2021-10-31", "2021-07-01"),
        ("{amount: 5,", "{amount: five,"),
        ("id: dismantle", "id: seal"),
        ("code: 410181", "code: 410999"),
        ("levels: [{id: county", "levels: [{id: a/b"),
    )
    assert [path for path, _, _, _ in found] == [
        "id", "ends_on", "clauses.deployment.amount", "catalogue", "cities[1].code", "verification.levels[0].id",
    ]  # fmt: skip


def test_a_faulty_date_is_not_compared_with_the_sound_ones(tmp_path: Path) -> None:
    assert [path for path, *_ in faults_of(tmp_path, ("2021-10-31", "31.10.2021"))] == ["ends_on"]


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    (path, line, value, expected), *more = faults_of(tmp_path, ("title: 小型整治", "title: [小型整治"))
    assert (path, line, more) == (None, 3, [])
    assert value == "document_number: 示例1号" and expected.startswith("readable YAML")


@pytest.mark.parametrize(
    "content", [b"", b"- 1\n", b"just words", "题: 中".encode("gb18030"), b"a: \x00", b"[" * 1500 + b"]" * 1500]
)
def test_what_is_no_plan_at_all_is_one_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    plan, faults = read_plan(path)
    assert plan is None and len(faults) == 1


def test_a_plan_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nowhere\.yaml"):
        read_plan(tmp_path / "nowhere.yaml")
