"""What people tell a site, a city or the campaign. The wire name of a command is its `kind` and its message's name.

Each is both an Update (the sender waits for the answer) and a signal (the sender does not).
"""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.acceptance import ACCEPTANCE_COMMANDS
from schemas.actor import Actor
from schemas.amending import Amend, AmendCity, AmendSite
from schemas.base import Identifier, Instant, Said
from schemas.command import Command as Command
from schemas.command import DocumentRef as DocumentRef
from schemas.command import Evidence as Evidence
from schemas.command import Reason as Reason
from schemas.correction import Correct
from schemas.deferrals import SuspensionBasis
from schemas.extension_requests import DecideExtension, RequestExtension
from schemas.mode_commands import Book as Book
from schemas.mode_commands import DecideMode as DecideMode
from schemas.mode_commands import SetMode as SetMode
from schemas.opinion import Chapter
from schemas.patrol_messages import CityPatrolled, LookBack, PerformDuty, ReportFinding
from schemas.police_case import AcceptCase, DecideCase, TransferCase
from schemas.reopening import Reopen
from schemas.sign_off import SignOff
from schemas.spot_check import SPOT_CHECK_COMMANDS as SPOT_CHECK_COMMANDS
from schemas.spot_check import DrawSpotCheck as DrawSpotCheck
from schemas.survey import AddSurvey


class CompleteTask(Command):
    """So much of a requirement was done; partial completion is normal, quantities add up.

    Evidence may come alone, with the quantity 0.
    """

    kind: Literal["complete_task"] = "complete_task"
    requirement: str = Field(min_length=1, max_length=64)
    quantity: float = Field(ge=0, le=1_000_000)
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=50)
    note: str | None = Field(default=None, max_length=4000)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.quantity and not self.evidence:
            raise ValueError("quantity: expected more than 0, or evidence with it")
        return self


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
    """Work and deadlines stand still from now on, to the end of `until` where that day is named."""

    kind: Literal["suspend"] = "suspend"
    reason: Reason
    basis: SuspensionBasis | None = None
    until: date | None = None


class Resume(Command):
    """Work goes on; the time it stood still is not counted."""

    kind: Literal["resume"] = "resume"
    reason: str | None = Field(default=None, max_length=4000)


class CarryOver(Command):
    """The site leaves this campaign unfinished (结转): the campaign ended or was stopped."""

    kind: Literal["carry_over"] = "carry_over"
    reason: Reason


class SignReceipt(Command):
    """A unit of the city signs for a document (签收); without `document` the city signs for the plan.

    `unit` is the unit that signs; without it the actor's own, or all of them if the actor speaks for the city.
    """

    kind: Literal["sign_receipt"] = "sign_receipt"
    document: DocumentRef | None = None
    unit: str | None = Field(default=None, max_length=2000)


class Approve(Command):
    """The approver lets a drafted document go out."""

    kind: Literal["approve"] = "approve"
    document: DocumentRef


class Reject(Command):
    """The approver does not; the sites stay on the rung before, with a fresh grace."""

    kind: Literal["reject"] = "reject"
    document: DocumentRef
    reason: Reason


class SendReply(Command):
    """The city's written reply to a document (回复); `complete_by` is the day by which it promises to be done."""

    kind: Literal["reply"] = "reply"
    document: DocumentRef
    text: Reason
    complete_by: date | None = None
    unit: str | None = Field(default=None, max_length=2000)


class Lift(Command):
    """The issuer lifts a document (摘牌): nothing is asked for under it any more."""

    kind: Literal["lift"] = "lift"
    document: DocumentRef
    reason: Reason


class RungIssued(Command):
    """The desk tells a site that the document of its rung was approved and issued on the day `on`."""

    kind: Literal["rung_issued"] = "rung_issued"
    document: DocumentRef
    rung: int
    round: int
    proposal: int = 1
    on: date


class RungWithdrawn(Command):
    """The desk tells a site that the document of its rung does not go out: it was rejected, or came too late."""

    kind: Literal["rung_withdrawn"] = "rung_withdrawn"
    document: DocumentRef
    rung: int
    round: int
    proposal: int = 1
    on: date
    reason: Reason


class HoldClimb(Command):
    """The desk tells a site that its city replied: it does not climb up to and including the day `until`."""

    kind: Literal["hold_climb"] = "hold_climb"
    document: DocumentRef
    rung: int
    round: int
    proposal: int = 1
    until: date


class SubmitDeployment(Command):
    """The city submits its deployment with its implementation opinion (实施意见)."""

    kind: Literal["submit_deployment"] = "submit_deployment"
    opinion: Reason
    points: int | None = Field(default=None, ge=0)
    requirements: str | None = Field(default=None, max_length=4000)
    chapters: tuple[Chapter, ...] = Field(default=(), max_length=30)


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


class Resend(Command):
    """What was given up of a document's delivery is sent again: through one channel, or through all that failed."""

    kind: Literal["resend"] = "resend"
    channel: Identifier | None = None


class CitySettled(Command):
    """A city's desk tells the campaign that nothing of it is open any more."""

    kind: Literal["city_settled"] = "city_settled"
    code: str


SITE_COMMANDS: dict[str, type[Command]] = {
    "complete_task": CompleteTask,
    "verify": Verify,
    **ACCEPTANCE_COMMANDS,
    "sign_off": SignOff,
    "extend": Extend,
    "suspend": Suspend,
    "resume": Resume,
    "carry_over": CarryOver,
    "rung_issued": RungIssued,
    "rung_withdrawn": RungWithdrawn,
    "hold_climb": HoldClimb,
    "amend_site": AmendSite,
    "set_mode": SetMode,
    "decide_mode": DecideMode,
    "book": Book,
    "correct": Correct,
    "reopen": Reopen,
    "request_extension": RequestExtension,
    "decide_extension": DecideExtension,
    "transfer_case": TransferCase,
    "accept_case": AcceptCase,
    "decide_case": DecideCase,
}
CITY_COMMANDS: dict[str, type[Command]] = {
    "sign_receipt": SignReceipt,
    "submit_deployment": SubmitDeployment,
    "return_deployment": ReturnDeployment,
    "approve_deployment": ApproveDeployment,
    "approve": Approve,
    "reject": Reject,
    "reply": SendReply,
    "lift": Lift,
    "perform_duty": PerformDuty,
    "report_finding": ReportFinding,
    "look_back": LookBack,
    "survey_added": AddSurvey,
    "amend_city": AmendCity,
    "stop": Stop,
}
CAMPAIGN_COMMANDS: dict[str, type[Command]] = {
    "stop": Stop,
    "amend": Amend,
    "city_settled": CitySettled,
    "city_patrolled": CityPatrolled,
    "draw_spot_check": DrawSpotCheck,
}
DELIVERY_COMMANDS: dict[str, type[Command]] = {"resend": Resend}
PROGRAMME_COMMANDS: dict[str, type[Command]] = {"stop": Stop}
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
