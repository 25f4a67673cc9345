"""The rules of joint signatures: who signs, that it signs once, and when its silence is told.

They are the same for the plan, an amendment and a joint instrument.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rules.calendar import graced
from schemas.actor import Actor, unit_name
from schemas.calendar import Calendar, Clause, ClauseNames, named
from schemas.documents.signatures import Signatures, SignaturesOverdue
from schemas.errors import Refused


def asked(agencies: tuple[str, ...], due: datetime, clauses: ClauseNames) -> Signatures:
    """Nobody has signed yet; `clauses` of the event that sets `signing_due`."""
    within = clauses.get("signing_due")
    return Signatures(agencies=agencies, due=due, next_due=due, clauses=named(due=within, next_due=within))


def agency_of(agencies: Iterable[str], actor: Actor) -> str | None:
    """The agency that this actor signs for: its own; compared by `unit_name`."""
    return next((agency for agency in agencies if unit_name(agency) == actor.unit), None)


def signing_agency(name: str, signatures: Signatures, actor: Actor) -> str | None:
    """The agency that signs by this actor; None if it has signed already.

    Raises:
        Refused: the actor acts for no agency; nobody signs for another one.
    """
    agency = agency_of(signatures.agencies, actor)
    if agency is None:
        raise Refused(f"{name} is signed by {' and '.join(signatures.agencies)}; {actor.id} acts for {actor.unit}")
    return None if agency in signatures.signed else agency


def signed(signatures: Signatures, agency: str, at: datetime, actor_id: str) -> Signatures:
    """The signatures with that of `agency`."""
    after = signatures.model_copy(
        update={
            "signed": {**signatures.signed, agency: at},
            "signed_by": {**signatures.signed_by, agency: actor_id},
        }
    )
    return after.model_copy(update={"next_due": None}) if after.complete else after


def told(signatures: Signatures, event: SignaturesOverdue) -> Signatures:
    """The signatures after their silence was told."""
    return signatures.model_copy(update={"steps": event.step, "next_due": event.next_due})


def silence(calendar: Calendar, signatures: Signatures, within: Clause, now: datetime) -> dict[str, Any] | None:
    """The fields of the next event of silence (`SignaturesOverdue`); None if nobody is awaited.

    The grace counts from the working day on which it is told, also after an outage.
    """
    if signatures.next_due is None or signatures.complete:
        return None
    return {
        "step": signatures.steps + 1,
        "agencies": signatures.missing,
        "due": signatures.next_due,
        "next_due": graced(calendar, max(signatures.next_due, now), within),
        "clauses": named(due=within, next_due=within),
    }
