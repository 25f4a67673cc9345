"""Calls of a lead county's government to departments (部门协调): its commands and events at the city."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.actor import Role
from schemas.base import Instant, SiteId
from schemas.calendar import CampaignDay
from schemas.command import Command, Reason
from schemas.event import Event, new_field
from schemas.option import Option
from schemas.options.counties import Told, UnitName
from schemas.permit import BY_COUNTY, Permit, Whose, at
from schemas.stages import RUNNING_CITY

OfficeName = Annotated[str, Field(min_length=1, max_length=128, pattern=r"\S")]
CallId = Annotated[str, Field(min_length=1, max_length=200)]
BY_DEPARTMENT = Permit(Role.DEPARTMENT, Whose.DEPARTMENT)


class CallDepartment(Command):
    """The government of a lead county calls a department; without `due` the plan's clause holds."""

    kind: Literal["call_department"] = "call_department"
    county: UnitName
    department: OfficeName
    matter: Reason
    site: SiteId | None = None
    due: CampaignDay | None = None


class AnswerCall(Command):
    """The department answers a call, by the call's number in its city."""

    kind: Literal["answer_call"] = "answer_call"
    call: CallId
    text: Reason


class DepartmentCalled(Event):
    """`call` is its number: the county's code and a running number."""

    kind: Literal["department_called"] = "department_called"
    call: str
    county: str
    department: str
    matter: str
    site: str | None = new_field(None)
    due: Instant


class CallAnswered(Event):
    kind: Literal["call_answered"] = "call_answered"
    call: str
    text: str


class CallOverdue(Event):
    """The answer is overdue: `told` is told now, the next level at `next_due`."""

    kind: Literal["call_overdue"] = "call_overdue"
    call: str
    due: Instant
    told: Told
    next_due: Instant | None = new_field(None)


CALLS = Option(
    name="calls",
    subject="city",
    commands={"call_department": CallDepartment, "answer_call": AnswerCall},
    events=(DepartmentCalled, CallAnswered, CallOverdue),
    permits={
        "call_department": at(RUNNING_CITY, BY_COUNTY),
        "answer_call": at(RUNNING_CITY, BY_DEPARTMENT),
    },
    rows_after="approve_deployment",
    command_events={"call_department": ("department_called",), "answer_call": ("call_answered",)},
)
