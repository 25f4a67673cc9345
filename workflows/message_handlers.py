"""The messages of every workflow around an aggregate: each command is an update and, by the same name, a signal."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from schemas.answers import Answer
    from workflows.stepping import Messages


class MessageHandlers:
    """The messages of a workflow: `schemas.commands` lists the commands, and the aggregate decides them.

    One dynamic handler takes all of them, so that a new command needs no edit in a workflow.
    """

    _runner: Messages

    @workflow.signal(dynamic=True)
    def any_signal(self, name: str, args: Sequence[RawValue]) -> None:
        """Every command as a signal, without an answer; an unknown one is recorded as refused."""
        self._runner.signal(name, args)

    @workflow.update(dynamic=True)
    async def any_update(self, name: str, args: Sequence[RawValue]) -> Answer:
        """Every command as an update; the answer is its result."""
        return await self._runner.ask(name, args)

    @any_update.validator
    def _may_update(self, name: str, args: Sequence[RawValue]) -> None:
        self._runner.validate(name, args)
