"""What a plan may say of acceptance and evidence beyond its levels; each is off where it is not said."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from schemas.actor import Role
from schemas.base import Identifier, Said
from schemas.calendar import Clause
from schemas.offices import unsaid


def off(value: object) -> bool:
    """Whether a field that came later is in its off position: then it is left out, so that older digests hold."""
    return unsaid(value) or value is False


def _several(value: Any) -> Any:
    """One clause or a list of them."""
    return value if isinstance(value, list | tuple) else (value,)


class EvidenceGate(StrEnum):
    """When the evidence of a requirement is asked for."""

    AT_END = "at_end"
    """All of it must be on file before the requirement counts as done."""
    IN_ORDER = "in_order"
    """Besides, no work is reported before the photo of `before`, and none is completed before that of `during`."""


def _at_end(value: object) -> bool:
    return value == EvidenceGate.AT_END


class EvidenceOptions(Said):
    """Of a catalogue's entry. `look_back`: inspected again (回头看) so long after the closure, each clause once."""

    evidence_gate: EvidenceGate = Field(default=EvidenceGate.AT_END, exclude_if=_at_end)
    look_back: Annotated[tuple[Clause, ...], BeforeValidator(_several)] = Field(
        default=(), max_length=12, exclude_if=unsaid
    )


class Expert(Said):
    """An expert of the pool: an id and the office that the expert belongs to; without `city` one of the province's."""

    id: str = Field(min_length=1, max_length=64, pattern=r"^[^\s\x00-\x1f]+$")
    unit: str = Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")
    city: Identifier | None = Field(default=None, exclude_if=unsaid)


JUDGES = (Role.ENTERPRISE, Role.COUNTY, Role.CITY, Role.PROVINCE, Role.EXPERT)


class LevelOptions(Said):
    """Of a level of acceptance.

    `by`: the one role whose verdict it is; the unit is then another than every unit that worked or judged in the
    round. `self_check` (自查): the verdict of another person of a unit that reported the work. `experts`: so many are
    drawn from the pool when the level is asked, and the verdict can not pass against their majority.
    """

    by: Role | None = Field(default=None, exclude_if=unsaid)
    self_check: bool = Field(default=False, exclude_if=off)
    experts: int | None = Field(default=None, ge=1, le=9, exclude_if=unsaid)

    @model_validator(mode="after")
    def _level_holds(self) -> Self:
        faults = []
        if self.by is not None and self.by not in JUDGES:
            faults.append(f"by: {self.by} judges no level, expected one of {', '.join(JUDGES)}")
        if self.by is Role.ENTERPRISE and not self.self_check:
            faults.append("by: an enterprise judges nothing but its own work, expected self_check: true with it")
        if self.experts is not None and self.experts % 2 == 0:
            faults.append(f"experts: {self.experts} can be of two minds evenly, expected an odd number from 1 to 9")
        if self.self_check and self.experts is not None:
            faults.append("experts: a self_check is made without them, expected one of the two")
        if self.self_check and self.by in (Role.PROVINCE, Role.EXPERT):
            faults.append(f"by: {self.by} does no work that it could check itself, expected enterprise, county or city")
        if faults:
            raise ValueError("; ".join(faults))
        return self


class Closure(Said):
    """Closure by problem: each problem of a site is accepted by itself, at this level (by default the first that is
    no self-check), and neither it nor a later level passes the site while one is not."""

    by: Literal["problem"] = "problem"
    level: Identifier | None = Field(default=None, exclude_if=unsaid)


class AcceptanceOptions(Said):
    """Of the acceptance ladder as a whole.

    `separate_units`: every level is judged by another unit, and none by one that worked. `exhausted_rung`: the rung of
    the ladder to which a site climbs at once that failed `max_rounds` times. `pool`: the experts to draw from.
    """

    separate_units: bool = Field(default=False, exclude_if=off)
    exhausted_rung: int | None = Field(default=None, ge=1, le=6, exclude_if=unsaid)
    closure: Closure | None = Field(default=None, exclude_if=unsaid)
    pool: tuple[Expert, ...] = Field(default=(), max_length=300, exclude_if=unsaid)
