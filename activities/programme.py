"""A programme's years: survey the stock, choose sites from it, start the year's campaign, count its result."""

from temporalio import activity
from temporalio.client import Client

from rules.programme.places import places_of, year_plan
from rules.programme.stock import YearChoice, amount_of, choice_of, without
from rules.programme.surveys import changes, merged
from rules.terms.plan import county_names
from runtime.campaign_start import start_campaign
from schemas.programme import FrozenProgramme
from schemas.programme_events import (
    SurveyOrder,
    SurveyTakenReport,
    YearCountedReport,
    YearOrder,
    YearStartedReport,
)
from storage.campaigns import find_campaign
from storage.connections import Pool
from storage.programmes import (
    SurveyAmounts,
    SurveyKey,
    WaitingSite,
    choose,
    chosen_sites,
    read_programme,
    read_survey,
    settle_year,
    stock_rows,
    take_survey,
    totals,
    waiting_sites,
)


class Programmes:
    """The activities of `ProgrammeWorkflow`; each is idempotent."""

    def __init__(self, pool: Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn(name="take_survey")
    async def take_survey(self, order: SurveyOrder) -> SurveyTakenReport:
        """Bring a city's survey of a year into the stock (rules.programme.surveys)."""
        frozen = await read_programme(self._pool, order.programme_id)
        campaign = frozen.years[order.year].plan.id
        key = SurveyKey(order.programme_id, campaign, order.city, order.digest)
        rows, amounts = await read_survey(self._pool, key)
        if amounts is None:
            standing = await stock_rows(self._pool, order.programme_id, [row.id for row in rows])
            waiting = {one.site.id: one.site for one in standing if one.free}
            held = {one.site.id: one.site for one in standing if not one.free}
            changed, *counted = changes(merged(waiting, held, rows))
            amounts = SurveyAmounts(*counted)
            await take_survey(self._pool, key, changed, amounts)
        known = await totals(self._pool, order.programme_id)
        left = without(known.stock, known.treated)
        return SurveyTakenReport(year=order.year, city=order.city, at=order.at, stock=left, **amounts._asdict())

    @activity.defn(name="start_year")
    async def start_year(self, order: YearOrder) -> YearStartedReport:
        """Choose the year's sites from the stock (rules.programme.stock), and start its campaign."""
        frozen = await read_programme(self._pool, order.programme_id)
        own, year = frozen.programme.years[order.year], frozen.years[order.year]
        chosen = await chosen_sites(self._pool, order.programme_id, year.plan.id)
        waiting = await waiting_sites(self._pool, order.programme_id)
        # An interrupted attempt may have stored the choice: the year's stock is then what it took and what it left.
        choice = _choice(frozen, order.year, [*waiting, *chosen])
        if not chosen:
            picked = {site.site_id for site in choice.chosen}
            chosen = [one for one in waiting if one.site.id in picked]
            await choose(self._pool, order.programme_id, year.plan.id, sorted(picked))
        sites = [one.site for one in chosen]
        plan = year_plan(year, own.targets, sites, county_names(year.plan))
        await start_campaign(self._client, self._pool, plan, sites, order.clock, (), order.task_queue)
        stocked = [one.stocked for one in chosen]
        return YearStartedReport(
            year=order.year,
            at=order.at,
            stock=choice.stock,
            target=choice.target,
            chosen=amount_of(stocked),
            carried_over=amount_of(site for site in stocked if site.carried_over),
            places=places_of(plan.plan.targets, sites),
        )

    @activity.defn(name="count_year")
    async def count_year(self, order: YearOrder) -> YearCountedReport:
        """Read whether the year's campaign is over, and the remaining stock."""
        frozen = await read_programme(self._pool, order.programme_id)
        campaign = await find_campaign(self._pool, frozen.years[order.year].plan.id)
        if campaign.closed_at is None:
            return YearCountedReport(year=order.year, at=order.at, over=False)
        ends = await settle_year(self._pool, order.programme_id, campaign.campaign_id)
        return YearCountedReport(year=order.year, at=order.at, over=True, **ends._asdict())


def _choice(frozen: FrozenProgramme, year: int, untreated: list[WaitingSite]) -> YearChoice:
    programme = frozen.programme
    last = year + 1 == len(frozen.years)
    return choice_of([one.stocked for one in untreated], programme.measure, programme.share, last=last)
