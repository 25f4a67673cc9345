"""The versions of the counties' and townships' implementation opinions, read from their city's ledger."""

from collections.abc import Iterable
from datetime import datetime

from rules.city.options.opinion import versions
from schemas import city as of_city
from schemas.event import Event
from schemas.options.counties import (
    CountyDeploymentApproved,
    CountyDeploymentReturned,
    CountyDeploymentSubmitted,
    UnitEvent,
)
from schemas.options.opinion import OpinionVersion

KINDS = ("county_deployment_submitted", "county_deployment_returned", "county_deployment_approved")
"""What a version is read from."""


def county_versions(events: Iterable[tuple[Event, datetime, str]]) -> dict[str, tuple[OpinionVersion, ...]]:
    """Key of the unit to its versions, oldest first; the first one's deadline is not among these events."""
    found: dict[str, list[tuple[Event, datetime, str]]] = {}
    for event, at, by in events:
        if isinstance(event, UnitEvent):
            found.setdefault(event.unit, []).append((_as_citys(event), at, by))
    return {unit: versions(some) for unit, some in found.items()}


def _as_citys(event: UnitEvent) -> Event:
    """The same event of a city's deployment, which versions are read from."""
    match event:
        case CountyDeploymentSubmitted():
            said = {
                name: getattr(event, name) for name in ("opinion", "points", "requirements", "decision_due", "chapters")
            }
            return of_city.DeploymentSubmitted(**said, clauses=event.clauses)
        case CountyDeploymentReturned():
            return of_city.DeploymentReturned(reason=event.reason, due=event.due, clauses=event.clauses)
        case CountyDeploymentApproved():
            return of_city.DeploymentApproved()
    raise AssertionError(f"no event of a deployment: {event.kind}")
