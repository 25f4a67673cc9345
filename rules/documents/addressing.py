"""To whom a document is addressed (主送), to whom copies go (抄送), and which units must sign for it (签收).

The plan sets the level of a rung; by default the first one goes to the city's bureaus, and no rung goes lower than the
one before. An overdue answer is reported one level above the document's addressees.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.documents.document import Progress
from schemas.ladder import Behaviour, Instrumental
from schemas.offices import AddresseeLevel, Approver, City, Recipient
from schemas.plan import Plan

LEVELS = tuple(AddresseeLevel)

FOR_THE_AGENCIES = frozenset({"decision_overdue", "city_suspension"})
"""Documents about a city that remind or inform the province itself; those of the whole campaign have no city."""

FOR_THE_APPROVER = frozenset({"approval_request", "approval_overdue"})
FOR_THE_PUBLIC = frozenset({"publication"})
LIFTINGS = frozenset({"lifting"})

ABOUT_ANOTHER = FOR_THE_APPROVER | FOR_THE_PUBLIC | LIFTINGS
"""Documents about one other document, whose key is in their data."""

CONDUCT = frozenset({"no_receipt", "no_deployment", "bottom_of_ranking"})
"""Documents on a unit's own conduct, with the instrument that the plan has for it."""

CHASING = frozenset(
    {"receipt_overdue", "document_receipt_overdue", "reply_overdue", "lifting_overdue", "case_transfer_overdue"}
)
"""Requests to sign or answer another document, or to transfer a case: the action itself is the answer."""

FOR_THE_DECIDER = frozenset({"extension_request", "extension_overdue"})
"""Requests for extension go to the decider; if the decision is overdue, its superior is notified."""
FOR_THE_POLICE = frozenset({"case_decision_overdue"})
"""If a police bureau is overdue, the agency that leads the police track is notified."""

FOR_THE_LEADS = frozenset({"sign_off_overdue"})
"""Documents about overdue departments of a site: to its lead government first (rung 0), then to each higher level."""

FOR_THE_HEAD = frozenset({"high_hazard_list"})
"""Documents for the head of the city; the next lower office replaces a head that the plan does not name."""

UNSIGNED = frozenset({"plan_issue"}).union(
    FOR_THE_HEAD,
    FOR_THE_DECIDER,
    FOR_THE_POLICE,
    FOR_THE_AGENCIES,
    FOR_THE_APPROVER,
    FOR_THE_PUBLIC,
    FOR_THE_LEADS,
    CHASING,
)
"""Documents that no unit of a city signs for; for the plan the city as a whole signs."""

_PUBLIC = {"zh-CN": "社会公众", "en": "The public"}


@dataclass(frozen=True, slots=True)
class Addressing:
    """`recipients` are the addressees; `copies` only receive the document and sign nothing."""

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
    """The kind of the document that one of this kind and data is about; None if it is about none.

    In documents to an approver `document` is that kind; in documents about an issued one it is the number, and a
    second field is the kind.
    """
    if kind in FOR_THE_APPROVER:
        return str(data["document"])
    return str(data["kind"]) if kind in ABOUT_ANOTHER else None


def instrument_of(plan: Plan, kind: str, rung: int) -> Instrumental | None:
    """The plan's terms of documents of this kind; None for those that are no instruments.

    A lifting has the recipients of the instrument that it lifts.
    """
    for one in plan.ladder:
        if one.rung == rung and (kind == one.instrument or kind in LIFTINGS):
            return one
    return behaviours(plan.behaviour).get(kind)


def level_of(plan: Plan, kind: str, rung: int) -> AddresseeLevel:
    """The level in the city to which documents of this kind are addressed."""
    if kind in (CHASING | FOR_THE_LEADS) - {"receipt_overdue"}:
        return LEVELS[min(max(rung, 1), len(LEVELS) - 1)]
    if kind in FOR_THE_HEAD:
        return AddresseeLevel.HEAD
    if is_told_higher(kind, rung):
        return LEVELS[min(rung, len(LEVELS) - 1)]
    instrument = instrument_of(plan, kind, rung)
    if instrument is None:
        return AddresseeLevel.BUREAUS
    if instrument.addressee is not None:
        return instrument.addressee
    below = [r.addressee for r in plan.ladder if r.rung < rung and r.addressee is not None]
    return below[-1] if below else AddresseeLevel.BUREAUS


