"""What people type: durations, times, evidence, texts from files, actors."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from commands.common.actors import ROLES, acting, parse_actor
from commands.common.arguments import Misused, a_day, instant, seconds, text_or_file
from commands.common.evidence import read_evidence
from schemas.actor import Actor, Role
from schemas.errors import NotFound
from schemas.evidence import Evidence, EvidencePhase


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5s", 5), ("500ms", 0.5), ("2m", 120), ("1h", 3600), ("1d", 86400), ("1.5", 1.5), (" 3s ", 3)],
)
def test_a_duration_is_read_in_the_unit_it_names_and_in_seconds_without_one(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "s", "5 s", "-1s", "0", "0ms", "five", "1w", "nan", "1e3"])
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="such as 500ms, 5s or 2m"):
        seconds(text)


def test_a_time_is_read_with_its_zone() -> None:
    read = instant("2021-08-01T10:00+08:00")
    assert read == datetime(2021, 8, 1, 2, tzinfo=UTC)
    assert read.utcoffset() == timedelta(hours=8)
    assert instant("2021-08-01T02:00:00Z") == read


@pytest.mark.parametrize("text", ["2021-08-01T10:00", "2021-08-01", "yesterday", ""])
def test_a_time_without_its_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="with its zone"):
        instant(text)


@pytest.mark.parametrize(
    ("text", "phase", "reference"),
    [
        ("before:a.jpg", "before", "a.jpg"),
        ("a.jpg", "after", "a.jpg"),
        ("https://photos.example/a.jpg", "after", "https://photos.example/a.jpg"),
        ("during:https://photos.example/a.jpg", "during", "https://photos.example/a.jpg"),
    ],
)
def test_evidence_has_its_phase_in_front_and_a_url_is_no_phase(text: str, phase: str, reference: str) -> None:
    assert read_evidence(text) == Evidence(phase=EvidencePhase(phase), ref=reference)


def test_a_text_is_taken_from_a_file_when_it_begins_with_an_at_sign(tmp_path: Path) -> None:
    (tmp_path / "opinion.txt").write_text("我市实施意见\n", encoding="utf-8")
    assert text_or_file(f"@{tmp_path}/opinion.txt") == "我市实施意见"
    assert text_or_file("as it stands") == "as it stands"
    with pytest.raises(NotFound, match=r"missing\.txt"):
        text_or_file(f"@{tmp_path}/missing.txt")


def test_an_actor_is_id_role_and_unit_and_the_unit_may_hold_colons() -> None:
    assert parse_actor("li:city:410400") == Actor(id="li", role=Role.CITY, unit="410400")
    assert parse_actor("李:county:新华区:国土") == Actor(id="李", role=Role.COUNTY, unit="新华区:国土")


@pytest.mark.parametrize("text", ["", "li", "li:city", "li:city:", ":city:410400", "li::410400"])
def test_half_an_actor_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="id:role:unit, such as"):
        parse_actor(text)


@pytest.mark.parametrize("role", ["mayor", "system", "City"])
def test_a_person_has_a_role_of_people(role: str) -> None:
    with pytest.raises(ValueError, match=f"no role '{role}'; the roles are {', '.join(ROLES)}"):
        parse_actor(f"li:{role}:410400")


def test_the_flag_goes_before_the_environment_and_without_both_it_is_misuse() -> None:
    assert acting("a:city:1", "b:city:2").id == "a"
    assert acting(None, "b:city:2").id == "b"
    with pytest.raises(Misused, match=r"--as id:role:unit.* or set HUNDRED_DAYS_ACTOR"):
        acting(None, None)
    with pytest.raises(Misused, match="HUNDRED_DAYS_ACTOR: expected"):
        acting(None, "b")


def test_a_start_day_may_be_said_in_words() -> None:
    assert a_day("today") - a_day("yesterday") == timedelta(days=1)
    assert a_day("2027-03-01") == date(2027, 3, 1)
    with pytest.raises(ValueError, match="today or yesterday, not 'tomorrow'"):
        a_day("tomorrow")


@pytest.mark.parametrize("text", ["befor:x.jpg", "foo:bar", "after:", "after:  "])
def test_a_misspelt_phase_or_no_reference_is_refused_before_it_stands_in_the_ledger(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        read_evidence(text)
