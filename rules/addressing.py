"""To whom a document is addressed (主送), to whom copies go (抄送), and which units must sign for it (签收).

A rung is addressed as the plan says; where it says nothing, to the city's bureaus at first and never lower than the
rung before. Silence goes one level higher than the document that met it (DOMAIN.md section 6).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.documents import Progress
from schemas.ladder import Behaviour, Instrumental
from schemas.offices import AddresseeLevel, City, Recipient
from schemas.plan import Plan

LEVELS = tuple(AddresseeLevel)

FOR_THE_AGENCIES = frozenset({"decision_overdue"})
"""Documents about a city that remind the province itself; those of the campaign as a whole bear no city at all."""

FOR_THE_APPROVER = frozenset({"approval_request", "approval_overdue"})
FOR_THE_PUBLIC = frozenset({"publication"})
LIFTINGS = frozenset({"lifting"})

ABOUT_ANOTHER = FOR_THE_APPROVER | FOR_THE_PUBLIC | LIFTINGS
"""Documents that speak of one other document, whose key stands in their data."""

CONDUCT = frozenset({"no_receipt", "no_deployment", "bottom_of_ranking"})
"""Documents on a unit's own conduct, by the instrument that the plan chose for it."""

CHASING = frozenset({"receipt_overdue", "document_receipt_overdue", "reply_overdue", "lifting_overdue"})
"""Who is asked to sign or to answer another document answers by doing that."""

UNSIGNED = FOR_THE_AGENCIES | FOR_THE_APPROVER | FOR_THE_PUBLIC | CHASING | {"plan_issue"}
"""Documents that no unit of a city signs for; the plan has its own receipt, the city's."""

_PUBLIC = {"zh-CN": "社会公众", "en": "The public"}


@dataclass(frozen=True, slots=True)
class Addressing:
    """`recipients` are the addressees themselves; `copies` read along and sign nothing."""

    addressee: tuple[str, ...]
    recipients: tuple[Recipient, ...]
    copies: tuple[Recipient, ...] = ()


def behaviours(behaviour: Behaviour | None) -> dict[str, Instrumental]:
    """The instruments for a unit's conduct, by the kind of their documents."""
    if behaviour is None:
        return {}
    found = {
        "no_receipt": behaviour.no_receipt,
        "no_deployment": behaviour.no_deployment,
        "bottom_of_ranking": behaviour.bottom_of_ranking,
    }
    return {kind: instrument for kind, instrument in found.items() if instrument is not None}


def kind_spoken_of(kind: str, data: Mapping[str, Any]) -> str | None:
    """The kind of the document that one of this kind and data speaks of; None for one that speaks of none.

    In what goes to an approver `document` is that kind; in what follows from an issued document it is the number, and
    the kind stands beside it.
    """
    if kind in FOR_THE_APPROVER:
        return str(data["document"])
    return str(data["kind"]) if kind in ABOUT_ANOTHER else None


def instrument_of(plan: Plan, kind: str, rung: int) -> Instrumental | None:
    """What the plan says of documents of this kind; None for those that are no instruments.

    A lifting goes to whom the instrument went that it lifts.
    """
    for one in plan.ladder:
        if one.rung == rung and (kind == one.instrument or kind in LIFTINGS):
            return one
    return behaviours(plan.behaviour).get(kind)


def level_of(plan: Plan, kind: str, rung: int) -> AddresseeLevel:
    """The level in the city to which documents of this kind are addressed."""
    if kind in CHASING - {"receipt_overdue"}:
        return LEVELS[min(max(rung, 1), len(LEVELS) - 1)]
    instrument = instrument_of(plan, kind, rung)
    if instrument is None:
        return AddresseeLevel.BUREAUS
    if instrument.addressee is not None:
        return instrument.addressee
    below = [r.addressee for r in plan.ladder if r.rung < rung and r.addressee is not None]
    return below[-1] if below else AddresseeLevel.BUREAUS


def addressing(plan: Plan, city: str, kind: str, rung: int, progress: Progress) -> Addressing:
    """Who receives a document; KeyError if the plan has no such city."""
    if kind in FOR_THE_PUBLIC:
        public = _PUBLIC[plan.language]
        return Addressing((public,), (Recipient(name=public),))
    if kind in FOR_THE_APPROVER:
        return _of_the_approver(plan, kind, progress)
    if not city or kind in FOR_THE_AGENCIES:
        agencies = tuple(Recipient(name=agency.name, email=agency.email) for agency in plan.issuing_agencies)
        return Addressing(tuple(agency.name for agency in agencies), agencies)
    whose = plan.city(city)
    instrument = instrument_of(plan, kind, rung)
    level = level_of(plan, kind, rung)
    recipients = at_level(whose, level)
    read_along = {r.name: r for c in (instrument.copies if instrument else ()) for r in at_level(whose, c)}
    copies = tuple(r for name, r in read_along.items() if name not in {one.name for one in recipients})
    addressee = (whose.name, whose.lead) if level is AddresseeLevel.BUREAUS else tuple(r.name for r in recipients)
    return Addressing(addressee, recipients, copies)


def at_level(city: City, level: AddresseeLevel) -> tuple[Recipient, ...]:
    """Who stands at a level of a city; an office that the plan does not name is reached through the government."""
    match level:
        case AddresseeLevel.BUREAUS:
            return city.recipients
        case AddresseeLevel.GOVERNMENT:
            return (city.government or Recipient(name=city.lead),)
        case AddresseeLevel.DEPUTY_HEAD:
            return (city.deputy_head,) if city.deputy_head else at_level(city, AddresseeLevel.GOVERNMENT)
        case AddresseeLevel.HEAD:
            return (city.head,) if city.head else at_level(city, AddresseeLevel.DEPUTY_HEAD)


def unit_names(plan: Plan) -> frozenset[str]:
    """Every unit that a plan names: who receives, signs, approves or issues documents."""
    named = {agency.name for agency in plan.issuing_agencies}
    for city in plan.cities:
        named |= {city.lead, *(r.name for level in LEVELS for r in at_level(city, level))}
    for one in (*plan.ladder, *behaviours(plan.behaviour).values()):
        if one.approver is not None:
            named |= {one.approver.name, one.approver.superior.name}
    return frozenset(named)


def _of_the_approver(plan: Plan, kind: str, progress: Progress) -> Addressing:
    """The approver, or for the approver's silence the superior; found by name, since several rungs may share one."""
    named = (*plan.ladder, *behaviours(plan.behaviour).values())
    for one in named:
        if one.approver is not None and one.approver.name == progress.approver:
            whom = one.approver.superior if kind == "approval_overdue" else Recipient(**_without_superior(one.approver))
            return Addressing((whom.name,), (whom,))
    agencies = tuple(Recipient(name=agency.name, email=agency.email) for agency in plan.issuing_agencies)
    return Addressing(tuple(agency.name for agency in agencies), agencies)


def _without_superior(approver: Recipient) -> dict[str, object]:
    return {"name": approver.name, "email": approver.email, "channels": approver.channels}
