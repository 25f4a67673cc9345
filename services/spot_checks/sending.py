"""Sending a command to a spot check."""

from collections.abc import Sequence
from dataclasses import replace

from rules.site.aggregate import SiteAggregate
from rules.site.work import in_force
from schemas.actor import Actor, Role
from schemas.command import Command
from schemas.errors import Refused
from schemas.spot_check import Inspect
from schemas.streams import site_stream
from services.amendments.preview import site_as_amended
from services.common.connection import Servers
from services.common.send_options import SendOptions
from services.common.sending import Sent, send
from services.spot_checks.subjects import SpotCheckSubject, spot_check_subject
from storage.amendments import plan_versions
from storage.connections import Pool
from storage.ledger import read_stream
from storage.register import read_site


async def send_to_spot_check(
    servers: Servers, campaign: str, check: str, model: type[Command], options: SendOptions
) -> Sent:
    """Send a command without further content to a spot check."""
    return await _send(servers, await spot_check_subject(await servers.pool(), campaign, check), model, options)


async def inspect_site(
    servers: Servers,
    campaign: str,
    check: str,
    options: SendOptions,
    *,
    site: str,
    passed: bool,
    opinion: str | None,
    failed_requirements: Sequence[str],
) -> Sent:
    """Report an inspection. Refused if the site never had a requirement that is to be done again.

    The check's stream has only its sites; the requirements are in each site's ledger.
    """
    pool = await servers.pool()
    subject = await spot_check_subject(pool, campaign, check)
    if site in subject.check.state.sampled and failed_requirements:
        require_requirements(await _case(pool, subject, site), failed_requirements)
    content = {"site": site, "passed": passed, "opinion": opinion, "failed_requirements": tuple(failed_requirements)}
    return await _send(servers, subject, Inspect, options, **content)


async def _send(
    servers: Servers, subject: SpotCheckSubject, model: type[Command], options: SendOptions, **content: object
) -> Sent:
    sent = await send(servers, subject, model, options, **content)
    return replace(sent, hint=by_its_code(sent.command.actor, subject.check.state.counties))


def by_its_code(actor: Actor, counties: Sequence[str]) -> str:
    """The hint for an officer whose county is not in the register; names the county codes."""
    if actor.role is not Role.COUNTY or actor.unit in counties or not counties:
        return ""
    return f"; a county is named as the register names it, by its code, such as {counties[0]}"


def require_requirements(aggregate: SiteAggregate, named: Sequence[str]) -> None:
    """Raises Refused, with the known ones, for requirements that the site never had: they would reopen all.

    With closure by problem, a catalogue entry stands for its requirement at each problem.
    """
    known = [r.id for r in in_force(aggregate.terms, aggregate.state)]
    strange = [one for one in named if one not in {*known, *(name.partition(":")[0] for name in known)}]
    if strange:
        site_id = aggregate.terms.site_id
        raise Refused(
            f"{site_id} has no requirement {', '.join(strange)}; it has: {', '.join(known)}. Name one of "
            "these, or none for all of them; nothing was sent"
        )


async def _case(pool: Pool, subject: SpotCheckSubject, site: str) -> SiteAggregate:
    """The sampled site, restored from its ledger; every sampled site was opened."""
    versions = await plan_versions(pool, subject.campaign_id)
    entries = await read_stream(pool, site_stream(subject.campaign_id, site))
    return site_as_amended(versions, await read_site(pool, subject.campaign_id, site), subject.campaign.clock, entries)
