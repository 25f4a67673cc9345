"""The implementation opinion (实施意见): it is the document of a city's deployment, with the chapters the plan demands.

Each version stays in the city's ledger, with its submission, its decision and the deadline of either; `versions` reads
them from there, also of campaigns that began before this was asked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from rules.city.options.protocol import CityOption
from rules.city.state import CityState
from schemas import events as ev
from schemas.calendar import Clause, NamedClause, named
from schemas.city import CityTerms, SubmitDeployment
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.opinion import OPINION, Chapter, OpinionRules, OpinionVersion
from schemas.stages import Deployment

KINDS = ("plan_received", "deployment_submitted", "deployment_returned", "deployment_approved")
"""What a version is read from."""


class OpinionOption(CityOption):
    """The chapters that the plan demands, a clause of its own after a return, and the counts in status."""

    data = OPINION

    def check_deployment(self, terms: CityTerms, command: Command) -> None:
        """Raises Refused for a submission that has a chapter twice, or not all that the plan demands, named."""
        if not isinstance(command, SubmitDeployment):
            return
        require_chapters(terms.opinion, command.chapters)

    def submission_clause(self, terms: CityTerms, deployment: Deployment) -> Clause | None:
        """The plan's clause for an opinion that was returned."""
        return terms.opinion.resubmission if terms.opinion is not None and deployment is Deployment.RETURNED else None

    def facts(self, terms: CityTerms, state: CityState) -> dict[str, Any]:
        """How many versions there were; nothing where the plan asks nothing of the opinion."""
        return {} if terms.opinion is None else {"versions": state.versions, "returns": state.returns}


def require_chapters(rules: OpinionRules | None, chapters: Sequence[Chapter]) -> None:
    """Raises Refused for chapters of which one stands twice, or one that the plan demands is missing, named."""
    titles = [one.title.strip() for one in chapters]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        raise Refused(f"the implementation opinion has these chapters twice: {', '.join(twice)}")
    wanted = () if rules is None else rules.chapters
    missing = [title for title in wanted if title.strip() not in titles]
    if missing:
        raise Refused(
            f"the implementation opinion lacks {len(missing)} of the {len(wanted)} chapters that the plan demands: "
            f"{', '.join(missing)}"
        )


def versions(events: Iterable[tuple[Event, datetime, str]]) -> tuple[OpinionVersion, ...]:
    """The versions of a city, oldest first, from its events with their moment and their actor's id.

    A version that was replaced before anybody decided on it has no decision.
    """
    found: list[OpinionVersion] = []
    due: datetime | None = None
    clause: NamedClause | None = None
    for event, at, by in events:
        match event:
            case ev.PlanReceived():
                due, clause = event.deployment_due, event.clauses.get("deployment_due")
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
                        clauses=named(due=clause, decision_due=event.clauses.get("decision_due")),
                        opinion=event.opinion,
                        points=event.points,
                        requirements=event.requirements,
                        chapters=event.chapters,
                    )
                )
            case ev.DeploymentReturned() if found:
                said = {"decision": "returned", "reason": event.reason}
                found[-1] = found[-1].model_copy(update=said | {"decided_at": at, "decided_by": by})
                due, clause = event.due, event.clauses.get("due")
            case ev.DeploymentApproved() if found:
                found[-1] = found[-1].model_copy(update={"decision": "approved", "decided_at": at, "decided_by": by})
            case _:
                pass
    return tuple(found)
