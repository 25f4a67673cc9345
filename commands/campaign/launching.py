"""Starting a campaign: plan and register into Postgres in one transaction, then its workflow; once, however often."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Any

from commands.campaign.checking import Sound
from commands.common.connection import Servers
from commands.common.tables import console, counted, facts, local
from rules.terms.plan import ends_at
from runtime.real_time import real_now
from schemas.base import iso_utc
from schemas.clock import Clock
from schemas.errors import NotFound, Refused
from schemas.plan import FrozenPlan
from storage.campaigns import CreateOutcome, read_plan
from storage.connections import Pool


@dataclass(frozen=True)
class Launched:
    """What a start came to: `outcome` is started, completed (it had died half-way) or unchanged."""

    outcome: str
    sound: Sound
    issues_at: datetime

    def as_json(self) -> dict[str, Any]:
        """The object of `start --json`."""
        plan = self.sound.frozen.plan
        return {
            "campaign_id": plan.id,
            "document_number": plan.document_number,
            "outcome": self.outcome,
            "sites": len(self.sound.sites),
            "cities": len(plan.cities),
            "rejected_rows": len(self.sound.rejected),
            "provisional": self.sound.provisional,
            "bad_rows_file": str(self.sound.bad_file) if self.sound.bad_file is not None else None,
            "issues_at": iso_utc(self.issues_at),
        }


async def launch(servers: Servers, sound: Sound) -> Launched:
    """Start what was found sound.

    Raises:
        Refused: the campaign's end has passed, or its id or number belongs to another plan or register.
        Unreachable: Postgres or Temporal does not answer.
    """
    from runtime.campaign_start import start_campaign
    from storage.migrate import migrate

    client = await servers.client()
    await migrate(servers.postgres_url)
    pool = await servers.pool()
    kept = await _kept_plan(pool, sound.frozen.plan.id)
    if kept is None:
        _refuse_ended(sound.frozen)
    # A start that died half-way is completed with the calendar that was frozen then.
    frozen = kept if kept is not None and kept.digest == sound.frozen.digest else sound.frozen
    done = await start_campaign(client, pool, frozen, sound.sites, Clock(), sound.rejected, servers.settings.task_queue)
    outcome = "unchanged"
    if done.started:
        outcome = "started" if done.outcome is CreateOutcome.CREATED else "completed"
    return Launched(outcome, sound, done.issues_at)


def tell_launched(launched: Launched, plan_file: Path) -> None:
    """For people: what happened, and what comes next."""
    sound, plan = launched.sound, launched.sound.frozen.plan
    number = f"{plan.id} ({plan.document_number})"
    headline = {
        "started": f"started: {number}",
        "completed": f"completed: the start of {number} had died half-way; it runs now",
        "unchanged": f"unchanged: {number} was started before with this plan and register; nothing was done",
    }[launched.outcome]
    out = console()
    out.print(headline, style="bold")
    out.print(
        facts(
            [
                ("title", plan.title),
                ("dates", f"{plan.starts_on} to {plan.ends_on}"),
                ("plan goes out", local(launched.issues_at, plan.zone)),
                ("register", f"{counted(len(sound.sites), 'site')} in {counted(len(plan.cities), 'city', 'cities')}"),
                (
                    "left out",
                    f"{counted(len(sound.rejected), 'bad row')}, see {sound.bad_file}" if sound.rejected else None,
                ),
                ("provisional", _provisional(sound, plan_file)),
                ("next", f"starter.py status {plan.id}"),
            ]
        )
    )


def _provisional(sound: Sound, plan_file: Path) -> str | None:
    """That days of the campaign rest on holidays nobody has published yet, and how to see which."""
    if not sound.provisional:
        return None
    plan, until = sound.frozen.plan, sound.frozen.calendar.published_until
    return (
        f"{counted(sound.provisional, 'part')} of the plan can reach days after {until}, whose holidays are not "
        f"published yet; listed by: starter.py check {quote(str(plan_file))} --starts-on {plan.starts_on}"
    )


async def _kept_plan(pool: Pool, campaign_id: str) -> FrozenPlan | None:
    try:
        return await read_plan(pool, campaign_id)
    except NotFound:
        return None


def _refuse_ended(frozen: FrozenPlan) -> None:
    now = real_now()
    if ends_at(frozen) > now:
        return
    today = now.astimezone(frozen.plan.zone).date()
    raise Refused(
        f"campaign {frozen.plan.id} ended on {frozen.plan.ends_on}; it can be rehearsed (starter.py rehearse) "
        f"or begun on another day (--starts-on {today})"
    )
