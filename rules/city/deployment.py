"""A city's deployment: its transitions, its submission and its decision, and the clauses of either."""

from rules.aggregate import EventTime, Question
from rules.calendar import clause_end
from rules.city.options.registry import CITY_OPTIONS
from rules.city.state import CityState
from schemas import events as ev
from schemas.calendar import Clause, named
from schemas.city import ApproveDeployment, CityTerms, ReturnDeployment, SubmitDeployment
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.opinion import KeptChapter
from schemas.stages import Deployment

DeploymentCommand = SubmitDeployment | ReturnDeployment | ApproveDeployment

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


def deployment_question(state: CityState, command: DeploymentCommand) -> Question | None:
    """A decision answers the version that was submitted last, and a version what was sent back or decided before it."""
    submitted, version = state.deployment is Deployment.SUBMITTED, state.versions
    if isinstance(command, SubmitDeployment):
        if state.deployment is Deployment.RETURNED:
            return Question(state.returned_at, "the last version was returned", state.returned_at, f"version {version}")
        return Question(state.submitted_at, "the last version was submitted") if submitted else None
    question = Question(state.submitted_at if submitted else None, "the deployment was submitted")
    if not submitted or version < 2:
        return question
    earlier = "version 1" if version == 2 else f"version {version - 1} or an earlier one"
    return question._replace(began=state.submitted_at, earlier=earlier)


def decide_deployment(terms: CityTerms, deployment: Deployment, command: DeploymentCommand, when: EventTime) -> Event:
    """The event of a submission or of its decision.

    Raises:
        Refused: the deployment does not stand where the command is allowed, or an option refuses the command.
    """
    _require(deployment, command.kind)
    for option in CITY_OPTIONS:
        option.check_deployment(terms, command)
    match command:
        case SubmitDeployment():
            return ev.DeploymentSubmitted(
                opinion=command.opinion,
                points=command.points,
                requirements=command.requirements,
                decision_due=clause_end(terms.calendar, when.heard_at, terms.deployment_decision),
                clauses=named(decision_due=terms.deployment_decision),
                chapters=tuple(KeptChapter(title=one.title.strip(), text=one.text) for one in command.chapters),
            )
        case ReturnDeployment():
            clause = submission_clause(terms, Deployment.RETURNED)
            due = clause_end(terms.calendar, when.heard_at, clause)
            return ev.DeploymentReturned(reason=command.reason, due=due, clauses=named(due=clause))
        case ApproveDeployment():
            return ev.DeploymentApproved()


def _require(deployment: Deployment, command: str) -> None:
    if (deployment, COMMANDS_OF[command]) in DEPLOYMENT:
        return
    allowed = [c for c, kind in COMMANDS_OF.items() if (deployment, kind) in DEPLOYMENT]
    raise Refused(
        f"{command} is not allowed while the deployment is {deployment}; allowed: {', '.join(allowed) or 'nothing'}"
    )


def submission_clause(terms: CityTerms, deployment: Deployment) -> Clause:
    """Within what a deployment is submitted: for the first time, or after it was returned."""
    for option in CITY_OPTIONS:
        if (clause := option.submission_clause(terms, deployment)) is not None:
            return clause
    return terms.deployment
