"""The naive design: one ordinary activity per transition, which writes the row and its ledger line."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from temporalio import activity, workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from bench.plain_life import PlainSite
    from schemas.command import Command
    from schemas.commands import SITE_COMMANDS, Unreadable
    from schemas.starts import SiteStart
    from storage.connections import Pool
    from workflows.message_parsing import read_command

_ATTEMPT = timedelta(seconds=30)


class Transition(BaseModel):
    """The input of the activity: what it writes."""

    site_id: str
    seq: int
    kind: str
    at: datetime
    received_at: datetime
    actor: str
    data: str
    stage: str
    reports: int
    verdicts: int


class NaiveExecutor:
    """The one activity; one transaction a transition."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @activity.defn(name="transition")
    async def transition(self, t: Transition) -> None:
        """Write a transition; a retry changes nothing."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "insert into plain_ledger values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
                t.site_id, t.seq, t.kind, t.at, t.received_at, t.actor, t.data,
            )  # fmt: skip
            await connection.execute(
                "insert into plain_site values ($1, $2, $3, $4, $5) on conflict (site_id) do update set "
                "stage = $2, reports = $3, verdicts = $4, changed_at = $5",
                t.site_id, t.stage, t.reports, t.verdicts, t.at,
            )  # fmt: skip


@workflow.defn(name="Naive")
class Naive:
    """Executes one activity for each signal."""

    @workflow.init
    def __init__(self, start: SiteStart) -> None:
        terms = start.terms
        self._site = PlainSite(workflow.info().workflow_id, len(terms.requirements), len(terms.levels))
        self._inbox: list[Command] = []

    @workflow.run
    async def run(self, start: SiteStart) -> str:
        await self._write(self._site.open(), start.terms.opened_at or workflow.now(), "engine", "{}")
        while not self._site.closed:
            await workflow.wait_condition(lambda: bool(self._inbox))
            command = self._inbox.pop(0)
            said: dict[str, Any] = command.model_dump(mode="json")
            kind = self._site.take(said["kind"])
            await self._write(kind, command.effective_at, command.actor.id, command.model_dump_json())
        return self._site.stage

    async def _write(self, kind: str, at: datetime, actor: str, data: str) -> None:
        site = self._site
        transition = Transition(
            site_id=site.site_id,
            seq=site.seq,
            kind=kind,
            at=at,
            received_at=workflow.now(),
            actor=actor,
            data=data,
            stage=site.stage,
            reports=site.reports,
            verdicts=site.verdicts,
        )
        await workflow.execute_activity("transition", transition, start_to_close_timeout=_ATTEMPT)

    @workflow.signal(dynamic=True)
    def any_signal(self, name: str, args: Sequence[RawValue]) -> None:
        command = read_command(SITE_COMMANDS, name, args, workflow.now())
        if not isinstance(command, Unreadable):
            self._inbox.append(command)
