"""The patrol regime after closure (常态化监管): five systems, each with its rhythm, and what a desk needs of it."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from schemas.base import Instant, Kept, Said
from schemas.calendar import Clause, DayUnit
from schemas.offices import Text, unsaid


class Duty(StrEnum):
    """The five systems (五项制度)."""

    JOINT_MEETING = "joint_meeting"
    """联席会议"""
    PATROL = "patrol"
    """日常巡查"""
    INFORMATION_SHARING = "information_sharing"
    """信息共享"""
    CASE_TRANSFER = "case_transfer"
    """案件移送"""
    ACCOUNTABILITY_REVIEW = "accountability_review"
    """责任追究"""


class PatrolDuty(Said):
    """A duty that a city performs once in every so many working days, counted from the begin of its patrol."""

    duty: Duty
    title: Text
    every: Clause

    @model_validator(mode="after")
    def _in_working_days(self) -> Self:
        if self.every.unit is not DayUnit.WORKING_DAYS or self.every.amount < 1:
            raise ValueError(f"every: {self.every.amount} {self.every.unit}, expected one working day or more")
        return self


class Patrol(Said):
    """A city patrols what was struck off `until` a day, or as long as `lasts` says after the campaign's end.

    `relapse`: within what a site is rectified again that has come back; by default the plan's `re_rectification`.
    """

    duties: tuple[PatrolDuty, ...] = Field(min_length=1, max_length=5)
    relapse: Clause | None = Field(default=None, exclude_if=unsaid)
    until: date | None = Field(default=None, exclude_if=unsaid)
    lasts: Clause | None = Field(default=None, exclude_if=unsaid)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        duties = [one.duty for one in self.duties]
        twice = sorted({duty for duty in duties if duties.count(duty) > 1})
        faults = [f"duties: {duty} stands twice, expected once" for duty in twice]
        if (self.until is None) == (self.lasts is None):
            faults.append("expected one of until (a day) and lasts (a clause from the campaign's end)")
        if self.lasts is not None and self.lasts.amount < 1:
            faults.append("lasts: expected one day or more")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def moved(self, shift: timedelta) -> "Patrol":
        """The same for a campaign that begins so much later."""
        return self if self.until is None else self.model_copy(update={"until": self.until + shift})


def patrol_contradictions(patrol: Patrol | None, ends_on: date) -> list[str]:
    """What the patrol and the plan say against each other."""
    if patrol is None or patrol.until is None or patrol.until > ends_on:
        return []
    return [f"patrol: until {patrol.until} is not after ends_on {ends_on}; the regime runs on after the campaign"]


class DutyTerms(Kept):
    """A duty of the patrol and its rhythm, counted from the begin of the patrol or the due day before."""

    duty: Duty
    title: str
    every: Clause


class PatrolTerms(Kept):
    """The regime for one city; `requirements` are the ids of the catalogue, of which a finding may name some."""

    duties: tuple[DutyTerms, ...]
    until: Instant
    requirements: tuple[str, ...] = ()


class LookBackDue(Kept):
    """A requirement of a struck-off site that is inspected again by `due` (回头看)."""

    site_id: str
    requirement: str
    due: Instant


class DutyFacts(Kept):
    """Where a duty stands: the periods that were kept (`performed`) or not, and the end of the present one."""

    duty: Duty
    title: str
    next_due: Instant | None
    performed: int = 0
    missed: int = 0
    last_at: Instant | None = None


class PatrolFacts(Kept):
    """A city's patrol as status shows it. `state`: `running`, `ended` (the last documents are under way), `closed`."""

    state: str
    began_at: Instant
    until: Instant
    duties: tuple[DutyFacts, ...] = ()
    findings: int = 0
    relapses: dict[str, int] = {}
    """County to how many of its sites were opened again by a patrol or a look-back."""
    look_backs_open: int = 0
    look_backs_overdue: int = 0
    look_backs_held: int = 0
    look_backs_failed: int = 0
