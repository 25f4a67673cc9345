"""The rules of a city's documents: who may approve, sign, reply and lift, and their deadlines.

Overdue receipts are reported level by level up to the head of the city; an overdue approval is reported to the
approver's superior and never to the city. Each step has a full grace from the working day of the report.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rules.aggregate import EventTime, Question
from rules.calendar import graced, local_date
from rules.documents.addressing import LEVELS
from rules.documents.holds import hold_after
from rules.documents.signatures import signing_agency, silence
from rules.documents.state import TrackedDocument
from schemas import commands as cmd
from schemas.actor import Actor, Role, unit_name
from schemas.calendar import named
from schemas.city import CityTerms
from schemas.documents.document import DocumentState, Progress, Reply
from schemas.documents.events import (
    ApprovalOverdue,
    DocumentApproved,
    DocumentCountersigned,
    DocumentLifted,
    DocumentRejected,
    DocumentReplied,
    DocumentSigned,
    DocumentUncountersigned,
    LiftingOverdue,
    ReplyOverdue,
    SigningOverdue,
)
from schemas.documents.terms import DocumentTerms, InstrumentTerms
from schemas.errors import NoOpenDocument, Refused
from schemas.event import Event
from schemas.identity import Spellings
from schemas.ladder import Lifting
from schemas.offices import AddresseeLevel
from schemas.options.joint import Countersign

REPLIES = 10
"""Maximum of accepted replies to one document: each is kept in the state until the document is settled."""


DocumentCommand = Countersign | cmd.Approve | cmd.Reject | cmd.SignReceipt | cmd.SendReply | cmd.Lift


def terms_of(documents: DocumentTerms, kind: str, rung: int) -> InstrumentTerms | None:
    """The plan's terms of documents of this kind and rung; None if they are no instruments."""
    for one in documents.instruments:
        if one.kind == kind and one.rung == (rung if one.rung else 0):
            return one
    return None


def levels_for(terms: CityTerms, county: str | None) -> dict[str, tuple[str, ...]]:
    """The offices by level: those of the county or township of this key, or without one those of the city."""
    unit = terms.counties.of_key(county) if county is not None and terms.counties is not None else None
    return terms.documents.levels if unit is None else unit.levels


def told_above(terms: CityTerms, progress: Progress) -> tuple[tuple[AddresseeLevel, str | None], ...]:
    """The levels notified in order that a document's units are overdue, each with its county (None: the city's).

    Above the head of a county come the government and the head of the city.
    """
    own = levels_for(terms, progress.county)
    if progress.county is None or own is terms.documents.levels:
        return tuple((level, None) for level in above(own, progress.units))
    head = own.get(AddresseeLevel.HEAD)
    in_county = (
        () if progress.units == head else tuple((level, progress.county) for level in above(own, progress.units))
    )
    levels = terms.documents.levels
    higher = [AddresseeLevel.GOVERNMENT]
    if levels.get(AddresseeLevel.HEAD) != levels.get(AddresseeLevel.GOVERNMENT):
        higher.append(AddresseeLevel.HEAD)
    return (*in_county, *((level, None) for level in higher))


def above(levels: dict[str, tuple[str, ...]], units: tuple[str, ...]) -> tuple[AddresseeLevel, ...]:
    """The levels notified in order that these units are overdue; at least one.

    The office below replaces an office that the plan does not name, and is notified once; if the head itself is
    overdue, the head is notified.
    """
    at = next((level for level in LEVELS if levels.get(level) == units), LEVELS[0])
    found, below = [], levels.get(at)
    for level in LEVELS[LEVELS.index(at) + 1 :]:
        if levels.get(level) != below:
            found.append(level)
        below = levels.get(level)
    return tuple(found) or (LEVELS[-1],)


# -- deadlines -----------------------------------------------------------------------------------------------------


def next_of_documents(
    documents: dict[str, TrackedDocument], terms: CityTerms, now: datetime
) -> Iterator[tuple[datetime, Event]]:
    """The next deadline of each document; a missed one counts from `now`, so that its grace is full."""
    calendar = terms.calendar
    for tracked in documents.values():
        p, known = tracked.progress, terms_of(terms.documents, tracked.kind, tracked.rung)
        if tracked.approval_next is not None and known is not None and known.approval is not None:
            yield (
                tracked.approval_next,
                ApprovalOverdue(
                    key=tracked.key,
                    step=p.approval_steps + 1,
                    due=tracked.approval_next,
                    next_due=graced(calendar, max(tracked.approval_next, now), known.approval),
                    clauses=named(due=known.approval, next_due=known.approval),
                ),
            )
        if p.joint is not None and not tracked.number and known is not None and known.within is not None:
            said = silence(calendar, p.joint, known.within, now)
            if said is not None and tracked.state is DocumentState.DRAFTED:
                yield said["due"], DocumentUncountersigned(**said, key=tracked.key)
        replies = p.reply_due if tracked.awaits_reply and not p.reply_overdue else None
        lifts = p.lifting_due if not p.lifting_overdue and p.lifted_at is None else None
        if tracked.signing_next is None and replies is None and lifts is None:
            continue
        higher = told_above(terms, p)
        if tracked.signing_next is not None and p.receipt_due is not None and p.receipt_steps < len(higher):
            step, clause = p.receipt_steps + 1, known.receipt if known is not None else terms.documents.receipt
            last = step == len(higher)
            yield (
                tracked.signing_next,
                SigningOverdue(
                    key=tracked.key,
                    step=step,
                    units=tracked.unsigned,
                    due=p.receipt_due,
                    next_due=None if last else graced(calendar, max(tracked.signing_next, now), clause),
                    level=higher[step - 1][0],
                    county=higher[step - 1][1],
                    clauses=named(due=p.clauses.get("receipt_due"), next_due=None if last else clause),
                ),
            )
        if replies is not None:
            level, county = higher[0]
            clauses = named(due=p.clauses.get("reply_due"))
            yield (
                replies,
                ReplyOverdue(key=tracked.key, units=p.units, due=replies, level=level, county=county, clauses=clauses),
            )
        if lifts is not None:
            level, county = higher[0]
            clauses = named(due=p.clauses.get("lifting_due"))
            yield (
                lifts,
                LiftingOverdue(key=tracked.key, units=p.units, due=lifts, level=level, county=county, clauses=clauses),
            )


