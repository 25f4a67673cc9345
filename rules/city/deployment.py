"""A city's deployment: its submission and its decision, and the clauses of either."""

from rules.aggregate import EventTime
from rules.calendar import clause_end
from rules.city.deployment_table import COMMANDS_OF as COMMANDS_OF
from rules.city.deployment_table import DEPLOYMENT as DEPLOYMENT
from rules.city.deployment_table import deployment_question as deployment_question
from rules.city.deployment_table import require_transition
from rules.city.options.registry import CITY_OPTIONS
from schemas import events as ev
from schemas.calendar import Clause, named
from schemas.city import ApproveDeployment, CityTerms, ReturnDeployment, SubmitDeployment
from schemas.event import Event
from schemas.options.opinion import KeptChapter
from schemas.stages import Deployment

DeploymentCommand = SubmitDeployment | ReturnDeployment | ApproveDeployment


def decide_deployment(terms: CityTerms, deployment: Deployment, command: DeploymentCommand, when: EventTime) -> Event:
    """The event of a submission or of its decision.

    Raises:
        Refused: the deployment does not stand where the command is allowed, or an option refuses the command.
    """
    require_transition(deployment, command.kind)
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


def submission_clause(terms: CityTerms, deployment: Deployment) -> Clause:
    """Within what a deployment is submitted: for the first time, or after it was returned."""
    for option in CITY_OPTIONS:
        if (clause := option.submission_clause(terms, deployment)) is not None:
            return clause
    return terms.deployment
