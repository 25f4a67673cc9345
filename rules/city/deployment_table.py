"""The transitions of a deployment, one table for cities, counties and townships, and what its commands answer."""

from datetime import datetime
from typing import Protocol

from rules.aggregate import Question
from schemas.errors import Refused
from schemas.stages import Deployment

_A, _S, _R, _OK = Deployment.AWAITED, Deployment.SUBMITTED, Deployment.RETURNED, Deployment.APPROVED


DEPLOYMENT: dict[tuple[Deployment, str], Deployment] = {
    (_A, "deployment_submitted"): _S,
    (_R, "deployment_submitted"): _S,
    (_S, "deployment_submitted"): _S,
    (_S, "deployment_returned"): _R,
    (_S, "deployment_approved"): _OK,
}
"""(deployment, event) -> deployment. A submission may be replaced until it is decided."""


COMMANDS_OF: dict[str, str] = {
    "submit_deployment": "deployment_submitted",
    "return_deployment": "deployment_returned",
    "approve_deployment": "deployment_approved",
}
"""Command -> the event of a transition that it brings about."""


class Deploying(Protocol):
    """Who deploys: the state of a city, of a county or of a township."""

    deployment: Deployment
    submitted_at: datetime | None
    returned_at: datetime | None
    versions: int


def deployment_question(state: Deploying, submits: bool) -> Question | None:
    """A decision answers the version that was submitted last, and a version what was sent back or decided before it."""
    submitted, version = state.deployment is Deployment.SUBMITTED, state.versions
    if submits:
        if state.deployment is Deployment.RETURNED:
            return Question(state.returned_at, "the last version was returned", state.returned_at, f"version {version}")
        return Question(state.submitted_at, "the last version was submitted") if submitted else None
    question = Question(state.submitted_at if submitted else None, "the deployment was submitted")
    if not submitted or version < 2:
        return question
    earlier = "version 1" if version == 2 else f"version {version - 1} or an earlier one"
    return question._replace(began=state.submitted_at, earlier=earlier)


def require_transition(deployment: Deployment, command: str, whose: str = "the deployment", of: str = "") -> None:
    """Raises Refused, naming what is allowed, if the command (a city's, written with `of` in it) is not allowed now."""
    if (deployment, COMMANDS_OF[command]) in DEPLOYMENT:
        return
    allowed = [_named(c, of) for c, kind in COMMANDS_OF.items() if (deployment, kind) in DEPLOYMENT]
    instead = ", ".join(allowed) or "nothing"
    raise Refused(f"{_named(command, of)} is not allowed while {whose} is {deployment}; allowed: {instead}")


def _named(command: str, of: str) -> str:
    return command.replace("_deployment", f"_{of}_deployment") if of else command
