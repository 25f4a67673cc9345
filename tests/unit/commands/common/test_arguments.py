"""What people type: durations, times, evidence, texts from files."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from commands.common.arguments import a_day, a_time, quantity, seconds, text_or_file
from commands.site.arguments import read_evidence
from schemas.errors import NotFound
from schemas.evidence import Evidence, EvidencePhase
from schemas.given_time import GivenTime, RelativeDay
from schemas.quantity import LARGEST
from schemas.site.commands import CompleteTask


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


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("2021-08-01T10:00+08:00", datetime(2021, 8, 1, 2, tzinfo=UTC)),
        ("2021-08-01T02:00:00Z", datetime(2021, 8, 1, 2, tzinfo=UTC)),
        ("2021-08-01T10:00", datetime(2021, 8, 1, 10)),  # noqa: DTZ001 what is tested is that no zone is guessed
        (" 2021-08-01 10:00 ", datetime(2021, 8, 1, 10)),  # noqa: DTZ001
        ("2021年8月1日 10:00", datetime(2021, 8, 1, 10)),  # noqa: DTZ001
        ("2021/8/1 10:00+08:00", datetime(2021, 8, 1, 2, tzinfo=UTC)),
        ("2021/8/1 7:10", datetime(2021, 8, 1, 7, 10)),  # noqa: DTZ001
        ("10:00", time(10)),
        ("7:10", time(7, 10)),
        ("2021-08-01", date(2021, 8, 1)),
        ("Yesterday", RelativeDay.YESTERDAY),
        ("today", RelativeDay.TODAY),
    ],
)
def test_a_time_is_kept_as_given_until_its_campaign_is_known(text: str, given: GivenTime) -> None:
    assert a_time(text) == given and type(a_time(text)) is type(given)


@pytest.mark.parametrize(
    "text", ["", "noon", "10", "25:00", "10:00+08:00", "2021-13-01", "2021-08-01T", "1.8.2021", "1/8/2021 10:00"]
)
def test_what_is_no_time_is_refused_with_every_form(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a time such as .* campaign's time zone .* today or yesterday"):
        a_time(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("3", 3),
        ("0.25", Decimal("0.25")),
        ("1e3", 1000),
        (str(LARGEST), LARGEST),
        (" 8400000.3", Decimal("8400000.3")),
    ],
)
def test_a_quantity_is_a_finite_number_in_its_bounds(text: str, number: Decimal) -> None:
    assert quantity(text) == number


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "1ha", "", "1,5", "1000000000", "1e999", "sNaN"])
def test_what_is_no_quantity_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a number from 0 to 999,999,999, .* not"):
        quantity(text)


def test_the_most_of_a_quantity_is_that_of_the_report() -> None:
    who = {"command_id": "c", "actor": {"id": "a", "role": "county", "unit": "u"}, "effective_at": "2021-08-01T00:00Z"}
    assert CompleteTask.model_validate({**who, "requirement": "r", "quantity": LARGEST})
    with pytest.raises(ValidationError):
        CompleteTask.model_validate({**who, "requirement": "r", "quantity": LARGEST + 1})


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
    with pytest.raises(NotFound, match=r"missing\.txt: can not be read \(No such file or directory\)"):
        text_or_file(f"@{tmp_path}/missing.txt")
    (tmp_path / "old.txt").write_bytes("示例".encode("gbk"))
    with pytest.raises(NotFound, match=r"old\.txt: is no text in UTF-8 \(byte \d+\); save it as UTF-8"):
        text_or_file(f"@{tmp_path}/old.txt")


def test_a_day_may_be_said_in_words() -> None:
    assert a_day("today") is RelativeDay.TODAY and a_day(" Yesterday") is RelativeDay.YESTERDAY
    assert a_day("2027-03-01") == date(2027, 3, 1)
    assert a_day("2027年3月1日") == a_day("2027/3/1") == date(2027, 3, 1)
    with pytest.raises(ValueError, match=r"expected today, yesterday or a day such as .*, not 'tomorrow'"):
        a_day("tomorrow")
    with pytest.raises(ValueError, match="the year first"):
        a_day("1/3/2027")


@pytest.mark.parametrize("text", ["befor:x.jpg", "foo:bar", "after:", "after:  "])
def test_evidence_with_bad_phase_or_no_reference_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        read_evidence(text)
