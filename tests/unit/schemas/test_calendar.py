"""Every day that people write lies within the calendars that clauses can be counted in."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

import schemas.commands
import schemas.programme  # noqa: F401  # loads every model that people write
from schemas.base import InputModel
from schemas.calendar import FIRST_DAY, LAST_DAY, CampaignDay
from schemas.site.commands import Extend


def written_models(model: type[InputModel] = InputModel) -> list[type[InputModel]]:
    return [one for sub in model.__subclasses__() for one in (sub, *written_models(sub))]


def holds(annotation: Any, kind: Any) -> bool:
    return annotation == kind or any(holds(part, kind) for part in getattr(annotation, "__args__", ()))


def test_every_written_day_is_bounded() -> None:
    dated = [
        (model.__name__, name)
        for model in written_models()
        for name, annotation in model.__annotations__.items()
        if holds(annotation, date) and not holds(annotation, CampaignDay)
    ]
    assert dated == []
    assert Extend.__annotations__["until"] == CampaignDay


@pytest.mark.parametrize("written", ["9999-12-31", "0001-01-01", "1626480000", "2021-07-32", "2021-7-1", date.max])
def test_day_outside_of_calendars_or_in_other_notation_is_invalid(written: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(CampaignDay).validate_python(written)


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_first_and_last_day_are_valid_in_both_forms(day: date) -> None:
    assert TypeAdapter(CampaignDay).validate_python(day) == TypeAdapter(CampaignDay).validate_python(str(day)) == day