# -- commands ------------------------------------------------------------------------------------------------------


def document_named(documents: dict[str, TrackedDocument], campaign_id: str, name: str) -> TrackedDocument:
    """The document of this number or key (with or without its campaign); NoOpenDocument lists what is open."""
    for tracked in documents.values():
        if name in (tracked.key, tracked.number, tracked.key.removeprefix(f"{campaign_id}/")):
            return tracked
    known = ", ".join(tracked.number or tracked.key for tracked in list(documents.values())[:20]) or "none"
    raise NoOpenDocument(f"this desk has no open document {name!r}; open are: {known}")


def document_question(tracked: TrackedDocument) -> Question:
    """Nobody answers a document before it was drafted or issued."""
    asked = "was drafted" if tracked.number is None else "was issued"
    return Question(tracked.since, f"{tracked.number or tracked.key} {asked}")


def decide_document(
    documents: dict[str, TrackedDocument], terms: CityTerms, command: DocumentCommand, when: EventTime
) -> Iterator[Event]:
    """The events that follow from a command about a document; raises Refused, naming the rule."""
    assert command.document is not None
    tracked = document_named(documents, terms.campaign_id, command.document)
    known = terms_of(terms.documents, tracked.kind, tracked.rung)
    if isinstance(command, Countersign):
        yield from _countersigned(tracked, command.actor)
        return
    if isinstance(command, cmd.Approve | cmd.Reject):
        _require_approver(tracked, known, command.actor)
        if isinstance(command, cmd.Approve):
            yield DocumentApproved(key=tracked.key)
        else:
            yield DocumentRejected(key=tracked.key, reason=command.reason)
        return
    name = tracked.number or tracked.key
    if isinstance(command, cmd.Lift):
        _require_issuer(name, known, command.actor)
    else:
        _require_addressed(terms, tracked, command.actor)
    if tracked.number is None:
        raise Refused(f"{name} is a draft that waits for {_awaited(tracked)}; nothing is asked for under it yet")
    match command:
        case cmd.SignReceipt():
            yield DocumentSigned(key=tracked.key, units=_signing(tracked, terms, command))
        case cmd.SendReply():
            reply = _reply(tracked, terms, known, command, when)
            yield reply
            signing = tuple(
                unit for unit in tracked.unsigned if reply.unit == unit or reply.unit not in tracked.progress.units
            )
            if signing:  # a reply implies the receipt
                yield DocumentSigned(key=tracked.key, units=signing)
            if tracked.progress.lifting == Lifting.REPLIED and tracked.progress.lifted_at is None:
                yield DocumentLifted(key=tracked.key)
        case cmd.Lift():
            yield _lifting(tracked, command.reason)


def _countersigned(tracked: TrackedDocument, actor: Actor) -> Iterator[DocumentCountersigned]:
    """The signature of the actor's agency under a draft; nothing where it has signed already."""
    name, joint = tracked.number or tracked.key, tracked.progress.joint
    if joint is None:
        raise Refused(f"{name} is issued by one agency, so that it needs no other signature")
    if (agency := signing_agency(name, joint, actor)) is not None:
        yield DocumentCountersigned(key=tracked.key, agency=agency)


def _awaited(tracked: TrackedDocument) -> str:
    p = tracked.progress
    approver = [p.approver] if p.approver is not None and p.approved_at is None else []
    return " and ".join([*approver, *(p.joint.missing if p.joint is not None else ())])


def _require_approver(tracked: TrackedDocument, known: InstrumentTerms | None, actor: Actor) -> None:
    name, p = tracked.number or tracked.key, tracked.progress
    if p.approver is None:
        raise Refused(f"{name} needs no approval")
    if p.approved_at is not None:
        raise Refused(f"{name} was approved already by {p.approved_by}")
    may = tuple(who for who in (p.approver, known.superior if known else None) if who is not None)
    if not _acts_for(actor, may):
        raise Refused(f"{name} waits for {' or '.join(may)}; {actor.id} acts for {actor.unit}")


