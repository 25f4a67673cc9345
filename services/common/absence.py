"""Refusals, from Postgres, of commands whose workflow does not run or whose document is settled."""

from typing import Any

from reports.documents.kinds import decision_reason
from reports.words.catalogue import Words
from schemas.command import Command
from schemas.documents.commands import Approve, Lift, Reject, SendReply, SignReceipt
from schemas.documents.delivery import Delivery, Resend
from schemas.documents.document import DeliveryState
from schemas.errors import Refused
from services.common.subjects import Subject
from services.common.text import counted, local
from storage.connections import Pool
from storage.document_file import DocumentFileEntry
from storage.status import city_status, site_status

_ENDED = ("closed", "stopped", "closing")


async def last_state(pool: Pool, subject: Subject) -> dict[str, Any]:
    """The state of a subject whose workflow has ended, in the fields of its status query."""
    if subject.site is None:
        return {}
    site = await site_status(pool, subject.campaign_id, subject.site, subject.now)
    return {"stage": site.stage, "round": site.round}


async def why_absent(pool: Pool, subject: Subject, command: Command) -> Refused:
    """The refusal with the reason why the subject has no running workflow, and what to do."""
    if (known := subject.why_gone) is not None:
        reason = known
    elif subject.document is not None and subject.is_delivery:
        reason = _about_delivery(subject.document, command.channel if isinstance(command, Resend) else None)
    elif subject.site is not None:
        reason = await _about_site(pool, subject, subject.site)
    elif subject.city is not None:
        reason = await _about_city(pool, subject, subject.city)
    else:
        reason = _about_campaign(subject)
    return Refused(reason)


def settled_document(subject: Subject, command: Command) -> Refused | None:
    """The refusal of a command to a settled document, or None; the city's workflow knows open documents only."""
    found = subject.document
    if found is None or found.is_open:
        return None
    never = _never_asked(found, command)
    if never is not None:
        return Refused(f"it never asked for {never}")
    p, zone = found.progress, subject.zone
    happened = [
        (f"it was {found.state}", decision_reason(Words("en"), found)) if found.state.put_away else None,
        (f"lifted on {local(p.lifted_at, zone)}", p.lifted_reason) if p.lifted_at else None,
        (f"replied to on {local(p.replies[0].at, zone)}", None) if p.replies else None,
        (f"signed by every unit on {local(max(p.signed.values()), zone)}", None) if p.signed else None,
    ]
    story = "; ".join(f"{what} ({why})" if why else what for what, why in filter(None, happened))
    return Refused(f"nothing is asked for under it any more: {story or 'it asked for nothing'}")


def _never_asked(document: DocumentFileEntry, command: Command) -> str | None:
    """The step of this command if the document never required it; None if it did, or was withdrawn before."""
    p = document.progress
    match command:
        case Approve() | Reject() if p.approval_due is None and p.decided_at is None and not document.state.put_away:
            return "approval"
        case SendReply() if p.reply_due is None and not p.replies and document.state.was_issued:
            return "a reply"
        case SignReceipt() if not p.units and document.state.was_issued:
            return "a receipt"
        case Lift() if p.lifting is None and p.lifted_at is None and document.state.was_issued:
            return "a lifting"
    return None


def still_tried(subject: Subject) -> str:
    """The last errors of retried channels, as the end of a refusal; empty if there is none."""
    if subject.document is None or not subject.is_delivery:
        return ""
    return "".join(f"; {text}" for text in map(last_try, subject.document.deliveries) if text)


def last_try(delivery: Delivery) -> str | None:
    """`hook was tried 3 times: 500 Internal Server Error`; None for a delivery that is settled or was not tried."""
    if delivery.state is not DeliveryState.WAITING or delivery.result is None:
        return None
    reason = delivery.result.removeprefix(f"{delivery.channel}: ")
    return f"{delivery.channel} was tried {counted(delivery.attempts, 'time')}: {reason}"


def _about_delivery(document: DocumentFileEntry, channel: str | None) -> str:
    if not document.state.was_issued:
        return f"it is {document.state} and was not sent to anybody"
    through = [delivery.channel for delivery in document.deliveries]
    if channel is not None and channel not in through:
        return f"this document does not go through {channel}; it goes through: {', '.join(through)}"
    if all(delivery.state is DeliveryState.SENT for delivery in document.deliveries):
        return f"nothing to send again: every channel took it ({', '.join(through)})"
    return (
        "its delivery does not run any more, it was cancelled or its Temporal server is another one; "
        "send the document from the outbox by hand"
    )


async def _about_site(pool: Pool, subject: Subject, site_id: str) -> str:
    site = await site_status(pool, subject.campaign_id, site_id, subject.now)
    zone = subject.zone
    if site.stage == "closed":
        return f"the site was closed on {local(site.settled_at, zone)}"
    if site.stage == "carried_over":
        return f"the site was carried over on {local(site.settled_at, zone)}"
    if site.stage != "registered":
        return (
            f"the site is {site.stage} but its workflow does not run; its city starts it again within a day, "
            "then give the command again"
        )
    assert subject.city is not None  # a site has a city
    city = await city_status(pool, subject.campaign_id, subject.city, subject.now)
    state = city.deployment.state
    if state == "approved":
        return "the site is being opened at this moment; give the command again shortly"
    return (
        f"the site is not open yet: the deployment of {city.code} {city.name} is {state.replace('_', ' ')}, "
        "and its sites open when the province approves it"
    )


async def _about_city(pool: Pool, subject: Subject, code: str) -> str:
    city = await city_status(pool, subject.campaign_id, code, subject.now)
    if city.deployment.state == "not_issued":
        return f"the plan has not been issued to {city.code} {city.name} yet"
    if subject.campaign.state in _ENDED:
        return f"the campaign is {subject.campaign.state}"
    return f"the desk of {city.code} {city.name} is closed: nothing of it is open any more"


def _about_campaign(subject: Subject) -> str:
    campaign = subject.campaign
    if campaign.state in _ENDED:
        return f"the campaign is {campaign.state}"
    if not campaign.started:
        return "the campaign's start died half-way; start it again with the same plan and register"
    return "the campaign's workflow does not run on this Temporal server; is it the server it was started on?"
