"""The terms of each option for one site or one city; None if the plan does not have it."""

from datetime import datetime, timedelta

from rules.calendar import clause_end, end_of
from rules.documents.addressing import LEVELS
from rules.terms.clause_names import with_names
from rules.terms.documents import levels_of
from rules.terms.phases import within
from schemas.actor import unit_name
from schemas.offices import City
from schemas.options.acceptance import AcceptanceTerms, LevelAsks, Member
from schemas.options.extensions import ExtensionRule, ExtensionTerms
from schemas.options.joint import SigningRule, SigningTerms
from schemas.options.joint_group import JointGroupTerms
from schemas.options.modes import ModeTerms, allowed_by
from schemas.options.patrol import DutyTerms, PatrolTerms
from schemas.options.phases import Opened
from schemas.options.police import PoliceTerms
from schemas.options.sign_off import SignOffTerms
from schemas.plan import FrozenPlan, Plan, Verification
from schemas.register import Site


def police_terms(plan: Plan, site: Site) -> PoliceTerms | None:
    """The option for a site with a police case; None for a site without one."""
    track = plan.police_track
    if track is None or not any(problem.kind in track.problems for problem in site.problems):
        return None
    others = (agency.name for agency in plan.issuing_agencies if agency.name != track.agency)
    return PoliceTerms(
        agency=track.agency,
        works_agency=track.works_agency or next(others, track.agency),
        bureau=track.bureaus.get(site.city, track.agency),
        transfer=within(plan, track.transfer, Opened.TRANSFERS),
        acceptance=track.acceptance,
        decision=track.decision,
        conclusion=track.conclusion,
        closure=track.closure,
        ends_with=track.ends_with,
    )


def police_units(plan: Plan, site: Site) -> tuple[str, ...]:
    """The police units that act on a site's case: its bureau, and the agency; empty without a case."""
    terms = police_terms(plan, site)
    return () if terms is None else tuple(dict.fromkeys((unit_name(terms.bureau), unit_name(terms.agency))))


def extension_terms(rule: ExtensionRule | None) -> ExtensionTerms | None:
    """The option in a site's terms."""
    if rule is None:
        return None
    return ExtensionTerms(
        before=rule.before,
        decision=rule.decision,
        at_most=rule.at_most,
        decider=rule.decider.name,
        superior=rule.decider.superior.name,
    )


def acceptance_of(plan: Plan, site: Site) -> AcceptanceTerms:
    """The acceptance options of a site."""
    asked = plan.verification
    levels = {
        level.id: LevelAsks(
            by=level.by,
            self_check=level.self_check,
            experts=level.experts,
            same_unit=level.same_unit is not None,
        )
        for level in asked.levels
    }
    problems_level = parts_level_of(asked)
    return AcceptanceTerms(
        levels=levels,
        exhausted_rung=asked.exhausted_rung,
        problems_level=problems_level,
        problems=problems_of(site) if problems_level is not None else (),
        pool=tuple(Member(id=e.id, unit=e.unit) for e in asked.pool if e.city in (None, site.city)),
    )


def parts_level_of(asked: Verification) -> str | None:
    """The level that accepts problems one by one; None if the plan closes sites as a whole."""
    if asked.closure is None:
        return None
    return asked.closure.level or next((level.id for level in asked.levels if not level.self_check), None)


def problems_of(site: Site) -> tuple[str, ...]:
    """The kinds of a site's problems, each once, in the order of the register."""
    return tuple(dict.fromkeys(problem.kind for problem in site.problems))


def modes_of(plan: Plan, site: Site) -> ModeTerms | None:
    """The modes of a site; None if the plan has no modes."""
    modes = plan.modes
    if modes is None:
        return None
    return ModeTerms(
        allowed=allowed_by(modes),
        until=modes.until,
        confirmed_by_province=modes.confirmed_by_province,
        required=modes.required,
        restoration=None if site.restoration_mode is None else site.restoration_mode.value,
        funding=None if site.funding_mode is None else site.funding_mode.value,
    )


def patrol_of(frozen: FrozenPlan) -> PatrolTerms | None:
    """The patrol terms of every city; None if the plan has no patrol."""
    patrol, until = with_names(frozen).patrol, patrol_until(frozen)
    if patrol is None or until is None:
        return None
    return PatrolTerms(
        duties=tuple(DutyTerms(duty=one.duty, title=one.title, every=one.every) for one in patrol.duties),
        until=until,
        requirements=tuple(entry.id for entry in frozen.plan.catalogue),
    )


def joint_group_of(plan: Plan, city: City) -> JointGroupTerms | None:
    """The joint group of a city; None if the plan has none for it."""
    group = plan.joint_groups.get(city.code)
    if group is None:
        return None
    offices = tuple(unit_name(one.name) for one in (group.leader, *group.members))
    return JointGroupTerms(
        title=group.title,
        offices=offices,
        receiver=unit_name(group.receiver.name),
        quorum=group.quorum or len(offices) // 2 + 1,
        resolution=group.resolution,
        acceptance=group.acceptance,
    )


def patrol_until(frozen: FrozenPlan) -> datetime | None:
    """The midnight that ends the patrol's last day; None if the plan has no patrol."""
    plan, patrol = frozen.plan, frozen.plan.patrol
    if patrol is None:
        return None
    if patrol.until is not None:
        return end_of(frozen.calendar, patrol.until)
    assert patrol.lasts is not None  # the model requires one of the two
    last_day = end_of(frozen.calendar, plan.ends_on) - timedelta(microseconds=1)
    return clause_end(frozen.calendar, last_day, patrol.lasts)


def sign_off_of(plan: Plan, site: Site) -> SignOffTerms | None:
    """The sign-off of a site; None if the plan has none, or the register names no department of this site."""
    rule = plan.sign_off
    if rule is None or not site.departments:
        return None
    return SignOffTerms(
        due=rule.due,
        upward=rule.upward or rule.due,
        departments=site.departments,
        lead_government=site.lead_government,
        rungs=_steps(plan, site),
    )


def _steps(plan: Plan, site: Site) -> tuple[int, ...]:
    """The lead government, then each higher level of the city that is another office than the one before."""
    levels = levels_of(plan.city(site.city))
    steps: list[int] = []
    below: tuple[str, ...] | None = None
    if site.lead_government is not None:
        steps, below = [0], (site.lead_government,)
    for rung, level in enumerate(LEVELS[1:], 1):
        if levels[level] != below:
            steps.append(rung)
        below = levels[level]
    return tuple(steps)


def signing_of(plan: Plan) -> SigningTerms | None:
    """How the agencies of a joint plan sign it; None for a plan that one agency issues."""
    agencies = tuple(agency.name for agency in plan.issuing_agencies)
    if len(agencies) < 2:
        return None
    within = plan.signing.within if plan.signing is not None else SigningRule().within
    return SigningTerms(agencies=agencies, within=within.model_copy(update={"name": within.name or "signing.within"}))
