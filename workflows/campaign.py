"""The campaign: issues the plan, starts its cities, anchors the ledger, closes. Rules: `rules.campaign.aggregate`."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from rules.campaign.aggregate import CampaignAggregate, Observation
    from rules.campaign.options.spot_checks import spot_check_terms
    from rules.campaign.state import CampaignState
    from rules.command_results import Outcome
    from rules.effects import (
        AmendCities,
        CountSettled,
        Effect,
        NumberDocuments,
        StartCities,
        StartSpotCheck,
        StopCities,
        TakeAnchor,
        TakeBriefing,
        TakePhaseMeasures,
    )
    from rules.ledger_state import AggregateState
    from rules.terms.plan import city_terms
    from schemas import commands as cmd
    from schemas import work
    from schemas.actor import ENGINE
    from schemas.answers import CampaignView
    from schemas.ledger import RecordBatch
    from schemas.options.briefing import BriefingOrder, BriefingReport
    from schemas.options.phases import PhaseOrder, PhaseReport
    from schemas.starts import CampaignStart, CityStart, SpotCheckStart
    from schemas.streams import city_stream, spot_check_stream
    from workflows.activity_calls import number_order, quick
    from workflows.amendments import amend_cities
    from workflows.campaign_time import CampaignTime, on_clock, time_of
    from workflows.city import CityWorkflow
    from workflows.message_handlers import MessageHandlers
    from workflows.runner import EffectExecutor
    from workflows.spot_check import SpotCheckWorkflow
    from workflows.stepping import messages_of


def _log_failure(child: workflow.ChildWorkflowHandle[Any, Any]) -> None:
    """Log a child that was terminated or failed, within the run that started it.

    Nothing waits for a child; the daily recovery restarts one that is lost.
    """
    if not child.cancelled() and (end := child.exception()) is not None:
        workflow.logger.warning("%s ended before its time: %s", child.id, end.__cause__ or end)


class _CampaignEffects(EffectExecutor):
    def __init__(self, campaign: CampaignAggregate, time: CampaignTime) -> None:
        self._campaign = campaign
        self._time = time

    def record_batch(self, outcome: Outcome) -> RecordBatch:
        return RecordBatch(
            campaign_id=self._campaign.terms.campaign_id,
            subject="campaign",
            city=None,
            entries=tuple(outcome.entries),
            campaign_row=self._campaign.row(),
            notices=tuple(outcome.notices),
            documents=tuple(outcome.documents),
        )

    async def perform(self, effect: Effect) -> Callable[[], Outcome] | None:
        terms = on_clock(self._campaign.terms, self._time)
        observed: Observation
        match effect:
            case StartCities(issued_at):
                await self._start_cities(issued_at)
                return None
            case StopCities(at, reason):
                await self._stop_cities(at, reason)
                return None
            case AmendCities():
                await self._start_cities(effect.at, effect.added)
                await amend_cities(terms, effect)
                return None
            case StartSpotCheck():
                await self._start_spot_check(effect)
                return None
            case TakeAnchor(at):
                order = work.AnchorOrder(
                    campaign_id=terms.campaign_id, at=at, clock=terms.clock, task_queue=workflow.info().task_queue
                )
                observed = await quick("take_anchor", order, work.AnchorReport)
            case CountSettled(at):
                count = work.CountOrder(campaign_id=terms.campaign_id, at=at)
                observed = await quick("count_settled", count, work.CountReport)
            case TakeBriefing(at, week, cutoff, levels):
                briefing = BriefingOrder(campaign_id=terms.campaign_id, week=week, cutoff=cutoff, at=at, levels=levels)
                observed = await quick("take_briefing", briefing, BriefingReport)
            case TakePhaseMeasures(at, phase):
                measure = PhaseOrder(campaign_id=terms.campaign_id, phase=phase, at=at)
                observed = await quick("take_phase_measures", measure, PhaseReport)
            case NumberDocuments():
                observed = await quick("number_documents", number_order(terms.campaign_id, effect), work.Numbered)
            case _:
                raise AssertionError(f"not a campaign's effect: {effect}")
        return lambda: self._campaign.observe(observed, self._time.now())

    async def _start_cities(self, issued_at: datetime, only: Collection[str] | None = None) -> None:
        """Start cities as child workflows with ParentClosePolicy.ABANDON: they outlive a run that continues as new."""
        terms = on_clock(self._campaign.terms, self._time)
        for city in terms.cities:
            if only is not None and city.code not in only:
                continue
            try:
                child = await workflow.start_child_workflow(
                    CityWorkflow.run,
                    CityStart(terms=city_terms(terms, city, issued_at)),
                    id=city_stream(terms.campaign_id, city.code),
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                    static_summary=f"{terms.campaign_id}: {city.name}",
                )
                child.add_done_callback(_log_failure)
            except WorkflowAlreadyStartedError:
                workflow.logger.info("city %s runs already", city.code)

    async def _start_spot_check(self, effect: StartSpotCheck) -> None:
        """Start a spot check with ParentClosePolicy.ABANDON, since it may outlive the campaign."""
        terms = on_clock(self._campaign.terms, self._time)
        try:
            check = await workflow.start_child_workflow(
                SpotCheckWorkflow.run,
                SpotCheckStart(terms=spot_check_terms(terms, effect)),
                id=spot_check_stream(terms.campaign_id, effect.check),
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=f"{terms.campaign_id}: spot check {effect.check}",
            )
            check.add_done_callback(_log_failure)
        except WorkflowAlreadyStartedError:
            workflow.logger.info("spot check %s runs already", effect.check)

    async def _stop_cities(self, at: datetime, reason: str) -> None:
        terms = self._campaign.terms
        for city in terms.cities:
            stream = city_stream(terms.campaign_id, city.code)
            stop = cmd.Stop(command_id=f"{stream}:stop", actor=ENGINE, effective_at=at, reason=reason)
            try:
                await workflow.get_external_workflow_handle(stream).signal("stop", stop)
            except ApplicationError as settled:
                workflow.logger.info("city %s is settled already: %s", city.code, settled)


@workflow.defn(name="CampaignWorkflow")
class CampaignWorkflow(MessageHandlers):
    """Id `campaign/<campaign>`."""

    @workflow.init
    def __init__(self, start: CampaignStart) -> None:
        state = CampaignState.model_validate(start.state) if start.state is not None else None
        campaign = CampaignAggregate(start.terms, state)
        self._campaign = campaign
        self._start = start
        self._time = time_of(start.terms.clock, campaign.stream)
        self._runner = messages_of(
            campaign,
            _CampaignEffects(campaign, self._time),
            self._time,
            cmd.CAMPAIGN_COMMANDS,
            view=lambda now: campaign.view(now).model_dump(mode="json"),
        )

    @workflow.run
    async def run(self, start: CampaignStart) -> str:
        """Run until the closing report is issued; returns `closed` or `stopped`."""
        await self._runner.run(self._continued)
        return self._campaign.state.stage

    def _continued(self, state: AggregateState) -> CampaignStart:
        terms = on_clock(self._start.terms, self._time)
        return self._start.model_copy(update={"terms": terms, "state": state.model_dump(mode="json")})

    @workflow.query
    def status(self) -> CampaignView:
        return self._campaign.view(self._runner.now())
