"""Joint issue as an option of the campaign: every agency signs the plan before it is issued, and each amendment.

The rules of a signature are those of every joint document (`rules.documents.signatures`).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rules.amendments.overlay import overlaid
from rules.calendar import clause_ahead, dispatch_due, office_hour
from rules.campaign.amendment import require_time
from rules.campaign.options.protocol import CampaignOption, Due
from rules.campaign.state import CampaignState
from rules.documents import signatures as sign
from rules.documents.state import PlannedDocument
from schemas.actor import ENGINE, Actor
from schemas.amendments import Amend, PlanAmended
from schemas.calendar import clause_data, named
from schemas.campaign import CampaignTerms
from schemas.command import Command
from schemas.documents.signatures import Signatures
from schemas.errors import Refused
from schemas.event import Event
from schemas.options.joint import (
    JOINT,
    AmendmentProposed,
    CampaignStarted,
    PlanSigned,
    PlanUnsigned,
    SigningFacts,
    SignPlan,
)
from schemas.stages import CampaignStage

_OPEN = (CampaignStage.ISSUING, CampaignStage.RUNNING)
_CONTENT = {"amendment", "document", "title", "digest", "terms", "added", "removed"}
_REQUEST, _SILENCE = "signature_request", "signature_overdue"


class JointOption(CampaignOption):
    """A plan with one agency has no signatures, and nothing waits for them."""

    data = JOINT

    def before_the_end(self, terms: CampaignTerms, state: CampaignState, now: datetime) -> Iterator[Due]:
        """The next telling of each silence, at an office hour."""
        if terms.signing is None:
            return
        awaited = [(0, state.joint.plan)]
        if state.joint.proposal is not None:
            awaited.append((state.joint.proposal.amendment, state.joint.proposed))
        for amendment, signatures in awaited:
            if signatures is None or signatures.next_due is None:
                continue
            at = dispatch_due(terms.calendar, signatures.next_due, now)
            said = sign.silence(terms.calendar, signatures, terms.signing.within, max(at, now))
            if said is not None:
                yield at, PlanUnsigned(**said, amendment=amendment)

    def issues_at(self, terms: CampaignTerms, state: CampaignState) -> datetime | None:
        """After the last signature: at once within office hours, else at the next opening."""
        if terms.signing is None:
            return terms.issues_at
        complete_at = state.joint.complete_at
        if complete_at is None or complete_at <= terms.issues_at:
            return None if complete_at is None else terms.issues_at
        return office_hour(terms.calendar, complete_at)

    def apply(self, state: CampaignState, event: Event, at: datetime) -> None:
        """Signatures, and the documents by which they are asked for."""
        joint = state.joint
        match event:
            case CampaignStarted(signing_due=due) if due is not None:
                plan = sign.asked(event.agencies, due, event.clauses)
                state.joint = joint.model_copy(update={"plan": plan})
                _ask(state, _REQUEST, 0, plan, plan.missing, due, at)
            case AmendmentProposed() if joint.plan is not None:
                proposed = sign.asked(joint.plan.agencies, event.signing_due, event.clauses)
                state.joint = joint.model_copy(update={"proposal": event, "proposed": proposed})
                _ask(state, _REQUEST, event.amendment, proposed, proposed.missing, event.signing_due, at)
            case PlanSigned():
                _apply_signature(state, event, at)
            case PlanUnsigned():
                known = joint.proposed if event.amendment else joint.plan
                assert known is not None  # nobody else is awaited
                _keep(state, event.amendment, sign.told(known, event))
                _ask(state, _SILENCE, event.amendment, known, event.agencies, event.due, at)
            case PlanAmended():
                state.joint = joint.model_copy(update={"proposal": None, "proposed": None})
            case _:
                pass


def opening(terms: CampaignTerms, now: datetime) -> Iterator[tuple[Event, datetime, Actor]]:
    """The first entries: who started the campaign, and whether that is the signature of an agency.

    A campaign that a programme starts has no such person: its first entry is the engine's, where agencies must sign.
    """
    by, at, signing = terms.started_by or ENGINE, terms.started_at or now, terms.signing
    if signing is None:
        if terms.started_by is not None:
            yield CampaignStarted(), at, by
        return
    due = clause_ahead(terms.calendar, at, now, signing.within)
    clauses = named(signing_due=signing.within)
    yield CampaignStarted(agencies=signing.agencies, signing_due=due, clauses=clauses), at, by
    if (agency := sign.agency_of(signing.agencies, by)) is not None:
        yield PlanSigned(agency=agency, signer=by.id), at, by


def decide_proposal(
    terms: CampaignTerms, state: CampaignState, command: Amend, amended: Iterable[PlanAmended], heard_at: datetime
) -> Iterator[Event]:
    """An amendment of a joint plan is proposed, and signed by the agency of who proposes it.

    `amended` is what would follow without signatures: nothing for an amendment that counts already.
    """
    assert terms.signing is not None and state.joint.plan is not None  # a joint plan begins with them
    for one in amended:
        known, signatures = state.joint.proposal, state.joint.proposed
        if known is not None and known.amendment > one.amendment:
            raise Refused(f"amendment {one.amendment} was replaced by amendment {known.amendment}, {known.document}")
        if known is None or signatures is None or known.amendment < one.amendment:
            due = clause_ahead(terms.calendar, heard_at, heard_at, terms.signing.within)
            clauses = named(signing_due=terms.signing.within)
            yield AmendmentProposed(**one.model_dump(include=_CONTENT), signing_due=due, clauses=clauses)
            signatures = sign.asked(state.joint.plan.agencies, due, clauses)
        agency = sign.agency_of(signatures.missing, command.actor)
        if agency is not None:
            yield from _signing(one, signatures, agency, command)


def decide_signature(
    terms: CampaignTerms, state: CampaignState, command: SignPlan, heard_at: datetime
) -> Iterator[Event]:
    """The signature of the actor's agency; nothing where it has signed already.

    Raises:
        Refused: the campaign is over, nothing waits for a signature, or the amended plan would end too soon.
    """
    if state.stage not in _OPEN:
        raise Refused(f"sign_plan is not allowed while the campaign is {state.stage}; allowed: nothing")
    if state.joint.plan is None:
        raise Refused("sign_plan is not allowed: one agency issues the plan, so that it needs no signature")
    if command.amendment is not None:
        yield from _signed_amendment(terms, state, command.amendment, command, heard_at)
    elif (agency := sign.signing_agency("the plan", state.joint.plan, command.actor)) is not None:
        yield PlanSigned(agency=agency, signer=command.actor.id)


def _signed_amendment(
    terms: CampaignTerms, state: CampaignState, amendment: int, command: SignPlan, heard_at: datetime
) -> Iterator[Event]:
    proposal, signatures = state.joint.proposal, state.joint.proposed
    if amendment <= max(state.amendment, terms.amendment):
        return  # it counts, so that every agency has signed it
    if proposal is None or signatures is None or proposal.amendment != amendment:
        waits = f"amendment {proposal.amendment} ({proposal.document})" if proposal is not None else "nothing"
        raise Refused(f"amendment {amendment} waits for no signature; what waits: {waits}")
    agency = sign.signing_agency(proposal.document, signatures, command.actor)
    if agency is None:
        return
    if signatures.missing == (agency,):
        require_time(overlaid(terms, proposal.terms), heard_at)
    yield from _signing(PlanAmended(**proposal.model_dump(include=_CONTENT)), signatures, agency, command)


def _signing(amended: PlanAmended, signatures: Signatures, agency: str, command: Command) -> Iterator[Event]:
    """The signature of one agency, and after the last one the amendment."""
    yield PlanSigned(agency=agency, signer=command.actor.id, amendment=amended.amendment)
    if signatures.missing == (agency,):
        yield amended


def _apply_signature(state: CampaignState, event: PlanSigned, at: datetime) -> None:
    known = state.joint.proposed if event.amendment else state.joint.plan
    assert known is not None  # signed is what was asked for
    after = sign.signed(known, event.agency, at, event.signer)
    _keep(state, event.amendment, after)
    if not event.amendment and after.complete:
        state.joint = state.joint.model_copy(update={"complete_at": at})
    # The request that waits for its number goes to those who have still to sign.
    state.unissued = [_without(one, event) if after.missing else one for one in state.unissued]


def _without(spec: PlannedDocument, event: PlanSigned) -> PlannedDocument:
    if spec.kind != _REQUEST or spec.data["amendment"] != event.amendment:
        return spec
    left = [agency for agency in spec.data["agencies"] if agency != event.agency]
    return spec.model_copy(update={"data": {**spec.data, "agencies": left}})


def _keep(state: CampaignState, amendment: int, signatures: Signatures) -> None:
    state.joint = state.joint.model_copy(update={"proposed" if amendment else "plan": signatures})


def _ask(
    state: CampaignState,
    kind: str,
    amendment: int,
    signatures: Signatures,
    agencies: Iterable[str],
    due: datetime,
    at: datetime,
) -> None:
    """A document of the campaign that asks for signatures, or tells that they are missing; its key is within it."""
    proposal = state.joint.proposal
    name = proposal.document if amendment and proposal is not None else None
    data: dict[str, Any] = clause_data(signatures.clauses)
    data |= {
        "document": "amendment" if amendment else "plan_issue",
        "amendment": amendment,
        "name": name,
        "agencies": list(agencies),
        "due": due.isoformat(),
        "step": signatures.steps + 1 if kind == _SILENCE else 0,
    }
    key = f"{kind}:{f'amendment-{amendment}' if amendment else 'plan'}:{data['step']}"
    state.unissued = [*state.unissued, PlannedDocument(key=key, kind=kind, data=data)]


def signing_facts(terms: CampaignTerms, state: CampaignState) -> tuple[SigningFacts, ...]:
    """The signatures under the plan, and under the amendment that waits for them."""
    found = []
    if state.joint.plan is not None:
        found.append(SigningFacts(document=terms.documents.plan_number, signatures=state.joint.plan))
    if (one := state.joint.proposal) is not None and state.joint.proposed is not None:
        found.append(SigningFacts(amendment=one.amendment, document=one.document, signatures=state.joint.proposed))
    return tuple(found)
