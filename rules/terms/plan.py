"""The terms of a campaign, a city, a site and a programme: the plan's clauses as absolute instants."""

import math
from datetime import datetime, timedelta
from decimal import Decimal

from rules.calendar import clause_ahead, counts_from, due_by, end_of, start_of
from rules.documents.addressing import is_joint
from rules.terms.clause_names import with_names
from rules.terms.counties import counties_of_city, counties_terms, lead_county_of
from rules.terms.documents import document_terms, levels_of, series_of
from rules.terms.options import (
    acceptance_of,
    extension_terms,
    joint_group_of,
    modes_of,
    parts_level_of,
    patrol_of,
    patrol_until,
    police_terms,
    sign_off_of,
    signing_of,
)
from rules.terms.phases import phases_of, within
from rules.terms.responsible import builder_of, responsible_of
from rules.terms.sweep import sweep_of
from rules.terms.units import offices_of_plan, units_of_city, units_of_plan, units_of_site
from rules.terms.variations import grade_of, sampling_of, variations_of, varied
from schemas.actor import Actor, Units
from schemas.calendar import named
from schemas.campaign import CampaignTerms
from schemas.city import CityName, CityTerms
from schemas.clock import Clock
from schemas.ladder import Rung
from schemas.openings import OpenedDue, Opening
from schemas.options.acceptance import EvidenceGate
from schemas.options.phases import Opened
from schemas.phase_end import Within
from schemas.plan import CatalogueEntry, FrozenPlan, Plan
from schemas.programme import FrozenProgramme, ProgrammeTerms, YearTerms
from schemas.quantity import product
from schemas.register import Site
from schemas.site.terms import LevelTerms, Requirement, RungTerms, SiteTerms
from schemas.work import SitesOpenedReport

_RECONCILE_REAL_SECONDS = 60
"""A city looks for lost sites at most once per real minute, on any clock: visibility queries are rate-limited."""


def ends_at(frozen: FrozenPlan) -> datetime:
    """The midnight that ends the campaign's last day."""
    return end_of(frozen.calendar, frozen.plan.ends_on)


def requirements_of(
    plan_catalogue: tuple[CatalogueEntry, ...], site: Site, by_problem: bool = False
) -> tuple[Requirement, ...]:
    """The catalogue's entries that apply to a site, with quantities summed over its problems.

    With closure by problem, an entry for several of a site's problems is one requirement for each, `entry:problem`.
    """
    found: list[Requirement] = []
    for entry in plan_catalogue:
        if entry.site_types and site.type not in entry.site_types:
            continue
        counts: dict[str, Decimal] = {}
        for problem in site.problems:
            if problem.kind in entry.problems:
                counts[problem.kind] = counts.get(problem.kind, Decimal()) + problem.count
        if entry.problems and not counts:
            continue
        if by_problem and len(counts) > 1:
            found.extend(_requirement(entry, f"{entry.id}:{kind}", n, (kind,)) for kind, n in counts.items())
        else:
            found.append(
                _requirement(entry, entry.id, sum(counts.values(), Decimal()) if counts else Decimal(1), tuple(counts))
            )
    return tuple(found)


def _requirement(entry: CatalogueEntry, id_: str, count: Decimal, problems: tuple[str, ...]) -> Requirement:
    return Requirement(
        id=id_,
        quantity=product(entry.quantity, count),
        unit=entry.unit,
        evidence=entry.evidence,
        in_order=entry.evidence_gate is EvidenceGate.IN_ORDER,
        look_back=entry.look_back,
        restoration_modes=tuple(mode.value for mode in entry.restoration_modes),
        funding_modes=tuple(mode.value for mode in entry.funding_modes),
        problems=problems,
    )


def campaign_terms(
    frozen: FrozenPlan, started_at: datetime, clock: Clock, started_by: Actor | None = None
) -> CampaignTerms:
    """The terms of a campaign that is started at `started_at`: it is issued at once or at the next office hour.

    A joint plan is issued when all its agencies have signed it.
    """
    plan = with_names(frozen)
    opening = start_of(frozen.calendar, plan.starts_on, frozen.calendar.office.opens)
    return CampaignTerms(
        campaign_id=plan.id,
        plan_digest=frozen.digest,
        issues_at=max(opening, started_at),
        ends_at=ends_at(frozen),
        phases=phases_of(frozen),
        cities=city_names(plan),
        receipt=plan.clauses.receipt,
        deployment=plan.clauses.deployment,
        deployment_decision=plan.clauses.deployment_decision,
        late_report=plan.clauses.late_report,
        amendment=frozen.amendment,
        calendar=frozen.calendar,
        clock=clock,
        starts_on=plan.starts_on,
        surveys=plan.survey is not None,
        documents=document_terms(plan),
        briefing=plan.briefing,
        spot_check=sampling_of(plan),
        units=_units_of_campaign(plan),
        opinion=plan.opinion,
        patrol=patrol_of(frozen),
        targets=plan.targets,
        county_deployment=plan.county_deployment,
        signing=signing_of(plan),
        started_at=started_at,
        started_by=started_by,
        daily_list=plan.grading is not None and plan.grading.daily_list,
    )


