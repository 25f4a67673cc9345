"""To whom a document is addressed (主送), to whom copies go (抄送), and which units must sign for it (签收).

The plan sets the level of a rung; by default the first one goes to the city's bureaus, and no rung goes lower than the
one before. An overdue answer is reported one level above the document's addressees.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.documents.county_addressing import COUNTY_SILENCES, at_county_level, level_told, recipients_below
from schemas.documents.document import Progress
from schemas.ladder import Behaviour, Instrument, Instrumental
from schemas.offices import AddresseeLevel, Approver, City, Recipient
from schemas.options.counties import Told
from schemas.plan import Plan

LEVELS = tuple(AddresseeLevel)

FOR_THE_AGENCIES = frozenset({"decision_overdue", "city_suspension", "works_taken_over", "sweep_summary"})
"""Documents about a city that remind or inform the province itself; those of the whole campaign have no city."""

FOR_THE_APPROVER = frozenset({"approval_request", "approval_overdue"})
FOR_THE_PUBLIC = frozenset({"publication"})
FOR_THE_SIGNERS = frozenset({"signature_request", "signature_overdue"})
"""Requests to the issuing agencies to sign a joint document, and the reports of their silence."""
LIFTINGS = frozenset({"lifting"})

ABOUT_ANOTHER = FOR_THE_APPROVER | FOR_THE_SIGNERS | FOR_THE_PUBLIC | LIFTINGS
"""Documents about one other document, whose key is in their data."""

CONDUCT = frozenset({"no_receipt", "no_deployment", "bottom_of_ranking"})
"""Documents on a unit's own conduct, with the instrument that the plan has for it."""

OVERDUE_GATE = "gate_overdue"
"""A phase's gate is unmet after its grace; its rung has the phase and the level (`overdue_gate_rung`)."""

CHASING = frozenset(
    {
        "receipt_overdue",
        "document_receipt_overdue",
        "reply_overdue",
        "lifting_overdue",
        "case_transfer_overdue",
        OVERDUE_GATE,
    }
)
"""Requests to sign or answer another document, to transfer a case, or to do what a gate asks for: the action itself is
the answer."""

FOR_THE_DECIDER = frozenset({"extension_request", "extension_overdue", "replacement_request", "replacement_undecided"})
"""Requests for extension and for another enterprise go to the decider; its superior is told of a silence."""
SILENT_DECIDER = frozenset({"extension_overdue", "replacement_undecided"})
FOR_THE_POLICE = frozenset({"case_decision_overdue"})
"""If a police bureau is overdue, the agency that leads the police track is notified."""

FOR_THE_LEADS = frozenset({"sign_off_overdue"})
"""Documents about overdue departments of a site: to its lead government first (rung 0), then to each higher level."""

FOR_THE_GROUP = frozenset({"meeting_minutes", "group_overdue"})
"""To the offices of a city's joint group, the leader first."""
FOR_THE_RECEIVER = frozenset({"case_referral"})
"""To the office that takes the cases of a joint group."""
TO_CITIES = frozenset({"year_task", "stock_survey_overdue"})
"""Documents of a programme to several cities: the year's task to their bureaus, an overdue survey to each higher level.
"""
FOR_THE_DEPARTMENT = frozenset({"department_call"})
"""A lead county's call to a department, which its data names; the answer is what is asked for."""

TO_THE_LEAD_COUNTY = frozenset(Instrument) | {
    "reminder", "reminder_yellow", "rectification_opinion", "rounds_exhausted", "closure", "reopening", "carry_over",
}  # fmt: skip
"""Documents on sites that go to the offices of the county whose government leads, instead of the city's."""

FOR_THE_ENTERPRISES = frozenset({"cost_notice"})
"""What enterprises owe for work in their place: to those that its lines name."""

TOLD_HIGHER = frozenset({"acceptance_overdue", "responsible_missing", "take_over_overdue", "patches_overdue"})
"""Reports of a silence whose `rung` is the level that is told; see `is_told_higher`."""

FOR_THE_HEAD = frozenset({"high_hazard_list"})
"""Documents for the head of the city; the next lower office replaces a head that the plan does not name."""

