"""One spot check: drawn, inspected, enlarged, returned, closed. Its rules are in `rules.spot_check.aggregate`."""

from collections.abc import Callable
from typing import TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from rules.command_results import Outcome
    from rules.effects import DrawSample, Effect, EnlargeSample, ReadBatch, ReopenSites
    from rules.ledger_state import AggregateState
    from rules.spot_check.aggregate import Observation, SpotCheckAggregate
    from rules.spot_check.state import SpotCheckState
    from schemas import commands as cmd
    from schemas import spot_check as sc
    from schemas.base import StoredModel
    from schemas.ledger import RecordBatch
    from schemas.reopening import ReopenedReport
    from schemas.starts import SpotCheckStart
    from workflows import activity_options as options
    from workflows.activity_calls import paged, reopen_order
    from workflows.campaign_time import CampaignTime, on_clock, time_of
    from workflows.message_handlers import MessageHandlers
    from workflows.runner import EffectExecutor
    from workflows.stepping import messages_of

Report = TypeVar("Report", bound=StoredModel)


class _SpotCheckEffects(EffectExecutor):
    def __init__(self, spot_check: SpotCheckAggregate, time: CampaignTime) -> None:
        self._spot_check = spot_check
        self._time = time

    def record_batch(self, outcome: Outcome) -> RecordBatch:
        return RecordBatch(
            campaign_id=self._spot_check.terms.campaign_id,
            subject="spot_check",
            city=self._spot_check.terms.city,
            entries=tuple(outcome.entries),
            notices=tuple(outcome.notices),
        )

    async def perform(self, effect: Effect) -> Callable[[], Outcome] | None:
        t = self._spot_check.terms
        whose = {"campaign_id": t.campaign_id, "check": t.check, "seed": t.seed, "plan": t.plan}
        observed: Observation
        match effect:
            case DrawSample(at):
                observed = await _of_the_frame("draw_sample", sc.DrawOrder(**whose, city=t.city, at=at), sc.DrawReport)
            case EnlargeSample(at, unit):
                enlarge = sc.UnitOrder(**whose, at=at, unit=unit)
                observed = await _of_the_frame("enlarge_sample", enlarge, sc.EnlargeReport)
            case ReadBatch(at, unit):
                observed = await _of_the_frame("read_batch", sc.UnitOrder(**whose, at=at, unit=unit), sc.BatchReport)
            case ReopenSites():
                runs = {
                    "campaign_id": t.campaign_id,
                    "clock": self._time.clock,
                    "task_queue": workflow.info().task_queue,
                }
                await paged("reopen_sites", reopen_order(runs, effect), ReopenedReport)
                return None  # each site records the result in its own ledger
            case _:
                raise AssertionError(f"not a spot check's effect: {effect}")
        return lambda: self._spot_check.observe(observed, self._time.now())


async def _of_the_frame(activity: str, order: StoredModel, report: type[Report]) -> Report:
    """Execute an activity over a whole frame, with unlimited retries."""
    answer: Report = await workflow.execute_activity(
        activity,
        order,
        result_type=report,
        start_to_close_timeout=options.FRAME_ATTEMPT,
        retry_policy=options.FOR_EVER,
    )
    return answer


@workflow.defn(name="SpotCheckWorkflow")
class SpotCheckWorkflow(MessageHandlers):
    """Id `spot-check/<campaign>/<check>`."""

    @workflow.init
    def __init__(self, start: SpotCheckStart) -> None:
        state = SpotCheckState.model_validate(start.state) if start.state is not None else None
        spot_check = SpotCheckAggregate(start.terms, state)
        self._spot_check = spot_check
        self._start = start
        self._time = time_of(start.terms.clock, spot_check.stream)
        self._runner = messages_of(
            spot_check,
            _SpotCheckEffects(spot_check, self._time),
            self._time,
            cmd.SPOT_CHECK_COMMANDS,
            view=lambda now: spot_check.view(now).model_dump(mode="json"),
        )

    @workflow.run
    async def run(self, start: SpotCheckStart) -> None:
        """Run until every site of the sample is inspected, or returned with its batch."""
        await self._runner.run(self._continued)

    def _continued(self, state: AggregateState) -> SpotCheckStart:
        terms = on_clock(self._start.terms, self._time)
        return self._start.model_copy(update={"terms": terms, "state": state.model_dump(mode="json")})

    @workflow.query
    def status(self) -> sc.SpotCheckView:
        return self._spot_check.view(self._runner.now())
