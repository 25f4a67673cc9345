"""What people tell a site, a city or the campaign. The wire name of a command is its `kind` and its message's name.

Each is both an Update (the sender waits for the answer) and a signal (the sender does not).
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from schemas.actor import Actor
from schemas.base import CommandId, Instant, Said
from schemas.plan import EvidencePhase

Reason = Annotated[str, Field(min_length=1, max_length=4000)]


class Command(Said):
    """What every command carries: the sender's own id, who, and when it happened (event time, with a zone)."""

    command_id: CommandId
    actor: Actor
    effective_at: Instant


class Evidence(Said):
    """A reference to a photo or file; the file itself lives with the sender's own system."""

    phase: EvidencePhase = EvidencePhase.AFTER
    ref: str = Field(min_length=1, max_length=500)


class CompleteTask(Command):
    """So much of a requirement was done; partial completion is normal, quantities add up."""

    kind: Literal["complete_task"] = "complete_task"
    requirement: str = Field(min_length=1, max_length=64)
    quantity: float = Field(gt=0, le=1_000_000)
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=50)
    note: str | None = Field(default=None, max_length=4000)


class Verify(Command):
    """A level's verdict; a failure names the requirements to do again (none: all of them) and gives its opinion."""

    kind: Literal["verify"] = "verify"
    level: str = Field(min_length=1, max_length=64)
    passed: bool
    opinion: str | None = Field(default=None, max_length=4000)
    failed_requirements: tuple[str, ...] = Field(default=(), max_length=100)


class Extend(Command):
    """A granted extension: the site is due at the end of `until`."""

    kind: Literal["extend"] = "extend"
    until: date
    reason: Reason


class Suspend(Command):
    """Work and deadlines stand still from now on."""

    kind: Literal["suspend"] = "suspend"
    reason: Reason


class Resume(Command):
    """Work goes on; the time it stood still is not counted."""

    kind: Literal["resume"] = "resume"
    reason: str | None = Field(default=None, max_length=4000)


class CarryOver(Command):
    """The site leaves this campaign unfinished (结转): the campaign ended or was stopped."""

    kind: Literal["carry_over"] = "carry_over"
    reason: Reason


class SignReceipt(Command):
    """The city signs for the plan (签收)."""

    kind: Literal["sign_receipt"] = "sign_receipt"


class SubmitDeployment(Command):
    """The city submits its deployment with its implementation opinion (实施意见)."""

    kind: Literal["submit_deployment"] = "submit_deployment"
    opinion: Reason
    points: int | None = Field(default=None, ge=0)
    requirements: str | None = Field(default=None, max_length=4000)


class ReturnDeployment(Command):
    """The province sends the deployment back with its reasons."""

    kind: Literal["return_deployment"] = "return_deployment"
    reason: Reason


class ApproveDeployment(Command):
    """The province approves the deployment: the city's sites open."""

    kind: Literal["approve_deployment"] = "approve_deployment"


class Stop(Command):
    """The campaign ends now; what is open is carried over."""

    kind: Literal["stop"] = "stop"
    reason: Reason


class CitySettled(Command):
    """A city's desk tells the campaign that nothing of it is open any more."""

    kind: Literal["city_settled"] = "city_settled"
    code: str


SITE_COMMANDS: dict[str, type[Command]] = {
    "complete_task": CompleteTask,
    "verify": Verify,
    "extend": Extend,
    "suspend": Suspend,
    "resume": Resume,
    "carry_over": CarryOver,
}
CITY_COMMANDS: dict[str, type[Command]] = {
    "sign_receipt": SignReceipt,
    "submit_deployment": SubmitDeployment,
    "return_deployment": ReturnDeployment,
    "approve_deployment": ApproveDeployment,
    "stop": Stop,
}
CAMPAIGN_COMMANDS: dict[str, type[Command]] = {"stop": Stop, "city_settled": CitySettled}
"""What each kind of workflow takes, by message name."""


class Unreadable(Said):
    """A message that is no command: kept as it came, bounded, and recorded as refused."""

    kind: Literal["unreadable"] = "unreadable"
    command_id: str
    actor: Actor
    effective_at: Instant
    name: str
    content: str
    reason: str