def _units_of_campaign(plan: Plan) -> Units:
    """Those of the province; a spot check compares its inspectors with all offices that may have worked."""
    units = units_of_plan(plan)
    return units if plan.spot_check is None else units.model_copy(update={"aliases": offices_of_plan(plan)})


def city_terms(
    campaign: CampaignTerms, city: CityName, issued_at: datetime, heard_at: datetime | None = None
) -> CityTerms:
    """The terms of a city to which the plan was issued at `issued_at`; nothing is due before `heard_at`, if given."""
    known = heard_at or issued_at
    days = math.ceil(_RECONCILE_REAL_SECONDS * campaign.clock.rate / timedelta(days=1).total_seconds())
    return CityTerms(
        campaign_id=campaign.campaign_id,
        code=city.code,
        name=city.name,
        issued_at=issued_at,
        receipt_due=clause_ahead(campaign.calendar, issued_at, known, campaign.receipt),
        deployment_due=clause_ahead(campaign.calendar, issued_at, known, campaign.deployment),
        receipt=campaign.receipt,
        deployment=campaign.deployment,
        amendment=campaign.amendment,
        deployment_decision=campaign.deployment_decision,
        late_report=campaign.late_report,
        ends_at=campaign.ends_at,
        reconcile_every_days=max(1, days),
        calendar=campaign.calendar,
        clock=campaign.clock,
        surveys=campaign.surveys,
        documents=campaign.documents.model_copy(update={"levels": city.levels}),
        units=city.units,
        opinion=campaign.opinion,
        patrol=campaign.patrol,
        joint_group=city.joint_group,
        counties=counties_terms(campaign.county_deployment, city.counties),
        daily_list=campaign.daily_list,
        sweep=city.sweep,
    )


def rectification_clause(plan: Plan, survey: str | None) -> Within:
    """The clause of the first register's sites, or of those that a survey added."""
    if survey is not None and plan.survey is not None and plan.survey.rectification is not None:
        return within(plan, plan.survey.rectification, Opened.WORKS)
    return within(plan, plan.clauses.rectification, Opened.WORKS)


def rectification_due(frozen: FrozenPlan, opened_at: datetime, survey: str | None = None) -> datetime:
    """The general rectification deadline of sites opened at `opened_at`, at most the campaign's end."""
    return min(due_by(frozen.calendar, opened_at, rectification_clause(frozen.plan, survey)), ends_at(frozen))


def opening_clause(frozen: FrozenPlan, opened_at: datetime, site: Site) -> Within:
    """The rectification clause of a site that opens at `opened_at`: its narrowest variation, else the general one."""
    plan = with_names(frozen)
    general, found = rectification_clause(plan, site.survey), None
    if plan.variations and (grade := grade_of(plan, site)) is not None:
        since = counts_from(opened_at, general)
        found = varied(variations_of(frozen, site), grade.hazard.value, since, "rectification")
    return found or general


def opened_report(frozen: FrozenPlan, at: datetime, order: Opening) -> SitesOpenedReport:
    """What is reported of an opening before its first site: the general deadline."""
    survey = order.survey
    clauses = named(due=rectification_clause(with_names(frozen), survey))
    due = rectification_due(frozen, at, survey)
    return SitesOpenedReport(sites=0, due=due, survey=survey, county=order.county, clauses=clauses)


def with_opened(report: SitesOpenedReport, terms: SiteTerms, clause: Within) -> SitesOpenedReport:
    """The report with one more site; `clause` is that of its rectification."""
    its_own, varied_dues = named(due=clause), list(report.varied)
    if its_own != report.clauses and terms.due is not None:
        at = next((n for n, one in enumerate(varied_dues) if (one.due, one.clauses) == (terms.due, its_own)), None)
        if at is None:
            varied_dues.append(OpenedDue(sites=1, due=terms.due, clauses=its_own))
        else:
            varied_dues[at] = varied_dues[at].model_copy(update={"sites": varied_dues[at].sites + 1})
    varied_dues.sort(key=lambda one: (one.due, one.clauses["due"].name))
    return report.model_copy(update={"sites": report.sites + 1, "varied": tuple(varied_dues)})


