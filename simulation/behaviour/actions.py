"""What a simulated person does, and what comes back to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from schemas.command import Command


class Step(StrEnum):
    """Why an action is done: it says who goes on once it is answered."""

    RECEIPT = "receipt"
    SUBMISSION = "submission"
    DECISION = "decision"
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
    SIGNATURE = "signature"
    APPROVAL = "approval"
    REPLY = "reply"
    LIFTING = "lifting"
    OPINION = "opinion"
    REPLACEMENT = "replacement"
    PART = "part"
    SURVEY = "survey"
    MODE = "mode"
    MODE_DECISION = "mode_decision"
    BOOKING = "booking"
    INSPECTION_LIST = "inspection_list"
    INSPECTION = "inspection"
    DUTY = "duty"
    FINDING = "finding"
    LOOK_BACK = "look_back"


@dataclass(frozen=True, slots=True)
class Action:
    """A command on its way. Its event time is in the command; it is sent at `sent_at`, which may be days later.

    `stream` is the workflow id and `subject` the city's code or the site's id. Who `waits` sends an update and goes on
    with its answer; the others send signals. `round` is the site's, `attempt` counts tries of the same step.
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


class MessageHandlers(StrEnum):
    """How an update was answered; `gone` is a subject that is settled and hears nobody any more."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `state` has the keys of `SiteView` or `CityView`; empty unless accepted."""

    hearing: MessageHandlers
    state: Mapping[str, Any] = field(default_factory=dict)
