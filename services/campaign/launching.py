"""Starting a campaign: plan and register into Postgres in one transaction, then its workflow; idempotent."""

from dataclasses import dataclass
from datetime import datetime

from rules.campaign.starting import starter_of
from rules.documents.signatures import agency_of
from rules.terms.options import signing_of
from rules.terms.plan import ends_at
from runtime.real_time import real_now
from schemas.actor import Actor
from schemas.clock import Clock
from schemas.errors import NotFound, Refused
from schemas.local_time import local_day
from schemas.plan import FrozenPlan, Plan
from services.campaign.checking import Sound
from services.common.connection import Servers
from services.common.send_options import SendOptions
from storage.campaigns import CreateOutcome, read_plan
from storage.connections import Pool


@dataclass(frozen=True)
class Launched:
    """The result of a start: `outcome` is started, completed (it had failed half-way) or unchanged."""

    outcome: str
    sound: Sound
    issues_at: datetime
    """When its plan is issued, or if it is joint: at the earliest, since `unsigned` agencies must sign it first."""
    unsigned: tuple[str, ...] = ()


async def launch(servers: Servers, sound: Sound, options: SendOptions) -> Launched:
    """Start a checked campaign, by the actor of `options`.

    Raises:
        UnknownActor: nobody is named who starts it.
        Refused: the actor may not start it, the campaign's end has passed, or its id or number belongs to another plan
            or register. Nothing is written then.
        Unreachable: Postgres or Temporal does not answer.
    """
    from runtime.campaign_start import start_campaign
    from storage.migrate import migrate

    starter = starter_of(sound.frozen.plan, options.actor(servers.settings.actor))
    client = await servers.client()
    await migrate(servers.postgres_url)
    pool = await servers.pool()
    kept = await _kept_plan(pool, sound.frozen.plan.id)
    if kept is None:
        _refuse_ended(sound.frozen)
    # A start that failed half-way is completed with the calendar frozen by it.
    frozen = kept if kept is not None and kept.digest == sound.frozen.digest else sound.frozen
    queue = servers.settings.task_queue
    done = await start_campaign(client, pool, frozen, sound.sites, Clock(), sound.rejected, queue, starter)
    outcome = "unchanged"
    if done.started:
        outcome = "started" if done.outcome is CreateOutcome.CREATED else "completed"
    return Launched(outcome, sound, done.issues_at, _unsigned(frozen.plan, starter) if done.started else ())


def _unsigned(plan: Plan, starter: Actor) -> tuple[str, ...]:
    """The agencies that have to sign the plan after this start."""
    signing = signing_of(plan)
    agencies = signing.agencies if signing is not None else ()
    return tuple(one for one in agencies if one != agency_of(agencies, starter))


async def _kept_plan(pool: Pool, campaign_id: str) -> FrozenPlan | None:
    try:
        return await read_plan(pool, campaign_id)
    except NotFound:
        return None


def _refuse_ended(frozen: FrozenPlan) -> None:
    now = real_now()
    if ends_at(frozen) > now:
        return
    today = local_day(now, frozen.plan.zone)
    raise Refused(
        f"campaign {frozen.plan.id} ended on {frozen.plan.ends_on}; it can be rehearsed (starter.py rehearse) "
        f"or begun on another day (--starts-on {today})"
    )
