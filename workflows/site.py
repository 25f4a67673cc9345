"""One site, from opening to strike-off or carry-over. Its life is in `rules.lifecycle`."""

from collections.abc import Callable, Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from rules.core import CoreState, Outcome
    from rules.effects import Effect
    from rules.lifecycle import SiteCase
    from rules.site_state import SiteState
    from schemas import commands as cmd
    from schemas.answers import Answer, SiteView
    from schemas.ledger import Burst
    from schemas.starts import SiteStart
    from workflows.shell import Shell


class _SiteHands:
    def __init__(self, case: SiteCase) -> None:
        self._case = case

    def burst(self, outcome: Outcome) -> Burst:
        terms = self._case.terms
        return Burst(
            campaign_id=terms.campaign_id,
            subject="site",
            city=terms.city,
            entries=tuple(outcome.entries),
            site=self._case.row(),
            notices=tuple(outcome.notices),
        )

    async def perform(self, effect: Effect) -> Callable[[], Outcome] | None:
        raise AssertionError(f"a site has no effects of its own: {effect}")


@workflow.defn(name="SiteWorkflow")
class SiteWorkflow:
    """Id `site/<campaign>/<site>`. Every command is an update and, by the same name, a signal."""

    @workflow.init
    def __init__(self, start: SiteStart) -> None:
        state = SiteState.model_validate(start.state) if start.state is not None else None
        case = SiteCase(start.terms, state)
        self._case = case
        self._start = start
        self._shell = Shell(
            case,
            _SiteHands(case),
            start.terms.clock,
            cmd.SITE_COMMANDS,
            view=lambda now: case.view(now).model_dump(mode="json"),
            wake_spread_seconds=start.terms.wake_spread_seconds,
        )

    @workflow.run
    async def run(self, start: SiteStart) -> str:
        """Returns the stage in which the site settled."""
        await self._shell.run(self._continued)
        return self._case.state.stage

    def _continued(self, state: CoreState) -> SiteStart:
        return self._start.model_copy(update={"state": state.model_dump(mode="json")})

    @workflow.query
    def status(self) -> SiteView:
        return self._case.view(self._shell.now())

    @workflow.signal(dynamic=True)
    def any_signal(self, name: str, args: Sequence[RawValue]) -> None:
        """Every command as a signal; what is no command is recorded as refused."""
        self._shell.signal(name, args)

    @workflow.update
    async def complete_task(self, command: RawValue) -> Answer:
        """So much of a requirement was done: schemas.commands.CompleteTask."""
        return await self._shell.ask("complete_task", command)

    @complete_task.validator
    def _may_complete_task(self, command: RawValue) -> None:
        self._shell.validate("complete_task", command)

    @workflow.update
    async def verify(self, command: RawValue) -> Answer:
        """A level's verdict: schemas.commands.Verify."""
        return await self._shell.ask("verify", command)

    @verify.validator
    def _may_verify(self, command: RawValue) -> None:
        self._shell.validate("verify", command)

    @workflow.update
    async def extend(self, command: RawValue) -> Answer:
        """A granted extension: schemas.commands.Extend."""
        return await self._shell.ask("extend", command)

    @extend.validator
    def _may_extend(self, command: RawValue) -> None:
        self._shell.validate("extend", command)

    @workflow.update
    async def suspend(self, command: RawValue) -> Answer:
        """Work and deadlines stand still: schemas.commands.Suspend."""
        return await self._shell.ask("suspend", command)

    @suspend.validator
    def _may_suspend(self, command: RawValue) -> None:
        self._shell.validate("suspend", command)

    @workflow.update
    async def resume(self, command: RawValue) -> Answer:
        """Work goes on: schemas.commands.Resume."""
        return await self._shell.ask("resume", command)

    @resume.validator
    def _may_resume(self, command: RawValue) -> None:
        self._shell.validate("resume", command)

    @workflow.update
    async def carry_over(self, command: RawValue) -> Answer:
        """The site leaves the campaign unfinished: schemas.commands.CarryOver."""
        return await self._shell.ask("carry_over", command)

    @carry_over.validator
    def _may_carry_over(self, command: RawValue) -> None:
        self._shell.validate("carry_over", command)
