"""The patrol regime of a city after closure: its duties in their rhythm, findings, look-backs, relapses, and its end.

It begins with the first sites that are struck off (at the latest when the city closes) and runs on after the campaign
has ended. A period that passes without its duty is told once and counted; the next counts from where it ended,
whatever was late. What is found to have come back is opened again and counts against its county.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from rules.calendar import clause_end, last_day_of
from rules.city.patrol_state import DutyState, PatrolState, by_due, overdue
from rules.city.state import ENDED, CityState
from rules.effects import Effect, NotifyCampaign, ReconcileSites, ReopenSites, SettleSites
from schemas import events as ev
from schemas.actor import ENGINE
from schemas.calendar import Calendar, Clause
from schemas.campaign import CitySettled
from schemas.city import CityTerms
from schemas.command import Command
from schemas.errors import Refused
from schemas.event import Event
from schemas.options import patrol as pm
from schemas.options.patrol import DutyTerms
from schemas.options.reopening import ReopenedReport, Reopening
from schemas.work import Gathered, SettledReport

PatrolCommand = pm.PerformDuty | pm.ReportFinding | pm.LookBack

# -- commands ------------------------------------------------------------------------------------------------------


def decide_patrol(terms: CityTerms, state: CityState, command: PatrolCommand, at: datetime) -> Iterator[Event]:
    """What follows from what a patrol says; raises Refused where there is no patrol, or nothing of that name."""
    patrol = _running(terms, state, command.kind)
    match command:
        case pm.PerformDuty():
            yield _performed(terms, patrol, command, at)
        case pm.ReportFinding():
            known = terms.patrol.requirements if terms.patrol is not None else ()
            strange = [one for one in command.failed_requirements if one.partition(":")[0] not in known]
            if strange:
                raise Refused(f"the plan has no requirement {', '.join(strange)}; it has: {', '.join(known)}")
            yield pm.FindingReported(
                number=patrol.findings + 1,
                site=command.site,
                what=command.what,
                relapse=command.relapse,
                failed_requirements=command.failed_requirements,
            )
        case pm.LookBack():
            yield _looked_back(terms, patrol, command)


def _running(terms: CityTerms, state: CityState, kind: str) -> PatrolState:
    if terms.patrol is None:
        raise Refused(f"{kind} is not known in this campaign: its plan has no patrol")
    patrol = state.patrol
    if patrol is None:
        raise Refused(f"{kind} is not allowed before the patrol has begun: no site of the city is struck off yet")
    if patrol.is_over:
        over = patrol.ended_at or patrol.closed_at or patrol.until
        raise Refused(f"{kind} is not allowed: the patrol ended on {last_day_of(terms.calendar, over)}")
    return patrol


def _performed(terms: CityTerms, patrol: PatrolState, command: pm.PerformDuty, at: datetime) -> pm.DutyPerformed:
    asked = {one.duty: one for one in terms.patrol.duties} if terms.patrol is not None else {}
    duty = patrol.duties.get(command.duty)
    if duty is None or command.duty not in asked:
        raise Refused(f"the plan's patrol has no duty {command.duty}; it has: {', '.join(asked)}")
    fulfils = duty.since <= at
    cures = not fulfils and duty.curable > 0 and _was_missed(duty, at)
    return pm.DutyPerformed(
        duty=command.duty,
        note=command.note,
        findings=command.findings,
        fulfils=fulfils,
        cures=cures,
        next_due=_following(terms.calendar, duty.due, asked[command.duty].every) if fulfils else None,
    )


def _was_missed(duty: DutyState, at: datetime) -> bool:
    begun, ended = duty.missed_from, duty.missed_until
    return begun is not None and ended is not None and begun <= at < ended


def _looked_back(terms: CityTerms, patrol: PatrolState, command: pm.LookBack) -> pm.LookedBack:
    items = patrol.look_backs.get(command.site, [])
    found = [one for one in items if one.requirement == command.requirement]
    if not found:
        due = ", ".join(dict.fromkeys(one.requirement for one in items)) or "nothing"
        raise Refused(f"no look-back of {command.requirement} is due at {command.site}; due there: {due}")
    if not command.held and not command.opinion:
        raise Refused("a look-back that did not hold needs its written opinion: it opens the site again")
    first = min(found, key=lambda one: one.due)
    return pm.LookedBack(
        site=command.site,
        requirement=command.requirement,
        held=command.held,
        opinion=command.opinion,
        due=first.due,
    )


# -- what happens by itself ----------------------------------------------------------------------------------------


def next_of_patrol(terms: CityTerms, state: CityState, now: datetime) -> Iterator[tuple[datetime, Event | Effect]]:
    """What the patrol brings about next: missed duties, look-backs that did not come, reopenings, its end."""
    patrol = state.patrol
    if patrol is None or patrol.closed_at is not None:
        return
    for one in patrol.reopening:
        if not one.asked:
            site = Reopening(site_id=one.site, reason=one.reason, failed_requirements=one.failed_requirements)
            yield one.at, ReopenSites(one.at, one.cause, one.origin, (site,))
    until = _until(terms, patrol)
    if patrol.ended_at is None:
        for duty in terms.patrol.duties if terms.patrol is not None else ():
            kept = patrol.duties.get(duty.duty)
            if kept is not None and kept.due <= until:
                yield kept.due, _missed(terms.calendar, duty, kept, min(now, until))
        due = patrol.look_backs_next
        if due is not None and due <= until:
            yield due, pm.LookBacksOverdue(due=due, items=overdue(patrol, due))
        yield max(until, patrol.began_at), pm.PatrolEnded()
    if patrol.city_closed_at is None or patrol.settled:
        return
    if patrol.ended_at is not None and not patrol.reopening:
        at = state.settle_at or max(patrol.ended_at, patrol.city_closed_at)
        yield at, SettleSites(patrol.ended_at, "the patrol ended", again=state.settle_asked > 0)
    if state.opened and state.last_reconciled is not None:
        at = state.last_reconciled + timedelta(days=terms.reconcile_every_days)
        yield at, ReconcileSites(at)


def _missed(calendar: Calendar, duty: DutyTerms, kept: DutyState, now: datetime) -> pm.DutyMissed:
    """The period that ends now; after an outage also those that ended since."""
    periods, ended = 1, kept.due
    while (following := _following(calendar, ended, duty.every)) <= now:
        ended, periods = following, periods + 1
    return pm.DutyMissed(duty=duty.duty, due=kept.due, periods=periods, ended=ended, next_due=following)


def note_reopening(state: CityState, effect: ReopenSites) -> None:
    """The order is given once; a desk that is started again from its ledger gives it again."""
    if state.patrol is not None:
        for one in state.patrol.reopening:
            one.asked = one.asked or one.origin == effect.origin


def of_dispatch(terms: CityTerms, state: CityState, gathered: Gathered) -> Iterator[Event]:
    """What a dispatch that reports strike-offs brings about: the patrol begins, and look-backs are set."""
    struck_off = any(lot.kind == "closure" and lot.sites for lot in gathered.lots)
    if struck_off and state.patrol is None and _has_one(terms, state, gathered.at):
        yield _began(terms, gathered.at)
    patrol = state.patrol
    if patrol is None or patrol.is_over or not gathered.look_backs:
        return
    if patrol.set_at is None or patrol.set_at < gathered.at:
        yield pm.LookBacksSet(items=tuple(sorted(gathered.look_backs, key=by_due)))


def closing(terms: CityTerms, state: CityState, at: datetime, quiet: bool) -> Iterator[Event]:
    """How a desk closes whose sites are settled: the city first, and its patrol when that is over.

    Only who goes for good waits until nothing is asked for any more (`quiet`): a desk that stays for its patrol goes on
    following up its documents, and the campaign need not wait for those.
    """
    if state.patrol is None and terms.patrol is not None and state.end_reason == ENDED:
        yield _began(terms, at)
    patrol = state.patrol
    if patrol is None or patrol.closed_at is not None:
        if quiet:
            yield ev.CityClosed()
    elif patrol.city_closed_at is None:
        yield ev.CityClosed()
    elif patrol.settled and quiet:
        yield pm.PatrolClosed()


def after_reopening(state: CityState, report: ReopenedReport) -> Iterator[pm.SitesReopened]:
    """Which sites were opened again; the same report again says nothing new."""
    asked = [one for one in state.patrol.reopening if one.origin == report.origin] if state.patrol else []
    if asked:
        yield pm.SitesReopened(
            cause=asked[0].cause,
            origin=report.origin,
            sites=report.reopened,
            counties=report.counties,
            left=tuple(one.site for one in asked if one.site not in report.reopened),
        )


def after_settling(state: CityState, report: SettledReport) -> Iterator[pm.PatrolSettled]:
    """After the end of the patrol every site is settled again."""
    patrol = state.patrol
    if patrol is None or patrol.ended_at is None or patrol.city_closed_at is None or patrol.settled or report.open:
        return
    if report.at >= patrol.ended_at:
        yield pm.PatrolSettled(closed=report.closed, carried_over=report.carried_over)


def _has_one(terms: CityTerms, state: CityState, at: datetime) -> bool:
    """Whether a patrol may begin: not one that would be over, and not in a campaign that was stopped."""
    return terms.patrol is not None and at < terms.patrol.until and state.end_reason in (None, ENDED)


def _began(terms: CityTerms, at: datetime) -> pm.PatrolBegan:
    assert terms.patrol is not None
    due = {one.duty: clause_end(terms.calendar, at, one.every) for one in terms.patrol.duties}
    return pm.PatrolBegan(until=terms.patrol.until, due=due)


def _until(terms: CityTerms, patrol: PatrolState) -> datetime:
    """The end that holds now: an amendment may have moved it."""
    return patrol.until if terms.patrol is None else terms.patrol.until


def _following(calendar: Calendar, due: datetime, every: Clause) -> datetime:
    """The end of the period after the one that ends at `due`."""
    return clause_end(calendar, due - timedelta(microseconds=1), every)


def campaign_command(effect: NotifyCampaign, stream: str, code: str) -> Command:
    """What a desk tells its campaign: that the city is settled, or that its patrol is over."""
    if effect.patrol:
        return pm.CityPatrolled(command_id=f"{stream}:patrolled", actor=ENGINE, effective_at=effect.at, code=code)
    return CitySettled(command_id=f"{stream}:settled", actor=ENGINE, effective_at=effect.at, code=code)
