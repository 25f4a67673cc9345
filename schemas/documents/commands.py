"""What units and offices do with a document: sign, approve, reject, reply, lift."""

from typing import Literal

from pydantic import Field

from schemas.calendar import CampaignDay
from schemas.command import Command, DocumentRef, Reason


class SignReceipt(Command):
    """A unit of the city signs for a document (签收); without `document` the city signs for the plan.

    `unit` is the unit that signs; without it the actor's own, or all of them if the actor speaks for the city.
    """

    kind: Literal["sign_receipt"] = "sign_receipt"
    document: DocumentRef | None = None
    unit: str | None = Field(default=None, max_length=2000)


class Approve(Command):
    """The approver approves a drafted document, so that it is issued."""

    kind: Literal["approve"] = "approve"
    document: DocumentRef


class Reject(Command):
    """The approver rejects a drafted document; its sites stay on the rung before, with a fresh grace."""

    kind: Literal["reject"] = "reject"
    document: DocumentRef
    reason: Reason


class SendReply(Command):
    """The city's written reply to a document (回复); `complete_by` is the day by which it promises to be done.

    The last reply counts: its day replaces that of the reply before.
    """

    kind: Literal["reply"] = "reply"
    document: DocumentRef
    text: Reason
    complete_by: CampaignDay | None = None
    unit: str | None = Field(default=None, max_length=2000)


class Lift(Command):
    """The issuer lifts a document (摘牌): it requires nothing any more."""

    kind: Literal["lift"] = "lift"
    document: DocumentRef
    reason: Reason
