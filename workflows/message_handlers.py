"""What every workflow around a core hears: each command is an update and, by the same name, a signal."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from schemas.answers import Answer
    from workflows.stepping import Messages


class MessageHandlers:
    """The messages of a workflow: which commands there are, `schemas.commands` says, and the core judges them.

    One handler takes them all, so that a command is added in one place: where its rule is.
    """

    _shell: Messages

    @workflow.signal(dynamic=True)
    def any_signal(self, name: str, args: Sequence[RawValue]) -> None:
        """Every command as a signal, for those who do not wait; what is no command is recorded as refused."""
        self._shell.signal(name, args)

    @workflow.update(dynamic=True)
    async def any_update(self, name: str, args: Sequence[RawValue]) -> Answer:
        """Every command as an update: the answer says what became of it."""
        return await self._shell.ask(name, args)

    @any_update.validator
    def _may_update(self, name: str, args: Sequence[RawValue]) -> None:
        self._shell.validate(name, args)
