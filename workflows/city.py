"""One city: receives the plan, deploys, opens its sites, dispatches documents. Rules: `rules.city.aggregate`."""

import dataclasses
from collections.abc import Callable

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from rules.city.aggregate import CityAggregate, Observation
    from rules.city.options.counties.opening import opened_counties
    from rules.city.options.surveys import known_surveys
    from rules.city.state import CityState
    from rules.command_results import Outcome
    from rules.effects import (
        AmendSites,
        Effect,
        GatherNotices,
        NotifyCampaign,
        NotifySites,
        NumberDocuments,
        OpenSites,
        ReconcileSites,
        ReopenSites,
        SettleSites,
        TellSites,
    )
    from rules.ledger_state import AggregateState
    from schemas import commands as cmd
    from schemas import work
    from schemas.amendments import AmendSitesOrder, SitesAmendedReport
    from schemas.answers import CityView
    from schemas.ledger import RecordBatch
    from schemas.options.standstill import SitesToldReport, TellSitesOrder
    from schemas.reopening import ReopenedReport
    from schemas.starts import CityStart
    from schemas.streams import campaign_stream
    from workflows import activity_options as options
    from workflows.activity_calls import number_order, paged, quick, reopen_order
    from workflows.campaign_time import CampaignTime, on_clock, time_of
    from workflows.message_handlers import MessageHandlers
    from workflows.runner import EffectExecutor
    from workflows.stepping import messages_of


class _CityEffects(EffectExecutor):
    def __init__(self, city: CityAggregate, time: CampaignTime) -> None:
        self._city = city
        self._time = time

    def record_batch(self, outcome: Outcome) -> RecordBatch:
        terms = self._city.terms
        return RecordBatch(
            campaign_id=terms.campaign_id,
            subject="city",
            city=terms.code,
            entries=tuple(outcome.entries),
            city_row=self._city.row(),
            documents=tuple(outcome.documents),
            document_rows=tuple(outcome.document_rows.values()),
        )

    async def perform(self, effect: Effect) -> Callable[[], Outcome] | None:
        terms = self._city.terms
        whose = {"campaign_id": terms.campaign_id, "city": terms.code}
        runs = {**whose, "clock": self._time.clock, "task_queue": workflow.info().task_queue}
        observed: Observation
        match effect:
            case OpenSites():
                opening = work.OpenSitesOrder(**runs, **dataclasses.asdict(effect))
                observed = await paged("open_sites", opening, work.SitesOpenedReport)
            case ReconcileSites(at):
                opened_at, surveys = self._city.state.opens_at, known_surveys(terms, self._city.state, at)
                counties = opened_counties(terms, self._city.state)
                check = work.ReconcileOrder(**runs, at=at, opened_at=opened_at, counties=counties, **surveys)
                try:
                    observed = await paged("reconcile_sites", check, work.ReconcileReport, at_most=options.LOOK_AT_MOST)
                except ActivityError as failed:  # this check must not block the city
                    workflow.logger.error("sites could not be reconciled; tomorrow looks again: %s", failed)
                    return None
            case SettleSites(at, reason, again):
                # At the end of the campaign sites carry over by their own deadline; before it they are notified.
                order = work.SettleOrder(**runs, at=at, reason=reason, carry_over=at < terms.ends_at, again=again)
                observed = await paged("settle_sites", order, work.SettledReport)
            case GatherNotices():
                gather = work.GatherOrder(**whose, **dataclasses.asdict(effect))
                observed = await quick("gather_notices", gather, work.Gathered)
            case NumberDocuments():
                observed = await quick("number_documents", number_order(terms.campaign_id, effect), work.Numbered)
            case NotifySites():
                tell = work.NotifyOrder(**whose, **dataclasses.asdict(effect))
                observed = await paged("tell_sites", tell, work.NotifiedReport)
            case ReopenSites():
                observed = await paged("reopen_sites", reopen_order(runs, effect), ReopenedReport)
            case AmendSites(at, amendment):
                amend = AmendSitesOrder(**runs, at=at, amendment=amendment)
                observed = await paged("amend_sites", amend, SitesAmendedReport)
            case TellSites():
                said = {"order": effect.order, "lifted_by": effect.lifted_by, "reason": effect.reason}
                observed = await paged("tell_order", TellSitesOrder(**whose, at=effect.at, **said), SitesToldReport)
            case NotifyCampaign():
                await self._tell_campaign(effect)
                return None
            case _:
                raise AssertionError(f"not a city's effect: {effect}")
        return lambda: self._city.observe(observed, self._time.now())

    async def _tell_campaign(self, effect: NotifyCampaign) -> None:
        """Signal the campaign. If the signal is lost, the daily anchor reads which cities are settled."""
        campaign = workflow.get_external_workflow_handle(campaign_stream(self._city.terms.campaign_id))
        try:
            await campaign.signal(effect.command.kind, effect.command)
        except ApplicationError as gone:
            workflow.logger.warning("the campaign could not be told that its city is settled: %s", gone)


@workflow.defn(name="CityWorkflow")
class CityWorkflow(MessageHandlers):
    """Id `city/<campaign>/<code>`."""

    @workflow.init
    def __init__(self, start: CityStart) -> None:
        state = CityState.model_validate(start.state) if start.state is not None else None
        city = CityAggregate(start.terms, state)
        self._city = city
        self._start = start
        self._time = time_of(start.terms.clock, city.stream)
        self._runner = messages_of(
            city,
            _CityEffects(city, self._time),
            self._time,
            cmd.CITY_COMMANDS,
            view=lambda now: city.view(now).model_dump(mode="json"),
        )

    @workflow.run
    async def run(self, start: CityStart) -> None:
        """Run until the last document of the city is settled."""
        await self._runner.run(self._continued)

    def _continued(self, state: AggregateState) -> CityStart:
        terms = on_clock(self._start.terms, self._time)
        return self._start.model_copy(update={"terms": terms, "state": state.model_dump(mode="json")})

    @workflow.query
    def status(self) -> CityView:
        return self._city.view(self._runner.now())
