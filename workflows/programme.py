"""A programme over years: a campaign each year, from one stock. Its rules are in `rules.programme.aggregate`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from rules.command_results import Outcome
    from rules.effects import CountYear, Effect, NumberDocuments, StartYear, TakeSurvey
    from rules.ledger_state import AggregateState
    from rules.programme.aggregate import Observation, ProgrammeAggregate
    from rules.programme.state import ProgrammeState
    from schemas import commands as cmd
    from schemas.ledger import RecordBatch
    from schemas.programme_events import (
        SurveyOrder,
        SurveyTakenReport,
        YearCountedReport,
        YearOrder,
        YearStartedReport,
    )
    from schemas.starts import ProgrammeStart
    from schemas.work import Numbered
    from workflows.activity_calls import number_order, paged, quick
    from workflows.campaign_time import CampaignTime, on_clock, time_of
    from workflows.message_handlers import MessageHandlers
    from workflows.runner import EffectExecutor
    from workflows.stepping import messages_of


class _ProgrammeEffects(EffectExecutor):
    def __init__(self, programme: ProgrammeAggregate, time: CampaignTime) -> None:
        self._programme = programme
        self._time = time

    def record_batch(self, outcome: Outcome) -> RecordBatch:
        return RecordBatch(
            campaign_id=self._programme.terms.programme_id,
            subject="programme",
            city=None,
            entries=tuple(outcome.entries),
            documents=tuple(outcome.documents),
        )

    async def perform(self, effect: Effect) -> Callable[[], Outcome] | None:
        observed: Observation
        match effect:
            case TakeSurvey(at, year, city, digest):
                survey = SurveyOrder(
                    programme_id=self._programme.terms.programme_id, year=year, city=city, digest=digest, at=at
                )
                observed = await paged("take_survey", survey, SurveyTakenReport)
            case StartYear(at, year):
                observed = await paged("start_year", self._order(at, year), YearStartedReport)
            case CountYear(at, year):
                observed = await quick("count_year", self._order(at, year), YearCountedReport)
            case NumberDocuments():
                order = number_order(self._programme.terms.programme_id, effect)
                observed = await quick("number_documents", order, Numbered)
            case _:
                raise AssertionError(f"not a programme's effect: {effect}")
        return lambda: self._programme.observe(observed, self._time.now())

    def _order(self, at: datetime, year: int) -> YearOrder:
        terms = self._programme.terms
        return YearOrder(
            programme_id=terms.programme_id,
            year=year,
            at=at,
            clock=self._time.clock,
            task_queue=workflow.info().task_queue,
        )


@workflow.defn(name="ProgrammeWorkflow")
class ProgrammeWorkflow(MessageHandlers):
    """Id `programme/<programme>`."""

    @workflow.init
    def __init__(self, start: ProgrammeStart) -> None:
        state = ProgrammeState.model_validate(start.state) if start.state is not None else None
        programme = ProgrammeAggregate(start.terms, state)
        self._programme = programme
        self._start = start
        self._time = time_of(start.terms.clock, programme.stream)
        executor = _ProgrammeEffects(programme, self._time)
        self._runner = messages_of(programme, executor, self._time, cmd.PROGRAMME_COMMANDS, view=programme.view)

    @workflow.run
    async def run(self, start: ProgrammeStart) -> None:
        """Run until the campaign of the last year has ended and is counted."""
        await self._runner.run(self._continued)

    def _continued(self, state: AggregateState) -> ProgrammeStart:
        terms = on_clock(self._start.terms, self._time)
        return self._start.model_copy(update={"terms": terms, "state": state.model_dump(mode="json")})

    @workflow.query
    def status(self) -> dict[str, Any]:
        """The state of the programme (rules.programme.aggregate.ProgrammeAggregate.view)."""
        return self._programme.view(self._runner.now())
