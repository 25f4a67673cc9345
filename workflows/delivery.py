"""The delivery of one document (id `delivery/<document key>`) through each of its channels."""

import asyncio
from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from rules.authority import require_authority
    from schemas.actor import Units
    from schemas.answers import Answer, Verdict
    from schemas.command import Command
    from schemas.commands import DELIVERY_COMMANDS, Unreadable
    from schemas.documents.delivery import (
        Delivered,
        DeliveryFailure,
        DeliveryStart,
        DeliveryView,
        Receipt,
        Resend,
        SendOrder,
    )
    from schemas.documents.document import DeliveryState, DocumentState
    from schemas.errors import Refused
    from workflows.activity_options import DELIVERY_ATTEMPT, DELIVERY_HEARTBEAT, DELIVERY_RETRY
    from workflows.message_parsing import read_command

_NO_UNITS = Units()
"""The authority of `resend` depends on the role alone; a delivery does not know the units of its document."""
_REMEMBERED = 100
"""How many refused messages and command ids are kept."""


@workflow.defn
class DeliveryWorkflow:
    """Delivers one document through each channel independently; a failed channel waits for `resend`."""

    @workflow.init
    def __init__(self, start: DeliveryStart) -> None:
        self._start = start
        self._receipts: dict[str, Receipt] = {}
        self._dead: dict[str, str] = {}
        self._again: set[str] = set()
        self._processed: list[str] = []
        self._refused: list[dict[str, str]] = []

    @workflow.run
    async def run(self, start: DeliveryStart) -> Delivered:
        """Completes when every channel accepted the document. On cancellation the channels not sent yet fail."""
        try:
            await asyncio.gather(*(self._through(channel) for channel in start.channels))
            await workflow.wait_condition(workflow.all_handlers_finished)
        except (asyncio.CancelledError, ActivityError) as error:
            if not is_cancelled_exception(error):
                raise
            return await self._cancelled()
        return self._outcome(DocumentState.SENT)

    async def _through(self, channel: str) -> None:
        """Send through one channel, again after each `resend`, until it accepts the document."""
        while channel not in self._receipts:
            try:
                self._receipts[channel] = await workflow.execute_activity(
                    "send_document",
                    SendOrder(key=self._start.key, channel=channel),
                    task_queue=self._start.queue,
                    start_to_close_timeout=DELIVERY_ATTEMPT,
                    heartbeat_timeout=DELIVERY_HEARTBEAT,
                    retry_policy=DELIVERY_RETRY,
                    result_type=Receipt,
                )
            except ActivityError as error:
                if is_cancelled_exception(error):
                    raise
                cause = error.cause
                await self._fail(channel, cause.message if isinstance(cause, ApplicationError) else str(cause or error))
                await workflow.wait_condition(lambda: channel in self._again)
                self._again.discard(channel)

    async def _fail(self, channel: str, reason: str) -> None:
        """Record the failure in its row before `resend` is accepted for the channel."""
        await workflow.execute_activity(
            "fail_delivery",
            DeliveryFailure(key=self._start.key, channel=channel, reason=reason),
            task_queue=self._start.queue,
            start_to_close_timeout=DELIVERY_ATTEMPT,
            retry_policy=DELIVERY_RETRY,
        )
        self._dead[channel] = reason

    async def _cancelled(self) -> Delivered:
        for channel in self._start.channels:
            if channel not in self._receipts and channel not in self._dead:
                await self._fail(channel, "its delivery was cancelled")
        reason = "; ".join(self._dead[channel] for channel in self._start.channels if channel in self._dead)
        return self._outcome(DocumentState.FAILED, reason)

    def _outcome(self, state: DocumentState, reason: str | None = None) -> Delivered:
        receipts = tuple(self._receipts[channel] for channel in self._start.channels if channel in self._receipts)
        return Delivered(key=self._start.key, state=state, receipts=receipts, reason=reason)

    # -- messages --------------------------------------------------------------------------------------------------

    @workflow.update
    async def resend(self, raw: RawValue) -> Answer:
        """Send again through one failed channel, or through all of them."""
        command = self._read((raw,))
        duplicate = command.command_id in self._processed
        reason = None if duplicate else self._decide_command(command)
        if reason is not None:
            raise ApplicationError(reason, type="Refused", non_retryable=True)
        verdict = Verdict.DUPLICATE if duplicate else Verdict.ACCEPTED
        return Answer(command_id=command.command_id, verdict=verdict, state=self.status().model_dump(mode="json"))

    @resend.validator
    def _may_resend(self, raw: RawValue) -> None:
        command = self._read((raw,))
        if isinstance(command, Unreadable):
            raise ApplicationError(command.reason, type="InvalidInput", non_retryable=True)
        reason = None if command.command_id in self._processed else self._refusal(command)
        if reason is not None:
            raise ApplicationError(reason, type="Refused", non_retryable=True)

    @workflow.signal(dynamic=True)
    def any_signal(self, name: str, args: Sequence[RawValue]) -> None:
        """`resend` as a signal; what is refused or is no command is kept in `refused`."""
        command = self._read(args, name)
        reason = None if command.command_id in self._processed else self._decide_command(command)
        if reason is not None:
            refused = {"command_id": command.command_id, "kind": name[:64], "reason": reason}
            self._refused = [*self._refused, refused][-_REMEMBERED:]

    @workflow.query
    def status(self) -> DeliveryView:
        """The state and the last result of each channel, and the refused messages."""
        states = {channel: self._state(channel) for channel in self._start.channels}
        results = {channel: receipt.result for channel, receipt in self._receipts.items()} | self._dead
        return DeliveryView(key=self._start.key, channels=states, results=results, refused=tuple(self._refused))

    def _state(self, channel: str) -> DeliveryState:
        if channel in self._receipts:
            return DeliveryState.SENT
        return DeliveryState.FAILED if channel in self._dead else DeliveryState.WAITING

    def _read(self, args: Sequence[RawValue], name: str = "resend") -> Command | Unreadable:
        return read_command(DELIVERY_COMMANDS, name, args, workflow.now())

    def _decide_command(self, command: Command | Unreadable) -> str | None:
        """Send the dead letters again; returns the reason if that is refused."""
        reason = self._refusal(command)
        if reason is None:
            self._processed = [*self._processed, command.command_id][-_REMEMBERED:]
            for channel in self._meant(command):
                del self._dead[channel]
                self._again.add(channel)
        return reason

    def _meant(self, command: Command | Unreadable) -> list[str]:
        wanted = command.channel if isinstance(command, Resend) else None
        return [channel for channel in self._start.channels if channel in self._dead and wanted in (None, channel)]

    def _refusal(self, command: Command | Unreadable) -> str | None:
        """The reason for refusing this command; None if it is accepted."""
        if not isinstance(command, Resend):
            return command.reason if isinstance(command, Unreadable) else f"there is no command {command.command_id!r}"
        try:
            require_authority(command.actor, command.kind, _NO_UNITS)
        except Refused as refused:
            return str(refused)
        if self._meant(command):
            return None
        if command.channel is not None and command.channel not in self._start.channels:
            return f"this document does not go through {command.channel}; it goes through: {self._standing()}"
        if all(channel in self._receipts for channel in self._start.channels):
            return f"nothing to send again: every channel took it ({self._standing()})"
        return f"nothing to send again: {self._standing()}"

    def _standing(self) -> str:
        """The state of each channel as a text."""
        texts = []
        for channel in self._start.channels:
            if (receipt := self._receipts.get(channel)) is not None:
                texts.append(f"{channel} took it on {receipt.on}" if receipt.on else f"{channel} took it")
            else:
                texts.append(f"{channel} {'failed' if channel in self._dead else 'is still being tried by itself'}")
        return "; ".join(texts)
