"""The commands of every subject. The wire name of a command is its `kind` and its message's name.

Each is both an Update (the sender waits for the answer) and a signal (the sender does not).
"""

from collections.abc import Mapping
from typing import Literal

from schemas.actor import Actor
from schemas.amendments import Amend, AmendCity, AmendSite
from schemas.base import InputModel, Instant
from schemas.campaign import CitySettled as CitySettled
from schemas.campaign import Stop as Stop
from schemas.city import ApproveDeployment as ApproveDeployment
from schemas.city import ReturnDeployment as ReturnDeployment
from schemas.city import SubmitDeployment as SubmitDeployment
from schemas.command import Command as Command
from schemas.command import DocumentRef as DocumentRef
from schemas.command import Reason as Reason
from schemas.documents.commands import Approve as Approve
from schemas.documents.commands import Lift as Lift
from schemas.documents.commands import Reject as Reject
from schemas.documents.commands import SendReply as SendReply
from schemas.documents.commands import SignReceipt as SignReceipt
from schemas.documents.delivery import Resend as Resend
from schemas.evidence import Evidence as Evidence
from schemas.options.joint import Countersign as Countersign
from schemas.options.joint import SignPlan as SignPlan
from schemas.options.registry import OPTIONS, OptionTable, command_table
from schemas.programme_events import HandInSurvey
from schemas.reopening import Reopen
from schemas.site.commands import CarryOver as CarryOver
from schemas.site.commands import CompleteTask as CompleteTask
from schemas.site.commands import Extend as Extend
from schemas.site.commands import HoldClimb as HoldClimb
from schemas.site.commands import Resume as Resume
from schemas.site.commands import RungIssued as RungIssued
from schemas.site.commands import RungWithdrawn as RungWithdrawn
from schemas.site.commands import Suspend as Suspend
from schemas.site.commands import Verify as Verify
from schemas.site.correction import Correct
from schemas.spot_check import SPOT_CHECK_COMMANDS as SPOT_CHECK_COMMANDS

_SITE: dict[str, type[Command]] = {
    "complete_task": CompleteTask,
    "verify": Verify,
    "extend": Extend,
    "suspend": Suspend,
    "resume": Resume,
    "carry_over": CarryOver,
    "rung_issued": RungIssued,
    "rung_withdrawn": RungWithdrawn,
    "hold_climb": HoldClimb,
    "amend_site": AmendSite,
    "correct": Correct,
    "reopen": Reopen,
}


SITE_COMMANDS: Mapping[str, type[Command]] = OptionTable(
    lambda: _SITE | {name: command for option in OPTIONS.of("site") for name, command in option.commands.items()}
)


_CITY: dict[str, type[Command]] = {
    "sign_receipt": SignReceipt,
    "submit_deployment": SubmitDeployment,
    "return_deployment": ReturnDeployment,
    "approve_deployment": ApproveDeployment,
    "approve": Approve,
    "reject": Reject,
    "reply": SendReply,
    "lift": Lift,
    "countersign": Countersign,
    "amend_city": AmendCity,
    "stop": Stop,
}


_CAMPAIGN: dict[str, type[Command]] = {
    "stop": Stop,
    "amend": Amend,
    "city_settled": CitySettled,
}


CITY_COMMANDS = command_table("city", _CITY)
CAMPAIGN_COMMANDS = command_table("campaign", _CAMPAIGN)


DELIVERY_COMMANDS: dict[str, type[Command]] = {"resend": Resend}


PROGRAMME_COMMANDS: dict[str, type[Command]] = {"stop": Stop, "hand_in_survey": HandInSurvey}
"""The commands of each kind of workflow, by message name."""


class Unreadable(InputModel):
    """A message that is no valid command: its content is cut to a bound and recorded as refused."""

    kind: Literal["unreadable"] = "unreadable"
    command_id: str
    actor: Actor
    effective_at: Instant
    name: str
    content: str
    reason: str
