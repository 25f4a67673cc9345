"""The bare workflow: the same input and messages with the same parsing; it counts the messages and ends."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from bench.life import MESSAGES
    from schemas.commands import SITE_COMMANDS, Unreadable
    from schemas.starts import SiteStart
    from workflows.message_parsing import read_command


@workflow.defn(name="Skeleton")
class Skeleton:
    """What Temporal and the parsing of commands cost by themselves: no rules, no timer, no effects, no validators."""

    @workflow.init
    def __init__(self, start: SiteStart) -> None:
        self._counted = 0

    @workflow.run
    async def run(self, start: SiteStart) -> int:
        await workflow.wait_condition(lambda: self._counted >= MESSAGES and workflow.all_handlers_finished())
        return self._counted

    def _count(self, name: str, args: Sequence[RawValue]) -> int:
        if not isinstance(read_command(SITE_COMMANDS, name, args, workflow.now()), Unreadable):
            self._counted += 1
        return self._counted

    @workflow.signal(dynamic=True)
    def any_signal(self, name: str, args: Sequence[RawValue]) -> None:
        self._count(name, args)

    @workflow.update
    async def complete_task(self, command: RawValue) -> int:
        return self._count("complete_task", (command,))

    @workflow.update
    async def verify(self, command: RawValue) -> int:
        return self._count("verify", (command,))
