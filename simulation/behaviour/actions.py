"""The commands of simulated people and the replies of the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from schemas.command import Command


class Step(StrEnum):
    """The step of a procedure that an action performs; it decides which group acts on the reply."""

    RECEIPT = "receipt"
    SUBMISSION = "submission"
    DECISION = "decision"
    COUNTY_RECEIPT = "county_receipt"
    COUNTY_SUBMISSION = "county_submission"
    COUNTY_DECISION = "county_decision"
    CALL = "call"
    CALL_ANSWER = "call_answer"
    REPORT = "report"
    LAST_REPORT = "last_report"
    VERDICT = "verdict"
    SIGN_OFF = "sign_off"
    EXTENSION = "extension"
    EXTENSION_REQUEST = "extension_request"
    EXTENSION_DECISION = "extension_decision"
    CASE_TRANSFER = "case_transfer"
    CASE_ACCEPTANCE = "case_acceptance"
    CASE_DECISION = "case_decision"
    CASE_CONCLUSION = "case_conclusion"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    ASSIGNMENT = "assignment"
    HANDING_OVER = "handing_over"
    TAKING_OVER = "taking_over"
    ENTERPRISE_REQUEST = "enterprise_request"
    ENTERPRISE_DECISION = "enterprise_decision"
    WORKS_TAKEN_OVER = "works_taken_over"
    SIGNATURE = "signature"
    APPROVAL = "approval"
    JOINT_SIGNATURE = "joint_signature"
    REPLY = "reply"
    LIFTING = "lifting"
    OPINION = "opinion"
    REPLACEMENT = "replacement"
    PART = "part"
    SURVEY = "survey"
    PATCHES = "patches"
    CLUE = "clue"
    REFUTATION = "refutation"
    MODE = "mode"
    MODE_DECISION = "mode_decision"
    BOOKING = "booking"
    INSPECTION_LIST = "inspection_list"
    INSPECTION = "inspection"
    DUTY = "duty"
    FINDING = "finding"
    LOOK_BACK = "look_back"
    MEETING = "meeting"
    RESOLUTION = "resolution"
    REFERRAL = "referral"
    CASE_RECEIPT = "case_receipt"
    REGRADING = "regrading"


@dataclass(frozen=True, slots=True)
class Action:
    """A command and when it is sent. The command holds the event time; `sent_at` may be days later.

    `stream` is the workflow id, `subject` the city's code or the site's id. With `waits` the command is an update and
    its sender acts on the reply; else it is a signal. `round` is the site's, `attempt` counts tries of the same step.
    """

    step: Step
    stream: str
    subject: str
    command: Command
    sent_at: datetime
    waits: bool
    round: int = 1
    attempt: int = 1

    @property
    def name(self) -> str:
        """The command's wire name."""
        return self.command.kind


class ReplyStatus(StrEnum):
    """The result of an action; `gone`: the workflow has ended and takes no more messages."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to an action. `state` has the keys of `SiteView` or `CityView`; it is empty unless accepted."""

    status: ReplyStatus
    state: Mapping[str, Any] = field(default_factory=dict)
