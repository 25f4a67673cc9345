"""The plan's terms of documents, resolved for the campaign's cities."""

from rules.documents.addressing import LEVELS, at_level, behaviours, is_joint, level_of
from schemas.calendar import Clause, DayUnit
from schemas.documents.terms import DocumentTerms, InstrumentTerms
from schemas.ladder import Conduct, Instrumental, RankingConduct, Rung
from schemas.offices import City
from schemas.plan import Plan

_APPROVAL = Clause(amount=1, unit=DayUnit.WORKING_DAYS, name="clauses.approval")
"""The default approval clause: office handling of an urgent matter."""


def document_terms(plan: Plan) -> DocumentTerms:
    """The terms of the plan's documents, without the units of a city."""
    rungs = [_terms(plan, rung.instrument, rung.rung, rung) for rung in plan.ladder]
    conduct = [_terms(plan, kind, 0, one) for kind, one in behaviours(plan.behaviour).items()]
    return DocumentTerms(
        language=plan.language,
        plan_number=plan.document_number,
        series=series_of(plan, None),
        receipt=plan.clauses.receipt,
        instruments=(*rungs, *conduct),
    )


def series_of(plan: Plan, issuer: str | None) -> str:
    """The series in which an agency (by default the first) numbers its documents; without one the plan's id."""
    agency = next((a for a in plan.issuing_agencies if a.name == issuer), plan.issuing_agencies[0])
    return agency.series or plan.id


def levels_of(city: City) -> dict[str, tuple[str, ...]]:
    """The names of a city's units by level."""
    return {level.value: tuple(dict.fromkeys(r.name for r in at_level(city, level))) for level in LEVELS}


def _terms(plan: Plan, kind: str, rung: int, one: Instrumental) -> InstrumentTerms:
    assert isinstance(one, Rung | Conduct | RankingConduct)
    approver, signing = one.approver, plan.signing if is_joint(plan, one.instrument) else None
    return InstrumentTerms(
        kind=kind,
        rung=rung,
        instrument=one.instrument,
        issuer=one.issuer or plan.issuing_agencies[0].name,
        series=series_of(plan, one.issuer),
        level=level_of(plan, kind, rung),
        approver=approver.name if approver else None,
        superior=approver.superior.name if approver else None,
        approval=(one.approval or plan.clauses.approval or _APPROVAL) if approver else None,
        receipt=one.receipt or plan.clauses.receipt,
        reply=one.reply,
        reply_holds=one.reply_holds,
        reply_holds_without_day=one.reply_holds_without_day,
        lifting=one.lifting,
        lifting_within=one.lifting_within,
        publication=one.publication,
        after=one.after if isinstance(one, Conduct) else None,
        weeks=one.weeks if isinstance(one, RankingConduct) else None,
        agencies=tuple(agency.name for agency in plan.issuing_agencies) if signing is not None else (),
        within=signing.within if signing is not None else None,
    )