def require_own_city(terms: CityTerms, actor: Actor) -> None:
    """Raises Refused if the actor acts for no unit of this city: a mistyped city would answer for another one."""
    own = {terms.code, terms.name, *(unit for units in terms.documents.levels.values() for unit in units)}
    if not _acts_for(actor, own):
        raise Refused(
            f"{actor.id} acts for {actor.unit}; for {terms.name} act {terms.code} or one of its units: "
            f"{', '.join(sorted(own - {terms.code}))}"
        )


def _require_addressed(terms: CityTerms, tracked: TrackedDocument, actor: Actor) -> None:
    """Raises Refused unless the actor acts for the city, or for the county that the document is addressed to."""
    county = tracked.progress.county
    if county is None:
        require_own_city(terms, actor)
        return
    unit = terms.counties.of_key(county) if terms.counties is not None else None
    own = (county,) if unit is None else unit.units
    if not _acts_for(actor, own):
        raise Refused(
            f"{tracked.number or tracked.key} is addressed to {', '.join(own)}; {actor.id} acts for {actor.unit}"
        )


def _acts_for(actor: Actor, names: Iterable[str]) -> bool:
    """Compares by `unit_name`: a name in the plan may be longer than an actor's unit."""
    return actor.unit in {unit_name(name) for name in names}


def _require_issuer(name: str, known: InstrumentTerms | None, actor: Actor) -> None:
    """Raises Refused unless the actor is a supervisor or the document's issuer."""
    if actor.role is Role.PROVINCE and known is not None and known.issuers and not _acts_for(actor, known.issuers):
        raise Refused(f"{name} is lifted by its issuer, {' or '.join(known.issuers)}; {actor.id} acts for {actor.unit}")


def _signing(tracked: TrackedDocument, terms: CityTerms, command: cmd.SignReceipt) -> tuple[str, ...]:
    """The units that a receipt is for: the one it names, the actor's own, or all unsigned ones."""
    name, p = tracked.number or tracked.key, tracked.progress
    if not p.units:
        raise Refused(f"nobody has to sign for {name}")
    unit = _unit_of(command, p.units)
    if unit is None:
        if not tracked.unsigned:
            raise Refused(f"every unit has signed for {name} already")
        return tracked.unsigned
    if unit not in p.units:
        raise Refused(f"{unit!r} does not sign for {name}; its units are: {', '.join(p.units)}")
    if unit in p.signed:
        raise Refused(f"{unit} signed for {name} already, on {local_date(terms.calendar, p.signed[unit])}")
    return (unit,)


def _unit_of(command: cmd.SignReceipt | cmd.SendReply, units: tuple[str, ...]) -> str | None:
    """The unit that the command names, in the document's spelling, else the actor's if it is one of `units`."""
    if command.unit is not None:
        return Spellings(units).known(command.unit)
    return command.actor.unit if command.actor.unit in units else None


def _reply(
    tracked: TrackedDocument, terms: CityTerms, known: InstrumentTerms | None, command: cmd.SendReply, when: EventTime
) -> DocumentReplied:
    name, p, calendar = tracked.number or tracked.key, tracked.progress, terms.calendar
    if p.reply_due is None:
        raise Refused(f"{name} asks for no reply")
    if p.lifted_at is not None:
        raise Refused(f"{name} is lifted already; no reply is asked for any more")
    if len(p.replies) >= REPLIES:
        raise Refused(f"{name} was answered {REPLIES} times; what is still to be said belongs into a letter of its own")
    unit = _unit_of(command, p.units)
    if unit is not None and unit not in p.units:
        raise Refused(f"{command.unit!r} is not addressed by {name}; its units are: {', '.join(p.units)}")
    if command.complete_by is not None and command.complete_by < local_date(calendar, when.heard_at):
        raise Refused(f"{command.complete_by} has passed; a reply promises a day that is to come")
    county = terms.counties.of_key(p.county) if p.county is not None and terms.counties is not None else None
    by = unit or (terms.name if county is None else county.name)
    promised = command.complete_by.isoformat() if command.complete_by is not None else None
    new = Reply(unit=by, at=when.at, text=command.text, complete_by=promised)
    return DocumentReplied(
        key=tracked.key,
        unit=by,
        text=command.text,
        complete_by=command.complete_by,
        held_until=hold_after(calendar, known, p.replies, new, when.heard_at),
    )


def _lifting(tracked: TrackedDocument, reason: str) -> DocumentLifted:
    name, p = tracked.number or tracked.key, tracked.progress
    if p.lifting is None:
        raise Refused(f"{name} is not of a kind that is lifted")
    if p.lifted_at is not None:
        raise Refused(f"{name} is lifted already")
    if p.lifting == Lifting.SITES_CLOSED and tracked.open_sites != 0:
        raise Refused(
            f"{name} is lifted when every site it lists is struck off; {tracked.open_sites or 'some'} are open"
        )
    if p.lifting == Lifting.REPLIED and not p.replies:
        raise Refused(f"{name} is lifted when the reply to it is there")
    return DocumentLifted(key=tracked.key, reason=reason)
