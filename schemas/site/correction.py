"""Corrections of a site's register data while the campaign runs; the register row itself is never changed."""

from typing import Any, Literal

from pydantic import Field, model_validator

from schemas.actor import UnitName
from schemas.base import InputModel
from schemas.command import Command, Reason
from schemas.event import Event
from schemas.quantity import Area
from schemas.register import Hazard


class Corrections(InputModel):
    """The fields that may be corrected; those that are left out stay unchanged.

    What decides on deadlines and duties is excluded: an amendment changes the plan, a survey adds sites, modes, the
    responsible person and another enterprise have commands of their own.
    """

    name: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"\S")
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    mineral: str | None = Field(default=None, min_length=1, max_length=100, pattern=r"\S")
    responsible: tuple[str, ...] | None = Field(default=None, max_length=20)
    area_ha: Area | None = None
    hazard: Hazard | None = None
    township: str | None = Field(default=None, min_length=1, max_length=100)
    enterprise: UnitName | None = None
    """The building enterprise, while nobody has reported work: later it is replaced (schemas.options.builders)."""

    @model_validator(mode="after")
    def _something(self) -> "Corrections":
        if not self.said():
            raise ValueError(f"expected at least one of {', '.join(type(self).model_fields)}")
        return self

    def said(self) -> dict[str, Any]:
        """The corrected fields and their values, as JSON has them."""
        return self.model_dump(mode="json", exclude_none=True)


CORRECTABLE = tuple(Corrections.model_fields)


class Correct(Command):
    """Correct the register data of this site."""

    kind: Literal["correct"] = "correct"
    record: Corrections
    reason: Reason | None = None


class RecordCorrected(Event):
    """The corrected fields with their new values."""

    kind: Literal["record_corrected"] = "record_corrected"
    record: dict[str, Any]
    reason: str | None = None
