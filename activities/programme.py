"""A programme's years: choose sites from the stock, start the year's campaign, count its result."""

from decimal import Decimal

from temporalio import activity
from temporalio.client import Client

from rules.programme.stock import amount_of, chosen_of, measured, target_of
from runtime.campaign_start import start_campaign
from schemas.programme import Stocked, YearCountedReport, YearOrder, YearStartedReport
from storage.campaigns import find_campaign
from storage.connections import Pool
from storage.programmes import (
    Totals,
    choose,
    chosen_sites,
    read_programme,
    settle_year,
    totals,
    waiting_sites,
)


class Programmes:
    """The activities of `ProgrammeWorkflow`; each is idempotent."""

    def __init__(self, pool: Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn(name="start_year")
    async def start_year(self, order: YearOrder) -> YearStartedReport:
        """Choose the year's sites from the stock (rules.programme.stock), and start its campaign."""
        frozen = await read_programme(self._pool, order.programme_id)
        programme, year = frozen.programme, frozen.years[order.year]
        campaign = year.plan.id
        known = await totals(self._pool, order.programme_id)
        target = target_of(measured(known.stock, programme.measure), programme.share, order.year, len(frozen.years))
        chosen = await chosen_sites(self._pool, order.programme_id, campaign)
        if not chosen:
            missing = target - measured(known.treated, programme.measure)
            waiting = {w.site.id: w for w in await waiting_sites(self._pool, order.programme_id)}
            picked = chosen_of((w.stocked for w in waiting.values()), programme.measure, missing)
            chosen = [waiting[site.site_id] for site in picked]
            # An interrupted attempt may have stored it in the year's campaign: then the same sites are chosen again.
            await choose(self._pool, order.programme_id, campaign, [w.site.id for w in chosen])
        await start_campaign(
            self._client, self._pool, year, [w.site for w in chosen], order.clock, (), order.task_queue
        )
        return _started(order, known, target, [w.stocked for w in chosen])

    @activity.defn(name="count_year")
    async def count_year(self, order: YearOrder) -> YearCountedReport:
        """Read whether the year's campaign is over, and the remaining stock."""
        frozen = await read_programme(self._pool, order.programme_id)
        campaign = await find_campaign(self._pool, frozen.years[order.year].plan.id)
        if campaign.closed_at is None:
            return YearCountedReport(year=order.year, at=order.at, over=False)
        ends = await settle_year(self._pool, order.programme_id, campaign.campaign_id)
        return YearCountedReport(year=order.year, at=order.at, over=True, **ends._asdict())


def _started(order: YearOrder, known: Totals, target: Decimal, chosen: list[Stocked]) -> YearStartedReport:
    return YearStartedReport(
        year=order.year,
        at=order.at,
        stock=known.stock,
        target=target,
        chosen=amount_of(chosen),
        carried_over=amount_of(site for site in chosen if site.carried_over),
    )
