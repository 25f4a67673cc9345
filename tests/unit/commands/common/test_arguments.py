"""What people type: durations, times, evidence, texts from files."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from commands.common.arguments import a_day, instant, seconds, text_or_file
from commands.site.arguments import read_evidence
from schemas.errors import NotFound
from schemas.evidence import Evidence, EvidencePhase


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5s", 5), ("500ms", 0.5), ("2m", 120), ("1h", 3600), ("1d", 86400), ("1.5", 1.5), (" 3s ", 3)],
)
def test_duration_read_in_named_unit_or_seconds_by_default(text: str, expected: float) -> None:
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


def test_text_with_at_sign_prefix_read_from_file(tmp_path: Path) -> None:
    (tmp_path / "opinion.txt").write_text("我市实施意见\n", encoding="utf-8")
    assert text_or_file(f"@{tmp_path}/opinion.txt") == "我市实施意见"
    assert text_or_file("as it stands") == "as it stands"
    with pytest.raises(NotFound, match=r"missing\.txt"):
        text_or_file(f"@{tmp_path}/missing.txt")


def test_a_start_day_may_be_said_in_words() -> None:
    assert a_day("today") - a_day("yesterday") == timedelta(days=1)
    assert a_day("2027-03-01") == date(2027, 3, 1)
    with pytest.raises(ValueError, match="today or yesterday, not 'tomorrow'"):
        a_day("tomorrow")


@pytest.mark.parametrize("text", ["befor:x.jpg", "foo:bar", "after:", "after:  "])
def test_evidence_with_bad_phase_or_no_reference_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        read_evidence(text)
