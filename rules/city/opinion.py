"""The implementation opinion (实施意见): it is the document of a city's deployment, with the chapters the plan demands.

Each version stays in the city's ledger, with its submission, its decision and the deadline of either; `versions` reads
them from there, also of campaigns that began before this was asked.
"""

from collections.abc import Iterable
from datetime import datetime

from rules.calendar import clause_end
from rules.city.state import CityState
from schemas import events as ev
from schemas.calendar import Clause
from schemas.city import ApproveDeployment, CityTerms, ReturnDeployment, SubmitDeployment
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.opinion import KeptChapter, OpinionVersion
from schemas.stages import Deployment

KINDS = ("plan_received", "deployment_submitted", "deployment_returned", "deployment_approved")
"""What a version is read from."""


def decide_deployment(
    terms: CityTerms, command: SubmitDeployment | ReturnDeployment | ApproveDeployment, at: datetime
) -> Event:
    """What follows from a submission or its decision; raises Refused where a demanded chapter is missing."""
    match command:
        case SubmitDeployment():
            return ev.DeploymentSubmitted(
                opinion=command.opinion,
                points=command.points,
                requirements=command.requirements,
                decision_due=clause_end(terms.calendar, at, terms.deployment_decision),
                chapters=chapters_of(terms, command),
            )
        case ReturnDeployment():
            return ev.DeploymentReturned(reason=command.reason, due=resubmission_due(terms, at))
        case ApproveDeployment():
            return ev.DeploymentApproved()


def chapters_of(terms: CityTerms, command: SubmitDeployment) -> tuple[KeptChapter, ...]:
    """The chapters of a submission as the ledger keeps them; raises Refused, naming all that the plan misses."""
    titles = [one.title.strip() for one in command.chapters]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        raise Refused(f"the implementation opinion has these chapters twice: {', '.join(twice)}")
    wanted = () if terms.opinion is None else terms.opinion.chapters
    missing = [title for title in wanted if title.strip() not in titles]
    if missing:
        raise Refused(
            f"the implementation opinion lacks {len(missing)} of the {len(wanted)} chapters that the plan demands: "
            f"{', '.join(missing)}"
        )
    return tuple(KeptChapter(title=title, text=one.text) for title, one in zip(titles, command.chapters, strict=True))


def submission_clause(terms: CityTerms, deployment: Deployment) -> Clause:
    """Within what an opinion is submitted: for the first time, or after it was returned."""
    again = terms.opinion.resubmission if terms.opinion is not None and deployment is Deployment.RETURNED else None
    return again or terms.deployment


def resubmission_due(terms: CityTerms, at: datetime) -> datetime:
    """Until when an opinion that is returned at `at` is submitted again."""
    return clause_end(terms.calendar, at, submission_clause(terms, Deployment.RETURNED))


def opinion_facts(terms: CityTerms, state: CityState) -> dict[str, int]:
    """Fields of `CityFacts` and `CityView`; nothing where the plan asks nothing of the opinion."""
    return {} if terms.opinion is None else {"versions": state.versions, "returns": state.returns}


def versions(events: Iterable[tuple[Event, datetime, str]]) -> tuple[OpinionVersion, ...]:
    """The versions of a city, oldest first, from its events with their moment and their actor's id.

    A version that was replaced before anybody decided on it has no decision.
    """
    found: list[OpinionVersion] = []
    due: datetime | None = None
    for event, at, by in events:
        match event:
            case ev.PlanReceived():
                due = event.deployment_due
            case ev.DeploymentSubmitted():
                if found and found[-1].decision is None:
                    found[-1] = found[-1].model_copy(update={"replaced": True})
                found.append(
                    OpinionVersion(
                        version=len(found) + 1,
                        submitted_at=at,
                        submitted_by=by,
                        due=due,
                        decision_due=event.decision_due,
                        opinion=event.opinion,
                        points=event.points,
                        requirements=event.requirements,
                        chapters=event.chapters,
                    )
                )
            case ev.DeploymentReturned() if found:
                said = {"decision": "returned", "reason": event.reason}
                found[-1] = found[-1].model_copy(update=said | {"decided_at": at, "decided_by": by})
                due = event.due
            case ev.DeploymentApproved() if found:
                found[-1] = found[-1].model_copy(update={"decision": "approved", "decided_at": at, "decided_by": by})
            case _:
                pass
    return tuple(found)