UNSIGNED = frozenset({"plan_issue"}).union(
    FOR_THE_DECIDER, FOR_THE_POLICE, FOR_THE_AGENCIES, FOR_THE_APPROVER, FOR_THE_PUBLIC, FOR_THE_LEADS, CHASING,
    COUNTY_SILENCES, FOR_THE_DEPARTMENT, FOR_THE_GROUP, FOR_THE_RECEIVER, FOR_THE_SIGNERS,
    FOR_THE_ENTERPRISES, FOR_THE_HEAD,
)  # fmt: skip
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

    In documents to an approver or to agencies `document` is that kind; in documents about an issued one it is the
    number, and a second field is the kind.
    """
    if kind in FOR_THE_APPROVER | FOR_THE_SIGNERS:
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


def is_joint(plan: Plan, instrument: str) -> bool:
    """Whether every issuing agency signs and issues this instrument."""
    return plan.signing is not None and instrument in plan.signing.instruments


def level_of(plan: Plan, kind: str, rung: int) -> AddresseeLevel:
    """The level in the city, or in its county, to which documents of this kind are addressed."""
    if kind == OVERDUE_GATE:
        rung %= 10
    if kind in COUNTY_SILENCES:
        return level_told(Told(rung))
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


def overdue_gate_rung(place: int, step: int) -> int:
    """The rung of the documents about an unmet gate: those of two phases on one day are two."""
    return 10 * place + step


def is_told_higher(kind: str, rung: int) -> bool:
    """Whether the document reports a silence above the city's bureaus, so that no unit signs for it.

    Its `rung` is the notified level; the number of levels stands for the province.
    """
    return kind in TOLD_HIGHER and rung > 0


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
    silent_province = silent_province or (kind in COUNTY_SILENCES and rung >= Told.PROVINCE)
    if not city or silent_province or kind in FOR_THE_AGENCIES | FOR_THE_DECIDER | FOR_THE_POLICE:
        agencies = tuple(Recipient(name=agency.name, email=agency.email) for agency in plan.issuing_agencies)
        return Addressing(tuple(agency.name for agency in agencies), agencies)
    group = plan.joint_groups.get(city) if kind in FOR_THE_GROUP | FOR_THE_RECEIVER else None
    if group is not None:
        its_offices = (group.receiver,) if kind in FOR_THE_RECEIVER else (group.leader, *group.members)
        return Addressing(tuple(one.name for one in its_offices), its_offices)
    whose = plan.city(city)
    instrument = instrument_of(plan, kind, rung)
    level, below = level_of(plan, kind, rung), progress.county

    def offices(at: AddresseeLevel) -> tuple[Recipient, ...]:
        return at_level(whose, at) if below is None else recipients_below(whose, below, at)[1]

    recipients = offices(level)
    read_along = {r.name: r for c in (instrument.copies if instrument else ()) for r in offices(c)}
    copies = tuple(r for name, r in read_along.items() if name not in {one.name for one in recipients})
    if below is not None:
        return Addressing(recipients_below(whose, below, level)[0], recipients, copies)
    addressee = (whose.name, whose.lead) if level is AddresseeLevel.BUREAUS else tuple(r.name for r in recipients)
    return Addressing(addressee, recipients, copies)


def for_cities(plan: Plan, codes: Iterable[str], kind: str, rung: int) -> Addressing:
    """The bureaus of these cities; for an overdue survey the offices `rung` levels above, at last the province."""
    if kind == "stock_survey_overdue" and rung >= len(LEVELS):
        return addressing(plan, "", kind, rung, Progress())
    level = AddresseeLevel.BUREAUS if kind == "year_task" else LEVELS[rung]
    named = {one.name: one for code in codes for one in at_level(plan.city(code), level)}
    return Addressing(tuple(named), tuple(named.values()))


def signers(plan: Plan, kind: str, agencies: Sequence[str]) -> Addressing:
    """To whom a document about signatures goes that these agencies have not given.

    The request goes to them; their silence is told to the superior, without one to the other agencies, and where
    nobody has signed to all of them.
    """
    own = {one.name: Recipient(name=one.name, email=one.email) for one in plan.issuing_agencies}
    asked = {name: one for name, one in own.items() if name in agencies}
    if kind == "signature_request":
        found = tuple(asked.values())
    elif plan.signing is not None and plan.signing.superior is not None:
        found = (plan.signing.superior,)
    else:
        found = tuple(one for name, one in own.items() if name not in asked) or tuple(own.values())
    return Addressing(tuple(one.name for one in found), found)


def leading(plan: Plan, governments: Iterable[str]) -> Addressing:
    """The lead governments of sites, with their addresses in the plan's sign-off."""
    known = {one.name: one for one in (plan.sign_off.lead_governments if plan.sign_off is not None else ())}
    names = tuple(dict.fromkeys(governments))
    return Addressing(names, tuple(known.get(name) or Recipient(name=name) for name in names))


def owing(enterprises: Iterable[str]) -> Addressing:
    """The enterprises that owe what a document's lines say."""
    names = tuple(dict.fromkeys(enterprises))
    return Addressing(names, tuple(Recipient(name=name) for name in names))


def _named_by_an_option(plan: Plan, kind: str) -> Recipient | None:
    """The decider on extensions or enterprises, its superior, or the police agency; None if the plan has none."""
    if kind in FOR_THE_POLICE:
        track = plan.police_track
        found = [one for one in plan.issuing_agencies if track is not None and one.name == track.agency]
        return Recipient(name=found[0].name, email=found[0].email) if found else None
    rule = plan.extension if kind.startswith("extension") else plan.replacement
    if rule is None or rule.decider is None:
        return None
    return rule.decider.superior if kind in SILENT_DECIDER else _without_superior(rule.decider)


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
        named |= {r.name for county in city.counties for level in LEVELS for r in at_county_level(county, level)}
    for group in plan.joint_groups.values():
        named |= {one.name for one in (group.leader, *group.members, group.receiver)}
    named |= {one.name for one in (plan.sign_off.lead_governments if plan.sign_off is not None else ())}
    for one in (*plan.ladder, *behaviours(plan.behaviour).values()):
        if one.approver is not None:
            named |= {one.approver.name, one.approver.superior.name}
    if plan.signing is not None and plan.signing.superior is not None:
        named.add(plan.signing.superior.name)
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
