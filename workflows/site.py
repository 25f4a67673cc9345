"""One site, from opening to strike-off or carry-over. Its rules are in `rules.site.aggregate`."""

from collections.abc import Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from rules.command_results import Outcome
    from rules.effects import Effect
    from rules.ledger_state import AggregateState
    from rules.site.aggregate import SiteAggregate
    from rules.site.state import SiteState
    from schemas import commands as cmd
    from schemas.answers import SiteView
    from schemas.ledger import RecordBatch
    from schemas.starts import SiteStart
    from workflows.campaign_time import on_clock, time_of
    from workflows.message_handlers import MessageHandlers
    from workflows.runner import EffectExecutor
    from workflows.stepping import messages_of


class _SiteEffects(EffectExecutor):
    def __init__(self, site: SiteAggregate) -> None:
        self._site = site

    def record_batch(self, outcome: Outcome) -> RecordBatch:
        terms = self._site.terms
        return RecordBatch(
            campaign_id=terms.campaign_id,
            subject="site",
            city=terms.city,
            entries=tuple(outcome.entries),
            site=self._site.row(),
            notices=tuple(outcome.notices),
        )

    async def perform(self, effect: Effect) -> Callable[[], Outcome] | None:
        raise AssertionError(f"a site has no effects of its own: {effect}")


@workflow.defn(name="SiteWorkflow")
class SiteWorkflow(MessageHandlers):
    """Id `site/<campaign>/<site>`."""

    @workflow.init
    def __init__(self, start: SiteStart) -> None:
        state = SiteState.model_validate(start.state) if start.state is not None else None
        site = SiteAggregate(start.terms, state)
        self._site = site
        self._start = start
        self._time = time_of(start.terms.clock, site.stream, start.terms.wake_spread_seconds)
        self._runner = messages_of(
            site,
            _SiteEffects(site),
            self._time,
            cmd.SITE_COMMANDS,
            view=lambda now: site.view(now).model_dump(mode="json"),
        )

    @workflow.run
    async def run(self, start: SiteStart) -> str:
        """Run until the site is settled; returns its stage."""
        await self._runner.run(self._continued)
        return self._site.state.stage

    def _continued(self, state: AggregateState) -> SiteStart:
        terms = on_clock(self._start.terms, self._time)
        return self._start.model_copy(update={"terms": terms, "state": state.model_dump(mode="json")})

    @workflow.query
    def status(self) -> SiteView:
        return self._site.view(self._runner.now())
