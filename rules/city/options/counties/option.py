"""Counties and townships of a city that deploy as it does: one transition table, one way of telling silences."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rules.aggregate import EventTime, Question
from rules.calendar import clause_end
from rules.city.deployment_table import DEPLOYMENT, deployment_question, require_transition
from rules.city.notices import put_notice
from rules.city.options.counties.opening import counties_apart, openings, without_counties
from rules.city.options.counties.owed import (
    begin,
    clause_of_submission,
    cure,
    decision_due,
    note_overdue,
    overdue,
    owe,
)
from rules.city.options.counties.units import counties_of, state_of, unit_named, units_for
from rules.city.options.opinion import require_chapters
from rules.city.options.protocol import CityOption, Due
from rules.city.state import CityNotice, CityState
from rules.effects import Effect, OpenSites
from schemas.actor import Units
from schemas.amendments import CityAmended
from schemas.base import StoredModel
from schemas.calendar import clause_data, named
from schemas.city import CityTerms, PlanReceived
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.counties import (
    COUNTIES,
    ApproveCountyDeployment,
    CountyDeploymentApproved,
    CountyDeploymentReturned,
    CountyDeploymentSubmitted,
    CountyOverdue,
    CountyReceiptSigned,
    CountySitesOpened,
    OfUnit,
    ReturnCountyDeployment,
    SignCountyReceipt,
    SubmitCountyDeployment,
    UnitBelow,
    UnitEvent,
)
from schemas.options.county_state import UnitFacts, UnitState
from schemas.options.opinion import KeptChapter
from schemas.stages import Deployment
from schemas.work import SitesOpenedReport


class CountyOption(CityOption):
    """The plan's option `county_deployment`, at one city."""

    data = COUNTIES

    # -- commands --------------------------------------------------------------------------------------------------

    def units(self, terms: CityTerms, state: CityState, command: Command) -> Units:
        """Those of the county or the township that the command names."""
        assert isinstance(command, OfUnit)
        return units_for(terms, command)

    def answers(self, state: CityState, command: Command) -> Question | None:
        """Nobody signs or deploys before the plan reached the unit; a decision answers the last version."""
        assert isinstance(command, OfUnit)
        unit = state_of(state, command)
        if unit is None:
            return None
        reached = Question(unit.began_at, "the plan reached it")
        if isinstance(command, SignCountyReceipt):
            return reached
        submits = isinstance(command, SubmitCountyDeployment)
        return deployment_question(unit, submits) or reached

    def decide(self, terms: CityTerms, state: CityState, command: Command, when: EventTime) -> Iterator[Event]:
        """The event of a receipt, a submission or a decision."""
        assert isinstance(command, OfUnit)
        unit, counties = unit_named(terms, command.county, command.township), counties_of(terms)
        known = state.counties[unit.key]
        if known.began_at is None:
            raise Refused(f"{command.kind} is not allowed: {unit.name} has the plan when its county has signed for it")
        who = {"county": unit.county or unit.code, "township": unit.code if unit.county is not None else None}
        if isinstance(command, SignCountyReceipt):
            if known.receipt_signed_at is not None:
                raise Refused(f"{unit.name} has signed for the plan already")
            yield CountyReceiptSigned(**who)
            return
        city_command = command.kind.replace("_county_", "_")
        require_transition(known.deployment, city_command, f"the deployment of {unit.name}", of="county")
        match command:
            case SubmitCountyDeployment():
                require_chapters(counties.opinion, command.chapters)
                yield CountyDeploymentSubmitted(
                    **who,
                    opinion=command.opinion,
                    points=command.points,
                    requirements=command.requirements,
                    decision_due=decision_due(terms, counties, when.heard_at),
                    clauses=named(decision_due=counties.decision),
                    chapters=tuple(KeptChapter(title=one.title.strip(), text=one.text) for one in command.chapters),
                )
            case ReturnCountyDeployment():
                clause = clause_of_submission(counties, returned=True)
                due = clause_end(terms.calendar, when.heard_at, clause)
                yield CountyDeploymentReturned(**who, reason=command.reason, due=due, clauses=named(due=clause))
            case ApproveCountyDeployment():
                yield CountyDeploymentApproved(**who)

    # -- deadlines and openings ------------------------------------------------------------------------------------

    def running_deadlines(self, terms: CityTerms, state: CityState) -> Iterator[Due]:
        """The openings of counties' sites."""
        yield from openings(terms, state)

    def deadlines(self, terms: CityTerms, state: CityState, now: datetime) -> Iterator[Due]:
        """The silences to tell, until the campaign ends."""
        if terms.counties is not None and state.ended_at is None:
            yield from overdue(terms, terms.counties, state, now)

    def opening(self, terms: CityTerms, state: CityState, order: OpenSites) -> OpenSites:
        """The city's own openings leave the counties apart that open by themselves."""
        return without_counties(terms, state, order)

    def note_asked(self, state: CityState, effect: Effect) -> None:
        """The opening of a county's sites is asked for."""
        if isinstance(effect, OpenSites) and effect.county is not None:
            state.counties[effect.county].opening = True

    def observe(
        self, terms: CityTerms, state: CityState, observation: StoredModel, now: datetime
    ) -> Iterator[tuple[Event, datetime]]:
        """A county's sites run."""
        match observation:
            case SitesOpenedReport(county=str(county)) if state.counties[county].opened_at is None:
                one = state.counties[county]
                at = max(one.approval_heard_at or now, state.opens_at or now)
                opened = CountySitesOpened(county=county, sites=observation.sites, due=observation.due)
                opened.clauses = observation.clauses
                yield opened, at

    # -- applying --------------------------------------------------------------------------------------------------

    def apply(self, terms: CityTerms, state: CityState, event: Event, at: datetime, received_at: datetime) -> None:
        """The plan reaches a unit, it owes something, or does it."""
        counties = terms.counties
        if counties is None:
            return
        if isinstance(event, PlanReceived | CityAmended):
            for unit in counties.units:
                if unit.key not in state.counties:
                    self._add(terms, state, unit, at, received_at)
        if not isinstance(event, UnitEvent):
            return
        one, key = state.counties[event.unit], event.unit
        if (moved := (one.deployment, event.kind.replace("county_", ""))) in DEPLOYMENT:
            one.deployment = DEPLOYMENT[moved]
        match event:
            case CountyReceiptSigned():
                one.receipt_signed_at = at
                cure(state, key, "receipt")
                for below in counties.units:
                    if below.county == key and state.counties[below.key].began_at is None:
                        begin(terms, counties, state.counties[below.key], at, received_at)
            case CountyDeploymentSubmitted():
                one.submitted_at, one.versions = at, one.versions + 1
                cure(state, key, "deployment")
                cure(state, key, "decision")
                owe(one, "decision", event.decision_due, event.clauses.get("decision_due"))
            case CountyDeploymentReturned():
                one.returned_at, one.returns = at, one.returns + 1
                cure(state, key, "decision")
                owe(one, "deployment", event.due, event.clauses.get("due"))
                data = {"due": event.due.isoformat(), "reason": event.reason, **clause_data(event.clauses)}
                _tell(state, "county_deployment_returned", key, at, data)
            case CountyDeploymentApproved():
                one.approved_at, one.approval_heard_at = at, received_at
                cure(state, key, "decision")
                opens = any(apart.key == key for apart in counties_apart(terms))
                _tell(state, "county_deployment_approved", key, at, {"opens": opens})
            case CountyOverdue():
                note_overdue(counties, state, event, at)
            case CountySitesOpened():
                one.opening, one.opened_at, one.sites = True, at, event.sites
                if event.sites:
                    due = None if event.due is None else event.due.isoformat()
                    _tell(
                        state,
                        "county_rectification_notice",
                        key,
                        at,
                        {"sites": event.sites, "due": due, **clause_data(event.clauses)},
                    )

    def _add(self, terms: CityTerms, state: CityState, unit: UnitBelow, at: datetime, received_at: datetime) -> None:
        """A county has the plan from now on, a township from when its county has signed for it."""
        counties = counties_of(terms)
        added = UnitState(name=unit.name)
        above = state.counties.get(unit.county) if unit.county is not None else None
        if unit.county is None or (above is not None and above.receipt_signed_at is not None):
            begin(terms, counties, added, at, received_at)
        state.counties = {**state.counties, unit.key: added}

    # -- status ----------------------------------------------------------------------------------------------------

    def facts(self, terms: CityTerms, state: CityState) -> dict[str, Any]:
        """Each county and township with its deployment; nothing where they do not deploy."""
        counties = terms.counties
        if counties is None:
            return {}
        return {"counties": tuple(_facts(unit, state.counties[unit.key]) for unit in counties.units)}


def _facts(unit: UnitBelow, one: UnitState) -> UnitFacts:
    owed = [awaited for duty in ("receipt", "deployment", "decision") if (awaited := one.owed.get(duty)) is not None]
    next_one = min(owed, key=lambda awaited: awaited.due, default=None)
    return UnitFacts(
        county=unit.county or unit.code,
        township=unit.code if unit.county is not None else None,
        name=unit.name,
        deployment=one.deployment if one.began_at is not None else Deployment.AWAITED,
        receipt_signed_at=one.receipt_signed_at,
        submitted_at=one.submitted_at,
        approved_at=one.approved_at,
        due=next_one.due if next_one is not None else None,
        clauses=named(due=next_one.clauses.get("due")) if next_one is not None else {},
        overdue=any(awaited.told for awaited in owed),
        versions=one.versions,
        returns=one.returns,
        opened=one.opened_at is not None,
    )


def _tell(state: CityState, kind: str, unit: str, at: datetime, data: dict[str, Any]) -> None:
    put_notice(state, CityNotice(kind=kind, data=data, at=at, county=unit))