def is_told_higher(kind: str, rung: int) -> bool:
    """Whether the document reports an overdue verdict above the city's bureaus, so that no unit signs for it.

    Its `rung` is the notified level; the number of levels stands for the province.
    """
    return kind == "acceptance_overdue" and rung > 0


def addressing(plan: Plan, city: str, kind: str, rung: int, progress: Progress) -> Addressing:
    """The recipients of a document; KeyError if the plan has no such city."""
    if kind in FOR_THE_PUBLIC:
        public = _PUBLIC[plan.language]
        return Addressing((public,), (Recipient(name=public),))
    if kind in FOR_THE_APPROVER:
        return _of_the_approver(plan, kind, progress)
    if kind in FOR_THE_DECIDER | FOR_THE_POLICE and (named := _named_by_an_option(plan, kind)) is not None:
        return Addressing((named.name,), (named,))
    silent_province = is_told_higher(kind, rung) and rung >= len(LEVELS)
    if not city or silent_province or kind in FOR_THE_AGENCIES | FOR_THE_DECIDER | FOR_THE_POLICE:
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


def leading(plan: Plan, governments: Iterable[str]) -> Addressing:
    """The lead governments of sites, with their addresses in the plan's sign-off."""
    known = {one.name: one for one in (plan.sign_off.lead_governments if plan.sign_off is not None else ())}
    names = tuple(dict.fromkeys(governments))
    return Addressing(names, tuple(known.get(name) or Recipient(name=name) for name in names))


def _named_by_an_option(plan: Plan, kind: str) -> Recipient | None:
    """The decider on extensions, its superior, or the police agency; None if the plan has none."""
    if kind in FOR_THE_POLICE:
        track = plan.police_track
        found = [one for one in plan.issuing_agencies if track is not None and one.name == track.agency]
        return Recipient(name=found[0].name, email=found[0].email) if found else None
    if plan.extension is None:
        return None
    decider = plan.extension.decider
    return decider.superior if kind == "extension_overdue" else _without_superior(decider)


def at_level(city: City, level: AddresseeLevel) -> tuple[Recipient, ...]:
    """The recipients at a level of a city; the government replaces an office that the plan does not name."""
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
    """Every unit of a plan that receives, signs, approves or issues documents."""
    named = {agency.name for agency in plan.issuing_agencies}
    for city in plan.cities:
        named |= {city.lead, *(r.name for level in LEVELS for r in at_level(city, level))}
    named |= {one.name for one in (plan.sign_off.lead_governments if plan.sign_off is not None else ())}
    for one in (*plan.ladder, *behaviours(plan.behaviour).values()):
        if one.approver is not None:
            named |= {one.approver.name, one.approver.superior.name}
    return frozenset(named)


def _of_the_approver(plan: Plan, kind: str, progress: Progress) -> Addressing:
    """The approver, or its superior if the approval is overdue; found by name, since several rungs may share one."""
    named = (*plan.ladder, *behaviours(plan.behaviour).values())
    for one in named:
        if one.approver is not None and one.approver.name == progress.approver:
            whom = one.approver.superior if kind == "approval_overdue" else _without_superior(one.approver)
            return Addressing((whom.name,), (whom,))
    agencies = tuple(Recipient(name=agency.name, email=agency.email) for agency in plan.issuing_agencies)
    return Addressing(tuple(agency.name for agency in agencies), agencies)


def _without_superior(approver: Approver) -> Recipient:
    """The approver alone, with whatever a recipient has: a document does not list the superior."""
    return Recipient.model_validate(approver.model_dump(exclude={"superior"}))
