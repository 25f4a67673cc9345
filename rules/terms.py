"""What a plan comes to for the campaign, a city and a site: clauses turned into absolute instants, once."""

import math
from datetime import datetime, timedelta

from rules.calendar import clause_end, end_of, start_of
from rules.paper_terms import levels_of, papers_of
from rules.units import units_of_city, units_of_plan, units_of_site
from schemas.clock import Clock
from schemas.ladder import Rung
from schemas.plan import CatalogueEntry, FrozenPlan
from schemas.site import Site
from schemas.terms import (
    CampaignTerms,
    CityName,
    CityTerms,
    LevelTerms,
    PhaseTerms,
    Requirement,
    RungTerms,
    SiteTerms,
)

_RECONCILE_REAL_SECONDS = 60
"""However compressed the clock, a city looks for lost sites once a real minute at most: visibility is rate-limited."""


def ends_at(frozen: FrozenPlan) -> datetime:
    """The midnight that ends the campaign's last day."""
    return end_of(frozen.calendar, frozen.plan.ends_on)


def requirements_of(plan_catalogue: tuple[CatalogueEntry, ...], site: Site) -> tuple[Requirement, ...]:
    """The catalogue's entries that apply to a site, with quantities summed over its problems."""
    found = []
    for entry in plan_catalogue:
        if entry.site_types and site.type not in entry.site_types:
            continue
        counts = [p.count for p in site.problems if p.kind in entry.problems]
        if entry.problems and not counts:
            continue
        quantity = entry.quantity * (sum(counts) if entry.problems else 1)
        found.append(Requirement(id=entry.id, quantity=quantity, unit=entry.unit, evidence=entry.evidence))
    return tuple(found)


def campaign_terms(frozen: FrozenPlan, started_at: datetime, clock: Clock) -> CampaignTerms:
    """The terms of a campaign that is started at `started_at`: it is issued at the first office hour, or at once."""
    plan = frozen.plan
    opening = start_of(frozen.calendar, plan.starts_on, frozen.calendar.office.opens)
    return CampaignTerms(
        campaign_id=plan.id,
        plan_digest=frozen.digest,
        issues_at=max(opening, started_at),
        ends_at=ends_at(frozen),
        phases=tuple(
            PhaseTerms(
                id=p.id,
                starts_at=start_of(frozen.calendar, p.starts_on),
                ends_at=end_of(frozen.calendar, p.ends_on),
            )
            for p in plan.phases
        ),
        cities=tuple(
            CityName(code=c.code, name=c.name, levels=levels_of(c), units=units_of_city(plan, c)) for c in plan.cities
        ),
        receipt=plan.clauses.receipt,
        deployment=plan.clauses.deployment,
        deployment_decision=plan.clauses.deployment_decision,
        late_report=plan.clauses.late_report,
        calendar=frozen.calendar,
        clock=clock,
        starts_on=plan.starts_on,
        papers=papers_of(plan),
        briefing=plan.briefing,
        units=units_of_plan(plan),
    )


def city_terms(campaign: CampaignTerms, city: CityName, issued_at: datetime) -> CityTerms:
    """The terms of a city that the plan reached at `issued_at`."""
    days = math.ceil(_RECONCILE_REAL_SECONDS * campaign.clock.rate / timedelta(days=1).total_seconds())
    return CityTerms(
        campaign_id=campaign.campaign_id,
        code=city.code,
        name=city.name,
        issued_at=issued_at,
        receipt_due=clause_end(campaign.calendar, issued_at, campaign.receipt),
        deployment_due=clause_end(campaign.calendar, issued_at, campaign.deployment),
        deployment=campaign.deployment,
        deployment_decision=campaign.deployment_decision,
        late_report=campaign.late_report,
        ends_at=campaign.ends_at,
        reconcile_every_days=max(1, days),
        calendar=campaign.calendar,
        clock=campaign.clock,
        papers=None if campaign.papers is None else campaign.papers.model_copy(update={"levels": city.levels}),
        units=city.units,
    )


def rectification_due(frozen: FrozenPlan, opened_at: datetime) -> datetime:
    """When sites that open at `opened_at` must be rectified: their clause, but not after the campaign."""
    return min(clause_end(frozen.calendar, opened_at, frozen.plan.clauses.rectification), ends_at(frozen))


def site_terms(frozen: FrozenPlan, site: Site, opened_at: datetime | None, clock: Clock) -> SiteTerms:
    """The terms of a site that opens at `opened_at` (None: it never opens and is only carried over)."""
    plan, ends = frozen.plan, ends_at(frozen)
    due = None if opened_at is None else rectification_due(frozen, opened_at)
    return SiteTerms(
        campaign_id=plan.id,
        site_id=site.id,
        city=site.city,
        opened_at=opened_at,
        due=due,
        ends_at=ends,
        requirements=requirements_of(plan.catalogue, site),
        levels=tuple(LevelTerms(id=v.id, due=v.due) for v in plan.verification.levels),
        max_rounds=plan.verification.max_rounds,
        re_rectification=plan.clauses.re_rectification,
        late_report=plan.clauses.late_report,
        reminder_days=plan.reminder_days,
        ladder=tuple(_rung(r) for r in plan.ladder),
        calendar=frozen.calendar,
        clock=clock,
        wake_spread_seconds=plan.wake_spread_minutes * 60,
        office_catch_up=True,
        units=units_of_site(plan, site),
    )


def _rung(rung: Rung) -> RungTerms:
    approval = rung.approver is not None
    return RungTerms(rung=rung.rung, instrument=rung.instrument, after=rung.after, approval=approval)