def site_terms(frozen: FrozenPlan, site: Site, opened_at: datetime | None, clock: Clock) -> SiteTerms:
    """The terms of a site that opens at `opened_at` (None: it never opens and is only carried over)."""
    plan, ends = with_names(frozen), ends_at(frozen)
    due = None
    if opened_at is not None:
        due = min(due_by(frozen.calendar, opened_at, opening_clause(frozen, opened_at, site)), ends)
    return SiteTerms(
        campaign_id=plan.id,
        site_id=site.id,
        city=site.city,
        opened_at=opened_at,
        due=due,
        rectification=rectification_clause(plan, site.survey),
        ends_at=ends,
        requirements=requirements_of(plan.catalogue, site, parts_level_of(plan.verification) is not None),
        levels=tuple(LevelTerms(id=v.id, due=v.due) for v in plan.verification.levels),
        max_rounds=plan.verification.max_rounds,
        re_rectification=within(plan, plan.clauses.re_rectification),
        refuse_beyond=plan.reporting.refuse_beyond if plan.reporting is not None else None,
        late_report=plan.clauses.late_report,
        work_counts_suspended=plan.suspension is not None and plan.suspension.work_counts,
        reminder_days=plan.reminder_days,
        ladder=tuple(_rung(plan, r) for r in plan.ladder),
        calendar=frozen.calendar,
        clock=clock,
        wake_spread_seconds=plan.wake_spread_minutes * 60,
        amendment=frozen.amendment,
        modes=modes_of(plan, site),
        costs=plan.costs is not None,
        acceptance=acceptance_of(plan, site),
        units=units_of_site(plan, site),
        extension=extension_terms(plan.extension),
        police=police_terms(plan, site),
        sign_off=sign_off_of(plan, site),
        builder=builder_of(plan, site),
        responsible=responsible_of(plan, site),
        relapse=plan.patrol.relapse if plan.patrol is not None else None,
        patrol_until=patrol_until(frozen),
        lead_county=lead_county_of(plan, site),
        grade=grade_of(plan, site),
        variations=variations_of(frozen, site),
    )


def _rung(plan: Plan, rung: Rung) -> RungTerms:
    """A site waits at a rung whose document is a draft first."""
    approval = rung.approver is not None or is_joint(plan, rung.instrument)
    return RungTerms(rung=rung.rung, instrument=rung.instrument, after=rung.after, approval=approval)


def programme_terms(frozen: FrozenProgramme, clock: Clock) -> ProgrammeTerms:
    """The terms of a programme: each year starts at 00:00 of its first day and ends with its plan's last day."""
    first = frozen.years[0]
    return ProgrammeTerms(
        programme_id=frozen.programme.id,
        digest=frozen.digest,
        share=frozen.programme.share,
        measure=frozen.programme.measure,
        ends_at=end_of(first.calendar, frozen.programme.ends_on),
        years=tuple(
            YearTerms(
                campaign_id=year.plan.id,
                starts_at=start_of(year.calendar, year.plan.starts_on),
                ends_at=ends_at(year),
                survey_due=end_of(year.calendar, own.survey.until) if own.survey is not None else None,
            )
            for own, year in zip(frozen.programme.years, frozen.years, strict=True)
        ),
        calendar=first.calendar,
        clock=clock,
        units=units_of_plan(first.plan),
        cities=city_names(first.plan),
        counties=county_names(first.plan),
        survey_grace=frozen.programme.survey.grace if frozen.programme.survey is not None else None,
        language=first.plan.language,
        series=series_of(first.plan, None),
    )


def city_names(plan: Plan) -> tuple[CityName, ...]:
    """The cities of a plan with their units."""
    return tuple(
        CityName(
            code=c.code,
            name=c.name,
            levels=levels_of(c),
            units=units_of_city(plan, c),
            joint_group=joint_group_of(plan, c),
            counties=counties_of_city(plan, c),
            sweep=sweep_of(plan, c),
        )
        for c in plan.cities
    )


def county_names(plan: Plan) -> dict[str, str]:
    """County as the register has it to its name, where the plan's targets name it."""
    cities = plan.targets.cities if plan.targets is not None else ()
    return {county.code: county.name for city in cities for county in city.counties if county.name is not None}
